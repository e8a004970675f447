"""The approver's verbs on a real store: evidence before opinion, then decide by the rule, or return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from assessor_app.cache import outbox, submissions
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import (
    CriterionFeedback,
    DecisionOutcome,
    IndependentMark,
    OutboxItem,
    Override,
    Rating,
    Recommendation,
    RuleResult,
)
from assessor_app.domain.ids import CriterionId, RecommendationId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Submission
from assessor_app.errors import NotAllowed
from assessor_app.rubric.checks import CheckCode
from assessor_app.services import approving, assessing
from assessor_app.services.context import Context
from assessor_app.sync import protocol
from tests import builders
from tests.builders import CRITERIA, NOON
from tests.stores import dump

SUB = builders.submission(status=SubmissionStatus.WAITING_ON_APPROVER)
AWARD, DENY, RETURN = DecisionOutcome.AWARD, DecisionOutcome.DENY, DecisionOutcome.RETURN
MARKS = (
    builders.annotation(1, of=SUB, audience=Audience.LEARNER, comment="Seen by all."),
    builders.annotation(2, of=SUB, audience=Audience.APPROVER, comment="For you."),
    builders.annotation(3, of=SUB, audience=Audience.ONLY_ME, comment="Mine alone."),
)


def arrive(context: Context, made: Recommendation | None = None, submission: Submission = SUB) -> None:
    with context.store.write() as txn:
        submissions.put_submission(txn, submission)
        submissions.put_recommendation(txn, made or builders.recommendation(annotations=MARKS), 1)


def sample(context: Context) -> None:
    with context.store.write() as txn:
        submissions.put_assignment(txn, builders.assignment(role=Role.APPROVER, sampled=True))


def items(context: Context) -> tuple[OutboxItem, ...]:
    with context.store.read() as txn:
        return outbox.of_submission(txn, SUB.id)


def low(level: str = "progressing") -> Recommendation:
    ratings = (Rating(CRITERIA[0], level), *builders.ratings(criteria=CRITERIA[1:]))
    return builders.recommendation(ratings=ratings, rule_result=RuleResult.NO, annotations=())


def test_ratings_and_words_are_covered_until_revealed(approver: Context) -> None:
    arrive(approver)
    covered = approving.brief(approver, SUB.id)
    assert covered.has_recommendation
    assert covered.can_reveal
    assert (covered.recommendation, covered.verdict, covered.annotations) == (None, None, ())
    assert (covered.earlier, covered.changes) == ((), ())
    linked = covered.evidence_links[CRITERIA[0]]
    assert [mark.comment for mark in linked] == ["", ""]
    assert not covered.evidence_links[CRITERIA[1]]
    text = str(covered)
    for words in ("Seen by all.", "For you.", "Mine alone.", builders.assessment().overall):
        assert words not in text
    approving.reveal(approver, SUB.id)
    shown = approving.brief(approver, SUB.id)
    assert shown.recommendation is not None
    assert shown.verdict is not None
    assert [mark.comment for mark in shown.annotations] == ["Seen by all.", "For you."]
    assert "Mine alone." not in str(shown.annotations)


def test_without_a_recommendation_there_is_nothing_to_reveal_or_decide(approver: Context) -> None:
    present = approving.brief(approver, SUB.id)
    assert (present.has_recommendation, present.can_reveal) == (False, False)
    with pytest.raises(NotAllowed, match="has not arrived yet"):
        approving.reveal(approver, SUB.id)
    with pytest.raises(NotAllowed, match="nothing to decide yet"):
        approving.decide(approver, SUB.id, AWARD)


def test_a_sampled_submission_wants_an_own_view_of_every_criterion_first(approver: Context) -> None:
    sample(approver)
    arrive(approver)
    for criterion in CRITERIA[:-1]:
        approving.mark(approver, SUB.id, IndependentMark(criterion, True))
    with pytest.raises(NotAllowed, match="own view of every criterion"):
        approving.reveal(approver, SUB.id)
    approving.mark(approver, SUB.id, IndependentMark(CRITERIA[-1], True))
    approving.mark(approver, SUB.id, IndependentMark(CRITERIA[-1], False))
    approving.reveal(approver, SUB.id)
    draft = approving.brief(approver, SUB.id).draft
    assert [mark.passing for mark in draft.marks] == [True, True, True, False]
    with pytest.raises(NotAllowed, match="already revealed"):
        approving.mark(approver, SUB.id, IndependentMark(CRITERIA[0], False))
    assert approving.brief(approver, SUB.id).draft == draft


def test_revealing_twice_keeps_the_first_time(approver: Context, clock: builders.FakeClock) -> None:
    arrive(approver)
    approving.reveal(approver, SUB.id)
    clock.advance(60)
    approving.reveal(approver, SUB.id)
    assert approving.brief(approver, SUB.id).draft.revealed_at == NOON


@pytest.mark.parametrize("outcome", [AWARD, DENY, RETURN])
def test_nothing_is_decided_while_covered(approver: Context, outcome: DecisionOutcome) -> None:
    arrive(approver)
    approving.save_text(approver, SUB.id, reason="Look again.")
    with pytest.raises(NotAllowed, match="still covered"):
        approving.decide(approver, SUB.id, outcome)
    with pytest.raises(NotAllowed, match="still covered"):
        approving.override(approver, SUB.id, CRITERIA[0], Override(CRITERIA[0], "not_met", "Why."))


@pytest.mark.parametrize(
    ("made", "barred", "allowed"),
    [(builders.recommendation(annotations=()), DENY, AWARD), (low(), AWARD, DENY)],
    ids=["met", "not met"],
)
def test_the_outcome_follows_from_the_ratings(
    approver: Context, made: Recommendation, barred: DecisionOutcome, allowed: DecisionOutcome
) -> None:
    arrive(approver, made)
    approving.reveal(approver, SUB.id)
    before = dump(approver.store)
    with pytest.raises(NotAllowed, match=f"do not allow to {barred.value}"):
        approving.decide(approver, SUB.id, barred)
    assert dump(approver.store) == before
    assert approving.decide(approver, SUB.id, allowed).outbox
    body = protocol.DecisionIn.model_validate_json(items(approver)[0].body)
    assert (body.outcome, body.recommendation_id, body.round) == (allowed, made.id, 1)


def test_a_changed_rating_changes_the_outcome_and_needs_a_reason(approver: Context) -> None:
    arrive(approver, low())
    approving.reveal(approver, SUB.id)
    approving.override(approver, SUB.id, CRITERIA[0], Override(CRITERIA[0], "demonstrated", " "))
    verdict = approving.brief(approver, SUB.id).verdict
    assert verdict is not None
    assert verdict.result is RuleResult.YES
    approving.save_text(approver, SUB.id, reason="x")
    for outcome in (AWARD, RETURN):
        with pytest.raises(NotAllowed, match="changed rating needs a reason"):
            approving.decide(approver, SUB.id, outcome)
    change = Override(CRITERIA[0], "demonstrated", "Page 3 shows it.")
    approving.override(approver, SUB.id, CRITERIA[0], change)
    approving.decide(approver, SUB.id, AWARD)
    body = protocol.DecisionIn.model_validate_json(items(approver)[0].body)
    assert [(o.criterion_id, o.level, o.why) for o in body.overrides] == [
        (CRITERIA[0], "demonstrated", "Page 3 shows it.")
    ]


def test_a_change_can_be_taken_back(approver: Context) -> None:
    arrive(approver, low())
    approving.reveal(approver, SUB.id)
    approving.override(approver, SUB.id, CRITERIA[0], Override(CRITERIA[0], "demonstrated", "x"))
    approving.override(approver, SUB.id, CRITERIA[0], None)
    assert not approving.brief(approver, SUB.id).draft.overrides


UNKNOWN: list[Callable[[Context], object]] = [
    lambda c: approving.mark(c, SUB.id, IndependentMark(CriterionId("elsewhere"), True)),
    lambda c: approving.save_text(c, SUB.id, criteria=[CriterionId("elsewhere")]),
    lambda c: approving.override(c, SUB.id, CriterionId("elsewhere"), None),
    lambda c: approving.override(c, SUB.id, CRITERIA[0], Override(CRITERIA[0], "superb", "x")),
    lambda c: approving.override(c, SUB.id, CRITERIA[0], Override(CRITERIA[1], "not_met", "x")),
]


@pytest.mark.parametrize("number", range(len(UNKNOWN)))
def test_what_the_rubric_does_not_have_is_refused(approver: Context, number: int) -> None:
    arrive(approver)
    if number >= 2:
        approving.reveal(approver, SUB.id)
    with pytest.raises(NotAllowed, match="not in the rubric"):
        UNKNOWN[number](approver)


def test_a_return_needs_a_reason_and_names_criteria(approver: Context) -> None:
    arrive(approver)
    approving.reveal(approver, SUB.id)
    with pytest.raises(NotAllowed, match="A return needs a reason"):
        approving.decide(approver, SUB.id, RETURN)
    approving.save_text(approver, SUB.id, reason="See criterion 2.", criteria=[CRITERIA[1]])
    approving.save_text(approver, SUB.id, final_feedback="Thanks.")
    approving.decide(approver, SUB.id, RETURN)
    body = protocol.DecisionIn.model_validate_json(items(approver)[0].body)
    assert (body.reason, body.criteria, body.final_feedback) == ("See criterion 2.", [CRITERIA[1]], "")


def test_a_return_that_was_given_up_leaves_nothing(approver: Context) -> None:
    arrive(approver)
    approving.reveal(approver, SUB.id)
    approving.save_text(approver, SUB.id, reason="Half a thought.", criteria=[CRITERIA[1]])
    approving.decide(approver, SUB.id, AWARD)
    assert b"Half a thought." not in items(approver)[0].body


@pytest.mark.parametrize(
    ("outcome", "texts"),
    [
        (AWARD, {"final_feedback": "Write to maria@example.org."}),
        (RETURN, {"reason": "Write to maria@example.org."}),
    ],
)
def test_words_that_nobody_may_send_keep_a_decision_back(
    approver: Context, outcome: DecisionOutcome, texts: dict[str, str]
) -> None:
    arrive(approver)
    approving.reveal(approver, SUB.id)
    approving.save_text(approver, SUB.id, **texts)  # type: ignore[arg-type]
    found = approving.brief(approver, SUB.id).checks[outcome]
    assert [one.code for one in found] == [CheckCode.EMAIL]
    with pytest.raises(NotAllowed, match="cannot be sent yet"):
        approving.decide(approver, SUB.id, outcome)
    assert items(approver) == ()
    approving.save_text(approver, SUB.id, **dict.fromkeys(texts, "See page 2."))  # type: ignore[arg-type]
    approving.decide(approver, SUB.id, outcome)


def test_a_reason_of_a_changed_rating_is_looked_through(approver: Context) -> None:
    arrive(approver)
    approving.reveal(approver, SUB.id)
    why = "Ask me: maria@example.org."
    approving.override(approver, SUB.id, CRITERIA[0], Override(CRITERIA[0], "progressing", why))
    for outcome in DecisionOutcome:
        found = approving.brief(approver, SUB.id).checks[outcome]
        assert (CheckCode.EMAIL, CRITERIA[0]) in [(one.code, one.criterion_id) for one in found]


def test_nothing_is_found_while_the_ratings_are_covered(approver: Context) -> None:
    arrive(approver, low())
    assert approving.brief(approver, SUB.id).checks == {}


def test_a_denial_that_the_approver_makes_explains_itself(approver: Context) -> None:
    met = builders.recommendation(
        annotations=(), feedback=tuple(CriterionFeedback(c, text="Well done.") for c in CRITERIA)
    )
    arrive(approver, met)
    approving.reveal(approver, SUB.id)
    approving.override(approver, SUB.id, CRITERIA[0], Override(CRITERIA[0], "not_met", "One question."))
    with pytest.raises(NotAllowed, match="cannot be sent yet"):
        approving.decide(approver, SUB.id, DENY)
    approving.save_text(approver, SUB.id, final_feedback=" .\u200b")
    with pytest.raises(NotAllowed, match="cannot be sent yet"):
        approving.decide(approver, SUB.id, DENY)
    approving.save_text(approver, SUB.id, final_feedback="One question stood there. Add two.")
    approving.decide(approver, SUB.id, DENY)
    assert len(items(approver)) == 1


@pytest.mark.parametrize("state", [OutboxState.QUEUED, OutboxState.ACKED, OutboxState.BLOCKED])
def test_what_is_decided_is_not_decided_twice(approver: Context, state: OutboxState) -> None:
    arrive(approver)
    approving.reveal(approver, SUB.id)
    approving.decide(approver, SUB.id, AWARD)
    (item,) = items(approver)
    if state is not OutboxState.QUEUED:
        with approver.store.write() as txn:
            outbox.move(txn, item.id, OutboxState.SENDING)
            receipt = builders.receipt(item) if state is OutboxState.ACKED else None
            outbox.move(txn, item.id, state, receipt=receipt)
    assert not approving.brief(approver, SUB.id).is_editable
    with pytest.raises(NotAllowed, match="decided already"):
        approving.decide(approver, SUB.id, AWARD)
    with pytest.raises(NotAllowed, match="decided already"):
        approving.save_text(approver, SUB.id, reason="x")


def test_what_the_platform_refused_is_open_again(approver: Context) -> None:
    arrive(approver)
    approving.reveal(approver, SUB.id)
    approving.decide(approver, SUB.id, AWARD)
    (item,) = items(approver)
    with approver.store.write() as txn:
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.CONFLICT, status=409)
    assert approving.brief(approver, SUB.id).is_editable
    approving.decide(approver, SUB.id, AWARD)
    assert [i.state for i in items(approver)] == [OutboxState.QUEUED]


def test_a_decision_that_waits_can_be_taken_back(approver: Context) -> None:
    arrive(approver)
    approving.reveal(approver, SUB.id)
    approving.decide(approver, SUB.id, AWARD)
    assessing.take_back(approver, SUB.id)
    present = approving.brief(approver, SUB.id)
    assert present.is_editable
    assert present.draft.revealed_at == NOON


@pytest.mark.parametrize("status", sorted(set(SubmissionStatus) - {SubmissionStatus.WAITING_ON_APPROVER}))
def test_only_what_waits_on_the_approver_is_hers(approver: Context, status: SubmissionStatus) -> None:
    arrive(approver, submission=replace(SUB, status=status))
    assert not approving.brief(approver, SUB.id).is_editable
    with pytest.raises(NotAllowed, match="not with you now"):
        approving.reveal(approver, SUB.id)


def test_round_two_shows_what_changed_and_is_covered_again(approver: Context) -> None:
    sample(approver)
    arrive(approver, low())
    for criterion in CRITERIA:
        approving.mark(approver, SUB.id, IndependentMark(criterion, True))
    approving.reveal(approver, SUB.id)
    approving.save_text(approver, SUB.id, reason="Look again.")
    approving.decide(approver, SUB.id, RETURN)
    (item,) = items(approver)
    with approver.store.write() as txn:
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.ACKED, receipt=builders.receipt(item))
    better = replace(
        low(),
        id=RecommendationId(builders.uuid_text(77)),
        round=2,
        ratings=(
            Rating(CRITERIA[0], "demonstrated"),
            Rating(CRITERIA[1], not_scorable="NS-UNREADABLE"),
            Rating(CRITERIA[2], "demonstrated"),
        ),
        feedback=(CriterionFeedback(CRITERIA[2], "New words."),),
    )
    arrive(approver, better, replace(SUB, round=2))
    covered = approving.brief(approver, SUB.id)
    assert covered.is_editable
    # The own view was asked for in the first round.
    assert covered.can_reveal
    assert (covered.earlier, covered.changes, covered.draft.marks) == ((), (), ())
    approving.reveal(approver, SUB.id)
    shown = approving.brief(approver, SUB.id)
    assert [r.round for r in shown.earlier] == [1]
    changes = {
        c.criterion_id: (c.before, c.after, c.rating_changed, c.feedback_changed) for c in shown.changes
    }
    assert changes == {
        CRITERIA[0]: ("Progressing", "Demonstrated", True, True),
        CRITERIA[1]: ("Demonstrated", "File cannot be opened", True, True),
        CRITERIA[2]: ("Demonstrated", "Demonstrated", False, True),
        CRITERIA[3]: ("Demonstrated", "Not rated", True, True),
    }
