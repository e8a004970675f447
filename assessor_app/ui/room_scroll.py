"""The last resort of a small screen: a page that needs more than there is scrolls as a whole."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from assessor_app.ui.page_stack import PageStack

LEAST = QSize(760, 480)
"""Most that a page may ask of the window, in pixels: with all that stands around it a small laptop has it."""
_MARGIN_PX = 12


class RoomScroll(QScrollArea):
    """Shows a page whole where it fits; else it scrolls, and the keyboard brings along what it goes to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCornerWidget(QWidget(self))
        self.pages = PageStack(self.viewport(), follows_width=False)
        """Everything that is shown between the navigation and the bar at the bottom."""
        self._least = QSize()
        self.setWidget(self.pages)
        self.pages.setAutoFillBackground(False)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def sizeHint(self) -> QSize:
        """As the page."""
        return self.pages.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As the page, as far as every screen has it."""
        return self.pages.minimumSizeHint().boundedTo(LEAST)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another page needs another room."""
        handled = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            least = self.minimumSizeHint()
            if least != self._least:
                self._least = least
                self.updateGeometry()
        return handled

    @Slot(QWidget, QWidget)
    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        bars = self.horizontalScrollBar().maximum() + self.verticalScrollBar().maximum()
        # Not under a pressed button: what is clicked must not move away.
        is_by_key = QApplication.mouseButtons() == Qt.MouseButton.NoButton
        if now is not None and bars and is_by_key and self.pages.isAncestorOf(now):
            self.ensureWidgetVisible(now, _MARGIN_PX, _MARGIN_PX)


def shown_height(part: QWidget) -> int:
    """How high a part of a page would be, in pixels, if the page were no higher than its window.

    Args:
        part: of a page that may have been made higher so as to scroll, or of none.
    """
    above = part.parentWidget()
    while above is not None and not isinstance(above, RoomScroll):
        above = above.parentWidget()
    page = above.widget() if above is not None else None
    if above is None or page is None:
        return part.height()
    # Not of its viewport: a bar that comes and goes would fold and unfold what is in the page.
    return part.height() - max(0, page.height() - above.height())
