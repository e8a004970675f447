"""Taking work from the queue: how much waits for each micro-credential, and how many to take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QIntValidator, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.claims import CLAIM_HOURS, ClaimAnswer, ClaimOutcome, QueueCount
from assessor_app.domain.ids import MicrocredentialId
from assessor_app.errors import KnownError
from assessor_app.ui.claim_words import answer_words, taken_words, until_words
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space

MOST_AT_ONCE = 50


class CountBox(QLineEdit):
    """A small number, typed or moved with Up and Down."""

    changed = Signal()

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        """Start at 0.

        Args:
            most: the largest number.
            parent: Qt parent.
        """
        super().__init__("0", parent)
        self.most = most
        self.setValidator(QIntValidator(0, most, self))
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * 8)
        self.textChanged.connect(self.changed)

    def value(self) -> int:
        """The number; 0 where none is typed."""
        return min(self.most, int(self.text() or 0))

    def set_value(self, number: int) -> None:
        """Set the number, within its bounds."""
        self.setText(str(min(self.most, max(0, number))))

    def step(self, by: int) -> None:
        """One more or one fewer."""
        self.set_value(self.value() + by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down move the number."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() in steps:
            self.step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What is typed takes the number's place."""
        super().focusInEvent(event)
        QTimer.singleShot(0, self, self.selectAll)


