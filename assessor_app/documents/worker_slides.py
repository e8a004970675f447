"""Slides in the child: what stands on each, top to bottom, as plain content; one page for each slide."""

from __future__ import annotations

from collections.abc import Iterator

from assessor_app.documents.worker_package import (
    Element,
    Package,
    Relation,
    attribute,
    child,
    children,
    local,
    whole_number,
)
from assessor_app.documents.worker_plain_pages import PlainContent, aside, escaped
from assessor_app.documents.worker_refusal import Refusal

SLIDES_MAX = 1_000
"""Most slides that are read."""
_DEPTH_MAX = 16
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr")


def slide_parts(package: Package) -> list[str]:
    """The paths of the slides, in the order of the show.

    Raises:
        Refusal: there is no presentation in the package.
    """
    part = package.main_part() or "ppt/presentation.xml"
    root, relations = package.needed_xml(part), package.relations(part)
    found = []
    for one in children(child(root, "sldIdLst")):
        relation = relations.get(_relation_id(one))
        if relation is not None and relation.kind == "slide":
            found.append(relation.target)
    return found[:SLIDES_MAX]


def read_slides(package: Package, content: PlainContent) -> list[list[str]]:
    """HTML of each slide; pictures go to `content`.

    Raises:
        Refusal: there are no slides.
    """
    pages: list[list[str]] = []
    for part in slide_parts(package):
        root = package.xml(part)
        if root is None:
            pages.append([aside("This slide is damaged.")])
            continue
        reader = _SlideReader(package, package.relations(part), content)
        pages.append(list(reader.shapes(child(child(root, "cSld"), "spTree"), 0)))
        if attribute(root, "show", "1") in ("0", "false"):
            pages[-1].insert(0, aside("This slide is hidden when the show runs."))
    if not pages:
        raise Refusal("no_pages")
    return pages


class _SlideReader:
    """Walks through the shapes of one slide."""

    def __init__(self, package: Package, relations: dict[str, Relation], content: PlainContent) -> None:
        self._package, self._relations, self._content = package, relations, content

    def shapes(self, tree: Element | None, depth: int) -> Iterator[str]:
        """HTML for the shapes within a tree: the title first, the rest from top to bottom."""
        if tree is None or depth > _DEPTH_MAX:
            return
        in_order = sorted(enumerate(tree), key=lambda pair: (not _is_title(pair[1]), _top(pair[1]), pair[0]))
        for _, shape in in_order:
            name = local(shape)
            if name == "sp" and _placeholder(shape) not in _FURNITURE:
                yield from self._text(child(shape, "txBody"), is_title=_is_title(shape))
            elif name == "grpSp":
                yield from self.shapes(shape, depth + 1)
            elif name == "pic":
                yield self._picture(shape)
            elif name == "graphicFrame":
                yield from self._frame(shape)
            elif name == "AlternateContent":
                yield from self.shapes(child(shape, "Choice"), depth + 1)

    def _text(self, body: Element | None, *, is_title: bool) -> Iterator[str]:
        for paragraph in children(body):
            if local(paragraph) != "p":
                continue
            words = "".join(_inline(paragraph))
            if not words.strip():
                continue
            level = whole_number(attribute(_properties(paragraph), "lvl", "0"), 0, 0, 8)
            if is_title:
                yield f"<h1>{words}</h1>"
            elif level:
                yield f'<p style="margin-left:{18 * level}pt">• {words}</p>'
            else:
                yield f"<p>{words}</p>"

    def _frame(self, frame: Element) -> Iterator[str]:
        """A table, or a remark that a chart stands there."""
        table = next((one for one in frame.iter() if local(one) == "tbl"), None)
        if table is None:
            yield aside("A chart, diagram or object stands here that cannot be shown without a converter.")
            return
        rows = []
        for row in table:
            if local(row) == "tr":
                cells = (
                    "".join(self._text(child(cell, "txBody"), is_title=False)) or "&#160;"
                    for cell in row
                    if local(cell) == "tc" and attribute(cell, "hMerge") not in ("1", "true")
                )
                rows.append(f"<tr>{''.join(f'<td>{inside}</td>' for inside in cells)}</tr>")
        yield f"<table>{''.join(rows)}</table>"

    def _picture(self, shape: Element) -> str:
        blip = next((one for one in shape.iter() if local(one) == "blip"), None)
        relation = self._relations.get(attribute(blip, "embed")) if blip is not None else None
        return self._content.picture(self._package.read(relation.target) if relation else None)


def text_of(element: Element | None) -> str:
    """The words within an element, one line for each paragraph."""
    lines: list[str] = []
    for paragraph in () if element is None else element.iter():
        if local(paragraph) == "p":
            lines.append("".join(one.text or "" for one in paragraph.iter() if local(one) == "t"))
    return "\n".join(lines).strip()


def _inline(paragraph: Element) -> Iterator[str]:
    for run in paragraph:
        name = local(run)
        if name == "br":
            yield "<br/>"
        elif name in ("r", "fld"):
            text = child(run, "t")
            words = escaped(text.text or "") if text is not None else ""
            marks = child(run, "rPr")
            for mark, tag in (("b", "b"), ("i", "i")):
                if marks is not None and words and attribute(marks, mark) in ("1", "true"):
                    words = f"<{tag}>{words}</{tag}>"
            yield words


def _properties(paragraph: Element) -> Element:
    found = child(paragraph, "pPr")
    return paragraph if found is None else found


def _placeholder(shape: Element) -> str:
    """The kind of placeholder that a shape fills; empty for none."""
    for part in shape:
        holder = child(child(part, "nvPr"), "ph")
        if holder is not None:
            return attribute(holder, "type", "body")
    return ""


def _is_title(shape: Element) -> bool:
    return local(shape) == "sp" and _placeholder(shape) in _TITLES


def _top(shape: Element) -> int:
    """How far from the slide's top a shape stands; what inherits its place comes early."""
    place = next((one for one in shape.iter() if local(one) == "off"), None)
    return whole_number(attribute(place, "y"), 0, -(10**9), 10**9) if place is not None else 0


def _relation_id(element: Element) -> str:
    """The relation that an element names; its own number is an `id`, too, but without a namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")
