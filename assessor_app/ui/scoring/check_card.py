"""Findings of one weight before sending: grouped by kind, each explained, with the way to its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.checks import CheckCode, CheckResult, Field, Override, Place
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import one_line, plain_label, set_plain_tooltip
from assessor_app.ui.scoring.reason_field import ReasonField
from assessor_app.ui.theme import space

MOST_BY_THEMSELVES = 3
"""More findings of one kind than this stand in one sentence, or share one reason."""
_NUMBERS_IN_A_ROW = 8
_NAMES_IN_A_ROW = 2


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
        *,
        more: str = "",
        asks: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """Show findings.

        Args:
            title: how much they weigh, in words.
            icon: the same as an icon.
            tone: its colour.
            checks: the findings.
            numbers: the number under which each criterion stands in the rubric.
            more: who may send them all the same, in a sentence.
            asks: whether a reason is asked for where somebody else should be able to follow.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._numbers, self._asks = numbers, asks
        self.reasons: list[ReasonField] = []
        """Where reasons are written, in the order of the card."""
        inner = QVBoxLayout(self)
        inner.setContentsMargins(space(self, 3), space(self, 2.5), space(self, 2), space(self, 2.5))
        inner.setSpacing(space(self, 2.5))
        head = QHBoxLayout()
        head.setSpacing(space(self, 1.5))
        head.addWidget(icon_label(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(space(self, 0.5))
        words.addWidget(plain_label(title, "strong", wraps=True))
        if more:
            words.addWidget(plain_label(more, "caption", wraps=True))
        head.addLayout(words, 1)
        inner.addLayout(head)
        for group in self._groups(checks):
            inner.addLayout(self._group(group))

    def _groups(self, checks: Sequence[CheckResult]) -> Iterator[list[CheckResult]]:
        """Findings of one kind together; each kind where its first stood."""
        groups: dict[CheckCode, list[CheckResult]] = {}
        for check in checks:
            groups.setdefault(check.code, []).append(check)
        yield from groups.values()

    def _group(self, group: Sequence[CheckResult]) -> QVBoxLayout:
        """One kind: the findings, then once why it matters, then the reason where one is asked for."""
        part = QVBoxLayout()
        part.setSpacing(space(self, 1))
        is_many = len(group) > MOST_BY_THEMSELVES
        asks = self._asks and group[0].override is Override.WITH_REASON
        why = plain_label(group[0].explanation, "caption", wraps=True)
        if is_many and all(self._short(check) for check in group):
            part.addWidget(plain_label(self._sentence(group[0].code), wraps=True))
            part.addWidget(why)
            part.addLayout(self._many(group))
            return part
        if not asks or is_many:
            for check in group:
                part.addLayout(self._one(check))
            part.addWidget(why)
            if asks:
                self._ask(part, group)
            return part
        for check in group:
            part.addLayout(self._one(check))
            if check is group[0]:
                part.addWidget(why)
            self._ask(part, [check])
        return part

    def _ask(self, part: QVBoxLayout, checks: Sequence[CheckResult]) -> None:
        field = ReasonField(checks, self)
        self.reasons.append(field)
        part.addSpacing(space(self, 0.5))
        part.addWidget(field)

    def _sentence(self, code: CheckCode) -> str:
        """What is said once of many findings; empty for kinds that each say something else."""
        return {
            CheckCode.UNRATED: self.tr("These criteria are not rated yet:"),
            CheckCode.SEEN_EMPTY: self.tr("Say what was seen for these criteria:"),
            CheckCode.MISSING_EMPTY: self.tr("Say what is missing for these criteria:"),
            CheckCode.NEXT_STEP_EMPTY: self.tr("Give a next step for these criteria:"),
            CheckCode.PREFILLED: self.tr("What was prepared is left as it was for these criteria:"),
            CheckCode.FEEDBACK_EMPTY: self.tr("These criteria have no feedback yet:"),
            CheckCode.FEEDBACK_THIN: self.tr("The feedback on these criteria is short:"),
            CheckCode.MISSING_BUT_MET: self.tr("“What is missing” is filled in, although these are met:"),
            CheckCode.NO_EVIDENCE_LINK: self.tr("No evidence link supports the rating of these criteria:"),
            CheckCode.NEVER_OPENED: self.tr("These were never opened on this computer:"),
        }.get(code, "")

    def _short(self, check: CheckResult) -> str:
        """A finding in a word, where one sentence says what all of its kind have in common."""
        if not self._sentence(check.code):
            return ""
        if check.place.field is Field.EVIDENCE:
            return one_line(check.about)
        number = self._numbers.get(check.criterion_id) if check.criterion_id is not None else None
        return "" if number is None else str(number)

    def _one(self, check: CheckResult) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(space(self, 2))
        row.addWidget(plain_label(check.text, wraps=True), 1)
        if check.place.field is not Field.REASON:
            button = self._button(check, self.tr("Go there"), "quiet")
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _many(self, checks: Sequence[CheckResult]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(space(self, 1))
        columns = _NAMES_IN_A_ROW if checks[0].place.field is Field.EVIDENCE else _NUMBERS_IN_A_ROW
        for index, check in enumerate(checks):
            button = self._button(check, self._short(check), "chip")
            set_plain_tooltip(button, check.text)
            grid.addWidget(button, index // columns, index % columns, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(columns, 1)
        return grid

    def _button(self, check: CheckResult, text: str, kind: str) -> QPushButton:
        button = PlaceButton(check.place, text.replace("&", "&&"), self)
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
