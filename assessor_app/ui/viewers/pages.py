"""The page view: one continuous column of sharp pages, scrolled, zoomed and pointed at.

It shows what the supply has and asks for the rest; it never waits. What lies over the pages
(selection, search hits, marks) are overlays; what the pointer and single keys mean is the business of
the one hand that is set.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from assessor_app.documents.anchoring import PagePoint
from assessor_app.documents.pages import DocumentInfo
from assessor_app.ui.viewers import page_painter
from assessor_app.ui.viewers.page_supply import PageSupply
from assessor_app.ui.viewers.page_travel import PageTravel
from assessor_app.ui.viewers.tiles import tiles_on, whole_key
from assessor_app.ui.viewers.zoom import Fit, Zoom, bounded

_WHEEL_FACTOR = 1.2
"""Zoom for each notch of the wheel."""


class Overlay(Protocol):
    """Something that lies over the pages."""

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint over a page.

        Args:
            painter: in page points, origin at the page's top left.
            page: index from 0.
            scale: logical pixels for each point, for what has a size on screen.
        """
        ...


class Hand(Protocol):
    """What the pointer and single keys do on the pages."""

    def press(self, at: PagePoint, event: QMouseEvent) -> bool:
        """The left button goes down; True keeps the moves and the release."""
        ...

    def move(self, at: PagePoint, event: QMouseEvent) -> None:
        """The pointer moves with the button down; `at` stays relative to the page of the press."""
        ...

    def release(self, at: PagePoint, event: QMouseEvent) -> None:
        """The button goes up."""
        ...

    def clicks(self, at: PagePoint, count: int) -> None:
        """A double (2) or triple (3) click."""
        ...

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """The pointer's shape there; None beside the pages."""
        ...

    def key(self, event: QKeyEvent) -> bool:
        """A key while the pages have focus; True when it is used."""
        ...


