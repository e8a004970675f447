"""Wire types of a draft: what somebody has begun on a submission, copied for her own other computers.

One document for each submission and author. Nobody but its author is ever given it, so that it holds what no
other body may: marks for herself alone, what the program filled in, whether levels are uncovered.
"""

from __future__ import annotations

from assessor_app.sync.wire_base import Count, Identifier, LongText, Moment, Round, Sha256, ShortText, Wire
from assessor_app.sync.wire_judgement import (
    ArtifactFeedbackWire,
    CriterionFeedbackWire,
    IndependentMarkWire,
    OverrideWire,
    ScoreWire,
    WebAnnotationWire,
)


class DraftScoreWire(ScoreWire):
    """One criterion's rating so far."""

    rubric_hash: Sha256 | None = None
    """The rubric version that it was given under; None where that is not known."""


class PrefilledWire(Wire):
    """A part of the feedback as the program filled it in: left as it was, it still counts as missing."""

    part: ShortText
    text: LongText


class DraftFeedbackWire(CriterionFeedbackWire):
    """Feedback for one criterion so far."""

    prefilled: list[PrefilledWire] = []


class SendReasonWire(Wire):
    """Why it is to be sent although a check warns."""

    finding: ShortText
    reason: LongText


class AssessmentDraftWire(Wire):
    """What an assessor has made so far."""

    rubric_hash: Sha256 | None = None
    """The rubric version that it was begun against."""
    scores: list[DraftScoreWire] = []
    criteria: list[DraftFeedbackWire] = []
    artifacts: list[ArtifactFeedbackWire] = []
    overall: LongText = ""
    note_to_approver: LongText = ""
    annotations: list[WebAnnotationWire] = []
    """Marks for every reader, for herself alone as well."""
    reasons: list[SendReasonWire] = []


class IndicatorDraftWire(Wire):
    """One completion indicator so far."""

    id: Identifier
    met: bool | None = None
    note: LongText = ""


class PreAssessmentDraftWire(Wire):
    """What a pre-assessor has found so far."""

    indicators: list[IndicatorDraftWire] = []
    feedback: LongText = ""


class DecisionDraftWire(Wire):
    """What an approver has prepared so far."""

    independent_marks: list[IndependentMarkWire] = []
    revealed_at: Moment | None = None
    """None while the levels are covered; they are on every computer of hers, or on none."""
    overrides: list[OverrideWire] = []
    reason: LongText = ""
    criteria: list[Identifier] = []
    final_feedback: LongText = ""


class DraftIn(Wire):
    """The whole draft of one person on one submission, in the roles that she has in it."""

    round: Round
    assessment: AssessmentDraftWire | None = None
    pre_assessment: PreAssessmentDraftWire | None = None
    decision: DecisionDraftWire | None = None


class DraftWire(DraftIn):
    """A draft as the platform hands it out, to its author."""

    submission_id: Identifier
    begun_at: Moment | None = None
    """When the first version of this line was taken. A line ends when the draft goes: what was copied before
    was in nobody's hands who wrote this one."""
    saved_at: Moment


class DraftNoticeWire(Wire):
    """That the platform holds a draft of hers, and which: what the change feed tells instead of the whole."""

    submission_id: Identifier
    round: Round
    etag: ShortText
    size_bytes: Count
    saved_at: Moment
