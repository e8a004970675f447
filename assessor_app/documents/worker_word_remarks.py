"""Comments and tracked changes of a Word document, with the words that they stand on. Child only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assessor_app.documents.pages import RemarkKind
from assessor_app.documents.worker_package import Element, Package, attribute, children, local

Add = Callable[..., None]
"""`Remarks.add`."""
_BEFORE_CHARS = 60
_RANGE_CHARS_MAX = 400
_CHANGES = {
    "ins": RemarkKind.INSERTION,
    "moveTo": RemarkKind.INSERTION,
    "del": RemarkKind.DELETION,
    "moveFrom": RemarkKind.DELETION,
}


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    author: str
    parent: str
    """Id of the comment that it answers; empty for none."""


def read(package: Package, add: Add) -> None:
    """Hand on what was left in a document, in the order of its text; answers follow what they answer."""
    part = package.main_part() or "word/document.xml"
    root, relations = package.needed_xml(part), package.relations(part)
    named = package.named(relations, "comments")
    extended = package.named(relations, "commentsExtended")
    comments = _comments(package.xml(named) if named else None, package.xml(extended) if extended else None)
    walk = _Walk(comments, add)
    walk.through(root)
    walk.end()


class _Walk:
    """One way through the text, with the comments whose range is open."""

    def __init__(self, comments: dict[str, _Comment], add: Add) -> None:
        self._comments, self._add = comments, add
        self._open: dict[str, str] = {}
        self._quotes: dict[str, str] = {}
        self._told: set[str] = set()
        self._line = ""
        self._change: tuple[RemarkKind, str, str, str] | None = None
        """Kind, author, words so far, words before it."""

    def through(self, root: Element) -> None:
        """Go through the text in order, without recursion: tables within tables may be deep."""
        for one in root.iter():
            name = local(one)
            if name == "p":
                self._end_change()
                self._line = ""
            elif name == "commentRangeStart":
                self._open[attribute(one, "id")] = ""
            elif name == "commentRangeEnd":
                comment_id = attribute(one, "id")
                self._quotes[comment_id] = self._open.pop(comment_id, "")
            elif name == "commentReference":
                self._tell(attribute(one, "id"))
            elif name in ("t", "delText"):
                self._words(one, is_deleted=name == "delText")
            elif name in ("tab", "br", "cr") and _is_in_run(one):
                self._words_are(" ", is_kept=True)

    def end(self) -> None:
        """Hand on what is left: comments that no place refers to."""
        self._end_change()
        for comment_id in self._comments:
            self._tell(comment_id)

    def _words(self, element: Element, *, is_deleted: bool) -> None:
        text, change = element.text or "", _change_around(element)
        if change is None:
            self._end_change()
        else:
            kind, author = _CHANGES[local(change)], attribute(change, "author")
            if self._change is not None and self._change[:2] == (kind, author):
                self._change = (kind, author, self._change[2] + text, self._change[3])
            else:
                self._end_change()
                self._change = (kind, author, text, self._line[-_BEFORE_CHARS:])
        is_gone = is_deleted or (change is not None and _CHANGES[local(change)] is RemarkKind.DELETION)
        self._words_are(text, is_kept=not is_gone)

    def _words_are(self, text: str, *, is_kept: bool) -> None:
        if is_kept:
            self._line += text
            for comment_id, words in self._open.items():
                if len(words) < _RANGE_CHARS_MAX:
                    self._open[comment_id] = words + text

    def _end_change(self) -> None:
        if self._change is not None:
            kind, author, text, before = self._change
            self._change = None
            # What is gone cannot be found on a page; what stood before it can.
            quote = text if kind is RemarkKind.INSERTION else before.partition(" ")[2] or before
            self._add(kind, text, author, quote=quote)

    def _tell(self, comment_id: str) -> None:
        comment = self._comments.get(comment_id)
        if comment is None or comment_id in self._told or comment.parent in self._comments:
            return
        self._end_change()
        self._told.add(comment_id)
        quote = self._quotes.get(comment_id, "")
        self._add(RemarkKind.COMMENT, comment.text, comment.author, quote=quote)
        for reply in self._comments.values():
            if reply.parent == comment_id:
                self._add(RemarkKind.COMMENT, reply.text, reply.author, quote=quote, is_reply=True)


def _change_around(element: Element) -> Element | None:
    """The tracked change that words belong to; words in a paragraph of a text box look no further than it."""
    parent = element.getparent()
    while parent is not None and local(parent) != "p":
        if local(parent) in _CHANGES:
            return parent
        parent = parent.getparent()
    return None


def _comments(root: Element | None, extended: Element | None) -> dict[str, _Comment]:
    """Comments by id; which answers which is said of their last paragraphs, in a part of its own."""
    parents = {attribute(one, "paraId"): attribute(one, "paraIdParent") for one in children(extended)}
    by_paragraph: dict[str, str] = {}
    for comment in children(root):
        for paragraph in comment.iter():
            if local(paragraph) == "p" and attribute(paragraph, "paraId"):
                by_paragraph[attribute(paragraph, "paraId")] = attribute(comment, "id")
    found: dict[str, _Comment] = {}
    for comment in children(root):
        if local(comment) != "comment":
            continue
        lines, last = [], ""
        for paragraph in comment.iter():
            if local(paragraph) == "p":
                lines.append("".join(t.text or "" for t in paragraph.iter() if local(t) == "t"))
                last = attribute(paragraph, "paraId") or last
        parent = by_paragraph.get(parents.get(last, ""), "")
        found[attribute(comment, "id")] = _Comment("\n".join(lines), attribute(comment, "author"), parent)
    return found


def _is_in_run(element: Element) -> bool:
    """Whether it is a break or tab of the text, not the position of a tab in a style."""
    parent = element.getparent()
    return parent is not None and local(parent) == "r"
