"""The order that is kept between reads is the order that the store has, whatever was written meanwhile."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor_app.cache import generation, inbox_orders, inbox_sql, submissions, sync_state
from assessor_app.cache.connection import connect, database_path
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Due, Stage
from tests import builders
from tests.builders import NOON
from tests.stores import DATABASE_KEY

ROLES = (Role.ASSESSOR, Role.APPROVER)
STATES = (SubmissionStatus.WAITING_ON_ASSESSOR, SubmissionStatus.RETURNED, SubmissionStatus.AWARDED)


class Failed(Exception):
    """A transaction that does not come to its end."""


def put(
    txn: Transaction, number: int, days: int | None = None, status: Any = STATES[0], received: int = 0
) -> None:
    due = () if days is None else (Due(Stage.ASSESSMENT, NOON + timedelta(days=days), DueKind.TARGET),)
    received_at = NOON + timedelta(minutes=received)
    changed = replace(builders.submission(number), due=due, status=status, received_at=received_at)
    submissions.put_submission(txn, changed)
    submissions.put_assignment(txn, builders.assignment(number))


def kept(store: Store, role: Role = Role.ASSESSOR) -> InboxOrder:
    with store.read() as txn:
        return submissions.inbox_order(txn, role)


def true_order(store: Store, role: Role = Role.ASSESSOR) -> InboxOrder:
    with store.read() as txn:
        return inbox_sql.whole_order(txn.driver, role)


def no_whole_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> Any:
        raise AssertionError("the whole order was read")

    monkeypatch.setattr(inbox_sql, "whole_order", refused)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "remove", "look", "nothing", "fail", "twice", "elsewhere"]),
        st.integers(1, 6),
        st.none() | st.integers(-2, 2),
        st.sampled_from(STATES),
        st.integers(0, 2),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_whatever_is_written_the_order_is_that_of_the_store(store: Store, steps: list[Any]) -> None:
    for step, number, days, status, received in steps:
        with suppress(Failed):
            do(store, step, number, days, status, received)
        if step == "look":
            for role in ROLES:
                assert kept(store, role) == true_order(store, role)
    for role in ROLES:
        assert kept(store, role) == true_order(store, role)


def do(store: Store, step: str, number: int, days: int | None, status: Any, received: int = 0) -> None:
    if step == "elsewhere":
        # Another process, of whose writing nothing is noted here.
        with closing(connect(database_path(store.folder), DATABASE_KEY)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE inbox_entry SET band = 3 - band")
            generation.count_up(other)
            other.execute("COMMIT")
        return
    if step == "look":
        return
    with store.write() as txn:
        if step == "remove":
            submissions.remove_assignment(txn, builders.submission_id(number), Role.ASSESSOR)
        elif step == "nothing":
            sync_state.set_secret(txn, "token", str(number))
        else:
            put(txn, number, days, status, received)
        if step == "twice":
            # Whoever asks in the middle of a transaction sees what it has done so far.
            assert submissions.inbox_order(txn, Role.ASSESSOR) == inbox_sql.whole_order(
                txn.driver, Role.ASSESSOR
            )
            put(txn, number + 1, days, status, received)
        if step == "fail":
            txn.settle()
            raise Failed


def test_after_a_write_only_what_it_touched_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.write() as txn:
        for number in range(1, 20):
            put(txn, number, number % 3)
    assert len(kept(store).ids) == 19
    no_whole_reading(monkeypatch)
    with store.write() as txn:
        sync_state.set_secret(txn, "token", "1")
    before = kept(store)
    with store.write() as txn:
        put(txn, 5, 9)
    moved = kept(store)
    assert moved.ids[-1] == builders.submission_id(5)
    assert set(moved.ids) == set(before.ids)
    with store.write() as txn:
        put(txn, 5, 9)
    # Nothing moved: whoever compares sees the very same.
    assert kept(store) is moved


def test_an_older_state_of_the_store_keeps_its_own_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as txn:
        put(txn, 1)
    with store.read() as early:
        first = submissions.inbox_order(early, Role.ASSESSOR)
        with store.write() as txn:
            put(txn, 2)
        assert len(kept(store).ids) == 2
        assert submissions.inbox_order(early, Role.ASSESSOR) == first
    no_whole_reading(monkeypatch)
    assert len(kept(store).ids) == 2


def test_a_transaction_that_failed_leaves_its_number_to_another_process(store: Store) -> None:
    with store.write() as txn:
        put(txn, 1)
        put(txn, 2)
    kept(store)
    with suppress(Failed):
        do(store, "fail", 1, 2, STATES[0])
    do(store, "elsewhere", 1, None, None)
    assert kept(store).bands == (2, 2)
    assert kept(store) == true_order(store)


@pytest.mark.parametrize("limit", ["MOST_MOVED", "MOST_NOTED"])
def test_what_was_too_much_to_note_is_read_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(inbox_orders, limit, 2)
    kept(store)
    for number in range(1, 13):
        with store.write() as txn:
            put(txn, number)
        if number % 4 == 0:
            assert kept(store) == true_order(store)
    assert len(kept(store).ids) == 12
