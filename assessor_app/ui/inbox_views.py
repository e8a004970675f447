"""Saving a filter of the inbox under a name, and arranging what was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, SavedView
from assessor_app.ui.inbox_filter_words import filter_words
from assessor_app.ui.plain_text import plain_label, plain_tip
from assessor_app.ui.theme import space

LONGEST_TITLE = 60
Titles = Mapping[MicrocredentialId, str]


class SaveViewDialog(QDialog):
    """Asks for a name; a name that is taken takes the place of the earlier view."""

    def __init__(
        self, wanted: InboxFilter, views: Sequence[SavedView], titles: Titles, parent: QWidget | None = None
    ) -> None:
        """Build the question.

        Args:
            wanted: the filter to save.
            views: what is saved already.
            titles: micro-credentials by id, for the words.
            parent: the window that asks.
        """
        super().__init__(parent)
        self._wanted, self._views = wanted, tuple(views)
        self.setWindowTitle(self.tr("Save as a view"))
        self.setModal(True)
        self._title = QLineEdit(self)
        self._title.setMaxLength(LONGEST_TITLE)
        self._title.setAccessibleName(self.tr("Name of the view"))
        self._title.setPlaceholderText(self.tr("For example: Before the weekend"))
        self._note = plain_label("", "quiet", wraps=True)
        self._save = QPushButton(self.tr("Save"), self)
        self._save.setProperty("kind", "primary")
        self._save.setDefault(True)
        self._save.setEnabled(False)
        cancel = QPushButton(self.tr("Cancel"), self)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(self.tr("Save as a view"), "title"))
        layout.addWidget(plain_label(filter_words(wanted, titles), "body", wraps=True))
        layout.addWidget(self._title)
        layout.addWidget(self._note)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 110))
        self._title.textChanged.connect(self._look)
        self._save.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self._title.setFocus()

    def arranged(self) -> tuple[SavedView, ...]:
        """All views as they are to be kept."""
        title = self._title.text().strip()
        for place, view in enumerate(self._views):
            if view.title.casefold() == title.casefold():
                new = replace(view, title=title, wanted=self._wanted)
                return (*self._views[:place], new, *self._views[place + 1 :])
        return (*self._views, SavedView("", title, self._wanted))

    @Slot()
    def _look(self) -> None:
        title = self._title.text().strip().casefold()
        self._save.setEnabled(bool(title))
        is_taken = any(view.title.casefold() == title for view in self._views)
        self._note.setText(self.tr("A view of this name is there; it is replaced.") if is_taken else "")


class ArrangeViewsDialog(QDialog):
    """Order, names, and which views stay."""

    def __init__(self, views: Sequence[SavedView], titles: Titles, parent: QWidget | None = None) -> None:
        """Show the views; nothing is kept before `Done`.

        Args:
            views: what is saved.
            titles: micro-credentials by id, for the words.
            parent: the window that asks.
        """
        super().__init__(parent)
        self._views = {str(place): view for place, view in enumerate(views)}
        self.setWindowTitle(self.tr("Arrange views"))
        self.setModal(True)
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Views"))
        for key, view in self._views.items():
            item = QListWidgetItem(view.title)
            item.setData(self._KEY, key)
            item.setFlags(item.flags() | item.flags().ItemIsEditable)
            item.setToolTip(plain_tip(filter_words(view.wanted, titles)))
            self._list.addItem(item)
        side = QVBoxLayout()
        side.setSpacing(space(self))
        for words, act in (
            (self.tr("Up"), self._up),
            (self.tr("Down"), self._down),
            (self.tr("Rename"), self._rename),
            (self.tr("Delete"), self._delete),
        ):
            button = QPushButton(words, self)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            side.addWidget(button)
        side.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(space(self, 2))
        across.addWidget(self._list, 1)
        across.addLayout(side)
        done, cancel = QPushButton(self.tr("Done"), self), QPushButton(self.tr("Cancel"), self)
        done.setProperty("kind", "primary")
        done.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(self.tr("Arrange views"), "title"))
        layout.addWidget(
            plain_label(self.tr("They stand above the inbox in this order. F2 renames."), "quiet", wraps=True)
        )
        layout.addLayout(across)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 110))
        self._list.setCurrentRow(0)
        self._list.setFocus()

    _KEY = 0x0100

    def arranged(self) -> tuple[SavedView, ...]:
        """All views as they are to be kept."""
        found = []
        for row in range(self._list.count()):
            item = self._list.item(row)
            view = self._views[item.data(self._KEY)]
            title = item.text().strip()[:LONGEST_TITLE]
            found.append(replace(view, title=title or view.title))
        return tuple(found)

    @Slot()
    def _up(self) -> None:
        self._move(-1)

    @Slot()
    def _down(self) -> None:
        self._move(+1)

    @Slot()
    def _rename(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._list.editItem(item)

    @Slot()
    def _delete(self) -> None:
        if self._list.currentRow() >= 0:
            self._list.takeItem(self._list.currentRow())

    def _move(self, step: int) -> None:
        row = self._list.currentRow()
        if row >= 0 and 0 <= row + step < self._list.count():
            item = self._list.takeItem(row)
            self._list.insertItem(row + step, item)
            self._list.setCurrentRow(row + step)
