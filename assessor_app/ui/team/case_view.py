"""One question or report: what it is about, what was said, and the box for the answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from assessor_app.domain.cases import Case, CaseKind
from assessor_app.services.team_cases import OpenedCase
from assessor_app.ui.icons import icon_label
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import one_line, plain_label, separator
from assessor_app.ui.row_clock import RowClock
from assessor_app.ui.scoring.likeness.likeness_view import LikenessView
from assessor_app.ui.team import case_words as words
from assessor_app.ui.team.case_facts import case_facts
from assessor_app.ui.team.case_thread import CaseThread
from assessor_app.ui.team.reply_box import ReplyBox
from assessor_app.ui.theme import space

_COLUMN_IN_CHARS = 96
_LINES_BELOW_PASSAGES = 7
_NO_LIMIT = 16_777_215
"""Qt's own: QWIDGETSIZE_MAX."""


class CaseView(QWidget):
    """Shows one case; its thread is made anew with each change, the box stays."""

    take_back_requested = Signal()

    def __init__(self, keys: KeyTable, parent: QWidget | None = None) -> None:
        """Start without a case."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Question or report"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.reply = ReplyBox(keys, self)
        self._shown: tuple[OpenedCase, RowClock] | None = None
        self._head = QWidget(self)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAccessibleName(self.tr("What was said"))
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._passages = LikenessView(self)
        self._column = QVBoxLayout(self)
        edge = space(self, 4)
        self._column.setContentsMargins(edge, space(self, 3), edge, space(self, 3))
        self._column.setSpacing(space(self, 2))
        for widget, stretch in (
            (self._head, 0),
            (separator(self), 0),
            (self._passages, 1),
            (self._area, 1),
            (separator(self), 0),
            (self.reply, 0),
        ):
            self._column.addWidget(widget, stretch)

    @property
    def case(self) -> Case | None:
        """The case that is shown."""
        return None if self._shown is None else self._shown[0].case

    def show_case(self, opened: OpenedCase, clock: RowClock) -> None:
        """Show a case as it is now."""
        before = self.case
        if self._shown is not None and self._shown == (opened, clock):
            return
        self._shown = (opened, clock)
        self._show_head(opened, clock)
        thread = CaseThread(opened.case, opened.waiting, clock)
        thread.take_back_requested.connect(self.take_back_requested)
        thread.words_wanted.connect(self.reply.put_words)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, space(self, 2), 0)
        thread.setMaximumWidth(thread.fontMetrics().averageCharWidth() * _COLUMN_IN_CHARS)
        column.addWidget(thread)
        column.addStretch(1)
        self._area.setWidget(page)
        is_match = opened.case.kind is CaseKind.MATCH
        self._passages.setVisible(is_match)
        if is_match:
            self._passages.show_matches(one_line(opened.case.code), opened.matches)
        # Below passages a few lines are enough; the rest scrolls.
        few = self._area.fontMetrics().lineSpacing() * _LINES_BELOW_PASSAGES
        self._area.setMaximumHeight(few if is_match else _NO_LIMIT)
        self._area.setVisible(not is_match or len(opened.case.entries) > 1 or bool(opened.waiting))
        self.reply.show_case(opened.case, opened.state, opened.draft)
        if before is None or before.id != opened.case.id:
            self._area.verticalScrollBar().setValue(0)

    def _show_head(self, opened: OpenedCase, clock: RowClock) -> None:
        case = opened.case
        head = QWidget(self)
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 0.75))
        top = QHBoxLayout()
        top.setSpacing(space(self, 1.5))
        top.addWidget(icon_label(words.ICONS[case.kind], "quiet"))
        kind = f"{words.kind_words(case.kind)} · {words.state_words(opened.state)}"
        top.addWidget(plain_label(kind, "caption-strong", wraps=True), 1)
        column.addLayout(top)
        title = " · ".join(part for part in (one_line(case.code), one_line(case.title)) if part)
        column.addWidget(plain_label(title, "title", wraps=True))
        for fact in case_facts(case, clock):
            column.addWidget(plain_label(fact.text, fact.tone, wraps=True))
        self._column.replaceWidget(self._head, head)
        self._head.deleteLater()
        self._head = head
