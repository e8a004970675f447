"""Colours and the size of all text."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from assessor_app.ui.gate import field_with_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.settings.section import Section
from assessor_app.ui.theme import SCALE_MAX_PERCENT, SCALE_MIN_PERCENT, SCALE_STEP_PERCENT, Scheme, Theme


class AppearanceSection(Section):
    """The same choices as in the menu; the theme itself keeps them."""

    icon = "contrast"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Build the two choices and follow the theme."""
        super().__init__(self.tr("Appearance"), parent)
        self._theme = theme
        self.scheme, self.scale = QComboBox(self), QComboBox(self)
        for scheme, words in (
            (Scheme.SYSTEM, self.tr("Colours of the system")),
            (Scheme.LIGHT, self.tr("Light")),
            (Scheme.DARK, self.tr("Dark")),
            (Scheme.HIGH_CONTRAST, self.tr("High contrast")),
        ):
            self.scheme.addItem(words, scheme.value)
        for percent in range(SCALE_MIN_PERCENT, SCALE_MAX_PERCENT + 1, SCALE_STEP_PERCENT):
            self.scale.addItem(self.tr("{percent} %").format(percent=percent), percent)
        for words, field in ((self.tr("Colours"), self.scheme), (self.tr("Size of all text"), self.scale)):
            field.setAccessibleName(words)
            self.add(field_with_label(plain_label(words, "caption-strong"), field))
        self.body.addStretch(1)
        self._follow()
        theme.changed.connect(self._follow)
        self.scheme.activated.connect(self._choose)
        self.scale.activated.connect(self._choose)

    @Slot()
    def _follow(self) -> None:
        self.scheme.setCurrentIndex(self.scheme.findData(self._theme.scheme.value))
        self.scale.setCurrentIndex(self.scale.findData(self._theme.scale_percent))

    @Slot()
    def _choose(self) -> None:
        self._theme.apply(Scheme(self.scheme.currentData()), self.scale.currentData())
