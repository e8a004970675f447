"""Puts the tools into the hand: routes the pointer, makes and changes marks, shows their comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QScrollBar, QWidget

from assessor_app.documents.anchoring import PagePoint, Target, anchor_words
from assessor_app.documents.pages import EvidenceSource, PageSize, PageText
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, SourceKind
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.box_tool import BoxTool
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.annotate.drafts import FIRST_COLOUR, AnnotationDraft
from assessor_app.ui.annotate.hand_tool import HandTool
from assessor_app.ui.annotate.layer import AnnotationLayer, Mark
from assessor_app.ui.annotate.note_tool import NoteTool
from assessor_app.ui.annotate.select_tool import SelectTool
from assessor_app.ui.annotate.text_mark_tool import TextMarkTool
from assessor_app.ui.annotate.text_selection import TextSelection
from assessor_app.ui.annotate.tool import Tool
from assessor_app.ui.tasks import Lanes

WRITES_AT_ONCE = (AnnotationKind.NOTE, AnnotationKind.QUESTION)
"""Marks that say nothing without words: the comment is typed at once."""
TEXT_TOOLS = {"tool.highlight": AnnotationKind.HIGHLIGHT, "tool.underline": AnnotationKind.UNDERLINE}
"""Tools that mark selected words at once."""


class Sheet(Protocol):
    """What is used of the page view."""

    @property
    def scale(self) -> float:
        """Logical pixels for each point."""
        ...

    @property
    def sizes(self) -> Sequence[PageSize]:
        """The pages' sizes."""
        ...

    def viewport(self) -> QWidget:
        """What the pages are painted on."""
        ...

    def rect_in_view(self, page: int, rect: QRectF) -> QRectF:
        """Where a rectangle in page points stands in the view."""
        ...

    def show_rect(self, page: int, rect: QRectF) -> None:
        """Scroll so that a rectangle is in view."""
        ...

    def horizontalScrollBar(self) -> QScrollBar:
        """The bar below."""
        ...

    def verticalScrollBar(self) -> QScrollBar:
        """The bar at the side."""
        ...

    def setFocus(self) -> None:
        """Give the pages the keyboard."""
        ...


