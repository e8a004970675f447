"""Evidence files, fetched into sealed files: resumable, checked by size and digest, never plain on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from assessor_app.cache import evidence, evidence_files, trips
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import EvidenceFile, EvidenceState
from assessor_app.errors import SealDamaged
from assessor_app.sync.transport import Answer, Transport, expect_ok

TRIES = 3
"""Downloads that do not verify before a file counts as damaged on the platform."""
MAX_FILE_BYTES = 2 * 1024**3
"""A file that is announced as larger is not fetched."""


def fetch_all(
    store: Store,
    transport: Transport,
    *,
    clock: Clock,
    arrived: Callable[[ChangeSet], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    only: Sequence[SubmissionId] | None = None,
) -> int:
    """Fetch every wanted file: those of a trip before others, then what is due first.

    Args:
        store: the local store.
        transport: the platform.
        clock: for times and keys.
        arrived: told after each file, from this thread.
        cancelled: asked before each file.
        only: files of these submissions alone, in this order; None: all.

    Returns:
        How many files arrived.

    Raises:
        Offline, SignInNeeded: what was fetched stays, and the rest resumes next time.
    """
    count = 0
    first = only
    if first is None:
        with store.read() as txn:
            first = trips.wanted_first(txn)
    while not cancelled():
        with store.read() as txn:
            wanted = evidence.next_wanted(txn, first, only_first=only is not None)
        if wanted is None:
            break
        count += _fetch_one(store, transport, wanted, clock)
        arrived(ChangeSet(evidence=frozenset({wanted.submission_id}), inbox=True))
    return count


def _fetch_one(store: Store, transport: Transport, wanted: EvidenceFile, clock: Clock) -> bool:
    if wanted.size_bytes > MAX_FILE_BYTES:
        with store.write() as txn:
            evidence.set_state(txn, wanted.blob_id, EvidenceState.DAMAGED, failures=wanted.failures + 1)
        return False
    try:
        with evidence_files.writer(store, wanted, clock=clock) as writer:
            if writer.resumed_bytes < wanted.size_bytes:
                for chunk in _missing(transport, wanted, writer.resumed_bytes):
                    writer.write(chunk)
            writer.finish(expected_size=wanted.size_bytes, expected_sha256=wanted.sha256)
    except SealDamaged:
        failures = wanted.failures + 1
        state = EvidenceState.DAMAGED if failures >= TRIES else EvidenceState.WANTED
        with store.write() as txn:
            evidence.set_state(txn, wanted.blob_id, state, failures=failures)
        return False
    with store.write() as txn:
        evidence.set_state(txn, wanted.blob_id, EvidenceState.READY, failures=0)
    return True


def _missing(transport: Transport, wanted: EvidenceFile, resumed_bytes: int) -> Iterator[bytes]:
    """The bytes that are not here yet, up to one chunk more than announced: then the digest decides."""
    path = f"/v1/artifacts/{quote(wanted.artifact_id, safe='')}/content"
    if wanted.is_rendition:
        path += f"?rendition={wanted.sha256}"
    headers, received, etag = {"Accept": "*/*"}, resumed_bytes, f'"{wanted.sha256}"'
    if resumed_bytes:
        headers |= {"Range": f"bytes={resumed_bytes}-", "If-Range": etag}
    with transport.stream("GET", path, headers=headers, etag=etag) as (answer, chunks):
        for chunk in _from_resume(answer, chunks, resumed_bytes):
            yield chunk
            received += len(chunk)
            if received > wanted.size_bytes:
                return


def _from_resume(answer: Answer, chunks: Iterator[bytes], resumed_bytes: int) -> Iterator[bytes]:
    """The bytes that are still missing; the platform may answer a range request with the whole file.

    Raises:
        SealDamaged: this one file cannot be had; the others can.
    """
    if answer.status == 206:
        yield from chunks
        return
    if answer.status == 416:
        return
    if answer.status in (408, 425, 429) or answer.status > 500:
        expect_ok(answer)
    if answer.status != 200:
        raise SealDamaged("The file is not there", "The platform does not have this file.", "")
    skip = resumed_bytes
    for chunk in chunks:
        rest = chunk[skip:]
        skip = max(0, skip - len(chunk))
        if rest:
            yield rest
