"""Word documents: headings, paragraphs, lists, tables, and comments in the margin."""

from __future__ import annotations

from collections.abc import Sequence

from reference_platform.demo import office
from reference_platform.demo.writing import Heading, Manner, Paragraph, Piece, Table, inline

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT_WIDTH = 9640
"""In twentieths of a point."""
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def document(content: Sequence[Piece], *, commenter: str = "Educator", notes_in_text: bool = False) -> bytes:
    """A Word document.

    Args:
        content: from top to bottom; figures and new pages are left out.
        commenter: whose comments they are: a role, never a name.
        notes_in_text: whether comments stand below their paragraph, in color, instead of in the margin.
    """
    comments: list[str] = []
    body = ""
    for piece in content:
        if isinstance(piece, Heading):
            body += f'<w:p><w:pPr><w:pStyle w:val="Heading{piece.level}"/></w:pPr>{_runs(piece.text)}</w:p>'
        elif isinstance(piece, Table):
            body += _table(piece)
        elif isinstance(piece, Paragraph) and piece.comment and not notes_in_text:
            body += _paragraph(piece, len(comments))
            comments.append(piece.comment)
        elif isinstance(piece, Paragraph):
            body += _paragraph(piece)
            body += _note(piece.comment) if piece.comment else ""
    page = (
        '<w:sectPr><w:pgSz w:w="12240" w:h="15840"/>'
        '<w:pgMar w:top="1300" w:right="1300" w:bottom="1300" w:left="1300" w:header="600" w:footer="600" '
        'w:gutter="0"/></w:sectPr>'
    )
    targets = [("styles", "styles.xml")] + ([("comments", "comments.xml")] if comments else [])
    parts = {
        "_rels/.rels": office.relations([("officeDocument", "word/document.xml")]),
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}{page}</w:body></w:document>',
        "word/_rels/document.xml.rels": office.relations(targets),
        "word/styles.xml": _styles(),
    }
    kinds = {"word/document.xml": f"{KIND}.document.main+xml", "word/styles.xml": f"{KIND}.styles+xml"}
    if comments:
        parts["word/comments.xml"] = _comments(comments, commenter)
        kinds["word/comments.xml"] = f"{KIND}.comments+xml"
    return office.package(parts, kinds)


def _runs(text: str, marks: str = "") -> str:
    runs = ""
    for run, bold, italic in inline(text):
        own = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "") + marks
        runs += f'<w:r><w:rPr>{own}</w:rPr><w:t xml:space="preserve">{office.text(run)}</w:t></w:r>'
    return runs


def _paragraph(piece: Paragraph, number: int | None = None) -> str:
    indent = {
        Manner.ITEM: '<w:ind w:left="480" w:hanging="240"/>',
        Manner.QUOTE: '<w:ind w:left="480" w:right="480"/>',
    }.get(piece.manner, "")
    bullet = "•  " if piece.manner is Manner.ITEM else ""
    runs = _runs(bullet + piece.text, '<w:sz w:val="18"/>' if piece.manner is Manner.SMALL else "")
    if number is not None:
        runs = (
            f'<w:commentRangeStart w:id="{number}"/>{runs}<w:commentRangeEnd w:id="{number}"/>'
            f'<w:r><w:commentReference w:id="{number}"/></w:r>'
        )
    return f"<w:p><w:pPr>{indent}</w:pPr>{runs}</w:p>"


def _note(text: str) -> str:
    bar = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="C05A1E"/></w:pBdr>'
    place = '<w:ind w:left="560" w:right="560"/>'
    runs = _runs(text, '<w:color w:val="9A4312"/>')
    return f"<w:p><w:pPr>{bar}{place}</w:pPr>{runs}</w:p>"


def _table(piece: Table) -> str:
    widths = [TEXT_WIDTH * percent // sum(piece.widths) for percent in piece.widths]
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A94A0"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )

    def row(cells: Sequence[str], *, head: bool) -> str:
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="E8EDF3"/>' if head else ""
        made = ""
        for cell, width in zip(cells, widths, strict=True):
            runs = _runs(f"**{cell}**" if head else cell)
            made += (
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr><w:p>{runs}</w:p></w:tc>'
            )
        return f"<w:tr>{made}</w:tr>"

    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = row(piece.head, head=True) + "".join(row(cells, head=False) for cells in piece.rows)
    margins = '<w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{margins}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl><w:p/>'
    )


def _comments(comments: Sequence[str], commenter: str) -> str:
    rows = "".join(
        f'<w:comment w:id="{number}" w:author="{office.text(commenter)}" w:initials="{commenter[0]}">'
        f"<w:p>{_runs(comment)}</w:p></w:comment>"
        for number, comment in enumerate(comments)
    )
    return f'<w:comments xmlns:w="{W}">{rows}</w:comments>'


def _styles() -> str:
    def heading(level: int, size: int, before: int) -> str:
        return (
            f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
            f'<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/>'
            f'<w:spacing w:before="{before}" w:after="80"/><w:outlineLvl w:val="{level - 1}"/></w:pPr>'
            f'<w:rPr><w:b/><w:color w:val="1F3A5F"/><w:sz w:val="{size}"/></w:rPr></w:style>'
        )

    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/>'
        '<w:lang w:val="en-US"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="120" w:line="268" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        f"{heading(1, 36, 0)}{heading(2, 26, 240)}{heading(3, 22, 160)}</w:styles>"
    )