class Annotator(QObject):
    """The hand and an overlay of the page view.

    Args:
        sheet: the page view.
        lanes: for finding places again.
        text_of: the words of a page; None while they are on their way.
        parent: Qt parent.
    """

    created = Signal(object)
    """AnnotationDraft: a new mark, to be saved."""
    changed = Signal(object)
    """Annotation: a mark with another place, colour, comment, reader or criteria."""
    deleted = Signal(str)
    """Id of a mark to delete."""
    tool_changed = Signal(str)
    """Id of the tool in the table of keys."""
    colour_changed = Signal(str)
    """Name of the colour in use."""

    def __init__(
        self, sheet: Sheet, lanes: Lanes, text_of: Callable[[int], PageText | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self.text = text_of
        self.selection = TextSelection(text_of, self)
        self.layer = AnnotationLayer(lanes, self)
        self.box = CommentBox(sheet.viewport())
        self.colour = FIRST_COLOUR
        self._target: tuple[SourceKind, str, str, str] | None = None
        self._is_editable = True
        self._awaited: AnnotationDraft | None = None
        tools: list[Tool] = [SelectTool(self), HandTool(self), NoteTool(self), BoxTool(self)]
        tools += [TextMarkTool(self, kind) for kind in TEXT_TOOLS.values()]
        self._tools = {tool.entry_id: tool for tool in tools}
        self.tool = self._tools["tool.pointer"]
        self.selection.changed.connect(self.repaint)
        self.layer.changed.connect(self.repaint)
        self.layer.selection_changed.connect(self._show_box)
        self.box.edited.connect(self._box_edited)
        self.box.delete_requested.connect(self._delete)
        self.box.closed.connect(self._close_box)

    # ---- the document ----

    def open(self, source: EvidenceSource, source_id: str, page_count: int) -> None:
        """Another document."""
        self.box.forget()
        self._awaited = None
        self._target = (SourceKind.ARTIFACT, source_id, source.sha256, source.plain_media_type)
        self.selection.clear()
        self.layer.open(source, source_id, page_count)

    def close(self) -> None:
        """The document is left: what was being typed is handed on, nothing is selected any more."""
        self.tool.cancel()
        self.box.forget()
        self.selection.clear()
        self.layer.select(None)

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Replace the marks; one that was just made is selected."""
        self.layer.set_annotations(annotations, read_only)
        made = self.layer.made_from(self._awaited) if self._awaited is not None else None
        if made is not None:
            self._awaited = None
            self.layer.select(made.id)
            if made.kind in WRITES_AT_ONCE:
                self.box.write()
        selected = self.layer.selected
        if selected is not None and self.box.isVisible():
            self.box.load(selected.annotation)
            self.box.set_editable(self._may_change(selected))
        self.place_box()

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to, with short texts."""
        self.box.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self._is_editable = is_editable
        mark = self.layer.selected
        self.box.set_editable(mark is not None and self._may_change(mark))
        if not is_editable and self.tool.entry_id != "tool.pointer":
            self.take("tool.pointer")

    # ---- tools and colours ----

    def take(self, entry_id: str) -> None:
        """Take a tool. With words selected a text tool marks them at once instead."""
        kind = TEXT_TOOLS.get(entry_id)
        if kind is not None and self._mark_selection(kind):
            return
        if not self._is_editable and entry_id not in ("tool.pointer", "tool.hand"):
            entry_id = "tool.pointer"
        self.tool.cancel()
        # The key of the tool that is on puts it away.
        is_again = self._tools[entry_id] is self.tool
        self.tool = self._tools["tool.pointer" if is_again else entry_id]
        if self.tool.entry_id != "tool.pointer":
            self.layer.select(None)
        self._tell_colour()
        self.tool_changed.emit(self.tool.entry_id)
        self._sheet.setFocus()

    def set_colour(self, colour: str) -> None:
        """Use a colour from now on; with the pointer on, a selected mark takes it, too."""
        self.colour = colour
        self._tell_colour()
        # With a drawing tool on, the mark just made is selected: the next one is meant, not that one.
        mark = self.layer.selected if self.tool.entry_id == "tool.pointer" else None
        if mark is not None and self._may_change(mark) and mark.annotation.colour != colour:
            self.change(replace(mark.annotation, colour=colour))
        self.colour_changed.emit(colour)

    def _tell_colour(self) -> None:
        for tool in self._tools.values():
            if isinstance(tool, TextMarkTool | BoxTool):
                tool.colour = self.colour

    # ---- what tools use ----

    @property
    def scale(self) -> float:
        """Logical pixels for each point."""
        return self._sheet.scale

    def target(self, page: int) -> Target:
        """What an anchor on a page refers to."""
        assert self._target is not None, "a tool was used before a document was open"
        return Target(*self._target[:3], page, self._sheet.sizes[page], self._target[3])

    def create(self, kind: AnnotationKind, anchor: Anchor) -> None:
        """Make a mark in the colour of the moment; it shows until it is saved or refused."""
        if not self._is_editable:
            return
        draft = AnnotationDraft(kind, anchor, self.colour)
        self._awaited = draft
        self.layer.add_pending(draft)
        self.created.emit(draft)

    def change(self, annotation: Annotation) -> None:
        """Have a mark replaced."""
        if self._is_editable and self.layer.can_change(annotation.id):
            self.changed.emit(annotation)

    def repaint(self) -> None:
        """Paint the pages anew."""
        self._sheet.viewport().update()

    def scroll_by(self, dx: float, dy: float) -> None:
        """Move the pages."""
        for bar, by in ((self._sheet.horizontalScrollBar(), dx), (self._sheet.verticalScrollBar(), dy)):
            bar.setValue(bar.value() + round(by))

    # ---- verbs ----

    def delete_selected(self) -> None:
        """Delete the selected mark."""
        mark = self.layer.selected
        if mark is not None and self._may_change(mark):
            self._delete(mark.annotation.id)

    def comment_selected(self) -> bool:
        """Write a comment on the selected mark; False when none is selected."""
        if self.layer.selected is None:
            return False
        self._show_box()
        self.box.write()
        return True

    def tie_selected(self) -> None:
        """Tie the selected mark to criteria."""
        if self.layer.selected is not None:
            self._show_box()
            self.box.tie()

    def select(self, annotation_id: AnnotationId) -> bool:
        """Go to a mark and select it; False when it has no place here."""
        mark = self.layer.mark(annotation_id)
        if mark is None:
            return False
        self._sheet.show_rect(mark.placement.page, self.layer.bounds(mark))
        self.layer.select(annotation_id)
        return True

    def escape(self) -> bool:
        """One step out: comment, selection, tool. False when there is nothing to leave."""
        if self.tool.cancel():
            return True
        if self.box.isVisible():
            self._close_box()
            return True
        if self.layer.selected is not None or self.selection.span is not None:
            self.layer.select(None)
            self.selection.clear()
            return True
        if self.tool.entry_id != "tool.pointer":
            self.take("tool.pointer")
            return True
        return False

    def flush(self) -> None:
        """Hand on what is being typed, at once."""
        self.box.flush()

    # ---- the hand ----

    def press(self, at: PagePoint, event: QMouseEvent) -> bool:
        """Hand a press to the tool."""
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
        """Esc, one step out."""
        return event.key() == Qt.Key.Key_Escape and event.type() is QEvent.Type.KeyPress and self.escape()

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Marks, then the selected words, then what is half done."""
        self.layer.paint(painter, page, scale)
        painter.save()
        self.selection.paint(painter, page, scale)
        painter.restore()
        self.tool.paint(painter, page, scale)

    # ---- the comment box ----

    def place_box(self) -> None:
        """Put the box beside its mark, inside of the view."""
        mark = self.layer.selected
        if mark is None or not self.box.isVisible():
            return
        self.box.adjustSize()
        view = self._sheet.viewport().rect()
        at = self._sheet.rect_in_view(mark.placement.page, self.layer.bounds(mark))
        x = min(max(8, round(at.left())), max(8, view.width() - self.box.width() - 8))
        y = round(at.bottom()) + 10
        if y + self.box.height() > view.height() - 8:
            above = round(at.top()) - self.box.height() - 10
            y = above if above >= 8 else max(8, view.height() - self.box.height() - 8)
        self.box.move(QPoint(x, y))

    def _show_box(self) -> None:
        mark = self.layer.selected
        if mark is None:
            had_focus = self.box.has_focus()
            self.box.forget()
            if had_focus:
                self._sheet.setFocus()
            return
        self.box.load(mark.annotation)
        self.box.set_editable(self._may_change(mark))
        self.box.show()
        self.box.raise_()
        self.place_box()

    def _close_box(self) -> None:
        self.box.flush()
        self.box.hide()
        self._sheet.setFocus()

    def _box_edited(self, annotation: Annotation) -> None:
        self.change(annotation)

    def _delete(self, annotation_id: str) -> None:
        self.layer.select(None)
        self.deleted.emit(annotation_id)

    def _mark_selection(self, kind: AnnotationKind) -> bool:
        page, span = self.selection.page, self.selection.span
        page_text = self.text(page) if page is not None else None
        if page is None or span is None or page_text is None or not self._is_editable:
            return False
        self.selection.clear()
        self.create(kind, anchor_words(self.target(page), page_text, *span))
        return True

    def _may_change(self, mark: Mark) -> bool:
        return self._is_editable and self.layer.can_change(mark.annotation.id)
