"""The quiet line above the inbox while a trip is set."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.trips import Verdict
from assessor_app.services.trips import TripStanding
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.inbox_row import column_margin, measures
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.trip.trip_words import line_words, verdict_words


class TripLine(QWidget):
    """Until when, how many first, whether they are ready; opens the window and ends the trip."""

    look_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self.setObjectName("trip_line")
        self._standing: TripStanding | None = None
        self._running = ""
        frame = card("true", self)
        self._icon = icon_label("cloud-off", "quiet")
        self._words = plain_label("", "strong", wraps=True)
        self._state = plain_label("", "quiet", wraps=True)
        self._look = QPushButton(self.tr("Look…"), self)
        self._look.setAccessibleName(self.tr("Look at the trip"))
        self._end = QPushButton(self.tr("End the trip"), self)
        for button in (self._look, self._end):
            button.setProperty("kind", "quiet")
        self._look.clicked.connect(self.look_wanted)
        self._end.clicked.connect(self.end_wanted)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._words)
        words.addWidget(self._state)
        row = QHBoxLayout(frame)
        row.setContentsMargins(space(self, 3), space(self, 1), space(self, 2), space(self, 1))
        row.setSpacing(space(self, 2))
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self._look)
        row.addWidget(self._end)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(frame)
        self.hide()

    def show_standing(self, standing: TripStanding | None, now: datetime) -> None:
        """Say how the trip stands; None hides the line."""
        self._standing = standing
        self.setVisible(standing is not None)
        if standing is not None:
            self._words.setText(line_words(standing, now))
            self._say_state(now)

    def show_running(self, words: str, now: datetime) -> None:
        """Say that a check runs; empty: it has ended."""
        self._running = words
        if self._standing is not None:
            self._say_state(now)

    def words(self) -> str:
        """Everything that it says."""
        return f"{self._words.text()} {self._state.text()}".strip()

    @Slot(int)
    def fit(self, room: int) -> None:
        """Stand above the column of rows, `room` pixels wide with its margins; a scroll bar stays free."""
        margin, bar = round(column_margin(room, measures().line)), max(0, self.width() - room)
        self._layout.setContentsMargins(margin, 0, margin + bar, 0)

    def _say_state(self, now: datetime) -> None:
        standing = self._standing
        if standing is None:
            return
        found, is_over = standing.readiness, standing.trip.until <= now
        text = self._running or ("" if is_over else verdict_words(found, standing.trip))
        self._state.setText(text)
        self._state.setVisible(bool(text))
        tone, icon = "quiet", "cloud-off"
        if is_over:
            tone, icon = ("warning", "cloud-upload") if standing.waiting else ("ok", "check-check")
        elif found.verdict is Verdict.READY:
            tone, icon = "ok", "circle-check"
        elif found.verdict is Verdict.NOT_READY:
            tone, icon = "warning", "triangle-alert"
        dress(self._icon, icon, tone)
