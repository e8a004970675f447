"""Lifting patches on cells and putting them back: those that are selected, else all of the sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.documents.patches import cell_patch_id
from assessor_app.documents.sheets import Area
from assessor_app.services.guarding import LiftWish


class SheetGuard(QObject):
    """Knows which cells of the sheet at hand are covered.

    Args:
        area_of: the selected cells.
        parent: Qt parent.
    """

    lift_wanted = Signal(object)
    """LiftWish."""

    def __init__(self, area_of: Callable[[], Area | None], parent: QObject) -> None:
        super().__init__(parent)
        self._area_of = area_of
        self._blob_id, self._sheet = "", 0
        self._patches: Mapping[tuple[int, int], bool] = {}

    def show(self, blob_id: str, sheet: int, patches: Mapping[tuple[int, int], bool]) -> None:
        """Another sheet is shown, or the same one anew."""
        self._blob_id, self._sheet, self._patches = blob_id, sheet, patches

    @Slot()
    def toggle(self) -> None:
        """Lift what is covered; where all of it is lifted, put it back."""
        area = self._area_of()
        meant = {
            place: is_lifted
            for place, is_lifted in self._patches.items()
            if area is not None and area[0] <= place[0] <= area[2] and area[1] <= place[1] <= area[3]
        } or dict(self._patches)
        covered = [place for place, is_lifted in meant.items() if not is_lifted]
        if meant:
            ids = frozenset(cell_patch_id(self._sheet, *place) for place in covered or meant)
            self.lift_wanted.emit(LiftWish(self._blob_id, ids, is_lifted=bool(covered)))
