"""Unlocking a profile: finding its key, or asking for it on a page of the window."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app import config
from assessor_app.cache.first_rows import first_rows
from assessor_app.cache.generation import NOTE_NAME, read_note
from assessor_app.clock import Clock
from assessor_app.domain.roles import Role
from assessor_app.errors import (
    KeyUnavailable,
    KnownError,
    StoreDamaged,
    StoreError,
    StoreNewer,
    WrongPassphrase,
)
from assessor_app.services.profiles import Profile
from assessor_app.ui.gate import GatePage
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes
from assessor_app.vault import keys
from assessor_app.vault.keys import KeyStatus, MasterKey

if TYPE_CHECKING:
    from assessor_app.ui.new_passphrase import NewPassphrasePage
    from assessor_app.ui.refusal import RefusalPage
    from assessor_app.ui.unlock import UnlockPage

PASSPHRASE_VARIABLE = config.PASSPHRASE_VARIABLE
"""For unattended starts - the demo, tests; otherwise the passphrase is asked for in the window."""
STORE_NAME = "store.db"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lock:
    """How a profile is locked, as its folder tells."""

    status: KeyStatus
    has_store: bool
    """Whether it was ever opened to the end; before, its recovery code has not been seen."""
    has_key_store: bool = False
    """Whether a new key can go into the computer's key store."""
    trouble: KnownError | None = None
    """Why the folder does not tell; then the recovery code is a way in."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A key that opens the profile."""

    master: MasterKey
    needs_passphrase: bool = False
    """Whether it came from the recovery code and nothing else will open the profile at the next start."""


