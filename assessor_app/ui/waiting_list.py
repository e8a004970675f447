"""Waiting to send: what leaves this machine, how far it is, and the receipt once it has arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assessor_app.domain.ids import OutboxId, SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.ui.copy_words import copies_words
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.inbox_row import column_margin, measures
from assessor_app.ui.inbox_words import Said, day_words, time_words
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space

if TYPE_CHECKING:  # what is made for the first paint loads no more than that needs
    from assessor_app.domain.assessments import OutboxItem
    from assessor_app.services.comparison import ToCompare
    from assessor_app.services.views import SyncStatus

LEADS_ACT = "leads_act"
"""What a lead did with a question or report."""
_UNDER_WAY = (409, 423, 425)
"""Statuses by which the platform says that it is still at work on it."""
TELL_ATTEMPTS_FROM = 3
"""One or two tries are nothing to worry anybody with."""


class WaitingList(QWidget):
    """One card for each thing that waits or was sent."""

    retry_requested = Signal()
    export_requested = Signal()
    """What waits is wanted as a file."""
    receipts_requested = Signal()
    """There is a file of receipts."""
    open_requested = Signal(str)
    """A submission's id."""
    compare_requested = Signal(str)
    """The key of something that was changed on both sides."""

    def __init__(self, *, zone: tzinfo | None = None, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            zone: the person's time zone; the system's if None.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setObjectName("waiting_list")
        self.setAccessibleName(self.tr("Waiting to send"))
        self._zone = zone
        self._shown: tuple[object, ...] | None = None
        self._exported: Mapping[OutboxId, datetime] = {}
        self.has_unsent = False
        """Whether anything shown still waits."""
        self._retry = QPushButton(self.tr("Try again now"), self)
        dress(self._retry, "refresh-cw", "text")
        self._retry.clicked.connect(self.retry_requested)
        self._copies = plain_label("", "quiet", wraps=True)
        self._copies.hide()
        head, acts = SideBySide(self), SideBySide(self)
        head.box.addWidget(plain_label(self.tr("Waiting to send"), "display"), 1)
        head.box.addWidget(acts)
        self._export = QPushButton(self.tr("Export unsent work…"), self)
        dress(self._export, "download", "text")
        self._export.clicked.connect(self.export_requested)
        self._receipts = QPushButton(self.tr("Read receipts…"), self)
        dress(self._receipts, "check-check", "text")
        self._receipts.clicked.connect(self.receipts_requested)
        for button in (self._export, self._receipts, self._retry):
            button.hide()
            acts.box.addWidget(button)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        unit = space(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(unit * 4, unit * 3, unit * 4, 0)
        layout.setSpacing(unit * 2)
        layout.addWidget(head)
        layout.addWidget(
            plain_label(
                self.tr("What you send is kept here until the platform has confirmed that it arrived."),
                "quiet",
                wraps=True,
            )
        )
        layout.addWidget(self._copies)
        layout.addWidget(self._area, 1)

    @Slot(object)
    def show_status(self, status: SyncStatus) -> None:
        """Say whether what is not sent yet has a copy on the platform."""
        if status.copies is not None:
            text = copies_words(status.copies, self._zone)
            self._copies.setText(text)
            self._copies.setVisible(bool(text))

    def show_items(
        self,
        items: Sequence[OutboxItem],
        titles: Mapping[SubmissionId, str],
        now: datetime,
        exported: Mapping[OutboxId, datetime] | None = None,
        comparable: Sequence[ToCompare] = (),
    ) -> None:
        """Show these, what is open first and then the newest: their order is the queue's, not a clock's.

        Args:
            items: the queue and what was sent, oldest first.
            titles: code and title of the submissions, such as "S-4F2K, Asking questions".
            now: the present, aware.
            exported: when a row was last written into a file.
            comparable: what was changed on both sides and is to be compared.
        """
        exported = exported or {}
        if self._shown == (items, titles, exported, comparable):
            return
        self._shown, self._exported = (items, titles, exported, comparable), exported
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, space(self), space(self), space(self, 4))
        column.setSpacing(space(self, 3))
        ordered = [*reversed(items)]
        ordered.sort(key=lambda item: item.state is OutboxState.ACKED)
        keys = {str(item.id) for item in ordered}
        drafts = [one for one in comparable if one.id not in keys]
        for one in drafts:
            column.addWidget(self._draft_card(one, now))
        to_compare = {one.id for one in comparable}
        for item in ordered:
            can_compare = str(item.id) in to_compare
            column.addWidget(self._card(item, titles.get(item.submission_id, ""), now, can_compare))
        if not ordered and not drafts:
            column.addSpacing(space(self, 12))
            column.addWidget(icon_label("check-check", "quiet", factor=2.6), 0, Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(
                plain_label(self.tr("Nothing waits to be sent."), "title"), 0, Qt.AlignmentFlag.AlignHCenter
            )
        column.addStretch(1)
        self._area.setWidget(page)
        self.has_unsent = any(item.state is not OutboxState.ACKED for item in ordered)
        self._retry.setVisible(self.has_unsent)
        self._export.setVisible(self.has_unsent)
        self._receipts.setVisible(any(item.id in exported for item in ordered))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cards as wide as the rows of the inbox, in the middle."""
        super().resizeEvent(event)
        margin = round(column_margin(self.width() - space(self, 16), measures().line))
        self.setContentsMargins(margin, 0, margin, 0)

    def _card(self, item: OutboxItem, title: str, now: datetime, can_compare: bool) -> QWidget:
        said = self._state(item, now)
        if item.state is OutboxState.CONFLICT and can_compare:
            text = self.tr("Changed here and on the platform. Both are kept; look at them side by side.")
            said = Said(text, "danger", "circle-alert")
        frame = card({"danger": "danger", "warning": "warning"}.get(said.tone, "true"), self)
        kind = LEADS_ACT if item.path.startswith("/v1/cases/") else item.kind
        what = self._what(kind, is_known=bool(title))
        made = self.tr("Made {day} {time}").format(
            day=day_words(item.created_at, now, self._zone), time=time_words(item.created_at, self._zone)
        )
        if item.id in self._exported and item.state is not OutboxState.ACKED:
            at = self._exported[item.id]
            made += ". " + self.tr("Exported {day} {time}").format(
                day=day_words(at, now, self._zone), time=time_words(at, self._zone)
            )
        texts = QVBoxLayout()
        texts.setSpacing(space(self, 0.5))
        texts.addWidget(plain_label(what.format(title=title), "heading", wraps=True))
        role = said.tone if said.tone in ("ok", "warning", "danger") else "body"
        texts.addWidget(plain_label(said.text, role, wraps=True))
        if item.last_error and item.state is not OutboxState.ACKED and not can_compare:
            texts.addWidget(plain_label(item.last_error, "body", wraps=True))
        texts.addWidget(plain_label(made, "caption"))
        if item.request_id and item.state in (OutboxState.BLOCKED, OutboxState.REJECTED):
            named = self.tr("For support: request {name}").format(name=item.request_id)
            texts.addWidget(plain_label(named, "caption", wraps=True))
        row = QHBoxLayout(frame)
        row.setContentsMargins(space(self, 4), space(self, 3), space(self, 3), space(self, 3))
        row.setSpacing(space(self, 3))
        row.addWidget(icon_label(said.icon, said.tone, factor=1.4), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        if can_compare:
            row.addWidget(self._compare_button(str(item.id), title), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._open_button(item.submission_id, title), 0, Qt.AlignmentFlag.AlignVCenter)
        return frame

    def _what(self, kind: str, *, is_known: bool) -> str:
        """What is sent, with a place for the title of what it is for."""
        if kind == "recusal" and not is_known:
            return self.tr("Work given back for good")
        return {
            "decision": self.tr("Decision for {title}"),
            "pre_assessment": self.tr("Pre-assessment of {title}"),
            "withdrawal": self.tr("Taking back the recommendation for {title}"),
            "recusal": self.tr("Giving back {title}"),
            "escalation": self.tr("Question or report on {title}"),
            "case_action": self.tr("More words on {title}"),
            LEADS_ACT: self.tr("Answer or other step on {title}"),
            "finding": self.tr("Report on a file of {title}"),
        }.get(kind, self.tr("Recommendation for {title}"))

    def _open_button(self, submission_id: SubmissionId, title: str) -> QPushButton:
        button = QPushButton(self.tr("Open"), self)
        button.setAccessibleName(self.tr("Open {title}").format(title=title))
        button.setProperty("submission", str(submission_id))
        button.clicked.connect(self._open)
        return button

    def _draft_card(self, one: ToCompare, now: datetime) -> QWidget:
        """A draft that another computer of hers has changed as well: nothing of it waits to be sent."""
        frame = card("danger", self)
        texts = QVBoxLayout()
        texts.setSpacing(space(self, 0.5))
        head = self.tr("Draft for {title}").format(title=one.title)
        texts.addWidget(plain_label(head, "heading", wraps=True))
        said = self.tr("Changed here and on another computer of yours. Both are kept; compare them.")
        texts.addWidget(plain_label(said, "danger", wraps=True))
        found = self.tr("Found {day} {time}").format(
            day=day_words(one.found_at, now, self._zone), time=time_words(one.found_at, self._zone)
        )
        texts.addWidget(plain_label(found, "caption"))
        row = QHBoxLayout(frame)
        row.setContentsMargins(space(self, 4), space(self, 3), space(self, 3), space(self, 3))
        row.setSpacing(space(self, 3))
        row.addWidget(icon_label("circle-alert", "danger", factor=1.4), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self._compare_button(one.id, one.title), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._open_button(one.submission_id, one.title), 0, Qt.AlignmentFlag.AlignVCenter)
        return frame

    def _compare_button(self, conflict_id: str, title: str) -> QPushButton:
        button = QPushButton(self.tr("Compare…"), self)
        button.setAccessibleName(self.tr("Compare both sides of {title}").format(title=title))
        button.setProperty("kind", "primary")
        button.setProperty("conflict", conflict_id)
        button.clicked.connect(self._compare)
        return button

    @Slot()
    def _compare(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.compare_requested.emit(sender.property("conflict"))

    @Slot()
    def _open(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.open_requested.emit(sender.property("submission"))

    def _state(self, item: OutboxItem, now: datetime) -> Said:
        """Where one thing stands, in a sentence."""
        match item.state:
            case OutboxState.ACKED:
                return self._sent(item, now)
            case OutboxState.SENDING:
                return Said(self.tr("Sending"), "accent", "send")
            case OutboxState.CONFLICT:
                text = self.tr("Changed on the platform while you were offline. Your version is kept.")
                return Said(text, "danger", "circle-alert")
            case OutboxState.REJECTED:
                text = self.tr(
                    "The platform could not take it as it is. Your work is kept: open it to correct."
                )
                return Said(text, "danger", "circle-alert")
            case OutboxState.BLOCKED:
                return Said(self.tr("Cannot be sent yet. Your work is kept."), "warning", "hourglass")
            case OutboxState.QUEUED:
                return self._queued(item, now)

    def _sent(self, item: OutboxItem, now: datetime) -> Said:
        if item.receipt is None:
            return Said(self.tr("Sent"), "ok", "check-check")
        at = item.receipt.received_at
        day, time = day_words(at, now, self._zone), time_words(at, self._zone)
        text = self.tr("Sent {day} {time}. Receipt {receipt}")
        return Said(text.format(day=day, time=time, receipt=item.receipt.short), "ok", "check-check")

    def _queued(self, item: OutboxItem, now: datetime) -> Said:
        if item.last_status in _UNDER_WAY:
            return Said(self.tr("Sending"), "accent", "send")
        text = self.tr("Waiting to send")
        if item.attempts >= TELL_ATTEMPTS_FROM:
            text = self.tr("Waiting to send, tried {number} times").format(number=item.attempts)
        if item.next_try_at is not None and item.next_try_at > now:
            text += ". " + self.tr("Next try {time}").format(time=time_words(item.next_try_at, self._zone))
        return Said(text, "accent", "hourglass")
