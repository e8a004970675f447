"""Words to the team lead that were typed and not sent yet, one text for each submission."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import UnsentQuestionRecord
from assessor_app.cache.stored import upsert
from assessor_app.domain.ids import SubmissionId


def get(txn: Transaction, submission_id: SubmissionId) -> str:
    """What was typed; empty for nothing."""
    table = UnsentQuestionRecord
    return txn.connection.scalar(sa.select(table.text).where(table.submission_id == submission_id)) or ""


def put(txn: Transaction, submission_id: SubmissionId, text: str) -> None:
    """Keep what was typed in place of what was there; an empty text takes it away."""
    if text:
        upsert(txn, UnsentQuestionRecord, {"submission_id": submission_id, "text": text})
        return
    table = UnsentQuestionRecord
    txn.connection.execute(sa.delete(table).where(table.submission_id == submission_id))
