"""Marks on plain text: makes, shows, selects and changes them, with the same comment box as on pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from assessor_app.documents.anchoring import Found, Placement, anchor_plain, find_words
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, SourceKind
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.annotated_text import AnnotatedText, TextMark
from assessor_app.ui.annotate.clipboard import words_of
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.annotate.drafts import FIRST_COLOUR, AnnotationDraft, MarksEdit
from assessor_app.ui.annotate.visibility import ALL_LAYERS, LayerVisibility
from assessor_app.ui.annotate.words import change_label

KINDS = {
    "tool.highlight": AnnotationKind.HIGHLIGHT,
    "tool.underline": AnnotationKind.UNDERLINE,
    "tool.strike_out": AnnotationKind.STRIKE_OUT,
    "tool.note": AnnotationKind.NOTE,
    "tool.question": AnnotationKind.QUESTION,
}
"""The tools that work on plain text."""


@dataclass(frozen=True, slots=True)
class TextSource:
    """What is shown, for anchors."""

    kind: SourceKind
    id: str
    """Response id or artifact id."""
    sha256: str
    """Digest of what is shown."""


class TextAnnotator(QObject):
    """Marks on one plain text.

    Args:
        view: the text.
        parent: Qt parent.
    """

    created = Signal(object)
    """AnnotationDraft: a new mark, to be saved."""
    edited = Signal(object)
    """MarksEdit: a mark with another colour, comment, reader or criteria, or taken away."""
    picked = Signal(tuple)
    """Ids of the marks that the person selected here."""
    layers_wanted = Signal(object)
    """LayerVisibility: a mark was made, so that one's own marks have to be in sight."""
    tool_changed = Signal(str)
    """Id of the tool in the table of keys."""
    colour_changed = Signal(str)
    """Name of the colour in use."""

    def __init__(self, view: AnnotatedText, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self.box = CommentBox(view.viewport())
        self.colour = FIRST_COLOUR
        self.tool = "tool.pointer"
        self._source: TextSource | None = None
        self._annotations: tuple[Annotation, ...] = ()
        self._read_only: frozenset[AnnotationId] = frozenset()
        self._spans: dict[AnnotationId, tuple[int, int]] = {}
        self._pending: list[AnnotationDraft] = []
        self._selected: AnnotationId | None = None
        self._is_editable = True
        self._is_following = False
        self._layers = ALL_LAYERS
        view.mark_clicked.connect(self._clicked)
        view.selected.connect(self._finished_selecting)
        view.verticalScrollBar().valueChanged.connect(self.place_box)
        self.box.edited.connect(self.change)
        self.box.delete_requested.connect(self._delete)
        self.box.closed.connect(self._close_box)
        self.box.resized.connect(self.place_box)

    # ---- what is shown ----

    def open(self, source: TextSource) -> None:
        """Another text; its marks come with the next `set_annotations`."""
        self.box.forget()
        self._source = source
        self._annotations, self._pending, self._selected = (), [], None
        self._spans.clear()
        self._paint()

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Replace the marks; those of other evidence are left out; one just made is selected."""
        if self._source is None:
            return
        known = {annotation.id for annotation in self._annotations}
        self._annotations = tuple(a for a in annotations if a.anchor.source_id == self._source.id)
        self._read_only = read_only
        self._spans = {}
        for annotation in self._annotations:
            words = annotation.anchor.text
            span = find_words(words, self._view.text) if words is not None else None
            if span is not None:
                self._spans[annotation.id] = span
        arrived = [a for a in self._annotations if a.id not in known and self._is_pending(a)]
        self._pending = [d for d in self._pending if not any(_is_made_from(a, d) for a in self._annotations)]
        if self._selected not in self._spans:
            self.select(None)
        if arrived:
            self.select(arrived[-1].id)
            if arrived[-1].kind in (AnnotationKind.NOTE, AnnotationKind.QUESTION):
                self.box.write()
        elif self._selected is not None and self.box.isVisible():
            self.box.load(self._by_id(self._selected))
            self.box.set_editable(self._may_change(self._selected))
        self._paint()

    @property
    def source_id(self) -> str:
        """Id of the text at hand; empty for none."""
        return self._source.id if self._source is not None else ""

    @property
    def not_found(self) -> frozenset[AnnotationId]:
        """Marks whose words do not stand in the text any more."""
        return frozenset(a.id for a in self._annotations if a.id not in self._spans)

    @property
    def moved(self) -> Mapping[AnnotationId, Placement]:
        """Marks whose words were edited a little since."""
        return _edited(self._annotations, self._spans, self._view.text)

    def anchor_here(self) -> Anchor | None:
        """The place of the selected words; None when none are selected."""
        span, source = self._view.span(), self._source
        start, end = _trimmed(self._view.text, *span) if span is not None else (0, 0)
        if source is None or start >= end:
            return None
        return anchor_plain(source.kind, source.id, source.sha256, self._view.text, start, end)

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to, with short texts."""
        self.box.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self._is_editable = is_editable
        self.box.set_editable(is_editable and (self._selected is None or self._may_change(self._selected)))

    # ---- verbs ----

    def take(self, entry_id: str) -> None:
        """Take a tool; words that are selected are marked at once."""
        kind = KINDS.get(entry_id)
        if kind is not None and self._mark(kind):
            return
        usable = entry_id if kind is not None and self._is_editable else "tool.pointer"
        self.tool = "tool.pointer" if usable == self.tool else usable
        self.tool_changed.emit(self.tool)

    def set_colour(self, colour: str) -> None:
        """Use a colour from now on; with the pointer on, a selected mark takes it, too."""
        self.colour = colour
        if self._selected is not None and self.tool == "tool.pointer":
            self.change(replace(self._by_id(self._selected), colour=colour))
        self.colour_changed.emit(colour)

    def select(self, annotation_id: AnnotationId | None) -> bool:
        """Select a mark and show its comment; False when it has no place here."""
        if annotation_id is not None and annotation_id not in self._spans:
            return False
        is_new = annotation_id != self._selected
        if is_new:
            self.box.forget()
        self._selected = annotation_id
        if annotation_id is not None:
            self.box.load(self._by_id(annotation_id))
            self.box.set_editable(self._may_change(annotation_id))
            self.box.show()
            self.box.raise_()
            self.place_box()
        self._paint()
        if is_new and not self._is_following:
            self.picked.emit(() if annotation_id is None else (annotation_id,))
        return True

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select what was picked elsewhere, if it is one mark that is here, and tell nobody."""
        here = [id_ for id_ in annotation_ids if id_ in self._spans]
        self._is_following = True
        self.select(here[0] if len(here) == 1 else None)
        self._is_following = False

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide marks; what is selected stays in sight."""
        self._layers = layers
        self._paint()

    def copy_selected(self) -> None:
        """Put what the selected mark says on the clipboard, as text."""
        if self._selected is not None:
            QGuiApplication.clipboard().setText(words_of(self._by_id(self._selected)))

    def show_mark(self, annotation_id: AnnotationId) -> bool:
        """Bring a mark into view and select it; False when it has no place here."""
        if annotation_id in self._spans:
            self._view.show_span(self._spans[annotation_id][0])
        return self.select(annotation_id)

    def comment_selected(self) -> None:
        """Write a comment on the selected mark."""
        if self._selected is not None:
            self.select(self._selected)
            self.box.write()

    def tie_selected(self) -> None:
        """Tie the selected mark to criteria."""
        if self._selected is not None:
            self.select(self._selected)
            self.box.tie()

    def delete_selected(self) -> None:
        """Delete the selected mark."""
        if self._selected is not None and self._may_change(self._selected):
            self._delete(self._selected)

    def change(self, annotation: Annotation) -> None:
        """Have a mark replaced."""
        before = next((a for a in self._annotations if a.id == annotation.id), None)
        if before is not None and before != annotation and self._may_change(annotation.id):
            self.edited.emit(MarksEdit(change_label([before], [annotation]), puts=(annotation,)))

    def escape(self) -> bool:
        """One step out: comment, selection, tool. False when there is nothing to leave."""
        if self.box.isVisible():
            self._close_box()
        elif self._selected is not None or self._view.span() is not None:
            self.select(None)
            self._view.clear_selection()
        elif self.tool != "tool.pointer":
            self.take("tool.pointer")
        else:
            return False
        return True

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self._pending.clear()
        self.box.expect_nothing()
        self._paint()

    def flush(self) -> None:
        """Hand on the comment that is being typed."""
        self.box.flush()

    # ---- inside ----

    def place_box(self) -> None:
        """Put the comment box below its mark, inside of the view."""
        if self._selected is None or not self.box.isVisible():
            return
        self.box.adjustSize()
        at, view = self._view.rect_of(*self._spans[self._selected]), self._view.viewport().rect()
        x = min(max(8, at.left()), max(8, view.width() - self.box.width() - 8))
        y = at.bottom() + 8
        if y + self.box.height() > view.height() - 8:
            above = at.top() - self.box.height() - 8
            y = above if above >= 8 else max(8, view.height() - self.box.height() - 8)
        self.box.move(x, y)

    def _mark(self, kind: AnnotationKind) -> bool:
        span, source = self._view.span(), self._source
        if span is None or source is None or not self._is_editable:
            return False
        start, end = _trimmed(self._view.text, *span)
        if start >= end:
            return False
        anchor = anchor_plain(source.kind, source.id, source.sha256, self._view.text, start, end)
        draft = AnnotationDraft(kind, anchor, self.colour)
        if not self._layers.mine:
            self.layers_wanted.emit(replace(self._layers, mine=True))
        self._pending.append(draft)
        self._view.clear_selection()
        self._paint()
        self.created.emit(draft)
        return True

    def _clicked(self, annotation_id: str) -> None:
        self.select(AnnotationId(annotation_id) if annotation_id else None)

    def _finished_selecting(self) -> None:
        kind = KINDS.get(self.tool)
        if kind is not None:
            self._mark(kind)

    def _close_box(self) -> None:
        self.box.flush()
        self.box.hide()
        self._view.setFocus()

    def _delete(self, annotation_id: str) -> None:
        self.select(None)
        self.edited.emit(MarksEdit(self.tr("Delete mark"), deletes=(AnnotationId(annotation_id),)))

    def _may_change(self, annotation_id: AnnotationId) -> bool:
        return self._is_editable and annotation_id not in self._read_only

    def _by_id(self, annotation_id: AnnotationId) -> Annotation:
        return next(a for a in self._annotations if a.id == annotation_id)

    def _is_shown(self, annotation_id: AnnotationId) -> bool:
        is_theirs = annotation_id in self._read_only
        is_on = self._layers.assessor if is_theirs else self._layers.mine
        return is_on or annotation_id == self._selected

    def _is_pending(self, annotation: Annotation) -> bool:
        return any(_is_made_from(annotation, draft) for draft in self._pending)

    def _paint(self) -> None:
        marks = [
            TextMark(
                a.id, a.kind, a.colour, *self._spans[a.id], a.opacity, is_selected=a.id == self._selected
            )
            for a in self._annotations
            if a.id in self._spans and self._is_shown(a.id)
        ]
        for draft in self._pending:
            words = draft.anchor.text
            if words is not None:
                marks.append(TextMark("", draft.kind, draft.colour, words.start, words.end))
        self._view.show_marks(marks)


def _edited(
    annotations: Sequence[Annotation], spans: Mapping[AnnotationId, tuple[int, int]], text: str
) -> dict[AnnotationId, Placement]:
    """The marks whose words read otherwise now, white space apart."""
    found: dict[AnnotationId, Placement] = {}
    for annotation in annotations:
        span, words = spans.get(annotation.id), annotation.anchor.text
        if span is not None and words is not None and text[slice(*span)].split() != words.exact.split():
            found[annotation.id] = Placement(0, (), Found.SIMILAR)
    return found


def _is_made_from(annotation: Annotation, draft: AnnotationDraft) -> bool:
    return annotation.kind is draft.kind and annotation.anchor == draft.anchor


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
