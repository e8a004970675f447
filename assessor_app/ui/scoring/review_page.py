"""The last page before sending, and the only place that sends: what follows, what is missing, what leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assessor_app.domain.assessments import Outcome
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.checks import CheckResult, Override, Severity
from assessor_app.services.views import Leaving, SendReview
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import card, plain_label, separator
from assessor_app.ui.scoring.check_card import CheckCard
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.own_words import OwnWords
from assessor_app.ui.scoring.reason_field import ReasonField
from assessor_app.ui.scoring.rule_bar import RESULT_LOOK, ReasonList
from assessor_app.ui.theme import space

_COLUMN_IN_CHARS = 96


class ReviewPage(QWidget):
    """Shows one review and asks to send, to go back, or to go where something is missing."""

    send_wanted = Signal()
    back_wanted = Signal()
    preview_wanted = Signal()
    """Show it as the learner will read it."""
    place_wanted = Signal(object)
    """The Place that a finding points at."""
    reason_ready = Signal(object, str, object)
    """Keys of findings, why they are sent all the same, and its Keeper."""
    own_words_ready = Signal(str, object)
    """Words that name the person, and their Keeper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Check and send"))
        self._is_offline = False
        self._outcome = Outcome.UNDECIDED
        self._can_send = False
        self._numbers: Mapping[CriterionId, int] = {}
        self._findings: object = None
        self.reasons: list[ReasonField] = []
        """Where reasons are written, in the order of the page."""
        self._leaving = QVBoxLayout()
        self.own_words = OwnWords(self)
        self.own_words.ready.connect(self.own_words_ready)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.back_button = QPushButton(self.tr("Back to the rubric"), self)
        self.back_button.clicked.connect(self.back_wanted)
        dress(self.back_button, "arrow-left", "text", factor=1.0)
        self.send_button = QPushButton(self)
        self.send_button.setProperty("kind", "primary")
        self.send_button.clicked.connect(self.send_wanted)
        self._hint = plain_label("", "quiet", wraps=True)
        foot = QHBoxLayout()
        foot.setContentsMargins(space(self, 4), space(self, 2.5), space(self, 4), space(self, 2.5))
        foot.setSpacing(space(self, 3))
        foot.addWidget(self.back_button)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self.send_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(separator(self))
        layout.addLayout(foot)
        self.setFocusProxy(self.back_button)

    def show_review(self, review: SendReview, numbers: Mapping[CriterionId, int]) -> None:
        """Show what would be sent now.

        Args:
            review: what follows, what is in the way, what leaves.
            numbers: the number under which each criterion stands in the rubric.
        """
        self._numbers = numbers
        self._outcome, self._can_send = review.outcome, review.can_send
        findings = (review.verdict, tuple(replace(check, reason="") for check in review.checks), numbers)
        if findings != self._findings:
            self._rebuild(review)
            self._findings = findings
        self._show_leaving(review.leaving)
        self.own_words.show_words(review.own_words)
        self._refresh()

    def forget(self) -> None:
        """What is shown next is shown from its top, with the reasons as they are stored."""
        self._findings = None

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether a reason, or a word that names the person, is not committed yet."""
        return any(keeper.is_unsaved for keeper in self._keepers())

    def flush(self) -> None:
        """Start saving what is not on its way yet."""
        for keeper in self._keepers():
            keeper.flush()

    def set_offline(self, is_offline: bool) -> None:
        """Nothing is disabled while offline; the words change."""
        self._is_offline = is_offline
        self._refresh()

    def set_busy(self, is_busy: bool) -> None:
        """Whether it is being put among what leaves, so that it is not asked for twice."""
        self.send_button.setEnabled(self._can_send and not is_busy)

    # ---- inside ----

    def _keepers(self) -> list[Keeper]:
        return [*(field.keeper for field in self.reasons), self.own_words.keeper]

    def _rebuild(self, review: SendReview) -> None:
        """Show other findings; where they were shown before, the place and what is being written stay."""
        bar, is_new = self._scroll.verticalScrollBar(), self._findings is None
        scrolled, earlier = bar.value(), self.reasons
        # Asked before anything moves: a field that leaves its page loses the keyboard.
        focused = [field for field in earlier if field.field.edit.hasFocus()]
        is_on_own = self.own_words.field.edit.hasFocus()
        page = QWidget(self)
        outer = QHBoxLayout(page)
        outer.setContentsMargins(space(self, 4), space(self, 4), space(self, 4), space(self, 6))
        column = QWidget(page)
        column.setMaximumWidth(column.fontMetrics().averageCharWidth() * _COLUMN_IN_CHARS)
        outer.addStretch(1)
        outer.addWidget(column, 100)
        outer.addStretch(1)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(space(self, 3))
        inner.addLayout(self._outcome_part(review))
        self.reasons = self._add_checks(inner, review.checks)
        inner.addWidget(self.own_words)
        self._leaving = QVBoxLayout()
        self._leaving.setSpacing(space(self, 3))
        inner.addLayout(self._leaving)
        inner.addStretch(1)
        previous = self._scroll.takeWidget()
        self._scroll.setWidget(page)
        if not is_new:
            page.adjustSize()
            bar.setValue(scrolled)
            for field in self.reasons:
                for was in earlier:
                    if was.keys == field.keys:
                        field.go_on_from(was, has_focus=was in focused)
            if is_on_own:
                self.own_words.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        if previous is not None:
            previous.deleteLater()

    def _refresh(self) -> None:
        verb = {
            Outcome.AWARD: self.tr("Recommend award"),
            Outcome.DENY: self.tr("Recommend denial"),
            Outcome.UNDECIDED: self.tr("Send to the approver"),
        }[self._outcome]
        text = self.tr("{verb}: send when online") if self._is_offline else self.tr("{verb}: send")
        self.send_button.setText(text.format(verb=verb))
        self.send_button.setEnabled(self._can_send)
        if not self._can_send:
            self._hint.setText(self.tr("Something is still to be done: see above. Everything is kept."))
        elif self._is_offline:
            self._hint.setText(self.tr("It is kept on this computer and leaves with the next sync."))
        else:
            self._hint.setText(self.tr("You can take it back until it has left."))

    def _outcome_part(self, review: SendReview) -> QVBoxLayout:
        icon, tone = RESULT_LOOK[review.verdict.result]
        title = {
            Outcome.AWARD: self.tr("You recommend: award"),
            Outcome.DENY: self.tr("You recommend: deny"),
            Outcome.UNDECIDED: self.tr("The approver decides"),
        }[review.outcome]
        head = QHBoxLayout()
        head.setSpacing(space(self, 2))
        head.addWidget(icon_label(icon, tone, factor=1.8))
        head.addWidget(plain_label(title, "title", wraps=True), 1)
        part = QVBoxLayout()
        part.setSpacing(space(self, 1.5))
        part.addLayout(head)
        part.addWidget(plain_label(self.tr("This follows from the ratings by the rule:"), "caption"))
        reasons = ReasonList(self)
        reasons.show_reasons([reason.text for reason in review.verdict.reasons])
        part.addWidget(reasons)
        return part

    def _add_checks(self, column: QVBoxLayout, checks: Sequence[CheckResult]) -> list[ReasonField]:
        """The findings in cards, the heaviest first; returns where reasons are written."""
        column.addWidget(plain_label(self.tr("Before you send"), "heading"))
        reasons: list[ReasonField] = []
        if not checks:
            row = QHBoxLayout()
            row.setSpacing(space(self, 1.5))
            row.addWidget(icon_label("circle-check", "ok"))
            row.addWidget(plain_label(self.tr("Nothing is missing.")), 1)
            column.addLayout(row)
        for title, icon, tone, more, is_in in self._weights():
            found = [check for check in checks if is_in(check)]
            if found:
                box = CheckCard(title, icon, tone, found, self._numbers, more=more)
                box.place_wanted.connect(self.place_wanted)
                reasons += box.reasons
                column.addWidget(box)
        for field in reasons:
            field.ready.connect(self.reason_ready)
        return reasons

    def _weights(self) -> list[tuple[str, str, str, str, Callable[[CheckResult], bool]]]:
        """The cards: title, icon, tone, who may send it all the same, and what belongs there."""

        def warns(check: CheckResult, override: Override) -> bool:
            return check.severity is Severity.WARN and check.override is override

        return [
            (
                self.tr("Still to put right"),
                "circle-alert",
                "danger",
                self.tr("Nobody can send it like this."),
                lambda check: check.severity is Severity.BLOCK,
            ),
            (
                self.tr("Change it, or say why it can stay"),
                "triangle-alert",
                "warning",
                self.tr("Your reason goes to the approver, at the end of your note."),
                lambda check: warns(check, Override.WITH_REASON),
            ),
            (
                self.tr("Look again"),
                "triangle-alert",
                "warning",
                self.tr("You can send it as it is."),
                lambda check: warns(check, Override.FREELY),
            ),
            (
                self.tr("Worth a thought"),
                "info",
                "quiet",
                self.tr("Only you see this."),
                lambda check: check.severity is Severity.HINT,
            ),
        ]

    def _show_leaving(self, leaving: Sequence[Leaving]) -> None:
        column = self._leaving
        while (item := column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        column.addSpacing(space(self, 1))
        column.addWidget(plain_label(self.tr("What leaves this computer"), "heading"))
        readers = (
            ("learner", self.tr("The learner reads this"), "eye"),
            ("approver", self.tr("The approver reads this"), "eye-off"),
            ("platform", self.tr("The platform keeps this"), "shield-check"),
        )
        for reader, title, icon in readers:
            found = [thing for thing in leaving if thing.reader == reader]
            if not found:
                continue
            box = card()
            inner = QVBoxLayout(box)
            inner.setContentsMargins(space(self, 3), space(self, 2.5), space(self, 3), space(self, 3))
            inner.setSpacing(space(self, 0.5))
            head = QHBoxLayout()
            head.setSpacing(space(self, 1.5))
            head.addWidget(icon_label(icon, "accent"))
            head.addWidget(plain_label(title, "strong"), 1)
            if reader == "learner":
                head.addWidget(self._preview_button())
            inner.addLayout(head)
            for thing in found:
                inner.addSpacing(space(self, 1.5))
                inner.addWidget(plain_label(thing.title, "caption-strong", wraps=True))
                if thing.text:
                    inner.addWidget(plain_label(thing.text, wraps=True))
            column.addWidget(box)

    def _preview_button(self) -> QPushButton:
        button = QPushButton(self.tr("Preview as the learner reads it"))
        button.setProperty("kind", "quiet")
        button.clicked.connect(self.preview_wanted)
        return button
