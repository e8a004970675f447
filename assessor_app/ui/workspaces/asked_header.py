"""What was asked, above what was answered: the requested evidence; the skill is one key away.

A prompt stands with its response, in the viewer.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.schema import RubricVersion
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import ShortLabel, plain_label, separator
from assessor_app.ui.scoring.criterion_chips import CriterionChips
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.tall_scroll import TallScroll, settle
from assessor_app.ui.theme import space
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry

_DOCUMENT_LINES = 18
"""Lines of text that the document below keeps, its tools included, before what was asked folds by itself."""
_MORE = 4
"""Quarters of a line that must be left over before it unfolds by itself."""


class AskedHeader(QWidget):
    """A slim header over the document; folded to one line by the person, or by itself where room is short."""

    criterion_wanted = Signal(str)
    """Id of a criterion that this piece serves: go to it."""
    coverage_wanted = Signal()
    """There are more criteria than have room here: show the coverage page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin unfolded and empty."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "true")
        self.setAccessibleName(self.tr("What was asked"))
        self.fold_button = QPushButton(self.tr("What was asked"), self)
        self.fold_button.setProperty("kind", "quiet")
        self._chosen: bool | None = None
        # Folded until it is known how high the window is: one that begins too high would make it higher.
        self._has_room = False
        self.is_skill_shown = False
        self.skill_button = QPushButton(self.tr("Skill"), self)
        self.skill_button.setAccessibleName(self.tr("Skill statement"))
        self.skill_button.setProperty("kind", "quiet")
        self._title = ShortLabel("", "quiet")
        self.served = CriterionChips(self)
        self._skill = plain_label("", wraps=True)
        self._skill_title = plain_label(self.tr("The skill"), "caption-strong")
        self._asked_title = plain_label(self.tr("Requested evidence"), "caption-strong")
        self._asked = plain_label("", wraps=True)
        self._body = TallScroll(self.tr("What was asked"), self)
        self._lay_out()
        self.fold_button.clicked.connect(self.toggle_open)
        self.skill_button.clicked.connect(self.toggle_skill)
        self.served.criterion_wanted.connect(self.criterion_wanted)
        self.served.more_wanted.connect(self.coverage_wanted)
        self._fold()

    def show_entry(self, rubric: RubricVersion, entry: EvidenceEntry) -> None:
        """Show what a piece of evidence answers."""
        requirement = next((r for r in rubric.requirements if r.id == entry.requirement_id), None)
        self._skill.setText(rubric.skill_statement)
        self._title.set_whole_text(requirement.title if requirement is not None else "")
        self._asked.setText(requirement.evidence_required if requirement is not None else "")
        self.fold_button.setVisible(requirement is not None)
        self._fold()

    def show_served(self, criteria: Sequence[tuple[int, CriterionId, str]]) -> None:
        """Show which criteria the piece serves.

        Args:
            criteria: number, id and text of each.
        """
        self.served.show_criteria(criteria)

    def _lay_out(self) -> None:
        bar, right = SideBySide(self), SideBySide(self)
        left = QWidget(bar)
        first = QHBoxLayout(left)
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(space(self, 1.5))
        first.addWidget(self.fold_button)
        first.addWidget(self._title, 1)
        bar.box.addWidget(left, 1)
        bar.box.addWidget(right)
        right.box.addStretch(1)
        right.box.addWidget(self.served)
        right.box.addWidget(self.skill_button)
        words = QWidget(self._body.viewport())
        body = QVBoxLayout(words)
        body.setContentsMargins(space(self, 3), 0, space(self, 3), space(self, 1.5))
        body.setSpacing(space(self, 0.5))
        for widget in (self._skill_title, self._skill, self._asked_title, self._asked):
            body.addWidget(widget)
        self._body.setWidget(words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, space(self, 0.5), 0, 0)
        layout.setSpacing(space(self, 0.5))
        layout.addWidget(bar)
        layout.addWidget(self._body)
        layout.addWidget(separator(self))

    @property
    def is_open(self) -> bool:
        """Whether the requested evidence is in view: as the person chose, or else where it has room."""
        return self._has_room if self._chosen is None else self._chosen

    @Slot()
    def toggle_open(self) -> None:
        """Fold it to one line, or unfold it; from then on it stays so."""
        self._chosen = not self.is_open
        self._fold()

    def fit(self, room_px: int, least_px: int = 0) -> None:
        """Fold by itself where the document would keep too little, and unfold where there is room.

        Args:
            room_px: the height that this and the document share.
            least_px: what the document must have of it.
        """
        margins = space(self, 6)
        asked = self._asked_title.sizeHint().height() + self._asked.heightForWidth(self.width() - margins)
        bar = self.fold_button.sizeHint().height() + margins
        wanted = max(least_px, self.fontMetrics().lineSpacing() * _DOCUMENT_LINES)
        if not self._has_room:
            # A little more before it unfolds: what it takes must not fold it at once.
            wanted += space(self, _MORE)
        has_room = room_px - bar - asked >= wanted
        if has_room != self._has_room:
            self._has_room = has_room
            self._fold()
            settle(self)

    @Slot()
    def toggle_skill(self) -> None:
        """Show the skill statement, or hide it."""
        self.is_skill_shown = not self.is_skill_shown
        self._fold()

    def _fold(self) -> None:
        is_open, skill = self.is_open, self.is_skill_shown
        for button, shown in ((self.fold_button, is_open), (self.skill_button, skill)):
            dress(button, "chevron-up" if shown else "chevron-down", "quiet", factor=1.0)
            button.setAccessibleDescription(self.tr("Shown") if shown else self.tr("Hidden"))
        for label in (self._skill_title, self._skill):
            label.setVisible(skill)
        is_asked = is_open and bool(self._asked.text())
        for label in (self._asked_title, self._asked):
            label.setVisible(is_asked)
        self._body.setVisible(skill or is_asked)
