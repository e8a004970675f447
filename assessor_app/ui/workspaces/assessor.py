"""The assessor's workspace: evidence, document and rubric side by side; rating, writing, marking, sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.submissions import Stage
from assessor_app.rubric.checks import Field, Place
from assessor_app.services import reading
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.announce import announce
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.scoring.panel import ScoringPanel
from assessor_app.ui.scoring.review_page import ReviewPage
from assessor_app.ui.scoring.rule_bar import result_words
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.assessment_writer import AssessmentWriter
from assessor_app.ui.workspaces.base import Workspace
from assessor_app.ui.workspaces.count_down import CountDown
from assessor_app.ui.workspaces.denial_mode import DenialMode
from assessor_app.ui.workspaces.evidence_actions import judging_of
from assessor_app.ui.workspaces.place_jump import PlaceJump
from assessor_app.ui.workspaces.review_mode import ReviewMode
from assessor_app.ui.workspaces.rubric_changes import RubricChanges
from assessor_app.ui.workspaces.standing import SHOW_CHANGES, assessor_banner
from assessor_app.ui.workspaces.time_keeper import TimeKeeper


class AssessorWorkspace(Workspace):
    """One submission, opened by its assessor. All is kept as it is done; only the review page sends."""

    shown = Signal(object)
    """OpenedSubmission, each time what is shown was read anew."""

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
        self.setObjectName("assessor_workspace")
        self.opened: OpenedSubmission | None = None
        self.writer = AssessmentWriter(lanes, submission_id, self)
        pane = PageStack(self.splitter)
        self.panel = ScoringPanel(pane)
        self._count_down = CountDown(self._tell_banner, self)
        self.review = ReviewPage(self._stack)
        self._stack.addWidget(self.review)
        self.review_mode = ReviewMode(lanes, self._stack, self.review, self.writer)
        self.rubric_changes = RubricChanges(self._stack, self.writer, self)
        self.panel.pictures = self.pictures
        self.denial = DenialMode(self.panel, self.evidence, self.writer, self.reload, pane)
        self._jump = PlaceJump(
            self.panel, self.evidence, self.document, self.marks_now, self.go_to_mark, self
        )
        self.lay_out(pane)
        self.connect_parts()
        self.following.use_panel(self.panel, self.marks_now)
        self._make_actions()
        self._connect()
        self.time = TimeKeeper(lanes, submission_id, now, self._keys, self, self.header.time_button)
        self.actions_made.add("time.pause", self.time.toggle)
        self.reload()

    # ---- for the window ----

    def panes(self) -> list[QWidget]:
        """The panes that F6 goes through."""
        if self.coverage_mode.is_shown:
            return [self.coverage]
        page = self._stack.currentWidget()
        if page is not None and page is not self.splitter:
            return [page]
        return [self.left, self.preview.front, self.denial.composer if self.denial.is_shown else self.panel]

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written is not committed yet."""
        return any(
            part.has_unsaved_edits
            for part in (self.panel, self.review, self.denial, self.document.feedback, self.around)
        )

    @Slot()
    def flush(self) -> None:
        """Start saving everything that is written: before leaving, locking or closing."""
        for part in (self.document, self.panel, self.review, self.denial, self.around):
            part.flush()

    def undo(self) -> None:
        """Take back the last rating or mark."""
        if self.opened is not None and self.opened.is_editable:
            self.flush()
            self.writer.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.opened is not None and self.opened.is_editable:
            self.flush()
            self.writer.redo()

    def escape(self) -> bool:
        """One step out: coverage, review, comment, selection, tool; from text to row, then document."""
        if self.coverage_mode.leave():
            return True
        if self._stack.currentWidget() is not self.splitter:
            self.show_rubric()
            return True
        if self.preview.leave() or self.document.escape() or self.denial.leave():
            return True
        focus: QWidget | None = self.focusWidget()
        card = self.panel.current
        if focus is not None and card is not None and card.feedback.isAncestorOf(focus):
            card.focus()
            return True
        return self.leave_for_document()

    def set_offline(self, is_offline: bool) -> None:
        """Nothing is disabled while offline; words change."""
        self.panel.bar.set_offline(is_offline)
        self.review.set_offline(is_offline)

    # ---- reading ----

    @Slot()
    def reload(self) -> None:
        """Read the submission again; a late answer is dropped."""
        submission_id = self.submission_id
        self._lanes.read(
            self, lambda context: reading.open_submission(context, submission_id), self._show, key="opened"
        )

    @Slot(object)
    def lanes_changed(self, changes: ChangeSet) -> None:
        """Something was committed: reload if it concerns what is shown."""
        if self.concerns(changes):
            self.reload()
            self.review_mode.refresh()

    def _show(self, opened: OpenedSubmission) -> None:
        before, self.opened = self.opened, opened
        submission = opened.submission
        self.header.show_submission(submission, Stage.ASSESSMENT, self._now(), is_due=opened.is_editable)
        self._count_down.tell()
        self.left.show_marks(opened.annotations, is_editable=opened.is_editable)
        self.panel.show_opened(opened)
        self.denial.show_opened(opened)
        self.review_mode.show_opened(opened)
        self.actions_made.adopt_rows([card.levels for card in self.panel.cards])
        self.document.set_editable(opened.is_editable)
        self.document.act.set_judging(judging_of(opened))
        self.document.set_annotations(opened.annotations)
        self.preview.show_opened(opened)
        self.document.feedback.show_stored(
            opened.assessment.artifact_feedback, is_editable=opened.is_editable
        )
        self.show_evidence(submission, opened.rubric, opened.evidence, opened.annotations)
        self.following.refresh()
        self.around.show(opened)
        self.actions_made.tell_undo(opened.undo_label, opened.redo_label)
        self.actions_made.set_enabled("send.page", opened.is_editable)
        self.rubric_changes.show_opened(opened, self.actions_made)
        if before is not None and before.verdict.result is not opened.verdict.result:
            announce(self, result_words(opened.verdict.result))
        self.shown.emit(opened)
        if opened.refused and (before is None or not before.is_editable):
            self._go_to_place(opened.refused[0])

    def _tell_banner(self) -> bool:
        """Say how it stands; whether those words change with the time."""
        if self.opened is None:
            return False
        criteria = enumerate(self.opened.rubric.criteria, 1)
        short = {c.id: self.tr("Criterion {n}").format(n=n) for n, c in criteria}
        banner = assessor_banner(self.opened, self._now())
        self.banner.show_banner(banner, short)
        self.actions_made.set_enabled("send.take_back", banner is not None and banner.can_take_back)
        return banner is not None and banner.counts_down

    # ---- back from other pages ----

    @Slot()
    def show_rubric(self) -> None:
        """Back from the review, or from what changed in the rubric."""
        self._stack.setCurrentWidget(self.splitter)
        self.panel.focus_current()

    @Slot(object)
    def _go_to_place(self, place: Place) -> None:
        if place.field is Field.RUBRIC:
            self.rubric_changes.show_page()
            return
        self._stack.setCurrentWidget(self.splitter)
        self._jump.go_to(place)

    @Slot()
    def _sent(self) -> None:
        self._stack.setCurrentWidget(self.splitter)
        self.evidence.setFocus()

    @Slot(str)
    def _act(self, act: str) -> None:
        if act == SHOW_CHANGES:
            self.rubric_changes.show_page()

    @Slot(str, bool)
    def _compared(self, _submission_id: str, and_send: bool) -> None:
        if and_send:
            self.review_mode.show()

    @Slot()
    def _refused(self) -> None:
        self.document.discard_pending()
        self.reload()

    # ---- inside ----

    @Slot(str)
    def go_to_criterion(self, criterion_id: str) -> None:
        """Go to a criterion's card."""
        card = self.panel.card_of(CriterionId(criterion_id))
        if card is not None:
            self.panel.go_to(card)

    def _make_actions(self) -> None:
        add, panel = self.actions_made.add, self.panel
        add("edit.undo", self.undo)
        add("edit.redo", self.redo)
        add("escape", self.escape)
        add("criterion.next", lambda: panel.step(1))
        add("criterion.previous", lambda: panel.step(-1))
        add("criterion.next_unrated", panel.next_unrated)
        add("criterion.next_unmet", lambda: panel.next_unmet(1))
        add("criterion.previous_unmet", lambda: panel.next_unmet(-1))
        add("rubric.changes", self.rubric_changes.show_page)
        add("criterion.not_scorable", panel.open_not_scorable)
        add("feedback.artifact", self.preview.write_on_piece)
        add("send.page", self.review_mode.show)
        add("send.take_back", self.writer.take_back)
        self.denial.add_actions(self.actions_made)
        self.actions_made.add_row_actions(panel.set_level, panel.clear_level, panel.write_feedback)

    def _connect(self) -> None:
        self.writer.refused.connect(self._refused)
        self._lanes.changed.connect(self.lanes_changed)
        self.banner.take_back_wanted.connect(self.writer.take_back)
        self.banner.act_wanted.connect(self._act)
        self.around.marking.connect(self.writer.mark_not_scorable)
        self.around.comparing.finished.connect(self._compared)
        self.left.marks_edited.connect(self.writer.edit_marks)
        self.document.annotation_created.connect(self.writer.create_mark)
        self.document.marks_edited.connect(self.writer.edit_marks)
        self.document.feedback.ready.connect(self.writer.save_artifact_feedback)
        self.document.act.not_scorable.connect(self.writer.mark_not_scorable)
        panel = self.panel
        panel.rating_ready.connect(self.writer.save_rating)
        panel.feedback_ready.connect(self.writer.save_feedback)
        panel.overall_ready.connect(self.writer.save_overall)
        panel.note_ready.connect(self.writer.save_note)
        panel.jump_wanted.connect(self.go_to_mark)
        panel.review_wanted.connect(self.review_mode.show)
        self.document.feedback.unsaved_changed.connect(self.unsaved_changed)
        self.denial.unsaved_changed.connect(self.unsaved_changed)
        panel.unsaved_changed.connect(self.unsaved_changed)
        panel.unsaved_changed.connect(self.header.show_saving)
        panel.compare_wanted.connect(self.comparing.show_changed)
        self.rubric_changes.leave_wanted.connect(self.show_rubric)
        self.rubric_changes.flush_wanted.connect(self.flush)
        self.review_mode.flush_wanted.connect(self.flush)
        self.review_mode.sent.connect(self._sent)
        self.review.back_wanted.connect(self.show_rubric)
        self.review.preview_wanted.connect(self.preview.toggle)
        self.preview.front_wanted.connect(self.show_rubric)
        self.review.place_wanted.connect(self._go_to_place)
