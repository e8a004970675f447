"""SVG drawings in the child: cleaned to shapes and words, then laid out as a page like a PDF's.

Nothing is fetched: every address that is not a place in the drawing itself, or a picture inside of it, is
taken out before the renderer sees it, and so are scripts, foreign content and style sheets that load others.
A drawing that declares entities, or that refers to itself until it is huge, is refused.
"""

from __future__ import annotations

import re

import pymupdf
from lxml import etree

from assessor_app.documents.limits import Limits
from assessor_app.documents.sniff import Kind
from assessor_app.documents.worker_pdf import PdfDocument
from assessor_app.documents.worker_refusal import Refusal

MAX_BYTES = 20 * 1024 * 1024
"""Largest drawing that is parsed."""
MAX_ELEMENTS = 100_000
"""Most elements of a drawing, each counted as often as it is used."""
_NAMESPACE = "http://www.w3.org/2000/svg"
_SHAPES = ("circle", "ellipse", "image", "line", "path", "polygon", "polyline", "rect", "use")
_WORDS = ("desc", "text", "textPath", "title", "tref", "tspan")
_FRAMES = ("a", "clipPath", "defs", "g", "marker", "mask", "pattern", "style", "svg", "switch", "symbol")
_PAINT = ("linearGradient", "radialGradient", "stop")
_ALLOWED = frozenset((*_SHAPES, *_WORDS, *_FRAMES, *_PAINT))
_GRADIENTS = ("linearGradient", "radialGradient")
_PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64,")
_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)['\"]?\s*\)", re.IGNORECASE)
_IMPORT = re.compile(r"@import[^;]*;?", re.IGNORECASE)
_COLOUR = re.compile(r"stop-color\s*:\s*([^;]+)", re.IGNORECASE)
_PLAIN_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]+|rgb\([0-9 ,.%]+\)")


class DrawingDocument(PdfDocument):
    """A drawing as a document of one page."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Clean the drawing and lay it out.

        Raises:
            Refusal: damaged, or made to cost more than it shows.
        """
        cleaned, is_simplified = clean(data)
        with pymupdf.open(stream=cleaned, filetype="svg") as drawing:
            page = drawing.convert_to_pdf()
        super().__init__(page, limits)
        if is_simplified:
            self._notes.append("drawing_simplified")

    def describe(self) -> dict[str, object]:
        """A picture, to be shown dot for dot, whose words can be selected."""
        return {**super().describe(), "kind": Kind.IMAGE.value}


def clean(data: bytes) -> tuple[bytes, bool]:
    """A drawing that refers to nothing outside of itself, and whether its look was simplified.

    Raises:
        Refusal: damaged, or made to cost more than it shows.
    """
    if len(data) > MAX_BYTES:
        raise Refusal("too_large")
    # Read before it is parsed: whatever an entity stands for, there is none in an honest drawing.
    if b"<!ENTITY" in data or b"<\x00!\x00E\x00N\x00T" in data or b"\x00<\x00!\x00E\x00N\x00T" in data:
        raise Refusal("unsafe_drawing")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Refusal("damaged") from None
    if etree.QName(root).localname != "svg":
        raise Refusal("damaged")
    _drop_foreign(root)
    is_simplified = _flatten_gradients(root)
    for element in root.iter():
        _clean_element(element)
    if _weight(root) > MAX_ELEMENTS:
        raise Refusal("unsafe_drawing")
    return etree.tostring(root, encoding="utf-8"), is_simplified


def _drop_foreign(root: etree._Element) -> None:
    """Take out what is no shape and no words."""
    for element in list(root.iter()):
        # A comment's tag is a function.
        is_known = not callable(element.tag) and etree.QName(element).namespace in (_NAMESPACE, None)
        parent = element.getparent()
        if parent is not None and not (is_known and etree.QName(element).localname in _ALLOWED):
            tail = element.tail or ""
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
            parent.remove(element)


def _clean_element(element: etree._Element) -> None:
    """Take out addresses that lead outside, and what acts."""
    for name, value in [(str(name), str(value)) for name, value in element.attrib.items()]:
        local = etree.QName(name).localname.lower()
        acts = local.startswith("on") or local in ("base", "src")
        if acts or (local == "href" and not _leads_inside(element, value.strip())):
            del element.attrib[name]
        elif "url(" in value.lower():
            element.attrib[name] = _URL.sub(_inside_only, value)
    if etree.QName(element).localname == "style" and element.text:
        element.text = _URL.sub(_inside_only, _IMPORT.sub("", element.text))


def _address(element: etree._Element) -> str:
    """The id that an element refers to; empty if there is none."""
    for name, value in element.attrib.items():
        if etree.QName(name).localname == "href":
            return str(value).strip().removeprefix("#")
    return ""


def _leads_inside(element: etree._Element, address: str) -> bool:
    """Whether an address is a place in the drawing, or a picture that is part of it."""
    is_picture = etree.QName(element).localname == "image" and address.lower().startswith(_PICTURES)
    return address.startswith("#") or is_picture


def _inside_only(found: re.Match[str]) -> str:
    return found.group() if found.group(1).strip().startswith("#") else "none"


def _flatten_gradients(root: etree._Element) -> bool:
    """Give what is filled with a gradient the colour of its middle: the renderer would make it black."""
    colours: dict[str, str] = {}
    gradients = {e.get("id"): e for e in root.iter() if etree.QName(e).localname in _GRADIENTS}
    for name, gradient in gradients.items():
        stops = _stops(gradient, gradients)
        if name:
            colours[name] = stops[len(stops) // 2] if stops else "none"
    if not colours:
        return False

    def plain(found: re.Match[str]) -> str:
        return colours.get(found.group(1).strip().removeprefix("#"), found.group())

    for element in root.iter():
        for name in ("fill", "stroke", "style"):
            value = element.get(name)
            if value and "url(" in value:
                element.set(name, _URL.sub(plain, value))
    return True


def _stops(gradient: etree._Element, gradients: dict[str | None, etree._Element]) -> list[str]:
    """The colours of a gradient, or of the one that it takes them from."""
    for _ in range(8):
        colours = [_stop_colour(stop) for stop in gradient if etree.QName(stop).localname == "stop"]
        if colours:
            return colours
        other = gradients.get(_address(gradient))
        if other is None:
            break
        gradient = other
    return []


def _stop_colour(stop: etree._Element) -> str:
    styled = _COLOUR.search(stop.get("style", ""))
    colour = (styled.group(1) if styled else stop.get("stop-color", "black")).strip()
    return colour if _PLAIN_COLOUR.fullmatch(colour) else "grey"


def _weight(root: etree._Element) -> int:
    """How many elements are drawn, each counted as often as it is used.

    Raises:
        Refusal: something uses itself.
    """
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    known: dict[etree._Element, int] = {}
    under_way: set[etree._Element] = set()

    def weigh(element: etree._Element) -> int:
        if element in known:
            return known[element]
        if element in under_way or len(under_way) > MAX_ELEMENTS:
            raise Refusal("unsafe_drawing")
        under_way.add(element)
        total = 1 + sum(weigh(child) for child in element)
        if etree.QName(element).localname == "use":
            used = by_id.get(_address(element))
            total += weigh(used) if used is not None else 0
        under_way.discard(element)
        known[element] = min(total, MAX_ELEMENTS + 1)
        return known[element]

    try:
        return weigh(root)
    except RecursionError:
        raise Refusal("unsafe_drawing") from None
