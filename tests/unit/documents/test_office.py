"""Office files as they are, without any converter: text and pictures, cells, remarks; and their traps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from assessor_app.documents import remarks, sheets
from assessor_app.documents.answers import AnswerRefused
from assessor_app.documents.cards import RefusedWithCard, note_for
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import EvidenceSource, FileRemark, RemarkKind
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.sheets import Cell, Look, SheetName
from assessor_app.documents.sniff import Kind
from assessor_app.documents.text_layer import find
from tests.evidence_files import picture, zip_of
from tests.office_files import (
    A,
    R,
    W,
    X,
    gradebook,
    package,
    paragraph,
    reviewed_word_file,
    run,
    shape,
    sheet_file,
    slide_file,
    word_file,
)

Sealed = Callable[..., EvidenceSource]
_PICTURE = '<w:r><w:drawing><a:blip r:embed="rId{number}"/></w:drawing></w:r>'


def words_of(renderer: Renderer, source: EvidenceSource) -> str:
    """All text of a file, page by page."""
    info = renderer.open(source)
    return " ".join(renderer.text(source, page).text for page in range(info.page_count))


def test_a_word_file_is_shown_as_pages_of_its_text(renderer: Renderer, sealed: Sealed) -> None:
    cells = "".join(f"<w:tc>{paragraph(run(words))}</w:tc>" for words in ("Before", "After"))
    table = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    body = paragraph(run("A title &lt;b&gt; &amp; more"), "Heading1") + paragraph(run("Some words.")) + table
    source = sealed(word_file(body), "Plan.docx")
    info = renderer.open(source)
    assert (info.kind, info.page_count, info.has_text) == (Kind.OFFICE, 1, True)
    assert renderer.text(source, 0).text == "A title <b> & more Some words. Before After"
    drawn = renderer.render(source, 0, 1.0)
    assert drawn.width_px == 595
    assert set(drawn.data[:4]) == {255}
    assert len(set(drawn.data)) > 10


def test_lists_count_as_word_counts(renderer: Renderer, sealed: Sealed) -> None:
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    items = [("first", 0), ("inner", 1), ("inner too", 1), ("second", 0), ("inner again", 1)]
    body = "".join(
        paragraph(run(text), more=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')
        for text, level in items
    )
    data = word_file(body, more={"word/numbering.xml": numbering}, relations=[("numbering", "numbering.xml")])
    told = words_of(renderer, sealed(data, "Steps.docx"))
    assert told == "3. first 3.i) inner 3.ii) inner too 4. second 4.i) inner again"


def test_pictures_are_shown_and_broken_ones_said(renderer: Renderer, sealed: Sealed) -> None:
    body = paragraph(_PICTURE.format(number=1)) + paragraph(_PICTURE.format(number=2))
    data = word_file(
        body,
        more={"word/media/a.png": picture(300, 200, "PNG"), "word/media/b.emf": b"\x01\x00 no picture"},
        relations=[("image", "media/a.png"), ("image", "media/b.emf")],
    )
    source = sealed(data, "Pictures.docx")
    assert "cannot be shown without a converter" in words_of(renderer, source)
    drawn = renderer.render(source, 0, 1.0)
    at = (100 * drawn.width_px + 80) * 4
    assert drawn.data[at : at + 3] == b"\x00\x00\xfe" or drawn.data[at : at + 3] == b"\x00\x00\xff"


def test_each_slide_is_one_page_however_much_stands_on_it(renderer: Renderer, sealed: Sealed) -> None:
    long = "\n".join(f"Point {number} that was made" for number in range(120))
    data = slide_file(
        [shape("below", y=500) + shape("above", y=100) + shape("The title", "title", y=900), shape(long)]
    )
    source = sealed(data, "Talk.pptx")
    info = renderer.open(source)
    assert info.page_count == 2
    assert renderer.text(source, 0).text == "The title above below"
    assert info.pages[1].height_pt > 2 * info.pages[0].height_pt
    assert renderer.text(source, 1).text.endswith("Point 119 that was made")


def test_an_open_document_is_read_too(renderer: Renderer, sealed: Sealed) -> None:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    text = (
        "<office:text><text:h text:outline-level='1'>Plan</text:h><text:p>One <text:s text:c='2'/>two"
        "<office:annotation><text:p>Why?</text:p></office:annotation></text:p></office:text>"
    )
    sheet = (
        "<office:spreadsheet><table:table table:name='T'><table:table-row table:number-rows-repeated='2'>"
        "<table:table-cell office:value-type='float' table:formula='of:=1+1'><text:p>2</text:p>"
        "</table:table-cell></table:table-row></table:table></office:spreadsheet>"
    )
    files = {}
    for name, kind, body in (("a.odt", "text", text), ("b.ods", "spreadsheet", sheet)):
        content = (
            f"<office:document-content {names}><office:body>{body}</office:body></office:document-content>"
        )
        mimetype = f"application/vnd.oasis.opendocument.{kind}"
        files[name] = sealed(zip_of({"mimetype": mimetype.encode(), "content.xml": content.encode()}), name)
    assert words_of(renderer, files["a.odt"]) == "Plan One two"
    assert [r.text for r in remarks.remarks_of(renderer, files["a.odt"])] == ["Why?"]
    assert renderer.open(files["b.ods"]).kind is Kind.SHEET
    grid = sheets.grid_of(renderer, files["b.ods"], 0)
    assert grid.cells == {(row, 0): Cell("2", Look.RIGHT, "=1+1") for row in (0, 1)}


def test_comments_answers_and_changes_are_told_in_the_order_of_the_text(
    renderer: Renderer, sealed: Sealed
) -> None:
    source = sealed(reviewed_word_file(), "Reflection.docx")
    found = remarks.remarks_of(renderer, source)
    told = [(r.kind, r.text, r.author, r.quote, r.is_reply) for r in found]
    assert told == [
        (RemarkKind.COMMENT, "How many of them?", 1, "named an operation", False),
        (RemarkKind.COMMENT, "Six of nine.", 2, "named an operation", True),
        (RemarkKind.DELETION, "three seconds", 2, "waited", False),
        (RemarkKind.INSERTION, "ten seconds and more", 2, "ten seconds and more", False),
        (RemarkKind.COMMENT, "Well told.", 1, "", False),
    ]
    placed = remarks.placed(found, 1, lambda page: renderer.text(source, page))
    assert [r.page for r in placed] == [0, 0, 0, 0, None]
    box = find(renderer.text(source, 0), "named an operation")[0].rects
    assert placed[0].rects == box
    assert "three seconds" not in renderer.text(source, 0).text


def test_speaker_notes_and_comments_say_their_slide(renderer: Renderer, sealed: Sealed) -> None:
    data = slide_file(
        [shape("one"), shape("two")], notes={1: "Wait here.\nTen seconds."}, comments={0: "Nice"}
    )
    found = remarks.remarks_of(renderer, sealed(data, "Talk.pptx"))
    assert [(r.kind, r.text, r.page) for r in found] == [
        (RemarkKind.COMMENT, "Nice", 0),
        (RemarkKind.SPEAKER_NOTE, "Wait here.\nTen seconds.", 1),
    ]


def test_a_sheet_shows_what_its_cells_show(renderer: Renderer, sealed: Sealed) -> None:
    source = sealed(gradebook(), "Grades.xlsx")
    assert renderer.open(source).kind is Kind.SHEET
    names = sheets.sheets_of(renderer, source)
    assert names == (SheetName("Exit tickets", False, True), SheetName("Notes", False, True))
    grid = sheets.grid_of(renderer, source, 0)
    assert (grid.rows, grid.columns, grid.frozen_rows, grid.frozen_columns) == (5, 5, 1, 0)
    assert grid.cells[0, 0] == Cell("Group", Look.BOLD)
    assert [grid.cells[1, column].text for column in (0, 1, 2, 4)] == [
        "Group A",
        "75.6%",
        "15 Mar 2023",
        "12.5",
    ]
    assert grid.cells[2, 2] == Cell("1,234.50", Look.RIGHT)
    assert grid.cells[1, 4].formula == '=B2*$B$1+IF(A2="A1",1,0)'
    assert grid.cells[2, 4].formula == '=B3*$B$1+IF(A3="A1",1,0)'
    assert (grid.cells[4, 0].text, grid.cells[4, 1].text) == ("TRUE", "#DIV/0!")
    assert grid.merged == ()  # it ends below the last filled row
    assert (grid.widths[0], grid.widths[3]) == (22.0, 0.0)
    found = remarks.remarks_of(renderer, source)
    assert [(r.text, r.page, r.quote) for r in found] == [("Three were absent.", 0, "B2")]
    assert sheets.grid_of(renderer, source, 1).cells == {(0, 0): Cell("Second")}


def test_a_large_sheet_is_cut_and_that_is_said(sealed: Sealed) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="ZZ{n}"><v>1</v></c></row>' for n in range(1, 40)
    )
    own = Renderer(limits=Limits(sheet_rows=30, sheet_columns=10, sheet_cells=20))
    try:
        source = sealed(sheet_file({"Long": f"<sheetData>{rows}</sheetData>"}), "Long.xlsx")
        grid = sheets.grid_of(own, source, 0)
        assert (len(grid.cells), grid.rows, grid.columns, grid.is_cut) == (20, 20, 1, True)
    finally:
        own.close()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/hostname">]>'
)


def refused(call: Callable[[], object]) -> str:
    """The reason of the card."""
    with pytest.raises(RefusedWithCard) as caught:
        call()
    return caught.value.card.reason


def test_entities_and_outside_entities_are_refused(renderer: Renderer, sealed: Sealed) -> None:
    text = f"{BOMB}<w:document {W}><w:body>{paragraph(run('&b;&c;'))}</w:body></w:document>"
    named = {"": [("officeDocument", "word/document.xml")]}
    source = sealed(package({"word/document.xml": text}, named), "Bomb.docx")
    assert refused(lambda: renderer.open(source)) == "unsafe_archive"
    inside = "<sheetData><row r='1'><c t='str'><v>&b;</v></c></row></sheetData>"
    parts = {
        "xl/workbook.xml": '<book xmlns:r="urn:r"><sheets><sheet name="S" r:id="rId1"/></sheets></book>',
        "xl/worksheets/sheet1.xml": f"{BOMB}<worksheet>{inside}</worksheet>",
    }
    named = {
        "": [("officeDocument", "xl/workbook.xml")],
        "xl/workbook.xml": [("worksheet", "worksheets/sheet1.xml")],
    }
    source = sealed(package(parts, named), "Bomb.xlsx")
    assert renderer.open(source).kind is Kind.SHEET
    assert refused(lambda: sheets.grid_of(renderer, source, 0)) == "unsafe_archive"


def test_what_lies_outside_the_file_is_not_there(renderer: Renderer, sealed: Sealed) -> None:
    body = "".join(paragraph(run("Words") + _PICTURE.format(number=number)) for number in (1, 2, 3))
    outside = [
        ("image", "http://127.0.0.1:9/a.png"),
        ("image", "../../../../etc/hostname"),
        # Said to lie outside, under the name of a part that is there.
        ("image", 'media/a.png" TargetMode="External'),
    ]
    data = word_file(body, more={"word/media/a.png": picture(30, 30, "PNG")}, relations=outside)
    told = words_of(renderer, sealed(data, "Outside.docx"))
    assert told.count("[A picture stands here that cannot be shown.]") == 3


def test_a_very_long_document_is_cut_and_that_is_said(renderer: Renderer, sealed: Sealed) -> None:
    # Of words that pack badly, or it would be taken for a bomb.
    words = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(30_000)]
    body = "".join(paragraph(run(" ".join(words[at : at + 50]))) for at in range(0, 30_000, 50))
    info = renderer.open(sealed(word_file(body), "Long.docx"))
    assert info.notes == (note_for("office_cut"),)


def test_tables_in_tables_do_not_exhaust_the_child(renderer: Renderer, sealed: Sealed) -> None:
    depth = 60
    body = "<w:tbl><w:tr><w:tc>" * depth + paragraph(run("deep")) + "</w:tc></w:tr></w:tbl>" * depth
    info = renderer.open(sealed(word_file(body), "Deep.docx"))
    assert info.page_count >= 1


@pytest.mark.parametrize(
    "untrusted",
    [
        {},
        {"remarks": [{"kind": "comment"}]},
        {"remarks": [{"kind": "x", "text": "", "quote": "", "author": 0, "page": None, "reply": False}]},
        {
            "remarks": [
                {
                    "kind": "comment",
                    "text": "a" * 9_000,
                    "quote": "",
                    "author": 0,
                    "page": None,
                    "reply": False,
                }
            ]
        },
        {
            "remarks": [
                {"kind": "comment", "text": "", "quote": "", "author": True, "page": None, "reply": False}
            ]
        },
        {"remarks": [{"kind": "comment", "text": "", "quote": "", "author": 0, "page": -1, "reply": False}]},
    ],
)
def test_remarks_that_do_not_add_up_are_refused(untrusted: dict[str, object]) -> None:
    with pytest.raises(AnswerRefused):
        remarks.checked_remarks(untrusted, Limits())


GRID = {"cells": [], "merged": [], "widths": [], "hidden_rows": [], "frozen": [0, 0], "cut": False}


@pytest.mark.parametrize(
    "change",
    [
        {"cells": [[0, 0, "a", 0, ""]]},
        {"cells": [[-1, 0, "a", 0, "", ""]]},
        {"cells": [[0, 10**6, "a", 0, "", ""]]},
        {"cells": [[0, 0, 5, 0, "", ""]]},
        {"cells": [[0, 0, "a", 64, "", ""]]},
        {"cells": [[0, 0, "a", 0, "", "red"]]},
        {"merged": [[0, 0]]},
        {"widths": [[0, 1, float("nan")]]},
        {"frozen": [0, 1_000]},
        {"cut": 1},
    ],
)
def test_grids_that_do_not_add_up_are_refused(change: dict[str, object]) -> None:
    assert sheets.checked_grid(GRID, Limits()).cells == {}
    with pytest.raises(AnswerRefused):
        sheets.checked_grid({**GRID, **change}, Limits())


def test_cells_have_the_names_that_people_use() -> None:
    for name, area in (("A1", (0, 0, 0, 0)), ("B2:D5", (1, 1, 4, 3)), ("AA10", (9, 26, 9, 26))):
        assert sheets.named_area(name) == area
        assert sheets.area_name(area) == name
    assert sheets.named_area("A0") is None
    assert sheets.named_area("=A1") is None


def test_a_remark_without_words_has_no_place() -> None:
    remark = FileRemark(RemarkKind.COMMENT, "Why?", 1)
    assert remarks.placed([remark], 3, lambda page: pytest.fail("read in vain")) == (remark,)


def test_cells_have_the_colours_that_the_learner_gave_them(renderer: Renderer, sealed: Sealed) -> None:
    fills = (
        '<fills><fill/><fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill>'
        '<fill><patternFill patternType="solid"><fgColor theme="4" tint="0.5"/></patternFill></fill>'
        '<fill><patternFill patternType="solid"><fgColor indexed="10"/></patternFill></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
    )
    looks = "".join(f'<xf numFmtId="0" fontId="0" fillId="{number}"/>' for number in range(5))
    cells = "".join(f'<c s="{number}"><v>{number}</v></c>' for number in range(5))
    scheme = "".join(
        f'<a:x><a:srgbClr val="{colour}"/></a:x>'
        for colour in ("000000", "ffffff", "111111", "eeeeee", "204060")
    )
    theme = f"<a:theme {A}><a:themeElements><a:clrScheme>{scheme}</a:clrScheme></a:themeElements></a:theme>"
    rows = f'<sheetData><row r="1">{cells}</row></sheetData>'
    parts = {
        "xl/workbook.xml": f'<workbook {X} {R}><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"<worksheet {X}>{rows}</worksheet>",
        "xl/styles.xml": f"<styleSheet {X}>{fills}<cellXfs>{looks}</cellXfs></styleSheet>",
        "xl/theme/theme1.xml": theme,
    }
    named = {
        "": [("officeDocument", "xl/workbook.xml")],
        "xl/workbook.xml": [
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("theme", "theme/theme1.xml"),
        ],
    }
    grid = sheets.grid_of(renderer, sealed(package(parts, named), "Colours.xlsx"), 0)
    assert [grid.cells[0, column].fill for column in range(5)] == ["", "ffff00", "709fcf", "ff0000", ""]
