"""One assessor on two machines, or an approver's act meanwhile: both sides are kept, and she chooses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor_app.cache import conflicts, outbox
from assessor_app.domain.assessments import CriterionFeedback, DecisionOutcome, IndependentMark, Rating
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.merging import Keep, Part, PartKind, WorkCopy
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.errors import NotAllowed
from assessor_app.services import approving, assessing, comparing, taking_back
from assessor_app.services.comparison import Comparison, Fate
from assessor_app.services.context import Context
from reference_platform.models import Recommendation
from tests.builders import FakeClock
from tests.contract.bodies import decide, decision
from tests.contract.running import Running
from tests.contract.small_content import CRITERIA, FIRST
from tests.integration.at_work import FIRST_ID, assess, at_work, opened, sync, synced

ONE, TWO = (CriterionId(name) for name in CRITERIA)
OVERALL, TEXT = Part(PartKind.OVERALL), Part(PartKind.TEXT, ONE)


@pytest.fixture
def train(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Context]:
    """Her other machine."""
    with at_work(tmp_path / "train", platform, clock=FakeClock(clock.now(), seed=2)) as context:
        yield context


@pytest.fixture
def otto(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Context]:
    other = FakeClock(clock.now(), seed=3)
    with at_work(tmp_path / "otto", platform, "otto", Role.APPROVER, clock=other) as context:
        yield context


def both_sent(anna: Context, train: Context) -> Comparison:
    """Both machines sent the first round, this one on the train and so too late."""
    assess(anna, words="At the desk.")
    assess(train, words="On the train.")
    assessing.save_rating(train, FIRST_ID, Rating(TWO, "progressing"))
    assessing.save_feedback(
        train, FIRST_ID, CriterionFeedback(TWO, "A", "Two questions.", "Why they differ.", "Ask it.")
    )
    assessing.send(train, FIRST_ID)
    assessing.send(anna, FIRST_ID)
    synced(anna)
    synced(train)
    return only(train)


def only(context: Context) -> Comparison:
    """The one thing that is to be compared."""
    (one,) = comparing.comparable(context)
    return comparing.compare(context, one.id)


def sent_rounds(platform: Running) -> list[tuple[int, str]]:
    with platform.platform.database.read() as session:
        rows = session.query(Recommendation).filter_by(submission_id=FIRST).order_by(Recommendation.round)
        return [(row.round, row.body["feedback"]["overall"]) for row in rows]


def test_both_sides_are_shown_part_by_part_and_nothing_is_lost(anna: Context, train: Context) -> None:
    seen = both_sent(anna, train)
    differ = {part.part: part for part in seen.parts if part.differs}
    assert str(differ[OVERALL].mine).startswith("On the train.")
    assert str(differ[OVERALL].theirs).startswith("At the desk.")
    rating = differ[Part(PartKind.RATING, TWO)]
    assert (rating.mine, rating.theirs) == (Rating(TWO, "progressing"), Rating(TWO, "demonstrated"))
    assert Part(PartKind.RATING, ONE) not in differ
    # The approver has it: nothing can be sent now, and hers stays a draft.
    assert (seen.fate, seen.can_take_back) == (Fate.SENT, True)
    now = opened(train)
    assert (now.assessment.state, now.conflict) == (AssessmentState.DRAFT, seen.id)
    assert now.assessment.overall.startswith("On the train.")
    with train.store.read() as txn:
        (item,) = outbox.items(txn)
    assert (item.state, item.id) == (OutboxState.CONFLICT, seen.id)
    assert b"On the train." in item.body


def test_what_she_puts_together_is_sent_once_the_other_is_taken_back(
    anna: Context, train: Context, platform: Running
) -> None:
    seen = both_sent(anna, train)
    choices = {OVERALL: Keep.BOTH, TEXT: Keep.THEIRS}
    comparing.keep_as_draft(train, seen.id, seen.token, choices, take_back=True)
    assert not comparing.comparable(train)
    synced(train)
    synced(train)
    now = opened(train)
    assert now.is_editable
    mine, theirs = now.assessment.overall.split("\n\n")
    assert mine.startswith("On the train.")
    assert theirs.startswith("At the desk.")
    assert now.assessment.feedback_for(ONE).text.startswith("At the desk.")
    assert now.assessment.rating(TWO) == Rating(TWO, "progressing")
    assessing.send(train, FIRST_ID)
    synced(train)
    assert sent_rounds(platform) == [(1, now.assessment.overall)]
    # Both sides stay readable, and the bytes that were refused stay on record.
    (kept,) = comparing.versions(train, FIRST_ID)
    assert kept.settled_at is not None
    assert isinstance(kept.mine, WorkCopy)
    assert kept.mine.assessment.overall == mine
    assert opened(train).has_versions
    again = comparing.compare(train, kept.id)
    assert (again.fate, again.can_choose) == (Fate.SETTLED, False)
    with train.store.read() as txn:
        assert any(b"On the train." in i.body for i in outbox.items(txn, open_only=False) if not i.receipt)


def test_a_return_meanwhile_goes_on_from_both(
    anna: Context, train: Context, otto: Context, platform: Running
) -> None:
    assess(train, words="On the train.")
    assessing.send(train, FIRST_ID)
    assess(anna, words="At the desk.")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    synced(otto)
    looked(otto)
    approving.save_text(otto, FIRST_ID, reason="Say more on the second one.", criteria=(TWO,))
    approving.decide(otto, FIRST_ID, DecisionOutcome.RETURN)
    synced(otto)
    synced(train)
    seen = only(train)
    assert (seen.fate, seen.round, seen.round_now) == (Fate.OPEN, 1, 2)
    comparing.keep_as_draft(train, seen.id, seen.token, {OVERALL: Keep.THEIRS})
    now = opened(train)
    assert (now.assessment.round, now.is_editable) == (2, True)
    assert now.assessment.overall.startswith("At the desk.")
    assert now.assessment.feedback_for(TWO).text.startswith("On the train.")
    assessing.send(train, FIRST_ID)
    synced(train)
    assert [number for number, _ in sent_rounds(platform)] == [1, 2]


def test_what_her_machines_last_agreed_on_is_what_both_began_from(anna: Context, train: Context) -> None:
    assess(anna, words="Begun at the desk.")
    synced(anna)
    synced(train)
    for context, words in ((anna, "At the desk."), (train, "On the train.")):
        assert opened(context).assessment.overall.startswith("Begun at the desk.")
        assessing.save_overall(context, FIRST_ID, f"{words} All in all a lesson to learn from.")
        assessing.send(context, FIRST_ID)
    synced(anna)
    synced(train)
    seen = only(train)
    differ = {part.part: part for part in seen.parts if part.differs}
    assert set(differ) == {OVERALL}
    assert differ[OVERALL].base == "Begun at the desk. All in all a lesson to learn from."


def test_what_both_sent_alike_needs_nobody(anna: Context, train: Context) -> None:
    for context in (anna, train):
        assess(context)
        assessing.send(context, FIRST_ID)
    synced(anna)
    assert sync(train).needs_you == 0
    assert not comparing.comparable(train)
    with train.store.read() as txn:
        assert outbox.items(txn) == ()
        (kept,) = conflicts.of_submission(txn, FIRST_ID)
    assert kept.settled_at is not None


def test_what_was_decided_meanwhile_is_kept_for_reading(
    anna: Context, train: Context, platform: Running
) -> None:
    assess(train, words="On the train.")
    assessing.send(train, FIRST_ID)
    assess(anna, words="At the desk.")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    otto = platform.client("otto")
    with platform.platform.database.read() as session:
        sent = session.query(Recommendation).filter_by(submission_id=FIRST).one().id
    assert decide(otto, decision(sent, outcome="award")).status_code == 201
    synced(train)
    seen = only(train)
    assert (seen.fate, seen.can_choose, seen.status) == (Fate.OVER, False, SubmissionStatus.AWARDED)
    comparing.keep_as_draft(train, seen.id, seen.token, {OVERALL: Keep.THEIRS})
    (kept,) = comparing.versions(train, FIRST_ID)
    assert isinstance(kept.mine, WorkCopy)
    assert kept.mine.assessment.overall.startswith("On the train.")
    assert sync(train).needs_you == 0


def test_a_choice_on_what_has_changed_is_refused(anna: Context, train: Context, platform: Running) -> None:
    seen = both_sent(anna, train)
    taking_back.take_back(anna, FIRST_ID)
    synced(anna)
    assessing.save_overall(anna, FIRST_ID, "At the desk, once more, with other words at the end.")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    synced(train)
    with pytest.raises(NotAllowed, match="changed"):
        comparing.keep_as_draft(train, seen.id, seen.token, {OVERALL: Keep.THEIRS})
    now = only(train)
    assert str({p.part: p for p in now.parts}[OVERALL].theirs).startswith("At the desk, once more")


def test_what_she_sends_without_comparing_stays_readable(anna: Context, train: Context) -> None:
    seen = both_sent(anna, train)
    taking_back.take_back(anna, FIRST_ID)
    synced(anna)
    synced(train)
    assert opened(train).is_editable
    assessing.send(train, FIRST_ID)
    assert not comparing.comparable(train)
    assert [one.id for one in comparing.versions(train, FIRST_ID)] == [seen.id]


# ---- the approver ----


def looked(otto: Context) -> None:
    """She has marked every criterion from the evidence alone, and uncovers what the assessor says."""
    if approving.brief(otto, FIRST_ID).submission.round == 1:
        for name in (ONE, TWO):
            approving.mark(otto, FIRST_ID, IndependentMark(name, passing=True))
    approving.reveal(otto, FIRST_ID)


def decided_offline(otto: Context) -> None:
    """She returns it without a connection."""
    looked(otto)
    approving.save_text(otto, FIRST_ID, reason="Say more.", final_feedback="Nearly there.", criteria=(TWO,))
    approving.decide(otto, FIRST_ID, DecisionOutcome.RETURN)


def sent_anew(anna: Context) -> None:
    """Taken back, rated otherwise, and sent once more."""
    taking_back.take_back(anna, FIRST_ID)
    synced(anna)
    assessing.save_rating(anna, FIRST_ID, Rating(ONE, "progressing"))
    words = CriterionFeedback(ONE, "More words.", "Two questions.", "Why they differ.", "Ask it.")
    assessing.save_feedback(anna, FIRST_ID, words)
    assessing.send(anna, FIRST_ID)
    synced(anna)


def test_an_approver_sees_what_changed_under_her_decision(anna: Context, otto: Context) -> None:
    assess(anna)
    assessing.send(anna, FIRST_ID)
    synced(anna)
    synced(otto)
    decided_offline(otto)
    sent_anew(anna)
    synced(otto)
    seen = only(otto)
    assert seen.fate is Fate.OPEN
    by_part = {part.part: part for part in seen.parts}
    rating = by_part[Part(PartKind.RATING, ONE)]
    assert (rating.base, rating.theirs) == (Rating(ONE, "demonstrated"), Rating(ONE, "progressing"))
    assert by_part[Part(PartKind.FINAL_FEEDBACK)].mine == "Nearly there."
    comparing.keep_as_draft(otto, seen.id, seen.token, {})
    brief = approving.brief(otto, FIRST_ID)
    assert (brief.is_editable, brief.draft.final_feedback, brief.conflict) == (True, "Nearly there.", "")
    approving.decide(otto, FIRST_ID, DecisionOutcome.RETURN)
    synced(otto)
    synced(anna)
    assert opened(anna).submission.status is SubmissionStatus.RETURNED


def test_what_is_still_covered_stays_covered_in_the_comparison(
    anna: Context, otto: Context, tmp_path: Path, platform: Running
) -> None:
    """Another machine of hers returned it, the next round has come, and here she had decided the first."""
    assess(anna)
    assessing.send(anna, FIRST_ID)
    synced(anna)
    synced(otto)
    decided_offline(otto)
    with at_work(
        tmp_path / "b", platform, "otto", Role.APPROVER, clock=FakeClock(otto.clock.now(), seed=9)
    ) as other:
        looked(other)
        approving.save_text(other, FIRST_ID, reason="Look again.")
        approving.decide(other, FIRST_ID, DecisionOutcome.RETURN)
        synced(other)
    synced(anna)
    assessing.save_rating(anna, FIRST_ID, Rating(ONE, "progressing"))
    words = CriterionFeedback(ONE, "More words.", "Two questions.", "Why they differ.", "Ask it.")
    assessing.save_feedback(anna, FIRST_ID, words)
    assessing.save_note(anna, FIRST_ID, "Changed the first one, see the plan.")
    assessing.send(anna, FIRST_ID)
    synced(anna)
    synced(otto)
    seen = only(otto)
    assert (seen.is_covered, seen.is_decision, seen.round_now) == (True, True, 2)
    shown = repr([(part.mine, part.theirs, part.base) for part in seen.parts])
    assert "progressing" not in shown
    assert "More words." not in shown
    assert {part.part: part.theirs for part in seen.parts}[Part(PartKind.REASON)] == "Look again."
    comparing.keep_as_draft(otto, seen.id, seen.token, {})
    brief = approving.brief(otto, FIRST_ID)
    assert brief.recommendation is None
    assert (brief.draft.final_feedback, brief.draft.revealed_at) == ("Nearly there.", None)
