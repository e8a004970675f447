"""Where a mark is put without a pointer: on the selected words, or in the middle of the view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF

from assessor_app.documents.anchoring import anchor_words
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect
from assessor_app.ui.annotate.shapes import bounds_of, moved, on_target
from assessor_app.ui.annotate.tool import Tool
from assessor_app.ui.annotate.tool_desk import ToolDesk

ON_WORDS = (AnnotationKind.HIGHLIGHT, AnnotationKind.UNDERLINE, AnnotationKind.STRIKE_OUT)
"""Kinds that lie along words."""
_BARE = Rect(0.0, 0.0, 120.0, 16.0)
"""The shape of a mark that comes from a text without pages."""
_ASIDE_PX = 16.0
"""How far a mark that is put by a key stands aside of one that is there already."""


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
    return _centred(desk, mark, desk.sheet.page, part_in_view(desk).center())


def _centred(desk: ToolDesk, mark: Annotation, page: int, middle: QPointF) -> Anchor:
    """The mark's own shape around a point, as far as the page goes."""
    anchor = mark.anchor
    if not anchor.rects and not anchor.path:
        anchor = replace(anchor, rects=(_BARE,))
    here = replace(on_target(anchor, desk.target(page)), text=None, span=None, cells="")
    bounds = bounds_of(here.rects, here.path)
    return moved(here, middle.x() - (bounds.x0 + bounds.x1) / 2, middle.y() - (bounds.y0 + bounds.y1) / 2)


def put_by_key(desk: ToolDesk, tool: Tool) -> bool:
    """Make the mark of a drawing tool in the middle of what is seen of the page in view.

    Returns:
        Whether there is a page, and the tool makes marks that need no drawing.
    """
    if not desk.has_document or not desk.is_editable:
        return False
    page, seen = desk.sheet.page, part_in_view(desk)
    size = tool.put_size(page, seen.size())
    if size is None:
        return False
    rect = QRectF(QPointF(0, 0), size)
    rect.moveCenter(seen.center())
    taken = [desk.layer.bounds(mark).topLeft() for mark in desk.layer.marks() if mark.placement.page == page]
    step = _ASIDE_PX / desk.scale
    # A mark exactly on another one would hide it.
    while any((at - rect.topLeft()).manhattanLength() < step / 2 for at in taken):
        rect.translate(step, step)
    paper = desk.sheet.sizes[page]
    rect.moveLeft(max(0.0, min(rect.left(), paper.width_pt - rect.width())))
    rect.moveTop(max(0.0, min(rect.top(), paper.height_pt - rect.height())))
    desk.selection.clear()
    tool.put(page, rect)
    return True


def part_in_view(desk: ToolDesk) -> QRectF:
    """What is seen of the page in view, in its points; all of it if nothing is."""
    page = desk.sheet.page
    size = desk.sheet.sizes[page]
    whole = desk.sheet.rect_in_view(page, QRectF(0, 0, size.width_pt, size.height_pt))
    seen = whole.intersected(QRectF(desk.sheet.viewport().rect()))
    if seen.isEmpty():
        return QRectF(0, 0, size.width_pt, size.height_pt)
    corners: list[QPointF] = []
    for corner in (seen.topLeft(), seen.bottomRight()):
        x, y = (corner.x() - whole.left()) / whole.width(), (corner.y() - whole.top()) / whole.height()
        for _turn in range(desk.quarter_turns):
            # The page may be turned; its own coordinates never are.
            x, y = y, 1 - x
        corners.append(QPointF(x * size.width_pt, y * size.height_pt))
    return QRectF(*corners).normalized()
