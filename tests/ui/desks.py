"""A real desk for tests: its window, its lanes and its store in a folder of the test's."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.desk.desk import Desk
from assessor_app.desk.way import SignInWay
from assessor_app.domain.roles import Role
from assessor_app.services.profiles import Profile
from assessor_app.tour.demo import walk_through_sign_in
from assessor_app.ui.theme import Theme
from assessor_app.vault import keys
from assessor_app.vault.keys import MasterKey, WrapCost

PROFILE_ID = "01910000-0000-7000-8000-000000000001"
PASSPHRASE = "four words nobody guesses"
CHEAP = WrapCost(memory_kib=64, iterations=1, lanes=1)
NOWHERE = "http://127.0.0.1:9"
AT_ONCE = SignInWay(account="anna", browser=walk_through_sign_in, is_automatic=True)
PATIENCE_MS = 30_000


@dataclass
class Person:
    """Somebody at one computer: a profile folder, and desks on it one after the other."""

    qtbot: QtBot
    theme: Theme
    folder: Path
    origin: str = NOWHERE
    role: Role = Role.ASSESSOR
    bugs: list[str] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)

    def make_key(self, passphrase: str = PASSPHRASE) -> MasterKey:
        """A profile that was set up before, with a key that is quick to unwrap, and an empty store."""
        master = keys.create_key(self.folder, PROFILE_ID, clock=Clock(), passphrase=passphrase, cost=CHEAP)
        self.store(master).close()
        return master

    def store(self, master: MasterKey) -> Store:
        """The store as it is on the disk; the caller closes it."""
        return Store.open(self.folder, master.database_key(), clock=Clock())

    def sit_down(self, way: SignInWay | None = None) -> Desk:
        """Start the workstation, as far as its desk."""
        profile = Profile(PROFILE_ID, self.folder, self.origin, "anna")
        desk = Desk(profile, self.role, self.theme, Clock(), way or AT_ONCE)
        desk.lanes.bug.connect(self.bugs.append)
        self.desks.append(desk)
        desk.window.resize(1100, 720)
        desk.window.show()
        desk.window.activateWindow()
        desk.start()
        return desk

    def wait(self, look) -> None:
        """Let the window live until something is true."""
        self.qtbot.waitUntil(lambda: bool(look()), timeout=PATIENCE_MS)

    def wait_gate(self, desk: Desk, kind: type) -> object:
        """The page before everything, once it is of this kind."""
        self.wait(lambda: isinstance(desk.window.gate(), kind))
        return desk.window.gate()

    def wait_open(self, desk: Desk) -> None:
        """Until the store is open."""
        self.wait(lambda: desk.rounds is not None)

    def wait_bar(self, desk: Desk, words: str) -> None:
        """Until the bar says so."""
        self.wait(lambda: words in desk.window.sync_bar.connection_text())

    def leave(self) -> None:
        """Close every desk that is left."""
        for desk in self.desks:
            desk.window.close()
            desk.window.deleteLater()
            desk.deleteLater()
        assert self.bugs == []


def words_on(widget) -> str:
    """Everything that stands in a page's visible labels."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def press(qtbot, widget, words: str) -> None:
    """Press the visible button with these words, by keyboard: a click needs a finished layout."""
    for button in widget.findChildren(QPushButton):
        if button.isVisible() and button.text() == words:
            assert button.isEnabled(), words
            button.setFocus()
            qtbot.keyClick(button, Qt.Key.Key_Space)
            return
    raise AssertionError(f"no button {words!r}")


def browse_later(url: str) -> None:
    """A browser that opens the platform's page in its own time."""
    threading.Thread(target=_browse, args=(url,), daemon=True).start()


def _browse(url: str) -> None:
    with urllib.request.urlopen(url, timeout=10) as answer:
        answer.read()


@contextmanager
def silent_platform() -> Iterator[tuple[str, threading.Event]]:
    """A platform that takes a call and never answers; tells when somebody called."""
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                held.append(caller)
                called.set()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", called
        finally:
            # Shut down first: closing alone leaves a thread in accept() where it is.
            server.shutdown(socket.SHUT_RDWR)
            for caller in held:
                caller.close()
            thread.join(5)
