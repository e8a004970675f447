"""Work that somebody has begun leaves her: she is told why, hers is kept, and what was erased is nowhere."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assessor_app.cache import endings as ending_rows
from assessor_app.cache import evidence, outbox, store_copies, submissions
from assessor_app.cache.connection import look_at
from assessor_app.domain.assessments import IndependentMark, OutboxItem
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.errors import NotAllowed
from assessor_app.services import (
    annotating,
    approving,
    assessing,
    draft_export,
    ended_work,
    inbox_reading,
    pre_assessing,
)
from assessor_app.services.context import Context
from assessor_app.ui.inbox_words import state_said
from assessor_app.ui.workspaces.pre_assessor import pre_assessor_banner
from assessor_app.ui.workspaces.standing import approver_banner, assessor_banner
from reference_platform import colleagues, endings
from reference_platform.models import Submission
from tests import builders
from tests.builders import FakeClock
from tests.contract.running import Running
from tests.contract.small_content import CRITERIA, FIRST, NOW, UNCHECKED
from tests.contract.test_endings import admin
from tests.integration.at_work import FIRST_ID, assess, assess_and_send, at_work, opened, sync, synced
from tests.stores import DATABASE_KEY

UNCHECKED_ID = SubmissionId(UNCHECKED)
PLANTED = "Planted words of a learner who was erased."


def nothing(context: Context) -> None:
    """Nothing was begun."""


def queued(context: Context) -> None:
    """Final, and not sent yet."""
    assess(context)
    assessing.send(context, FIRST_ID)


BEGUN: dict[str, Callable[[Context], None]] = {
    "nothing": nothing,
    "draft": assess,
    "queued": queued,
    "sent": assess_and_send,
}


def withdraw(platform: Running) -> None:
    with platform.platform.database.write() as session:
        endings.withdraw(session, platform.clock.now(), FIRST)


def reassign(platform: Running) -> None:
    with platform.platform.database.write() as session:
        submission = session.get_one(Submission, FIRST)
        colleagues.hand_over(session, platform.clock.now(), submission, None, endings.PLATFORM)


def erase(platform: Running) -> None:
    endings.erase(platform.platform, FIRST)


def row_of(context: Context) -> InboxRow | None:
    with context.store.read() as txn:
        rows = submissions.inbox_rows(txn, Role.ASSESSOR, [FIRST_ID])
    return rows[0] if rows else None


def items(context: Context) -> tuple[OutboxItem, ...]:
    with context.store.read() as txn:
        return outbox.of_submission(txn, FIRST_ID)


EVENTS = {"withdrawn": withdraw, "reassigned": reassign, "erased": erase}
TITLES = {
    "withdrawn": "The learner withdrew this",
    "reassigned": "Somebody else has this now",
    "erased": "The learner's data were erased",
}


@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("event", EVENTS)
def test_each_end_is_told_and_keeps_what_may_be_kept(
    platform: Running, anna: Context, tmp_path: Path, event: str, begun: str
) -> None:
    if (event, begun) == ("reassigned", "sent"):
        pytest.skip("what was sent is the approver's work: the lead gives that to others, not the assessor's")
    BEGUN[begun](anna)
    EVENTS[event](platform)
    synced(anna)
    row = row_of(anna)
    if begun == "nothing":
        assert row is None
        with anna.store.read() as txn:
            assert submissions.get_submission(txn, FIRST_ID) is None
            assert not evidence.files(txn, FIRST_ID)
        return
    assert row is not None
    assert row.ending is EndingReason(event)
    now = opened(anna)
    banner = assessor_banner(now, NOW)
    assert banner is not None
    assert banner.title.startswith(TITLES[event])
    assert not now.is_editable
    with pytest.raises(NotAllowed):
        assessing.save_overall(anna, FIRST_ID, "More.")
    if event == "erased":
        assert items(anna) == ()
        assert not now.assessment.ratings
        assert not now.submission.parts
        assert state_said(row, {}).text == "The learner's data were erased"
        return
    assert now.assessment.ratings
    assert now.ending is not None
    assert now.ending.keep_until == NOW + timedelta(days=30)
    report = draft_export.export(anna, FIRST_ID, tmp_path / "work.html")
    assert report.ratings
    assert bool(now.evidence) is (event == "reassigned")
    states = [item.state for item in items(anna)]
    expected = {"draft": [], "queued": [OutboxState.BLOCKED], "sent": [OutboxState.ACKED]}
    assert states == expected[begun]
    assert (row.local_state is LocalState.NEEDS_YOU) is (begun == "queued")
    if begun == "queued":
        assert "too late" in " ".join(banner.lines)


def plant(anna: Context) -> None:
    """Words of the learner in the answers, in marks, in texts, in what was sent and in what waits."""
    mark = builders.annotation(1, submission_id=FIRST_ID)
    words = mark.anchor.text
    assert words is not None
    quoted = replace(mark.anchor, text=replace(words, exact=PLANTED))
    annotating.put(anna, replace(mark, anchor=quoted, comment=PLANTED), "Mark")
    assess(anna, words=PLANTED)
    assessing.send(anna, FIRST_ID)


def dump(context: Context) -> Iterator[str]:
    """Everything in the store and its copies, decrypted; each table with all of its values."""
    files = [context.folder / "store.db", *(copy.path for copy in store_copies.copies(context.folder))]
    for path in files:
        with contextlib.closing(look_at(path, DATABASE_KEY)) as connection:
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                        yield f"{path.name} {table}: {text}"


def test_an_erased_learner_is_nowhere_in_the_store_its_copies_and_the_evidence(
    platform: Running, anna: Context
) -> None:
    plant(anna)
    store_copies.copy_own_work(anna.store, clock=anna.clock)
    store_copies.copy_whole_store(anna.store, clock=anna.clock)
    with anna.store.read() as txn:
        blobs = [file.blob_id for file in evidence.files(txn, FIRST_ID)]
        answers = [r.text for p in opened(anna).submission.parts for r in p.responses if r.text]
    planted = [PLANTED, answers[0]]
    found = list(dump(anna))
    assert all(any(words in line for line in found) for words in planted)
    assert any(line.startswith("own-") for line in found)
    erase(platform)
    synced(anna)
    assert opened(anna).ending is not None
    assert [line for line in dump(anna) for words in planted if words in line] == []
    for blob_id in blobs:
        assert not list(anna.store.evidence_folder.glob(f"{blob_id}*"))
    assert store_copies.copies(anna.folder)


def test_what_is_kept_goes_after_thirty_days_of_the_platforms_and_receipts_stay(
    platform: Running, anna: Context, clock: FakeClock
) -> None:
    assess_and_send(anna)
    withdraw(platform)
    synced(anna)
    platform.clock.move(days=29)
    clock.advance(29 * 86_400)
    synced(anna)
    assert row_of(anna) is not None
    platform.clock.move(days=2)
    clock.advance(2 * 86_400)
    synced(anna)
    assert row_of(anna) is None
    with anna.store.read() as txn:
        assert submissions.get_submission(txn, FIRST_ID) is None
        assert [item.state for item in outbox.items(txn, open_only=False)] == [OutboxState.ACKED]


@pytest.mark.parametrize("days_here", [0, 200])
def test_a_platforms_clock_that_is_wrong_for_a_while_takes_nothing(
    platform: Running, anna: Context, clock: FakeClock, days_here: int
) -> None:
    queued(anna)
    reassign(platform)
    synced(anna)
    platform.clock.move(days=40)
    clock.advance(days_here * 86_400)
    synced(anna)
    assert row_of(anna) is not None
    assert opened(anna).assessment.ratings
    assert items(anna)


def test_what_is_kept_is_removed_when_she_says_so_with_what_never_left(
    platform: Running, anna: Context
) -> None:
    queued(anna)
    reassign(platform)
    synced(anna)
    store_copies.copy_own_work(anna.store, clock=anna.clock)
    ended_work.remove(anna, FIRST_ID)
    assert row_of(anna) is None
    assert items(anna) == ()
    assert not [line for line in dump(anna) if "Well seen." in line]
    with pytest.raises(NotAllowed, match="your work again"):
        ended_work.remove(anna, FIRST_ID)


def test_work_that_comes_back_goes_on_where_it_was(platform: Running, anna: Context) -> None:
    assess(anna)
    before = opened(anna).assessment
    reassign(platform)
    synced(anna)
    assert not opened(anna).is_editable
    with platform.platform.database.write() as session:
        submission = session.get_one(Submission, FIRST)
        hers = colleagues.pseudonym(session, FIRST, "a-anna")
        colleagues.hand_over(session, platform.clock.now(), submission, hers, endings.PLATFORM)
    synced(anna)
    now = opened(anna)
    assert now.ending is None
    assert now.is_editable
    assert now.assessment.ratings == before.ratings


def test_who_was_away_when_it_was_given_away_and_erased_keeps_nothing(
    platform: Running, anna: Context
) -> None:
    plant(anna)
    reassign(platform)
    sync(anna)
    erase(platform)
    synced(anna)
    ending = opened(anna).ending
    assert ending is not None
    assert ending.reason is EndingReason.ERASED
    assert not [line for line in dump(anna) if PLANTED in line]
    with anna.store.read() as txn:
        assert ending_rows.over(txn, NOW + timedelta(days=29)) == ()
        assert ending_rows.over(txn, NOW + timedelta(days=30)) == (FIRST_ID,)


def test_the_command_does_the_same(platform: Running, anna: Context) -> None:
    assess(anna)
    code = opened(anna).submission.code
    assert admin(platform, "withdraw", code) == 0
    synced(anna)
    assert opened(anna).ending is not None


def test_an_approver_and_a_pre_assessor_are_told_and_keep_theirs(
    platform: Running, tmp_path: Path, clock: FakeClock, anna: Context
) -> None:
    assess_and_send(anna)
    with (
        at_work(tmp_path, platform, "otto", Role.APPROVER, clock=clock) as otto,
        at_work(tmp_path, platform, "petra", Role.PREASSESSOR, clock=clock) as petra,
    ):
        approving.mark(otto, FIRST_ID, IndependentMark(CriterionId(CRITERIA[0]), passing=True))
        pre_assessing.save_feedback(petra, UNCHECKED_ID, "Well begun.")
        for submission_id in (FIRST, UNCHECKED):
            assert admin(platform, "withdraw", submission_id) == 0
        for context in (otto, petra):
            synced(context)
        brief, pre = approving.brief(otto, FIRST_ID), pre_assessing.open_submission(petra, UNCHECKED_ID)
        for context, submission_id in ((otto, FIRST_ID), (petra, UNCHECKED_ID)):
            (row,) = inbox_reading.rows(context, [submission_id])
            assert row.ending is EndingReason.WITHDRAWN
        banners = approver_banner(brief, NOW), pre_assessor_banner(pre, NOW)
        assert all(one is not None and one.title.startswith("The learner withdrew this") for one in banners)
        assert brief.draft.marks
        assert pre.work.feedback == "Well begun."
