"""Verbs on downloads: what is read comes first, what is asked for comes, and why a file is not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assessor_app.cache import evidence, wanted_files
from assessor_app.cache.engine import Transaction
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.pages import Card
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.downloads import Hold
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.states import SETTLED
from assessor_app.domain.submissions import EvidenceFile, EvidenceState
from assessor_app.services.context import Context
from assessor_app.sync import download_room

_MISSING = (EvidenceState.WANTED, EvidenceState.PARTIAL)
_SAFE = "Your ratings and notes are safe."
_HELD = {
    Hold.PAUSED: ("and downloads are paused", "You paused them in the bar at the bottom."),
    Hold.LARGE: ("over your limit", "Files of this size come only when you ask for them, as you chose."),
    Hold.METERED: (
        "and this connection is metered",
        "On such a connection files come only when you open the work or ask for them, as you chose.",
    ),
    Hold.QUOTA: (
        "and the room for evidence is full",
        "What is due earlier, a trip, or work that you began takes the room that you gave it.",
    ),
    Hold.DISK: (
        "and the disk has too little room",
        "Two gigabytes stay free, so that everything else on this computer goes on.",
    ),
}


def put_first(context: Context, submission_id: SubmissionId) -> bool:
    """Somebody opened a submission: what is missing of it comes before everything else.

    Returns:
        Whether something is to come.
    """
    gate = context.downloads
    with context.store.read() as txn:
        missing = [file for file in evidence.files(txn, submission_id) if file.state in _MISSING]
        if not missing:
            return False
        gate.put_first(submission_id)
        return any(download_room.hold_of(context.store, txn, file, gate) is None for file in missing)


def get_now(context: Context, submission_id: SubmissionId, artifact_id: ArtifactId) -> ChangeSet:
    """Somebody asked for a file: it comes first, whatever kept it; what was damaged there is tried again."""
    with context.store.write() as txn:
        blob_ids = []
        for file in _of(evidence.files(txn, submission_id), artifact_id):
            if file.state is EvidenceState.DAMAGED:
                evidence.set_state(txn, file.blob_id, EvidenceState.WANTED, failures=0)
            if file.state is not EvidenceState.READY:
                blob_ids.append(file.blob_id)
        wanted_files.ask_for(txn, blob_ids)
    context.downloads.pause(False)
    context.downloads.put_first(submission_id, again=True)
    return ChangeSet(evidence=frozenset({submission_id}), inbox=True)


def not_here(
    context: Context, txn: Transaction, submission_id: SubmissionId, artifact_id: ArtifactId
) -> RefusedWithCard:
    """Says why a file is not on this computer, and what can be done about it."""
    files = [f for f in _of(evidence.files(txn, submission_id), artifact_id) if f.state in _MISSING]
    for file in files:
        hold = download_room.hold_of(context.store, txn, file, context.downloads)
        if hold is not None:
            why, because = _HELD[hold]
            title = f"Not downloaded: {size_words(file.size_bytes)}, {why}"
            return RefusedWithCard(Card("held", title, f"{because} {_SAFE}", can_retry=False))
    coming = context.downloads.coming
    if coming is not None and any(file.blob_id == coming.blob_id for file in files):
        come = f"{size_words(coming.received_bytes)} of {size_words(coming.size_bytes)}"
        message = f"It is coming now: {come} are here. {_SAFE} It opens by itself when it is whole."
    else:
        message = (
            f"It is fetched at the next sync; what is due first comes first. {_SAFE} "
            "Go on with the rest, or choose Sync now."
        )
    return RefusedWithCard(Card("not_here", "This file is not on this computer yet", message, can_retry=True))


def with_hold(context: Context, txn: Transaction, row: InboxRow) -> InboxRow:
    """A row of the inbox with the largest of its files that does not come by itself."""
    if row.status in SETTLED or row.evidence_ready >= row.evidence_total:
        return row
    missing = [file for file in evidence.files(txn, row.id) if file.state in _MISSING]
    for file in sorted(missing, key=lambda file: -file.size_bytes):
        hold = download_room.hold_of(context.store, txn, file, context.downloads)
        if hold is not None:
            return replace(row, hold=hold, held_bytes=file.size_bytes)
    return row


def size_words(size_bytes: int) -> str:
    """A size as files are measured: 480 MB."""
    for unit, length in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size_bytes >= length:
            amount = size_bytes / length
            return f"{amount:.1f} {unit}" if amount < 10 and length > 10**3 else f"{amount:.0f} {unit}"
    return f"{size_bytes} bytes"


def _of(files: Sequence[EvidenceFile], artifact_id: ArtifactId) -> list[EvidenceFile]:
    return [file for file in files if file.artifact_id == artifact_id]
