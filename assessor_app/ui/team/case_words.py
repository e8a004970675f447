"""The words of questions and reports: what each is, who says what, who reads an answer, when it presses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.case_list import CaseGroup, CaseRow
from assessor_app.domain.cases import (
    ANSWERED_TO_OPENER,
    WORK_KINDS,
    Case,
    CaseEntry,
    CaseKind,
    CaseState,
    FindingKind,
    RecusalReason,
    WorkRisk,
)
from assessor_app.ui.inbox_words import Said, day_words, in_both_zones, time_words
from assessor_app.ui.row_clock import RowClock

translate = QCoreApplication.translate

ICONS: Mapping[CaseKind, str] = {
    CaseKind.FEEDBACK_QUESTION: "message-square-text",
    CaseKind.QUESTION: "circle-help",
    CaseKind.INTEGRITY: "flag",
    CaseKind.FAULT: "file-question-mark",
    CaseKind.IDENTITY_FINDING: "eye-off",
    CaseKind.MATCH: "users",
    CaseKind.RECUSAL: "corner-up-left",
    CaseKind.AT_RISK: "hourglass",
}


def kind_words(kind: CaseKind) -> str:
    """What a case is."""
    return {
        CaseKind.FEEDBACK_QUESTION: translate("Team", "Learner's question"),
        CaseKind.QUESTION: translate("Team", "Question from the team"),
        CaseKind.INTEGRITY: translate("Team", "Concern about integrity"),
        CaseKind.FAULT: translate("Team", "File or link at fault"),
        CaseKind.IDENTITY_FINDING: translate("Team", "A file may name a person"),
        CaseKind.MATCH: translate("Team", "Same passages elsewhere"),
        CaseKind.RECUSAL: translate("Team", "Given back for good"),
        CaseKind.AT_RISK: translate("Team", "Work at risk"),
    }[kind]


def group_words(group: CaseGroup) -> str:
    """A group of kinds, as it stands on a chip."""
    return {
        CaseGroup.LEARNERS: translate("Team", "Learners' questions"),
        CaseGroup.TEAM: translate("Team", "From the team"),
        CaseGroup.AT_RISK: translate("Team", "At risk"),
        CaseGroup.FINDINGS: translate("Team", "May name a person"),
        CaseGroup.MATCHES: translate("Team", "Same passages"),
        CaseGroup.GIVEN_BACK: translate("Team", "Given back"),
    }[group]


def state_words(state: CaseState | None) -> str:
    """A state; None for all of them."""
    if state is None:
        return translate("Team", "All")
    return {
        CaseState.OPEN: translate("Team", "Open"),
        CaseState.ANSWERED: translate("Team", "Answered"),
        CaseState.CLOSED: translate("Team", "Closed"),
    }[state]


def state_said(row: CaseRow) -> Said | None:
    """What a row says of its state; None for one that is simply open."""
    if row.is_refused:
        return Said(translate("Team", "Not taken, needs you"), "danger", "circle-alert")
    if row.waits:
        return Said(translate("Team", "Waiting to send"), "accent", "cloud-upload")
    if row.state is CaseState.OPEN:
        return None
    icon = "check" if row.state is CaseState.ANSWERED else "check-check"
    return Said(state_words(row.state), "ok", icon)


def reader_words(case: Case) -> str:
    """Who reads an answer."""
    if case.kind is CaseKind.FEEDBACK_QUESTION:
        return translate("Team", "The learner reads this")
    if case.kind in ANSWERED_TO_OPENER:
        return {
            "approver": translate("Team", "The approver reads this"),
            "preassessor": translate("Team", "The pre-assessor reads this"),
        }.get(case.entries[0].by if case.entries else "", translate("Team", "The assessor reads this"))
    return translate("Team", "Only the team reads this")


def has_reader(case: Case) -> bool:
    """Whether anybody outside the team reads an answer."""
    return case.kind is CaseKind.FEEDBACK_QUESTION or case.kind in ANSWERED_TO_OPENER


def row_text(row: CaseRow) -> str:
    """What stands below a row's head: words, or what was found."""
    told = dict(row.detail)
    if row.kind is CaseKind.AT_RISK:
        return risks_words(told.get("risks", ""))
    if row.kind is CaseKind.RECUSAL:
        reason = recusal_words(told.get("reason", ""))
        return f"{reason}: {row.text}" if row.text else reason
    if row.kind is CaseKind.IDENTITY_FINDING:
        return finding_words(told.get("finding", ""), told.get("source", ""))
    if row.kind is CaseKind.MATCH and told.get("other_code"):
        return translate("Team", "Also in {code}").format(code=told["other_code"])
    return row.text


def risks_words(risks: str) -> str:
    """Why work may miss its date, what presses most first."""
    known = {risk.value: risk for risk in WorkRisk}
    words = {
        WorkRisk.OVERDUE: translate("Team", "Overdue"),
        WorkRisk.FINAL_LIMIT: translate("Team", "The final limit is near"),
        WorkRisk.TIME_ENDED: translate("Team", "The time for which somebody had it is over"),
        WorkRisk.NOBODY: translate("Team", "Due soon, and nobody has it"),
        WorkRisk.DUE_SOON: translate("Team", "Due soon, and not sent"),
    }
    return ". ".join(words[known[risk]] for risk in risks.split(",") if risk in known)


