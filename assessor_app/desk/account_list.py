"""The list of accounts as the disk has it, and the small changes of a line of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError, StoreError
from assessor_app.services import profiles, wiping
from assessor_app.services.profiles import Listed, Profile
from assessor_app.ui.tasks import Lanes


class AccountList(QObject):
    """Reads and writes on the lanes that live as long as the program."""

    changed = Signal()
    """`lines` was read again."""
    added = Signal(object, object)
    """Profile that was asked for, and the Role to open it in."""
    trouble = Signal(object)
    """KnownError."""

    def __init__(self, folder: Path, lanes: Lanes, clock: Clock, parent: QObject | None = None) -> None:
        """Start empty.

        Args:
            folder: of all profiles.
            lanes: those that live as long as the program.
            clock: for new ids.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._folder, self._lanes, self._clock = folder, lanes, clock
        self.lines: tuple[Listed, ...] = ()

    def line(self, profile_id: str) -> Listed | None:
        """An account of the list; None when it is gone."""
        return next((line for line in self.lines if line.id == profile_id), None)

    def last_role(self, profile: Profile) -> Role:
        """The role that a profile was opened in last; an assessor's where it never was."""
        line = self.line(profile.id)
        roles = line.standing.roles if line is not None else ()
        return roles[0] if roles else Role.ASSESSOR

    def take(self, lines: tuple[Listed, ...]) -> None:
        """Take the list as somebody has read it."""
        self.lines = lines
        self.changed.emit()

    @Slot()
    def refresh(self) -> None:
        """Read the list again."""
        folder = self._folder
        if not self._lanes.is_closed:
            self._lanes.read(self, lambda _: profiles.listing(folder), self.take, key="list")

    def sweep(self) -> None:
        """Take away what is left of removed accounts, and read the list again."""
        folder = self._folder
        self._change(lambda: wiping.sweep(folder))

    @Slot(str, str, object)
    def add(self, origin: str, account: str, role: Role) -> None:
        """Find or make the account of a person on a platform."""
        folder, clock = self._folder, self._clock

        def make(_: Any) -> Profile:
            with _told():
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                return profiles.find_or_create(folder, origin, account, clock=clock)

        self._lanes.read(self, make, lambda made: self.added.emit(made, role), failed=self.trouble.emit)

    @Slot(str, str, str)
    def repair(self, profile_id: str, origin: str, account: str) -> None:
        """Describe an account anew whose description is damaged."""
        line = self.line(profile_id)
        if line is not None:
            found = line
            self._change(lambda: profiles.describe_again(found, origin, account))

    @Slot(str, str)
    def rename(self, profile_id: str, name: str) -> None:
        """Give an account the person's own name."""
        line = self.line(profile_id)
        if line is not None:
            folder = line.folder
            self._change(lambda: profiles.rename(folder, name))

    def _change(self, change: Callable[[], object]) -> None:
        def verb(_: Any) -> ChangeSet:
            with _told():
                change()
            return ChangeSet()

        self._lanes.write(verb, owner=self, done=self._changed, failed=self._failed, background=True)

    def _changed(self, _: ChangeSet) -> None:
        self.refresh()

    def _failed(self, error: KnownError) -> None:
        self.trouble.emit(error)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the disk refuses into what a person can act on."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            "The account's folder cannot be used",
            f"{error.strerror or 'It cannot be written'}. Nothing was changed, and your work is safe.",
            "Make room or ask for the right to write there, then try again.",
        ) from None
