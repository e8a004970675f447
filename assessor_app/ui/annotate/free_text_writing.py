"""The words of a free text while they are typed: kept at every pause, and one step of undo all the same."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.clock import Clock
from assessor_app.domain.annotations import Annotation, Rect, mark_scale
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.comment_box import DEBOUNCE_MS
from assessor_app.ui.annotate.free_text_editor import FreeTextEditor
from assessor_app.ui.annotate.layer import AnnotationLayer
from assessor_app.ui.annotate.marks import to_rect
from assessor_app.ui.annotate.sheet import Sheet

_NOWHERE = Rect(0, 0, 0, 0)


class FreeTextWriting(QObject):
    """Opens the editor over a place on a page, and hands on what is typed there.

    A new text has its id before it is kept, so that words typed meanwhile find it, whatever is in front then.

    Args:
        sheet: the page view.
        layer: the marks.
        parent: Qt parent.
    """

    written = Signal(str, int, object, str)
    """Id, page, Rect and words of a new text; the same id again with more words."""
    rewritten = Signal(object, bool)
    """Annotation with other words and the room that they need; whether the same typing goes on."""
    emptied = Signal(str)
    """Id of a text that was begun just now and has no words any more."""

    def __init__(self, sheet: Sheet, layer: AnnotationLayer, parent: QObject) -> None:
        super().__init__(parent)
        self._sheet, self._layer = sheet, layer
        self.editor = FreeTextEditor(sheet.viewport())
        self._page, self._rect, self._least_pt = 0, _NOWHERE, 0.0
        self._id = AnnotationId("")
        self._before: Annotation | None = None
        """The text as it was before; None for a new one."""
        self._kept = ""
        """The words that were handed on last."""
        self._goes_on = False
        self._finished: tuple[AnnotationId, str] | None = None
        """A new text that is to be selected once its last words are kept."""
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self.keep)
        self.editor.finished.connect(self.finish)
        self.editor.resized.connect(self._grow)
        self.editor.textChanged.connect(self._pause.start)

    def write(self, page: int, rect: Rect) -> None:
        """Let a new free text be typed."""
        self.finish()
        self._begin(AnnotationId(Clock().new_id()), page, rect, None)

    def rewrite(self, annotation: Annotation) -> None:
        """Let the words of a free text be changed."""
        self.finish()
        mark = self._layer.mark(annotation.id)
        if mark is not None:
            place = mark.placement
            self._begin(annotation.id, place.page, place.rects[0], mark.annotation)

    def _begin(self, id_: AnnotationId, page: int, rect: Rect, before: Annotation | None) -> None:
        self._id, self._page, self._rect, self._before = id_, page, rect, before
        self._least_pt = rect.y1 - rect.y0
        self._kept = before.comment if before is not None else ""
        self._goes_on, self._finished = False, None
        self._layer.edited_in_place = id_
        self.editor.begin(self._kept)
        self._pause.stop()
        self._layer.changed.emit()

    @Slot()
    def keep(self) -> None:
        """Hand on the words as they are now."""
        self._pause.stop()
        if self.editor.is_open:
            self._hand_on(self.editor.toPlainText().rstrip())

    @Slot()
    def finish(self) -> None:
        """Close the editor and hand on its words; a new text without words was never there."""
        self._pause.stop()
        if not self.editor.is_open:
            return
        had_focus = self.editor.hasFocus()
        words = self.editor.end()
        self._layer.edited_in_place = None
        if had_focus:
            self._sheet.setFocus()
        if not words and self._before is not None:
            # A text is taken away as a mark, not by emptying it.
            words, self._rect = self._before.comment, self._before.anchor.rects[0]
        self._finished = (self._id, words) if self._before is None and words else None
        if words:
            self._hand_on(words)
            self.came()
        elif self._kept:
            self.emptied.emit(self._id)
        self._layer.changed.emit()

    def is_busy_with(self, annotation_id: AnnotationId) -> bool:
        """Whether a mark is a new text whose last words are not kept yet: it is selected here, later."""
        waits = self._finished is not None and self._finished[0] == annotation_id
        return waits or annotation_id == self._layer.edited_in_place

    def came(self) -> None:
        """The marks came anew: a new text is selected once its last words are kept, and not before.

        The comment box would hand on older ones.
        """
        mark = self._layer.mark(self._finished[0]) if self._finished is not None else None
        if self._finished is None or mark is None or mark.annotation.comment != self._finished[1]:
            return
        self._finished = None
        if not self._layer.selected_ids:
            self._layer.select(mark.annotation.id)

    def refused(self) -> None:
        """What was handed on could not be kept: what stands in the editor is tried again."""
        self._kept, self._finished = "", None

    def place(self) -> None:
        """Put the editor over its place."""
        if self.editor.is_open:
            at = self._sheet.rect_in_view(self._page, to_rect(self._rect))
            self.editor.place(at, self._sheet.scale * self._mark_scale())

    # ---- inside ----

    def _hand_on(self, words: str) -> None:
        if not words or words == self._kept:
            return
        self._kept = words
        mark = self._layer.mark(self._id)
        if mark is None:
            self.written.emit(self._id, self._page, self._rect, words)
            self._goes_on = True
            return
        goes_on, self._goes_on = self._goes_on, True
        anchor = replace(mark.annotation.anchor, rects=(self._rect,))
        self.rewritten.emit(replace(mark.annotation, comment=words, anchor=anchor), goes_on)

    def _mark_scale(self) -> float:
        """How large the letters are: as the finished mark will have them."""
        if self._before is not None:
            return self._before.anchor.mark_scale
        size = self._sheet.sizes[self._page]
        return mark_scale(size.width_pt, size.height_pt)

    @Slot()
    def _grow(self) -> None:
        """Room for all words, down to the page's edge; never less than was drawn."""
        needed = max(self.editor.height_pt(self._rect, self._mark_scale()), self._least_pt)
        bottom = min(self._rect.y0 + needed, self._sheet.sizes[self._page].height_pt)
        self._rect = replace(self._rect, y1=round(bottom, 2))
        self.place()
