"""Word documents in the child: paragraphs, headings, lists, tables, notes and pictures, as plain content."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from assessor_app.documents.worker_package import (
    Element,
    Package,
    Relation,
    attribute,
    child,
    children,
    local,
)
from assessor_app.documents.worker_plain_pages import PlainContent, aside, escaped
from assessor_app.documents.worker_word_lists import Lists

_DEPTH_MAX = 24
_HEADINGS = {f"heading {level}": level for level in range(1, 10)} | {"title": 1, "subtitle": 2}
_NOT_READ = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "Fallback", "sectPr"})
"""What was taken out stands in the layer beside the pages; field codes are not what the writer saw."""
_NOTES = (("footnotes", "footnoteReference"), ("endnotes", "endnoteReference"))


def read_document(package: Package, content: PlainContent) -> None:
    """Add a Word document's text and pictures to `content`.

    Raises:
        Refusal: there is no text part, or it is no XML.
    """
    part = package.main_part() or "word/document.xml"
    _Reader(package, part, content).read()


class _Reader:
    """Walks through one document."""

    def __init__(self, package: Package, part: str, content: PlainContent) -> None:
        self._package, self._part, self._content = package, part, content
        self._root = package.needed_xml(part)
        self._relations: dict[str, Relation] = package.relations(part)
        named = package.named(self._relations, "styles")
        styles = package.xml(named) if named else None
        self._headings = _heading_styles(styles)
        named = package.named(self._relations, "numbering")
        self._lists = Lists(package.xml(named) if named else None, styles)
        self._note_ids: list[tuple[str, str]] = []

    def read(self) -> None:
        """Read the body, then the notes that it names."""
        for piece in self._blocks(child(self._root, "body"), 0):
            self._content.add(piece)
        if not self._note_ids:
            return
        self._content.add("<h4>Notes</h4>")
        for kind, reference in _NOTES:
            named = self._package.named(self._relations, kind)
            notes = self._package.xml(named) if named else None
            by_id = {attribute(note, "id"): note for note in children(notes)}
            for number, (wanted, note_id) in enumerate(self._note_ids, start=1):
                if wanted == reference and note_id in by_id:
                    words = " ".join(plain_text(by_id[note_id]).split())
                    self._content.add(f"<p>{number}. {escaped(words)}</p>")

    def _blocks(self, element: Element | None, depth: int) -> Iterator[str]:
        """HTML for the paragraphs and tables within an element, in order."""
        if element is None or depth > _DEPTH_MAX:
            return
        for one in element:
            if self._content.is_full:
                self._content.is_cut = True
                return
            name = local(one)
            if name == "p":
                yield from self._paragraph(one, depth)
            elif name == "tbl":
                yield self._table(one, depth)
            elif name not in _NOT_READ and len(one):
                yield from self._blocks(one, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[str]:
        after: list[str] = []
        inline = "".join(self._inline(paragraph, after, depth))
        properties = child(paragraph, "pPr")
        style = attribute(child_or(properties, "pStyle"), "val")
        if inline.strip():
            level = self._headings.get(style)
            number, indent = self._lists.next_of(properties, style)
            start = f"{escaped(number)}&#160; " if number else ""
            if level is not None:
                yield f"<h{min(level, 4)}>{start}{inline}</h{min(level, 4)}>"
            elif number:
                yield f'<p style="margin-left:{14 * (indent + 1)}pt">{start}{inline}</p>'
            else:
                yield f"<p>{inline}</p>"
        yield from after

    def _inline(self, element: Element, after: list[str], depth: int) -> Iterator[str]:
        """HTML for the words within a paragraph; pictures and text boxes go to `after`."""
        if depth > _DEPTH_MAX:
            return
        for one in element:
            name = local(one)
            if name == "r":
                yield self._run(one, after, depth)
            elif name in ("drawing", "pict", "object"):
                after.extend(self._drawn(one, depth))
            elif name not in _NOT_READ and len(one):
                yield from self._inline(one, after, depth + 1)

    def _run(self, run: Element, after: list[str], depth: int) -> str:
        words = ""
        for one in run:
            name = local(one)
            if name == "t":
                words += escaped(one.text or "")
            elif name in ("tab", "ptab"):
                words += "&#160;&#160;&#160; "
            elif name in ("br", "cr"):
                words += "<br/>"
            elif name == "noBreakHyphen":
                words += "&#8209;"
            elif name == "sym":
                words += _symbol(one)
            elif name in ("footnoteReference", "endnoteReference"):
                self._note_ids.append((name, attribute(one, "id")))
                words += f"<sup>{len(self._note_ids)}</sup>"
            elif name in ("drawing", "pict", "object", "AlternateContent"):
                after.extend(self._drawn(one, depth))
        properties = child(run, "rPr")
        for mark, tag in (("b", "b"), ("i", "i"), ("strike", "s"), ("u", "u")):
            if words and _is_on(child(properties, mark)):
                words = f"<{tag}>{words}</{tag}>"
        return words

    def _drawn(self, element: Element, depth: int) -> Iterator[str]:
        """HTML for pictures, and for the text boxes within a drawing."""
        found = False
        for one in element.iter():
            name = local(one)
            if name == "txbxContent" and not _is_in_fallback(one, element):
                found = True
                yield from self._blocks(one, depth + 4)
            elif name in ("blip", "imagedata") and not _is_in_fallback(one, element):
                found = True
                yield self._picture(attribute(one, "embed") or attribute(one, "id"))
            elif (
                name == "t"
                and one.tag.startswith("{http://schemas.openxmlformats.org/drawingml")
                and one.text
            ):
                found = True
                yield f"<p>{escaped(one.text)}</p>"
        if not found and local(element) in ("drawing", "object"):
            yield aside("A drawing, chart or object stands here that cannot be shown without a converter.")

    def _picture(self, relation_id: str) -> str:
        relation = self._relations.get(relation_id)
        return self._content.picture(self._package.read(relation.target) if relation else None)

    def _table(self, table: Element, depth: int) -> str:
        rows = []
        for row in table.iter():
            if local(row) != "tr" or not _is_of(row, table, "tbl"):
                continue
            cells = []
            for cell in row.iter():
                if local(cell) != "tc" or not _is_of(cell, row, "tr"):
                    continue
                span = attribute(child_or(child(cell, "tcPr"), "gridSpan"), "val")
                inside = "".join(self._blocks(cell, depth + 2)) or "&#160;"
                wide = f' colspan="{int(span)}"' if span.isdecimal() and 1 < int(span) < 64 else ""
                cells.append(f"<td{wide}>{inside}</td>")
            rows.append(f"<tr>{''.join(cells)}</tr>" if cells else "")
        return f"<table>{''.join(rows)}</table>" if any(rows) else ""


def plain_text(element: Element) -> str:
    """The words within an element as they would be read, without what was taken out; paragraphs by line."""
    found: list[str] = []
    for one in element.iter():
        name = local(one)
        if name == "t":
            found.append(one.text or "")
        elif name in ("tab", "br", "cr"):
            found.append(" ")
        elif name == "p" and found:
            found.append("\n")
    return "".join(found)


def child_or(element: Element | None, name: str) -> Element:
    """The first child of a name, or an empty element in its place."""
    found = child(element, name)
    return _EMPTY if found is None else found


def _heading_styles(styles: Element | None) -> dict[str, int]:
    """Heading level by style id, 1 the highest."""
    found = {"Title": 1, "Subtitle": 2} | {f"Heading{level}": level for level in range(1, 10)}
    for style in children(styles):
        name = attribute(child_or(style, "name"), "val").lower()
        if local(style) == "style" and name in _HEADINGS:
            found[attribute(style, "styleId")] = _HEADINGS[name]
    return found


def _symbol(element: Element) -> str:
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    # Symbol fonts keep their signs in the private area; which sign it is only the font knows.
    return "•" if 0xE000 <= code <= 0xF8FF else escaped(chr(code)) if 0x20 <= code < 0xD800 else ""


def _is_on(mark: Element | None) -> bool:
    return mark is not None and attribute(mark, "val", "1").lower() not in ("0", "false", "off", "none")


def _is_in_fallback(element: Element, top: Element) -> bool:
    """Whether an element is the older of two ways to say the same."""
    parent = element.getparent()
    while parent is not None and parent is not top:
        if local(parent) == "Fallback":
            return True
        parent = parent.getparent()
    return False


def _is_of(element: Element, owner: Element, kind: str) -> bool:
    """Whether the nearest ancestor of a kind is `owner`: not that of a table within the table."""
    parent = element.getparent()
    while parent is not None and local(parent) != kind:
        parent = parent.getparent()
    return parent is owner


_EMPTY = etree.Element("none")
