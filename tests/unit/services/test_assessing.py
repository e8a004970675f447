"""The assessor's verbs on a real store: rate, write, mark, undo, send, take back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.cache import assessments, outbox, submissions
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import (
    Assessment,
    CriterionFeedback,
    OutboxItem,
    Outcome,
    Rating,
    RuleResult,
)
from assessor_app.domain.canonical import evidence_digest, sha256_hex
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import ASSESSABLE, AssessmentState, OutboxState, SubmissionStatus
from assessor_app.errors import NotAllowed
from assessor_app.rubric.checks import Severity
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import RubricStatus, RubricVersion
from assessor_app.services import annotating, assessing, reading
from assessor_app.services.context import Context
from assessor_app.sync import protocol
from tests import builders
from tests.builders import CRITERIA, NOON, FakeClock
from tests.contexts import assess, context_in
from tests.stores import dump

SUB = builders.submission()
ONE, TWO = CRITERIA[0], CRITERIA[1]


def work(context: Context) -> Assessment:
    return reading.open_submission(context, SUB.id).assessment


def marks(context: Context) -> tuple[Annotation, ...]:
    return reading.open_submission(context, SUB.id).annotations


def items(context: Context) -> tuple[OutboxItem, ...]:
    with context.store.read() as txn:
        return outbox.items(txn, open_only=False)


def labels(context: Context) -> tuple[str | None, str | None]:
    opened = reading.open_submission(context, SUB.id)
    return opened.undo_label, opened.redo_label


def test_what_is_written_is_there(assessor: Context) -> None:
    changes = assessing.save_rating(assessor, SUB.id, Rating(ONE, "progressing"))
    assert changes == ChangeSet(assessments=frozenset({SUB.id}), annotations=frozenset({SUB.id}), inbox=True)
    written = CriterionFeedback(ONE, "Good.", "a", "b", "c")
    assert assessing.save_feedback(assessor, SUB.id, written).assessments == {SUB.id}
    assessing.save_overall(assessor, SUB.id, "All in all.")
    assessing.save_note(assessor, SUB.id, "See page 2.")
    now = work(assessor)
    assert now.rating(ONE).level == "progressing"
    assert (now.feedback_for(ONE), now.overall, now.note_to_approver) == (
        written,
        "All in all.",
        "See page 2.",
    )
    assert now.updated_at == NOON


def test_the_same_rating_again_is_no_step(assessor: Context) -> None:
    assessing.save_rating(assessor, SUB.id, Rating(ONE, "progressing"))
    assert assessing.save_rating(assessor, SUB.id, Rating(ONE, "progressing")) == ChangeSet()
    assessing.undo(assessor, SUB.id)
    assert labels(assessor)[0] is None


@pytest.mark.parametrize(
    "rating",
    [
        Rating(ONE, "superb"),
        Rating(CriterionId("elsewhere"), "progressing"),
        Rating(CriterionId("elsewhere"), not_scorable="NS-UNREADABLE"),
        Rating(ONE, not_scorable="NS-NEW"),
        Rating(ONE, "progressing", "NS-UNREADABLE"),
    ],
)
def test_a_rating_that_the_rubric_does_not_have_is_refused(assessor: Context, rating: Rating) -> None:
    with pytest.raises(NotAllowed, match="not in the rubric"):
        assessing.save_rating(assessor, SUB.id, rating)
    assert not work(assessor).ratings


def test_feedback_for_a_criterion_of_another_rubric_is_refused(assessor: Context) -> None:
    with pytest.raises(NotAllowed, match="not in the rubric"):
        assessing.save_feedback(assessor, SUB.id, CriterionFeedback(CriterionId("elsewhere"), "x"))


def test_undo_and_redo_go_through_ratings_and_marks_alike(assessor: Context) -> None:
    mark = builders.annotation(comment="first")
    steps: list[Callable[[], ChangeSet]] = [
        lambda: assessing.save_rating(assessor, SUB.id, Rating(ONE, "progressing")),
        lambda: annotating.put(assessor, mark, "Highlight"),
        lambda: assessing.save_rating(assessor, SUB.id, Rating(ONE, not_scorable="NS-UNREADABLE", note="?")),
        lambda: annotating.put(assessor, replace(mark, comment="second"), "Edit comment"),
        lambda: annotating.delete(assessor, SUB.id, mark.id),
    ]

    def shown() -> tuple[tuple[Rating, ...], list[str]]:
        return work(assessor).ratings, [m.comment for m in marks(assessor)]

    states = [shown()]
    for step in steps:
        assert step()
        states.append(shown())
    assert [len(state[1]) for state in states] == [0, 0, 1, 1, 1, 0]
    for state in reversed(states[:-1]):
        assert assessing.undo(assessor, SUB.id)
        assert shown() == state
    assert assessing.undo(assessor, SUB.id) == ChangeSet()
    for state in states[1:]:
        assert assessing.redo(assessor, SUB.id)
        assert shown() == state
    assert assessing.redo(assessor, SUB.id) == ChangeSet()


def test_undo_outlives_the_program(tmp_path: Path, assessor: Context, clock: FakeClock) -> None:
    assessing.save_rating(assessor, SUB.id, Rating(ONE, "progressing"))
    assessing.save_rating(assessor, SUB.id, Rating(ONE, "demonstrated"))
    assessing.undo(assessor, SUB.id)
    assessor.store.close()
    again = context_in(assessor.folder, Role.ASSESSOR, clock)
    assert labels(again) == ("Rate criterion", "Rate criterion")
    assessing.undo(again, SUB.id)
    assert not work(again).ratings
    assessing.redo(again, SUB.id)
    assessing.redo(again, SUB.id)
    assert work(again).rating(ONE).level == "demonstrated"
    again.store.close()


def test_a_mark_counts_its_changes_and_keeps_its_beginning(assessor: Context, clock: FakeClock) -> None:
    mark = builders.annotation()
    annotating.put(assessor, mark, "Highlight")
    clock.advance(60)
    annotating.put(assessor, replace(mark, comment="More."), "Edit comment")
    assert annotating.put(assessor, replace(mark, comment="More."), "Edit comment") == ChangeSet()
    (held,) = marks(assessor)
    assert (held.revision, held.created_at, (held.modified_at - NOON).seconds) == (2, NOON, 60)
    assert annotating.delete(assessor, SUB.id, AnnotationId(builders.uuid_text(99))) == ChangeSet()


def test_what_a_check_blocks_is_not_sent_and_nothing_changes(assessor: Context) -> None:
    assessing.save_rating(assessor, SUB.id, Rating(ONE, "progressing"))
    before = dump(assessor.store)
    review = assessing.review(assessor, SUB.id)
    assert not review.can_send
    with pytest.raises(NotAllowed, match="This cannot be sent yet"):
        assessing.send(assessor, SUB.id)
    assert dump(assessor.store) == before
    assert reading.open_submission(assessor, SUB.id).is_editable


def test_sending_freezes_the_bytes_and_ends_the_draft_in_one_step(assessor: Context) -> None:
    assess(assessor, SUB)
    assert assessing.review(assessor, SUB.id).can_send
    changes = assessing.send(assessor, SUB.id)
    assert changes.outbox
    assert changes.submissions == {SUB.id}
    (item,) = items(assessor)
    assert (item.state, item.attempts, item.base_rev) == (OutboxState.QUEUED, 0, SUB.rev)
    assert item.sha256 == sha256_hex(item.body)
    assert item.path.startswith(f"/v1/submissions/{SUB.id}/recommendations/")
    assert item.path.rpartition("/")[2] != item.id
    body = protocol.RecommendationIn.model_validate_json(item.body)
    assert (body.round, body.outcome, body.rule_result) == (1, Outcome.AWARD, "yes")
    assert (body.rubric_hash, body.evidence_digest) == (SUB.rubric.hash, evidence_digest(SUB))
    assert work(assessor).state is AssessmentState.FINAL
    assert labels(assessor) == (None, None)


def test_when_queueing_fails_the_draft_is_still_a_draft(
    assessor: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    assess(assessor, SUB)
    monkeypatch.setattr(protocol, "MAX_UPLOAD_BYTES", 10)
    before = dump(assessor.store)
    with pytest.raises(NotAllowed, match="too large to send"):
        assessing.send(assessor, SUB.id)
    assert dump(assessor.store) == before
    assert work(assessor).state is AssessmentState.DRAFT


def test_what_only_the_author_reads_and_who_she_is_stay_out_of_the_bytes(assessor: Context) -> None:
    assess(assessor, SUB)
    for number, audience in enumerate(Audience):
        mark = builders.annotation(number, audience=audience, comment=f"comment for {audience.value}")
        annotating.put(assessor, mark, "Highlight")
    review = assessing.review(assessor, SUB.id)
    leaving = " ".join(part.text for part in review.leaving)
    assessing.send(assessor, SUB.id)
    text = items(assessor)[0].body.decode()
    for shown in (leaving, text):
        assert "comment for only_me" not in shown
        assert "comment for learner" in shown
        assert "comment for approver" in shown
    assert {part.reader for part in review.leaving} == {"learner", "approver"}
    names = keys_of(json.loads(text))
    assert not names & {"creator", "author", "actor", "actor_id", "assessor", "generator", "name", "email"}


def keys_of(data: object) -> set[str]:
    if isinstance(data, dict):
        return set(data).union(*(keys_of(value) for value in data.values()))
    return set().union(*map(keys_of, data)) if isinstance(data, list) else set()


VERBS: list[tuple[str, Callable[[Context], object]]] = [
    ("rate", lambda c: assessing.save_rating(c, SUB.id, Rating(ONE, "not_met"))),
    ("feedback", lambda c: assessing.save_feedback(c, SUB.id, CriterionFeedback(ONE, "Late."))),
    ("overall", lambda c: assessing.save_overall(c, SUB.id, "Late.")),
    ("note", lambda c: assessing.save_note(c, SUB.id, "Late.")),
    ("mark", lambda c: annotating.put(c, builders.annotation(7), "Highlight")),
    ("undo", lambda c: assessing.undo(c, SUB.id)),
    ("redo", lambda c: assessing.redo(c, SUB.id)),
    ("send", lambda c: assessing.send(c, SUB.id)),
]


@pytest.mark.parametrize("verb", [row[1] for row in VERBS], ids=[row[0] for row in VERBS])
def test_what_was_sent_is_read_only(assessor: Context, verb: Callable[[Context], object]) -> None:
    assess(assessor, SUB)
    assessing.send(assessor, SUB.id)
    before = dump(assessor.store)
    with pytest.raises(NotAllowed, match="read-only now"):
        verb(assessor)
    assert dump(assessor.store) == before
    assert not reading.open_submission(assessor, SUB.id).is_editable


@pytest.mark.parametrize("status", sorted(set(SubmissionStatus) - ASSESSABLE))
def test_when_it_is_somebody_elses_turn_it_is_read_only(assessor: Context, status: SubmissionStatus) -> None:
    with assessor.store.write() as txn:
        submissions.put_submission(txn, replace(SUB, status=status))
    with pytest.raises(NotAllowed, match="read-only now"):
        assessing.save_overall(assessor, SUB.id, "x")


def test_taken_back_it_is_a_draft_and_can_be_sent_anew(assessor: Context) -> None:
    assess(assessor, SUB)
    assessing.send(assessor, SUB.id)
    first = items(assessor)[0]
    assessing.take_back(assessor, SUB.id)
    assert not items(assessor)
    # Undo ended at sending.
    assert labels(assessor) == (None, None)
    assert assessing.undo(assessor, SUB.id) == ChangeSet()
    assessing.save_overall(assessor, SUB.id, "Better.")
    assessing.send(assessor, SUB.id)
    (second,) = items(assessor)
    assert second.id != first.id
    assert b"Better." in second.body


def test_what_may_have_left_is_not_taken_back(assessor: Context) -> None:
    with pytest.raises(NotAllowed, match="can no longer be taken back"):
        assessing.take_back(assessor, SUB.id)
    assess(assessor, SUB)
    assessing.send(assessor, SUB.id)
    item = items(assessor)[0]
    with assessor.store.write() as txn:
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.QUEUED)
    with pytest.raises(NotAllowed, match="cannot be taken back just now"):
        assessing.take_back(assessor, SUB.id)
    assert work(assessor).state is AssessmentState.FINAL
    assert items(assessor)


def test_taken_back_although_the_platform_has_moved_on(assessor: Context) -> None:
    assess(assessor, SUB)
    assessing.send(assessor, SUB.id)
    with assessor.store.write() as txn:
        submissions.put_submission(txn, replace(SUB, round=2, status=SubmissionStatus.RETURNED))
    assessing.take_back(assessor, SUB.id)
    with assessor.store.read() as txn:
        first = assessments.load(txn, SUB.id, 1)
    assert first is not None
    assert first.state is AssessmentState.DRAFT


def test_a_return_opens_a_round_that_starts_where_the_last_one_ended(assessor: Context) -> None:
    assess(assessor, SUB)
    assessing.send(assessor, SUB.id)
    with assessor.store.write() as txn:
        submissions.put_submission(txn, replace(SUB, round=2, status=SubmissionStatus.RETURNED))
    shown = work(assessor)
    assert (shown.round, shown.state, len(shown.ratings)) == (2, AssessmentState.DRAFT, 4)
    assessing.save_rating(assessor, SUB.id, Rating(TWO, "progressing"))
    assert work(assessor).rating(TWO).level == "progressing"
    assert work(assessor).overall == shown.overall
    with assessor.store.read() as txn:
        first = assessments.load(txn, SUB.id, 1)
    assert first is not None
    assert first.rating(TWO).level == "demonstrated"
    assert first.state is AssessmentState.FINAL
    assessing.undo(assessor, SUB.id)
    assert work(assessor).rating(TWO).level == "demonstrated"


def test_a_denial_follows_from_the_ratings_and_needs_its_three_parts(assessor: Context) -> None:
    assess(assessor, SUB, "progressing")
    review = assessing.review(assessor, SUB.id)
    assert (review.outcome, review.can_send) == (Outcome.DENY, True)
    assessing.save_feedback(assessor, SUB.id, CriterionFeedback(ONE, "Try again with more time, please."))
    assert not assessing.review(assessor, SUB.id).can_send


def test_what_is_not_here_is_said(assessor: Context) -> None:
    with pytest.raises(NotAllowed, match="not on this computer"):
        assessing.save_overall(assessor, builders.submission_id(9), "x")
    other = builders.submission(2, rubric=builders.rubric_version(2))
    with assessor.store.write() as txn:
        submissions.put_submission(txn, other)
    with pytest.raises(NotAllowed, match="rubric of this submission has not arrived"):
        reading.open_submission(assessor, other.id)


# ---- a rubric that changed meanwhile ----


def changed_rubric() -> RubricVersion:
    """Version 2, in which the criterion `TWO` has another text."""
    old = builders.rubric_version()
    analyze, design, implement = old.requirements
    criterion = replace(design.criteria[0], text="Plans closed questions.")
    requirements = (analyze, replace(design, criteria=(criterion,)), implement)
    new = replace(old, version=2, supersedes=1, status=RubricStatus.DRAFT, requirements=requirements)
    return published(new)


def change_rubric(context: Context) -> RubricVersion:
    """What a pull leaves behind when the issuer moved the submission to another version."""
    new = changed_rubric()
    with context.store.write() as txn:
        submissions.put_rubric(txn, new)
        submissions.put_submission(txn, replace(SUB, rubric=builders.rubric_ref(new), rev=9))
    return new


def test_a_rating_of_what_changed_stays_and_counts_again_once_it_is_confirmed(assessor: Context) -> None:
    assess(assessor, SUB)
    old = builders.rubric_version()
    new = change_rubric(assessor)
    opened = reading.open_submission(assessor, SUB.id)
    assert (frozenset(opened.outdated), opened.is_rubric_changed, opened.rubric_before) == (
        frozenset({TWO}),
        True,
        old,
    )
    assert opened.assessment.rating(TWO).level == "demonstrated"
    assert opened.verdict.result is RuleResult.UNDECIDED
    with pytest.raises(NotAllowed, match="cannot be sent"):
        assessing.send(assessor, SUB.id)
    assessing.accept_rubric(assessor, SUB.id)
    opened = reading.open_submission(assessor, SUB.id)
    assert (frozenset(opened.outdated), opened.is_rubric_changed, opened.rubric_before) == (
        frozenset({TWO}),
        False,
        None,
    )
    assert not assessing.review(assessor, SUB.id).can_send
    assert assessing.save_rating(assessor, SUB.id, Rating(TWO, "demonstrated"))
    assert reading.open_submission(assessor, SUB.id).outdated == {}
    assessing.undo(assessor, SUB.id)
    assert set(reading.open_submission(assessor, SUB.id).outdated) == {TWO}
    assessing.redo(assessor, SUB.id)
    assessing.send(assessor, SUB.id)
    assert json.loads(items(assessor)[-1].body)["rubric_hash"] == new.hash


def test_a_change_that_was_not_looked_at_keeps_it_from_being_sent(assessor: Context) -> None:
    assess(assessor, SUB)
    change_rubric(assessor)
    assessing.save_rating(assessor, SUB.id, Rating(TWO, "demonstrated"))
    review = assessing.review(assessor, SUB.id)
    assert [c.text for c in review.checks if c.severity is Severity.BLOCK] == [
        "The rubric changed since this was begun; look at what changed."
    ]
    assert not review.can_send


def test_what_comes_back_in_a_later_round_keeps_the_version_it_was_rated_under(assessor: Context) -> None:
    assess(assessor, SUB)
    assessing.send(assessor, SUB.id)
    new = changed_rubric()
    with assessor.store.write() as txn:
        submissions.put_rubric(txn, new)
        returned = replace(
            SUB, rubric=builders.rubric_ref(new), round=2, status=SubmissionStatus.RETURNED, rev=9
        )
        submissions.put_submission(txn, returned)
    assert set(reading.open_submission(assessor, SUB.id).outdated) == {TWO}
    assessing.save_note(assessor, SUB.id, "Begun.")
    opened = reading.open_submission(assessor, SUB.id)
    assert (frozenset(opened.outdated), opened.is_rubric_changed) == (frozenset({TWO}), True)


def test_what_was_sent_is_not_judged_anew(assessor: Context) -> None:
    assess(assessor, SUB)
    assessing.send(assessor, SUB.id)
    change_rubric(assessor)
    opened = reading.open_submission(assessor, SUB.id)
    assert (frozenset(opened.outdated), opened.is_rubric_changed) == (frozenset(), False)
    assert opened.verdict.result is RuleResult.YES


# ---- a single artifact ----


def test_a_single_artifact_is_sent_with_the_ratings_of_its_own_criteria(assessor: Context) -> None:
    only = replace(SUB, submission_type=SubmissionType.SINGLE_ARTIFACT, parts=(SUB.parts[1],))
    with assessor.store.write() as txn:
        submissions.put_submission(txn, only)
    assessing.save_rating(assessor, SUB.id, Rating(TWO, "demonstrated"))
    said = CriterionFeedback(TWO, "Your questions leave room for thought in each phase.")
    assessing.save_feedback(assessor, SUB.id, said)
    opened = reading.open_submission(assessor, SUB.id)
    assert ([c.id for c in opened.rubric.criteria], opened.verdict.result) == ([TWO], RuleResult.YES)
    assert [c.id for c in opened.outside] == [c for c in CRITERIA if c != TWO]
    assessing.send(assessor, SUB.id)
    assert json.loads(items(assessor)[-1].body)["outcome"] == "award"
