"""Evidence that cannot be judged: which criteria that leaves not scorable, why, and what is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.wording import has_words
from assessor_app.rubric.schema import NotScorableCode, NotScorableEffect
from assessor_app.ui.button_row import ButtonRow
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion as it stands now."""

    criterion_id: CriterionId
    requirement_id: RequirementId
    number: int
    """1 for the first of the rubric."""
    text: str
    rated: str
    """Label of its level or reason; empty while it is not rated."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What may be called not scorable now."""

    criteria: tuple[Judged, ...] = ()
    codes: tuple[NotScorableCode, ...] = ()
    """The rubric's reasons."""
    is_editable: bool = False

    def of_requirement(self, requirement_id: RequirementId | None) -> tuple[Judged, ...]:
        """The criteria of a requirement; all of them for None."""
        if requirement_id is None:
            return self.criteria
        return tuple(c for c in self.criteria if c.requirement_id == requirement_id)

    def link_codes(self) -> tuple[NotScorableCode, ...]:
        """The rubric's reasons for a link that does not open."""
        return tuple(code for code in self._failing() if _is_about_links(code))

    def file_codes(self) -> tuple[NotScorableCode, ...]:
        """The rubric's reasons for a file that cannot be read."""
        return tuple(code for code in self._failing() if not _is_about_links(code))

    def _failing(self) -> tuple[NotScorableCode, ...]:
        return tuple(code for code in self.codes if code.effect is NotScorableEffect.FAIL)


@dataclass(frozen=True, slots=True)
class NotScorableMarking:
    """Criteria that the person called not scorable."""

    ratings: tuple[Rating, ...]


class NotScorableChoice(QFrame):
    """Asks which criteria; nothing is marked before the person says so."""

    chosen = Signal(object)
    """NotScorableMarking."""
    left = Signal()
    """Closed without marking anything."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden."""
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._codes: tuple[NotScorableCode, ...] = ()
        self.boxes: list[QCheckBox] = []
        self._buttons: list[QRadioButton] = []
        self._group = QButtonGroup(self)
        self._title = plain_label(
            self.tr("Which criteria cannot be judged without it?"), "heading", wraps=True
        )
        self._criteria = QVBoxLayout()
        self._reasons_title = plain_label(self.tr("Reason"), "caption-strong")
        self._reasons = QVBoxLayout()
        self._effect = plain_label("", "caption", wraps=True)
        self.note = TextField(self.tr("Note"), reader="", hint=self.tr("What you tried, and what you saw"))
        self.mark_button = QPushButton(self.tr("Mark as not scorable"), self)
        self.mark_button.setProperty("kind", "primary")
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.buttons = ButtonRow((self.mark_button, self.cancel_button))
        self._lay_out()
        self._group.idToggled.connect(self._refresh)
        self.note.written.connect(self._refresh)
        self.mark_button.clicked.connect(self._mark)
        self.cancel_button.clicked.connect(self.leave)
        self.hide()

    def ask(self, criteria: Sequence[Judged], codes: Sequence[NotScorableCode], note: str) -> None:
        """Show the question, with the criteria that are not rated yet chosen.

        Args:
            criteria: that depend on the piece of evidence.
            codes: reasons that suit, at least one; the first is chosen.
            note: what is proposed as the note.
        """
        self._codes = tuple(codes)
        self._fill_criteria(criteria)
        self._fill_reasons()
        self.note.show_text(note)
        self._refresh()
        self.show()
        if self.boxes:
            self.boxes[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def leave(self) -> None:
        """Close without marking anything."""
        if self.isVisible():
            self.hide()
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons side by side where there is room."""
        super().resizeEvent(event)
        self.buttons.fit(self.contentsRect().width() - 2 * space(self, 3))

    # ---- inside ----

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        edge = space(self, 3)
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(space(self, 1.5))
        layout.addWidget(self._title)
        for rows in (self._criteria, self._reasons):
            rows.setSpacing(space(self, 1))
        layout.addLayout(self._criteria)
        layout.addWidget(self._reasons_title)
        layout.addLayout(self._reasons)
        layout.addWidget(self.note)
        layout.addWidget(self._effect)
        layout.addLayout(self.buttons)

    def _fill_criteria(self, criteria: Sequence[Judged]) -> None:
        _empty(self._criteria)
        self.boxes = []
        for judged in criteria:
            box = QCheckBox(self.tr("Criterion {number}").format(number=judged.number), self)
            box.setProperty("criterion", str(judged.criterion_id))
            box.setChecked(not judged.rated)
            box.setAccessibleName(f"{box.text()}: {judged.text}")
            state = self.tr("rated: {level}").format(level=judged.rated) if judged.rated else ""
            box.setAccessibleDescription(state)
            box.toggled.connect(self._refresh)
            words = plain_label(f"{judged.text}  ·  {state}" if state else judged.text, "quiet", wraps=True)
            words.setContentsMargins(space(self, 6), 0, 0, 0)
            self.boxes.append(box)
            self._criteria.addWidget(box)
            self._criteria.addWidget(words)

    def _fill_reasons(self) -> None:
        _empty(self._reasons)
        self._buttons = []
        for number, code in enumerate(self._codes):
            button = QRadioButton(code.label.replace("&", "&&"), self)
            button.setChecked(number == 0)
            self._group.addButton(button, number)
            self._buttons.append(button)
            self._reasons.addWidget(button)
        has_choice = len(self._codes) > 1
        self._reasons_title.setVisible(has_choice)
        for button in self._buttons:
            button.setVisible(has_choice)

    def _code(self) -> NotScorableCode:
        return self._codes[max(0, self._group.checkedId())]

    def _picked(self) -> list[CriterionId]:
        return [CriterionId(str(box.property("criterion"))) for box in self.boxes if box.isChecked()]

    @Slot()
    def _refresh(self) -> None:
        if not self._codes:
            return
        count, code = len(self._picked()), self._code()
        self.mark_button.setText(
            self.tr("Mark 1 criterion as not scorable")
            if count == 1
            else self.tr("Mark {count} criteria as not scorable").format(count=count)
        )
        has_note = has_words(self.note.text()) or not code.requires_note
        self.mark_button.setEnabled(count > 0 and has_note)
        reader = (
            self.tr("The learner reads the note.")
            if code.learner_visible
            else self.tr("The approver reads the note; the learner does not.")
        )
        effect = self.tr("“{reason}” counts as not reached. Undo takes it back in one step.")
        self._effect.setText(f"{effect.format(reason=code.label)} {reader}")
        self.note.edit.setAccessibleDescription(self._effect.text())

    @Slot()
    def _mark(self) -> None:
        code, note = self._code().code, self.note.text().strip()
        ratings = tuple(Rating(criterion_id, not_scorable=code, note=note) for criterion_id in self._picked())
        self.hide()
        self.chosen.emit(NotScorableMarking(ratings))


def _is_about_links(code: NotScorableCode) -> bool:
    """Rubrics name their reasons themselves; the word is what all of them have in common."""
    return "link" in code.code.lower() or "link" in code.label.lower()


def _empty(rows: QVBoxLayout) -> None:
    while rows.count():
        item = rows.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
