"""The viewer of sheets: a grid with the workbook's tabs, formulas on demand, marks on cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from assessor_app.documents.pages import DocumentInfo, EvidenceSource, FileRemark
from assessor_app.documents.sheets import (
    Area,
    SheetGrid,
    SheetName,
    grid_of,
    named_area,
    sheets_of,
)
from assessor_app.documents.sniff import Kind
from assessor_app.domain.annotations import Anchor, Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.domain.reading import ReadingState
from assessor_app.errors import KnownError
from assessor_app.ui.annotate.sheet_annotator import KINDS, SheetAnnotator
from assessor_app.ui.annotate.visibility import LayerVisibility
from assessor_app.ui.keys import Context, KeyTable
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.annotation_commands import tool_commands
from assessor_app.ui.viewers.base import Command, FileViewer, OpenedFile, Preparation
from assessor_app.ui.viewers.call import Call
from assessor_app.ui.viewers.formula_bar import FormulaBar
from assessor_app.ui.viewers.guard.sheet_guard import SheetGuard
from assessor_app.ui.viewers.layer_menu import LayerSwitches
from assessor_app.ui.viewers.page_supply import card_of
from assessor_app.ui.viewers.remark_list import RemarkList
from assessor_app.ui.viewers.sheet_finding import SheetFinding
from assessor_app.ui.viewers.sheet_model import CellMark, SheetModel
from assessor_app.ui.viewers.sheet_table import SheetTable, fitted, lines_of, overflows_of
from assessor_app.ui.viewers.side_bar import SideBarPlace
from assessor_app.ui.viewers.toolbar import ViewerToolbar

_PRIORITY = 500
_MARKED_CELLS = 400
"""So many cells of a mark say its words in lists."""


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """One sheet, read on a lane."""

    index: int
    grid: SheetGrid
    lines: dict[int, int]
    """Rows that need more than one line."""
    overflows: tuple[Area, ...] = ()
    """Areas over which long words run."""


class SheetViewer(FileViewer):
    """Toolbar, line for the current cell, grid, tabs of the sheets.

    Args:
        lanes: where sheets are read.
        table: words and keys.
        parent: Qt parent.
    """

    def __init__(self, lanes: Lanes, table: KeyTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._source: EvidenceSource | None = None
        self._names: tuple[SheetName, ...] = ()
        self._wanted: Area | None = None
        self._remarks: tuple[FileRemark, ...] = ()
        self.model = SheetModel(self)
        self.sheet = SheetTable(self.model, self)
        self.annotator = SheetAnnotator(self.sheet.viewport(), self)
        self.guard = SheetGuard(self.sheet.area, self)
        self.formula_bar = FormulaBar(self)
        self.finding = SheetFinding(self.model, self.sheet, self)
        self.search_bar = self.finding.bar
        self.toolbar = ViewerToolbar(table, self.run, self, tools=tuple(KINDS), has_pages=False)
        self.layers = LayerSwitches(self, self.toolbar.layers)
        self.notes = plain_label("", "quiet", self, wraps=True)
        self.notes.setContentsMargins(12, 4, 12, 4)
        self.tabs = _tab_bar(self)
        self.tabs.setAccessibleName(self.tr("Sheets"))
        self.place = SideBarPlace(self.sheet, self)
        self.remark_list = RemarkList(self.place.bar)
        self.place.bar.add_tab("remarks", self.tr("In the file"), "message-square-text", self.remark_list)
        self._commands = self._make_commands()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.toolbar, self.search_bar, self.notes, self.formula_bar, self.place, self.tabs):
            column.addWidget(widget, 1 if widget is self.place else 0)
        self.setFocusProxy(self.sheet)
        for entry in table:
            if entry.context is Context.DOCUMENT and entry.id in self._commands:
                run, scope = self._commands[entry.id], Qt.ShortcutContext.WidgetShortcut
                self.sheet.addAction(table.action(entry.id, self.sheet, run, scope=scope))
        self._connect()

    # ---- a workbook ----

    @staticmethod
    def shows(info: DocumentInfo) -> bool:
        """Sheets."""
        return info.kind is Kind.SHEET

    def preparation(self, width_px: int) -> Preparation:
        """Read the names of the sheets and the first of them that is not hidden."""
        del width_px
        return _read_workbook

    def open_file(self, opened: OpenedFile) -> None:
        """Show a workbook that was just opened."""
        names, first = opened.prepared
        self._source, self._names = opened.source, names
        self.search_bar.hide()
        self.sheet.setAccessibleName(self.tr("Sheet of {name}").format(name=one_line(opened.source.name)))
        self.annotator.open(opened.source_id, opened.source.sha256)
        self.set_remarks(())
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for name in names:
            words = one_line(name.name).replace("&", "&&") or self.tr("Sheet")
            self.tabs.addTab(self.tr("{name} (hidden)").format(name=words) if name.is_hidden else words)
        self.tabs.setCurrentIndex(first.index)
        self.tabs.blockSignals(False)
        self.tabs.setVisible(len(names) > 1)
        self._show(first)
        self._tell_seen(first.index)

    def close_file(self) -> None:
        """Let go of the workbook."""
        self.annotator.box.forget()
        self._source = self._wanted = None

    def set_remarks(self, remarks: Sequence[FileRemark]) -> None:
        """Show the comments that stand in the file."""
        self._remarks = tuple(remarks)
        names = [one_line(name.name) for name in self._names]
        self.remark_list.show_remarks(self._remarks, are_on_pages=False, places=names)
        self.place.bar.set_available("remarks", bool(remarks))
        self._paint_remarks()

    # ---- marks ----

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks on cells of this workbook."""
        self.annotator.set_annotations(annotations, read_only)
        self.toolbar.layers.offer(mine=not read_only, assessor=bool(read_only))

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to."""
        self.annotator.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self.annotator.set_editable(is_editable)
        self.toolbar.set_editable(is_editable)

    def go_to(self, anchor: Anchor) -> None:
        """Bring cells into view, on whatever sheet they are."""
        self._go_to(anchor.page, named_area(anchor.cells))

    def select_annotation(self, annotation_id: AnnotationId) -> bool:
        """Bring a mark into view and select it."""
        return self.annotator.select(annotation_id)

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select the mark that was picked elsewhere."""
        self.annotator.show_picked(annotation_ids)

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide layers of marks, the learner's comments among them."""
        self.annotator.set_layers(layers)
        self.layers.show_layers(layers)

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.annotator.discard_pending()

    def flush(self) -> None:
        """Hand on the comment that is being typed."""
        self.annotator.flush()

    # ---- commands ----

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return self._commands

    def run(self, entry_id: str) -> None:
        """Run the command of an id."""
        self._commands[entry_id]()

    def open_search(self) -> None:
        """Open the search bar."""
        self.search_bar.open()

    def escape(self) -> bool:
        """One step out: side bar, comment, mark, search."""
        if self.place.escape() or self.annotator.escape():
            return True
        if self.search_bar.isVisible():
            self.search_bar.leave()
            return True
        return False

    def _make_commands(self) -> dict[str, Command]:
        annotator, sheet = self.annotator, self.sheet
        commands: dict[str, Command] = {
            **self.finding.commands(),
            "guard.lift": self.guard.toggle,
            "zoom.in": Call(sheet.zoom_step, 1, self).run,
            "zoom.out": Call(sheet.zoom_step, -1, self).run,
            "zoom.actual": Call(sheet.set_percent, 100, self).run,
            "view.side_bar": self.place.toggle,
            "annotation.comment": annotator.comment_selected,
            "annotation.tie": annotator.tie_selected,
            "annotation.delete": annotator.delete_selected,
            "annotation.copy": sheet.copy,
        }
        tools = tool_commands(tuple(KINDS), self._mark, annotator.set_colour, self)
        return {**commands, **tools, **self.layers.commands()}

    def _connect(self) -> None:
        annotator, sheet = self.annotator, self.sheet
        self.tabs.currentChanged.connect(self._read)
        sheet.area_changed.connect(self._show_cell)
        sheet.cell_clicked.connect(annotator.select_at)
        sheet.moved.connect(self._place_box)
        annotator.changed.connect(self._paint_marks)
        annotator.area_wanted.connect(self._go_to)
        annotator.left.connect(sheet.setFocus)
        annotator.created.connect(self.annotation_created)
        annotator.edited.connect(self.marks_edited)
        annotator.picked.connect(self.marks_picked)
        annotator.layers_wanted.connect(self.layers_wanted)
        annotator.colour_changed.connect(self.colour_changed)
        annotator.colour_changed.connect(self.toolbar.show_colour)
        self.guard.lift_wanted.connect(self.lift_wanted)
        self.lifted.connect(self._read_again)
        self.remark_list.chosen.connect(self._go_to_remark)
        self.place.shown_changed.connect(self._tell_side_bar)

    # ---- inside ----

    @Slot(int)
    def _read(self, index: int) -> None:
        """Have another sheet read; the one before stays until it is there."""
        source = self._source
        if source is None or index < 0:
            return

        def query(context: Any) -> OpenedSheet:
            return _read_sheet(context, source, index)

        self._lanes.render(self, query, self._arrived, failed=self._failed, key="sheet", priority=_PRIORITY)

    @Slot()
    def _read_again(self) -> None:
        self._wanted = self.sheet.area()
        self._read(self.tabs.currentIndex())

    def _arrived(self, sheet: OpenedSheet) -> None:
        if self.tabs.currentIndex() == sheet.index:
            self._show(sheet)
            self._tell_seen(sheet.index)

    def _failed(self, error: KnownError) -> None:
        """A sheet that cannot be read is empty and says so; the others stay readable."""
        empty = SheetGrid(rows=1, columns=1, cells={})
        self._show(OpenedSheet(self.tabs.currentIndex(), empty, {}))
        self._say(card_of(error).title)

    def _show(self, sheet: OpenedSheet) -> None:
        self.annotator.sheet = sheet.index
        self.guard.show(self._source.blob_id if self._source else "", sheet.index, sheet.grid.patches)
        self.sheet.show_grid(sheet.grid, sheet.lines, sheet.overflows)
        has_cells = self._names[sheet.index].has_cells if sheet.index < len(self._names) else True
        self._say(_words_about(sheet.grid, self, has_cells=has_cells))
        self._paint_remarks()
        self._paint_marks()
        self.finding.look_again()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.sheet.select_area(wanted)
        self._show_cell()
        self._place_box()

    def _say(self, words: str) -> None:
        self.notes.setText(words)
        self.notes.setVisible(bool(words))

    @Slot(int, object)
    def _go_to(self, sheet: int, area: Area | None) -> None:
        if not 0 <= sheet < self.tabs.count():
            return
        if sheet != self.annotator.sheet or self.tabs.currentIndex() != sheet:
            self._wanted = area
            self.tabs.setCurrentIndex(sheet)
        elif area is not None:
            self.sheet.select_area(area)

    @Slot(object)
    def _go_to_remark(self, remark: FileRemark) -> None:
        if remark.page is not None:
            self._go_to(remark.page, named_area(remark.quote))
            self.place.leave_bar()

    def _mark(self, entry_id: str) -> None:
        area = self.sheet.area()
        self.annotator.mark(
            entry_id, area, self.model.text_of(area, _MARKED_CELLS) if area is not None else ""
        )

    @Slot()
    def _show_cell(self) -> None:
        area = self.sheet.area()
        if area is not None:
            top, left = area[0], area[1]
            self.formula_bar.show_cell(area, self.model.cell(top, left), self.model.remark(top, left))

    @Slot()
    def _paint_marks(self) -> None:
        marks = []
        for mark_id, draft, is_selected in self.annotator.shown():
            area = named_area(draft.anchor.cells)
            if area is not None:
                marks.append(CellMark(mark_id, draft.kind, draft.colour, area, draft.opacity, is_selected))
        self.model.set_marks(marks)
        self._place_box()

    def _paint_remarks(self) -> None:
        self.model.set_remarks(_by_cell(self._remarks, self.annotator.sheet))
        self._show_cell()

    @Slot()
    def _place_box(self) -> None:
        mark = self.annotator.selected
        area = named_area(mark.anchor.cells) if mark is not None else None
        if mark is not None and area is not None and mark.anchor.page == self.annotator.sheet:
            self.annotator.place_box(self.sheet.rect_of(area))

    def _tell_seen(self, index: int) -> None:
        self.read_on.emit(ReadingState("", pages=((index, index),), page_count=max(1, len(self._names))))

    @Slot(bool)
    def _tell_side_bar(self, is_shown: bool) -> None:
        self.switched.emit("view.side_bar", is_shown)


