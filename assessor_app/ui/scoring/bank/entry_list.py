"""The list of all comments, narrowed by words and by whose they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.comment_bank import BankEntry, CommentBank, KnownPlace, Scope
from assessor_app.domain.ids import BankEntryId
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.scoring.bank.offer_list import ROW_ROLE, OfferPainter, OfferRow, spoken
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from assessor_app.ui.theme import space


class EntryList(QWidget):
    """Every comment on this machine; wherever it fits, for here it is looked after."""

    picked = Signal()
    """Another comment is current, or the current one was changed."""
    listed = Signal()
    """Other comments are listed or chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._bank = CommentBank(())
        self._places: tuple[KnownPlace, ...] = ()
        self._is_filling = False
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find by its words"))
        self.search.setAccessibleName(self.tr("Find a comment"))
        self.search.setClearButtonEnabled(True)
        self.own = ToggleChip(self.tr("Yours"), self)
        self.team = ToggleChip(self.tr("Team"), self)
        for chip in (self.own, self.team):
            chip.setAutoDefault(False)
            chip.setChecked(True)
            chip.toggled.connect(self._fill)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Comments"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setItemDelegate(OfferPainter(self.list))
        self.search.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._current_changed)
        self.list.itemSelectionChanged.connect(self._selection_changed)
        head = QHBoxLayout()
        head.setSpacing(space(self, 1.5))
        head.addWidget(self.search, 1)
        head.addWidget(self.own)
        head.addWidget(self.team)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 1.5))
        layout.addLayout(head)
        layout.addWidget(self.list, 1)

    def show_entries(self, bank: CommentBank, wanted: BankEntryId | None = None) -> None:
        """List the comments; what was current stays so.

        Args:
            bank: all of them.
            wanted: the one to make current; None for the one that is.
        """
        self._bank = bank
        self._fill(wanted=wanted)

    def set_places(self, places: Sequence[KnownPlace]) -> None:
        """The names of what comments were written for."""
        self._places = tuple(places)
        self._fill()

    def current(self) -> BankEntry | None:
        """The current comment, if it is chosen."""
        item: QListWidgetItem | None = self.list.currentItem()
        return item.data(ROW_ROLE).entry if item is not None and item.isSelected() else None

    def chosen(self) -> tuple[BankEntry, ...]:
        """The chosen comments."""
        return tuple(item.data(ROW_ROLE).entry for item in self.list.selectedItems())

    def entries(self) -> tuple[BankEntry, ...]:
        """The listed comments."""
        return tuple(self.list.item(row).data(ROW_ROLE).entry for row in range(self.list.count()))

    @Slot()
    def _fill(self, *, wanted: BankEntryId | None = None) -> None:
        before = self.current()
        scopes = {Scope.PERSONAL: self.own.isChecked(), Scope.TEAM: self.team.isChecked()}
        current = wanted or (before.id if before is not None else None)
        self._is_filling = True
        self.list.clear()
        for entry in self._bank.found(self.search.text()):
            if not scopes[entry.scope]:
                continue
            row = OfferRow(entry, entry.text, self._fits(entry))
            item = QListWidgetItem(spoken(row))
            item.setData(ROW_ROLE, row)
            self.list.addItem(item)
            if entry.id == current:
                self.list.setCurrentItem(item)
        self._is_filling = False
        self.picked.emit()
        self.listed.emit()

    def _fits(self, entry: BankEntry) -> str:
        """Whose it is, and for what it was written."""
        parts = [self.tr("Team")] if entry.scope is Scope.TEAM else []
        place = next((p for p in self._places if p.microcredential_id == entry.microcredential_id), None)
        if entry.criterion_id is not None:
            ids = [criterion_id for criterion_id, _ in place.criteria] if place is not None else []
            number = ids.index(entry.criterion_id) + 1 if entry.criterion_id in ids else None
            parts.append(
                self.tr("criterion {n}").format(n=number) if number is not None else self.tr("one criterion")
            )
        if entry.level is not None:
            levels = dict(level for known in self._places for level in known.levels)
            parts.append(one_line(levels.get(entry.level, self.tr("one level"))))
        if place is not None:
            parts.append(one_line(place.title))
        elif entry.microcredential_id is not None and entry.criterion_id is None:
            parts.append(self.tr("one micro-credential"))
        return ", ".join(parts)

    @Slot()
    def _current_changed(self) -> None:
        if not self._is_filling:
            self.picked.emit()

    @Slot()
    def _selection_changed(self) -> None:
        if not self._is_filling:
            self.picked.emit()
            self.listed.emit()
