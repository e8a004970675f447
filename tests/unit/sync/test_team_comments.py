"""The team's comments: they arrive, change and go with the platform's feed, and touch nothing personal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessor_app.cache import comment_bank, sync_state
from assessor_app.cache.engine import Store
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.ids import BankEntryId, CriterionId, MicrocredentialId
from tests.unit.sync.test_pull import Feed, remove, run, upsert

DATA = {
    "id": "team-1",
    "title": "Name\u202e a strength",
    "text": "I can see {{what}}.\nGood.",
    "microcredential_id": "mc-1",
    "criterion_id": "design-1",
    "level": "met",
}
ENTRY = BankEntry(
    BankEntryId("team-1"), Scope.TEAM, "Name a strength", "I can see {{what}}.\nGood.",
    MicrocredentialId("mc-1"), CriterionId("design-1"), "met",
)  # fmt: skip
OWN = BankEntry(BankEntryId("own-1"), Scope.PERSONAL, "Mine", "My own words.")


def entries(store: Store) -> tuple[BankEntry, ...]:
    with store.read() as txn:
        return comment_bank.entries(txn)


def test_a_teams_comment_arrives_changes_and_goes(store: Store) -> None:
    told: list[ChangeSet] = []
    run(store, Feed([[upsert("team_comment", "team-1", DATA)]]), applied=told.append)
    assert entries(store) == (ENTRY,)
    assert told == [ChangeSet(comments=True)]
    run(store, Feed([[], [upsert("team_comment", "team-1", {"id": "team-1", "text": "Shorter."}, rev=2)]]))
    assert entries(store) == (BankEntry(ENTRY.id, Scope.TEAM, "Shorter.", "Shorter."),)
    told.clear()
    run(store, Feed([[], [], [remove("team_comment", "team-1")]]), applied=told.append)
    assert entries(store) == ()
    assert told == [ChangeSet(comments=True)]


def test_what_the_platform_no_longer_lists_goes_and_the_persons_own_stays(store: Store) -> None:
    run(store, Feed([[upsert("team_comment", "team-1", DATA)]]))
    with store.write() as txn:
        comment_bank.put(txn, OWN)
    run(store, Feed([[]], expired={"1"}))
    assert entries(store) == (OWN,)


@pytest.mark.parametrize(
    "bad", [{"text": "  "}, {"text": "x" * 10_001}, {"text": 3}, {"criterion_id": "no such/id"}]
)
def test_a_bad_one_is_set_aside(store: Store, bad: dict[str, Any]) -> None:
    assert run(store, Feed([[upsert("team_comment", "team-1", DATA | bad)]])).set_aside == 1
    assert entries(store) == ()


def test_one_that_would_take_the_place_of_a_personal_comment_is_set_aside(store: Store) -> None:
    with store.write() as txn:
        comment_bank.put(txn, OWN)
    count = run(store, Feed([[upsert("team_comment", OWN.id, DATA | {"id": OWN.id})]]))
    assert count.set_aside == 1
    run(store, Feed([[], [remove("team_comment", OWN.id)]]))
    assert entries(store) == (OWN,)
    with store.read() as txn:
        assert [aside.id for aside in sync_state.quarantined(txn)] in ([], [OWN.id])


def test_uses_survive_what_the_team_changes(store: Store, clock: Any) -> None:
    run(store, Feed([[upsert("team_comment", "team-1", DATA)]]))
    with store.write() as txn:
        comment_bank.count_use(txn, ENTRY.id, clock.now())
    run(store, Feed([[], [upsert("team_comment", "team-1", DATA | {"text": "New."}, rev=2)]]))
    assert entries(store) == (replace(ENTRY, text="New.", uses=1, last_used=clock.now()),)
