"""A line above a piece of a resubmission that changed since the earlier attempt."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from assessor_app.domain.earlier import Standing, pairings
from assessor_app.domain.submissions import Link, Submission
from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.long_button import LongButton
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry


class ChangedNotice(QFrame):
    """A line above a piece of a resubmission that changed, with the way to what changed."""

    compare_wanted = Signal()
    """Show it beside its earlier version."""

    def __init__(self, keys: KeyTable, parent: QWidget | None = None) -> None:
        """Begin hidden.

        Args:
            keys: words and keys.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "raised")
        self.words = plain_label("", "quiet", self, wraps=True)
        self.button = LongButton(self.tr("Compare with the earlier version"), self)
        self.button.setProperty("kind", "quiet")
        dress(self.button, "scale")
        set_plain_tooltip(self.button, keys.hint("compare.open"))
        row = SideBySide(self)
        row.box.addWidget(self.words, 1)
        row.box.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(space(self, quarters) for quarters in (3, 0.5, 2, 0.5)))
        column.addWidget(row)
        self.button.clicked.connect(self.compare_wanted)
        self.hide()

    def show_entry(self, entry: EvidenceEntry, submission: Submission) -> None:
        """Say whether the piece is as it was last time; nothing where there is no last time."""
        pairing = pairings(submission).get(entry.item.id) if entry.item is not None else None
        is_changed = pairing is not None and pairing.standing is Standing.CHANGED
        is_comparable = is_changed and not isinstance(entry.item, Link)
        self.words.setText(self.tr("This has changed since the earlier attempt."))
        self.setVisible(is_comparable)
