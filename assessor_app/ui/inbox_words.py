"""What a row of the inbox says, in words: due dates, states, groups. Pure but for the translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from assessor_app.domain.at_risk import Risk
from assessor_app.domain.downloads import Hold
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.inbox_groups import Group
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SETTLED, OutboxState, SubmissionStatus
from assessor_app.ui.row_clock import RowClock, city
from assessor_app.ui.size_words import size_words

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Said:
    """A few words with an icon and a tone."""

    text: str
    tone: str
    """A field of `Colours`."""
    icon: str = ""


def group_title(group: Group) -> str:
    """The heading on screen."""
    return {
        Group.NEEDS_YOU: translate("Inbox", "Needs a decision of yours"),
        Group.OVERDUE: translate("Inbox", "Overdue"),
        Group.TODAY: translate("Inbox", "Due today"),
        Group.TOMORROW: translate("Inbox", "Due tomorrow"),
        Group.WEEK: translate("Inbox", "Within seven days"),
        Group.LATER: translate("Inbox", "Later"),
        Group.UNDATED: translate("Inbox", "Without a date"),
        Group.WAITING: translate("Inbox", "Waiting for others"),
        Group.SETTLED: translate("Inbox", "Settled"),
        Group.TRIP: translate("Inbox", "For your trip: these first"),
    }[group]


def heading_sentence(group: Group, count: int, *, is_folded: bool) -> str:
    """A heading as one text for a screen reader."""
    words = count_words(count)
    state = translate("Inbox", "folded, Right shows them") if is_folded else ""
    return ", ".join(part for part in (group_title(group), words, state) if part)


def count_words(count: int) -> str:
    """How many submissions."""
    if count == 1:
        return translate("Inbox", "1 submission")
    return translate("Inbox", "{count} submissions").format(count=count)


def is_settled(row: InboxRow) -> bool:
    """Whether nothing more is expected from anybody."""
    return row.status in SETTLED


def is_done_here(row: InboxRow) -> bool:
    """Whether this person's part is done, sent or waiting to be sent."""
    return row.local_state in (LocalState.WAITING_TO_SEND, LocalState.SENT)


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


def due_said(row: InboxRow, clock: RowClock) -> Said | None:
    """When this person's part is due, in both zones if they differ; None when nothing is expected of her."""
    if row.due_at is None or is_settled(row) or is_done_here(row):
        return None
    away = (row.due_at.astimezone(clock.zone).date() - clock.now.astimezone(clock.zone).date()).days
    # What is past is past in every zone.
    there = clock.issuer_zone(row.due_at) if row.due_at >= clock.now else None
    when = day_words(row.due_at, clock.now, clock.zone, short=there is not None)
    is_past = row.due_at < clock.now
    if there is not None:
        when = in_both_zones(row.due_at, clock, there, when)
    elif is_past and away == 0:
        when = time_words(row.due_at, clock.zone)
    elif away in (-1, 0, 1):
        when = f"{when} {time_words(row.due_at, clock.zone)}"
    if row.due_at < clock.now:
        return Said(translate("Inbox", "Overdue since {day}").format(day=when), "danger", "triangle-alert")
    is_today = away == 0
    tone, icon = ("warning", "clock") if is_today else ("text", "")
    return Said(translate("Inbox", "Due {day}").format(day=when), tone, icon)


def in_both_zones(moment: datetime, clock: RowClock, there: ZoneInfo, day: str) -> str:
    """A moment on the person's clock and on the issuer's; the issuer's day only where it is another one."""
    time, their_time = time_words(moment, clock.zone), time_words(moment, there)
    if moment.astimezone(there).date() != moment.astimezone(clock.zone).date():
        their_time = f"{weekday_words(moment, there)} {their_time}"
    text = translate("Inbox", "{day} {time} your time, {their_time} {city}")
    return text.format(day=day, time=time, their_time=their_time, city=city(there))


def weekday_words(moment: datetime, zone: tzinfo | None = None) -> str:
    """The day of the week, short: Thu."""
    return QLocale().dayName(moment.astimezone(zone).isoweekday(), QLocale.FormatType.ShortFormat)


def limits_said(row: InboxRow, clock: RowClock) -> tuple[str, ...]:
    """The quiet dates: the final limit of the decision, and until when the work is this person's."""
    if is_settled(row):
        return ()
    said: list[str] = []
    if row.final_at is not None:
        day = day_words(row.final_at, clock.now, clock.zone, short=True)
        said.append(translate("Inbox", "Decision by {day}").format(day=day))
    if row.lease_until is not None and not is_done_here(row):
        day = lease_day_words(row.lease_until, clock.now, clock.zone)
        time = time_words(row.lease_until, clock.zone)
        text = translate("Inbox", "yours until {day} {time}")
        if row.lease_until <= clock.now:
            text = translate("Inbox", "your time ended {day} {time}")
        said.append(text.format(day=day, time=time))
    if (holidays := clock.holidays(row)) and not is_done_here(row):
        text = translate("Inbox", "a holiday in between") if holidays == 1 else ""
        said.append(text or translate("Inbox", "{count} holidays in between").format(count=holidays))
    return tuple(said)


