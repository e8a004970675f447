"""Shows an office file in the best form that there is: has copies made, remembers what the person chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.documents.converter import NoCopy
from assessor_app.documents.pages import MadeBy
from assessor_app.documents.sniff import Kind, office_extension
from assessor_app.domain.annotations import Anchor
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import Artifact
from assessor_app.errors import KnownError
from assessor_app.services import renditions
from assessor_app.services.renditions import Choices
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.base import OpenedFile
from assessor_app.ui.viewers.rendition_bar import RenditionBar, Way, told_of

_MAKERS = {
    Way.PLATFORM_COPY: MadeBy.PLATFORM,
    Way.LOCAL_COPY: MadeBy.THIS_COMPUTER,
    Way.MAKE_COPY: MadeBy.THIS_COMPUTER,
    Way.OWN: MadeBy.LEARNER,
}


_TRY_THE_ORIGINAL = frozenset({"damaged", "no_pages", "encrypted", "bad_answer"})


@dataclass(frozen=True, slots=True)
class _AtHand:
    """The artifact that is being shown."""

    submission_id: SubmissionId
    artifact: Artifact
    file: OpenedFile | None
    """None where it cannot be opened without a copy."""
    choices: Choices | None


class Renditions(QObject):
    """Decides which form of an office file is opened; the centre does the opening.

    Args:
        lanes: where copies are made.
        bar: the line above the file.
        parent: Qt parent.
    """

    open_again = Signal()
    """Another form of the artifact at hand is to be opened."""
    making = Signal(str, bool)
    """A copy is being made: by which program, and whether the text can be read meanwhile."""
    not_made = Signal()
    """No copy comes: show what there is."""

    def __init__(self, lanes: Lanes, bar: RenditionBar, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes, self._bar = lanes, bar
        self._chosen: dict[ArtifactId, MadeBy] = {}
        self._failures: dict[ArtifactId, str] = {}
        self._at_hand: _AtHand | None = None
        self._ticket: Ticket | None = None
        bar.chosen.connect(self._choose)

    def wanted(self, artifact_id: ArtifactId) -> MadeBy | None:
        """Whose file the person chose for an artifact; None: the best there is."""
        return self._chosen.get(artifact_id)

    def leave(self) -> None:
        """Another piece of evidence comes: stop what is being made, hide the line."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = self._at_hand = None
        self._bar.hide()

    def arrived(
        self, submission_id: SubmissionId, artifact: Artifact, file: OpenedFile, choices: Choices | None
    ) -> bool:
        """A file was opened; True where a copy is better and is being made now."""
        self._at_hand = _AtHand(submission_id, artifact, file, choices)
        if choices is None or not self._should_make(artifact, file, choices):
            return False
        self._make()
        return True

    def refused(self, submission_id: SubmissionId, artifact: Artifact, reason: str) -> bool:
        """A file cannot be opened as it is; True where another form of it may be, and is on its way."""
        if not renditions.is_office(artifact.filename, artifact.media_type):
            return False
        if reason in _TRY_THE_ORIGINAL and artifact.id not in self._chosen:
            # The copy of it may be broken where the file itself is not.
            self._chosen[artifact.id] = MadeBy.LEARNER
            self.open_again.emit()
            return True
        self._chosen.pop(artifact.id, None)
        if reason != "no_rendition" or artifact.id in self._failures:
            return False
        self._at_hand = _AtHand(submission_id, artifact, None, None)
        self._make()
        return True

    def tell(self) -> None:
        """Say above the file what is shown of it."""
        at = self._at_hand
        if at is None or at.file is None or at.choices is None:
            self._bar.hide()
            return
        failure = self._failures.get(at.artifact.id, "")
        is_chosen = at.artifact.id in self._chosen
        self._bar.tell(
            told_of(at.file.source, at.file.info.kind, at.choices, failure=failure, is_chosen=is_chosen)
        )

    @Slot()
    def stop(self) -> None:
        """The person does not want to wait for the copy."""
        if self._ticket is None or self._at_hand is None:
            return
        self._ticket.cancel()
        self._ticket = None
        self._failures[self._at_hand.artifact.id] = "stopped"
        self.not_made.emit()

    def retry(self) -> None:
        """The person wants to try again: a copy, too."""
        if self._at_hand is not None:
            self._failures.pop(self._at_hand.artifact.id, None)

    def leads_elsewhere(self, anchor: Anchor) -> bool:
        """Open the form that a place belongs to, unless it is open; True where another one is coming.

        Cells lie in a sheet's grid, words and areas on the pages of its copy.
        """
        at = self._at_hand
        if at is None or at.file is None or at.choices is None or not at.choices.is_sheet:
            return False
        is_grid = at.file.info.kind is Kind.SHEET
        if bool(anchor.cells) == is_grid:
            return False
        if anchor.cells and at.choices.has_original:
            self._chosen[at.artifact.id] = MadeBy.LEARNER
        elif not anchor.cells and at.choices.has_platform_copy:
            self._chosen[at.artifact.id] = MadeBy.PLATFORM
        elif not anchor.cells and at.choices.has_local_copy:
            self._chosen[at.artifact.id] = MadeBy.THIS_COMPUTER
        else:
            return False
        self.open_again.emit()
        return True

    def leads_back(self, anchor: Anchor) -> bool:
        """Open the form that a mark was made on, where it has no place on another; True where it comes."""
        at = self._at_hand
        if at is None or at.file is None or at.choices is None:
            return False
        maker = at.choices.digests.get(anchor.source_sha256)
        if maker is None or maker is at.file.source.made_by:
            return False
        self._chosen[at.artifact.id] = maker
        self.open_again.emit()
        return True

    def _should_make(self, artifact: Artifact, file: OpenedFile, choices: Choices) -> bool:
        is_text_only = file.info.kind is Kind.OFFICE and file.source.made_by is MadeBy.LEARNER
        is_free = artifact.id not in self._chosen and artifact.id not in self._failures
        return is_text_only and is_free and bool(choices.converter)

    @Slot(str)
    def _choose(self, way: str) -> None:
        at = self._at_hand
        if at is None:
            return
        self._chosen[at.artifact.id] = _MAKERS[Way(way)]
        if way == Way.OWN and self._is_old_sheet(at.artifact):
            # Its cells are read from a copy, which comes first by itself.
            del self._chosen[at.artifact.id]
        if way == Way.MAKE_COPY:
            self._make()
        else:
            self.open_again.emit()

    def _make(self) -> None:
        at = self._at_hand
        assert at is not None
        # A copy of an older sheet is one whose cells can be read, unless pages are what is wanted.
        as_pages = not self._is_old_sheet(at.artifact) or at.file is not None
        submission_id, artifact_id = at.submission_id, at.artifact.id

        def make(context: Any, should_stop: Callable[[], bool]) -> None:
            renditions.make_copy(context, submission_id, artifact_id, should_stop, as_pages=as_pages)

        self._ticket = self._lanes.convert(self, make, self._made, failed=self._failed, key="copy")
        program = at.choices.converter if at.choices is not None else ""
        self.making.emit(program, at.file is not None)

    @staticmethod
    def _is_old_sheet(artifact: Artifact) -> bool:
        return office_extension(artifact.filename, artifact.media_type) == "xls"

    def _made(self, _: None) -> None:
        self._ticket = None
        if self._at_hand is not None:
            self._failures.pop(self._at_hand.artifact.id, None)
            self.open_again.emit()

    def _failed(self, error: KnownError) -> None:
        self._ticket = None
        if self._at_hand is not None:
            artifact_id = self._at_hand.artifact.id
            self._failures[artifact_id] = error.reason if isinstance(error, NoCopy) else "failed"
            self._chosen.pop(artifact_id, None)
            self.not_made.emit()
