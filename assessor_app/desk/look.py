"""Keeps the person's choice of colours and text size in the settings."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Slot

from assessor_app import config as configuration
from assessor_app.config import ColourScheme, Config
from assessor_app.desk.desk import Desk
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import KnownError
from assessor_app.ui.theme import Scheme, Theme


class KeptLook(QObject):
    """Writes the settings whenever the person has chosen, and gives them to the theme at the start."""

    def __init__(self, config: Config, theme: Theme, desk: Desk) -> None:
        """Start keeping; `desk` gives the lane that writes and ends with the window."""
        super().__init__(desk)
        self._config, self._theme, self._desk = config, theme, desk
        theme.chosen.connect(self._keep)

    @Slot()
    def _keep(self) -> None:
        config = self._config
        scheme, scale = ColourScheme(self._theme.scheme.value), self._theme.scale_percent
        if self._desk.is_closed or (config.colour_scheme, config.font_scale_percent) == (scheme, scale):
            return

        def save(_: Any) -> ChangeSet:
            try:
                configuration.save_settings(config, font_scale_percent=scale, colour_scheme=scheme)
            except OSError as error:
                raise KnownError(
                    "Your choice of colours or text size was not kept",
                    f"The settings cannot be written: {error.strerror}. Your work is safe.",
                    "It holds until the program is closed.",
                ) from None
            return ChangeSet()

        self._desk.lanes.write(save, background=True)


def kept_scheme(config: Config) -> Scheme:
    """The colours that the settings name."""
    return Scheme(config.colour_scheme.value)
