"""What was recommended and decided before the demo begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.award_rule import evaluate, outcome_of
from assessor_app.sync.protocol import (
    CriterionFeedbackWire,
    DecisionWire,
    FeedbackWire,
    RecommendationWire,
    ScoreWire,
)
from reference_platform.demo.building import stable_id, submission_id
from reference_platform.demo.frame import rubrics
from reference_platform.seeding import SeedDecision, SeedRecommendation

Feedback = str | tuple[str, str, str]
"""Feedback in one text, or what was seen, what is missing and the next step."""


def recommendation(
    code: str,
    rubric: str,
    actor_id: str,
    judged: Mapping[str, tuple[str, Feedback]],
    *,
    sent_at: datetime,
    overall: str,
    note: str = "",
    round_number: int = 1,
) -> SeedRecommendation:
    """A recommendation whose outcome follows from the ratings.

    Args:
        code: of the submission.
        rubric: id of the rubric.
        actor_id: the assessor.
        judged: level and feedback by criterion id.
        sent_at: when it was sent.
        overall: the comment on the whole, for the learner.
        note: for the approver.
        round_number: 1 for the first assessment.
    """
    version = rubrics()[rubric]
    ratings = [Rating(CriterionId(criterion), level) for criterion, (level, _) in judged.items()]
    result = evaluate(version, ratings).result
    wire = RecommendationWire(
        id=recommendation_id(code, round_number),
        submission_id=submission_id(code),
        sent_at=sent_at,
        round=round_number,
        rubric_hash=version.hash,
        evidence_digest="0" * 64,
        scores=[ScoreWire(criterion_id=criterion, level=level) for criterion, (level, _) in judged.items()],
        feedback=FeedbackWire(
            criteria=[_feedback(criterion, text) for criterion, (_, text) in judged.items()], overall=overall
        ),
        outcome=outcome_of(result),
        rule_result=result,
        note_to_approver=note,
    )
    return SeedRecommendation(actor_id, wire)


def decision(
    code: str,
    actor_id: str,
    outcome: Literal["award", "deny", "return"],
    *,
    decided_at: datetime,
    reason: str = "",
    criteria: Sequence[str] = (),
    final_feedback: str = "",
    round_number: int = 1,
) -> SeedDecision:
    """A decision on the recommendation of a round."""
    wire = DecisionWire.model_validate(
        {
            "id": stable_id("decision", code, str(round_number)),
            "submission_id": submission_id(code),
            "decided_at": decided_at,
            "round": round_number,
            "recommendation_id": recommendation_id(code, round_number),
            "outcome": outcome,
            "reason": reason,
            "criteria": list(criteria),
            "final_feedback": final_feedback,
            "revealed_at": decided_at,
        }
    )
    return SeedDecision(actor_id, wire)


def recommendation_id(code: str, round_number: int) -> str:
    """The id of what was recommended in a round."""
    return stable_id("recommendation", code, str(round_number))


def _feedback(criterion: str, feedback: Feedback) -> CriterionFeedbackWire:
    if isinstance(feedback, str):
        return CriterionFeedbackWire(criterion_id=criterion, text=feedback)
    seen, missing, next_step = feedback
    return CriterionFeedbackWire(criterion_id=criterion, seen=seen, missing=missing, next_step=next_step)
