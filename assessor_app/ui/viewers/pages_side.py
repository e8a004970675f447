"""What the side bar of the pages holds, and where its rows lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QRectF, QTimer, Signal, Slot

from assessor_app.documents import file_parts
from assessor_app.documents.file_parts import OutlineEntry
from assessor_app.documents.pages import DocumentInfo, EvidenceSource, FileRemark, SearchHit
from assessor_app.documents.remarks import quoted, remarks_of
from assessor_app.documents.sniff import Kind
from assessor_app.errors import KnownError
from assessor_app.services import page_texts
from assessor_app.ui.annotate.layer import Mark
from assessor_app.ui.place_names import has_slides
from assessor_app.ui.render_context import HasRenderer
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.found_list import FoundList
from assessor_app.ui.viewers.outline_tree import OutlineTree
from assessor_app.ui.viewers.page_ways import PageWays
from assessor_app.ui.viewers.pages import PageView
from assessor_app.ui.viewers.remark_list import RemarkList
from assessor_app.ui.viewers.search import Search
from assessor_app.ui.viewers.side_bar import SideBarPlace
from assessor_app.ui.viewers.thumbnails import Thumbnails

_PRIORITY = 200
_REMARKS_S = 3.0
_QUOTED_PAGES = 24
"""Pages whose words are read for what the learner marked: few, because pages to be drawn wait meanwhile."""
_AFTER_MS = 300
"""Outline and remarks are asked for once the first pages are there."""


class PagesSide(QObject):
    """Fills the side bar of a viewer of pages.

    Args:
        place: the bar and the pages beside it.
        pages: the pages.
        ways: how one gets to them.
        search: whose hits are listed.
        lanes: where outline, remarks and small pictures come from.
        parent: the viewer.
    """

    search_wanted = Signal()
    """The person wants to type words to look for."""
    remarks_known = Signal(int)
    """How many remarks the file brought along."""
    own_marks_switched = Signal()
    """The person wants to see the learner's own marks on the pages, or no longer."""

    def __init__(
        self,
        place: SideBarPlace,
        pages: PageView,
        ways: PageWays,
        search: Search,
        lanes: Lanes,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._place, self._pages, self._ways, self._search = place, pages, ways, search
        self._lanes = lanes
        self._source: EvidenceSource | None = None
        self._is_outline_asked = False
        self._has_given_remarks = False
        bar = place.bar
        self.thumbnails = Thumbnails(lanes, bar)
        self.outline = OutlineTree(bar)
        self.found = FoundList(search, bar)
        self.remarks = RemarkList(bar)
        bar.add_tab("pages", self.tr("Pages"), "gallery-vertical", self.thumbnails)
        bar.add_tab("outline", self.tr("Outline"), "list-tree", self.outline)
        bar.add_tab("found", self.tr("Found"), "text-search", self.found)
        bar.add_tab("remarks", self.tr("In the file"), "message-square-text", self.remarks)
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        self._connect()

    def open(self, source: EvidenceSource, info: DocumentInfo, turn: int) -> None:
        """Another document is shown.

        Args:
            source: the file.
            info: what it is.
            turn: quarter turns to the right in which it is shown.
        """
        bar, is_pdf = self._place.bar, info.kind is Kind.PDF
        self._source = source if is_pdf else None
        self._is_outline_asked = self._has_given_remarks = False
        are_slides = has_slides(source.name, source.media_type)
        self.found.are_slides = self.remarks.are_slides = are_slides
        self.thumbnails.set_turn(turn)
        self.thumbnails.open(source, info.pages, are_slides=are_slides)
        self.outline.show_outline(())
        self.remarks.show_remarks((), are_on_pages=False)
        # Until it is known, the outline can be chosen; the tab then says that there is none.
        bar.set_available("outline", is_pdf)
        bar.set_available("found", info.has_text)
        bar.set_available("remarks", False)
        self.remarks_known.emit(0)
        if is_pdf:
            self._timer.start()
        self._place.restore()

    def close(self) -> None:
        """The document is let go of."""
        self._timer.stop()
        self._source = None
        self.thumbnails.open(None, ())

    def set_remarks(self, remarks: Sequence[FileRemark]) -> None:
        """Show remarks that stand in the file itself, not in the pages shown: an office file's, say.

        They take the place of what the pages' own file holds, until another document is opened.
        """
        self._has_given_remarks = True
        self._show_remarks(remarks, are_on_pages=False)

    def show_own_marks(self, are_shown: bool) -> None:
        """The learner's own marks are to be seen on the pages, or not."""
        self.thumbnails.set_bare(not are_shown)
        self.remarks.on_pages.setChecked(are_shown)

    def show_marks(self, marks: Iterable[Mark]) -> None:
        """Hint at the person's marks on the small pages."""
        colours: dict[int, list[str]] = {}
        for mark in marks:
            on_page = colours.setdefault(mark.placement.page, [])
            if mark.annotation.colour not in on_page:
                on_page.append(mark.annotation.colour)
        self.thumbnails.show_marks(colours)

    def find_all(self) -> None:
        """Bring up the list of hits, and the search field unless there are hits already."""
        self._place.open_bar("found")
        if not self._search.query:
            self.search_wanted.emit()

    def _connect(self) -> None:
        self.thumbnails.chosen.connect(self._go_to_page)
        self.thumbnails.refused.connect(self._pages.supply.refuse)
        self._pages.supply.failed.connect(self.thumbnails.skip)
        self.outline.chosen.connect(self._go_to_entry)
        self.found.chosen.connect(self._show_hit)
        self.found.words_wanted.connect(self.search_wanted)
        self.remarks.chosen.connect(self._go_to_remark)
        self.remarks.on_pages.clicked.connect(self._switch_own_marks)
        self._place.shown_changed.connect(self._bar_shown)
        self._pages.page_changed.connect(self._show_page)
        self._place.bar.tab_shown.connect(self._tab_shown)
        self._ways.turned.connect(self.thumbnails.set_turn)

    # ---- what the file holds ----

    @Slot()
    def _ask(self) -> None:
        source = self._source
        if source is None:
            return
        self._ask_outline()
        if self._has_given_remarks:
            return

        def query(context: HasRenderer) -> tuple[FileRemark, ...]:
            remarks = remarks_of(context.renderer, source, wait_s=_REMARKS_S)
            return quoted(
                remarks, lambda page: page_texts.page_text(context, source, page)[0], most_pages=_QUOTED_PAGES
            )

        def done(remarks: tuple[FileRemark, ...]) -> None:
            if self._source is source and not self._has_given_remarks:
                self._show_remarks(remarks, are_on_pages=True)

        self._lanes.render(self, query, done, failed=self._ignore, key="remarks", priority=_PRIORITY)

    @Slot()
    def _bar_shown(self) -> None:
        if not self._timer.isActive():
            self._ask_outline()

    def _ask_outline(self) -> None:
        """The outline is read when there is somebody to look at it: a hostile one costs time."""
        source = self._source
        if source is None or self._is_outline_asked or not self._place.is_bar_shown:
            return
        self._is_outline_asked = True

        def query(context: HasRenderer) -> tuple[OutlineEntry, ...]:
            return file_parts.outline_of(context.renderer, source)

        def done(entries: tuple[OutlineEntry, ...]) -> None:
            if self._source is source:
                self._show_outline(entries)

        def failed(_error: KnownError) -> None:
            if self._source is source:
                self._show_outline(())

        self._lanes.render(self, query, done, failed=failed, key="outline", priority=_PRIORITY)

    def _ignore(self, _error: KnownError) -> None:
        """What cannot be read beside the pages is not there; the pages are what counts."""

    def _show_outline(self, entries: Sequence[OutlineEntry]) -> None:
        self.outline.show_outline(entries)
        self._place.bar.set_available("outline", bool(entries))
        self._place.restore_tab()
        self.outline.show_page(self._pages.page, is_fresh=True)

    def _show_remarks(self, remarks: Sequence[FileRemark], *, are_on_pages: bool) -> None:
        self.remarks.show_remarks(remarks, are_on_pages=are_on_pages)
        self._place.bar.set_available("remarks", bool(remarks))
        self._place.restore_tab()
        self.remarks_known.emit(len(remarks))

    # ---- going there ----

    @Slot(int)
    def _show_page(self, page: int) -> None:
        self.thumbnails.show_page(page)
        if self.outline.isVisible():
            self.outline.show_page(page)

    @Slot()
    def _switch_own_marks(self) -> None:
        self.own_marks_switched.emit()

    @Slot(str)
    def _tab_shown(self, tab_id: str) -> None:
        if tab_id == "outline":
            self.outline.show_page(self._pages.page, is_fresh=True)

    @Slot(int)
    def _go_to_page(self, page: int) -> None:
        self._ways.go_to_page(page, "thumbnails")
        self._place.leave_bar()

    @Slot(object)
    def _go_to_entry(self, entry: OutlineEntry) -> None:
        if entry.page is not None:
            self._ways.go_to_height(entry.page, entry.y)
            self._place.leave_bar()

    @Slot(object)
    def _go_to_remark(self, remark: FileRemark) -> None:
        if remark.page is None:
            return
        bounds = QRectF()
        for x0, y0, x1, y1 in remark.rects:
            bounds = bounds.united(QRectF(x0, y0, x1 - x0, y1 - y0))
        before = self._pages.place
        if bounds.isNull():
            self._pages.go_to_page(remark.page)
        else:
            self._pages.show_rect(remark.page, bounds)
        self._pages.jumped.emit(before, "remarks")
        self._place.leave_bar()

    @Slot(object)
    def _show_hit(self, hit: SearchHit) -> None:
        self._search.show(hit)
        self._place.leave_bar()
