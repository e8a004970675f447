"""Where a lead answers: who reads it, the words, and what can be done besides."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.cases import WORK_KINDS, Case, CaseState
from assessor_app.errors import KnownError
from assessor_app.ui.chip_flow import ChipFlow
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import card, plain_label, set_plain_tooltip
from assessor_app.ui.team import case_words as words
from assessor_app.ui.theme import space

SAVE_AFTER_MS = 600
_LINES = 4


class ReplyBox(QWidget):
    """The box and its buttons; it keeps its words while the case above it changes."""

    answer_requested = Signal(str, bool, bool)
    """Words, whether the case is closed with them, whether a likely name was looked at."""
    give_requested = Signal(str)
    """A pseudonym; empty for nobody in particular."""
    close_requested = Signal()
    reopen_requested = Signal()
    draft_changed = Signal(str)

    def __init__(self, keys: KeyTable, parent: QWidget | None = None) -> None:
        """Start without a case."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Your answer"))
        self._case_id, self._closes = "", False
        self._reader = plain_label("", "caption-strong")
        self.edit = QPlainTextEdit(self)
        self.edit.setTabChangesFocus(True)
        self.edit.textChanged.connect(self._typed)
        self.answer = self._button("", keys.hint("case.answer"), partial(self._send, closes=False))
        self.answer.setProperty("kind", "primary")
        self.answer_close = self._button("check-check", keys.hint("case.answer_close"), self._send_and_close)
        self.give = self._button("users", keys.hint("case.give"), self.open_give)
        self.close_it = self._button("check", keys.hint("case.close"), self._close)
        self.reopen = self._button("rotate-ccw", "", self.reopen_requested.emit)
        self._menu = QMenu(self)
        self._notice = self._build_notice()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save)
        self._lay_out()

    def show_case(self, case: Case, state: CaseState, draft: str) -> None:
        """Serve a case; the words of the one that was there stay as they are.

        Args:
            case: what is answered.
            state: as it is once everything has been sent.
            draft: what was begun earlier, for a case that was not here.
        """
        if case.id != self._case_id:
            self._case_id = case.id
            self._put(draft)
            self._notice.hide()
        elif draft and not self.edit.toPlainText():
            self._put(draft)
        is_closed, is_read = state is CaseState.CLOSED, words.has_reader(case)
        self._reader.setText(words.reader_words(case))
        self.edit.setAccessibleName(words.reader_words(case))
        self.answer.setText(self.tr("Answer") if is_read else self.tr("Add note"))
        self.answer_close.setText(self.tr("Answer and close") if is_read else self.tr("Add note and close"))
        self.give.setText(
            self.tr("Give the work to…") if case.kind in WORK_KINDS else self.tr("Give to another lead…")
        )
        self.close_it.setText(self.tr("Close"))
        self.reopen.setText(self.tr("Open again"))
        for widget in (self._reader, self.edit, self.answer, self.answer_close, self.close_it):
            widget.setVisible(not is_closed)
        self.give.setVisible(not is_closed and bool(case.may_take))
        self.reopen.setVisible(is_closed)
        self._fill_menu(case)
        self._look()

    def flush(self) -> None:
        """Keep what was typed, now."""
        if self._timer.isActive():
            self._timer.stop()
            self._save()

    def sent(self) -> None:
        """The words are on their way: the box is empty again."""
        self._notice.hide()
        self._put("")

    @Slot(str)
    def put_words(self, text: str) -> None:
        """Put words that were not taken into the box again."""
        self._put(text)
        self._save()
        self.edit.setFocus()

    def show_trouble(self, error: KnownError, *, may_go: bool) -> None:
        """Say why the words were not sent; `may_go`: the person may send them all the same."""
        self._notice_title.setText(error.title)
        self._notice_text.setText(f"{error.message} {error.next_step}".strip())
        self._go.setVisible(may_go)
        self._notice.show()

    @Slot()
    def open_give(self) -> None:
        """Show to whom it can be given."""
        if self.give.isVisible():
            self._menu.popup(self.give.mapToGlobal(self.give.rect().topLeft()))

    @Slot()
    def send(self) -> None:
        """Send the words as an answer."""
        self._send(closes=False)

    @Slot()
    def send_and_close(self) -> None:
        """Send the words and close the case."""
        self._send(closes=True)

    @Slot()
    def close_case(self) -> None:
        """Close the case without words."""
        self._close()

    # ---- inside ----

    def _button(self, icon: str, hint: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton("", self)
        if icon:
            dress(button, icon, "text")
        set_plain_tooltip(button, hint)
        button.clicked.connect(run)
        return button

    def _build_notice(self) -> QWidget:
        notice = card("warning", self)
        self._notice_title = plain_label("", "strong", wraps=True)
        self._notice_text = plain_label("", wraps=True)
        self._go = QPushButton(self.tr("It names nobody: send"), notice)
        self._go.clicked.connect(self._send_all_the_same)
        texts = QVBoxLayout()
        texts.addWidget(self._notice_title)
        texts.addWidget(self._notice_text)
        row = QHBoxLayout(notice)
        row.addWidget(icon_label("triangle-alert", "warning"))
        row.addLayout(texts, 1)
        row.addWidget(self._go)
        notice.hide()
        return notice

    def _lay_out(self) -> None:
        line = self.edit.fontMetrics().lineSpacing()
        self.edit.setFixedHeight(line * _LINES + space(self, 4))
        buttons = QWidget(self)
        flow = ChipFlow(space(self), buttons)
        for button in (self.answer, self.answer_close, self.give, self.close_it, self.reopen):
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 1.5))
        for widget in (self._notice, self._reader, self.edit, buttons):
            column.addWidget(widget)

    def _fill_menu(self, case: Case) -> None:
        self._menu.clear()
        is_work = case.kind in WORK_KINDS
        nobody = self.tr("Whoever may have it and has least to do") if is_work else self.tr("The whole team")
        self._menu.addAction(nobody, partial(self.give_requested.emit, ""))
        self._menu.addSeparator()
        for colleague in case.may_take:
            text = words.colleague_words(case, colleague.has, colleague.id)
            self._menu.addAction(text, partial(self.give_requested.emit, colleague.id))

    def _put(self, text: str) -> None:
        self._timer.stop()
        self.edit.blockSignals(True)
        self.edit.setPlainText(text)
        self.edit.blockSignals(False)
        self._look()

    @Slot()
    def _typed(self) -> None:
        self._notice.hide()
        self._timer.start()
        self._look()

    def _look(self) -> None:
        has_words = bool(self.edit.toPlainText().strip())
        self.answer.setEnabled(has_words)
        self.answer_close.setEnabled(has_words)

    @Slot()
    def _save(self) -> None:
        self.draft_changed.emit(self.edit.toPlainText())

    @Slot()
    def _send_and_close(self) -> None:
        self._send(closes=True)

    @Slot()
    def _send_all_the_same(self) -> None:
        self._notice.hide()
        self.answer_requested.emit(self.edit.toPlainText(), self._closes, True)

    @Slot()
    def _close(self) -> None:
        if not self.close_it.isHidden():
            self.close_requested.emit()

    def _send(self, *, closes: bool) -> None:
        if self.answer.isHidden() or not self.edit.toPlainText().strip():
            return
        self._closes = closes
        self._timer.stop()
        self.answer_requested.emit(self.edit.toPlainText(), closes, False)
