"""What the learner left on a PDF before it was handed in: its own annotations, in the child.

Read from the PDF's objects one by one and with bounds, because MuPDF's own annotation layer makes appearances
for each and takes minutes for tens of thousands. Names of authors never leave the child; they are numbered.
"""

from __future__ import annotations

import math

from pymupdf import mupdf

from assessor_app.documents.worker_text import cleaned

MAX_REMARKS = 2_000
"""Most remarks of a file."""
MAX_ON_A_PAGE = 300
"""Most annotations that are looked at on one page."""
MAX_TEXT_CHARS = 4_000
"""Most code points of a remark."""
_MAX_QUADS = 60
_HIDDEN_FLAGS = 0x02 | 0x20
"""Hidden, or not for the screen: the learner did not see it either."""
_WRITTEN = {"Text": "comment", "FreeText": "comment"}
_MARKED = ("Highlight", "Underline", "Squiggly", "StrikeOut", "Caret", "Ink", "Stamp")
_PLACED = ("Square", "Circle", "Line", "Polygon", "PolyLine", "FileAttachment", "Sound")
_DRAWN = frozenset((*_MARKED, *_PLACED))


def remarks(pdf: mupdf.PdfDocument, pages: int) -> dict[str, object]:
    """All remarks in the form of `worker_remarks`, with their boxes, in the order of the pages.

    Args:
        pdf: the open document, as MuPDF's PDF layer knows it.
        pages: how many pages are shown.
    """
    found: list[dict[str, object]] = []
    authors: dict[str, int] = {}
    for page in range(pages):
        try:
            found += _on_page(pdf, page, authors)
        except (RuntimeError, ValueError, mupdf.FzErrorBase):
            continue
        if len(found) >= MAX_REMARKS:
            break
    return {"remarks": found[:MAX_REMARKS]}


def _on_page(pdf: mupdf.PdfDocument, page: int, authors: dict[str, int]) -> list[dict[str, object]]:
    """The remarks of a page."""
    page_object = mupdf.pdf_lookup_page_obj(pdf, page)
    annotations = mupdf.pdf_dict_gets(page_object, "Annots")
    count = min(mupdf.pdf_array_len(annotations), MAX_ON_A_PAGE)
    if not count:
        return []
    box, matrix = mupdf.FzRect(), mupdf.FzMatrix()
    mupdf.pdf_page_obj_transform(page_object, box, matrix)
    found: list[dict[str, object]] = []
    for index in range(count):
        remark = _remark(mupdf.pdf_array_get(annotations, index), page, matrix, authors)
        if remark is not None:
            found.append(remark)
    return found


def _remark(
    annotation: mupdf.PdfObj, page: int, matrix: mupdf.FzMatrix, authors: dict[str, int]
) -> dict[str, object] | None:
    """One remark; None for what is no remark, such as a link or a field of a form."""
    subtype = mupdf.pdf_to_name(mupdf.pdf_dict_gets(annotation, "Subtype"))
    kind = _WRITTEN.get(subtype) or ("mark" if subtype in _DRAWN else None)
    if kind is None or mupdf.pdf_to_int(mupdf.pdf_dict_gets(annotation, "F")) & _HIDDEN_FLAGS:
        return None
    text = _text(annotation, "Contents")[:MAX_TEXT_CHARS]
    if kind == "comment" and not text.strip():
        return None
    name = _text(annotation, "T").strip()
    author = authors.setdefault(name, len(authors) + 1) if name else 0
    return {
        "kind": kind,
        "text": " ".join(cleaned(text).split()),
        "author": author,
        "page": page,
        "quote": "",
        "reply": False,
        "boxes": _boxes(annotation, matrix),
    }


def _text(annotation: mupdf.PdfObj, key: str) -> str:
    """A text of the annotation, empty if there is none."""
    text = mupdf.pdf_to_text_string(mupdf.pdf_dict_gets(annotation, key))
    return str(text or "").encode("utf-8", "replace").decode("utf-8")


def _boxes(annotation: mupdf.PdfObj, matrix: mupdf.FzMatrix) -> list[list[float]]:
    """Where it stands in page points: one box for each marked line, else the whole."""
    quads = mupdf.pdf_dict_gets(annotation, "QuadPoints")
    corners = [
        mupdf.pdf_to_real(mupdf.pdf_array_get(quads, index))
        for index in range(min(mupdf.pdf_array_len(quads) // 8, _MAX_QUADS) * 8)
    ]
    boxes = [_box(corners[start : start + 8], matrix) for start in range(0, len(corners), 8)]
    if not boxes:
        edges = mupdf.pdf_dict_gets(annotation, "Rect")
        numbers = [mupdf.pdf_to_real(mupdf.pdf_array_get(edges, index)) for index in range(4)]
        boxes = [_box(numbers, matrix)]
    return [box for box in boxes if box]


def _box(points: list[float], matrix: mupdf.FzMatrix) -> list[float]:
    """The box around points of the PDF's own space, in page points; empty if it is none."""
    across, down = points[0::2], points[1::2]
    rect = mupdf.FzRect(min(across), min(down), max(across), max(down))
    turned = mupdf.fz_transform_rect(rect, matrix)
    edges = [turned.x0, turned.y0, turned.x1, turned.y1]
    return [round(edge, 3) for edge in edges] if all(math.isfinite(edge) for edge in edges) else []
