"""Opening a file on a lane: found, recognised, prepared for the viewer that shows its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject

from assessor_app.documents.pages import DocumentInfo, EvidenceSource, MadeBy
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import Artifact
from assessor_app.errors import KnownError
from assessor_app.services import renditions
from assessor_app.services.renditions import Choices
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.base import FileViewer, OpenedFile
from assessor_app.ui.viewers.file_viewers import FileViewers, viewer_class

FindSource = Callable[[Any, SubmissionId, Artifact], EvidenceSource]
"""Runs on a lane: the context, the submission, the artifact; raises EvidenceRefused."""
FetchAgain = Callable[[Any, SubmissionId, ArtifactId], ChangeSet]
"""A verb: wants an artifact's file anew, because the copy on this computer is damaged."""
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """What came of opening a file."""

    viewer: FileViewer | None
    """The viewer that shows the file, if there is one."""
    file: OpenedFile
    choices: Choices | None
    """What else an office file can be shown as; None for other files."""


class FileOpening(QObject):
    """Opens one file at a time; a newer one drops the one before it.

    Args:
        lanes: where files are found, opened and drawn.
        find_source: the service that finds an artifact's file.
        fetch_again: the service that has a damaged copy replaced.
        viewers: gives each file its viewer.
        parent: Qt parent.
    """

    def __init__(
        self,
        lanes: Lanes,
        find_source: FindSource,
        fetch_again: FetchAgain,
        viewers: FileViewers,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._find_source, self._fetch_again = lanes, find_source, fetch_again
        self._viewers = viewers
        self._ticket: Ticket | None = None

    def stop(self) -> None:
        """Nobody waits for the file any more."""
        if self._ticket is not None:
            self._ticket.cancel()

    def start(
        self,
        submission_id: SubmissionId,
        artifact: Artifact,
        wanted: MadeBy | None,
        width_px: int,
        *,
        done: Callable[[Found], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """Open an artifact.

        Args:
            submission_id: the submission.
            artifact: one of its files.
            wanted: whose file to take where there are several; None: the best.
            width_px: room for the viewer, in logical pixels.
            done: takes what was found.
            failed: takes why not.
        """
        find_source = self._find_source
        self._viewers.expect(artifact)
        viewers = self._viewers.made
        preparations = {kind: viewer.preparation(width_px) for kind, viewer in viewers.items()}
        is_office = renditions.is_office(artifact.filename, artifact.media_type)
        ticket: Ticket | None = None

        def open_it(context: Any) -> Found:
            if wanted is None:
                source = find_source(context, submission_id, artifact)
            else:
                source = renditions.source_of(context, submission_id, artifact.id, wanted)
            info: DocumentInfo = context.renderer.open(source)
            choices = renditions.choices(context, submission_id, artifact.id) if is_office else None
            kind = viewer_class(info)
            has_left = ticket is not None and ticket.is_cancelled
            if kind is None or kind not in preparations or has_left:
                return Found(None, OpenedFile(source, info, artifact.id, None), choices)
            prepared = preparations[kind](context, source, info)
            return Found(viewers[kind], OpenedFile(source, info, artifact.id, prepared), choices)

        def opened(found: Found) -> None:
            kind = viewer_class(found.file.info)
            if found.viewer is not None or kind is None:
                done(found)
            else:
                self._prepare(found, self._viewers.of(kind), width_px, done, failed)

        self._ticket = ticket = self._ask(open_it, opened, failed)

    def _prepare(
        self,
        found: Found,
        viewer: FileViewer,
        width_px: int,
        done: Callable[[Found], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """The file's name had not told its kind: its viewer is there only now."""
        preparation, file = viewer.preparation(width_px), found.file

        def prepare(context: Any) -> Found:
            prepared = preparation(context, file.source, file.info)
            return replace(found, viewer=viewer, file=replace(file, prepared=prepared))

        self._ticket = self._ask(prepare, done, failed)

    def _ask(
        self,
        query: Callable[[Any], Found],
        done: Callable[[Found], None],
        failed: Callable[[KnownError], None],
    ) -> Ticket:
        return self._lanes.render(self, query, done, failed=failed, key="open", priority=_AT_ONCE)

    def fetch_again(self, submission_id: SubmissionId, artifact: Artifact) -> None:
        """Have a damaged copy replaced, behind everything that the person does."""
        fetch_again, artifact_id = self._fetch_again, artifact.id
        self._lanes.write(
            lambda context: fetch_again(context, submission_id, artifact_id), owner=self, background=True
        )
