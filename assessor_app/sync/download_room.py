"""Whether a file comes now, and the room that is made for it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from assessor_app.cache import evidence, evidence_files, reserve, trips, wanted_files
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.downloads import FREE_BYTES, Hold, Kept, held, lacking, to_give_up
from assessor_app.domain.submissions import EvidenceFile
from assessor_app.sync.download_gate import DownloadGate


@dataclass(frozen=True, slots=True)
class Room:
    """What came of making room."""

    hold: Hold | None
    """Why the file does not come; None where it may."""
    gone: ChangeSet = field(default_factory=ChangeSet)
    """What went for it."""


def make(store: Store, wanted: EvidenceFile, gate: DownloadGate, *, is_asked: bool = False) -> Room:
    """Let go of what is less urgent where a wanted file needs the room.

    Args:
        store: the local store.
        wanted: the file.
        gate: the person's choices.
        is_asked: somebody asked for it just now.
    """
    with store.read() as txn:
        hold, going = _look(store, txn, wanted, gate, is_asked=is_asked)
    if hold is not None or not going:
        return Room(hold)
    with store.write() as txn:
        touched = wanted_files.give_up(txn, going)
    evidence_files.unlink(store, [one.blob_id for one in going])
    return Room(None, ChangeSet(evidence=touched, inbox=True))


def hold_of(store: Store, txn: Transaction, wanted: EvidenceFile, gate: DownloadGate) -> Hold | None:
    """Why a file that is not here does not come by itself; None where it does."""
    return Hold.PAUSED if gate.is_paused else _look(store, txn, wanted, gate)[0]


def _look(
    store: Store, txn: Transaction, wanted: EvidenceFile, gate: DownloadGate, *, is_asked: bool = False
) -> tuple[Hold | None, tuple[Kept, ...]]:
    """Why a file does not come, or what goes for it."""
    is_asked = is_asked or _is_asked(txn, wanted)
    is_open = wanted.submission_id in gate.first
    if not is_asked:
        hold = held(wanted.size_bytes, gate.limits, is_metered=gate.is_metered and not is_open)
        if hold is not None:
            return hold, ()
    missing, reason = _lacking(store, txn, wanted, gate, is_asked=is_asked)
    if missing <= 0:
        return None, ()
    is_wished = is_asked or is_open
    if not is_wished and wanted_files.is_settled(txn, wanted.submission_id):
        # It would go first itself: two settled files would take each other's place for ever.
        return reason, ()
    due_us = None if is_wished else evidence.due_us(txn, wanted.blob_id)
    going = to_give_up(wanted_files.kept(txn, (*gate.first, wanted.submission_id)), missing, due_us)
    return (None, going) if going else (reason, ())


def _is_asked(txn: Transaction, wanted: EvidenceFile) -> bool:
    return wanted.blob_id in wanted_files.asked_for(txn) or wanted.submission_id in trips.wanted_first(txn)


def _lacking(
    store: Store, txn: Transaction, wanted: EvidenceFile, gate: DownloadGate, *, is_asked: bool
) -> tuple[int, Hold]:
    """What was asked for may take the room that is kept for comfort, never the one kept for her own work."""
    floor = 2 * reserve.wanted_bytes(store.folder) if is_asked else FREE_BYTES
    quota = 0 if is_asked else gate.limits.quota_bytes
    here = 0
    with contextlib.suppress(OSError):
        here = evidence.path_of(store, wanted.blob_id + ".part").stat().st_size
    return lacking(
        max(0, wanted.size_bytes - here),
        wanted_files.used_bytes(txn),
        reserve.free_bytes(store.folder),
        floor_bytes=floor,
        quota_bytes=quota,
    )
