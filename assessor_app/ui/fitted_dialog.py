"""A dialog as high as its words need: a layout alone would cut wrapped words."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from assessor_app.ui.screen_room import screen_room
from assessor_app.ui.tall_scroll import TallScroll


class FittedDialog(QDialog):
    """Grows and shrinks with what is in it; its width stays.

    Where the screen is lower than that, everything scrolls but what stands last: its buttons.
    """

    _scrolled: TallScroll | None = None

    def showEvent(self, event: QShowEvent) -> None:
        """The width is known now."""
        super().showEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Something in it asks for another height."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return handled

    def fit(self) -> None:
        """As high as the words need at this width, or as the screen is."""
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        most = screen_room(self).height()
        if self._scrolled is None and self._needed_px() > most and self._still_needs_more(most):
            self._let_scroll(most)
        height = min(most, self._needed_px())
        if height != self.height():
            self.setMinimumHeight(0 if self._scrolled is not None else height)
            self.resize(self.width(), height)

    def _still_needs_more(self, most: int) -> bool:
        """Whether it is too high once its parts have their widths: before, words wrap into too many lines."""
        self.resize(self.width(), most)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        return self._needed_px() > most

    def _needed_px(self) -> int:
        layout = self.layout()
        if layout is None:
            return 0
        if layout.hasHeightForWidth():
            return layout.totalHeightForWidth(self.width())
        return layout.totalSizeHint().height()

    def _let_scroll(self, most: int) -> None:
        """Put everything but the last part into a surface that scrolls."""
        layout = self.layout()
        if not isinstance(layout, QVBoxLayout):
            return
        typed_in = self.focusWidget()
        held = QWidget(self)
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(layout.spacing())
        while layout.count() > 1:
            item = layout.takeAt(0)
            if item is None:
                break
            inner, widget = item.layout(), item.widget()
            if inner is not None:
                column.addLayout(inner)
            elif widget is not None:
                column.addWidget(widget)
            else:
                column.addItem(item)
        self._scrolled = TallScroll(self.windowTitle(), self)
        self._scrolled.setWidget(held)
        layout.insertWidget(0, self._scrolled)
        self.setMinimumHeight(0)
        self.setMaximumHeight(most)
        layout.activate()
        if typed_in is not None:
            typed_in.setFocus()
