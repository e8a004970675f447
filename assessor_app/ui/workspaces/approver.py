"""The approver's workspace: the same evidence and document, and a panel that covers opinions until asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import DecisionOutcome
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.submissions import Stage
from assessor_app.services import approving
from assessor_app.services.views import DecisionBrief
from assessor_app.ui.changes import concerns_submission
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.scoring.decision_panel import DecisionPanel
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.actions import WorkspaceActions
from assessor_app.ui.workspaces.banner_view import BannerView, WorkspaceHeader
from assessor_app.ui.workspaces.decision_writer import DecisionWriter
from assessor_app.ui.workspaces.document_place import DocumentPlace
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry, evidence_groups
from assessor_app.ui.workspaces.left_pane import LeftPane
from assessor_app.ui.workspaces.panes_splitter import PanesSplitter
from assessor_app.ui.workspaces.standing import approver_banner, due_words


class ApproverWorkspace(QWidget):
    """One submission, opened by its approver: evidence before opinion, then reveal, then decide or return."""

    close_requested = Signal()
    """Back to the inbox."""
    shown = Signal(object)
    """DecisionBrief, each time what is shown was read anew."""
    unsaved_changed = Signal(bool)
    """Whether something written is not committed yet."""
    layout_changed = Signal(tuple)
    """Shares of the three panes in percent."""

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
        super().__init__(parent)
        self.setObjectName("approver_workspace")
        self.setAccessibleName(self.tr("Submission"))
        self._lanes, self._now, self._keys = lanes, now, keys or KeyTable()
        self.submission_id = submission_id
        self.brief: DecisionBrief | None = None
        self.writer = DecisionWriter(lanes, submission_id, self)
        self.header = WorkspaceHeader(self)
        self.banner = BannerView(self)
        self.left = LeftPane(self)
        self.evidence = self.left.evidence
        self.document = DocumentPlace(lanes, self._keys, now, self)
        self.panel = DecisionPanel(self._keys, self)
        self.splitter = PanesSplitter(self)
        self._lay_out()
        self.actions_made = WorkspaceActions(self, self._keys)
        self._make_actions()
        self._connect()
        self.document.set_editable(False)
        self.setFocusProxy(self.left)
        self.reload()

    # ---- for the window ----

    def panes(self) -> list[QWidget]:
        """The panes that F6 goes through."""
        return [self.left, self.document, self.panel]

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written is not committed yet."""
        return self.panel.has_unsaved_edits

    def flush(self) -> None:
        """Start saving everything that is written: before leaving, locking or closing."""
        self.panel.flush()

    def undo(self) -> None:
        """Marks and texts of a decision are changed in place: there is nothing to take back here."""

    def redo(self) -> None:
        """There is nothing to do again here."""

    def escape(self) -> bool:
        """One step out: the question asked, the document's own steps, then to the document."""
        if self.panel.bar.cancel() or self.document.escape():
            return True
        focus: QWidget | None = self.focusWidget()
        if focus is not None and not self.document.isAncestorOf(focus):
            self.document.focus_document()
            return True
        return False

    def reset_layout(self) -> None:
        """Panes as wide as at first."""
        self.splitter.reset()

    def set_layout_shares(self, shares: tuple[int, ...]) -> None:
        """Panes as wide as the person had them."""
        self.splitter.set_shares(shares)

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
        if concerns_submission(changes, self.submission_id):
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
        names = [(c.id, one_line(c.text)) for c in rubric.criteria]
        short = {c.id: self.tr("Criterion {n}").format(n=n) for n, c in enumerate(rubric.criteria, 1)}
        self.banner.show_banner(approver_banner(brief, self._now()), short)
        self.left.show_groups(evidence_groups(submission, rubric, brief.evidence), names)
        marks = marks_of_brief(brief)
        others = frozenset(mark.id for mark in marks)
        self.left.show_marks(marks, others, is_editable=False)
        self.panel.show_brief(brief)
        self.actions_made.adopt_rows([card.levels for card in self.panel.cards])
        self.document.set_criteria(names)
        self.document.set_annotations(marks, others)
        entry = self.evidence.current_entry()
        if entry is None and self.evidence.entries():
            self.evidence.select(self.evidence.entries()[0].key)
        elif entry is not None:
            self._show_entry(entry)
        is_covered = brief.recommendation is None
        self.actions_made.set_enabled(
            "approver.reveal", brief.is_editable and is_covered and brief.can_reveal
        )
        for entry_id in ("approver.award", "approver.deny", "approver.return"):
            self.actions_made.set_enabled(entry_id, brief.is_editable and not is_covered)
        shown = self.banner.banner
        self.actions_made.set_enabled("send.take_back", shown is not None and shown.can_take_back)
        self.shown.emit(brief)

    @Slot(object)
    def _show_entry(self, entry: EvidenceEntry) -> None:
        if self.brief is not None:
            brief = self.brief
            self.document.show_entry(entry, brief.submission, brief.rubric, brief.evidence)

    # ---- inside ----

    @Slot(object)
    def _go_to_mark(self, mark: Annotation) -> None:
        self.document.go_to_mark(mark)
        self.evidence.select(self.document.key_of(mark))

    @Slot(str)
    def _go_to_criterion(self, criterion_id: str) -> None:
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

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever looks elsewhere has finished a sentence: keep it."""
        super().hideEvent(event)
        self.flush()

    def _lay_out(self) -> None:
        for pane in (self.left, self.document, self.panel):
            self.splitter.addWidget(pane)
        em = self.fontMetrics().averageCharWidth()
        self.left.setMinimumWidth(em * 22)
        self.document.setMinimumWidth(em * 36)
        self.panel.setMinimumWidth(em * 40)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.banner)
        layout.addWidget(self.splitter, 1)

    def _make_actions(self) -> None:
        add, panel = self.actions_made.add, self.panel
        add("workspace.close", self.close_requested.emit)
        add("item.next", lambda: self.evidence.step(1))
        add("item.previous", lambda: self.evidence.step(-1))
        add("criterion.next", lambda: panel.step(1))
        add("criterion.previous", lambda: panel.step(-1))
        add("criterion.next_unrated", panel.next_unmarked)
        add("approver.reveal", self.writer.reveal)
        add("approver.award", panel.bar.ask_award)
        add("approver.deny", panel.bar.ask_deny)
        add("approver.return", panel.bar.ask_return)
        add("send.take_back", self.writer.take_back)
        self.actions_made.add_levels(self._take_level)
        self.addActions(self.document.view.actions())

    def _connect(self) -> None:
        self._lanes.changed.connect(self.lanes_changed)
        self.writer.refused.connect(self.reload)
        self.header.back_wanted.connect(self.close_requested)
        self.banner.criterion_wanted.connect(self._go_to_criterion)
        self.banner.take_back_wanted.connect(self.writer.take_back)
        self.evidence.entry_chosen.connect(self._show_entry)
        self.left.mark_wanted.connect(self._go_to_mark)
        self.document.list_requested.connect(self.left.show_evidence)
        panel = self.panel
        panel.marked.connect(self.writer.mark)
        panel.override_ready.connect(self.writer.override)
        panel.final_ready.connect(self.writer.save_final)
        panel.return_ready.connect(self.writer.save_return)
        panel.jump_wanted.connect(self._go_to_mark)
        panel.bar.reveal_wanted.connect(self.writer.reveal)
        panel.bar.decided.connect(self._decide)
        panel.unsaved_changed.connect(self.unsaved_changed)
        panel.unsaved_changed.connect(self.header.show_saving)
        self.splitter.shares_changed.connect(self.layout_changed)


def marks_of_brief(brief: DecisionBrief) -> tuple[Annotation, ...]:
    """The assessor's marks that may be seen now: all that are for the approver, or only tied places."""
    if brief.recommendation is not None:
        return brief.annotations
    tied = {mark.id: mark for marks in brief.evidence_links.values() for mark in marks}
    return tuple(tied.values())
