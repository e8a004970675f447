"""What was left in an office file, beside whatever copy of it is open: comments, changes, speaker notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from assessor_app.documents.pages import FileRemark
from assessor_app.documents.remarks import placed, remarks_of
from assessor_app.documents.sniff import Kind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import Artifact
from assessor_app.errors import KnownError
from assessor_app.services import renditions
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.base import OpenedFile

_PLACED_PAGES = 80
"""So many pages are looked through for the words that remarks stand on; more would hold up other pages."""
_PRIORITY = 150
Show = Callable[[tuple[FileRemark, ...]], None]


class OfficeRemarks(QObject):
    """Reads the original beside the copy that is shown.

    Args:
        lanes: where files are read.
        parent: the centre.
    """

    def __init__(self, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._file: OpenedFile | None = None

    def leave(self) -> None:
        """What was open is no longer shown."""
        self._file = None

    def read(self, submission_id: SubmissionId, artifact: Artifact, file: OpenedFile, show: Show) -> None:
        """Have the remarks of an office file shown: at once, and again with the places that are found.

        Args:
            submission_id: the submission.
            artifact: an office file of it.
            file: what is shown of it.
            show: takes the remarks.
        """
        self._file = file
        artifact_id = artifact.id

        def query(context: Any) -> tuple[FileRemark, ...]:
            original = renditions.original_of(context, submission_id, artifact_id)
            if file.info.kind is Kind.SHEET:
                original = file.source  # of an older sheet, the copy that its cells are read from
            return () if original is None else remarks_of(context.renderer, original)

        def done(remarks: tuple[FileRemark, ...]) -> None:
            if self._file is file:
                show(remarks)
                if any(remark.quote for remark in remarks):
                    self._place(file, remarks, show)

        self._lanes.render(self, query, done, failed=self._ignore, key="remarks", priority=_PRIORITY)

    def _place(self, file: OpenedFile, remarks: tuple[FileRemark, ...], show: Show) -> None:
        def query(context: Any) -> tuple[FileRemark, ...]:
            pages = min(file.info.page_count, _PLACED_PAGES)
            return placed(remarks, pages, lambda page: context.renderer.text(file.source, page))

        def done(found: tuple[FileRemark, ...]) -> None:
            if self._file is file:
                show(found)

        self._lanes.render(self, query, done, failed=self._ignore, key="places")

    def _ignore(self, _error: KnownError) -> None:
        """What cannot be read beside the pages is not there; the pages are what counts."""
