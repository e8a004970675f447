"""What stands where the inbox has no rows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class EmptyInbox(QWidget):
    """Why there is nothing."""

    def __init__(self, parent: QWidget) -> None:
        """Build it without words yet."""
        super().__init__(parent)
        self._title = plain_label("", "title", wraps=True)
        self._text = plain_label("", "quiet", wraps=True)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(space(self, 3))
        layout.addStretch(2)
        layout.addWidget(icon_label("inbox", "quiet", factor=2.6), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addStretch(3)

    def say(self, *, is_filtered: bool, is_offline: bool = False, unfilter_key: str = "") -> None:
        """Word the reason: nothing there, nothing that fits, or nobody to ask.

        Args:
            is_filtered: there are submissions, and none of them fits.
            is_offline: the platform could not be reached.
            unfilter_key: the key that takes one filter off, as it is shown.
        """
        if is_filtered:
            self._title.setText(self.tr("No submission fits."))
            text = self.tr("Clear the filter or choose All to see the others.")
            if unfilter_key:
                text = self.tr("{key} takes off one filter at a time; All shows the others.")
            self._text.setText(text.format(key=unfilter_key))
        elif is_offline:
            self._title.setText(self.tr("Nothing is here yet."))
            self._text.setText(
                self.tr("The platform cannot be reached just now. Your work arrives when it is back.")
            )
        else:
            self._title.setText(self.tr("Nothing waits for you."))
            self._text.setText(self.tr("New work arrives at the next sync."))


class FirstSync(QWidget):
    """What stands while the first sync runs."""

    def __init__(self, parent: QWidget) -> None:
        """Build it without a progress yet."""
        super().__init__(parent)
        self._text = plain_label("", "quiet", wraps=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(self.tr("Progress of the first sync"))
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(space(self, 80))
        title = plain_label(self.tr("Getting your work…"), "title")
        layout = QVBoxLayout(self)
        layout.setSpacing(space(self, 3))
        layout.addStretch(2)
        layout.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._text)
        layout.addStretch(3)

    def show_progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if total:
            text = self.tr(
                "{done} of {total} files of evidence are here. You can start as soon as one is listed."
            )
            self._text.setText(text.format(done=done, total=total))
        else:
            self._text.setText(self.tr("Asking the platform what waits for you."))
