"""The marks of one document: where they stand, which is selected, and how they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import Placement, nearest_first, place_anchor, place_anywhere
from assessor_app.documents.pages import EvidenceSource
from assessor_app.domain.annotations import Anchor, Annotation, Rect
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate import handles
from assessor_app.ui.annotate.drafts import AnnotationDraft
from assessor_app.ui.annotate.marks import is_hit, paint_mark, to_rect
from assessor_app.ui.render_context import HasRenderer
from assessor_app.ui.tasks import Lanes


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotation with its place in the document at hand."""

    annotation: Annotation
    placement: Placement


class AnnotationLayer(QObject):
    """Places, finds and paints the marks of one document. An overlay of the page view."""

    changed = Signal()
    """Something has to be painted anew."""
    selection_changed = Signal()
    places_changed = Signal()
    """It is known anew which marks have a place and which have none."""

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._source: EvidenceSource | None = None
        self._source_id = ""
        self._page_count = 0
        self._annotations: tuple[Annotation, ...] = ()
        self._read_only: frozenset[AnnotationId] = frozenset()
        self._places: dict[AnnotationId, Placement] = {}
        self._not_found: set[AnnotationId] = set()
        self._pending: list[AnnotationDraft] = []
        self._selected: AnnotationId | None = None
        self._preview: tuple[AnnotationId, tuple[Rect, ...]] | None = None

    def open(self, source: EvidenceSource | None, source_id: str, page_count: int) -> None:
        """Another document: its marks come with the next `set_annotations`."""
        self._source, self._source_id, self._page_count = source, source_id, page_count
        self._annotations, self._pending, self._preview = (), [], None
        self._places.clear()
        self._not_found.clear()
        self.select(None)

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Replace the marks; those of other documents are left out.

        Args:
            annotations: all marks of the submission.
            read_only: ids of marks by somebody else.
        """
        self._annotations = tuple(a for a in annotations if a.anchor.source_id == self._source_id)
        self._read_only = read_only
        self._pending = [draft for draft in self._pending if self.made_from(draft) is None]
        self._preview = None
        kept, self._places = self._places, {}
        for annotation in self._annotations:
            self._place(annotation, kept.get(annotation.id))
        self._not_found &= {a.id for a in self._annotations}
        if self._selected is not None and self.mark(self._selected) is None:
            self.select(None)
        self.changed.emit()
        self.places_changed.emit()

    @property
    def not_found(self) -> frozenset[AnnotationId]:
        """Marks whose place was looked for everywhere in vain."""
        return frozenset(self._not_found)

    # ---- marks that are being made ----

    def add_pending(self, draft: AnnotationDraft) -> None:
        """Show a mark that is being saved."""
        self._pending.append(draft)
        self.changed.emit()

    def discard_pending(self) -> None:
        """Take away marks that could not be saved."""
        self._pending.clear()
        self.changed.emit()

    def made_from(self, draft: AnnotationDraft) -> Annotation | None:
        """The saved mark that a draft has become."""
        return next((a for a in self._annotations if a.kind is draft.kind and a.anchor == draft.anchor), None)

    # ---- selection ----

    @property
    def selected(self) -> Mark | None:
        """The selected mark."""
        return self.mark(self._selected) if self._selected is not None else None

    def select(self, annotation_id: AnnotationId | None) -> None:
        """Select a mark, or none."""
        if annotation_id != self._selected:
            self._selected = annotation_id
            self._preview = None
            self.selection_changed.emit()
            self.changed.emit()

    def mark(self, annotation_id: AnnotationId) -> Mark | None:
        """A mark by its id, if it has a place here."""
        annotation = next((a for a in self._annotations if a.id == annotation_id), None)
        placement = self._places.get(annotation_id)
        return Mark(annotation, placement) if annotation is not None and placement is not None else None

    def can_change(self, annotation_id: AnnotationId) -> bool:
        """Whether the mark is the person's own."""
        return annotation_id not in self._read_only

    def at(self, page: int, point: QPointF, scale: float) -> Mark | None:
        """The topmost mark under a point; what covers less lies above."""
        found = [
            Mark(annotation, placement)
            for annotation in self._annotations
            if (placement := self._places.get(annotation.id)) is not None and placement.page == page
            if is_hit(annotation.kind, placement.rects, point, scale)
        ]
        return min(found, key=lambda mark: _area(mark.placement.rects), default=None)

    def set_preview(self, annotation_id: AnnotationId, rects: tuple[Rect, ...]) -> None:
        """Show a mark elsewhere while it is dragged."""
        self._preview = (annotation_id, rects)
        self.changed.emit()

    def rects_of(self, mark: Mark) -> tuple[Rect, ...]:
        """Where a mark is shown now, a drag included."""
        if self._preview is not None and self._preview[0] == mark.annotation.id:
            return self._preview[1]
        return mark.placement.rects

    def handles(self) -> dict[handles.Handle, QPointF]:
        """The handles of the selected mark; none when it is somebody else's."""
        mark = self.selected
        if mark is None or not self.can_change(mark.annotation.id):
            return {}
        has_words = mark.annotation.anchor.text is not None
        return handles.handle_places(mark.annotation.kind, self.rects_of(mark), has_words=has_words)

    def bounds(self, mark: Mark) -> QRectF:
        """The box around a mark, in page points."""
        bounds = QRectF()
        for rect in self.rects_of(mark):
            bounds = bounds.united(to_rect(rect))
        return bounds

    # ---- painting ----

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint this page's marks, saved ones and those on the way."""
        for annotation in self._annotations:
            placement = self._places.get(annotation.id)
            if placement is None or placement.page != page:
                continue
            mark = Mark(annotation, placement)
            paint_mark(
                painter,
                annotation.kind,
                self.rects_of(mark),
                annotation.colour,
                scale,
                is_selected=annotation.id == self._selected,
                has_comment=bool(annotation.comment),
            )
            if annotation.id == self._selected:
                handles.paint_handles(painter, self.handles(), scale)
        for draft in self._pending:
            if draft.anchor.page == page:
                paint_mark(painter, draft.kind, draft.anchor.rects, draft.colour, scale)

    # ---- places ----

    def _place(self, annotation: Annotation, known: Placement | None) -> None:
        source = self._source
        if source is None:
            return
        placement = place_anchor(annotation.anchor, source.sha256, None)
        if placement is not None:
            self._places[annotation.id] = placement
        elif known is not None:
            self._places[annotation.id] = known
        elif annotation.id not in self._not_found:
            self._look_everywhere(annotation.id, annotation.anchor, source)

    def _look_everywhere(self, annotation_id: AnnotationId, anchor: Anchor, source: EvidenceSource) -> None:
        """The file changed: find the words again, page by page, off the GUI thread."""
        pages = nearest_first(anchor.page, self._page_count)

        def look(context: HasRenderer) -> Placement | None:
            return place_anywhere(anchor, source.sha256, (context.renderer.text(source, p) for p in pages))

        def found(placement: Placement | None) -> None:
            if source is not self._source:
                return
            if placement is None:
                self._not_found.add(annotation_id)
            else:
                self._places[annotation_id] = placement
            self.changed.emit()
            self.places_changed.emit()

        self._lanes.render(self, look, found, key=f"place {annotation_id}")


def _area(rects: Sequence[Rect]) -> float:
    return sum((rect.x1 - rect.x0) * (rect.y1 - rect.y0) for rect in rects)
