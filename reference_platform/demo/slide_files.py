"""Slide decks: a title, lines of text and tables on each slide."""

from __future__ import annotations

from collections.abc import Sequence

from reference_platform.demo import office
from reference_platform.demo.writing import Break, Heading, Manner, Paragraph, Piece, Table, inline

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{office.OFFICE}" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
KIND = "application/vnd.openxmlformats-officedocument.presentationml"
EMU = 12700
"""Units of a point."""
WIDTH, HEIGHT = 960, 540
"""Of a slide, in points."""
LEFT, TEXT_WIDTH = 56, 848
LINE_HEIGHT, ROW_HEIGHT = 34, 36
ROOT_GROUP = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/>'
    "</a:xfrm></p:grpSpPr>"
)


def deck(content: Sequence[Piece], *, accent: str = "1F5A52") -> bytes:
    """A slide deck.

    Args:
        content: slides parted by breaks; a heading is the title of its slide.
        accent: colour of titles and of the bar, as RRGGBB.
    """
    slides: list[list[Piece]] = [[]]
    for piece in content:
        if isinstance(piece, Break):
            slides.append([])
        else:
            slides[-1].append(piece)
    numbers = range(1, len(slides) + 1)
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number + 1}"/>' for number in numbers)
    parts = {
        "_rels/.rels": office.relations([("officeDocument", "ppt/presentation.xml")]),
        "ppt/presentation.xml": (
            f'<p:presentation {NAMESPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>'
            f"</p:sldMasterIdLst><p:sldIdLst>{ids}</p:sldIdLst>"
            f'<p:sldSz cx="{WIDTH * EMU}" cy="{HEIGHT * EMU}"/><p:notesSz cx="6858000" cy="9144000"/>'
            "</p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": office.relations(
            [
                ("slideMaster", "slideMasters/slideMaster1.xml"),
                *[("slide", f"slides/slide{number}.xml") for number in numbers],
                ("theme", "theme/theme1.xml"),
            ]
        ),
        **_look(accent),
    }
    kinds = {
        "ppt/presentation.xml": f"{KIND}.presentation.main+xml",
        "ppt/slideMasters/slideMaster1.xml": f"{KIND}.slideMaster+xml",
        "ppt/slideLayouts/slideLayout1.xml": f"{KIND}.slideLayout+xml",
        "ppt/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    }
    for number, slide in zip(numbers, slides, strict=True):
        parts[f"ppt/slides/slide{number}.xml"] = _slide(slide, accent)
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = office.relations(
            [("slideLayout", "../slideLayouts/slideLayout1.xml")]
        )
        kinds[f"ppt/slides/slide{number}.xml"] = f"{KIND}.slide+xml"
    return office.package(parts, kinds)


def _slide(content: Sequence[Piece], accent: str) -> str:
    shapes = [_bar(accent)]
    y = 40.0
    for piece in content:
        if isinstance(piece, Heading):
            size = 34 if piece.level == 1 else 26
            shapes.append(
                _text_box(len(shapes) + 2, y, 50, [_paragraph(piece.text, size, accent, bold=True)])
            )
            y += 70
        elif isinstance(piece, Table):
            shapes.append(_table(len(shapes) + 2, y, piece))
            y += ROW_HEIGHT * (len(piece.rows) + 1) + 20
        elif isinstance(piece, Paragraph):
            size = 14 if piece.manner is Manner.SMALL else 20
            bullet = "•  " if piece.manner is Manner.ITEM else ""
            lines = 1 + len(piece.text) * size // 1450
            box = _text_box(
                len(shapes) + 2, y, LINE_HEIGHT, [_paragraph(bullet + piece.text, size, "222222")]
            )
            shapes.append(box)
            y += LINE_HEIGHT * lines * size / 20 + 6
    return (
        f"<p:sld {NAMESPACES}><p:cSld><p:spTree>{ROOT_GROUP}{''.join(shapes)}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )


def _bar(accent: str) -> str:
    return (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="Bar"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{18 * EMU}" cy="{HEIGHT * EMU}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{_fill(accent)}<a:ln><a:noFill/></a:ln>'
        "</p:spPr></p:sp>"
    )


def _text_box(number: int, y: float, height: float, paragraphs: Sequence[str]) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number + 1}" name="Text {number}"/><p:cNvSpPr txBox="1"/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr>{_place("a", y, height)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:noFill/></p:spPr><p:txBody><a:bodyPr wrap="square" lIns="0" rIns="0"/><a:lstStyle/>'
        f"{''.join(paragraphs)}</p:txBody></p:sp>"
    )


def _paragraph(text: str, size: int, colour: str, *, bold: bool = False) -> str:
    runs = ""
    for run, is_bold, is_italic in inline(text):
        marks = (' b="1"' if bold or is_bold else "") + (' i="1"' if is_italic else "")
        runs += (
            f'<a:r><a:rPr lang="en-US" sz="{size * 100}"{marks}>{_fill(colour)}</a:rPr>'
            f"<a:t>{office.text(run)}</a:t></a:r>"
        )
    return f"<a:p>{runs}</a:p>"


def _table(number: int, y: float, piece: Table) -> str:
    widths = [TEXT_WIDTH * EMU * percent // sum(piece.widths) for percent in piece.widths]
    grid = "".join(f'<a:gridCol w="{width}"/>' for width in widths)

    def row(cells: Sequence[str], *, head: bool) -> str:
        fill = _fill("DDE8E5" if head else "FFFFFF")
        lines = "".join(
            f'<a:{side} w="9525">{_fill("8A9A96")}</a:{side}>' for side in ("lnL", "lnR", "lnT", "lnB")
        )
        made = "".join(
            f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{_paragraph(cell, 16, '222222', bold=head)}</a:txBody>"
            f"<a:tcPr>{lines}{fill}</a:tcPr></a:tc>"
            for cell in cells
        )
        return f'<a:tr h="{ROW_HEIGHT * EMU}">{made}</a:tr>'

    rows = row(piece.head, head=True) + "".join(row(cells, head=False) for cells in piece.rows)
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number + 1}" name="Table {number}"/>'
        f"<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>"
        f"{_place('p', y, ROW_HEIGHT * (len(piece.rows) + 1))}<a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table">'
        f"<a:tbl><a:tblPr/><a:tblGrid>{grid}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic>"
        "</p:graphicFrame>"
    )


