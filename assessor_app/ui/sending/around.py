"""What surrounds the judging of one submission: its history, the team lead, giving it back, the proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from assessor_app.domain.assessments import Rating
from assessor_app.domain.cases import CaseKind, RecusalReason
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.states import SETTLED, OutboxState
from assessor_app.domain.submissions import Artifact, Link, Response
from assessor_app.errors import KnownError
from assessor_app.rubric.schema import NotScorableEffect
from assessor_app.services import asking, giving_back, history, taking_back
from assessor_app.services.proof import PROVABLE
from assessor_app.services.views import DecisionBrief, OpenedSubmission, SubmissionHistory, Thread
from assessor_app.ui.conflict.opening import Comparing
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.not_scorable_choice import NotScorableMarking
from assessor_app.ui.sending.acts import COMPARE, EXPORT_WORK, KEEP_WORK, LEAVE_SENT
from assessor_app.ui.sending.answer_notice import AnswerNotice
from assessor_app.ui.sending.continued_notice import ContinuedNotice
from assessor_app.ui.sending.draft_dialog import DraftDialog
from assessor_app.ui.sending.ended_acts import EndedActs
from assessor_app.ui.sending.history_dialog import HistoryDialog
from assessor_app.ui.sending.proof_dialog import ProofDialog
from assessor_app.ui.sending.questions_dialog import AtHand, Question, QuestionsDialog
from assessor_app.ui.sending.recuse_dialog import RecuseDialog
from assessor_app.ui.tasks import Lanes


class OpenCriterion(Protocol):
    """Knows which criterion is open."""

    @property
    def criterion_id(self) -> CriterionId | None:
        """The one whose card is open; None while none is."""


class Actions(Protocol):
    """Where a workspace keeps its actions."""

    def add(self, entry_id: str, run: Callable[[], object]) -> None:
        """Offer an entry."""

    def set_enabled(self, entry_id: str, is_enabled: bool) -> None:
        """Whether an entry means something now."""


class OpenEvidence(Protocol):
    """One line of the list of evidence."""

    @property
    def title(self) -> str:
        """Neutral name of the piece."""

    @property
    def item(self) -> Response | Artifact | Link | None:
        """What it is."""


class EvidenceLines(Protocol):
    """The list of evidence."""

    def current_entry(self) -> OpenEvidence | None:
        """The line of the piece that is open."""


class AroundSubmission(QObject):
    """Opens the dialogs and runs their verbs."""

    given_back = Signal()
    """The person gave the work back: there is nothing more to do here."""
    marking = Signal(object)
    """NotScorableMarking that goes with a concern."""

    def __init__(
        self,
        view: QWidget,
        lanes: Lanes,
        submission_id: SubmissionId,
        now: Callable[[], datetime],
        criterion: OpenCriterion,
    ) -> None:
        """Serve a workspace.

        Args:
            view: the workspace.
            lanes: where verbs and reads run.
            submission_id: what is open in it.
            now: the present, aware.
            criterion: knows which one is open.
        """
        super().__init__(view)
        self._view, self._lanes, self._submission_id = view, lanes, submission_id
        self._now, self._criterion = now, criterion
        self._actions: Actions | None = None
        self._evidence: EvidenceLines | None = None
        self._shown: OpenedSubmission | DecisionBrief | None = None
        self.ended = EndedActs(view, lanes, submission_id)
        self.notice = AnswerNotice(view)
        self.notice.read_wanted.connect(self.ask_lead)
        self.continued = ContinuedNotice(lanes, submission_id, now, view)
        self.questions: QuestionsDialog | None = None
        self.comparing = Comparing(view, lanes)

    def serve(self, actions: Actions, evidence: EvidenceLines, acts: Any, leave: Any) -> None:
        """Offer everything among a workspace's actions.

        Args:
            actions: they are kept there.
            evidence: knows which piece is open.
            acts: signal of what the banner is asked to do.
            leave: signal that leads back to the inbox.
        """
        acts.connect(self.act)
        acts.connect(self.ended.act)
        self.given_back.connect(leave)
        self.ended.removed.connect(leave)
        self._actions, self._evidence = actions, evidence
        actions.add("submission.history", self.show_history)
        actions.add("submission.versions", self.show_versions)
        actions.add("submission.recuse", self.ask_recusal)
        actions.add("submission.escalate", self.ask_lead)
        actions.add("receipt.proof", self.prove)
        actions.add("work.export", self.export_work)

    def show(self, shown: OpenedSubmission | DecisionBrief) -> None:
        """Take what is shown now."""
        self._shown = shown
        self.ended.show_ending(shown.submission.code, shown.ending)
        is_open = self.questions is not None and self.questions.isVisible()
        self.notice.show_count(0 if is_open else shown.unread_answers)
        if is_open:
            self._read_threads()
        provable = any(i.kind in PROVABLE and i.state is OutboxState.ACKED for i in shown.outbox)
        can_give = shown.submission.status not in SETTLED and not shown.giving_back.waits
        if self._actions is not None:
            self._actions.set_enabled("submission.recuse", can_give)
            self._actions.set_enabled("receipt.proof", provable)
            self._actions.set_enabled("submission.versions", shown.has_versions)

    # ---- the history and the proof ----

    @Slot()
    def show_history(self) -> None:
        """Show every state that it went through."""
        submission_id = self._submission_id
        self._lanes.read(
            self, lambda context: history.history(context, submission_id), self._open_history, key="history"
        )

    def _open_history(self, told: SubmissionHistory) -> None:
        self._open(HistoryDialog(told, self._now(), self._view.window()))

    @Slot()
    def prove(self) -> None:
        """Ask where the page goes that proves the sending."""
        if self._shown is not None:
            code = self._shown.submission.code
            self._open(ProofDialog(self._lanes, self._submission_id, code, self._view.window()))

    @Slot()
    def export_work(self) -> None:
        """Ask where the person's own work goes as a readable file; what is being typed goes along."""
        if self.ended.code:
            flush = getattr(self._view, "flush", None)
            if callable(flush):
                flush()
            self._open(DraftDialog(self._lanes, self._submission_id, self.ended.code, self._view.window()))

    @Slot()
    def show_versions(self) -> None:
        """Show what was compared before: the side that was not taken stays readable."""
        self.comparing.open_versions(self._submission_id)

    # ---- giving back ----

    @Slot()
    def ask_recusal(self) -> None:
        """Ask why it is given back."""
        dialog = RecuseDialog(self._view.window())
        dialog.decided.connect(self._give_back)
        self._open(dialog)

    @Slot(object, str)
    def _give_back(self, reason: RecusalReason, note: str) -> None:
        submission_id = self._submission_id
        self._write(
            lambda context: giving_back.give_back(context, submission_id, reason, note), self.given_back.emit
        )

    @Slot(str)
    def act(self, act: str) -> None:
        """Do what the banner offers."""
        submission_id = self._submission_id
        if act == KEEP_WORK:
            self._write(lambda context: giving_back.keep(context, submission_id))
        if act == EXPORT_WORK:
            self.export_work()
        if act == COMPARE and self._shown is not None:
            self.comparing.open(self._shown.conflict)
        if act == LEAVE_SENT:
            self._write(lambda context: taking_back.leave_sent(context, submission_id))

    # ---- the team lead ----

    @Slot()
    def ask_lead(self) -> None:
        """Open the questions beside the evidence."""
        self._open_questions()

    @Slot(str)
    def report(self, text: str) -> None:
        """Report the piece of evidence that is open, with these facts."""
        self._open_questions().begin(CaseKind.FAULT, text, about_source=True)

    def _open_questions(self) -> QuestionsDialog:
        if self.questions is None:
            self.questions = QuestionsDialog(self._now, self._view)
            self.questions.asked.connect(self._ask)
            self.questions.unsent_ready.connect(self._keep_unsent)
            submission_id = self._submission_id
            self._lanes.read(
                self, lambda context: asking.unsent(context, submission_id), self._show_unsent, key="unsent"
            )
        self.questions.set_at_hand(self._at_hand())
        self.questions.show()
        self.questions.raise_()
        self.questions.activateWindow()
        self.notice.show_count(0)
        self._read_threads()
        return self.questions

    def _at_hand(self) -> AtHand:
        if self._shown is None:
            return AtHand()
        criterion_id = str(self._criterion.criterion_id or "")
        entry = self._evidence.current_entry() if self._evidence is not None else None
        item = entry.item if entry is not None else None
        rubric = self._shown.rubric
        can_rate = isinstance(self._shown, OpenedSubmission) and self._shown.is_editable
        blocking = next((c for c in rubric.not_scorable if c.effect is NotScorableEffect.BLOCK), None)
        return AtHand(
            criterion_id=criterion_id or None,
            criterion=self._criteria().get(criterion_id, ""),
            source_id=str(item.id) if item is not None else None,
            source=one_line(entry.title) if entry is not None else "",
            block_label=one_line(blocking.label) if blocking is not None and can_rate else "",
        )

    def _criteria(self) -> dict[str, str]:
        if self._shown is None:
            return {}
        text = self.tr("Criterion {n}: {text}")
        criteria = enumerate(self._shown.rubric.criteria, 1)
        return {str(c.id): text.format(n=n, text=one_line(c.text)) for n, c in criteria}

    def _read_threads(self) -> None:
        submission_id = self._submission_id
        self._lanes.read(
            self, lambda context: asking.threads(context, submission_id), self._show_threads, key="threads"
        )

    def _show_threads(self, threads: Sequence[Thread]) -> None:
        if self.questions is None or self._shown is None:
            return
        names = self._criteria()
        for part in self._shown.submission.parts:
            names |= {str(item.id): one_line(item.filename) for item in part.artifacts}
            names |= {str(link.id): one_line(link.title or link.url) for link in part.links}
        self.questions.show_threads(threads, names)
        if any(thread.unread for thread in threads) and self.questions.isVisible():
            submission_id = self._submission_id
            self._write(lambda context: asking.read_answers(context, submission_id))

    def _show_unsent(self, text: str) -> None:
        if self.questions is not None:
            self.questions.show_unsent(text)

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether words to the team lead are not committed yet."""
        return self.questions is not None and self.questions.keeper.is_unsaved

    def flush(self) -> None:
        """Start saving words to the team lead that are not on their way yet."""
        if self.questions is not None:
            self.questions.keeper.flush()

    @Slot(str, object)
    def _keep_unsent(self, text: str, keeper: Keeper) -> None:
        submission_id = self._submission_id

        def ended(what: Callable[[], None]) -> None:
            if shiboken6.isValid(keeper):
                what()

        self._write(
            lambda context: asking.keep_unsent(context, submission_id, text),
            lambda: ended(keeper.kept),
            lambda: ended(keeper.lost),
        )

    @Slot(object)
    def _ask(self, question: Question) -> None:
        submission_id = self._submission_id

        def verb(context: Any) -> ChangeSet:
            if question.case_id is not None:
                return asking.ask_on(context, submission_id, question.case_id, question.text)
            return asking.ask(
                context,
                submission_id,
                question.kind,
                question.text,
                criterion_id=question.criterion_id,
                source_id=question.source_id,
            )

        self._write(verb, lambda: self._asked(question))

    def _asked(self, question: Question) -> None:
        if self.questions is not None:
            self.questions.clear()
            self._read_threads()
        if question.marks_criterion and question.criterion_id is not None and self._shown is not None:
            codes = self._shown.rubric.not_scorable
            code = next(c.code for c in codes if c.effect is NotScorableEffect.BLOCK)
            note = self.tr("Reported to the team lead.")
            rating = Rating(CriterionId(question.criterion_id), None, code, note)
            self.marking.emit(NotScorableMarking((rating,)))

    # ---- inside ----

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _write(
        self,
        verb: Callable[[Any], ChangeSet],
        done: Callable[[], None] = lambda: None,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        def refused(error: KnownError) -> None:
            failed()
            self._lanes.trouble.emit(error)

        self._lanes.write(verb, owner=self, done=lambda _changes: done(), failed=refused)
