"""Comments used again, typed into the real window of an assessor on a real store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from assessor_app.cache import comment_bank as rows
from assessor_app.domain.assessments import Rating
from assessor_app.domain.comment_bank import BankEntry, Known, Scope
from assessor_app.domain.ids import BankEntryId
from assessor_app.services import annotating, assessing, comment_bank, reading
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui import accessibility_walk
from tests.ui.worlds import box_mark, lesson_submission, on_screen, put_work


def entry(number: int, title: str, text: str, **more) -> BankEntry:
    return BankEntry(BankEntryId(f"e{number}"), Scope.PERSONAL, title, text, **more)


ENTRIES = (
    entry(1, "Point to one place", "Please say where this can be seen."),
    entry(2, "Thin evidence", "For “{{criterion}}” I saw {{what}} in {{artifact}}."),
    entry(3, "Only for design", "Design words.", criterion_id=CRITERIA[1]),
    entry(4, "Level is met", "This is met.", level="demonstrated"),
    entry(5, "Praise", "Muy bien 🎉: {{one}} and {{two}}!"),
)


@pytest.fixture
def workspace(qtbot, world):
    version = builders.rubric_version()
    made = lesson_submission(version)
    put_work(world.context, made, version)
    with world.store.write() as txn:
        for each in ENTRIES:
            rows.put(txn, each)
    shown = on_screen(qtbot, AssessorWorkspace(world.lanes, made.id, world.clock.now))
    qtbot.waitUntil(lambda: shown.comments.shelf.is_read)
    return shown


def feedback(workspace):
    """The first criterion's feedback, with the keyboard in it."""
    workspace.panel.go_to(workspace.panel.cards[0])
    edit = workspace.panel.cards[0].feedback.text.edit
    edit.setFocus()
    return edit


def offered(workspace, edit) -> list[str]:
    writing = workspace.comments.writing_in(edit)
    return [e.title for e in writing.offers.entries()] if writing.is_offering else []


def stored(world):
    return world.read(lambda context: reading.open_submission(context, builders.submission_id(1)))


def test_a_slash_offers_what_fits_and_return_inserts_it(qtbot, world, workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "Well done. /")
    assert offered(workspace, edit) == ["Level is met", "Point to one place", "Praise", "Thin evidence"]
    QTest.keyClicks(edit, "poi")
    assert offered(workspace, edit) == ["Point to one place"]
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "Well done. Please say where this can be seen."
    assert offered(workspace, edit) == []
    QTest.keyClicks(edit, " Yes")
    assert edit.toPlainText().endswith("seen. Yes")
    workspace.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    assert stored(world).assessment.feedback_for(CRITERIA[0]).text.endswith("seen. Yes")
    # The use is counted, and it is offered first from now on.
    qtbot.waitUntil(lambda: workspace.comments.shelf.bank.entries[0].uses == 1)
    QTest.keyClicks(edit, " /")
    assert offered(workspace, edit)[0] == "Point to one place"


@pytest.mark.parametrize("typed", ["and/or", "3/4/2026", "http://x", "a/", "x //"])
def test_a_slash_that_means_something_else_offers_nothing(workspace, typed: str):
    edit = feedback(workspace)
    for char in typed:
        QTest.keyClicks(edit, char)
        if typed != "x //" or edit.toPlainText() == typed:
            assert offered(workspace, edit) == []
    assert edit.toPlainText() == typed


@pytest.mark.parametrize("typed", ["/", "(/", "¿/", "one\n/"])
def test_a_slash_at_the_start_of_a_word_offers(workspace, typed: str):
    edit = feedback(workspace)
    for char in typed:
        if char == "\n":
            QTest.keyClick(edit, Qt.Key.Key_Return)
        else:
            QTest.keyClicks(edit, char)
    assert offered(workspace, edit)


