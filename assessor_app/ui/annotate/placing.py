"""Where a mark is put when it is placed again: on the selected words, or in the middle of the view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF

from assessor_app.documents.anchoring import anchor_words
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect
from assessor_app.ui.annotate.shapes import bounds_of, moved, on_target
from assessor_app.ui.annotate.tool_desk import ToolDesk

ON_WORDS = (AnnotationKind.HIGHLIGHT, AnnotationKind.UNDERLINE, AnnotationKind.STRIKE_OUT)
"""Kinds that lie along words."""
_BARE = Rect(0.0, 0.0, 120.0, 16.0)
"""The shape of a mark that comes from a text without pages."""


def anchor_here(desk: ToolDesk, mark: Annotation) -> Anchor | None:
    """The place for a mark in the document at hand; None when nothing is open."""
    if not desk.has_document:
        return None
    page, span = desk.selection.page, desk.selection.span
    text = desk.text(page) if page is not None else None
    if page is not None and span is not None and text is not None:
        on_words = anchor_words(desk.target(page), text, *span)
        if mark.kind in ON_WORDS:
            return on_words
        bounds = bounds_of(on_words.rects)
        return _centred(desk, mark, page, QPointF((bounds.x0 + bounds.x1) / 2, (bounds.y0 + bounds.y1) / 2))
    return _centred(desk, mark, desk.sheet.page, _middle_of_view(desk))


def _centred(desk: ToolDesk, mark: Annotation, page: int, middle: QPointF) -> Anchor:
    """The mark's own shape around a point, as far as the page goes."""
    anchor = mark.anchor
    if not anchor.rects and not anchor.path:
        anchor = replace(anchor, rects=(_BARE,))
    here = replace(on_target(anchor, desk.target(page)), text=None, span=None, cells="")
    bounds = bounds_of(here.rects, here.path)
    return moved(here, middle.x() - (bounds.x0 + bounds.x1) / 2, middle.y() - (bounds.y0 + bounds.y1) / 2)


def _middle_of_view(desk: ToolDesk) -> QPointF:
    """The middle of what is seen of the page in view, in its points."""
    page = desk.sheet.page
    size = desk.sheet.sizes[page]
    whole = desk.sheet.rect_in_view(page, QRectF(0, 0, size.width_pt, size.height_pt))
    seen = whole.intersected(QRectF(desk.sheet.viewport().rect()))
    if seen.isEmpty():
        return QPointF(size.width_pt / 2, size.height_pt / 2)
    at = seen.center() - whole.topLeft()
    return QPointF(at.x() / whole.width() * size.width_pt, at.y() / whole.height() * size.height_pt)
