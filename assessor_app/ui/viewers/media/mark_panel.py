"""The marks of a recording as a list by time, and the typed times of the selected one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from assessor_app.domain.annotations import TimeSpan
from assessor_app.ui.icons import icon_size
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.colour_buttons import swatch
from assessor_app.ui.viewers.media.media_mark import MediaMark
from assessor_app.ui.viewers.media.time_field import TimeField

_ROWS_SHOWN = 5
_ID = int(Qt.ItemDataRole.UserRole)


class _List(QListWidget):
    """Rows that are gone to by a click or Return."""

    chosen = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the mark; letters are the player's keys, not a search."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.chosen.emit(str(item.data(_ID)))
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)


class MarkPanel(QWidget):
    """Lists marks; takes data, emits what the person wants.

    Args:
        parent: Qt parent.
    """

    chosen = Signal(str)
    """Id of a mark to go to."""
    span_changed = Signal(str, object)
    """Id of a mark and the TimeSpan that was typed for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "window")
        self._selected: MediaMark | None = None
        self._longest_ms = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(*(space(self, quarters) for quarters in (2, 1, 2, 1.5)))
        column.setSpacing(space(self, 1))
        self._heading = plain_label(self.tr("Marks"), "heading", self)
        column.addWidget(self._heading)
        self.list = _List(self)
        self.list.setAccessibleName(self.tr("Marks by time"))
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.list, 1)
        self.hint = plain_label("", "quiet", self, wraps=True)
        column.addWidget(self.hint)
        column.addStretch(0)
        self.start = TimeField(self.tr("Start of the mark"), self)
        self.end = TimeField(self.tr("End of the mark"), self)
        self._times = QWidget(self)
        row = QHBoxLayout(self._times)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(self, 1))
        self._from_word = plain_label(self.tr("From"), "quiet", self)
        self._to_word = plain_label(self.tr("to"), "quiet", self)
        for widget in (self._from_word, self.start, self._to_word, self.end):
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(self._times)
        self.list.itemClicked.connect(self._clicked)
        self.list.chosen.connect(self.chosen)
        self.start.chosen.connect(self._start_typed)
        self.end.chosen.connect(self._end_typed)
        self._is_editable = True
        self.show_marks((), 0)

    def show_marks(self, marks: Sequence[MediaMark], longest_ms: int) -> None:
        """Replace the rows.

        Args:
            marks: by time.
            longest_ms: length of the recording.
        """
        self._longest_ms = longest_ms
        shown = [mark for mark in marks if mark.id]
        self.list.blockSignals(True)
        self.list.clear()
        for mark in shown:
            item = QListWidgetItem(self._swatch(mark.colour), mark.words)
            item.setData(_ID, mark.id)
            item.setToolTip("")
            self.list.addItem(item)
            if mark.is_selected:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._selected = next((mark for mark in shown if mark.is_selected), None)
        self.list.setVisible(bool(shown))
        self.hint.setVisible(not shown)
        self._show_times()

    def set_hint(self, words: str) -> None:
        """What is said while there are no marks."""
        self.hint.setText(words)

    def set_editable(self, is_editable: bool) -> None:
        """Whether times can be typed."""
        self._is_editable = is_editable
        self._show_times()

    def sizeHint(self) -> QSize:
        """A few rows."""
        return QSize(round(self.fontMetrics().averageCharWidth() * 40), self.wanted_height())

    def wanted_height(self) -> int:
        """Height for all rows, but for few at most; more are scrolled."""
        line = self.fontMetrics().lineSpacing()
        rows = min(_ROWS_SHOWN, self.list.count())
        row = max(1, self.list.sizeHintForRow(0)) if rows else 0
        times = self.start.sizeHint().height() + space(self, 1) if rows else 0
        hint = line * 2 if not rows else 0
        return round(line * 1.6) + rows * row + hint + times + space(self, 4)

    def minimumSizeHint(self) -> QSize:
        """One row and the heading."""
        return QSize(super().minimumSizeHint().width(), round(self.fontMetrics().lineSpacing() * 4.5))

    def _swatch(self, colour: str) -> QIcon:
        """A disc in a mark's colour, which a selected row does not tint."""
        side = icon_size(self)
        drawn = swatch(colour, self, is_on=False).pixmap(side, side)
        icon = QIcon(drawn)
        icon.addPixmap(drawn, QIcon.Mode.Selected)
        return icon

    def _show_times(self) -> None:
        mark = self._selected
        self._times.setVisible(mark is not None and mark.may_change and self._is_editable)
        if mark is None:
            return
        for widget in (self._to_word, self.end):
            widget.setVisible(mark.is_range)
        self._from_word.setText(self.tr("From") if mark.is_range else self.tr("At"))
        self.start.show_time(mark.span.start_ms)
        self.end.show_time(mark.span.end_ms)

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(str(item.data(_ID)))

    @Slot(int)
    def _start_typed(self, at_ms: int) -> None:
        mark = self._selected
        if mark is None:
            return
        at = min(at_ms, self._longest_ms)
        end = max(mark.span.end_ms, at + 1) if mark.is_range else at
        self.span_changed.emit(mark.id, TimeSpan(at, end))

    @Slot(int)
    def _end_typed(self, at_ms: int) -> None:
        mark = self._selected
        if mark is None:
            return
        end = max(1, min(at_ms, self._longest_ms))
        self.span_changed.emit(mark.id, TimeSpan(min(mark.span.start_ms, end - 1), end))
