"""The middle of a workspace: what was asked above what was answered, whatever kind of evidence it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId, SubmissionId
from assessor_app.domain.matches import Match
from assessor_app.domain.submissions import Artifact, EvidenceFile, EvidenceState, Link, Response, Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services import reading, renditions
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.reading_page import ReadingPage
from assessor_app.ui.room_scroll import shown_height
from assessor_app.ui.scoring.likeness.likeness_view import LikenessView
from assessor_app.ui.scoring.piece_feedback import PieceFeedback
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.compare.compare_view import CompareView
from assessor_app.ui.viewers.compare.versions import Comparison
from assessor_app.ui.viewers.evidence_view import EvidenceView
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.workspaces.about_pages import blocks_of
from assessor_app.ui.workspaces.asked_header import AskedHeader
from assessor_app.ui.workspaces.changed_notice import ChangedNotice
from assessor_app.ui.workspaces.evidence_actions import EvidenceActions
from assessor_app.ui.workspaces.evidence_entries import EntryKind, EvidenceEntry
from assessor_app.ui.workspaces.snapshot_bar import SnapshotBar


class DocumentPlace(QWidget):
    """Shows one piece of evidence at a time and hands on what is marked on it."""

    annotation_created = Signal(object)
    """AnnotationDraft."""
    marks_edited = Signal(object)
    """MarksEdit."""
    marks_picked = Signal(tuple)
    """Ids of the marks that the person selected here."""
    list_requested = Signal()
    """The person wants the list of evidence."""
    compare_wanted = Signal()
    """The person wants to see what changed in the piece at hand."""
    comparing = Signal(bool)
    """A comparison is in front, or no more."""

    def __init__(
        self, lanes: Lanes, keys: KeyTable, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        """Begin empty.

        Args:
            lanes: where files are found, opened and drawn.
            keys: words and keys.
            now: the present, aware.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setAccessibleName(self.tr("Document"))
        self._lanes, self._keys, self._now = lanes, keys, now
        self.comparison: CompareView | None = None
        """Made with the first comparison."""
        self._annotations: Sequence[Annotation] = ()
        self._entry: EvidenceEntry | None = None
        self._before: QWidget | None = None
        self._has_notice = self._is_sharing = False
        self._state: tuple[object, ...] = ()
        self.asked = AskedHeader(self)
        self.notice = ChangedNotice(keys, self)
        self._stack = PageStack(self)
        self.view = EvidenceView(lanes, keys, reading.source_at_hand, self._stack)
        self.page = ReadingPage(self._stack)
        self.likeness = LikenessView(self._stack)
        self.matches: Sequence[Match] = ()
        self.snapshot_bar = SnapshotBar(self)
        self.feedback = PieceFeedback(keys, self)
        self.act = EvidenceActions(lanes, self.view)
        self._snapshot: tuple[SubmissionId, Link] | None = None
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.likeness)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.asked)
        layout.addWidget(self.snapshot_bar)
        layout.addWidget(self.notice)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.feedback)
        self.view.annotation_created.connect(self.annotation_created)
        self.view.marks_edited.connect(self.marks_edited)
        self.view.marks_picked.connect(self.marks_picked)
        self.view.list_requested.connect(self.list_requested)
        self.view.link.snapshot_wanted.connect(self.show_snapshot)
        self.snapshot_bar.back_wanted.connect(self._show_link_again)
        self.notice.compare_wanted.connect(self.compare_wanted)
        self.feedback.left.connect(self.focus_document)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was asked is folded where the document needs the room."""
        super().resizeEvent(event)
        self._share_height()

    def event(self, event: QEvent) -> bool:
        """So it is when a line comes above the document, or the field below it opens."""
        if event.type() == QEvent.Type.LayoutRequest:
            # First: what is folded only afterwards would have made the window higher already.
            self._share_height()
        return super().event(event)

    def _share_height(self) -> None:
        if self._is_sharing:
            return
        self._is_sharing = True
        others = (self.snapshot_bar, self.notice, self.feedback)
        taken = sum(part.sizeHint().height() for part in others if not part.isHidden())
        self.asked.fit(shown_height(self) - taken, self._stack.minimumSizeHint().height())
        self._is_sharing = False

    # ---- what comes in ----

    def show_entry(
        self,
        entry: EvidenceEntry,
        submission: Submission,
        rubric: RubricVersion,
        files: Sequence[EvidenceFile],
    ) -> None:
        """Show a piece of evidence beside what was asked; what is shown already stays as it is.

        Args:
            entry: the line of the evidence list.
            submission: what was handed in.
            rubric: what was asked.
            files: where each file stands, so that one that has just arrived is opened.
        """
        state = (entry.key, submission.id, _readiness(entry, files))
        if state == self._state:
            if self.comparison is not None and self.is_comparing():
                self.comparison.retry_missing()
            return
        was_in_snapshot = self.snapshot_bar.isVisible() and self._state[:1] == state[:1]
        self.end_comparison()
        self._entry, self._state = entry, state
        self.asked.show_entry(rubric, entry)
        self.notice.show_entry(entry, submission)
        self._has_notice = not self.notice.isHidden()
        item = entry.item
        self.snapshot_bar.hide()
        self._snapshot = (submission.id, item) if isinstance(item, Link) else None
        self.act.show_for(submission, entry.requirement_id, item)
        self.feedback.show_piece(item.id if item is not None else "", entry.title)
        if isinstance(item, Artifact):
            self.view.show_artifact(submission.id, item)
        elif isinstance(item, Response):
            prompt = rubric.prompt(item.prompt_id)
            words = prompt.text if prompt is not None else ""
            self.view.show_response(item, words, entry.title, submission.id)
        elif isinstance(item, Link):
            self.view.show_link(item)
            if was_in_snapshot:
                self.show_snapshot()
        elif entry.kind is EntryKind.MATCHES:
            self.view.flush()
        else:
            self.view.flush()
            self.page.show_blocks(entry.title, blocks_of(entry, submission, rubric, self._now()))
        is_evidence = isinstance(item, Artifact | Response | Link)
        page = self.likeness if entry.kind is EntryKind.MATCHES else self.page
        self._stack.setCurrentWidget(self.view if is_evidence else page)

    @Slot()
    def show_snapshot(self) -> None:
        """Show what the platform captured behind the link at hand."""
        if self._snapshot is not None and self._snapshot[1].snapshot is not None:
            submission_id, link = self._snapshot
            self.snapshot_bar.show_link(link)
            self.view.show_artifact(submission_id, self._snapshot[1].snapshot)

    @Slot()
    def _show_link_again(self) -> None:
        if self._snapshot is not None:
            self.snapshot_bar.hide()
            self.view.show_link(self._snapshot[1])
            self.view.setFocus()

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of the submission."""
        self._annotations = annotations
        self.view.set_annotations(annotations, read_only)
        if self.comparison is not None and self.is_comparing():
            self.comparison.set_annotations(annotations)

    # ---- comparing ----

    def is_comparing(self) -> bool:
        """Whether a comparison is in front."""
        return self.comparison is not None and self._stack.currentWidget() is self.comparison

    def compare(self, wanted: Comparison) -> None:
        """Bring a comparison to the front; what was open stays as it is behind it."""
        self.flush()
        page = self.viewer.pages.page if self.shows_pages() else 0
        if self.comparison is None:
            self.comparison = CompareView(self._lanes, self._keys, renditions.pages_first, self._stack)
            self._stack.addWidget(self.comparison)
            self.comparison.closed.connect(self.end_comparison)
        self.asked.hide()
        self.notice.hide()
        self._before = self._stack.currentWidget()
        self._stack.setCurrentWidget(self.comparison)
        self.view.set_detour(self.comparison)
        self.comparing.emit(True)
        self.comparison.open(wanted, page)
        self.comparison.set_annotations(self._annotations)

    def run_in_comparison(self, entry_id: str) -> None:
        """Run a command of the comparison in front."""
        if self.comparison is not None and self.is_comparing():
            self.comparison.commands()[entry_id]()

    @Slot()
    def end_comparison(self) -> None:
        """Back to the evidence, where the reader was."""
        if self.comparison is None or not self.is_comparing():
            return
        self.comparison.close_file()
        self._stack.setCurrentWidget(self._before or self.view)
        self.asked.show()
        self.notice.setVisible(self._has_notice)
        self.view.set_detour(None)
        self.comparing.emit(False)
        self.focus_document()

    def set_matches(self, code: str, matches: Sequence[Match]) -> None:
        """What the submission `code` shares with others, as far as the reader may know of it now.

        They are forgotten at once when they are covered again.
        """
        self.matches = matches
        self.likeness.show_matches(code, matches)

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to."""
        self.view.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self.view.set_editable(is_editable)

    @property
    def viewer(self) -> PagesViewer:
        """The viewer of what has pages."""
        return self.view.pages

    def shows_pages(self) -> bool:
        """Whether a document with pages is in front."""
        return self._stack.currentWidget() is self.view and isinstance(self.view.viewer, PagesViewer)

    def go_to_mark(self, mark: Annotation) -> None:
        """Bring a mark into view, at once or as soon as its evidence is there."""
        self.view.select_annotation(mark)

    def open_snapshot_of(self, mark: Annotation) -> None:
        """Open the snapshot at hand if a mark stands on it and it is not open yet."""
        link = self._snapshot[1] if self._snapshot is not None else None
        is_on_it = (
            link is not None and link.snapshot is not None and link.snapshot.id == mark.anchor.source_id
        )
        if is_on_it and self.view.source_id != mark.anchor.source_id:
            self.show_snapshot()

    # ---- keyboard ----

    def escape(self) -> bool:
        """One step out; False when there is nothing to leave."""
        if self.feedback.escape():
            return True
        if self.comparison is not None and self.is_comparing():
            return self.comparison.escape()
        return self._stack.currentWidget() is self.view and self.view.escape()

    def flush(self) -> None:
        """Hand on the comment that is being typed, and save the feedback on the piece."""
        self.view.flush()
        self.feedback.flush()

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.view.discard_pending()

    @Slot()
    def focus_document(self) -> None:
        """Put the keyboard on what is shown."""
        shown = self._stack.currentWidget()
        if shown is not None:
            shown.setFocus()


def _readiness(entry: EvidenceEntry, files: Sequence[EvidenceFile]) -> tuple[str, ...]:
    """Which files of an artifact can be read; another answer means another document to open."""
    file = entry.item.snapshot if isinstance(entry.item, Link) else entry.item
    if not isinstance(file, Artifact):
        return ()
    artifact_id = file.id
    return tuple(
        file.blob_id
        for file in files
        if file.artifact_id == artifact_id and file.state in (EvidenceState.READY, EvidenceState.DAMAGED)
    )
