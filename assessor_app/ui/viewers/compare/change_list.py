"""The list of everything that differs, to go from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.compare.compare_words import Stop

MOST_STOPS = 2_000
"""Lines of the list; nobody reads more, and the marks on the pages show the rest."""


class ChangeList(QWidget):
    """One line for each thing that differs; the current one is where the reader is."""

    stop_chosen = Signal(object)
    """The Stop that the person went to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading: QLabel = plain_label("", "caption-strong", self)
        self.list = QListWidget(self)
        self.list.setWordWrap(True)
        self.list.setAccessibleName(self.tr("Changes"))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        # Thousands of wrapped lines are measured bit by bit, while the window goes on.
        self.list.setLayoutMode(QListWidget.LayoutMode.Batched)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(space(self, quarters) for quarters in (2, 2, 1, 1)))
        column.setSpacing(space(self, 1))
        column.addWidget(self.heading)
        column.addWidget(self.list, 1)
        self._stops: tuple[Stop, ...] = ()
        self._is_filling = False
        self.setFocusProxy(self.list)
        self.list.currentRowChanged.connect(self._moved)
        self.list.itemClicked.connect(self._clicked)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """What the list holds."""
        return self._stops

    @property
    def row(self) -> int:
        """The line at hand; -1 before the first."""
        return self.list.currentRow()

    def minimumSizeHint(self) -> QSize:
        """Wide enough for a few words."""
        return QSize(self.fontMetrics().averageCharWidth() * 20, super().minimumSizeHint().height())

    def show_stops(self, stops: Sequence[Stop]) -> None:
        """Replace the list; the line at hand stays if it is still there."""
        at_hand = self._stops[self.row] if 0 <= self.row < len(self._stops) else None
        self._stops = tuple(stops[:MOST_STOPS])
        self._is_filling = True
        self.list.clear()
        self.list.addItems([_line(stop) for stop in self._stops])
        if at_hand in self._stops:
            self.list.setCurrentRow(self._stops.index(at_hand))
        self._is_filling = False
        count = len(stops)
        words = self.tr("1 change") if count == 1 else self.tr("{n} changes").format(n=count)
        self.heading.setText(words if count else self.tr("No changes"))

    def step(self, direction: int) -> None:
        """Go to the next (1) or the previous (-1) change."""
        if self._stops:
            row = self.row + direction if self.row >= 0 else 0 if direction > 0 else len(self._stops) - 1
            self.list.setCurrentRow(min(max(0, row), len(self._stops) - 1))

    @Slot(int)
    def _moved(self, row: int) -> None:
        if 0 <= row < len(self._stops) and not self._is_filling:
            self.stop_chosen.emit(self._stops[row])

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        """A click on the line at hand goes there again."""
        self._moved(self.list.row(item))


def _line(stop: Stop) -> str:
    text = f"{stop.sign} {stop.text}".strip()
    return f"{text}\n{stop.detail}" if stop.detail else text
