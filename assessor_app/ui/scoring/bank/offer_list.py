"""The small list below the cursor: comments that fit where the person writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.comment_bank import BankEntry, Offer, Scope
from assessor_app.ui.announce import announce
from assessor_app.ui.fitted_text import paint_lines
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.theme import colours_of, scaled_font, space

MOST_OFFERED = 20
"""Rows in the list; whoever wants another types a letter more."""
_ROWS_SHOWN = 5
_MOST_OF_WINDOW = 0.45
_WIDTH_LINES = 26
_MOST_FOR_FITS = 0.55
"""Share of a row that the words about its place may take; the title gets the rest."""
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class OfferRow:
    """What a row says."""

    entry: BankEntry
    said: str
    """The text as it would be inserted."""
    fits: str
    """Whose it is and where it was written for; empty for one's own that fits anywhere."""


class OfferList(QFrame):
    """Shows offers below the cursor of a text; the keyboard stays in the text."""

    chosen = Signal(object)
    """The BankEntry that was clicked."""

    def __init__(self, parent: QWidget) -> None:
        """Start hidden, above everything else of `parent`, which is a window."""
        super().__init__(parent)
        self._window = parent
        self.setProperty("card", "floating")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Comments that fit here"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setItemDelegate(OfferPainter(self.list))
        self.list.itemClicked.connect(self._clicked)
        self._foot = plain_label(self.tr("Return inserts, Esc leaves the / as it is"), "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 1)] * 4)
        layout.setSpacing(space(self, 0.5))
        self._foot.setIndent(space(self, 2))
        layout.addWidget(self.list)
        layout.addWidget(self._foot)
        self.hide()

    # ---- what comes in ----

    def show_rows(self, rows: Sequence[OfferRow], at: QRect) -> None:
        """Show rows, the first one picked.

        Args:
            rows: at least one.
            at: the cursor's place in the window.
        """
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(spoken(row))
            item.setData(ROW_ROLE, row)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.place(at)
        self.show()
        self.raise_()
        self._say_current()

    def place(self, at: QRect) -> None:
        """Stand below the cursor, or above it where there is no room below.

        Args:
            at: the cursor's place in the window.
        """
        room, line = self._window.size(), self.fontMetrics().height()
        width = min(line * _WIDTH_LINES, room.width() - line)
        row = max(1, self.list.sizeHintForRow(0))
        most = max(1, min(_ROWS_SHOWN, int(room.height() * _MOST_OF_WINDOW) // row))
        shown = min(most, max(1, self.list.count()))
        self.list.setFixedHeight(row * shown + 2 * self.list.frameWidth() + 2)
        height = self.sizeHint().height()
        gap = round(line * 0.3)
        left = max(gap, min(at.left(), room.width() - width - gap))
        top = at.bottom() + gap
        if top + height > room.height() - gap and at.top() - gap - height >= 0:
            top = at.top() - gap - height
        self.setGeometry(left, top, width, height)

    # ---- keyboard, by whoever holds the text ----

    def step(self, rows: int) -> None:
        """Move down by `rows`, or up; from the last to the first and back."""
        count = self.list.count()
        if count:
            self.list.setCurrentRow((self.list.currentRow() + rows) % count)
            self._say_current()

    def page(self, direction: int) -> None:
        """Move down (1) or up (-1) by as many rows as are seen; stops at the ends."""
        wanted = self.list.currentRow() + direction * (_ROWS_SHOWN - 1)
        self.list.setCurrentRow(max(0, min(wanted, self.list.count() - 1)))
        self._say_current()

    def current(self) -> BankEntry | None:
        """The picked entry."""
        row = cast("OfferRow | None", self.list.currentIndex().data(ROW_ROLE))
        return row.entry if row is not None else None

    def entries(self) -> tuple[BankEntry, ...]:
        """The entries shown, in their order."""
        return tuple(self.list.item(n).data(ROW_ROLE).entry for n in range(self.list.count()))

    def _say_current(self) -> None:
        row = cast("OfferRow | None", self.list.currentIndex().data(ROW_ROLE))
        if row is not None:
            place = self.tr("{n} of {count}").format(n=self.list.currentRow() + 1, count=self.list.count())
            announce(self, f"{spoken(row)}. {place}")

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(ROW_ROLE).entry)


def spoken(row: OfferRow) -> str:
    """A row as one line, for screen readers."""
    parts = (one_line(row.entry.title), one_line(row.said), row.fits)
    return ". ".join(part.rstrip(".") for part in parts if part)


class OfferWords(QWidget):
    """Words about an offer; a widget only for the sake of its translations."""

    def fits(self, offer: Offer) -> str:
        """Whose an entry is and where it was written for."""
        parts = [self.tr("Team")] if offer.entry.scope is Scope.TEAM else []
        entry = offer.entry
        if entry.criterion_id is not None:
            has_level = entry.level is not None
            parts.append(
                self.tr("for this criterion and level") if has_level else self.tr("for this criterion")
            )
        elif entry.level is not None:
            parts.append(self.tr("for this level"))
        elif entry.microcredential_id is not None:
            parts.append(self.tr("for this micro-credential"))
        return ", ".join(parts)


class OfferPainter(QStyledItemDelegate):
    """The title and where it fits in the first line, what would be inserted in two more."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """Three lines with some air."""
        line = option.fontMetrics.height()
        return QSize(line * 8, round(line * 3.8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one row."""
        row = cast("OfferRow | None", index.data(ROW_ROLE))
        view = cast("QListWidget", self.parent())
        if row is None:
            return
        colours, line = colours_of(view), QFontMetricsF(view.font()).height()
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_picked = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_picked or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if is_picked else colours.hover))
            painter.drawRoundedRect(box, line * 0.35, line * 0.35)
        inner = box.adjusted(line * 0.5, line * 0.25, -line * 0.5, 0)
        small, strong = scaled_font(90), scaled_font(100, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(small)
        fits = metrics.elidedText(row.fits, Qt.TextElideMode.ElideRight, inner.width() * _MOST_FOR_FITS)
        taken = metrics.horizontalAdvance(fits)
        painter.setFont(small)
        painter.setPen(QColor(colours.quiet))
        first = QRectF(inner.left(), inner.top(), inner.width(), line * 1.1)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, fits)
        painter.setFont(strong)
        painter.setPen(QColor(colours.text))
        room = first.width() - taken - line * (0.8 if taken else 0)
        title = QFontMetricsF(strong).elidedText(one_line(row.entry.title), Qt.TextElideMode.ElideRight, room)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        below = QRectF(inner.left(), first.bottom(), inner.width(), line * 2.2)
        paint_lines(painter, below, one_line(row.said), scaled_font(95), 2)
        painter.restore()


def in_window(widget: QWidget, place: QRect) -> QRect:
    """A place of a widget as a place of its window."""
    return QRect(widget.mapTo(widget.window(), QPoint(place.left(), place.top())), place.size())
