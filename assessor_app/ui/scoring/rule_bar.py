"""What follows from the ratings, and why: always in view while rating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.assessments import RuleResult
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.award_rule import Reason, ReasonCode, Verdict
from assessor_app.rubric.checks import CheckCode, CheckResult, Severity
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import plain_label, set_role
from assessor_app.ui.scoring.caption import Caption
from assessor_app.ui.theme import space

RESULT_LOOK = {
    RuleResult.YES: ("award", "ok"),
    RuleResult.NO: ("circle-slash", "danger"),
    RuleResult.UNDECIDED: ("circle-help", "quiet"),
}
"""Icon and tone of a result; the words stand beside them."""


def result_words(result: RuleResult) -> str:
    """What the rule says, in a word or two."""
    return {
        RuleResult.YES: QCoreApplication.translate("Scoring", "Award"),
        RuleResult.NO: QCoreApplication.translate("Scoring", "Deny"),
        RuleResult.UNDECIDED: QCoreApplication.translate("Scoring", "Undecided"),
    }[result]


def short_reason(reason: Reason, numbers: Mapping[CriterionId, int]) -> str:
    """A reason in one short sentence: criteria by their numbers, where their texts would make it long.

    Args:
        reason: one of the award rule's reasons.
        numbers: the number under which each criterion stands in the rubric.
    """
    named = [str(numbers[criterion]) for criterion in reason.criteria if criterion in numbers]
    if len(named) < 2:
        return reason.text
    if reason.code is ReasonCode.NOT_RATED:
        text = QCoreApplication.translate("Scoring", "{count} criteria are not rated yet.")
        return text.format(count=len(named))
    if reason.code is ReasonCode.EVERY and reason.result is RuleResult.NO:
        text = QCoreApplication.translate(
            "Scoring", "Below the level asked for: criteria {first} and {last}."
        )
        return text.format(first=", ".join(named[:-1]), last=named[-1])
    return reason.text


class ReasonList(QWidget):
    """The award rule's reasons, one sentence each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._labels: list[QLabel] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(space(self, 1))

    def show_reasons(self, sentences: Sequence[str]) -> None:
        """Replace the sentences."""
        for index, text in enumerate(sentences):
            if index == len(self._labels):
                self._labels.append(plain_label("", wraps=True))
                self._layout.addWidget(self._labels[index])
            self._labels[index].setText(text)
        for index, label in enumerate(self._labels):
            label.setVisible(index < len(sentences))


