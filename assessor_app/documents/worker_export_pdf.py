"""Standard annotations into a PDF, each with its own look, so that every viewer shows the same.

No author, no name of a person or program, dates to the day. Runs only in the child.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import pikepdf

from assessor_app.documents.export_marks import FREE_TEXT_PT, PdfMark, Point, day_text

_PRINT = 4
_KEEPS_ITS_SIZE = 8 | 16
_KAPPA = 0.5522847498
_HEAD = 4.5
"""Length of an arrow's head, in widths of its line."""
_LEADING = 1.25
_GROUND = 0.14
"""How much of its colour is in the ground of a free text, as on screen: it is read on dark pictures, too."""


def add_marks(out: pikepdf.Pdf, marks: Iterable[PdfMark]) -> None:
    """Put marks on the pages of a PDF, on top of what is there."""
    for mark in marks:
        page = out.pages[mark.page].obj
        annotation = out.make_indirect(_annotation(out, mark))
        if "/Annots" in page and isinstance(page.Annots, pikepdf.Array):
            page.Annots.append(annotation)
        else:
            page.Annots = pikepdf.Array([annotation])


def _annotation(out: pikepdf.Pdf, mark: PdfMark) -> pikepdf.Dictionary:
    said = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name(f"/{mark.subtype}"),
        Rect=_array(mark.rect),
        Contents=pikepdf.String(mark.contents),
        C=_array(mark.rgb),
        CA=mark.opacity,
        F=_PRINT,
        M=pikepdf.String(day_text(mark.day)),
        NM=pikepdf.String(mark.name),
    )
    if mark.quads:
        said.QuadPoints = _array(n for quad in mark.quads for point in quad for n in point)
    elif mark.subtype == "Text":
        said.Name = pikepdf.Name(f"/{mark.icon}")
        said.F = _PRINT | _KEEPS_ITS_SIZE
    elif mark.subtype == "FreeText":
        red, green, blue = (_number(part) for part in _text_rgb(mark))
        said.DA = pikepdf.String(f"/Helv {_number(mark.font_size)} Tf {red} {green} {blue} rg")
    else:
        said.BS = pikepdf.Dictionary(W=round(mark.width, 3), S=pikepdf.Name.S)
    if mark.subtype == "Line":
        said.L = _array(n for point in mark.path for n in point)
        said.LE = pikepdf.Array([pikepdf.Name("/None"), pikepdf.Name.ClosedArrow])
        said.IC = _array(mark.rgb)
    if mark.subtype == "Ink":
        said.InkList = pikepdf.Array([_array(n for point in mark.path for n in point)])
    look = _look(out, mark)
    if look is not None:
        said.AP = pikepdf.Dictionary(N=look)
    return said


def _look(out: pikepdf.Pdf, mark: PdfMark) -> pikepdf.Object | None:
    """The appearance, drawn in the page's own space; None where the viewer knows better."""
    if mark.subtype == "FreeText":
        return _written(out, mark)
    state = pikepdf.Dictionary(ca=mark.opacity, CA=mark.opacity)
    if mark.subtype == "Highlight":
        state.BM = pikepdf.Name.Multiply
    drawing = {
        "Highlight": _filled_quads,
        "Underline": _underlines,
        "StrikeOut": _strikes,
        "Square": _square,
        "Circle": _circle,
        "Line": _arrow,
        "Ink": _ink,
        "Text": _sign,
    }[mark.subtype](mark)
    red, green, blue = (_number(part) for part in mark.rgb)
    head = f"/G gs {red} {green} {blue} RG {red} {green} {blue} rg {_number(mark.width)} w 1 J 1 j\n"
    look = out.make_stream((head + drawing).encode("ascii"))
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox = _array(mark.rect)
    look.Resources = pikepdf.Dictionary(ExtGState=pikepdf.Dictionary(G=state))
    look.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency)
    return look


def _filled_quads(mark: PdfMark) -> str:
    return "".join(f"{_move(ul)}{_line(ur)}{_line(lr)}{_line(ll)}h f\n" for ul, ur, ll, lr in mark.quads)


def _underlines(mark: PdfMark) -> str:
    return _lines(mark, 0.94)


def _strikes(mark: PdfMark) -> str:
    return _lines(mark, 0.55)


def _lines(mark: PdfMark, share: float) -> str:
    """A line along each quad, `share` of the way from its top to its bottom."""
    parts = [f"{_number(min(mark.width, 2.0) * 0.75)} w\n"]
    for ul, ur, ll, lr in mark.quads:
        parts.append(f"{_move(_between(ul, ll, share))}{_line(_between(ur, lr, share))}S\n")
    return "".join(parts)


def _square(mark: PdfMark) -> str:
    left, bottom, right, top = _inset(mark)
    return f"{_numbers(left, bottom, right - left, top - bottom)} re S\n"


def _circle(mark: PdfMark) -> str:
    left, bottom, right, top = _inset(mark)
    cx, cy, rx, ry = (left + right) / 2, (bottom + top) / 2, (right - left) / 2, (top - bottom) / 2
    kx, ky = rx * _KAPPA, ry * _KAPPA
    return (
        f"{_move((cx + rx, cy))}"
        f"{_numbers(cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry)} c "
        f"{_numbers(cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy)} c "
        f"{_numbers(cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry)} c "
        f"{_numbers(cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy)} c h S\n"
    )


