"""The list of marks: order, filters, sentences for screen readers, going and deleting by keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from assessor_app.domain.annotations import (
    Anchor,
    Annotation,
    AnnotationKind,
    Audience,
    Rect,
    SourceKind,
    TextAnchor,
)
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.annotation_list import AnnotationList
from assessor_app.ui.annotate.drafts import MarksEdit
from tests.builders import CRITERIA, NOON, submission_id

NAMES = {"resp-1": "Response to Analyze", "art-1": "Artifact 1.pdf", "art-2": "Artifact 2.png"}
SHORT = [(CRITERIA[0], "Analyze 1"), (CRITERIA[1], "Design 1")]


def mark(number, source="art-1", page=0, top=10.0, kind=AnnotationKind.HIGHLIGHT, **changes):
    anchor = Anchor(
        SourceKind.ARTIFACT, source, "a" * 64, page, 595, 842, (Rect(10, top, 60, top + 12),),
        text=TextAnchor("model think-alouds every day", "", "", 3, 31, "layer"),
    )  # fmt: skip
    made = Annotation(
        AnnotationId(f"m{number}"),
        submission_id(),
        kind,
        anchor,
        "",
        Audience.ONLY_ME,
        (),
        "yellow",
        NOON,
        NOON,
    )
    return replace(made, **changes)


@pytest.fixture
def shown(qtbot):
    made = AnnotationList()
    qtbot.addWidget(made)
    QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.set_names(NAMES, SHORT)
    made.resize(600, 300)
    made.show()
    return made


def ids(shown):
    return [shown.model.annotation(row).id for row in range(shown.model.rowCount())]


def test_marks_stand_in_the_order_of_the_evidence(shown):
    shown.set_annotations(
        [mark(1, "art-2"), mark(2, page=3), mark(3, top=300), mark(4, top=20), mark(5, "resp-1")]
    )
    assert ids(shown) == ["m5", "m4", "m3", "m2", "m1"]
    assert not shown.empty.isVisible()


def test_a_row_is_one_sentence_for_a_screen_reader(shown):
    shown.set_annotations(
        [mark(1, page=1, criteria=(CRITERIA[0],), comment="Concrete.", audience=Audience.APPROVER)]
    )
    index = shown.model.index(0, 0)
    assert shown.model.data(index, Qt.ItemDataRole.AccessibleTextRole) == (
        "Highlight on page 2 of Artifact 1.pdf: “model think-alouds every day”, comment: Concrete., "
        "tied to Analyze 1, The approver reads this"
    )
    assert shown.model.data(shown.model.index(0, 1)) == "“model think-alouds every day” — Concrete."


def test_filters_narrow_the_list(shown):
    marks = [mark(1), mark(2, "art-2"), mark(3, criteria=(CRITERIA[1],))]
    shown.set_annotations(marks, others=frozenset({AnnotationId("m1")}))
    shown.filters.sources.setCurrentIndex(shown.filters.sources.findData("art-1"))
    assert ids(shown) == ["m1", "m3"]
    shown.filters.criteria.setCurrentIndex(shown.filters.criteria.findData(CRITERIA[1]))
    assert ids(shown) == ["m3"]
    shown.filters.sources.setCurrentIndex(0)
    shown.filters.criteria.setCurrentIndex(0)
    assert not shown.filters.only_mine.isHidden()
    shown.filters.only_mine.setChecked(True)
    assert ids(shown) == ["m3", "m2"]


def test_return_goes_to_a_mark_and_delete_asks_for_its_removal(shown, qtbot):
    shown.set_annotations([mark(1), mark(2, top=200)], others=frozenset({AnnotationId("m1")}))
    gone: list[Annotation] = []
    edits: list[MarksEdit] = []
    shown.chosen.connect(gone.append)
    shown.edited.connect(edits.append)
    shown.show_picked([AnnotationId("m2")])
    qtbot.keyClick(shown.tree, Qt.Key.Key_Return)
    assert [annotation.id for annotation in gone] == ["m2"]
    qtbot.keyClick(shown.tree, Qt.Key.Key_Delete)
    qtbot.keyClick(shown.tree, Qt.Key.Key_Up)
    qtbot.keyClick(shown.tree, Qt.Key.Key_Delete)
    assert [edit.deletes for edit in edits] == [("m2",)]


def test_the_current_row_stays_when_marks_change(shown):
    shown.set_annotations([mark(1), mark(2, top=200)])
    shown.show_picked([AnnotationId("m2")])
    shown.set_annotations([mark(0, top=1), mark(1), mark(2, top=200)])
    assert shown.model.annotation(shown.tree.currentIndex().row()).id == "m2"


def test_a_place_that_is_not_found_is_said(shown):
    shown.set_annotations([mark(1)], not_found=frozenset({AnnotationId("m1")}))
    assert shown.model.data(shown.model.index(0, 0)) == "Highlight, place not found"


def test_an_empty_list_says_how_to_begin(shown):
    shown.set_annotations([])
    assert shown.empty.isVisible()