class RuleBar(QWidget):
    """Result, first reason, the others on demand, how much is rated, and the way to sending."""

    review_wanted = Signal()
    """The person wants to check and send."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin undecided."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "true")
        self._is_offline = False
        self._icon = icon_label("circle-help", "quiet", factor=1.35)
        self._result = Caption("", "heading")
        self._count = plain_label("", "caption")
        self._first = plain_label("", "quiet", wraps=True)
        self._others = ReasonList(self)
        self._findings = plain_label("", "caption", wraps=True)
        self._more = QPushButton(self.tr("Why"), self)
        self._more.setProperty("kind", "quiet")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._others.setVisible)
        self.review_button = QPushButton(self)
        self.review_button.setProperty("kind", "primary")
        self.review_button.clicked.connect(self.review_wanted)
        self._others.hide()
        self._findings.hide()
        self._lay_out()
        self.set_offline(False)

    def show_verdict(
        self, verdict: Verdict, rated: int, total: int, numbers: Mapping[CriterionId, int] | None = None
    ) -> None:
        """Show what follows from the ratings.

        Args:
            verdict: the rule's result with its reasons.
            rated: criteria rated so far.
            total: criteria to rate.
            numbers: the number under which each criterion stands in the rubric.
        """
        icon, tone = RESULT_LOOK[verdict.result]
        dress(self._icon, icon, tone, factor=1.35)
        set_role(self._result, "heading")
        self._result.setText(result_words(verdict.result))
        sentences = [reason.text for reason in verdict.reasons]
        self._first.setText(short_reason(verdict.reasons[0], numbers or {}) if verdict.reasons else "")
        self._first.show()
        self._others.show_reasons(sentences)
        self._more.setVisible(sentences != [self._first.text()])
        if self._more.isHidden():
            self._more.setChecked(False)
        self._count.setText(self.tr("{rated} of {total} rated").format(rated=rated, total=total))
        self._count.show()
        self._place_count()
        self.setAccessibleName(
            self.tr("The rule says: {result}. {why}").format(
                result=self._result.text(), why=self._first.text()
            )
        )

    def show_findings(self, checks: Sequence[CheckResult]) -> None:
        """Count what the last page will ask for; criteria that are not rated yet are counted elsewhere."""
        unrated = {check.criterion_id for check in checks if check.code is CheckCode.UNRATED}
        open_now = [check for check in checks if check.criterion_id not in unrated or not check.criterion_id]
        to_do = sum(check.is_in_the_way for check in open_now)
        to_see = sum(c.severity is Severity.WARN and not c.is_in_the_way for c in open_now)
        said = []
        if to_do:
            said.append(self.tr("To put right before sending: {count}").format(count=to_do))
        if to_see:
            said.append(self.tr("To look at again: {count}").format(count=to_see))
        self._findings.setText(" · ".join(said))
        self._findings.setVisible(bool(said))

    def show_sent(self, verdict: Verdict) -> None:
        """Show quietly what was recommended: it is no live result, and no outcome."""
        text = {
            RuleResult.YES: self.tr("Your recommendation: award"),
            RuleResult.NO: self.tr("Your recommendation: deny"),
            RuleResult.UNDECIDED: self.tr("You left it to the approver"),
        }[verdict.result]
        dress(self._icon, RESULT_LOOK[verdict.result][0], "quiet", factor=1.35)
        set_role(self._result, "quiet")
        self._result.setText(text)
        self._others.show_reasons([reason.text for reason in verdict.reasons])
        self._more.setVisible(bool(verdict.reasons))
        self._first.hide()
        self._count.hide()
        self._findings.hide()
        self.setAccessibleName(text)

    def set_offline(self, is_offline: bool) -> None:
        """Nothing is disabled while offline; the words change."""
        self._is_offline = is_offline
        self.review_button.setText(
            self.tr("Review, send when online…") if is_offline else self.tr("Review and send…")
        )

    def set_sendable(self, is_sendable: bool) -> None:
        """Hide the way to sending on what is read-only."""
        self.review_button.setVisible(is_sendable)

    def minimumSizeHint(self) -> QSize:
        """As narrow as it is with the count on a line of its own."""
        hint, layout = super().minimumSizeHint(), self.layout()
        if layout is None or self._head.indexOf(self._count) < 0:
            return hint
        margins = layout.contentsMargins()
        least = max(self._count.minimumSizeHint().width(), self.review_button.minimumSizeHint().width())
        without = hint.width() - self._count.sizeHint().width() - self._head.spacing()
        return QSize(max(without, least + margins.left() + margins.right()), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The count stands beside the result where there is room."""
        super().resizeEvent(event)
        self._place_count()

    def event(self, event: QEvent) -> bool:
        """Larger letters need more room."""
        answer = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_count()
        return answer

    def _place_count(self) -> None:
        """Beside the result, or below it where the words would not fit on one line."""
        margins = self._column.contentsMargins()
        shown = [w for w in (self._icon, self._result, self._count, self._more) if not w.isHidden()]
        needed = sum(w.sizeHint().width() for w in shown) + self._head.spacing() * len(shown)
        fits = needed <= self.width() - margins.left() - margins.right()
        is_beside = self._head.indexOf(self._count) >= 0
        if fits and not is_beside:
            self._column.removeWidget(self._count)
            self._head.insertWidget(self._head.indexOf(self._more), self._count)
        elif is_beside and not fits:
            self._head.removeWidget(self._count)
            self._column.insertWidget(1, self._count)

    def _lay_out(self) -> None:
        head = self._head = QHBoxLayout()
        head.setSpacing(space(self, 1.5))
        head.addWidget(self._icon)
        head.addWidget(self._result)
        head.addStretch(1)
        head.addWidget(self._count)
        head.addWidget(self._more)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 3), space(self, 2.5), space(self, 3), space(self, 2.5))
        layout.setSpacing(space(self, 1.5))
        layout.addLayout(head)
        layout.addWidget(self._first)
        layout.addWidget(self._others)
        layout.addWidget(self._findings)
        layout.addWidget(self.review_button)
