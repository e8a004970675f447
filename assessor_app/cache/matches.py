"""What submissions share with other learners', as the platform last sent it to a lead or an approver."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import MatchesRecord
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.matches import SubmissionMatches


def put(txn: Transaction, matches: SubmissionMatches) -> None:
    """Store the matches of a submission, in place of what was known."""
    upsert(txn, MatchesRecord, {"submission_id": matches.submission_id, "document": pack(matches)})


def remove(txn: Transaction, submission_id: str) -> None:
    """Take away matches that the platform no longer hands out."""
    txn.connection.execute(sa.delete(MatchesRecord).where(MatchesRecord.submission_id == submission_id))


def of_submission(txn: Transaction, submission_id: str) -> SubmissionMatches | None:
    """The matches of a submission; None where the platform told of none."""
    query = sa.select(MatchesRecord.document).where(MatchesRecord.submission_id == submission_id)
    document = txn.connection.scalar(query)
    return unpack(SubmissionMatches, document) if document is not None else None
