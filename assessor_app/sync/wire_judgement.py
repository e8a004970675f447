"""Wire types of what people judge: ratings, feedback, marks, recommendations and decisions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from assessor_app.domain.annotations import AnnotationKind
from assessor_app.domain.assessments import DecisionOutcome, Outcome, RuleResult
from assessor_app.sync.wire_base import Identifier, LongText, Moment, Round, Sha256, ShortText, Wire


class ScoreWire(Wire):
    """One criterion's rating: a level or a not-scorable code."""

    criterion_id: Identifier
    level: ShortText | None = None
    not_scorable: ShortText | None = None
    note: LongText = ""


class CriterionFeedbackWire(Wire):
    """Feedback for one criterion; the learner reads all of it."""

    criterion_id: Identifier
    text: LongText = ""
    seen: LongText = ""
    missing: LongText = ""
    next_step: LongText = ""
    looked_in: list[Identifier] = []
    """Evidence that was looked through without finding it."""


class ArtifactFeedbackWire(Wire):
    """Feedback on one piece of evidence; the learner reads it."""

    source_id: Identifier
    """An artifact, a response or a link."""
    text: LongText


class FeedbackWire(Wire):
    """All feedback of one assessment."""

    criteria: list[CriterionFeedbackWire] = []
    artifacts: list[ArtifactFeedbackWire] = []
    overall: LongText = ""


class WebAnnotationWire(Wire):
    """A W3C Web Annotation (body and target checked by the client that made them), with our envelope."""

    context: Annotated[list[JsonValue], Field(alias="@context")]
    id: Annotated[str, Field(pattern=r"^urn:uuid:[0-9a-f-]{36}$")]
    type: Literal["Annotation"] = "Annotation"
    motivation: list[ShortText]
    kind: Annotated[AnnotationKind, Field(alias="aw:kind")]
    created: Moment
    modified: Moment
    revision: Annotated[int, Field(ge=1)]
    audience: dict[str, ShortText]
    submission: ShortText
    rubric_version: Annotated[ShortText, Field(alias="rubricVersion")]
    body: list[dict[str, JsonValue]]
    target: dict[str, JsonValue]


class RecommendationIn(Wire):
    """What an assessor sends for one round."""

    round: Round
    rubric_hash: Sha256
    evidence_digest: Sha256
    scores: list[ScoreWire]
    feedback: FeedbackWire
    annotations: list[WebAnnotationWire] = []
    outcome: Outcome
    rule_result: RuleResult
    note_to_approver: LongText = ""


class RecommendationWire(RecommendationIn):
    """A recommendation as the platform hands it out."""

    id: Identifier
    submission_id: Identifier
    sent_at: Moment


class OverrideWire(Wire):
    """An approver's change of one rating."""

    criterion_id: Identifier
    level: ShortText
    why: LongText


class IndependentMarkWire(Wire):
    """Passing or not, marked before the ratings were revealed."""

    criterion_id: Identifier
    passing: bool


class DecisionIn(Wire):
    """What an approver decides on one round."""

    round: Round
    recommendation_id: Identifier
    outcome: DecisionOutcome
    return_to: Literal["same", "other"] = "same"
    reason: LongText = ""
    criteria: list[Identifier] = []
    overrides: list[OverrideWire] = []
    final_feedback: LongText = ""
    independent_marks: list[IndependentMarkWire] = []
    revealed_at: Moment | None = None


class DecisionWire(DecisionIn):
    """A decision as the platform hands it out."""

    id: Identifier
    submission_id: Identifier
    decided_at: Moment
