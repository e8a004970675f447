"""Giving several submissions back, or keeping them for longer: what happens, progress, what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.claims import CLAIM_HOURS, ClaimAnswer, ClaimOutcome
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.errors import KnownError
from assessor_app.ui.claim_words import answer_words, count_done_words, until_words
from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space

LINES_SHOWN = 7


class BulkDialog(FittedDialog):
    """One confirmation for all; the safe answer has the focus."""

    go_wanted = Signal(list)
    """Ids of the submissions."""
    stop_wanted = Signal()

    def __init__(self, rows: Sequence[InboxRow], *, gives_back: bool, parent: QWidget | None = None) -> None:
        """Build the question.

        Args:
            rows: the submissions.
            gives_back: give them back; else keep them for longer.
            parent: the window that asks.
        """
        super().__init__(parent)
        self._rows, self._gives_back = tuple(rows), gives_back
        self._is_running = False
        title, text, act = self._words()
        self.setWindowTitle(title)
        self.setModal(True)
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Submissions"))
        self._list.setWordWrap(True)
        # Laid out for the width that it has in the end: else long lines end in an ellipsis.
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._items: dict[SubmissionId, QListWidgetItem] = {}
        for row in self._rows:
            begun = self.tr("begun, kept on this computer") if row.local_state is LocalState.DRAFT else ""
            item = QListWidgetItem(" · ".join(part for part in (row.code, row.title, begun) if part))
            self._list.addItem(item)
            self._items[row.id] = item
        line = self._list.fontMetrics().height() + space(self, 1)
        self._list.setFixedHeight(line * min(2 * len(self._rows), LINES_SHOWN) + space(self, 3))
        self._progress = QProgressBar(self)
        self._progress.setAccessibleName(self.tr("Progress"))
        self._progress.setTextVisible(False)
        self._progress.setRange(0, len(self._rows))
        self._progress.hide()
        self._result = plain_label("", "body", wraps=True)
        self._result.hide()
        self._go = QPushButton(act, self)
        self._go.setProperty("kind", "primary")
        self._go.setAutoDefault(False)
        self._close = QPushButton(self.tr("Cancel"), self)
        self._close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        buttons.addWidget(self._go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(title, "title", wraps=True))
        layout.addWidget(plain_label(text, "body", wraps=True))
        layout.addWidget(self._list)
        layout.addWidget(self._progress)
        layout.addWidget(self._result)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 130))
        self._go.clicked.connect(self._begin)
        self._close.clicked.connect(self.reject)
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, outcomes: Sequence[ClaimOutcome]) -> None:
        """Say how far it is."""
        self._progress.setValue(len(outcomes))

    def show_trouble(self, error: KnownError) -> None:
        """Say why nothing was done."""
        self._end_running()
        self._say(self.tr("This needs a connection. Nothing was changed.") + f" {error.title}.")

    def show_done(self, outcomes: Sequence[ClaimOutcome], now: datetime) -> None:
        """Say what came of each."""
        self._end_running()
        for outcome in outcomes:
            item = self._items.get(outcome.submission_id) if outcome.submission_id else None
            if item is not None:
                item.setText(f"{item.text().split(' · ')[0]} · {self._said(outcome, now)}")
        lost = any(outcome.answer is ClaimAnswer.STOPPED for outcome in outcomes)
        text = count_done_words(outcomes, len(self._rows), gives_back=self._gives_back)
        self._say(f"{text} {answer_words(ClaimAnswer.STOPPED)}" if lost else text)
        self._go.hide()
        self._close.setText(self.tr("Close"))
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def reject(self) -> None:
        """Esc or Cancel: while it runs, nothing more is asked; else the dialog goes."""
        if self._is_running:
            self._close.setEnabled(False)
            self._close.setText(self.tr("Stopping…"))
            self.stop_wanted.emit()
        else:
            super().reject()

    # ---- inside ----

    def _words(self) -> tuple[str, str, str]:
        count = len(self._rows)
        if not self._gives_back:
            text = self.tr("From now on they are yours for {days} days.").format(days=CLAIM_HOURS // 24)
            if count == 1:
                return self.tr("Keep it longer?"), text, self.tr("Keep it")
            return self.tr("Keep {n} longer?").format(n=count), text, self.tr("Keep {n}").format(n=count)
        text = self.tr(
            "They go back to the queue, and somebody else can take them. What you rated, wrote and marked "
            "stays on this computer and is there again if the work comes back to you; nobody else sees it."
        )
        if count == 1:
            return self.tr("Give this submission back?"), text, self.tr("Give it back")
        title = self.tr("Give {n} submissions back?").format(n=count)
        return title, text, self.tr("Give back {n}").format(n=count)

    def _said(self, outcome: ClaimOutcome, now: datetime) -> str:
        if outcome.answer is not ClaimAnswer.DONE:
            return answer_words(outcome.answer)
        if self._gives_back:
            return self.tr("given back")
        return until_words(outcome.lease_until, now) or self.tr("kept")

    @Slot()
    def _begin(self) -> None:
        self._is_running = True
        self._go.setEnabled(False)
        self._result.hide()
        self._progress.setValue(0)
        self._progress.show()
        self._close.setText(self.tr("Stop"))
        self.go_wanted.emit([row.id for row in self._rows])

    def _end_running(self) -> None:
        self._is_running = False
        self._progress.hide()
        self._go.setEnabled(True)
        self._close.setEnabled(True)
        self._close.setText(self.tr("Cancel"))

    def _say(self, text: str) -> None:
        self._result.setText(text)
        self._result.show()
