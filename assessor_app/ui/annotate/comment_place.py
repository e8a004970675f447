"""Puts the comment box beside the selected marks, and the editor of a free text over its place."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, QRectF, Signal

from assessor_app.domain.annotations import Annotation, AnnotationKind, Rect, mark_scale
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.annotate.free_text_editor import FreeTextEditor
from assessor_app.ui.annotate.layer import AnnotationLayer
from assessor_app.ui.annotate.marks import to_rect
from assessor_app.ui.annotate.sheet import Sheet

_AIR_PX = 8
_BESIDE_PX = 10


class CommentPlace(QObject):
    """Shows what belongs to the selected marks.

    Args:
        sheet: the page view.
        layer: the marks.
        parent: Qt parent.
    """

    text_written = Signal(int, object, str)
    """Page, Rect and words of a new free text."""
    text_rewritten = Signal(object)
    """Annotation of a free text with other words, and the room that they need."""

    def __init__(self, sheet: Sheet, layer: AnnotationLayer, parent: QObject) -> None:
        super().__init__(parent)
        self._sheet, self._layer = sheet, layer
        self.box = CommentBox(sheet.viewport())
        self.editor = FreeTextEditor(sheet.viewport())
        self._typed: tuple[int, Rect, Annotation | None] = (0, Rect(0, 0, 0, 0), None)
        self.editor.finished.connect(self.finish_text)
        self.editor.resized.connect(self._grow)
        self.box.closed.connect(self.close)
        self.box.resized.connect(self.place)

    # ---- the comment box ----

    def show_selection(self, *, is_editable: bool) -> None:
        """Show the box for what is selected; nothing selected hides it."""
        marks = self._layer.selection
        if not marks:
            had_focus = self.box.has_focus()
            self.box.forget()
            if had_focus:
                self._sheet.setFocus()
            return
        self._load(is_editable=is_editable)
        self.box.show()
        self.box.raise_()
        self.place()

    def refresh(self, *, is_editable: bool) -> None:
        """The marks came anew: show them as they are now."""
        if self._layer.selection and self.box.isVisible():
            self._load(is_editable=is_editable)
        self.place()

    def close(self) -> None:
        """Hand on what was typed, and hide the box."""
        self.box.flush()
        self.box.hide()
        self._sheet.setFocus()

    def place(self) -> None:
        """Put box and editor where they belong, inside of the view."""
        if self.editor.is_open:
            page, rect, _there = self._typed
            at = self._sheet.rect_in_view(page, to_rect(rect))
            self.editor.place(at, self._sheet.scale * self._mark_scale())
        marks = self._layer.selection
        if not marks or not self.box.isVisible():
            return
        self.box.adjustSize()
        view = self._sheet.viewport().rect()
        at = QRectF()
        for mark in marks:
            at = at.united(self._sheet.rect_in_view(mark.placement.page, self._layer.bounds(mark)))
        x = min(max(_AIR_PX, round(at.left())), max(_AIR_PX, view.width() - self.box.width() - _AIR_PX))
        y = round(at.bottom()) + _BESIDE_PX
        if y + self.box.height() > view.height() - _AIR_PX:
            above = round(at.top()) - self.box.height() - _BESIDE_PX
            y = above if above >= _AIR_PX else max(_AIR_PX, view.height() - self.box.height() - _AIR_PX)
        self.box.move(QPoint(x, y))

    def _load(self, *, is_editable: bool) -> None:
        marks = [mark.annotation for mark in self._layer.selection]
        if len(marks) == 1:
            self.box.load(marks[0])
        else:
            self.box.load_several(marks)
        self.box.set_editable(is_editable)

    # ---- free text ----

    def write(self, page: int, rect: Rect) -> None:
        """Let a new free text be typed."""
        self.finish_text()
        self._typed = (page, rect, None)
        self.editor.begin("")

    def rewrite(self, annotation: Annotation) -> None:
        """Let the words of a free text be changed."""
        self.finish_text()
        mark = self._layer.mark(annotation.id)
        if mark is None:
            return
        self.box.flush()
        self.box.hide()
        self._typed = (mark.placement.page, mark.placement.rects[0], annotation)
        self._layer.edited_in_place = annotation.id
        self.editor.begin(annotation.comment)
        self._layer.changed.emit()

    def finish_text(self) -> None:
        """Hand on the words that are being typed; an empty new text was never there."""
        if not self.editor.is_open:
            return
        had_focus = self.editor.hasFocus()
        page, rect, there = self._typed
        text = self.editor.end()
        self._layer.edited_in_place = None
        if had_focus:
            self._sheet.setFocus()
        if there is None and text:
            self.text_written.emit(page, rect, text)
        elif there is not None and text and text != there.comment:
            anchor = replace(there.anchor, rects=(rect,)) if there.anchor.rects != (rect,) else there.anchor
            self.text_rewritten.emit(replace(there, comment=text, anchor=anchor))
        self._layer.changed.emit()

    def _mark_scale(self) -> float:
        """How large the letters are that are being typed: as the finished mark will have them."""
        page, _rect, there = self._typed
        if there is not None:
            return there.anchor.mark_scale
        size = self._sheet.sizes[page]
        return mark_scale(size.width_pt, size.height_pt)

    def _grow(self) -> None:
        """Room for all words, down to the page's edge; never less than was drawn."""
        page, rect, there = self._typed
        least = there.anchor.rects[0] if there is not None and there.anchor.rects else None
        needed = self.editor.height_pt(rect, self._mark_scale())
        drawn = least.y1 - least.y0 if least is not None else rect.y1 - rect.y0
        bottom = min(rect.y0 + max(needed, drawn), self._sheet.sizes[page].height_pt)
        self._typed = (page, replace(rect, y1=round(bottom, 2)), there)
        self.place()


def is_text(annotation: Annotation) -> bool:
    """Whether a mark is words on the page."""
    return annotation.kind is AnnotationKind.FREE_TEXT
