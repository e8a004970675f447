"""The lead's list: what fits, in which order, and how many there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from assessor_app.domain.case_list import GROUP_OF, CaseFilter, CaseGroup, CaseRow, counts, shown
from assessor_app.domain.cases import Case, CaseKind, CaseState
from assessor_app.domain.ids import SubmissionId

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def row(name: str, days_old: float = 0, **changes: Any) -> CaseRow:
    fields: dict[str, Any] = {
        "id": name,
        "kind": CaseKind.QUESTION,
        "state": CaseState.OPEN,
        "submission_id": SubmissionId(name),
        "code": f"S-{name}",
        "title": "Asking questions",
        "opened_at": NOON - timedelta(days=days_old),
        **changes,
    }
    return CaseRow(**fields)


def ids(rows: list[CaseRow], **wanted: Any) -> list[str]:
    return [found.id for found in shown(rows, CaseFilter(**wanted))]


def test_what_presses_most_comes_first_and_nothing_without_a_date_sinks() -> None:
    rows = [
        row("new"),
        row("old", 6),
        row("due", due_at=NOON + timedelta(days=1)),
        row("late", due_at=NOON - timedelta(days=2)),
        row("refused", is_refused=True, state=CaseState.CLOSED),
    ]
    assert ids(rows) == ["refused", "old", "late", "due", "new"]
    # A tie is broken by id, the newest stand first on demand.
    assert ids(rows, newest_first=True) == ["refused", "new", "late", "due", "old"]
    assert ids([row("b"), row("a")]) == ["a", "b"]


def test_filters_are_layered() -> None:
    rows = [
        row("q", text="Does the plan count?"),
        row("l", kind=CaseKind.FEEDBACK_QUESTION, title="Labs"),
        row("m", kind=CaseKind.MATCH, detail=(("other_code", "S-4F2K"),)),
        row("c", state=CaseState.CLOSED),
    ]
    assert ids(rows) == ["l", "m", "q"]
    assert ids(rows, state=None) == ["c", "l", "m", "q"]
    assert ids(rows, state=CaseState.CLOSED) == ["c"]
    assert ids(rows, groups=frozenset({CaseGroup.TEAM, CaseGroup.MATCHES})) == ["m", "q"]
    assert ids(rows, text="PLAN asking") == ["q"]
    assert ids(rows, text="4f2k") == ["m"]
    assert ids(rows, text="labs", groups=frozenset({CaseGroup.TEAM})) == []


def test_counts_are_of_states_and_of_what_is_open() -> None:
    states, groups = counts([row("a"), row("b", kind=CaseKind.FAULT), row("c", state=CaseState.ANSWERED)])
    assert states == {CaseState.OPEN: 2, CaseState.ANSWERED: 1, CaseState.CLOSED: 0}
    assert groups == {**dict.fromkeys(CaseGroup, 0), CaseGroup.TEAM: 2}


def test_every_kind_has_a_chip() -> None:
    assert set(GROUP_OF) == set(CaseKind)
    assert set(GROUP_OF.values()) == set(CaseGroup)


def test_what_was_told_beside_the_words() -> None:
    case = Case(
        "c", CaseKind.MATCH, CaseState.OPEN, SubmissionId("s"), "S-1", NOON, detail=(("part", "artifact"),)
    )
    assert (case.told("part"), case.told("other")) == ("artifact", "")
