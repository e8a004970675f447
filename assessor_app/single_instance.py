"""One process owns a profile: a second start raises the first one's window and ends."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, Signal, Slot

from assessor_app.errors import ProfileInUse, StoreError

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

LOCK_NAME = "lock"
ANSWER_TIMEOUT_MS = 2000
"""How long a second start tries to reach the first, which listens once its window is there."""
ASK_AGAIN_S = 0.05


class SingleInstance(QObject):
    """Holds the profile's lock as long as it lives."""

    raise_requested = Signal()
    """Somebody started the program once more for this profile."""

    def __init__(self, folder: Path, profile_id: str, parent: QObject | None = None) -> None:
        """Take the lock; `listen` is left for later, since what it needs takes time to load.

        Raises:
            ProfileInUse: another running workstation has it; it has been asked to show its window.
            StoreError: the folder cannot be written.
        """
        super().__init__(parent)
        self._name = f"assessor-workstation-{profile_id}"
        self._lock = QLockFile(str(folder / LOCK_NAME))
        self._lock.setStaleLockTime(0)
        if not self._lock.tryLock(0):
            if self._lock.error() is not QLockFile.LockError.LockFailedError:
                raise StoreError(
                    "The profile's folder cannot be used",
                    f"Nothing can be written to {folder}. Nothing was changed, and your work is safe.",
                    "Make room or ask for the right to write there, then start again.",
                )
            _ask_to_raise(self._name)
            raise ProfileInUse(
                "The workstation is already open",
                "Its window has been brought to the front. Your work is safe.",
                "Go on in the window that is open.",
            )
        self._server: QLocalServer | None = None

    @Slot()
    def listen(self) -> None:
        """Hear from now on whether the program is started once more. Safe to call twice."""
        if self._server is not None:
            return
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._asked)
        self._server.listen(self._name)

    def release(self) -> None:
        """Give the profile free."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @Slot()
    def _asked(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnectFromServer()
            self.raise_requested.emit()


def _ask_to_raise(name: str) -> None:
    from PySide6.QtNetwork import QLocalSocket

    until = QDeadlineTimer(ANSWER_TIMEOUT_MS)
    while not until.hasExpired():
        socket = QLocalSocket()
        socket.connectToServer(name)
        if socket.waitForConnected(max(1, until.remainingTime())):
            socket.disconnectFromServer()
            return
        time.sleep(ASK_AGAIN_S)
