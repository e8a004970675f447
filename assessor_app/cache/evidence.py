"""Which files of evidence are wanted and which are here, and the keys that open them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from assessor_app.cache.engine import Store, Transaction
from assessor_app.cache.erased import Erased
from assessor_app.cache.judgement_models import IdentityFindingRecord
from assessor_app.cache.models import (
    EvidenceRecord,
    LocalCopyRecord,
    MediaProbeRecord,
    ReadingStateRecord,
    SubmissionKey,
    TextPage,
)
from assessor_app.cache.moments import to_us
from assessor_app.cache.prepared import Prepared
from assessor_app.cache.safety_models import ErasureRecord
from assessor_app.clock import Clock
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.inbox_groups import NEVER_US
from assessor_app.domain.states import SETTLED, SubmissionStatus
from assessor_app.domain.submissions import EvidenceFile, EvidenceState, Part, Stage, Submission

SUBMISSION_KEY_BYTES = 32
"""Length of a submission's random key."""

_IS_WANTED = "state IN ('wanted', 'partial')"
"""As the index has it: without this very condition all files would be looked at."""
_PDF = "application/pdf"
_Wanted = tuple[str, bool, str, int, str]
"""Artifact id, whether it is a rendition, media type, size in bytes, SHA-256 in hex."""


_HELD = Prepared(
    lambda: sa.select(
        EvidenceRecord.artifact_id, EvidenceRecord.is_rendition, EvidenceRecord.sha256, EvidenceRecord.blob_id
    ).where(EvidenceRecord.submission_id == sa.bindparam("of"))
)
_INSERT = Prepared(lambda: sa.insert(EvidenceRecord))
_INSERT_KEY = Prepared(lambda: insert(SubmissionKey).on_conflict_do_nothing())
_SET_DUE = Prepared(
    lambda: (
        sa.update(EvidenceRecord)
        .where(
            EvidenceRecord.submission_id == sa.bindparam("of"), EvidenceRecord.due_us != sa.bindparam("due")
        )
        .values(due_us=sa.bindparam("due"))
    )
)
_SET_LATE = Prepared(
    lambda: (
        sa.update(EvidenceRecord)
        .where(
            EvidenceRecord.submission_id == sa.bindparam("of"),
            EvidenceRecord.artifact_id == sa.bindparam("artifact"),
        )
        .values(due_us=sa.bindparam("due"))
    )
)


def want(txn: Transaction, submission: Submission, clock: Clock) -> tuple[str, ...]:
    """Want a submission's files: each artifact's own bytes, and the platform's PDF copy where there is one.

    Files of earlier attempts, for comparison, are wanted behind everything that has a date. They go as soon
    as the numbers of earlier attempts go (rule 18).

    Files that are here, or on their way, keep their rows as long as their digest is the same. Those that were
    erased when the submission had long been settled are wanted again only if it is opened again.

    Args:
        txn: a writing transaction.
        submission: as the platform sent it.
        clock: gives ids, and the submission's key if it has none.

    Returns:
        Blob ids that nothing refers to any more; the caller unlinks the files after the commit.
    """
    if submission.status in SETTLED and is_erased(txn, submission.id):
        return ()
    due_us, wanted = _due_us(submission), tuple(_files_of(submission.parts))
    earlier = tuple(_files_of(earlier_parts(submission)))
    held = {
        (artifact_id, bool(is_rendition), sha256): blob_id
        for artifact_id, is_rendition, sha256, blob_id in _HELD.run(txn, {"of": submission.id})
    }
    is_known = bool(held)
    rows = [
        _columns(file, submission.id, clock.new_id(), due)
        for files_then, due in ((wanted, due_us), (earlier, NEVER_US))
        for file in files_then
        if held.pop((file[0], file[1], file[4]), None) is None
    ]
    if rows:
        _INSERT.run_each(txn, rows)
    if is_known:
        _SET_DUE.run(txn, {"of": submission.id, "due": due_us})
        for artifact_id in {file[0] for file in earlier}:
            _SET_LATE.run(txn, {"of": submission.id, "artifact": artifact_id, "due": NEVER_US})
    _forget(txn, held.values())
    # Ignored where the submission has a key already.
    key = clock.random_bytes(SUBMISSION_KEY_BYTES)
    _INSERT_KEY.run(txn, {"submission_id": submission.id, "key": key})
    return tuple(sorted(held.values()))


def files(txn: Transaction, submission_id: SubmissionId) -> tuple[EvidenceFile, ...]:
    """The files of a submission's evidence, in the order in which they were wanted."""
    query = _select().where(EvidenceRecord.submission_id == submission_id)
    rows = txn.connection.execute(query.order_by(sa.text("evidence_file.rowid")))
    return tuple(_file(row) for row in rows)


def get(txn: Transaction, blob_id: str) -> EvidenceFile | None:
    """One file of evidence, or None."""
    row = txn.connection.execute(_select().where(EvidenceRecord.blob_id == blob_id)).first()
    return None if row is None else _file(row)


def due_us(txn: Transaction, blob_id: str) -> int:
    """When somebody must have read a file; `NEVER_US` for one that is not known."""
    query = sa.select(EvidenceRecord.due_us).where(EvidenceRecord.blob_id == blob_id)
    found = txn.connection.scalar(query)
    return NEVER_US if found is None else int(found)


def submission_key(txn: Transaction, submission_id: SubmissionId) -> bytes:
    """The key of a submission's sealed files.

    Raises:
        LookupError: there is none: nothing was wanted yet, or it was shredded.
    """
    key = txn.connection.scalar(
        sa.select(SubmissionKey.key).where(SubmissionKey.submission_id == submission_id)
    )
    if key is None:
        raise LookupError("no key for this submission")
    return key


