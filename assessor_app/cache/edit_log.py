"""Undo and redo that outlive the program: each step with its inverse, and a position among the steps.

Steps 1 to position are done; those behind it were undone and can be done again until a new step is appended.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import AssessmentRecord, EditPosition, EditStepRecord
from assessor_app.cache.moments import from_us, to_us
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.edits import EditStep
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import AssessmentState

_POSITION = sa.select(EditPosition.position).where(EditPosition.submission_id == sa.bindparam("of"))
_UNDONE = sa.delete(EditStepRecord).where(
    EditStepRecord.submission_id == sa.bindparam("of"), EditStepRecord.seq > sa.bindparam("behind")
)
_APPEND = sa.insert(EditStepRecord)


def append(txn: Transaction, submission_id: SubmissionId, step: EditStep, at: datetime) -> None:
    """Add a step that was just done; what was undone before it can no longer be done again."""
    position = _position(txn, submission_id)
    txn.connection.execute(_UNDONE, {"of": submission_id, "behind": position})
    values = {
        "submission_id": submission_id,
        "seq": position + 1,
        "label": step.label,
        "at_us": to_us(at),
        "document": pack(step),
    }
    txn.connection.execute(_APPEND, values)
    _set_position(txn, submission_id, position + 1)


def latest(txn: Transaction, submission_id: SubmissionId) -> tuple[EditStep, datetime] | None:
    """The step that the next undo would take back, and when it was done; None when there is none."""
    position = _position(txn, submission_id)
    row = txn.connection.execute(
        sa.select(EditStepRecord.document, EditStepRecord.at_us).where(
            EditStepRecord.submission_id == submission_id, EditStepRecord.seq == position
        )
    ).one_or_none()
    return None if row is None else (unpack(EditStep, row.document), from_us(row.at_us))


def replace_latest(txn: Transaction, submission_id: SubmissionId, step: EditStep, at: datetime) -> None:
    """Let a step stand for the latest one, which it continues; what was undone cannot be done again."""
    position = _position(txn, submission_id)
    if position:
        _set_position(txn, submission_id, position - 1)
    append(txn, submission_id, step, at)


def labels(txn: Transaction, submission_id: SubmissionId) -> tuple[str | None, str | None]:
    """What the next undo would take back and the next redo do again; None where there is nothing."""
    position = _position(txn, submission_id)
    table = EditStepRecord
    found = {
        row.seq: row.label
        for row in txn.connection.execute(
            sa.select(table.seq, table.label).where(
                table.submission_id == submission_id, table.seq.in_([position, position + 1])
            )
        )
    }
    return found.get(position), found.get(position + 1)


def undo(txn: Transaction, submission_id: SubmissionId, round: int) -> EditStep | None:  # noqa: A002
    """Step back and return the step whose inverse the caller applies; None when there is nothing to undo.

    Nothing of a round that was sent can be undone.
    """
    position = _position(txn, submission_id)
    step = None if _is_sent(txn, submission_id, round) else _step(txn, submission_id, position)
    if step is not None:
        _set_position(txn, submission_id, position - 1)
    return step


def redo(txn: Transaction, submission_id: SubmissionId, round: int) -> EditStep | None:  # noqa: A002
    """Step forward and return the step that the caller does again; None when nothing was undone."""
    position = _position(txn, submission_id)
    step = None if _is_sent(txn, submission_id, round) else _step(txn, submission_id, position + 1)
    if step is not None:
        _set_position(txn, submission_id, position + 1)
    return step


def close(txn: Transaction, submission_id: SubmissionId) -> None:
    """End undo for what was done so far: it was sent, or merged."""
    for table in (EditStepRecord, EditPosition):
        txn.connection.execute(sa.delete(table).where(table.submission_id == submission_id))


def _position(txn: Transaction, submission_id: SubmissionId) -> int:
    return txn.connection.scalar(_POSITION, {"of": submission_id}) or 0


def _set_position(txn: Transaction, submission_id: SubmissionId, position: int) -> None:
    upsert(txn, EditPosition, {"submission_id": submission_id, "position": position})


def _step(txn: Transaction, submission_id: SubmissionId, seq: int) -> EditStep | None:
    document = txn.connection.scalar(
        sa.select(EditStepRecord.document).where(
            EditStepRecord.submission_id == submission_id, EditStepRecord.seq == seq
        )
    )
    return None if document is None else unpack(EditStep, document)


def _is_sent(txn: Transaction, submission_id: SubmissionId, round_: int) -> bool:
    state = txn.connection.scalar(
        sa.select(AssessmentRecord.state).where(
            AssessmentRecord.submission_id == submission_id, AssessmentRecord.round == round_
        )
    )
    return state == AssessmentState.FINAL.value
