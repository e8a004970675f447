"""What is done to the selected marks, one or many: each verb is one step that undo takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent

from assessor_app.documents.anchoring import find_words
from assessor_app.documents.pages import PageText
from assessor_app.domain.annotations import Anchor, Annotation
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.clipboard import MarksClipboard, copies
from assessor_app.ui.annotate.drafts import AnnotationDraft, MarksEdit
from assessor_app.ui.annotate.handles import SIGN_KINDS, Handle
from assessor_app.ui.annotate.layer import Mark
from assessor_app.ui.annotate.shapes import on_target, shifted_words, stretched, word_index
from assessor_app.ui.annotate.text_selection import word_near
from assessor_app.ui.annotate.tool import Desk
from assessor_app.ui.annotate.words import change_label, counted

NUDGE_PT = 2.0
"""How far one press of an arrow key moves or stretches a drawn mark."""
_REST_MS = 400
"""Presses of arrow keys that follow one another are one step, until they rest for so long."""
_WAYS = {
    Qt.Key.Key_Left.value: (-1, 0),
    Qt.Key.Key_Right.value: (1, 0),
    Qt.Key.Key_Up.value: (0, -1),
    Qt.Key.Key_Down.value: (0, 1),
}

_CORNERS = (Handle.BOTTOM_RIGHT, Handle.TOP_RIGHT, Handle.TOP_LEFT, Handle.BOTTOM_LEFT)
"""The corner of a page's mark that is seen at the bottom right, by quarter turns."""


