"""The person's settings while the program runs: what is in force, changed at once and written behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from assessor_app import config as configuration
from assessor_app.config import Config
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import KnownError
from assessor_app.ui.tasks import Lanes


class KeptSettings(QObject):
    """One for the whole program, so that no part writes over what another has changed."""

    changed = Signal()
    """Something is in force that was not before."""
    trouble = Signal(object)
    """KnownError: the settings could not be written; they hold until the program is closed."""

    def __init__(self, config: Config, lanes: Lanes, parent: QObject | None = None) -> None:
        """Hold what was read at the start.

        Args:
            config: as it was read.
            lanes: those that live as long as the program; they write.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.config = config
        self._lanes = lanes

    def change(self, **values: Any) -> None:
        """Change settings, by the names that `config.save_settings` has for them.

        Raises:
            TypeError: there is no such setting.
        """
        before = self.config
        self.config = replace(before, **values)
        if self.config == before:
            return

        def save(_: Any) -> ChangeSet:
            try:
                configuration.save_settings(before, **values)
            except OSError as error:
                raise KnownError(
                    "Your settings were not kept",
                    f"The settings cannot be written: {error.strerror}. Your work is safe.",
                    "They hold until the program is closed.",
                ) from None
            return ChangeSet()

        if not self._lanes.is_closed:
            self._lanes.write(save, owner=self, failed=self.trouble.emit, background=True)
        self.changed.emit()
