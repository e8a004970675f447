"""A draft to the document that is copied to the platform, and back: exact bytes, so that copies compare."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from assessor_app.domain import codec
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    Assessment,
    CriterionFeedback,
    DecisionDraft,
    IndependentMark,
    Override,
    Rating,
)
from assessor_app.domain.canonical import canonical_json
from assessor_app.domain.drafts import Draft
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.merging import WorkCopy
from assessor_app.domain.pre_assessments import IndicatorCheck, PreAssessment
from assessor_app.domain.states import AssessmentState
from assessor_app.domain.submissions import RubricRef
from assessor_app.sync import protocol, web_annotation, wire_draft, wire_judgement
from assessor_app.sync.strict_json import broken


def document_of(draft: Draft, rubric: RubricRef) -> bytes:
    """The document of a draft: the same bytes for the same content, whenever it was made."""
    wire = wire_draft.DraftIn(
        round=draft.round,
        assessment=_assessment_wire(draft, rubric),
        pre_assessment=_pre_assessment_wire(draft.pre_assessment),
        decision=_decision_wire(draft.decision),
    )
    return canonical_json(protocol.as_json(wire))


def bare_document(wire: wire_draft.DraftWire) -> bytes:
    """The document of a draft that the platform handed out, as it was copied there."""
    data = protocol.as_json(wire)
    return canonical_json({name: data[name] for name in wire_draft.DraftIn.model_fields if name in data})


def draft_of(document: bytes, submission_id: SubmissionId, at: datetime | None = None) -> Draft:
    """The draft that a document holds.

    Args:
        document: as `document_of` made it, on whatever computer.
        submission_id: what it is about.
        at: when it was made.

    Raises:
        ProtocolBroken: it does not follow the contract.
    """
    try:
        wire, _ = protocol.read(wire_draft.DraftIn, json.loads(document))
        return Draft(
            submission_id,
            wire.round,
            *_work(wire, submission_id, at),
            _pre_assessment(wire.pre_assessment, submission_id, at),
            _decision(wire, submission_id),
        )
    except (ValidationError, ValueError):
        raise broken("a draft") from None


def told(draft: Draft, rubric: RubricRef) -> Draft:
    """A draft as its own document tells it, so that both sides are compared in the same words."""
    return draft_of(document_of(draft, rubric), draft.submission_id)


def _assessment_wire(draft: Draft, rubric: RubricRef) -> wire_draft.AssessmentDraftWire | None:
    if draft.work is None:
        return None
    made = draft.work.assessment
    return wire_draft.AssessmentDraftWire(
        rubric_hash=made.rubric_hash or None,
        scores=[
            wire_draft.DraftScoreWire(
                criterion_id=rating.criterion_id,
                level=rating.level,
                not_scorable=rating.not_scorable,
                note=rating.note,
                rubric_hash=rating.rubric_hash or None,
            )
            for rating in sorted(made.ratings, key=lambda rating: rating.criterion_id)
        ],
        criteria=[_feedback_wire(f) for f in sorted(made.feedback, key=lambda f: f.criterion_id)],
        artifacts=[
            wire_judgement.ArtifactFeedbackWire(source_id=part.source_id, text=part.text)
            for part in sorted(made.artifact_feedback, key=lambda part: part.source_id)
        ],
        overall=made.overall,
        note_to_approver=made.note_to_approver,
        annotations=[
            web_annotation.to_wire(mark, rubric)
            for mark in sorted(draft.work.annotations, key=lambda mark: mark.id)
        ],
        reasons=[
            wire_draft.SendReasonWire(finding=finding, reason=reason)
            for finding, reason in sorted(draft.reasons)
        ],
    )


def _feedback_wire(feedback: CriterionFeedback) -> wire_draft.DraftFeedbackWire:
    return wire_draft.DraftFeedbackWire(
        criterion_id=feedback.criterion_id,
        text=feedback.text,
        seen=feedback.seen,
        missing=feedback.missing,
        next_step=feedback.next_step,
        looked_in=list(feedback.looked_in),
        prefilled=[wire_draft.PrefilledWire(part=part, text=text) for part, text in feedback.prefilled],
    )


def _pre_assessment_wire(made: PreAssessment | None) -> wire_draft.PreAssessmentDraftWire | None:
    if made is None:
        return None
    checks = sorted(made.checks, key=lambda check: check.id)
    return wire_draft.PreAssessmentDraftWire(
        indicators=[
            wire_draft.IndicatorDraftWire(id=check.id, met=check.met, note=check.note) for check in checks
        ],
        feedback=made.feedback,
    )


def _decision_wire(made: DecisionDraft | None) -> wire_draft.DecisionDraftWire | None:
    if made is None:
        return None
    return wire_draft.DecisionDraftWire(
        independent_marks=[
            wire_judgement.IndependentMarkWire(criterion_id=mark.criterion_id, passing=mark.passing)
            for mark in sorted(made.marks, key=lambda mark: mark.criterion_id)
        ],
        revealed_at=made.revealed_at,
        overrides=[
            wire_judgement.OverrideWire(criterion_id=one.criterion_id, level=one.level, why=one.why)
            for one in sorted(made.overrides, key=lambda one: one.criterion_id)
        ],
        reason=made.reason,
        criteria=list(made.criteria),
        final_feedback=made.final_feedback,
    )


def _work(
    wire: wire_draft.DraftIn, submission_id: SubmissionId, at: datetime | None
) -> tuple[WorkCopy | None, tuple[tuple[str, str], ...]]:
    made = wire.assessment
    if made is None:
        return None, ()
    assessment = Assessment(
        submission_id=submission_id,
        round=wire.round,
        state=AssessmentState.DRAFT,
        ratings=tuple(
            Rating(
                CriterionId(score.criterion_id),
                score.level,
                score.not_scorable,
                score.note,
                score.rubric_hash or "",
            )
            for score in made.scores
        ),
        feedback=tuple(_feedback(part) for part in made.criteria),
        overall=made.overall,
        note_to_approver=made.note_to_approver,
        updated_at=at,
        artifact_feedback=tuple(ArtifactFeedback(part.source_id, part.text) for part in made.artifacts),
        rubric_hash=made.rubric_hash or "",
    )
    marks = tuple(web_annotation.from_wire(mark) for mark in made.annotations)
    own = tuple(replace(mark, submission_id=submission_id) for mark in marks)
    return WorkCopy(assessment, own), tuple((one.finding, one.reason) for one in made.reasons)


def _feedback(part: wire_draft.DraftFeedbackWire) -> CriterionFeedback:
    data: dict[str, Any] = part.model_dump(mode="json")
    data["prefilled"] = [[one.part, one.text] for one in part.prefilled]
    return codec.from_json(CriterionFeedback, data)


def _pre_assessment(
    wire: wire_draft.PreAssessmentDraftWire | None, submission_id: SubmissionId, at: datetime | None
) -> PreAssessment | None:
    if wire is None:
        return None
    checks = tuple(IndicatorCheck(one.id, one.met, one.note) for one in wire.indicators)
    return PreAssessment(submission_id, AssessmentState.DRAFT, checks, wire.feedback, at)


def _decision(wire: wire_draft.DraftIn, submission_id: SubmissionId) -> DecisionDraft | None:
    made = wire.decision
    if made is None:
        return None
    return DecisionDraft(
        submission_id,
        wire.round,
        tuple(IndependentMark(CriterionId(m.criterion_id), m.passing) for m in made.independent_marks),
        made.revealed_at,
        tuple(Override(CriterionId(o.criterion_id), o.level, o.why) for o in made.overrides),
        made.reason,
        tuple(CriterionId(criterion) for criterion in made.criteria),
        made.final_feedback,
    )