class PageView(PageTravel):
    """Paints the pages and hands on what the pointer and the keys do.

    Args:
        supply: where drawings and words come from.
        parent: Qt parent.
    """

    painted_sharp = Signal(int)
    """A page was painted dot for dot, for the first time at this scale; its index."""
    copy_requested = Signal()
    """The keys for copying were pressed."""
    history_requested = Signal(int)
    """A side button of the mouse: -1 back, 1 forward."""

    def __init__(self, supply: PageSupply, parent: QWidget | None = None) -> None:
        super().__init__(supply, parent)
        self.hand: Hand | None = None
        self.overlays: list[Overlay] = []
        self._is_dimmed = False
        self._held: int | None = None
        self._retry_boxes: dict[int, QRectF] = {}
        self._sharp: set[tuple[int, float]] = set()
        self._clicks = 0
        self._clicked_at_ms = 0
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def open(self, info: DocumentInfo, name: str, turn: int = 0, place: PagePoint | None = None) -> None:
        """Show a document that the supply was opened with; see `PageCanvas.open`."""
        self._sharp.clear()
        self._retry_boxes.clear()
        self._held = None
        super().open(info, name, turn, place)

    @property
    def is_dimmed(self) -> bool:
        """Whether pages are softened."""
        return self._is_dimmed

    def set_dimmed(self, is_dimmed: bool) -> None:
        """Soften the pages, or not."""
        self._is_dimmed = is_dimmed
        self.viewport().update()

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the part of the column that is asked for."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), page_painter.canvas_colour(self.palette()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for page in self.visible_pages():
            rect = self.page_rect(page)
            if rect.adjusted(-8, -8, 8, 8).intersects(QRectF(event.rect())):
                self._paint_page(painter, page, rect)
        painter.end()

    def _paint_page(self, painter: QPainter, page: int, rect: QRectF) -> None:
        page_painter.paint_shadow(painter, rect)
        painter.fillRect(rect, page_painter.PAPER)
        card = self.supply.cards.get(page)
        if card is not None:
            retry = self.tr("Try again")
            button = page_painter.paint_card(painter, rect, card, self.font(), retry)
            self._retry_boxes[page] = button
            return
        painter.save()
        painter.setClipRect(rect.adjusted(-1, -1, 1, 1))
        page_painter.turn_upright(painter, rect, self.quarter_turns)
        self._paint_drawings(painter, page, rect)
        if self._is_dimmed:
            page_painter.paint_dim(painter, page_painter.upright(rect, self.quarter_turns))
        painter.scale(self.scale, self.scale)
        for overlay in self.overlays:
            painter.save()
            overlay.paint(painter, page, self.scale)
            painter.restore()
        painter.restore()

    def _paint_drawings(self, painter: QPainter, page: int, rect: QRectF) -> None:
        """What is drawn of a page, in upright page coordinates; `rect` is where it stands in the view."""
        ratio, turn = self.devicePixelRatioF(), self.quarter_turns
        key = self.dressed(whole_key(self.sizes[page], page, self.scale * ratio))
        upright = page_painter.upright(rect, turn)
        sharp = self.supply.cache.get(key)
        if sharp is not None:
            page_painter.paint_drawing(painter, upright, sharp, ratio)
        else:
            nearest = self.supply.cache.nearest(page, key.scale, is_bare=key.is_bare, tone=key.tone)
            if nearest is None:
                words = self.tr("Loading page {n}…").format(n=page + 1)
                page_painter.paint_waiting(painter, upright, words)
                return
            page_painter.paint_drawing(painter, upright, nearest[1], ratio)
        view = QRectF(self.viewport().rect())
        tiles = tiles_on(page, self.sizes[page], self.scale * ratio, rect, view, ratio, turn)
        drawn = [(tile, self.supply.cache.get(self.dressed(tile))) for tile in tiles]
        for tile, image in drawn:
            if image is not None and tile.clip is not None:
                page_painter.paint_tile(painter, upright, tile.clip, image, ratio)
        is_sharp = all(image is not None for _tile, image in drawn) if tiles else sharp is not None
        if is_sharp and (page, self.scale) not in self._sharp:
            self._sharp.add((page, self.scale))
            self.painted_sharp.emit(page)

    # ---- pointer ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a retry button, a triple click, or work for the hand."""
        sides = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}
        if event.button() in sides:
            self.history_requested.emit(sides[event.button()])
            return
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        for page, box in self._retry_boxes.items():
            if page in self.supply.cards and box.contains(event.position()) and page in self.visible_pages():
                self.retry(page)
                return
        at = self.page_point(event.position())
        if self._clicks == 2 and event.timestamp() - self._clicked_at_ms < QApplication.doubleClickInterval():
            self._clicks = 0
            if at is not None and self.hand is not None:
                self.hand.clicks(at, 3)
            return
        self._clicks = 1
        if at is not None and self.hand is not None and self.hand.press(at, event):
            self._held = at.page

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two clicks; a third may follow."""
        at = self.page_point(event.position())
        self._clicks, self._clicked_at_ms = 2, event.timestamp()
        if event.button() is Qt.MouseButton.LeftButton and at is not None and self.hand is not None:
            self.hand.clicks(at, 2)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or show by the pointer's shape what a press would do."""
        if self._held is not None and self.hand is not None:
            at = self.page_point(event.position(), self._held)
            if at is not None:
                self.hand.move(at, event)
        elif self.hand is not None:
            self.viewport().setCursor(self.hand.cursor(self.page_point(event.position())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of a drag."""
        if self._held is not None and self.hand is not None:
            at = self.page_point(event.position(), self._held)
            self._held = None
            if at is not None:
                self.hand.release(at, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom around the pointer."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            notches = event.angleDelta().y() / 120
            self._zoom_by(_WHEEL_FACTOR**notches, event.position())
            event.accept()
            return
        super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Pinch on a trackpad zooms around the fingers."""
        zoom = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is zoom:
            self._zoom_by(1.0 + event.value(), event.position())
            return True
        return super().viewportEvent(event)

    def _zoom_by(self, times: float, anchor: QPointF) -> None:
        self.set_zoom(Zoom(Fit.NOTHING, bounded(self.factor * times)), anchor)

    # ---- keys ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """First the hand, then scrolling and turning pages."""
        if self.hand is not None and self.hand.key(event):
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.page in self.supply.cards:
            self.retry(self.page)
            return
        if not self._scroll_for(event):
            super().keyPressEvent(event)

    def _scroll_for(self, event: QKeyEvent) -> bool:
        """Scroll or turn the page for a plain key; whether it was one for that."""
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            return False
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        key = event.key()
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Space):
            is_up = key == Qt.Key.Key_PageUp or (key == Qt.Key.Key_Space and is_back)
            self.turn(-1 if is_up else 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            direction = 1 if key == Qt.Key.Key_Right else -1
            if across.maximum() > 0:
                across.setValue(across.value() + direction * across.singleStep())
            else:
                self.go_to_page(self.page + direction)
        elif key == Qt.Key.Key_Home:
            down.setValue(0)
        elif key == Qt.Key.Key_End:
            down.setValue(down.maximum())
        else:
            return False
        return True
