"""Takes covered places out of a PDF that is copied: words and pixels under them are gone, not only hidden.

Runs only in the child. A file whose places cannot be taken out is not copied at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pymupdf

from assessor_app.documents.limits import Limits
from assessor_app.documents.patches import Rect
from assessor_app.documents.worker_identity import PATCH_BGRX, Cover, Guard
from assessor_app.documents.worker_pdf import PdfDocument

_FILL = tuple(level / 255 for level in (PATCH_BGRX[2], PATCH_BGRX[1], PATCH_BGRX[0]))
_PIXELS_GO, _LINES_STAY = 2, 0
"""PyMuPDF's numbers for what becomes of pictures and of drawings below a place."""
_CORE_SHARE = 0.25
"""So much of a patch's height is left above and below: letters of the next lines reach into it."""


def redacted(data: bytes, limits: Limits, lifted: Collection[str]) -> bytes:
    """A PDF without what may name a person; the same bytes where there is nothing of the kind.

    Args:
        data: the whole file.
        limits: what it may cost.
        lifted: ids of the patches that the person lifted: these places stay.
    """
    looked_at = PdfDocument(data, limits)
    guard, found = Guard(), dict[int, list[Cover]]()
    for page in range(len(looked_at.page_sizes)):
        if looked_at.page_sizes[page] is None:
            continue
        covers = [cover for cover in guard.page("", looked_at, page).covers if cover.id not in lifted]
        if covers:
            found[page] = covers
    looked_at.close()
    if not found:
        return data
    with pymupdf.open(stream=data, filetype="pdf") as document:
        for page, covers in found.items():
            _redact(document[page], [cover.rect for cover in covers])
        # Without what is left over of the pages as they were.
        made: bytes = document.tobytes(garbage=3, deflate=True)
    return made


def _redact(page: pymupdf.Page, rects: Sequence[Rect]) -> None:
    boxes = [pymupdf.Rect(*rect) * page.derotation_matrix for rect in rects]
    for annotation in list(page.annots()):
        if any(annotation.rect.intersects(box) for box in boxes):
            page.delete_annot(annotation)
    for widget in list(page.widgets()):
        if any(widget.rect.intersects(box) for box in boxes):
            page.delete_widget(widget)
    for box in boxes:
        upright = box.height <= box.width
        across, down = (0.0, box.height * _CORE_SHARE) if upright else (box.width * _CORE_SHARE, 0.0)
        core = pymupdf.Rect(box.x0 + across, box.y0 + down, box.x1 - across, box.y1 - down)
        page.add_redact_annot(core, fill=_FILL)
    page.apply_redactions(images=_PIXELS_GO, graphics=_LINES_STAY)
    for box in boxes:
        page.draw_rect(box, color=None, fill=_FILL)
