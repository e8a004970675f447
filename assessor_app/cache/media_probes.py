"""What the trial of each recording found, and which recording was being played when the program ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import EvidenceRecord, MediaProbeRecord
from assessor_app.cache.stored import upsert


class MediaState(StrEnum):
    """Where a recording stands."""

    TRIED = "tried"
    """It passed its trial and is not open."""
    OPEN = "open"
    """It is in the player now."""
    WAS_OPEN = "was_open"
    """It was in the player when the program ended without closing it."""


@dataclass(frozen=True, slots=True)
class MediaProbe:
    """One row."""

    state: MediaState
    document: bytes
    """What the trial found, in the form that the caller chooses; empty when nothing is known."""
    duration_ms: int | None = None
    """How long it plays; None when that is not known."""


def get(txn: Transaction, sha256: str) -> MediaProbe | None:
    """What is known of a recording by its content's digest, or None."""
    row = txn.connection.execute(
        sa.select(MediaProbeRecord.state, MediaProbeRecord.document, MediaProbeRecord.duration_ms).where(
            MediaProbeRecord.sha256 == sha256
        )
    ).first()
    return None if row is None else MediaProbe(MediaState(row.state), bytes(row.document), row.duration_ms)


def put(txn: Transaction, sha256: str, blob_id: str, probe: MediaProbe) -> None:
    """Note what is known of a recording; it goes with the submission that the file belongs to.

    Args:
        txn: a writing transaction.
        sha256: digest of the content, hex.
        blob_id: the sealed file; nothing is noted for one that is not evidence here any more.
        probe: what is known.
    """
    owner = txn.connection.scalar(
        sa.select(EvidenceRecord.submission_id).where(EvidenceRecord.blob_id == blob_id)
    )
    if owner is not None:
        values = {
            "sha256": sha256,
            "submission_id": owner,
            "state": probe.state.value,
            "document": probe.document,
            "duration_ms": probe.duration_ms,
        }
        upsert(txn, MediaProbeRecord, values)


def set_state(txn: Transaction, sha256: str, state: MediaState) -> None:
    """Note that a recording is open, or is not any more."""
    txn.connection.execute(
        sa.update(MediaProbeRecord).where(MediaProbeRecord.sha256 == sha256).values(state=state.value)
    )


def recover(txn: Transaction) -> None:
    """At a start: what is noted as open was open when the program ended."""
    txn.connection.execute(
        sa.update(MediaProbeRecord)
        .where(MediaProbeRecord.state == MediaState.OPEN.value)
        .values(state=MediaState.WAS_OPEN.value)
    )
