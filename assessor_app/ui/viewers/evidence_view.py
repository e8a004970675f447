"""The centre: shows one piece of evidence with the viewer that suits it, or says why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from assessor_app.documents.pages import Card, DocumentInfo, EvidenceSource
from assessor_app.domain.annotations import Anchor, Annotation
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import AnnotationId, ArtifactId, CriterionId, SubmissionId
from assessor_app.domain.reading import ReadingState
from assessor_app.domain.submissions import Artifact, Link, Response
from assessor_app.errors import KnownError
from assessor_app.services import fetching
from assessor_app.ui.annotate.visibility import LayerVisibility
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.base import EvidenceViewer, FileViewer, OpenedFile
from assessor_app.ui.viewers.card_view import CardView
from assessor_app.ui.viewers.link_view import LinkView
from assessor_app.ui.viewers.page_supply import card_of
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.viewers.response_view import ResponseView
from assessor_app.ui.viewers.text_view import TextView
from assessor_app.ui.viewers.viewer_actions import ViewerActions

FindSource = Callable[[Any, SubmissionId, ArtifactId], EvidenceSource]
"""Runs on a lane: the context, the submission, the artifact; raises EvidenceRefused."""
FetchAgain = Callable[[Any, SubmissionId, ArtifactId], ChangeSet]
"""A verb: wants an artifact's file anew, because the copy on this device is damaged."""
Opened = tuple[FileViewer | None, OpenedFile]
"""The viewer that shows the file, if there is one, and the file."""
_SAY_LOADING_AFTER_MS = 200


