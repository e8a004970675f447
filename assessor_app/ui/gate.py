"""A page in the middle of an otherwise empty window: unlock, sign in, first run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import card, plain_label, set_role
from assessor_app.ui.theme import space


class GatePage(QWidget):
    """A card with an icon, a title, a text, the page's own controls, and a line for what happened."""

    def __init__(self, icon: str, title: str, text: str, parent: QWidget | None = None) -> None:
        """Build the frame; subclasses add to `body`.

        Args:
            icon: file name of an icon.
            title: what this page is about.
            text: what happens next, in one or two sentences.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setProperty("surface", "window")
        frame = card("true", self)
        frame.setMaximumWidth(space(self, 120))
        frame.setMinimumWidth(space(self, 85))
        column = QVBoxLayout(frame)
        column.setContentsMargins(*[space(self, 9)] * 4)
        column.setSpacing(space(self, 3.5))
        self.icon = icon_label(icon, "accent", factor=2.4)
        column.addWidget(self.icon)
        self.title = plain_label(title, "display", wraps=True)
        column.addWidget(self.title)
        self.text = plain_label(text, "quiet", wraps=True)
        column.addWidget(self.text)
        self.body = QVBoxLayout()
        self.body.setSpacing(space(self, 2))
        column.addLayout(self.body)
        self._said = plain_label("", "danger", wraps=True)
        self._said.hide()
        column.addWidget(self._said)
        inside = QWidget()
        inside.setProperty("surface", "window")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(frame, 4)
        row.addStretch(1)
        upright = QVBoxLayout(inside)
        upright.addStretch(2)
        upright.addLayout(row)
        upright.addStretch(3)
        # Large texts in a small window scroll; nothing is squeezed.
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard, as in a dialog; held down it does so once."""
        button = self.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()
        if is_enter and isinstance(button, QPushButton) and button.isEnabled():
            button.click()
            return
        super().keyPressEvent(event)

    def say(self, text: str, *, role: str = "danger") -> None:
        """Say what happened below the controls; an empty text takes the line away."""
        set_role(self._said, role)
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def said(self) -> str:
        """What the page says has happened."""
        return self._said.text()


def field_with_label(label: QLabel, field: QWidget) -> QLayout:
    """A label above its field, tied together for screen readers."""
    label.setBuddy(field)
    column = QVBoxLayout()
    column.setSpacing(space(field))
    column.addWidget(label)
    column.addWidget(field)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return column
