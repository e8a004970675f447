"""How the bar of time looks: the frame strip, the marks below it, and where it plays."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from assessor_app.documents.media_probe import STRIP_FRAMES, StripFrame
from assessor_app.domain.annotations import TimeSpan
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.theme import colours_of, scaled_font, space
from assessor_app.ui.times import time_words
from assessor_app.ui.viewers.media.media_mark import MediaMark


class BarView(QAbstractSlider):
    """Shows strip, marks and the moment, which is its value; to a screen reader it is a slider.

    Args:
        parent: Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Time"))
        self._strip: list[tuple[int, QImage]] = []
        self._has_strip = False
        self._marks: tuple[MediaMark, ...] = ()
        self._loop: TimeSpan | None = None
        self._range_start: int | None = None
        self._hover_x: float | None = None
        self._is_scrubbing = False
        self._grab: tuple[MediaMark, str, int] | None = None
        self._grab_span: TimeSpan | None = None

    # ---- what is shown ----

    def open(self, duration_ms: int, *, has_strip: bool) -> None:
        """Another recording.

        Args:
            duration_ms: its length.
            has_strip: whether small pictures will come.
        """
        self.setRange(0, max(1, duration_ms))
        self.setValue(0)
        self._strip, self._has_strip = [], has_strip
        self._marks, self._loop, self._range_start = (), None, None
        self._grab = self._grab_span = None
        self.updateGeometry()
        self.update()

    @Slot(object)
    def add_frame(self, frame: StripFrame) -> None:
        """Show one more small picture."""
        row_bytes = frame.width_px * 3
        image = QImage(frame.rgb, frame.width_px, frame.height_px, row_bytes, QImage.Format.Format_RGB888)
        self._strip.append((frame.at_ms, image.copy()))
        self.update()

    @property
    def frame_count(self) -> int:
        """How many small pictures are there."""
        return len(self._strip)

    def show_moment(self, at_ms: int) -> None:
        """Show where it plays."""
        self.setValue(at_ms)
        self.setAccessibleDescription(time_words(at_ms))
        self.update()

    def set_marks(self, marks: Sequence[MediaMark]) -> None:
        """Show the marks; one that is dragged stays where it is dragged to."""
        self._marks = tuple(marks)
        self.update()

    def set_loop(self, loop: TimeSpan | None) -> None:
        """Show the range that is repeated."""
        self._loop = loop
        self.update()

    def set_range_start(self, at_ms: int | None) -> None:
        """Show where a range was begun."""
        self._range_start = at_ms
        self.update()

    def sizeHint(self) -> QSize:
        """Strip and lane of marks."""
        return QSize(400, self._strip_height() + self._lane_height() + space(self, 1.5))

    def minimumSizeHint(self) -> QSize:
        """As high as it is, and narrow."""
        return QSize(120, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """As large as the text asks for."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def x_of(self, at_ms: int) -> float:
        """Where a moment stands, in pixels."""
        edge = self._edge()
        return edge + (self.width() - 2 * edge) * at_ms / max(1, self.maximum())

    def moment_at(self, x: float) -> int:
        """The moment at a place, in milliseconds."""
        edge = self._edge()
        share = (x - edge) / max(1, self.width() - 2 * edge)
        return round(min(1.0, max(0.0, share)) * self.maximum())

    def lane_y(self) -> int:
        """Middle of the lane of marks."""
        return self._strip_height() + space(self, 0.75) + self._lane_height() // 2

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint strip, marks, head and the time under the pointer."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_strip(painter)
        self._paint_lane(painter)
        self._paint_head(painter)
        if self._hover_x is not None:
            self._paint_time(painter, self._hover_x)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours_of(self).focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_strip(self, painter: QPainter) -> None:
        colours, strip = colours_of(self), self._strip_rect()
        painter.fillRect(strip, QColor(colours.raised))
        share = strip.width() / STRIP_FRAMES
        for at_ms, image in self._strip:
            index = min(STRIP_FRAMES - 1, at_ms * STRIP_FRAMES // max(1, self.maximum()))
            cell = QRectF(strip.left() + index * share, strip.top(), share, strip.height())
            painter.drawImage(cell, image, _middle_of(image, cell))
        past = QRectF(strip.topLeft(), QPointF(self.x_of(self.value()), strip.bottom()))
        if self._has_strip:
            veil = QColor(colours.window)
            veil.setAlpha(110)
            painter.fillRect(QRectF(past.topRight(), strip.bottomRight()), veil)
            painter.fillRect(QRectF(past.left(), strip.bottom() - 3, past.width(), 3), QColor(colours.accent))
        else:
            painter.fillRect(past, QColor(colours.accent))
        painter.setPen(QPen(QColor(colours.outline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(strip)

    def _paint_lane(self, painter: QPainter) -> None:
        colours = colours_of(self)
        middle, half = self.lane_y(), self._lane_height() / 2
        painter.setPen(QPen(QColor(colours.separator), 1))
        painter.drawLine(QPointF(self.x_of(0), middle), QPointF(self.x_of(self.maximum()), middle))
        if self._loop is not None:
            box = self._span_box(self._loop, half * 1.9)
            painter.setPen(QPen(QColor(colours.accent), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(colours.accent_soft))
            painter.drawRoundedRect(box, 3, 3)
        for mark in sorted(self._marks, key=lambda m: (m.is_selected, not m.is_range)):
            self._paint_mark(painter, mark)
        if self._range_start is not None:
            x = self.x_of(self._range_start)
            painter.setPen(QPen(QColor(colours.text), 2))
            painter.drawPolyline(
                [
                    QPointF(x + half * 0.7, middle - half),
                    QPointF(x, middle - half),
                    QPointF(x, middle + half),
                    QPointF(x + half * 0.7, middle + half),
                ]
            )
            painter.drawLine(QPointF(x, 0), QPointF(x, middle))

    def _paint_mark(self, painter: QPainter, mark: MediaMark) -> None:
        colours = colours_of(self)
        span = self._span_of(mark)
        middle, half = self.lane_y(), self._lane_height() / 2
        painter.setPen(
            QPen(QColor(colours.text if mark.is_selected else colours.outline), 2 if mark.is_selected else 1)
        )
        painter.setBrush(QColor(fill_of(mark.colour)))
        if span.end_ms > span.start_ms:
            painter.drawRoundedRect(self._span_box(span, half * 1.2), 3, 3)
            if mark.is_selected and mark.may_change:
                painter.setBrush(QColor(colours.surface))
                for at in (span.start_ms, span.end_ms):
                    painter.drawRoundedRect(QRectF(self.x_of(at) - 3, middle - half, 6, 2 * half), 2, 2)
            return
        x = self.x_of(span.start_ms)
        if mark.rect is not None:
            painter.drawRect(QRectF(x - half * 0.7, middle - half * 0.7, half * 1.4, half * 1.4))
        else:
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, middle - half),
                        QPointF(x + half * 0.85, middle),
                        QPointF(x, middle + half),
                        QPointF(x - half * 0.85, middle),
                    ]
                )
            )
        if mark.is_selected:
            painter.drawLine(QPointF(x, 0), QPointF(x, middle - half))

    def _paint_head(self, painter: QPainter) -> None:
        colours = colours_of(self)
        x = self.x_of(self.value())
        bottom = self._strip_rect().bottom()
        painter.setPen(QPen(QColor(colours.surface), 4))
        painter.drawLine(QPointF(x, 1), QPointF(x, bottom))
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, bottom + 1))
        painter.setPen(QPen(QColor(colours.surface), 1))
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(QPointF(x, bottom), space(self, 1.1), space(self, 1.1))

    def _paint_time(self, painter: QPainter, x: float) -> None:
        """The time under the pointer, and a line where it is."""
        colours, words = colours_of(self), time_words(self.moment_at(x))
        painter.setFont(scaled_font(90))
        width = painter.fontMetrics().horizontalAdvance(words) + space(self, 2)
        height = painter.fontMetrics().height() + 2
        left = min(max(1.0, x - width / 2), self.width() - width - 1.0)
        box = QRectF(left, 1, width, height)
        painter.setPen(QPen(QColor(colours.text), 1))
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x, self._strip_rect().bottom()))
        painter.setPen(QPen(QColor(colours.outline), 1))
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(colours.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    # ---- inside ----

    def _edge(self) -> int:
        return space(self, 1.5)

    def _strip_height(self) -> int:
        return space(self, 11) if self._has_strip else space(self, 4)

    def _lane_height(self) -> int:
        return space(self, 3.5)

    def _strip_rect(self) -> QRectF:
        edge = self._edge()
        return QRectF(edge, 1, self.width() - 2 * edge, self._strip_height() - 1)

    def _span_of(self, mark: MediaMark) -> TimeSpan:
        if self._grab is not None and self._grab_span is not None and mark.id == self._grab[0].id:
            return self._grab_span
        return mark.span

    def _span_box(self, span: TimeSpan, height: float) -> QRectF:
        left, right = self.x_of(span.start_ms), self.x_of(span.end_ms)
        return QRectF(left, self.lane_y() - height / 2, max(4.0, right - left), height)


def _middle_of(image: QImage, cell: QRectF) -> QRectF:
    """The part of a small picture that fills a cell without being stretched."""
    wanted = cell.width() / max(1.0, cell.height())
    width = min(image.width(), image.height() * wanted)
    height = min(image.height(), image.width() / max(0.01, wanted))
    return QRectF((image.width() - width) / 2, (image.height() - height) / 2, width, height)
