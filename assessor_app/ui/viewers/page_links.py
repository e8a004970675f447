"""Links on the pages: where they are, where they lead. Only a click or a choice from the list follows one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu

from assessor_app.documents import file_parts
from assessor_app.documents.anchoring import PagePoint
from assessor_app.documents.file_parts import LinkKind, PageLink
from assessor_app.documents.pages import EvidenceSource
from assessor_app.errors import KnownError
from assessor_app.ui.annotate.annotator import Annotator
from assessor_app.ui.external_links import host_shown, open_external
from assessor_app.ui.plain_text import one_line, set_plain_tooltip
from assessor_app.ui.render_context import HasRenderer
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.pages import PageView

PAGES_KEPT = 64
"""Most pages whose links are kept."""
_REST_MS = 250
_PRIORITY = 350
_CLICK_PX = 4
_SHOWN_CHARS = 60


class PageLinks(QObject):
    """Reads the links of what is in view, and follows those that may be followed.

    Args:
        pages: the pages.
        lanes: where links are read.
        parent: the viewer.
    """

    page_wanted = Signal(int, float)
    """Page index from 0 and height in points: a link inside the document was followed."""

    def __init__(self, pages: PageView, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._pages, self._lanes = pages, lanes
        self._source: EvidenceSource | None = None
        self._links: OrderedDict[int, tuple[PageLink, ...]] = OrderedDict()
        self._asked: set[int] = set()
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._ask)
        pages.moved.connect(self._wait)

    def open(self, source: EvidenceSource | None) -> None:
        """Another document; None for one that has no links."""
        self._source = source
        self._links.clear()
        self._asked.clear()
        if source is None:
            self._timer.stop()
        else:
            self._timer.start()

    def at(self, place: PagePoint | None) -> PageLink | None:
        """The link at a place of a page."""
        if place is None:
            return None
        for link in self._links.get(place.page, ()):
            x0, y0, x1, y1 = link.rect
            if x0 <= place.x <= x1 and y0 <= place.y <= y1:
                return link
        return None

    def in_view(self) -> Sequence[PageLink]:
        """The links of the pages in view, as far as they are known."""
        return [link for page in self._pages.visible_pages() for link in self._links.get(page, ())]

    def words(self, link: PageLink) -> str:
        """Where a link leads, in words; a stranger's address as plain text."""
        if link.kind is LinkKind.PAGE and link.page is not None:
            return self.tr("Page {page}").format(page=link.page + 1)
        address = one_line(link.untrusted_address)
        if len(address) > _SHOWN_CHARS:
            address = address[:_SHOWN_CHARS] + "…"
        if self.can_follow(link):
            return address
        return self.tr("Not followed: {address}").format(address=address or self.tr("an action of the file"))

    def can_follow(self, link: PageLink) -> bool:
        """Whether a link leads to a page or to an address of the web that may be opened."""
        if link.kind is LinkKind.WEB:
            return host_shown(link.untrusted_address) is not None
        return link.kind is LinkKind.PAGE and link.page is not None and link.page < self._pages.page_count

    def follow(self, link: PageLink) -> None:
        """Go to the link's page, or ask whether its address shall be opened."""
        if not self.can_follow(link):
            return
        if link.kind is LinkKind.PAGE and link.page is not None:
            self.page_wanted.emit(link.page, link.y)
        else:
            open_external(link.untrusted_address, self._pages)

    def list_links(self) -> None:
        """A menu of the links in view, for the keyboard."""
        menu = QMenu(self._pages)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        links = self.in_view()
        for link in links:
            choice = QAction(self.words(link).replace("&", "&&"), menu)
            choice.setData(link)
            choice.setEnabled(self.can_follow(link))
            choice.triggered.connect(self._chosen)
            menu.addAction(choice)
        if not links:
            choice = QAction(self.tr("No links on the pages in view"), menu)
            choice.setEnabled(False)
            menu.addAction(choice)
        menu.popup(self._pages.viewport().mapToGlobal(QPoint(24, 24)))

    @Slot()
    def _chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.follow(action.data())

    @Slot()
    def _wait(self) -> None:
        if self._source is not None:
            self._timer.start()

    @Slot()
    def _ask(self) -> None:
        source = self._source
        if source is None:
            return
        for page in self._pages.visible_pages():
            if page not in self._links and page not in self._asked:
                self._read(source, page)

    def _read(self, source: EvidenceSource, page: int) -> None:
        def query(context: HasRenderer) -> tuple[PageLink, ...]:
            return file_parts.links_of(context.renderer, source, page)

        def done(links: tuple[PageLink, ...]) -> None:
            if self._source is source:
                self._asked.discard(page)
                self._links[page] = links
                while len(self._links) > PAGES_KEPT:
                    self._links.popitem(last=False)

        def failed(_error: KnownError) -> None:
            # Reading its links may cost the child its time: such a document has none.
            if self._source is source:
                self.open(None)

        self._asked.add(page)
        self._lanes.render(self, query, done, failed=failed, priority=_PRIORITY)


class ReadingHand:
    """The hand on the pages: links under the pointer first, everything else is the annotator's.

    Args:
        annotator: tools, selection, marks.
        links: the links of the pages.
        pages: for the words below the pointer.
    """

    def __init__(self, annotator: Annotator, links: PageLinks, pages: PageView) -> None:
        self._annotator, self._links, self._pages = annotator, links, pages
        self._pressed: tuple[PageLink, QPointF] | None = None
        self._told: PageLink | None = None

    def press(self, at: PagePoint, event: QMouseEvent) -> bool:
        """Remember the link; the press itself may as well begin a selection."""
        link = self._link(at)
        self._pressed = (link, event.globalPosition()) if link is not None else None
        return self._annotator.press(at, event) or link is not None

    def move(self, at: PagePoint, event: QMouseEvent) -> None:
        """Hand a move on."""
        self._annotator.move(at, event)

    def release(self, at: PagePoint, event: QMouseEvent) -> None:
        """A click that did not drag follows the link."""
        self._annotator.release(at, event)
        pressed, self._pressed = self._pressed, None
        if pressed is None or self._links.at(at) is not pressed[0]:
            return
        way = event.globalPosition() - pressed[1]
        if abs(way.x()) < _CLICK_PX and abs(way.y()) < _CLICK_PX:
            self._links.follow(pressed[0])

    def clicks(self, at: PagePoint, count: int) -> None:
        """Hand a double or triple click on."""
        self._annotator.clicks(at, count)

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """A pointing hand on a link that can be followed; its tool tip says where it leads."""
        link = self._link(at)
        if link is not self._told:
            self._told = link
            set_plain_tooltip(self._pages.viewport(), self._links.words(link) if link is not None else "")
        if link is not None and self._links.can_follow(link):
            return Qt.CursorShape.PointingHandCursor
        return self._annotator.cursor(at)

    def key(self, event: QKeyEvent) -> bool:
        """Hand a key on."""
        return self._annotator.key(event)

    def _link(self, at: PagePoint | None) -> PageLink | None:
        """The link that a click would follow: with the pointer on, and no mark above it."""
        if at is None or self._annotator.tool.entry_id not in ("tool.pointer", "tool.hand"):
            return None
        link = self._links.at(at)
        if link is None or self._annotator.layer.at(at.page, QPointF(at.x, at.y), self._pages.scale):
            return None
        return link
