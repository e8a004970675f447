"""The marks of one document: where they stand, which are selected, and how they are painted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF, Signal, Slot
from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import Found, Placement, place_anchor
from assessor_app.documents.pages import EvidenceSource
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate import handles
from assessor_app.ui.annotate.drafts import AnnotationDraft
from assessor_app.ui.annotate.hits import is_crossed, is_hit
from assessor_app.ui.annotate.ink import Point
from assessor_app.ui.annotate.marks import paint_mark, to_rect
from assessor_app.ui.annotate.place_search import PlaceSearch
from assessor_app.ui.annotate.visibility import ALL_LAYERS, LayerVisibility
from assessor_app.ui.tasks import Lanes

_FADED = 0.25
"""How much is left of a mark that an eraser has touched."""


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
        self._source: EvidenceSource | None = None
        self._source_id = ""
        self._page_count = 0
        self._annotations: dict[AnnotationId, Annotation] = {}
        self._read_only: frozenset[AnnotationId] = frozenset()
        self._places: dict[AnnotationId, Placement] = {}
        self._not_found: set[AnnotationId] = set()
        self._looked_for: list[Annotation] = []
        self._search = PlaceSearch(lanes, self)
        self._search.found.connect(self._places_found)
        self._pending: list[AnnotationDraft] = []
        self._selected: dict[AnnotationId, None] = {}
        """In the order of picking them; a dictionary, because hundreds may be selected and painted."""
        self._preview: dict[AnnotationId, Anchor] = {}
        self._faded: frozenset[AnnotationId] = frozenset()
        self._layers = ALL_LAYERS
        self.edited_in_place: AnnotationId | None = None
        """A free text whose words are being typed on the page: not painted meanwhile."""

    def open(self, source: EvidenceSource | None, source_id: str, page_count: int) -> None:
        """Another document: its marks come with the next `set_annotations`."""
        self._source, self._source_id, self._page_count = source, source_id, page_count
        self._annotations, self._pending = {}, []
        self._preview, self._faded = {}, frozenset()
        self._search.stop()
        self._places.clear()
        self._not_found.clear()
        self.select(None)

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> tuple[Annotation, ...]:
        """Replace the marks; those of other documents are left out.

        Args:
            annotations: all marks of the submission.
            read_only: ids of marks by somebody else.

        Returns:
            The marks that have come out of marks being saved.
        """
        before = {annotation.id: annotation.anchor for annotation in self._annotations.values()}
        self._annotations = {a.id: a for a in annotations if a.anchor.source_id == self._source_id}
        self._read_only = read_only
        made = self._take_made([a for a in self._annotations.values() if a.id not in before])
        self._preview, self._faded = {}, frozenset()
        kept, self._places = self._places, {}
        is_same = {a.id for a in self._annotations.values() if before.get(a.id) == a.anchor}
        self._not_found &= is_same
        self._looked_for.clear()
        for annotation in self._annotations.values():
            self._place(annotation, kept.get(annotation.id) if annotation.id in is_same else None)
        if self._source is not None:
            self._search.start(self._source, self._page_count, self._looked_for)
        self.select_all(id_ for id_ in self._selected if self.mark(id_) is not None)
        self.changed.emit()
        self.places_changed.emit()
        return made

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide marks; what is selected stays in sight."""
        self._layers = layers
        self.changed.emit()

    @property
    def source_id(self) -> str:
        """Id of the artifact at hand."""
        return self._source_id

    @property
    def not_found(self) -> frozenset[AnnotationId]:
        """Marks whose place was looked for everywhere in vain."""
        return frozenset(self._not_found)

    @property
    def moved(self) -> Mapping[AnnotationId, Placement]:
        """Places of marks that were found by their words, because the file has changed."""
        return {id_: place for id_, place in self._places.items() if place.found is not Found.GEOMETRY}

    # ---- marks that are being made ----

    def add_pending(self, drafts: Iterable[AnnotationDraft]) -> None:
        """Show marks that are being saved; one that comes again with its id stands for the earlier one."""
        new = tuple(drafts)
        ids = {draft.id for draft in new if draft.id is not None}
        self._pending = [draft for draft in self._pending if draft.id not in ids] + list(new)
        self.changed.emit()

    def discard_pending(self) -> None:
        """Take away marks that could not be saved."""
        self._pending.clear()
        self.changed.emit()

    def _take_made(self, new: Sequence[Annotation]) -> tuple[Annotation, ...]:
        """The new marks that were drafts here; those drafts are done with."""
        made: list[Annotation] = []
        for annotation in new:
            draft = next((d for d in self._pending if _is_made_from(annotation, d)), None)
            if draft is not None:
                self._pending.remove(draft)
                made.append(annotation)
        return tuple(made)

    # ---- selection ----

    @property
    def selected(self) -> Mark | None:
        """The selected mark; None when there is none, or more than one."""
        return self.mark(next(iter(self._selected))) if len(self._selected) == 1 else None

    @property
    def selection(self) -> tuple[Mark, ...]:
        """All selected marks, in the order of picking them."""
        return tuple(mark for id_ in self._selected if (mark := self.mark(id_)) is not None)

    @property
    def selected_ids(self) -> tuple[AnnotationId, ...]:
        """Their ids."""
        return tuple(self._selected)

    def select(self, annotation_id: AnnotationId | None) -> None:
        """Select one mark, or none."""
        self.select_all(() if annotation_id is None else (annotation_id,))

    def select_all(self, annotation_ids: Iterable[AnnotationId]) -> None:
        """Select these marks and no others."""
        wanted = dict.fromkeys(annotation_ids)
        if list(wanted) != list(self._selected):
            self._selected = wanted
            self._preview = {}
            self.selection_changed.emit()
            self.changed.emit()

    def toggle(self, annotation_id: AnnotationId) -> None:
        """Select a mark as well, or no longer."""
        if annotation_id in self._selected:
            self.select_all(id_ for id_ in self._selected if id_ != annotation_id)
        else:
            self.select_all((*self._selected, annotation_id))

    def mark(self, annotation_id: AnnotationId) -> Mark | None:
        """A mark by its id, if it has a place here."""
        annotation = self._annotations.get(annotation_id)
        placement = self._places.get(annotation_id)
        return Mark(annotation, placement) if annotation is not None and placement is not None else None

    def marks(self) -> tuple[Mark, ...]:
        """All marks in sight, in the order in which they are painted."""
        return tuple(
            Mark(annotation, placement)
            for annotation in self._annotations.values()
            if (placement := self._places.get(annotation.id)) is not None and self._is_shown(annotation.id)
        )

    def can_change(self, annotation_id: AnnotationId) -> bool:
        """Whether the mark is the person's own."""
        return annotation_id not in self._read_only

    def at(self, page: int, point: QPointF, scale: float) -> Mark | None:
        """The topmost mark under a point; what covers less lies above."""
        found = [m for m in self.marks() if m.placement.page == page and _is_under(m, point, scale)]
        return min(found, key=lambda mark: _area(mark.placement.rects), default=None)

    def crossed(self, page: int, start: Point, end: Point, scale: float) -> tuple[Mark, ...]:
        """The marks that a straight stroke touches."""
        on_page = (mark for mark in self.marks() if mark.placement.page == page)
        return tuple(mark for mark in on_page if _is_touched(mark, start, end, scale))

    # ---- what is half done ----

    def set_preview(self, anchors: Mapping[AnnotationId, Anchor]) -> None:
        """Show marks elsewhere while they are dragged."""
        self._preview = dict(anchors)
        self.changed.emit()

    def set_faded(self, annotation_ids: frozenset[AnnotationId]) -> None:
        """Show marks as nearly gone while an eraser goes over them."""
        self._faded = annotation_ids
        self.changed.emit()

    def rects_of(self, mark: Mark) -> tuple[Rect, ...]:
        """Where a mark is shown now, a drag included."""
        preview = self._preview.get(mark.annotation.id)
        return preview.rects if preview is not None else mark.placement.rects

    def path_of(self, mark: Mark) -> tuple[Point, ...]:
        """The line of a mark as it is shown now, a drag included."""
        preview = self._preview.get(mark.annotation.id)
        return preview.path if preview is not None else mark.annotation.anchor.path

    def handles(self) -> dict[handles.Handle, QPointF]:
        """The handles of the selected mark; none when it is somebody else's, or one of several."""
        mark = self.selected
        if mark is None or not self.can_change(mark.annotation.id):
            return {}
        has_words = mark.annotation.anchor.text is not None
        return handles.handle_places(
            mark.annotation.kind, self.rects_of(mark), has_words=has_words, path=self.path_of(mark)
        )

    def bounds(self, mark: Mark) -> QRectF:
        """The box around a mark, in page points."""
        bounds = QRectF()
        for rect in self.rects_of(mark):
            bounds = bounds.united(to_rect(rect))
        return bounds

    # ---- painting ----

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint this page's marks, saved ones and those on the way."""
        for mark in self.marks():
            if mark.placement.page == page and mark.annotation.id != self.edited_in_place:
                self._paint_one(painter, mark, scale)
        for draft in self._pending:
            is_open = draft.id is not None and draft.id == self.edited_in_place
            if draft.anchor.page == page and not is_open:
                _paint(painter, draft, draft.anchor.rects, draft.anchor.path, scale)

    def _paint_one(self, painter: QPainter, mark: Mark, scale: float) -> None:
        annotation = mark.annotation
        painter.save()
        if annotation.id in self._faded:
            painter.setOpacity(_FADED)
        is_selected = annotation.id in self._selected
        _paint(painter, annotation, self.rects_of(mark), self.path_of(mark), scale, is_selected=is_selected)
        painter.restore()
        if is_selected and len(self._selected) == 1:
            handles.paint_handles(painter, self.handles(), scale)

    def _is_shown(self, annotation_id: AnnotationId) -> bool:
        is_mine = annotation_id not in self._read_only
        is_on = self._layers.mine if is_mine else self._layers.assessor
        return is_on or annotation_id in self._selected

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
            self._looked_for.append(annotation)

    @Slot(object)
    def _places_found(self, found: Mapping[AnnotationId, Placement | None]) -> None:
        for id_, placement in found.items():
            if placement is None:
                self._not_found.add(id_)
            else:
                self._places[id_] = placement
        self.changed.emit()
        self.places_changed.emit()


