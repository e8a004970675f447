"""The sheet of keys: the key table, searchable, by where each key acts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from assessor_app.ui.keys import CONTEXT_TITLES, Context, KeyTable, words
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.theme import space


class KeyHelp(QDialog):
    """A window beside the work, not before it."""

    def __init__(self, keys: KeyTable, parent: QWidget | None = None) -> None:
        """List every entry of the table that has a key."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search by what it does or by key"))
        self._search.setAccessibleName(self.tr("Search the keys"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._tree = QTreeWidget(self)
        self._tree.setAccessibleName(self.tr("Keys"))
        self._tree.setColumnCount(2)
        self._tree.setHeaderLabels([self.tr("What it does"), self.tr("Key")])
        self._tree.setRootIsDecorated(False)
        self._tree.setUniformRowHeights(True)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setStretchLastSection(False)
        self._fill(keys)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 5)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(self.tr("Keys"), "title"))
        layout.addWidget(self._search)
        layout.addWidget(self._tree, 1)
        resize_within_screen(self, space(self, 130), space(self, 150))

    def showEvent(self, event: QShowEvent) -> None:
        """Start with the search."""
        super().showEvent(event)
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._search.selectAll()

    def shown_rows(self) -> list[tuple[str, str]]:
        """What is listed now: (what it does, keys)."""
        return [
            (row.text(0), row.text(1))
            for group in self._groups()
            for row in _children(group)
            if not row.isHidden()
        ]

    def _fill(self, keys: KeyTable) -> None:
        for context in Context:
            rows = [entry for entry in keys if entry.context is context and keys.keys(entry.id)]
            if not rows:
                continue
            group = QTreeWidgetItem([words(CONTEXT_TITLES[context]), ""])
            # The second cell is empty to the eye; a screen reader that lands on it hears where it is.
            group.setData(1, Qt.ItemDataRole.AccessibleTextRole, group.text(0))
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self._tree.addTopLevelItem(group)
            for entry in rows:
                shown = ", ".join(
                    QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
                    for key in keys.keys(entry.id)
                )
                QTreeWidgetItem(group, [entry.title.removesuffix("…"), shown])
            group.setExpanded(True)

    def _groups(self) -> list[QTreeWidgetItem]:
        found = (self._tree.topLevelItem(row) for row in range(self._tree.topLevelItemCount()))
        return [group for group in found if group is not None]

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for group in self._groups():
            rows = _children(group)
            for row in rows:
                row.setHidden(wanted not in f"{row.text(0)} {row.text(1)}".casefold())
            group.setHidden(all(row.isHidden() for row in rows))


def _children(group: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (group.child(row) for row in range(group.childCount()))
    return [row for row in found if row is not None]
