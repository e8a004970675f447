"""Hears from the desktop that the screen is locked or the computer goes to sleep; on Linux, by D-Bus."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot

SWITCHED: Any = SLOT("_switched(bool)")
"""A text, whatever the stubs of PySide6 say."""
SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver")


class ScreenLock(QObject):
    """Says nothing where the system offers nothing: then the idle time is what locks."""

    locked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Listen, where there is somebody to listen to."""
        super().__init__(parent)
        self.is_listening = sys.platform.startswith("linux") and self._listen()

    def _listen(self) -> bool:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:
            return False
        session, system = QDBusConnection.sessionBus(), QDBusConnection.systemBus()
        heard = [
            session.connect("", "", saver, "ActiveChanged", self, SWITCHED)
            for saver in SAVERS
            if session.isConnected()
        ]
        if system.isConnected():
            manager, path = "org.freedesktop.login1.Manager", "/org/freedesktop/login1"
            service = "org.freedesktop.login1"
            heard.append(system.connect(service, path, manager, "PrepareForSleep", self, SWITCHED))
        return any(heard)

    @Slot(bool)
    def _switched(self, is_on: bool) -> None:
        if is_on:
            self.locked.emit()
