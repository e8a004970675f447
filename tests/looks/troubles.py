"""The bar with what is in the way between this machine and the platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from assessor_app.domain.troubles import Trouble
from assessor_app.services.views import SyncState, SyncStatus
from tests.evidence_desk import pause
from tests.looks.stage import SETTLE_MS, Stage

AT = datetime(2026, 3, 2, 13, 40, tzinfo=UTC)


def _said(
    trouble: Trouble, state: SyncState, *, named: str = "", more: bool = False
) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.put("S-4TNB")
        bar = stage.sit_down().sync_bar
        bar.show_saved(AT)
        bar.show_status(SyncStatus(state, waiting=3, trouble=trouble, moment=AT, named=named))
        if more:
            bar.toggle_details()
        pause(SETTLE_MS)

    return show


TROUBLES: Mapping[str, Callable[[Stage], object]] = {
    "bar_portal": _said(Trouble.PORTAL, SyncState.OFFLINE),
    "bar_intercepted": _said(Trouble.INTERCEPTED, SyncState.NEEDS_YOU, more=True),
    "bar_clock": _said(Trouble.CLOCK, SyncState.NEEDS_YOU, named="2024"),
    "bar_sign_in": _said(Trouble.SIGN_IN, SyncState.SIGN_IN),
}
"""Pictures of the bar, by name."""
