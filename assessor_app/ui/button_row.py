"""Buttons side by side where there is room for all of them, else one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QBoxLayout, QPushButton

from assessor_app.ui.theme import space


class ButtonRow(QBoxLayout):
    """A row of buttons that turns into a column; whoever holds it calls `fit` when its own width changes."""

    def __init__(self, buttons: Sequence[QPushButton]) -> None:
        """Take buttons in their order."""
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._buttons = tuple(buttons)
        for button in buttons:
            self.addWidget(button)
        self.addStretch(1)

    def fit(self, room_px: int) -> None:
        """Lie or stand, as the room asks for."""
        shown = [button for button in self._buttons if not button.isHidden()]
        gap = space(shown[0], 1.5) if shown else 0
        wanted = sum(button.sizeHint().width() + gap for button in shown)
        is_wide = wanted <= room_px
        self.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)

    def least_px(self) -> int:
        """The width without which a button would be cut."""
        shown = (button for button in self._buttons if not button.isHidden())
        return max((button.sizeHint().width() for button in shown), default=0)
