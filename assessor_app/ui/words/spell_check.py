"""The spell check of a workspace: each text is watched once it has the focus; menus correct a word."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QWidget

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.spelling import normal
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services import spelling
from assessor_app.services.spelling import Checked, Spelling
from assessor_app.ui.announce import announce
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.scoring.text_field import GrowingEdit
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.words.spelling_marks import SpellingMarks


class SpellCheck(QObject):
    """Knows the language and the words that are right here; asks on a lane of its own."""

    def __init__(self, view: QWidget, lanes: Lanes) -> None:
        """Watch over a view; nothing is loaded before somebody writes.

        Args:
            view: the texts below it are watched; owns this object.
            lanes: where words are looked up.
        """
        super().__init__(view)
        self._view, self._lanes = view, lanes
        self._rubric: RubricVersion | None = None
        self._spelling: Spelling | None = None
        self._allowed: set[str] = set()
        """Words that are no mistake in this submission, in small letters."""
        self.is_available = True
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)

    def use_rubric(self, rubric: RubricVersion) -> None:
        """Words of this version are right, and its language is the one to check in."""
        if self._rubric is None or rubric.hash != self._rubric.hash:
            self._rubric = rubric
            if self._spelling is not None:
                self._load()

    def marks_of(self, edit: QPlainTextEdit) -> SpellingMarks | None:
        """What watches a text; None if it was never written in."""
        found: SpellingMarks | None = edit.findChild(SpellingMarks)
        return found

    # ---- commands ----

    @Slot()
    def suggest(self) -> None:
        """Offer corrections for the word at the cursor, or the next wrong one, in the text being written."""
        focus = QApplication.focusWidget()
        edit = focus if isinstance(focus, QPlainTextEdit) else None
        marks = self.marks_of(edit) if edit is not None else None
        word = (
            marks.next_wrong(edit.textCursor().position()) if edit is not None and marks is not None else None
        )
        if edit is None or word is None:
            words = self.tr("No wrong word here.")
            announce(
                self._view, words if self.is_available else self.tr("The spelling cannot be checked here.")
            )
            return
        edit.setTextCursor(word)
        edit.ensureCursorVisible()
        menu = QMenu(edit)
        self._fill(menu, edit, word, None)
        place = edit.cursorRect(word).bottomLeft()
        self._pop_up(menu, edit.viewport().mapToGlobal(place))

    @Slot()
    def ask_language(self) -> None:
        """Offer the languages, with the present one checked."""
        if self._spelling is None:
            self._load(self.ask_language)
            return
        menu = QMenu(self._view)
        for chosen, words in self._languages().items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(chosen == self._spelling.chosen)
            action.triggered.connect(partial(self.choose_language, chosen))
        middle = self._view.rect().center()
        focus = QApplication.focusWidget()
        at = focus if focus is not None and self._view.isAncestorOf(focus) else None
        self._pop_up(menu, at.mapToGlobal(QPoint(0, at.height())) if at else self._view.mapToGlobal(middle))

    def choose_language(self, chosen: str, _is_checked: bool = False) -> None:
        """Check in this language from now on: see `services.spelling.choose_language`."""
        self._lanes.write(
            lambda context: spelling.choose_language(context, chosen), owner=self, done=self._written
        )

    # ---- inside ----

    def _languages(self) -> dict[str, str]:
        return {
            "": self.tr("Language of the rubric"),
            "en_US": self.tr("English (United States)"),
            "en_GB": self.tr("English (United Kingdom)"),
            "es_ES": self.tr("Spanish"),
            spelling.OFF: self.tr("No spell check"),
        }

    @Slot(QWidget, QWidget)
    def _focus_changed(self, before: QWidget | None, after: QWidget | None) -> None:
        marks = self.marks_of(before) if isinstance(before, QPlainTextEdit) else None
        if marks is not None:
            # Whoever leaves a text has finished its last word.
            marks.refresh()
        is_ours = isinstance(after, QPlainTextEdit) and self._view.isAncestorOf(after)
        if not is_ours or not isinstance(after, QPlainTextEdit) or after.isReadOnly():
            return
        if self.marks_of(after) is None:
            if isinstance(after, GrowingEdit):
                after.menu_wanted.connect(self._add_to_menu)
            else:
                after.installEventFilter(self)
            SpellingMarks(after, self._check)

    def _check(self, owner: QObject, text: str, done: Callable[[Checked], None]) -> None:
        if self._spelling is None:
            # The text is looked through when it is known how.
            self._load()
            return
        used = self._spelling

        def take(checked: Checked) -> None:
            self.is_available = checked.is_available
            done(checked)

        self._lanes.words(owner, lambda context: spelling.check(context, used, text), take, key="spelling")

    def _load(self, then: Callable[[], None] | None = None) -> None:
        rubric = self._rubric
        if rubric is None:
            return

        def take(loaded: Spelling) -> None:
            allowed = loaded.known | self._allowed
            self._spelling = Spelling(loaded.chosen, loaded.language, allowed)
            for marks in self._view.findChildren(SpellingMarks):
                marks.look_again()
            if then is not None:
                then()

        self._lanes.words(self, lambda context: spelling.load(context, rubric), take, key="load")

    def _written(self, _changes: ChangeSet) -> None:
        self._load()

    def _fill(self, menu: QMenu, edit: QPlainTextEdit, word: QTextCursor, before: QAction | None) -> None:
        """What can be done with a wrong word; the suggestions come when they are found."""
        if self._spelling is None:
            return
        text, language = word.selectedText(), self._spelling.language
        waiting = QAction(self.tr("Looking for suggestions…"), menu)
        waiting.setEnabled(False)
        add = QAction(self.tr("Add to my dictionary"), menu)
        add.triggered.connect(partial(self._add_word, language, text))
        allow = QAction(self.tr("Not a mistake here"), menu)
        allow.triggered.connect(partial(self._allow, text))
        lines = [QAction(menu), QAction(menu)]
        for line in lines:
            line.setSeparator(True)
        made = [waiting, lines[0], add, allow, lines[1]]
        if before is not None:
            menu.insertActions(before, made)
        else:
            menu.addActions(made[:-1])

        def take(found: tuple[str, ...]) -> None:
            if not found:
                waiting.setText(self.tr("No suggestions"))
                return
            for suggestion in found:
                action = QAction(one_line(suggestion), menu)
                action.triggered.connect(partial(_replace, edit, word, suggestion))
                menu.insertAction(waiting, action)
            menu.removeAction(waiting)
            first = menu.actions()[0]
            if menu.activeAction() is None and not first.isSeparator():
                menu.setActiveAction(first)

        self._lanes.words(
            menu, lambda context: spelling.suggestions(context, language, text), take, key="suggest"
        )

    def _add_word(self, language: str, word: str, _is_checked: bool = False) -> None:
        self._lanes.write(
            lambda context: spelling.add_word(context, language, word), owner=self, done=self._written
        )

    def _allow(self, word: str, _is_checked: bool = False) -> None:
        self._allowed.add(normal(word).casefold())
        self._load()

    @Slot(QMenu, QPoint)
    def _add_to_menu(self, menu: QMenu, place: QPoint) -> None:
        edit = self.sender()
        if isinstance(edit, QPlainTextEdit):
            self._add_for(edit, menu, place)

    def _add_for(self, edit: QPlainTextEdit, menu: QMenu, place: QPoint) -> None:
        marks = self.marks_of(edit)
        word = marks.wrong_at(edit.cursorForPosition(place).position()) if marks is not None else None
        if word is not None:
            self._fill(menu, edit, word, menu.actions()[0] if menu.actions() else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A text without a menu of its own gets the usual one, with the corrections on top."""
        if not isinstance(event, QContextMenuEvent) or not isinstance(watched, QPlainTextEdit):
            return False
        menu = watched.createStandardContextMenu(event.pos())
        self._add_for(watched, menu, event.pos())
        self._pop_up(menu, event.globalPos())
        return True

    @staticmethod
    def _pop_up(menu: QMenu, place: QPoint) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


def _replace(edit: QPlainTextEdit, word: QTextCursor, text: str, _is_checked: bool = False) -> None:
    """Put another word in its place, which undo takes back in one step."""
    if edit.isReadOnly() or not word.hasSelection():
        return
    word.beginEditBlock()
    word.insertText(text)
    word.endEditBlock()
    edit.setTextCursor(word)
