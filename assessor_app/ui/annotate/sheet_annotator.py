"""Marks on the cells of a sheet: makes, shows, selects and changes them, with the same comment box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from assessor_app.documents.sheets import Area, area_name, named_area
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, SourceKind, TextAnchor
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.annotate.drafts import FIRST_COLOUR, AnnotationDraft, MarksEdit
from assessor_app.ui.annotate.visibility import ALL_LAYERS, LayerVisibility
from assessor_app.ui.annotate.words import change_label

CELLS_LAYER = "cells;tsv"
"""How the words of cells are put together: tabs between columns, a line for each row."""
KINDS = {
    "tool.highlight": AnnotationKind.HIGHLIGHT,
    "tool.note": AnnotationKind.NOTE,
    "tool.question": AnnotationKind.QUESTION,
}
"""The tools that work on cells."""
_QUOTE_MAX_CHARS = 400


class SheetAnnotator(QObject):
    """Marks on one workbook, of which one sheet is shown.

    Args:
        viewport: what the comment box floats over.
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
    colour_changed = Signal(str)
    """Name of the colour in use."""
    changed = Signal()
    """Other marks are to be painted."""
    area_wanted = Signal(int, object)
    """Sheet and Area that are to be brought into view."""
    left = Signal()
    """The keyboard goes back to the cells."""

    def __init__(self, viewport: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self.box = CommentBox(viewport)
        self.colour = FIRST_COLOUR
        self.sheet = 0
        self._viewport = viewport
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

    def open(self, source_id: str, sha256: str) -> None:
        """Another workbook; its marks come with the next `set_annotations`."""
        self.box.forget()
        self._source = (source_id, sha256)
        self._annotations, self._pending, self._selected, self.sheet = (), [], None, 0

    def set_annotations(self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId]) -> None:
        """Replace the marks; one just made is selected."""
        if self._source is None:
            return
        known = {annotation.id for annotation in self._annotations}
        self._annotations = tuple(
            a for a in annotations if a.anchor.source_id == self._source[0] and a.anchor.cells
        )
        self._read_only = read_only
        arrived = [
            a
            for a in self._annotations
            if a.id not in known and any(_is_made_from(a, draft) for draft in self._pending)
        ]
        self._pending = [d for d in self._pending if not any(_is_made_from(a, d) for a in self._annotations)]
        if self._selected not in {a.id for a in self._annotations}:
            self.select(None)
        if arrived:
            self.select(arrived[-1].id)
            if arrived[-1].kind in (AnnotationKind.NOTE, AnnotationKind.QUESTION):
                self.box.write()
        elif self.selected is not None and self.box.isVisible():
            self.box.load(self.selected)
            self.box.set_editable(self._may_change(self.selected.id))
        self.changed.emit()

    @property
    def selected(self) -> Annotation | None:
        """The mark that is selected."""
        return next((a for a in self._annotations if a.id == self._selected), None)

    def shown(self) -> list[tuple[str, AnnotationDraft, bool]]:
        """Marks on the sheet that is shown: id (empty until saved), what it is, whether selected."""
        marks = [
            (str(a.id), AnnotationDraft(a.kind, a.anchor, a.colour, a.opacity), a.id == self._selected)
            for a in self._annotations
            if a.anchor.page == self.sheet and self._is_shown(a.id)
        ]
        return marks + [("", draft, False) for draft in self._pending if draft.anchor.page == self.sheet]

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to, with short texts."""
        self.box.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self._is_editable = is_editable
        self.box.set_editable(is_editable and (self._selected is None or self._may_change(self._selected)))

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide marks; what is selected stays in sight."""
        self._layers = layers
        self.changed.emit()

    # ---- verbs ----

    def mark(self, entry_id: str, area: Area | None, words: str) -> None:
        """Mark cells; the very same mark once more selects the one that is there.

        Args:
            entry_id: the tool.
            area: the cells.
            words: what they show.
        """
        if area is None or self._source is None or not self._is_editable:
            return
        kind, cells = KINDS[entry_id], area_name(area)
        for there in self._annotations:
            if (there.kind, there.anchor.page, there.anchor.cells) == (kind, self.sheet, cells):
                self.select(there.id)
                return
        exact = words.strip()[:_QUOTE_MAX_CHARS]
        anchor = Anchor(
            source_kind=SourceKind.ARTIFACT,
            source_id=self._source[0],
            source_sha256=self._source[1],
            page=self.sheet,
            page_width_pt=0.0,
            page_height_pt=0.0,
            text=TextAnchor(exact, "", "", 0, len(exact), CELLS_LAYER) if exact else None,
            cells=cells,
        )
        draft = AnnotationDraft(kind, anchor, self.colour)
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
        """Select a mark and show its comment; False when it is not here."""
        mark = next((a for a in self._annotations if a.id == annotation_id), None)
        if annotation_id is not None and mark is None:
            return False
        is_new = annotation_id != self._selected
        if is_new:
            self.box.forget()
        self._selected = annotation_id
        if mark is not None:
            area = named_area(mark.anchor.cells)
            if is_new and area is not None:
                self.area_wanted.emit(mark.anchor.page, area)
            self.box.load(mark)
            self.box.set_editable(self._may_change(mark.id))
            self.box.show()
            self.box.raise_()
        self.changed.emit()
        if is_new and not self._is_following:
            self.picked.emit(() if annotation_id is None else (annotation_id,))
        return True

    def select_at(self, row: int, column: int) -> None:
        """Select the mark on a cell; the next one where the cell has several and one of them is selected."""
        here = [a.id for a in self._annotations if a.anchor.page == self.sheet and _covers(a, row, column)]
        if not here:
            self.select(None)
        elif self._selected in here:
            self.select(here[(here.index(self._selected) + 1) % len(here)])
        else:
            self.select(here[-1])

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select what was picked elsewhere, if it is one mark that is here, and tell nobody."""
        here = [id_ for id_ in annotation_ids if any(a.id == id_ for a in self._annotations)]
        self._is_following = True
        self.select(here[0] if len(here) == 1 else None)
        self._is_following = False

    def comment_selected(self) -> None:
        """Write a comment on the selected mark."""
        if self.select(self._selected) and self._selected is not None:
            self.box.write()

    def tie_selected(self) -> None:
        """Tie the selected mark to criteria."""
        if self.select(self._selected) and self._selected is not None:
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
        """One step out: comment, selected mark. False when there is nothing to leave."""
        if self.box.isVisible():
            self._close_box()
        elif self._selected is not None:
            self.select(None)
        else:
            return False
        return True

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self._pending.clear()
        self.box.expect_nothing()
        self.changed.emit()

    def place_box(self, at: QRect) -> None:
        """Put the comment box beside its cells, inside of the view.

        Args:
            at: where the cells are, in the viewport's pixels.
        """
        if not self.box.isVisible():
            return
        self.box.adjustSize()
        view = self._viewport.rect()
        x = min(max(8, at.left()), max(8, view.width() - self.box.width() - 8))
        y = at.bottom() + 8
        if y + self.box.height() > view.height() - 8:
            above = at.top() - self.box.height() - 8
            y = above if above >= 8 else max(8, view.height() - self.box.height() - 8)
        self.box.move(x, y)

    # ---- inside ----

    def _close_box(self) -> None:
        self.box.flush()
        self.box.hide()
        self.left.emit()

    def _delete(self, annotation_id: str) -> None:
        self.select(None)
        self.edited.emit(MarksEdit(self.tr("Delete mark"), deletes=(AnnotationId(annotation_id),)))

    def _may_change(self, annotation_id: AnnotationId) -> bool:
        return self._is_editable and annotation_id not in self._read_only

    def _is_shown(self, annotation_id: AnnotationId) -> bool:
        is_theirs = annotation_id in self._read_only
        is_on = self._layers.assessor if is_theirs else self._layers.mine
        return is_on or annotation_id == self._selected


def _is_made_from(annotation: Annotation, draft: AnnotationDraft) -> bool:
    return annotation.kind is draft.kind and annotation.anchor == draft.anchor


def _covers(annotation: Annotation, row: int, column: int) -> bool:
    area = named_area(annotation.anchor.cells)
    return area is not None and area[0] <= row <= area[2] and area[1] <= column <= area[3]
