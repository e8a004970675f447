"""Office files in the centre: the best form first, a copy made behind a card, the line that says which."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from assessor_app.documents.sniff import Kind
from assessor_app.domain.roles import Role
from assessor_app.services import reading
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.evidence_view import EvidenceView
from assessor_app.ui.viewers.rendition_bar import Way
from tests import builders
from tests.builders import FakeClock
from tests.contexts import context_in, give
from tests.evidence_files import text_pdf
from tests.office_files import gradebook, reviewed_word_file
from tests.office_submissions import bring, office_artifact, office_submission, stand_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
SUB = builders.submission().id
DOCX, COPY = reviewed_word_file(), text_pdf("A copy made here")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
MAKE_WORDS = "Making a copy to read…"


@pytest.fixture
def desk(qtbot, lanes, renderer, tmp_path):
    """Gives a view on office files of a profile, with a stand-in for LibreOffice or without."""
    contexts = []

    def make(*artifacts, contents, copy=COPY, wait_s=0.0, has_converter=True):
        context = replace(context_in(tmp_path / "profile", Role.ASSESSOR, FakeClock()), renderer=renderer)
        contexts.append(context)
        submission = office_submission(artifacts)
        give(context.store, submission)
        bring(context, submission, contents)
        if has_converter:
            converter = stand_in(tmp_path, context.folder, copy, wait_s=wait_s)
            context = replace(context, converter=converter)
        lanes.context = context
        view = EvidenceView(lanes, KeyTable(), reading.source_at_hand)
        qtbot.addWidget(view)
        view.resize(820, 800)
        view.show()
        qtbot.waitExposed(view)
        return view

    yield make
    assert lanes.close()
    for context in contexts:
        context.store.close()


def ways_of(view):
    return [(action.objectName(), action.isChecked()) for action in view.rendition_bar.menu.actions()]


def is_shown(view, viewer):
    return lambda: view.viewer is viewer


def test_a_copy_is_made_behind_a_card_and_the_second_time_it_is_there(qtbot, desk):
    artifact = office_artifact(1, "docx", DOCX)
    view = desk(artifact, contents=[DOCX], wait_s=0.3)
    view.show_artifact(SUB, artifact)
    qtbot.waitUntil(is_shown(view, view.copying))
    assert view.copying.title.text() == MAKE_WORDS
    assert view.copying.name.whole_text() == "Artifact 1.docx"
    assert "Stand-in 7.4" in view.copying.message.text()
    assert not view.rendition_bar.isVisible()
    qtbot.waitUntil(is_shown(view, view.pages))
    assert view.pages.supply.source.converter == "Stand-in 7.4"
    assert view.rendition_bar.words.text() == "A copy made on this computer by Stand-in 7.4"
    assert ways_of(view) == [("local", True), ("own", False)]
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    assert view.viewer is view.pages


def test_its_text_can_be_read_instead_of_waiting(qtbot, desk):
    artifact = office_artifact(1, "docx", DOCX)
    view = desk(artifact, contents=[DOCX], wait_s=20.0)
    view.show_artifact(SUB, artifact)
    qtbot.waitUntil(is_shown(view, view.copying))
    assert view.copying.button.text() == "Read its text now"
    qtbot.mouseClick(view.copying.button, Qt.MouseButton.LeftButton)
    assert view.viewer is view.pages
    assert view.rendition_bar.words.text() == "Text and pictures only. The layout is not that of the file."
    assert ways_of(view) == [("make", False), ("own", True)]
    plain = view.renditions._lanes.context.folder / "plain"
    qtbot.waitUntil(lambda: not plain.exists())


def test_without_a_converter_the_line_says_so(qtbot, desk):
    artifact = office_artifact(1, "docx", DOCX)
    view = desk(artifact, contents=[DOCX], has_converter=False)
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    assert view.viewer is view.pages
    assert "no converter, such as LibreOffice, is installed here" in view.rendition_bar.words.text()
    assert not view.rendition_bar.button.isVisible()


def test_a_program_that_fails_leaves_the_text_and_says_so(qtbot, desk):
    artifact = office_artifact(1, "docx", DOCX)
    view = desk(artifact, contents=[DOCX], copy=None)
    view.show_artifact(SUB, artifact)
    qtbot.waitUntil(is_shown(view, view.pages))
    assert view.rendition_bar.words.text().startswith(
        "Text and pictures only: Stand-in 7.4 could not make a copy."
    )


def test_the_other_ways_are_a_key_and_a_choice_away(qtbot, desk):
    printed = text_pdf("By the platform")
    artifact = office_artifact(1, "docx", DOCX, printed)
    view = desk(artifact, contents=[DOCX, printed])
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    assert view.rendition_bar.words.text() == "The platform's PDF copy of this file"
    assert ways_of(view) == [("platform", True), ("make", False), ("own", False)]
    action = next(a for a in view.actions() if a.objectName() == "view.rendition")
    assert action.isEnabled()
    with qtbot.waitSignal(view.opened):
        view.rendition_bar.chosen.emit(Way.OWN)
    assert view._found.file.info.kind is Kind.OFFICE
    assert view.rendition_bar.words.text().startswith("Text and pictures only.")
    with qtbot.waitSignal(view.opened):
        view.rendition_bar.chosen.emit(Way.MAKE_COPY)
    assert view.pages.supply.source.converter == "Stand-in 7.4"
    with qtbot.waitSignal(view.opened):
        view.rendition_bar.chosen.emit(Way.PLATFORM_COPY)
    assert ways_of(view) == [("platform", True), ("local", False), ("own", False)]


def test_an_older_file_waits_for_a_copy_or_says_why_there_is_none(qtbot, desk):
    artifact = office_artifact(1, "doc", OLD)
    view = desk(artifact, contents=[OLD], copy=None)
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    assert view.card.title.text() == "This is an office document of an older form"
    assert not view.rendition_bar.isVisible()
    assert view.card.retry_button.isVisible()


def test_an_older_file_opens_as_its_copy(qtbot, desk):
    artifact = office_artifact(1, "doc", OLD)
    view = desk(artifact, contents=[OLD])
    view.show_artifact(SUB, artifact)
    qtbot.waitUntil(is_shown(view, view.pages))
    assert view.rendition_bar.words.text() == "A copy made on this computer by Stand-in 7.4"


def test_another_file_does_not_wait_for_a_copy(qtbot, desk):
    first, second = office_artifact(1, "docx", DOCX), builders.artifact(2, content=COPY)
    view = desk(first, second, contents=[DOCX, COPY], wait_s=20.0)
    view.show_artifact(SUB, first)
    qtbot.waitUntil(is_shown(view, view.copying))
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, second)
    assert view.viewer is view.pages
    assert not view.rendition_bar.isVisible()
    plain = view.renditions._lanes.context.folder / "plain"
    qtbot.waitUntil(lambda: not plain.exists())
    assert view.source_id == second.id


def test_comments_and_changes_of_the_original_stand_beside_its_copy(qtbot, desk):
    printed = text_pdf("One page", "Most of them named an operation before they had read to the end.")
    artifact = office_artifact(1, "docx", DOCX, printed)
    view = desk(artifact, contents=[DOCX, printed])
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    rows = view.pages.side.remarks.list.places
    qtbot.waitUntil(lambda: rows.rowCount() == 5)
    assert view.pages.place.bar.is_available("remarks")
    qtbot.waitUntil(lambda: "Page 2" in str(rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)))
    told = str(rows.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "taken out" in told
    assert "three seconds" in told


def test_a_sheet_opens_as_cells_and_a_mark_on_its_copy_leads_there_and_back(qtbot, desk):
    sheet, printed = gradebook(), text_pdf("Printed by the platform")
    artifact = office_artifact(1, "xlsx", sheet, printed)
    view = desk(artifact, contents=[sheet, printed])
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    assert view.viewer is view.sheet
    assert view.rendition_bar.words.text() == "The cells of the sheet, with what each one shows"
    assert ways_of(view) == [("platform", False), ("make", False), ("own", True)]
    qtbot.waitUntil(lambda: view.sheet.model.remark(1, 1) == "Three were absent.")
    on_page = builders.annotation(1).anchor
    on_page = replace(on_page, source_id=artifact.id, page=0, cells="")
    with qtbot.waitSignal(view.opened):
        view.go_to(on_page)
    assert view.viewer is view.pages
    on_cells = replace(on_page, cells="B3", rects=(), text=None)
    with qtbot.waitSignal(view.opened):
        view.go_to(on_cells)
    assert view.viewer is view.sheet
    assert view.sheet.formula_bar.name.text() == "B3"


def test_a_broken_copy_of_the_platform_gives_way_to_the_file_itself(qtbot, desk):
    broken = b"%PDF-1.7 nothing behind it"
    artifact = office_artifact(1, "docx", DOCX, broken)
    view = desk(artifact, contents=[DOCX, broken], has_converter=False)
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    assert view.viewer is view.pages
    assert view.rendition_bar.words.text().startswith("Text and pictures only.")
    assert ways_of(view) == [("platform", False), ("own", True)]


def test_a_file_that_is_broken_itself_gets_its_card(qtbot, desk):
    damaged = DOCX[: len(DOCX) // 2]
    artifact = office_artifact(1, "docx", damaged)
    view = desk(artifact, contents=[damaged], has_converter=False)
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    assert view.card.title.text() == "This file is damaged"


def test_a_mark_that_has_no_place_on_the_copy_leads_to_the_form_it_was_made_on(qtbot, desk):
    printed = text_pdf("Other words altogether")
    artifact = office_artifact(1, "docx", DOCX, printed)
    view = desk(artifact, contents=[DOCX, printed])
    with qtbot.waitSignal(view.opened):
        view.show_artifact(SUB, artifact)
    mark = builders.annotation(1)
    assert mark.anchor.text is not None
    words = replace(mark.anchor.text, exact="named an operation", prefix="", suffix="", start=0, end=18)
    anchor = replace(mark.anchor, source_id=artifact.id, source_sha256=artifact.sha256, page=0, text=words)
    mark = replace(mark, anchor=anchor)
    view.set_annotations([mark])
    with qtbot.waitSignal(view.opened):
        view.select_annotation(mark)
    assert view.rendition_bar.words.text().startswith("Text and pictures only.")
    assert view.pages.supply.source.sha256 == artifact.sha256


def test_an_older_sheet_is_a_grid_too_and_its_pages_are_a_choice_away(qtbot, desk):
    artifact = office_artifact(1, "xls", OLD)
    view = desk(artifact, contents=[OLD], copy=gradebook())
    view.show_artifact(SUB, artifact)
    qtbot.waitUntil(is_shown(view, view.sheet))
    assert view.rendition_bar.words.text() == "The cells of the sheet, with what each one shows"
    assert ways_of(view) == [("make", False), ("own", True)]
    qtbot.waitUntil(lambda: view.sheet.model.remark(1, 1) == "Three were absent.")
    (view.renditions._lanes.context.converter.program.path.parent / "made").write_bytes(COPY)
    with qtbot.waitSignal(view.opened):
        view.rendition_bar.chosen.emit(Way.MAKE_COPY)
    assert view.viewer is view.pages
    assert ways_of(view) == [("local", True), ("own", False)]
    with qtbot.waitSignal(view.opened):
        view.rendition_bar.chosen.emit(Way.OWN)
    assert view.viewer is view.sheet
