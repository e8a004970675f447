"""The head of a comparison: the way back, the steps from change to change, and the whole in one line."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QToolButton, QVBoxLayout, QWidget

from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.base import Command

_BUTTONS = {
    "zoom.out": "zoom-out",
    "zoom.in": "zoom-in",
    "compare.previous": "chevron-up",
    "compare.next": "chevron-down",
}
"""Commands with a button of their own, in order, and their icons."""


class _Chip(QPushButton):
    """A chip that is on or off, with room for its words in bold."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", "chip")
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        """As wide as the words are in bold."""
        plain, bold = QFont(self.font()), QFont(self.font())
        plain.setBold(False)
        bold.setBold(True)
        widths = [QFontMetricsF(font).horizontalAdvance(self.text()) for font in (plain, bold)]
        hint = super().sizeHint()
        return QSize(hint.width() + round(widths[1] - widths[0]) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        """As wide as the words are in bold."""
        return self.sizeHint()


class CompareHead(QFrame):
    """Buttons and words above the two versions.

    Args:
        table: words and keys.
        commands: what the buttons do, by ids of the table.
        parent: Qt parent.
    """

    back_wanted = Signal()
    """The person is done comparing."""
    link_switched = Signal(bool)
    """Whether both sides scroll together."""

    def __init__(
        self, table: KeyTable, commands: Mapping[str, Command], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "raised")
        self.summary = plain_label("", "strong", self, wraps=True)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.position = plain_label("", "quiet", self)
        self.back_button = QPushButton(self.tr("Back to the evidence"), self)
        self.back_button.setProperty("kind", "quiet")
        dress(self.back_button, "arrow-left")
        set_plain_tooltip(self.back_button, table.hint("escape"))
        self.link_button = _Chip(self.tr("Scroll together"), self)
        self.link_button.setChecked(True)
        set_plain_tooltip(self.link_button, table.hint("compare.link"))
        self.buttons = {entry_id: QToolButton(self) for entry_id in _BUTTONS}
        for entry_id, button in self.buttons.items():
            dress(button, _BUTTONS[entry_id])
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setAccessibleName(table.entry(entry_id).title)
            set_plain_tooltip(button, table.hint(entry_id))
            button.clicked.connect(commands[entry_id])
        self._lay_out()
        self.back_button.clicked.connect(self.back_wanted)
        self.link_button.toggled.connect(self.link_switched)

    def tell(self, words: str) -> None:
        """Say the whole in one line."""
        self.summary.setText(words)
        self.summary.setAccessibleName(words)

    def tell_position(self, words: str, *, has_changes: bool) -> None:
        """Say which change the reader is at.

        Args:
            words: such as "3 of 44".
            has_changes: whether there is anything to step through.
        """
        self.position.setText(words)
        for entry_id in ("compare.previous", "compare.next"):
            self.buttons[entry_id].setEnabled(has_changes)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the steps alone: the way back then stands above them."""
        narrow = max(self._steps.sizeHint().width(), self.back_button.sizeHint().width())
        return QSize(narrow + 2 * space(self, 2), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The way back beside the steps where there is room, else above them."""
        super().resizeEvent(event)
        needed = self.back_button.sizeHint().width() + self._steps.sizeHint().width() + space(self, 8)
        is_wide = event.size().width() >= needed
        self._bar.setDirection(
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        )

    def _lay_out(self) -> None:
        self._steps = QWidget(self)
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._steps)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(self, 0.5))
        zoom_out, zoom_in, previous, following = self.buttons.values()
        for widget in (zoom_out, zoom_in, self.position, previous, following, self.link_button):
            row.addWidget(widget)
        self._bar = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bar.setSpacing(space(self, 1))
        self._bar.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._bar.addStretch(1)
        self._bar.addWidget(self._steps, 0, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(space(self, quarters) for quarters in (2, 1.5, 2, 1.5)))
        column.setSpacing(space(self, 1))
        column.addLayout(self._bar)
        column.addWidget(self.summary)
