"""What an annotated copy can be made of, as a workspace stands."""

from __future__ import annotations

from collections.abc import Sequence

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.submissions import Artifact, Response, Submission
from assessor_app.ui.exporting import Exportable
from assessor_app.ui.workspaces.document_place import DocumentPlace
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry


def exportable(
    submission: Submission,
    marks: Sequence[Annotation],
    entry: EvidenceEntry | None,
    document: DocumentPlace,
) -> Exportable:
    """The submission, and the piece that is open in it.

    Args:
        submission: what is judged.
        marks: all that may be seen now.
        entry: the line of the evidence list that is open; None for none.
        document: shows it.
    """
    item = entry.item if entry is not None and isinstance(entry.item, Artifact | Response) else None
    source = document.viewer.supply.source if document.shows_pages() else None
    return Exportable(
        submission_id=submission.id,
        code=submission.code,
        marks=tuple(marks),
        open_id=item.id if item is not None else None,
        open_name=entry.title if entry is not None else "",
        open_has_pages=source is not None and source.plain_media_type == "application/pdf",
    )
