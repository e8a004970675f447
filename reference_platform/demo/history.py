"""What was recommended and decided before the demo begins."""

from __future__ import annotations

from collections.abc import Sequence
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
from reference_platform.demo.writing import answers
from reference_platform.seeding import SeedDecision, SeedRecommendation

PARTS = {"Seen": "seen", "Missing": "missing", "Next": "next_step"}
"""How the three parts of feedback on a criterion below passing begin in the file."""


def recommendation(
    code: str, rubric: str, actor_id: str, *, sent_at: datetime, round_number: int = 1
) -> SeedRecommendation:
    """The recommendation in a submission's `recommendation.md`; its outcome follows from the ratings.

    The file has a `## criterion level` above the feedback for each criterion, then `## overall` for the
    learner and, if there is one, `## note` for the approver.

    Args:
        code: of the submission.
        rubric: id of the rubric.
        actor_id: the assessor.
        sent_at: when it was sent.
        round_number: 1 for the first assessment.
    """
    version = rubrics()[rubric]
    written = answers(code, "recommendation.md")
    judged = {tuple(name.split()): text for name, text in written.items() if " " in name}
    ratings = [Rating(CriterionId(criterion), level) for criterion, level in judged]
    result = evaluate(version, ratings).result
    wire = RecommendationWire(
        id=recommendation_id(code, round_number),
        submission_id=submission_id(code),
        sent_at=sent_at,
        round=round_number,
        rubric_hash=version.hash,
        evidence_digest="0" * 64,
        scores=[ScoreWire(criterion_id=criterion, level=level) for criterion, level in judged],
        feedback=FeedbackWire(
            criteria=[_feedback(criterion, text) for (criterion, _), text in judged.items()],
            overall=written["overall"],
        ),
        outcome=outcome_of(result),
        rule_result=result,
        note_to_approver=written.get("note", ""),
    )
    return SeedRecommendation(actor_id, wire)


def decision(
    code: str,
    actor_id: str,
    outcome: Literal["award", "deny", "return"],
    *,
    decided_at: datetime,
    criteria: Sequence[str] = (),
    round_number: int = 1,
) -> SeedDecision:
    """A decision on the recommendation of a round; its words are in the submission's `decision.md`."""
    written = answers(code, "decision.md")
    wire = DecisionWire.model_validate(
        {
            "id": stable_id("decision", code, str(round_number)),
            "submission_id": submission_id(code),
            "decided_at": decided_at,
            "round": round_number,
            "recommendation_id": recommendation_id(code, round_number),
            "outcome": outcome,
            "reason": written.get("reason", ""),
            "criteria": list(criteria),
            "final_feedback": written.get("final", ""),
            "revealed_at": decided_at,
        }
    )
    return SeedDecision(actor_id, wire)


def recommendation_id(code: str, round_number: int) -> str:
    """The id of what was recommended in a round."""
    return stable_id("recommendation", code, str(round_number))


def _feedback(criterion: str, text: str) -> CriterionFeedbackWire:
    parts = [part.partition(": ") for part in text.split("\n\n")]
    if any(name not in PARTS for name, _, _ in parts):
        return CriterionFeedbackWire(criterion_id=criterion, text=text)
    said = {PARTS[name]: part for name, _, part in parts}
    return CriterionFeedbackWire.model_validate({"criterion_id": criterion, **said})
