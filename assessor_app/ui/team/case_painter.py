"""How one question or report is painted in the list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from assessor_app.domain.case_list import CaseRow
from assessor_app.ui.colours import Colours
from assessor_app.ui.icons import painted
from assessor_app.ui.inbox_row import Measures, measures
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.row_clock import RowClock
from assessor_app.ui.team import case_words as words
from assessor_app.ui.team.case_model import CASE_ROLE, CaseModel
from assessor_app.ui.theme import colours_of

_LINES = 4.6


class CasePainter(QStyledItemDelegate):
    """Paints rows of three lines: what and when, the words, where it stands."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Three lines of text with room around."""
        line = measures().line
        return QSize(round(line * 14), round(line * _LINES))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the card and its words, and the focus ring where the keyboard is."""
        row, model, view = index.data(CASE_ROLE), index.model(), option.widget
        if not isinstance(row, CaseRow) or not isinstance(model, CaseModel):
            return
        colours, m = colours_of(view), measures()
        area = QRectF(option.rect).adjusted(2, 2, -2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        fill = colours.selected if is_selected else colours.surface
        if not is_selected and option.state & QStyle.StateFlag.State_MouseOver:
            fill = colours.hover
        painter.setPen(QPen(QColor(colours.separator), 1))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(area, m.line * 0.4, m.line * 0.4)
        _RowText(painter, area, row, model.clock, colours, m).paint()
        if option.state & QStyle.StateFlag.State_HasFocus and QApplication.focusWidget() is view:
            painter.setPen(QPen(QColor(colours.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, m.line * 0.4, m.line * 0.4)
        painter.restore()


class _RowText:
    """The words of one row."""

    def __init__(
        self, painter: QPainter, area: QRectF, row: CaseRow, clock: RowClock, colours: Colours, m: Measures
    ) -> None:
        self._painter, self._row, self._clock, self._colours, self._m = painter, row, clock, colours, m
        self._area = area.adjusted(m.line * 0.6, m.line * 0.35, -m.line * 0.6, -m.line * 0.3)

    def paint(self) -> None:
        """Draw them."""
        row, m, colours = self._row, self._m, self._colours
        side = m.line * 0.95
        box = QRectF(self._area.left(), self._area.top() + (m.line * 1.25 - side) / 2, side, side)
        painted(self._painter, words.ICONS[row.kind], colours.accent if row.is_unread else colours.quiet, box)
        left = self._area.left() + side + m.line * 0.45
        due = words.due_said(row, self._clock)
        right = self._right(self._line(0), due.text, m.small, getattr(colours, due.tone))
        head = f"{one_line(row.code)} · {words.kind_words(row.kind)}"
        font = m.strong if row.is_unread else m.body
        self._text(left, right - m.line * 0.4, self._line(0), head, font, colours.text)
        text = one_line(words.row_text(row)) or one_line(row.title)
        self._text(left, self._area.right(), self._line(1), text, m.body, colours.text)
        state = words.state_said(row)
        right = self._area.right()
        if state is not None:
            right = self._right(self._line(2), state.text, m.small, getattr(colours, state.tone))
            right -= side + m.line * 0.2
            box = QRectF(right, self._line(2).center().y() - side / 2, side, side)
            painted(self._painter, state.icon, getattr(colours, state.tone), box)
            right -= m.line * 0.4
        self._text(left, right, self._line(2), one_line(row.title), m.small, colours.quiet)
        if row.is_unread:
            middle = QPointF(self._area.left() + side / 2, self._line(1).center().y())
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(colours.accent))
            self._painter.drawEllipse(middle, m.line * 0.18, m.line * 0.18)

    def _line(self, number: int) -> QRectF:
        height = self._m.line * 1.28
        return QRectF(self._area.left(), self._area.top() + number * height, self._area.width(), height)

    def _right(self, line: QRectF, text: str, font: QFont, colour: str) -> float:
        """Draw at the right end of a line; gives the left end of the words."""
        width = QFontMetricsF(font).horizontalAdvance(text)
        self._text(line.right() - width - 1, line.right(), line, text, font, colour)
        return line.right() - width

    def _text(self, left: float, right: float, line: QRectF, text: str, font: QFont, colour: str) -> None:
        width = max(0.0, right - left)
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        fitted = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width + 1)
        box = QRectF(left, line.top(), width + 1, line.height())
        self._painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, fitted)
