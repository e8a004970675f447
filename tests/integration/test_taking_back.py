"""What was sent is taken back while the grace period lasts: every order of answers, clocks that are off."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assessor_app.cache import assessments, outbox
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.errors import NotAllowed
from assessor_app.services import assessing, taking_back
from assessor_app.services.context import Context
from assessor_app.ui.workspaces.standing import assessor_banner
from reference_platform.models import Recommendation
from tests.builders import FakeClock
from tests.contract.bodies import decide, decision
from tests.contract.running import Client, Running
from tests.contract.small_content import FIRST, NOW
from tests.integration.at_work import (
    FIRST_ID,
    answers_lost,
    assess,
    assess_and_send,
    at_work,
    opened,
    sync,
    synced,
)


@pytest.fixture
def otto(platform: Running) -> Client:
    return platform.client("otto")


def recommendation_id(platform: Running) -> str | None:
    with platform.platform.database.read() as session:
        found = (
            session.query(Recommendation).filter_by(submission_id=FIRST).order_by(Recommendation.round.desc())
        )
        row = found.first()
        return None if row is None else row.id


def banner_text(context: Context) -> str:
    banner = assessor_banner(opened(context), context.clock.now())
    return "" if banner is None else "\n".join((banner.title, *banner.lines))


def is_whole_draft(context: Context, round_number: int = 1) -> bool:
    now = opened(context)
    assert now.assessment.round == round_number
    assert len(now.assessment.ratings) == len(now.assessment.feedback) == 2
    assert now.assessment.overall.startswith("Well seen.")
    return now.is_editable and now.assessment.state is not AssessmentState.FINAL


def test_it_is_a_draft_again_with_everything_in_it(anna: Context, platform: Running, otto: Client) -> None:
    assess_and_send(anna)
    assert opened(anna).taking_back.until == NOW + timedelta(minutes=30)
    assert "You can take it back until" in banner_text(anna)
    taking_back.take_back(anna, FIRST_ID)
    assert not opened(anna).is_editable
    assert "Being taken back" in banner_text(anna)
    synced(anna)
    assert is_whole_draft(anna)
    assert recommendation_id(platform) is None
    assert otto.get(f"/v1/submissions/{FIRST}").json()["status"] == "waiting_on_assessor"
    assert banner_text(anna) == ""
    assessing.save_overall(anna, FIRST_ID, "Better words. All in all a lesson to learn from.")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    assert recommendation_id(platform) is not None
    assert opened(anna).taking_back.until is not None


def test_it_is_open_at_once_and_not_only_after_the_next_pull(anna: Context) -> None:
    """The receipt is enough, whatever becomes of the pull."""
    assess_and_send(anna)
    taking_back.take_back(anna, FIRST_ID)
    with answers_lost(lambda method, path: path.startswith("/v1/sync")):
        sync(anna)
    assert is_whole_draft(anna)
    synced(anna)
    assert is_whole_draft(anna)


def test_the_pull_may_tell_it_before_the_receipt_does(anna: Context, platform: Running) -> None:
    assess_and_send(anna)
    taking_back.take_back(anna, FIRST_ID)
    with answers_lost(lambda method, path: path.endswith("/withdraw")):
        sync(anna)
    assert recommendation_id(platform) is None
    # Another sync may pull first: here the same is done by hand, before the receipt is asked for.
    with anna.store.read() as txn:
        (item,) = outbox.items(txn)
    assert (item.kind, item.state) == (OutboxKind.WITHDRAWAL, OutboxState.QUEUED)
    platform.clock.move(minutes=1)
    clock = anna.clock
    assert isinstance(clock, FakeClock)
    with answers_lost(lambda method, path: path.startswith("/v1/receipts")):
        clock.advance(120)
        sync(anna)
    assert opened(anna).assessment.state is AssessmentState.FINAL
    clock.advance(120)
    synced(anna)
    assert is_whole_draft(anna)


def test_offline_it_waits_says_so_and_may_be_too_late(anna: Context, platform: Running) -> None:
    assess_and_send(anna)
    taking_back.take_back(anna, FIRST_ID)
    assert "may be too late" in banner_text(anna)
    platform.clock.move(minutes=31)
    synced(anna)
    text = banner_text(anna)
    assert "was over when this arrived" in text
    assert "What you sent stands" in text
    assert recommendation_id(platform) is not None
    now = opened(anna)
    assert (now.is_editable, now.assessment.state) == (False, AssessmentState.FINAL)
    with pytest.raises(NotAllowed, match="can no longer be taken back"):
        taking_back.take_back(anna, FIRST_ID)
    with anna.store.read() as txn:
        assert outbox.items(txn) == ()


@pytest.mark.parametrize("outcome", ["award", "return"])
def test_decided_or_returned_meanwhile(anna: Context, platform: Running, otto: Client, outcome: str) -> None:
    assess_and_send(anna)
    sent_id = recommendation_id(platform)
    assert sent_id is not None
    taking_back.take_back(anna, FIRST_ID)
    assert decide(otto, decision(sent_id, outcome)).status_code == 201
    synced(anna)
    now = opened(anna)
    if outcome == "award":
        assert now.submission.status is SubmissionStatus.AWARDED
        assert not now.is_editable
    else:
        # A refused taking back stands in nobody's way: the next round is written and sent.
        assert (now.submission.round, now.is_editable) == (2, True)
        assert now.assessment.ratings
        assessing.send(anna, FIRST_ID)
        synced(anna)
        assert (
            platform.client("anna").get(f"/v1/submissions/{FIRST}").json()["status"] == "waiting_on_approver"
        )


def test_a_later_round_becomes_returned_again(anna: Context, platform: Running, otto: Client) -> None:
    assess_and_send(anna)
    sent_id = recommendation_id(platform)
    assert sent_id is not None
    decide(otto, decision(sent_id, "return"))
    synced(anna)
    assert opened(anna).taking_back.until is None
    assessing.save_overall(anna, FIRST_ID, "Well seen. Second thoughts on the whole lesson.")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    taking_back.take_back(anna, FIRST_ID)
    synced(anna)
    assert is_whole_draft(anna, 2)
    assert opened(anna).submission.status is SubmissionStatus.RETURNED
    with anna.store.read() as txn:
        first = assessments.load(txn, FIRST_ID, 1)
    assert first is not None
    assert first.state is AssessmentState.FINAL


def test_one_may_think_better_of_it_until_the_platform_was_asked(anna: Context, platform: Running) -> None:
    assess_and_send(anna)
    with pytest.raises(NotAllowed):
        taking_back.leave_sent(anna, FIRST_ID)
    taking_back.take_back(anna, FIRST_ID)
    with pytest.raises(NotAllowed, match="can no longer be taken back"):
        taking_back.take_back(anna, FIRST_ID)
    assert opened(anna).taking_back.can_leave_sent
    taking_back.leave_sent(anna, FIRST_ID)
    synced(anna)
    assert recommendation_id(platform) is not None
    taking_back.take_back(anna, FIRST_ID)
    with answers_lost(lambda method, path: path.endswith("/withdraw")):
        sync(anna)
    assert not opened(anna).taking_back.can_leave_sent
    with pytest.raises(NotAllowed, match="being taken back already"):
        taking_back.leave_sent(anna, FIRST_ID)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_a_day_off_changes_nothing(tmp_path: Path, platform: Running, days: int) -> None:
    clock = FakeClock(NOW + timedelta(days=days))
    with at_work(tmp_path, platform, clock=clock) as anna:
        assess_and_send(anna)
        standing = opened(anna).taking_back
        assert standing.until == NOW + timedelta(minutes=30)
        assert standing.is_open(clock.now())
        assert "(30 minutes left)" in banner_text(anna)
        clock.advance(29 * 60)
        assert standing.is_open(clock.now())
        assert "less than a minute left" in banner_text(anna)
        clock.advance(61)
        assert not standing.is_open(clock.now())
        assert "time to take it back is over" in banner_text(anna)
        with pytest.raises(NotAllowed, match="time for it is over"):
            taking_back.take_back(anna, FIRST_ID)


def test_what_waits_is_taken_back_here_and_the_platform_is_not_asked(
    anna: Context, platform: Running
) -> None:
    assess(anna)
    assessing.send(anna, FIRST_ID)
    taking_back.take_back(anna, FIRST_ID)
    assert is_whole_draft(anna)
    with anna.store.read() as txn:
        assert outbox.items(txn, open_only=False) == ()
    synced(anna)
    assert recommendation_id(platform) is None
