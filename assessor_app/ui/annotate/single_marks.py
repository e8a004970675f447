"""What all marks have in common where one is selected at a time: on texts, on cells, on recordings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.annotations import Annotation, AnnotationKind
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.annotate.drafts import FIRST_COLOUR, AnnotationDraft, MarksEdit
from assessor_app.ui.annotate.visibility import ALL_LAYERS, LayerVisibility
from assessor_app.ui.annotate.words import change_label

_WRITES_AT_ONCE = (AnnotationKind.NOTE, AnnotationKind.QUESTION)
_GAP_PX = 8


class SingleMarks(QObject):
    """The marks of one piece of evidence: made, shown, selected and changed, with one comment box.

    Args:
        viewport: what the comment box floats over.
        parent: Qt parent.
    """

    created = Signal(object)
    """AnnotationDraft: a new mark, to be saved."""
    edited = Signal(object)
    """MarksEdit: a mark with another place, colour, comment, reader or criteria, or taken away."""
    picked = Signal(tuple)
    """Ids of the marks that the person selected here."""
    layers_wanted = Signal(object)
    """LayerVisibility: a mark was made, so that one's own marks have to be in sight."""
    colour_changed = Signal(str)
    """Name of the colour in use."""
    changed = Signal()
    """Something is to be painted anew."""
    left = Signal()
    """The comment box was closed: the keyboard belongs to the evidence again."""

    def __init__(self, viewport: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self.box = CommentBox(viewport)
        self.colour = FIRST_COLOUR
        self._source_id = ""
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

    # ---- for those that know what is shown ----

    def _kept(self, annotations: Sequence[Annotation]) -> Iterable[Annotation]:
        """Those of the evidence's marks that are handled here, in their order; places are found now."""
        return annotations

    def _is_here(self, annotation: Annotation) -> bool:
        """Whether a mark has a place in what is shown."""
        del annotation
        return True

    def _bring_up(self, annotation: Annotation, *, is_new: bool) -> None:
        """A mark was selected; `is_new` when it was not before."""

    def _place_box(self) -> None:
        """Put the comment box beside the selected mark."""

    # ---- what is shown ----

    def begin(self, source_id: str) -> None:
        """Another piece of evidence; its marks come with the next `set_annotations`."""
        self.box.forget()
        self._source_id = source_id
        self._annotations, self._pending, self._selected = (), [], None

    @property
    def source_id(self) -> str:
        """Id of the evidence at hand; empty for none."""
        return self._source_id

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Replace the marks; those of other evidence are left out; one just made is selected."""
        if not self._source_id:
            return
        known = {annotation.id for annotation in self._annotations}
        self._annotations = tuple(
            self._kept([a for a in annotations if a.anchor.source_id == self._source_id])
        )
        self._read_only = read_only
        arrived = [
            a
            for a in self._annotations
            if a.id not in known and any(is_made_from(a, draft) for draft in self._pending)
        ]
        self._pending = [d for d in self._pending if not any(is_made_from(a, d) for a in self._annotations)]
        selected = self.selected
        if selected is None and self._selected is not None:
            self.select(None)
        if arrived:
            self.select(arrived[-1].id)
            if arrived[-1].kind in _WRITES_AT_ONCE:
                self.box.write()
        elif selected is not None and self.box.isVisible():
            self.box.load(selected)
            self.box.set_editable(self.may_change(selected.id))
        self.changed.emit()

    @property
    def selected(self) -> Annotation | None:
        """The mark that is selected, if it has a place here."""
        return self._here(self._selected)

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to, with short texts."""
        self.box.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self._is_editable = is_editable
        self.box.set_editable(is_editable and (self._selected is None or self.may_change(self._selected)))
        self.changed.emit()

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide marks; what is selected stays in sight."""
        self._layers = layers
        self.changed.emit()

    def may_change(self, annotation_id: str) -> bool:
        """Whether a mark can be changed."""
        return self._is_editable and annotation_id not in self._read_only

    # ---- verbs ----

    def create(self, draft: AnnotationDraft) -> None:
        """Make a mark; it shows until it is saved or refused, and one's own marks come into sight."""
        if not self._layers.mine:
            self.layers_wanted.emit(replace(self._layers, mine=True))
        self._pending.append(draft)
        self.changed.emit()
        self.created.emit(draft)

    def set_colour(self, colour: str) -> None:
        """Use a colour from now on; a selected mark takes it, too."""
        self.colour = colour
        if self.selected is not None:
            self.change(replace(self.selected, colour=colour))
        self.colour_changed.emit(colour)

    def select(self, annotation_id: AnnotationId | None) -> bool:
        """Select a mark and show its comment; False when it has no place here."""
        mark = self._here(annotation_id)
        if annotation_id is not None and mark is None:
            return False
        is_new = annotation_id != self._selected
        if is_new:
            self.box.forget()
        self._selected = annotation_id
        if mark is not None:
            self._bring_up(mark, is_new=is_new)
            self.box.load(mark)
            self.box.set_editable(self.may_change(mark.id))
            self.box.show()
            self.box.raise_()
            self._place_box()
        self.changed.emit()
        if is_new and not self._is_following:
            self.picked.emit(() if annotation_id is None else (annotation_id,))
        return True

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select what was picked elsewhere, if it is one mark that is here, and tell nobody."""
        here = [id_ for id_ in annotation_ids if self._here(id_) is not None]
        self._is_following = True
        self.select(here[0] if len(here) == 1 else None)
        self._is_following = False

    def comment_selected(self) -> None:
        """Write a comment on the selected mark."""
        if self._selected is not None and self.select(self._selected):
            self.box.write()

    def tie_selected(self) -> None:
        """Tie the selected mark to criteria."""
        if self._selected is not None and self.select(self._selected):
            self.box.tie()

    def delete_selected(self) -> None:
        """Delete the selected mark."""
        if self._selected is not None and self.may_change(self._selected):
            self._delete(self._selected)

    @Slot(object)
    def change(self, annotation: Annotation) -> None:
        """Have a mark replaced."""
        before = next((a for a in self._annotations if a.id == annotation.id), None)
        if before is not None and before != annotation and self.may_change(annotation.id):
            self.edited.emit(MarksEdit(change_label([before], [annotation]), puts=(annotation,)))

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self._pending.clear()
        self.box.expect_nothing()
        self.changed.emit()

    def flush(self) -> None:
        """Hand on the comment that is being typed."""
        self.box.flush()

    def leave_mark(self) -> bool:
        """One step out: comment, then selected mark. False when there is neither."""
        if self.box.isVisible():
            self._close_box()
        elif self._selected is not None:
            self.select(None)
        else:
            return False
        return True

    # ---- inside ----

    def _here(self, annotation_id: str | None) -> Annotation | None:
        return next((a for a in self._annotations if a.id == annotation_id and self._is_here(a)), None)

    def _is_shown(self, annotation_id: AnnotationId) -> bool:
        is_theirs = annotation_id in self._read_only
        is_on = self._layers.assessor if is_theirs else self._layers.mine
        return is_on or annotation_id == self._selected

    @Slot()
    def _close_box(self) -> None:
        self.box.flush()
        self.box.hide()
        self.left.emit()

    @Slot(str)
    def _delete(self, annotation_id: str) -> None:
        self.select(None)
        self.edited.emit(MarksEdit(self.tr("Delete mark"), deletes=(AnnotationId(annotation_id),)))


def is_made_from(annotation: Annotation, draft: AnnotationDraft) -> bool:
    """Whether a saved mark is what a draft has become."""
    return annotation.kind is draft.kind and annotation.anchor == draft.anchor


def put_beside(box: CommentBox, at: QRect, view: QRect) -> None:
    """Put a comment box below a mark, above it where there is no room, and always inside of the view.

    Args:
        box: a visible one.
        at: where the mark is, in the viewport's pixels.
        view: the viewport's rectangle.
    """
    box.adjustSize()
    x = min(max(_GAP_PX, at.left()), max(_GAP_PX, view.width() - box.width() - _GAP_PX))
    y = at.bottom() + _GAP_PX
    if y + box.height() > view.height() - _GAP_PX:
        above = at.top() - box.height() - _GAP_PX
        y = above if above >= _GAP_PX else max(_GAP_PX, view.height() - box.height() - _GAP_PX)
    box.move(x, y)
