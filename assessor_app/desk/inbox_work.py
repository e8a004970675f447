"""What the inbox does beside showing rows: the search over everything, and keeping its index."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.searching import Found, FoundSubmission, PlaceKind, SearchAnswer
from assessor_app.services import searching
from assessor_app.services.context import Context
from assessor_app.ui.inbox_search import SearchPage
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.base import Workspace
from assessor_app.ui.workspaces.found_place import FoundPlace

INDEX_AFTER_MS = 700
"""So long after a change the index looks at it: what is typed is not taken up letter by letter."""
BETWEEN_BATCHES_MS = 4
"""Room for what the person does between two stretches of indexing."""


class InboxWork(QObject):
    """Connects the search's page with the store, for one unlocked stretch."""

    def __init__(
        self,
        window: MainWindow,
        lanes: Lanes,
        open_submission: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """Listen to the inbox and to changes.

        Args:
            window: with the inbox.
            lanes: where the store is asked.
            open_submission: opens a submission by its id, at once.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._window, self._lanes, self._open = window, lanes, open_submission
        self._page: SearchPage | None = None
        self._left = 0
        self._is_indexing = False
        self._came_meanwhile = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._index)
        lanes.changed.connect(self._index_soon)
        window.inbox.search_opened.connect(self._search_opened)
        self._timer.start(INDEX_AFTER_MS)

    # ---- the index ----

    @Slot()
    def _index_soon(self) -> None:
        if self._is_indexing:
            # What is being counted may have been read before this change.
            self._came_meanwhile = True
        elif not self._timer.isActive():
            self._timer.start(INDEX_AFTER_MS)

    @Slot()
    def _index(self) -> None:
        """Look whether there is something to index."""
        if not self._lanes.is_closed:
            self._is_indexing = True
            self._lanes.read(self, searching.left, self._take_left, key="left")

    def _take_left(self, left: int) -> None:
        before, self._left = self._left, left
        self._is_indexing = bool(left)
        if left and not self._lanes.is_closed:
            self._lanes.write(searching.index_some, done=self._go_on, background=True)
            return
        if self._came_meanwhile:
            self._came_meanwhile = False
            self._index_soon()
        if before and self._page is not None:
            self._page.ask_again()

    def _go_on(self, _: ChangeSet) -> None:
        self._timer.start(BETWEEN_BATCHES_MS)

    # ---- the search ----

    @Slot(object)
    def _search_opened(self, page: SearchPage) -> None:
        if page is not self._page:
            self._page = page
            page.words_changed.connect(self._find)
            page.place_wanted.connect(self._go_to)

    @Slot(str)
    def _find(self, text: str) -> None:
        if not self._is_indexing:
            # Words of pages are kept without telling anybody: they are taken up now.
            self._index()

        def find(context: Context) -> SearchAnswer:
            return searching.find(context, text)

        self._lanes.read(self, find, self._show_found, key="search")

    def _show_found(self, answer: SearchAnswer) -> None:
        if self._page is not None:
            self._page.show_answer(answer, self._left)

    @Slot(object)
    def _go_to(self, wanted: Found | FoundSubmission) -> None:
        """Open a submission at a place; a heading stands for its first place."""
        found = wanted.places[0] if isinstance(wanted, FoundSubmission) else wanted
        self._open(str(found.submission_id))
        workspace = self._window.workspace()
        is_place = found.kind is not PlaceKind.TITLE
        if is_place and isinstance(workspace, Workspace) and workspace.submission_id == found.submission_id:
            FoundPlace(workspace, found)
