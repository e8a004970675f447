"""What a row of the inbox says, in words: due dates, states, sections. Pure but for the translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import IntEnum

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SETTLED, OutboxState, SubmissionStatus

translate = QCoreApplication.translate


class Section(IntEnum):
    """Under which heading a row stands."""

    NEEDS_YOU = 0
    OVERDUE = 1
    TODAY = 2
    WEEK = 3
    LATER = 4
    UNDATED = 5
    WAITING = 6
    SETTLED = 7


@dataclass(frozen=True, slots=True)
class Said:
    """A few words with an icon and a tone."""

    text: str
    tone: str
    """A field of `Colours`."""
    icon: str = ""


def section_title(section: Section) -> str:
    """The heading on screen."""
    return {
        Section.NEEDS_YOU: translate("Inbox", "Needs a decision of yours"),
        Section.OVERDUE: translate("Inbox", "Overdue"),
        Section.TODAY: translate("Inbox", "Due today"),
        Section.WEEK: translate("Inbox", "Due in the next seven days"),
        Section.LATER: translate("Inbox", "Later"),
        Section.UNDATED: translate("Inbox", "Without a date"),
        Section.WAITING: translate("Inbox", "Done on your side"),
        Section.SETTLED: translate("Inbox", "Settled"),
    }[section]


def is_settled(row: InboxRow) -> bool:
    """Whether nothing more is expected from anybody."""
    return row.status in SETTLED


def is_done_here(row: InboxRow) -> bool:
    """Whether this person's part is done, sent or waiting to be sent."""
    return row.local_state in (LocalState.WAITING_TO_SEND, LocalState.SENT)


