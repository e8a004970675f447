"""The preview in place of the document, beside the panel in which the words are written."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.assessments import Outcome
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.award_rule import outcome_of
from assessor_app.rubric.learner_reading import as_decided, learner_reading
from assessor_app.services.views import DecisionBrief, OpenedSubmission
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.words.learner_preview import LearnerPreview, Previewed
from assessor_app.ui.workspaces.actions import WorkspaceActions
from assessor_app.ui.workspaces.document_place import DocumentPlace

_STATUS = {Outcome.AWARD: SubmissionStatus.AWARDED, Outcome.DENY: SubmissionStatus.DENIED}


class PreviewMode(QObject):
    """The middle pane: the evidence, or what the learner will read."""

    front_wanted = Signal()
    """Another page hides this pane: bring it up."""

    def __init__(self, document: DocumentPlace, actions: WorkspaceActions, pane: PageStack) -> None:
        """Put both into one pane.

        Args:
            document: the evidence.
            actions: the commands of the workspace.
            pane: holds the evidence already, as its parent.
        """
        super().__init__(pane)
        self._document, self._actions = document, actions
        self._previewed: Previewed | None = None
        self.page = LearnerPreview(pane)
        self.pane = pane
        self.pane.addWidget(document)
        self.pane.addWidget(self.page)
        self.page.closed.connect(self.leave)

    @property
    def is_shown(self) -> bool:
        """Whether the preview is in front."""
        return self.pane.currentWidget() is self.page

    def show_opened(self, opened: OpenedSubmission) -> None:
        """Follow what the assessor writes."""
        outcome = outcome_of(opened.verdict.result)
        submission = opened.submission
        self._show(
            Previewed(
                submission.title,
                learner_reading(
                    opened.rubric, submission, opened.assessment, opened.annotations, advice=opened.advice
                ),
                outcome,
                opened.labels.get(_STATUS[outcome], "") if outcome in _STATUS else "",
            )
        )

    def show_brief(self, brief: DecisionBrief) -> None:
        """Follow what the approver decides; nothing to see while the ratings are covered."""
        sent = brief.recommendation
        self._actions.set_enabled("feedback.preview", sent is not None)
        if sent is None or brief.verdict is None:
            self._previewed = None
            self.leave()
            return
        outcome = outcome_of(brief.verdict.result)
        self._show(
            Previewed(
                brief.submission.title,
                learner_reading(
                    brief.rubric,
                    brief.submission,
                    as_decided(sent, brief.draft),
                    brief.annotations,
                    final=brief.draft.final_feedback,
                ),
                outcome,
                brief.labels.get(_STATUS[outcome], "") if outcome in _STATUS else "",
            )
        )

    @property
    def front(self) -> QWidget:
        """What is in front."""
        return self.page if self.is_shown else self._document

    @Slot()
    def toggle(self) -> None:
        """Show it, or go back to the evidence; the keyboard stays where it is: writing goes on."""
        if not self.pane.isVisible():
            self.front_wanted.emit()
        elif self.leave():
            return
        if self._previewed is not None:
            self.pane.setCurrentWidget(self.page)

    def write_on_piece(self) -> None:
        """Write feedback on the piece of evidence at hand, which comes to the front for it."""
        if not self.pane.isVisible():
            self.front_wanted.emit()
        self.leave()
        self._document.feedback.write()

    @Slot()
    def leave(self) -> bool:
        """Back to the evidence; False if that is in front already."""
        if not self.is_shown:
            return False
        focus: QWidget | None = self.page.focusWidget()
        has_keyboard = focus is not None and focus.hasFocus()
        self.pane.setCurrentWidget(self._document)
        if has_keyboard:
            self._document.focus_document()
        return True

    def _show(self, previewed: Previewed) -> None:
        self._previewed = previewed
        self.page.show_previewed(previewed)
