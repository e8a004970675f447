"""What was said and done in a case, one card for each, and what still waits."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.cases import Case, CaseEntry
from assessor_app.services.team_cases import Doing
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.row_clock import RowClock
from assessor_app.ui.team import case_words as words
from assessor_app.ui.theme import space


class CaseThread(QWidget):
    """Entries from top to bottom; made anew for each state of a case."""

    take_back_requested = Signal()
    words_wanted = Signal(str)
    """Words that were not taken are to stand in the box again."""

    def __init__(
        self, case: Case, waiting: tuple[Doing, ...], clock: RowClock, parent: QWidget | None = None
    ) -> None:
        """Build it."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("What was said"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 2))
        for entry in case.entries:
            column.addWidget(self._entry(case, entry, clock))
        for place, doing in enumerate(waiting):
            column.addWidget(self._doing(case, doing, clock, is_last=place == len(waiting) - 1))

    def _entry(self, case: Case, entry: CaseEntry, clock: RowClock) -> QWidget:
        head = f"{words.entry_words(case, entry)} · {words.when_words(entry.at, clock)}"
        if not entry.text:
            return plain_label(head, "caption", wraps=True)
        return self._card("accent" if entry.by == "lead" else "true", head, entry.text)

    def _doing(self, case: Case, doing: Doing, clock: RowClock, *, is_last: bool) -> QWidget:
        what = words.doing_words(case, doing.action, closes=doing.closes)
        head = f"{what} · {words.when_words(doing.at, clock)}"
        frame = self._card("danger" if doing.trouble else "warning", head, doing.text)
        row = QHBoxLayout()
        row.setSpacing(space(self, 1.5))
        if doing.trouble:
            state, icon, tone = doing.trouble, "circle-alert", "danger"
        elif doing.is_sent:
            state, icon, tone = self.tr("Sent. It appears above at the next sync."), "check", "ok"
        else:
            state, icon, tone = self.tr("Waiting to send"), "cloud-upload", "warning"
        row.addWidget(icon_label(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(plain_label(state, tone, wraps=True), 1)
        if doing.can_take_back and is_last:
            button = QPushButton(self.tr("Take back"), frame)
            dress(button, "undo-2", "text")
            button.clicked.connect(self.take_back_requested)
            row.addWidget(button)
        if doing.trouble and doing.text:
            again = QPushButton(self.tr("Put the words into the box"), frame)
            again.clicked.connect(lambda: self.words_wanted.emit(doing.text))
            row.addWidget(again)
        layout = frame.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(row)
        return frame

    def _card(self, kind: str, head: str, text: str) -> QFrame:
        frame = card(kind, self)
        column = QVBoxLayout(frame)
        edge = space(self, 2.5)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(space(self))
        column.addWidget(plain_label(head, "caption-strong", wraps=True))
        if text:
            label = plain_label(text, wraps=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        return frame