class ClaimDialog(QDialog):
    """Numbers to choose while nothing runs, progress while it does, then what came of each."""

    claim_wanted = Signal(dict)
    """How many of which micro-credential."""
    stop_wanted = Signal()
    again_wanted = Signal()
    """The queue is to be asked for again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show that the queue is being asked for."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Take work from the queue"))
        self.setModal(True)
        self._boxes: dict[MicrocredentialId, CountBox] = {}
        self._notes: dict[MicrocredentialId, QLabel] = {}
        self._steps: list[QPushButton] = []
        self._wanted = 0
        self._is_running = False
        self._text = plain_label(self.tr("Asking the platform what waits…"), "body", wraps=True)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(space(self, 2))
        self._rows.setVerticalSpacing(space(self))
        self._rows.setColumnStretch(0, 1)
        self._progress = QProgressBar(self)
        self._progress.setAccessibleName(self.tr("Progress of taking work"))
        self._progress.setTextVisible(False)
        self._progress.hide()
        self._result = plain_label("", "body", wraps=True)
        self._go = QPushButton(self.tr("Take"), self)
        self._go.setProperty("kind", "primary")
        self._go.setDefault(True)
        self._again = QPushButton(self.tr("Try again"), self)
        self._close = QPushButton(self.tr("Cancel"), self)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        for button in (self._close, self._again, self._go):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(self.tr("Take work from the queue"), "title"))
        layout.addWidget(self._text)
        layout.addLayout(self._rows)
        layout.addWidget(self._progress)
        layout.addWidget(self._result)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 130))
        self._go.clicked.connect(self._take)
        self._again.clicked.connect(self._ask_again)
        self._close.clicked.connect(self.reject)
        self._again.hide()
        self._look()

    def show_queue(self, counts: Sequence[QueueCount]) -> None:
        """Offer what waits."""
        for count in counts:
            if count.claimable:
                self._add_row(count)
        if self._boxes:
            text = self.tr("What you take is yours for {days} days; you can keep it longer or give it back.")
            self._text.setText(text.format(days=CLAIM_HOURS // 24))
            next(iter(self._boxes.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._text.setText(self.tr("Nothing waits in the queue just now."))
            self._close.setText(self.tr("Close"))
        self._look()
        QTimer.singleShot(0, self, self.adjustSize)

    def show_trouble(self, error: KnownError) -> None:
        """Say why there is no answer; nothing was taken."""
        self._end_running()
        self._text.setText(self.tr("Taking work needs a connection. Nothing was taken."))
        self._result.setText(f"{error.title}. {error.message}")
        self._again.setVisible(not self._boxes)
        self._look()

    def show_progress(self, outcomes: Sequence[ClaimOutcome]) -> None:
        """Say how far it is."""
        self._progress.setValue(len(outcomes))

    def show_done(self, outcomes: Sequence[ClaimOutcome], now: datetime) -> None:
        """Say what came of it, queue by queue."""
        self._end_running()
        for key, note in self._notes.items():
            own = [outcome for outcome in outcomes if outcome.microcredential_id == key]
            until = [o.lease_until for o in own if o.answer is ClaimAnswer.DONE]
            said = [until_words(until[0], now)] if until else []
            said += [answer_words(o.answer) for o in own if o.answer is not ClaimAnswer.DONE]
            note.setText(". ".join(said) if said else "")
            note.setVisible(bool(said))
        lost = any(outcome.answer is ClaimAnswer.STOPPED for outcome in outcomes)
        text = taken_words(outcomes, self._wanted)
        self._result.setText(f"{text} {answer_words(ClaimAnswer.STOPPED)}" if lost else text)
        self._enable_numbers(False)
        self._go.hide()
        self._close.setText(self.tr("Close"))
        self._close.setDefault(True)
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self.adjustSize)

    @Slot()
    def reject(self) -> None:
        """Esc or Cancel: while it runs, nothing more is taken; else the dialog goes."""
        if self._is_running:
            self._close.setEnabled(False)
            self._close.setText(self.tr("Stopping…"))
            self.stop_wanted.emit()
        else:
            super().reject()

    # ---- inside ----

    def _add_row(self, count: QueueCount) -> None:
        row = self._rows.rowCount()
        waiting = self.tr("{count} waiting")
        title = plain_label(count.title, "body", wraps=True)
        box = CountBox(min(count.claimable, MOST_AT_ONCE), self)
        box.setAccessibleName(
            self.tr("How many to take of {title}").format(title=count.title)
            + ", "
            + waiting.format(count=count.claimable)
        )
        box.changed.connect(self._look)
        note = plain_label("", "quiet", wraps=True)
        note.hide()
        self._rows.addWidget(title, row, 0)
        self._rows.addWidget(plain_label(waiting.format(count=count.claimable), "quiet"), row, 1)
        self._rows.addWidget(
            self._step_button("-", self.tr("One fewer"), partial(self._step, box, -1)), row, 2
        )
        self._rows.addWidget(box, row, 3)
        self._rows.addWidget(self._step_button("+", self.tr("One more"), partial(self._step, box, 1)), row, 4)
        self._rows.addWidget(note, row + 1, 0, 1, 5)
        self._boxes[count.microcredential_id], self._notes[count.microcredential_id] = box, note

    def _step_button(self, sign: str, name: str, step: Callable[..., None]) -> QPushButton:
        """For the mouse; by keyboard the number itself goes up and down."""
        button = QPushButton(sign, self)
        button.setAccessibleName(name)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setFixedWidth(button.fontMetrics().averageCharWidth() * 5)
        button.clicked.connect(step)
        self._steps.append(button)
        return button

    def _step(self, box: CountBox, by: int, _checked: bool = False) -> None:
        box.step(by)

    @Slot()
    def _look(self) -> None:
        total = sum(box.value() for box in self._boxes.values())
        self._go.setVisible(bool(self._boxes))
        self._go.setEnabled(total > 0 and not self._is_running)
        self._go.setText(self.tr("Take {count}").format(count=total) if total else self.tr("Take"))

    @Slot()
    def _take(self) -> None:
        wanted = {key: box.value() for key, box in self._boxes.items() if box.value()}
        self._wanted = sum(wanted.values())
        if not self._wanted:
            return
        self._is_running = True
        self._result.setText("")
        self._enable_numbers(False)
        self._progress.setRange(0, self._wanted)
        self._progress.setValue(0)
        self._progress.show()
        self._close.setText(self.tr("Stop"))
        self._look()
        QTimer.singleShot(0, self, self.adjustSize)
        self.claim_wanted.emit(wanted)

    @Slot()
    def _ask_again(self) -> None:
        self._again.hide()
        self._result.setText("")
        self._text.setText(self.tr("Asking the platform what waits…"))
        self.again_wanted.emit()

    def _enable_numbers(self, is_enabled: bool) -> None:
        for widget in (*self._boxes.values(), *self._steps):
            widget.setEnabled(is_enabled)

    def _end_running(self) -> None:
        self._is_running = False
        self._progress.hide()
        self._close.setEnabled(True)
        self._close.setText(self.tr("Cancel"))
        self._enable_numbers(True)