def next_wanted(
    txn: Transaction, first: Sequence[SubmissionId] = (), *, only_first: bool = False
) -> EvidenceFile | None:
    """The file to fetch next, of what is due first; None when everything is here or damaged.

    Args:
        txn: a transaction.
        first: submissions whose files go before all others, in this order.
        only_first: nothing but those.
    """
    for submission_id in first:
        row = txn.connection.execute(
            _select()
            .where(EvidenceRecord.submission_id == submission_id, sa.text(_IS_WANTED))
            .order_by(EvidenceRecord.due_us, EvidenceRecord.size_bytes, sa.text("evidence_file.rowid"))
            .limit(1)
        ).first()
        if row is not None:
            return _file(row)
    if only_first:
        return None
    row = txn.connection.execute(
        _select()
        .where(sa.text(_IS_WANTED))
        .order_by(EvidenceRecord.due_us, EvidenceRecord.size_bytes, sa.text("evidence_file.rowid"))
        .limit(1)
    ).first()
    return None if row is None else _file(row)


def set_state(txn: Transaction, blob_id: str, state: EvidenceState, failures: int | None = None) -> None:
    """Note where a file stands; `failures` counts downloads that did not verify, None leaves the count."""
    values: dict[str, Any] = {"state": state.value}
    if failures is not None:
        values["failures"] = failures
    txn.connection.execute(sa.update(EvidenceRecord).where(EvidenceRecord.blob_id == blob_id).values(values))


def path_of(store: Store, blob_id: str) -> Path:
    """Where the sealed file of a blob lies, whether it is there or not."""
    return store.evidence_folder / blob_id


def shred(txn: Transaction, submission_id: SubmissionId) -> tuple[str, ...]:
    """Make a submission's evidence unreadable for good: its key is erased, and all that was read out of it.

    Returns:
        The blob ids of the files, copies made here among them, for the caller to unlink after the commit.
    """
    blob_ids = tuple(
        txn.connection.scalars(
            sa.select(EvidenceRecord.blob_id)
            .where(EvidenceRecord.submission_id == submission_id)
            .order_by(EvidenceRecord.blob_id)
        )
    )
    copies = sa.select(LocalCopyRecord.blob_id).where(LocalCopyRecord.submission_id == submission_id)
    blob_ids += tuple(txn.connection.scalars(copies.order_by(LocalCopyRecord.blob_id)))
    _forget(txn, blob_ids)
    for table in (LocalCopyRecord, MediaProbeRecord, ReadingStateRecord, IdentityFindingRecord):
        txn.connection.execute(sa.delete(table).where(table.submission_id == submission_id))
    txn.connection.execute(sa.delete(SubmissionKey).where(SubmissionKey.submission_id == submission_id))
    txn.erased(submission_id, Erased.EVIDENCE)
    return blob_ids


def is_erased(txn: Transaction, submission_id: SubmissionId) -> bool:
    """Whether a submission's evidence was erased from this machine."""
    query = sa.select(sa.literal(1)).where(
        ErasureRecord.submission_id == submission_id, ErasureRecord.what == Erased.EVIDENCE.value
    )
    return txn.connection.scalar(query) is not None


def _forget(txn: Transaction, blob_ids: Any) -> None:
    for blob_id in blob_ids:
        txn.connection.execute(sa.delete(TextPage).where(TextPage.blob_id == blob_id))
        txn.connection.execute(sa.delete(EvidenceRecord).where(EvidenceRecord.blob_id == blob_id))


def earlier_parts(submission: Submission) -> tuple[Part, ...]:
    """What was handed in with earlier attempts, as far as it is still shown (rule 18)."""
    if submission.status is SubmissionStatus.AWARDED or submission.attempt is None:
        return ()
    return tuple(part for prior in submission.prior for part in prior.parts)


def _files_of(parts: Iterable[Part]) -> Iterator[_Wanted]:
    for part in parts:
        for artifact in part.files:
            yield artifact.id, False, artifact.media_type, artifact.size_bytes, artifact.sha256
            for copy in artifact.renditions:
                if copy.media_type == _PDF:
                    yield artifact.id, True, copy.media_type, copy.size_bytes, copy.sha256


def _columns(file: _Wanted, submission_id: SubmissionId, blob_id: str, due_us: int) -> dict[str, Any]:
    artifact_id, is_rendition, media_type, size_bytes, sha256 = file
    return {
        "blob_id": blob_id,
        "submission_id": submission_id,
        "artifact_id": artifact_id,
        "is_rendition": is_rendition,
        "media_type": media_type,
        "size_bytes": size_bytes,
        "sha256": sha256,
        "state": EvidenceState.WANTED.value,
        "failures": 0,
        "due_us": due_us,
    }


def _due_us(submission: Submission) -> int:
    """When somebody must have read the evidence; the order of fetching."""
    stage = Stage.DECISION if submission.status is SubmissionStatus.WAITING_ON_APPROVER else Stage.ASSESSMENT
    return min((to_us(due.at) for due in submission.due if due.stage is stage), default=NEVER_US)


def _select() -> Any:
    table = EvidenceRecord
    return sa.select(
        table.blob_id,
        table.submission_id,
        table.artifact_id,
        table.is_rendition,
        table.media_type,
        table.size_bytes,
        table.sha256,
        table.state,
        table.failures,
    )


def _file(row: Any) -> EvidenceFile:
    return EvidenceFile(
        blob_id=row.blob_id,
        submission_id=SubmissionId(row.submission_id),
        artifact_id=ArtifactId(row.artifact_id),
        is_rendition=row.is_rendition,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        state=EvidenceState(row.state),
        failures=row.failures,
    )
