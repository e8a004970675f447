"""What the attack `model` walked into: somebody else has the work for a while, or rounds go by unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.domain.annotations import Audience
from assessor_app.domain.conflicts import ConflictKind
from assessor_app.domain.merging import Keep, Part, PartKind
from assessor_app.domain.roles import Role
from assessor_app.services import annotating, assessing, comparing, reading
from assessor_app.services.comparison import Fate
from assessor_app.services.context import Context
from reference_platform.feed import Feed
from reference_platform.models import Assignment, Submission
from tests import builders
from tests.builders import FakeClock
from tests.contract.running import Running
from tests.contract.small_content import FIRST
from tests.integration.at_work import FIRST_ID, assess, at_work, opened, synced
from tests.integration.test_walked_into import later, returned_by_otto, to_be_compared
from tests.integration.test_walked_into_marks import sent_and_returned

FOR_THE_APPROVER = replace(
    builders.annotation(1, submission_id=FIRST_ID, criteria=()), audience=Audience.APPROVER
)


@pytest.fixture
def train(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Context]:
    """Her other machine."""
    with at_work(tmp_path / "train", platform, clock=FakeClock(clock.now(), seed=2)) as context:
        yield context


def handed_on(platform: Running, *, is_hers: bool) -> None:
    """The work is with somebody else, or hers again."""
    with platform.platform.database.write() as session:
        held = session.get_one(Assignment, (FIRST, "a-anna", Role.ASSESSOR))
        held.active = is_hers
        session.flush()
        feed = Feed(session, platform.clock.at)
        if is_hers:
            feed.assigned(held, session.get_one(Submission, FIRST))
        else:
            feed.unassigned(held, "reassigned")


def kept_without_choice(context: Context) -> None:
    """She lays aside whatever is shown as to be compared: there is nothing to choose."""
    for waits in comparing.comparable(context):
        seen = comparing.compare(context, waits.id)
        assert (seen.fate, seen.can_choose) == (Fate.OVER, False)
        comparing.keep_as_draft(context, seen.id, seen.token, {})


def is_open_at_overall(context: Context) -> bool:
    """Whether exactly one comparison waits, in which both say otherwise over all."""
    (waits,) = comparing.comparable(context)
    parts = comparing.compare(context, waits.id).parts
    return waits.kind is ConflictKind.DRAFT and any(
        one.is_open for one in parts if one.part == Part(PartKind.OVERALL)
    )


def test_a_comparison_waits_while_somebody_else_has_the_work(
    anna: Context, train: Context, platform: Running
) -> None:
    to_be_compared(anna, train)
    handed_on(platform, is_hers=False)
    synced(anna)
    kept_without_choice(anna)
    assert reading.waiting_count(anna) == (0, 0)
    assert opened(anna).has_versions
    assert not opened(anna).conflict
    handed_on(platform, is_hers=True)
    later(anna)
    assert is_open_at_overall(anna)
    later(train)
    assert opened(train).assessment.overall.startswith("On the train.")


def test_what_was_refused_is_compared_again_where_it_could_not_be_while_somebody_else_had_it(
    anna: Context, train: Context, platform: Running
) -> None:
    assess(train, words="On the train.")
    assessing.send(train, FIRST_ID)
    synced(train)
    assess(anna, words="At the desk.")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    returned_by_otto(platform)
    synced(anna)
    assessing.save_note(anna, FIRST_ID, "In the second round.")
    handed_on(platform, is_hers=False)
    synced(anna)
    kept_without_choice(anna)
    assert reading.waiting_count(anna) == (0, 0)
    handed_on(platform, is_hers=True)
    later(anna)
    assert is_open_at_overall(anna)


def test_a_mark_that_was_sent_and_deleted_elsewhere_is_gone_where_a_round_went_by_unseen(
    anna: Context, train: Context, platform: Running
) -> None:
    assess(anna)
    annotating.put(anna, FOR_THE_APPROVER, "Highlight")
    sent_and_returned(anna, platform)
    synced(train)
    annotating.delete(train, FIRST_ID, FOR_THE_APPROVER.id)
    sent_and_returned(train, platform, 2)
    synced(anna)
    assert opened(anna).submission.round == 3
    assert opened(anna).annotations == ()
    assert not comparing.comparable(anna)


def test_a_mark_that_was_deleted_before_sending_is_gone_elsewhere_and_stays_readable(
    anna: Context, train: Context, platform: Running
) -> None:
    assess(anna)
    annotating.put(anna, FOR_THE_APPROVER, "Highlight")
    later(anna)
    later(train)
    annotating.delete(train, FIRST_ID, FOR_THE_APPROVER.id)
    sent_and_returned(train, platform)
    synced(anna)
    assert opened(anna).annotations == ()
    assert any(FOR_THE_APPROVER.id in repr(one.mine) for one in comparing.versions(anna, FIRST_ID))


def test_what_was_written_in_a_round_that_went_by_is_in_the_next_one(
    anna: Context, train: Context, platform: Running
) -> None:
    assessing.save_note(anna, FIRST_ID, "Only at the desk.")
    assess(train, words="On the train.")
    sent_and_returned(train, platform)
    synced(train)
    sent_and_returned(train, platform, 2)
    later(anna)
    now = opened(anna).assessment
    assert (now.round, now.note_to_approver) == (3, "Only at the desk.")
    assert now.overall.startswith("On the train.")


def test_what_was_written_here_alone_goes_along_with_the_next_round(
    anna: Context, train: Context, platform: Running
) -> None:
    assess(anna, words="On the train.")
    later(anna)
    later(train)
    assessing.save_note(anna, FIRST_ID, "Only at the desk.")
    sent_and_returned(train, platform)
    later(anna)
    assert opened(anna).assessment.note_to_approver == "Only at the desk."
    for context in (train, anna):
        later(context)
        assert opened(context).assessment.note_to_approver == "Only at the desk."
    # Nobody deletes it by going on from what was sent.
    assessing.save_overall(train, FIRST_ID, "In the second round, all in all a lesson to learn from.")
    for context in (train, anna):
        later(context)
    assert opened(anna).assessment.note_to_approver == "Only at the desk."


def test_what_another_computer_took_back_is_open_where_it_was_sent(anna: Context, train: Context) -> None:
    assess(anna, words="At the desk.")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    assess(train, words="On the train.")
    assessing.send(train, FIRST_ID)
    synced(train)
    (waits,) = comparing.comparable(train)
    seen = comparing.compare(train, waits.id)
    assert seen.can_take_back
    comparing.keep_as_draft(train, seen.id, seen.token, {}, take_back=True)
    synced(train)
    synced(anna)
    assert opened(anna).is_editable
    assert opened(anna).assessment.overall.startswith("At the desk.")
    later(train)
    later(anna)
    (waits,) = comparing.comparable(anna)
    seen = comparing.compare(anna, waits.id)
    comparing.keep_as_draft(anna, seen.id, seen.token, {one.part: Keep.MINE for one in seen.parts})
    later(anna)
    later(train)
    assert opened(train).assessment.overall.startswith("At the desk.")
