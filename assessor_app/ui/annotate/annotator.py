"""Puts the tools into the hand: routes the pointer, makes and changes marks, shows their comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter

from assessor_app.documents.anchoring import PagePoint
from assessor_app.documents.pages import EvidenceSource, PageText
from assessor_app.domain.annotations import Annotation, AnnotationKind
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.clipboard import said_aloud
from assessor_app.ui.annotate.comment_place import is_text
from assessor_app.ui.annotate.layer import Mark
from assessor_app.ui.annotate.placing import put_by_key
from assessor_app.ui.annotate.sheet import Sheet
from assessor_app.ui.annotate.tool_desk import ToolDesk
from assessor_app.ui.annotate.toolbox import TEXT_TOOLS, every_tool
from assessor_app.ui.annotate.word_keys import Way, WordKeys
from assessor_app.ui.tasks import Lanes

WRITES_AT_ONCE = (AnnotationKind.NOTE, AnnotationKind.QUESTION)
"""Marks that say nothing without words: the comment is typed at once."""
_READING_TOOLS = ("tool.pointer", "tool.hand")
_WORD_TOOLS = (*_READING_TOOLS, *TEXT_TOOLS)
"""Tools with which keys select words."""


class Annotator(ToolDesk):
    """The hand and an overlay of the page view.

    Args:
        sheet: the page view.
        lanes: for finding places again.
        text_of: the words of a page; None while they are on their way.
        parent: Qt parent.
    """

    picked = Signal(tuple)
    """Ids of the marks that the person selected here."""
    tool_changed = Signal(str)
    """Id of the tool in the table of keys."""
    colour_changed = Signal(str)
    """Name of the colour in use."""

    def __init__(
        self, sheet: Sheet, lanes: Lanes, text_of: Callable[[int], PageText | None], parent: QObject
    ) -> None:
        super().__init__(sheet, lanes, text_of, parent)
        self._is_following = False
        self.word_keys = WordKeys(sheet, text_of, self.selection)
        self._tools = every_tool(self)
        self.tool = self._tools["tool.pointer"]
        self.layer.selection_changed.connect(self._selection_changed)
        box = self.box
        box.edited.connect(self._box_edited)
        box.several_edited.connect(self.change)
        box.delete_requested.connect(self._delete)
        box.several_deleted.connect(self.verbs.delete)

    # ---- the document ----

    def open(self, source: EvidenceSource, source_id: str, page_count: int) -> None:
        """Another document."""
        self.set_target(source_id, source.sha256, source.plain_media_type)
        self._follow(lambda: self.layer.open(source, source_id, page_count))
        self.selection.clear()

    def close(self) -> None:
        """The document is left: what was being typed is handed on, nothing is selected any more."""
        self.tool.cancel()
        self._follow(self.flush)
        self._follow(lambda: self.layer.select(None))
        self.selection.clear()

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Replace the marks; those that were just made are selected."""
        made = self.layer.set_annotations(annotations, read_only)
        made = tuple(mark for mark in made if not self.place.writing.is_busy_with(mark.id))
        self.place.writing.came()
        if made:
            self.layer.select_all(mark.id for mark in made)
            if len(made) == 1 and made[0].kind in WRITES_AT_ONCE and not made[0].comment:
                self.box.write()
        self.place.refresh(is_editable=self._may_change_selection())

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to, with short texts."""
        self.box.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self.is_editable = is_editable
        self.box.set_editable(self._may_change_selection())
        if not is_editable and self.tool.entry_id != "tool.pointer":
            self.take("tool.pointer")

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.layer.discard_pending()
        self.place.writing.refused()
        self.box.expect_nothing()

    # ---- tools and colours ----

    @property
    def tools(self) -> tuple[str, ...]:
        """Ids of all tools."""
        return tuple(self._tools)

    def take(self, entry_id: str) -> None:
        """Take a tool. With words selected a text tool marks them at once instead."""
        kind = TEXT_TOOLS.get(entry_id)
        if kind is not None and self.mark_selection(kind):
            return
        if not self.is_editable and entry_id not in _READING_TOOLS:
            entry_id = "tool.pointer"
        self.tool.cancel()
        self.place.writing.finish()
        # The key of the tool that is on puts it away.
        is_again = self._tools[entry_id] is self.tool
        self.tool = self._tools["tool.pointer" if is_again else entry_id]
        if self.tool.entry_id != "tool.pointer":
            self.layer.select(None)
        self.tool_changed.emit(self.tool.entry_id)
        self.sheet.setFocus()

    def set_colour(self, colour: str) -> None:
        """Use a colour from now on; with the pointer on, selected marks take it, too."""
        self.pen = replace(self.pen, colour=colour)
        # With a drawing tool on, the mark just made is selected: the next one is meant, not that one.
        if self.tool.entry_id == "tool.pointer":
            self.verbs.recolour(colour)
        self.colour_changed.emit(colour)

    # ---- verbs ----

    def delete_selected(self) -> None:
        """Delete the selected marks."""
        self.verbs.delete()

    def comment_selected(self) -> bool:
        """Write a comment on the selected mark, or in a free text; False when none is selected."""
        mark = self.layer.selected
        if mark is None:
            return False
        if is_text(mark.annotation) and self.may_change(mark.annotation.id):
            self.rewrite_text(mark.annotation)
            return True
        self._show_box()
        self.box.write()
        return True

    def put(self) -> bool:
        """Place a mark with the tool that is on: on the selected words, or in the middle of what is seen.

        Returns:
            False when the tool places none without a pointer.
        """
        kind = TEXT_TOOLS.get(self.tool.entry_id)
        return self.mark_selection(kind) if kind is not None else put_by_key(self, self.tool)

    def extend_words(self, way: Way) -> None:
        """Stretch the selected marks, or select words up to the next one or the next line."""
        if self.verbs.stretch(way) or self.layer.selection or self.tool.entry_id not in _WORD_TOOLS:
            return
        self.word_keys.extend(way)

    def move_words(self, way: Way) -> None:
        """Select as many words elsewhere."""
        if self.tool.entry_id in _WORD_TOOLS:
            self.layer.select(None)
            self.word_keys.move(way)

    def tie_selected(self) -> None:
        """Tie the selected marks to criteria."""
        if self.layer.selection:
            self._show_box()
            self.box.tie()

    @Slot()
    def copy(self) -> None:
        """Copy the selected marks; the selected words when no mark is selected."""
        if not self.verbs.copy() and self.selection.text:
            QGuiApplication.clipboard().setText(said_aloud(self.selection.text))

    def paste(self) -> None:
        """Put copies of marks on the page in view."""
        if self.is_editable and self.has_document:
            self.verbs.paste(self.sheet.page)

    def duplicate(self) -> None:
        """Put copies of the selected marks beside them."""
        if self.is_editable:
            self.verbs.duplicate()

    def select(self, annotation_id: AnnotationId) -> bool:
        """Go to a mark and select it; False when it has no place here."""
        mark = self.layer.mark(annotation_id)
        if mark is None:
            return False
        self.sheet.show_rect(mark.placement.page, self.layer.bounds(mark))
        self.layer.select(annotation_id)
        return True

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) mark, in reading order, from the selected one or the page."""
        marks = sorted(self.layer.marks(), key=_reading_order)
        if not marks:
            return
        selected = self.layer.selection
        if selected:
            here = _reading_order(selected[-1 if direction > 0 else 0])
        else:
            here = (self.sheet.page, float("-inf") if direction > 0 else float("inf"), 0.0, "")
        if direction > 0:
            found = next((mark for mark in marks if _reading_order(mark) > here), marks[0])
        else:
            found = next((mark for mark in reversed(marks) if _reading_order(mark) < here), marks[-1])
        self.select(found.annotation.id)

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select what was picked elsewhere, and tell nobody."""
        here = [id_ for id_ in annotation_ids if self.layer.mark(id_) is not None]
        self._follow(lambda: self.layer.select_all(here))

    def escape(self) -> bool:
        """One step out: text, comment, selection, tool. False when there is nothing to leave."""
        if self.tool.cancel():
            return True
        if self.place.editor.is_open:
            self.place.writing.finish()
            self.sheet.setFocus()
            return True
        if self.box.isVisible():
            self.place.close()
            return True
        if self.layer.selected_ids or self.selection.span is not None:
            self.layer.select(None)
            self.selection.clear()
            return True
        if self.tool.entry_id != "tool.pointer":
            self.take("tool.pointer")
            return True
        return False

    def flush(self) -> None:
        """Hand on what is being typed or moved, at once."""
        self.place.writing.finish()
        self.verbs.keep_nudges()
        self.box.flush()

    # ---- the hand ----

    def press(self, at: PagePoint, event: QMouseEvent) -> bool:
        """Hand a press to the tool."""
        self.modifiers = event.modifiers()
        self.verbs.keep_nudges()
        return self.tool.press(at, event.globalPosition())

    def move(self, at: PagePoint, event: QMouseEvent) -> None:
        """Hand a move to the tool."""
        self.tool.move(at, event.globalPosition())

    def release(self, at: PagePoint, event: QMouseEvent) -> None:
        """Hand a release to the tool."""
        self.tool.release(at, event.globalPosition())

    def clicks(self, at: PagePoint, count: int) -> None:
        """Hand a double or triple click to the tool."""
        self.tool.clicks(at, count)

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """The tool's pointer."""
        return self.tool.cursor(at)

    def key(self, event: QKeyEvent) -> bool:
        """Esc is one step out; arrow keys move and stretch selected marks."""
        if event.type() is not QEvent.Type.KeyPress:
            return False
        return self.escape() if event.key() == Qt.Key.Key_Escape else self.verbs.nudge(event)

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Marks, then the selected words, then what is half done."""
        self.layer.paint(painter, page, scale)
        painter.save()
        self.selection.paint(painter, page, scale)
        painter.restore()
        self.tool.paint(painter, page, scale)

    @Slot()
    def place_box(self) -> None:
        """The pages stand elsewhere: what belongs to marks follows."""
        self.place.place()

    # ---- inside ----

    def _show_box(self) -> None:
        self.place.show_selection(is_editable=self._may_change_selection())

    @Slot()
    def _selection_changed(self) -> None:
        self._show_box()
        if not self._is_following:
            self.picked.emit(self.layer.selected_ids)

    def _follow(self, act: Callable[[], object]) -> None:
        """Do something that changes the selection without its being the person's choice here."""
        self._is_following = True
        try:
            act()
        finally:
            self._is_following = False

    @Slot(object)
    def _box_edited(self, annotation: Annotation) -> None:
        self.change([annotation])

    @Slot(str)
    def _delete(self, annotation_id: str) -> None:
        self.verbs.take_away([AnnotationId(annotation_id)])

    def _may_change_selection(self) -> bool:
        selected = self.layer.selected_ids
        return bool(selected) and all(self.may_change(id_) for id_ in selected)


def _reading_order(mark: Mark) -> tuple[int, float, float, str]:
    """By page, from top to bottom, from left to right; the id tells marks of one place apart."""
    rects = mark.placement.rects
    top, left = (rects[0].y0, rects[0].x0) if rects else (0.0, 0.0)
    return mark.placement.page, top, left, mark.annotation.id
