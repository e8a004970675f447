"""In which order wanted files come, which of them were asked for, and what goes where room is short."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from assessor_app.cache import evidence, trips
from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import EvidenceRecord, Setting, SubmissionRecord
from assessor_app.cache.stored import upsert
from assessor_app.domain.downloads import Kept
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import SETTLED
from assessor_app.domain.submissions import EvidenceState

_ASKED = "downloads.asked"
_IS_WANTED = "state IN ('wanted', 'partial')"
"""As the index has it."""

# Whose evidence is needed for work that was begun or waits to be sent.
_AT_WORK = """
    SELECT submission_id FROM outbox WHERE state <> 'acked' AND superseded_by IS NULL
    UNION SELECT submission_id FROM assessment WHERE state <> 'final'
    UNION SELECT submission_id FROM pre_assessment WHERE state <> 'final'
    UNION SELECT submission_id FROM decision_draft
    UNION SELECT submission_id FROM conflict WHERE settled_us IS NULL
    UNION SELECT submission_id FROM unsent_question
"""


def queue(txn: Transaction, first: Sequence[SubmissionId], *, only_first: bool = False) -> tuple[str, ...]:
    """The blob ids of all wanted files: whose submission is named first, then what is due first.

    Of what is due at the same moment, small files come before large ones.

    Args:
        txn: a transaction.
        first: submissions whose files go before all others, in this order.
        only_first: nothing but those.
    """
    table = EvidenceRecord
    rank = {key: number for number, key in enumerate(dict.fromkeys(first))}
    query = sa.select(table.blob_id, table.submission_id).where(sa.text(_IS_WANTED))
    if only_first:
        query = query.where(table.submission_id.in_(list(rank)))
    rows = txn.connection.execute(
        query.order_by(table.due_us, table.size_bytes, sa.text("evidence_file.rowid"))
    ).all()
    return tuple(row.blob_id for row in sorted(rows, key=lambda row: rank.get(row.submission_id, len(rank))))


def ask_for(txn: Transaction, blob_ids: Iterable[str]) -> None:
    """Somebody wants these files, whatever keeps them from coming by themselves."""
    wanted = set(txn.connection.scalars(sa.select(EvidenceRecord.blob_id).where(sa.text(_IS_WANTED))))
    kept = sorted((asked_for(txn) | set(blob_ids)) & wanted)
    upsert(txn, Setting, {"name": _ASKED, "value": json.dumps(kept)})


def asked_for(txn: Transaction) -> frozenset[str]:
    """The blob ids of files that somebody asked for."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _ASKED))
    return frozenset(() if stored is None else json.loads(stored))


def used_bytes(txn: Transaction) -> int:
    """How much room the evidence takes that is here."""
    query = sa.select(sa.func.sum(EvidenceRecord.size_bytes))
    return int(txn.connection.scalar(query.where(EvidenceRecord.state == EvidenceState.READY.value)) or 0)


def kept(txn: Transaction, needed: Iterable[SubmissionId] = ()) -> tuple[Kept, ...]:
    """The files that are here, as far as it matters for making room.

    Args:
        txn: a transaction.
        needed: submissions whose files stay, beside those of trips and of work that was begun.
    """
    stays = {*needed, *trips.wanted_first(txn), *txn.connection.scalars(sa.text(_AT_WORK))}
    table = EvidenceRecord
    query = (
        sa.select(table.blob_id, table.submission_id, table.size_bytes, table.due_us, SubmissionRecord.status)
        .outerjoin(SubmissionRecord, SubmissionRecord.id == table.submission_id)
        .where(table.state == EvidenceState.READY.value)
    )
    return tuple(
        Kept(
            row.blob_id,
            row.size_bytes,
            row.due_us,
            is_settled=row.status is None or row.status in SETTLED,
            is_needed=row.submission_id in stays,
        )
        for row in txn.connection.execute(query)
    )


def is_settled(txn: Transaction, submission_id: SubmissionId) -> bool:
    """Whether nothing is to be done about a submission any more, or it is not known here."""
    status = txn.connection.scalar(
        sa.select(SubmissionRecord.status).where(SubmissionRecord.id == submission_id)
    )
    return status is None or status in SETTLED


def give_up(txn: Transaction, files: Iterable[Kept]) -> frozenset[SubmissionId]:
    """Note that files are not here any more; the caller unlinks them after the commit.

    Returns:
        Whose they were.
    """
    touched = set()
    for one in files:
        file = evidence.get(txn, one.blob_id)
        if file is not None:
            evidence.set_state(txn, one.blob_id, EvidenceState.WANTED)
            touched.add(file.submission_id)
    return frozenset(touched)
