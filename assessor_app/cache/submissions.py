"""What the platform handed out: submissions, assignments, rubric versions, and what it has of judgements.

These tables change by the platform's answers alone. What a person makes here lies elsewhere and survives
whatever the platform takes away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from assessor_app.cache import inbox_sql
from assessor_app.cache.engine import Transaction
from assessor_app.cache.erased import Erased
from assessor_app.cache.judgement_models import SubmissionFact
from assessor_app.cache.models import (
    AssignmentRecord,
    DecisionRecord,
    RecommendationRecord,
    RubricRecord,
    Setting,
    SubmissionRecord,
)
from assessor_app.cache.moments import from_us_or_none, to_us, to_us_or_none
from assessor_app.cache.prepared import Prepared
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.cache.sync_state import put_rev, remove_rev
from assessor_app.domain.assessments import Decision, Recommendation
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SETTLED, SubmissionStatus
from assessor_app.domain.submissions import Assignment, Due, RubricRef, Stage, Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.rubric.scope import scope_of_submission

_LABELS = "labels"
_VERSIONS_AT_HAND = 16
"""Rubric versions that stay in memory once they were read."""

_DOCUMENT = Prepared(
    lambda: sa.select(SubmissionRecord.document).where(SubmissionRecord.id == sa.bindparam("of"))
)
_ASSIGNMENT = sa.select(AssignmentRecord.lease_until_us, AssignmentRecord.sampled).where(
    AssignmentRecord.submission_id == sa.bindparam("of"), AssignmentRecord.role == sa.bindparam("in_role")
)
_RUBRIC = Prepared(
    lambda: sa.select(RubricRecord.document).where(
        RubricRecord.id == sa.bindparam("of"),
        RubricRecord.version == sa.bindparam("in_version"),
        RubricRecord.hash == sa.bindparam("with_hash"),
    )
)
_SENT = (
    sa.select(RecommendationRecord.document)
    .where(RecommendationRecord.submission_id == sa.bindparam("of"))
    .order_by(RecommendationRecord.round, RecommendationRecord.id)
)
# Made once: making a statement costs more than running it, and these are run for everything that is done.


def put_submission(txn: Transaction, submission: Submission) -> None:
    """Store a submission as the platform sent it; the newest version wins whatever its number."""
    _put(txn, submission, {"removed_reason": None})
    put_rev(txn, "submission", submission.id, submission.rev)
    txn.touch(submission.id)


def put_facts(txn: Transaction, submission: Submission) -> None:
    """Store what filters and the search need of a submission."""
    _put_facts(txn, submission, _columns(submission))


def get_submission(txn: Transaction, submission_id: SubmissionId) -> Submission | None:
    """The submission, or None when it is not on this machine."""
    row = _DOCUMENT.run(txn, {"of": submission_id}).fetchone()
    return None if row is None else unpack(Submission, row[0])


# CROSS JOIN keeps SQLite to the small rows: beside each submission lies its document.
_RETURNED = f"""
    SELECT f.submission_id FROM {{}} CROSS JOIN submission s ON s.id = f.submission_id
    WHERE f.is_returned AND s.status = '{SubmissionStatus.RETURNED.value}' ORDER BY f.submission_id
"""
_ALL = "submission_fact f"
_SOME = "json_each(?) t CROSS JOIN submission_fact f ON f.submission_id = t.value"


def returned_ids(txn: Transaction, among: Iterable[SubmissionId] | None = None) -> tuple[SubmissionId, ...]:
    """Submissions that an approver has returned to their assessor, of all or of some."""
    if among is None:
        found = txn.connection.exec_driver_sql(_RETURNED.format(_ALL))
    else:
        found = txn.connection.exec_driver_sql(_RETURNED.format(_SOME), (json.dumps(list(among)),))
    return tuple(SubmissionId(name) for name in found.scalars())


def remove_submission(txn: Transaction, submission_id: SubmissionId, reason: str) -> None:
    """Take note that the platform took a submission away.

    It stays readable, marked as withdrawn unless it was settled before, and so does everything that was made
    of it here. A later `put_submission` brings it back.
    """
    submission = get_submission(txn, submission_id)
    remove_rev(txn, "submission", submission_id)
    if submission is None:
        return
    if submission.status not in SETTLED:
        submission = replace(submission, status=SubmissionStatus.WITHDRAWN)
    _put(txn, submission, {"removed_reason": reason})
    txn.touch(submission_id)


def rewrite(txn: Transaction, submission: Submission) -> None:
    """Store a submission with less in it than the platform sent."""
    _put(txn, submission, {})
    txn.touch(submission.id)


def removed_reason(txn: Transaction, submission_id: SubmissionId) -> str | None:
    """Why the platform took the submission away; None while it has not."""
    return txn.connection.scalar(
        sa.select(SubmissionRecord.removed_reason).where(SubmissionRecord.id == submission_id)
    )


def erase_earlier_numbers(txn: Transaction, submission_id: SubmissionId) -> None:
    """Forget attempt counts and earlier denials of a submission for good (rule 18).

    The document is rewritten, freed pages are overwritten, and the log is emptied after the commit. Call it
    before the platform's new record is stored as well: what goes is then taken out of the copies too.
    """
    submission = get_submission(txn, submission_id)
    if submission is None:
        return
    txn.erases()
    if submission.attempt is None and not submission.prior:
        return
    _put(txn, replace(submission, attempt=None, prior=()), {})
    txn.touch(submission_id)
    txn.erased(submission_id, Erased.NUMBERS)


def put_assignment(txn: Transaction, assignment: Assignment) -> None:
    """Store that a submission is this actor's work in a role."""
    upsert(
        txn,
        AssignmentRecord,
        {
            "submission_id": assignment.submission_id,
            "role": assignment.role.value,
            "lease_until_us": to_us_or_none(assignment.lease_until),
            "sampled": assignment.sampled,
        },
    )
    txn.touch(assignment.submission_id)


