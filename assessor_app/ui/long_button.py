"""A button with many words, which stand on two lines where one has no room for them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

_ROUNDING = 2
"""Pixels that a width may be off by."""


class LongButton(QPushButton):
    """Asks for one line and needs only half of it: none of its words is ever cut."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        """Show `words`, with `&&` for an ampersand as on every button."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._words = ""
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Replace the words."""
        if words != self._words:
            self._words = words
            self.setText(words)
            self.setAccessibleName(words.replace("&&", "&"))
            self._fit()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for all words on one line, in the height that they take now."""
        return QSize(self._around_px() + self._advance(self._words), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for all words on two lines."""
        widest = max(self._advance(line) for line in in_two(self._words, self._advance))
        return QSize(self._around_px() + widest + _ROUNDING, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the words where they have no room."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs another room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        room = self.width() - self._around_px()
        fits = self._advance(self._words) <= room + _ROUNDING
        text = self._words if fits else "\n".join(in_two(self._words, self._advance))
        if text != self.text():
            self.setText(text)
            self.updateGeometry()

    def _around_px(self) -> int:
        """What icon and margins take, whatever the words are."""
        metrics = QFontMetrics(self.font())
        shown = max(metrics.horizontalAdvance(line) for line in self.text().replace("&&", "&").split("\n"))
        return super().sizeHint().width() - shown

    def _advance(self, text: str) -> int:
        """How wide a text is at most: a chip that is on is bold."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold if self.isCheckable() else self.font().weight())
        plain = text.replace("&&", "&")
        return max(QFontMetrics(font).horizontalAdvance(plain) for font in (self.font(), bold))


def in_two(words: str, advance: Callable[[str], int]) -> tuple[str, ...]:
    """Words on two lines that are as even as they can be; one word stays on one.

    Args:
        words: what is broken between words.
        advance: how wide a text is.
    """
    parts = words.split(" ")
    breaks = [(" ".join(parts[:n]), " ".join(parts[n:])) for n in range(1, len(parts))]
    return min(breaks, key=lambda lines: max(map(advance, lines)), default=(words,))
