"""Locks what is left alone: says so a minute before, keeps what is typed, closes every window, then locks."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from assessor_app.clock import Clock
from assessor_app.desk.kept_settings import KeptSettings
from assessor_app.desk.open_profile import OpenProfile
from assessor_app.ui.idle import IdleWatch
from assessor_app.ui.screen_lock import ScreenLock
from assessor_app.ui.typed_words import open_dialogs, typed_in

AGAIN_MS = 20
"""Until it is looked again whether every window has gone; each may run an event loop of its own."""


class AccountsHere(Protocol):
    """What is asked of the accounts."""

    @property
    def present(self) -> OpenProfile | None:
        """The profile that is open."""


class IdleLock(QObject):
    """One for the whole program."""

    def __init__(self, accounts: AccountsHere, settings: KeptSettings, clock: Clock, parent: QObject) -> None:
        """Begin to watch.

        Args:
            accounts: whose open profile is locked.
            settings: after how many minutes, and whether with the screen.
            clock: for the idle time.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._accounts, self._settings = accounts, settings
        self.watch = IdleWatch(clock, self)
        self.watch.left_alone.connect(self.lock)
        self.watch.slept.connect(self._lock_with_screen)
        self.watch.nearly.connect(self._say_nearly)
        self._screen = ScreenLock(self)
        self._screen.locked.connect(self._lock_with_screen)
        settings.changed.connect(self._follow)
        self._is_copied_here = False
        QGuiApplication.clipboard().dataChanged.connect(self._note_copy)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.watch.set_minutes(self._settings.config.lock_minutes)

    @Slot()
    def _note_copy(self) -> None:
        """Whatever is copied while a window of ours has the keyboard was copied in it."""
        self._is_copied_here = QGuiApplication.focusWindow() is not None

    @Slot()
    def _lock_with_screen(self) -> None:
        if self._settings.config.locks_with_screen:
            self.lock()

    @Slot(bool)
    def _say_nearly(self, is_near: bool) -> None:
        present = self._accounts.present
        if present is not None and present.desk.is_open:
            present.desk.window.lock_notice.setVisible(is_near)
            if is_near and present.desk.rounds is not None:
                # The last moment at which drafts can still be copied: locked, nothing is sent.
                present.desk.rounds.sync_now()

    @Slot()
    def lock(self) -> None:
        """Close every window, with what was typed there kept, then lock."""
        present = self._accounts.present
        if present is None or not present.desk.is_open:
            return
        dialogs = open_dialogs()
        if dialogs:
            # The one on top first: those below may wait for its answer.
            present.desk.keep_words(typed_in(dialogs[-1]))
            top = dialogs[-1]
            top.reject()
            if top.isVisible():
                top.hide()
            QTimer.singleShot(AGAIN_MS, self, self.lock)
            return
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        present.desk.window.lock_notice.hide()
        if self._is_copied_here:
            QGuiApplication.clipboard().clear()
        present.desk.lock()
