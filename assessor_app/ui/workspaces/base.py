"""What the workspaces of a submission share: header, banner, three panes, their keys, and reading again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import Artifact, EvidenceFile, Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.ui.changes import concerns_submission
from assessor_app.ui.exporting import ExportDialog
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.room_scroll import shown_height
from assessor_app.ui.scoring.bank.at_hand import CommentsAtHand
from assessor_app.ui.scoring.bank.writing import Writing
from assessor_app.ui.scoring.link_pictures import LinkPictures
from assessor_app.ui.sending.around import AroundSubmission
from assessor_app.ui.sending.ended_acts import EndedPanes
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.words.spell_check import SpellCheck
from assessor_app.ui.workspaces.actions import WorkspaceActions
from assessor_app.ui.workspaces.banner_view import BannerView, WorkspaceHeader
from assessor_app.ui.workspaces.comparing import Comparing
from assessor_app.ui.workspaces.coverage_mode import CoverageMode
from assessor_app.ui.workspaces.coverage_page import CoveragePage
from assessor_app.ui.workspaces.document_place import DocumentPlace
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry, evidence_groups, files_beside
from assessor_app.ui.workspaces.evidence_standing import EvidenceStanding, criteria_served, places_of
from assessor_app.ui.workspaces.export_choice import exportable
from assessor_app.ui.workspaces.left_pane import LeftPane
from assessor_app.ui.workspaces.lost_marks import LostMarks
from assessor_app.ui.workspaces.mark_following import MarkFollowing
from assessor_app.ui.workspaces.panes_splitter import PanesSplitter
from assessor_app.ui.workspaces.preview_mode import PreviewMode
from assessor_app.ui.workspaces.reading_keeper import ReadingKeeper
from assessor_app.ui.workspaces.writing_place import OpenPlace, writing_of


class Workspace(QWidget):
    """One open submission: evidence on the left, the document, and what is made of it on the right.

    An heir has a panel, reads what it shows in `reload`, and keeps what is written in `flush`.
    """

    close_requested = Signal()
    """Back to the inbox."""
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
        """Build the parts that all workspaces have.

        Args:
            lanes: where verbs and reads run.
            submission_id: what to open.
            now: the present, aware.
            keys: words and keys.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setAccessibleName(self.tr("Submission"))
        self._lanes, self._now, self._keys = lanes, now, keys or KeyTable()
        self.submission_id = submission_id
        self._is_sharing = False
        self._shown: tuple[Submission, RubricVersion, Sequence[EvidenceFile]] | None = None
        self._marks: tuple[Annotation, ...] = ()
        self.header = WorkspaceHeader(self)
        self.banner = BannerView(self)
        # From the outermost inwards: a full part that is put into another one has its whole look made anew.
        self._middle = PageStack(self)
        self._stack = PageStack(self._middle)
        self.splitter = PanesSplitter(self._stack)
        self._stack.addWidget(self.splitter)
        self._middle.addWidget(self._stack)
        self.left = LeftPane(self.splitter)
        self.evidence = self.left.evidence
        middle_pane = PageStack(self.splitter)
        self.document = DocumentPlace(lanes, self._keys, now, middle_pane)
        self.reading = ReadingKeeper(lanes, submission_id, self)
        self.pictures = LinkPictures(lanes, submission_id, self)
        self.coverage = CoveragePage(self._middle)
        self.coverage_mode = CoverageMode(self._middle, self.coverage, self._prepare_coverage)
        self.following = MarkFollowing(self.left.marks, self.document, self._show_mark, self)
        self.actions_made = WorkspaceActions(self, self._keys)
        self.around = AroundSubmission(self, lanes, submission_id, now, self.following)
        self.spelling = SpellCheck(self, lanes)
        self.preview = PreviewMode(self.document, self.actions_made, middle_pane)
        self.comments = CommentsAtHand(self, lanes, now, self._writing_of)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A banner is folded where the work needs the room."""
        super().resizeEvent(event)
        self._share_height()

    def event(self, event: QEvent) -> bool:
        """So it is when a line comes above it."""
        if event.type() == QEvent.Type.LayoutRequest:
            # First: what is folded only afterwards would have made the window higher already.
            self._share_height()
        return super().event(event)

    def _share_height(self) -> None:
        if self._is_sharing:
            return
        self._is_sharing = True
        above = (self.header, self.around.notice, self.around.continued)
        room = shown_height(self) - sum(part.height() for part in above if not part.isHidden())
        self.banner.fit(room, self._middle.minimumSizeHint().height())
        self._is_sharing = False

    # ---- for the window ----

    def reset_layout(self) -> None:
        """Panes as wide as at first."""
        self.splitter.reset()

    def set_layout_shares(self, shares: tuple[int, ...]) -> None:
        """Panes as wide as the person had them."""
        self.splitter.set_shares(shares)

    def flush(self) -> None:
        """Start saving everything that is written: before leaving, locking or closing."""

    def reload(self) -> None:
        """Read the submission again; a late answer is dropped."""

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever looks elsewhere has finished a sentence: keep it."""
        super().hideEvent(event)
        self.flush()
        self.reading.flush()

    # ---- for heirs ----

    def marks_now(self) -> tuple[Annotation, ...]:
        """All marks that may be seen now."""
        return self._marks

    def concerns(self, changes: ChangeSet) -> bool:
        """Whether a change is about this submission."""
        return concerns_submission(changes, self.submission_id)

    def leave_for_document(self) -> bool:
        """Put the keyboard on the document; False if it is there already, or nowhere."""
        focus: QWidget | None = self.focusWidget()
        if focus is None or self.document.isAncestorOf(focus):
            return False
        self.document.focus_document()
        return True

    def show_evidence(
        self,
        submission: Submission,
        rubric: RubricVersion,
        files: Sequence[EvidenceFile],
        marks: Sequence[Annotation],
    ) -> None:
        """Show what was handed in; the piece that is open stays open, at first it is the first.

        Args:
            submission: what was handed in.
            rubric: what was asked.
            files: where each file stands on this machine.
            marks: all that may be seen now.
        """
        if self._shown is not None and self._shown[2] != files:
            self.pictures.forget_failures()
        self._shown, self._marks = (submission, rubric, files), tuple(marks)
        self.document.set_criteria([(c.id, one_line(c.text)) for c in rubric.criteria])
        self.comparing.show(submission, rubric)
        self.spelling.use_rubric(rubric)
        self._tell_standing()
        entry = self.evidence.current_entry()
        if entry is not None:
            self._show_entry(entry)
        elif self.evidence.entries():
            self.evidence.select(self.evidence.entries()[0].key)

    def lay_out(self, panel: QWidget) -> None:
        """Put the parts together.

        Args:
            panel: the right pane; best made in the splitter.
        """
        for pane in (self.left, self.preview.pane, panel):
            self.splitter.addWidget(pane)
        self.around.ended.use(EndedPanes(self.left, self.preview.pane, panel))
        self._middle.addWidget(self.coverage)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.around.notice)
        layout.addWidget(self.around.continued)
        layout.addWidget(self.banner)
        layout.addWidget(self._middle, 1)
        self.setFocusProxy(self.left)

    def connect_parts(self) -> None:
        """Connect what all workspaces have."""
        self.header.back_wanted.connect(self.close_requested)
        self.banner.criterion_wanted.connect(self.go_to_criterion)
        self.evidence.entry_chosen.connect(self._show_entry)
        self.left.mark_wanted.connect(self.go_to_mark)
        self.document.list_requested.connect(self.left.show_evidence)
        self.splitter.shares_changed.connect(self.layout_changed)
        self.actions_made.add("workspace.close", self.close_requested.emit)
        self.actions_made.add("item.next", lambda: self.evidence.step(1))
        self.actions_made.add("item.previous", lambda: self.evidence.step(-1))
        self.actions_made.add("view.asked", self.document.asked.toggle_open)
        self.actions_made.add("view.skill", self.document.asked.toggle_skill)
        self.actions_made.add("view.coverage", self.coverage_mode.toggle)
        self.actions_made.add("evidence.export", self.export)
        self.around.serve(self.actions_made, self.evidence, self.banner.act_wanted, self.close_requested)
        self.document.act.report_wanted.connect(self.around.report)
        self.actions_made.add("spelling.suggest", self.spelling.suggest)
        self.actions_made.add("spelling.language", self.spelling.ask_language)
        self.actions_made.add("feedback.preview", self.preview.toggle)
        self.preview.front_wanted.connect(self.coverage_mode.leave)
        self.actions_made.add("bank.insert", self.comments.ask)
        self.actions_made.add("bank.keep", self.comments.keep)
        self.addActions(self.document.view.actions())
        LostMarks(self.left.marks, self.document, self)
        self.comparing = Comparing(
            self.document, self.splitter, self.evidence, self.actions_made, self._lanes
        )
        self.reading.changed.connect(self._tell_standing)
        self.document.view.read_on.connect(self.reading.add)
        self.document.asked.criterion_wanted.connect(self.go_to_criterion)
        self.document.asked.coverage_wanted.connect(self.coverage_mode.toggle)
        coverage = self.coverage_mode
        coverage.opened.connect(self._tell_standing)
        coverage.left.connect(self.document.focus_document)
        coverage.criterion_wanted.connect(self.go_to_criterion)
        coverage.mark_wanted.connect(self.go_to_mark)
        coverage.piece_wanted.connect(self.evidence.select)

    def _writing_of(self, edit: QWidget) -> Writing:
        """Where a text is written: for comments that fit there."""
        if self._shown is None:
            return Writing()
        entry = self.evidence.current_entry()
        item = entry.item if entry is not None and isinstance(entry.item, Artifact) else None
        page = self.document.viewer.pages.page if self.document.shows_pages() else None
        opened = OpenPlace(item.id, page) if item is not None else OpenPlace()
        return writing_of(edit, self._shown[0], self._shown[1], self._marks, opened)

    # ---- export ----

    @Slot()
    def export(self) -> None:
        """Ask what goes into an annotated copy, and where to; the dialog does the rest."""
        if self._shown is None:
            return
        self.flush()
        what = exportable(self._shown[0], self._marks, self.evidence.current_entry(), self.document)
        dialog = ExportDialog(self._lanes, what, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # ---- where everything stands ----

    def _prepare_coverage(self) -> bool:
        if self._shown is None:
            return False
        self.flush()
        return True

    @Slot()
    def _tell_standing(self) -> None:
        """What was read, and which criteria are served: in the list, above the document, in the table."""
        if self._shown is None:
            return
        submission, rubric, files = self._shown
        written_on = self.document.feedback.written_on
        standing = EvidenceStanding(self.reading.states, criteria_served(rubric, self._marks), written_on)
        groups = evidence_groups(submission, rubric, files, standing, self.document.matches)
        self.left.show_groups(groups, [(c.id, one_line(c.text)) for c in rubric.criteria])
        if self.coverage_mode.is_shown:
            self.coverage.show_coverage(rubric, groups, self._marks)
        self._tell_served(self.evidence.current_entry())

    def _tell_served(self, entry: EvidenceEntry | None) -> None:
        if self._shown is None or entry is None:
            return
        criteria = self._shown[1].criteria
        self.document.asked.show_served(
            [(n, criteria[n - 1].id, one_line(criteria[n - 1].text)) for n in entry.criteria]
        )

    @Slot(object)
    def go_to_mark(self, mark: Annotation) -> None:
        """Bring a mark into view and pick it, on whatever evidence it stands."""
        self.following.show((mark.id,))
        self._show_mark(mark)

    def _show_mark(self, mark: Annotation) -> None:
        self.document.go_to_mark(mark)
        for entry in self.evidence.entries():
            if entry.item is not None and mark.anchor.source_id in places_of(entry.item):
                self.evidence.select(entry.key)
        self.document.open_snapshot_of(mark)

    @Slot(str)
    def go_to_criterion(self, criterion_id: str) -> None:
        """Go to a criterion of the panel."""

    @Slot(object)
    def _show_entry(self, entry: EvidenceEntry) -> None:
        if self._shown is not None:
            self.document.show_entry(entry, *self._shown)
            self._tell_served(entry)
            self.document.view.ahead.expect(self._shown[0].id, files_beside(self.evidence.entries(), entry))
