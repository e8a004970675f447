"""What the checks find in a decision that is about to be sent, above the bar that sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.checks import CheckResult, Severity
from assessor_app.ui.scoring.check_card import CheckCard
from assessor_app.ui.theme import space


class DecisionFindings(QWidget):
    """Cards of findings, blocks first; nothing where there are none."""

    place_wanted = Signal(object)
    """The Place that a finding points at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._told: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(self, 2))
        self.cards: list[CheckCard] = []
        self.hide()

    def show_checks(self, checks: Sequence[CheckResult], numbers: Mapping[CriterionId, int]) -> bool:
        """Show findings; True when there are others than before, and some.

        Args:
            checks: all that are to be shown now.
            numbers: the number under which each criterion stands in the rubric.
        """
        told = (tuple(checks), dict(numbers))
        if told == self._told:
            return False
        self._told = told
        for old in self.cards:
            old.hide()
            old.deleteLater()
        self.cards = []
        blocks = [check for check in checks if check.severity is Severity.BLOCK]
        others = [check for check in checks if check.severity is not Severity.BLOCK]
        if blocks:
            title, more = self.tr("Still to put right"), self.tr("Nobody can send it like this.")
            self._add(CheckCard(title, "circle-alert", "danger", blocks, numbers, more=more, parent=self))
        if others:
            title, more = self.tr("Look again"), self.tr("You can send it as it is.")
            card = CheckCard(
                title, "triangle-alert", "warning", others, numbers, more=more, asks=False, parent=self
            )
            self._add(card)
        self.setVisible(bool(self.cards))
        return bool(self.cards)

    def _add(self, card: CheckCard) -> None:
        card.place_wanted.connect(self.place_wanted)
        self._column.addWidget(card)
        self.cards.append(card)
        card.show()
