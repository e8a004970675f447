"""The centre: each kind of evidence in its viewer, honest cards, marks that wait for their evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListWidget, QPlainTextEdit

from assessor_app.documents.cards import RefusedWithCard, card_for
from assessor_app.domain.annotations import AnnotationKind, SourceKind
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.submissions import LinkState, Response
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.evidence_view import EvidenceView
from assessor_app.ui.viewers.tiles import whole_key
from tests.builders import CRITERIA, artifact, link, parts, submission_id
from tests.ui.viewers.evidence_files import (
    Context,
    lesson_pdf,
    pdf_with_an_impossible_page,
    photograph,
    sealed,
)
from tests.ui.viewers.keeper import Keeper

MARKDOWN = "# Lesson plan\r\n\r\nWarm-up: *what do you notice?* 😀 Then the fence problem.\r\n"


@pytest.fixture
def files(tmp_path):
    return {
        "art-1": sealed(tmp_path, lesson_pdf(), "Artifact 1.pdf"),
        "art-2": sealed(tmp_path, photograph(), "Artifact 2.png", "image/png"),
        "art-3": sealed(tmp_path, MARKDOWN.encode(), "Artifact 3.md", "text/markdown"),
        "art-4": sealed(tmp_path, b"%PDF-1.7 broken", "Artifact 4.pdf"),
        "art-5": sealed(tmp_path, bytes(range(256)) * 40, "Artifact 5.bin", "application/octet-stream"),
    }


@pytest.fixture
def view(qtbot, lanes, files):
    def find_source(_context, _submission_id, wanted):
        if wanted.id not in files:
            raise RefusedWithCard(card_for("not_here"))
        return files[wanted.id]

    made = EvidenceView(lanes, KeyTable(), find_source)
    qtbot.addWidget(made)
    made.resize(820, 800)
    made.show()
    qtbot.waitExposed(made)
    made.set_criteria([(CRITERIA[0], "Analyze 1: names")])
    return made


def show(qtbot, view, number):
    with qtbot.waitSignal(view.opened):
        view.show_artifact(submission_id(), artifact(number, filename=f"Artifact {number}.pdf"))


@pytest.mark.parametrize(
    ("number", "viewer"), [(1, "pages"), (2, "pages"), (3, "text"), (4, "card"), (5, "card")]
)
def test_each_kind_gets_its_viewer(view, qtbot, number, viewer):
    show(qtbot, view, number)
    assert view.viewer is getattr(view, viewer)
    assert view.source_id == f"art-{number}"


class Counting:
    """The renderer, with a list of the pages that were asked for."""

    def __init__(self, renderer):
        self._renderer = renderer
        self.asked: list[tuple[int, float]] = []

    def __getattr__(self, name):
        return getattr(self._renderer, name)

    def render(self, source, page, scale, clip_px=None, **look):
        self.asked.append((page, round(scale, 5)))
        return self._renderer.render(source, page, scale, clip_px, **look)


@pytest.fixture
def counting(lanes):
    made = Counting(lanes.context.renderer)
    lanes.context = Context(made)
    return made


def test_the_first_page_comes_with_the_document_in_the_size_that_is_shown(view, qtbot, counting):
    show(qtbot, view, 1)
    pages, supply = view.pages.pages, view.pages.supply
    key = whole_key(pages.sizes[0], 0, pages.scale * pages.devicePixelRatioF())
    assert key in supply.cache
    assert counting.asked[0] == (0, key.scale)
    qtbot.waitUntil(lambda: (0, pages.scale) in pages._sharp)
    qtbot.waitUntil(lambda: {0, 1} <= {page for page, _ in counting.asked} and not supply.pending)
    assert [page for page, _ in counting.asked].count(0) == 1


def test_the_first_page_has_the_right_size_after_the_window_has_grown(view, qtbot, counting):
    show(qtbot, view, 1)
    show(qtbot, view, 3)
    view.resize(1010, 800)
    counting.asked.clear()
    show(qtbot, view, 1)
    pages = view.pages.pages
    assert whole_key(pages.sizes[0], 0, pages.scale * pages.devicePixelRatioF()) in view.pages.supply.cache


def test_a_first_page_that_fails_has_its_card_and_the_others_are_read(view, qtbot, files, tmp_path, counting):
    files["art-1"] = sealed(tmp_path, pdf_with_an_impossible_page(0), "Artifact 1.pdf")
    show(qtbot, view, 1)
    assert view.viewer is view.pages
    assert view.pages.supply.cards[0].reason == "page_too_large"
    qtbot.waitUntil(lambda: 1 in {page for page, _ in counting.asked})
    assert [page for page, _ in counting.asked].count(0) == 1


def test_a_damaged_file_is_an_honest_card(view, qtbot):
    show(qtbot, view, 4)
    assert view.card.title.text() == "This file is damaged"
    assert "safe" in view.card.message.text()
    with qtbot.waitSignal(view.list_requested):
        view.card.list_button.click()


def test_a_file_that_arrives_later_is_shown_on_retry(view, qtbot, files):
    late = files.pop("art-1")
    show(qtbot, view, 1)
    assert view.viewer is view.card
    files["art-1"] = late
    with qtbot.waitSignal(view.opened):
        view.card.retry_button.click()
    assert view.viewer is view.pages


def test_only_the_last_one_asked_for_is_shown(view, qtbot):
    shown: list[str] = []
    view.opened.connect(shown.append)
    view.show_artifact(submission_id(), artifact(1))
    view.show_artifact(submission_id(), artifact(3))
    qtbot.waitUntil(lambda: view.viewer is view.text and bool(shown))
    assert shown == ["art-3"]


def test_a_file_that_opens_late_does_not_push_away_what_was_chosen_since(view, qtbot, lanes):
    response = parts()[0].responses[0]
    view.show_artifact(submission_id(), artifact(1))
    view.show_response(response, "", "Response")
    asked: list[int] = []
    lanes.render(view, lambda _context: 1, asked.append, priority=-1)
    qtbot.waitUntil(lambda: bool(asked))
    assert view.viewer is view.response
    assert view.source_id == response.id


def test_a_response_stands_below_its_prompt_with_its_words_counted(view):
    response = parts()[0].responses[0]
    view.show_response(response, "Describe your class.", "Response to Analyze")
    assert view.viewer is view.response
    assert view.response.prompt.text() == "Describe your class."
    assert view.response.words.text() == f"{len(response.text.split())} words, asked for at most 300"
    assert view.response.view.toPlainText() == response.text


def test_words_of_a_response_are_marked_and_found_again(view, qtbot):
    keeper = Keeper(view)
    text = "😀 One student said:\r\nthe fence goes around. 😀 The carpet goes inside."
    response = Response(parts()[0].responses[0].id, parts()[0].responses[0].prompt_id, text)
    view.show_response(response, "", "Response")
    area = view.response.view
    start = area.text.index("fence goes around")
    area.select_span(start, start + len("fence goes around"))
    assert view.run("tool.highlight")
    anchor = keeper.last.anchor
    assert anchor.source_kind is SourceKind.RESPONSE
    assert (anchor.text.exact, anchor.text.start) == ("fence goes around", start)
    assert view.response.annotator.box.isVisible()
    view.run("annotation.comment")
    qtbot.keyClicks(view.response.annotator.box.comment, "Their own words")
    view.show_response(response, "", "Response")  # leaving hands the comment on
    assert keeper.last.comment == "Their own words"
    shaded = area.extraSelections()
    assert [shade.cursor.selectedText() for shade in shaded] == ["fence goes around"]


def test_a_marker_pen_marks_text_as_it_is_selected(view, qtbot):
    keeper = Keeper(view)
    show(qtbot, view, 3)
    view.run("tool.underline")
    area = view.text.view
    start = area.text.index("fence")
    first = area.rect_of(start, start).center()
    last = area.rect_of(start + 5, start + 5).center()
    qtbot.mousePress(area.viewport(), Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(area.viewport(), last)
    qtbot.mouseRelease(area.viewport(), Qt.MouseButton.LeftButton, pos=last)
    assert (keeper.last.kind, keeper.last.anchor.text.exact) == (AnnotationKind.UNDERLINE, "fence")
    assert view.escape()
    assert view.escape()
    view.run("tool.pointer")
    qtbot.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=(first + last) / 2)
    assert view.text.annotator.box.isVisible()
    view.run("annotation.delete")
    assert keeper.kept == {}


def test_search_in_a_text_finds_whatever_case(view, qtbot):
    show(qtbot, view, 3)
    view.run("find.open")
    qtbot.keyClicks(view.text.search_bar.field, "FENCE")
    qtbot.waitUntil(lambda: view.text.search_bar.result.text() == "1 of 1")
    assert view.text.view.textCursor().selectedText() == "fence"


def test_marks_wait_for_their_evidence(view, qtbot):
    keeper = Keeper(view)
    show(qtbot, view, 1)
    qtbot.waitUntil(lambda: view.pages.supply.text(0) is not None)
    view.pages.annotator.selection.select(0, 0, 12)
    view.run("tool.highlight")
    mark = keeper.last
    show(qtbot, view, 3)
    view.select_annotation(mark)
    assert view.pages.annotator.layer.selected is None
    show(qtbot, view, 1)
    selected = view.pages.annotator.layer.selected
    assert selected is not None
    assert selected.annotation.id == mark.id
    view.go_to(replace(mark.anchor, page=4, rects=()))
    assert view.pages.pages.page == 4


@pytest.mark.parametrize("state", list(LinkState))
def test_a_link_says_what_is_known_and_opens_nothing_by_itself(view, state):
    view.show_link(link(1, state))
    assert view.viewer is view.link
    assert view.link.host.text() == "Leads to docs.example.org"
    assert "the site answered" in view.link.checks.text()
    expected = {
        LinkState.OPENS: "It opened",
        LinkState.CLOSED: "second look",
        LinkState.UNKNOWN: "proves nothing",
    }
    assert expected[state] in view.link.state.text()
    view.show_link(replace(link(1, state), url="javascript:alert(1)"))
    assert not view.link.open_button.isEnabled()


def test_nothing_open_is_said(view):
    assert view.viewer is view.card
    assert not view.card.retry_button.isVisible()
    assert view.run("zoom.in") is False


def test_actions_are_on_only_where_they_do_something(view, qtbot):
    actions = {action.objectName(): action for action in view.actions()}
    assert not actions["tool.highlight"].isEnabled()
    show(qtbot, view, 1)
    assert actions["tool.highlight"].isEnabled()
    actions["tool.highlight"].trigger()
    assert view.pages.annotator.tool.entry_id == "tool.highlight"
    assert actions["tool.highlight"].isChecked()
    actions["tool.highlight"].trigger()
    assert not actions["tool.highlight"].isChecked()
    show(qtbot, view, 3)
    assert not actions["zoom.in"].isEnabled()
    pointer = view.pages.pages.findChild(QAction, "tool.pointer")
    assert pointer.isChecked()


def test_every_control_has_a_name(view):
    for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QListWidget):
        for widget in view.findChildren(kind):
            if widget.objectName().startswith("qt_"):
                continue
            name = widget.accessibleName()
            assert name or (isinstance(widget, QAbstractButton) and widget.text()), widget
    face = QAccessible.queryAccessibleInterface(view.pages.pages)
    assert face.text(QAccessible.Text.Description)


def test_an_unknown_artifact_id_never_reaches_a_path(view, qtbot):
    with qtbot.waitSignal(view.opened):
        view.show_artifact(
            submission_id(), replace(artifact(1), id=ArtifactId("../../x"), filename="a\u202eb.pdf")
        )
    assert view.viewer is view.card
    assert "\u202e" not in view.card.accessibleName()
