"""The verbs of claiming on a real platform: partly refused, stopped, cut off, repeated without effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assessor_app.cache import outbox
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.canonical import canonical_json, sha256_hex
from assessor_app.domain.claims import ClaimAnswer, ClaimOutcome
from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.domain.inbox_filter import InboxFilter, Show
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError, Offline
from assessor_app.services import assessing, claiming, inbox_reading, syncing
from assessor_app.services.context import Context
from assessor_app.sync.transport import Answer, Transport, UnknownEffect
from tests import builders
from tests.builders import FakeClock
from tests.contexts import NOWHERE, context_in
from tests.contract.running import Running, lasting_token
from tests.contract.small_content import FIRST, NOW, QUEUED

A = ClaimAnswer


class CutOnce(Transport):
    """Loses the answer to one call after it has arrived: nobody knows whether it had an effect."""

    cuts = 0

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        signed_in: bool = True,
    ) -> Answer:
        answer = super().call(method, path, body=body, headers=headers, signed_in=signed_in)
        if self.cuts:
            self.cuts -= 1
            raise UnknownEffect("The platform cannot be reached", "The connection broke.", "")
        return answer


def context_of(folder: Path, origin: str, login: str) -> Context:
    made = context_in(folder, Role.ASSESSOR, FakeClock(), origin=origin)
    token = lasting_token(login)
    return replace(made, transport=CutOnce(origin, access_token=lambda: token))


@pytest.fixture
def bert(platform: Running, tmp_path: Path) -> Iterator[Context]:
    made = context_of(tmp_path / "bert", platform.origin, "bert")
    yield made
    made.store.close()


@pytest.fixture
def anna(platform: Running, tmp_path: Path) -> Iterator[Context]:
    made = context_of(tmp_path / "anna", platform.origin, "anna")
    yield made
    made.store.close()


def only_queue(context: Context) -> MicrocredentialId:
    (count,) = claiming.queue(context)
    assert count.claimable == 1
    assert count.title
    return count.microcredential_id


def answers(outcomes: tuple[ClaimOutcome, ...]) -> list[ClaimAnswer]:
    return [outcome.answer for outcome in outcomes]


def test_work_is_taken_kept_and_given_back(bert: Context) -> None:
    key = only_queue(bert)
    told: list[int] = []
    taken = claiming.claim(bert, {key: 3}, hours=2, report=lambda done: told.append(len(done)))
    # One was there: the queue is not asked a third time.
    assert answers(taken) == [A.DONE, A.NOTHING_LEFT]
    assert told == [1, 2]
    assert (taken[0].submission_id, taken[0].lease_until) == (QUEUED, NOW + timedelta(hours=2))
    kept = claiming.renew(bert, [SubmissionId(QUEUED), SubmissionId(FIRST)], hours=5)
    assert answers(kept) == [A.DONE, A.NOT_YOURS]
    assert kept[0].lease_until == NOW + timedelta(hours=5)
    given = claiming.release(bert, [SubmissionId(QUEUED)])
    assert answers(given) == [A.DONE]
    assert only_queue(bert) == key
    assert answers(claiming.release(bert, [SubmissionId(QUEUED)])) == [A.NOT_YOURS]


def test_a_conflict_and_work_of_the_team_are_refused_in_words(anna: Context) -> None:
    assert answers(claiming.claim(anna, {only_queue(anna): 1})) == [A.CONFLICT]
    assert answers(claiming.release(anna, [SubmissionId(FIRST)])) == [A.GIVEN_BY_TEAM]


def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_is_taken_twice(bert: Context) -> None:
    key = only_queue(bert)
    assert isinstance(bert.transport, CutOnce)
    bert.transport.cuts = 1
    taken = claiming.claim(bert, {key: 2})
    assert [(o.answer, o.submission_id) for o in taken] == [(A.DONE, QUEUED), (A.NOTHING_LEFT, None)]


def test_when_the_connection_goes_what_was_done_is_told(bert: Context) -> None:
    key = only_queue(bert)
    assert isinstance(bert.transport, CutOnce)
    transport = bert.transport

    def cut(_: object) -> None:
        transport.cuts = 9

    assert answers(claiming.claim(bert, {key: 3}, report=cut)) == [A.DONE, A.STOPPED]
    with pytest.raises(Offline):
        claiming.claim(bert, {key: 1})


def test_a_stop_is_heard_before_the_next_one(bert: Context) -> None:
    key = only_queue(bert)
    assert claiming.claim(bert, {key: 1}, cancelled=lambda: True) == ()
    assert only_queue(bert) == key


def test_without_a_connection_nothing_is_asked(tmp_path: Path) -> None:
    offline = context_of(tmp_path, NOWHERE, "bert")
    with pytest.raises(KnownError):
        claiming.queue(offline)
    with pytest.raises(KnownError):
        claiming.release(offline, [SubmissionId(QUEUED)])
    offline.store.close()


def test_what_waits_to_be_sent_is_not_given_back(bert: Context) -> None:
    claiming.claim(bert, {only_queue(bert): 1})
    body = canonical_json({"round": 1})
    item = replace(
        builders.outbox_item(1, kind=OutboxKind.RECOMMENDATION, body=body, sha256=sha256_hex(body)),
        submission_id=SubmissionId(QUEUED),
        path=f"/v1/submissions/{QUEUED}/recommendations/{builders.uuid_text(0xE0001)}",
    )
    with bert.store.write() as txn:
        outbox.enqueue(txn, item)
    assert answers(claiming.release(bert, [SubmissionId(QUEUED)])) == [A.WAITS_TO_BE_SENT]


def test_what_was_taken_arrives_with_the_sync_and_what_was_written_outlives_giving_it_back(
    bert: Context,
) -> None:
    claiming.claim(bert, {only_queue(bert): 1}, hours=2)
    syncing.sync(bert, report=lambda _: None, changed=lambda _: None)
    assert QUEUED in inbox_reading.overview(bert, InboxFilter()).order.ids
    assessing.save_overall(bert, SubmissionId(QUEUED), "what was written")
    claiming.release(bert, [SubmissionId(QUEUED)])
    syncing.sync(bert, report=lambda _: None, changed=lambda _: None)
    # It is no work any more; what was written stands where settled work does, until it is let go.
    assert inbox_reading.overview(bert, InboxFilter(show=Show.TO_DO)).order.ids == ()
    assert inbox_reading.overview(bert, InboxFilter(show=Show.SETTLED)).order.ids == (QUEUED,)
    claiming.claim(bert, {only_queue(bert): 1})
    syncing.sync(bert, report=lambda _: None, changed=lambda _: None)
    (row,) = inbox_reading.rows(bert, [SubmissionId(QUEUED)])
    assert row.local_state.value == "draft"