def _words_about(grid: SheetGrid, viewer: QWidget, *, has_cells: bool) -> str:
    """What is to be known of a sheet beside its cells; empty: nothing."""
    if not has_cells:
        return viewer.tr("This sheet is one chart, which cannot be shown as cells. See the file's PDF copy.")
    if not grid.cells:
        return viewer.tr("This sheet is empty.")
    if grid.is_cut:
        return viewer.tr("This sheet is very large. Only its first rows and columns are shown.")
    return ""


def _tab_bar(parent: QWidget) -> QTabBar:
    tabs = QTabBar(parent)
    tabs.setDrawBase(False)
    tabs.setExpanding(False)
    tabs.setUsesScrollButtons(True)
    tabs.setElideMode(Qt.TextElideMode.ElideRight)
    return tabs


def _read_workbook(
    context: Any, source: EvidenceSource, info: DocumentInfo
) -> tuple[tuple[SheetName, ...], OpenedSheet]:
    """The names of a workbook's sheets and the first that is not hidden."""
    del info
    names = sheets_of(context.renderer, source)
    seen = [at for at, name in enumerate(names) if not name.is_hidden]
    filled = [at for at in seen if names[at].has_cells]
    return names, _read_sheet(context, source, (filled or seen or [0])[0])


def _read_sheet(context: Any, source: EvidenceSource, index: int) -> OpenedSheet:
    grid = fitted(grid_of(context.renderer, source, index))
    return OpenedSheet(index, grid, lines_of(grid), overflows_of(grid))


def _by_cell(remarks: Sequence[FileRemark], sheet: int) -> dict[tuple[int, int], str]:
    """The comments on a sheet by row and column; an answer stands below what it answers."""
    found: dict[tuple[int, int], str] = {}
    for remark in remarks:
        area = named_area(remark.quote)
        if area is not None and remark.page == sheet:
            place = (area[0], area[1])
            found[place] = "\n".join(filter(None, (found.get(place, ""), remark.text)))
    return found
