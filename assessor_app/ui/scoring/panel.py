"""The scoring panel: every criterion of the rubric, what is written for it, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.states import AssessmentState
from assessor_app.rubric.award_rule import excluded_criteria
from assessor_app.rubric.checks import Field, Place
from assessor_app.rubric.schema import Criterion
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.announce import announce
from assessor_app.ui.plain_text import separator
from assessor_app.ui.scoring.card_column import CardColumn, CardScroll
from assessor_app.ui.scoring.criterion import CriterionCard, CriterionFrame, CriterionView
from assessor_app.ui.scoring.frames import frames_of
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.link_pictures import LinkPictures
from assessor_app.ui.scoring.outside_list import OutsideList
from assessor_app.ui.scoring.recommendation import OverallFields
from assessor_app.ui.scoring.rule_bar import RuleBar
from assessor_app.ui.scoring.text_field import GrowingEdit


class ScoringPanel(QWidget):
    """Shows one opened submission's rubric and tells each edit of the person; loading tells nothing."""

    rating_ready = Signal(object, object)
    """Rating and its Keeper: save this, and tell the keeper how it ended."""
    feedback_ready = Signal(object, object)
    """CriterionFeedback and its Keeper."""
    overall_ready = Signal(str, object)
    note_ready = Signal(str, object)
    jump_wanted = Signal(object)
    """The annotation to go to."""
    compare_wanted = Signal(str)
    """Id of a criterion: show what changed in its evidence since the last attempt."""
    review_wanted = Signal()
    unsaved_changed = Signal(bool)
    """Whether something written is not committed yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin without a submission."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Rubric"))
        self._key: tuple[object, ...] | None = None
        self._was_unsaved = False
        self.pictures: LinkPictures | None = None
        """Where the small pictures of evidence links come from; set before anything is shown."""
        self.bar = RuleBar(self)
        self.bar.review_wanted.connect(self.review_wanted)
        self.overall = OverallFields(self)
        self.overall.overall_ready.connect(self.overall_ready)
        self.overall.note_ready.connect(self.note_ready)
        self._watch(self.overall.keepers)
        self._column: CardColumn[CriterionCard] = CardColumn(CardScroll(self))
        self.outside = OutsideList(self)
        self._column.scroll.bottom.addWidget(self.outside)
        self._column.scroll.bottom.addWidget(self.overall)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._column.scroll, 1)
        layout.addWidget(separator(self))
        layout.addWidget(self.bar)

    # ---- what comes in ----

    def show_opened(self, opened: OpenedSubmission) -> None:
        """Show a submission; what is being written and not committed yet stays as it is on screen."""
        submission = opened.submission
        key = (
            submission.id, submission.round, opened.rubric.hash, submission.return_note, submission.prior,
            submission.accommodations, opened.anchors,
        )  # fmt: skip
        if key != self._key:
            self._rebuild(opened)
            self._key = key
        excluded = excluded_criteria(opened.rubric, submission.accommodations)
        for card in self._column.cards:
            criterion_id = card.frame.criterion.id
            card.set_submission(submission)
            card.show_view(
                CriterionView(
                    rating=opened.assessment.rating(criterion_id),
                    feedback=opened.assessment.feedback_for(criterion_id),
                    marks=marks_of(criterion_id, opened.annotations),
                    rule_result=opened.verdict.result,
                    is_excluded=criterion_id in excluded,
                    is_editable=opened.is_editable,
                    rubric_changes=opened.outdated.get(criterion_id),
                    evidence_changes=opened.evidence_changes.get(criterion_id),
                )
            )
        self.outside.show_criteria(opened.outside)
        self.overall.show_texts(opened.assessment.overall, opened.assessment.note_to_approver)
        self.overall.set_read_only(not opened.is_editable)
        self._show_bar(opened, len(excluded))

    def _show_bar(self, opened: OpenedSubmission, excluded: int) -> None:
        """The live result while it can change; afterwards what was recommended, or nothing."""
        criteria = opened.rubric.criteria
        is_sent = opened.assessment.state is not AssessmentState.DRAFT
        if opened.is_editable:
            total = len(criteria) - excluded
            counting = [c.id for c in criteria if c.id not in opened.outdated]
            rated = sum(opened.assessment.rating(criterion_id).is_set for criterion_id in counting)
            numbers = {criterion.id: number for number, criterion in enumerate(criteria, 1)}
            self.bar.show_verdict(opened.verdict, min(rated, total), total, numbers)
            self.bar.show_findings(opened.checks)
        else:
            self.bar.show_sent(opened.verdict)
        self.bar.set_sendable(opened.is_editable)
        self.bar.setVisible(opened.is_editable or is_sent)

    # ---- keyboard ----

    @property
    def current(self) -> CriterionCard | None:
        """The open card."""
        return self._column.current

    @property
    def cards(self) -> Sequence[CriterionCard]:
        """All cards, in the rubric's order."""
        return self._column.cards

    def card_of(self, criterion_id: CriterionId) -> CriterionCard | None:
        """The card of a criterion."""
        return next((c for c in self._column.cards if c.frame.criterion.id == criterion_id), None)

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) criterion."""
        card = self._column.after(direction)
        if card is not None:
            self.go_to(card)

    def next_unrated(self) -> bool:
        """Go to the next criterion without a rating, from where the keyboard is; False if all are rated."""
        current, focus = self.current, self.focusWidget()
        if current is not None and not current.is_rated and not _is_within(focus, current):
            self.go_to(current)
            return True
        for card in self._column.from_current():
            if not card.is_rated:
                self.go_to(card)
                return True
        return False

    def next_unmet(self, direction: int) -> bool:
        """Go to the next (1) or previous (-1) criterion that is not met; False if there is none."""
        around = self._column.from_current()[::direction]
        if self.current is not None and direction < 0:
            around = [*around[1:], around[0]]
        for card in around:
            if card.is_unmet:
                self.go_to(card)
                return True
        announce(self, self.tr("No criterion is below passing."))
        return False

    @Slot(object)
    def go_to(self, card: CriterionCard, *, field: Field = Field.RATING) -> None:
        """Open a card and put the keyboard into one of its parts."""
        self._column.open(card)
        card.focus(field)
        self._column.bring_up_soon(card)

    def go_to_place(self, place: Place) -> None:
        """Go to what a finding points at."""
        card = self.card_of(place.criterion_id) if place.criterion_id is not None else None
        if card is not None:
            self.go_to(card, field=place.field)
        else:
            self.overall.focus(place.field)
            self._column.scroll.ensureWidgetVisible(self.overall)
        edit = self.focusWidget()
        if place.span is not None and isinstance(edit, GrowingEdit):
            edit.select_words(*place.span)

    def focus_current(self) -> None:
        """Put the keyboard on the open criterion's row, or the first one."""
        card = self.current
        if card is not None:
            self.go_to(card)
        else:
            self.step(0)

    def set_level(self, number: int) -> None:
        """Give the open criterion its level `number`, from 1; nothing happens where there is none."""
        if self.current is not None:
            self.current.levels.take(number)

    def clear_level(self) -> None:
        """Take the open criterion's rating away."""
        if self.current is not None:
            self.current.levels.take(0)

    def write_feedback(self) -> None:
        """Put the keyboard into the open criterion's feedback."""
        if self.current is not None:
            self.current.focus(Field.FEEDBACK)

    def open_not_scorable(self) -> None:
        """Show the reasons why the open criterion cannot be scored."""
        if self.current is not None:
            self.current.not_scorable.open_menu()

    def show_card(self, criterion_id: CriterionId) -> None:
        """Open a criterion's card and bring it into view; the keyboard stays where it is."""
        card = self.card_of(criterion_id)
        if card is not None:
            self._column.open(card)
            self._column.bring_up_soon(card)

    # ---- saving ----

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written is not committed yet."""
        return any(keeper.is_unsaved for keeper in self._keepers())

    def flush(self) -> None:
        """Start saving everything that is not on its way yet."""
        for keeper in self._keepers():
            keeper.flush()

    # ---- inside ----

    def _keepers(self) -> list[Keeper]:
        of_cards = [keeper for card in self._column.cards for keeper in card.keepers]
        return [*of_cards, *self.overall.keepers]

    def _watch(self, keepers: Sequence[Keeper]) -> None:
        for keeper in keepers:
            keeper.unsaved_changed.connect(self._tell_unsaved)

    @Slot()
    def _tell_unsaved(self) -> None:
        if self.has_unsaved_edits != self._was_unsaved:
            self._was_unsaved = self.has_unsaved_edits
            self.unsaved_changed.emit(self._was_unsaved)

    def _rebuild(self, opened: OpenedSubmission) -> None:
        self.flush()
        open_id = self.current.frame.criterion.id if self.current else None
        frames = frames_of(opened)
        self._column.rebuild(
            [
                (title, [self._made_card(frames[criterion.id]) for criterion in criteria])
                for title, criteria in self._groups(opened, frames)
            ]
        )
        first = self.card_of(open_id) if open_id is not None else None
        self._column.open(first or self._column.after(0))

    def _groups(
        self, opened: OpenedSubmission, frames: Mapping[CriterionId, CriterionFrame]
    ) -> list[tuple[str, list[Criterion]]]:
        """What a return or the last attempt asked for comes first; then the rubric's own order."""
        note = opened.submission.return_note
        named = set(note.criteria) if note is not None else set()
        first = [c for c in opened.rubric.criteria if c.id in named]
        title = self.tr("Named in the return")
        if not named:
            first = [c for c in opened.rubric.criteria if frames[c.id].asked_before is not None]
            title = self.tr("Asked for last time")
        groups = [(title, first)] if first else []
        for requirement in opened.rubric.requirements:
            rest = [c for c in requirement.criteria if c not in first]
            if rest:
                groups.append((requirement.title, rest))
        return groups

    def _made_card(self, frame: CriterionFrame) -> CriterionCard:
        card = CriterionCard(frame, self._column.scroll.content)
        card.rating_ready.connect(self.rating_ready)
        card.feedback_ready.connect(self.feedback_ready)
        card.jump_wanted.connect(self.jump_wanted)
        card.compare_wanted.connect(self.compare_wanted)
        card.open_wanted.connect(self.go_to)
        card.links.use_pictures(self.pictures)
        self._watch(card.keepers)
        return card


def _is_within(focus: QWidget | None, card: QWidget) -> bool:
    return focus is not None and focus.hasFocus() and card.isAncestorOf(focus)


def marks_of(criterion_id: CriterionId, marks: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """The marks that are tied to a criterion, in the order of their places."""
    tied = [mark for mark in marks if criterion_id in mark.criteria]
    return tuple(sorted(tied, key=lambda m: (m.anchor.source_id, m.anchor.page, m.created_at)))
