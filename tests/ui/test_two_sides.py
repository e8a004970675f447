"""The compare view: what differs, by words and not by colour, chosen by keyboard, taken back, never sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from assessor_app.cache import assessments, conflicts, outbox, submissions
from assessor_app.domain.assessments import OutboxKind, Rating
from assessor_app.domain.conflicts import Conflict, ConflictKind, TheirSide
from assessor_app.domain.merging import Keep, Part, PartKind, WorkCopy, of_recommendation
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Submission
from assessor_app.services import assessing, comparing, reading
from assessor_app.services.comparison import Comparison
from assessor_app.services.context import Context
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.sync import after_sending, two_sides
from assessor_app.ui.conflict import words
from assessor_app.ui.conflict.compare_dialog import CompareDialog
from assessor_app.ui.conflict.differing_words import Piece, pieces
from assessor_app.ui.conflict.side_text import SideText
from assessor_app.ui.sync_bar import SyncBar
from assessor_app.ui.waiting_list import WaitingList
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA, NOON, FakeClock, annotation
from tests.contexts import assess, context_in, give
from tests.ui.worlds import lesson_submission, on_screen, put_work

OVERALL, RATING = Part(PartKind.OVERALL), Part(PartKind.RATING, CRITERIA[0])
MADE = builders.submission()


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """An assessor whose recommendation was refused: another machine of hers had sent one."""
    made = context_in(tmp_path, Role.ASSESSOR, FakeClock())
    give(made.store, MADE)
    assess(made, MADE)
    with made.store.read() as txn:
        base = two_sides.work_here(txn, MADE.id, 1)
    assessing.save_overall(made, MADE.id, "A lesson in which my students do the thinking.")
    assessing.send(made, MADE.id)
    refuse(made, base)
    yield made
    made.store.close()


def refuse(context: Context, base: WorkCopy, made: Submission = MADE) -> None:
    """What the platform has instead: other words, another rating, and a mark."""
    work, status = base.assessment, SubmissionStatus.RETURNED
    sent = replace(
        builders.recommendation(),
        submission_id=made.id,
        ratings=(Rating(CRITERIA[0], "progressing"), *work.ratings[1:]),
        feedback=work.feedback,
        overall="A lesson in which their students do the thinking.",
        note_to_approver="",
        annotations=(annotation(comment="Four questions, not five."),),
    )
    with context.store.write() as txn:
        item = outbox.last_of_kind(txn, made.id, OutboxKind.RECOMMENDATION)
        assert item is not None
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.CONFLICT, status=409)
        after_sending.settle(txn, item, OutboxState.CONFLICT, context.clock)
        mine = two_sides.work_here(txn, made.id, 1)
        kind = ConflictKind.RECOMMENDATION
        conflicts.note(txn, Conflict(str(item.id), made.id, 1, kind, NOON, mine, None, base))
        submissions.put_submission(txn, replace(made, status=status))
        their = TheirSide(status, 1, of_recommendation(sent, AssessmentState.FINAL), sent)
        conflicts.tell(txn, str(item.id), their)


def seen(context: Context) -> Comparison:
    (one,) = comparing.comparable(context)
    return comparing.compare(context, one.id)


@pytest.fixture
def dialog(qtbot, context: Context) -> CompareDialog:
    made = CompareDialog()
    qtbot.addWidget(made)
    made.show_comparison(seen(context))
    made.show()
    return made


def row(dialog: CompareDialog, part: Part):
    return next(row for row in dialog.rows if row.one.part == part)


def test_only_what_differs_shows_and_what_needs_her_stands_first(dialog: CompareDialog) -> None:
    shown = [one.one for one in dialog.rows if not one.isHidden()]
    assert shown[0].part == OVERALL
    assert all(one.differs for one in shown)
    assert len(shown) < len(dialog.rows)
    dialog.show_all.click()
    assert not any(one.isHidden() for one in dialog.rows)
    assert "1 waits for your choice; yours stays until then." in dialog._count.text()
    assert row(dialog, RATING).keep is Keep.THEIRS


def test_levels_stand_by_their_label_and_marks_by_page_and_words(dialog: CompareDialog) -> None:
    texts = [text.words for text in row(dialog, RATING).findChildren(SideText)]
    assert texts == ["Demonstrated", "Progressing", "Demonstrated"]
    mark = next(one for one in dialog.rows if one.one.part.kind is PartKind.ANNOTATION)
    assert "page 2" in mark.title
    assert dialog.comparison is not None
    assert "Four questions, not five." in words.value_words(mark.one.theirs, dialog.comparison)


def test_what_differs_is_underlined_and_heavy_and_told_to_screen_readers(dialog: CompareDialog) -> None:
    mine = row(dialog, OVERALL).findChildren(SideText)[0]
    assert mine.accessibleDescription() == "Only here: my"
    cursor = mine.textCursor()
    cursor.setPosition(mine.words.index("my") + 1)
    look = cursor.charFormat()
    assert look.fontUnderline()
    assert look.fontWeight() == QFont.Weight.DemiBold
    assert mine.toPlainText() == mine.words


def test_by_keyboard_alone_she_chooses_takes_back_and_keeps(qtbot, dialog: CompareDialog) -> None:
    overall = row(dialog, OVERALL)
    first = overall.buttons[Keep.MINE]
    assert dialog.focusWidget() is first
    assert overall.keep is None
    assert "my students" in first.accessibleDescription()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert overall.keep is Keep.MINE
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert overall.keep is Keep.THEIRS
    dialog.undo()
    assert overall.keep is Keep.MINE
    dialog.undo()
    assert overall.keep is None
    assert not any(button.isChecked() for button in overall.buttons.values())
    assert not dialog.undo_button.isEnabled()
    overall.buttons[Keep.BOTH].click()
    with qtbot.waitSignal(dialog.kept) as kept:
        dialog.draft_button.click()
    choices, take_back, and_send = kept.args
    assert (choices[OVERALL], choices[RATING], take_back, and_send) == (
        Keep.BOTH,
        Keep.THEIRS,
        False,
        False,
    )


def test_what_she_keeps_is_her_draft_and_both_sides_stay_readable(context: Context) -> None:
    now = seen(context)
    comparing.keep_as_draft(context, now.id, now.token, {OVERALL: Keep.BOTH})
    opened = reading.open_submission(context, MADE.id)
    assert opened.assessment.overall.count("\n\n") == 1
    assert opened.assessment.rating(CRITERIA[0]) == Rating(CRITERIA[0], "progressing")
    assert [mark.comment for mark in opened.annotations] == ["Four questions, not five."]
    assert (opened.conflict, opened.has_versions) == ("", True)
    with context.store.read() as txn:
        assert outbox.items(txn) == ()
        assert assessments.load(txn, MADE.id, 1) is not None
    again = comparing.compare(context, now.id)
    assert {one.part: one.mine for one in again.parts}[OVERALL] == (
        "A lesson in which my students do the thinking."
    )
    assert not again.can_choose


def test_what_is_decided_can_only_be_read_and_kept(qtbot, context: Context, tmp_path: Path) -> None:
    with context.store.write() as txn:
        submissions.put_submission(txn, replace(MADE, status=SubmissionStatus.AWARDED))
    dialog = CompareDialog()
    qtbot.addWidget(dialog)
    now = seen(context)
    dialog.show_comparison(now)
    assert "cannot be sent any more" in dialog._fate.text()
    assert not any(one.buttons for one in dialog.rows)
    assert not dialog.go_button.isHidden()
    assert dialog.draft_button.isHidden()
    comparing.save_text(tmp_path / "kept.txt", words.as_text(now))
    kept = (tmp_path / "kept.txt").read_text("utf-8")
    assert "my students" in kept
    assert "their students" not in kept


def test_from_the_banner_to_the_last_page_before_sending(qtbot, world) -> None:
    version = builders.rubric_version()
    made = lesson_submission(version)
    put_work(world.context, made, version)
    assess(world.context, made)
    with world.context.store.read() as txn:
        base = two_sides.work_here(txn, made.id, 1)
    assessing.save_overall(world.context, made.id, "A lesson in which my students do the thinking.")
    assessing.send(world.context, made.id)
    refuse(world.context, base, made)
    workspace = on_screen(qtbot, AssessorWorkspace(world.lanes, made.id, world.clock.now))
    button = next(b for b in workspace.banner.findChildren(QPushButton) if "Compare both" in b.text())
    button.click()

    def view() -> CompareDialog:
        found = workspace.around.comparing.dialog
        assert found is not None
        return found

    comparing_ = workspace.around.comparing
    qtbot.waitUntil(lambda: comparing_.dialog is not None and view().isVisible())
    view().go_button.click()
    qtbot.waitUntil(lambda: workspace._stack.currentWidget() is workspace.review)
    qtbot.waitUntil(lambda: workspace.opened is not None and workspace.opened.has_versions)
    assert comparing_.dialog is None
    assert workspace.opened is not None
    assert workspace.opened.conflict == ""
    with world.context.store.read() as txn:
        # Nothing was sent: she is only where she can.
        assert outbox.items(txn) == ()
    workspace.around.show_versions()
    qtbot.waitUntil(lambda: comparing_.dialog is not None and view().isVisible())
    assert view().windowTitle() == "Earlier versions"
    view().close()


def test_the_list_offers_to_compare_what_can_be_compared(qtbot, context: Context) -> None:
    waiting = WaitingList()
    qtbot.addWidget(waiting)
    items = tuple(item for item, _ in reading.waiting(context))
    waiting.show_items(items, {}, NOON, comparable=comparing.comparable(context))
    compare = next(b for b in waiting.findChildren(QPushButton) if b.text() == "Compare…")
    with qtbot.waitSignal(waiting.compare_requested) as asked:
        compare.click()
    assert asked.args == [items[0].id]
    # A draft of two devices waits for nothing but her: it stands in the list all the same.
    draft = replace(comparing.comparable(context)[0], id="d", kind=ConflictKind.DRAFT)
    waiting.show_items((), {}, NOON, comparable=(draft,))
    page = waiting._area.widget()
    assert page is not None
    (only,) = [b for b in page.findChildren(QPushButton) if b.text() == "Compare…"]
    with qtbot.waitSignal(waiting.compare_requested) as asked:
        only.click()
    assert asked.args == ["d"]


def test_the_bar_says_what_needs_her(qtbot) -> None:
    bar = SyncBar()
    qtbot.addWidget(bar)
    for conflicts_, needs, words_ in (
        (1, 1, "Needs you: 1 thing changed on both sides"),
        (2, 2, "Needs you: 2 things changed on both sides"),
        (1, 2, "Needs you: 2 things to look at"),
        (0, 1, "Needs you: 1 thing to look at"),
    ):
        bar.show_status(SyncStatus(SyncState.NEEDS_YOU, needs_you=needs, conflicts=conflicts_))
        assert bar.connection_text() == words_


def test_words_that_stand_in_one_text_alone_are_found() -> None:
    assert pieces("one two three", "one three") == (
        Piece("one", is_own=False),
        Piece(" ", is_own=False),
        Piece("two", is_own=True),
        Piece(" ", is_own=False),
        Piece("three", is_own=False),
    )
    assert pieces("", "x") == ()
    assert pieces("a b ", None) == (Piece("a b ", is_own=False),)
    for text, other in (("a  b\nc ", "a c"), (" x", ""), ("x y", "x y")):
        assert "".join(piece.text for piece in pieces(text, other)) == text