class Unlocking(QObject):
    """Goes from a locked folder to its key. Every question to the person is a page of the window."""

    unlocked = Signal(object)
    """MasterKey: everything that had to be asked or shown has been."""

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
        self._passphrase = os.environ.get(PASSPHRASE_VARIABLE)
        self._lock = Lock(KeyStatus.NEW, has_store=False)
        self._master: MasterKey | None = None
        self._has_ended = False
        self._said = ""
        self._asking: UnlockPage | NewPassphrasePage | None = None
        """The page that waits for an answer; it says itself what was wrong with one."""

    @Slot()
    def begin(self) -> None:
        """Look how the profile is locked, and open it as far as nobody has to be asked."""
        self._ask_lane(self._look, self._open_or_ask)

    @Slot()
    def begin_locked(self, said: str) -> None:
        """Like `begin`, but not without the person: the profile was locked.

        Args:
            said: what the page says of the work behind it.
        """
        self._said = said
        self._ask_lane(self._look, self._wait_for_person)

    def end(self) -> None:
        """Drop the key; an answer that is still under way changes nothing."""
        self._has_ended = True
        self._master = None

    # ---- how it is locked ----

    def _look(self, _: Any) -> Lock:
        """On a lane."""
        folder = self._profile.folder
        # A note without a store: the store is gone, which is no reason to begin a new one.
        has_store = any((folder / name).exists() for name in (STORE_NAME, NOTE_NAME))
        try:
            status = keys.key_status(folder)
        except KeyUnavailable as error:
            return Lock(KeyStatus.PASSPHRASE, has_store, trouble=error)
        is_new = status is KeyStatus.NEW and not has_store and self._passphrase is None
        return Lock(status, has_store, is_new and keys.keyring_usable())

    def _open_or_ask(self, lock: Lock) -> None:
        self._lock = lock
        is_new = lock.status is KeyStatus.NEW and not lock.has_store
        if lock.trouble is not None:
            self.refuse(lock.trouble)
        elif is_new and self._passphrase is None:
            self._welcome()
        elif is_new:
            self._create(self._passphrase)
        elif lock.status is KeyStatus.PASSPHRASE and self._passphrase is None:
            self._ask_passphrase()
        else:
            self._open(self._passphrase)

    def _welcome(self) -> None:
        from assessor_app.ui.first_run import FirstRunPage

        page = FirstRunPage()
        page.start_requested.connect(self._set_up)
        self._show(page)

    def _wait_for_person(self, lock: Lock) -> None:
        self._lock = lock
        if lock.trouble is None and lock.status is KeyStatus.PASSPHRASE and self._passphrase is None:
            self._ask_passphrase()
            if self._asking is not None:
                self._asking.say(self._said, role="quiet")
            return
        self._show(
            self._refusal(
                self.tr("Locked"),
                self.tr("Your work is encrypted and safe. {said}").format(said=self._said),
                icon="lock",
                retry=self.tr("Unlock"),
            )
        )

    # ---- the key ----

    @Slot()
    def _set_up(self) -> None:
        if self._lock.has_key_store:
            self._create(None)
            return
        from assessor_app.ui.new_passphrase import NewPassphrasePage

        page = NewPassphrasePage()
        page.passphrase_chosen.connect(self._create)
        self._ask(page)

    @Slot(str)
    def _create(self, passphrase: str | None) -> None:
        folder, profile_id, clock = self._profile.folder, self._profile.id, self._clock
        self._show_busy()
        self._ask_lane(
            lambda _: Unlocked(keys.create_key(folder, profile_id, clock=clock, passphrase=passphrase)),
            self._unlocked,
        )

    def _ask_passphrase(self) -> None:
        from assessor_app.ui.unlock import UnlockPage

        page = UnlockPage(has_recovery_code=True)
        page.passphrase_given.connect(self._open)
        page.recovery_code_given.connect(self._open_by_code)
        self._ask(page)

    @Slot()
    def _ask_code(self) -> None:
        from assessor_app.ui.unlock import UnlockPage

        page = UnlockPage(has_passphrase=False)
        page.recovery_code_given.connect(self._open_by_code)
        self._ask(page)

    @Slot(str)
    def _open(self, passphrase: str | None) -> None:
        folder, profile_id = self._profile.folder, self._profile.id
        self._show_busy()
        self._ask_lane(
            lambda _: Unlocked(keys.open_key(folder, profile_id, passphrase=passphrase)), self._unlocked
        )

    @Slot(str)
    def _open_by_code(self, code: str) -> None:
        self._show_busy()
        self._ask_lane(lambda _: self._recovered(code), self._unlocked)

    def _recovered(self, code: str) -> Unlocked:
        """On a lane. The store itself says whether the code is its own before anything is kept."""
        folder, profile_id = self._profile.folder, self._profile.id
        master = keys.open_with_recovery_code(folder, profile_id, code)
        if self._lock.has_store:
            try:
                first_rows(folder, master.database_key(), self._role, limit=1)
            except StoreDamaged:
                was_checked = self._lock.trouble is None and self._lock.status is not KeyStatus.NEW
                if was_checked or read_note(folder, master.database_key()) is not None:
                    # Key file or note say that the key is the right one: it is the store that is damaged.
                    return self._kept(master)
                raise WrongPassphrase(
                    "The recovery code does not open this profile",
                    "It belongs to another profile, or the store is damaged. Nothing was changed.",
                    "Look for the code that was written down when this profile was set up.",
                ) from None
        return self._kept(master)

    def _kept(self, master: MasterKey) -> Unlocked:
        """On a lane: what came from the code, kept for the next start where nobody is to be asked."""
        if self._lock.status is KeyStatus.PASSPHRASE or not keys.keyring_usable():
            return Unlocked(master, needs_passphrase=True)
        keys.keep_key(self._profile.folder, self._profile.id, master, clock=self._clock, passphrase=None)
        return Unlocked(master)

    def _unlocked(self, unlocked: Unlocked) -> None:
        if self._has_ended:
            return
        self._master = unlocked.master
        if unlocked.needs_passphrase:
            self._replace_passphrase()
        elif not self._lock.has_store and self._passphrase is None:
            # Until the store is made, each start comes by here: nobody misses the code by a crash.
            self._show_code(unlocked.master)
        else:
            self._finish()

    def _replace_passphrase(self) -> None:
        from assessor_app.ui.new_passphrase import NewPassphrasePage

        page = NewPassphrasePage(replaces_lost=True)
        page.passphrase_chosen.connect(self._keep)
        self._ask(page)

    def _show_code(self, master: MasterKey) -> None:
        from assessor_app.ui.new_passphrase import RecoveryCodePage

        code = RecoveryCodePage(keys.recovery_code(master), has_passphrase=self._asking is not None)
        code.kept.connect(self._finish)
        self._show(code)

    @Slot(str)
    def _keep(self, passphrase: str) -> None:
        master = self._master
        if master is None:
            return
        folder, profile_id, clock = self._profile.folder, self._profile.id, self._clock

        def keep(_: Any) -> Unlocked:
            keys.keep_key(folder, profile_id, master, clock=clock, passphrase=passphrase)
            return Unlocked(master)

        self._show_busy()
        self._ask_lane(keep, self._unlocked)

    @Slot()
    def _finish(self) -> None:
        if self._master is not None:
            self._asking = None
            self._window.open_gate()
            self.unlocked.emit(self._master)

    # ---- trouble ----

    def _ask_lane(self, job: Callable[[Any], T], done: Callable[[T], None]) -> None:
        folder = self._profile.folder

        def told(context: Any) -> T:
            try:
                return job(context)
            except OSError as error:
                raise _folder_trouble(folder, error) from None

        self._lanes.network(told, owner=self, done=done, failed=self.refuse)

    def _show_busy(self) -> None:
        if self._asking is not None:
            self._asking.show_busy(True)

    def _ask(self, page: UnlockPage | NewPassphrasePage) -> None:
        self._window.show_gate(page)
        self._asking = page

    def _show(self, page: GatePage) -> None:
        self._asking = None
        self._window.show_gate(page)

    def refuse(self, error: KnownError) -> None:
        """Say why it does not open: on the page that asked, or on a page of its own."""
        if self._asking is not None:
            self._asking.show_error(error)
            return
        is_new = self._lock.status is KeyStatus.NEW and not self._lock.has_store
        can_retry = not isinstance(error, StoreNewer | StoreDamaged)
        self._show(
            self._refusal(
                error.title,
                f"{error.message} {error.next_step}".strip(),
                retry=self.tr("Try again") if can_retry else "",
                has_recovery_code=isinstance(error, KeyUnavailable) and not is_new,
            )
        )

    def _refusal(
        self,
        title: str,
        text: str,
        *,
        retry: str,
        icon: str = "triangle-alert",
        has_recovery_code: bool = False,
    ) -> RefusalPage:
        from assessor_app.ui.refusal import RefusalPage

        page = RefusalPage(title, text, icon=icon, retry=retry, has_recovery_code=has_recovery_code)
        page.retry_requested.connect(self.begin)
        page.recovery_requested.connect(self._ask_code)
        return page


def _folder_trouble(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        "The profile's folder cannot be used",
        f"{error.strerror or 'It cannot be written'}: {folder}. Nothing was changed, and your work is safe.",
        "Make room or ask for the right to write there, then try again.",
    )