def risk_said(row: InboxRow, clock: RowClock) -> Said | None:
    """Why a row is at risk, by what presses most; None where it is not."""
    found = clock.risks(row)
    if not found:
        return None
    text = {
        Risk.FINAL_LIMIT: translate("Inbox", "At risk: the final limit is near"),
        Risk.TIME_ENDS_FIRST: translate("Inbox", "At risk: yours ends before it is due"),
        Risk.NOT_STARTED: translate("Inbox", "At risk: not started"),
    }[found[0]]
    return Said(text, "warning", "triangle-alert")


def size_said(row: InboxRow) -> Said | None:
    """How much there is to read and to watch; None where that is not known or does not matter any more."""
    if is_settled(row) or is_done_here(row):
        return None
    said = []
    if row.pages:
        said.append(
            translate("Inbox", "1 page")
            if row.pages == 1
            else translate("Inbox", "{pages} pages").format(pages=row.pages)
        )
    if row.recordings:
        said.append(_recordings_words(row))
    return Said(", ".join(said), "quiet") if said else None


def _recordings_words(row: InboxRow) -> str:
    minutes = max(1, round(row.recorded_ms / 60_000)) if row.recorded_ms else 0
    if row.recordings == 1:
        if minutes:
            return translate("Inbox", "{minutes} min of media").format(minutes=minutes)
        return translate("Inbox", "1 recording")
    if minutes:
        text = translate("Inbox", "{count} recordings, {minutes} min")
        return text.format(count=row.recordings, minutes=minutes)
    return translate("Inbox", "{count} recordings").format(count=row.recordings)


def state_said(row: InboxRow, labels: Mapping[SubmissionStatus, str], role: Role = Role.ASSESSOR) -> Said:
    """Where the work stands.

    Args:
        row: the row.
        labels: the issuer's words for states; they win where there is one.
        role: whose inbox it is.
    """
    said = _standing_said(row, labels, role)
    if not row.unread_answers:
        return said
    text = translate("Inbox", "The team lead has answered  ·  {state}")
    return Said(text.format(state=said.text), "accent", "message-square")


def _standing_said(row: InboxRow, labels: Mapping[SubmissionStatus, str], role: Role) -> Said:
    if row.is_given_back:
        return Said(translate("Inbox", "Given back, waiting to be sent"), "accent", "send")
    if row.is_taken_back:
        return Said(translate("Inbox", "Being taken back, waiting to be sent"), "accent", "undo-2")
    if row.local_state is LocalState.NEEDS_YOU:
        return Said(translate("Inbox", "Needs you"), "danger", "circle-alert")
    if row.ending is not None:
        return _ended_said(row.ending)
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


def _ended_said(ending: EndingReason) -> Said:
    """Why it is not this person's work any more; what she made is still there to read and export."""
    words, icon = {
        EndingReason.WITHDRAWN: (translate("Inbox", "Withdrawn, your draft is kept"), "rotate-ccw"),
        EndingReason.REASSIGNED: (translate("Inbox", "With somebody else, your draft is kept"), "users"),
        EndingReason.CLAIM_ENDED: (translate("Inbox", "Your time ended, your draft is kept"), "clock"),
        EndingReason.ERASED: (translate("Inbox", "The learner's data were erased"), "eraser"),
        EndingReason.RELEASED: (translate("Inbox", "You gave it back, your draft is kept"), "undo-2"),
        EndingReason.OTHER: (translate("Inbox", "Not with you any more, your draft is kept"), "users"),
    }[ending]
    return Said(words, "quiet", icon)


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
    text = text.format(ready=row.evidence_ready, all=row.evidence_total)
    if row.hold is not None:
        text = f"{text}, {_hold_words(row.hold, size_words(row.held_bytes))}"
    return Said(text, "warning", "download")


def _hold_words(hold: Hold, size: str) -> str:
    words = {
        Hold.PAUSED: translate("Inbox", "downloads are paused"),
        Hold.LARGE: translate("Inbox", "{size} over your limit"),
        Hold.METERED: translate("Inbox", "{size} wait for a connection that is not metered"),
        Hold.QUOTA: translate("Inbox", "no room for {size}"),
        Hold.DISK: translate("Inbox", "the disk is too full for {size}"),
    }
    return words[hold].format(size=size)


def sentence(
    row: InboxRow, clock: RowClock, labels: Mapping[SubmissionStatus, str], role: Role = Role.ASSESSOR
) -> str:
    """Everything that a row shows, as one text for a screen reader."""
    parts = [f"{row.title}, {row.code}", state_said(row, labels, role).text]
    if row.is_resubmission and parts[-1] != translate("Inbox", "Resubmission"):
        parts.append(translate("Inbox", "Resubmission"))
    due, risk = due_said(row, clock), risk_said(row, clock)
    parts += [said.text for said in (due, risk) if said]
    parts += list(limits_said(row, clock))
    parts += [said.text for said in (size_said(row), evidence_said(row)) if said]
    return ". ".join(parts) + "."
