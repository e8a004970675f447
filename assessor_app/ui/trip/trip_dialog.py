"""Get ready for a trip: choose, then see whether everything is here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.trips import Cure, Readiness, Trip, Verdict
from assessor_app.services.trip_check import CheckProgress
from assessor_app.services.trip_getting import Got
from assessor_app.services.trips import TripSetup
from assessor_app.ui.announce import announce
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import plain_label, restyle
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.size_words import size_words
from assessor_app.ui.theme import space
from assessor_app.ui.trip.choosing import Choosing
from assessor_app.ui.trip.findings import Findings
from assessor_app.ui.trip.trip_words import (
    got_words,
    moment_words,
    verdict_more,
    verdict_words,
    work_words,
)

_LOOKS = {
    Verdict.READY: ("ok", "circle-check", "ok"),
    Verdict.NOT_READY: ("warning", "triangle-alert", "warning"),
    Verdict.NOT_CHECKED: ("true", "hourglass", "quiet"),
}
"""Kind of card, icon and tone for each answer."""


class TripDialog(QDialog):
    """Two pages: what to take along, and whether it is all here. Closing it stops nothing."""

    go_wanted = Signal(object, object)
    """The return (aware datetime) and the ids of what comes along."""
    again_wanted = Signal()
    cure_wanted = Signal(str, object)
    """A submission's id and the Cure, FETCH or RENEW."""
    open_wanted = Signal(str)
    stop_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Build both pages, empty.

        Args:
            now: the present, aware.
            parent: the window that asks.
        """
        super().__init__(parent)
        self._now = now
        self._setup: TripSetup | None = None
        self._is_running = False
        self.setObjectName("trip")
        self.setWindowTitle(self.tr("Get ready for a trip"))
        self.setModal(True)
        self.choosing = Choosing(now, self)
        self.findings = Findings(self)
        self._title = plain_label("", "title", wraps=True)
        self._text = plain_label("", "body", wraps=True)
        self._answer, self._answer_icon = QFrame(self), icon_label("hourglass", "quiet", factor=1.5)
        self._verdict, self._more = plain_label("", "heading", wraps=True), plain_label("", wraps=True)
        self._got = plain_label("", "warning", wraps=True)
        self._progress = QProgressBar(self)
        self._progress.setAccessibleName(self.tr("Progress of the check"))
        self._progress.setTextVisible(False)
        self._doing = plain_label("", "quiet", wraps=True)
        self._pages = QStackedWidget(self)
        self._close, self._end, self._change = (
            QPushButton(words, self)
            for words in (self.tr("Close"), self.tr("End the trip"), self.tr("Change…"))
        )
        self._go, self._again = QPushButton(self), QPushButton(self.tr("Check again"), self)
        self._lay_out()
        self._connect()

    # ---- what comes in ----

    def show_setup(self, setup: TripSetup) -> None:
        """Begin: with the choice, or with how the trip stands that is set."""
        self._setup = setup
        self.choosing.show_setup(setup)
        if setup.trip is None or setup.readiness is None:
            self._show_choice()
        else:
            self.show_result(setup)

    def show_running(self, words: str) -> None:
        """It has begun: say what is being done, and offer to stop."""
        self._is_running = True
        self._progress.setRange(0, 0)
        self._doing.setText(words)
        self._got.hide()
        self._show_result_page()

    def show_progress(self, progress: CheckProgress) -> None:
        """Say how far the check is."""
        self._progress.setRange(0, max(1, progress.total))
        self._progress.setValue(progress.done)
        name = f"{progress.code}: {progress.name}" if progress.name else progress.code
        text = self.tr("Opening {name} ({done} of {total})")
        self._doing.setText(text.format(name=name, done=progress.done + 1, total=progress.total))

    def show_result(self, setup: TripSetup, got: Got | None = None) -> None:
        """Say whether one can leave."""
        self._setup, self._is_running = setup, False
        if setup.trip is None or setup.readiness is None:
            self._show_choice()
            return
        self._show_answer(setup.trip, setup.readiness)
        words = got_words(got) if got is not None else ""
        self._got.setText(words)
        self._got.setVisible(bool(words))
        titles = {one.id: f"{one.code} · {one.title}" for one in setup.candidates}
        shown = [key for key in setup.trip.submissions if key in titles]
        gone = [check.id for check in setup.trip.checks if check.id not in titles and check.troubles]
        self.findings.show_checks((*shown, *gone), setup.trip.checks, titles, self._now())
        self._show_result_page()
        self._again.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, f"{self._verdict.text()}. {words}")

    @property
    def is_running(self) -> bool:
        """Whether something is being fetched or looked at."""
        return self._is_running

    def verdict(self) -> str:
        """The answer on screen."""
        return self._verdict.text()

    @Slot()
    def reject(self) -> None:
        """Esc or Close: the window goes; a check that runs goes on, and the line above the inbox says so."""
        super().reject()

    # ---- inside ----

    def _show_answer(self, trip: Trip, found: Readiness) -> None:
        now = self._now()
        self._title.setText(self.tr("Offline until {until}").format(until=moment_words(trip.until, now)))
        text = self.tr("{count} submissions, {work}, {size}")
        if found.total == 1:
            text = self.tr("1 submission, {work}, {size}")
        size = size_words(trip.size_bytes)
        self._text.setText(text.format(count=found.total, work=work_words(trip.minutes), size=size))
        kind, icon, tone = _LOOKS[found.verdict]
        self._answer.setProperty("card", kind)
        restyle(self._answer)
        dress(self._answer_icon, icon, tone, factor=1.5)
        self._verdict.setText(verdict_words(found, trip))
        self._more.setText(verdict_more(found))
        self._more.setVisible(bool(self._more.text()))
        is_begun = found.verdict is Verdict.NOT_CHECKED and found.unchecked < found.total
        self._again.setText(self.tr("Go on checking") if is_begun else self.tr("Check again"))
        if found.unchecked == found.total:
            self._again.setText(self.tr("Check now"))

    def _show_choice(self) -> None:
        self._title.setText(self.tr("Get ready for a trip"))
        self._text.setText(
            self.tr(
                "What you take along is fetched first, kept for you past your return, and then opened piece "
                "by piece, so that you know before you leave that everything is here."
            )
        )
        self._pages.setCurrentIndex(0)
        self._fit_buttons()

    def _show_result_page(self) -> None:
        self._pages.setCurrentIndex(1)
        self._progress.setVisible(self._is_running)
        self._doing.setVisible(self._is_running)
        self._answer.setVisible(not self._is_running)
        self.findings.enable(is_enabled=not self._is_running)
        self._fit_buttons()

    @Slot()
    def _fit_buttons(self) -> None:
        is_choice = self._pages.currentIndex() == 0
        self._go.setVisible(is_choice)
        self._go.setEnabled(self.choosing.is_possible())
        self._again.setVisible(not is_choice and not self._is_running)
        self._change.setVisible(not is_choice and not self._is_running)
        has_trip = self._setup is not None and self._setup.trip is not None
        self._end.setVisible(has_trip and not self._is_running)
        self._stop.setVisible(self._is_running)
        self._stop.setEnabled(True)
        self._stop.setText(self.tr("Stop"))

    def _lay_out(self) -> None:
        unit = space(self)
        self._go.setText(self.tr("Get everything and check"))
        self._stop = QPushButton(self.tr("Stop"), self)
        for button in (self._go, self._again):
            button.setProperty("kind", "primary")
        self._answer.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = QVBoxLayout()
        words.setSpacing(space(self, 0.5))
        words.addWidget(self._verdict)
        words.addWidget(self._more)
        row = QHBoxLayout(self._answer)
        row.setContentsMargins(*[space(self, 3)] * 4)
        row.setSpacing(space(self, 3))
        row.addWidget(self._answer_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        result = QWidget(self)
        column = QVBoxLayout(result)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        for widget in (self._answer, self._got, self._progress, self._doing):
            column.addWidget(widget)
        column.addWidget(self.findings, 1)
        self._pages.addWidget(self.choosing)
        self._pages.addWidget(result)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit)
        buttons.addWidget(self._end)
        buttons.addStretch(1)
        for button in (self._close, self._change, self._stop, self._again, self._go):
            buttons.addWidget(button)
        for button in (self._close, self._change, self._stop, self._end, self._again, self._go):
            button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 5)] * 4)
        layout.setSpacing(space(self, 2))
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addWidget(self._pages, 1)
        layout.addLayout(buttons)
        resize_within_screen(self, space(self, 180), space(self, 140))
        self.setMinimumWidth(space(self, 150))

    def _connect(self) -> None:
        self._close.clicked.connect(self.reject)
        self._change.clicked.connect(self._begin_change)
        self._go.clicked.connect(self._ask)
        self._again.clicked.connect(self.again_wanted)
        self._stop.clicked.connect(self._ask_stop)
        self._end.clicked.connect(self.end_wanted)
        self.choosing.changed.connect(self._fit_buttons)
        self.findings.cure_wanted.connect(self._ask_cure)

    @Slot()
    def _begin_change(self) -> None:
        if self._setup is not None:
            self.choosing.show_setup(self._setup)
            self._show_choice()

    @Slot()
    def _ask(self) -> None:
        self.go_wanted.emit(self.choosing.until, self.choosing.chosen())

    @Slot()
    def _ask_stop(self) -> None:
        self._stop.setEnabled(False)
        self._stop.setText(self.tr("Stopping…"))
        self.stop_wanted.emit()

    @Slot(str, object)
    def _ask_cure(self, key: str, cure: Cure) -> None:
        if cure is Cure.OPEN:
            self.open_wanted.emit(key)
        else:
            self.cure_wanted.emit(key, cure)