class EvidenceView(QWidget):
    """A stack of viewers. Marks that people make go out as signals; saved ones come in.

    Args:
        lanes: where files are found, drawn and read.
        table: words and keys.
        find_source: the service that finds an artifact's file.
        parent: Qt parent.
        fetch_again: the service that has a damaged copy replaced.
    """

    annotation_created = Signal(object)
    """AnnotationDraft: a new mark, to be saved; see `discard_pending` for when that fails."""
    annotation_changed = Signal(object)
    """Annotation: with another place, colour, comment, reader or criteria."""
    annotation_deleted = Signal(str)
    """Id of a mark to delete."""
    marks_edited = Signal(object)
    """MarksEdit: marks changed, taken away or copied, as one step."""
    marks_picked = Signal(tuple)
    """Ids of the marks that the person selected here."""
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
        super().__init__(parent)
        self._lanes, self._find_source, self._fetch_again = lanes, find_source, fetch_again
        self._shown: tuple[SubmissionId, Artifact] | None = None
        self._source_id = ""
        self._ticket: Ticket | None = None
        self._annotations: tuple[Annotation, ...] = ()
        self._read_only: frozenset[AnnotationId] = frozenset()
        self._on_arrival: Anchor | AnnotationId | None = None
        self._picked: tuple[AnnotationId, ...] = ()
        self.pages = PagesViewer(lanes, table, self)
        self.text = TextView(table, self)
        self.response = ResponseView(table, self)
        self.link = LinkView(self)
        self.card = CardView(self)
        self._loading = plain_label("", "quiet", self)
        self._loading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._file_viewers: tuple[FileViewer, ...] = (self.pages, self.text)
        self._viewers: tuple[EvidenceViewer, ...] = (
            *self._file_viewers,
            self.response,
            self.link,
            self.card,
        )
        for widget in (*self._viewers, self._loading):
            self._stack.addWidget(widget)
        self._say_loading = QTimer(self, singleShot=True, interval=_SAY_LOADING_AFTER_MS)
        self._say_loading.timeout.connect(self._tell_loading)
        self._loading_words = ""
        self._actions = ViewerActions(self, table, self._viewers, self.run)
        for viewer in self._viewers:
            viewer.annotation_created.connect(self.annotation_created)
            viewer.annotation_changed.connect(self.annotation_changed)
            viewer.annotation_deleted.connect(self.annotation_deleted)
            viewer.marks_edited.connect(self.marks_edited)
            viewer.marks_picked.connect(self._tell_picked)
            viewer.layers_wanted.connect(self.set_layers)
            viewer.read_on.connect(self._tell_read)
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

    @property
    def viewer(self) -> EvidenceViewer:
        """The viewer in front."""
        current = self._stack.currentWidget()
        return current if isinstance(current, EvidenceViewer) else self.card

    def show_artifact(self, submission_id: SubmissionId, artifact: Artifact) -> None:
        """Find, open and show a file. What cannot be shown gets a card."""
        self._leave()
        self._shown, self._source_id = (submission_id, artifact), artifact.id
        self._loading_words = self.tr("Opening {name}…").format(name=one_line(artifact.filename))
        self._loading.setText("")
        self._stack.setCurrentWidget(self._loading)
        self._say_loading.start()
        find_source = self._find_source
        viewers = [(viewer, viewer.preparation(self.width())) for viewer in self._file_viewers]
        ticket: Ticket | None = None

        def open_it(context: Any) -> Opened:
            source = find_source(context, submission_id, artifact.id)
            info: DocumentInfo = context.renderer.open(source)
            chosen = next((pair for pair in viewers if pair[0].shows(info)), None)
            has_left = ticket is not None and ticket.is_cancelled
            if chosen is None or has_left:
                return None, OpenedFile(source, info, artifact.id, None)
            prepared = chosen[1](context, source, info)
            return chosen[0], OpenedFile(source, info, artifact.id, prepared)

        ticket = self._lanes.render(
            self, open_it, self._opened, failed=self._failed, key="open", priority=2000
        )
        self._ticket = ticket

    def show_response(self, response: Response, prompt: str, name: str) -> None:
        """Show a written answer below its prompt."""
        self._leave()
        self._source_id = response.id
        self.response.open_response(response, prompt, name)
        self._bring_up(self.response)

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
        self._stack.setCurrentWidget(self.card)
        self._actions.follow(self.viewer)

    def retry(self) -> None:
        """Open the same artifact again."""
        if self._shown is not None:
            self.show_artifact(*self._shown)

    # ---- marks ----

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of the submission; each viewer takes those of what it shows."""
        self._annotations, self._read_only = tuple(annotations), read_only
        self.viewer.set_annotations(self._annotations, self._read_only)

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to, with short texts, in the rubric's order."""
        for viewer in self._viewers:
            viewer.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        for viewer in self._viewers:
            viewer.set_editable(is_editable)

    def go_to(self, anchor: Anchor) -> None:
        """Bring a place into view: now, or once its evidence is open."""
        if self._is_open(anchor.source_id):
            self.viewer.go_to(anchor)
        else:
            self._on_arrival = anchor

    def select_annotation(self, annotation: Annotation) -> None:
        """Bring a mark into view and select it: now, or once its evidence is open."""
        if not self._is_open(annotation.anchor.source_id):
            self._on_arrival = annotation.id
        elif not self.viewer.select_annotation(annotation.id):
            self.viewer.go_to(annotation.anchor)

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select the marks that were picked elsewhere, on this evidence and on what is opened next."""
        self._picked = tuple(annotation_ids)
        self.viewer.show_picked(self._picked)

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide layers of marks, whatever evidence is shown."""
        for viewer in self._viewers:
            viewer.set_layers(layers)

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.viewer.discard_pending()

    def flush(self) -> None:
        """Hand on what is being typed: before leaving, sending, closing."""
        for viewer in self._viewers:
            viewer.flush()

    def escape(self) -> bool:
        """One step out of what is being done; False when there is nothing to leave."""
        return self.viewer.escape()

    def run(self, entry_id: str) -> bool:
        """Run a command of the viewer in front; False when it has none of that id."""
        command = self.viewer.commands().get(entry_id)
        if command is None:
            return False
        command()
        return True

    # ---- inside ----

    def _is_open(self, source_id: str) -> bool:
        return source_id == self._source_id and self._stack.currentWidget() is not self._loading

    def _leave(self) -> None:
        """Let go of what is shown; what was being typed is handed on first."""
        self.viewer.flush()
        if self._ticket is not None:
            self._ticket.cancel()
        self._say_loading.stop()
        self._ticket, self._shown = None, None
        viewer = self.viewer
        if isinstance(viewer, FileViewer):
            viewer.close_file()

    def _opened(self, opened: Opened) -> None:
        viewer, file = opened
        self._say_loading.stop()
        if viewer is not None:
            viewer.open_file(file)
            self._bring_up(viewer)
        else:
            self._show_card(
                Card(
                    "unknown_kind",
                    self.tr("This file cannot be shown here"),
                    self.tr(
                        "Nothing is lost: the file is kept on this device. Your ratings and notes are safe."
                    ),
                    can_retry=False,
                )
            )

    def _failed(self, error: KnownError) -> None:
        self._say_loading.stop()
        card = card_of(error)
        if card.reason == "seal_damaged" and self._shown is not None:
            submission_id, artifact = self._shown
            fetch_again = self._fetch_again
            self._lanes.write(
                lambda context: fetch_again(context, submission_id, artifact.id), owner=self, background=True
            )
        self._show_card(card)

    def _show_card(self, card: Card) -> None:
        name = one_line(self._shown[1].filename) if self._shown is not None else ""
        self.card.show_card(card, name)
        self._bring_up(self.card)

    def _bring_up(self, viewer: EvidenceViewer) -> None:
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self._stack.setCurrentWidget(viewer)
        self.setFocusProxy(viewer)
        if had_focus:
            viewer.setFocus()
        viewer.set_annotations(self._annotations, self._read_only)
        viewer.show_picked(self._picked)
        self._actions.follow(self.viewer)
        self.opened.emit(self._source_id)
        if viewer is not self.card:
            self._tell_read(ReadingState(""))
        wanted, self._on_arrival = self._on_arrival, None
        if isinstance(wanted, Anchor):
            if wanted.source_id == self._source_id:
                viewer.go_to(wanted)
        elif wanted is not None:
            annotation = next((a for a in self._annotations if a.id == wanted), None)
            if annotation is not None:
                self.select_annotation(annotation)

    def _tell_picked(self, annotation_ids: tuple[AnnotationId, ...]) -> None:
        self._picked = annotation_ids
        self.marks_picked.emit(annotation_ids)

    def _tell_read(self, more: ReadingState) -> None:
        self.read_on.emit(replace(more, source_id=self._source_id))

    def _tell_loading(self) -> None:
        self._loading.setText(self._loading_words)
