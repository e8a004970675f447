"""Marks on a recording: notes at moments, ranges, regions of frames, with the comment box of all marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assessor_app.documents.media_probe import RecordingFacts
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect, SourceKind, TimeSpan
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.annotate.drafts import FIRST_COLOUR, AnnotationDraft
from assessor_app.ui.annotate.visibility import ALL_LAYERS, LayerVisibility
from assessor_app.ui.annotate.words import kind_word, span_words
from assessor_app.ui.viewers.media.media_mark import MediaMark


class MediaMarks(QObject):
    """Makes, shows, selects and changes the marks of one recording.

    Args:
        stage: what the comment box floats on.
        parent: Qt parent.
    """

    created = Signal(object)
    """AnnotationDraft: a new mark, to be saved."""
    changed_mark = Signal(object)
    """Annotation with another place, colour, comment, reader or criteria."""
    deleted = Signal(str)
    """Id of a mark to delete."""
    changed = Signal()
    """Something is to be painted anew."""
    picked = Signal(tuple)
    """Ids of the marks that the person selected here."""
    left = Signal()
    """The comment box was closed: the keyboard belongs to the recording again."""
    colour_changed = Signal(str)
    """Name of the colour in use."""

    def __init__(self, stage: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self.box = CommentBox(stage)
        self.colour = FIRST_COLOUR
        self.range_start: int | None = None
        self.not_found: frozenset[AnnotationId] = frozenset()
        """Marks on this recording at no moment of it."""
        self._facts = RecordingFacts(0, has_video=False, has_audio=False)
        self._source: tuple[str, str] | None = None
        self._annotations: tuple[Annotation, ...] = ()
        self._read_only: frozenset[AnnotationId] = frozenset()
        self._pending: list[AnnotationDraft] = []
        self._selected: AnnotationId | None = None
        self._is_editable = True
        self._is_following = False
        self._layers = ALL_LAYERS
        self.box.edited.connect(self.change)
        self.box.delete_requested.connect(self._delete)
        self.box.closed.connect(self._close_box)

    # ---- what is shown ----

    def open(self, source_id: str, sha256: str, facts: RecordingFacts) -> None:
        """Another recording; its marks come with the next `set_annotations`."""
        self.box.forget()
        self._source, self._facts = (source_id, sha256), facts
        self._annotations, self._pending, self._selected = (), [], None
        self.range_start = None
        self._tell()

    def close(self) -> None:
        """The recording is left; what was being typed is handed on."""
        self.box.forget()
        self._source, self._selected, self.range_start = None, None, None

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Replace the marks; those of other evidence are left out; one just made is selected."""
        if self._source is None:
            return
        known = {annotation.id for annotation in self._annotations}
        here = [a for a in annotations if a.anchor.source_id == self._source[0]]
        ours = [a for a in here if _has_place(a.anchor.span, self._facts)]
        self.not_found = frozenset(a.id for a in here) - {a.id for a in ours}
        self._annotations = tuple(sorted(ours, key=_order))
        self._read_only = read_only
        arrived = [a for a in ours if a.id not in known and self._is_pending(a)]
        self._pending = [d for d in self._pending if not any(_is_made_from(a, d) for a in ours)]
        if self._selected is not None and self.selected is None:
            self.select(None)
        if arrived:
            self.select(arrived[-1].id)
            if arrived[-1].kind is AnnotationKind.NOTE:
                self.box.write()
        elif self.selected is not None and self.box.isVisible():
            self.box.load(self.selected)
            self.box.set_editable(self.may_change(self.selected.id))
        self._tell()

    @property
    def source_id(self) -> str:
        """Id of the artifact at hand; empty for none."""
        return self._source[0] if self._source is not None else ""

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

    @property
    def selected(self) -> Annotation | None:
        """The selected mark."""
        return next((a for a in self._annotations if a.id == self._selected), None)

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

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to."""
        self.box.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self._is_editable = is_editable
        self.box.set_editable(is_editable and (self._selected is None or self.may_change(self._selected)))
        self._tell()

    def may_change(self, annotation_id: str) -> bool:
        """Whether a mark can be changed."""
        return self._is_editable and annotation_id not in self._read_only

    # ---- verbs ----

    def note_at(self, at_ms: int) -> None:
        """Make a note at a moment."""
        self._create(AnnotationKind.NOTE, TimeSpan(at_ms, at_ms))

    def begin_range(self, at_ms: int) -> None:
        """Remember where a range begins."""
        if self._is_editable:
            self.range_start = at_ms
            self._tell()

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

    def select(self, annotation_id: AnnotationId | None) -> bool:
        """Select a mark and show its comment; False when it is not on this recording."""
        mark = next((a for a in self._annotations if a.id == annotation_id), None)
        if annotation_id is not None and mark is None:
            return False
        if annotation_id != self._selected:
            self.box.forget()
        self._selected = annotation_id
        if mark is not None:
            self.box.load(mark)
            self.box.set_editable(self.may_change(mark.id))
            self.box.show()
            self.box.raise_()
        if not self._is_following:
            self.picked.emit(() if annotation_id is None else (annotation_id,))
        self._tell()
        return True

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select what was picked elsewhere, if it is one mark that is here, and tell nobody."""
        here = [mark.id for mark in self._annotations if mark.id in annotation_ids]
        self._is_following = True
        self.select(here[0] if len(here) == 1 else None)
        self._is_following = False

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide marks; what is selected stays in sight."""
        self._layers = layers
        self._tell()

    def change_span(self, annotation_id: str, span: TimeSpan) -> None:
        """Move or trim a mark."""
        mark = self._by_id(annotation_id)
        if mark is not None:
            self.change(replace(mark, anchor=replace(mark.anchor, span=span)))

    def change_rect(self, annotation_id: str, rect: Rect) -> None:
        """Move or resize a region."""
        mark = self._by_id(annotation_id)
        if mark is not None:
            self.change(replace(mark, anchor=replace(mark.anchor, rects=(rect,))))

    def change(self, annotation: Annotation) -> None:
        """Have a mark replaced."""
        if self.may_change(annotation.id):
            self.changed_mark.emit(annotation)

    def set_colour(self, colour: str) -> None:
        """Use a colour from now on; a selected mark takes it, too."""
        self.colour = colour
        mark = self.selected
        if mark is not None and mark.colour != colour:
            self.change(replace(mark, colour=colour))
        self.colour_changed.emit(colour)

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
        if self._selected is not None and self.may_change(self._selected):
            self._delete(self._selected)

    def escape(self) -> bool:
        """One step out: comment, selection, a range that was begun. False when there is nothing to leave."""
        if self.box.isVisible():
            self._close_box()
        elif self._selected is not None:
            self.select(None)
        elif self.range_start is not None:
            self.range_start = None
            self._tell()
        else:
            return False
        return True

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self._pending.clear()
        self._tell()

    def flush(self) -> None:
        """Hand on the comment that is being typed."""
        self.box.flush()

    # ---- inside ----

    def _create(self, kind: AnnotationKind, span: TimeSpan, rects: tuple[Rect, ...] = ()) -> None:
        if self._source is None or not self._is_editable:
            return
        draft = AnnotationDraft(kind, _anchor(self._source, self._facts, span, rects), self.colour)
        self._pending.append(draft)
        self._tell()
        self.created.emit(draft)

    def _close_box(self) -> None:
        self.box.flush()
        self.box.hide()
        self.left.emit()

    def _delete(self, annotation_id: str) -> None:
        self.select(None)
        self.left.emit()
        self.deleted.emit(annotation_id)

    def _is_shown(self, annotation_id: AnnotationId) -> bool:
        is_theirs = annotation_id in self._read_only
        is_on = self._layers.assessor if is_theirs else self._layers.mine
        return is_on or annotation_id == self._selected

    def _by_id(self, annotation_id: str) -> Annotation | None:
        return next((a for a in self._annotations if a.id == annotation_id), None)

    def _is_pending(self, annotation: Annotation) -> bool:
        return any(_is_made_from(annotation, draft) for draft in self._pending)

    def _tell(self) -> None:
        self.changed.emit()


def _is_made_from(annotation: Annotation, draft: AnnotationDraft) -> bool:
    return annotation.kind is draft.kind and annotation.anchor == draft.anchor


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
