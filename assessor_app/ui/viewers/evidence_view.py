"""The centre: shows one piece of evidence with the viewer that suits it, or says why it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.documents.cards import card_for
from assessor_app.documents.pages import Card
from assessor_app.domain.annotations import Anchor, Annotation
from assessor_app.domain.ids import AnnotationId, SubmissionId
from assessor_app.domain.reading import ReadingState
from assessor_app.domain.submissions import Artifact, Link, Response
from assessor_app.errors import KnownError
from assessor_app.services import fetching
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.ahead import Ahead
from assessor_app.ui.viewers.base import EvidenceViewer, FileViewer
from assessor_app.ui.viewers.evidence_stack import EvidenceStack
from assessor_app.ui.viewers.file_opening import FetchAgain, FileOpening, FindSource, Found
from assessor_app.ui.viewers.guard.lifting import Lifting
from assessor_app.ui.viewers.loading_view import LoadingView
from assessor_app.ui.viewers.office_remarks import OfficeRemarks
from assessor_app.ui.viewers.page_supply import card_of
from assessor_app.ui.viewers.rendition_bar import RenditionBar
from assessor_app.ui.viewers.renditions import Renditions
from assessor_app.ui.viewers.sheet_viewer import SheetViewer

_TELL_OPENED_MS = 60


class EvidenceView(EvidenceStack):
    """A stack of viewers. Marks that people make go out as signals; saved ones come in.

    Args:
        lanes: where files are found, drawn and read.
        table: words and keys.
        find_source: the service that finds an artifact's file.
        parent: Qt parent.
        fetch_again: the service that has a damaged copy replaced.
    """

    opened = Signal(str)
    """Id of the artifact, response or link that is shown now; its viewer may still be loading pages."""
    list_requested = Signal()
    """The person wants the list of evidence."""
    read_on = Signal(object)
    """ReadingState of what is shown: it was opened, or more of it was seen."""

    def __init__(
        self,
        lanes: Lanes,
        table: KeyTable,
        find_source: FindSource,
        parent: QWidget | None = None,
        *,
        fetch_again: FetchAgain = fetching.fetch_again,
    ) -> None:
        super().__init__(lanes, table, self.run, parent)
        self._shown: tuple[SubmissionId, Artifact] | None = None
        self._source_id = ""
        self._annotations: tuple[Annotation, ...] = ()
        self._read_only: frozenset[AnnotationId] = frozenset()
        self._on_arrival: Anchor | AnnotationId | None = None
        self._picked: tuple[AnnotationId, ...] = ()
        self._detour: EvidenceViewer | None = None
        # Lists are made anew for it, which must not hold up the first page.
        self._told_opened = QTimer(self, singleShot=True, interval=_TELL_OPENED_MS)
        self._told_opened.timeout.connect(self._tell_opened)
        self._loading = LoadingView(self)
        self.rendition_bar = RenditionBar(self)
        self.column.insertWidget(0, self.rendition_bar)
        self.stack.addWidget(self._loading)
        self._lifting = Lifting(lanes, self)
        self._opening = FileOpening(lanes, find_source, fetch_again, self.files, self)
        self.ahead = Ahead(lanes, find_source, self.files, self)
        self._found: Found | None = None
        self._refusal: Card | None = None
        self._remarks = OfficeRemarks(lanes, self)
        self.renditions = Renditions(lanes, self.rendition_bar, self)
        self.renditions.open_again.connect(self._open_again)
        self.renditions.making.connect(self._show_copying)
        self.renditions.not_made.connect(self._show_found)
        self.copying.left.connect(self.renditions.stop)
        self.addAction(table.action("view.rendition", self, self.rendition_bar.open_menu))
        self.card.retry_requested.connect(self.retry)
        self.card.list_requested.connect(self.list_requested)
        self.show_nothing(
            self.tr("Nothing is open"), self.tr("Choose a piece of evidence from the list to read it here.")
        )

    # ---- what is shown ----

    @property
    def source_id(self) -> str:
        """Id of the artifact, response or link at hand; empty for none."""
        return self._source_id

    def show_artifact(self, submission_id: SubmissionId, artifact: Artifact) -> None:
        """Find, open and show a file. What cannot be shown gets a card."""
        was_opening = self.stack.currentWidget() is self._loading
        self._leave()
        self._shown, self._source_id = (submission_id, artifact), artifact.id
        self._lifting.submission_id = submission_id
        wanted = self.renditions.wanted(artifact.id)
        ready = self.ahead.take(submission_id, artifact, self.width())
        # While another file is being opened, that has to be stopped first.
        if ready is not None and wanted is None and not was_opening:
            self._opened(ready)
            return
        # Asked for first: the lane works while the window lays itself out for the wait.
        self._opening.start(
            submission_id, artifact, wanted, self.width(), done=self._opened, failed=self._failed
        )
        self._loading.begin(self.tr("Opening {name}…").format(name=one_line(artifact.filename)))
        self.stack.setCurrentWidget(self._loading)

    def show_response(
        self, response: Response, prompt: str, name: str, submission_id: SubmissionId | None = None
    ) -> None:
        """Show a written answer below its prompt; patches that were lifted on it earlier are lifted again."""
        self._leave()
        self._source_id = response.id
        self.response.open_response(response, prompt, name)
        self._bring_up(self.response)
        if submission_id is not None:
            self._lifting.submission_id = submission_id
            self._lifting.recall(response.id, self.response.show_lifted)

    def show_link(self, link: Link) -> None:
        """Show the card of a link."""
        self._leave()
        self._source_id = link.id
        self.link.open_link(link)
        self._bring_up(self.link)

    def show_nothing(self, title: str, message: str) -> None:
        """Show a card of words alone."""
        self._leave()
        self._source_id = ""
        self.card.show_card(Card("nothing", title, message, can_retry=False))
        self.stack.setCurrentWidget(self.card)
        self.actions_made.follow(self.viewer)

    @Slot()
    def retry(self) -> None:
        """Open the same artifact again."""
        for viewer in self.files.made.values():
            viewer.insist()
        self.renditions.retry()
        self._open_again()

    # ---- marks ----

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of the submission; each viewer takes those of what it shows."""
        self._annotations, self._read_only = tuple(annotations), read_only
        self.viewer.set_annotations(self._marks_for(self.viewer), self._read_only)

    def go_to(self, anchor: Anchor) -> None:
        """Bring a place into view: now, or once its evidence is open."""
        if not self._is_open(anchor.source_id) or self.renditions.leads_elsewhere(anchor):
            self._on_arrival = anchor
        else:
            self.viewer.go_to(anchor)

    def select_annotation(self, annotation: Annotation) -> None:
        """Bring a mark into view and select it: now, or once its evidence is open."""
        anchor = annotation.anchor
        if not self._is_open(anchor.source_id) or self.renditions.leads_elsewhere(anchor):
            self._on_arrival = annotation.id
        elif self.viewer.select_annotation(annotation.id):
            return
        elif self.renditions.leads_back(anchor):
            self._on_arrival = annotation.id
        else:
            self.viewer.go_to(anchor)

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select the marks that were picked elsewhere, on this evidence and on what is opened next."""
        self._picked = tuple(annotation_ids)
        self.viewer.show_picked(self._picked)

    def set_detour(self, viewer: EvidenceViewer | None) -> None:
        """Have the commands of another viewer run, such as of a comparison in front of this; None ends it."""
        self._detour = viewer
        self.actions_made.follow(viewer or self.viewer)

    def run(self, entry_id: str) -> bool:
        """Run a command of the viewer in front; False when it has none of that id."""
        command = (self._detour or self.viewer).commands().get(entry_id)
        if command is None:
            return False
        command()
        return True

    # ---- inside ----

    def _is_open(self, source_id: str) -> bool:
        not_yet = (self._loading, self.copying)
        return source_id == self._source_id and self.stack.currentWidget() not in not_yet

    def _leave(self) -> None:
        """Let go of what is shown; what was being typed is handed on first."""
        if self._told_opened.isActive():
            self._tell_opened()
        self.viewer.flush()
        self._opening.stop()
        self._loading.end()
        self._shown = self._found = self._refusal = None
        self.renditions.leave()
        self._remarks.leave()
        viewer = self.viewer
        if isinstance(viewer, FileViewer):
            viewer.close_file()

    def _marks_for(self, viewer: EvidenceViewer) -> tuple[Annotation, ...]:
        """Marks on cells belong to the grid alone: on a printed copy they would lie on other words."""
        if isinstance(viewer, SheetViewer):
            return self._annotations
        return tuple(mark for mark in self._annotations if not mark.anchor.cells)

    @Slot()
    def _open_again(self) -> None:
        if self._shown is not None:
            self.show_artifact(*self._shown)

    def _opened(self, found: Found) -> None:
        self._loading.end()
        self._found = found
        if self._shown is None or not self.renditions.arrived(*self._shown, found.file, found.choices):
            self._show_found()

    @Slot(str, bool)
    def _show_copying(self, program: str, has_text: bool) -> None:
        name = one_line(self._shown[1].filename) if self._shown is not None else ""
        self.copying.begin(name, program, has_text=has_text)
        self.rendition_bar.hide()
        self.stack.setCurrentWidget(self.copying)
        self.actions_made.follow(self.copying)

    @Slot()
    def _show_found(self) -> None:
        """Show the file that was opened, or the card that says why it was not."""
        found = self._found
        if found is None:
            self._show_card(self._refusal or card_for("no_rendition"))
        elif found.viewer is not None:
            found.viewer.open_file(found.file)
            self.renditions.tell()
            self._bring_up(found.viewer)
            if self._shown is not None and found.choices is not None:
                self._remarks.read(*self._shown, found.file, found.viewer.set_remarks)
        else:
            self._show_card(card_for("unknown_kind"))

    def _failed(self, error: KnownError) -> None:
        self._loading.end()
        card = self._refusal = card_of(error)
        if self._shown is not None and self.renditions.refused(*self._shown, card.reason):
            return
        if card.reason == "seal_damaged" and self._shown is not None:
            self._opening.fetch_again(*self._shown)
        self._show_card(card)

    def _show_card(self, card: Card) -> None:
        name = one_line(self._shown[1].filename) if self._shown is not None else ""
        self.card.show_card(card, name)
        self._bring_up(self.card)

    def _bring_up(self, viewer: EvidenceViewer) -> None:
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self.stack.setCurrentWidget(viewer)
        self.setFocusProxy(viewer)
        if had_focus:
            viewer.setFocus()
        viewer.set_annotations(self._marks_for(viewer), self._read_only)
        viewer.show_picked(self._picked)
        self.actions_made.follow(self.viewer)
        self.opened.emit(self._source_id)
        if viewer is not self.card:
            self._told_opened.start()
        wanted, self._on_arrival = self._on_arrival, None
        if isinstance(wanted, Anchor):
            if wanted.source_id == self._source_id:
                self.go_to(wanted)
        elif wanted is not None:
            annotation = next((a for a in self._annotations if a.id == wanted), None)
            if annotation is not None:
                self.select_annotation(annotation)

    @Slot()
    def _tell_opened(self) -> None:
        self._told_opened.stop()
        self.tell_read(ReadingState(""))

    def tell_picked(self, annotation_ids: tuple[AnnotationId, ...]) -> None:
        """Marks were selected in a viewer: they stay so on what is opened next."""
        self._picked = annotation_ids
        self.marks_picked.emit(annotation_ids)

    def tell_read(self, more: ReadingState) -> None:
        """More of what is shown was seen."""
        self.read_on.emit(replace(more, source_id=self._source_id))
