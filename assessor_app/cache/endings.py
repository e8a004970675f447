"""Work that left this person: why, what of it is kept here and until when, and what is erased at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from assessor_app.cache import (
    evidence,
    evidence_files,
    forgetting,
    store_copies,
    submissions,
    sync_state,
)
from assessor_app.cache.engine import Store, Transaction
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
    OutboxRecord,
)
from assessor_app.cache.moments import from_us, from_us_or_none, to_us, to_us_or_none
from assessor_app.cache.prepared import Prepared
from assessor_app.cache.safety_models import ConflictRecord, EndingRecord
from assessor_app.cache.stored import upsert
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.endings import KEEP_DAYS, Ending, EndingReason, is_evidence_kept, keep_until
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SETTLED, SubmissionStatus
from assessor_app.domain.submissions import Part, Submission

_WORK = (
    AssessmentRecord,
    AnnotationRecord,
    ArtifactFeedbackRecord,
    PreAssessmentRecord,
    DecisionDraftRecord,
    OutboxRecord,
    UnsentQuestionRecord,
    CaseRecord,
    ConflictRecord,
)
"""Where something of a person's own stands."""
CLOCKS_AGREE = timedelta(days=2)
"""Nothing is let go while the two clocks are further apart: one of them is wrong, and nobody knows which."""


_LIFT = Prepared(lambda: sa.delete(EndingRecord).where(EndingRecord.submission_id == sa.bindparam("of")))


def end(
    txn: Transaction, submission_id: SubmissionId, reason: EndingReason, told: str, at: datetime
) -> tuple[str, ...]:
    """Take note that a submission left this person.

    What she made of it is kept and can be read; without anything made, all of it goes. An erased learner's
    goes whatever was made of it, also what was kept from an earlier ending.

    Args:
        txn: a writing transaction.
        submission_id: what left.
        reason: why.
        told: the platform's own word for it.
        at: the platform's time.

    Returns:
        Blob ids that nothing refers to any more; the caller unlinks the files after the commit.
    """
    present = submissions.get_submission(txn, submission_id)
    has_work = _has_work(txn, submission_id)
    if reason is EndingReason.ERASED:
        return _erase(txn, submission_id, present if has_work else None, at)
    if present is None:
        return ()
    if present.status in SETTLED and reason is EndingReason.OTHER:
        # Decided and put away by the platform: nothing was taken from anybody.
        submissions.remove_submission(txn, submission_id, told)
        return ()
    if not has_work:
        return forgetting.forget(txn, submission_id)
    role = _role_of_work(txn, submission_id)
    submissions.remove_submission(txn, submission_id, told)
    _put(txn, Ending(submission_id, role, reason, at, keep_until(reason, at)))
    if is_evidence_kept(reason):
        return ()
    blob_ids = evidence.shred(txn, submission_id)
    submissions.rewrite(txn, _without_answers(present))
    return blob_ids


def of(txn: Transaction, submission_id: SubmissionId) -> Ending | None:
    """How the work on a submission ended; None while it has not."""
    row = txn.connection.execute(sa.select(EndingRecord).where(EndingRecord.submission_id == submission_id))
    found = row.first()
    return None if found is None else _ending(found)


def lift(txn: Transaction, submission_id: SubmissionId) -> None:
    """The work is this person's again, with everything that was kept of it."""
    _LIFT.run(txn, {"of": submission_id})
    txn.touch(submission_id)


def over(txn: Transaction, now: datetime) -> tuple[SubmissionId, ...]:
    """What is not to be kept any longer at a moment of the platform's clock."""
    table, told_long_ago = EndingRecord, to_us(now - timedelta(days=KEEP_DAYS))
    is_over = sa.or_(
        table.keep_until_us <= to_us(now),
        sa.and_(table.keep_until_us.is_(None), table.at_us <= told_long_ago),
    )
    rows = txn.connection.scalars(sa.select(table.submission_id).where(is_over).order_by(table.submission_id))
    return tuple(SubmissionId(name) for name in rows)


