"""The accounts on this computer: lists them, opens one, closes it wholly before another is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from assessor_app.clock import Clock
from assessor_app.config import Config
from assessor_app.desk.account_list import AccountList
from assessor_app.desk.kept_settings import KeptSettings
from assessor_app.desk.look import KeptLook
from assessor_app.desk.open_profile import OpenProfile
from assessor_app.desk.support import Support
from assessor_app.desk.way import SignInWay
from assessor_app.domain.roles import Role
from assessor_app.errors import KeyUnavailable, KnownError
from assessor_app.services.profiles import Listed, Profile
from assessor_app.ui.accounts.account_words import title_of
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Theme
from assessor_app.vault.keys import KeyStatus, key_status

if TYPE_CHECKING:
    from assessor_app.desk.crash_watch import CrashWatch
    from assessor_app.desk.idle_lock import IdleLock
    from assessor_app.desk.leaving import Leaving
    from assessor_app.desk.settings_desk import SettingsDesk
    from assessor_app.ui.accounts.chooser import AccountChooser


class Accounts(QObject):
    """At most one profile is open; the list of all of them stands before or beside it."""

    opened = Signal()
    """Another profile has been opened: `present` is new."""

    def __init__(
        self,
        config: Config,
        theme: Theme,
        clock: Clock,
        way_for: Callable[[Profile], SignInWay],
        parent: QObject | None = None,
        *,
        watch: CrashWatch | None = None,
    ) -> None:
        """Open nothing yet.

        Args:
            config: settings and machine policy.
            theme: of the application.
            clock: for times and ids.
            way_for: how a person signs in to a profile.
            parent: Qt parent.
            watch: notices how this process ends.
        """
        super().__init__(parent)
        self.lanes = Lanes(None, self, clock=clock)
        self.lanes.trouble.connect(self._show_trouble)
        self.lanes.bug.connect(self._show_bug)
        self.settings = KeptSettings(config, self.lanes, self)
        self.settings.changed.connect(self._limit_downloads)
        self.settings.trouble.connect(self._show_trouble)
        KeptLook(self.settings, theme, self)
        self._theme, self._clock, self._way_for = theme, clock, way_for
        self._support = Support(self.settings, self.lanes, clock, watch, self)
        # Queued: it may come out of the middle of a paint.
        self._support.broke.connect(self._show_bug, Qt.ConnectionType.QueuedConnection)
        self.list = AccountList(config.profiles_dir, self.lanes, clock, self)
        self.list.changed.connect(self._take_lines)
        self.list.added.connect(self._try_to_open)
        self.list.trouble.connect(self._show_trouble)
        self.present: OpenProfile | None = None
        """The profile that is open."""
        self.chooser: AccountChooser | None = None
        """The list, while it is on the screen."""
        self._leaving: Leaving | None = None
        self._settings_desk: SettingsDesk | None = None
        self.idle_lock: IdleLock | None = None
        """Watches from the first opened profile on."""

    # ---- opening and changing over ----

    def open(self, profile: Profile, role: Role | None = None) -> None:
        """Open a profile in place of the one that is open, which is closed wholly first.

        Args:
            profile: the one wanted.
            role: in which role; None for that of last time.

        Raises:
            KnownError: it cannot be opened; what is open stays so.
        """
        wanted = role or self.list.last_role(profile)
        before = self.present
        if before is not None and (before.profile.id, before.role) == (profile.id, wanted):
            before.raise_window()
            self._close_chooser()
            return
        only = self.settings.config.policy.platform_origin
        if only is not None and profile.origin != only:
            raise KnownError(
                "This account cannot be opened on this computer",
                f"The organisation that manages it allows {only} alone. Its work is kept, encrypted.",
                "Ask your IT department.",
            )
        if before is not None and before.profile.id == profile.id:
            # Only another role of the same person: the folder's lock is needed again at once.
            self._end_present()
            before = None
        profile = replace(profile, copies_drafts=self.settings.config.policy.draft_copies_allowed)
        opened = OpenProfile(profile, wanted, self._theme, self._clock, self._way_for(profile), self)
        window = opened.desk.window
        if before is not None:
            window.setGeometry(before.desk.window.geometry())
            before.close()
        self.present = opened
        self._connect(opened)
        self._close_chooser()
        opened.show()
        if before is not None:
            before.let_go()
            _forget_what_was_seen()
        self.opened.emit()
        self.list.refresh()

    def _end_present(self) -> None:
        present, self.present = self.present, None
        if present is not None:
            present.close()
            present.let_go()
            _forget_what_was_seen()

    def take_present(self) -> OpenProfile | None:
        """Close the open profile, with its window still on the screen; the caller lets go of it."""
        present, self.present = self.present, None
        if present is not None:
            present.close()
            _forget_what_was_seen()
        return present

    def _connect(self, opened: OpenProfile) -> None:
        window = opened.desk.window
        window.menus.on("app.accounts", self.show_chooser)
        window.menus.on("app.sign_out", self._sign_out)
        window.menus.on("app.settings", self.show_settings)
        opened.desk.opened.connect(self._watch)
        opened.desk.opened.connect(self._limit_downloads)
        window.navigation.account.list_requested.connect(self.show_chooser)
        window.navigation.account.account_chosen.connect(self._open_chosen)
        self._support.serve(opened.desk)

    # ---- the list ----

    @Slot()
    def show_chooser(self) -> None:
        """Show the list: over the window that is open, or by itself."""
        from assessor_app.ui.accounts.chooser import AccountChooser

        if self.chooser is None:
            parent = self.present.desk.window if self.present is not None else None
            only = self.settings.config.policy.platform_origin
            chooser = self.chooser = AccountChooser(fixed_origin=only, parent=parent)
            chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            chooser.closed.connect(self._forget_chooser)
            chooser.open_requested.connect(self._open_chosen)
            chooser.add_requested.connect(self.list.add)
            chooser.repair_requested.connect(self.list.repair)
            chooser.rename_requested.connect(self.list.rename)
            chooser.remove_requested.connect(self._remove)
            self._fill_chooser()
        self.chooser.show()
        self.chooser.raise_()
        self.chooser.activateWindow()
        self.list.refresh()

    def show_list_alone(self, said: str) -> None:
        """Show the list in place of a window that goes, with what has happened."""
        self._close_chooser()
        self.show_chooser()
        self.say(said)

    def say(self, text: str) -> None:
        """Say what has happened, above the list."""
        if self.chooser is not None:
            self.chooser.say(text)

    def begin(self, lines: tuple[Listed, ...]) -> None:
        """Take the list as the start has read it, and finish what earlier starts began to remove."""
        self.list.take(lines)
        self.list.sweep()

    @Slot()
    def _take_lines(self) -> None:
        lines = self.list.lines
        self._fill_chooser()
        present = self.present
        if present is None:
            return
        named = [
            (line.id, title_of(line.profile, line.standing)) for line in lines if line.profile is not None
        ]
        own = [title for profile_id, title in named if profile_id == present.profile.id]
        others = [pair for pair in named if pair[0] != present.profile.id]
        present.desk.window.navigation.account.show_accounts(own[0] if own else present.profile.host, others)

    def _fill_chooser(self) -> None:
        if self.chooser is not None:
            open_id = self.present.profile.id if self.present is not None else ""
            self.chooser.show_accounts(self.list.lines, self._clock.now(), open_id=open_id)

    @Slot()
    def _forget_chooser(self) -> None:
        self.chooser = None

    def _close_chooser(self) -> None:
        if self.chooser is not None:
            self.chooser.close()

    # ---- what is asked for in it ----

    @Slot(str)
    @Slot(str, object)
    def _open_chosen(self, profile_id: str, role: Role | None = None) -> None:
        line = self.list.line(profile_id)
        if line is not None and line.profile is not None:
            self._try_to_open(line.profile, role)

    @Slot(object, object)
    def _try_to_open(self, profile: Profile, role: Role | None) -> None:
        try:
            self.open(profile, role)
        except KnownError as error:
            self._show_trouble(error)

    @Slot(str)
    def _remove(self, profile_id: str) -> None:
        line = self.list.line(profile_id)
        if line is not None:
            self.leaving().remove(line)

    @Slot()
    def _sign_out(self) -> None:
        self.leaving().sign_out()

    @Slot()
    def show_settings(self) -> None:
        """Show the settings window, as soon as it is known how the open account is locked."""
        folder = None if self.present is None else self.present.profile.folder

        def has_passphrase(_: Any) -> bool | None:
            try:
                return None if folder is None else key_status(folder) is KeyStatus.PASSPHRASE
            except KeyUnavailable:
                return None

        self.lanes.read(self, has_passphrase, self._show_settings, key="settings")

    def _show_settings(self, has_passphrase: bool | None) -> None:
        from assessor_app.desk.settings_desk import SettingsDesk

        if self._settings_desk is None:
            self._settings_desk = made = SettingsDesk(self.settings, self._theme, self)
            made.list_requested.connect(self.show_chooser)
            made.sign_out_requested.connect(self._sign_out)
        window = None if self.present is None else self.present.desk.window
        self._settings_desk.show(window, has_passphrase=has_passphrase)

    @Slot()
    def _watch(self) -> None:
        """Nothing can be left alone before something is open."""
        from assessor_app.desk.idle_lock import IdleLock

        if self.idle_lock is None:
            self.idle_lock = IdleLock(self, self.settings, self._clock, self)

    @Slot()
    def _limit_downloads(self) -> None:
        """What she chose about downloads holds for what is open."""
        from assessor_app.desk.downloads import limits_of

        context: Any = self.present.desk.lanes.context if self.present is not None else None
        if context is not None:
            context.downloads.limit(limits_of(self.settings.config))

    def leaving(self) -> Leaving:
        """Signing out and removing."""
        from assessor_app.desk.leaving import Leaving

        if self._leaving is None:
            self._leaving = Leaving(self, self.list, self.lanes, self)
        return self._leaving

    # ---- trouble, and the end ----

    @Slot(object)
    def _show_trouble(self, error: KnownError) -> None:
        if self.chooser is not None:
            self.chooser.show_error(error)
        elif self.present is not None:
            self.present.desk.window.show_error(error)

    @Slot(str)
    def _show_bug(self, details: str) -> None:
        from assessor_app.ui.bug_dialog import BugDialog

        if self.present is not None:
            self.present.desk.window.show_bug(details)
        else:
            BugDialog(details, self.chooser).show()

    @Slot()
    def look_up(self) -> None:
        """Do nothing: gives the interpreter a moment to notice a signal of the system."""

    @Slot()
    def close_windows(self) -> None:
        """Close everything, as a person would."""
        self._close_chooser()
        if self.present is not None:
            self.present.desk.window.close()

    def end(self) -> None:
        """Close what is open and end the lanes; the event loop is over."""
        self._close_chooser()
        self._end_present()
        self.lanes.close()


def _forget_what_was_seen() -> None:
    from assessor_app.desk.seen import forget_account

    forget_account()
