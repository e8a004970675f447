"""The history of a submission as a list: when, what, by which role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.services.views import HistoryStep, SubmissionHistory
from assessor_app.ui.icons import icon_label
from assessor_app.ui.inbox_words import day_words, time_words
from assessor_app.ui.moment_words import when_words
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.theme import space

translate = QCoreApplication.translate
_ICONS = {
    SubmissionStatus.WAITING_ON_APPROVER: "send",
    SubmissionStatus.RETURNED: "corner-up-left",
    SubmissionStatus.AWARDED: "award",
    SubmissionStatus.DENIED: "circle-slash",
    SubmissionStatus.WITHDRAWN: "rotate-ccw",
}


class HistoryDialog(QDialog):
    """Shows the steps, oldest first, in the time of this place."""

    def __init__(self, told: SubmissionHistory, now: datetime, parent: QWidget | None = None) -> None:
        """Show a history.

        Args:
            told: its steps.
            now: the present.
            parent: the window.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("History of {code}").format(code=told.code))
        self.setModal(True)
        page = QWidget(self)
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, space(self, 2), 0)
        grid.setHorizontalSpacing(space(self, 2.5))
        grid.setVerticalSpacing(space(self, 2))
        grid.setColumnStretch(2, 1)
        self.lines: list[str] = []
        for number, step in enumerate(told.steps):
            words, more = step_words(step, told.labels)
            self.lines.append(" ".join(part for part in (when_words(step.at), words, more) if part))
            grid.addWidget(icon_label(_icon_of(step), "quiet"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(plain_label(when_words(step.at), "quiet"), number, 1, Qt.AlignmentFlag.AlignTop)
            said = QVBoxLayout()
            said.setSpacing(space(self, 0.5))
            said.addWidget(plain_label(words, "body", wraps=True))
            if more:
                said.addWidget(plain_label(more, "caption", wraps=True))
            grid.addLayout(said, number, 2)
        grid.setRowStretch(len(told.steps), 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("History"))
        area.setAccessibleDescription(". ".join(self.lines))
        area.setWidget(page)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QDialogButtonBox(self)
        # Not the standard one: some desktops give it an icon of their own, in their own colours.
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 2.5))
        layout.addWidget(plain_label(self.tr("History"), "title"))
        layout.addWidget(plain_label(f"{told.code}  ·  {one_line(told.title)}", "quiet", wraps=True))
        layout.addWidget(area, 1)
        layout.addWidget(plain_label(_as_of(told.told_at, now), "caption", wraps=True))
        layout.addWidget(buttons)
        resize_within_screen(self, space(self, 150), space(self, 110))


def step_words(step: HistoryStep, labels: Mapping[SubmissionStatus, str]) -> tuple[str, str]:
    """What happened, and what this machine knows of it besides."""
    if step.status is None:
        return _item_words(step.item), _receipt_words(step.item)
    words = _status_words(step.status, step.by, labels.get(step.status, ""))
    if step.item is not None:
        words = translate("History", "{what} (you)").format(what=words)
    return words, _receipt_words(step.item)


def _status_words(status: SubmissionStatus, by: str, label: str) -> str:
    if status in (SubmissionStatus.AWARDED, SubmissionStatus.DENIED):
        award = status is SubmissionStatus.AWARDED
        own = label or (translate("History", "Awarded") if award else translate("History", "Denied"))
        return translate("History", "{outcome}, decided by the approver").format(outcome=own)
    by_assessor = by == "assessor"
    return {
        SubmissionStatus.SUBMITTED: translate("History", "Submitted by the learner"),
        SubmissionStatus.IN_PRE_ASSESSMENT: translate("History", "Waiting for the pre-assessor"),
        SubmissionStatus.INCOMPLETE: translate("History", "Given back as incomplete by the pre-assessor"),
        SubmissionStatus.WAITING_ON_ASSESSOR: translate("History", "Taken back by the assessor")
        if by_assessor
        else translate("History", "Found complete by the pre-assessor")
        if by == "preassessor"
        else translate("History", "Ready for assessment"),
        SubmissionStatus.WAITING_ON_APPROVER: translate("History", "Recommendation sent by the assessor"),
        SubmissionStatus.RETURNED: translate("History", "Taken back by the assessor")
        if by_assessor
        else translate("History", "Returned to the assessor by the approver"),
        SubmissionStatus.WITHDRAWN: translate("History", "Withdrawn by the learner"),
    }[status]


def _item_words(item: OutboxItem | None) -> str:
    if item is None:
        return ""
    waits = item.state is not OutboxState.ACKED
    if item.kind is OutboxKind.WITHDRAWAL:
        if item.state in (OutboxState.CONFLICT, OutboxState.REJECTED):
            return translate("History", "You asked to take it back; it was too late")
        return translate("History", "You take it back") if waits else translate("History", "You took it back")
    if item.kind is OutboxKind.RECUSAL:
        return translate("History", "You give it back for good")
    if item.kind is OutboxKind.DECISION:
        return translate("History", "Your decision")
    if item.kind is OutboxKind.PRE_ASSESSMENT:
        return translate("History", "Your pre-assessment")
    return translate("History", "Your recommendation")


def _receipt_words(item: OutboxItem | None) -> str:
    if item is None:
        return ""
    if item.receipt is not None:
        short = f"{item.receipt.short[:4]} {item.receipt.short[4:]}"
        return translate("History", "Received by the platform. Receipt {receipt}").format(receipt=short)
    if item.state in (OutboxState.QUEUED, OutboxState.SENDING):
        return translate("History", "Waiting to be sent")
    return item.last_error


def _icon_of(step: HistoryStep) -> str:
    if step.item is not None and step.item.receipt is None:
        return "hourglass"
    return "circle-dot" if step.status is None else _ICONS.get(step.status, "circle-dot")


def _as_of(told_at: datetime | None, now: datetime) -> str:
    if told_at is None:
        return translate("History", "The platform has not told anything yet.")
    text = translate("History", "As the platform told it {day} {time}. Everybody appears by role alone.")
    return text.format(day=day_words(told_at, now), time=time_words(told_at))
