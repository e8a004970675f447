"""A scrolled column of criterion cards, one of them open; Ctrl+Up and Ctrl+Down go through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.criterion_frame import OpenableCard
from assessor_app.ui.theme import space

CardType = TypeVar("CardType", bound=OpenableCard)
MOST_HIDDEN_LINES = 6
"""A line that is written farther below the view than this was left there by the person."""


class CardScroll(QScrollArea):
    """The scrolled surface: what stands above the cards, the cards under headings, what stands below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.content = QWidget(self)
        column = QVBoxLayout(self.content)
        margin = space(self, 3)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(space(self, 2))
        self.top, self.middle, self.bottom = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for part in (self.top, self.middle, self.bottom):
            part.setSpacing(space(self, 2))
            column.addLayout(part)
        column.addStretch(1)
        self.column = column
        self._least_px = 0
        self.setWidget(self.content)

    def minimumSizeHint(self) -> QSize:
        """As wide as the cards must be: nothing scrolls sideways here."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.content.minimumSizeHint().width() + bar, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for more room when the cards need more, such as for larger text."""
        handled = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() == QEvent.Type.Resize:
            self._keep_line_in_view()
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            least = self.minimumSizeHint().width()
            if least != self._least_px:
                self._least_px = least
                self.updateGeometry()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less room, such as for a longer line of what the rule says, hides nothing that is being written."""
        super().resizeEvent(event)
        self._keep_line_in_view()

    def _keep_line_in_view(self) -> None:
        """Scroll after the line that is being written, unless the person has scrolled away from it."""
        # Of the window: a list that is open above it may have the keyboard for itself.
        field = self.window().focusWidget()
        if not isinstance(field, QPlainTextEdit) or not self.content.isAncestorOf(field):
            return
        line = field.cursorRect()
        at = field.viewport().mapTo(self.content, line.bottomLeft()).y() + space(self, 3)
        bar = self.verticalScrollBar()
        hidden = at - (bar.value() + self.viewport().height())
        if 0 < hidden <= MOST_HIDDEN_LINES * line.height():
            bar.setValue(bar.value() + hidden)

    def bring_up(self, card: QWidget) -> None:
        """Scroll so that a card's top is in view, and the rest of it as far as it fits."""
        self.column.activate()
        top = card.mapTo(self.content, card.rect().topLeft()).y()
        bar, view = self.verticalScrollBar(), self.viewport().height()
        if top < bar.value() or top + min(card.height(), view) > bar.value() + view:
            bar.setValue(top - space(self, 3))


class CardColumn(Generic[CardType]):
    """Keeps the cards of one scrolled surface."""

    def __init__(self, scroll: CardScroll) -> None:
        """Begin without cards."""
        self.scroll = scroll
        self.cards: list[CardType] = []
        self._headings: list[QWidget] = []
        self._revealed: QWidget | None = None
        self._timer = QTimer(scroll)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._reveal)

    def rebuild(self, groups: Sequence[tuple[str, Sequence[CardType]]]) -> None:
        """Replace the cards.

        Args:
            groups: headings with their cards, from top to bottom.
        """
        gone: list[QWidget] = [*self._headings, *self.cards]
        for old in gone:
            old.hide()
            old.deleteLater()
        self._headings, self.cards, self._revealed = [], [], None
        for title, cards in groups:
            heading = plain_label(title, "caption-strong", wraps=True)
            self._headings.append(heading)
            self.scroll.middle.addWidget(heading)
            heading.show()
            for card in cards:
                self.cards.append(card)
                self.scroll.middle.addWidget(card)
                # At once: left to the layout they would come a moment later, and the panel would flicker.
                card.show()

    @property
    def current(self) -> CardType | None:
        """The open card."""
        return next((card for card in self.cards if card.is_open), None)

    def open(self, card: CardType | None) -> None:
        """Open one card, or none, without moving the keyboard."""
        for other in self.cards:
            if other.is_open != (other is card):
                other.set_open(other is card)

    def after(self, direction: int) -> CardType | None:
        """The card next (1) or before (-1) to the open one; the first if none is open."""
        if not self.cards:
            return None
        current = self.current
        index = self.cards.index(current) + direction if current is not None else 0
        return self.cards[min(max(0, index), len(self.cards) - 1)]

    def from_current(self) -> list[CardType]:
        """All cards, beginning behind the open one."""
        current = self.current
        start = self.cards.index(current) + 1 if current is not None else 0
        return [*self.cards[start:], *self.cards[:start]]

    def bring_up_soon(self, part: QWidget) -> None:
        """Scroll to a card, or another part of the column, once all have taken their new heights."""
        self._revealed = part
        self._timer.start(0)

    def _reveal(self) -> None:
        if self._revealed is not None:
            self.scroll.bring_up(self._revealed)
