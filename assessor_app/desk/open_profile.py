"""One open profile: its lock on the folder, its desk, and the end of both."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from assessor_app.clock import Clock
from assessor_app.desk.desk import Desk
from assessor_app.desk.way import SignInWay
from assessor_app.domain.roles import Role
from assessor_app.services.profiles import Profile
from assessor_app.single_instance import SingleInstance
from assessor_app.ui.theme import Theme


class OpenProfile(QObject):
    """Everything that is there for one profile and nothing that is there for another."""

    def __init__(
        self,
        profile: Profile,
        role: Role,
        theme: Theme,
        clock: Clock,
        way: SignInWay,
        parent: QObject | None = None,
    ) -> None:
        """Take the profile's lock and build its desk; `show` opens it.

        Raises:
            ProfileInUse: another running workstation has the profile.
            StoreError: its folder cannot be written.
        """
        super().__init__(parent)
        self.profile, self.role = profile, role
        self._instance = instance = SingleInstance(profile.folder, profile.id, self)
        self.desk = desk = Desk(profile, role, theme, clock, way)
        instance.raise_requested.connect(self.raise_window)
        # What listens takes time to load: only once there is something to raise.
        desk.opened.connect(instance.listen)
        desk.window.gate_shown.connect(instance.listen)

    def show(self) -> None:
        """Show the window and start opening the profile."""
        self.desk.window.show()
        QTimer.singleShot(0, self.desk, self.desk.start)

    @Slot()
    def raise_window(self) -> None:
        """Bring the window to the front."""
        window = self.desk.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def close(self) -> None:
        """Commit what was typed, end the lanes, close the store, drop the key. The lock is still held.

        The window stays on the screen until `let_go`, so that another can take its place first.
        """
        self.desk.close()

    def let_go(self) -> None:
        """Give the folder free and destroy the window; safe only after `close`."""
        self._instance.release()
        window = self.desk.window
        window.hide()
        window.deleteLater()
        self.desk.deleteLater()
        self.deleteLater()
