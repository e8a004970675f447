"""How one row of the inbox is painted: what it is, where it stands, when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.inbox_groups import Group
from assessor_app.ui.colours import Colours
from assessor_app.ui.icons import painted
from assessor_app.ui.inbox_model import HEADING_ROLE, IS_FIRST_ROLE, IS_LAST_ROLE, ROW_ROLE, InboxModel
from assessor_app.ui.inbox_words import (
    Said,
    due_said,
    evidence_said,
    group_title,
    is_done_here,
    is_settled,
    limits_said,
    risk_said,
    size_said,
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
    """Paints headings of groups, and under each its rows as cards."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two or three lines of text with room around, or a heading."""
        line = measures().line
        if index.data(HEADING_ROLE) is not None:
            return QSize(round(line * 20), round(heading_height(line, is_first=index.row() == 0)))
        room = option.widget.viewport().width() if isinstance(option.widget, QAbstractItemView) else 0
        is_narrow = _is_narrow(_width_of_rows(room, line), line)
        height = line * ((4.0 if _takes_four_lines(index.model()) else 2.7) + 2.5 if is_narrow else 3.9)
        if index.data(IS_LAST_ROLE):
            height += line * 0.15
        return QSize(round(line * 20), round(height))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a heading, or card and words, and the focus ring where the keyboard is."""
        view, model = option.widget, index.model()
        if not isinstance(model, InboxModel):
            return
        colours, m = colours_of(view), measures()
        area = _column(QRectF(option.rect), m.line)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        group, row = index.data(HEADING_ROLE), index.data(ROW_ROLE)
        if group is not None:
            height = heading_height(m.line, is_first=True)
            area.setTop(area.bottom() - height + m.line * 0.25)
            _HeadingText(painter, area, model, colours, m).paint(Group(group), option.state)
        elif isinstance(row, InboxRow):
            is_last = bool(index.data(IS_LAST_ROLE))
            if is_last:
                area.setBottom(area.bottom() - m.line * 0.15)
            is_first = bool(index.data(IS_FIRST_ROLE))
            _paint_card(painter, area, option.state, colours, m, first=is_first, last=is_last)
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


def _takes_four_lines(model: object) -> bool:
    """Whether, in a narrow window, the dates take two lines: one of them tells two zones."""
    return isinstance(model, InboxModel) and model.clock.issuer_zone(model.clock.now) is not None


def heading_height(line: float, *, is_first: bool) -> float:
    """Pixels of a heading, with the air above it."""
    return line * (1.9 if is_first else 2.6)


def column_margin(width: float, line: float) -> float:
    """Pixels left free on both sides of the rows, so that they are not longer than eyes like."""
    return max(0.0, (width - MAX_WIDTH_IN_LINES * line) / 2)


def _column(area: QRectF, line: float) -> QRectF:
    margin = column_margin(area.width(), line)
    return area.adjusted(margin, 0, -margin, 0)


class _HeadingText:
    """A group's name, how many it holds, and whether it is folded."""

    def __init__(
        self, painter: QPainter, area: QRectF, model: InboxModel, colours: Colours, m: Measures
    ) -> None:
        self._painter, self._area, self._model, self._colours, self._m = painter, area, model, colours, m

    def paint(self, group: Group, state: QStyle.StateFlag) -> None:
        """Draw it."""
        line, colours = self._m.line, self._colours
        is_pressing = group in (Group.OVERDUE, Group.NEEDS_YOU)
        tone = colours.danger if is_pressing else colours.quiet
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            is_selected = state & QStyle.StateFlag.State_Selected
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(colours.selected if is_selected else colours.hover))
            self._painter.drawRoundedRect(self._area.adjusted(1, 2, -1, -2), line * 0.4, line * 0.4)
        middle = self._area.center().y()
        side = line * 0.9
        icon = "chevron-right" if group in self._model.folded else "chevron-down"
        box = QRectF(self._area.left() + line * 0.3, middle - side / 2, side, side)
        painted(self._painter, icon, tone, box)
        left = box.right() + line * 0.35
        self._painter.setFont(self._m.heading)
        self._painter.setPen(QColor(tone))
        metrics = QFontMetricsF(self._m.heading)
        base = middle + (metrics.ascent() - metrics.descent()) / 2
        title = group_title(group)
        self._painter.drawText(QPointF(left, base), title)
        left += metrics.horizontalAdvance(title) + line * 0.5
        self._painter.setFont(self._m.small)
        self._painter.setPen(QColor(colours.quiet))
        self._painter.drawText(QPointF(left, base), QLocale().toString(self._model.counts.get(group, 0)))


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
        self._dates_apart = _takes_four_lines(model)
        self._height = line * ((5.05 if self._dates_apart else 3.75) if self._narrow else 2.45)
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
            used = self._right_column(max_width=room * 0.52)
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
        due = due_said(self._row, self._model.clock)
        limits, width = self._limits(max_width), 0.0
        if due:
            font = self._m.strong if due.tone != "text" else self._m.body
            width = self._text(due.text, font, due.tone, 0, max_width, align_right=True)
        if limits:
            width = max(width, self._text(limits, self._m.small, "quiet", 1, max_width, align_right=True))
        return width

    def _dates_below(self, left: float, room: float) -> None:
        """All dates in a third line, or in two more where the first tells two zones."""
        end, start = left + room, left
        due = due_said(self._row, self._model.clock)
        if due:
            font = self._m.strong if due.tone != "text" else self._m.body
            left += self._text(due.text, font, due.tone, 2, room, left=left) + self._m.line * 0.6
        if self._dates_apart:
            self._text(self._limits(room), self._m.small, "quiet", 3, room, left=start)
        else:
            self._text(self._limits(end - left), self._m.small, "quiet", 2, end - left, left=left)

    def _limits(self, room: float) -> str:
        """As many of the quiet dates as there is room for, each whole."""
        said = list(limits_said(self._row, self._model.clock))
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
        evidence, risk, size = (
            evidence_said(self._row),
            risk_said(self._row, self._model.clock),
            size_said(self._row),
        )
        pieces = [Said(self._row.code, "quiet"), state]
        if risk is not None:
            pieces.append(risk)
        if self._row.is_resubmission and state.icon != "refresh-cw" and not self._is_quiet:
            pieces.append(Said(self._model.tr("Resubmission"), "quiet"))
        if size is not None:
            pieces.append(size)
        if evidence is not None and not is_done_here(self._row):
            pieces.append(evidence)
        end = left + room
        for number, piece in enumerate(pieces):
            wanted = self._width(piece.text) + self._width("  ·  ")
            if number > 1 and left + wanted > end:
                continue
            if number:
                left += self._text("  ·  ", self._m.small, "quiet", 1, end - left, left=left)
            left += self._text(piece.text, self._m.small, piece.tone, 1, end - left, left=left)

    def _width(self, text: str) -> float:
        return QFontMetricsF(self._m.small).horizontalAdvance(text)

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
