"""What a resubmission brings to a criterion: what was asked for then, what changed, and, late, the level."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.icons import dress
from assessor_app.ui.scoring.accommodation_note import noted
from assessor_app.ui.scoring.caption import Caption
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space


def compare_button(parent: QWidget) -> QPushButton:
    """The way to the earlier version beside the present one."""
    button = QPushButton(parent.tr("What changed"), parent)
    button.setAccessibleName(parent.tr("What changed: compare with the earlier version"))
    button.setProperty("kind", "quiet")
    dress(button, "scale", "quiet", factor=1.0)
    return button


class AskedBefore(QWidget):
    """What the last attempt's feedback asked for, and how the evidence stands to it; never the level."""

    compare_wanted = Signal()

    def __init__(self, words: str, since: str, *, can_compare: bool, parent: QWidget | None = None) -> None:
        """Show the words.

        Args:
            words: what was asked for; empty where no words were left.
            since: what changed in the evidence; empty where that is not known.
            can_compare: whether something changed that can be laid beside its earlier version.
            parent: Qt parent.
        """
        super().__init__(parent)
        words = words or self.tr("It was not met; no words were left about it.")
        box = noted(self, "warning", self.tr("Asked for last time"), words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(box)
        if since:
            row = SideBySide(box)
            row.box.addWidget(Caption(since, parent=box), 1)
            if can_compare:
                button = compare_button(self)
                button.clicked.connect(self.compare_wanted)
                row.box.addWidget(button)
            inner = box.layout()
            assert inner is not None
            inner.addWidget(row)


class LastTime(QWidget):
    """The level of the last attempt, once the criterion is rated now (rule 26). Nothing is carried over."""

    compare_wanted = Signal()

    def __init__(self, *, can_compare: bool, parent: QWidget | None = None) -> None:
        """Begin without a word: what is not to be seen yet is not in the window at all."""
        super().__init__(parent)
        self._words = Caption("", "quiet", self)
        row = SideBySide(self)
        row.box.addWidget(self._words, 1)
        if can_compare:
            button = compare_button(self)
            button.clicked.connect(self.compare_wanted)
            row.box.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(self, 1), 0, space(self, 1), 0)
        column.addWidget(row)
        self.hide()

    def show_level(self, label: str | None) -> None:
        """Show a level's label, or nothing."""
        self._words.setText("" if label is None else self.tr("Last time: {level}").format(level=label))
        self.setVisible(label is not None)

    def words(self) -> str:
        """What is shown."""
        return self._words.text()
