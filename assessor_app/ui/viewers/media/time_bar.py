"""The bar of time under the pointer: seeks, and lets the selected mark be moved and trimmed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from assessor_app.domain.annotations import TimeSpan
from assessor_app.ui.viewers.media.bar_view import BarView
from assessor_app.ui.viewers.media.media_mark import MediaMark

_GRAB_PX = 6
_START, _END, _BOTH = "start", "end", "both"


class TimeBar(BarView):
    """A press goes to a moment; on the lane below the strip it chooses a mark or takes hold of it."""

    seek_requested = Signal(int)
    """Moment in milliseconds that the person wants to see."""
    mark_chosen = Signal(str)
    """Id of a mark that was clicked."""
    span_changed = Signal(str, object)
    """Id of a mark and its new TimeSpan."""

    _is_scrubbing = False

    # ---- the pointer and the keyboard ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a mark, or go to a moment."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position()
        grab = self._grab_at(at)
        if grab is not None:
            self._grab, self._grab_span = (*grab, self.moment_at(at.x())), grab[0].span
            return
        mark = self._mark_at(at)
        if mark is not None:
            self.mark_chosen.emit(mark.id)
            return
        self._is_scrubbing = True
        self.seek_requested.emit(self.moment_at(at.x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub, or drag a mark."""
        at = event.position()
        self._hover_x = at.x()
        if self._grab is not None:
            mark, part, began = self._grab
            self._grab_span = _moved(mark.span, part, self.moment_at(at.x()) - began, self.maximum())
            seen = self._grab_span.end_ms if part == _END else self._grab_span.start_ms
            self.seek_requested.emit(seen)
        elif self._is_scrubbing:
            self.seek_requested.emit(self.moment_at(at.x()))
        else:
            over = self._grab_at(at) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.PointingHandCursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag has ended."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        grab, span = self._grab, self._grab_span
        self._grab = self._grab_span = None
        self._is_scrubbing = False
        if grab is not None and span is not None:
            if span != grab[0].span:
                self.span_changed.emit(grab[0].id, span)
            else:
                self.mark_chosen.emit(grab[0].id)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No pointer, no time under it."""
        super().leaveEvent(event)
        self._hover_x = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the ends; the other keys are the player's."""
        if event.key() == Qt.Key.Key_Home:
            self.seek_requested.emit(0)
        elif event.key() == Qt.Key.Key_End:
            self.seek_requested.emit(self.maximum())
        else:
            event.ignore()

    # ---- inside ----

    def _grab_at(self, at: QPointF) -> tuple[MediaMark, str] | None:
        """The part of the selected mark under the pointer."""
        selected = next((mark for mark in self._marks if mark.is_selected and mark.may_change), None)
        if selected is None or not selected.id or at.y() < self._strip_rect().bottom():
            return None
        if not selected.is_range:
            near = abs(at.x() - self.x_of(selected.span.start_ms)) <= _GRAB_PX + 2
            return (selected, _BOTH) if near else None
        for part, end in ((_START, selected.span.start_ms), (_END, selected.span.end_ms)):
            if abs(at.x() - self.x_of(end)) <= _GRAB_PX:
                return selected, part
        inside = self.x_of(selected.span.start_ms) < at.x() < self.x_of(selected.span.end_ms)
        return (selected, _BOTH) if inside else None

    def _mark_at(self, at: QPointF) -> MediaMark | None:
        """The mark under the pointer: a moment before a range, a short range before a long one."""
        if at.y() < self._strip_rect().bottom():
            return None
        hits = [
            mark
            for mark in self._marks
            if mark.id
            and self.x_of(mark.span.start_ms) - _GRAB_PX <= at.x() <= self.x_of(mark.span.end_ms) + _GRAB_PX
        ]
        return min(hits, key=lambda mark: mark.span.end_ms - mark.span.start_ms, default=None)


def _moved(span: TimeSpan, part: str, by_ms: int, longest_ms: int) -> TimeSpan:
    """The range after dragging a part of it; it stays within the recording and never turns around."""
    if part == _START:
        return TimeSpan(min(max(0, span.start_ms + by_ms), span.end_ms - 1), span.end_ms)
    if part == _END:
        return TimeSpan(span.start_ms, max(min(longest_ms, span.end_ms + by_ms), span.start_ms + 1))
    by = min(max(by_ms, -span.start_ms), longest_ms - span.end_ms)
    return TimeSpan(span.start_ms + by, span.end_ms + by)
