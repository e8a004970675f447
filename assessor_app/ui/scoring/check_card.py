"""Findings of one weight before sending, each with the way to its place; many of one kind in one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.checks import CheckCode, CheckResult, Place
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space

MOST_BY_THEMSELVES = 3
"""More findings of one kind than this stand in one sentence."""
_NUMBERS_IN_A_ROW = 8


class CheckCard(QFrame):
    """A card of findings."""

    place_wanted = Signal(object)
    """The Place that a finding points at."""

    def __init__(
        self,
        title: str,
        icon: str,
        tone: str,
        checks: Sequence[CheckResult],
        numbers: Mapping[CriterionId, int],
        parent: QWidget | None = None,
    ) -> None:
        """Show findings.

        Args:
            title: how much they weigh, in words.
            icon: the same as an icon.
            tone: its colour.
            checks: the findings.
            numbers: the number under which each criterion stands in the rubric.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._numbers = numbers
        inner = QVBoxLayout(self)
        inner.setContentsMargins(space(self, 3), space(self, 2.5), space(self, 2), space(self, 2.5))
        inner.setSpacing(space(self, 1))
        head = QHBoxLayout()
        head.setSpacing(space(self, 1.5))
        head.addWidget(icon_label(icon, tone))
        head.addWidget(plain_label(title, "strong"), 1)
        inner.addLayout(head)
        for group in self._groups(checks):
            if len(group) > MOST_BY_THEMSELVES:
                inner.addWidget(plain_label(self._sentence(group[0].code), wraps=True))
                inner.addLayout(self._many(group))
            else:
                for check in group:
                    inner.addLayout(self._one(check))

    def _groups(self, checks: Sequence[CheckResult]) -> Iterator[list[CheckResult]]:
        """Findings of one kind together, where a sentence says them all; each kind where its first stood."""
        groups: dict[object, list[CheckResult]] = {}
        for number, check in enumerate(checks):
            is_foldable = check.criterion_id in self._numbers and bool(self._sentence(check.code))
            groups.setdefault(check.code if is_foldable else number, []).append(check)
        yield from groups.values()

    def _sentence(self, code: CheckCode) -> str:
        return {
            CheckCode.UNRATED: self.tr("These criteria are not rated yet:"),
            CheckCode.SEEN_EMPTY: self.tr("Say what was seen for these criteria:"),
            CheckCode.MISSING_EMPTY: self.tr("Say what is missing for these criteria:"),
            CheckCode.NEXT_STEP_EMPTY: self.tr("Give a next step for these criteria:"),
            CheckCode.FEEDBACK_EMPTY: self.tr("These criteria have no feedback yet:"),
            CheckCode.FEEDBACK_THIN: self.tr("The feedback on these criteria is short:"),
            CheckCode.NO_EVIDENCE_LINK: self.tr("No evidence link supports the rating of these criteria:"),
        }.get(code, "")

    def _one(self, check: CheckResult) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(space(self, 2))
        row.addWidget(plain_label(check.text, wraps=True), 1)
        button = self._button(check, self.tr("Go there"), "quiet")
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _many(self, checks: Sequence[CheckResult]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(space(self, 1))
        for index, check in enumerate(checks):
            number = self._numbers[check.place.criterion_id] if check.place.criterion_id else 0
            button = self._button(check, str(number), "chip")
            set_plain_tooltip(button, check.text)
            grid.addWidget(button, index // _NUMBERS_IN_A_ROW, index % _NUMBERS_IN_A_ROW)
        grid.setColumnStretch(_NUMBERS_IN_A_ROW, 1)
        return grid

    def _button(self, check: CheckResult, text: str, kind: str) -> QPushButton:
        button = PlaceButton(check.place, text, self)
        button.setProperty("kind", kind)
        button.setAccessibleName(self.tr("Go there: {finding}").format(finding=check.text))
        button.clicked.connect(self._jump)
        return button

    @Slot()
    def _jump(self) -> None:
        sender = self.sender()
        if isinstance(sender, PlaceButton):
            self.place_wanted.emit(sender.place)


class PlaceButton(QPushButton):
    """Goes to the place of one finding."""

    def __init__(self, place: Place, text: str, parent: QWidget) -> None:
        """Know the place."""
        super().__init__(text, parent)
        self.place = place
