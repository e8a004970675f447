"""The repair of a damaged store, as a verb: it needs no open store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assessor_app.cache import salvage
from assessor_app.cache.store_copies import DAMAGED_KEPT_DAYS
from assessor_app.clock import Clock


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What came of a repair."""

    drafts: int
    """Pieces of work that were known to be there."""
    lost: tuple[str, ...]
    """Codes of submissions of whose work a part could not be read anywhere; empty: unknown."""
    aside: Path
    """Where the damaged files are kept."""
    copy_at: datetime | None
    """The moment of the newest copy that was needed; None when the damaged file gave everything."""
    read_whole: bool
    """Whether the damaged file gave every row; else what was written after `copy_at` may be missing."""

    kept_days: int = DAMAGED_KEPT_DAYS
    """So long they are kept."""

    @property
    def recovered(self) -> int:
        """How many came back whole."""
        return self.drafts - len(self.lost)


def repair(
    folder: Path,
    database_key: bytes,
    *,
    clock: Clock,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> RepairReport | None:
    """Repair the store of a profile that nobody has open.

    Args:
        folder: the profile's folder.
        database_key: the key of its store, checked before.
        clock: tells the time.
        progress: told how much is done, of how much, from this thread.
        cancelled: asked often.

    Returns:
        What came of it; None when it was stopped: then nothing was changed.

    Raises:
        DiskFull, StoreError: the new store cannot be made; nothing was changed.
    """
    try:
        done = salvage.salvage(folder, database_key, clock=clock, progress=progress, cancelled=cancelled)
    except salvage.Cancelled:
        return None
    lost = tuple(code for _, code in done.lost)
    return RepairReport(done.drafts, lost, done.aside, done.copy_at, done.read_whole)