def remove_assignment(txn: Transaction, submission_id: SubmissionId, role: Role) -> None:
    """Take an assignment away; what was made here stays, and what waits to be sent stays in the inbox."""
    txn.connection.execute(
        sa.delete(AssignmentRecord).where(
            AssignmentRecord.submission_id == submission_id, AssignmentRecord.role == role.value
        )
    )
    txn.touch(submission_id)


def get_assignment(txn: Transaction, submission_id: SubmissionId, role: Role) -> Assignment | None:
    """The assignment of this actor in a role, or None."""
    row = txn.connection.execute(_ASSIGNMENT, {"of": submission_id, "in_role": role.value}).first()
    if row is None:
        return None
    return Assignment(submission_id, role, from_us_or_none(row.lease_until_us), row.sampled)


def ending_assignments(txn: Transaction, role: Role, until: datetime) -> tuple[Assignment, ...]:
    """The work in a role whose time ends before a moment, what ends first first."""
    table = AssignmentRecord
    rows = txn.connection.execute(
        sa.select(table.submission_id, table.lease_until_us, table.sampled)
        .where(table.role == role.value, table.lease_until_us <= to_us(until))
        .order_by(table.lease_until_us, table.submission_id)
    )
    return tuple(
        Assignment(SubmissionId(row.submission_id), role, from_us_or_none(row.lease_until_us), row.sampled)
        for row in rows
    )


def inbox_order(txn: Transaction, role: Role) -> InboxOrder:
    """The order of a role's inbox.

    Order: what needs the person, open work, what waits for others, what is settled; within each what is due
    first (without a date last), then what was received first.
    """
    return txn.inbox_order(role)


def inbox_ids(txn: Transaction, role: Role) -> tuple[SubmissionId, ...]:
    """The submissions in a role's inbox, in its order."""
    return inbox_order(txn, role).ids


def inbox_rows(txn: Transaction, role: Role, ids: Sequence[SubmissionId]) -> tuple[InboxRow, ...]:
    """The rows of the inbox for these submissions, in this order; those not in it are left out."""
    txn.settle()
    rows = inbox_sql.rows_by_id(txn.connection.connection.driver_connection, role, ids)
    return tuple(_with_count(txn, row) for row in rows)


def _with_count(txn: Transaction, row: InboxRow) -> InboxRow:
    """A row that says how many criteria there are to rate, also of a single artifact."""
    if row.submission_type is SubmissionType.FULL_PORTFOLIO:
        return row
    submission = get_submission(txn, row.id)
    version = get_rubric(txn, submission.rubric) if submission is not None else None
    if submission is None or version is None:
        return row
    return replace(row, criteria=len(scope_of_submission(version, submission) or ()))


def put_rubric(txn: Transaction, version: RubricVersion) -> None:
    """Store an immutable rubric version."""
    upsert(
        txn,
        RubricRecord,
        {
            "id": version.id,
            "version": version.version,
            "hash": version.hash,
            "criteria_count": len(version.criteria),
            "document": pack(version),
        },
    )


def get_rubric(txn: Transaction, ref: RubricRef) -> RubricVersion | None:
    """The rubric version that a submission is pinned to; None when it, with this very hash, is not here."""
    which = {"of": ref.id, "in_version": ref.version, "with_hash": ref.hash}
    row = _RUBRIC.run(txn, which).fetchone()
    return None if row is None else _version_of(row[0])


def rubric_with_hash(txn: Transaction, rubric_hash: str) -> RubricVersion | None:
    """The rubric version with this hash; None when it is not here."""
    document = txn.connection.scalar(sa.select(RubricRecord.document).where(RubricRecord.hash == rubric_hash))
    return None if document is None else _version_of(document)


@lru_cache(maxsize=_VERSIONS_AT_HAND)
def _version_of(document: bytes) -> RubricVersion:
    """A version never changes, and everything that is done on a submission asks for it."""
    return unpack(RubricVersion, document)


