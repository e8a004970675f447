"""All hits of the search, in reading order, while they come in."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.documents.pages import SearchHit
from assessor_app.ui.place_names import page_title
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.place_list import PlaceList, PlaceRow
from assessor_app.ui.viewers.search import Search

_BEFORE_CHARS = 18
MOST_ROWS = 5_000
"""Hits that are listed; nobody reads on, and the search bar counts all."""


class FoundList(QWidget):
    """Lists the hits of a search and says how far it is.

    Args:
        search: the search whose hits they are.
        parent: Qt parent.
    """

    chosen = Signal(object)
    """SearchHit to go to."""
    words_wanted = Signal()
    """There is nothing to list yet: the person wants to type words."""

    def __init__(self, search: Search, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = search
        self._keys: list[tuple[int, int]] = []
        self._query = ""
        self.are_slides = False
        """Whether the pages are those of a presentation."""
        self.state = plain_label("", "quiet", self, wraps=True)
        self.stop_button = QPushButton(self.tr("Stop"), self)
        self.stop_button.setAccessibleName(self.tr("Stop searching"))
        self.find_button = QPushButton(self.tr("Find words…"), self)
        self.list = PlaceList(self.tr("All hits"), self)
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 1))
        column.addLayout(row)
        column.addWidget(self.find_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.list, 1000)
        # Takes the room where there is no list.
        column.addStretch(1)
        self.list.chosen.connect(self.chosen)
        self.stop_button.clicked.connect(search.halt)
        self.find_button.clicked.connect(self.words_wanted)
        search.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        search = self._search
        if search.query != self._query or search.count < len(self._keys):
            self._query, self._keys = search.query, []
            self.list.places.replace([])
        for page in search.take_new_pages():
            self._add(page, search.hits_on(page))
        self.state.setText(self._words())
        self.stop_button.setVisible(search.is_running)
        self.find_button.setVisible(not search.query)
        self.list.setVisible(bool(self._keys))
        self.setFocusProxy(self.list if search.query else self.find_button)
        current = search.current
        if current is not None:
            place = (current.page, current.start)
            at = bisect_left(self._keys, place)
            if at < len(self._keys) and self._keys[at] == place:
                self.list.show_current(at)

    def _add(self, page: int, hits: tuple[SearchHit, ...]) -> None:
        room = MOST_ROWS - len(self._keys)
        hits = hits[: max(0, room)]
        at = bisect_left(self._keys, (page, -1))
        self._keys[at:at] = [(page, hit.start) for hit in hits]
        caption = page_title(page, are_slides=self.are_slides)
        self.list.places.insert(at, [_row(caption, hit) for hit in hits])

    def _words(self) -> str:
        search = self._search
        if not search.query:
            return self.tr("Every place where your words stand is listed here.")
        hits = self.tr("1 hit") if search.count == 1 else self.tr("{n} hits").format(n=search.count)
        if search.is_running:
            return self.tr("{hits}; page {read} of {count} read…").format(
                hits=hits, read=search.pages_read, count=search.page_count
            )
        words = hits if search.count else self.tr("Not found")
        if search.pages_read < search.page_count:
            words = self.tr("{hits}; stopped after {read} of {count} pages").format(
                hits=words, read=search.pages_read, count=search.page_count
            )
        if search.count > MOST_ROWS:
            words += " " + self.tr("(the first {count} are listed)").format(count=MOST_ROWS)
        return words


def _row(caption: str, hit: SearchHit) -> PlaceRow:
    """A row in which the hit itself is always to be seen: few words before it, as many as fit behind."""
    text, at = hit.snippet, hit.snippet_at
    if at > _BEFORE_CHARS:
        cut = text.find(" ", at - _BEFORE_CHARS, at)
        if cut > 1:
            text, at = "…" + text[cut:], at - cut + 1
    return PlaceRow(caption, text, hit, (at, at + hit.end - hit.start))
