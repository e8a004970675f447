"""Going places on the pages: to a page, one view further, to a rectangle, back to where one was."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal

from assessor_app.documents.anchoring import PagePoint
from assessor_app.ui.viewers import page_painter
from assessor_app.ui.viewers.page_canvas import PageCanvas


class PageTravel(PageCanvas):
    """A canvas that can be sent to places. Every move is done at once; drawings follow."""

    jumped = Signal(object, str)
    """PagePoint from which the person jumped, and what she walks through: see `History.jumped`."""

    def go_to_page(self, page: int) -> None:
        """Bring the top of a page to the top of the view; beyond the ends is the first or the last."""
        if self._sizes:
            page = min(max(0, page), len(self._sizes) - 1)
            self.verticalScrollBar().setValue(round(self._layout.box(page).y) - page_painter.AIR_PX)

    def go_to_height(self, page: int, y: float) -> None:
        """Bring a height on a page, in points from its top, to the top of the view."""
        if not 0 <= page < len(self._sizes):
            return
        if self._turn or y <= 0:
            self.go_to_page(page)
            return
        y = min(y, self._sizes[page].height_pt)
        self.verticalScrollBar().setValue(round(self._layout.to_content(PagePoint(page, 0, y))[1]) - 8)

    def turn(self, direction: int) -> None:
        """Read on (1) or back (-1): one view further, but never past the edge of a page unread."""
        if not self._sizes:
            return
        view, bar = self.viewport().height(), self.verticalScrollBar()
        page = self._layout.page_at(self._top + view / 3)
        box = self._layout.box(page)
        step_px = round(view * 0.9)
        if direction > 0:
            next_top = round(box.y + box.height) - page_painter.AIR_PX
            is_read = box.y + box.height <= self._top + view + 2
            if is_read and page + 1 < len(self._sizes):
                self.go_to_page(page + 1)
            elif is_read:
                bar.setValue(bar.maximum())
            else:
                bar.setValue(min(self._top + step_px, max(next_top - view + 2 * page_painter.AIR_PX, 0)))
        else:
            is_at_top = self._top <= box.y - page_painter.AIR_PX + 2
            if is_at_top and page > 0:
                above = self._layout.box(page - 1)
                bottom_aligned = round(above.y + above.height) + page_painter.AIR_PX - view
                bar.setValue(max(bottom_aligned, round(above.y) - page_painter.AIR_PX))
            else:
                bar.setValue(max(self._top - step_px, round(box.y) - page_painter.AIR_PX))

    def show_rect(self, page: int, rect: QRectF) -> None:
        """Scroll, if need be, so that a rectangle in page points is well in view."""
        if not 0 <= page < len(self._sizes):
            return
        shown = self.rect_in_view(page, rect)
        view = QRectF(self.viewport().rect())
        air = min(48.0, view.height() / 6)
        if shown.top() < view.top() + air or shown.bottom() > view.bottom() - air:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + round(shown.center().y() - view.height() / 3))
        if shown.left() < view.left() or shown.right() > view.right():
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + round(shown.center().x() - view.width() / 2))

    @property
    def place(self) -> PagePoint:
        """The place at the top left of the view; what `go_to_place` goes back to."""
        if not self._sizes:
            return PagePoint(0, 0.0, 0.0)
        return self._layout.to_page(self._left, self._top + page_painter.AIR_PX)

    def go_to_place(self, place: PagePoint) -> None:
        """Bring a place to the top left of the view."""
        if 0 <= place.page < len(self._sizes):
            x, y = self._layout.to_content(place)
            self.horizontalScrollBar().setValue(round(x))
            self.verticalScrollBar().setValue(round(y) - page_painter.AIR_PX)

    def set_turn(self, turn: int) -> None:
        """Show pages turned to the right by quarters; the page that is read stays in view."""
        page, self._turn = self._page, turn % 4
        self._lay_out(is_kept=False)
        self.go_to_page(page)
        self._ask_timer.start(0)
