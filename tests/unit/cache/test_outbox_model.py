"""The outbox against a plain model of it, through random days of sending, failing, editing and restarting."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assessor_app.cache import outbox
from assessor_app.domain.assessments import OutboxItem, Receipt
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.states import OutboxState
from tests import builders
from tests.builders import FakeClock
from tests.stores import open_store

B = OutboxState
REFUSALS = (B.CONFLICT, B.REJECTED, B.BLOCKED)


@dataclass
class Expected:
    """What the model knows of one item."""

    item: OutboxItem
    state: OutboxState = B.QUEUED
    attempts: int = 0
    wait_s: float = 0.0
    is_replaced: bool = False

    @property
    def is_unfinished(self) -> bool:
        return self.state is not B.ACKED and not self.is_replaced


class OutboxDays(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FakeClock()
        self.store = open_store(Path(self.folder.name), self.clock)
        self.expected: list[Expected] = []
        self.made = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def in_flight(self) -> list[Expected]:
        return [e for e in self.expected if e.state is B.SENDING]

    @rule(submission=st.integers(1, 3))
    def queue(self, submission: int) -> None:
        self.made += 1
        item = builders.outbox_item(self.made, submission_number=submission)
        with self.store.write() as txn:
            outbox.enqueue(txn, item)
        same = [e for e in self.expected if e.item.submission_id == item.submission_id]
        self.expected = [
            e for e in self.expected if e not in same or e.state is not B.QUEUED or e.attempts > 0
        ]
        for e in same:
            if e.state in (B.CONFLICT, B.REJECTED):
                e.is_replaced = True
        self.expected.append(Expected(item))

    @rule()
    def send_next(self) -> None:
        now = self.clock.now()
        with self.store.write() as txn:
            item = outbox.next_to_send(txn, now)
            if item is not None:
                outbox.move(txn, item.id, B.SENDING)
        waiting = [
            e
            for at, e in enumerate(self.expected)
            if e.state is B.QUEUED
            and e.wait_s <= (now - builders.NOON).total_seconds()
            and not any(
                other.is_unfinished and other.item.submission_id == e.item.submission_id
                for other in self.expected[:at]
            )
        ]
        assert (item.id if item else None) == (waiting[0].item.id if waiting else None)
        if waiting:
            waiting[0].state = B.SENDING
            waiting[0].attempts += 1

    @precondition(lambda self: self.in_flight())
    @rule(which=st.integers(0, 9), lie=st.sampled_from(["", "key", "sha256", "submission_id"]))
    def answer(self, which: int, lie: str) -> None:
        e = self.in_flight()[which % len(self.in_flight())]
        receipt: Receipt = builders.receipt(e.item, **({lie: "another"} if lie else {}))
        try:
            with self.store.write() as txn:
                outbox.move(txn, e.item.id, B.ACKED, receipt=receipt)
        except ValueError:
            assert lie
        else:
            assert not lie
            e.state = B.ACKED

    @precondition(lambda self: self.in_flight())
    @rule(which=st.integers(0, 9), to=st.sampled_from([B.QUEUED, *REFUSALS]), wait=st.sampled_from([0, 60]))
    def fail(self, which: int, to: OutboxState, wait: int) -> None:
        e = self.in_flight()[which % len(self.in_flight())]
        at = self.clock.now() + timedelta(seconds=wait)
        with self.store.write() as txn:
            outbox.move(txn, e.item.id, to, next_try_at=at if to is B.QUEUED else None)
        e.state = to
        e.wait_s = (at - builders.NOON).total_seconds() if to is B.QUEUED else 0.0

    @precondition(lambda self: self.in_flight())
    @rule(which=st.integers(0, 9))
    def find_out_that_it_never_left(self, which: int) -> None:
        e = self.in_flight()[which % len(self.in_flight())]
        with self.store.write() as txn:
            outbox.move(txn, e.item.id, B.QUEUED, never_left=True)
        e.state, e.wait_s, e.attempts = B.QUEUED, 0.0, e.attempts - 1

    @rule()
    def pause(self) -> None:
        until = self.clock.now() + timedelta(seconds=60)
        with self.store.write() as txn:
            outbox.hold(txn, until)
        for e in self.expected:
            if e.state is B.QUEUED:
                e.wait_s = max(e.wait_s, (until - builders.NOON).total_seconds())

    @rule(which=st.integers(0, 9))
    def try_again(self, which: int) -> None:
        refused = [e for e in self.expected if e.state in REFUSALS and not e.is_replaced]
        if refused:
            e = refused[which % len(refused)]
            with self.store.write() as txn:
                outbox.move(txn, e.item.id, B.QUEUED)
            e.state, e.wait_s = B.QUEUED, 0.0

    @rule(which=st.integers(0, 9))
    def take_back(self, which: int) -> None:
        if self.expected:
            e = self.expected[which % len(self.expected)]
            with self.store.write() as txn:
                done = outbox.withdraw_queued(txn, e.item.id)
            assert done == (e.state is B.QUEUED and e.attempts == 0)
            if done:
                self.expected.remove(e)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = open_store(Path(self.folder.name), self.clock)
        with self.store.write() as txn:
            assert outbox.reset_sending(txn) == len(self.in_flight())
        for e in self.in_flight():
            e.state, e.wait_s = B.QUEUED, 0.0

    @rule(seconds=st.sampled_from([1, 61]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @invariant()
    def nothing_is_lost_and_no_byte_changes(self) -> None:
        with self.store.read() as txn:
            items = outbox.items(txn, open_only=False)
        assert [(i.id, i.state, i.attempts) for i in items] == [
            (e.item.id, e.state, e.attempts) for e in self.expected
        ]
        for item, e in zip(items, self.expected, strict=True):
            assert (item.body, item.path) == (e.item.body, e.item.path)
            assert sha256_hex(item.body) == item.sha256 == e.item.sha256
            assert (item.receipt is not None) == (item.state is B.ACKED)


OutboxDays.TestCase.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)
TestOutboxDays = OutboxDays.TestCase
