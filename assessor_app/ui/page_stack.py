"""Pages of which one is shown; only that one says how small the window may be."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QStackedLayout, QWidget


class FrontLayout(QStackedLayout):
    """A stack that is as small as what is in front can be: a wide or high page behind it does not count."""

    def __init__(self, *, follows_width: bool = True) -> None:
        """Begin empty.

        Args:
            follows_width: whether words that wrap in front ask for a height of their own.
        """
        super().__init__()
        self._follows_width = follows_width
        self.currentChanged.connect(self._ask_anew)

    def minimumSize(self) -> QSize:
        """What the page in front needs at least."""
        page = self.currentWidget()
        if page is None:
            return QSize(0, 0)
        return page.minimumSizeHint().expandedTo(page.minimumSize()).boundedTo(page.maximumSize())

    def sizeHint(self) -> QSize:
        """What the page in front would like."""
        page = self.currentWidget()
        return page.sizeHint() if page is not None else QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        """Whether words of the page in front wrap."""
        page = self.currentWidget()
        return self._follows_width and page is not None and page.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """How high the page in front would like to be, in pixels; -1 where its width does not matter."""
        page = self.currentWidget()
        if page is None or not page.hasHeightForWidth():
            return -1
        return page.heightForWidth(width)

    def minimumHeightForWidth(self, width: int) -> int:
        """How high the page in front must be at that width, in pixels; -1 where its width does not matter."""
        page = self.currentWidget()
        if page is None or not page.hasHeightForWidth():
            return -1
        layout = page.layout()
        least = layout.totalMinimumHeightForWidth(width) if layout is not None else page.heightForWidth(width)
        return max(least, page.minimumHeight())

    @Slot()
    def _ask_anew(self) -> None:
        self.invalidate()
        holder = self.parentWidget()
        if holder is not None:
            holder.updateGeometry()


class PageStack(QWidget):
    """The same as a widget of its own, with the ways in and out that a stacked widget has."""

    def __init__(self, parent: QWidget | None = None, *, follows_width: bool = True) -> None:
        """Begin empty.

        Args:
            parent: Qt parent.
            follows_width: whether words that wrap in front ask for a height of their own; not where the
                page scrolls as soon as it is higher than the least that it needs.
        """
        super().__init__(parent)
        self._pages = FrontLayout(follows_width=follows_width)
        self.setLayout(self._pages)
        self._pages.setContentsMargins(0, 0, 0, 0)

    def addWidget(self, page: QWidget) -> int:
        """Put a page behind the others; returns its place."""
        return self._pages.addWidget(page)

    def removeWidget(self, page: QWidget) -> None:
        """Take a page out; it is not destroyed."""
        self._pages.removeWidget(page)

    def count(self) -> int:
        """How many pages."""
        return self._pages.count()

    def widget(self, index: int) -> QWidget | None:
        """One of the pages; None behind the last."""
        return self._pages.widget(index)

    def indexOf(self, page: QWidget) -> int:
        """The place of a page; -1 if it is not one of them."""
        return self._pages.indexOf(page)

    def currentWidget(self) -> QWidget | None:
        """The page in front; None while there is none."""
        return self._pages.currentWidget()

    def currentIndex(self) -> int:
        """Its place."""
        return self._pages.currentIndex()

    def setCurrentWidget(self, page: QWidget) -> None:
        """Bring a page to the front."""
        self._pages.setCurrentWidget(page)

    def setCurrentIndex(self, index: int) -> None:
        """Bring the page at that place to the front."""
        self._pages.setCurrentIndex(index)
