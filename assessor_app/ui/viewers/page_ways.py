"""Ways through a document by command: pages, back and forward, turning, zoom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.documents.anchoring import PagePoint
from assessor_app.ui.viewers.base import Command
from assessor_app.ui.viewers.call import Call
from assessor_app.ui.viewers.habits import HABITS, Habits
from assessor_app.ui.viewers.history import History
from assessor_app.ui.viewers.pages import PageView
from assessor_app.ui.viewers.zoom import Fit, Zoom


class PageWays(QObject):
    """Sends the pages to places and remembers from where.

    Args:
        pages: the pages.
        parent: the viewer.
        habits: where the turn of each document is kept.
    """

    turned = Signal(int)
    """Quarter turns to the right in which pages are shown now."""

    def __init__(self, pages: PageView, parent: QObject, *, habits: Habits = HABITS) -> None:
        super().__init__(parent)
        self._pages, self._habits = pages, habits
        self._history = History()
        self._digest = ""
        pages.jumped.connect(self._keep_jump)
        pages.history_requested.connect(self._step)

    def open(self, sha256: str) -> int:
        """Another document; says by how many quarter turns it is shown turned."""
        self._digest = sha256
        self._history.clear()
        return self._habits.turns.get(sha256, 0)

    def close(self) -> None:
        """The document is left: where, is remembered."""
        if self._digest and self._pages.page_count:
            is_moved = self._pages.verticalScrollBar().value() > 0
            self._habits.keep_place(self._digest, self._pages.place if is_moved else None)
        self._digest = ""

    @property
    def place(self) -> PagePoint | None:
        """Where the document at hand was left the last time; None for its beginning."""
        return self._habits.places.get(self._digest)

    @property
    def first_pages(self) -> Mapping[str, int]:
        """The page that a document is opened at, by the file's digest, where it is not the first."""
        return {digest: place.page for digest, place in self._habits.places.items()}

    @property
    def turns(self) -> Mapping[str, int]:
        """Quarter turns by the file's digest, of those that do not stand upright."""
        return self._habits.turns

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        pages = self._pages
        return {
            "zoom.in": self._call(pages.zoom_step, 1),
            "zoom.out": self._call(pages.zoom_step, -1),
            "zoom.actual": self._call(pages.set_zoom, Zoom(Fit.NOTHING, 1.0)),
            "zoom.page": self._call(pages.set_zoom, Zoom(Fit.PAGE)),
            "zoom.width": self._call(pages.set_zoom, Zoom(Fit.WIDTH)),
            "zoom.height": self._call(pages.set_zoom, Zoom(Fit.HEIGHT)),
            "rotate.right": self._call(self.turn, 1),
            "rotate.left": self._call(self.turn, -1),
            "page.next": self.next_page,
            "page.previous": self.previous_page,
            "page.first": self._call(self.go_to_page, 0),
            "page.last": self.last_page,
            "history.back": self._call(self._step, -1),
            "history.forward": self._call(self._step, 1),
        }

    def next_page(self) -> None:
        """Read on with the next page; no jump."""
        self._pages.go_to_page(self._pages.page + 1)

    def previous_page(self) -> None:
        """The page before; no jump."""
        self._pages.go_to_page(self._pages.page - 1)

    def last_page(self) -> None:
        """Jump to the last page."""
        self.go_to_page(self._pages.page_count - 1)

    def go_to_page(self, page: int, walk: str = "") -> None:
        """Jump to a page.

        Args:
            page: index from 0.
            walk: what is walked through, if this is one of many small steps: see `History.jumped`.
        """
        before = self._pages.place
        self._pages.go_to_page(page)
        self._keep_jump(before, walk)

    @Slot(int, float)
    def go_to_height(self, page: int, y: float) -> None:
        """Jump to a height on a page, in points from its top."""
        before = self._pages.place
        self._pages.go_to_height(page, y)
        self._keep_jump(before)

    def turn(self, direction: int) -> None:
        """Turn all pages a quarter to the right (1) or left (-1); kept for the session."""
        turn = (self._pages.quarter_turns + direction) % 4
        self._habits.turns.pop(self._digest, None)
        if turn and self._digest:
            self._habits.turns[self._digest] = turn
        self._pages.set_turn(turn)
        self.turned.emit(turn)

    @Slot(object, str)
    def _keep_jump(self, before: PagePoint, walk: str = "") -> None:
        self._history.jumped(before, self._pages.place, walk)

    @Slot(int)
    def _step(self, direction: int) -> None:
        here = self._pages.place
        place = self._history.back(here) if direction < 0 else self._history.forward(here)
        if place is not None:
            self._pages.go_to_place(place)

    def _call(self, method: Callable[[Any], object], argument: object) -> Command:
        return Call(method, argument, self).run
