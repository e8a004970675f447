"""Opens the settings window and gives what is changed there to the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.desk.kept_settings import KeptSettings
from assessor_app.ui.settings.accounts import AccountsSection
from assessor_app.ui.settings.appearance import AppearanceSection
from assessor_app.ui.settings.downloads import DownloadsSection
from assessor_app.ui.settings.lock import LockSection
from assessor_app.ui.settings.section import Section
from assessor_app.ui.settings.window import SettingsWindow
from assessor_app.ui.theme import Theme

MoreSections = Callable[[KeptSettings], Section]
MORE_SECTIONS: tuple[MoreSections, ...] = (lambda settings: DownloadsSection(settings.config),)
"""Sections of other features, each made when the window opens."""


class SettingsDesk(QObject):
    """One window at a time."""

    list_requested = Signal()
    sign_out_requested = Signal()

    def __init__(self, settings: KeptSettings, theme: Theme, parent: QObject | None = None) -> None:
        """Wait to be asked."""
        super().__init__(parent)
        self._settings, self._theme = settings, theme
        self._window: SettingsWindow | None = None
        settings.changed.connect(self._follow)

    def show(self, parent: QWidget | None, *, has_passphrase: bool | None) -> None:
        """Show the window.

        Args:
            parent: the window of the open account.
            has_passphrase: whether unlocking that account asks for one; None where none is open.
        """
        if self._window is None:
            config = self._settings.config
            accounts = AccountsSection(config, is_open=has_passphrase is not None)
            accounts.list_requested.connect(self.list_requested)
            accounts.sign_out_requested.connect(self.sign_out_requested)
            sections: list[Section] = [
                AppearanceSection(self._theme),
                LockSection(config, has_passphrase=has_passphrase),
                accounts,
                *(make(self._settings) for make in MORE_SECTIONS),
            ]
            self._window = window = SettingsWindow(sections, parent)
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            window.changed.connect(self._change)
            window.destroyed.connect(self._forget)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    @Slot(dict)
    def _change(self, values: Mapping[str, Any]) -> None:
        self._settings.change(**values)

    @Slot()
    def _follow(self) -> None:
        if self._window is not None:
            self._window.show_config(self._settings.config)

    @Slot()
    def _forget(self) -> None:
        self._window = None
