"""What is going on: the page, the report before it is saved, the offer after a crash."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from assessor_app.cache import incidents, outbox
from assessor_app.cache.incidents import Incident
from assessor_app.config import Config
from assessor_app.diagnostics import support_text
from assessor_app.domain.states import OutboxState
from assessor_app.services import assessing
from assessor_app.services.support_report import Sources
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.ui.support.going_on_page import GoingOnPage
from assessor_app.ui.support.report_dialog import ReportDialog
from tests.evidence_desk import pause
from tests.looks.judging import finish
from tests.looks.stage import SETTLE_MS, Stage

_CRASH = """Fatal Python error: Segmentation fault

Current thread 0x00007f3a (most recent call first):
  File "assessor_app/ui/viewers/page_painter.py", line 88 in paint
  File "assessor_app/app.py", line 112 in _run
"""


def _at_work(stage: Stage) -> None:
    """One thing that waits, one that the platform did not take, a draft, and two incidents."""
    made = stage.put("S-7K2M")
    finish(stage, made)
    assessing.send(stage.context, made.id)
    begun = stage.put("S-4TNB")
    assessing.save_overall(stage.context, begun.id, "Begun.")
    now = stage.context.clock.now()
    with stage.context.store.write() as txn:
        (item,) = outbox.items(txn, open_only=True)
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(
            txn,
            item.id,
            OutboxState.QUEUED,
            next_try_at=now + timedelta(minutes=4),
            status=503,
            error="The platform is not available right now.",
            request_id="req-7f3a91",
        )
        portal = Incident(now - timedelta(hours=2), "portal", "This network wants you to sign in first.")
        incidents.note(txn, portal)
        for minutes in (9, 6, 3):
            at = now - timedelta(minutes=minutes)
            incidents.note(txn, Incident(at, "unavailable", "The platform is not available right now.", 503))


def going_on(stage: Stage) -> None:
    """The page."""
    _at_work(stage)
    window = stage.sit_down()
    status = SyncStatus(SyncState.OFFLINE, waiting=1)
    window.sync_bar.show_status(status)
    page = GoingOnPage(stage.lanes, str(stage.folder / "logs"), status, window)
    page.show()
    stage.wait(lambda: bool(page.shown_rows()))
    pause(SETTLE_MS)


def report(stage: Stage) -> None:
    """What would go, before anything is written."""
    _at_work(stage)
    window = stage.sit_down()
    crash = stage.folder / "crash-20260302T140200Z-0a.txt"
    crash.write_text(_CRASH)
    config = Config(stage.folder / "data", stage.folder)
    sources = Sources(config, (crash,), (), support_text)
    now = stage.context.clock.now()
    target = "/home/you/Documents/workstation-report.zip"
    dialog = ReportDialog(stage.lanes, lambda: sources, now, window, ask_path=lambda *_: target)
    dialog.show()
    stage.wait(dialog.save.isEnabled)
    dialog._written(Path(target))
    pause(SETTLE_MS)


def crash(stage: Stage) -> None:
    """The offer after an end that was not clean."""
    stage.put("S-7K2M")
    window = stage.sit_down()
    now = stage.context.clock.now()
    window.crash_banner.offer(now - timedelta(minutes=12), now)
    pause(SETTLE_MS)


SUPPORT = {"support-going-on": going_on, "support-report": report, "support-crash": crash}
"""What is going on, by the name of the picture."""
