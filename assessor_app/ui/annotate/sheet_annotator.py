"""Marks on the cells of a sheet: makes, shows, selects and changes them, with the same comment box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.documents.sheets import Area, area_name, named_area
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, SourceKind, TextAnchor
from assessor_app.ui.annotate.drafts import AnnotationDraft
from assessor_app.ui.annotate.single_marks import SingleMarks, put_beside

CELLS_LAYER = "cells;tsv"
"""How the words of cells are put together: tabs between columns, a line for each row."""
KINDS = {
    "tool.highlight": AnnotationKind.HIGHLIGHT,
    "tool.note": AnnotationKind.NOTE,
    "tool.question": AnnotationKind.QUESTION,
}
"""The tools that work on cells."""
_QUOTE_MAX_CHARS = 400


class SheetAnnotator(SingleMarks):
    """Marks on one workbook, of which one sheet is shown.

    Args:
        viewport: what the comment box floats over.
        parent: Qt parent.
    """

    area_wanted = Signal(int, object)
    """Sheet and Area that are to be brought into view."""

    def __init__(self, viewport: QWidget, parent: QObject) -> None:
        super().__init__(viewport, parent)
        self.sheet = 0
        self._viewport = viewport
        self._sha256 = ""

    # ---- what is shown ----

    def open(self, source_id: str, sha256: str) -> None:
        """Another workbook; its marks come with the next `set_annotations`."""
        self.begin(source_id)
        self._sha256, self.sheet = sha256, 0

    def _kept(self, annotations: Sequence[Annotation]) -> Iterable[Annotation]:
        return (a for a in annotations if a.anchor.cells)

    def _bring_up(self, annotation: Annotation, *, is_new: bool) -> None:
        area = named_area(annotation.anchor.cells)
        if is_new and area is not None:
            self.area_wanted.emit(annotation.anchor.page, area)

    def shown(self) -> list[tuple[str, AnnotationDraft, bool]]:
        """Marks on the sheet that is shown: id (empty until saved), what it is, whether selected."""
        marks = [
            (str(a.id), AnnotationDraft(a.kind, a.anchor, a.colour, a.opacity), a.id == self._selected)
            for a in self._annotations
            if a.anchor.page == self.sheet and self._is_shown(a.id)
        ]
        return marks + [("", draft, False) for draft in self._pending if draft.anchor.page == self.sheet]

    # ---- verbs ----

    def mark(self, entry_id: str, area: Area | None, words: str) -> None:
        """Mark cells; the very same mark once more selects the one that is there.

        Args:
            entry_id: the tool.
            area: the cells.
            words: what they show.
        """
        if area is None or not self._source_id or not self._is_editable:
            return
        kind, cells = KINDS[entry_id], area_name(area)
        for there in self._annotations:
            if (there.kind, there.anchor.page, there.anchor.cells) == (kind, self.sheet, cells):
                self.select(there.id)
                return
        exact = words.strip()[:_QUOTE_MAX_CHARS]
        anchor = Anchor(
            source_kind=SourceKind.ARTIFACT,
            source_id=self._source_id,
            source_sha256=self._sha256,
            page=self.sheet,
            page_width_pt=0.0,
            page_height_pt=0.0,
            text=TextAnchor(exact, "", "", 0, len(exact), CELLS_LAYER) if exact else None,
            cells=cells,
        )
        self.create(AnnotationDraft(kind, anchor, self.colour))

    @Slot(int, int)
    def select_at(self, row: int, column: int) -> None:
        """Select the mark on a cell; the next one where the cell has several and one of them is selected."""
        here = [a.id for a in self._annotations if a.anchor.page == self.sheet and _covers(a, row, column)]
        if not here:
            self.select(None)
        elif self._selected in here:
            self.select(here[(here.index(self._selected) + 1) % len(here)])
        else:
            self.select(here[-1])

    def escape(self) -> bool:
        """One step out: comment, selected mark. False when there is nothing to leave."""
        return self.leave_mark()

    def place_box(self, at: QRect) -> None:
        """Put the comment box beside its cells, inside of the view.

        Args:
            at: where the cells are, in the viewport's pixels.
        """
        if self.box.isVisible():
            put_beside(self.box, at, self._viewport.rect())


def _covers(annotation: Annotation, row: int, column: int) -> bool:
    area = named_area(annotation.anchor.cells)
    return area is not None and area[0] <= row <= area[2] and area[1] <= column <= area[3]