def test_escape_leaves_the_slash_as_text_and_the_keyboard_where_it_is(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/po")
    assert offered(workspace, edit)
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert offered(workspace, edit) == []
    assert edit.toPlainText() == "/po"
    assert edit.hasFocus()
    QTest.keyClicks(edit, "i")
    assert offered(workspace, edit) == []
    QTest.keyClick(edit, Qt.Key.Key_Escape)  # now it is the workspace's again
    assert not edit.hasFocus()


def test_what_fits_nothing_is_out_of_the_way_and_return_is_a_line(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/zebra")
    assert offered(workspace, edit) == []
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "/zebra\n"


def test_a_space_behind_the_slash_ends_it(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/ ")
    assert offered(workspace, edit) == []
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert offered(workspace, edit) == []


def test_arrows_choose_and_typing_narrows(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/")
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert workspace.comments.writing_in(edit).offers.current().title == "Point to one place"
    QTest.keyClick(edit, Qt.Key.Key_Up)
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert workspace.comments.writing_in(edit).offers.current().title == "Thin evidence"
    QTest.keyClick(edit, Qt.Key.Key_PageUp)
    assert workspace.comments.writing_in(edit).offers.current().title == "Level is met"
    QTest.keyClicks(edit, "thin ev")
    assert offered(workspace, edit) == ["Thin evidence"]
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert offered(workspace, edit) == ["Thin evidence"]


def test_one_undo_takes_the_whole_insertion_back(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "Good. /praise")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "Good. Muy bien 🎉: {{one}} and {{two}}!"
    QTest.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert edit.toPlainText() == "Good. /praise"
    assert offered(workspace, edit) == []
    QTest.keyClick(edit, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert edit.toPlainText() == "Good. Muy bien 🎉: {{one}} and {{two}}!"


def test_tab_goes_through_what_is_to_be_filled_in_and_then_leaves(workspace):
    edit = feedback(workspace)
    edit.insertPlainText("😀 ")
    QTest.keyClicks(edit, "/praise")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.textCursor().selectedText() == "{{one}}"
    QTest.keyClicks(edit, "eins")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.textCursor().selectedText() == "{{two}}"
    QTest.keyClicks(edit, "zwei")
    assert edit.toPlainText() == "😀 Muy bien 🎉: eins and zwei!"
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus()


def test_who_fills_in_nothing_is_not_held_in_the_field(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/praise")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.textCursor().selectedText() == "{{two}}"
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus()
    # Who comes back finds the first one again.
    edit.setFocus()
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.textCursor().selectedText() == "{{one}}"


def test_what_is_known_is_filled_in_and_what_is_likely_is_shown_one_by_one(qtbot, world, workspace):
    mark = replace(box_mark(stored(world).submission), criteria=(CRITERIA[0],))
    world.lanes.write(lambda context: annotating.edit(context, mark.submission_id, "Mark", puts=(mark,)))
    qtbot.waitUntil(lambda: workspace.opened.annotations != ())
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/thin")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    text = workspace.panel.cards[0].frame.criterion.text
    assert edit.toPlainText() == f"For “{text}” I saw {{{{what}}}} in Artifact 1.pdf."
    assert edit.textCursor().selectedText() == "{{what}}"
    QTest.keyClicks(edit, "a table")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.textCursor().selectedText() == "Artifact 1.pdf"
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus()


def test_a_file_that_is_not_surely_meant_stays_to_be_filled_in(workspace):
    """A written answer is open and nothing is tied: no file is named."""
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/thin")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText().endswith("in {{artifact}}.")


def test_what_was_written_for_another_level_goes_once_the_criterion_is_rated(qtbot, world, workspace):
    world.lanes.write(
        lambda context: assessing.save_rating(
            context, builders.submission_id(1), Rating(CRITERIA[0], "not_met")
        )
    )
    qtbot.waitUntil(lambda: workspace.panel.cards[0].level == "not_met")
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/")
    assert offered(workspace, edit) == ["Point to one place", "Praise", "Thin evidence"]


def test_it_is_there_in_every_text_that_is_written(workspace):
    card = workspace.panel.cards[1]
    workspace.panel.go_to(card)
    card.feedback.set_owed(parts=True, next_step=True)
    edits = [field.edit for field in (card.feedback.text, card.feedback.seen, card.feedback.next_step)]
    edits += [workspace.panel.overall.overall.edit, workspace.panel.overall.note.edit]
    for number, edit in enumerate(edits):
        edit.setFocus()
        QTest.keyClicks(edit, "/")
        assert ("Only for design" in offered(workspace, edit)) is (number < 3)
        assert "Praise" in offered(workspace, edit)


def test_leaving_the_field_takes_the_list_away(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/")
    workspace.panel.overall.overall.edit.setFocus()
    assert offered(workspace, edit) == []


def test_a_click_inserts_and_the_keyboard_stays(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/poi")
    offers = workspace.comments.writing_in(edit).offers
    place = offers.list.visualItemRect(offers.list.item(0)).center()
    QTest.mouseClick(offers.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
    assert edit.toPlainText() == "Please say where this can be seen."
    assert edit.hasFocus()


def test_the_command_offers_without_a_slash_being_typed(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "Good")
    workspace.actions_made.action("bank.insert").trigger()
    assert "Praise" in offered(workspace, edit)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "Good This is met."


def test_a_command_chosen_elsewhere_goes_to_the_text_that_was_written_last(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "Good")
    workspace.left.setFocus()
    assert not edit.hasFocus()
    workspace.actions_made.action("bank.insert").trigger()
    assert edit.hasFocus()
    assert "Praise" in offered(workspace, edit)
    # A text that is not on screen any more is not written in.
    workspace.panel.go_to(workspace.panel.cards[2])
    workspace.actions_made.action("bank.insert").trigger()
    assert edit.toPlainText() == "Good /"


def test_of_several_files_the_open_one_is_meant_and_none_is_guessed(qtbot, world, workspace):
    first = replace(box_mark(stored(world).submission), criteria=(CRITERIA[0],))
    other = replace(box_mark(stored(world).submission, 2), criteria=(CRITERIA[0],))
    other = replace(other, anchor=replace(other.anchor, source_id="art-12", page=4))
    world.lanes.write(
        lambda context: annotating.edit(context, first.submission_id, "Marks", puts=(first, other))
    )
    qtbot.waitUntil(lambda: len(workspace.opened.annotations) == 2)
    edit = feedback(workspace)
    assert Known.ARTIFACT not in workspace.comments._writing_of(edit).answers
    workspace.evidence.select("artifact:art-1")
    qtbot.waitUntil(lambda: workspace.document.shows_pages())
    answers = workspace.comments._writing_of(edit).answers
    # The page is that of the mark, not the one that happens to be in view.
    assert (answers[Known.ARTIFACT], answers[Known.PAGE]) == ("Artifact 1.pdf", "2")


def test_the_list_stays_in_the_window_and_off_the_words(workspace):
    workspace.panel.overall.overall.edit.setFocus()
    edit = workspace.panel.overall.overall.edit
    QTest.keyClicks(edit, "/")
    offers = workspace.comments.writing_in(edit).offers
    assert workspace.rect().contains(offers.geometry())
    top = edit.viewport().mapTo(workspace, edit.cursorRect().topLeft()).y()
    bottom = edit.viewport().mapTo(workspace, edit.cursorRect().bottomLeft()).y()
    assert offers.geometry().top() > bottom or offers.geometry().bottom() < top


def test_a_screen_reader_can_tell_what_is_offered(workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, "/")
    offers = workspace.comments.writing_in(edit).offers
    assert accessibility_walk.unnamed(offers) == []
    names = [node.name for node in accessibility_walk.nodes(offers)]
    assert "Comments that fit here" in names
    assert any(n.startswith("Level is met. This is met. for this level") for n in names)


def test_what_is_kept_elsewhere_is_offered_at_once(qtbot, world, workspace):
    edit = feedback(workspace)
    new = replace(ENTRIES[0], id=BankEntryId(""), title="Zebra")
    world.lanes.write(lambda context: comment_bank.keep(context, new))
    qtbot.waitUntil(lambda: len(workspace.comments.shelf.bank.entries) == 6)
    QTest.keyClicks(edit, "/zeb")
    assert offered(workspace, edit) == ["Zebra"]
