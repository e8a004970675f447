"""How one row of the inbox is painted: what it is, where it stands, when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.ui.colours import Colours
from assessor_app.ui.icons import painted
from assessor_app.ui.inbox_model import IS_LAST_ROLE, ROW_ROLE, SECTION_ROLE, InboxModel
from assessor_app.ui.inbox_words import (
    Said,
    Section,
    due_said,
    evidence_said,
    is_done_here,
    is_settled,
    limits_said,
    section_title,
    state_said,
)
from assessor_app.ui.theme import colours_of, scaled_font

NARROW_IN_LINES = 38
"""Below this width a row takes three lines of text: the dates go below the words."""
MAX_WIDTH_IN_LINES = 62
"""A row is at most this many line heights wide, and then stands in the middle: eyes need not travel."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Fonts and distances for one text size."""

    title: QFont
    body: QFont
    strong: QFont
    small: QFont
    heading: QFont
    line: float
    """Height of a line of body text in pixels; everything else follows from it."""


def measures() -> Measures:
    """Fonts and distances for the text size in force."""
    return _measures_of(QApplication.font().key())


@lru_cache(maxsize=2)
def _measures_of(_font: str) -> Measures:
    """Made once for each of the application's fonts: a list of a hundred rows asks hundreds of times."""
    body = scaled_font()
    return Measures(
        title=scaled_font(106, QFont.Weight.DemiBold),
        body=body,
        strong=scaled_font(100, QFont.Weight.DemiBold),
        small=scaled_font(92),
        heading=scaled_font(94, QFont.Weight.DemiBold),
        line=QFontMetricsF(body).height(),
    )


