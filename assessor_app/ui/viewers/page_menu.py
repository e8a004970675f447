"""The menu of a right click on a page: what can be done with the marks or words there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractScrollArea, QMenu

from assessor_app.documents.anchoring import PagePoint
from assessor_app.ui.annotate.annotator import Annotator
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.guard.page_guard import PageGuard

_WORDS = ("tool.highlight", "tool.underline", "tool.strike_out")
_MARKS = (
    "annotation.comment", "annotation.tie", "", "annotation.cut", "annotation.copy", "annotation.duplicate",
    "annotation.paste", "", "annotation.delete",
)  # fmt: skip
_NEITHER = ("annotation.paste", "annotation.select_all")


class PageMenu(QObject):
    """Opens the menu; a mark under the pointer is selected first.

    Args:
        table: words and keys.
        run: runs the command of an id.
        pages: the page view.
        point_of: the place on a page under a point of the view.
        annotator: the marks and words.
        guard: the patches.
    """

    def __init__(
        self,
        table: KeyTable,
        run: Callable[[str], object],
        pages: QAbstractScrollArea,
        point_of: Callable[[QPointF], PagePoint | None],
        annotator: Annotator,
        guard: PageGuard | None = None,
    ) -> None:
        super().__init__(pages)
        self._table, self._run, self._pages = table, run, pages
        self._point_of, self._annotator = point_of, annotator
        self._guard = guard
        pages.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        pages.customContextMenuRequested.connect(self.open)

    def entries(self, at: PagePoint | None) -> tuple[str, ...]:
        """Ids of what is offered at a place, with empty ones for lines between."""
        patches = ("guard.lift", "") if self._guard is not None and self._guard.pick(at) else ()
        return (*patches, *self._mark_entries(at))

    def _mark_entries(self, at: PagePoint | None) -> tuple[str, ...]:
        annotator = self._annotator
        layer = annotator.layer
        if at is not None and annotator.tool.entry_id == "tool.pointer":
            mark = layer.at(at.page, QPointF(at.x, at.y), annotator.scale)
            if mark is not None and mark.annotation.id not in layer.selected_ids:
                layer.select(mark.annotation.id)
        if layer.selection:
            if annotator.verbs.own():
                return _MARKS
            return ("annotation.comment", "annotation.copy")
        if annotator.selection.span is not None:
            return ("annotation.copy", "", *_WORDS) if annotator.is_editable else ("annotation.copy",)
        return _NEITHER if annotator.is_editable else ("annotation.select_all",)

    @Slot(QPoint)
    def open(self, position: QPoint) -> None:
        """Show the menu.

        Args:
            position: in the page view.
        """
        menu = QMenu(self._pages)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for entry_id in self.entries(self._point_of(QPointF(position))):
            if not entry_id:
                menu.addSeparator()
                continue
            keys = self._table.shown(entry_id)
            title = self._table.entry(entry_id).title
            if entry_id == "guard.lift" and self._guard is not None and self._guard.is_picked_lifted:
                title = self.tr("Cover it again")
            action = QAction(f"{title}\t{keys}" if keys else title, menu)
            action.setData(entry_id)
            action.triggered.connect(self._take)
            menu.addAction(action)
        menu.popup(self._pages.mapToGlobal(position))

    @Slot()
    def _take(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self._run(str(sender.data()))
