"""One criterion below passing: where it stands, what the passing level asks for, and the three parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from assessor_app.domain.assessments import CriterionFeedback
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric import denial
from assessor_app.rubric.denial import DenialPart, Owed, Passage
from assessor_app.rubric.schema import Criterion, RubricVersion
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.long_button import LongButton
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


@dataclass(frozen=True, slots=True)
class DenialView:
    """What a card shows at one moment."""

    owed: Owed
    number: int
    """Of the criterion in the rubric, from 1."""
    version: RubricVersion
    passages: tuple[Passage, ...]
    """The evidence that is tied to the criterion."""
    names: dict[str, str]
    """Of each piece of evidence, by id."""


class DenialCard(QFrame):
    """The three parts of one criterion; tells each edit, never a loading."""

    ready = Signal(object, object)
    """CriterionFeedback and its Keeper."""
    looked_in_wanted = Signal(object)
    """This card: evidence was looked through for it in vain."""
    changed = Signal()
    """What is written changed, saved or not."""

    def __init__(self, view: DenialView, parent: QWidget | None = None) -> None:
        """Build the card."""
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._feedback = view, view.owed.feedback
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send)
        reader = self.tr("The learner reads this")
        self.fields = {
            DenialPart.SEEN: TextField(
                self.tr("What was seen"), reader=reader, hint=self.tr("What the evidence does show")
            ),
            DenialPart.MISSING: TextField(
                self.tr("What is missing"),
                reader=reader,
                hint=self.tr("What the level asks for beyond that"),
            ),
            DenialPart.NEXT_STEP: TextField(
                self.tr("Next step"), reader=reader, hint=self.tr("One thing to do before submitting again")
            ),
        }
        self._states: dict[DenialPart, QLabel] = {}
        self._looked = plain_label("", "body", wraps=True)
        self._looked_row = SideBySide(self)
        self.looked_in_button = LongButton(self.tr("Looked in this evidence; not found"))
        self.looked_in_button.setCheckable(True)
        self.begin_button = LongButton(self.tr("Begin from evidence links"))
        self._head = plain_label("", "strong", wraps=True)
        self._stands = plain_label("", "caption-strong", wraps=True)
        self._asks = plain_label("", "quiet", wraps=True)
        self._done = icon_label("circle", "quiet")
        self._lay_out()
        for field in self.fields.values():
            field.edit.setAccessibleDescription(one_line(view.owed.criterion.text))
            field.written.connect(self._touched)
            field.left.connect(self.keeper.flush)
        self.looked_in_button.clicked.connect(self._ask_looked_in)
        self.begin_button.clicked.connect(self._begin_again)
        self.show_view(view)

    # ---- what comes in ----

    def show_view(self, view: DenialView) -> None:
        """Show what is stored; what is being written and not committed yet stays as it is on screen."""
        self._view = view
        criterion = view.owed.criterion
        self._head.setText(f"{view.number}.  {criterion.text}")
        passing = view.owed.passing
        stands = self.tr("Now: {level}").format(level=view.owed.words)
        self._stands.setText(stands)
        asks = view.owed.passing_descriptor
        self._asks.setVisible(bool(asks) and passing is not None)
        if passing is not None:
            words = self.tr("{level} asks for: {descriptor}")
            self._asks.setText(words.format(level=passing.label, descriptor=asks))
        if not self.keeper.is_unsaved:
            self._feedback = view.owed.feedback
            for part, field in self.fields.items():
                field.show_text(denial.text_of(self._feedback, part))
        self._refresh()

    def begin(self) -> None:
        """Begin empty parts from what is known; nothing happens where something was begun before."""
        self._take(denial.prepared(self._view.version, self._criterion, self.feedback(), self._view.passages))

    def toggle_looked_in(self, source_ids: Sequence[str]) -> None:
        """Add evidence that was looked through in vain, or take it out again."""
        self._take(denial.toggled_looked_in(self.feedback(), source_ids))

    # ---- what is shown ----

    def feedback(self) -> CriterionFeedback:
        """What is written now."""
        texts = {part: field.text() for part, field in self.fields.items()}
        return replace(
            self._feedback,
            seen=texts[DenialPart.SEEN],
            missing=texts[DenialPart.MISSING],
            next_step=texts[DenialPart.NEXT_STEP],
        )

    def open_parts(self) -> tuple[DenialPart, ...]:
        """The parts that are still missing, as they stand on screen."""
        return denial.open_parts(self.feedback(), self._view.owed.parts)

    @property
    def criterion_id(self) -> CriterionId:
        """Whose card it is."""
        return self._criterion.id

    @property
    def _criterion(self) -> Criterion:
        return self._view.owed.criterion

    def focus_part(self, part: DenialPart) -> None:
        """Put the keyboard into a part, with what was prepared selected so that typing goes over it."""
        edit = self.fields[part].edit
        edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if denial.is_as_prepared(self.feedback(), part):
            edit.selectAll()

    # ---- inside ----

    def _take(self, feedback: CriterionFeedback) -> None:
        if feedback == self.feedback():
            return
        self._feedback = feedback
        for part, field in self.fields.items():
            field.show_text(denial.text_of(feedback, part))
        self._touched()
        self.keeper.flush()

    @Slot()
    def _touched(self) -> None:
        self.keeper.touch()
        self._refresh()
        self.changed.emit()

    @Slot()
    def _send(self) -> None:
        self._feedback = self.feedback()
        self.ready.emit(self._feedback, self.keeper)

    @Slot()
    def _ask_looked_in(self) -> None:
        self.looked_in_wanted.emit(self)

    @Slot()
    def _begin_again(self) -> None:
        self._take(
            denial.prepared(
                self._view.version, self._criterion, self.feedback(), self._view.passages, again=True
            )
        )
        self.focus_part(DenialPart.SEEN)

    def _refresh(self) -> None:
        feedback, missing = self.feedback(), self.open_parts()
        for part, field in self.fields.items():
            field.setVisible(part in self._view.owed.parts or bool(denial.text_of(feedback, part)))
            state = self._states[part]
            as_prepared = denial.is_as_prepared(feedback, part)
            state.setVisible(as_prepared and part in missing)
        names = [self._view.names.get(source, source) for source in feedback.looked_in]
        words = self.tr("Looked in: {names}. Not found.")
        self._looked.setText(words.format(names=", ".join(one_line(name) for name in names)))
        self._looked.setVisible(bool(names))
        self.looked_in_button.setChecked(bool(names))
        owes_seen = DenialPart.SEEN in self._view.owed.parts
        self._looked_row.setVisible(owes_seen)
        self.begin_button.setVisible(bool(self._view.passages) and not feedback.seen.strip())
        dress(self._done, "circle" if missing else "circle-check", "quiet" if missing else "ok")
        self._done.setAccessibleName(self.tr("Something is missing") if missing else self.tr("Complete"))

    def _lay_out(self) -> None:
        head = SideBySide(self)
        head.box.addWidget(self._head, 1)
        head.box.addWidget(self._done, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        margin = space(self, 3)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(space(self, 2))
        layout.addWidget(head)
        layout.addWidget(self._stands)
        layout.addWidget(self._asks)
        for part, field in self.fields.items():
            layout.addWidget(field)
            state = plain_label(
                self.tr("Prepared for you: make it yours, or it counts as missing."), "caption", wraps=True
            )
            self._states[part] = state
            layout.addWidget(state)
            if part is DenialPart.SEEN:
                layout.addWidget(self._looked)
                for button in (self.looked_in_button, self.begin_button):
                    button.setProperty("kind", "chip")
                    self._looked_row.box.addWidget(button)
                self._looked_row.box.addStretch(1)
                layout.addWidget(self._looked_row)
