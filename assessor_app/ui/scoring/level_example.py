"""Practice examples beside a level: a small button that opens the passage and why it is this level."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.calibration import PracticeAnchor
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space


class LevelExample(QWidget):
    """The passages for one level, folded away at first."""

    def __init__(self, level: str, anchors: Sequence[PracticeAnchor], parent: QWidget | None = None) -> None:
        """Begin folded.

        Args:
            level: the level's label.
            anchors: passages of practice, at least one.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._level = level
        self.button = QPushButton(self)
        self.button.setProperty("kind", "quiet")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.passages = card(parent=self)
        inner = QVBoxLayout(self.passages)
        inner.setContentsMargins(space(self, 2), space(self, 1.5), space(self, 2), space(self, 1.5))
        inner.setSpacing(space(self, 1))
        for anchor in anchors:
            inner.addWidget(plain_label(self.tr("From a practice submission"), "caption"))
            inner.addWidget(plain_label(f"“{anchor.excerpt}”", wraps=True))
            if anchor.rationale:
                why = self.tr("Why this is “{level}”").format(level=level)
                inner.addWidget(plain_label(why, "caption-strong", wraps=True))
                inner.addWidget(plain_label(anchor.rationale, wraps=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(space(self, 2.5), 0, space(self, 0.5), 0)
        column.setSpacing(space(self, 0.5))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.passages)
        self.button.clicked.connect(self._toggle)
        self._open(is_open=False)

    @Slot()
    def _toggle(self) -> None:
        self._open(is_open=self.passages.isHidden())

    def _open(self, *, is_open: bool) -> None:
        self.passages.setVisible(is_open)
        dress(self.button, "chevron-up" if is_open else "chevron-down", "quiet", factor=1.0)
        self.button.setText(self.tr("Hide the example") if is_open else self.tr("Example"))
        name = self.tr("Example of “{level}”").format(level=self._level)
        self.button.setAccessibleName(name)
        self.button.setAccessibleDescription(self.tr("Shown") if is_open else self.tr("Hidden"))
