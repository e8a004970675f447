"""Sheets as a grid: what cells show, formulas as text, tabs, marks on cells, comments in the file, search."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication

from assessor_app.documents.pages import FileRemark, RemarkKind
from assessor_app.documents.sheets import grid_of
from assessor_app.domain.annotations import Anchor, AnnotationKind, SourceKind
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.base import OpenedFile
from assessor_app.ui.viewers.sheet_model import MARKS_ROLE, REMARK_ROLE, CellMark
from assessor_app.ui.viewers.sheet_viewer import SheetViewer, _read_workbook
from tests.builders import CRITERIA
from tests.office_files import gradebook, sheet_file
from tests.ui.viewers.evidence_files import sealed
from tests.ui.viewers.keeper import Keeper

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def open_sheet(qtbot, lanes, renderer, tmp_path):
    def make(data):
        source = sealed(tmp_path, data, "Artifact 2.xlsx", XLSX)
        viewer = SheetViewer(lanes, KeyTable())
        qtbot.addWidget(viewer)
        viewer.resize(900, 600)
        viewer.show()
        qtbot.waitExposed(viewer)
        info = renderer.open(source)
        assert viewer.shows(info)
        prepared = _read_workbook(lanes.context, source, info)
        viewer.open_file(OpenedFile(source, info, "art-2", prepared))
        viewer.set_criteria([(CRITERIA[0], "Analyze 1: names")])
        return viewer

    return make


@pytest.fixture
def viewer(open_sheet):
    return open_sheet(gradebook())


def text_at(viewer, row, column):
    return viewer.model.index(row, column).data()


def anchor_on(viewer, sheet, cells):
    return Anchor(SourceKind.ARTIFACT, "art-2", viewer._source.sha256, sheet, 0.0, 0.0, cells=cells)


def test_cells_show_what_the_learner_saw_and_the_line_says_what_is_behind(viewer):
    assert [viewer.tabs.tabText(at) for at in range(viewer.tabs.count())] == ["Exit tickets", "Notes"]
    assert [text_at(viewer, 1, column) for column in range(5)] == [
        "Group A",
        "75.6%",
        "15 Mar 2023",
        "",
        "12.5",
    ]
    assert viewer.sheet.isColumnHidden(3)
    viewer.sheet.select_area((2, 4, 2, 4))
    assert viewer.formula_bar.name.text() == "E3"
    assert viewer.formula_bar.content.text() == '=B3*$B$1+IF(A3="A1",1,0)   shows   7'
    assert viewer.formula_bar.content.isReadOnly()
    header = viewer.model.headerData(27, Qt.Orientation.Horizontal)
    assert header == "AB"
    frozen = viewer.sheet.frozen
    assert frozen.isVisible()
    assert frozen.rowAt(2) == 0
    assert frozen.mapToGlobal(frozen.visualRect(viewer.model.index(0, 1)).topLeft()) == (
        viewer.sheet.viewport().mapToGlobal(viewer.sheet.visualRect(viewer.model.index(0, 1)).topLeft())
    )
    for column in (1, 2, 4):
        wide = max(viewer.fontMetrics().horizontalAdvance(text_at(viewer, row, column)) for row in range(3))
        assert viewer.sheet.columnWidth(column) > wide


def test_another_tab_is_read_when_it_is_wanted(qtbot, viewer):
    viewer.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: text_at(viewer, 0, 0) == "Second")
    assert viewer.annotator.sheet == 1


def test_selected_cells_are_marked_with_one_key_and_the_mark_is_found_again(qtbot, viewer):
    keeper = Keeper(viewer)
    viewer.sheet.select_area((1, 1, 2, 2))
    viewer.run("tool.highlight")
    mark = keeper.last
    assert (mark.kind, mark.anchor.cells, mark.anchor.page) == (AnnotationKind.HIGHLIGHT, "B2:C3", 0)
    assert mark.anchor.text.exact == "75.6%\t15 Mar 2023\n50.0%\t1,234.50"
    assert [m.id for m in viewer.model.index(2, 2).data(MARKS_ROLE)] == [mark.id]
    assert viewer.annotator.box.isVisible()
    viewer.run("tool.highlight")
    assert len(keeper.drafts) == 1  # the very same mark is selected, not made twice
    viewer.run("tool.question")
    assert keeper.last.kind is AnnotationKind.QUESTION
    viewer.escape()
    viewer.escape()
    assert viewer.annotator.selected is None
    qtbot.mouseClick(
        viewer.sheet.viewport(),
        Qt.MouseButton.LeftButton,
        pos=viewer.sheet.visualRect(viewer.model.index(1, 1)).center(),
    )
    assert viewer.annotator.selected is not None
    viewer.run("colour.1")
    assert viewer.annotator.selected.colour == "orange"
    viewer.run("annotation.delete")
    assert len(keeper.kept) == 1


def test_a_mark_on_another_sheet_is_gone_to(qtbot, viewer):
    keeper = Keeper(viewer)
    viewer.sheet.select_area((0, 0, 0, 0))
    viewer.run("tool.note")
    elsewhere = replace(keeper.last, id="far", anchor=anchor_on(viewer, 1, "A1"))
    viewer.set_annotations([keeper.last, elsewhere])
    assert viewer.select_annotation("far")
    qtbot.waitUntil(lambda: viewer.annotator.sheet == 1)
    assert viewer.formula_bar.content.text() == "Second"
    assert viewer.model.index(0, 0).data(MARKS_ROLE)[0].is_selected
    viewer.go_to(anchor_on(viewer, 0, "A3"))
    qtbot.waitUntil(lambda: viewer.annotator.sheet == 0)
    assert viewer.formula_bar.name.text() == "A3"
    assert not viewer.select_annotation("gone")


def test_comments_in_the_file_are_shown_at_their_cells(viewer):
    viewer.set_remarks([FileRemark(RemarkKind.COMMENT, "Three were absent.", 1, page=0, quote="B2")])
    assert viewer.model.index(1, 1).data(REMARK_ROLE)
    assert not viewer.model.index(1, 2).data(REMARK_ROLE)
    viewer.sheet.select_area((1, 1, 1, 1))
    assert viewer.formula_bar.remark.text() == "Comment in the file: Three were absent."
    viewer.sheet.select_area((1, 2, 1, 2))
    assert viewer.formula_bar.remark.isHidden()
    assert viewer.place.bar.is_available("remarks")
    row = viewer.remark_list.list.places.index(0, 0)
    assert str(row.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Exit tickets, comment, person 1")


def test_words_are_found_in_cells_and_formulas(viewer):
    viewer.open_search()
    viewer.search_bar.field.setText("group")
    viewer.search_bar._look()
    assert viewer.search_bar.result.text() == "1 of 3"
    assert viewer.formula_bar.name.text() == "A1"
    viewer.run("find.next")
    assert viewer.formula_bar.name.text() == "A2"
    viewer.search_bar.field.setText("if(a")
    viewer.search_bar._look()
    assert viewer.search_bar.result.text() == "1 of 2"


def test_cells_are_copied_as_they_are_shown(viewer):
    viewer.sheet.select_area((1, 0, 2, 1))
    viewer.run("annotation.copy")
    assert QGuiApplication.clipboard().text() == "Group A\t75.6%\nGroup B\t50.0%"


def test_the_text_grows_and_the_columns_with_it(viewer):
    before = viewer.sheet.columnWidth(0)
    viewer.run("zoom.in")
    assert viewer.sheet.percent == 110
    assert viewer.sheet.columnWidth(0) >= before
    viewer.run("zoom.actual")
    assert viewer.sheet.columnWidth(0) == before


def test_a_sheet_that_cannot_be_read_says_so_and_the_others_stay(qtbot, open_sheet):
    broken = sheet_file({"Good": "<sheetData/>", "Bad": "<!-- -->"})
    viewer = open_sheet(broken.replace(b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheetX.xml"))
    assert viewer.notes.text() == "This sheet is empty."
    viewer.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "chart" in viewer.notes.text() or "damaged" in viewer.notes.text())
    viewer.tabs.setCurrentIndex(0)
    qtbot.waitUntil(lambda: viewer.notes.text() == "This sheet is empty.")


@pytest.mark.heavy
def test_a_wide_and_long_sheet_is_shown_without_delay(qtbot, open_sheet, renderer):
    rows = "".join(
        f'<row r="{row}">' + "".join(f"<c><v>{row * column}</v></c>" for column in range(40)) + "</row>"
        for row in range(1, 2_001)
    )
    viewer = open_sheet(sheet_file({"Long": f"<sheetData>{rows}</sheetData>"}))
    assert (viewer.model.rowCount(), viewer.model.columnCount()) == (2_000, 40)
    assert len(grid_of(renderer, viewer._source, 0).cells) == 80_000
    viewer.sheet.select_area((1_999, 39, 1_999, 39))
    assert viewer.formula_bar.name.text() == "AN2000"


def test_long_words_run_over_empty_cells_beside_them(open_sheet):
    rows = (
        '<row r="1"><c r="A1" t="str"><v>A heading that is much longer than its column</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>Long words that meet a neighbour</v></c><c r="B2"><v>1</v></c>'
        '<c r="F2"><v>2</v></c></row>'
    )
    viewer = open_sheet(sheet_file({"S": f"<sheetData>{rows}</sheetData>"}))
    assert viewer.sheet.columnSpan(0, 0) > 3
    assert viewer.sheet.columnSpan(1, 0) == 1
    viewer.sheet.select_area((0, 0, 0, 0))
    assert viewer.formula_bar.name.text() == "A1"


def test_a_title_in_the_rows_that_stay_runs_over_empty_cells_too(open_sheet):
    pane = '<sheetViews><sheetView><pane ySplit="2" state="frozen"/></sheetView></sheetViews>'
    rows = (
        '<row r="1"><c r="A1" t="str"><v>A heading that is much longer than its column</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>Group</v></c><c r="F2" t="str"><v>Mean</v></c></row>'
        '<row r="3"><c r="A3"><v>1</v></c></row>'
    )
    viewer = open_sheet(sheet_file({"S": f"{pane}<sheetData>{rows}</sheetData>"}))
    assert viewer.model.grid.frozen_rows == 2
    assert viewer.sheet.columnSpan(0, 0) > 3
    assert viewer.sheet.frozen.columnSpan(0, 0) == viewer.sheet.columnSpan(0, 0)


def test_the_sign_of_a_note_never_hides_a_number(open_sheet):
    rows = '<row r="1"><c r="A1"><v>12.5</v></c></row><row r="2"><c r="A2"><v>12.5</v></c></row>'
    viewer = open_sheet(sheet_file({"S": f"<sheetData>{rows}</sheetData>"}))
    cell = viewer.sheet.visualRect(viewer.model.index(0, 0))
    number = QRect(cell.right() - cell.width() // 3, cell.top() + 3, cell.width() // 3 - 4, cell.height() - 6)
    viewer.sheet.select_area((1, 0, 1, 0))

    def ink():
        shown = viewer.sheet.viewport().grab(number).toImage()
        return {
            (x, y)
            for x in range(shown.width())
            for y in range(shown.height())
            if shown.pixelColor(x, y).lightness() < 100
        }

    before = ink()
    note = AnnotationKind.NOTE
    viewer.model.set_marks([CellMark("m-1", note, "yellow", (0, 0, 0, 0))])
    assert before
    assert before <= ink()
