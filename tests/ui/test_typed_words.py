"""Words that are typed on the evidence outlive a crash from the first pause on, as one step of undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import edit_log
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.domain.roles import Role
from assessor_app.ui.annotate.comment_box import DEBOUNCE_MS
from assessor_app.ui.scoring.keeping import PAUSE_MS
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.stores import open_store
from tests.ui.worlds import lesson_submission, make_context, put_work

LATEST_MS = 500
"""The promise: a pause of so long is enough."""
KEY, ALT, SHIFT = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def renderer():
    made = Renderer()
    made.warm_up()
    yield made
    made.close()


@pytest.fixture
def desk(qtbot, tmp_path, renderer):
    """The assessor's window on a real store, with the first page in front."""
    clock = builders.FakeClock()
    context = make_context(tmp_path, renderer, clock, Role.ASSESSOR)
    lanes = Lanes(context, clock=clock)
    version = builders.rubric_version()
    submission = lesson_submission(version)
    put_work(context, submission, version)
    workspace = AssessorWorkspace(lanes, submission.id, clock.now)
    qtbot.addWidget(workspace)
    workspace.resize(1300, 800)
    workspace.show()
    workspace.activateWindow()
    qtbot.waitUntil(lambda: workspace.opened is not None)
    workspace.evidence.select("artifact:art-1")
    qtbot.waitUntil(lambda: workspace.document.shows_pages())
    viewer = workspace.document.viewer
    qtbot.waitUntil(lambda: viewer.pages.page_count == 6 and viewer.supply.text(0) is not None)
    viewer.pages.setFocus()
    yield workspace, viewer, clock
    assert lanes.close()
    context.store.close()


def after_a_crash(tmp_path):
    """What a program that starts anew on the same folder finds; nobody has closed anything."""
    store = open_store(tmp_path)
    try:
        with store.read() as txn:
            found = annotation_rows.of_submission(txn, builders.submission_id())
            return found, edit_log.labels(txn, builders.submission_id())
    finally:
        store.close()


def begin_text(qtbot, viewer):
    qtbot.keyClick(viewer.pages, KEY.Key_4, ALT)
    qtbot.keyClick(viewer.pages, KEY.Key_Return)
    editor = viewer.annotator.place.editor
    assert editor.hasFocus()
    return editor


def test_a_free_text_is_kept_at_a_pause_while_it_is_typed(qtbot, tmp_path, desk):
    workspace, viewer, clock = desk
    editor = begin_text(qtbot, viewer)
    qtbot.keyClicks(editor, "Which of these bars")
    qtbot.wait(LATEST_MS)
    (mark,), _labels = after_a_crash(tmp_path)
    assert (mark.kind, mark.comment) == (AnnotationKind.FREE_TEXT, "Which of these bars")
    # The editor is still open, and nothing was selected or moved below the person's hands.
    assert editor.hasFocus()
    assert viewer.annotator.layer.selected_ids == ()
    clock.advance(300)
    qtbot.keyClicks(editor, " is yours, and what did you leave out of it?")
    qtbot.wait(LATEST_MS)
    (mark,), labels = after_a_crash(tmp_path)
    assert mark.comment.endswith("leave out of it?")
    assert labels == ("Text", None)
    # The last words come with Esc; all of it is one step, in spite of the long rest.
    qtbot.keyClicks(editor, " Why?")
    qtbot.keyClick(editor, KEY.Key_Escape)
    qtbot.waitUntil(lambda: viewer.annotator.layer.selected_ids == (mark.id,))
    (mark,), labels = after_a_crash(tmp_path)
    assert mark.comment.endswith("it? Why?")
    assert labels == ("Text", None)
    workspace.undo()
    qtbot.waitUntil(lambda: workspace.opened.annotations == ())
    workspace.redo()
    qtbot.waitUntil(lambda: len(workspace.opened.annotations) == 1)
    assert workspace.opened.annotations[0].comment == mark.comment


def test_words_typed_while_the_first_are_on_their_way_are_not_lost(qtbot, tmp_path, desk):
    workspace, viewer, _clock = desk
    editor = begin_text(qtbot, viewer)
    qtbot.keyClicks(editor, "First")
    viewer.annotator.place.writing.keep()
    qtbot.keyClicks(editor, " and second")
    # Left before the first words have come back, and for another piece of evidence.
    workspace.evidence.select("response:resp-context")
    qtbot.waitUntil(lambda: [a.comment for a in workspace.opened.annotations] == ["First and second"])
    (mark,), labels = after_a_crash(tmp_path)
    assert mark.comment == "First and second"
    assert labels == ("Text", None)


def test_a_text_whose_words_are_all_taken_away_again_is_gone(qtbot, tmp_path, desk):
    workspace, viewer, _clock = desk
    editor = begin_text(qtbot, viewer)
    qtbot.keyClicks(editor, "No")
    qtbot.waitUntil(lambda: len(workspace.opened.annotations) == 1)
    for _ in range(2):
        qtbot.keyClick(editor, KEY.Key_Backspace)
    qtbot.keyClick(editor, KEY.Key_Escape)
    qtbot.waitUntil(lambda: workspace.opened.annotations == ())
    assert after_a_crash(tmp_path)[0] == ()


def test_the_comment_of_a_mark_is_kept_at_a_pause(qtbot, tmp_path, desk):
    _workspace, viewer, _clock = desk
    qtbot.keyClick(viewer.pages, KEY.Key_Q, ALT)
    qtbot.keyClick(viewer.pages, KEY.Key_Return)
    comment = viewer.annotator.box.comment
    qtbot.waitUntil(comment.hasFocus)
    qtbot.keyClicks(comment, "Whose idea")
    qtbot.wait(LATEST_MS)
    (mark,), _labels = after_a_crash(tmp_path)
    assert (mark.kind, mark.comment) == (AnnotationKind.QUESTION, "Whose idea")
    qtbot.keyClicks(comment, " was it?")
    qtbot.wait(LATEST_MS)
    (mark,), labels = after_a_crash(tmp_path)
    assert mark.comment == "Whose idea was it?"
    assert labels == ("Comment", None)
    assert QApplication.focusWidget() is comment


def test_words_on_a_page_and_in_an_answer_are_marked_by_keys_alone(qtbot, tmp_path, desk):
    workspace, viewer, _clock = desk
    qtbot.waitUntil(lambda: viewer.supply.text(0) is not None)
    qtbot.keyClick(viewer.pages, KEY.Key_Down, SHIFT)
    chosen = viewer.annotator.selection.text
    qtbot.keyClick(viewer.pages, KEY.Key_1, ALT)
    qtbot.waitUntil(lambda: len(workspace.opened.annotations) == 1)
    assert workspace.opened.annotations[0].anchor.text.exact == chosen
    workspace.evidence.select("response:resp-context")
    qtbot.waitUntil(lambda: workspace.document.view.viewer is workspace.document.view.response)
    view = workspace.document.view.response.view
    view.setFocus()
    assert view.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard
    for _ in range(9):
        qtbot.keyClick(view, KEY.Key_Right, SHIFT)
    qtbot.keyClick(view, KEY.Key_1, ALT)
    qtbot.waitUntil(lambda: len(workspace.opened.annotations) == 2)
    found = {mark.anchor.text.exact for mark in workspace.opened.annotations}
    assert view.text[:9].strip() in found


def test_the_pauses_are_short_enough():
    assert max(DEBOUNCE_MS, PAUSE_MS) < LATEST_MS
