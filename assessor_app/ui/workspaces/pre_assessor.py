"""The pre-assessor's workspace: the same evidence and document, and only whether everything is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import Stage
from assessor_app.services import pre_assessing
from assessor_app.services.pre_assessing import OpenedPreAssessment
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.scoring.completion.completion_panel import CompletionPanel
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.banner import Banner
from assessor_app.ui.workspaces.base import Workspace
from assessor_app.ui.workspaces.ended_banner import ended_banner
from assessor_app.ui.workspaces.pre_assessment_writer import PreAssessmentWriter
from assessor_app.ui.workspaces.standing import due_words, latest_item, sending_banner

translate = QCoreApplication.translate


class PreAssessorWorkspace(Workspace):
    """One submission, opened by its pre-assessor: complete or not, never how good."""

    shown = Signal(object)
    """OpenedPreAssessment, each time what is shown was read anew."""

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
        self.setObjectName("pre_assessor_workspace")
        self.opened: OpenedPreAssessment | None = None
        self.writer = PreAssessmentWriter(lanes, submission_id, self)
        self.panel = CompletionPanel(self.splitter)
        self.lay_out(self.panel)
        self.connect_parts()
        self._make_actions()
        self._connect()
        self.document.set_editable(False)
        self.reload()

    # ---- for the window ----

    def panes(self) -> list[QWidget]:
        """The panes that F6 goes through."""
        return [self.coverage] if self.coverage_mode.is_shown else [self.left, self.document, self.panel]

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written is not committed yet."""
        return self.panel.has_unsaved_edits

    def flush(self) -> None:
        """Start saving everything that is written: before leaving, locking or closing."""
        self.panel.flush()
        self.around.flush()

    def undo(self) -> None:
        """What was found is changed in place: there is nothing to take back here."""

    def redo(self) -> None:
        """There is nothing to do again here."""

    def escape(self) -> bool:
        """One step out: the question, the document's own steps, from a note to its row, the document."""
        if self.coverage_mode.leave() or self.panel.cancel() or self.document.escape():
            return True
        focus: QWidget | None = self.focusWidget()
        current = self.panel.current
        if focus is not None and current is not None and current.isAncestorOf(focus):
            self.panel.go_to(current)
            return True
        return self.leave_for_document()

    def set_offline(self, is_offline: bool) -> None:
        """Nothing is disabled while offline; words change."""
        self.panel.set_offline(is_offline)

    # ---- reading ----

    @Slot()
    def reload(self) -> None:
        """Read the submission again; a late answer is dropped."""
        submission_id = self.submission_id
        self._lanes.read(
            self,
            lambda context: pre_assessing.open_submission(context, submission_id),
            self._show,
            key="opened",
        )

    @Slot(object)
    def lanes_changed(self, changes: ChangeSet) -> None:
        """Something was committed: reload if it concerns what is shown."""
        if self.concerns(changes):
            self.reload()

    def _show(self, opened: OpenedPreAssessment) -> None:
        self.opened = opened
        submission = opened.submission
        due, tone = "", "quiet"
        if opened.is_editable:
            due, tone = due_words(submission, Stage.PRE_ASSESSMENT, self._now())
        self.header.show_words(
            code=submission.code,
            title=submission.title,
            due=due,
            due_tone=tone,
            more=self.tr("Resubmission") if submission.prior else "",
        )
        self.around.ended.show_ending(opened.submission.code, opened.ending)
        banner = pre_assessor_banner(opened, self._now())
        self.banner.show_banner(banner, {})
        self.panel.show_opened(opened)
        self.actions_made.adopt_rows(self.panel.rows)
        self.show_evidence(submission, opened.rubric, opened.evidence, ())
        self.actions_made.set_enabled("send.page", opened.is_editable)
        self.actions_made.set_enabled("send.take_back", banner is not None and banner.can_take_back)
        self.shown.emit(opened)

    # ---- inside ----

    @Slot(str)
    def go_to_criterion(self, _criterion_id: str) -> None:
        """Nothing is rated here."""

    def _make_actions(self) -> None:
        add, panel = self.actions_made.add, self.panel
        add("escape", self.escape)
        add("criterion.next", lambda: panel.step(1))
        add("criterion.previous", lambda: panel.step(-1))
        add("criterion.next_unrated", panel.next_open)
        add("send.page", panel.ask_to_send)
        add("send.take_back", self.writer.take_back)
        self.actions_made.add_row_actions(panel.say, lambda: panel.say(0), self._write_note)

    def _write_note(self) -> None:
        row = self.panel.current
        if row is not None and row.note.isVisibleTo(row):
            row.note.edit.setFocus()

    def _connect(self) -> None:
        self._lanes.changed.connect(self.lanes_changed)
        self.writer.refused.connect(self.reload)
        self.banner.take_back_wanted.connect(self.writer.take_back)
        panel = self.panel
        panel.check_ready.connect(self.writer.save_check)
        panel.feedback_ready.connect(self.writer.save_feedback)
        panel.send_wanted.connect(self._send)
        panel.unsaved_changed.connect(self.unsaved_changed)
        panel.unsaved_changed.connect(self.header.show_saving)

    @Slot()
    def _send(self) -> None:
        """Behind everything that is still to be committed: the write lane keeps the order."""
        self.flush()
        self.writer.send()


def pre_assessor_banner(opened: OpenedPreAssessment, now: datetime) -> Banner | None:
    """What stands above the pre-assessor's work; None while there is nothing to say."""
    item = latest_item(opened.outbox, OutboxKind.PRE_ASSESSMENT)
    if opened.ending is not None:
        return ended_banner(opened.ending, item, now)
    if item is not None and (not opened.is_editable or item.state is not OutboxState.ACKED):
        return sending_banner(item, now, next_step="")
    if opened.is_editable:
        return None
    words = opened.labels.get(opened.submission.status, "") or translate("Standing", "Read-only")
    text = translate("Standing", "It is not with you now. What you wrote is kept.")
    return Banner("true", "lock", words, (text,))
