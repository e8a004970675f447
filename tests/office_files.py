"""Word, slide and sheet files for tests, part by part: with comments, changes, notes, and with traps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.evidence_files import zip_of

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = {
    "word/document.xml": "wordprocessingml.document.main",
    "word/comments.xml": "wordprocessingml.comments",
    "word/styles.xml": "wordprocessingml.styles",
    "word/numbering.xml": "wordprocessingml.numbering",
    "ppt/presentation.xml": "presentationml.presentation.main",
    "xl/workbook.xml": "spreadsheetml.sheet.main",
    "xl/styles.xml": "spreadsheetml.styles",
    "xl/sharedStrings.xml": "spreadsheetml.sharedStrings",
}

Relations = Sequence[tuple[str, str]]
"""Kind and target; a target with "://" lies outside the package."""


def package(parts: Mapping[str, str | bytes], relations: Mapping[str, Relations]) -> bytes:
    """A zipped package.

    Args:
        parts: by path.
        relations: of each part by its path, "" for the package; ids are rId1, rId2, ...
    """
    entries = {name: data.encode() if isinstance(data, str) else data for name, data in parts.items()}
    overrides = ""
    for name in parts:
        known = _TYPES.get(name)
        if known is None and name.startswith("xl/worksheets/"):
            known = "spreadsheetml.worksheet"
        if known is not None:
            kind = f"application/vnd.openxmlformats-officedocument.{known}+xml"
            overrides += f'<Override PartName="/{name}" ContentType="{kind}"/>'
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    made = {"[Content_Types].xml": types.encode()}
    for part, named in relations.items():
        folder, _, file = part.rpartition("/")
        rows = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"'
            f"{' TargetMode=' + chr(34) + 'External' + chr(34) if '://' in target else ''}/>"
            for number, (kind, target) in enumerate(named, start=1)
        )
        path = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        made[path] = f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'.encode()
    return zip_of({**made, **entries})


def run(text: str, marks: str = "") -> str:
    """A run of words."""
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inside: str, style: str = "", more: str = "") -> str:
    """A paragraph of Word's."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{inside}</w:p>"


def word_file(
    body: str, *, comments: str = "", extended: str = "", more: Mapping[str, str | bytes] | None = None,
    relations: Relations = (),
) -> bytes:  # fmt: skip
    """A Word document.

    Args:
        body: paragraphs and tables.
        comments: the comments' XML.
        extended: what says which comment answers which.
        more: further parts.
        relations: further relations of the text; the first is rId1.
    """
    named = list(relations)
    parts: dict[str, str | bytes] = {
        "word/document.xml": f"<w:document {W} {R} {A}><w:body>{body}</w:body></w:document>",
        **(more or {}),
    }
    if comments:
        parts["word/comments.xml"] = f"<w:comments {W} {W14}>{comments}</w:comments>"
        named.append(("comments", "comments.xml"))
    if extended:
        parts["word/commentsExtended.xml"] = f'<x:commentsEx xmlns:x="urn:x">{extended}</x:commentsEx>'
        named.append(("commentsExtended", "commentsExtended.xml"))
    return package(parts, {"": [("officeDocument", "word/document.xml")], "word/document.xml": named})


def reviewed_word_file() -> bytes:
    """A document with a comment and its answer, an insertion, a deletion, and a comment on nothing."""
    body = (
        paragraph(run("What my students noticed"), "Heading1")
        + paragraph(
            run("Most of them ")
            + '<w:commentRangeStart w:id="0"/>'
            + run("named an operation")
            + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
            + run(" before they had read to the end.")
        )
        + paragraph(
            run("I waited ")
            + '<w:del w:id="5" w:author="Educator"><w:r><w:delText>three seconds</w:delText></w:r></w:del>'
            + f'<w:ins w:id="6" w:author="Educator">{run("ten seconds ")}</w:ins>'
            + f'<w:ins w:id="7" w:author="Educator">{run("and more")}</w:ins>'
            + run(" after each question.")
        )
    )
    comments = (
        f'<w:comment w:id="0" w:author="Colleague"><w:p w14:paraId="A1">{run("How many of them?")}</w:p>'
        "</w:comment>"
        f'<w:comment w:id="1" w:author="Educator"><w:p w14:paraId="A2">{run("Six of nine.")}</w:p>'
        "</w:comment>"
        f'<w:comment w:id="2" w:author="Colleague">{paragraph(run("Well told."))}</w:comment>'
    )
    extended = '<x:commentEx x:paraId="A1"/><x:commentEx x:paraId="A2" x:paraIdParent="A1"/>'
    return word_file(body, comments=comments, extended=extended)


def shape(text: str, kind: str = "", y: int = 0) -> str:
    """A shape with words on a slide."""
    holder = f'<p:nvPr><p:ph type="{kind}"/></p:nvPr>' if kind else "<p:nvPr/>"
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:cNvSpPr/>{holder}</p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="0" y="{y}"/><a:ext cx="9" cy="9"/></a:xfrm></p:spPr><p:txBody>{lines}</p:txBody></p:sp>'
    )


