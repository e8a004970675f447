"""Three panes side by side - evidence, document, judgement - whose widths are remembered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

DEFAULT_SHARES = (20, 46, 34)
"""Widths of the panes before the person has chosen, in percent."""


class PanesSplitter(QSplitter):
    """Keeps its shares when the window changes its size, until the person moves a border."""

    shares_changed = Signal(tuple)
    """Three shares in percent, after the person moved a border."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with the default shares."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(5)
        self._shares: tuple[int, ...] = DEFAULT_SHARES
        self.splitterMoved.connect(self._moved)

    def set_shares(self, shares: tuple[int, ...]) -> None:
        """Use these shares, such as those of the last time; wrong ones are ignored."""
        if len(shares) == self.count() and all(share > 0 for share in shares):
            self._shares = tuple(shares)
            self.spread()

    def reset(self) -> None:
        """Go back to the default shares."""
        self.set_shares(DEFAULT_SHARES)
        self.shares_changed.emit(DEFAULT_SHARES)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the new width by shares."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.spread()

    def spread(self) -> None:
        """Give each pane its share; the room of one that is hidden goes to the next."""
        shares = list(self._shares)
        first = self.widget(0)
        if first is not None and first.isHidden() and len(shares) > 1:
            shares = [0, shares[0] + shares[1], *shares[2:]]
        self.setSizes([max(1, self.width() * share // sum(self._shares)) for share in shares])

    @Slot()
    def _moved(self) -> None:
        panes = [self.widget(number) for number in range(self.count())]
        if any(pane is not None and pane.isHidden() for pane in panes):
            # Only while a comparison takes the room of a pane: the next look is as before.
            return
        total = sum(self.sizes()) or 1
        self._shares = tuple(max(1, round(size * 100 / total)) for size in self.sizes())
        self.shares_changed.emit(self._shares)
