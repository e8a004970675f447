"""Choosing when to be back and what to take along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import (
    QDateTime,
    QLocale,
    QRectF,
    QSignalBlocker,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.trips import LONGEST_HOURS, Candidate, Preset, in_order, preset_until, proposed
from assessor_app.services.trips import TripSetup
from assessor_app.ui.icons import painted
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.size_words import size_words
from assessor_app.ui.theme import colours_of, space
from assessor_app.ui.trip.trip_words import (
    candidate_words,
    how_reckoned,
    preset_words,
    too_long_words,
    total_words,
)

_KEY = 0x0100


class UntilEdit(QDateTimeEdit):
    """A day and an hour that no wheel changes; a picture of a calendar says that there is one to open."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, and the picture where the calendar opens."""
        super().paintEvent(event)
        side, room = round(self.fontMetrics().height() * 0.9), space(self, 1.5)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        box.moveRight(self.width() - room)
        painted(QPainter(self), "calendar", colours_of(self).quiet, box)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll what is around it instead."""
        event.ignore()


class Choosing(QWidget):
    """Until when, and a list with boxes; what is proposed follows the date until the person decides."""

    changed = Signal()
    """What is chosen changed."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            now: the present, aware.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._now = now
        self._setup: TripSetup | None = None
        self._decided: set[SubmissionId] = set()
        self._until = UntilEdit(self)
        self._until.setCalendarPopup(True)
        clock = QLocale().timeFormat(QLocale.FormatType.ShortFormat)
        self._until.setDisplayFormat(f"ddd d MMM yyyy, {clock}")
        self._until.setAccessibleName(self.tr("Back on"))
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Submissions to take along"))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._total = plain_label("", "strong", wraps=True)
        self._reckoned = plain_label("", "quiet", wraps=True)
        self._room = plain_label("", "warning", wraps=True)
        self._lay_out()
        self._until.dateTimeChanged.connect(self._propose)
        self._list.itemChanged.connect(self._decide)

    # ---- what comes in ----

    def show_setup(self, setup: TripSetup) -> None:
        """Offer what there is; a trip that is set already is what was decided."""
        self._setup = setup
        trip = setup.trip
        until = trip.until if trip is not None else None
        with QSignalBlocker(self._until), QSignalBlocker(self._list):
            if until is not None and until > self._now():
                self._until.setDateTime(QDateTime.fromSecsSinceEpoch(round(until.timestamp())))
            else:
                self._set_preset(Preset.FRIDAY)
            self._list.clear()
            for one in in_order(setup.candidates, self.until):
                item = QListWidgetItem()
                item.setData(_KEY, str(one.id))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Unchecked)
                self._list.addItem(item)
        self._decided = set() if trip is None else {one.id for one in setup.candidates}
        self._propose(chosen=() if trip is None else trip.submissions)
        self._list.setCurrentRow(0)

    # ---- what is asked ----

    @property
    def until(self) -> datetime:
        """The return, aware."""
        return datetime.fromtimestamp(self._until.dateTime().toSecsSinceEpoch(), UTC)

    def chosen(self) -> tuple[SubmissionId, ...]:
        """What is to come along, in the list's order."""
        items = (self._list.item(row) for row in range(self._list.count()))
        return tuple(
            SubmissionId(item.data(_KEY)) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def is_possible(self) -> bool:
        """Whether something is chosen and the return lies ahead."""
        return bool(self.chosen()) and self.until > self._now()

    # ---- inside ----

    def _lay_out(self) -> None:
        unit = space(self)
        when = QHBoxLayout()
        when.setSpacing(unit)
        label = plain_label(self.tr("Back on"), "strong")
        label.setBuddy(self._until)
        when.addWidget(label)
        when.addWidget(self._until)
        for preset in Preset:
            button = QPushButton(preset_words(preset), self)
            button.setAutoDefault(False)
            button.setProperty("kind", "quiet")
            button.clicked.connect(partial(self._set_preset, preset))
            when.addWidget(button)
        when.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(unit * 1)
        layout.addLayout(when)
        layout.addWidget(self._list, 1)
        for words in (self._total, self._reckoned, self._room):
            layout.addWidget(words)

    def _set_preset(self, preset: Preset) -> None:
        local = self._now().astimezone().replace(tzinfo=None)
        until = preset_until(preset, local).astimezone()
        self._until.setDateTime(QDateTime.fromSecsSinceEpoch(round(until.timestamp())))

    @Slot()
    def _propose(self, *, chosen: tuple[SubmissionId, ...] = ()) -> None:
        """Say why each is proposed, and choose what is, where the person has not decided herself."""
        if self._setup is None:
            return
        by_id = {one.id: one for one in self._setup.candidates}
        reasons = proposed(self._setup.candidates, self.until)
        now = self._now()
        with QSignalBlocker(self._list):
            for row in range(self._list.count()):
                item = self._list.item(row)
                one = by_id[SubmissionId(item.data(_KEY))]
                item.setText(f"{one.code} · {one.title}\n{candidate_words(one, reasons.get(one.id), now)}")
                is_in = one.id in reasons if one.id not in self._decided else _is_checked(item)
                if is_in or one.id in chosen:
                    item.setCheckState(Qt.CheckState.Checked)
                else:
                    item.setCheckState(Qt.CheckState.Unchecked)
        self._add_up()

    @Slot(QListWidgetItem)
    def _decide(self, item: QListWidgetItem) -> None:
        self._decided.add(SubmissionId(item.data(_KEY)))
        self._add_up()

    def _add_up(self) -> None:
        if self._setup is None:
            return
        ids = set(self.chosen())
        taken: list[Candidate] = [one for one in self._setup.candidates if one.id in ids]
        estimate = self._setup.estimate(tuple(ids))
        self._total.setText(total_words(taken, estimate))
        self._reckoned.setText(how_reckoned(estimate))
        lacking = sum(one.missing_bytes for one in taken) - self._setup.free_bytes
        said = []
        if lacking > 0:
            text = self.tr("There is not room enough on the disk: {size} more are needed.")
            said.append(text.format(size=size_words(lacking)))
        if self.until <= self._now():
            said.append(self.tr("This is in the past."))
        elif self.until > self._now() + timedelta(hours=LONGEST_HOURS):
            said.append(too_long_words())
        self._room.setText(" ".join(said))
        self._room.setVisible(bool(said))
        self.changed.emit()


def _is_checked(item: QListWidgetItem) -> bool:
    return item.checkState() is Qt.CheckState.Checked
