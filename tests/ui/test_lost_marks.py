"""Marks whose place is not found: said in the list, kept, and placed again by the person alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.documents.anchoring import anchor_plain, plain_text, text_anchor
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import AnnotationKind, Audience, SourceKind
from assessor_app.domain.ids import AnnotationId
from assessor_app.domain.roles import Role
from assessor_app.services import annotating, reading
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui import accessibility_walk
from tests.ui.viewers.evidence_files import lesson_pdf, sealed
from tests.ui.worlds import World, box_mark, lesson_submission, make_context, put_work

SUBMISSION = lesson_submission(builders.rubric_version())
OLD_BYTES = "f" * 64
BOX = box_mark(SUBMISSION, 1, comment="Which week is this?", audience=Audience.ONLY_ME)
LOST_BOX = replace(BOX, anchor=replace(BOX.anchor, source_sha256=OLD_BYTES))
GONE = "words that were taken out of the new version altogether"
LOST_WORDS = replace(
    box_mark(SUBMISSION, 2, comment="", audience=Audience.ONLY_ME),
    kind=AnnotationKind.HIGHLIGHT,
    anchor=replace(
        LOST_BOX.anchor, text=text_anchor(f"These are {GONE} by her.", 10, 10 + len(GONE), "old layer")
    ),
)
ANSWER = SUBMISSION.parts[0].responses[0]
TEXT = plain_text(ANSWER.text)


@pytest.fixture
def world(qtbot, tmp_path):
    clock = builders.FakeClock()
    renderer = Renderer()
    context = make_context(tmp_path, renderer, clock, Role.ASSESSOR)
    put_work(context, SUBMISSION, builders.rubric_version())
    lanes = Lanes(context, clock=clock)
    bugs: list[str] = []
    lanes.bug.connect(bugs.append)
    yield World(context.store, context, lanes, clock)
    assert lanes.close()
    renderer.close()
    context.store.close()
    assert bugs == []


@pytest.fixture
def workspace(qtbot, world):
    def open_with(*marks, title="Artifact 1.pdf"):
        for mark in marks:
            annotating.put(world.context, mark, "Mark")
        made = AssessorWorkspace(world.lanes, SUBMISSION.id, world.clock.now)
        qtbot.addWidget(made)
        made.resize(1280, 800)
        made.show()
        qtbot.waitUntil(lambda: made.opened is not None)
        made.evidence.select(next(e.key for e in made.evidence.entries() if e.title == title))
        made.left.marks_button.setChecked(True)
        return made

    return open_with


def stored(world, mark):
    marks = world.read(lambda context: reading.open_submission(context, SUBMISSION.id)).annotations
    return next(each for each in marks if each.id == mark.id)


def lost_count(workspace):
    return workspace.left.marks.model.lost_count


def choose(workspace, mark):
    marks = workspace.left.marks
    marks.tree.setCurrentIndex(marks.model.index(marks.model.row_of(mark.id), 0))


def test_a_mark_without_a_place_is_listed_first_with_what_it_said(qtbot, workspace):
    fine = box_mark(SUBMISSION, 3, audience=Audience.ONLY_ME)
    made = workspace(fine, LOST_BOX, LOST_WORDS)
    marks = made.left.marks
    qtbot.waitUntil(lambda: lost_count(made) == 2)
    assert {marks.model.annotation(row).id for row in (0, 1)} == {LOST_BOX.id, LOST_WORDS.id}
    assert marks.place_again.isVisible()
    assert marks.place_again.heading.text() == "Places not found: 2"
    assert not marks.place_again.button.isVisible()
    choose(made, LOST_WORDS)
    assert GONE in marks.place_again.said.text()
    choose(made, LOST_BOX)
    assert marks.place_again.said.text() == "Box\nWhich week is this?"
    assert marks.place_again.button.isVisible()
    assert accessibility_walk.unnamed(made) == []
    choose(made, fine)
    assert not marks.place_again.button.isVisible()


def test_what_was_found_elsewhere_or_by_similar_words_says_so(qtbot, workspace):
    words = "six students who solvd the same problem"
    before = "In the first week I listened to "
    old = f"{before}{words}. Most of them named an operation"
    anchor = text_anchor(old, len(before), len(before) + len(words), "old layer")
    edited = replace(LOST_WORDS, anchor=replace(LOST_BOX.anchor, page=0, text=anchor))
    whole = text_anchor("Intro. Page 5 end", 7, 13, "old layer")
    moved = replace(
        box_mark(SUBMISSION, 5, audience=Audience.ONLY_ME),
        kind=AnnotationKind.HIGHLIGHT,
        anchor=replace(LOST_BOX.anchor, page=0, text=replace(whole, prefix="week by week. ", suffix="")),
    )
    made = workspace(edited, moved)
    model = made.left.marks.model

    def said():
        return {model.annotation(row).id: model.index(row, 0).data() for row in range(model.rowCount())}

    qtbot.waitUntil(lambda: "moved" in said()[moved.id])
    qtbot.waitUntil(lambda: "changed" in said()[edited.id])
    assert said()[moved.id] == "Highlight, page 5 of Artifact 1.pdf, moved"
    assert said()[edited.id] == "Highlight, page 1 of Artifact 1.pdf, words changed since"
    assert lost_count(made) == 0


def test_it_is_placed_in_the_view_and_undo_takes_that_back(qtbot, world, workspace):
    made = workspace(LOST_BOX)
    qtbot.waitUntil(lambda: lost_count(made) == 1)
    choose(made, LOST_BOX)
    viewer = made.document.viewer
    viewer.pages.go_to_page(3)
    made.left.marks.place_again.button.click()
    qtbot.waitUntil(lambda: stored(world, LOST_BOX).anchor.page == 3)
    anchor = stored(world, LOST_BOX).anchor
    assert anchor.source_sha256 == BOX.anchor.source_sha256
    assert (anchor.page_width_pt, anchor.rects[0].x1 - anchor.rects[0].x0) == (595.0, 523 - 72)
    qtbot.waitUntil(lambda: viewer.annotator.layer.mark(LOST_BOX.id) is not None)
    qtbot.waitUntil(lambda: lost_count(made) == 0)
    assert not made.left.marks.place_again.isVisible()
    made.undo()
    qtbot.waitUntil(lambda: stored(world, LOST_BOX).anchor == LOST_BOX.anchor)
    qtbot.waitUntil(lambda: lost_count(made) == 1)


def test_a_highlight_is_placed_on_the_selected_words(qtbot, world, workspace):
    made = workspace(LOST_WORDS)
    qtbot.waitUntil(lambda: lost_count(made) == 1)
    choose(made, LOST_WORDS)
    viewer = made.document.viewer
    viewer.supply.text(0)
    qtbot.waitUntil(lambda: viewer.supply.text(0) is not None)
    text = viewer.supply.text(0).text
    start = text.index("six students")
    viewer.annotator.selection.select(0, start, start + 12, is_shown=True)
    made.left.marks.place_again.button.click()
    qtbot.waitUntil(lambda: stored(world, LOST_WORDS).anchor.text.exact == "six students")


def test_words_of_an_answer_are_lost_and_placed_again(qtbot, world, workspace):
    anchor = anchor_plain(SourceKind.RESPONSE, ANSWER.id, OLD_BYTES, f"Before {GONE} after", 7, 7 + len(GONE))
    lost = replace(LOST_WORDS, anchor=anchor)
    made = workspace(lost, title="Describe your class and what your questions showed so far.")
    qtbot.waitUntil(lambda: lost_count(made) == 1)
    choose(made, lost)
    marks, response = made.left.marks, made.document.view.response
    marks.place_again.button.click()
    assert "first" in marks.place_again.hint.text()
    cursor = response.view.textCursor()
    cursor.setPosition(3)
    cursor.setPosition(17, cursor.MoveMode.KeepAnchor)
    response.view.setTextCursor(cursor)
    marks.place_again.button.click()
    qtbot.waitUntil(lambda: stored(world, lost).anchor.text.start == 3)
    assert stored(world, lost).anchor.text.exact == TEXT[3:17]
    qtbot.waitUntil(lambda: lost_count(made) == 0)


def test_what_cannot_be_edited_cannot_be_placed_again(qtbot, world, workspace):
    made = workspace(LOST_BOX)
    qtbot.waitUntil(lambda: lost_count(made) == 1)
    choose(made, LOST_BOX)
    made.left.marks.set_editable(False)
    assert not made.left.marks.place_again.button.isVisible()


@pytest.mark.heavy
def test_pages_are_drawn_while_a_long_file_is_looked_through(qtbot, world):
    """A long search goes on in small steps behind whatever the person looks at."""
    folder = world.context.folder / "long"
    folder.mkdir()
    source = sealed(folder, lesson_pdf(200), "Artifact 1.pdf")
    view = PagesViewer(world.lanes, KeyTable())
    qtbot.addWidget(view)
    view.resize(800, 900)
    view.show()
    info = world.context.renderer.open(source)
    view.open(source, info, LOST_WORDS.anchor.source_id)
    lost = [replace(LOST_WORDS, id=AnnotationId(f"m{number}")) for number in range(30)]
    found = []
    view.places_known.connect(lambda _id, not_found, _moved: found.append(len(not_found)))
    view.set_annotations(lost)
    view.pages.go_to_page(150)
    qtbot.wait(50)
    qtbot.waitUntil(lambda: view.supply.pending == 0)
    assert found[-1] == 0
    qtbot.waitUntil(lambda: found[-1] == 30, timeout=60_000)
