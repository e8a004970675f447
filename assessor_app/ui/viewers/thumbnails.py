"""All pages as small pictures. Only what is in view is drawn, and few pictures are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assessor_app.documents.pages import EvidenceSource, PageSize
from assessor_app.errors import KnownError
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.page_image import to_image
from assessor_app.ui.place_names import page_title
from assessor_app.ui.render_context import HasRenderer
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.theme import colours_of, space
from assessor_app.ui.viewers.page_cache import PageCache, TileKey

BUDGET_BYTES = 12 * 1024 * 1024
"""Most memory that small pictures take: some two hundred of them."""
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_SETTLE_MS = 40
_PRIORITY = 300
_AROUND = 4
"""Pages drawn above and below those in view."""
_LARGEST_PX = 260
_MOST_DOTS = 6


class _Pages(QAbstractListModel):
    """One row for each page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sizes: tuple[PageSize, ...] = ()
        self.marks: Mapping[int, Sequence[str]] = {}
        self.are_slides = False

    def replace(self, sizes: Sequence[PageSize]) -> None:
        """Other pages."""
        self.beginResetModel()
        self.sizes = tuple(sizes)
        self.marks = {}
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """How many pages."""
        return 0 if parent.isValid() else len(self.sizes)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The page's number, and for a screen reader whether there are marks."""
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = page_title(index.row(), are_slides=self.are_slides)
            return words + self.tr(", with marks") if self.marks.get(index.row()) else words
        return None


class _Delegate(QStyledItemDelegate):
    """Paints a page with its number below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The same for every page."""
        del option, index
        view = self.parent()
        assert isinstance(view, Thumbnails)
        return view.cell_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The picture, or white paper while it is on its way."""
        view = self.parent()
        assert isinstance(view, Thumbnails)
        page, colours = index.row(), colours_of(view)
        rect = view.paper_rect(page, option.rect)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, QColor(255, 255, 255))
        image = view.image(page)
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            _draw_turned(painter, rect, image, view.turn)
        painter.setPen(
            QPen(QColor(colours.accent if is_current else colours.outline), 3 if is_current else 1)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(-1, -1, 1, 1) if is_current else rect)
        self._paint_dots(painter, rect, view.marks_on(page), QColor(colours.outline))
        font = option.font
        font.setBold(is_current)
        painter.setFont(font)
        painter.setPen(QColor(colours.accent if is_current else colours.quiet))
        below = QRectF(option.rect.left(), rect.bottom() + 3, option.rect.width(), view.number_height())
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, int(flags), str(page + 1))
        painter.restore()

    def _paint_dots(self, painter: QPainter, rect: QRectF, names: Sequence[str], edge: QColor) -> None:
        """One dot for each colour of the marks on the page."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1))
        for number, name in enumerate(names[:_MOST_DOTS]):
            painter.setBrush(QColor(fill_of(name)))
            painter.drawEllipse(QPointF(rect.right() - 8, rect.top() + 9 + 11 * number), 4, 4)


