"""The entries at hand: read once, searched in memory with each key, read again when they change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.comment_bank import BankEntry, CommentBank
from assessor_app.services import comment_bank as verbs
from assessor_app.ui.tasks import Lanes


class Shelf(QObject):
    """Holds the comment bank for one view."""

    changed = Signal()
    """The entries were read anew."""

    def __init__(self, lanes: Lanes, parent: QObject) -> None:
        """Read the entries, on a lane."""
        super().__init__(parent)
        self._lanes = lanes
        self.bank = CommentBank(())
        self.is_read = False
        lanes.changed.connect(self._lanes_changed)
        self._read()

    @Slot(object)
    def count_use(self, entry: BankEntry) -> None:
        """Remember that an entry was used."""
        entry_id = entry.id
        self._lanes.write(lambda context: verbs.record_use(context, entry_id), owner=self)

    def _read(self) -> None:
        self._lanes.read(self, _made, self._show, key="comments")

    def _show(self, bank: CommentBank) -> None:
        self.bank, self.is_read = bank, True
        self.changed.emit()

    @Slot(object)
    def _lanes_changed(self, changes: ChangeSet) -> None:
        if changes.comments:
            self._read()


def _made(context: Any) -> CommentBank:
    """The entries, folded for searching on the lane."""
    return CommentBank(verbs.entries(context))
