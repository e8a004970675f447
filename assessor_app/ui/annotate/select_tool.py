"""The pointer: selects words and marks, moves and resizes marks, draws a rubber band around several."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from assessor_app.documents.anchoring import PagePoint, find_words
from assessor_app.documents.text_layer import sentence_at, word_at
from assessor_app.domain.annotations import Anchor, AnnotationKind
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.handles import CURSORS, Handle, handle_at
from assessor_app.ui.annotate.layer import Mark
from assessor_app.ui.annotate.shapes import on_target, shifted_words, stretched, word_index
from assessor_app.ui.annotate.text_selection import word_near
from assessor_app.ui.annotate.tool import Desk, Tool

_MOVED_PX = 3.0
"""A hand trembles; less than this is a click."""
_NEAR_WORDS_PT = 16.0
"""A drag that begins so near to words selects words; farther away it draws a rubber band."""
_MORE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class SelectTool(Tool):
    """Words by dragging, marks by clicking, selected marks by their handles."""

    entry_id = "tool.pointer"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._handle: Handle | None = None
        self._from = PagePoint(0, 0, 0)
        self._changed: dict[AnnotationId, Anchor] = {}
        self._pressed: AnnotationId | None = None
        self._band: QRectF | None = None
        self._is_banding = False

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """Grab a handle, select a mark, begin to select words or to draw a rubber band."""
        del screen
        layer, point = self.desk.layer, QPointF(at.x, at.y)
        self._from, self._changed, self._handle, self._pressed = at, {}, None, None
        self._band, self._is_banding = None, False
        selected, adds = layer.selected, bool(self.desk.modifiers & _MORE)
        if selected is not None and selected.placement.page == at.page and not adds:
            self._handle = handle_at(layer.handles(), point, self.desk.scale)
            if self._handle is not None:
                return True
        mark = layer.at(at.page, point, self.desk.scale)
        if mark is not None:
            self.desk.selection.clear()
            self._press_mark(mark, adds=adds)
            return True
        if not adds:
            layer.select(None)
        if self._is_empty(at) or adds:
            self.desk.selection.clear()
            self._is_banding = True
            return True
        self.desk.selection.begin(at.page, (at.x, at.y))
        return True

    def _press_mark(self, mark: Mark, *, adds: bool) -> None:
        layer, id_ = self.desk.layer, mark.annotation.id
        if adds:
            layer.toggle(id_)
            return
        was_selected = id_ in layer.selected_ids
        if not was_selected:
            layer.select(id_)
        # Words are moved only once they are selected: a press on a highlight is mostly a click.
        if mark.annotation.anchor.text is None or was_selected:
            self._handle, self._pressed = Handle.WHOLE, id_

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """Drag a handle, marks or a rubber band, or select on."""
        del screen
        by = QPointF(at.x - self._from.x, at.y - self._from.y)
        is_steady = max(abs(by.x()), abs(by.y())) * self.desk.scale < _MOVED_PX
        if self._is_banding:
            if self._band is not None or not is_steady:
                self._band = QRectF(QPointF(self._from.x, self._from.y), QPointF(at.x, at.y)).normalized()
                self.desk.repaint()
        elif self._handle is None:
            if not self.desk.layer.selected_ids:
                self.desk.selection.extend((at.x, at.y))
        elif self._changed or not is_steady:
            found = {
                mark.annotation.id: anchor
                for mark in self.desk.layer.selection
                if (anchor := self._dragged(mark, self._handle, at, by)) is not None
            }
            if found:
                self._changed = found
                self.desk.layer.set_preview(found)

    def release(self, at: PagePoint, screen: QPointF) -> None:
        """Keep what was dragged, select what the rubber band holds."""
        del at, screen
        layer = self.desk.layer
        if self._changed:
            marks = [m.annotation for m in layer.selection if m.annotation.id in self._changed]
            self.desk.change([replace(mark, anchor=self._changed[mark.id]) for mark in marks])
        elif self._band is not None:
            held = [m.annotation.id for m in layer.marks() if self._is_held(m, self._band)]
            kept = layer.selected_ids if self.desk.modifiers & _MORE else ()
            layer.select_all((*kept, *held))
        elif self._pressed is not None:
            layer.select(self._pressed)
        elif not layer.selected_ids and self.desk.selection.span is None:
            self.desk.selection.clear()
        self._stop()

    def clicks(self, at: PagePoint, count: int) -> None:
        """Two clicks select a word or open a free text, three clicks select a sentence."""
        mark = self.desk.layer.at(at.page, QPointF(at.x, at.y), self.desk.scale)
        if mark is not None and mark.annotation.kind is AnnotationKind.FREE_TEXT:
            self.desk.rewrite_text(mark.annotation)
            return
        page_text = self.desk.text(at.page)
        if page_text is None:
            return
        span = word_at(page_text, (at.x, at.y)) if count == 2 else sentence_at(page_text, (at.x, at.y))
        if span is not None:
            self.desk.selection.select(at.page, *span)

    def cancel(self) -> bool:
        """Put marks that are being dragged back, or drop the rubber band."""
        was_busy = bool(self._changed) or self._band is not None
        if self._changed:
            self.desk.layer.set_preview({})
        self._stop()
        return was_busy

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

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """The rubber band."""
        del scale
        if self._band is None or page != self._from.page:
            return
        pen = QPen(QColor(30, 60, 160), 1.2, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(QColor(30, 60, 160, 22))
        painter.drawRect(self._band)

    def _stop(self) -> None:
        self._handle, self._changed, self._pressed = None, {}, None
        self._band, self._is_banding = None, False
        self.desk.repaint()

    def _is_empty(self, at: PagePoint) -> bool:
        """Whether a place is far from all words; unknown words may be anywhere."""
        page_text = self.desk.text(at.page)
        if page_text is None:
            return False
        return not any(
            max(word.x0 - at.x, at.x - word.x1, word.y0 - at.y, at.y - word.y1) < _NEAR_WORDS_PT
            for word in page_text.words
        )

    def _is_held(self, mark: Mark, band: QRectF) -> bool:
        bounds = self.desk.layer.bounds(mark)
        # A straight line has a box without area, which Qt says intersects nothing.
        return mark.placement.page == self._from.page and band.intersects(
            bounds.adjusted(-0.1, -0.1, 0.1, 0.1)
        )

    def _dragged(self, mark: Mark, handle: Handle, at: PagePoint, by: QPointF) -> Anchor | None:
        """Where the mark would be now; None while it cannot be told, or must stay."""
        layer, annotation = self.desk.layer, mark.annotation
        if not layer.can_change(annotation.id):
            return None
        if annotation.anchor.text is not None:
            return self._along_words(mark, handle, at) if layer.selected is not None else None
        page = mark.placement.page
        anchor = replace(on_target(annotation.anchor, self.desk.target(page)), rects=mark.placement.rects)
        return stretched(anchor, annotation.kind, handle, by.x(), by.y())

    def _along_words(self, mark: Mark, handle: Handle, at: PagePoint) -> Anchor | None:
        """The mark with an end, or all of it, moved along the words."""
        page = mark.placement.page
        page_text, words = self.desk.text(page), mark.annotation.anchor.text
        if page_text is None or words is None:
            return None
        span = find_words(words, page_text.text)
        if span is None:
            return None
        here = word_near(page_text, (at.x, at.y)) or 0
        steps = here - (word_near(page_text, (self._from.x, self._from.y)) or 0)
        first = steps if handle is Handle.WHOLE else 0
        last = first
        if handle is Handle.START:
            first = min(here, word_index(page_text, span[1] - 1)) - word_index(page_text, span[0])
        elif handle is Handle.END:
            last = max(here, word_index(page_text, span[0])) - word_index(page_text, span[1] - 1)
        return shifted_words(self.desk.target(page), page_text, span, first, last)