class Thumbnails(QListView):
    """Small pictures of the pages; a click or a key goes to one.

    Args:
        lanes: where they are drawn, after everything else.
        parent: Qt parent.
    """

    chosen = Signal(int)
    """Page index from 0 that the person wants to see."""
    refused = Signal(int, object)
    """Page index from 0 that could not be drawn, and the KnownError."""

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.turn, self.is_bare, self._tallest = 0, False, 1.0
        self._lanes = lanes
        self._pages = _Pages(self)
        self._source: EvidenceSource | None = None
        self._cache = PageCache(BUDGET_BYTES)
        self._tickets: dict[int, Ticket] = {}
        self._failed: set[int] = set()
        self.setModel(self._pages)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Pages"))
        self.setProperty("plain", "true")
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        self.verticalScrollBar().valueChanged.connect(self._wait_and_ask)
        self.clicked.connect(self._choose)

    # ---- the document ----

    def open(
        self, source: EvidenceSource | None, sizes: Sequence[PageSize], *, are_slides: bool = False
    ) -> None:
        """Another document; nothing is drawn before the list is looked at."""
        for ticket in self._tickets.values():
            ticket.cancel()
        self._tickets.clear()
        self._failed.clear()
        self._cache.clear()
        self._source = source
        self._pages.are_slides = are_slides
        self._pages.replace(sizes)
        self._find_tallest()
        self.verticalScrollBar().setSingleStep(max(20, self.cell_size().height() // 3))
        self._wait_and_ask()

    def show_page(self, page: int) -> None:
        """Mark the page that is read, and bring its picture into view."""
        index = self._pages.index(page, 0)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
            if self.isVisible():
                self.scrollTo(index)

    def show_marks(self, marks: Mapping[int, Sequence[str]]) -> None:
        """Colours of the marks by page."""
        if marks != self._pages.marks:
            self._pages.marks = dict(marks)
            self.viewport().update()

    @Slot(int)
    def skip(self, page: int) -> None:
        """Do not draw a page that has failed already."""
        self._failed.add(page)

    @Slot(int)
    def set_turn(self, turn: int) -> None:
        """Quarter turns to the right."""
        if turn != self.turn:
            self.turn = turn
            self._find_tallest()
            self.scheduleDelayedItemsLayout()
            self.viewport().update()

    def set_bare(self, is_bare: bool) -> None:
        """Without the annotations that the file brought along, or with them."""
        if is_bare != self.is_bare:
            self.is_bare = is_bare
            self.viewport().update()
            self._wait_and_ask()

    @property
    def kept_bytes(self) -> int:
        """Memory that the pictures take now."""
        return self._cache.size_bytes

    # ---- for the delegate ----

    def image(self, page: int) -> QImage | None:
        """The picture of a page, if it is drawn."""
        found = self._cache.nearest(page, self._scale(page), is_bare=self.is_bare)
        # Asked for by its key it counts as used, and leaves later than what is out of view.
        return self._cache.get(found[0]) if found is not None else None

    def marks_on(self, page: int) -> Sequence[str]:
        """Colours of the marks on a page."""
        return self._pages.marks.get(page, ())

    def renew(self, pages: Sequence[int]) -> None:
        """Draw some pages anew."""
        for page in pages:
            if page in self._tickets:
                self._tickets.pop(page).cancel()
            self._cache.forget_page(page)
        self.viewport().update()
        self._wait_and_ask()

    def number_height(self) -> int:
        """Room below a picture for its number, in pixels."""
        return round(self.fontMetrics().height() * 1.5)

    def cell_size(self) -> QSize:
        """Room of one page, in pixels."""
        high = self._highest_px()
        return QSize(max(40, self.viewport().width() - 2), high + self.number_height() + space(self, 1))

    def paper_rect(self, page: int, cell: QRect) -> QRectF:
        """Where the page's picture stands in its cell."""
        width, height = self._size_px(page)
        left = cell.left() + (cell.width() - width) / 2
        top = cell.top() + space(self, 1) + (self._highest_px() - height)
        return QRectF(round(left), round(top), width, height)

    def _side(self) -> int:
        """The longest side of a picture."""
        return max(60, min(_LARGEST_PX, self.viewport().width() - space(self, 4)))

    def _highest_px(self) -> int:
        """How high the highest picture is: slides, which all lie across, leave no gaps."""
        return max(1, round(self._side() * self._tallest))

    def _find_tallest(self) -> None:
        """How high the highest page is, in shares of its longest side."""
        turned = (self._turned(page) for page in range(len(self._pages.sizes)))
        self._tallest = max((high / max(wide, high) for wide, high in turned), default=1.0)

    def _turned(self, page: int) -> tuple[float, float]:
        size = self._pages.sizes[page]
        is_across = self.turn % 2 == 1
        return (size.height_pt, size.width_pt) if is_across else (size.width_pt, size.height_pt)

    def _size_px(self, page: int) -> tuple[int, int]:
        width, height = self._turned(page)
        factor = self._side() / max(width, height)
        return max(1, round(width * factor)), max(1, round(height * factor))

    def _scale(self, page: int) -> float:
        """Device pixels for each point."""
        size = self._pages.sizes[page]
        return round(self._side() * self.devicePixelRatioF() / max(size.width_pt, size.height_pt), 5)

    # ---- drawing ----

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other room, other sizes."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
        self._wait_and_ask()

    def changeEvent(self, event: QEvent) -> None:
        """Numbers grow with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()

    @Slot()
    def _wait_and_ask(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _rows_in_view(self) -> range:
        height = self.viewport().height()
        first = self.indexAt(self.viewport().rect().topLeft()).row()
        if first < 0 or not self.isVisible():
            return range(0)
        count = height // max(1, self.cell_size().height()) + 2
        return range(first, min(len(self._pages.sizes), first + count))

    @Slot()
    def _ask(self) -> None:
        """Ask for what is in view, then for what is near; what went out of view is not drawn any more."""
        seen = self._rows_in_view()
        if not len(seen):
            return
        near = range(max(0, seen.start - _AROUND), min(len(self._pages.sizes), seen.stop + _AROUND))
        for page in [page for page in self._tickets if page not in near]:
            self._tickets.pop(page).cancel()
        for page in sorted(near, key=lambda page: (page not in seen, page)):
            is_known = page in self._tickets or page in self._failed or self._is_drawn(page)
            if not is_known and self._source is not None:
                self._draw(self._source, page, _PRIORITY - (page not in seen))

    def _is_drawn(self, page: int) -> bool:
        found = self._cache.nearest(page, self._scale(page), is_bare=self.is_bare)
        return found is not None and found[0].is_bare is self.is_bare

    def _draw(self, source: EvidenceSource, page: int, priority: int) -> None:
        key = TileKey(page, self._scale(page), is_bare=self.is_bare)

        def query(context: HasRenderer) -> QImage:
            return to_image(context.renderer.render(source, page, key.scale, is_bare=key.is_bare))

        def done(image: QImage) -> None:
            self._tickets.pop(page, None)
            self._cache.put(key, image, ())
            self.viewport().update()

        def failed(error: KnownError) -> None:
            # The page itself tells what is wrong; here its paper stays white.
            self._tickets.pop(page, None)
            self._failed.add(page)
            if self._source is source:
                self.refused.emit(page, error)

        self._tickets[page] = self._lanes.render(self, query, done, failed=failed, priority=priority)

    def showEvent(self, event: Any) -> None:
        """Looked at for the first time, or again."""
        super().showEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self._wait_and_ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys, Home, End and Return go to a page."""
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self.currentIndex().isValid() and (is_return or self.currentIndex().row() != before):
            self.chosen.emit(self.currentIndex().row())

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())


def _draw_turned(painter: QPainter, rect: QRectF, image: QImage, turn: int) -> None:
    """A picture into a rectangle, turned to the right by quarters."""
    if not turn:
        painter.drawImage(rect, image, QRectF(image.rect()))
        return
    painter.save()
    painter.translate(rect.center())
    painter.rotate(90 * turn)
    width, height = (rect.height(), rect.width()) if turn % 2 else (rect.width(), rect.height())
    painter.drawImage(QRectF(-width / 2, -height / 2, width, height), image, QRectF(image.rect()))
    painter.restore()