def slide_file(slides: Sequence[str], *, notes: Mapping[int, str] | None = None,
               comments: Mapping[int, str] | None = None) -> bytes:  # fmt: skip
    """A presentation.

    Args:
        slides: the shapes of each slide.
        notes: what the speaker says, by slide from 0.
        comments: what somebody wrote on a slide, by slide from 0.
    """
    notes, comments = notes or {}, comments or {}
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in range(1, len(slides) + 1))
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": f"<p:presentation {P} {R}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    }
    relations: dict[str, Relations] = {
        "": [("officeDocument", "ppt/presentation.xml")],
        "ppt/presentation.xml": [("slide", f"slides/slide{n}.xml") for n in range(1, len(slides) + 1)],
    }
    for at, shapes in enumerate(slides):
        path = f"ppt/slides/slide{at + 1}.xml"
        tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
        parts[path] = f"<p:sld {P} {A} {R}>{tree}</p:sld>"
        named: list[tuple[str, str]] = []
        if at in notes:
            note = f"<p:cSld><p:spTree>{shape('3', 'sldNum')}{shape(notes[at], 'body')}</p:spTree></p:cSld>"
            parts[f"ppt/notesSlides/n{at}.xml"] = f"<p:notes {P} {A}>{note}</p:notes>"
            named.append(("notesSlide", f"../notesSlides/n{at}.xml"))
        if at in comments:
            said = f'<p:cm authorId="0"><p:text>{comments[at]}</p:text></p:cm>'
            parts[f"ppt/comments/c{at}.xml"] = f"<p:cmLst {P}>{said}</p:cmLst>"
            named.append(("comments", f"../comments/c{at}.xml"))
        relations[path] = named
    return package(parts, relations)


def sheet_file(sheets: Mapping[str, str], *, texts: Sequence[str] = (), formats: Sequence[str] = (),
               comments: Mapping[str, str] | None = None) -> bytes:  # fmt: skip
    """A workbook.

    Args:
        sheets: what stands within `worksheet`, by name.
        texts: shared texts.
        formats: number formats; style 1 has the first, and so on; the last style is bold.
        comments: on cells of the first sheet, by cell.
    """
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, start=1)
    )
    codes = "".join(
        f'<numFmt numFmtId="{163 + n}" formatCode="{code}"/>' for n, code in enumerate(formats, start=1)
    )
    looks = '<xf numFmtId="0" fontId="0"/>'
    looks += "".join(f'<xf numFmtId="{163 + n}" fontId="0"/>' for n in range(1, len(formats) + 1))
    styles = (
        f"<styleSheet {X}><numFmts>{codes}</numFmts><fonts><font/><font><b/></font></fonts>"
        f'<cellXfs>{looks}<xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>'
    )
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": f"<workbook {X} {R}><sheets>{listed}</sheets></workbook>",
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": f"<sst {X}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>",
    }
    named: list[tuple[str, str]] = []
    relations: dict[str, Relations] = {"": [("officeDocument", "xl/workbook.xml")], "xl/workbook.xml": named}
    for number, inside in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet {X} {R}>{inside}</worksheet>"
        named.append(("worksheet", f"worksheets/sheet{number}.xml"))
    named += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    if comments:
        said = "".join(
            f'<comment ref="{cell}" authorId="0"><text><r><t>{text}</t></r></text></comment>'
            for cell, text in comments.items()
        )
        parts["xl/comments1.xml"] = (
            f"<comments {X}><authors><author>Educator</author></authors>"
            f"<commentList>{said}</commentList></comments>"
        )
        relations["xl/worksheets/sheet1.xml"] = [("comments", "../comments1.xml")]
    return package(parts, relations)


def gradebook() -> bytes:
    """A workbook with texts, numbers, dates, formulas, a merged heading, widths and a frozen first row."""
    rows = (
        '<sheetViews><sheetView><pane ySplit="1" state="frozen"/></sheetView></sheetViews>'
        '<cols><col min="1" max="1" width="22"/><col min="4" max="4" hidden="1" width="9"/></cols><sheetData>'
        '<row r="1"><c r="A1" t="s" s="4"><v>0</v></c><c r="B1" t="s" s="4"><v>1</v></c>'
        '<c r="C1" t="s" s="4"><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" s="1"><v>0.756</v></c>'
        '<c r="C2" s="2"><v>45000</v></c>'
        '<c r="E2"><f t="shared" ref="E2:E3" si="0">B2*$B$1+IF(A2="A1",1,0)</f><v>12.5</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>Group B</t></is></c><c r="B3" s="1"><v>0.5</v></c>'
        '<c r="C3" s="3"><v>1234.5</v></c><c r="E3"><f t="shared" si="0"/><v>7</v></c></row>'
        '<row r="5"><c r="A5" t="b"><v>1</v></c><c r="B5" t="e"><v>#DIV/0!</v></c></row>'
        '</sheetData><mergeCells><mergeCell ref="A5:A6"/></mergeCells>'
    )
    return sheet_file(
        {"Exit tickets": rows, "Notes": '<sheetData><row><c t="str"><v>Second</v></c></row></sheetData>'},
        texts=["Group", "Right", "Day", "Group A"],
        formats=["0.0%", "d mmm yyyy", "#,##0.00"],
        comments={"B2": "Three were absent."},
    )
