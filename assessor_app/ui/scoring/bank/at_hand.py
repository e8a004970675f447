"""Comments at hand in a submission: each text that is written in there is watched once it has the focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import shiboken6
from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from assessor_app.domain.comment_bank import with_placeholders
from assessor_app.domain.comment_files import title_of
from assessor_app.ui.scoring.bank.entry_form import NOTHING
from assessor_app.ui.scoring.bank.keep_dialog import KeepDialog
from assessor_app.ui.scoring.bank.repeats import Repeats
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
        self._view, self._lanes, self._now, self._writing_of = view, lanes, now, writing_of
        self._last: GrowingEdit | None = None
        self.shelf = Shelf(lanes, self)
        self.repeats = Repeats(lanes, writing_of, self.keep_words, self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)

    def writing_in(self, edit: GrowingEdit) -> BankWriting:
        """What watches a text; made with the first question."""
        made: BankWriting | None = edit.findChild(BankWriting)
        if made is None:
            made = BankWriting(edit, lambda: self.shelf.bank, lambda: self._writing_of(edit), self._now)
            made.used.connect(self.shelf.count_use)
            edit.menu_wanted.connect(self._add_to_menu)
            self.repeats.watch(edit)
        return made

    def current(self) -> GrowingEdit | None:
        """The text of this view that has the keyboard, or had it last and is still on screen.

        Whoever chooses a command from a menu or by its name has the keyboard there for that moment.
        """
        last = self._last if self._last is not None and shiboken6.isValid(self._last) else None
        return last if last is not None and last.isVisible() else None

    def ask(self) -> None:
        """Offer comments in the text that has the keyboard."""
        edit = self.current()
        if edit is not None:
            edit.setFocus()
            self.writing_in(edit).ask()

    def keep(self) -> None:
        """Keep the selected words of the text that has the keyboard; all of them where none are selected."""
        edit = self.current()
        if edit is not None:
            self.keep_from(edit)

    def keep_from(self, edit: GrowingEdit) -> None:
        """Ask how the selected words of a text, or all of them, are to be kept as a comment."""
        words = edit.textCursor().selection().toPlainText() or edit.toPlainText()
        if words.strip():
            self.keep_words(edit, words)

    def keep_words(self, edit: GrowingEdit, words: str) -> None:
        """Ask how words of a text are to be kept as a comment."""
        writing = self._writing_of(edit)
        text = with_placeholders(words.strip(), writing.answers)
        proposed = replace(
            NOTHING,
            title=title_of(text),
            text=text,
            microcredential_id=writing.place.microcredential_id if writing.place.criterion_id else None,
            criterion_id=writing.place.criterion_id,
        )
        KeepDialog(self._lanes, proposed, edit.window(), writing.submission_id).open()

    @Slot(QMenu, QPoint)
    def _add_to_menu(self, menu: QMenu, _place: QPoint) -> None:
        """What can be done with comments, in the context menu of the text that asks for it."""
        edit = self.sender()
        if not isinstance(edit, GrowingEdit):
            return
        menu.addSeparator()
        offer = menu.addAction(self.tr("Insert a comment you use often"))
        offer.setEnabled(not edit.isReadOnly() and bool(self.shelf.bank.entries))
        offer.triggered.connect(self.writing_in(edit).ask)
        has_selection = edit.textCursor().hasSelection()
        words = self.tr("Keep the selected words as a comment…")
        keep = menu.addAction(words if has_selection else self.tr("Keep these words as a comment…"))
        keep.setEnabled(has_selection or bool(edit.toPlainText().strip()))
        keep.triggered.connect(self._keep_asked)
        keep.setData(edit)

    @Slot()
    def _keep_asked(self) -> None:
        action = self.sender()
        edit = action.data() if isinstance(action, QAction) else None
        if isinstance(edit, GrowingEdit):
            self.keep_from(edit)

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _before: QWidget | None, after: QWidget | None) -> None:
        if isinstance(after, GrowingEdit) and self._view.isAncestorOf(after) and not after.isReadOnly():
            self._last = after
            self.writing_in(after)
