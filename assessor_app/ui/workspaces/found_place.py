"""Goes to a place that the search found, as soon as the submission is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from assessor_app.domain.annotations import Anchor, SourceKind
from assessor_app.domain.searching import Found, PlaceKind
from assessor_app.domain.submissions import Artifact, Link, Response
from assessor_app.ui.viewers.search_bar import SearchBar
from assessor_app.ui.workspaces.base import Workspace
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry

_OF_CRITERIA = (PlaceKind.FEEDBACK, PlaceKind.RATING_NOTE)
_OF_EVIDENCE = (PlaceKind.PAGE, PlaceKind.RESPONSE, PlaceKind.ARTIFACT_FEEDBACK)


class FoundPlace(QObject):
    """Waits for the submission, then for its piece of evidence, and has the words looked for there."""

    def __init__(self, workspace: Workspace, found: Found) -> None:
        """Lead a workspace that has just been made to a place.

        Args:
            workspace: the open submission; owner.
            found: the place.
        """
        super().__init__(workspace)
        self._workspace, self._found = workspace, found
        self._view = workspace.document.view
        workspace.evidence.entry_chosen.connect(self._is_shown)

    @Slot()
    def _is_shown(self) -> None:
        """The first piece was chosen: everything is there, once this event is over."""
        self._workspace.evidence.entry_chosen.disconnect(self._is_shown)
        QTimer.singleShot(0, self, self._go)

    @Slot()
    def _go(self) -> None:
        kind, source_id = self._found.kind, self._found.source_id
        if kind is PlaceKind.MARK:
            mark = next((m for m in self._workspace.marks_now() if m.id == source_id), None)
            if mark is not None:
                self._workspace.go_to_mark(mark)
        elif kind in _OF_CRITERIA:
            self._workspace.go_to_criterion(source_id)
        elif kind in _OF_EVIDENCE:
            self._open_evidence(source_id)

    def _open_evidence(self, source_id: str) -> None:
        for entry in self._workspace.evidence.entries():
            if _holds(entry, source_id):
                if self._found.kind is not PlaceKind.ARTIFACT_FEEDBACK:
                    self._view.opened.connect(self._look_for_words)
                before = self._workspace.evidence.current_entry()
                self._workspace.evidence.select(entry.key)
                if before is not None and before.key == entry.key:
                    # It may be open already; then nobody tells so again.
                    self._look_for_words(self._view.source_id)
                return

    @Slot(str)
    def _look_for_words(self, source_id: str) -> None:
        """The evidence is open: turn to the page, and have the words found."""
        if source_id != self._found.source_id:
            return
        viewer = self._view.viewer
        bar = getattr(viewer, "search_bar", None)
        if not isinstance(bar, SearchBar):
            return
        self._view.opened.disconnect(self._look_for_words)
        if self._found.page:
            self._view.go_to(Anchor(SourceKind.ARTIFACT, source_id, "", self._found.page, 0.0, 0.0))
        if self._found.word:
            bar.open(self._found.word)


def _holds(entry: EvidenceEntry, source_id: str) -> bool:
    """Whether an entry of the list is a source, or holds it behind a link."""
    item = entry.item
    if isinstance(item, Artifact | Response):
        return item.id == source_id
    return isinstance(item, Link) and item.snapshot is not None and item.snapshot.id == source_id
