"""One criterion as the approver sees it: descriptors and evidence first; ratings once they are revealed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import CriterionFeedback, IndependentMark, Override, Rating
from assessor_app.domain.submissions import AccommodationEffect, Submission
from assessor_app.domain.wording import has_words
from assessor_app.rubric.schema import Criterion, NotScorableCode, Scale
from assessor_app.services.views import RatingChange
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.scoring.accommodation_note import accommodation_note
from assessor_app.ui.scoring.criterion_frame import OpenableCard
from assessor_app.ui.scoring.evidence_links import EvidenceLinks
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.level_row import LevelRow
from assessor_app.ui.scoring.said_feedback import SaidFeedback
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from assessor_app.ui.theme import space


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What a card shows of one criterion at one moment."""

    marks: tuple[Annotation, ...]
    """The evidence tied to it; places only while covered."""
    is_revealed: bool
    asks_for_mark: bool
    """Whether passing or not is to be marked before anything is revealed."""
    own_mark: bool | None
    """What the approver marked; None if nothing."""
    rating: Rating | None
    """The assessor's; None while covered."""
    feedback: CriterionFeedback | None
    override: Override | None
    change: RatingChange | None
    """What changed since the last round; None if nothing did."""
    is_editable: bool


class DecisionCard(OpenableCard):
    """A card that is open while it is looked at, and one line high otherwise."""

    marked = Signal(object)
    """IndependentMark: the approver's own view."""
    override_ready = Signal(object, object, object)
    """Criterion id, Override or None, and its Keeper."""
    jump_wanted = Signal(object)
    """The annotation to go to."""

    def __init__(
        self,
        number: int,
        criterion: Criterion,
        scale: Scale,
        codes: tuple[NotScorableCode, ...],
        accommodations: tuple[tuple[AccommodationEffect, str], ...],
        parent: QWidget | None = None,
    ) -> None:
        """Build the card, closed and covered."""
        super().__init__(number, criterion, scale, parent)
        self.criterion, self.scale = criterion, scale
        self._codes = {code.code: code.label for code in codes}
        self._view: DecisionView | None = None
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send_override)
        self._level: str | None = None
        self.levels = LevelRow(criterion, scale, self)
        self.passing = ToggleChip(self.tr("Passing"), self)
        self.not_passing = ToggleChip(self.tr("Not passing"), self)
        self._mark_row = self._made_mark_row()
        self._rated = plain_label("", "strong", wraps=True)
        self._own = plain_label("", "quiet", wraps=True)
        self._changed = plain_label("", "warning", wraps=True)
        self.why = TextField(
            self.tr("Why you changed the rating"),
            reader=self.tr("The assessor reads this"),
            hint=self.tr("What in the evidence led you to another level?"),
        )
        self.why.written.connect(self.keeper.touch)
        self.why.left.connect(self.keeper.flush)
        self._feedback = SaidFeedback(self)
        self.links = EvidenceLinks(self)
        self.links.jump_wanted.connect(self.jump_wanted)
        for effect, instruction in accommodations:
            self.body.addWidget(accommodation_note(self, effect, instruction))
        for widget in (
            self._changed, self._rated, self._own, self.levels, self.why, self._mark_row, self.links,
            self._feedback,
        ):  # fmt: skip
            self.body.addWidget(widget)
        self.levels.chosen.connect(self._level_chosen)
        self.set_open(False)

    # ---- what comes in ----

    def show_view(self, view: DecisionView, submission: Submission) -> None:
        """Show what is stored; what is being written here and not committed yet stays."""
        self._view = view
        if not self.keeper.is_unsaved:
            self._level = view.override.level if view.override else self._rated_level()
            self.levels.show_level(self._level)
            self.why.show_text(view.override.why if view.override else "")
        self.levels.set_read_only(not (view.is_revealed and view.is_editable))
        self.why.set_read_only(not view.is_editable)
        self.passing.setChecked(view.own_mark is True)
        self.not_passing.setChecked(view.own_mark is False)
        for button in (self.passing, self.not_passing):
            button.setEnabled(view.is_editable)
        self.links.show_marks(view.marks, submission)
        self._refresh()

    @property
    def level(self) -> str | None:
        """Code of the level that is shown; None for none, and while ratings are covered."""
        return self._level

    @property
    def is_marked(self) -> bool:
        """Whether the approver's own view is marked."""
        return self._view is not None and self._view.own_mark is not None

    @property
    def override_lacks_reason(self) -> bool:
        """Whether a changed rating still needs its reason."""
        return self._is_overridden() and not has_words(self.why.text())

    def focus(self) -> None:
        """Put the keyboard where something is to be done first."""
        target: QWidget = self.levels
        if self._view is not None and self._view.asks_for_mark and not self._view.is_revealed:
            target = self.not_passing if self.not_passing.isChecked() else self.passing
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- inside ----

    def _made_mark_row(self) -> QWidget:
        box = card("accent", self)
        column = QVBoxLayout(box)
        column.setContentsMargins(space(self, 2), space(self, 1.5), space(self, 2), space(self, 1.5))
        column.setSpacing(space(self, 1))
        column.addWidget(
            plain_label(self.tr("Your own view, before you see the rating"), "strong", wraps=True)
        )
        row = SideBySide(box)
        column.addWidget(row)
        for button, slot in ((self.passing, self._mark_passing), (self.not_passing, self._mark_not_passing)):
            button.setAccessibleDescription(self.criterion.text)
            button.clicked.connect(slot)
            row.box.addWidget(button)
        row.box.addStretch(1)
        return box

    @Slot()
    def _mark_passing(self) -> None:
        self._mark(is_passing=True)

    @Slot()
    def _mark_not_passing(self) -> None:
        self._mark(is_passing=False)

    def _mark(self, *, is_passing: bool) -> None:
        self.passing.setChecked(is_passing)
        self.not_passing.setChecked(not is_passing)
        self.marked.emit(IndependentMark(self.criterion.id, is_passing))

    def _rated_level(self) -> str | None:
        return self._view.rating.level if self._view is not None and self._view.rating is not None else None

    def _is_overridden(self) -> bool:
        is_revealed = self._view is not None and self._view.is_revealed
        return is_revealed and self._level is not None and self._level != self._rated_level()

    @Slot(str)
    def _level_chosen(self, code: str) -> None:
        self._level = code
        self.keeper.touch()
        self.keeper.flush()
        self._refresh()
        if self._is_overridden():
            self.why.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _send_override(self) -> None:
        change = None
        if self._is_overridden() and self._level is not None:
            change = Override(self.criterion.id, self._level, self.why.text())
        self.override_ready.emit(self.criterion.id, change, self.keeper)

    def _refresh(self) -> None:
        view = self._view
        if view is None:
            return
        shown = view.is_revealed
        rated = self._rated_words()
        self._rated.setText(self.tr("The assessor's rating: {level}").format(level=rated))
        self._rated.setVisible(shown)
        self._own.setText(self._comparison())
        self._own.setVisible(bool(self._own.text()))
        self._changed.setText(self._change_words())
        self._changed.setVisible(bool(self._changed.text()))
        self.why.setVisible(self._is_overridden())
        self._mark_row.setVisible(view.asks_for_mark and not shown)
        self.passing.setVisible(view.asks_for_mark)
        self._feedback.show_feedback(view.feedback if shown else None)
        self._show_line(rated)

    def _show_line(self, rated: str) -> None:
        """The line of the closed card."""
        view, index = self._view, -1
        assert view is not None
        more: list[str] = []
        if view.is_revealed:
            words = rated
            level = self._level if self._is_overridden() else self._rated_level()
            index = next((i for i, one in enumerate(self.scale.levels) if one.code == level), -1)
            if self._is_overridden():
                words = self.tr("{before} → {after}, changed by you").format(
                    before=rated, after=self.scale.levels[index].label
                )
            if view.change is not None:
                more.append(self.tr("changed since your return"))
        elif view.own_mark is not None:
            words = self.tr("You marked: passing") if view.own_mark else self.tr("You marked: not passing")
        else:
            words = self.tr("Not marked yet") if view.asks_for_mark else self.tr("Covered")
        if view.marks:
            count = len(view.marks)
            more.append(self.tr("1 link") if count == 1 else self.tr("{count} links").format(count=count))
        self.summary.show_state(words, index, more)

    def _rated_words(self) -> str:
        rating = self._view.rating if self._view is not None else None
        if rating is None or not rating.is_set:
            return self.tr("not rated")
        if rating.level is not None:
            level = self.scale.level(rating.level)
            return level.label if level is not None else rating.level
        code = rating.not_scorable or ""
        words = self.tr("not scorable: {reason}").format(reason=self._codes.get(code, code))
        return f"{words}. {rating.note}" if rating.note else words

    def _comparison(self) -> str:
        """The approver's own mark beside the assessor's rating."""
        view = self._view
        if view is None or not view.is_revealed or view.own_mark is None:
            return ""
        level = self.scale.level(self._rated_level() or "")
        own = self.tr("passing") if view.own_mark else self.tr("not passing")
        if (level is not None and level.meets) == view.own_mark:
            return self.tr("You marked {own}: you agree.").format(own=own)
        return self.tr("You marked {own}: you differ.").format(own=own)

    def _change_words(self) -> str:
        change = self._view.change if self._view is not None else None
        if change is None:
            return ""
        pieces = []
        if change.rating_changed:
            text = self.tr("Rating changed since your return: {before} → {after}.")
            pieces.append(text.format(before=change.before, after=change.after))
        if change.feedback_changed:
            pieces.append(self.tr("Feedback changed since your return."))
        return " ".join(pieces)