class MarkVerbs(QObject):
    """Changes marks on behalf of the annotator.

    Args:
        desk: the document and the marks.
        may_change: whether a mark is the person's own, and can be changed now.
        parent: Qt parent.
    """

    edited = Signal(object)
    """MarksEdit."""

    def __init__(self, desk: Desk, may_change: Callable[[AnnotationId], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._may_change = desk, may_change
        self._clipboard = MarksClipboard()
        self._nudged: dict[AnnotationId, Anchor] = {}
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.keep_nudges)

    def own(self) -> tuple[Annotation, ...]:
        """The selected marks that can be changed."""
        return tuple(
            mark.annotation for mark in self._desk.layer.selection if self._may_change(mark.annotation.id)
        )

    def change(self, after: Sequence[Annotation]) -> None:
        """Replace marks."""
        changed: list[tuple[Annotation, Annotation]] = []
        for new in after:
            mark = self._desk.layer.mark(new.id)
            if mark is not None and self._may_change(new.id) and mark.annotation != new:
                changed.append((mark.annotation, new))
        if changed:
            old, new_ones = zip(*changed, strict=True)
            self.edited.emit(MarksEdit(change_label(old, new_ones), puts=tuple(new_ones)))

    def recolour(self, colour: str) -> None:
        """Give the selected marks a colour."""
        self.change([replace(mark, colour=colour) for mark in self.own()])

    @Slot()
    def delete(self) -> None:
        """Take the selected marks away."""
        self.take_away(mark.id for mark in self.own())

    def take_away(self, annotation_ids: Iterable[AnnotationId], *, is_erased: bool = False) -> None:
        """Take marks away."""
        ids = tuple(id_ for id_ in annotation_ids if self._may_change(id_))
        if not ids:
            return
        self._drop_nudges()
        self._desk.layer.select(None)
        if is_erased:
            label = counted(self.tr("Erase mark"), self.tr("Erase {n} marks"), len(ids))
        else:
            label = counted(self.tr("Delete mark"), self.tr("Delete {n} marks"), len(ids))
        self.edited.emit(MarksEdit(label, deletes=ids))

    # ---- copies ----

    def copy(self) -> bool:
        """Copy the selected marks; False when none is selected."""
        marks = [mark.annotation for mark in self._desk.layer.selection]
        if marks:
            self._clipboard.copy(marks)
        return bool(marks)

    def cut(self) -> None:
        """Copy the selected marks and take them away."""
        own = self.own()
        if own:
            self._clipboard.copy(own)
            self._desk.layer.select(None)
            label = counted(self.tr("Cut mark"), self.tr("Cut {n} marks"), len(own))
            self.edited.emit(MarksEdit(label, deletes=tuple(mark.id for mark in own)))

    def paste(self, page: int) -> None:
        """Put copies of what was copied on a page."""
        drafts = self._clipboard.paste(self._desk.target(page), self._desk.text(page), _is_drawn)
        self._make(drafts, counted(self.tr("Paste mark"), self.tr("Paste {n} marks"), len(drafts)))

    def duplicate(self) -> None:
        """Put copies of the selected marks beside them."""
        drafts: list[AnnotationDraft] = []
        for mark in self._desk.layer.selection:
            page = mark.placement.page
            drafts += copies([mark.annotation], self._desk.target(page), self._desk.text(page))
        label = counted(self.tr("Duplicate mark"), self.tr("Duplicate {n} marks"), len(drafts))
        self._make(drafts, label)

    def _make(self, drafts: Sequence[AnnotationDraft], label: str) -> None:
        if drafts:
            self._desk.layer.select(None)
            self._desk.layer.add_pending(drafts)
            self.edited.emit(MarksEdit(label, drafts=tuple(drafts)))

    def select_all(self) -> None:
        """Select every mark in sight of the document."""
        layer = self._desk.layer
        self._desk.selection.clear()
        layer.select_all(mark.annotation.id for mark in layer.marks())

    # ---- arrow keys ----

    def nudge(self, event: QKeyEvent) -> bool:
        """Move the selected marks by an arrow key, stretch them with Shift; False for any other key."""
        way = _WAYS.get(event.key())
        shift = Qt.KeyboardModifier.ShiftModifier
        # An arrow key of the number block is an arrow key.
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if way is None or held not in (Qt.KeyboardModifier.NoModifier, shift):
            return False
        return self._go(way, stretches=held == shift)

    def stretch(self, way: tuple[int, int]) -> bool:
        """Stretch the selected marks to the right (1) or left (-1), down or up; False if none can be."""
        return self._go(way, stretches=True)

    def _go(self, way: tuple[int, int], *, stretches: bool) -> bool:
        if not self.own():
            return False
        for _turn in range(self._desk.quarter_turns):
            # The key says where to go as it is seen; the page may be turned.
            way = (way[1], -way[0])
        for mark in self._desk.layer.selection:
            if self._may_change(mark.annotation.id):
                anchor = self._nudged_anchor(mark, way, stretches=stretches)
                if anchor is not None:
                    self._nudged[mark.annotation.id] = anchor
        self._desk.layer.set_preview(self._nudged)
        self._rest.start()
        return True

    @Slot()
    def keep_nudges(self) -> None:
        """Keep where arrow keys have moved marks to, at once."""
        self._rest.stop()
        nudged, self._nudged = self._nudged, {}
        marks = [mark for id_ in nudged if (mark := self._desk.layer.mark(id_)) is not None]
        self.change([replace(m.annotation, anchor=nudged[m.annotation.id]) for m in marks])

    def _drop_nudges(self) -> None:
        self._rest.stop()
        self._nudged = {}

    def _nudged_anchor(self, mark: Mark, way: tuple[int, int], *, stretches: bool) -> Anchor | None:
        annotation, page = mark.annotation, mark.placement.page
        target = self._desk.target(page)
        anchor = self._nudged.get(annotation.id)
        if anchor is None:
            anchor = replace(on_target(annotation.anchor, target), rects=mark.placement.rects)
        if anchor.text is not None:
            page_text = self._desk.text(page)
            span = find_words(anchor.text, page_text.text) if page_text is not None else None
            if page_text is None or span is None:
                return None
            steps = way[0] or _line_steps(page_text, span, way[1], at_end=stretches)
            return shifted_words(target, page_text, span, 0 if stretches else steps, steps)
        if stretches and annotation.kind in SIGN_KINDS:
            return None
        handle = Handle.WHOLE
        if stretches:
            handle = Handle.END if len(anchor.path) == 2 else _CORNERS[self._desk.quarter_turns]
        return stretched(anchor, annotation.kind, handle, way[0] * NUDGE_PT, way[1] * NUDGE_PT)


def _line_steps(page_text: PageText, span: tuple[int, int], direction: int, *, at_end: bool) -> int:
    """By how many words the line above (-1) or below (1) is away from the mark's beginning, or its end."""
    index = word_index(page_text, span[1] - 1 if at_end else span[0])
    word = page_text.words[index]
    y = (word.y0 + word.y1) / 2 + direction * (word.y1 - word.y0) * 1.25
    there = word_near(page_text, ((word.x0 + word.x1) / 2, y))
    return 0 if there is None else there - index


def _is_drawn(mark: Annotation) -> bool:
    """Whether a mark has a place on a page: one on a written answer or a recording has none."""
    return bool(mark.anchor.rects)
