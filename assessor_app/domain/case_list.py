"""The lead's list of questions and reports: what a row says, what fits a filter, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assessor_app.domain.cases import CaseKind, CaseState
from assessor_app.domain.ids import SubmissionId

WITHOUT_DATE = timedelta(days=3)
"""What has no date is sorted as if it were due so long after it was opened: nothing sinks for ever."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One question or report as a row."""

    id: str
    kind: CaseKind
    state: CaseState
    """As it is once everything that waits here has been sent."""
    submission_id: SubmissionId
    code: str
    title: str
    opened_at: datetime
    due_at: datetime | None = None
    text: str = ""
    """The words that were said last, or first."""
    detail: tuple[tuple[str, str], ...] = ()
    is_unread: bool = False
    waits: bool = False
    """Whether something of it waits to be sent."""
    is_refused: bool = False
    """Whether what was sent last was not taken."""
    is_mine: bool = False
    """Whether it was given to this lead."""

    @property
    def presses_at(self) -> datetime:
        """When it presses: its date, or some days after it was opened."""
        return self.due_at or self.opened_at + WITHOUT_DATE


class CaseGroup(StrEnum):
    """Kinds as they stand on the chips."""

    LEARNERS = "learners"
    TEAM = "team"
    AT_RISK = "at_risk"
    FINDINGS = "findings"
    MATCHES = "matches"
    GIVEN_BACK = "given_back"


GROUP_OF = {
    CaseKind.FEEDBACK_QUESTION: CaseGroup.LEARNERS,
    CaseKind.QUESTION: CaseGroup.TEAM,
    CaseKind.INTEGRITY: CaseGroup.TEAM,
    CaseKind.FAULT: CaseGroup.TEAM,
    CaseKind.AT_RISK: CaseGroup.AT_RISK,
    CaseKind.IDENTITY_FINDING: CaseGroup.FINDINGS,
    CaseKind.MATCH: CaseGroup.MATCHES,
    CaseKind.RECUSAL: CaseGroup.GIVEN_BACK,
}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What of the list is shown; the parts are layered."""

    state: CaseState | None = CaseState.OPEN
    """None: every state."""
    groups: frozenset[CaseGroup] = frozenset()
    """Empty: every kind."""
    text: str = ""
    """Words of which each stands somewhere in the row, in any case."""
    newest_first: bool = False


def shown(rows: Iterable[CaseRow], wanted: CaseFilter) -> tuple[CaseRow, ...]:
    """The rows that fit, what presses most first, or the newest."""
    words = wanted.text.casefold().split()
    fitting = [
        row
        for row in rows
        if (wanted.state is None or row.state is wanted.state or row.is_refused)
        and (not wanted.groups or GROUP_OF[row.kind] in wanted.groups)
        and _has(row, words)
    ]
    if wanted.newest_first:
        return tuple(sorted(fitting, key=lambda row: (row.opened_at, row.id), reverse=True))
    return tuple(sorted(fitting, key=lambda row: (not row.is_refused, row.presses_at, row.id)))


def counts(rows: Iterable[CaseRow]) -> tuple[dict[CaseState, int], dict[CaseGroup, int]]:
    """How many there are of each state, and how many open ones of each group."""
    states = dict.fromkeys(CaseState, 0)
    groups = dict.fromkeys(CaseGroup, 0)
    for row in rows:
        states[row.state] += 1
        if row.state is CaseState.OPEN:
            groups[GROUP_OF[row.kind]] += 1
    return states, groups


def _has(row: CaseRow, words: Sequence[str]) -> bool:
    if not words:
        return True
    told = " ".join((row.code, row.title, row.text, *(value for _, value in row.detail))).casefold()
    return all(word in told for word in words)
