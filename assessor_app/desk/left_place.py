"""Where the person was when the profile locked, and the way back there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from assessor_app.ui.scoring.card_column import CardScroll
from assessor_app.ui.viewers.page_ways import PageWays
from assessor_app.ui.workspaces.base import Workspace


@dataclass(frozen=True, slots=True)
class LeftPlace:
    """No content: a key of a line, and how far the panel was scrolled."""

    entry_key: str = ""
    scrolled_px: tuple[int, ...] = ()


def left_place(workspace: QWidget | None) -> LeftPlace:
    """Where the person is; the place in each document is remembered with the document."""
    if not isinstance(workspace, Workspace):
        return LeftPlace()
    for ways in workspace.findChildren(PageWays):
        ways.close()
    entry = workspace.evidence.current_entry()
    scrolled = tuple(area.verticalScrollBar().value() for area in workspace.findChildren(CardScroll))
    return LeftPlace("" if entry is None else entry.key, scrolled)


class WayBack(QObject):
    """Goes back once, as soon as the submission is shown; a person who goes elsewhere first is not moved."""

    def __init__(self, workspace: Workspace, place: LeftPlace) -> None:
        """Wait for the submission.

        Args:
            workspace: that of the same submission; the parent.
            place: where the person was.
        """
        super().__init__(workspace)
        self._workspace, self._place = workspace, place
        workspace.evidence.entry_chosen.connect(self._go)
        for area, value in zip(workspace.findChildren(CardScroll), place.scrolled_px, strict=False):
            _Scrolling(area, value, self)

    @Slot()
    def _go(self) -> None:
        self._workspace.evidence.entry_chosen.disconnect(self._go)
        if self._place.entry_key:
            self._workspace.evidence.select(self._place.entry_key)


class _Scrolling(QObject):
    """Scrolls an area as soon as it is long enough."""

    def __init__(self, area: QScrollArea, value: int, parent: QObject) -> None:
        super().__init__(parent)
        self._bar, self._value = area.verticalScrollBar(), value
        if value:
            self._bar.rangeChanged.connect(self._look)
            self._bar.sliderPressed.connect(self._stop)

    @Slot()
    def _look(self) -> None:
        if 0 < self._value <= self._bar.maximum():
            self._bar.setValue(self._value)
            self._stop()

    @Slot()
    def _stop(self) -> None:
        self._value = 0
