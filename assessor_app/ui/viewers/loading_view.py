"""What stands in the centre while a file is opened: nothing at first, words when it takes longer."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.ui.plain_text import plain_label

_SAY_LOADING_AFTER_MS = 200


class LoadingView(QWidget):
    """Words in the middle that come late, so that what opens quickly does not flicker."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = plain_label("", "quiet", self)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addWidget(self.label)
        self._words = ""
        self._say = QTimer(self, singleShot=True, interval=_SAY_LOADING_AFTER_MS)
        self._say.timeout.connect(self._tell)

    def begin(self, words: str) -> None:
        """Something is being opened."""
        self._words = words
        self.label.setText("")
        self._say.start()

    def end(self) -> None:
        """It is there, or it is not coming."""
        self._say.stop()

    @Slot()
    def _tell(self) -> None:
        self.label.setText(self._words)
