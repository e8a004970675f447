"""Unsent work written into sealed files, which anybody may carry to the platform and nobody can read.

The rows stay in the queue: with a connection they are sent as always, under the same keys, and happen once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assessor_app.cache import draft_copies, draft_work, exported, sealing, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.cache.sealing import Sealing
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import OutboxId
from assessor_app.errors import NotWritten
from assessor_app.services.context import Context
from assessor_app.services.exporting import write_whole
from assessor_app.sync.draft_document import document_of
from assessor_app.sync.wire_sealed import MOST_ROWS, UnsentManifest, UnsentRow, packed
from assessor_app.vault.envelope import LARGEST_PAYLOAD_BYTES, Content, seal

SUFFIX = "awsealed"
_ROOM_BYTES = LARGEST_PAYLOAD_BYTES - 4 * 1024 * 1024
"""What bodies may take of a file; the rest is for the manifest."""
Progress = Callable[[int, int], object]
"""Told how many files are written, of how many; called on the lane."""


@dataclass(frozen=True, slots=True)
class UnsentContent:
    """What would go into a file now."""

    kinds: Mapping[OutboxKind, int]
    drafts: int
    """Drafts that have no copy on the platform as they are now."""
    held_back: int
    """Rows that the platform refused before, and what stands behind them: they need the person first."""
    can_seal: bool
    """Whether the platform's key is here; it comes with a sync."""

    @property
    def count(self) -> int:
        """How many things there are to export."""
        return sum(self.kinds.values()) + self.drafts


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing in a file."""

    row: UnsentRow
    body: bytes
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class UnsentReport:
    """What was written."""

    files: tuple[Path, ...]
    """One, or more where one would be too large."""
    content: UnsentContent
    at: datetime
    changes: ChangeSet


def content(context: Context) -> UnsentContent:
    """What would go into a file now."""
    with context.store.read() as txn:
        return _gather(context, txn)[0]


def proposed_name(now: datetime) -> str:
    """A name that says nothing but what kind of file it is and from when.

    Args:
        now: the present, in the person's zone.
    """
    return f"unsent-work-{now:%Y-%m-%d-%H%M}.{SUFFIX}"


def export(
    context: Context, target: Path, *, progress: Progress = lambda _done, _total: None
) -> UnsentReport:
    """Write everything that waits to be sent into a sealed file; each file is written whole or not at all.

    Where a further file cannot be written, those before it stay and hold what they hold.

    Args:
        context: the open profile.
        target: the file; an older one of this name is replaced. Further files stand beside it.
        progress: told how far it is.

    Raises:
        NotWritten: there is nothing to export, the platform's key is not here, or the disk refused.
    """
    at = context.clock.now()
    with context.store.write() as txn:
        what, entries = _gather(context, txn)
        known = sealing.load(txn)
        if not entries:
            raise NotWritten("Nothing waits to be sent", "There is nothing that a file could hold.", "")
        if known is None or not what.can_seal:
            raise _no_key()
        fresh = exported.count_as_tried(txn, _queued(entries))
    parts = _parts(entries)
    files: list[Path] = []
    try:
        for number, part in enumerate(parts):
            progress(number, len(parts))
            file = target if number == 0 else target.with_stem(f"{target.stem}-{number + 1}")
            write_whole(file, [_sealed(context, known, part, at)])
            files.append(file)
            with context.store.write() as txn:
                exported.mark(txn, _queued(part), at)
    except NotWritten:
        written = {name for part in parts[: len(files)] for name in _queued(part)}
        with context.store.write() as txn:
            exported.never_left(txn, [name for name in fresh if name not in written])
        raise
    return UnsentReport(tuple(files), what, at, ChangeSet(outbox=True))


def _gather(context: Context, txn: Transaction) -> tuple[UnsentContent, list[_Entry]]:
    rows, held_back = exported.exportable(txn)
    known = sealing.load(txn)
    drafts = _drafts(context, txn)
    can_seal = known is not None and known.platform_opening is not None and known.actor_id is not None
    kinds = Counter(row.kind for row in rows)
    entries = [*(_Entry(_row(row), row.body) for row in rows), *drafts]
    return UnsentContent(kinds, len(drafts), held_back, can_seal), entries


def _drafts(context: Context, txn: Transaction) -> list[_Entry]:
    """Drafts that changed since their last copy, where copies are wanted at all."""
    if context.drafts.off is not None:
        return []
    found = []
    for submission_id, _ in draft_copies.changed(txn):
        submission = submissions.get_submission(txn, submission_id)
        draft = draft_work.gather(txn, submission) if submission is not None else None
        if submission is None or draft is None or draft_work.is_final(draft):
            continue
        body = document_of(draft, submission.rubric)
        copy = draft_copies.copy_of(txn, submission_id, submission.round)
        row = UnsentRow(
            key=context.clock.new_id(),
            submission_id=submission_id,
            kind="draft",
            method="PUT",
            path=f"/v1/submissions/{submission_id}/draft",
            sha256=sha256_hex(body),
            size_bytes=len(body),
            created_at=context.clock.now(),
            if_match=copy.etag or None if copy is not None else None,
        )
        found.append(_Entry(row, body, is_draft=True))
    return found


def _queued(entries: Sequence[_Entry]) -> list[OutboxId]:
    return [OutboxId(entry.row.key) for entry in entries if not entry.is_draft]


def _parts(entries: Sequence[_Entry]) -> list[list[_Entry]]:
    """What goes into each file: that of one submission together, so that either file may come first."""
    by_submission: dict[str, list[_Entry]] = {}
    for entry in entries:
        by_submission.setdefault(entry.row.submission_id, []).append(entry)
    parts: list[list[_Entry]] = [[]]
    for group in by_submission.values():
        size_bytes = sum(len(entry.body) for entry in [*parts[-1], *group])
        if parts[-1] and (size_bytes > _ROOM_BYTES or len(parts[-1]) + len(group) > MOST_ROWS):
            parts.append([])
        parts[-1] += group
    return parts


def _sealed(context: Context, known: Sealing, entries: Sequence[_Entry], at: datetime) -> bytes:
    rows = [entry for entry in entries if not entry.is_draft]
    drafts = [entry for entry in entries if entry.is_draft]
    manifest = UnsentManifest(
        file_id=context.clock.new_id(),
        actor_id=known.actor_id or "",
        made_at=at,
        answer_to=known.keys.opening_public.hex(),
        rows=[entry.row for entry in rows],
        drafts=[entry.row for entry in drafts],
    )
    payload = packed(manifest, [entry.body for entry in (*rows, *drafts)])
    return seal(Content.WORK, payload, known.platform_opening or b"", known.keys)


def _row(item: OutboxItem) -> UnsentRow:
    return UnsentRow(
        key=item.id,
        submission_id=item.submission_id,
        kind=item.kind.value,
        method="PUT" if item.kind.method == "PUT" else "POST",
        path=item.path,
        sha256=item.sha256,
        size_bytes=len(item.body),
        created_at=item.created_at,
    )


def _no_key() -> NotWritten:
    return NotWritten(
        "The platform's key for such files is not here yet",
        "It comes with a sync, and none has brought it so far. Your work is safe on this computer.",
        "Sync once, or export your work on each submission as a readable file.",
    )
