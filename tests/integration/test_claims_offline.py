"""A claim runs out while its holder is away: what happens then, and what she is told before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assessor_app.cache import outbox, submissions, sync_state
from assessor_app.domain.claims import CLAIM_HOURS, ClaimAnswer
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.services import annotating, assessing, claiming
from assessor_app.services.context import Context
from assessor_app.sync import lease_keeping
from assessor_app.ui.workspaces.standing import assessor_banner
from reference_platform import endings
from reference_platform.models import Assignment, Submission
from tests import builders
from tests.builders import FakeClock
from tests.contract.running import Running
from tests.contract.small_content import NOW, QUEUED
from tests.integration.at_work import assess, at_work, opened, synced
from tests.integration.test_ended_session import before

QUEUED_ID = SubmissionId(QUEUED)
HOUR_S = 3600


@pytest.fixture
def bert(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Context]:
    """An assessor who has claimed one submission for three days."""
    with at_work(tmp_path, platform, "bert", clock=clock) as context:
        with platform.platform.database.read() as session:
            key = MicrocredentialId(session.get_one(Submission, QUEUED).microcredential_id)
        (outcome,) = claiming.claim(context, {key: 1})
        assert outcome.answer is ClaimAnswer.DONE
        synced(context)
        yield context


def pass_hours(platform: Running, clock: FakeClock, hours: int) -> None:
    """Time goes by everywhere; nobody is online."""
    platform.clock.move(hours=hours)
    clock.advance(hours * HOUR_S)


def until(context: Context) -> datetime | None:
    with context.store.read() as txn:
        held = submissions.get_assignment(txn, QUEUED_ID, Role.ASSESSOR)
    return None if held is None else held.lease_until


def take(platform: Running, login: str = "idle") -> None:
    answer = platform.client(login).write("POST", f"/v1/submissions/{QUEUED}/claim", {"lease_hours": 72})
    assert answer.status_code == 201, answer.text


def title(context: Context, now: datetime) -> str:
    banner = assessor_banner(opened(context, QUEUED_ID), now)
    return banner.title if banner is not None else ""


def test_work_under_way_is_renewed_by_itself_when_its_time_is_near(
    platform: Running, bert: Context, clock: FakeClock
) -> None:
    pass_hours(platform, clock, 47)
    assess(bert, QUEUED_ID)
    synced(bert)
    assert until(bert) == NOW + timedelta(hours=CLAIM_HOURS)
    pass_hours(platform, clock, 2)
    assert title(bert, clock.now()).startswith("Your time ends tomorrow ")
    synced(bert)
    assert until(bert) == NOW + timedelta(hours=49 + CLAIM_HOURS)
    assert not title(bert, clock.now())


def test_a_draft_that_nobody_touches_is_not_renewed_and_says_how_it_stands(
    platform: Running, bert: Context, clock: FakeClock
) -> None:
    assess(bert, QUEUED_ID)
    pass_hours(platform, clock, 80)
    synced(bert)
    assert until(bert) == NOW + timedelta(hours=CLAIM_HOURS)
    assert title(bert, clock.now()).startswith("Your time ended ")
    assert opened(bert, QUEUED_ID).is_editable


def test_who_was_away_for_days_and_wrote_goes_on_where_nobody_took_it(
    platform: Running, bert: Context, clock: FakeClock
) -> None:
    pass_hours(platform, clock, 48)
    assess(bert, QUEUED_ID)
    pass_hours(platform, clock, 48)
    synced(bert)
    assert until(bert) == NOW + timedelta(hours=96 + CLAIM_HOURS)


def test_what_was_final_before_its_time_ended_is_taken_though_it_arrives_later(
    platform: Running, bert: Context, clock: FakeClock
) -> None:
    assess(bert, QUEUED_ID)
    assessing.send(bert, QUEUED_ID)
    pass_hours(platform, clock, 120)
    synced(bert)
    with bert.store.read() as txn:
        assert [item.state for item in outbox.items(txn, open_only=False)] == [OutboxState.ACKED]
    assert opened(bert, QUEUED_ID).submission.status is SubmissionStatus.WAITING_ON_APPROVER


@pytest.mark.parametrize("is_final", [False, True])
def test_what_somebody_else_took_meanwhile_is_hers_no_more_and_kept(
    platform: Running, bert: Context, clock: FakeClock, is_final: bool
) -> None:
    assess(bert, QUEUED_ID)
    if is_final:
        assessing.send(bert, QUEUED_ID)
    pass_hours(platform, clock, 120)
    take(platform)
    synced(bert)
    now = opened(bert, QUEUED_ID)
    assert now.ending is not None
    assert now.ending.reason is EndingReason.REASSIGNED
    assert now.assessment.ratings
    assert [item.state for item in now.outbox] == ([OutboxState.BLOCKED] if is_final else [])
    if is_final:
        assert "no longer assigned" in now.outbox[-1].last_error
    assert title(bert, clock.now()).startswith("Somebody else has this now")


def test_a_claim_that_was_ended_can_be_taken_again_with_the_draft_in_it(
    platform: Running, bert: Context, clock: FakeClock
) -> None:
    assess(bert, QUEUED_ID)
    pass_hours(platform, clock, 80)
    with platform.platform.database.write() as session:
        endings.end_claim(session, platform.clock.now(), QUEUED)
    synced(bert)
    assert title(bert, clock.now()).startswith("Your time ended; you were told today")
    take(platform, "bert")
    synced(bert)
    assert opened(bert, QUEUED_ID).is_editable
    assert opened(bert, QUEUED_ID).assessment.ratings


@pytest.mark.parametrize(("ahead_hours", "is_renewed"), [(24, False), (0, True)])
def test_what_counts_is_the_platforms_clock(
    platform: Running, bert: Context, clock: FakeClock, ahead_hours: int, is_renewed: bool
) -> None:
    """After 40 hours 32 are left; a clock that is a day ahead sees 8."""
    pass_hours(platform, clock, 40)
    synced(bert)
    assess(bert, QUEUED_ID)
    clock.advance(24 * HOUR_S)
    with bert.store.write() as txn:
        sync_state.set_clock_lead(txn, -timedelta(hours=ahead_hours))
    lease_keeping.keep(bert.store, bert.transport, bert.renewals, clock=clock)
    assert (until(bert) != NOW + timedelta(hours=CLAIM_HOURS)) is is_renewed


def test_the_platform_is_not_asked_twice_for_what_it_did_not_renew(
    platform: Running, bert: Context, clock: FakeClock
) -> None:
    with platform.platform.database.write() as session:
        session.get_one(Assignment, (QUEUED, "a-bert", Role.ASSESSOR)).claimed = False
    assess(bert, QUEUED_ID)
    pass_hours(platform, clock, 60)
    synced(bert)
    assert bert.renewals.refused == {QUEUED_ID: NOW + timedelta(hours=CLAIM_HOURS)}
    with before(lambda method, _: method == "PATCH", lambda: None) as asked:
        synced(bert)
    assert asked == []


def test_what_was_not_begun_is_not_renewed_and_a_mark_alone_is_a_beginning(
    platform: Running, bert: Context, clock: FakeClock
) -> None:
    pass_hours(platform, clock, 60)
    synced(bert)
    assert until(bert) == NOW + timedelta(hours=CLAIM_HOURS)
    annotating.put(bert, builders.annotation(1, submission_id=QUEUED_ID, criteria=()), "Highlight")
    synced(bert)
    assert until(bert) == NOW + timedelta(hours=60 + CLAIM_HOURS)


def test_a_claim_whose_submission_could_not_be_read_breaks_nothing(
    platform: Running, bert: Context, clock: FakeClock
) -> None:
    assess(bert, QUEUED_ID)
    pass_hours(platform, clock, 60)
    with bert.store.write() as txn:
        txn.connection.exec_driver_sql("DELETE FROM submission")
    lease_keeping.keep(bert.store, bert.transport, bert.renewals, clock=clock)
    assert until(bert) == NOW + timedelta(hours=CLAIM_HOURS)
