"""Evidence files, fetched into sealed files: resumable, checked by size and digest, never plain on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from urllib.parse import quote

from assessor_app.cache import evidence, evidence_files, trips, wanted_files
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import EvidenceFile, EvidenceState
from assessor_app.errors import SealDamaged
from assessor_app.sync import download_room
from assessor_app.sync.download_gate import Coming, DownloadGate
from assessor_app.sync.file_answers import Asked, NoSuchRange, NotJustNow, NotThisFile, missing_bytes
from assessor_app.sync.transport import NothingSent, Portal, Transport, Unavailable, UnknownEffect

TRIES = 3
"""Downloads that do not verify before a file counts as damaged on the platform."""
MAX_FILE_BYTES = 2 * 1024**3
"""A file that is announced as larger is not fetched."""
STEP_BYTES = 4096
"""A connection that brought so much before it broke got somewhere, and is tried again at once."""
AFTER_CUT_S = 0.25
PATIENCE_S = (0.5, 1.0, 2.0, 4.0)
"""Waits after cuts that brought next to nothing, one after the other; then the round ends."""


class _Came(Enum):
    """What came of one file."""

    READY = auto()
    FAILED = auto()
    PASSED_OVER = auto()
    """Not in this round."""
    HELD = auto()
    """It does not come by itself."""
    LEFT = auto()
    """Something more urgent wants to be fetched."""


def fetch_all(
    store: Store,
    transport: Transport,
    *,
    clock: Clock,
    gate: DownloadGate | None = None,
    arrived: Callable[[ChangeSet], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    only: Sequence[SubmissionId] | None = None,
) -> int:
    """Fetch wanted files: whose submission is open, then those of a trip, then what is due first.

    Args:
        store: the local store.
        transport: the platform.
        clock: for times and keys.
        gate: what the person chose, and what she waits for; None: everything comes.
        arrived: told after each file that came or is given up, from this thread.
        cancelled: asked before each file and each piece of one.
        only: files of these submissions alone, in this order, whatever keeps others; None: all.

    Returns:
        How many files arrived.

    Raises:
        Offline, SignInNeeded: what was fetched stays, and the rest resumes next time.
    """
    fetching = _Fetching(store, transport, clock, gate or DownloadGate(clock), arrived, cancelled)
    try:
        return fetching.run(only)
    finally:
        fetching.gate.coming = None


class _Fetching:
    """One stretch of fetching."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        clock: Clock,
        gate: DownloadGate,
        arrived: Callable[[ChangeSet], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self.gate = gate
        self._store, self._transport, self._clock = store, transport, clock
        self._arrived, self._cancelled = arrived, cancelled
        self._turn = 0
        self._passed_over: set[str] = set()
        """Not asked for again in this round: what was replaced, and what did not come just now."""

    def run(self, only: Sequence[SubmissionId] | None) -> int:
        """Walk through what is wanted, and begin anew when somebody waits for something else."""
        count, must_look = 0, True
        while must_look:
            must_look, held = False, 0
            self._turn = self.gate.turn
            with self._store.read() as txn:
                first = (*self.gate.first, *trips.wanted_first(txn)) if only is None else tuple(only)
                queue = wanted_files.queue(txn, first, only_first=only is not None)
            for blob_id in queue:
                if self._cancelled() or self.gate.is_still:
                    return count
                if self.gate.turn != self._turn:
                    must_look = True
                    break
                came = self._until_clear(blob_id, is_asked=only is not None)
                count += came is _Came.READY
                held += came is _Came.HELD
                if came is _Came.LEFT:
                    must_look = True
                    break
            if only is None and held != self.gate.held:
                self.gate.held = held
                # Rows say why something is not here.
                self._arrived(ChangeSet(inbox=True))
        return count

    def _until_clear(self, blob_id: str, *, is_asked: bool) -> _Came | None:
        """Fetch one file, up to so often that it counts as damaged; None where it is wanted no more."""
        while blob_id not in self._passed_over:
            with self._store.read() as txn:
                wanted = evidence.get(txn, blob_id)
            if wanted is None or wanted.state not in (EvidenceState.WANTED, EvidenceState.PARTIAL):
                return None
            if wanted.size_bytes > MAX_FILE_BYTES:
                self._note_failure(wanted, EvidenceState.DAMAGED)
                return _Came.FAILED
            room = download_room.make(self._store, wanted, self.gate, is_asked=is_asked)
            if room.gone:
                self._arrived(room.gone)
            if room.hold is not None:
                return _Came.HELD
            came = self._fetch(wanted)
            if came is not _Came.FAILED:
                return came
            if self._cancelled():
                return came
        return None

    def _fetch(self, wanted: EvidenceFile) -> _Came:
        try:
            with evidence_files.writer(self._store, wanted, clock=self._clock) as writer:
                if not self._complete(wanted, writer):
                    return _Came.LEFT
                writer.finish(expected_size=wanted.size_bytes, expected_sha256=wanted.sha256)
        except NotJustNow:
            self._passed_over.add(wanted.blob_id)
            return _Came.PASSED_OVER
        except SealDamaged as error:
            self._note_failure(wanted)
            if isinstance(error, NotThisFile):
                self._passed_over.add(wanted.blob_id)
                return _Came.PASSED_OVER
            return _Came.FAILED
        with self._store.write() as txn:
            evidence.set_state(txn, wanted.blob_id, EvidenceState.READY, failures=0)
        self._arrived(ChangeSet(evidence=frozenset({wanted.submission_id}), inbox=True))
        return _Came.READY

    def _note_failure(self, wanted: EvidenceFile, state: EvidenceState | None = None) -> None:
        failures = wanted.failures + 1
        state = state or (EvidenceState.DAMAGED if failures >= TRIES else EvidenceState.WANTED)
        with self._store.write() as txn:
            evidence.set_state(txn, wanted.blob_id, state, failures=failures)
        if state is EvidenceState.DAMAGED:
            # What has come of it is of no use.
            evidence_files.unlink(self._store, [wanted.blob_id])
            self._arrived(ChangeSet(evidence=frozenset({wanted.submission_id}), inbox=True))

    def _complete(self, wanted: EvidenceFile, writer: evidence_files.Writer) -> bool:
        """Take what is missing, through as many cuts as it takes; the file stays open, so that none costs.

        Returns:
            False where it has to stop for now.

        Raises:
            Offline: the connection does not come back; what has come stays.
            SealDamaged: this file cannot be had.
        """
        in_vain, got_some, takes_ranges = 0, False, True
        while writer.received_bytes < wanted.size_bytes:
            before = writer.received_bytes
            try:
                if not self._take(wanted, writer, takes_ranges=takes_ranges):
                    return False
            except NoSuchRange:
                if not takes_ranges:
                    raise
                takes_ranges = False
                continue
            except (NothingSent, UnknownEffect) as error:
                more = writer.received_bytes - before
                got_some = got_some or more > 0
                in_vain = 0 if more >= STEP_BYTES else in_vain + 1
                is_over = isinstance(error, Portal | Unavailable) or self._transport.cutter.is_cut
                if is_over or not got_some or in_vain > len(PATIENCE_S):
                    raise
                self.gate.wait(PATIENCE_S[in_vain - 1] if in_vain else AFTER_CUT_S)
                continue
            # The body ended, and nobody said that it was cut: it is asked for more, as long as more comes.
            if writer.received_bytes == before:
                break
        return True

    def _take(self, wanted: EvidenceFile, writer: evidence_files.Writer, *, takes_ranges: bool) -> bool:
        """One request; up to one chunk more than announced is taken: then the digest decides."""
        path = f"/v1/artifacts/{quote(wanted.artifact_id, safe='')}/content"
        if wanted.is_rendition:
            path += f"?rendition={wanted.sha256}"
        asked = Asked(writer.received_bytes, wanted.size_bytes, f'"{wanted.sha256}"')
        headers = {"Accept": "*/*"}
        if asked.start and takes_ranges:
            headers |= {"Range": f"bytes={asked.start}-", "If-Range": asked.etag}
        with self._transport.stream("GET", path, headers=headers, etag=asked.etag) as (answer, chunks):
            for chunk in missing_bytes(answer, chunks, asked):
                writer.write(chunk)
                coming = Coming(
                    wanted.blob_id, wanted.submission_id, writer.received_bytes, wanted.size_bytes
                )
                self.gate.came(coming, len(chunk))
                if writer.received_bytes > wanted.size_bytes:
                    break
                if self._cancelled() or self.gate.makes_way(wanted.submission_id, self._turn):
                    return writer.received_bytes == wanted.size_bytes
        return True
