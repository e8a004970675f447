"""Evidence that is not here: the card that says why, the bar while it comes, and the settings about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assessor_app.cache import evidence
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.downloads import Limits
from assessor_app.domain.submissions import EvidenceState
from assessor_app.services.views import SyncState, SyncStatus
from tests.looks import demo_work as demo
from tests.looks.accounts import settings
from tests.looks.stage import Stage

_BIG = 480_000_000


def missing(stage: Stage, state: EvidenceState, limits: Limits) -> Any:
    """A submission whose first file is not here."""
    made = stage.put(demo.FRESH)
    with stage.context.store.write() as txn:
        for file in evidence.files(txn, made.id):
            evidence.set_state(txn, file.blob_id, state, failures=3)
        txn.connection.exec_driver_sql("UPDATE evidence_file SET size_bytes = ?", (_BIG,))
    stage.context.downloads.limit(limits)
    workspace = stage.open(made)
    entry = next(one for one in workspace.evidence.entries() if one.key.startswith("artifact:"))
    workspace.evidence.select(entry.key)
    card = workspace.document.view.card
    stage.wait(card.isVisible)
    return made


def held(stage: Stage) -> None:
    """Larger than what she lets come by itself."""
    missing(stage, EvidenceState.WANTED, Limits(large_bytes=50_000_000))


def damaged_there(stage: Stage) -> None:
    """Three downloads that did not verify."""
    missing(stage, EvidenceState.DAMAGED, Limits())


def coming(stage: Stage) -> None:
    """The bar while a large file comes."""
    stage.put(demo.FRESH)
    window = stage.sit_down()
    window.sync_bar.show_status(
        SyncStatus(SyncState.SYNCING, done=3, total=9, received_bytes=120_000_000, size_bytes=_BIG)
    )
    stage.lanes.broadcast(ChangeSet())


def paused(stage: Stage) -> None:
    """The bar while she wants nothing to come."""
    stage.put(demo.FRESH)
    stage.sit_down().sync_bar.show_status(SyncStatus(SyncState.UP_TO_DATE, total=6, is_paused=True))


DOWNLOADS: Mapping[str, Callable[[Stage], object]] = {
    "download_held": held,
    "download_damaged": damaged_there,
    "download_coming": coming,
    "download_paused": paused,
    "settings_downloads": lambda stage: settings(3, stage),
}
