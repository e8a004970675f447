"""The one window: menus, places on the left, the page in the middle, saving and syncing at the bottom.

It knows pages only as widgets; `app` builds them, connects their signals and puts them here. The title bar
says what is shown, never who works here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from assessor_app.domain.roles import Role
from assessor_app.errors import DiskFull, KnownError
from assessor_app.ui.error_view import ErrorBar
from assessor_app.ui.gate import GatePage
from assessor_app.ui.icons import icon_label
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.lock_notice import LockNotice
from assessor_app.ui.look_menu import LookMenu
from assessor_app.ui.menus import Menus
from assessor_app.ui.navigation import Navigation
from assessor_app.ui.panes import PaneCycle
from assessor_app.ui.plain_text import plain_label, separator
from assessor_app.ui.room_scroll import RoomScroll
from assessor_app.ui.support.crash_banner import CrashBanner
from assessor_app.ui.sync_bar import OfflineBanner, SyncBar
from assessor_app.ui.theme import Theme, space
from assessor_app.ui.waiting_list import WaitingList

if TYPE_CHECKING:
    from assessor_app.ui.key_help import KeyHelp

PROGRAM_NAME = "Assessor Workstation"
BEHIND_THE_GATE = (
    "sync.now",
    "app.lock",
    "app.sign_in",
    "app.sign_out",
    "app.settings",
    "view.inbox",
    "view.waiting",
    "view.calibration",
    "help.palette",
    "help.going_on",
    "help.report",
    "bank.manage",
)
"""What cannot be done before the profile is open."""


class MainWindow(QMainWindow):
    """Shows one page at a time: a place, an open submission, or a gate before everything."""

    place_shown = Signal(str)
    """inbox, waiting, calibration, reports, workspace or gate."""
    gate_shown = Signal()
    """A page before everything is shown."""
    about_to_close = Signal()
    """The window is closing; `app` finishes the writes."""

    def __init__(
        self,
        inbox: Inbox,
        waiting: WaitingList,
        theme: Theme,
        *,
        keys: KeyTable | None = None,
        role: Role = Role.ASSESSOR,
        parent: QWidget | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            inbox: the first place.
            waiting: what waits to be sent.
            theme: told when the person chooses colours or text size.
            keys: the key table.
            role: the role in which this person works here.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setObjectName("main_window")
        self.keys = keys or KeyTable()
        self.inbox, self.waiting = inbox, waiting
        self.calibration = calibration_place(role)
        # Built in the order in which Tab goes through them.
        self.navigation = Navigation(self.keys, role, self)
        self.error_bar = ErrorBar(self)
        self.crash_banner = CrashBanner(self)
        self.offline_banner = OfflineBanner(self)
        self.lock_notice = LockNotice(self)
        """Said a minute before the window locks by itself."""
        self._theme = theme
        self._room = RoomScroll(self)
        self._stack = self._room.pages
        self._workspace: QWidget | None = None
        self._workspace_title = ""
        self._gate: QWidget | None = None
        self._place, self._title = "inbox", ""
        self._behind_gate: tuple[QWidget | None, str, str] = (None, self.place_for(role), "")
        self._key_help: KeyHelp | None = None
        self._places = {"inbox": inbox, "waiting": waiting, "calibration": self.calibration}
        self._first = self.place_for(role)
        self._behind_a_gate: tuple[str, ...] = BEHIND_THE_GATE
        if role is Role.LEAD:
            # The page itself needs more than the first paint may load: `set_reports` brings it.
            self._places["reports"] = QWidget(self)
            self._behind_a_gate += ("view.reports",)
        for page in self._places.values():
            self._stack.addWidget(page)
        self.sync_bar = SyncBar(parent=self)
        self._lay_out()
        self.menus = Menus(self, self.keys)
        self._panes = PaneCycle(self._visible_panes, self)
        self._connect()
        self.resize(1100, 720)
        self.show_place(self._first)

    # ---- what is shown ----

    def set_reports(self, page: QWidget) -> None:
        """Take the lead's page of questions and reports in; the window takes ownership."""
        before = self._places["reports"]
        self._places["reports"] = page
        self._stack.addWidget(page)
        if self._behind_gate[0] is before:
            self._behind_gate = page, "reports", ""
        if self._stack.currentWidget() is before:
            self.show_place("reports")
        self._drop(before)

    @Slot(str)
    def show_place(self, place: str) -> None:
        """Show a place of the navigation; an open submission stays open behind it.

        Args:
            place: inbox, waiting, calibration, a lead's reports, or workspace for the open submission.

        Raises:
            KeyError: there is no such place, or no submission is open.
        """
        if place == "workspace" and self._workspace is not None:
            self._show(self._workspace, place, self._workspace_title)
        else:
            self._show(self._places[place], place, "")

    def show_workspace(self, widget: QWidget, title: str) -> None:
        """Show an open submission; the one before is let go of.

        Args:
            widget: the workspace; the window takes ownership.
            title: what the title bar says, such as "S-4F2K".
        """
        if self._workspace is not widget:
            self.close_workspace()
            self._workspace = widget
            self._stack.addWidget(widget)
        self._workspace_title = title
        self.navigation.show_open(title)
        self._show(widget, "workspace", title)

    def close_workspace(self) -> None:
        """Let go of the open submission and show the inbox."""
        if self._workspace is None:
            return
        gone, self._workspace = self._workspace, None
        self.navigation.show_open("")
        if self._stack.currentWidget() is gone or self._behind_gate[0] is gone:
            self.show_place("inbox")
        self._drop(gone)

    def workspace(self) -> QWidget | None:
        """The open submission, shown or not."""
        return self._workspace

    def show_gate(self, page: GatePage) -> None:
        """Show a page before everything; nothing of the work is seen or reached until `open_gate`."""
        before, self._gate = self._gate, page
        if before is None:
            self._behind_gate = self._stack.currentWidget(), self._place, self._title
        else:
            self._drop(before)
        self._stack.addWidget(page)
        self._show(page, "gate", "")
        self.gate_shown.emit()

    def open_gate(self) -> None:
        """Let go of the gate's page and show what was asked for meanwhile, or what was there before."""
        if self._gate is None:
            return
        gone, self._gate = self._gate, None
        page, place, title = self._behind_gate
        if page is not None:
            self._show(page, place, title)
        self._drop(gone)

    def gate(self) -> QWidget | None:
        """The page before everything, if one is shown."""
        return self._gate

    def place_for(self, role: Role) -> str:
        """Where a role starts: a lead with questions and reports, everybody else with the inbox."""
        return "reports" if role is Role.LEAD else "inbox"

    @Slot(object)
    def show_error(self, error: KnownError) -> None:
        """Show known trouble in the bar; that the disk is full is said once, where it says what is saved."""
        if isinstance(error, DiskFull):
            self.sync_bar.show_disk_full()
            return
        self.error_bar.show_error(error)

    @Slot(str)
    def show_bug(self, details: str) -> None:
        """Show an unexpected error; one dialog at a time, so that a repeated bug does not pile up."""
        from assessor_app.ui.bug_dialog import BugDialog

        if not self.findChildren(BugDialog):
            BugDialog(details, self).show()

    def showEvent(self, event: QShowEvent) -> None:
        """Start with the keyboard in the page."""
        super().showEvent(event)
        page = self._stack.currentWidget()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell `app`, which finishes the writes."""
        self.about_to_close.emit()
        super().closeEvent(event)

    # ---- inside ----

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        for widget in (self.lock_notice, self.error_bar, self.crash_banner, self.offline_banner):
            middle.addWidget(widget)
        middle.addWidget(self._room, 1)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.navigation)
        self._edge = QFrame(self)
        self._edge.setProperty("line", "upright")
        across.addWidget(self._edge)
        across.addLayout(middle, 1)
        central = QWidget(self)
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(across, 1)
        self._floor = separator(self)
        column.addWidget(self._floor)
        column.addWidget(self.sync_bar)
        self.setCentralWidget(central)

    def _connect(self) -> None:
        self.navigation.place_chosen.connect(self.show_place)
        self.navigation.help_requested.connect(self._show_keys)
        self.sync_bar.waiting_list_requested.connect(self._show_waiting)
        on = self.menus.on
        on("view.inbox", self._show_inbox)
        on("view.reports", self._show_reports)
        for run in (self.menus.own("view.reports").setVisible, self.menus.own("view.reports").setEnabled):
            run("reports" in self._places)
        on("view.waiting", self._show_waiting)
        on("view.calibration", self._show_calibration)
        on("pane.next", self._panes.next)
        on("pane.previous", self._panes.previous)
        on("help.keys", self._show_keys)
        self.menus.opening.connect(self._look_at_actions)
        on("help.palette", self._show_palette)
        on("app.quit", self.close)
        LookMenu(self.menus, self._theme, self)

    def _drop(self, page: QWidget) -> None:
        self._stack.removeWidget(page)
        page.deleteLater()

    def _show(self, page: QWidget, place: str, title: str) -> None:
        if self._gate is not None and page is not self._gate:
            self._behind_gate = page, place, title
            return
        self._place, self._title = place, title
        if place == "workspace":
            # First: beside the words of the navigation a workspace would make the window wider for good.
            self.navigation.set_compact(True)
        self._stack.setCurrentWidget(page)
        self.setWindowTitle(f"{title} - {PROGRAM_NAME}" if title else PROGRAM_NAME)
        is_gate = place == "gate"
        for widget in (self.navigation, self._edge, self.sync_bar, self._floor):
            widget.setVisible(not is_gate)
        for entry_id in self._behind_a_gate:
            self.menus.own(entry_id).setEnabled(not is_gate)
        self.navigation.set_compact(place == "workspace")
        self.navigation.show_place(place)
        self.menus.show_actions_of(page)
        focus: QWidget | None = self.focusWidget()
        if focus is None or not self.navigation.isAncestorOf(focus):
            # Who goes through the places by keyboard stays in the navigation.
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.place_shown.emit(place)

    def _visible_panes(self) -> list[QWidget]:
        """Panes in reading order; a page with several tells them by a method `panes`."""
        page = self._stack.currentWidget()
        own = getattr(page, "panes", None)
        inner = list(own()) if callable(own) else [page]
        return [self.navigation, *[pane for pane in inner if pane is not None], self.sync_bar]

    @Slot()
    def _show_inbox(self) -> None:
        self.show_place("inbox")
        self.inbox.focus_list()

    @Slot()
    def _show_reports(self) -> None:
        self.show_place("reports")

    @Slot()
    def _show_waiting(self) -> None:
        self.show_place("waiting")

    @Slot()
    def _show_calibration(self) -> None:
        self.show_place("calibration")

    @Slot()
    def _show_keys(self) -> None:
        if self._key_help is None:
            from assessor_app.ui.key_help import KeyHelp

            self._key_help = KeyHelp(self.keys, self)
        self._key_help.show()
        self._key_help.raise_()
        self._key_help.activateWindow()

    @Slot()
    def _look_at_actions(self) -> None:
        self.menus.show_actions_of(self._stack.currentWidget())

    @Slot()
    def _show_palette(self) -> None:
        from assessor_app.ui.palette import CommandPalette

        self._look_at_actions()
        CommandPalette(self.menus.available(), self.keys, self).show()


def calibration_place(role: Role) -> QWidget:
    """The place of calibration: a lead works there, others are asked to it."""
    if role is Role.LEAD:
        from assessor_app.ui.workspaces.lead import LeadWorkspace

        return LeadWorkspace()
    return CalibrationPlace()


class CalibrationPlace(QWidget):
    """Where calibration sessions will stand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Say honestly that there is nothing yet."""
        super().__init__(parent)
        self.setObjectName("calibration")
        self.setAccessibleName(self.tr("Calibration"))
        text = self.tr("Calibration sessions will appear here when a lead opens one.")
        unit = space(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(unit * 4, unit * 3, unit * 4, unit * 4)
        layout.addWidget(plain_label(self.tr("Calibration"), "display"))
        layout.addStretch(2)
        row = QVBoxLayout()
        row.setSpacing(space(self, 3))
        for widget in (
            icon_label("scale", "quiet", factor=2.6),
            plain_label(self.tr("No session is open."), "title"),
            plain_label(text, "quiet"),
        ):
            centred = QHBoxLayout()
            centred.addStretch(1)
            centred.addWidget(widget)
            centred.addStretch(1)
            row.addLayout(centred)
        layout.addLayout(row)
        layout.addStretch(3)
