"""One process owns a profile: a second start raises the first one's window and ends."""

from __future__ import annotations

import contextlib
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from assessor_app.errors import ProfileInUse

LOCK_NAME = "lock"
ANSWER_TIMEOUT_MS = 2000


class SingleInstance(QObject):
    """Holds the profile's lock as long as it lives."""

    raise_requested = Signal()
    """Somebody started the program once more for this profile."""

    def __init__(self, folder: Path, profile_id: str, parent: QObject | None = None) -> None:
        """Take the lock.

        Raises:
            ProfileInUse: another running workstation has it; it has been asked to show its window.
        """
        super().__init__(parent)
        self._name = f"assessor-workstation-{profile_id}"
        self._lock = QLockFile(str(folder / LOCK_NAME))
        self._lock.setStaleLockTime(0)
        if not self._lock.tryLock(0):
            _ask_to_raise(self._name)
            raise ProfileInUse(
                "The workstation is already open",
                "Its window has been brought to the front. Your work is safe.",
                "Go on in the window that is open.",
            )
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._asked)
        self._server.listen(self._name)

    def release(self) -> None:
        """Give the profile free."""
        self._server.close()
        self._lock.unlock()

    @Slot()
    def _asked(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnectFromServer()
            self.raise_requested.emit()


def _ask_to_raise(name: str) -> None:
    socket = QLocalSocket()
    with contextlib.suppress(RuntimeError):
        socket.connectToServer(name)
        socket.waitForConnected(ANSWER_TIMEOUT_MS)
        socket.disconnectFromServer()