def section_of(row: InboxRow, now: datetime, zone: tzinfo | None = None) -> Section:
    """The heading under which a row stands.

    Args:
        row: the row.
        now: aware; the present.
        zone: the person's time zone; the system's if None.
    """
    if row.local_state is LocalState.NEEDS_YOU:
        return Section.NEEDS_YOU
    if is_settled(row):
        return Section.SETTLED
    if is_done_here(row):
        return Section.WAITING
    if row.due_at is None:
        return Section.UNDATED
    if row.due_at < now:
        return Section.OVERDUE
    days = (row.due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days == 0:
        return Section.TODAY
    return Section.WEEK if days <= 7 else Section.LATER


def day_words(moment: datetime, now: datetime, zone: tzinfo | None = None, *, short: bool = False) -> str:
    """A day as a person says it: today, tomorrow, Thursday 27 Nov, 3 Jan 2027; `short`: Thu 27 Nov."""
    locale, day = QLocale(), moment.astimezone(zone).date()
    shown, away = QDate(day.year, day.month, day.day), (day - now.astimezone(zone).date()).days
    if away == 0:
        return translate("Inbox", "today")
    if away == 1:
        return translate("Inbox", "tomorrow")
    if away == -1:
        return translate("Inbox", "yesterday")
    if abs(away) < 7 and not short:
        return locale.toString(shown, "dddd d MMM")
    if abs(away) < 200:
        return locale.toString(shown, "ddd d MMM")
    return locale.toString(shown, "d MMM yyyy")


def lease_day_words(moment: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A day within the week by its name alone: Thursday."""
    day = moment.astimezone(zone).date()
    if 1 < (day - now.astimezone(zone).date()).days < 7:
        return QLocale().dayName(day.isoweekday())
    return day_words(moment, now, zone, short=True)


def time_words(moment: datetime, zone: tzinfo | None = None) -> str:
    """Hours and minutes as the person's locale writes them."""
    local = moment.astimezone(zone)
    return QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)


def due_said(row: InboxRow, now: datetime, zone: tzinfo | None = None) -> Said | None:
    """When this person's part is due; None when nothing is expected of her."""
    if row.due_at is None or is_settled(row) or is_done_here(row):
        return None
    day, time = day_words(row.due_at, now, zone), time_words(row.due_at, zone)
    if row.due_at < now:
        text = translate("Inbox", "Overdue since {day}").format(day=day)
        if now - row.due_at < timedelta(days=1):
            text = translate("Inbox", "Overdue since {time}").format(time=time)
        return Said(text, "danger", "triangle-alert")
    if day == translate("Inbox", "today"):
        return Said(translate("Inbox", "Due today {time}").format(time=time), "warning", "clock")
    return Said(translate("Inbox", "Due {day}").format(day=day), "text", "")


def limits_said(row: InboxRow, now: datetime, zone: tzinfo | None = None) -> tuple[str, ...]:
    """The quiet dates: the final limit of the decision, and until when the work is this person's."""
    if is_settled(row):
        return ()
    said: list[str] = []
    if row.final_at is not None:
        day = day_words(row.final_at, now, zone, short=True)
        said.append(translate("Inbox", "Decision by {day}").format(day=day))
    if row.lease_until is not None and row.lease_until > now and not is_done_here(row):
        day, time = lease_day_words(row.lease_until, now, zone), time_words(row.lease_until, zone)
        said.append(translate("Inbox", "yours until {day} {time}").format(day=day, time=time))
    return tuple(said)


def state_said(row: InboxRow, labels: Mapping[SubmissionStatus, str], role: Role = Role.ASSESSOR) -> Said:
    """Where the work stands.

    Args:
        row: the row.
        labels: the issuer's words for states; they win where there is one.
        role: whose inbox it is.
    """
    if row.local_state is LocalState.NEEDS_YOU:
        return Said(translate("Inbox", "Needs you"), "danger", "circle-alert")
    if is_settled(row):
        return _settled_said(row, labels)
    if row.outbox_state is OutboxState.SENDING:
        return Said(translate("Inbox", "Sending"), "accent", "send")
    if row.local_state is LocalState.WAITING_TO_SEND:
        return Said(translate("Inbox", "Waiting to send"), "accent", "send")
    if row.local_state is LocalState.SENT:
        text = translate("Inbox", "Sent, waiting for the approver")
        if role is Role.APPROVER:
            text = translate("Inbox", "Sent")
        return Said(text, "ok", "check")
    if row.is_returned:
        if row.local_state is LocalState.DRAFT and row.rated < row.criteria:
            text = translate("Inbox", "Returned to you, {rated} of {all} rated")
            return Said(text.format(rated=row.rated, all=row.criteria), "warning", "corner-up-left")
        return Said(translate("Inbox", "Returned to you"), "warning", "corner-up-left")
    if row.local_state is LocalState.DRAFT:
        return _progress_said(row)
    if row.is_resubmission:
        return Said(translate("Inbox", "Resubmission"), "accent", "refresh-cw")
    if role is Role.APPROVER:
        return Said(translate("Inbox", "Ready for your decision"), "accent", "scale")
    return Said(translate("Inbox", "New"), "accent", "circle-dot")


def _progress_said(row: InboxRow) -> Said:
    if row.criteria and row.rated >= row.criteria:
        text = translate("Inbox", "All {all} rated, not sent yet").format(all=row.criteria)
        return Said(text, "text", "circle-check")
    if row.criteria:
        text = translate("Inbox", "In progress {rated} of {all}")
        return Said(text.format(rated=row.rated, all=row.criteria), "text", "pen-line")
    return Said(translate("Inbox", "In progress"), "text", "pen-line")


def _settled_said(row: InboxRow, labels: Mapping[SubmissionStatus, str]) -> Said:
    own = labels.get(row.status, "")
    by_status = {
        SubmissionStatus.AWARDED: Said(own or translate("Inbox", "Awarded"), "ok", "award"),
        SubmissionStatus.DENIED: Said(own or translate("Inbox", "Denied"), "quiet", "circle-slash"),
        SubmissionStatus.INCOMPLETE: Said(own or translate("Inbox", "Incomplete"), "quiet", "circle-slash"),
        SubmissionStatus.WITHDRAWN: Said(own or translate("Inbox", "Withdrawn"), "quiet", "rotate-ccw"),
    }
    return by_status.get(row.status, Said(own or str(row.status), "quiet", "check"))


def evidence_said(row: InboxRow) -> Said | None:
    """How much of the evidence is on this machine; None when it does not matter any more."""
    if not row.evidence_total or is_settled(row):
        return None
    if row.evidence_ready >= row.evidence_total:
        if row.evidence_total == 1:
            return Said(translate("Inbox", "The file is here"), "quiet", "paperclip")
        text = translate("Inbox", "All {all} files here").format(all=row.evidence_total)
        return Said(text, "quiet", "paperclip")
    text = translate("Inbox", "{ready} of {all} files here")
    return Said(text.format(ready=row.evidence_ready, all=row.evidence_total), "warning", "download")


def sentence(
    row: InboxRow,
    now: datetime,
    labels: Mapping[SubmissionStatus, str],
    role: Role = Role.ASSESSOR,
    zone: tzinfo | None = None,
) -> str:
    """Everything that a row shows, as one text for a screen reader."""
    due, evidence = due_said(row, now, zone), evidence_said(row)
    parts = [f"{row.title}, {row.code}", state_said(row, labels, role).text]
    if row.is_resubmission and parts[-1] != translate("Inbox", "Resubmission"):
        parts.append(translate("Inbox", "Resubmission"))
    parts += [due.text] if due else []
    parts += list(limits_said(row, now, zone))
    parts += [evidence.text] if evidence else []
    return ". ".join(parts) + "."
