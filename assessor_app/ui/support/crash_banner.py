"""After an end that was not clean: says so once, that the work is there, and offers what was found."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.announce import announce
from assessor_app.ui.icons import icon_label
from assessor_app.ui.inbox_words import time_words
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space


class CrashBanner(QWidget):
    """Quiet, above the page; it sends nothing, and goes when the person says so."""

    found_requested = Signal()
    report_requested = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self.setObjectName("crash_banner")
        self.setAccessibleName(self.tr("The workstation ended unexpectedly"))
        self.text = plain_label("", "body", wraps=True)
        frame = card("warning", self)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        self.found, self.report, self.dismiss = (
            QPushButton(words, self)
            for words in (self.tr("What was found"), self.tr("Save a report…"), self.tr("Dismiss"))
        )
        for button, signal in (
            (self.found, self.found_requested),
            (self.report, self.report_requested),
            (self.dismiss, self.dismissed),
        ):
            button.clicked.connect(signal)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.dismissed.connect(self.hide)
        words_and_buttons = QVBoxLayout()
        words_and_buttons.setSpacing(space(self))
        words_and_buttons.addWidget(self.text)
        words_and_buttons.addLayout(buttons)
        row = QHBoxLayout(frame)
        row.setContentsMargins(space(self, 4), space(self, 1.5), space(self, 2), space(self, 1.5))
        row.setSpacing(space(self, 3))
        row.addWidget(icon_label("info", "warning"))
        row.addLayout(words_and_buttons, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 4), space(self, 2), space(self, 4), 0)
        layout.addWidget(frame)
        self.hide()

    @Slot(object)
    def offer(self, at: datetime, now: datetime) -> None:
        """Say when the program ended, and that nothing is lost."""
        local = at.astimezone()
        when = time_words(at)
        if local.date() != now.astimezone().date():
            when = f"{local:%Y-%m-%d} {when}"
        words = self.tr("The workstation ended unexpectedly at {time}. Everything shown as saved is there.")
        self.text.setText(words.format(time=when))
        self.show()
        announce(self, self.text.text())