def recusal_words(reason: str) -> str:
    """Why work was given back."""
    return {
        RecusalReason.KNOWS_LEARNER.value: translate("Team", "Recognises the work"),
        RecusalReason.CONFLICT.value: translate("Team", "Conflict of interest"),
        RecusalReason.LANGUAGE.value: translate("Team", "Cannot read its language"),
    }.get(reason, translate("Team", "Another reason"))


def finding_words(kind: str, file: str) -> str:
    """What was found where; never what stands there."""
    what = {
        FindingKind.PDF_PROPERTIES.value: translate("Team", "the properties of a PDF"),
        FindingKind.OFFICE_PROPERTIES.value: translate("Team", "the properties of an office file"),
        FindingKind.PICTURE_PROPERTIES.value: translate("Team", "the properties of a picture"),
        FindingKind.PLACE.value: translate("Team", "where a picture was taken"),
        FindingKind.FILE_COMMENT.value: translate("Team", "a comment in a file"),
    }.get(kind, translate("Team", "the properties of a file"))
    return translate("Team", "{file}: {what}").format(file=file, what=what) if file else what


def when_words(moment: datetime, clock: RowClock) -> str:
    """A moment in the person's zone, and in the issuer's where that differs."""
    there = clock.issuer_zone(moment)
    if there is None:
        return f"{day_words(moment, clock.now, clock.zone)} {time_words(moment, clock.zone)}"
    return in_both_zones(moment, clock, there, day_words(moment, clock.now, clock.zone, short=True))


def due_said(row: CaseRow, clock: RowClock) -> Said:
    """When a row presses: its date, or how long it has been there."""
    if row.due_at is None or row.state is CaseState.CLOSED:
        day = day_words(row.opened_at, clock.now, clock.zone, short=True)
        return Said(translate("Team", "since {day}").format(day=day), "quiet", "clock")
    day = day_words(row.due_at, clock.now, clock.zone, short=True)
    if row.due_at < clock.now:
        return Said(translate("Team", "was due {day}").format(day=day), "danger", "clock")
    is_soon = row.due_at <= clock.soon
    return Said(translate("Team", "due {day}").format(day=day), "warning" if is_soon else "quiet", "clock")


def row_sentence(row: CaseRow, clock: RowClock) -> str:
    """A row as one text for a screen reader."""
    state = state_said(row)
    return ", ".join(
        part
        for part in (
            translate("Team", "unread") if row.is_unread else "",
            kind_words(row.kind),
            row.code,
            row.title,
            due_said(row, clock).text,
            state.text if state is not None else state_words(row.state),
            row_text(row),
        )
        if part
    )


def entry_words(case: Case, entry: CaseEntry) -> str:
    """Who did what, by role."""
    who = role_words(entry.by)
    if entry.action == "opened":
        return _opened_words(case.kind, who)
    if entry.action == "answered":
        if entry.by != "lead":
            return translate("Team", "{who} asked on").format(who=who)
        if has_reader(case):
            return translate("Team", "{who} answered").format(who=who)
        return translate("Team", "{who} noted").format(who=who)
    if entry.action == "reassigned":
        if case.kind in WORK_KINDS:
            return translate("Team", "{who} gave the work to somebody else").format(who=who)
        return translate("Team", "{who} gave this to another lead").format(who=who)
    if entry.action == "reopened":
        return translate("Team", "{who} opened this again").format(who=who)
    if entry.by == "platform":
        if case.kind is CaseKind.MATCH:
            return translate("Team", "Closed at once: it is for information")
        return translate("Team", "Closed: it is not at risk any more")
    return translate("Team", "{who} closed this").format(who=who)


def _opened_words(kind: CaseKind, who: str) -> str:
    return {
        CaseKind.INTEGRITY: translate("Team", "{who} reported a concern"),
        CaseKind.FAULT: translate("Team", "{who} reported a fault"),
        CaseKind.IDENTITY_FINDING: translate("Team", "Found by a scan on somebody's computer"),
        CaseKind.MATCH: translate("Team", "Found by comparing submissions"),
        CaseKind.RECUSAL: translate("Team", "{who} gave this back for good"),
        CaseKind.AT_RISK: translate("Team", "Noticed by its dates"),
    }.get(kind, translate("Team", "{who} asked")).format(who=who)


def role_words(role: str) -> str:
    """Whoever acts, by role."""
    return {
        "learner": translate("Team", "The learner"),
        "preassessor": translate("Team", "The pre-assessor"),
        "assessor": translate("Team", "The assessor"),
        "approver": translate("Team", "The approver"),
        "lead": translate("Team", "The team lead"),
    }.get(role, translate("Team", "The platform"))


def doing_words(case: Case, action: str, *, closes: bool = False) -> str:
    """Something that was done here and waits."""
    if action == "answer":
        if not has_reader(case):
            return translate("Team", "Your note, and closed") if closes else translate("Team", "Your note")
        return translate("Team", "Your answer, and closed") if closes else translate("Team", "Your answer")
    if action == "reassign":
        return translate("Team", "Given to somebody else")
    return translate("Team", "Closed") if action == "close" else translate("Team", "Opened again")


def colleague_words(case: Case, has: int, known_as: str) -> str:
    """Somebody to give a case, or its work, to."""
    if case.kind not in WORK_KINDS:
        return translate("Team", "Another lead ({id})").format(id=known_as)
    who = (
        translate("Team", "An approver")
        if case.told("role") == "approver"
        else translate("Team", "An assessor")
    )
    if not has:
        return translate("Team", "{who} with nothing in hand ({id})").format(who=who, id=known_as)
    return translate("Team", "{who} with {count} in hand ({id})").format(who=who, count=has, id=known_as)
