"""What the approver can do now, with the reason in words where something is not open."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.assessments import DecisionOutcome, RuleResult
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.award_rule import Verdict
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.scoring.rule_bar import RESULT_LOOK, ReasonList, result_words, short_reason
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space


class DecisionBar(QWidget):
    """Reveal; then award, deny or return, each confirmed here."""

    reveal_wanted = Signal()
    returning = Signal(bool)
    """Whether a return is being written."""
    asked = Signal()
    """`pending` may be something else now."""
    decided = Signal(object)
    """DecisionOutcome, confirmed by the person."""

    def __init__(self, keys: KeyTable, parent: QWidget | None = None) -> None:
        """Begin covered."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "true")
        self._pending: DecisionOutcome | None = None
        self._is_offline = False
        self._why_not = ""
        self._is_barred = self._is_without_reason = False
        self._icon = icon_label("eye-off", "quiet", factor=1.35)
        self._title = plain_label("", "heading", wraps=True)
        self._text = plain_label("", "quiet", wraps=True)
        self._reasons = ReasonList(self)
        self.reveal_button = self._button(self.tr("Reveal the ratings"), "eye", "primary")
        self.return_button = self._button(self.tr("Return…"), "corner-up-left", "")
        self.deny_button = self._button(self.tr("Deny…"), "", "")
        self.award_button = self._button(self.tr("Award…"), "", "")
        self.cancel_button = self._button(self.tr("Not yet"), "", "")
        self.confirm_button = self._button("", "", "primary")
        for button, entry in (
            (self.reveal_button, "approver.reveal"),
            (self.return_button, "approver.return"),
            (self.deny_button, "approver.deny"),
            (self.award_button, "approver.award"),
        ):
            set_plain_tooltip(button, keys.hint(entry))
        self._lay_out()
        self._show_buttons()
        self.reveal_button.clicked.connect(self.reveal_wanted)
        self.award_button.clicked.connect(self.ask_award)
        self.deny_button.clicked.connect(self.ask_deny)
        self.return_button.clicked.connect(self.ask_return)
        self.cancel_button.clicked.connect(self.cancel)
        self.confirm_button.clicked.connect(self._confirm)

    # ---- what comes in ----

    def show_covered(self, *, can_reveal: bool, has_recommendation: bool, marked: int, total: int) -> None:
        """Ratings are covered.

        Args:
            can_reveal: whether one key reveals them now.
            has_recommendation: whether there is anything to reveal.
            marked: criteria marked passing or not so far.
            total: criteria to mark; 0 when none is asked for.
        """
        self._drop_pending()
        dress(self._icon, "eye-off", "quiet", factor=1.35)
        self._title.setText(self.tr("Evidence before opinion"))
        if not has_recommendation:
            text = self.tr("The assessor's recommendation has not arrived yet.")
        elif total and not can_reveal:
            text = self.tr("Mark each criterion as passing or not: {marked} of {total} done.")
            text = text.format(marked=marked, total=total)
        else:
            text = self.tr("Ratings and feedback are covered. Look at the evidence, then reveal them.")
        self._text.setText(text)
        self._reasons.show_reasons(())
        self.reveal_button.setEnabled(can_reveal)
        dress(self.reveal_button, "eye", "on_accent" if can_reveal else "quiet", factor=1.0)
        self._show_buttons(self.reveal_button)

    def show_verdict(
        self, verdict: Verdict, *, lacks_reason: bool, numbers: Mapping[CriterionId, int] | None = None
    ) -> None:
        """Ratings are revealed.

        Args:
            verdict: the rule's result with the approver's changes.
            lacks_reason: whether a changed rating has no reason yet.
            numbers: the number under which each criterion stands in the rubric.
        """
        icon, tone = RESULT_LOOK[verdict.result]
        dress(self._icon, icon, tone, factor=1.35)
        self._title.setText(self.tr("The rule says: {result}").format(result=result_words(verdict.result)))
        self._reasons.show_reasons([short_reason(reason, numbers or {}) for reason in verdict.reasons])
        self.award_button.setEnabled(verdict.result is not RuleResult.NO and not lacks_reason)
        self.deny_button.setEnabled(verdict.result is not RuleResult.YES and not lacks_reason)
        for button, is_main in (
            (self.award_button, verdict.result is RuleResult.YES),
            (self.deny_button, verdict.result is RuleResult.NO),
        ):
            button.setProperty("kind", "primary" if is_main else "")
            button.style().unpolish(button)
            button.style().polish(button)
        if lacks_reason:
            self._why_not = self.tr("A rating that you changed still needs its reason.")
        else:
            self._why_not = {
                RuleResult.YES: self.tr(
                    "The ratings do not allow a denial. Change a rating with a reason, or return it."
                ),
                RuleResult.NO: self.tr(
                    "The ratings do not allow an award. Change a rating with a reason, or return it."
                ),
                RuleResult.UNDECIDED: self.tr("The rule leaves it to you."),
            }[verdict.result]
        if self._pending is None:
            self._show_choices()

    def show_closed(self) -> None:
        """Decided, or not with this person now: nothing can be done here."""
        self._drop_pending()
        self.hide()

    def set_offline(self, is_offline: bool) -> None:
        """Nothing is disabled while offline; the words change."""
        self._is_offline = is_offline
        if self._pending is not None:
            self._ask(self._pending)

    # ---- keyboard ----

    @Slot()
    def ask_award(self) -> None:
        """Ask whether to award."""
        if self.award_button.isEnabled() and self.award_button.isVisible():
            self._ask(DecisionOutcome.AWARD)

    @Slot()
    def ask_deny(self) -> None:
        """Ask whether to deny."""
        if self.deny_button.isEnabled() and self.deny_button.isVisible():
            self._ask(DecisionOutcome.DENY)

    @Slot()
    def ask_return(self) -> None:
        """Have the return written."""
        if self.return_button.isVisible():
            self._ask(DecisionOutcome.RETURN)
            self.returning.emit(True)

    @Slot()
    def cancel(self) -> bool:
        """Think better of it; False when nothing was asked."""
        if self._pending is None:
            return False
        self._drop_pending()
        self._show_choices()
        return True

    @property
    def pending(self) -> DecisionOutcome | None:
        """What is asked for and not confirmed."""
        return self._pending

    @Slot(bool)
    def set_can_return(self, can_return: bool) -> None:
        """Whether the return has its reason."""
        self._is_without_reason = not can_return
        self._refresh_confirm()

    def set_barred(self, is_barred: bool) -> None:
        """Whether something that nobody can send is in what is asked for."""
        self._is_barred = is_barred
        self._refresh_confirm()

    def _refresh_confirm(self) -> None:
        lacks = self._pending is DecisionOutcome.RETURN and self._is_without_reason
        self.confirm_button.setEnabled(not lacks and not self._is_barred)

    # ---- inside ----

    def _ask(self, outcome: DecisionOutcome) -> None:
        if self._pending is DecisionOutcome.RETURN and outcome is not DecisionOutcome.RETURN:
            self.returning.emit(False)
        self._pending = outcome
        words = {
            DecisionOutcome.AWARD: (
                self.tr("Award this submission"),
                self.tr("This is final. The learner reads the feedback and receives the award."),
            ),
            DecisionOutcome.DENY: (
                self.tr("Deny this submission"),
                self.tr("Final for this attempt. The learner reads the feedback and can submit again."),
            ),
            DecisionOutcome.RETURN: (
                self.tr("Return to the assessor"),
                self.tr("The assessor reads your reason and can change ratings and feedback."),
            ),
        }[outcome]
        verb = self.tr("{verb} when online") if self._is_offline else "{verb}"
        self.confirm_button.setText(verb.format(verb=words[0]))
        self._refresh_confirm()
        self._text.setText(words[1])
        self._show_buttons(self.cancel_button, self.confirm_button)
        if outcome is not DecisionOutcome.RETURN:
            self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.asked.emit()

    @Slot()
    def _confirm(self) -> None:
        if self._pending is not None:
            self.confirm_button.setEnabled(False)
            self.decided.emit(self._pending)

    def _drop_pending(self) -> None:
        if self._pending is DecisionOutcome.RETURN:
            self.returning.emit(False)
        if self._pending is not None:
            self._pending = None
            self.asked.emit()

    def _show_choices(self) -> None:
        self._text.setText(self._why_not)
        self._show_buttons(self.return_button, self.deny_button, self.award_button)

    def _show_buttons(self, *shown: QPushButton) -> None:
        for button in self._buttons:
            button.setVisible(button in shown)
        self._text.setVisible(bool(self._text.text()))
        # Last: a bar that is shown with all of its buttons would make the window wider for good.
        self.show()

    def _button(self, text: str, icon: str, kind: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", kind)
        if icon:
            dress(button, icon, "on_accent" if kind == "primary" else "text", factor=1.0)
        return button

    def _lay_out(self) -> None:
        self._buttons = (
            self.return_button, self.deny_button, self.award_button, self.reveal_button,
            self.cancel_button, self.confirm_button,
        )  # fmt: skip
        head = QHBoxLayout()
        head.setSpacing(space(self, 1.5))
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        foot = SideBySide(self)
        foot.box.addWidget(self.return_button)
        foot.box.addStretch(1)
        others = SideBySide(foot)
        foot.box.addWidget(others)
        for button in self._buttons[1:]:
            others.box.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 3), space(self, 2.5), space(self, 3), space(self, 2.5))
        layout.setSpacing(space(self, 1.5))
        layout.addLayout(head)
        layout.addWidget(self._reasons)
        layout.addWidget(self._text)
        layout.addWidget(foot)
