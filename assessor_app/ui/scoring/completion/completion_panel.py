"""The pre-assessor's panel: completion indicators only, the word to the learner, and what follows.

She wants to see quickly whether everything is there; she fears to send back what is complete, or to say
something about competency that is not hers to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.pre_assessments import PreAssessmentOutcome
from assessor_app.rubric import completion
from assessor_app.services.pre_assessing import OpenedPreAssessment
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import plain_label, separator
from assessor_app.ui.scoring.card_column import CardScroll
from assessor_app.ui.scoring.completion.indicator_row import IndicatorRow
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


class CompletionPanel(QWidget):
    """All completion indicators of one submission; tells each edit of the person, never a loading."""

    check_ready = Signal(object, object)
    """IndicatorCheck and its Keeper."""
    feedback_ready = Signal(str, object)
    send_wanted = Signal()
    unsaved_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin without a submission."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Is everything there?"))
        self.rows: list[IndicatorRow] = []
        self._opened: OpenedPreAssessment | None = None
        self._is_offline = self._is_asking = self._was_unsaved = False
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send_feedback)
        self.keeper.unsaved_changed.connect(self._tell_unsaved)
        self.feedback = TextField(
            self.tr("To the learner"),
            reader=self.tr("The learner reads this"),
            hint=self.tr("How to complete it and hand it in again"),
            lines=3,
        )
        self.feedback.written.connect(self._feedback_written)
        self.feedback.left.connect(self.keeper.flush)
        self._headings: list[QWidget] = []
        self._scroll = CardScroll(self)
        intro = self.tr("Only whether everything is there. How good it is, is judged later by somebody else.")
        self._scroll.top.addWidget(plain_label(self.tr("Is everything there?"), "heading"))
        self._scroll.top.addWidget(plain_label(intro, "quiet", wraps=True))
        self._scroll.bottom.addWidget(self.feedback)
        self._icon = icon_label("circle-help", "quiet", factor=1.35)
        self._title = plain_label("", "heading", wraps=True)
        self._text = plain_label("", "quiet", wraps=True)
        self.send_button = QPushButton(self)
        self.send_button.setProperty("kind", "primary")
        self.send_button.clicked.connect(self.ask_to_send)
        self.cancel_button = QPushButton(self.tr("Not yet"), self)
        self.cancel_button.clicked.connect(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(separator(self))
        layout.addWidget(self._bar())

    # ---- what comes in ----

    def show_opened(self, opened: OpenedPreAssessment) -> None:
        """Show a submission; what is being written and not committed yet stays as it is on screen."""
        is_other = self._opened is None or self._opened.rubric.hash != opened.rubric.hash
        self._opened = opened
        if is_other:
            self._rebuild(opened)
        for row in self.rows:
            row.show_check(opened.work.check(row.indicator.id))
            row.set_read_only(not opened.is_editable)
        if not self.keeper.is_unsaved:
            self.feedback.show_text(opened.work.feedback)
        self.feedback.set_read_only(not opened.is_editable)
        self._is_asking = self._is_asking and opened.is_editable and not opened.findings
        self._refresh()

    def set_offline(self, is_offline: bool) -> None:
        """Nothing is disabled while offline; the words change."""
        self._is_offline = is_offline
        self._refresh()

    # ---- keyboard ----

    @property
    def current(self) -> IndicatorRow | None:
        """The row with the keyboard, else the first that was not looked at."""
        with_keyboard = self._with_keyboard()
        if with_keyboard is not None:
            return with_keyboard
        return next((row for row in self.rows if row.check().met is None), next(iter(self.rows), None))

    def _with_keyboard(self) -> IndicatorRow | None:
        focus: QWidget | None = self.focusWidget()
        if focus is None or not focus.hasFocus():
            return None
        return next((row for row in self.rows if focus is row or row.isAncestorOf(focus)), None)

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) indicator; from elsewhere to the one at hand."""
        current = self.current
        if current is None:
            return
        moves = direction if self._with_keyboard() is not None else 0
        index = min(max(0, self.rows.index(current) + moves), len(self.rows) - 1)
        self.go_to(self.rows[index])

    def next_open(self) -> bool:
        """Go to the next indicator that was not looked at; False if all were."""
        current = self.current
        start = self.rows.index(current) if current is not None else 0
        for row in (*self.rows[start:], *self.rows[:start]):
            if row.check().met is None:
                self.go_to(row)
                return True
        return False

    def go_to(self, row: IndicatorRow) -> None:
        """Put the keyboard on a row."""
        row.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroll.bring_up(row)

    def say(self, number: int) -> None:
        """Digits: 1 not there, 2 there, 0 nothing yet."""
        row = self.current
        if row is not None and number in (0, 1, 2):
            row.say({0: None, 1: False, 2: True}[number])

    # ---- saving and sending ----

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written is not committed yet."""
        return any(keeper.is_unsaved for keeper in self._keepers())

    def flush(self) -> None:
        """Start saving everything that is not on its way yet."""
        for keeper in self._keepers():
            keeper.flush()

    @Slot()
    def ask_to_send(self) -> None:
        """Say what leaves, and ask; a second time it is sent."""
        if self._opened is None or not self._opened.is_editable:
            return
        if self._is_asking:
            self._is_asking = False
            self.send_wanted.emit()
        elif self._opened.findings:
            self.go_to_finding(self._opened.findings[0])
        else:
            self._is_asking = True
            self._refresh()
            self.send_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def cancel(self) -> bool:
        """Take the question back; False if none was asked."""
        was_asking, self._is_asking = self._is_asking, False
        self._refresh()
        return was_asking

    def go_to_finding(self, finding: completion.CompletionFinding) -> None:
        """Go to what still misses."""
        row = next((row for row in self.rows if row.indicator.id == finding.indicator_id), None)
        if row is None:
            self.feedback.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif finding.gap is completion.CompletionGap.NOTE_EMPTY:
            row.note.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.go_to(row)

    # ---- inside ----

    def _keepers(self) -> Sequence[Keeper]:
        return [*(row.keeper for row in self.rows), self.keeper]

    def _rebuild(self, opened: OpenedPreAssessment) -> None:
        self.flush()
        for old in (*self._headings, *self.rows):
            old.hide()
            old.deleteLater()
        self._headings, self.rows = [], []
        for requirement in opened.rubric.requirements:
            if not requirement.completion:
                continue
            heading = plain_label(requirement.title, "caption-strong", wraps=True)
            self._headings.append(heading)
            self._scroll.middle.addWidget(heading)
            for indicator in requirement.completion:
                row = IndicatorRow(len(self.rows) + 1, indicator, self)
                row.ready.connect(self.check_ready)
                row.changed.connect(self._refresh)
                row.keeper.unsaved_changed.connect(self._tell_unsaved)
                self.rows.append(row)
                self._scroll.middle.addWidget(row)
                row.show()
        if not self.rows:
            text = self.tr("The rubric asks for nothing to check. A team lead can pass the submission on.")
            nothing = plain_label(text, "quiet", wraps=True)
            self._headings.append(nothing)
            self._scroll.middle.addWidget(nothing)

    @Slot()
    def _feedback_written(self) -> None:
        self.keeper.touch()

    @Slot()
    def _send_feedback(self) -> None:
        self.feedback_ready.emit(self.feedback.text(), self.keeper)

    @Slot()
    def _tell_unsaved(self) -> None:
        if self.has_unsaved_edits != self._was_unsaved:
            self._was_unsaved = self.has_unsaved_edits
            self.unsaved_changed.emit(self._was_unsaved)

    def _bar(self) -> QWidget:
        bar = QWidget(self)
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setProperty("surface", "true")
        head = QHBoxLayout()
        head.setSpacing(space(self, 2))
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        buttons = SideBySide(bar)
        buttons.box.addStretch(1)
        buttons.box.addWidget(self.cancel_button)
        buttons.box.addWidget(self.send_button)
        column = QVBoxLayout(bar)
        margin = space(self, 3)
        column.setContentsMargins(margin, space(self, 2), margin, space(self, 2))
        column.setSpacing(space(self, 1))
        column.addLayout(head)
        column.addWidget(self._text)
        column.addWidget(buttons)
        self._foot = bar
        return bar

    @Slot()
    def _refresh(self) -> None:
        opened = self._opened
        if opened is None:
            return
        looked_at = sum(row.check().met is not None for row in self.rows)
        missing = sum(row.check().met is False for row in self.rows)
        outcome = opened.outcome
        looks = {
            None: ("circle-help", "quiet", self.tr("Not decided yet")),
            PreAssessmentOutcome.COMPLETE: ("circle-check", "ok", self.tr("Complete")),
            PreAssessmentOutcome.INCOMPLETE: ("corner-up-left", "warning", self.tr("Incomplete")),
        }
        icon, tone, title = looks[outcome]
        dress(self._icon, icon, tone, factor=1.35)
        self._title.setText(title)
        self._text.setText(self._said(opened, looked_at, missing))
        verb = {
            None: self.tr("Next open indicator"),
            PreAssessmentOutcome.COMPLETE: self.tr("Pass on to be assessed"),
            PreAssessmentOutcome.INCOMPLETE: self.tr("Return to the learner"),
        }[outcome]
        if opened.findings:
            verb = self.tr("Show what is missing")
        elif self._is_asking:
            verb = self.tr("Send when online") if self._is_offline else self.tr("Send")
        self.send_button.setText(verb)
        self.cancel_button.setVisible(self._is_asking)
        self._foot.setVisible(opened.is_editable)
        self.feedback.setVisible(
            outcome is PreAssessmentOutcome.INCOMPLETE or bool(self.feedback.text()) or not opened.is_editable
        )

    def _said(self, opened: OpenedPreAssessment, looked_at: int, missing: int) -> str:
        counted = self.tr("{n} of {total} looked at.").format(n=looked_at, total=len(self.rows))
        if self._is_asking and opened.outcome is PreAssessmentOutcome.INCOMPLETE:
            text = self.tr(
                "This leaves now: {n} notes on what is not there, and your words. The learner reads them. "
                "It is not assessed."
            )
            return text.format(n=missing)
        if self._is_asking:
            return self.tr("It goes on to an assessor. The learner reads nothing from you.")
        if opened.findings:
            return f"{counted} {opened.findings[0].text}"
        return counted
