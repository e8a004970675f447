"""F6 and Shift+F6: from pane to pane, and back to where the keyboard was in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


class PaneCycle(QObject):
    """Moves the focus through the panes that are on screen, in reading order."""

    def __init__(self, panes: Callable[[], Sequence[QWidget]], parent: QObject | None = None) -> None:
        """Take a function that tells the panes of the moment, in order."""
        super().__init__(parent)
        self._panes = panes

    def next(self) -> None:
        """To the next pane."""
        self._step(+1)

    def previous(self) -> None:
        """To the pane before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        panes = [pane for pane in self._panes() if pane.isVisible() and _first_focusable(pane) is not None]
        if not panes:
            return
        here = _pane_of(QApplication.focusWidget(), panes)
        if here is None:
            target = panes[0 if step > 0 else -1]
        else:
            target = panes[(here + step) % len(panes)]
        before: QWidget | None = target.focusWidget()
        takes_it = before is not None and before.isVisible() and before.isEnabled()
        receiver = before if takes_it else _first_focusable(target)
        if receiver is not None:
            receiver.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _pane_of(focus: QWidget | None, panes: Sequence[QWidget]) -> int | None:
    """Which pane holds the focus; None if it is elsewhere."""
    if focus is None:
        return None
    for number, pane in enumerate(panes):
        if pane is focus or pane.isAncestorOf(focus):
            return number
    return None


def _first_focusable(pane: QWidget) -> QWidget | None:
    for widget in (pane, *pane.findChildren(QWidget)):
        takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes_tab and widget.isVisible() and widget.isEnabled():
            return widget
    return None
