"""What a search found, as a list: submissions, and below each its places with the words around."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from assessor_app.domain.searching import Found, FoundSubmission, SearchAnswer
from assessor_app.ui.inbox_row import column_margin, measures
from assessor_app.ui.search_words import covered_words, found_sentence, place_words, submission_words
from assessor_app.ui.theme import colours_of

Index = QModelIndex | QPersistentModelIndex
Row = Found | FoundSubmission
ROW_ROLE = Qt.ItemDataRole.UserRole


class SearchModel(QAbstractListModel):
    """The rows of one answer."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def show(self, answer: SearchAnswer) -> None:
        """Take an answer in place of the last."""
        self.beginResetModel()
        rows: list[Row] = []
        for submission in answer.submissions:
            rows += (submission, *submission.places)
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Submissions and places together."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def row_at(self, position: int) -> Row:
        """What stands at a position."""
        return self._rows[position]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row, or its words."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return submission_words(row) if isinstance(row, FoundSubmission) else found_sentence(row)
        return None


class ResultPainter(QStyledItemDelegate):
    """Paints a submission as a heading, a place as two lines with what was found on a ground of its own."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line with air for a submission, two for a place."""
        line = measures().line
        is_heading = isinstance(index.data(ROW_ROLE), FoundSubmission)
        return QSize(
            round(line * 20), round(line * ((1.9 if index.row() == 0 else 2.4) if is_heading else 3.1))
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row, view, m = index.data(ROW_ROLE), option.widget, measures()
        colours = colours_of(view)
        area = QRectF(option.rect)
        margin = column_margin(area.width(), m.line)
        area.adjust(margin, 0, -margin, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, FoundSubmission):
            area.setTop(area.bottom() - m.line * 1.9)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            is_selected = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if is_selected else colours.hover))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), m.line * 0.4, m.line * 0.4)
        left, right = area.left() + m.line * 0.6, area.right() - m.line * 0.6
        if isinstance(row, FoundSubmission):
            metrics = QFontMetricsF(m.strong)
            painter.setFont(m.strong)
            painter.setPen(QColor(colours.text))
            words = metrics.elidedText(submission_words(row), Qt.TextElideMode.ElideRight, right - left)
            base = area.center().y() + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left, base), words)
        elif isinstance(row, Found):
            left += m.line * 0.8
            self._place(painter, QRectF(left, area.top(), right - left, area.height()), row, view)
        if state & QStyle.StateFlag.State_HasFocus and QApplication.focusWidget() is view:
            painter.setPen(QPen(QColor(colours.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(2, 2, -2, -2), m.line * 0.4, m.line * 0.4)
        painter.restore()

    def _place(self, painter: QPainter, area: QRectF, found: Found, view: QWidget) -> None:
        """Where, and the words around."""
        colours, m = colours_of(view), measures()
        small, body = QFontMetricsF(m.small), QFontMetricsF(m.body)
        painter.setFont(m.small)
        painter.setPen(QColor(colours.quiet))
        where = small.elidedText(place_words(found), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QPointF(area.left(), area.top() + m.line * 1.15), where)
        base = area.top() + m.line * 2.4
        painter.setFont(m.body)
        if not found.snippet:
            painter.drawText(QPointF(area.left(), base), covered_words())
            return
        text, hits = _around_first_hit(found, body, area.width())
        for start, end in hits:
            x = area.left() + body.horizontalAdvance(text[:start])
            width = body.horizontalAdvance(text[start:end])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.warning_soft))
            box = QRectF(x - 1, base - body.ascent(), width + 2, body.height())
            painter.drawRoundedRect(box.intersected(area), 3, 3)
        painter.setPen(QColor(colours.text))
        elided = body.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QPointF(area.left(), base), elided)


def _around_first_hit(
    found: Found, metrics: QFontMetricsF, width: float
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The snippet cut at its beginning, so that the first place that was found is in view."""
    text, hits = found.snippet, found.hits
    if not hits or metrics.horizontalAdvance(text[: hits[0][1]]) < width * 0.85:
        return text, hits
    start = hits[0][0]
    while start > 0 and metrics.horizontalAdvance(text[start : hits[0][1]]) < width * 0.4:
        start -= 1
    start = text.rfind(" ", 0, start + 1) + 1 if start else 0
    cut = "… " + text[start:]
    shift = start - 2
    return cut, tuple((begin - shift, end - shift) for begin, end in hits)


class SearchResults(QListView):
    """The list; Enter opens a place."""

    place_wanted = Signal(object)
    """Found, or FoundSubmission where a heading was chosen."""
    left_upwards = Signal()
    """The keyboard goes up from the first row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.results = SearchModel(self)
        self.setModel(self.results)
        self.setItemDelegate(ResultPainter(self))
        self.setAccessibleName(self.tr("Places found"))
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setProperty("plain", "true")
        self.doubleClicked.connect(self._open)

    def choose_first(self) -> None:
        """Choose the first place where none is chosen."""
        if not self.currentIndex().isValid() and self.results.rowCount():
            self.setCurrentIndex(self.results.index(min(1, self.results.rowCount() - 1), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Up from the first row goes back to the words."""
        here = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here.isValid():
            self._open(here)
        elif event.key() == Qt.Key.Key_Up and here.row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.place_wanted.emit(self.results.row_at(index.row()))