def _is_made_from(annotation: Annotation, draft: AnnotationDraft) -> bool:
    if draft.id is not None:
        return draft.id == annotation.id
    return draft.kind is annotation.kind and draft.anchor == annotation.anchor


def _area(rects: Sequence[Rect]) -> float:
    return sum((rect.x1 - rect.x0) * (rect.y1 - rect.y0) for rect in rects)


def _paint(
    painter: QPainter,
    made: Annotation | AnnotationDraft,
    rects: Sequence[Rect],
    path: Sequence[Point],
    scale: float,
    *,
    is_selected: bool = False,
) -> None:
    paint_mark(
        painter,
        made.kind,
        rects,
        made.colour,
        scale,
        mark_scale=made.anchor.mark_scale,
        path=path,
        opacity=made.opacity,
        width_pt=made.line_width_pt,
        text=made.comment if made.kind is AnnotationKind.FREE_TEXT else "",
        is_selected=is_selected,
        has_comment=bool(made.comment),
    )


def _is_under(mark: Mark, point: QPointF, scale: float) -> bool:
    made, rects = mark.annotation, mark.placement.rects
    return is_hit(made.kind, rects, point, scale, path=made.anchor.path, width_pt=_width_pt(made))


def _is_touched(mark: Mark, start: Point, end: Point, scale: float) -> bool:
    made, rects = mark.annotation, mark.placement.rects
    return is_crossed(made.kind, rects, start, end, scale, path=made.anchor.path, width_pt=_width_pt(made))


def _width_pt(made: Annotation) -> float:
    """Width of a mark's line in points of its own page."""
    return made.line_width_pt * made.anchor.mark_scale
