"""One criterion: what it asks, how it is rated, what supports the rating, what the learner reads."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import CriterionFeedback, Rating, RuleResult
from assessor_app.domain.calibration import PracticeAnchor
from assessor_app.domain.submissions import AccommodationEffect, Submission
from assessor_app.rubric.checks import Field
from assessor_app.rubric.difference import Change
from assessor_app.rubric.schema import Criterion, Level, NotScorableCode, NotScorableEffect, Scale
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.accommodation_note import accommodation_note
from assessor_app.ui.scoring.criterion_frame import OpenableCard
from assessor_app.ui.scoring.evidence_links import EvidenceLinks
from assessor_app.ui.scoring.feedback import FeedbackFields
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.last_time import AskedBefore, LastTime
from assessor_app.ui.scoring.level_row import LevelRow
from assessor_app.ui.scoring.not_scorable import NotScorable
from assessor_app.ui.scoring.rubric_changed_note import RubricChangedNote
from assessor_app.ui.theme import space


@dataclass(frozen=True, slots=True)
class CriterionView:
    """What a card shows of one criterion at one moment."""

    rating: Rating
    feedback: CriterionFeedback
    marks: tuple[Annotation, ...]
    """The evidence tied to it."""
    rule_result: RuleResult
    is_excluded: bool
    """Taken out by an approved accommodation: nothing to rate."""
    is_editable: bool
    rubric_changes: tuple[Change, ...] | None = None
    """What changed here since it was rated, so that the rating does not count; None if nothing did."""
    evidence_changes: tuple[str, ...] | None = None
    """Names of pieces that were replaced since it was rated, which counts; None if none was."""


@dataclass(frozen=True, slots=True)
class CriterionFrame:
    """What a card shows of one criterion for as long as the submission is open."""

    number: int
    """1 for the first of the rubric."""
    criterion: Criterion
    scale: Scale
    codes: tuple[NotScorableCode, ...]
    accommodations: tuple[tuple[AccommodationEffect, str], ...]
    """Approved changes that concern this criterion: effect and instruction."""
    asked_before: str | None
    """What the last attempt's feedback asked for; None if this criterion was met, or there was none."""
    named_in_return: bool
    earlier_level: str | None = None
    """Level code of the last attempt; shown only once this criterion is rated now."""
    since: str = ""
    """What changed in its evidence since the last attempt; empty where there is nothing to compare with."""
    can_compare: bool = False
    examples: tuple[PracticeAnchor, ...] = ()
    """Passages of practice for its levels."""


