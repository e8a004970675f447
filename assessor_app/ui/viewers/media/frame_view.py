"""The picture of the moment, with its regions: painted here, so that it can be looked at and drawn on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from assessor_app.domain.annotations import AnnotationKind, Rect
from assessor_app.ui.annotate import handles
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.annotate.handles import CURSORS, Handle
from assessor_app.ui.annotate.marks import to_rect
from assessor_app.ui.icons import icon_size, painted
from assessor_app.ui.theme import colours_of, scaled_font, space
from assessor_app.ui.viewers.media.media_mark import MediaMark

_GROUND = QColor("#101113")
_ON_GROUND = "#d6d8dc"
_LEAST_DRAG_PX = 6


class FrameView(QWidget):
    """Shows a frame in its shape, dark at the sides, and the regions marked on it.

    Args:
        parent: Qt parent.
    """

    clicked = Signal()
    """A click that hit no region and drew nothing."""
    box_drawn = Signal(object)
    """Rect in frame pixels."""
    region_chosen = Signal(str)
    """Id of a mark whose region was clicked."""
    resized = Signal()
    """It has another size."""
    region_changed = Signal(str, object)
    """Id of a mark and its new Rect."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._image: QImage | None = None
        self._size = QSize()
        self._marks: tuple[MediaMark, ...] = ()
        self._icon, self._words = "film", ""
        self._draws = False
        self._is_editable = True
        self._pressed: QPointF | None = None
        self._drawn: QRectF | None = None
        self._handle: Handle | None = None
        self._dragged: MediaMark | None = None
        self._dragged_rect: Rect | None = None

    # ---- what is shown ----

    def open(self, width_px: int, height_px: int, icon: str, words: str) -> None:
        """Another recording.

        Args:
            width_px: width of its frames; 0 for sound alone.
            height_px: height of its frames.
            icon: shown with `words` while there is no picture.
            words: what it is.
        """
        self._size = QSize(width_px, height_px)
        self._image, self._marks = None, ()
        self._icon, self._words = icon, words
        self.cancel()
        self.update()

    def set_image(self, image: QImage | None) -> None:
        """Show a frame."""
        self._image = image
        if image is not None and not image.isNull():
            self._size = image.size()
        self.update()

    @property
    def frame_size(self) -> QSize:
        """Size of a frame in its own pixels; empty for sound alone."""
        return self._size

    def set_marks(self, marks: Sequence[MediaMark]) -> None:
        """The regions to draw now."""
        self._marks = tuple(mark for mark in marks if mark.rect is not None)
        self.update()

    def set_drawing(self, draws: bool) -> None:
        """Whether a drag draws a box."""
        self._draws = draws
        self.setCursor(Qt.CursorShape.CrossCursor if draws else Qt.CursorShape.ArrowCursor)

    def set_editable(self, is_editable: bool) -> None:
        """Whether regions can be moved."""
        self._is_editable = is_editable

    def cancel(self) -> bool:
        """Give up a drag; False when there is none."""
        was_dragging = self._drawn is not None or self._dragged is not None
        self._pressed = self._drawn = self._dragged = self._dragged_rect = self._handle = None
        self.update()
        return was_dragging

    def middle(self) -> Rect:
        """The middle third of the frame, in its own pixels: where a key puts a box."""
        wide, high = float(self._size.width()), float(self._size.height())
        return Rect(round(wide / 3), round(high / 3), round(wide * 2 / 3), round(high * 2 / 3))

    def picture_rect(self) -> QRectF:
        """Where the frame stands in this widget."""
        if self._size.isEmpty():
            return QRectF(self.rect())
        fitted = self._size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - fitted.width()) / 2, (self.height() - fitted.height()) / 2
        return QRectF(left, top, fitted.width(), fitted.height())

    def to_view(self, rect: Rect) -> QRectF:
        """Where a region stands in this widget."""
        picture, scale = self.picture_rect(), self._scale()
        box = to_rect(rect)
        return QRectF(
            picture.left() + box.left() * scale,
            picture.top() + box.top() * scale,
            box.width() * scale,
            box.height() * scale,
        )

    def sizeHint(self) -> QSize:
        """Room for a small video."""
        return QSize(480, 270)

    def minimumSizeHint(self) -> QSize:
        """Something can still be made out."""
        return QSize(160, 90)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What floats above it has to find its place anew."""
        super().resizeEvent(event)
        self.resized.emit()

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, frame, regions, the box that is drawn, and the ring of the focus."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _GROUND)
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.picture_rect(), self._image)
        else:
            self._paint_words(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in self._marks:
            self._paint_region(painter, mark)
        if self._drawn is not None:
            painter.setPen(QPen(Qt.GlobalColor.white, 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._drawn)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours_of(self).focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_words(self, painter: QPainter) -> None:
        side = icon_size(self, 3.2)
        text_height = self.fontMetrics().height()
        top = (self.height() - side - space(self, 2) - text_height) / 2
        painted(painter, self._icon, _ON_GROUND, QRectF((self.width() - side) / 2, top, side, side))
        painter.setPen(QColor(_ON_GROUND))
        painter.setFont(scaled_font())
        below = QRectF(0, top + side + space(self, 2), self.width(), text_height * 2)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(below, flags, self._words)

    def _paint_region(self, painter: QPainter, mark: MediaMark) -> None:
        rect = self._dragged_rect if self._dragged is not None and mark.id == self._dragged.id else mark.rect
        if rect is None:
            return
        box = self.to_view(rect)
        # A dark line around the coloured one, so that it is seen on any picture.
        colour, shade, width = QColor(fill_of(mark.colour)), QColor(0, 0, 0), mark.line_width + 0.5
        colour.setAlphaF(mark.opacity)
        shade.setAlphaF(0.6 * mark.opacity)
        for pen in (QPen(shade, width + 2.5), QPen(colour, width)):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
        if mark.is_selected and mark.may_change and self._is_editable:
            painter.save()
            painter.translate(self.picture_rect().topLeft())
            painter.scale(self._scale(), self._scale())
            places = handles.handle_places(AnnotationKind.BOX, (rect,), has_words=False)
            handles.paint_handles(painter, places, self._scale())
            painter.restore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    # ---- the pointer ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a box, or take hold of a region."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pressed = event.position()
        if self._draws:
            return
        selected = next((mark for mark in self._marks if mark.is_selected), None)
        if selected is not None and selected.rect is not None and self._may_move(selected):
            self._handle = self._handle_at(selected.rect, event.position())
            if self._handle is not None:
                self._dragged, self._dragged_rect = selected, selected.rect

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stretch what is drawn or dragged."""
        at = event.position()
        if self._pressed is None:
            self._show_cursor(at)
        elif self._draws:
            if (at - self._pressed).manhattanLength() >= _LEAST_DRAG_PX:
                self._drawn = QRectF(self._pressed, at).normalized() & self.picture_rect()
        elif self._dragged is not None and self._dragged.rect is not None and self._handle is not None:
            by = (at - self._pressed) / self._scale()
            self._dragged_rect = handles.dragged(
                self._dragged.rect, self._handle, by.x(), by.y(), self._size.width(), self._size.height()
            )
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The box is drawn, the region moved, or it was a click."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        drawn, dragged, rect = self._drawn, self._dragged, self._dragged_rect
        self.cancel()
        if drawn is not None and min(drawn.width(), drawn.height()) >= _LEAST_DRAG_PX:
            self.box_drawn.emit(self._to_frame(drawn))
        elif dragged is not None and rect is not None and rect != dragged.rect:
            self.region_changed.emit(dragged.id, rect)
        elif not self._draws:
            hit = self._region_at(event.position())
            if hit is not None and hit.id:
                self.region_chosen.emit(hit.id)
            else:
                self.clicked.emit()

    # ---- inside ----

    def _scale(self) -> float:
        """Pixels of this widget for each of the frame."""
        return max(1e-6, self.picture_rect().width() / max(1, self._size.width()))

    def _to_frame(self, box: QRectF) -> Rect:
        picture, scale = self.picture_rect(), self._scale()
        x0, y0 = (box.left() - picture.left()) / scale, (box.top() - picture.top()) / scale
        x1, y1 = x0 + box.width() / scale, y0 + box.height() / scale
        width, height = float(self._size.width()), float(self._size.height())
        return Rect(max(0.0, x0), max(0.0, y0), min(width, x1), min(height, y1))

    def _may_move(self, mark: MediaMark) -> bool:
        return self._is_editable and mark.may_change and bool(mark.id)

    def _handle_at(self, rect: Rect, at: QPointF) -> Handle | None:
        point = (at - self.picture_rect().topLeft()) / self._scale()
        places = handles.handle_places(AnnotationKind.BOX, (rect,), has_words=False)
        near = handles.handle_at(places, point, self._scale())
        if near is not None:
            return near
        return Handle.WHOLE if to_rect(rect).contains(point) else None

    def _region_at(self, at: QPointF) -> MediaMark | None:
        hits = [
            mark for mark in self._marks if mark.rect is not None and self.to_view(mark.rect).contains(at)
        ]
        # The smallest, so that one inside another can be reached.
        return min(hits, key=lambda mark: self.to_view(mark.rect or Rect(0, 0, 0, 0)).width(), default=None)

    def _show_cursor(self, at: QPointF) -> None:
        if self._draws:
            return
        shape = Qt.CursorShape.ArrowCursor
        for mark in self._marks:
            if mark.is_selected and mark.rect is not None and self._may_move(mark):
                handle = self._handle_at(mark.rect, at)
                shape = CURSORS[handle] if handle is not None else shape
        self.setCursor(shape)
