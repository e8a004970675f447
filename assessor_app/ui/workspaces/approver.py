"""The approver's workspace: the same evidence and document, and a panel that covers opinions until asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import DecisionOutcome
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.submissions import Stage
from assessor_app.services import approving
from assessor_app.services.views import DecisionBrief
from assessor_app.ui.annotate.drafts import FIRST_COLOUR
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.scoring.decision_panel import DecisionPanel
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.base import Workspace
from assessor_app.ui.workspaces.decision_writer import DecisionWriter
from assessor_app.ui.workspaces.standing import approver_banner, due_words


class ApproverWorkspace(Workspace):
    """One submission, opened by its approver: evidence before opinion, then reveal, then decide or return."""

    shown = Signal(object)
    """DecisionBrief, each time what is shown was read anew."""

    def __init__(
        self,
        lanes: Lanes,
        submission_id: SubmissionId,
        now: Callable[[], datetime],
        *,
        keys: KeyTable | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Open a submission; it is read at once, on a lane.

        Args:
            lanes: where verbs and reads run.
            submission_id: what to open.
            now: the present, aware.
            keys: words and keys.
            parent: Qt parent.
        """
        super().__init__(lanes, submission_id, now, keys=keys, parent=parent)
        self.setObjectName("approver_workspace")
        self.brief: DecisionBrief | None = None
        self.writer = DecisionWriter(lanes, submission_id, self)
        self.panel = DecisionPanel(self._keys, self.splitter)
        self.panel.pictures = self.pictures
        self.lay_out(self.panel)
        self.connect_parts()
        self.following.use_panel(self.panel, self.marks_now)
        self._make_actions()
        self._connect()
        self.document.set_editable(False)
        self.reload()

    # ---- for the window ----

    def panes(self) -> list[QWidget]:
        """The panes that F6 goes through."""
        if self.coverage_mode.is_shown:
            return [self.coverage]
        return [self.left, self.preview.front, self.panel]

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written is not committed yet."""
        return self.panel.has_unsaved_edits or self.around.has_unsaved_edits

    def flush(self) -> None:
        """Start saving everything that is written: before leaving, locking or closing."""
        self.panel.flush()
        self.around.flush()

    def undo(self) -> None:
        """Marks and texts of a decision are changed in place: there is nothing to take back here."""

    def redo(self) -> None:
        """There is nothing to do again here."""

    def escape(self) -> bool:
        """One step out: the question asked, the document's own steps, then to the document."""
        coverage, bar = self.coverage_mode, self.panel.bar
        if coverage.leave() or bar.cancel() or self.preview.leave() or self.document.escape():
            return True
        return self.leave_for_document()

    def set_offline(self, is_offline: bool) -> None:
        """Nothing is disabled while offline; words change."""
        self.panel.bar.set_offline(is_offline)

    # ---- reading ----

    @Slot()
    def reload(self) -> None:
        """Read the brief again; a late answer is dropped."""
        submission_id = self.submission_id
        self._lanes.read(
            self, lambda context: approving.brief(context, submission_id), self._show, key="brief"
        )

    @Slot(object)
    def lanes_changed(self, changes: ChangeSet) -> None:
        """Something was committed: reload if it concerns what is shown."""
        if self.concerns(changes):
            self.reload()

    def _show(self, brief: DecisionBrief) -> None:
        self.brief = brief
        submission, rubric = brief.submission, brief.rubric
        due, tone = due_words(submission, Stage.DECISION, self._now()) if brief.is_editable else ("", "quiet")
        more = [self.tr("Round {n}").format(n=submission.round)] if submission.round > 1 else []
        more += [self.tr("Resubmission")] if submission.prior else []
        self.header.show_words(
            code=submission.code, title=submission.title, due=due, due_tone=tone, more="  ·  ".join(more)
        )
        short = {c.id: self.tr("Criterion {n}").format(n=n) for n, c in enumerate(rubric.criteria, 1)}
        self.banner.show_banner(approver_banner(brief, self._now()), short)
        marks = marks_of_brief(brief)
        others = frozenset(mark.id for mark in marks)
        self.left.show_marks(marks, others, is_editable=False)
        self.panel.show_brief(brief)
        self.actions_made.adopt_rows([card.levels for card in self.panel.cards])
        self.document.set_annotations(marks, others)
        self.preview.show_brief(brief)
        sent = brief.recommendation
        self.document.feedback.show_stored(sent.artifact_feedback if sent else (), is_editable=False)
        self.document.set_matches(submission.code, brief.matches)
        self.show_evidence(submission, rubric, brief.evidence, marks)
        self.following.refresh()
        self.around.show(brief)
        is_covered = brief.recommendation is None
        self.actions_made.set_enabled(
            "approver.reveal", brief.is_editable and is_covered and brief.can_reveal
        )
        for entry_id in ("approver.award", "approver.deny", "approver.return"):
            self.actions_made.set_enabled(entry_id, brief.is_editable and not is_covered)
        shown = self.banner.banner
        self.actions_made.set_enabled("send.take_back", shown is not None and shown.can_take_back)
        self.shown.emit(brief)

    # ---- inside ----

    @Slot(str)
    def go_to_criterion(self, criterion_id: str) -> None:
        """Go to a criterion's card."""
        card = self.panel.card_of(CriterionId(criterion_id))
        if card is not None:
            self.panel.go_to(card)

    def _take_level(self, number: int) -> None:
        if self.panel.current is not None and number:
            self.panel.current.levels.take(number)

    @Slot(object)
    def _decide(self, outcome: DecisionOutcome) -> None:
        """Behind everything that is still to be committed: the write lane keeps the order."""
        self.flush()
        self.writer.decide(outcome)

    def _make_actions(self) -> None:
        add, panel = self.actions_made.add, self.panel
        add("criterion.next", lambda: panel.step(1))
        add("criterion.previous", lambda: panel.step(-1))
        add("criterion.next_unrated", panel.next_unmarked)
        add("approver.reveal", self.writer.reveal)
        add("approver.award", panel.bar.ask_award)
        add("approver.deny", panel.bar.ask_deny)
        add("approver.return", panel.bar.ask_return)
        add("send.take_back", self.writer.take_back)
        self.actions_made.add_levels(self._take_level)

    def _connect(self) -> None:
        self._lanes.changed.connect(self.lanes_changed)
        self.writer.refused.connect(self.reload)
        self.banner.take_back_wanted.connect(self.writer.take_back)
        panel = self.panel
        panel.marked.connect(self.writer.mark)
        panel.override_ready.connect(self.writer.override)
        panel.final_ready.connect(self.writer.save_final)
        panel.return_ready.connect(self.writer.save_return)
        panel.jump_wanted.connect(self.go_to_mark)
        panel.bar.reveal_wanted.connect(self.writer.reveal)
        panel.bar.decided.connect(self._decide)
        panel.unsaved_changed.connect(self.unsaved_changed)
        panel.unsaved_changed.connect(self.header.show_saving)


def marks_of_brief(brief: DecisionBrief) -> tuple[Annotation, ...]:
    """The assessor's marks that may be seen now: all that are for the approver, or only tied places.

    While the ratings are covered all marks wear one colour: whoever marks strengths in green says an opinion.
    """
    if brief.recommendation is not None:
        return brief.annotations
    tied = {
        mark.id: replace(mark, colour=FIRST_COLOUR)
        for marks in brief.evidence_links.values()
        for mark in marks
    }
    return tuple(tied.values())
