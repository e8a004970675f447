"""Opening a profile: the key first, then what is on the disk, then the rest while the window is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.cache.first_rows import first_rows
from assessor_app.clock import Clock
from assessor_app.desk.unlocking import Unlocking
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.roles import Role
from assessor_app.errors import KeyUnavailable, KnownError, StoreDamaged
from assessor_app.services.profiles import Profile
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes
from assessor_app.vault.keys import MasterKey

if TYPE_CHECKING:
    from assessor_app.desk.repairing import Repairing
    from assessor_app.services.context import Context


class Opening(QObject):
    """Goes from a locked folder to an open context."""

    first_rows_read = Signal(object)
    """tuple[InboxRow, ...]: what the inbox can show before everything else is loaded."""
    ready = Signal(object)
    """Context: the store is open."""

    def __init__(
        self,
        profile: Profile,
        role: Role,
        window: MainWindow,
        lanes: Lanes,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        """Prepare; `begin` starts."""
        super().__init__(parent)
        self._profile, self._role, self._clock = profile, role, clock
        self._window, self._lanes = window, lanes
        self._unlocking = Unlocking(profile, role, window, lanes, clock, self)
        self._unlocking.unlocked.connect(self._go_on)
        self._master: MasterKey | None = None
        self._repairing: Repairing | None = None
        self._built: Context | None = None
        self._has_ended = False

    @Slot()
    def begin(self) -> None:
        """Open the profile as far as nobody has to be asked."""
        self._unlocking.begin()

    @Slot()
    def begin_locked(self, said: str) -> None:
        """Like `begin`, but not without the person: the profile was locked.

        Args:
            said: what the page says of the work behind it.
        """
        self._unlocking.begin_locked(said)

    def hurry(self) -> None:
        """End what would make the lanes wait: calls under way and pages being drawn."""
        if self._built is not None:
            from assessor_app.services.opening import interrupt

            interrupt(self._built)

    def end(self) -> None:
        """Drop the key and close what was opened; the lanes are closed by now."""
        self._unlocking.end()
        if self._repairing is not None:
            self._repairing.cancel()
        self._has_ended = True
        self._master = None
        if self._built is not None:
            from assessor_app.services.opening import close_context

            close_context(self._built)
            self._built = None

    @Slot(object)
    def _go_on(self, master: MasterKey) -> None:
        self._master = master
        self._window.show_place(self._window.place_for(self._role))
        folder, key, role = self._profile.folder, master.database_key(), self._role
        self._lanes.read(self, lambda _: first_rows(folder, key, role), self._show_rows, failed=self._refuse)

    def _show_rows(self, rows: tuple[InboxRow, ...]) -> None:
        self.first_rows_read.emit(rows)
        # Painted at once: the heavy half would take turns with a paint that is left to the event loop.
        self._window.repaint()
        QTimer.singleShot(0, self, self._open_rest)

    @Slot()
    def _open_rest(self) -> None:
        if self._master is None:
            return
        self._lanes.network(self._build, owner=self, done=self._show_built, failed=self._refuse)

    def _refuse(self, error: KnownError) -> None:
        """A store that is damaged is repaired: its key was found to be the right one before."""
        if self._master is None or not isinstance(error, StoreDamaged):
            self._unlocking.refuse(error)
            return
        from assessor_app.desk.repairing import Repairing

        self._repairing = Repairing(
            self._profile, self._master, error, self._window, self._lanes, self._clock, self
        )
        self._repairing.finished.connect(self._open_repaired)

    @Slot()
    def _open_repaired(self) -> None:
        if self._master is not None:
            self._window.open_gate()
            self._go_on(self._master)

    def _build(self, _: Any) -> Context:
        """On a lane: loads the heavy half and opens the store."""
        from assessor_app.desk import lists, signing_in  # noqa: F401 - loaded here, off the GUI thread
        from assessor_app.services.opening import open_context
        from assessor_app.ui import sync_rounds  # noqa: F401
        from assessor_app.ui.workspaces import approver, assessor  # noqa: F401

        master = self._master
        if master is None:
            raise KeyUnavailable("The profile is locked", "Your work is safe.", "Unlock it again.")
        profile = self._profile
        # Kept here at once: an answer that comes after the end is not delivered.
        self._built = built = open_context(
            profile.folder,
            master.database_key(),
            origin=profile.origin,
            role=self._role,
            clock=self._clock,
            copies_drafts=profile.copies_drafts,
        )
        if self._has_ended:
            self.end()
        return built

    def _show_built(self, context: Context) -> None:
        self.ready.emit(context)
