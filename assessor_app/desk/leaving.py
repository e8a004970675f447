"""Leaving an account: signing out, or removing it from this computer. Both ask first.

Nobody can undo a removal, so it says exactly what is on this computer alone before it is done.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Qt, Slot

from assessor_app.desk.account_list import AccountList
from assessor_app.desk.open_profile import OpenProfile
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import KnownError
from assessor_app.services import profiles, signing_out, wiping
from assessor_app.services.profiles import Listed
from assessor_app.services.unsent import Unsent, unsent_work
from assessor_app.single_instance import SingleInstance
from assessor_app.ui.accounts.account_words import title_of, unsent_words
from assessor_app.ui.accounts.leave_dialog import Leave, LeaveDialog
from assessor_app.ui.tasks import Lanes

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class AccountsHere(Protocol):
    """What is asked of the accounts."""

    @property
    def present(self) -> OpenProfile | None:
        """The profile that is open."""

    @property
    def chooser(self) -> QWidget | None:
        """The list, while it is on the screen."""

    def take_present(self) -> OpenProfile | None:
        """Close the open profile, with its window still on the screen."""

    def show_list_alone(self, said: str) -> None:
        """Show the list in place of a window that goes."""

    def say(self, text: str) -> None:
        """Say what has happened, above the list."""


class Leaving(QObject):
    """One question at a time."""

    def __init__(self, accounts: AccountsHere, lines: AccountList, lanes: Lanes, parent: QObject) -> None:
        """Wait to be asked.

        Args:
            accounts: of which one is left.
            lines: the list of them.
            lanes: those that live as long as the program.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._accounts, self._lines, self._lanes = accounts, lines, lanes
        self._dialog: LeaveDialog | None = None
        self._line: Listed | None = None
        """The account to be removed; None: the open one is signed out of."""

    # ---- asking ----

    @Slot()
    def sign_out(self) -> None:
        """Ask before signing out of the open account."""
        present = self._accounts.present
        if present is None or not present.desk.is_open:
            return
        self._line = None
        self._ask(Leave.SIGN_OUT, present)

    def remove(self, line: Listed) -> None:
        """Ask before removing an account, open or not."""
        present = self._accounts.present
        self._line = line
        is_open = present is not None and present.profile.id == line.id and present.desk.is_open
        self._ask(Leave.REMOVE, present if is_open else None)

    def _ask(self, way: Leave, opened: OpenProfile | None) -> None:
        accounts = self._accounts
        if self._dialog is not None:
            return
        window = accounts.present.desk.window if accounts.present is not None else None
        dialog = LeaveDialog(
            way, self._title(opened), can_export=opened is not None, parent=accounts.chooser or window
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.confirmed.connect(self._sign_out_now if way is Leave.SIGN_OUT else self._remove_now)
        if opened is None:
            self._tell_what_was_known(dialog)
        else:
            dialog.send_requested.connect(self._send_now)
            # The window's own command: it asks where to, and says what the file holds.
            dialog.export_requested.connect(opened.desk.window.menus.own("unsent.export").trigger)
            self._look(opened)
        dialog.open()

    def _title(self, opened: OpenProfile | None) -> str:
        line = self._line
        if line is None and opened is not None:
            line = self._lines.line(opened.profile.id)
        if line is None or line.profile is None:
            return opened.profile.host if opened is not None else self.tr("the damaged account")
        return title_of(line.profile, line.standing)

    def _tell_what_was_known(self, dialog: LeaveDialog) -> None:
        line = self._line
        known = unsent_words(line.standing, is_open=False) if line is not None else ""
        said = self.tr("It is not open, so nobody can look what is unsent. When last looked: {known}.")
        dialog.show_unsent((), is_known=False, said=said.format(known=known))

    def _look(self, opened: OpenProfile) -> None:
        """Count after the last write: what was typed a moment ago counts, too."""
        desk = opened.desk
        desk.keep_what_was_typed()
        desk.lanes.write(lambda _: ChangeSet(), owner=self, done=self._read_unsent, background=True)
        if desk.rounds is not None:
            desk.rounds.settled.connect(self._look_again, Qt.ConnectionType.UniqueConnection)

    def _read_unsent(self, _: ChangeSet) -> None:
        present = self._accounts.present
        if present is not None and present.desk.is_open:
            present.desk.lanes.read(self, unsent_work, self._show_unsent, key="unsent")

    def _show_unsent(self, items: tuple[Unsent, ...]) -> None:
        if self._dialog is not None:
            self._dialog.show_unsent(items)

    @Slot()
    def _send_now(self) -> None:
        present = self._accounts.present
        if present is not None and self._dialog is not None:
            self._dialog.say(self.tr("Sending…"))
            present.desk.sync_now()

    @Slot(object)
    def _look_again(self, status: Any) -> None:
        if self._dialog is not None:
            self._dialog.say(status.message)
            self._read_unsent(ChangeSet())

    @Slot()
    def _forget(self) -> None:
        self._dialog = None

    # ---- signing out ----

    @Slot()
    def _sign_out_now(self) -> None:
        present = self._accounts.present
        if present is None or self._dialog is None:
            return
        self._dialog.say(self.tr("Signing out…"))
        # Not on the network's lane: a long download there would keep the person signed in.
        present.desk.lanes.read(self, signing_out.sign_out, self._signed_out, failed=self._dialog.show_error)

    def _signed_out(self, is_told: bool) -> None:
        accounts = self._accounts
        title = self._title(accounts.present)
        present = accounts.take_present()
        if present is None:
            return
        folder = present.profile.folder
        said = self.tr("You have signed out of {account}. Its work stays here, encrypted.")
        if not is_told:
            said += " " + self.tr("The platform could not be told; what it gave out ends there by itself.")
        self._lanes.read(
            self,
            lambda _: _note_signed_out(folder),
            lambda _: self._end(present, said.format(account=title)),
        )

    def _end(self, present: OpenProfile | None, said: str) -> None:
        """Show the list in place of the window, with what has happened."""
        dialog = self._dialog
        if dialog is not None:
            dialog.show_busy(False)
            dialog.accept()
        accounts = self._accounts
        accounts.show_list_alone(said)
        if present is not None:
            present.let_go()

    # ---- removing ----

    @Slot()
    def _remove_now(self) -> None:
        accounts, line, dialog = self._accounts, self._line, self._dialog
        if line is None or dialog is None:
            return
        dialog.say(self.tr("Removing…"))
        is_open = accounts.present is not None and accounts.present.profile.id == line.id
        instance: SingleInstance | None = None
        try:
            # Nobody may open it from here on, and no other window may have it open.
            present = accounts.take_present() if is_open else None
            instance = None if is_open else SingleInstance(line.folder, line.id)
        except KnownError as error:
            dialog.show_error(error)
            return
        title = self._title(present)
        done = partial(self._removed, present, instance, title)
        folder = line.folder

        def wipe(_: Any) -> KnownError | None:
            try:
                wiping.wipe(folder, line.id)
            except KnownError as error:
                return error
            return None

        self._lanes.read(self, wipe, done)

    def _removed(
        self,
        present: OpenProfile | None,
        instance: SingleInstance | None,
        title: str,
        error: KnownError | None,
    ) -> None:
        accounts = self._accounts
        if instance is not None:
            instance.release()
            instance.deleteLater()
        if error is not None:
            said = f"{error.title}. {error.message} {error.next_step}".strip()
        else:
            said = self.tr("{account} was removed from this computer.").format(account=title)
        if present is not None or accounts.present is None:
            self._end(present, said)
        elif self._dialog is not None:
            self._dialog.show_busy(False)
            self._dialog.accept()
            accounts.say(said)
        self._lines.sweep()


def _note_signed_out(folder: Path) -> None:
    """A note that cannot be written costs a line of the list: the tokens are gone all the same."""
    try:
        profiles.note_signed_out(folder, True)
    except OSError:
        return
