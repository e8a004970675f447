"""Marks on a recording: notes at moments, ranges, regions of frames, with the comment box of all marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.documents.media_probe import RecordingFacts
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect, SourceKind, TimeSpan
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.drafts import AnnotationDraft
from assessor_app.ui.annotate.single_marks import SingleMarks
from assessor_app.ui.annotate.words import kind_word, span_words
from assessor_app.ui.viewers.media.media_mark import MediaMark


class MediaMarks(SingleMarks):
    """Makes, shows, selects and changes the marks of one recording.

    Args:
        stage: what the comment box floats on.
        parent: Qt parent.
    """

    def __init__(self, stage: QWidget, parent: QObject) -> None:
        super().__init__(stage, parent)
        self.range_start: int | None = None
        self.not_found: frozenset[AnnotationId] = frozenset()
        """Marks on this recording at no moment of it."""
        self._facts = RecordingFacts(0, has_video=False, has_audio=False)
        self._source: tuple[str, str] | None = None

    # ---- what is shown ----

    def open(self, source_id: str, sha256: str, facts: RecordingFacts) -> None:
        """Another recording; its marks come with the next `set_annotations`."""
        self.begin(source_id)
        self._source, self._facts = (source_id, sha256), facts
        self.range_start = None
        self.changed.emit()

    def close(self) -> None:
        """The recording is left; what was being typed is handed on."""
        self.begin("")
        self._source, self.range_start = None, None

    def _kept(self, annotations: Sequence[Annotation]) -> Iterable[Annotation]:
        ours = [a for a in annotations if _has_place(a.anchor.span, self._facts)]
        self.not_found = frozenset(a.id for a in annotations) - {a.id for a in ours}
        return sorted(ours, key=_order)

    def anchor_at(self, at_ms: int, mark: Annotation) -> Anchor | None:
        """Where a mark would stand that is placed anew: as long as it was, from a moment on."""
        if self._source is None:
            return None
        span = mark.anchor.span or TimeSpan(0, 0)
        length = min(span.end_ms - span.start_ms, max(0, self._facts.duration_ms - at_ms))
        return _anchor(self._source, self._facts, TimeSpan(at_ms, at_ms + length), mark.anchor.rects)

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """The marks of this recording, by time."""
        return self._annotations

    def marks(self) -> tuple[MediaMark, ...]:
        """Saved marks, and those on their way, by time."""
        found = [
            MediaMark(
                a.id,
                a.kind,
                a.colour,
                a.anchor.span or TimeSpan(0, 0),
                a.anchor.rects[0] if a.anchor.rects else None,
                _line(a),
                self.may_change(a.id),
                a.id == self._selected,
                a.opacity,
                a.line_width_pt,
            )
            for a in self._annotations
            if self._is_shown(a.id)
        ]
        for draft in self._pending:
            span, rects = draft.anchor.span or TimeSpan(0, 0), draft.anchor.rects
            rect = rects[0] if rects else None
            found.append(MediaMark("", draft.kind, draft.colour, span, rect, "", may_change=False))
        return tuple(found)

    # ---- verbs ----

    def note_at(self, at_ms: int) -> None:
        """Make a note at a moment."""
        self._create(AnnotationKind.NOTE, TimeSpan(at_ms, at_ms))

    def begin_range(self, at_ms: int) -> None:
        """Remember where a range begins."""
        if self._is_editable:
            self.range_start = at_ms
            self.changed.emit()

    def end_range(self, at_ms: int) -> bool:
        """Make the range up to a moment; False when it was not begun, or has no length."""
        start = self.range_start
        if start is None or start == at_ms or not self._is_editable:
            return False
        self.range_start = None
        self._create(AnnotationKind.HIGHLIGHT, TimeSpan(min(start, at_ms), max(start, at_ms)))
        return True

    def box_at(self, rect: Rect, at_ms: int) -> None:
        """Frame a region of the frame of a moment."""
        self._create(AnnotationKind.BOX, TimeSpan(at_ms, at_ms), (rect,))

    @Slot(str, object)
    def change_span(self, annotation_id: str, span: TimeSpan) -> None:
        """Move or trim a mark."""
        mark = self._by_id(annotation_id)
        if mark is not None:
            self.change(replace(mark, anchor=replace(mark.anchor, span=span)))

    @Slot(str, object)
    def change_rect(self, annotation_id: str, rect: Rect) -> None:
        """Move or resize a region."""
        mark = self._by_id(annotation_id)
        if mark is not None:
            self.change(replace(mark, anchor=replace(mark.anchor, rects=(rect,))))

    def escape(self) -> bool:
        """One step out: comment, selection, a range that was begun. False when there is nothing to leave."""
        if self.leave_mark():
            return True
        if self.range_start is None:
            return False
        self.range_start = None
        self.changed.emit()
        return True

    # ---- inside ----

    def _create(self, kind: AnnotationKind, span: TimeSpan, rects: tuple[Rect, ...] = ()) -> None:
        if self._source is None or not self._is_editable:
            return
        self.create(AnnotationDraft(kind, _anchor(self._source, self._facts, span, rects), self.colour))

    def _delete(self, annotation_id: str) -> None:
        super()._delete(annotation_id)
        self.left.emit()

    def _by_id(self, annotation_id: str) -> Annotation | None:
        return next((a for a in self._annotations if a.id == annotation_id), None)


def _order(annotation: Annotation) -> tuple[int, int, str]:
    span = annotation.anchor.span or TimeSpan(0, 0)
    return span.start_ms, span.end_ms, annotation.id


def _line(annotation: Annotation) -> str:
    """A line for the list: when, and what was written."""
    when = span_words(annotation.anchor.span or TimeSpan(0, 0))
    comment = " ".join(annotation.comment.split())
    return f"{when}  {comment or kind_word(annotation.kind)}"


def _anchor(
    source: tuple[str, str], facts: RecordingFacts, span: TimeSpan, rects: tuple[Rect, ...]
) -> Anchor:
    """A place in a recording: when, and where on the frame.

    Args:
        source: artifact id and digest of the content.
        facts: for the size of a frame.
        span: when.
        rects: a region of the frame in its pixels, or nothing.
    """
    return Anchor(
        SourceKind.ARTIFACT,
        source[0],
        source[1],
        page=0,
        page_width_pt=float(facts.width_px),
        page_height_pt=float(facts.height_px),
        rects=rects,
        span=span,
    )


def _has_place(span: TimeSpan | None, facts: RecordingFacts) -> bool:
    """Whether a mark begins within the recording, as far as its length is known."""
    return span is not None and (facts.duration_ms == 0 or span.start_ms <= facts.duration_ms)