class CriterionCard(OpenableCard):
    """A card that is open while it is worked on, and one line high otherwise."""

    rating_ready = Signal(object, object)
    """Rating and its Keeper."""
    feedback_ready = Signal(object, object)
    """CriterionFeedback and its Keeper."""
    jump_wanted = Signal(object)
    """The annotation to go to."""
    compare_wanted = Signal(str)
    """Its criterion id: show what changed in its evidence since the last attempt."""

    def __init__(self, frame: CriterionFrame, parent: QWidget | None = None) -> None:
        """Build the card, closed."""
        super().__init__(frame.number, frame.criterion, frame.scale, parent)
        self.frame = frame
        self._shown = CriterionView(
            Rating(frame.criterion.id), CriterionFeedback(frame.criterion.id), (), RuleResult.UNDECIDED,
            is_excluded=False, is_editable=True,
        )  # fmt: skip
        self._level_keeper = Keeper(self)
        self._level_keeper.due.connect(self._send_level)
        self._rating = Rating(frame.criterion.id)
        self._is_rated_again = False
        """Whether it was rated anew since the rubric changed, which the store does not say yet."""
        body = self.body_widget
        self.levels = LevelRow(frame.criterion, frame.scale, body)
        self.levels.show_examples(frame.examples)
        self.last_time = LastTime(can_compare=frame.can_compare, parent=body)
        self.changed = RubricChangedNote(body)
        self.not_scorable = NotScorable(frame.criterion.id, frame.codes, body)
        self.links = EvidenceLinks(body)
        self.feedback = FeedbackFields(frame.criterion.id, frame.criterion.text, body)
        self._excluded = plain_label(
            self.tr("Taken out by an approved accommodation. There is nothing to rate here."),
            "quiet",
            wraps=True,
        )
        self._lay_out()
        self._connect()
        self.set_open(False)

    # ---- what comes in ----

    def show_view(self, view: CriterionView) -> None:
        """Show what is stored; what is being written here and not committed yet stays."""
        self._shown = view
        if not self._level_keeper.is_unsaved and not self.not_scorable.keeper.is_unsaved:
            self._rating = view.rating
            self._is_rated_again = False
            self.levels.show_level(view.rating.level)
            self.not_scorable.show_rating(view.rating)
        self.feedback.show_feedback(view.feedback)
        self.links.show_marks(view.marks, self._submission)
        for part in (self.levels, self.not_scorable, self.feedback):
            part.set_read_only(not view.is_editable)
        self._refresh()

    def set_submission(self, submission: Submission) -> None:
        """Whose evidence the links name."""
        self._submission = submission

    @property
    def keepers(self) -> tuple[Keeper, ...]:
        """Everything that may be unsaved here."""
        return (self._level_keeper, self.not_scorable.keeper, self.feedback.keeper)

    @property
    def level(self) -> str | None:
        """Code of the level that is shown; None for none."""
        return self._rating.level

    @property
    def is_rated(self) -> bool:
        """Whether a level or a reason is shown, or nothing is to be rated."""
        return (self._rating.is_set and not self.is_outdated) or self._shown.is_excluded

    @property
    def is_outdated(self) -> bool:
        """Whether the rubric changed here since it was rated, so that the rating does not count."""
        return self._shown.rubric_changes is not None and not self._is_rated_again

    @property
    def is_unmet(self) -> bool:
        """Whether it is below passing or not scorable now, or was not met last time and is not rated yet."""
        if self._shown.is_excluded:
            return False
        if not self.is_rated:
            return self.frame.asked_before is not None
        level, code = self._level_and_code()
        if level is not None:
            return not level.meets
        return code is None or code.effect is not NotScorableEffect.EXCLUDE

    def focus(self, field: Field = Field.RATING) -> None:
        """Put the keyboard into a part of the card."""
        if field in (Field.RATING, Field.EVIDENCE_LINKS):
            target: QWidget = self.feedback if self._shown.is_excluded else self.levels
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif field is Field.NOTE:
            self.not_scorable.note.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.feedback.focus(field)

    # ---- inside ----

    def _lay_out(self) -> None:
        body = self.body
        if self.frame.asked_before is not None:
            asked = AskedBefore(
                self.frame.asked_before, self.frame.since, can_compare=self.frame.can_compare, parent=self
            )
            asked.compare_wanted.connect(self._compare)
            body.addWidget(asked)
        for effect, instruction in self.frame.accommodations:
            body.addWidget(accommodation_note(self, effect, instruction))
        body.addWidget(self._excluded)
        body.addWidget(self.changed)
        rating = QVBoxLayout()
        rating.setSpacing(space(self, 0.5))
        rating.addWidget(self.levels)
        rating.addWidget(self.not_scorable)
        rating.addWidget(self.last_time)
        body.addLayout(rating)
        body.addWidget(self.links)
        body.addWidget(self.feedback)

    def _connect(self) -> None:
        self.levels.chosen.connect(self._level_chosen)
        self.levels.cleared.connect(self._level_cleared)
        self.levels.feedback_wanted.connect(self.feedback.text.edit.setFocus)
        self.not_scorable.ready.connect(self._reason_ready)
        self.feedback.ready.connect(self.feedback_ready)
        self.feedback.keeper.unsaved_changed.connect(self._refresh)
        self.links.jump_wanted.connect(self.jump_wanted)
        self.last_time.compare_wanted.connect(self._compare)
        self.changed.confirmed.connect(self._confirm)

    @Slot(str)
    def _level_chosen(self, code: str) -> None:
        self.not_scorable.drop()
        self._rate(Rating(self.frame.criterion.id, level=code))

    @Slot()
    def _level_cleared(self) -> None:
        self.not_scorable.drop()
        self._rate(Rating(self.frame.criterion.id))

    @Slot()
    def _confirm(self) -> None:
        """The rating of before is right under the present rubric as well."""
        self._rate(self._rating)
        self.levels.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _compare(self) -> None:
        self.compare_wanted.emit(str(self.frame.criterion.id))

    def _rate(self, rating: Rating) -> None:
        self._rating = rating
        self._is_rated_again = True
        self._level_keeper.touch()
        self._level_keeper.flush()
        self._refresh()

    @Slot()
    def _send_level(self) -> None:
        self.rating_ready.emit(self._rating, self._level_keeper)

    @Slot(object, object)
    def _reason_ready(self, rating: Rating, keeper: Keeper) -> None:
        self._rating = rating
        self._is_rated_again = True
        self.levels.show_level(None)
        self._refresh()
        self.rating_ready.emit(rating, keeper)

    @Slot()
    def _refresh(self) -> None:
        """Which fields are owed, and what the line says."""
        view, (level, code) = self._shown, self._level_and_code()
        is_below = level is not None and not level.meets
        is_failed = code is not None and code.effect is NotScorableEffect.FAIL
        is_denial_owed = view.rule_result is not RuleResult.YES
        self.feedback.set_owed(
            parts=is_below and is_denial_owed, next_step=(is_below or is_failed) and is_denial_owed
        )
        self._excluded.setVisible(view.is_excluded)
        self.levels.setVisible(not view.is_excluded)
        self.not_scorable.setVisible(not view.is_excluded and bool(self.frame.codes))
        self._show_last_time()
        self.changed.show_change(
            view.rubric_changes if self.is_outdated else None,
            self._rating_words(level, code),
            can_keep=view.is_editable and (level is not None or code is not None),
            pieces=view.evidence_changes if not self._is_rated_again else None,
        )
        self._show_line(level, code)

    def _level_and_code(self) -> tuple[Level | None, NotScorableCode | None]:
        """What the rating is in this rubric version."""
        code = next((c for c in self.frame.codes if c.code == self._rating.not_scorable), None)
        return self.frame.scale.level(self._rating.level or ""), code

    def _show_last_time(self) -> None:
        """The level of the last attempt, never before this one is rated (rule 26)."""
        before = self.frame.scale.level(self.frame.earlier_level or "")
        is_due = self._rating.is_set and not self.is_outdated and not self._shown.is_excluded
        self.last_time.show_level(before.label if before is not None and is_due else None)

    def _rating_words(self, level: Level | None, code: NotScorableCode | None) -> str:
        if level is not None:
            return level.label
        if self._rating.not_scorable is not None:
            label = code.label if code is not None else self._rating.not_scorable
            return self.tr("Not scorable: {reason}").format(reason=label)
        return self._rating.level or self.tr("Not rated")

    def _show_line(self, level: Level | None, code: NotScorableCode | None) -> None:
        view, index = self._shown, -1
        if view.is_excluded:
            words = self.tr("Taken out")
        else:
            words = self._rating_words(level, code)
            index = self.frame.scale.levels.index(level) if level is not None else -1
        more = [self.tr("rubric changed: rate again")] if self.is_outdated else []
        if view.evidence_changes is not None and not self._is_rated_again:
            more.append(self.tr("evidence changed: look again"))
        if not self._has_feedback() and not view.is_excluded:
            more.append(self.tr("no feedback yet"))
        if view.marks:
            count = len(view.marks)
            more.append(self.tr("1 link") if count == 1 else self.tr("{count} links").format(count=count))
        self.summary.show_state(words, index, more)

    def _has_feedback(self) -> bool:
        written = self.feedback.feedback()
        return any(part.strip() for part in (written.text, written.seen, written.missing, written.next_step))
