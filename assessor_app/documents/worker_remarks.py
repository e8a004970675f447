"""What was left in an office file beside its text: comments, tracked changes, speaker notes.

They are evidence, and read from the original, whatever copy of it is shown. Authors are numbered in the order
in which they are met; their names stay in the child.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assessor_app.documents import worker_open_document, worker_slides, worker_word_remarks
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import RemarkKind
from assessor_app.documents.worker_cells import sheet_parts
from assessor_app.documents.worker_package import Element, Package, attribute, child, children, local
from assessor_app.documents.worker_text import cleaned

REMARKS_MAX = 5_000
"""Most remarks of one file."""
REMARK_CHARS_MAX = 8_000
"""Most characters of one remark."""
QUOTE_CHARS_MAX = 400
"""Most characters of the words that a remark stands on."""
_ALL_CHARS_MAX = 2_000_000


@dataclass(slots=True)
class Remarks:
    """Collects remarks, bounded, and gives authors their numbers."""

    found: list[dict[str, object]] = field(default_factory=list)
    _authors: dict[str, int] = field(default_factory=dict)
    _chars: int = 0

    def add(
        self,
        kind: RemarkKind,
        text: str,
        author: str,
        *,
        page: int | None = None,
        quote: str = "",
        is_reply: bool = False,
    ) -> None:
        """Add one; empty ones and those beyond the limits are left out."""
        words = cleaned(text).strip()[:REMARK_CHARS_MAX]
        if not words or len(self.found) >= REMARKS_MAX or self._chars > _ALL_CHARS_MAX:
            return
        self._chars += len(words)
        stands_on = " ".join(cleaned(quote).split())[:QUOTE_CHARS_MAX]
        number = self._authors.setdefault(author, len(self._authors) + 1) if author.strip() else 0
        self.found.append(
            {
                "kind": kind.value,
                "text": words,
                "author": number,
                "page": page,
                "quote": stands_on,
                "reply": is_reply,
            }
        )


def remarks_in(package: Package, form: str, limits: Limits) -> list[dict[str, object]]:
    """The remarks of a file, in reading order as far as it is known.

    Args:
        package: the original.
        form: what it is: document, presentation, spreadsheet, odt, odp or ods.
        limits: what a file may cost.
    """
    del limits
    remarks = Remarks()
    if form == "document":
        worker_word_remarks.read(package, remarks.add)
    elif form == "presentation":
        _read_slides(package, remarks)
    elif form == "spreadsheet":
        _read_cells(package, remarks)
    else:
        _read_open_document(package, form, remarks)
    return remarks.found


def _read_slides(package: Package, remarks: Remarks) -> None:
    for page, part in enumerate(worker_slides.slide_parts(package)):
        relations = package.relations(part)
        for relation in relations.values():
            root = package.xml(relation.target) if relation.kind in ("notesSlide", "comments") else None
            if root is None:
                continue
            if relation.kind == "notesSlide":
                remarks.add(RemarkKind.SPEAKER_NOTE, _notes_text(root), "", page=page)
                continue
            for comment in children(root):
                if local(comment) == "cm":
                    _add_slide_comment(comment, page, remarks)


def _notes_text(root: Element) -> str:
    """The words of a page of notes, without the picture, date and number on it."""
    tree = child(child(root, "cSld"), "spTree")
    lines = []
    for shape in children(tree):
        holder = next((one for one in shape.iter() if local(one) == "ph"), None)
        if holder is not None and attribute(holder, "type") == "body":
            lines.append(worker_slides.text_of(child(shape, "txBody")))
    return "\n".join(lines)


def _add_slide_comment(comment: Element, page: int, remarks: Remarks) -> None:
    """A comment of the old form, with its words in `text`, or of the new one, with a body and replies."""
    old = child(comment, "text")
    words = (old.text or "") if old is not None else worker_slides.text_of(child(comment, "txBody"))
    remarks.add(RemarkKind.COMMENT, words, attribute(comment, "authorId"), page=page)
    for reply in children(child(comment, "replyLst")):
        said = worker_slides.text_of(child(reply, "txBody"))
        remarks.add(RemarkKind.COMMENT, said, attribute(reply, "authorId"), page=page, is_reply=True)


def _read_cells(package: Package, remarks: Remarks) -> None:
    for sheet, (_, part, _) in enumerate(sheet_parts(package)):
        relations = package.relations(part)
        threads = [r.target for r in relations.values() if r.kind == "threadedComment"]
        threaded: set[str] = set()
        for target in threads:
            root = package.xml(target)
            for one in children(root):
                cell, words = attribute(one, "ref"), child(one, "text")
                threaded.add(cell)
                remarks.add(
                    RemarkKind.COMMENT,
                    (words.text or "") if words is not None else "",
                    attribute(one, "personId"),
                    page=sheet,
                    quote=cell,
                    is_reply=bool(attribute(one, "parentId")),
                )
        named = package.named(relations, "comments")
        root = package.xml(named) if named else None
        authors = [one.text or "" for one in children(child(root, "authors"))]
        for one in children(child(root, "commentList")):
            cell, number = attribute(one, "ref"), attribute(one, "authorId")
            # What older programs show of a thread is a notice to buy a newer one.
            if cell not in threaded:
                author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else number
                text = "".join(t.text or "" for t in one.iter() if local(t) == "t")
                remarks.add(RemarkKind.COMMENT, text, author, page=sheet, quote=cell)


def _read_open_document(package: Package, form: str, remarks: Remarks) -> None:
    _, body = worker_open_document.body_of(package)
    parts = [one for one in body if local(one) in ("page", "table")]
    for one in body.iter():
        name = local(one)
        if name not in ("annotation", "notes", "deletion"):
            continue
        page = _index_of(one, parts) if form in ("odp", "ods") else None
        author = next((c.text or "" for c in one.iter() if local(c) == "creator"), "")
        kind = {
            "annotation": RemarkKind.COMMENT,
            "notes": RemarkKind.SPEAKER_NOTE,
            "deletion": RemarkKind.DELETION,
        }[name]
        remarks.add(kind, worker_open_document.words_of(one), author, page=page)


def _index_of(element: Element, parts: list[Element]) -> int | None:
    """Which of the parts an element lies in."""
    parent = element.getparent()
    while parent is not None:
        if parent in parts:
            return parts.index(parent)
        parent = parent.getparent()
    return None
