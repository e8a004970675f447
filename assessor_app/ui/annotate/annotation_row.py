"""How one mark looks in the list: its sign in its colour, what it says, where it is, who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from assessor_app.domain.annotations import Annotation, AnnotationKind, Audience
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.chips import chip_texts, paint_chips
from assessor_app.ui.icons import painted
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.theme import colours_of, scaled_font

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
KIND_ICONS = {
    AnnotationKind.HIGHLIGHT: "highlighter",
    AnnotationKind.UNDERLINE: "underline",
    AnnotationKind.STRIKE_OUT: "strikethrough",
    AnnotationKind.NOTE: "sticky-note",
    AnnotationKind.FREE_TEXT: "type",
    AnnotationKind.BOX: "square",
    AnnotationKind.ELLIPSE: "circle",
    AnnotationKind.ARROW: "arrow-up-right",
    AnnotationKind.INK: "pen-line",
    AnnotationKind.QUESTION: "circle-help",
}
"""The icons of the tools."""


@dataclass(frozen=True, slots=True)
class MarkRow:
    """What the row of a mark says."""

    annotation: Annotation
    title: str
    """The marked words, else the comment, else the kind."""
    comment: str
    """Below the marked words; empty when it is the title, or there is none."""
    detail: str
    """Reader and place; the kind is told by the sign, and in words to a screen reader."""
    numbers: tuple[int, ...]
    """Of the criteria that it is tied to, from 1, in the rubric's order."""
    is_found: bool = True


class RowPainter(QStyledItemDelegate):
    """Two lines for a mark, three with a comment below its words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """As high as the lines with some air."""
        row = cast("MarkRow | None", index.data(ROW_ROLE))
        line = option.fontMetrics.height()
        return QSize(line * 6, round(line * (3.7 if row is not None and row.comment else 2.75)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one row."""
        view = cast("QTreeView", self.parent())
        row = cast("MarkRow | None", index.data(ROW_ROLE))
        if row is None:
            return
        colours, line = colours_of(view), QFontMetricsF(view.font()).height()
        box = QRectF(option.rect).adjusted(line * 0.3, 1, -line * 0.3, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        if is_selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if is_selected else colours.hover))
            painter.drawRoundedRect(box, line * 0.35, line * 0.35)
        self._sign(painter, box, row.annotation, line)
        left, top = box.left() + line * 2.2, box.top() + line * 0.28
        room = box.right() - line * 0.4 - left
        edge = QPointF(left + room, top + line * 0.55)
        taken = paint_chips(painter, edge, chip_texts(row.numbers), colours)
        weight = QFont.Weight.Normal if row.is_found else QFont.Weight.DemiBold
        first = QRectF(left, top, room - taken, line * 1.1)
        self._text(painter, first, row.title, scaled_font(100, weight), colours.text)
        if row.comment:
            top += line * 1.05
            self._text(painter, QRectF(left, top, room, line), row.comment, scaled_font(95), colours.text)
        is_learners = row.annotation.audience is Audience.LEARNER
        tone = colours.accent if is_learners else colours.quiet
        tone = tone if row.is_found else colours.warning
        below = QRectF(left, top + line * 1.1, room, line)
        self._text(painter, below, row.detail, scaled_font(90), tone)
        if state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
            painter.setPen(QColor(colours.focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), line * 0.35, line * 0.35)
        painter.restore()

    @staticmethod
    def _sign(painter: QPainter, box: QRectF, annotation: Annotation, line: float) -> None:
        """The tool's icon on the mark's colour."""
        side = line * 1.5
        sign = QRectF(box.left() + line * 0.35, box.top() + line * 0.5, side, side)
        fill = QColor(fill_of(annotation.colour))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(sign, line * 0.3, line * 0.3)
        inner = side * 0.66
        place = QRectF(sign.center().x() - inner / 2, sign.center().y() - inner / 2, inner, inner)
        ink = "#ffffff" if fill.lightnessF() < 0.3 else "#141414"
        painted(painter, KIND_ICONS[annotation.kind], ink, place)

    @staticmethod
    def _text(painter: QPainter, box: QRectF, text: str, font: QFont, colour: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        fitted = QFontMetricsF(font).elidedText(one_line(text), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitted)
