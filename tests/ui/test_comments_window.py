"""The window of comments that are used often, and keeping words from a field, on a real store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from assessor_app.cache import comment_bank as rows
from assessor_app.domain.assessments import CriterionFeedback
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.ids import BankEntryId, MicrocredentialId
from assessor_app.services import annotating, assessing, comment_bank
from assessor_app.ui.scoring.bank.keep_dialog import KeepDialog
from assessor_app.ui.scoring.bank.manage import ManageComments
from assessor_app.ui.theme import Scheme
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui import accessibility_walk
from tests.ui.worlds import box_mark, lesson_submission, on_screen, put_work

SUBMISSION = lesson_submission(builders.rubric_version())
OWN = BankEntry(BankEntryId("own-1"), Scope.PERSONAL, "One place", "Say where this can be seen.", uses=4)
FITTED = BankEntry(
    BankEntryId("own-2"), Scope.PERSONAL, "Design", "Design words.", SUBMISSION.microcredential_id,
    CRITERIA[1], "not_met",
)  # fmt: skip
TEAM = BankEntry(BankEntryId("team-1"), Scope.TEAM, "Strength", "I can see {{what}}.")


@pytest.fixture
def work(world):
    put_work(world.context, SUBMISSION, builders.rubric_version())
    with world.store.write() as txn:
        for each in (OWN, FITTED, TEAM):
            rows.put(txn, each)
    return world


def stored(world) -> dict[str, BankEntry]:
    return {entry.id: entry for entry in world.read(comment_bank.entries)}


def opened(qtbot, world, **more) -> ManageComments:
    dialog = ManageComments(world.lanes, **more)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.shelf.is_read and dialog.form.microcredential.count() > 1)
    return dialog


def pick(dialog: ManageComments, *titles: str) -> None:
    dialog.list.list.clearSelection()
    for row in range(dialog.list.list.count()):
        if dialog.list.entries()[row].title in titles:
            item = dialog.list.list.item(row)
            dialog.list.list.setCurrentItem(item)
    for row, entry in enumerate(dialog.list.entries()):
        dialog.list.list.item(row).setSelected(entry.title in titles)


def titles(dialog: ManageComments) -> list[str]:
    return [entry.title for entry in dialog.list.entries()]


def press(button) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_everything_is_listed_with_where_it_fits_and_found_by_its_words(qtbot, work):
    dialog = opened(qtbot, work)
    assert titles(dialog) == ["Design", "One place", "Strength"]
    said = [dialog.list.list.item(n).text() for n in range(3)]
    assert said[0].endswith(f"criterion 2, Not Met, {SUBMISSION.title}")
    assert said[2].endswith("Team")
    QTest.keyClicks(dialog.list.search, "wher")
    assert titles(dialog) == ["One place"]
    dialog.list.search.clear()
    dialog.list.own.click()
    assert titles(dialog) == ["Strength"]


def test_what_is_changed_is_kept_at_a_pause_and_shown_in_the_list(qtbot, work):
    dialog = opened(qtbot, work)
    pick(dialog, "One place")
    assert dialog.form.text.text() == OWN.text
    dialog.form.text.edit.setFocus()
    dialog.form.text.edit.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(dialog.form.text.edit, " Please. ")
    qtbot.waitUntil(lambda: stored(work)[OWN.id].text == "Say where this can be seen. Please.")
    assert stored(work)[OWN.id].uses == 4
    qtbot.waitUntil(lambda: "Please" in dialog.list.list.item(1).text())
    # What is being typed stays as it is on screen, the blank at its end too.
    assert dialog.form.text.text().endswith("Please. ")
    QTest.keyClicks(dialog.form.text.edit, "Thanks.")
    dialog.accept()
    qtbot.waitUntil(lambda: stored(work)[OWN.id].text.endswith("Please. Thanks."))


def test_showing_comments_saves_nothing(qtbot, work):
    dialog = opened(qtbot, work)
    with qtbot.assertNotEmitted(work.lanes.saved, wait=50):
        for title in ("Design", "One place", "Strength"):
            pick(dialog, title)
        dialog.list.search.setText("o")
        dialog.accept()


def test_where_it_fits_is_chosen_and_follows_the_micro_credential(qtbot, work):
    dialog = opened(qtbot, work)
    pick(dialog, "Design")
    form = dialog.form
    assert form.criterion.currentData() == CRITERIA[1]
    assert form.level.currentText() == "Not Met"
    form.level.setCurrentIndex(0)
    qtbot.waitUntil(lambda: stored(work)[FITTED.id].level is None)
    form.microcredential.setCurrentIndex(0)
    qtbot.waitUntil(lambda: stored(work)[FITTED.id].microcredential_id is None)
    assert stored(work)[FITTED.id].criterion_id is None
    assert not form.criterion.isEnabled()


def test_a_place_that_is_not_known_here_is_not_lost_by_a_change(qtbot, work):
    elsewhere = replace(
        OWN, id=BankEntryId("own-3"), title="Far", microcredential_id=MicrocredentialId("mc-9")
    )
    with work.store.write() as txn:
        rows.put(txn, elsewhere)
    dialog = opened(qtbot, work)
    pick(dialog, "Far")
    assert dialog.form.microcredential.currentText() == "Not known on this computer"
    QTest.keyClicks(dialog.form.title, "ther")
    dialog.keeper.flush()
    qtbot.waitUntil(lambda: stored(work)[elsewhere.id].title == "Farther")
    assert stored(work)[elsewhere.id].microcredential_id == "mc-9"


def test_what_may_name_somebody_is_refused_and_stays_to_be_mended(qtbot, work):
    dialog = opened(qtbot, work)
    pick(dialog, "One place")
    dialog.form.text.edit.setPlainText("Write to ana@example.org")
    dialog.keeper.flush()
    qtbot.waitUntil(lambda: dialog.said.isVisible())
    assert "may name somebody" in dialog.said.text()
    assert dialog.form.text.text() == "Write to ana@example.org"
    assert stored(work)[OWN.id].text == OWN.text
    dialog.form.text.edit.setPlainText("Write to {{contact}}")
    dialog.keeper.flush()
    qtbot.waitUntil(lambda: stored(work)[OWN.id].text == "Write to {{contact}}")
    # It stands in the store before the window hears of it.
    qtbot.waitUntil(lambda: not dialog.said.isVisible())


def test_a_new_one_is_kept_once_it_says_something(qtbot, work):
    dialog = opened(qtbot, work)
    pick(dialog, "One place")
    press(dialog.new)
    qtbot.waitUntil(lambda: dialog.form.title.hasFocus() and dialog.form.text.text() == "")
    with qtbot.assertNotEmitted(work.lanes.trouble, wait=1):
        QTest.keyClicks(dialog.form.title, "Brand new")
        dialog.keeper.flush()
    assert len(stored(work)) == 3
    dialog.form.text.edit.setFocus()
    QTest.keyClicks(dialog.form.text.edit, "Fresh words.")
    dialog.keeper.flush()
    qtbot.waitUntil(lambda: "Brand new" in titles(dialog))
    current = dialog.list.current()
    assert current is not None
    assert current.title == "Brand new"
    assert dialog.form.text.text() == "Fresh words."
    assert len(stored(work)) == 4


def test_taking_away_can_be_undone(qtbot, work):
    dialog = opened(qtbot, work)
    pick(dialog, "Design", "One place")
    press(dialog.remove)
    qtbot.waitUntil(lambda: titles(dialog) == ["Strength"])
    qtbot.waitUntil(lambda: dialog.undo.isVisible())
    assert dialog.said.text() == "2 comments taken away."
    press(dialog.undo)
    qtbot.waitUntil(lambda: titles(dialog) == ["Design", "One place", "Strength"])
    assert stored(work)[OWN.id] == OWN


def test_the_teams_are_read_only_and_can_be_copied(qtbot, work):
    dialog = opened(qtbot, work)
    pick(dialog, "Strength")
    assert dialog.form.title.isReadOnly()
    assert dialog.form.text.edit.isReadOnly()
    assert not dialog.remove.isEnabled()
    press(dialog.copy)
    qtbot.waitUntil(lambda: titles(dialog) == ["Design", "One place", "Strength", "Strength"])
    mine = [e for e in stored(work).values() if e.title == "Strength" and e.scope is Scope.PERSONAL]
    assert len(mine) == 1
    assert dialog.list.current() == mine[0]
    assert not dialog.form.title.isReadOnly()
    pick(dialog, "Design", "Strength")
    assert not dialog.remove.isEnabled()


def test_a_file_goes_out_and_comes_in(qtbot, work, tmp_path: Path):
    target = tmp_path / "mine.csv"
    dialog = opened(qtbot, work, ask_target=lambda _: str(target), ask_source=lambda _: str(target))
    pick(dialog, "One place", "Design")
    assert dialog.export.text() == "Export 2 selected…"
    press(dialog.export)
    qtbot.waitUntil(lambda: dialog.said.text() == "2 comments are in mine.csv.")
    pick(dialog, "One place")
    assert dialog.export.text() == "Export all 3…"
    press(dialog.remove)
    qtbot.waitUntil(lambda: titles(dialog) == ["Design", "Strength"])
    press(dialog.import_)
    qtbot.waitUntil(lambda: titles(dialog) == ["Design", "One place", "Strength"])
    assert dialog.said.text() == "1 new comment. 1 was there already."


def test_a_bad_file_is_told_with_its_row(qtbot, work, tmp_path: Path):
    source = tmp_path / "bad.csv"
    source.write_text("text\nfine\ntoo,many\n")
    dialog = opened(qtbot, work, ask_source=lambda _: str(source))
    press(dialog.import_)
    qtbot.waitUntil(lambda: "Row 3" in dialog.said.text())
    assert len(stored(work)) == 3


def test_a_change_of_mind_about_a_file_does_nothing(qtbot, work):
    dialog = opened(qtbot, work, ask_source=lambda _: "", ask_target=lambda _: "")
    press(dialog.import_)
    press(dialog.export)
    assert not dialog.said.isVisible()


def test_an_empty_list_says_how_to_begin(qtbot, world):
    dialog = ManageComments(world.lanes)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.shelf.is_read)
    assert dialog.nothing.isVisible()
    assert "No comment is kept yet" in dialog.nothing.text()


def test_a_screen_reader_can_name_everything_at_every_size(qtbot, work, theme):
    for percent in (100, 150, 200):
        theme.apply(Scheme.LIGHT, percent)
        dialog = opened(qtbot, work)
        pick(dialog, "Design")
        assert accessibility_walk.unnamed(dialog) == []
        assert accessibility_walk.clipped_buttons(dialog) == []
        assert accessibility_walk.without_keyboard(dialog) == []
        dialog.accept()


# ---- keeping words from a field ----


@pytest.fixture
def workspace(qtbot, work):
    shown = on_screen(qtbot, AssessorWorkspace(work.lanes, SUBMISSION.id, work.clock.now))
    qtbot.waitUntil(lambda: shown.comments.shelf.is_read)
    return shown


def feedback(workspace):
    workspace.panel.go_to(workspace.panel.cards[0])
    edit = workspace.panel.cards[0].feedback.text.edit
    edit.setFocus()
    return edit


def keep_dialog(qtbot, workspace) -> KeepDialog:
    qtbot.waitUntil(lambda: workspace.findChildren(KeepDialog) != [])
    (dialog,) = workspace.findChildren(KeepDialog)
    qtbot.waitUntil(lambda: dialog.form.microcredential.count() > 1)
    return dialog


def test_selected_words_are_kept_without_what_names_this_work(qtbot, work, workspace):
    mark = replace(box_mark(SUBMISSION), criteria=(CRITERIA[0],))
    work.lanes.write(lambda context: annotating.edit(context, SUBMISSION.id, "Mark", puts=(mark,)))
    qtbot.waitUntil(lambda: workspace.opened.annotations != ())
    edit = feedback(workspace)
    edit.insertPlainText("Before. In Artifact 1.pdf the goal is missing. After.")
    cursor = edit.textCursor()
    cursor.setPosition(8)
    cursor.setPosition(46, QTextCursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    workspace.actions_made.action("bank.keep").trigger()
    dialog = keep_dialog(qtbot, workspace)
    assert dialog.form.text.text() == "In {{artifact}} the goal is missing."
    assert dialog.form.criterion.currentData() == CRITERIA[0]
    assert dialog.form.level.currentData() is None
    qtbot.waitUntil(dialog.form.title.hasFocus)
    assert accessibility_walk.unnamed(dialog) == []
    QTest.keyClicks(dialog.form.title, "Goal missing")
    QTest.keyClick(dialog.form.title, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(workspace.comments.shelf.bank.entries) == 4)
    (made,) = [e for e in stored(work).values() if e.title == "Goal missing"]
    assert (made.scope, made.criterion_id) == (Scope.PERSONAL, CRITERIA[0])
    edit.moveCursor(QTextCursor.MoveOperation.End)
    edit.setFocus()
    QTest.keyClicks(edit, " /goal")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText().endswith("After. In Artifact 1.pdf the goal is missing.")


def test_words_that_may_name_somebody_are_not_kept(qtbot, work, workspace):
    edit = feedback(workspace)
    edit.insertPlainText("Ask ana@example.org.")
    workspace.comments.keep()
    dialog = keep_dialog(qtbot, workspace)
    press(dialog.keep)
    qtbot.waitUntil(lambda: dialog.trouble.isVisible())
    assert "an e-mail address" in dialog.trouble.text()
    assert len(stored(work)) == 3
    dialog.reject()


def test_the_context_menu_keeps_and_inserts(qtbot, workspace):
    edit = feedback(workspace)
    edit.insertPlainText("Two words")
    edit.selectAll()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), edit.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(edit.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = {action.text(): action for action in menu.actions()}
    assert words["Insert a comment you use often"].isEnabled()
    words["Keep the selected words as a comment…"].trigger()
    menu.close()
    dialog = keep_dialog(qtbot, workspace)
    assert dialog.form.text.text() == "Two words"
    dialog.reject()


# ---- a sentence that is written again and again ----

SAID = "Please say on which page the goal can be seen."


@pytest.fixture
def repeated(qtbot, work):
    """The person has written the sentence to two other criteria."""
    for criterion in CRITERIA[1:3]:
        assessing.save_feedback(work.context, SUBMISSION.id, CriterionFeedback(criterion, SAID))


def written_again(qtbot, workspace):
    edit = feedback(workspace)
    QTest.keyClicks(edit, SAID)
    workspace.panel.overall.overall.edit.setFocus()
    repeats = workspace.comments.repeats
    qtbot.waitUntil(lambda: repeats.offer is not None and repeats.offer.isVisible())
    return repeats.offer


def test_a_sentence_written_the_third_time_can_be_kept_and_takes_no_focus(qtbot, work, repeated, workspace):
    offer = written_again(qtbot, workspace)
    assert workspace.panel.overall.overall.edit.hasFocus()
    assert accessibility_walk.unnamed(offer) == []
    press(offer.keep)
    dialog = keep_dialog(qtbot, workspace)
    assert dialog.form.text.text() == SAID
    press(dialog.keep)
    qtbot.waitUntil(lambda: len(workspace.comments.shelf.bank.entries) == 4)
    assert workspace.comments.repeats.offer is None


def test_who_does_not_want_it_is_not_asked_again(qtbot, work, repeated, workspace):
    press(written_again(qtbot, workspace).no)
    assert workspace.comments.repeats.offer is None
    submission_id = SUBMISSION.id
    qtbot.waitUntil(
        lambda: work.read(lambda c: comment_bank.repeated(c, submission_id, CRITERIA[0], SAID)) is None
    )


def test_the_offer_goes_with_the_sentence(qtbot, work, repeated, workspace):
    offer = written_again(qtbot, workspace)
    offer.edit.setFocus()
    QTest.keyClick(offer.edit, Qt.Key.Key_Backspace)
    assert not offer.isVisible()
