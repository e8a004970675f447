"""Where the pages of a document stand in the view, and which drawings they need. No painting, no input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from assessor_app.documents.anchoring import PagePoint
from assessor_app.documents.pages import DocumentInfo, PageSize
from assessor_app.documents.sniff import Kind
from assessor_app.documents.tone import PLAIN, Tone
from assessor_app.ui.place_names import has_slides
from assessor_app.ui.viewers import page_painter
from assessor_app.ui.viewers.first_page import FirstPage
from assessor_app.ui.viewers.page_cache import TileKey
from assessor_app.ui.viewers.page_layout import PageLayout, turned_size
from assessor_app.ui.viewers.page_supply import PageSupply
from assessor_app.ui.viewers.tiles import wanted_tiles
from assessor_app.ui.viewers.zoom import Fit, Zoom, bounded, fitted_factor, pixels_per_point, step

_SETTLE_MS = 70
"""While zooming goes on, sharp drawings wait this long for the hand to rest."""
_NEIGHBOURS_MS = 25
"""A first page that came along is on screen before its neighbours are asked for."""
_TEXT_AFTER_MS = 120
"""Words are asked for once the view has rested this long."""


class PageCanvas(QAbstractScrollArea):
    """Knows where the pages of one document stand in the view, and has them drawn.

    Args:
        supply: where drawings and words come from.
        parent: Qt parent.
    """

    page_changed = Signal(int, int)
    """The page that fills most of the view, from 0, and the number of pages."""
    zoom_changed = Signal(float)
    """1.0 is 100 %."""
    moved = Signal()
    """Pages stand elsewhere in the view: scrolled, zoomed or resized."""

    def __init__(self, supply: PageSupply, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.supply = supply
        self.zoom = Zoom()
        self._base = pixels_per_point(Kind.PDF, 1.0)
        self._sizes: tuple[PageSize, ...] = ()
        self._layout = PageLayout((), 1.0, 100)
        self._name = ""
        self._page = 0
        self._turn = 0
        self._is_bare = False
        self._tone = PLAIN
        self._ask_timer = QTimer(self, singleShot=True)
        self._ask_timer.timeout.connect(self._ask)
        self._text_timer = QTimer(self, singleShot=True)
        self._text_timer.timeout.connect(self._ask_texts)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleDescription(
            self.tr("Pages of a document. Arrow keys and Page Down scroll; the words can be searched.")
        )
        supply.drawn.connect(self._repaint_page)
        supply.failed.connect(self._repaint_page)
        supply.text_arrived.connect(self._repaint_page)

    # ---- the document ----

    def open(self, info: DocumentInfo, name: str, turn: int = 0, place: PagePoint | None = None) -> None:
        """Show a document that the supply was opened with.

        Args:
            info: its kind and the sizes of its pages.
            name: its neutral name, told to screen readers.
            turn: quarter turns to the right in which it is shown.
            place: what to begin with; None for the beginning.
        """
        self._turn = turn % 4
        self._sizes = info.pages
        self._base = pixels_per_point(info.kind, self.devicePixelRatioF())
        self._name = name
        self._page = min(place.page, len(info.pages) - 1) if place is not None else 0
        self._lay_out(is_kept=False)
        x, y = 0.0, 0.0
        if place is not None and place.page < len(info.pages):
            x, y = self._layout.to_content(place)
        self.horizontalScrollBar().setValue(round(x))
        self.verticalScrollBar().setValue(max(0, round(y) - page_painter.AIR_PX))
        self._page = self._layout.current(self._top, self.viewport().height())
        self._tell_page()
        page = self._page
        drawn = self.supply.cache.nearest(page, self.scale, is_bare=self._is_bare)
        if page in self.supply.cards or drawn is not None:
            # The first page came along: it is painted before its neighbours are asked for.
            self._ask_timer.start(_NEIGHBOURS_MS)
            self.viewport().update()
            return
        self._ask_timer.stop()
        self._ask()

    def first_page(self, width: int, turns: Mapping[str, int], pages: Mapping[str, int]) -> FirstPage:
        """How the first page of the next document would be shown here.

        Args:
            width: how wide this view will be, in logical pixels; while it is hidden it does not know.
            turns: quarter turns by the file's digest.
            pages: the page to begin with, by the file's digest, where it is not the first.
        """
        room = width - self.verticalScrollBar().sizeHint().width()
        size = (room, self.viewport().height())
        return FirstPage(self.zoom, size, self.devicePixelRatioF(), dict(turns), dict(pages), self._is_bare)

    @property
    def quarter_turns(self) -> int:
        """How far to the right pages are turned, 0 to 3."""
        return self._turn

    @property
    def is_bare(self) -> bool:
        """Whether the annotations that the file brought along are left out."""
        return self._is_bare

    @property
    def tone(self) -> Tone:
        """Brightness and contrast of the pages."""
        return self._tone

    @Slot(object)
    def set_tone(self, tone: Tone) -> None:
        """Show pages in another tone; for the eye alone."""
        if tone != self._tone:
            self._tone = tone
            self._ask()
            self.viewport().update()

    def dressed(self, key: TileKey) -> TileKey:
        """The drawing in the look of the moment: with or without the file's annotations, and in its tone."""
        return replace(key, is_bare=self._is_bare, tone=self._tone)

    def set_bare(self, is_bare: bool) -> None:
        """Show pages without the annotations that the file brought along, or with them."""
        if is_bare != self._is_bare:
            self._is_bare = is_bare
            self._ask()
            self.viewport().update()

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._sizes)

    @property
    def page(self) -> int:
        """The page that fills most of the view, from 0."""
        return self._page

    @property
    def sizes(self) -> Sequence[PageSize]:
        """The pages' sizes in points."""
        return self._sizes

    @property
    def factor(self) -> float:
        """The zoom as a number; 1.0 is 100 %."""
        return self._layout.scale / self._base

    @property
    def scale(self) -> float:
        """Logical pixels for each point."""
        return self._layout.scale

    def visible_pages(self) -> range:
        """The pages that some row of the view shows."""
        return self._layout.visible(self.verticalScrollBar().value(), self.viewport().height())

    # ---- zoom ----

    def set_zoom(self, zoom: Zoom, anchor: QPointF | None = None) -> None:
        """Zoom so that what lies at `anchor` (in the view; its middle if None) stays there."""
        self.zoom = zoom
        view = self.viewport().rect()
        self._lay_out(anchor or QPointF(view.width() / 2, min(view.height() / 2, 120)))
        self._ask_timer.start(_SETTLE_MS)

    def zoom_step(self, direction: int) -> None:
        """One stop larger (1) or smaller (-1)."""
        self.set_zoom(Zoom(Fit.NOTHING, step(self.factor, direction)))

    # ---- where things are ----

    def page_point(self, position: QPointF, page: int | None = None) -> PagePoint | None:
        """The place under a point of the view; relative to `page` if given.

        Returns:
            None beside and between the pages, unless `page` is given.
        """
        if not self._sizes:
            return None
        point = self._layout.to_page(position.x() + self._left, position.y() + self._top, page)
        size = self._sizes[point.page]
        if page is None and not (0 <= point.x <= size.width_pt and 0 <= point.y <= size.height_pt):
            return None
        return point

    def rect_in_view(self, page: int, rect: QRectF) -> QRectF:
        """Where a rectangle in page points stands in the view."""
        x0, y0 = self._layout.to_content(PagePoint(page, rect.left(), rect.top()))
        x1, y1 = self._layout.to_content(PagePoint(page, rect.right(), rect.bottom()))
        shown = QRectF(QPointF(x0, y0), QPointF(x1, y1)).normalized()
        return shown.translated(-self._left, -self._top)

    def page_rect(self, page: int) -> QRectF:
        """Where a page stands in the view, on whole device pixels."""
        box = self._layout.box(page)
        rect = QRectF(box.x - self._left, box.y - self._top, box.width, box.height)
        return page_painter.snap(rect, self.devicePixelRatioF())

    @property
    def _left(self) -> int:
        return self.horizontalScrollBar().value()

    @property
    def _top(self) -> int:
        return self.verticalScrollBar().value()

    # ---- asking for what is needed ----

    def retry(self, page: int) -> None:
        """Ask again for a page that has a card."""
        self.supply.retry(page)
        self._ask()
        self.viewport().update()

    @Slot()
    def _ask(self) -> None:
        ratio = self.devicePixelRatioF()
        if self._sizes and self.viewport().height() > 0:
            view = QRectF(self._left, self._top, self.viewport().width(), self.viewport().height())
            wanted = wanted_tiles(self._layout, view, ratio)
            self.supply.want([self.dressed(key) for key in wanted])
            self._text_timer.start(_TEXT_AFTER_MS)
            self.viewport().update()

    @Slot()
    def _ask_texts(self) -> None:
        for page in self.visible_pages():
            self.supply.text(page)

    @Slot(int)
    def _repaint_page(self, page: int) -> None:
        if page in self.visible_pages():
            self.viewport().update(self.page_rect(page).toAlignedRect().adjusted(-8, -8, 8, 8))

    def _lay_out(self, anchor: QPointF | None = None, *, is_kept: bool = True) -> None:
        """Lay the pages out anew; what is at `anchor` in the view stays there, unless it need not."""
        if not self._sizes:
            self._layout = PageLayout((), 1.0, max(1, self.viewport().width()))
            self._set_ranges()
            return
        at = anchor or QPointF(self.viewport().width() / 2, 0)
        kept = None
        if is_kept and len(self._layout) == len(self._sizes):
            kept = self._layout.to_page(at.x() + self._left, at.y() + self._top)
        factor = self.zoom.factor
        view_size = (self.viewport().width(), self.viewport().height())
        if self.zoom.fit is not Fit.NOTHING:
            shown = [turned_size(size, self._turn) for size in self._sizes] if self._turn else self._sizes
            factor = fitted_factor(self.zoom.fit, shown, view_size, self._base, self._page)
        self._layout = PageLayout(self._sizes, bounded(factor) * self._base, view_size[0], self._turn)
        self._set_ranges()
        if kept is not None:
            x, y = self._layout.to_content(kept)
            self.horizontalScrollBar().setValue(round(x - at.x()))
            self.verticalScrollBar().setValue(round(y - at.y()))
        self.zoom_changed.emit(self.factor)
        self.moved.emit()
        self.viewport().update()

    def _set_ranges(self) -> None:
        view = self.viewport()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, self._layout.width - view.width()))
        down.setRange(0, max(0, self._layout.height - view.height()))
        for bar, page_step in ((across, view.width()), (down, view.height())):
            bar.setPageStep(max(1, page_step))
            bar.setSingleStep(40)

    def _tell_page(self) -> None:
        words = self.tr("Page {page} of {count}, {name}")
        if has_slides(self._name):
            words = self.tr("Slide {page} of {count}, {name}")
        name = words.format(page=self._page + 1, count=self.page_count, name=self._name)
        self.setAccessibleName(name)
        self.page_changed.emit(self._page, self.page_count)

    # ---- Qt ----

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again; what is at the top stays there."""
        super().resizeEvent(event)
        self._lay_out()
        self._ask_timer.start(0)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The view moved over the pages."""
        del dx, dy
        page = self._layout.current(self._top, self.viewport().height())
        if page != self._page:
            self._page = page
            self._tell_page()
        if not self._ask_timer.isActive():
            self._ask_timer.start(0)
        self.moved.emit()
        self.viewport().update()
