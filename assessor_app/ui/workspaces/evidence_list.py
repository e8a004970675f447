"""The list of evidence on the left: one heading for each requirement, what was answered below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from assessor_app.ui.chips import chip_texts, paint_chips
from assessor_app.ui.icons import painted
from assessor_app.ui.theme import colours_of, scaled_font
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry, EvidenceGroup
from assessor_app.ui.workspaces.evidence_standing import places_of

ENTRY_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class _LinePainter(QStyledItemDelegate):
    """Headings in small bold type; lines with an icon, a title and a quiet detail."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines of text for evidence, one and some air for a heading."""
        line = option.fontMetrics.height()
        is_entry = index.data(ENTRY_ROLE) is not None
        return QSize(line * 6, round(line * (2.75 if is_entry else 1.9 if index.row() == 0 else 2.4)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        view = cast("QListWidget", self.parent())
        colours = colours_of(view)
        box = QRectF(option.rect)
        state = option.state
        line = QFontMetricsF(view.font()).height()
        entry = cast("EvidenceEntry | None", index.data(ENTRY_ROLE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry is None:
            self._heading(
                painter, box.adjusted(line * 0.7, 0, -line * 0.5, -line * 0.35), index, colours.quiet
            )
            painter.restore()
            return
        row = box.adjusted(line * 0.3, 1, -line * 0.3, -1)
        if state & QStyle.StateFlag.State_Selected or state & QStyle.StateFlag.State_MouseOver:
            is_selected = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if is_selected else colours.hover))
            painter.drawRoundedRect(row, line * 0.35, line * 0.35)
        side = line * 1.05
        icon = QRectF(row.left() + line * 0.5, row.top() + (row.height() - side) / 2, side, side)
        painted(painter, entry.icon, getattr(colours, entry.tone), icon)
        left = icon.right() + line * 0.6
        room = row.right() - line * 0.4 - left
        top = row.top() + (row.height() - line * 2.15) / 2
        title = scaled_font(100, QFont.Weight.Normal if entry.is_opened else QFont.Weight.DemiBold)
        edge = QPointF(left + room, top + line * 0.55)
        taken = paint_chips(painter, edge, chip_texts(entry.criteria), colours)
        if entry.has_feedback:
            box = QRectF(edge.x() - taken - line, top, line * 0.95, line * 0.95)
            painted(painter, "message-square-text", colours.quiet, box)
            taken += line * 1.3
        self._text(painter, QRectF(left, top, room - taken, line * 1.1), entry.title, title, colours.text)
        tone = colours.quiet if entry.tone in ("quiet", "accent") else getattr(colours, entry.tone)
        self._text(painter, QRectF(left, top + line * 1.1, room, line), entry.detail, scaled_font(90), tone)
        if state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
            painter.setPen(QColor(colours.focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), line * 0.35, line * 0.35)
        painter.restore()

    def _heading(self, painter: QPainter, box: QRectF, index: Index, colour: str) -> None:
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        font = scaled_font(90, QFont.Weight.DemiBold)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        self._text(painter, box, text, font, colour, align)

    @staticmethod
    def _text(
        painter: QPainter,
        box: QRectF,
        text: str,
        font: QFont,
        colour: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        fitted = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, align, fitted)


class EvidenceList(QListWidget):
    """What was handed in; the line that is current is what the document shows."""

    entry_chosen = Signal(object)
    """The EvidenceEntry that the person went to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setItemDelegate(_LinePainter(self))
        self.setAccessibleName(self.tr("Evidence"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._groups: tuple[EvidenceGroup, ...] = ()
        self._is_filling = False
        self.currentItemChanged.connect(self._moved)

    def show_groups(self, groups: Sequence[EvidenceGroup]) -> None:
        """Show what there is; the current line stays, and nobody is told."""
        if tuple(groups) == self._groups:
            return
        has_same_lines = _lines_of(groups) == _lines_of(self._groups)
        self._groups = tuple(groups)
        if has_same_lines:
            self._change_lines()
            return
        current = self.current_entry()
        self._is_filling = True
        self.clear()
        for group in groups:
            heading = QListWidgetItem(group.title, self)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            for entry in group.entries:
                item = QListWidgetItem(entry.words, self)
                item.setData(ENTRY_ROLE, entry)
                item.setToolTip("")
                if not entry.is_readable:
                    item.setFlags(Qt.ItemFlag.NoItemFlags)
        if current is not None:
            self.select(current.key)
        self._is_filling = False

    def current_entry(self) -> EvidenceEntry | None:
        """The line the document shows."""
        return self._entry(self.currentItem())

    def entries(self) -> list[EvidenceEntry]:
        """Everything that can be opened, in order."""
        return [entry for group in self._groups for entry in group.entries if entry.is_readable]

    @Slot(str)
    def select(self, key: str) -> bool:
        """Go to a line; False if there is none of this key."""
        for row in range(self.count()):
            entry = self._entry(self.item(row))
            if entry is not None and entry.key == key:
                self.setCurrentRow(row)
                return True
        return False

    def select_source(self, source_id: str) -> bool:
        """Go to the line of an artifact, a response, a link or its snapshot; False if there is none."""
        return any(
            self.select(entry.key)
            for entry in self.entries()
            if entry.item is not None and source_id in places_of(entry.item)
        )

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) piece of evidence."""
        entries, current = self.entries(), self.current_entry()
        if not entries:
            return
        index = entries.index(current) + direction if current in entries else 0
        self.select(entries[min(max(0, index), len(entries) - 1)].key)

    def _change_lines(self) -> None:
        """Other words on the same lines: the current one and the scrolling stay as they are."""
        shown = {entry.key: entry for group in self._groups for entry in group.entries}
        for row in range(self.count()):
            item = self.item(row)
            before = self._entry(item)
            if before is not None and shown[before.key] != before:
                item.setData(ENTRY_ROLE, shown[before.key])
                item.setText(shown[before.key].words)

    @Slot(QListWidgetItem, QListWidgetItem)
    def _moved(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        entry = self._entry(item)
        if entry is not None and not self._is_filling:
            self.entry_chosen.emit(entry)

    @staticmethod
    def _entry(item: QListWidgetItem | None) -> EvidenceEntry | None:
        return None if item is None else cast("EvidenceEntry | None", item.data(ENTRY_ROLE))


def _lines_of(groups: Sequence[EvidenceGroup]) -> list[tuple[str, ...]]:
    """Which lines there are, whatever they say."""
    return [(group.title, *(entry.key for entry in group.entries)) for group in groups]
