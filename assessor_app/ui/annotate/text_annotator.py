"""Marks on plain text: makes, shows, selects and changes them, with the same comment box as on pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from assessor_app.documents.anchoring import Found, Placement, anchor_plain, find_words
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, SourceKind
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.annotated_text import AnnotatedText, TextMark
from assessor_app.ui.annotate.clipboard import words_of
from assessor_app.ui.annotate.drafts import AnnotationDraft
from assessor_app.ui.annotate.single_marks import SingleMarks, put_beside

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


class TextAnnotator(SingleMarks):
    """Marks on one plain text.

    Args:
        view: the text.
        parent: Qt parent.
    """

    tool_changed = Signal(str)
    """Id of the tool in the table of keys."""

    def __init__(self, view: AnnotatedText, parent: QObject) -> None:
        super().__init__(view.viewport(), parent)
        self._view = view
        self.tool = "tool.pointer"
        self._source: TextSource | None = None
        self._spans: dict[AnnotationId, tuple[int, int]] = {}
        self.changed.connect(self._paint)
        self.left.connect(view.setFocus)
        view.mark_clicked.connect(self._clicked)
        view.selected.connect(self._finished_selecting)
        view.verticalScrollBar().valueChanged.connect(self.place_box)
        self.box.resized.connect(self.place_box)

    # ---- what is shown ----

    def open(self, source: TextSource) -> None:
        """Another text; its marks come with the next `set_annotations`."""
        self.begin(source.id)
        self._source = source
        self._spans.clear()
        self._paint()

    def _kept(self, annotations: Sequence[Annotation]) -> Iterable[Annotation]:
        self._spans = {}
        for annotation in annotations:
            words = annotation.anchor.text
            span = find_words(words, self._view.text) if words is not None else None
            if span is not None:
                self._spans[annotation.id] = span
        return annotations

    def _is_here(self, annotation: Annotation) -> bool:
        return annotation.id in self._spans

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
        if self.tool == "tool.pointer":
            super().set_colour(colour)
        else:
            self.colour = colour
            self.colour_changed.emit(colour)

    def copy_selected(self) -> None:
        """Put what the selected mark says on the clipboard, as text."""
        if self.selected is not None:
            QGuiApplication.clipboard().setText(words_of(self.selected))

    def show_mark(self, annotation_id: AnnotationId) -> bool:
        """Bring a mark into view and select it; False when it has no place here."""
        if annotation_id in self._spans:
            self._view.show_span(self._spans[annotation_id][0])
        return self.select(annotation_id)

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

    # ---- inside ----

    @Slot()
    def place_box(self) -> None:
        """Put the comment box below its mark, inside of the view."""
        if self.selected is not None and self.box.isVisible():
            put_beside(
                self.box, self._view.rect_of(*self._spans[self.selected.id]), self._view.viewport().rect()
            )

    def _place_box(self) -> None:
        self.place_box()

    def _mark(self, kind: AnnotationKind) -> bool:
        anchor = self.anchor_here() if self._is_editable else None
        if anchor is None:
            return False
        self._view.clear_selection()
        self.create(AnnotationDraft(kind, anchor, self.colour))
        return True

    @Slot(str)
    def _clicked(self, annotation_id: str) -> None:
        self.select(AnnotationId(annotation_id) if annotation_id else None)

    @Slot()
    def _finished_selecting(self) -> None:
        kind = KINDS.get(self.tool)
        if kind is not None:
            self._mark(kind)

    @Slot()
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


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
