"""One criterion: what it asks, how it is rated, what supports the rating, what the learner reads."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import CriterionFeedback, Rating, RuleResult
from assessor_app.domain.submissions import AccommodationEffect, Submission
from assessor_app.rubric.checks import Field
from assessor_app.rubric.schema import Criterion, NotScorableCode, NotScorableEffect, Scale
from assessor_app.ui.plain_text import card, plain_label, set_role
from assessor_app.ui.scoring.evidence_links import EvidenceLinks
from assessor_app.ui.scoring.feedback import FeedbackFields
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.level_row import LevelRow
from assessor_app.ui.scoring.level_shape import LevelShape
from assessor_app.ui.scoring.not_scorable import NotScorable
from assessor_app.ui.theme import colours_of, space


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


class CriterionCard(QFrame):
    """A card that is open while it is worked on, and one line high otherwise."""

    open_wanted = Signal(object)
    """This card: the person turned to it."""
    rating_ready = Signal(object, object)
    """Rating and its Keeper."""
    feedback_ready = Signal(object, object)
    """CriterionFeedback and its Keeper."""
    jump_wanted = Signal(object)
    """The annotation to go to."""

    def __init__(self, frame: CriterionFrame, parent: QWidget | None = None) -> None:
        """Build the card, closed."""
        super().__init__(parent)
        self.frame = frame
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown = CriterionView(
            Rating(frame.criterion.id), CriterionFeedback(frame.criterion.id), (), RuleResult.UNDECIDED,
            is_excluded=False, is_editable=True,
        )  # fmt: skip
        self._is_open = False
        self._level_keeper = Keeper(self)
        self._level_keeper.due.connect(self._send_level)
        self._rating = Rating(frame.criterion.id)
        self.summary = _Summary(frame, self)
        self.levels = LevelRow(frame.criterion, frame.scale, self)
        self.not_scorable = NotScorable(frame.criterion.id, frame.codes, self)
        self.links = EvidenceLinks(self)
        self.feedback = FeedbackFields(frame.criterion.id, frame.criterion.text, self)
        self._excluded = plain_label(
            self.tr("Taken out by an approved accommodation. There is nothing to rate here."),
            "quiet",
            wraps=True,
        )
        self._body = QWidget(self)
        self._lay_out()
        self._connect()
        self.set_open(False)

    # ---- what comes in ----

    def show_view(self, view: CriterionView) -> None:
        """Show what is stored; what is being written here and not committed yet stays."""
        self._shown = view
        if not self._level_keeper.is_unsaved and not self.not_scorable.keeper.is_unsaved:
            self._rating = view.rating
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
    def is_rated(self) -> bool:
        """Whether a level or a reason is shown, or nothing is to be rated."""
        return self._rating.is_set or self._shown.is_excluded

    @property
    def is_open(self) -> bool:
        """Whether the whole card is shown."""
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        """Show the whole card, or its line."""
        self._is_open = is_open
        self._body.setVisible(is_open)
        self.summary.set_open(is_open)
        self.update()

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card; an accent line around the open one."""
        super().paintEvent(event)
        if not self._is_open:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours_of(self).accent), 1.5))
        radius = QFontMetricsF(self.font()).height() * 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a closed card opens it."""
        if not self._is_open and event.button() is Qt.MouseButton.LeftButton:
            self.open_wanted.emit(self)
            return
        super().mousePressEvent(event)

    def _lay_out(self) -> None:
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(space(self, 2.5))
        if self.frame.asked_before is not None:
            body.addWidget(_asked_before(self, self.frame.asked_before))
        for effect, instruction in self.frame.accommodations:
            body.addWidget(_accommodation(self, effect, instruction))
        body.addWidget(self._excluded)
        rating = QVBoxLayout()
        rating.setSpacing(space(self, 0.5))
        rating.addWidget(self.levels)
        rating.addWidget(self.not_scorable)
        body.addLayout(rating)
        body.addWidget(self.links)
        body.addWidget(self.feedback)
        layout = QVBoxLayout(self)
        margin = space(self, 2.5)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(space(self, 2))
        layout.addWidget(self.summary)
        layout.addWidget(self._body)

    def _connect(self) -> None:
        self.levels.chosen.connect(self._level_chosen)
        self.levels.cleared.connect(self._level_cleared)
        self.levels.feedback_wanted.connect(self.feedback.text.edit.setFocus)
        self.not_scorable.ready.connect(self._reason_ready)
        self.feedback.ready.connect(self.feedback_ready)
        self.feedback.keeper.unsaved_changed.connect(self._refresh)
        self.links.jump_wanted.connect(self.jump_wanted)
        self.summary.activated.connect(self._ask_to_open)

    @Slot()
    def _ask_to_open(self) -> None:
        self.open_wanted.emit(self)

    @Slot(str)
    def _level_chosen(self, code: str) -> None:
        self.not_scorable.drop()
        self._rate(Rating(self.frame.criterion.id, level=code))

    @Slot()
    def _level_cleared(self) -> None:
        self.not_scorable.drop()
        self._rate(Rating(self.frame.criterion.id))

    def _rate(self, rating: Rating) -> None:
        self._rating = rating
        self._level_keeper.touch()
        self._level_keeper.flush()
        self._refresh()

    @Slot()
    def _send_level(self) -> None:
        self.rating_ready.emit(self._rating, self._level_keeper)

    @Slot(object, object)
    def _reason_ready(self, rating: Rating, keeper: Keeper) -> None:
        self._rating = rating
        self.levels.show_level(None)
        self._refresh()
        self.rating_ready.emit(rating, keeper)

    @Slot()
    def _refresh(self) -> None:
        """Which fields are owed, and what the line says."""
        view, level = self._shown, self.frame.scale.level(self._rating.level or "")
        code = next((c for c in self.frame.codes if c.code == self._rating.not_scorable), None)
        is_below = level is not None and not level.meets
        is_failed = code is not None and code.effect is NotScorableEffect.FAIL
        is_denial_owed = view.rule_result is not RuleResult.YES
        self.feedback.set_owed(
            parts=is_below and is_denial_owed, next_step=(is_below or is_failed) and is_denial_owed
        )
        self._excluded.setVisible(view.is_excluded)
        self.levels.setVisible(not view.is_excluded)
        self.not_scorable.setVisible(not view.is_excluded and bool(self.frame.codes))
        self.summary.show_rating(
            self._rating,
            code,
            is_excluded=view.is_excluded,
            links=len(view.marks),
            has_feedback=self._has_feedback(),
        )

    def _has_feedback(self) -> bool:
        written = self.feedback.feedback()
        return any(part.strip() for part in (written.text, written.seen, written.missing, written.next_step))


class _Summary(QWidget):
    """Number, text and one line of state; a button to open the card while it is closed."""

    activated = Signal()

    def __init__(self, frame: CriterionFrame, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame = frame
        self._text = plain_label(f"{frame.number}.  {frame.criterion.text}", "body", wraps=True)
        self._shape = LevelShape(0, len(frame.scale.levels))
        self._level = plain_label("", "caption-strong")
        self._more = plain_label("", "caption", wraps=True)
        self._state = QWidget(self)
        state = QHBoxLayout(self._state)
        state.setContentsMargins(0, 0, 0, 0)
        state.setSpacing(space(self, 1.5))
        state.addWidget(self._shape)
        state.addWidget(self._level)
        state.addWidget(self._more, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 1))
        layout.addWidget(self._text)
        layout.addWidget(self._state)
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        """Stand out while open; be reachable by keyboard while closed."""
        set_role(self._text, "heading" if is_open else "body")
        self._state.setVisible(not is_open)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if is_open else Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor if is_open else Qt.CursorShape.PointingHandCursor)

    def show_rating(
        self,
        rating: Rating,
        code: NotScorableCode | None,
        *,
        is_excluded: bool,
        links: int,
        has_feedback: bool,
    ) -> None:
        """Word the state."""
        levels = self._frame.scale.levels
        index = next((i for i, level in enumerate(levels) if level.code == rating.level), -1)
        if is_excluded:
            words = self.tr("Taken out")
        elif index >= 0:
            words = levels[index].label
            self._shape.set_level(index, len(levels))
        elif rating.not_scorable is not None:
            words = self.tr("Not scorable: {reason}").format(
                reason=code.label if code else rating.not_scorable
            )
        else:
            words = self.tr("Not rated")
        self._shape.setVisible(index >= 0)
        self._level.setText(words)
        more = []
        if not has_feedback and not is_excluded:
            more.append(self.tr("no feedback yet"))
        if links:
            more.append(self.tr("1 link") if links == 1 else self.tr("{count} links").format(count=links))
        self._more.setText("·  " + "  ·  ".join(more) if more else "")
        self.setAccessibleName(f"{self._text.text()} {words}. {', '.join(more)}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space opens the card."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show where the keyboard is by the text's weight."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_role(self._text, "strong" if event.type() == QEvent.Type.FocusIn else "body")
        return super().event(event)


def _asked_before(parent: QWidget, asked: str) -> QFrame:
    box = card("warning", parent)
    layout = QVBoxLayout(box)
    layout.setSpacing(space(parent, 0.5))
    layout.addWidget(plain_label(parent.tr("Asked for last time"), "caption-strong"))
    layout.addWidget(
        plain_label(asked or parent.tr("It was not met; no words were left about it."), wraps=True)
    )
    return box


def _accommodation(parent: QWidget, effect: AccommodationEffect, instruction: str) -> QFrame:
    titles = {
        AccommodationEffect.EXCLUDE: parent.tr("Approved accommodation: taken out"),
        AccommodationEffect.SUBSTITUTE: parent.tr("Approved accommodation: something else counts"),
        AccommodationEffect.EXTEND: parent.tr("Approved accommodation: more time or room"),
    }
    box = card("accent", parent)
    layout = QVBoxLayout(box)
    layout.setSpacing(space(parent, 0.5))
    layout.addWidget(plain_label(titles[effect], "caption-strong", wraps=True))
    layout.addWidget(plain_label(instruction, wraps=True))
    return box