class RowPainter(QStyledItemDelegate):
    """Paints rows as cards under headings; `sizeHint` leaves room for a heading above the first of each."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two or three lines of text with room around, and a heading where one begins."""
        line = measures().line
        room = option.widget.viewport().width() if isinstance(option.widget, QAbstractItemView) else 0
        height = line * (5.2 if _is_narrow(_width_of_rows(room, line), line) else 3.9)
        if index.data(SECTION_ROLE) is not None:
            height += heading_height(line, is_first=index.row() == 0)
        if index.data(IS_LAST_ROLE):
            height += line * 0.15
        return QSize(round(line * 20), round(height))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw heading, card, words and, where the keyboard is, the focus ring."""
        view, model, row = option.widget, index.model(), index.data(ROW_ROLE)
        if not isinstance(model, InboxModel) or not isinstance(row, InboxRow):
            return
        colours, m = colours_of(view), measures()
        area = _column(QRectF(option.rect), m.line)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        section = index.data(SECTION_ROLE)
        if section is not None:
            taken = heading_height(m.line, is_first=index.row() == 0)
            heading = QRectF(area.left(), area.top(), area.width(), taken)
            _paint_heading(painter, heading, section, colours, m)
            area.setTop(area.top() + taken)
        if index.data(IS_LAST_ROLE):
            area.setBottom(area.bottom() - m.line * 0.15)
        _paint_card(
            painter, area, option.state, colours, m, first=section is not None, last=index.data(IS_LAST_ROLE)
        )
        _RowText(painter, area, row, model, colours, m).paint()
        if option.state & QStyle.StateFlag.State_HasFocus and QApplication.focusWidget() is view:
            painter.setPen(QPen(QColor(colours.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(2, 2, -2, -2), m.line * 0.4, m.line * 0.4)
        painter.restore()


def _width_of_rows(room: float, line: float) -> float:
    return room - 2 * column_margin(room, line)


def _is_narrow(width: float, line: float) -> bool:
    return width < NARROW_IN_LINES * line


def heading_height(line: float, *, is_first: bool) -> float:
    """Pixels above a card for its heading."""
    return line * (1.8 if is_first else 2.7)


def column_margin(width: float, line: float) -> float:
    """Pixels left free on both sides of the rows, so that they are not longer than eyes like."""
    return max(0.0, (width - MAX_WIDTH_IN_LINES * line) / 2)


def _column(area: QRectF, line: float) -> QRectF:
    margin = column_margin(area.width(), line)
    return area.adjusted(margin, 0, -margin, 0)


def _paint_heading(painter: QPainter, area: QRectF, section: Section, colours: Colours, m: Measures) -> None:
    is_pressing = section in (Section.OVERDUE, Section.NEEDS_YOU)
    painter.setFont(m.heading)
    painter.setPen(QColor(colours.danger if is_pressing else colours.quiet))
    place = area.adjusted(m.line * 0.2, 0, 0, -m.line * 0.45)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, section_title(section))


def _paint_card(
    painter: QPainter,
    area: QRectF,
    state: QStyle.StateFlag,
    colours: Colours,
    m: Measures,
    *,
    first: bool,
    last: bool,
) -> None:
    fill = colours.surface
    if state & QStyle.StateFlag.State_Selected:
        fill = colours.selected
    elif state & QStyle.StateFlag.State_MouseOver:
        fill = colours.hover
    box = area.adjusted(0.5, 0.5 if first else 0, -0.5, -0.5 if last else 0)
    outline = _outline(box, m.line * 0.5, top=first, bottom=last)
    painter.fillPath(outline, QColor(fill))
    painter.setPen(QPen(QColor(colours.separator), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # Cards of one group share their edge: each draws it at its top only.
    painter.setClipRect(area.adjusted(0, 0, 0, 0 if last else -0.5))
    painter.drawPath(outline)
    painter.setClipping(False)


def _outline(box: QRectF, radius: float, *, top: bool, bottom: bool) -> QPainterPath:
    """A box whose corners are round where a group begins or ends."""
    up, down = radius if top else 0.0, radius if bottom else 0.0
    path = QPainterPath(QPointF(box.left(), box.top() + up))
    path.quadTo(box.topLeft(), QPointF(box.left() + up, box.top()))
    path.lineTo(box.right() - up, box.top())
    path.quadTo(box.topRight(), QPointF(box.right(), box.top() + up))
    path.lineTo(box.right(), box.bottom() - down)
    path.quadTo(box.bottomRight(), QPointF(box.right() - down, box.bottom()))
    path.lineTo(box.left() + down, box.bottom())
    path.quadTo(box.bottomLeft(), QPointF(box.left(), box.bottom() - down))
    path.closeSubpath()
    return path


class _RowText:
    """The words of one row, laid out in two lines and two columns."""

    def __init__(
        self, painter: QPainter, area: QRectF, row: InboxRow, model: InboxModel, colours: Colours, m: Measures
    ) -> None:
        self._painter, self._row, self._model, self._colours, self._m = painter, row, model, colours, m
        self._is_quiet = is_settled(row) or is_done_here(row)
        line = m.line
        self._narrow = _is_narrow(area.width(), line)
        self._height = line * (3.75 if self._narrow else 2.45)
        self._top = area.top() + (area.height() - self._height) / 2
        self._left, self._right = area.left() + line * 1.1, area.right() - line * 1.1

    def paint(self) -> None:
        """Draw the state's icon, the dates, and in what is left title and state."""
        line, state = self._m.line, state_said(self._row, self._model.labels, self._model.role)
        side = line * 2.1
        self._badge(QRectF(self._left, self._top + (self._height - side) / 2, side, side), state)
        left = self._left + side + line * 0.9
        room = self._right - left
        if self._narrow:
            self._dates_below(left, room)
        else:
            used = self._right_column(max_width=room * 0.5)
            room -= used + (line if used else 0)
        self._title(left, room)
        self._second_line(left, room, state)

    def _badge(self, box: QRectF, state: Said) -> None:
        soft = {"quiet": self._colours.raised, "text": self._colours.raised}.get(state.tone)
        fill = soft or getattr(self._colours, f"{state.tone}_soft")
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(fill))
        self._painter.drawRoundedRect(box, box.width() * 0.28, box.width() * 0.28)
        inset = round(box.width() * 0.24)
        inner = box.adjusted(inset, inset, -inset, -inset)
        if self._row.local_state is LocalState.DRAFT and 0 < self._row.rated < self._row.criteria:
            self._ring(inner, self._row.rated / self._row.criteria)
        else:
            painted(self._painter, state.icon, getattr(self._colours, state.tone), inner)

    def _ring(self, box: QRectF, share: float) -> None:
        """Progress as a ring; the words beside it say the numbers."""
        width = max(2.0, box.width() * 0.16)
        box = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(self._colours.selected), width))
        self._painter.drawEllipse(box)
        self._painter.setPen(
            QPen(QColor(self._colours.accent), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        self._painter.drawArc(box, 90 * 16, -round(share * 360 * 16))

    def _right_column(self, max_width: float) -> float:
        """The due date above the quiet dates, right-aligned; returns the width taken."""
        due = due_said(self._row, self._model.now, self._model.zone)
        limits, width = self._limits(max_width), 0.0
        if due:
            font = self._m.strong if due.tone != "text" else self._m.body
            width = self._text(due.text, font, due.tone, 0, max_width, align_right=True)
        if limits:
            width = max(width, self._text(limits, self._m.small, "quiet", 1, max_width, align_right=True))
        return width

    def _dates_below(self, left: float, room: float) -> None:
        """All dates in a third line."""
        end = left + room
        due = due_said(self._row, self._model.now, self._model.zone)
        if due:
            font = self._m.strong if due.tone != "text" else self._m.body
            left += self._text(due.text, font, due.tone, 2, room, left=left) + self._m.line * 0.6
        self._text(self._limits(end - left), self._m.small, "quiet", 2, end - left, left=left)

    def _limits(self, room: float) -> str:
        """As many of the quiet dates as there is room for, each whole."""
        said = list(limits_said(self._row, self._model.now, self._model.zone))
        metrics = QFontMetricsF(self._m.small)
        while len(said) > 1 and metrics.horizontalAdvance(" · ".join(said)) > room:
            said.pop()
        return " · ".join(said)

    def _title(self, left: float, room: float) -> None:
        tone = "quiet" if is_settled(self._row) else "text"
        font = self._m.body if self._is_quiet else self._m.title
        self._text(self._row.title, font, tone, 0, room, left=left)

    def _second_line(self, left: float, room: float, state: Said) -> None:
        """Code, state in words, evidence; each as long as there is room."""
        evidence = evidence_said(self._row)
        pieces = [Said(self._row.code, "quiet"), state]
        if self._row.is_resubmission and state.icon != "refresh-cw" and not self._is_quiet:
            pieces.append(Said(self._model.tr("Resubmission"), "quiet"))
        if evidence is not None and not is_done_here(self._row):
            pieces.append(evidence)
        end = left + room
        for number, piece in enumerate(pieces):
            if left >= end - self._m.line * 2:
                return
            if number:
                left += self._text("  ·  ", self._m.small, "quiet", 1, end - left, left=left)
            left += self._text(piece.text, self._m.small, piece.tone, 1, end - left, left=left)

    def _text(
        self,
        text: str,
        font: QFont,
        tone: str,
        row: int,
        room: float,
        *,
        left: float | None = None,
        align_right: bool = False,
    ) -> float:
        """Draw a text in one of the two lines, elided to `room`; returns its width."""
        metrics = QFontMetricsF(font)
        if room < metrics.averageCharWidth() * 2:
            return 0.0
        fitted = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(fitted)
        start = self._right - width if align_right else (left if left is not None else self._left)
        line = self._m.line
        base = self._top + line * (0.92 + 1.3 * row)
        self._painter.setFont(font)
        self._painter.setPen(QColor(getattr(self._colours, tone)))
        self._painter.drawText(QPointF(start, base), fitted)
        return width
