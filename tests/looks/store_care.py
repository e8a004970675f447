"""The pages about a damaged store: what was found, the repair under way, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from assessor_app.cache.trouble import damaged, outdated
from assessor_app.errors import StoreDamaged
from assessor_app.services.repairing import RepairReport
from assessor_app.ui.repair_page import RepairPage
from tests.looks.stage import Stage

_ASIDE = Path("/home/anna/.local/share/AssessorWorkstation/profiles/01910000/damaged/20260302T120000Z")


def repairing(error: StoreDamaged, show: Callable[[RepairPage, Stage], None]) -> Callable[[Stage], None]:
    """The page before the window's content, in one of its states."""

    def make(stage: Stage) -> None:
        window = stage.sit_down()
        page = RepairPage(error.title, error.message)
        window.show_gate(page)
        show(page, stage)

    return make


def _came_back(page: RepairPage, stage: Stage) -> None:
    page.show_report(RepairReport(12, (), _ASIDE, None, read_whole=True), stage.context.clock.now())


def _lost(page: RepairPage, stage: Stage) -> None:
    now = stage.context.clock.now()
    report = RepairReport(12, ("S-5HYC", ""), _ASIDE, now - timedelta(minutes=4), read_whole=False)
    page.show_report(report, now)


def full_disk(stage: Stage) -> None:
    """The bar while the disk is full."""
    window = stage.sit_down()
    window.sync_bar.show_saved(stage.context.clock.now())
    window.sync_bar.show_disk_full()


STORE_CARE: Mapping[str, Callable[[Stage], object]] = {
    "repair_damaged": repairing(damaged(), lambda page, _: None),
    "repair_outdated": repairing(outdated(), lambda page, _: page.show_stopped()),
    "repair_running": repairing(damaged(), lambda page, _: page.show_progress(7, 40)),
    "repair_done": repairing(damaged(), _came_back),
    "disk_full": full_disk,
    "repair_lost": repairing(damaged(), _lost),
}
