"""Marks as an XFDF file (ISO 19444-1): pages from 0, corners upper left and right, then lower left and right.

Names nobody and no file. Runs only in the child.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from assessor_app.documents.export_marks import PdfMark, Point, day_text

_NAMESPACE = "http://ns.adobe.com/xfdf/"
_ELEMENTS = {
    "Highlight": "highlight",
    "Underline": "underline",
    "StrikeOut": "strikeout",
    "Text": "text",
    "FreeText": "freetext",
    "Square": "square",
    "Circle": "circle",
    "Line": "line",
    "Ink": "ink",
}


def xfdf(marks: Iterable[PdfMark]) -> bytes:
    """The file, in UTF-8."""
    root = etree.Element(f"{{{_NAMESPACE}}}xfdf", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]
    root.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    annots = etree.SubElement(root, f"{{{_NAMESPACE}}}annots")
    for mark in marks:
        _add(annots, mark)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add(annots: etree._Element, mark: PdfMark) -> None:
    element = etree.SubElement(annots, f"{{{_NAMESPACE}}}{_ELEMENTS[mark.subtype]}")
    element.set("page", str(mark.page))
    element.set("rect", _numbers(mark.rect))
    element.set("color", "#" + "".join(f"{round(part * 255):02X}" for part in mark.rgb))
    element.set("opacity", _numbers((mark.opacity,)))
    element.set("flags", "print,nozoom,norotate" if mark.subtype == "Text" else "print")
    element.set("name", mark.name)
    element.set("date", day_text(mark.day))
    if mark.quads:
        element.set("coords", _numbers(n for quad in mark.quads for point in quad for n in point))
    elif mark.subtype == "Text":
        element.set("icon", mark.icon)
    else:
        element.set("width", _numbers((mark.width,)))
    if mark.subtype == "Line":
        for end, point in zip(("start", "end"), mark.path, strict=True):
            element.set(end, _numbers(point))
        element.set("tail", "ClosedArrow")
    if mark.contents:
        etree.SubElement(element, f"{{{_NAMESPACE}}}contents").text = _printable(mark.contents)
    if mark.subtype == "Ink":
        inks = etree.SubElement(element, f"{{{_NAMESPACE}}}inklist")
        etree.SubElement(inks, f"{{{_NAMESPACE}}}gesture").text = ";".join(_pair(p) for p in mark.path)


def _pair(point: Point) -> str:
    return _numbers(point)


def _numbers(numbers: Iterable[float]) -> str:
    return ",".join(f"{number:.4f}".rstrip("0").rstrip(".") for number in numbers)


def _printable(text: str) -> str:
    """What XML can hold."""
    return "".join(
        letter for letter in text if letter in "\n\t" or (letter >= " " and letter not in "\ufffe\uffff")
    )
