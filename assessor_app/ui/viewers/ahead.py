"""The pieces beside the one that is read: opened, and their first page drawn, before anybody asks for them.

It is done at rest, behind everything else, and within bounds: two pieces, small files, a short time for each.
What fails here is not told: whoever opens such a piece is told then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from assessor_app.documents.pages import DocumentInfo
from assessor_app.documents.sniff import Kind, claimed_kind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import Artifact
from assessor_app.errors import KnownError
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.base import OpenedFile
from assessor_app.ui.viewers.file_opening import FindSource, Found
from assessor_app.ui.viewers.file_viewers import FileViewers
from assessor_app.ui.viewers.pages_viewer import PagesViewer

MOST = 2
"""Pieces that are kept ready."""
_KINDS = (Kind.PDF, Kind.IMAGE)
_FILE_MAX_BYTES = 24 * 1024 * 1024
_DRAWING_MAX_BYTES = 8 * 1024 * 1024
_REST_MS = 350
_LONGEST_S = 1.0
"""For opening, and for drawing: so long may the one who reads have to wait for a worker that is at this."""
_BEHIND_EVERYTHING = -1000


@dataclass(frozen=True, slots=True)
class _Ready:
    """A piece that was opened ahead."""

    submission_id: SubmissionId
    artifact: Artifact
    found: Found


class Ahead(QObject):
    """Keeps what is likely opened next.

    Args:
        lanes: where files are found, opened and drawn.
        find_source: the service that finds an artifact's file.
        viewers: gives the one that shows what has pages, which may have to be made.
        parent: the place in which the viewer is shown.
    """

    def __init__(self, lanes: Lanes, find_source: FindSource, viewers: FileViewers, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self._lanes, self._find_source, self._viewers = lanes, find_source, viewers
        self._submission_id = SubmissionId("")
        self._expected: tuple[Artifact, ...] = ()
        self._ready: dict[ArtifactId, _Ready] = {}
        self._in_vain: set[ArtifactId] = set()
        self._ticket: Ticket | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._go_on)
        lanes.changed.connect(self._changed)

    @property
    def is_idle(self) -> bool:
        """Whether nothing more is to be made ready."""
        return self._ticket is None and self._next() is None

    @property
    def ready(self) -> tuple[ArtifactId, ...]:
        """What is ready."""
        return tuple(self._ready)

    def expect(self, submission_id: SubmissionId, artifacts: Sequence[Artifact]) -> None:
        """Say what is likely opened next; whatever else was made ready is let go of.

        Args:
            submission_id: the submission at hand.
            artifacts: the likeliest first; no more than `MOST` are made ready.
        """
        expected = tuple(artifacts)[:MOST]
        if (submission_id, expected) == (self._submission_id, self._expected):
            if self._ticket is None and not self.is_idle:
                self._rest.start()
            return
        self._stop()
        if submission_id != self._submission_id:
            self._ready.clear()
            self._in_vain.clear()
        self._submission_id, self._expected = submission_id, expected
        kept = {artifact.id: artifact for artifact in expected}
        self._ready = {one: got for one, got in self._ready.items() if kept.get(one) == got.artifact}
        self._rest.start()

    def take(self, submission_id: SubmissionId, artifact: Artifact, width_px: int) -> Found | None:
        """A piece that is ready as it is wanted now, which thereby is no longer kept; None if it is not.

        Args:
            submission_id: the submission.
            artifact: one of its files.
            width_px: room for the viewer, in logical pixels.
        """
        self._stop()
        got = self._ready.pop(artifact.id, None)
        if got is None or (got.submission_id, got.artifact) != (submission_id, artifact):
            return None
        file = got.found.file
        # The window has grown, or another zoom was chosen: what was drawn would be blurred.
        wanted = self._viewers.of(PagesViewer).first_page(width_px).key(file.info, file.source.sha256)
        return got.found if file.prepared.key == wanted else None

    # ---- inside ----

    def _stop(self) -> None:
        """Somebody opens something: that goes first."""
        self._rest.stop()
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _next(self) -> Artifact | None:
        for artifact in self._expected:
            is_likely = claimed_kind(artifact.filename, artifact.media_type) in _KINDS
            is_open = artifact.id in self._ready or artifact.id in self._in_vain
            if is_likely and not is_open and artifact.size_bytes <= _FILE_MAX_BYTES:
                return artifact
        return None

    @Slot()
    def _go_on(self) -> None:
        artifact = self._next()
        if artifact is None or self._ticket is not None:
            return
        viewer = self._viewers.of(PagesViewer)
        if viewer.supply.pending:
            self._rest.start()
            return
        submission_id, find_source = self._submission_id, self._find_source
        look = viewer.first_page(self._view.width())
        ticket: Ticket | None = None

        def prepare(context: Any) -> Found | None:
            try:
                source = find_source(context, submission_id, artifact)
            except (LookupError, OSError):  # its key was shredded, or the disk fails: told when it is opened
                return None
            info: DocumentInfo = context.renderer.open(source, wait_s=_LONGEST_S)
            has_left = ticket is not None and ticket.is_cancelled
            if has_left or not viewer.shows(info):
                return None
            drawn = look.draw(context, source, info, wait_s=_LONGEST_S)
            if not isinstance(drawn.result, QImage) or drawn.result.sizeInBytes() > _DRAWING_MAX_BYTES:
                return None
            return Found(viewer, OpenedFile(source, info, artifact.id, drawn), None)

        def done(found: Found | None) -> None:
            self._ticket = None
            if found is None:
                self._in_vain.add(artifact.id)
            else:
                self._ready[artifact.id] = _Ready(submission_id, artifact, found)
            self._rest.start()

        def failed(_error: KnownError) -> None:
            done(None)

        self._ticket = ticket = self._lanes.render(
            self, prepare, done, failed=failed, priority=_BEHIND_EVERYTHING
        )

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        """Files came, left or were replaced: what was read of them before is worth nothing."""
        if self._submission_id in changes.evidence | changes.submissions:
            self._stop()
            self._ready.clear()
            self._in_vain.clear()
            self._rest.start()
