"""What a section of the settings is: a page that shows the settings and tells what the person changes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from assessor_app.config import Config
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class Section(QWidget):
    """An heir names itself, builds its fields in `body`, and fills them in `show_config`."""

    changed = Signal(dict)
    """New values, by the names that `config.save_settings` has for them; by the person alone."""
    icon = "info"

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Build the frame of a page.

        Args:
            title: in the list of sections, and above the page.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.title = title
        self.setAccessibleName(title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(space(self, 5), space(self, 5), space(self, 2), space(self, 5))
        self.body.setSpacing(space(self, 3))
        self.body.addWidget(plain_label(title, "title", wraps=True))

    def show_config(self, config: Config) -> None:
        """Show what is in force; emits nothing."""

    def add(self, field: QWidget | QLayout, note: str = "") -> None:
        """Add a field with what it means."""
        if isinstance(field, QLayout):
            self.body.addLayout(field)
        else:
            self.body.addWidget(field)
        if note:
            self.body.addWidget(plain_label(note, "quiet", wraps=True))


def managed_note(section: Section, text: str) -> QWidget:
    """Says that, and why, a value cannot be changed here."""
    return plain_label(text, "warning", section, wraps=True)
