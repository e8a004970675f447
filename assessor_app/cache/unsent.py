"""What was made here and never queued for sending: drafts, half-written words, marks on open work."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import (
    ArtifactFeedbackRecord,
    CaseRecord,
    PreAssessmentRecord,
    UnsentQuestionRecord,
)
from assessor_app.cache.models import (
    AnnotationRecord,
    AssessmentRecord,
    DecisionDraftRecord,
    FeedbackRecord,
    OutboxRecord,
    RatingRecord,
)
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import AssessmentState


def assessments(txn: Transaction) -> frozenset[SubmissionId]:
    """Submissions with a rating, words or marks in a round that is not final."""
    of_round = AssessmentRecord
    found: set[SubmissionId] = set()
    is_open = of_round.state != AssessmentState.FINAL.value
    for part in (RatingRecord, FeedbackRecord, ArtifactFeedbackRecord):
        has_part = sa.exists().where(
            part.submission_id == of_round.submission_id, part.round == of_round.round
        )
        rows = txn.connection.scalars(sa.select(of_round.submission_id).where(is_open, has_part))
        found |= {SubmissionId(row) for row in rows}
    has_words = sa.or_(of_round.overall != "", of_round.note_to_approver != "")
    rows = txn.connection.scalars(sa.select(of_round.submission_id).where(is_open, has_words))
    found |= {SubmissionId(row) for row in rows}
    # Marks go out with the assessment: those older than a final one have gone, or wait with it.
    has_gone = sa.exists().where(
        of_round.submission_id == AnnotationRecord.submission_id,
        of_round.state == AssessmentState.FINAL.value,
        of_round.updated_us >= AnnotationRecord.created_us,
    )
    rows = txn.connection.scalars(sa.select(AnnotationRecord.submission_id).where(~has_gone).distinct())
    return frozenset(found | {SubmissionId(row) for row in rows})


def decisions(txn: Transaction) -> frozenset[SubmissionId]:
    """Submissions with a decision that an approver has prepared and not sent."""
    table, queued = DecisionDraftRecord, OutboxRecord
    is_queued = sa.exists().where(
        queued.submission_id == table.submission_id,
        queued.round == table.round,
        queued.kind == OutboxKind.DECISION.value,
        queued.superseded_by.is_(None),
    )
    rows = txn.connection.scalars(sa.select(table.submission_id).where(~is_queued))
    return frozenset(SubmissionId(row) for row in rows)


def pre_assessments(txn: Transaction) -> frozenset[SubmissionId]:
    """Submissions with a pre-assessment that is not final."""
    table = PreAssessmentRecord
    rows = txn.connection.scalars(
        sa.select(table.submission_id).where(table.state != AssessmentState.FINAL.value)
    )
    return frozenset(SubmissionId(row) for row in rows)


def questions(txn: Transaction) -> frozenset[SubmissionId]:
    """Submissions with words to the lead, or a lead's answer, that were typed and not sent."""
    asked = sa.select(UnsentQuestionRecord.submission_id)
    answered = sa.select(CaseRecord.submission_id).where(
        CaseRecord.draft.is_not(None), CaseRecord.draft != ""
    )
    rows = txn.connection.scalars(sa.union(asked, answered))
    return frozenset(SubmissionId(row) for row in rows)
