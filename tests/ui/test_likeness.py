"""Shared passages in the approver's window: covered until she reveals, side by side, without a verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel, QWidget

from assessor_app.cache import matches as kept
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.matches import (
    ComparedPart,
    Excerpt,
    FileCopy,
    Match,
    MatchWeight,
    Passage,
    Run,
    Statement,
    SubmissionMatches,
)
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.services import approving, matching
from assessor_app.ui.scoring.likeness.likeness_view import LikenessView
from assessor_app.ui.scoring.likeness.passage_text import PassageText
from assessor_app.ui.scoring.likeness.two_sides import TwoSides
from assessor_app.ui.theme import Scheme
from assessor_app.ui.workspaces.approver import ApproverWorkspace
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui import accessibility_walk
from tests.ui.worlds import lesson_submission, put_work

SHARED = "one quiet minute with a pencil, so that those who need longer find their words"
FAR = "woodpecker"
MARKUP = "<b>not bold</b> & plain"


def excerpt(around: str, source: str = "What did you learn?") -> Excerpt:
    return Excerpt(source, (Run(around, False), Run(SHARED, True), Run(f"{MARKUP} end.", False)))


def reflection(**changes: Any) -> Match:
    made = Match(
        id="m-1",
        other_code="S-0009",
        part=ComparedPart.REFLECTION,
        weight=MatchWeight.LOOK,
        score=0.3,
        words=14,
        here=Statement(declared=False),
        there=Statement(declared=True, note=f"With a {FAR}."),
        passages=(Passage(excerpt("We begin with"), excerpt(f"The {FAR} begins with")),),
    )
    return replace(made, **changes)


def cards() -> Match:
    said = Statement(declared=True, note="Made by the four of us.", approved=("Artifact 2.pdf",))
    return Match(
        id="m-2",
        other_code="S-0012",
        part=ComparedPart.ARTIFACT,
        weight=MatchWeight.INFORMATION,
        score=1.0,
        words=0,
        here=said,
        there=said,
        copies=(FileCopy("Artifact 2.pdf", "Artifact 1.pdf"),),
    )


def texts_in(widget: QWidget) -> str:
    """Everything that can be read in a widget."""
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    passages = [text.toPlainText() for text in widget.findChildren(PassageText)]
    return "\n".join((*labels, *passages))


@pytest.fixture
def show_view(qtbot):
    def show(*found: Match, width: int = 900) -> LikenessView:
        view = LikenessView()
        qtbot.addWidget(view)
        view.resize(width, 700)
        view.show_matches("S-0001", found)
        view.show()
        qtbot.waitExposed(view)
        return view

    return show


@pytest.fixture
def open_workspace(qtbot, make_world):
    def show(role: Role, *found: Match):
        world = make_world(role)
        version = builders.rubric_version()
        is_approver = role is Role.APPROVER
        status = SubmissionStatus.WAITING_ON_APPROVER if is_approver else SubmissionStatus.WAITING_ON_ASSESSOR
        made = lesson_submission(version, status=status)
        sent = (builders.recommendation(1, of=made),) if is_approver else ()
        put_work(world.context, made, version, recommendations=sent)
        with world.store.write() as txn:
            kept.put(txn, SubmissionMatches(made.id, made.code, made.title, found))
        kind = ApproverWorkspace if is_approver else AssessorWorkspace
        workspace = kind(world.lanes, made.id, world.clock.now)
        qtbot.addWidget(workspace)
        workspace.resize(1280, 760)
        workspace.show()
        qtbot.waitUntil(lambda: bool(workspace.evidence.entries()))
        return world, workspace

    return show


def keys(workspace) -> list[str]:
    return [entry.key for entry in workspace.evidence.entries()]


# ---- when it is shown ----


def test_nothing_of_it_is_there_before_the_approver_reveals(qtbot, open_workspace):
    world, workspace = open_workspace(Role.APPROVER, reflection())
    assert "matches" not in keys(workspace)
    assert world.read(lambda c: approving.brief(c, workspace.submission_id)).matches == ()
    assert FAR not in texts_in(workspace)
    workspace.writer.reveal()
    qtbot.waitUntil(lambda: "matches" in keys(workspace))
    workspace.evidence.select("matches")
    qtbot.waitUntil(workspace.document.likeness.isVisible)
    assert FAR in texts_in(workspace.document)


def test_a_name_in_a_passage_never_reaches_the_screen(qtbot, open_workspace):
    named = Passage(excerpt("Ask Maria Lopez: we begin with"), excerpt("Ask Maria Lopez: they begin with"))
    said = Statement(declared=True, note="I worked with Maria Lopez.")
    _, workspace = open_workspace(Role.APPROVER, reflection(passages=(named,), there=said))
    workspace.writer.reveal()
    qtbot.waitUntil(lambda: "matches" in keys(workspace))
    workspace.evidence.select("matches")
    qtbot.waitUntil(workspace.document.likeness.isVisible)
    read = texts_in(workspace.document)
    assert SHARED in read
    assert "What may name a person is covered" in read
    for text in (read, str(accessibility_walk.nodes(workspace))):
        assert "Maria" not in text
        assert "Lopez" not in text


def test_a_submission_without_matches_says_nothing_of_them(qtbot, open_workspace):
    _, workspace = open_workspace(Role.APPROVER)
    workspace.writer.reveal()
    qtbot.waitUntil(lambda: workspace.brief is not None and workspace.brief.recommendation is not None)
    assert "matches" not in keys(workspace)


def test_what_is_covered_again_leaves_the_page(qtbot, open_workspace):
    _, workspace = open_workspace(Role.APPROVER, reflection())
    workspace.writer.reveal()
    qtbot.waitUntil(lambda: "matches" in keys(workspace))
    workspace.evidence.select("matches")
    qtbot.waitUntil(workspace.document.likeness.isVisible)
    workspace._show(replace(workspace.brief, matches=(), recommendation=None))
    assert "matches" not in keys(workspace)
    assert FAR not in texts_in(workspace)


def test_an_assessor_never_sees_it_even_if_it_lay_in_the_store(qtbot, open_workspace):
    _, workspace = open_workspace(Role.ASSESSOR, reflection())
    assert "matches" not in keys(workspace)
    assert FAR not in texts_in(workspace)
    assert workspace.document.matches == ()


def test_the_lead_reads_what_the_platform_told(make_world):
    world = make_world(Role.LEAD)
    told = SubmissionMatches("s-1", "S-0001", "Think-alouds", (reflection(), cards()))
    with world.store.write() as txn:
        kept.put(txn, told)
    assert world.read(lambda context: matching.of_submission(context, SubmissionId("s-1"))) == told
    assert world.read(lambda context: matching.of_submission(context, SubmissionId("s-2"))) is None


# ---- how it is shown ----


def test_passages_stand_side_by_side_with_what_both_declared(show_view):
    view = show_view(reflection(), cards())
    said = texts_in(view)
    for words in (
        "Please look",
        "Reflection, also in S-0009",
        "At least 14 words are the same.",
        "Declared no collaboration.",
        f"Declared collaboration.\n“With a {FAR}.”",
        "S-0001, this submission",
        "S-0009 · What did you learn?",
        "For information",
        "The same file on both sides: Artifact 2.pdf and Artifact 1.pdf.",
        "Approved as shared: Artifact 2.pdf.",
    ):
        assert words in said, words
    here, there = view.findChildren(PassageText)
    assert here.mapTo(view, here.rect().topLeft()).y() == there.mapTo(view, there.rect().topLeft()).y()
    assert here.mapTo(view, here.rect().topLeft()).x() < there.mapTo(view, there.rect().topLeft()).x()


def test_it_never_says_what_it_means(show_view):
    said = texts_in(show_view(reflection(), cards())).casefold()
    for word in ("plagiar", "copied", "cheat", "fraud", "violation", "suspicious", "guilty", "%"):
        assert word not in said


def test_what_is_the_same_is_marked_by_more_than_colour(show_view):
    view = show_view(reflection())
    text = view.findChildren(PassageText)[0]
    underlined = []
    cursor = QTextCursor(text.document())
    while not cursor.atEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        if cursor.charFormat().fontUnderline():
            underlined.append(cursor.selectedText())
        cursor.clearSelection()
    assert "".join(underlined) == SHARED
    assert text.accessibleName() == "S-0001, What did you learn?"
    assert text.accessibleDescription() == f"In both: {SHARED}"


def test_a_learners_words_stay_words(show_view):
    view = show_view(reflection())
    assert MARKUP in view.findChildren(PassageText)[0].toPlainText()
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in view.findChildren(QLabel))


@pytest.mark.parametrize("width", [360, 900])
def test_every_word_has_room_at_any_width(qtbot, show_view, width):
    long = tuple(Run(f"{SHARED} " * 12, number % 2 == 1) for number in range(3))
    found = reflection(passages=(Passage(Excerpt("a", long), Excerpt("b", long)),))
    view = show_view(found, width=width)
    for text in view.findChildren(PassageText):
        qtbot.waitUntil(
            lambda text=text: (
                text.viewport().height() + 1 >= text.document().size().height()
                and text.verticalScrollBar().maximum() == 0
            )
        )
    assert all(pair.is_side_by_side is (width > 600) for pair in view.findChildren(TwoSides))
    assert view.widget().width() <= view.viewport().width()


def test_the_page_is_complete_for_who_does_not_see_it(show_view):
    view = show_view(reflection(), cards())
    assert accessibility_walk.unnamed(view) == []
    assert accessibility_walk.without_keyboard(view) == []


def test_looks_follow_the_scheme(qtbot, show_view, theme):
    view = show_view(reflection())
    light = view.grab().toImage()
    theme.apply(Scheme.DARK, 150)
    qtbot.waitUntil(lambda: view.grab().toImage().pixelColor(5, 5).lightness() < 80)
    assert view.grab().toImage() != light
    for text in view.findChildren(PassageText):
        assert text.verticalScrollBar().maximum() == 0