def put_recommendation(txn: Transaction, recommendation: Recommendation, rev: int) -> None:
    """Store a recommendation that the platform has."""
    _put_judgement(txn, RecommendationRecord, recommendation)
    put_rev(txn, "recommendation", recommendation.id, rev)


def recommendations(txn: Transaction, submission_id: SubmissionId) -> tuple[Recommendation, ...]:
    """What the platform has of a submission's recommendations, oldest round first."""
    documents = txn.connection.scalars(_SENT, {"of": submission_id})
    return tuple(unpack(Recommendation, document) for document in documents)


def remove_recommendation(txn: Transaction, recommendation_id: str) -> None:
    """Take away a recommendation that the platform no longer has, such as one that was taken back."""
    txn.connection.execute(
        sa.delete(RecommendationRecord).where(RecommendationRecord.id == recommendation_id)
    )
    remove_rev(txn, "recommendation", recommendation_id)


def put_decision(txn: Transaction, decision: Decision, rev: int) -> None:
    """Store a decision that the platform has."""
    _put_judgement(txn, DecisionRecord, decision)
    put_rev(txn, "decision", decision.id, rev)


def decisions(txn: Transaction, submission_id: SubmissionId) -> tuple[Decision, ...]:
    """What the platform has of a submission's decisions, oldest round first."""
    table = DecisionRecord
    documents = txn.connection.scalars(
        sa.select(table.document).where(table.submission_id == submission_id).order_by(table.round, table.id)
    )
    return tuple(unpack(Decision, document) for document in documents)


def remove_decision(txn: Transaction, decision_id: str) -> None:
    """Take away a decision that the platform no longer has."""
    txn.connection.execute(sa.delete(DecisionRecord).where(DecisionRecord.id == decision_id))
    remove_rev(txn, "decision", decision_id)


def put_label_map(txn: Transaction, labels: Mapping[SubmissionStatus, str]) -> None:
    """Store the issuer's words for states, in place of the earlier ones."""
    plain = {status.value: label for status, label in labels.items()}
    upsert(txn, Setting, {"name": _LABELS, "value": json.dumps(plain)})


def label_map(txn: Transaction) -> dict[SubmissionStatus, str]:
    """The issuer's words for states; empty until the platform has told them."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _LABELS))
    return {SubmissionStatus(status): label for status, label in json.loads(stored or "{}").items()}


def _put_judgement(
    txn: Transaction,
    model: type[RecommendationRecord | DecisionRecord],
    judgement: Recommendation | Decision,
) -> None:
    values = {
        "id": judgement.id,
        "submission_id": judgement.submission_id,
        "round": judgement.round,
        "document": pack(judgement),
    }
    upsert(txn, model, values)
    txn.touch(judgement.submission_id)


def _put(txn: Transaction, submission: Submission, more: dict[str, Any]) -> None:
    """Store a submission with what is kept of it apart."""
    columns = _columns(submission)
    upsert(txn, SubmissionRecord, {**columns, "document": pack(submission), **more})
    _put_facts(txn, submission, columns)


def _put_facts(txn: Transaction, submission: Submission, columns: Mapping[str, Any]) -> None:
    files = [file for part in submission.parts for file in part.files]
    names = ("code", "title", "is_resubmission", "is_returned", "final_us")
    values = {
        "submission_id": submission.id,
        "microcredential_id": submission.microcredential_id,
        **{name: columns[name] for name in names},
        "pages": sum(file.page_count or 0 for file in files),
        "recordings": sum(file.media_type.startswith(("video/", "audio/")) for file in files),
    }
    upsert(txn, SubmissionFact, values)


def _columns(submission: Submission) -> dict[str, Any]:
    due = {d.stage: d for d in submission.due}
    final = next((d for d in submission.due if d.stage is Stage.DECISION and d.kind is DueKind.HARD), None)
    return {
        "id": submission.id,
        "rev": submission.rev,
        "status": submission.status.value,
        "round": submission.round,
        "code": submission.code,
        "title": submission.title,
        "submission_type": submission.submission_type.value,
        "received_us": to_us(submission.received_at),
        **_due_columns("pre_assessment", due.get(Stage.PRE_ASSESSMENT)),
        **_due_columns("assessment", due.get(Stage.ASSESSMENT)),
        **_due_columns("decision", due.get(Stage.DECISION)),
        "final_us": None if final is None else to_us(final.at),
        "is_resubmission": bool(submission.prior) or (submission.attempt or 1) > 1,
        "is_returned": submission.status is SubmissionStatus.RETURNED,
        "rubric_id": submission.rubric.id,
        "rubric_version": submission.rubric.version,
    }


def _due_columns(stage: str, due: Due | None) -> dict[str, Any]:
    if due is None:
        return {f"{stage}_due_us": None, f"{stage}_due_kind": None}
    return {f"{stage}_due_us": to_us(due.at), f"{stage}_due_kind": due.kind.value}
