"""The approver's panel: criteria and evidence first; ratings, feedback and decision once revealed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.checks import Field, Place, blocking
from assessor_app.rubric.schema import Criterion
from assessor_app.services.views import DecisionBrief
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import card, plain_label, separator
from assessor_app.ui.scoring.card_column import CardColumn, CardScroll
from assessor_app.ui.scoring.decision_bar import DecisionBar
from assessor_app.ui.scoring.decision_card import DecisionCard, DecisionView
from assessor_app.ui.scoring.decision_findings import DecisionFindings
from assessor_app.ui.scoring.frames import accommodations_of
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.link_pictures import LinkPictures
from assessor_app.ui.scoring.outside_list import OutsideList
from assessor_app.ui.scoring.return_composer import ReturnComposer
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


class DecisionPanel(QWidget):
    """Shows one decision brief and tells each edit of the person; loading tells nothing."""

    marked = Signal(object)
    """IndependentMark."""
    override_ready = Signal(object, object, object)
    """Criterion id, Override or None, Keeper."""
    final_ready = Signal(str, object)
    """Final feedback and its Keeper."""
    return_ready = Signal(str, tuple, object)
    """Reason, criterion ids, Keeper."""
    jump_wanted = Signal(object)
    unsaved_changed = Signal(bool)

    def __init__(self, keys: KeyTable, parent: QWidget | None = None) -> None:
        """Begin without a submission."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Decision"))
        self._key: tuple[object, ...] | None = None
        self._was_unsaved = False
        self._brief: DecisionBrief | None = None
        self.pictures: LinkPictures | None = None
        """Where the small pictures of evidence links come from; set before anything is shown."""
        self._column: CardColumn[DecisionCard] = CardColumn(CardScroll(self))
        self.bar = DecisionBar(keys, self)
        self.composer = ReturnComposer(self)
        self.findings = DecisionFindings(self)
        self.final = TextField(
            self.tr("Final feedback"),
            reader=self.tr("The learner reads this"),
            hint=self.tr("What you add to the assessor's feedback; may stay empty"),
            lines=3,
        )
        self.final_keeper = Keeper(self)
        self._said = _SaidByAssessor(self)
        self.outside = OutsideList(self)
        self._final_card = card(parent=self)
        self._lay_out()
        self._connect()

    # ---- what comes in ----

    def show_brief(self, brief: DecisionBrief) -> None:
        """Show a brief; what is being written and not committed yet stays as it is on screen."""
        self._brief = brief
        revealed = brief.recommendation is not None
        changed = tuple(change.criterion_id for change in brief.changes)
        key = (brief.submission.id, brief.submission.round, brief.rubric.hash, revealed, changed)
        if key != self._key:
            self._rebuild(brief, changed)
            self._key = key
        for one in self._column.cards:
            one.show_view(view_of(brief, one.criterion.id), brief.submission)
        self.outside.show_criteria(brief.outside)
        self._said.show_texts(brief)
        if not self.final_keeper.is_unsaved:
            self.final.show_text(brief.draft.final_feedback)
        self.final.set_read_only(not brief.is_editable)
        self._final_card.setVisible(revealed and brief.is_editable)
        self.composer.set_criteria(brief.rubric.criteria)
        self.composer.show_return(brief.draft.reason, brief.draft.criteria)
        self._show_bar()
        self._show_findings()

    @property
    def cards(self) -> Sequence[DecisionCard]:
        """All cards, from top to bottom."""
        return self._column.cards

    @property
    def current(self) -> DecisionCard | None:
        """The open card."""
        return self._column.current

    def card_of(self, criterion_id: CriterionId) -> DecisionCard | None:
        """The card of a criterion."""
        return next((one for one in self._column.cards if one.criterion.id == criterion_id), None)

    # ---- keyboard ----

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) criterion."""
        one = self._column.after(direction)
        if one is not None:
            self.go_to(one)

    def next_unmarked(self) -> None:
        """Go to the next criterion without an own mark."""
        for one in self._column.from_current():
            if not one.is_marked:
                self.go_to(one)
                return

    @Slot(object)
    def go_to(self, one: DecisionCard) -> None:
        """Open a card and put the keyboard into it."""
        self._column.open(one)
        one.focus()
        self._column.bring_up_soon(one)

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
        return [*(one.keeper for one in self._column.cards), self.final_keeper, self.composer.keeper]

    def _rebuild(self, brief: DecisionBrief, changed: Sequence[CriterionId]) -> None:
        self.flush()
        groups: list[tuple[str, list[DecisionCard]]] = []
        first = [c for c in brief.rubric.criteria if c.id in changed]
        if first:
            title = self.tr("Only what changed since your return")
            groups.append((title, [self._made_card(brief, c) for c in first]))
        for requirement in brief.rubric.requirements:
            rest = [c for c in requirement.criteria if c not in first]
            if rest:
                title = requirement.title
                if first:
                    title = self.tr("{requirement}, unchanged").format(requirement=requirement.title)
                groups.append((title, [self._made_card(brief, c) for c in rest]))
        self._column.rebuild(groups)
        self._column.open(self._column.after(0))

    def _made_card(self, brief: DecisionBrief, criterion: Criterion) -> DecisionCard:
        one = DecisionCard(
            brief.rubric.criteria.index(criterion) + 1,
            criterion,
            brief.rubric.scale_of(criterion),
            brief.rubric.not_scorable,
            accommodations_of(brief.rubric, brief.submission, criterion.id),
            self._column.scroll.content,
        )
        one.links.use_pictures(self.pictures)
        one.marked.connect(self.marked)
        one.override_ready.connect(self.override_ready)
        one.jump_wanted.connect(self.jump_wanted)
        one.open_wanted.connect(self.go_to)
        one.keeper.unsaved_changed.connect(self._tell_unsaved)
        return one

    def _show_bar(self) -> None:
        brief = self._brief
        if brief is None:
            return
        if not brief.is_editable:
            self.bar.show_closed()
        elif brief.recommendation is None or brief.verdict is None:
            self.bar.show_covered(
                can_reveal=brief.can_reveal,
                has_recommendation=brief.has_recommendation,
                marked=len(brief.draft.marks),
                total=len(brief.rubric.criteria) if asks_for_marks(brief) else 0,
            )
        else:
            lacks = any(one.override_lacks_reason for one in self._column.cards)
            numbers = {criterion.id: number for number, criterion in enumerate(brief.rubric.criteria, 1)}
            self.bar.show_verdict(brief.verdict, lacks_reason=lacks, numbers=numbers)

    @Slot()
    def _show_findings(self) -> None:
        """What is in the way of the decision that is asked for; brought into view when it comes up."""
        brief, pending = self._brief, self.bar.pending
        if brief is None:
            return
        checks = brief.checks.get(pending, ()) if pending is not None else ()
        numbers = {criterion.id: number for number, criterion in enumerate(brief.rubric.criteria, 1)}
        is_new = self.findings.show_checks(checks, numbers)
        self.bar.set_barred(bool(blocking(checks)))
        if is_new and not self.has_unsaved_edits and not self._is_writing():
            self._column.bring_up_soon(self.findings)

    def _is_writing(self) -> bool:
        return self.final.edit.hasFocus() or self.composer.reason.edit.hasFocus()

    @Slot(object)
    def go_to_place(self, place: Place) -> None:
        """Put the keyboard where a finding points at, on its words."""
        card = self.card_of(place.criterion_id) if place.criterion_id is not None else None
        part: QWidget = self._final_card
        field = self.final
        if place.field is Field.WHY and card is not None:
            self._column.open(card)
            field, part = card.why, card
        elif place.field is Field.RETURN_REASON:
            field, part = self.composer.reason, self.composer
        field.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if place.span is not None:
            field.edit.select_words(*place.span)
        self._column.bring_up_soon(part)

    @Slot(bool)
    def _returning(self, is_returning: bool) -> None:
        self.composer.setVisible(is_returning)
        if is_returning:
            self.bar.set_can_return(self.composer.has_reason())
            self.composer.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self._column.bring_up_soon(self.composer)

    @Slot()
    def _tell_unsaved(self) -> None:
        self._show_bar()
        if self.has_unsaved_edits != self._was_unsaved:
            self._was_unsaved = self.has_unsaved_edits
            self.unsaved_changed.emit(self._was_unsaved)

    @Slot()
    def _send_final(self) -> None:
        self.final_ready.emit(self.final.text(), self.final_keeper)

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self._final_card)
        margin = space(self, 2.5)
        inner.setContentsMargins(margin, margin, margin, margin)
        inner.addWidget(self.final)
        bottom = self._column.scroll.bottom
        for widget in (self.outside, self._said, self._final_card, self.composer, self.findings):
            bottom.addWidget(widget)
        self.composer.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._column.scroll, 1)
        layout.addWidget(separator(self))
        layout.addWidget(self.bar)

    def _connect(self) -> None:
        self.final.written.connect(self.final_keeper.touch)
        self.final.left.connect(self.final_keeper.flush)
        self.final_keeper.due.connect(self._send_final)
        self.composer.ready.connect(self.return_ready)
        self.composer.reason_changed.connect(self.bar.set_can_return)
        self.bar.returning.connect(self._returning)
        self.bar.asked.connect(self._show_findings)
        self.findings.place_wanted.connect(self.go_to_place)
        for keeper in (self.final_keeper, self.composer.keeper):
            keeper.unsaved_changed.connect(self._tell_unsaved)


class _SaidByAssessor(QFrame):
    """Overall comment and note of the assessor, once revealed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._overall_title = plain_label(
            self.tr("Overall comment: the learner reads this"), "caption-strong", wraps=True
        )
        self._overall = plain_label("", wraps=True)
        self._note_title = plain_label(self.tr("The assessor's note to you"), "caption-strong", wraps=True)
        self._note = plain_label("", wraps=True)
        layout = QVBoxLayout(self)
        margin = space(self, 2.5)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(space(self, 1))
        for widget in (self._note_title, self._note, self._overall_title, self._overall):
            layout.addWidget(widget)

    def show_texts(self, brief: DecisionBrief) -> None:
        """Show what there is; nothing while covered."""
        sent = brief.recommendation
        texts = (sent.note_to_approver, sent.overall) if sent is not None else ("", "")
        pairs = ((self._note_title, self._note), (self._overall_title, self._overall))
        for (title, label), text in zip(pairs, texts, strict=True):
            label.setText(text)
            title.setVisible(bool(text))
            label.setVisible(bool(text))
        self.setVisible(any(texts))


def asks_for_marks(brief: DecisionBrief) -> bool:
    """Whether passing or not is to be marked before anything is revealed."""
    return brief.assignment.sampled and brief.submission.round == 1


def view_of(brief: DecisionBrief, criterion_id: CriterionId) -> DecisionView:
    """What a card shows of a brief."""
    sent, draft = brief.recommendation, brief.draft
    ratings = {r.criterion_id: r for r in sent.ratings} if sent is not None else {}
    feedback = {f.criterion_id: f for f in sent.feedback} if sent is not None else {}
    return DecisionView(
        marks=brief.evidence_links.get(criterion_id, ()),
        is_revealed=sent is not None,
        asks_for_mark=asks_for_marks(brief),
        own_mark=next((m.passing for m in draft.marks if m.criterion_id == criterion_id), None),
        rating=ratings.get(criterion_id),
        feedback=feedback.get(criterion_id),
        override=next((o for o in draft.overrides if o.criterion_id == criterion_id), None),
        change=next((c for c in brief.changes if c.criterion_id == criterion_id), None),
        is_editable=brief.is_editable,
    )
