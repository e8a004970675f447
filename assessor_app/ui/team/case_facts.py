"""The lines above what was said: what a case is about, in words that name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.cases import Case, CaseKind, CaseState
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.row_clock import RowClock
from assessor_app.ui.team import case_words as words

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Fact:
    """One line with its role in the text."""

    text: str
    tone: str = "body"
    """A key of `TEXT_ROLES`."""


def case_facts(case: Case, clock: RowClock) -> tuple[Fact, ...]:
    """What is known of a case beside the words, from top to bottom."""
    return (*_of_kind(case, clock), *_places(case), *_dates(case, clock))


def _of_kind(case: Case, clock: RowClock) -> list[Fact]:
    if case.kind is CaseKind.AT_RISK:
        found = [
            Fact(
                f"{words.risks_words(case.told('risks'))}.", "danger" if _is_late(case, clock) else "warning"
            )
        ]
        who = words.role_words(case.told("role"))
        found.append(Fact(translate("Team", "Whose part it is: {who}").format(who=who)))
        return found
    if case.kind is CaseKind.RECUSAL:
        reason = words.recusal_words(case.told("reason"))
        return [
            Fact(translate("Team", "Reason: {reason}").format(reason=reason)),
            Fact(
                translate(
                    "Team", "Nobody else learns of it. Whoever gets the work finds it as if it were new."
                ),
                "quiet",
            ),
        ]
    if case.kind is CaseKind.IDENTITY_FINDING:
        return [
            Fact(words.finding_words(case.told("finding"), one_line(case.told("source")))),
            Fact(
                translate("Team", "What stands there was not sent: nobody on the team has to read a name."),
                "quiet",
            ),
        ]
    if case.kind is CaseKind.FEEDBACK_QUESTION:
        text = translate(
            "Team",
            "Names, addresses and numbers were taken out before it came here. Please name nobody either.",
        )
        return [Fact(text, "quiet")]
    return []


def _places(case: Case) -> list[Fact]:
    found = []
    if case.criterion_id is not None:
        text = one_line(case.told("criterion")) or one_line(case.criterion_id)
        found.append(Fact(translate("Team", "About the criterion: {text}").format(text=text)))
    if case.source_id is not None and case.kind is not CaseKind.IDENTITY_FINDING:
        name = one_line(case.told("source"))
        text = (
            translate("Team", "About the evidence: {name}")
            if name
            else translate("Team", "About one piece of evidence")
        )
        found.append(Fact(text.format(name=name)))
    return found


def _dates(case: Case, clock: RowClock) -> list[Fact]:
    said = []
    if case.due_at is not None and case.state is not CaseState.CLOSED:
        late = case.due_at < clock.now
        text = translate("Team", "Was due {when}") if late else translate("Team", "Due {when}")
        is_work = case.kind is CaseKind.AT_RISK
        if not is_work:
            text = (
                translate("Team", "An answer was due {when}")
                if late
                else translate("Team", "Answer by {when}")
            )
        tone = "danger" if late else "body"
        said.append(Fact(text.format(when=words.when_words(case.due_at, clock)), tone))
    for name, text in (
        ("final_at", translate("Team", "Final limit of the decision: {when}")),
        ("until", translate("Team", "Somebody had it until {when}")),
    ):
        moment = _moment(case.told(name))
        if moment is not None:
            said.append(Fact(text.format(when=words.when_words(moment, clock))))
    return said


def _is_late(case: Case, clock: RowClock) -> bool:
    return case.due_at is not None and case.due_at < clock.now


def _moment(told: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
