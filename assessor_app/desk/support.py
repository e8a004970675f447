"""Whatever helps whoever helps: the watch over this process, the page of what is going on, the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog

from assessor_app.clock import Clock
from assessor_app.diagnostics import support_text
from assessor_app.domain.changes import ChangeSet
from assessor_app.ui.tasks import Lanes

if TYPE_CHECKING:
    from assessor_app.desk.crash_watch import CrashWatch
    from assessor_app.desk.desk import Desk
    from assessor_app.desk.kept_settings import KeptSettings
    from assessor_app.services.support_report import Sources
    from assessor_app.services.views import SyncStatus
    from assessor_app.ui.support.going_on_page import GoingOnPage

BEAT_MS = 30_000
"""How often the program notes that it runs."""


class Support(QObject):
    """One for the whole program; it serves the desk that is open."""

    broke = Signal(str)
    """Where an error came from that nothing has caught."""

    def __init__(
        self,
        settings: KeptSettings,
        lanes: Lanes,
        clock: Clock,
        watch: CrashWatch | None,
        parent: QObject | None = None,
    ) -> None:
        """Serve nobody yet.

        Args:
            settings: those of the program.
            lanes: those that live as long as the program.
            clock: the time.
            watch: over this process; None where nobody watches.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._settings, self._lanes, self._clock, self._watch = settings, lanes, clock, watch
        self._desk: Desk | None = None
        self._status: SyncStatus | None = None
        self._page: GoingOnPage | None = None
        self._open: list[QDialog] = []
        self._to_offer = watch.found[:1] if watch is not None else ()
        if watch is not None:
            watch.told = self.broke.emit
            lanes.bug.connect(self._note_bug)
            self._timer = QTimer(self)
            self._timer.timeout.connect(self._beat)
            self._timer.start(BEAT_MS)

    def serve(self, desk: Desk) -> None:
        """Serve a desk that is being opened, in place of the one before."""
        self._desk, self._status = desk, None
        window = desk.window
        desk.opened.connect(self._opened)
        desk.closed.connect(self._close_all)
        window.gate_shown.connect(self._close_all)
        window.menus.on("help.going_on", self.show_page)
        window.menus.on("help.report", self.save_report)
        window.sync_bar.going_on_requested.connect(self.show_page)
        window.crash_banner.found_requested.connect(self._show_found)
        window.crash_banner.report_requested.connect(self.save_report)
        # A report needs the account open; what was found does not.
        window.crash_banner.report.setEnabled(False)
        if self._to_offer:
            window.crash_banner.offer(self._to_offer[0].at, self._clock.now())
            window.crash_banner.dismissed.connect(self._dismiss)

    @Slot()
    def show_page(self) -> None:
        """Show what is going on, beside the work."""
        from assessor_app.ui.support.going_on_page import GoingOnPage

        desk = self._desk
        if desk is None or not desk.is_open:
            return
        if self._page is None:
            page = GoingOnPage(desk.lanes, str(self._settings.config.log_dir), self._status, desk.window)
            page.report_requested.connect(self.save_report)
            self._page = page
            self._keep(page)
        self._page.show()
        self._page.raise_()
        self._page.activateWindow()

    @Slot()
    def save_report(self) -> None:
        """Gather a report, show it, and have it saved."""
        from assessor_app.ui.support.report_dialog import ReportDialog

        desk = self._desk
        if desk is not None and desk.is_open:
            parent = self._page if self._page is not None and self._page.isVisible() else desk.window
            now = self._clock.now().astimezone()
            dialog = ReportDialog(desk.lanes, self.sources, now, parent)
            self._keep(dialog)
            dialog.open()

    def sources(self) -> Sources:
        """Where the parts of a report lie that are not the account's. On a lane: it looks at the disk."""
        from assessor_app.desk.crash_watch import crash_files
        from assessor_app.diagnostics import LOG_NAME
        from assessor_app.services.support_report import Sources

        config = self._settings.config
        logs = sorted(path for path in config.log_dir.glob(f"{LOG_NAME}*") if path.is_file())
        return Sources(config, crash_files(config.log_dir), tuple(logs), support_text)

    # ---- inside ----

    @Slot()
    def _opened(self) -> None:
        """Once for each unlocked stretch, whose lanes and rounds are new."""
        desk = self._desk
        if desk is None:
            return
        desk.window.crash_banner.report.setEnabled(True)
        if self._watch is not None:
            desk.lanes.bug.connect(self._note_bug)
        if desk.rounds is not None:
            desk.rounds.status.connect(self._take_status)

    @Slot(object)
    def _take_status(self, status: SyncStatus) -> None:
        self._status = status
        if self._page is not None:
            self._page.show_status(status)

    def _keep(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        self._open.append(dialog)

    @Slot()
    def _forget(self) -> None:
        gone = self.sender()
        if gone is self._page:
            self._page = None
        self._open = [dialog for dialog in self._open if dialog is not gone]

    @Slot()
    def _close_all(self) -> None:
        """The lanes end; nothing is shown of a locked account."""
        if self._desk is not None:
            self._desk.window.crash_banner.report.setEnabled(False)
        for dialog in reversed(self._open):
            dialog.close()

    @Slot()
    def _show_found(self) -> None:
        from assessor_app.ui.bug_dialog import BugDialog

        if self._desk is not None and self._to_offer:
            none = self.tr("Nothing was written down: it was ended from outside, or the power failed.")
            BugDialog(self._to_offer[0].text or none, self._desk.window).show()

    @Slot()
    def _dismiss(self) -> None:
        self._to_offer = ()

    @Slot(str)
    def _note_bug(self, details: str) -> None:
        # At once and here: whatever broke may break more before a lane is free.
        if self._watch is not None:
            self._watch.note(details)

    @Slot()
    def _beat(self) -> None:
        watch = self._watch
        if watch is None or self._lanes.is_closed:
            return

        def beat(_: object) -> ChangeSet:
            watch.beat()
            return ChangeSet()

        self._lanes.write(beat, background=True)
