"""One assessor's work on a round, and what an approver prepares: drafts, in the caller's transaction."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import ArtifactFeedbackRecord
from assessor_app.cache.models import AssessmentRecord, DecisionDraftRecord, FeedbackRecord, RatingRecord
from assessor_app.cache.moments import from_us_or_none, to_us
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    Assessment,
    CriterionFeedback,
    DecisionDraft,
    Rating,
)
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.states import ASSESSMENT_TRANSITIONS, AssessmentState, check_transition
from assessor_app.errors import NotAllowed

_THIS_ROUND = (
    AssessmentRecord.submission_id == sa.bindparam("of"),
    AssessmentRecord.round == sa.bindparam("in_round"),
)
_RECORD = sa.select(
    AssessmentRecord.state,
    AssessmentRecord.overall,
    AssessmentRecord.note_to_approver,
    AssessmentRecord.updated_us,
    AssessmentRecord.rubric_hash,
).where(*_THIS_ROUND)
_UPDATE = sa.update(AssessmentRecord).where(*_THIS_ROUND)


def _of_round(table: Any, order: Any, *columns: Any) -> Any:
    """The statement for all rows of a round, made once: making it costs more than running it."""
    in_round = (table.submission_id == sa.bindparam("of"), table.round == sa.bindparam("in_round"))
    return sa.select(order, *columns).where(*in_round).order_by(order)


_RATINGS = _of_round(
    RatingRecord,
    RatingRecord.criterion_id,
    RatingRecord.level,
    RatingRecord.not_scorable,
    RatingRecord.note,
    RatingRecord.rubric_hash,
)
_FEEDBACK = _of_round(
    FeedbackRecord,
    FeedbackRecord.criterion_id,
    FeedbackRecord.text,
    FeedbackRecord.seen,
    FeedbackRecord.missing,
    FeedbackRecord.next_step,
    FeedbackRecord.looked_in,
    FeedbackRecord.prefilled,
)
_OF_ARTIFACTS = _of_round(
    ArtifactFeedbackRecord, ArtifactFeedbackRecord.source_id, ArtifactFeedbackRecord.text
)
_DECISION_DRAFT = sa.select(DecisionDraftRecord.document).where(
    DecisionDraftRecord.submission_id == sa.bindparam("of"),
    DecisionDraftRecord.round == sa.bindparam("in_round"),
)


def load(txn: Transaction, submission_id: SubmissionId, round: int) -> Assessment | None:  # noqa: A002
    """The work on a round, ratings and feedback ordered by criterion id; None when nothing was begun."""
    row = _record(txn, submission_id, round)
    if row is None:
        return None
    which = {"of": submission_id, "in_round": round}
    ratings = txn.connection.execute(_RATINGS, which)
    feedback = txn.connection.execute(_FEEDBACK, which)
    of_artifacts = txn.connection.execute(_OF_ARTIFACTS, which)
    return Assessment(
        submission_id=submission_id,
        round=round,
        state=AssessmentState(row.state),
        ratings=tuple(
            Rating(CriterionId(r.criterion_id), r.level, r.not_scorable, r.note, r.rubric_hash)
            for r in ratings
        ),
        feedback=tuple(_feedback(row) for row in feedback),
        overall=row.overall,
        note_to_approver=row.note_to_approver,
        updated_at=from_us_or_none(row.updated_us),
        artifact_feedback=tuple(ArtifactFeedback(row.source_id, row.text) for row in of_artifacts),
        rubric_hash=row.rubric_hash,
    )


def begin(
    txn: Transaction,
    submission_id: SubmissionId,
    round: int,  # noqa: A002
    *,
    copy_from_round: int | None = None,
    rubric_hash: str = "",
) -> Assessment:
    """Begin the work on a round, or go on with it: what is there is never overwritten.

    Args:
        txn: a writing transaction.
        submission_id: what is assessed.
        round: 1, or the next one after a return.
        copy_from_round: start from the ratings and texts of this earlier round.
        rubric_hash: the rubric version that is assessed against; an earlier round's own stays, if it has one.
    """
    existing = load(txn, submission_id, round)
    if existing is not None:
        return existing
    earlier = None if copy_from_round is None else load(txn, submission_id, copy_from_round)
    values = {
        "submission_id": submission_id,
        "round": round,
        "state": AssessmentState.DRAFT.value,
        "overall": earlier.overall if earlier else "",
        "note_to_approver": earlier.note_to_approver if earlier else "",
        "updated_us": None,
        "rubric_hash": (earlier.rubric_hash if earlier else "") or rubric_hash,
    }
    txn.connection.execute(sa.insert(AssessmentRecord).values(values))
    for rating in earlier.ratings if earlier else ():
        _put_rating(txn, submission_id, round, rating)
    for feedback in earlier.feedback if earlier else ():
        _put_feedback(txn, submission_id, round, feedback)
    for part in earlier.artifact_feedback if earlier else ():
        _put_artifact_feedback(txn, submission_id, round, part)
    txn.touch(submission_id)
    begun = load(txn, submission_id, round)
    assert begun is not None
    return begun


def set_rating(
    txn: Transaction,
    submission_id: SubmissionId,
    round: int,  # noqa: A002
    rating: Rating,
    at: datetime,
) -> None:
    """Make one criterion's rating so; an unset one without a note clears it. The round is begun if need be.

    Raises:
        NotAllowed: the round was sent.
    """
    _edit(txn, submission_id, round, at)
    _put_rating(txn, submission_id, round, rating)


def set_feedback(
    txn: Transaction,
    submission_id: SubmissionId,
    round: int,  # noqa: A002
    feedback: CriterionFeedback,
    at: datetime,
) -> None:
    """Make one criterion's feedback so; an empty one clears it. The round is begun if need be.

    Raises:
        NotAllowed: the round was sent.
    """
    _edit(txn, submission_id, round, at)
    _put_feedback(txn, submission_id, round, feedback)


def set_artifact_feedback(
    txn: Transaction,
    submission_id: SubmissionId,
    round: int,  # noqa: A002
    feedback: ArtifactFeedback,
    at: datetime,
) -> None:
    """Make the feedback on one piece of evidence so; an empty one clears it. The round is begun if need be.

    Raises:
        NotAllowed: the round was sent.
    """
    _edit(txn, submission_id, round, at)
    _put_artifact_feedback(txn, submission_id, round, feedback)


def set_rubric_hash(txn: Transaction, submission_id: SubmissionId, round: int, rubric_hash: str) -> None:  # noqa: A002
    """Note that the work on a round goes by another version of the rubric from now on."""
    txn.connection.execute(_UPDATE, {"of": submission_id, "in_round": round, "rubric_hash": rubric_hash})
    txn.touch(submission_id)


def set_overall(txn: Transaction, submission_id: SubmissionId, round: int, text: str, at: datetime) -> None:  # noqa: A002
    """Make the overall feedback so. The round is begun if need be.

    Raises:
        NotAllowed: the round was sent.
    """
    _edit(txn, submission_id, round, at, overall=text)


def set_note(txn: Transaction, submission_id: SubmissionId, round: int, text: str, at: datetime) -> None:  # noqa: A002
    """Make the note to the approver so. The round is begun if need be.

    Raises:
        NotAllowed: the round was sent.
    """
    _edit(txn, submission_id, round, at, note_to_approver=text)


def set_state(
    txn: Transaction,
    submission_id: SubmissionId,
    round: int,  # noqa: A002
    new: AssessmentState,
    at: datetime,
) -> None:
    """Move the work on a round to another state.

    Raises:
        IllegalTransition: the table of states does not hold the step.
        LookupError: nothing was begun in this round.
    """
    row = _record(txn, submission_id, round)
    if row is None:
        raise LookupError("no work was begun in this round")
    check_transition(ASSESSMENT_TRANSITIONS, AssessmentState(row.state), new)
    _change(txn, submission_id, round, at, state=new.value)


def decision_draft(txn: Transaction, submission_id: SubmissionId, round: int) -> DecisionDraft:  # noqa: A002
    """What an approver has prepared for a round; an empty draft if nothing."""
    document = txn.connection.scalar(_DECISION_DRAFT, {"of": submission_id, "in_round": round})
    return DecisionDraft(submission_id, round) if document is None else unpack(DecisionDraft, document)


def put_decision_draft(txn: Transaction, draft: DecisionDraft) -> None:
    """Store what an approver has prepared; an empty draft leaves nothing behind."""
    if draft == DecisionDraft(draft.submission_id, draft.round):
        txn.connection.execute(
            sa.delete(DecisionDraftRecord).where(
                DecisionDraftRecord.submission_id == draft.submission_id,
                DecisionDraftRecord.round == draft.round,
            )
        )
    else:
        values = {
            "submission_id": draft.submission_id,
            "round": draft.round,
            "mark_count": len(draft.marks),
            "document": pack(draft),
        }
        upsert(txn, DecisionDraftRecord, values)
    txn.touch(draft.submission_id)


def _record(txn: Transaction, submission_id: SubmissionId, round_: int) -> Any:
    return txn.connection.execute(_RECORD, {"of": submission_id, "in_round": round_}).first()


def _edit(txn: Transaction, submission_id: SubmissionId, round_: int, at: datetime, **columns: str) -> None:
    """Open the round for a change: begun, not sent, with the time of the change."""
    row = _record(txn, submission_id, round_)
    if row is None:
        begin(txn, submission_id, round_)
    elif AssessmentState(row.state) is AssessmentState.FINAL:
        raise NotAllowed(
            "This assessment was sent",
            "What was sent stays as it is, so this change was not kept.",
            "Take it back first, or wait for a return.",
        )
    _change(txn, submission_id, round_, at, **columns)


def _change(txn: Transaction, submission_id: SubmissionId, round_: int, at: datetime, **columns: str) -> None:
    values = {"updated_us": to_us(at), **columns}
    txn.connection.execute(_UPDATE, {"of": submission_id, "in_round": round_, **values})
    txn.touch(submission_id)


def _put_rating(txn: Transaction, submission_id: SubmissionId, round_: int, rating: Rating) -> None:
    key = {"submission_id": submission_id, "round": round_, "criterion_id": rating.criterion_id}
    if not rating.is_set and not rating.note:
        txn.connection.execute(sa.delete(RatingRecord).filter_by(**key))
        return
    upsert(
        txn,
        RatingRecord,
        key
        | {
            "level": rating.level,
            "not_scorable": rating.not_scorable,
            "note": rating.note,
            "rubric_hash": rating.rubric_hash,
        },
    )


def _put_feedback(
    txn: Transaction, submission_id: SubmissionId, round_: int, feedback: CriterionFeedback
) -> None:
    key = {"submission_id": submission_id, "round": round_, "criterion_id": feedback.criterion_id}
    texts = {
        "text": feedback.text,
        "seen": feedback.seen,
        "missing": feedback.missing,
        "next_step": feedback.next_step,
        "looked_in": json.dumps(feedback.looked_in) if feedback.looked_in else "",
        "prefilled": json.dumps(feedback.prefilled) if feedback.prefilled else "",
    }
    if not any(texts.values()):
        txn.connection.execute(sa.delete(FeedbackRecord).filter_by(**key))
        return
    upsert(txn, FeedbackRecord, key | texts)


def _feedback(row: Any) -> CriterionFeedback:
    return CriterionFeedback(
        CriterionId(row.criterion_id),
        row.text,
        row.seen,
        row.missing,
        row.next_step,
        looked_in=tuple(json.loads(row.looked_in or "[]")),
        prefilled=tuple((part, text) for part, text in json.loads(row.prefilled or "[]")),
    )


def _put_artifact_feedback(
    txn: Transaction, submission_id: SubmissionId, round_: int, feedback: ArtifactFeedback
) -> None:
    key = {"submission_id": submission_id, "round": round_, "source_id": feedback.source_id}
    if feedback.text:
        upsert(txn, ArtifactFeedbackRecord, key | {"text": feedback.text})
    else:
        txn.connection.execute(sa.delete(ArtifactFeedbackRecord).filter_by(**key))
