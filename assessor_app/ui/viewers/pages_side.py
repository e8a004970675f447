"""What the side bar of the pages holds, and where its rows lead."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from assessor_app.documents.pages import SearchHit
from assessor_app.ui.viewers.found_list import FoundList
from assessor_app.ui.viewers.search import Search
from assessor_app.ui.viewers.side_bar import SideBarPlace


class PagesSide(QObject):
    """Fills the side bar of a viewer of pages.

    Args:
        place: the bar and the pages beside it.
        search: whose hits are listed.
        parent: the viewer.
    """

    search_wanted = Signal()
    """The person wants to type words to look for."""

    def __init__(self, place: SideBarPlace, search: Search, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._search = place, search
        self.found = FoundList(search, place.bar)
        place.bar.add_tab("found", self.tr("Found"), "text-search", self.found)
        self.found.chosen.connect(self._show_hit)
        self.found.words_wanted.connect(self.search_wanted)

    def open(self) -> None:
        """Another document is shown."""
        self._place.restore()

    def find_all(self) -> None:
        """Bring up the list of hits, and the search field unless there are hits already."""
        self._place.open_bar("found")
        if not self._search.query:
            self.search_wanted.emit()

    def _show_hit(self, hit: SearchHit) -> None:
        self._search.show(hit)
        self._place.leave_bar()