def remove(txn: Transaction, submission_id: SubmissionId) -> tuple[str, ...]:
    """Erase what was kept, and what of it was never sent; receipts of what arrived stay.

    Returns:
        Blob ids, as for `end`.
    """
    return forgetting.forget(txn, submission_id, unsent_too=True)


def let_go(store: Store) -> ChangeSet:
    """Erase what was kept long enough, by the platform's time; no clock that is wrong takes anything."""
    with store.read() as txn:
        now = sync_state.server_time(txn)
        agree = abs(sync_state.clock_lead(txn)) <= CLOCKS_AGREE
        gone = over(txn, now) if now is not None and agree else ()
    changes = ChangeSet()
    for submission_id in gone:
        with store.write() as txn:
            blob_ids = remove(txn, submission_id)
        evidence_files.unlink(store, blob_ids)
        changes |= ChangeSet.of_ending(submission_id)
    if gone:
        store_copies.take_out_erased(store)
    return changes


def _erase(
    txn: Transaction, submission_id: SubmissionId, told_of: Submission | None, at: datetime
) -> tuple[str, ...]:
    """Nothing stays but that there was work, and where to say so."""
    role = _role_of_work(txn, submission_id)
    blob_ids = forgetting.forget(txn, submission_id, sent_too=True)
    if told_of is not None:
        stub = replace(
            told_of,
            status=SubmissionStatus.WITHDRAWN,
            parts=(),
            attestations=(),
            prior=(),
            history=(),
            collaboration=type(told_of.collaboration)(declared=False),
            due=(),
            needed_by=None,
            return_note=None,
            accommodations=(),
        )
        submissions.put_submission(txn, stub)
        submissions.remove_submission(txn, submission_id, EndingReason.ERASED)
        _put(txn, Ending(submission_id, role, EndingReason.ERASED, at, None))
    return blob_ids


def _without_answers(submission: Submission) -> Submission:
    def bare(part: Part) -> Part:
        return replace(part, responses=tuple(replace(answer, text="") for answer in part.responses))

    status = SubmissionStatus.WITHDRAWN if submission.status not in SETTLED else submission.status
    parts = tuple(bare(part) for part in submission.parts)
    blank = type(submission.collaboration)(declared=submission.collaboration.declared)
    return replace(submission, status=status, parts=parts, prior=(), collaboration=blank)


def _has_work(txn: Transaction, submission_id: SubmissionId) -> bool:
    return any(_has(txn, table, submission_id) for table in _WORK)


def _has(txn: Transaction, table: Any, submission_id: SubmissionId, *more: Any) -> bool:
    found = sa.select(sa.literal(1)).where(table.submission_id == submission_id, *more).limit(1)
    return txn.connection.scalar(found.select_from(table)) is not None


def _role_of_work(txn: Transaction, submission_id: SubmissionId) -> Role:
    """In which role somebody worked on it, by what she made."""
    for role, table, kind in (
        (Role.APPROVER, DecisionDraftRecord, OutboxKind.DECISION),
        (Role.PREASSESSOR, PreAssessmentRecord, OutboxKind.PRE_ASSESSMENT),
    ):
        is_kind = OutboxRecord.kind == kind.value
        if _has(txn, table, submission_id) or _has(txn, OutboxRecord, submission_id, is_kind):
            return role
    return Role.ASSESSOR


def _put(txn: Transaction, ending: Ending) -> None:
    upsert(
        txn,
        EndingRecord,
        {
            "submission_id": ending.submission_id,
            "role": ending.role.value,
            "reason": ending.reason.value,
            "at_us": to_us(ending.at),
            "keep_until_us": to_us_or_none(ending.keep_until),
            "is_seen": False,
        },
    )
    txn.touch(ending.submission_id)


def _ending(row: Any) -> Ending:
    return Ending(
        SubmissionId(row.submission_id),
        Role(row.role),
        EndingReason(row.reason),
        from_us(row.at_us),
        from_us_or_none(row.keep_until_us),
    )
