"""Copies of evidence in another format, made and sealed here, so that a second look waits for nothing.

They are sealed under the submission's key like the files themselves, and go with them when it is shredded.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from assessor_app.cache.engine import Store, Transaction
from assessor_app.cache.evidence import path_of, submission_key
from assessor_app.cache.models import LocalCopyRecord, TextPage
from assessor_app.cache.stored import upsert
from assessor_app.clock import Clock
from assessor_app.domain.ids import SubmissionId
from assessor_app.vault.sealed_file import SealedWriter


@dataclass(frozen=True, slots=True)
class LocalCopy:
    """One copy."""

    blob_id: str
    submission_id: SubmissionId
    source_sha256: str
    """Digest of the file that it was made from."""
    media_type: str
    size_bytes: int
    sha256: str
    renderer: str
    """What made it, such as "LibreOffice 7.4"."""


def seal(store: Store, copy: LocalCopy, data: bytes, *, clock: Clock) -> None:
    """Put a copy's bytes on disk, sealed; the row that tells of it is written by `put`, afterwards.

    Raises:
        LookupError: the submission's key was shredded.
        DiskFull: no room.
    """
    with store.read() as txn:
        key = submission_key(txn, copy.submission_id)
    target = path_of(store, copy.blob_id)
    with SealedWriter(target, submission_key=key, blob_id=copy.blob_id, clock=clock) as writer:
        writer.write(data)
        writer.finish(expected_size=copy.size_bytes, expected_sha256=copy.sha256)


def put(txn: Transaction, copy: LocalCopy) -> None:
    """Tell of a copy that is sealed on disk.

    Raises:
        LookupError: the submission's key was shredded in the meantime; the caller unlinks the file.
    """
    submission_key(txn, copy.submission_id)
    upsert(
        txn,
        LocalCopyRecord,
        {
            "blob_id": copy.blob_id,
            "submission_id": copy.submission_id,
            "source_sha256": copy.source_sha256,
            "media_type": copy.media_type,
            "size_bytes": copy.size_bytes,
            "sha256": copy.sha256,
            "renderer": copy.renderer,
        },
    )


def of_source(txn: Transaction, submission_id: SubmissionId, source_sha256: str) -> tuple[LocalCopy, ...]:
    """The copies of a file, newest first."""
    table = LocalCopyRecord
    query = sa.select(table).where(table.submission_id == submission_id, table.source_sha256 == source_sha256)
    rows = txn.connection.execute(query.order_by(sa.text("local_copy.rowid DESC")))
    return tuple(
        LocalCopy(
            blob_id=row.blob_id,
            submission_id=SubmissionId(row.submission_id),
            source_sha256=row.source_sha256,
            media_type=row.media_type,
            size_bytes=row.size_bytes,
            sha256=row.sha256,
            renderer=row.renderer,
        )
        for row in rows
    )


def forget(txn: Transaction, blob_id: str) -> None:
    """Take away a copy's row and the text of its pages; the caller unlinks the file after the commit."""
    txn.connection.execute(sa.delete(TextPage).where(TextPage.blob_id == blob_id))
    txn.connection.execute(sa.delete(LocalCopyRecord).where(LocalCopyRecord.blob_id == blob_id))
