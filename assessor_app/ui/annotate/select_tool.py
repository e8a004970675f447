"""The pointer: selects words and marks, moves and resizes marks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt

from assessor_app.documents.anchoring import PagePoint, anchor_words, find_words
from assessor_app.documents.text_layer import sentence_at, word_at
from assessor_app.domain.annotations import Annotation, Rect
from assessor_app.ui.annotate.handles import BOX_KINDS, CURSORS, SIGN_KINDS, Handle, dragged, handle_at
from assessor_app.ui.annotate.layer import Mark
from assessor_app.ui.annotate.text_selection import offset_near
from assessor_app.ui.annotate.tool import Desk, Tool

_MOVED_PX = 3.0
"""A hand trembles; less than this is a click."""


class SelectTool(Tool):
    """Words by dragging, marks by clicking, a selected mark by its handles."""

    entry_id = "tool.pointer"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._grabbed: tuple[Mark, Handle] | None = None
        self._from = PagePoint(0, 0, 0)
        self._changed: Annotation | None = None

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """Grab a handle, select a mark, or begin to select words."""
        del screen
        layer, point = self.desk.layer, QPointF(at.x, at.y)
        self._from, self._changed, self._grabbed = at, None, None
        selected = layer.selected
        if selected is not None and selected.placement.page == at.page:
            handle = handle_at(layer.handles(), point, self.desk.scale)
            if handle is not None:
                self._grabbed = (selected, handle)
                return True
        mark = layer.at(at.page, point, self.desk.scale)
        if mark is not None:
            self.desk.selection.clear()
            layer.select(mark.annotation.id)
            can_move = mark.annotation.kind in (*BOX_KINDS, *SIGN_KINDS)
            if can_move and layer.can_change(mark.annotation.id):
                self._grabbed = (mark, Handle.WHOLE)
            return True
        layer.select(None)
        self.desk.selection.begin(at.page, (at.x, at.y))
        return True

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """Drag a handle or a mark, or select on."""
        del screen
        if self._grabbed is None:
            if self.desk.layer.selected is None:
                self.desk.selection.extend((at.x, at.y))
            return
        mark, handle = self._grabbed
        by = QPointF(at.x - self._from.x, at.y - self._from.y)
        is_steady = max(abs(by.x()), abs(by.y())) * self.desk.scale < _MOVED_PX
        if self._changed is None and is_steady:
            return
        self._changed = self._dragged(mark, handle, at, by)
        if self._changed is not None:
            self.desk.layer.set_preview(mark.annotation.id, self._changed.anchor.rects)

    def release(self, at: PagePoint, screen: QPointF) -> None:
        """Keep what was dragged."""
        del at, screen
        if self._changed is not None:
            self.desk.change(self._changed)
        elif self.desk.layer.selected is None and self.desk.selection.span is None:
            self.desk.selection.clear()
        self._grabbed, self._changed = None, None

    def clicks(self, at: PagePoint, count: int) -> None:
        """Two clicks select a word, three a sentence."""
        page_text = self.desk.text(at.page)
        if page_text is None:
            return
        span = word_at(page_text, (at.x, at.y)) if count == 2 else sentence_at(page_text, (at.x, at.y))
        if span is not None:
            self.desk.selection.select(at.page, *span)

    def cancel(self) -> bool:
        """Put a mark that is being dragged back."""
        if self._changed is None or self._grabbed is None:
            return False
        mark = self._grabbed[0]
        self.desk.layer.set_preview(mark.annotation.id, mark.placement.rects)
        self._grabbed, self._changed = None, None
        return True

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """Tell handles, marks and words apart."""
        if at is None:
            return Qt.CursorShape.ArrowCursor
        point, layer = QPointF(at.x, at.y), self.desk.layer
        selected = layer.selected
        if selected is not None and selected.placement.page == at.page:
            handle = handle_at(layer.handles(), point, self.desk.scale)
            if handle is not None:
                return CURSORS[handle]
        if layer.at(at.page, point, self.desk.scale) is not None:
            return Qt.CursorShape.PointingHandCursor
        page_text = self.desk.text(at.page)
        is_word = page_text is not None and word_at(page_text, (at.x, at.y)) is not None
        return Qt.CursorShape.IBeamCursor if is_word else Qt.CursorShape.ArrowCursor

    def _dragged(self, mark: Mark, handle: Handle, at: PagePoint, by: QPointF) -> Annotation | None:
        """The mark as it would be now; None while it cannot be told."""
        target = self.desk.target(mark.placement.page)
        if handle in (Handle.START, Handle.END):
            return self._along_words(mark, handle, at)
        rect = dragged(mark.placement.rects[0], handle, by, target.size.width_pt, target.size.height_pt)
        anchor = replace(
            mark.annotation.anchor,
            page=mark.placement.page,
            source_sha256=target.sha256,
            page_width_pt=target.size.width_pt,
            page_height_pt=target.size.height_pt,
            rects=(_rounded(rect),),
            text=None,
        )
        return replace(mark.annotation, anchor=anchor)

    def _along_words(self, mark: Mark, handle: Handle, at: PagePoint) -> Annotation | None:
        """The mark with one end moved along the words."""
        page_text, words = self.desk.text(mark.placement.page), mark.annotation.anchor.text
        if page_text is None or words is None:
            return None
        offset, span = offset_near(page_text, (at.x, at.y)), find_words(words, page_text.text)
        if offset is None or span is None:
            return None
        start, end = span
        if handle is Handle.START:
            start = min(offset, end - 1)
        else:
            end = max(offset, start + 1)
        anchor = anchor_words(self.desk.target(mark.placement.page), page_text, start, end)
        return replace(mark.annotation, anchor=anchor)


def _rounded(rect: Rect) -> Rect:
    return Rect(*(round(edge, 2) for edge in (rect.x0, rect.y0, rect.x1, rect.y1)))