def _arrow(mark: PdfMark) -> str:
    start, end = mark.path
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    length = mark.width * _HEAD
    sides = [
        (end[0] - length * math.cos(angle + turn), end[1] - length * math.sin(angle + turn))
        for turn in (0.45, -0.45)
    ]
    return f"{_move(start)}{_line(end)}S\n{_move(end)}{_line(sides[0])}{_line(sides[1])}h B\n"


def _ink(mark: PdfMark) -> str:
    # A single touch of the pen is a dot: a line to itself, with round ends.
    points = mark.path if len(mark.path) > 1 else mark.path * 2
    return _move(points[0]) + "".join(_line(point) for point in points[1:]) + "S\n"


def _sign(mark: PdfMark) -> str:
    """A sheet with lines on it, or with a question mark drawn by hand."""
    left, bottom, right, top = mark.rect
    width, height = right - left, top - bottom
    sheet = f"{_numbers(left, bottom, width, height)} re f\n0 g 0 G {_number(max(width, 1) / 16)} w\n"

    def at(x: float, y: float) -> Point:
        return left + width * x, bottom + height * y

    if mark.icon == "Help":
        hook = ((0.32, 0.68), (0.4, 0.82), (0.6, 0.82), (0.68, 0.66), (0.5, 0.48), (0.5, 0.36))
        stroke = _move(at(*hook[0])) + "".join(_line(at(*point)) for point in hook[1:]) + "S\n"
        return f"{sheet}{stroke}{_move(at(0.5, 0.2))}{_line(at(0.5, 0.2))}S\n"
    rows = "".join(f"{_move(at(0.2, y))}{_line(at(0.8, y))}S\n" for y in (0.7, 0.5, 0.3))
    return sheet + rows


def _written(out: pikepdf.Pdf, mark: PdfMark) -> pikepdf.Object | None:
    """The look of free text in Helvetica; None for letters that it lacks: viewers take a font of theirs."""
    try:
        text = mark.contents.encode("cp1252")
    except UnicodeEncodeError:
        return None
    left, bottom, right, top = mark.rect
    width, height = right - left, top - bottom
    if mark.turn in (90, 270):
        width, height = height, width
    size = mark.font_size
    margin = 2 * size / FREE_TEXT_PT
    chars = (width - 2 * margin) / (size * 0.5)
    lines = [part for line in text.split(b"\n") for part in _wrapped(line, chars)]
    red, green, blue = (_number(part) for part in _text_rgb(mark))
    edge = " ".join(_number(part) for part in mark.rgb)
    ground = " ".join(_number(1 - _GROUND + _GROUND * part) for part in mark.rgb)
    inner = _numbers(0.5, 0.5, width - 1, height - 1)
    parts = [
        f"/B gs {ground} rg {inner} re f\n".encode("ascii"),
        f"/G gs {edge} RG 1 w {inner} re S\n".encode("ascii"),
        f"BT /Helv {_number(size)} Tf {red} {green} {blue} rg".encode("ascii"),
        f" {_number(size * _LEADING)} TL {_numbers(margin, height - size)} Td\n".encode("ascii"),
    ]
    parts += [b"(" + _escaped(line) + b") Tj T*\n" for line in lines]
    look = out.make_stream(b"".join([*parts, b"ET\n"]))
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox = _array((0, 0, width, height))
    angle = math.radians(mark.turn)
    look.Matrix = _array((math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0, 0))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    state = pikepdf.Dictionary(ca=mark.opacity, CA=mark.opacity)
    behind = pikepdf.Dictionary(ca=0.35 + 0.6 * mark.opacity)
    look.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(Helv=font), ExtGState=pikepdf.Dictionary(G=state, B=behind)
    )
    return look


def _wrapped(line: bytes, chars: float) -> list[bytes]:
    """A line broken at spaces; letters are taken to be half as wide as high, which is a little much."""
    room = max(4, int(chars))
    rows = [b""]
    for word in line.split(b" "):
        if rows[-1] and len(rows[-1]) + 1 + len(word) > room:
            rows.append(word)
        else:
            rows[-1] = rows[-1] + b" " + word if rows[-1] else word
    return rows


def _escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"")


def _text_rgb(mark: PdfMark) -> tuple[float, float, float]:
    """The mark's colour, darkened so that it can be read on white."""
    red, green, blue = mark.rgb
    return red * 0.45, green * 0.45, blue * 0.45


def _inset(mark: PdfMark) -> tuple[float, float, float, float]:
    """The box in which a line of the mark's width lies within its rectangle."""
    left, bottom, right, top = mark.rect
    half = min(mark.width, right - left, top - bottom) / 2
    return left + half, bottom + half, right - half, top - half


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _move(point: Point) -> str:
    return f"{_numbers(*point)} m "


def _line(point: Point) -> str:
    return f"{_numbers(*point)} l "


def _numbers(*numbers: float) -> str:
    return " ".join(_number(number) for number in numbers)


def _number(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _array(numbers: Iterable[float]) -> pikepdf.Array:
    return pikepdf.Array([round(float(number), 4) for number in numbers])
