"""The middle of a workspace: what was asked above what was answered, whatever kind of evidence it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from assessor_app.documents.pages import DocumentInfo, EvidenceSource
from assessor_app.domain.annotations import Annotation, SourceKind
from assessor_app.domain.ids import AnnotationId, CriterionId, SubmissionId
from assessor_app.domain.submissions import Artifact, Link, Submission
from assessor_app.errors import KnownError
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services import reading
from assessor_app.ui.external_links import open_external
from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.base import Command, EvidenceViewer
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.workspaces.about_pages import blocks_of
from assessor_app.ui.workspaces.asked_header import AskedHeader
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry
from assessor_app.ui.workspaces.reading_page import Block, ReadingPage


class DocumentPlace(QWidget):
    """Shows one piece of evidence at a time and hands on what is marked on it."""

    annotation_created = Signal(object)
    """AnnotationDraft."""
    annotation_changed = Signal(object)
    """Annotation."""
    annotation_deleted = Signal(str)
    """Id of a mark."""

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
        self._lanes, self._now = lanes, now
        self._entry: EvidenceEntry | None = None
        self._submission_id: SubmissionId | None = None
        self._wanted_mark: Annotation | None = None
        self._is_waiting = False
        self.asked = AskedHeader(self)
        self.viewer = PagesViewer(lanes, keys, self)
        self.page = ReadingPage(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.viewer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.asked)
        layout.addWidget(self._stack, 1)
        self.viewer.annotation_created.connect(self.annotation_created)
        self.viewer.annotation_changed.connect(self.annotation_changed)
        self.viewer.annotation_deleted.connect(self.annotation_deleted)
        self._annotations: tuple[Annotation, ...] = ()

    # ---- what comes in ----

    def show_entry(self, entry: EvidenceEntry, submission: Submission, rubric: RubricVersion) -> None:
        """Show a piece of evidence beside what was asked; what is shown already stays as it is."""
        if self._entry == entry and self._submission_id == submission.id and not self._is_waiting:
            return
        self._entry, self._submission_id = entry, submission.id
        self.asked.show_entry(rubric, entry)
        self._is_waiting = False
        if isinstance(entry.item, Artifact):
            self._find(entry.item)
            return
        self.viewer.close_document()
        buttons = [self._link_button()] if isinstance(entry.item, Link) else []
        self.page.show_blocks(entry.title, blocks_of(entry, submission, rubric, self._now()), buttons)
        self._stack.setCurrentWidget(self.page)

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of the submission."""
        self._annotations = tuple(annotations)
        self.viewer.set_annotations(annotations, read_only)

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to."""
        self.viewer.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self.viewer.set_editable(is_editable)

    def go_to_mark(self, mark: Annotation) -> None:
        """Bring a mark into view, at once or as soon as its document is there."""
        self._wanted_mark = mark
        self._try_mark()

    def key_of(self, mark: Annotation) -> str:
        """The key of the evidence list's line that a mark stands on."""
        kind = "response" if mark.anchor.source_kind is SourceKind.RESPONSE else "artifact"
        return f"{kind}:{mark.anchor.source_id}"

    # ---- keyboard ----

    def commands(self) -> Mapping[str, Command]:
        """What is done here for ids of the table of keys."""
        return self.viewer.commands()

    def shows_pages(self) -> bool:
        """Whether a document with pages is shown, so that its commands mean something."""
        return self._stack.currentWidget() is self.viewer

    def escape(self) -> bool:
        """One step out; False when there is nothing to leave."""
        return self.shows_pages() and self.viewer.escape()

    def flush(self) -> None:
        """Hand on the comment that is being typed."""
        self.viewer.flush()

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.viewer.discard_pending()

    def focus_document(self) -> None:
        """Put the keyboard on what is shown."""
        shown = self._stack.currentWidget()
        if shown is not None:
            shown.setFocus()

    @property
    def evidence_viewer(self) -> EvidenceViewer:
        """The viewer of files, for those who drive it."""
        return self.viewer

    # ---- inside ----

    def _find(self, artifact: Artifact) -> None:
        """Find the file, have the worker open it, show it; each answer may come too late and is dropped."""
        submission_id, entry = self._submission_id, self._entry
        assert submission_id is not None

        def query(context: Any) -> EvidenceSource:
            return reading.evidence_source(context, submission_id, artifact.id)

        def done(source: EvidenceSource) -> None:
            if self._entry is entry:
                self._open(source, artifact)

        def failed(error: KnownError) -> None:
            if self._entry is entry:
                self._is_waiting = True
                self._show_trouble(artifact, error)

        self._lanes.read(self, query, done, failed=failed, key="source")

    def _open(self, source: EvidenceSource, artifact: Artifact) -> None:
        entry = self._entry

        def query(context: Any) -> DocumentInfo:
            info: DocumentInfo = context.renderer.open(source)
            return info

        def done(info: DocumentInfo) -> None:
            if self._entry is entry:
                self.viewer.open(source, info, artifact.id)
                self.viewer.set_annotations(self._annotations)
                self._stack.setCurrentWidget(self.viewer)
                self._try_mark()

        def failed(error: KnownError) -> None:
            if self._entry is entry:
                self._show_trouble(artifact, error)

        self._lanes.render(self, query, done, failed=failed, key="open", priority=2000)

    def _show_trouble(self, artifact: Artifact, error: KnownError) -> None:
        self.viewer.close_document()
        retry = QPushButton(self.tr("Try again"), self)
        retry.clicked.connect(self._retry)
        dress(retry, "refresh-cw", "text", factor=1.0)
        blocks = [Block(error.title, "title"), Block(error.message, gap=3), Block(error.next_step, "quiet")]
        self.page.show_blocks(artifact.filename, [block for block in blocks if block.text], [retry])
        self._stack.setCurrentWidget(self.page)

    @Slot()
    def _retry(self) -> None:
        if self._entry is not None and isinstance(self._entry.item, Artifact):
            self._find(self._entry.item)

    def _link_button(self) -> QPushButton:
        button = QPushButton(self.tr("Open in browser…"), self)
        dress(button, "external-link", "text", factor=1.0)
        button.clicked.connect(self._open_link)
        return button

    @Slot()
    def _open_link(self) -> None:
        if self._entry is not None and isinstance(self._entry.item, Link):
            open_external(self._entry.item.url, self)

    def _try_mark(self) -> None:
        mark = self._wanted_mark
        if mark is None or self._entry is None or self._entry.key != self.key_of(mark):
            return
        if self.shows_pages():
            self._wanted_mark = None
            if not self.viewer.select_annotation(mark.id):
                self.viewer.go_to(mark.anchor)