def _place(prefix: str, y: float, height: float) -> str:
    return (
        f'<{prefix}:xfrm><a:off x="{LEFT * EMU}" y="{round(y * EMU)}"/>'
        f'<a:ext cx="{TEXT_WIDTH * EMU}" cy="{round(height * EMU)}"/></{prefix}:xfrm>'
    )


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def _look(accent: str) -> dict[str, str]:
    """The master, the layout and the theme that every deck must have; they say little."""
    tree = f"<p:cSld><p:spTree>{ROOT_GROUP}</p:spTree></p:cSld>"
    colours = {"dk1": "000000", "lt1": "FFFFFF", "dk2": "1F2A30", "lt2": "F2F5F4", "hlink": "0563C1"}
    colours |= {"folHlink": "954F72"} | {f"accent{number}": accent for number in range(1, 7)}
    order = ["dk1", "lt1", "dk2", "lt2", *[f"accent{number}" for number in range(1, 7)], "hlink", "folHlink"]
    scheme = "".join(f'<a:{name}><a:srgbClr val="{colours[name]}"/></a:{name}>' for name in order)
    font = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
    plain = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{plain}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    mapping = " ".join(
        f'{name}="{value}"'
        for name, value in {
            "bg1": "lt1",
            "tx1": "dk1",
            "bg2": "lt2",
            "tx2": "dk2",
            **{f"accent{number}": f"accent{number}" for number in range(1, 7)},
            "hlink": "hlink",
            "folHlink": "folHlink",
        }.items()
    )
    return {
        "ppt/slideMasters/slideMaster1.xml": (
            f"<p:sldMaster {NAMESPACES}>{tree}<p:clrMap {mapping}/><p:sldLayoutIdLst>"
            '<p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst></p:sldMaster>'
        ),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": office.relations(
            [("slideLayout", "../slideLayouts/slideLayout1.xml"), ("theme", "../theme/theme1.xml")]
        ),
        "ppt/slideLayouts/slideLayout1.xml": (
            f'<p:sldLayout {NAMESPACES} type="blank">{tree}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>'
            "</p:sldLayout>"
        ),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": office.relations(
            [("slideMaster", "../slideMasters/slideMaster1.xml")]
        ),
        "ppt/theme/theme1.xml": (
            '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Plain">'
            f'<a:themeElements><a:clrScheme name="Plain">{scheme}</a:clrScheme><a:fontScheme name="Plain">'
            f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>"
            f'<a:fmtScheme name="Plain"><a:fillStyleLst>{plain * 3}</a:fillStyleLst>'
            f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
            f"<a:bgFillStyleLst>{plain * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
        ),
    }
