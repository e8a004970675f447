"""Why a round is sent although checks warn, by the key of each finding."""

from __future__ import annotations

import json
from collections.abc import Mapping

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import SendReasonRecord
from assessor_app.cache.stored import upsert
from assessor_app.domain.ids import SubmissionId

_DOCUMENT = sa.select(SendReasonRecord.document).where(
    SendReasonRecord.submission_id == sa.bindparam("of"), SendReasonRecord.round == sa.bindparam("in_round")
)


def of_round(txn: Transaction, submission_id: SubmissionId, round: int) -> dict[str, str]:  # noqa: A002
    """The reasons of a round; empty when none was given."""
    document = txn.connection.scalar(_DOCUMENT, {"of": submission_id, "in_round": round})
    return {} if document is None else dict(json.loads(document))


def put(
    txn: Transaction,
    submission_id: SubmissionId,
    round: int,  # noqa: A002
    reasons: Mapping[str, str],
) -> None:
    """Store all reasons of a round, in place of the earlier ones."""
    document = json.dumps(dict(reasons), ensure_ascii=False).encode()
    upsert(txn, SendReasonRecord, {"submission_id": submission_id, "round": round, "document": document})
