"""Puts the comment box beside the selected marks, and the editor of a free text over its place."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRectF, Slot

from assessor_app.domain.annotations import Annotation, AnnotationKind
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.annotate.free_text_editor import FreeTextEditor
from assessor_app.ui.annotate.free_text_writing import FreeTextWriting
from assessor_app.ui.annotate.layer import AnnotationLayer
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

    def __init__(self, sheet: Sheet, layer: AnnotationLayer, parent: QObject) -> None:
        super().__init__(parent)
        self._sheet, self._layer = sheet, layer
        self.box = CommentBox(sheet.viewport())
        self.writing = FreeTextWriting(sheet, layer, self)
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

    @Slot()
    def close(self) -> None:
        """Hand on what was typed, and hide the box."""
        self.box.flush()
        self.box.hide()
        self._sheet.setFocus()

    @Slot()
    def place(self) -> None:
        """Put box and editor where they belong, inside of the view."""
        self.writing.place()
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

    @property
    def editor(self) -> FreeTextEditor:
        """Where the words of a free text are typed."""
        return self.writing.editor

    def rewrite(self, annotation: Annotation) -> None:
        """Let the words of a free text be changed; the box would lie in the way."""
        self.box.flush()
        self.box.hide()
        self.writing.rewrite(annotation)


def is_text(annotation: Annotation) -> bool:
    """Whether a mark is words on the page."""
    return annotation.kind is AnnotationKind.FREE_TEXT
