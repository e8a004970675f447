"""The sealed files of evidence on disk: writing one, and taking away those that nothing refers to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import sqlalchemy as sa

from assessor_app.cache.engine import Store, Transaction
from assessor_app.cache.evidence import path_of, submission_key
from assessor_app.cache.models import EvidenceRecord
from assessor_app.clock import Clock
from assessor_app.domain.submissions import EvidenceFile
from assessor_app.vault.sealed_file import SealedWriter

Writer = SealedWriter
"""What takes the bytes of one file; named here so that whoever fetches needs the cache alone."""


def writer(store: Store, file: EvidenceFile, *, clock: Clock) -> SealedWriter:
    """A writer of one file's content, going on where an earlier one stopped.

    Raises:
        LookupError: the submission's key was shredded.
        DiskFull: no room.
    """
    with store.read() as txn:
        key = submission_key(txn, file.submission_id)
    target = path_of(store, file.blob_id)
    return SealedWriter(target, submission_key=key, blob_id=file.blob_id, clock=clock, resume=True)


def unlink(store: Store, blob_ids: Iterable[str]) -> None:
    """Take away the files of blobs that nothing refers to any more; their keys are gone already."""
    for blob_id in blob_ids:
        for path in store.evidence_folder.glob(f"{blob_id}*"):
            with contextlib.suppress(OSError):
                path.unlink()


def missing_count(txn: Transaction) -> int:
    """How many files are still to be fetched."""
    query = sa.select(sa.func.count()).select_from(EvidenceRecord)
    return int(txn.connection.scalar(query.where(sa.text("state IN ('wanted', 'partial')"))) or 0)
