"""OpenDocument text and slides (odt, odp) in the child, as plain content."""

from __future__ import annotations

from collections.abc import Iterator

from assessor_app.documents.worker_package import (
    Element,
    Package,
    attribute,
    child,
    children,
    local,
    whole_number,
)
from assessor_app.documents.worker_plain_pages import PlainContent, aside, escaped
from assessor_app.documents.worker_refusal import Refusal

_DEPTH_MAX = 40
_SPACES_MAX = 200
_NOT_READ = frozenset({"annotation", "annotation-end", "tracked-changes", "notes", "forms", "sequence-decls"})


def body_of(package: Package) -> tuple[str, Element]:
    """What an OpenDocument file is ("text", "presentation", "spreadsheet", ...) and its body.

    Raises:
        Refusal: it has none.
    """
    body = child(package.needed_xml("content.xml"), "body")
    for one in children(body):
        return local(one), one
    raise Refusal("damaged")


def read_text(package: Package, body: Element, content: PlainContent) -> None:
    """Add a text document's paragraphs, lists, tables and pictures to `content`."""
    for piece in _blocks(package, body, content, 0, 0):
        content.add(piece)


def read_slides(package: Package, body: Element, content: PlainContent) -> list[list[str]]:
    """HTML of each slide; pictures go to `content`.

    Raises:
        Refusal: there are no slides.
    """
    pages = [list(_blocks(package, one, content, 0, 0)) for one in body if local(one) == "page"]
    if not pages:
        raise Refusal("no_pages")
    return pages


def words_of(element: Element) -> str:
    """The words of a paragraph, or of the paragraphs within an element, one line for each."""
    if local(element) in ("p", "h"):
        return "".join(_plain(element, 0))
    return "\n".join("".join(_plain(one, 0)) for one in element.iter() if local(one) in ("p", "h"))


def _blocks(
    package: Package, element: Element, content: PlainContent, depth: int, indent: int
) -> Iterator[str]:
    if depth > _DEPTH_MAX or content.is_full:
        content.is_cut = True
        return
    for one in element:
        name = local(one)
        if name in ("p", "h"):
            words = "<br/>".join(escaped(line) for line in "".join(_plain(one, 0)).split("\n"))
            level = whole_number(attribute(one, "outline-level", "1"), 1, 1, 4)
            if words.strip():
                start = "• " if indent and name == "p" else ""
                tag = f'p style="margin-left:{14 * indent}pt"' if indent else "p"
                yield f"<h{level}>{words}</h{level}>" if name == "h" else f"<{tag}>{start}{words}</p>"
            yield from _frames(package, one, content, depth)
        elif name == "list":
            yield from _blocks(package, one, content, depth + 1, indent + 1)
        elif name == "table":
            yield _table(package, one, content, depth)
        elif name == "frame":
            yield from _frame(package, one, content, depth)
        elif name not in _NOT_READ and len(one):
            yield from _blocks(package, one, content, depth + 1, indent)


def _frames(package: Package, paragraph: Element, content: PlainContent, depth: int) -> Iterator[str]:
    for one in paragraph.iter():
        if local(one) == "frame":
            yield from _frame(package, one, content, depth)


def _frame(package: Package, frame: Element, content: PlainContent, depth: int) -> Iterator[str]:
    for one in frame:
        name = local(one)
        if name == "image":
            path = attribute(one, "href")
            yield content.picture(package.read(path.removeprefix("./")))
            return
        if name == "text-box":
            yield from _blocks(package, one, content, depth + 1, 0)
        elif name == "table":
            yield _table(package, one, content, depth)
        elif name == "object":
            yield aside("A chart or object stands here that cannot be shown without a converter.")
            return


def _table(package: Package, table: Element, content: PlainContent, depth: int) -> str:
    rows = []
    for row in table.iter():
        if local(row) == "table-row":
            cells = (
                "".join(_blocks(package, cell, content, depth + 2, 0)) or "&#160;"
                for cell in row
                if local(cell) == "table-cell"
            )
            rows.append(f"<tr>{''.join(f'<td>{inside}</td>' for inside in cells)}</tr>")
    return f"<table>{''.join(rows)}</table>" if rows else ""


def _plain(element: Element, depth: int) -> Iterator[str]:
    """Text within an element with the text between its children; remarks of others are left out."""
    yield element.text or ""
    for one in element:
        name = local(one)
        if name == "s":
            yield " " * whole_number(attribute(one, "c", "1"), 1, 1, _SPACES_MAX)
        elif name == "tab":
            yield "    "
        elif name == "line-break":
            yield "\n"
        elif name and name not in _NOT_READ and name not in ("frame", "note") and depth < _DEPTH_MAX:
            yield from _plain(one, depth + 1)
        yield one.tail or ""
