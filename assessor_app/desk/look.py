"""Keeps the person's choice of colours and text size in the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from assessor_app.config import ColourScheme, Config
from assessor_app.desk.kept_settings import KeptSettings
from assessor_app.ui.theme import Scheme, Theme


class KeptLook(QObject):
    """Keeps whatever the person has chosen, and gives it to the theme at the start."""

    def __init__(self, settings: KeptSettings, theme: Theme, parent: QObject) -> None:
        """Start keeping, for as long as `parent` is there."""
        super().__init__(parent)
        self._settings, self._theme = settings, theme
        theme.chosen.connect(self._keep)

    @Slot()
    def _keep(self) -> None:
        self._settings.change(
            colour_scheme=ColourScheme(self._theme.scheme.value), font_scale_percent=self._theme.scale_percent
        )


def kept_scheme(config: Config) -> Scheme:
    """The colours that the settings name."""
    return Scheme(config.colour_scheme.value)
