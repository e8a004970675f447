"""A part of a page that is as high as what is in it while there is room, and scrolls where there is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

LEAST_LINES = 2
"""Lines of text that stay in view however short the room is."""


class TallScroll(QScrollArea):
    """Takes a few lines at least; the keyboard can scroll it whenever something is hidden."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Begin empty; put in what it holds with `setWidget`.

        Args:
            name: what it holds, for screen readers.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self._told_px = -1
        self.verticalScrollBar().rangeChanged.connect(self._offer_keys)

    def setWidget(self, held: QWidget) -> None:
        """Hold something, on the ground of what is around."""
        super().setWidget(held)
        held.setAutoFillBackground(False)

    def needed_px(self, width: int) -> int:
        """How high it must be at a width, in pixels, so that nothing scrolls."""
        held = self.widget()
        if held is None:
            return 0
        return held.heightForWidth(width) if held.hasHeightForWidth() else held.sizeHint().height()

    def sizeHint(self) -> QSize:
        """As high as what is in it at the present width."""
        held = self.widget()
        width = held.sizeHint().width() if held is not None else 0
        return QSize(width, self.needed_px(self.width()))

    def minimumSizeHint(self) -> QSize:
        """As wide as what is in it must be, and a few lines high."""
        held = self.widget()
        width = held.minimumSizeHint().width() if held is not None else 0
        few = self.fontMetrics().lineSpacing() * LEAST_LINES
        return QSize(width, min(few, self.needed_px(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        self._offer_bar()
        super().resizeEvent(event)
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """So do other words."""
        handled = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._tell()
        return handled

    def _tell(self) -> None:
        self._offer_bar()
        needed = self.needed_px(self.width())
        if needed != self._told_px:
            self._told_px = needed
            self.updateGeometry()

    def _offer_bar(self) -> None:
        """None where everything fits: Qt keeps one for the lines that wrap because it is there."""
        fits = self.height() >= self.needed_px(self.width())
        policies = Qt.ScrollBarPolicy
        wanted = policies.ScrollBarAlwaysOff if fits else policies.ScrollBarAsNeeded
        if wanted is not self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(wanted)

    @Slot(int, int)
    def _offer_keys(self, _: int, most: int) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if most > 0 else Qt.FocusPolicy.NoFocus)


def settle(*parts: QWidget | None) -> None:
    """Lay out at once what was folded or unfolded, so that nothing around asks for its old height.

    Args:
        parts: from the inside out.
    """
    for part in parts:
        layout = part.layout() if part is not None else None
        if layout is not None:
            layout.activate()
