"""What the attack `model` walked into, each as the few steps that it comes down to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assessor_app.domain.merging import Part, PartKind
from assessor_app.services import annotating, assessing, comparing, reading, taking_back
from assessor_app.services.context import Context
from assessor_app.sync.draft_backup import PACE_S
from assessor_app.sync.transport import Answer, Transport
from reference_platform import drafts
from reference_platform.models import Recommendation
from tests import builders
from tests.builders import FakeClock
from tests.contract.bodies import decide, decision
from tests.contract.running import Running
from tests.contract.small_content import CRITERIA, FIRST
from tests.integration.at_work import FIRST_ID, assess, at_work, opened, sync, synced


@pytest.fixture
def train(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Context]:
    """Her other machine."""
    with at_work(tmp_path / "train", platform, clock=FakeClock(clock.now(), seed=2)) as context:
        yield context


def later(context: Context) -> None:
    """The next sync in which a draft may be copied again."""
    assert isinstance(context.clock, FakeClock)
    context.clock.advance(PACE_S)
    synced(context)


def returned_by_otto(platform: Running) -> None:
    """The approver gives the first round back."""
    with platform.platform.database.read() as session:
        sent = session.query(Recommendation).filter_by(submission_id=FIRST).one().id
    returned = decision(sent, outcome="return", criteria=[CRITERIA[1]], return_to="same")
    assert decide(platform.client("otto"), returned).status_code == 201


def test_what_is_taken_back_is_whole_beside_a_mark_for_herself(anna: Context) -> None:
    assess(anna)
    annotating.put(anna, builders.annotation(1, submission_id=FIRST_ID, criteria=()), "Highlight")
    later(anna)
    before = opened(anna)
    assessing.send(anna, FIRST_ID)
    later(anna)
    taking_back.take_back(anna, FIRST_ID)
    later(anna)
    later(anna)
    after = opened(anna)
    assert after.is_editable
    assert (after.assessment.feedback, after.assessment.ratings) == (
        before.assessment.feedback,
        before.assessment.ratings,
    )
    assert (after.assessment.overall, after.annotations) == (before.assessment.overall, before.annotations)


@pytest.mark.parametrize("has_mark", [False, True])
def test_what_another_computer_took_back_never_empties_a_draft_that_it_had_not(
    anna: Context, train: Context, platform: Running, has_mark: bool
) -> None:
    assessing.save_note(anna, FIRST_ID, "Only at the desk.")
    later(anna)
    platform.clock.move(seconds=1)
    # The train had not synced since, and sends its own.
    assess(train, words="On the train.")
    if has_mark:
        annotating.put(train, builders.annotation(1, submission_id=FIRST_ID, criteria=()), "Highlight")
    assessing.send(train, FIRST_ID)
    synced(train)
    platform.clock.move(seconds=1)
    taking_back.take_back(train, FIRST_ID)
    later(train)
    later(train)
    later(anna)
    now = opened(anna)
    assert now.assessment.note_to_approver == "Only at the desk."
    assert now.assessment.overall.startswith("On the train.")
    later(train)
    assert opened(train).assessment.note_to_approver == "Only at the desk."


def test_what_gives_way_to_what_was_sent_elsewhere_stays_readable(
    anna: Context, train: Context, platform: Running
) -> None:
    assessing.save_note(anna, FIRST_ID, "Only at the desk.")
    later(anna)
    assess(train, words="On the train.")
    assessing.send(train, FIRST_ID)
    synced(train)
    returned_by_otto(platform)
    later(anna)
    kept = comparing.versions(anna, FIRST_ID)
    assert any("Only at the desk." in repr(one.mine) for one in kept)
    assert opened(anna).has_versions


def test_marks_for_herself_stay_when_another_computer_begins_the_next_round(
    anna: Context, train: Context, platform: Running
) -> None:
    assess(anna)
    assessing.send(anna, FIRST_ID)
    mark = builders.annotation(1, submission_id=FIRST_ID, criteria=())
    taking_back.take_back(anna, FIRST_ID)
    annotating.put(anna, mark, "Highlight")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    returned_by_otto(platform)
    synced(train)
    assessing.save_overall(train, FIRST_ID, "Begun anew on the train.")
    later(train)
    later(anna)
    now = opened(anna)
    assert now.assessment.overall == "Begun anew on the train."
    assert [mark.id for mark in now.annotations] == [mark.id]


@pytest.mark.parametrize("is_copied_before", [False, True])
def test_a_mark_for_herself_made_just_before_sending_goes_to_her_other_computer(
    anna: Context, train: Context, platform: Running, is_copied_before: bool
) -> None:
    assess(anna)
    if is_copied_before:
        later(anna)
    annotating.put(anna, builders.annotation(1, submission_id=FIRST_ID, criteria=()), "Highlight")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    returned_by_otto(platform)
    later(train)
    assert opened(train).annotations == opened(anna).annotations != ()


def test_a_mark_that_the_platform_let_go_of_was_not_deleted_by_who_never_saw_it(
    anna: Context, train: Context, platform: Running
) -> None:
    assess(anna)
    annotating.put(anna, builders.annotation(1, submission_id=FIRST_ID, criteria=()), "Highlight")
    later(anna)
    assessing.send(anna, FIRST_ID)
    synced(anna)
    platform.clock.move(seconds=1)
    # As it does when the work goes to somebody else, here and back again.
    with platform.platform.database.write() as session:
        drafts.erase(session, platform.clock.at, FIRST, "reassigned")
    returned_by_otto(platform)
    synced(train)
    assessing.save_overall(train, FIRST_ID, "Begun anew on the train.")
    later(train)
    later(anna)
    now = opened(anna)
    assert now.assessment.overall == "Begun anew on the train."
    assert len(now.annotations) == 1


def to_be_compared(anna: Context, train: Context) -> None:
    """Both wrote, neither knew of the other; at the desk it is to be compared."""
    assess(train, words="On the train.")
    later(train)
    assess(anna, words="At the desk.")
    later(anna)
    assert comparing.comparable(anna)


def test_what_was_sent_while_a_comparison_waited_is_compared_in_its_place(
    anna: Context, train: Context, platform: Running
) -> None:
    to_be_compared(anna, train)
    assessing.save_note(train, FIRST_ID, "Written on, on the train.")
    assessing.send(train, FIRST_ID)
    synced(train)
    returned_by_otto(platform)
    later(anna)
    (waits,) = comparing.comparable(anna)
    seen = comparing.compare(anna, waits.id)
    assert next(one for one in seen.parts if one.part == Part(PartKind.OVERALL)).is_open
    comparing.keep_as_draft(anna, seen.id, seen.token, {})
    for context in (anna, train):
        later(context)
        now = opened(context).assessment
        assert now.note_to_approver == "Written on, on the train."
        assert now.overall.startswith("At the desk.")


def test_what_was_sent_without_comparing_and_taken_back_deletes_nothing_elsewhere(
    anna: Context, train: Context
) -> None:
    to_be_compared(anna, train)
    assessing.send(anna, FIRST_ID)
    taking_back.take_back(anna, FIRST_ID)
    later(anna)
    assert comparing.comparable(anna)
    later(train)
    assert opened(train).assessment.overall.startswith("On the train.")


def test_what_was_sent_without_comparing_and_refused_is_open_everywhere_both_differ(
    anna: Context, train: Context
) -> None:
    to_be_compared(anna, train)
    assessing.send(train, FIRST_ID)
    synced(train)
    assessing.send(anna, FIRST_ID)
    synced(anna)
    (waits,) = comparing.comparable(anna)
    parts = comparing.compare(anna, waits.id).parts
    assert next(one for one in parts if one.part == Part(PartKind.OVERALL)).is_open


def test_a_late_refusal_does_not_hold_up_the_round_that_was_sent_since(
    anna: Context, train: Context, platform: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    assess(train, words="On the train.")
    assessing.send(train, FIRST_ID)
    synced(train)
    assess(anna, words="At the desk.")
    assessing.send(anna, FIRST_ID)
    returned_by_otto(platform)
    with monkeypatch.context() as patch:
        patch.setattr(Transport, "call", busy_for_recommendations(Transport.call))
        sync(anna)
    assessing.save_overall(anna, FIRST_ID, "In the second round.")
    assessing.send(anna, FIRST_ID)
    anna.clock.advance(3600)  # type: ignore[attr-defined]
    synced(anna)
    synced(anna)
    assert not comparing.comparable(anna)
    assert reading.waiting_count(anna) == (0, 0)
    (sent,) = (one for one in opened(anna).recommendations if one.round == 2)
    assert sent.overall == "In the second round."
    assert any("At the desk." in repr(one.mine) for one in comparing.versions(anna, FIRST_ID))


def busy_for_recommendations(call: Callable[..., Answer]) -> Callable[..., Answer]:
    """A platform that cannot take what is sent for now, and answers everything else."""

    def answer(self: Transport, method: str, path: str, **named: Any) -> Answer:
        if method == "PUT" and "/recommendations/" in path:
            return Answer(503, {"content-type": "application/problem+json"}, b"{}")
        return call(self, method, path, **named)

    return answer
