"""Every row of the table of answers: one effect on what waits, one sentence in the bar.

A real server answers a real sending as the row says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
import requests
from requests.adapters import BaseAdapter

from assessor_app.cache import assessments, incidents, outbox, sync_state
from assessor_app.domain.assessments import OutboxItem
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.errors import KnownError
from assessor_app.services import syncing
from assessor_app.services.context import Context
from assessor_app.services.views import SyncStatus
from assessor_app.sync import auth, transport
from assessor_app.sync.auth import transport_for
from assessor_app.ui.sync_words import Shown, words_of
from tests import builders
from tests.answering import answering, as_json, problem
from tests.builders import NOON, FakeClock
from tests.contexts import context_in, give
from tests.integration.answer_rows import ITEM, OTHER, PAGE, ROWS, Row, Scene

RECORD = Path(__file__).parents[2] / "docs" / "decisions" / "0037-what-each-answer-means.md"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def context(tmp_path: Path, clock: FakeClock) -> Iterator[Context]:
    """An assessor who has finished one submission, which waits to be sent."""
    made = context_in(tmp_path / "profile", Role.ASSESSOR, clock)
    give(made.store, builders.submission())
    with made.store.write() as txn:
        assessments.begin(txn, ITEM.submission_id, 1)
        assessments.set_state(txn, ITEM.submission_id, 1, AssessmentState.FINAL, NOON)
        outbox.enqueue(txn, ITEM)
        sync_state.set_secret(txn, auth.ACCESS, "token")
    yield made
    made.store.close()


def sync(context: Context, origin: str) -> SyncStatus:
    """One round with a platform at an address."""
    there = transport_for(context.store, origin, context.clock)
    return syncing.sync(
        replace(context, transport=there, origin=origin), report=lambda _: None, changed=lambda _: None
    )


def item_of(context: Context) -> OutboxItem:
    with context.store.read() as txn:
        found = outbox.get(txn, ITEM.id)
    assert found is not None
    return found


def check_waiting(row: Row, context: Context) -> None:
    """The row's effect on what was sent, and on the work behind it."""
    item = item_of(context)
    assert (item.state, item.attempts) == (row.state, row.attempts)
    assert (item.id, item.body, item.sha256) == (ITEM.id, ITEM.body, ITEM.sha256)
    assert (item.receipt is not None) is (row.state is OutboxState.ACKED)
    assert row.said in item.last_error
    wait_s = None if item.next_try_at is None else (item.next_try_at - NOON).total_seconds()
    assert (wait_s is None) is (row.wait_s is None)
    if row.wait_s is not None and wait_s is not None:
        assert row.wait_s[0] <= wait_s <= row.wait_s[1]
    with context.store.read() as txn:
        work = assessments.load(txn, ITEM.submission_id, 1)
    assert work is not None
    assert work.state is (AssessmentState.DRAFT if row.is_open_again else AssessmentState.FINAL)


def check_bar(row: Row, shown: Shown) -> None:
    """One sentence, and the button that belongs to it."""
    assert row.bar in shown.text
    assert "\n" not in shown.text
    assert len(shown.text) < 140
    assert (shown.act if shown.retry else None) is row.act


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_each_answer_has_one_effect_and_one_sentence(
    row: Row, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if row.holds_all:
        with context.store.write() as txn:
            outbox.enqueue(txn, OTHER)
    with row.serve(Scene(tmp_path, monkeypatch, context)) as origin:
        status = sync(context, origin)
    check_bar(row, words_of(status, UTC, NOON - timedelta(minutes=1)))
    if row.name == "store damaged":
        return
    check_waiting(row, context)
    with context.store.read() as txn:
        noted = {incident.sentence for incident in incidents.recent(txn)}
        other = outbox.get(txn, OTHER.id)
    item = item_of(context)
    assert bool(noted) is (status.trouble is not None or item.last_error != "")
    assert item.last_error in {*noted, ""}
    # Everything else waits as long.
    assert other is None or (other.attempts, other.next_try_at) == (0, item.next_try_at)


def test_no_row_of_the_record_is_missing_here_and_none_here_is_missing_there() -> None:
    table = re.findall(r"^\| ([^|]+?) \| [^|]+ \| [^|]+ \|$", RECORD.read_text("utf-8"), re.MULTILINE)
    assert [row.name for row in ROWS] == [name for name in table if name != "what comes"]


def test_a_network_that_answered_in_its_place_gets_neither_token_nor_work_again(context: Context) -> None:
    with answering(lambda _: PAGE) as server:
        there = replace(context, transport=transport_for(context.store, server.origin, context.clock))
        for _ in range(2):
            context.clock.advance(60)  # type: ignore[attr-defined]
            syncing.sync(there, report=lambda _: None, changed=lambda _: None)
        first, probe, *more = [(a.method, a.path, "authorization" in a.headers) for a in server.asked]
        assert first[0] == "PUT"
        assert {probe, *more} == {("GET", "/health", False)}
        server.answer = lambda a: as_json({"status": "ok"}) if a.path == "/health" else problem(503)
        context.clock.advance(60)  # type: ignore[attr-defined]
        syncing.sync(there, report=lambda _: None, changed=lambda _: None)
        assert any(a.path.startswith("/v1/") for a in server.asked[2 + len(more) :])


def every_error(kind: type[Exception] = requests.exceptions.RequestException) -> Iterator[type[Exception]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from every_error(inner)


class Failing(BaseAdapter):
    """Fails with one kind of error of `requests`."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self._error = error

    def send(self, *_: object, **__: object) -> requests.Response:
        raise (
            self._error("as it comes")
            if self._error is not requests.exceptions.JSONDecodeError
            else self._error("as it comes", "", 0)
        )

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("error", sorted(set(every_error()), key=str), ids=str)
def test_no_error_of_requests_comes_through(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    there = transport.Transport("http://127.0.0.1:9")
    session = requests.Session()
    session.mount("http://", Failing(error))
    monkeypatch.setattr(there, "_session", lambda: session)
    with pytest.raises(KnownError):
        there.call("GET", "/", signed_in=False)
