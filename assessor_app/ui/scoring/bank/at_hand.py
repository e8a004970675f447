"""Comments at hand in a submission: each text that is written in there is watched once it has the focus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from assessor_app.ui.scoring.bank.shelf import Shelf
from assessor_app.ui.scoring.bank.writing import BankWriting, Writing
from assessor_app.ui.scoring.text_field import GrowingEdit
from assessor_app.ui.tasks import Lanes


class Knows(Protocol):
    """Answers where a text of its own is written."""

    def __call__(self, edit: QWidget) -> Writing:
        """The place of writing, and what is known there, as of now."""
        ...


class CommentsAtHand(QObject):
    """Gives each text below a view its "/" when the person first comes to it."""

    def __init__(self, view: QWidget, lanes: Lanes, now: Callable[[], datetime], writing_of: Knows) -> None:
        """Watch over a view.

        Args:
            view: the texts below it are watched; owns this object.
            lanes: where entries are read and uses are counted.
            now: the present, aware.
            writing_of: where a text is written.
        """
        super().__init__(view)
        self._view, self._now, self._writing_of = view, now, writing_of
        self.shelf = Shelf(lanes, self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)

    def writing_in(self, edit: GrowingEdit) -> BankWriting:
        """What watches a text; made with the first question."""
        made: BankWriting | None = edit.findChild(BankWriting)
        if made is None:
            made = BankWriting(edit, lambda: self.shelf.bank, lambda: self._writing_of(edit), self._now)
            made.used.connect(self.shelf.count_use)
        return made

    def current(self) -> GrowingEdit | None:
        """The text of this view that has the keyboard."""
        focus = QApplication.focusWidget()
        return focus if isinstance(focus, GrowingEdit) and self._view.isAncestorOf(focus) else None

    def ask(self) -> None:
        """Offer comments in the text that has the keyboard."""
        edit = self.current()
        if edit is not None:
            self.writing_in(edit).ask()

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _before: QWidget | None, after: QWidget | None) -> None:
        if isinstance(after, GrowingEdit) and self._view.isAncestorOf(after) and not after.isReadOnly():
            self.writing_in(after)
