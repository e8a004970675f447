"""The page beside the evidence on which a denial is written: every criterion below passing, part by part.

She wants a denial that the learner can use, written while the evidence is in view; she fears one that is sent
with a hole in it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric import denial
from assessor_app.rubric.denial import DenialPart, Passage
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import plain_label, separator
from assessor_app.ui.scoring.card_column import CardScroll
from assessor_app.ui.scoring.denial.denial_card import DenialCard, DenialView
from assessor_app.ui.scoring.denial.passages import passages_of, source_names
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.panel import marks_of
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space


class DenialComposer(QWidget):
    """All criteria below passing with the parts that they owe, and how many are complete."""

    feedback_ready = Signal(object, object)
    """CriterionFeedback and its Keeper."""
    back_wanted = Signal()
    unsaved_changed = Signal(bool)
    looked_in_wanted = Signal(object)
    """A card: the evidence at hand was looked through for it in vain."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin without criteria."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("What the denial needs"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.cards: list[DenialCard] = []
        self._was_unsaved = False
        self._progress = plain_label("", "strong", wraps=True)
        self._progress.setAccessibleName(self.tr("Progress"))
        self.back_button = QPushButton(self.tr("Back to the rubric"))
        self.back_button.clicked.connect(self.back_wanted)
        self.next_button = QPushButton(self.tr("Next missing part"))
        self.next_button.setProperty("kind", "primary")
        self.next_button.clicked.connect(self.next_missing)
        self._nothing = self._nothing_part()
        self._scroll = CardScroll(self)
        self._scroll.top.addWidget(self._intro())
        self._scroll.middle.addWidget(self._nothing)
        foot = QWidget(self)
        column = QVBoxLayout(foot)
        margin = space(self, 3)
        column.setContentsMargins(margin, space(self, 2), margin, space(self, 2))
        column.setSpacing(space(self, 1))
        # One below the other in large text: the page beside it needs the room more.
        buttons = SideBySide(foot)
        buttons.box.addWidget(self.back_button)
        buttons.box.addStretch(1)
        buttons.box.addWidget(self.next_button)
        column.addWidget(self._progress)
        column.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(separator(self))
        layout.addWidget(foot)

    # ---- what comes in ----

    def show_opened(self, opened: OpenedSubmission) -> None:
        """Show what a submission's denial owes now; cards that stay keep what is being written in them."""
        found = denial.owed(opened.rubric, opened.assessment, accommodations=opened.submission.accommodations)
        names = source_names(opened.submission)
        numbers = {criterion.id: n for n, criterion in enumerate(opened.rubric.criteria, 1)}
        views = [
            DenialView(
                owed=item,
                number=numbers[item.criterion.id],
                version=opened.rubric,
                passages=self._passages(opened, item.criterion.id),
                names=names,
            )
            for item in found
        ]
        if [view.owed.criterion.id for view in views] != [card.criterion_id for card in self.cards]:
            self._rebuild(views)
        for card, view in zip(self.cards, views, strict=True):
            card.show_view(view)
            for field in card.fields.values():
                field.set_read_only(not opened.is_editable)
        self._nothing.setVisible(not views)
        self._refresh()

    def begin(self) -> None:
        """Begin every empty part from what is known, and go to the first that is missing."""
        for card in self.cards:
            card.begin()
        self.next_missing()

    # ---- keyboard ----

    @property
    def current(self) -> DenialCard | None:
        """The card with the keyboard, else the first with something missing, else the first."""
        focus: QWidget | None = self.focusWidget()
        for card in self.cards:
            if focus is not None and focus.hasFocus() and card.isAncestorOf(focus):
                return card
        missing = (card for card in self.cards if card.open_parts())
        return next(missing, self.cards[0] if self.cards else None)

    @Slot()
    def next_missing(self) -> bool:
        """Put the keyboard into the next part that is missing; False if none is."""
        for card in self._from_current():
            parts = card.open_parts()
            if parts:
                self.go_to(card, parts[0])
                return True
        self.back_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return False

    def go_to(self, card: DenialCard, part: DenialPart) -> None:
        """Put the keyboard into a part of a card."""
        card.focus_part(part)
        self._scroll.bring_up(card)
        self._scroll.ensureWidgetVisible(card.fields[part])

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) card."""
        current = self.current
        if current is None:
            return
        index = min(max(0, self.cards.index(current) + direction), len(self.cards) - 1)
        card = self.cards[index]
        self.go_to(card, (card.open_parts() or tuple(card.fields))[0])

    # ---- saving ----

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written is not committed yet."""
        return any(card.keeper.is_unsaved for card in self.cards)

    def flush(self) -> None:
        """Start saving everything that is not on its way yet."""
        for card in self.cards:
            card.keeper.flush()

    # ---- inside ----

    def _from_current(self) -> list[DenialCard]:
        """All cards, from the one with the keyboard on; those before it come last."""
        current = self.current
        start = self.cards.index(current) if current is not None else 0
        return [*self.cards[start:], *self.cards[:start]]

    def _passages(self, opened: OpenedSubmission, criterion_id: CriterionId) -> tuple[Passage, ...]:
        return passages_of(marks_of(criterion_id, opened.annotations), opened.submission)

    def _rebuild(self, views: list[DenialView]) -> None:
        self.flush()
        before = {card.criterion_id: card for card in self.cards}
        wanted = [view.owed.criterion.id for view in views]
        self.cards = [
            before[view.owed.criterion.id] if view.owed.criterion.id in before else self._made(view)
            for view in views
        ]
        for criterion_id, card in before.items():
            if criterion_id not in wanted:
                card.hide()
                card.deleteLater()
        for card in self.cards:
            self._scroll.middle.removeWidget(card)
            self._scroll.middle.addWidget(card)
            card.show()

    def _made(self, view: DenialView) -> DenialCard:
        card = DenialCard(view, self)
        card.ready.connect(self.feedback_ready)
        card.changed.connect(self._refresh)
        card.looked_in_wanted.connect(self.looked_in_wanted)
        keeper: Keeper = card.keeper
        keeper.unsaved_changed.connect(self._tell_unsaved)
        return card

    @Slot()
    def _tell_unsaved(self) -> None:
        if self.has_unsaved_edits != self._was_unsaved:
            self._was_unsaved = self.has_unsaved_edits
            self.unsaved_changed.emit(self._was_unsaved)

    @Slot()
    def _refresh(self) -> None:
        total = len(self.cards)
        done = sum(not card.open_parts() for card in self.cards)
        words = self.tr("{done} of {total} complete").format(done=done, total=total)
        self._progress.setText(words if total else "")
        self._progress.setVisible(total > 0)
        self.next_button.setEnabled(done < total)

    def _intro(self) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 1))
        column.addWidget(plain_label(self.tr("What the denial needs"), "heading", wraps=True))
        text = self.tr(
            "For each criterion below passing: what was seen, what is missing, the next step. "
            "It can be sent when every part is in your words."
        )
        column.addWidget(plain_label(text, "quiet", wraps=True))
        return box

    def _nothing_part(self) -> QWidget:
        box = QWidget(self)
        across = QHBoxLayout(box)
        across.setContentsMargins(0, space(self, 4), 0, 0)
        across.setSpacing(space(self, 2))
        across.addWidget(icon_label("circle-check", "ok", factor=1.4))
        words = self.tr("No criterion is below passing. There is nothing to write here.")
        across.addWidget(plain_label(words, wraps=True), 1)
        return box
