"""Odd and hostile evidence in the assessor's real workspace: each costs one card, and nothing else."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QTextEdit, QWidget

from assessor_app.cache import evidence
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.downloads import Limits
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.submissions import EvidenceState
from assessor_app.services import reading
from assessor_app.ui.annotate.annotation_model import WORDS
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui.odd_files import ODD_FILES, ODD_NAMES
from tests.ui.viewers.evidence_files import colours_in, pdf_with_an_impossible_page, photograph
from tests.ui.worlds import lesson_submission, on_screen, put_file, put_work
from tests.walk import FREEZE_GAP_MS, Pulse

BARS_PX = 100
MACHINE_GAP_MS = 1_000.0
"""One gap may be the machine's; a window that waits for a worker stands still for longer."""
ODD = ArtifactId("art-odd")
NORMAL = "artifact:art-1"


@pytest.fixture(scope="module")
def renderer():
    made = Renderer()
    made.warm_up()
    yield made
    made.close()


def submission_with(filename: str, media_type: str, data: bytes):
    """Submission 1 whose second artifact is the odd one."""
    made = lesson_submission(builders.rubric_version())
    odd = builders.artifact(content=data, id=ODD, filename=filename, media_type=media_type, page_count=None)
    parts = tuple(
        replace(part, artifacts=(part.artifacts[0], odd)) if part.artifacts else part for part in made.parts
    )
    return replace(made, parts=parts)


@pytest.fixture
def open_workspace(qtbot, world, pulse):
    """Opens the workspace on a normal report and an odd file beside it."""

    def show(filename, media_type, data, *, is_here=True, submission=None, files=None):
        made = submission or submission_with(filename, media_type, data)
        put_work(world.context, made, builders.rubric_version())
        for artifact_id, content in (files or ({ODD: data} if is_here else {})).items():
            put_file(world.context, made, artifact_id, content)
        workspace = on_screen(qtbot, AssessorWorkspace(world.lanes, made.id, world.clock.now))
        pulse.begin()
        return workspace

    return show


@pytest.fixture
def pulse(qtbot):
    """Fails the test when the open window stood still."""
    made = Pulse()
    yield made
    # Here, not by the collector: a timer that dies on a lane's thread takes the program along.
    made.close()
    expect_lively(made)


def expect_lively(pulse):
    """What the window waited for a processor that others had does not count."""
    second, longest = sorted([0.0, 0.0, *pulse.own_gaps_ms])[-2:]
    assert second < FREEZE_GAP_MS
    assert longest < MACHINE_GAP_MS


def stored(world):
    return world.read(lambda context: reading.open_submission(context, builders.submission_id(1)))


def choose(qtbot, workspace, key=f"artifact:{ODD}"):
    """Go to a line of the evidence list and wait until its viewer is up."""
    with qtbot.waitSignal(workspace.document.view.opened):
        assert workspace.evidence.select(key)


def stands_whole(label):
    """Whether all words of a label are on screen."""
    return (
        label.isVisible()
        and label.height() >= label.heightForWidth(label.width())
        and label.visibleRegion().boundingRect().size() == label.size()
    )


def shown_card(qtbot, workspace):
    """The card in front, as (title, message); its words are on screen."""
    view = workspace.document.view
    assert view.viewer is view.card
    qtbot.waitUntil(lambda: stands_whole(view.card.title) and stands_whole(view.card.message))
    return view.card.title.text(), view.card.message.text()


def work_goes_on(qtbot, workspace, world):
    """The normal report opens, is marked and counts; then a criterion is rated."""
    pages = workspace.document.viewer.pages
    with qtbot.waitSignal(pages.painted_sharp):
        assert workspace.evidence.select(NORMAL)
    frame_a_figure(qtbot, workspace)
    qtbot.waitUntil(lambda: len(workspace.opened.annotations) == 1)
    assert stored(world).annotations[0].kind is AnnotationKind.BOX
    workspace.panel.focus_current()
    with qtbot.waitSignal(world.lanes.saved):
        QTest.keyClicks(workspace.focusWidget(), "3")
    assert [rating.level for rating in stored(world).assessment.ratings] == ["demonstrated"]


def frame_a_figure(qtbot, workspace):
    """Draw a box with the pointer, as a person does."""
    viewer = workspace.document.viewer
    viewer.run("tool.box")
    paper = viewer.pages.viewport()
    start, end = QPoint(120, 120), QPoint(230, 200)
    QTest.mousePress(paper, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(paper, QPoint(180, 160))
    QTest.mouseMove(paper, end)
    QTest.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=end)


# ---- Files


@pytest.mark.parametrize("kind", ODD_FILES)
def test_an_odd_file_costs_a_card(qtbot, world, open_workspace, kind):
    odd = ODD_FILES[kind]
    workspace = open_workspace(odd.filename, odd.media_type, odd.make())
    choose(qtbot, workspace)
    title, message = shown_card(qtbot, workspace)
    assert title == odd.title
    assert "Your ratings and notes are safe." in message
    assert "not scorable" in message
    assert workspace.document.view.card.retry_button.isVisible() is odd.can_retry
    work_goes_on(qtbot, workspace, world)


def test_a_page_of_ten_kilometres_costs_its_page(qtbot, world, open_workspace):
    data = pdf_with_an_impossible_page()
    workspace = open_workspace("Plan.pdf", "application/pdf", data)
    choose(qtbot, workspace)
    viewer = workspace.document.viewer
    assert "impossible size" in viewer.notes.text()
    assert viewer.notes.isVisible()
    viewer.pages.go_to_page(1)
    qtbot.waitUntil(lambda: 1 in viewer.supply.cards)
    assert viewer.supply.cards[1].title == "This page is larger than any sheet of paper"
    viewer.pages.go_to_page(0)
    work_goes_on(qtbot, workspace, world)


def test_a_file_that_has_not_arrived_says_so_and_opens_by_itself_when_it_has(qtbot, world, open_workspace):
    data = photograph()
    made = submission_with("Board.png", "image/png", data)
    workspace = open_workspace("", "", data, is_here=False, submission=made)
    choose(qtbot, workspace)
    title, message = shown_card(qtbot, workspace)
    assert title == "This file is not on this computer yet"
    assert "safe" in message
    put_file(world.context, made, ODD, data)
    with qtbot.waitSignal(workspace.document.viewer.pages.painted_sharp):
        world.lanes.broadcast(ChangeSet(submissions=frozenset({made.id})))
    work_goes_on(qtbot, workspace, world)


def test_a_file_over_her_limit_says_so_and_comes_when_she_asks(qtbot, world, open_workspace):
    data = photograph()
    made = submission_with("Board.png", "image/png", data)
    world.context.downloads.limit(Limits(large_bytes=1))
    workspace = open_workspace("", "", data, is_here=False, submission=made)
    choose(qtbot, workspace)
    title, message = shown_card(qtbot, workspace)
    assert title.startswith("Not downloaded: ")
    assert title.endswith(", over your limit")
    assert "safe" in message
    card = workspace.document.view.card
    assert not card.report_button.isVisible()
    told: list[ChangeSet] = []
    world.lanes.changed.connect(told.append)
    with qtbot.waitSignal(workspace.document.view.opened):
        card.get_button.click()
    assert card.title.text() == "This file is not on this computer yet"
    assert not card.get_button.isVisible()
    assert any(changes.evidence == {made.id} and changes.initiator is not None for changes in told)
    world.context.downloads.limit(Limits())


def test_a_file_that_is_damaged_on_the_platform_says_so(qtbot, world, open_workspace):
    made = submission_with("Board.png", "image/png", photograph())
    workspace = open_workspace("", "", b"", is_here=False, submission=made)
    with world.store.write() as txn:
        file = evidence.files(txn, made.id)[1]
        evidence.set_state(txn, file.blob_id, EvidenceState.DAMAGED, failures=3)
    world.lanes.broadcast(ChangeSet(submissions=frozenset({made.id})))
    choose(qtbot, workspace)
    title, message = shown_card(qtbot, workspace)
    assert title == "This file is damaged on the platform"
    assert "safe" in message
    assert "not scorable" in message
    card = workspace.document.view.card
    assert card.report_button.isVisible()
    assert card.get_button.text() == "Get it once more"
    work_goes_on(qtbot, workspace, world)


def flip(at):
    def tamper(path):
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)

    return tamper


TAMPERINGS = {
    "header": flip(3),
    "first chunk": flip(100),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-40]),
    "emptied": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_sealed_file_changed_on_disk_is_never_shown(qtbot, world, open_workspace, how):
    # Another picture each time: the worker may keep an honest one of the same digest open.
    data = photograph(200 + list(TAMPERINGS).index(how))
    made = submission_with("Board.png", "image/png", data)
    workspace = open_workspace("", "", data, submission=made)
    with world.store.read() as txn:
        file = evidence.files(txn, made.id)[1]
    TAMPERINGS[how](evidence.path_of(world.store, file.blob_id))
    choose(qtbot, workspace)
    title, message = shown_card(qtbot, workspace)
    assert title == "The copy of this file on this computer is damaged"
    assert "Your ratings and notes are safe." in message
    # The next sync replaces the copy; then the same button opens it.
    qtbot.waitUntil(lambda: world.read(wanted_ids) == [ODD])
    assert workspace.document.view.card.isVisible()
    put_file(world.context, made, ODD, data)
    with qtbot.waitSignal(workspace.document.viewer.pages.painted_sharp):
        QTest.mouseClick(workspace.document.view.card.retry_button, Qt.MouseButton.LeftButton)
    work_goes_on(qtbot, workspace, world)


def wanted_ids(context):
    """The artifact that the next sync fetches first."""
    with context.store.read() as txn:
        wanted = evidence.next_wanted(txn)
    return [wanted.artifact_id] if wanted is not None else []


# ---- The worker


def stopped_worker(renderer, pulse):
    """Halt the worker, so that it surely is at work when it is killed; returns its process id."""
    pulse.stop()
    expect_lively(pulse)
    pid = renderer.status()[0].pid
    os.kill(pid, signal.SIGSTOP)
    pulse.begin()
    return pid


def test_a_worker_killed_while_it_opens_a_file_is_a_card_and_then_the_file(
    qtbot, world, open_workspace, renderer, pulse
):
    workspace = open_workspace("Board.png", "image/png", photograph())
    pid = stopped_worker(renderer, pulse)
    assert workspace.evidence.select(f"artifact:{ODD}")
    QTimer.singleShot(50, workspace, lambda: os.kill(pid, signal.SIGKILL))
    view = workspace.document.view
    qtbot.waitUntil(lambda: view.viewer is view.card and view.card.isVisible())
    title, message = shown_card(qtbot, workspace)
    assert title == "The page viewer stopped here"
    assert "Your ratings and notes are safe." in message
    with qtbot.waitSignal(workspace.document.viewer.pages.painted_sharp):
        QTest.mouseClick(view.card.retry_button, Qt.MouseButton.LeftButton)
    work_goes_on(qtbot, workspace, world)


def test_a_worker_killed_while_it_draws_a_page_is_a_card_on_that_page_and_then_the_page(
    qtbot, world, open_workspace, renderer, pulse
):
    workspace = open_workspace("Board.png", "image/png", photograph())
    viewer = workspace.document.viewer
    with qtbot.waitSignal(viewer.pages.painted_sharp):
        assert workspace.evidence.select(NORMAL)
    qtbot.waitUntil(lambda: viewer.supply.pending == 0)
    pid = stopped_worker(renderer, pulse)
    viewer.pages.go_to_page(4)
    QTimer.singleShot(50, workspace, lambda: os.kill(pid, signal.SIGKILL))
    qtbot.waitUntil(lambda: bool(viewer.supply.cards))
    (page,) = viewer.supply.cards
    assert viewer.supply.cards[page].can_retry
    viewer.pages.go_to_page(page)
    with qtbot.waitSignal(viewer.pages.painted_sharp):
        QTest.keyClick(viewer.pages, Qt.Key.Key_Return)
    assert viewer.supply.cards == {}
    choose(qtbot, workspace, "response:resp-context")
    work_goes_on(qtbot, workspace, world)


# ---- Names


HIDDEN = set(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\ufeff\u2028\u2029"
)
ARCHIVE = ODD_FILES["archive"].make()


def texts_of(workspace: AssessorWorkspace) -> list[str]:
    """Every text on the workspace, as a person or a screen reader meets it."""
    found = []
    for each in [workspace, *workspace.findChildren(QWidget)]:
        found += [each.accessibleName(), each.accessibleDescription(), each.toolTip()]
        if isinstance(each, QLabel | QAbstractButton):
            found.append(each.text())
    evidence_list, sources = workspace.evidence, workspace.left.marks.filters.sources
    found += [evidence_list.item(row).text() for row in range(evidence_list.count())]
    found += [entry.title for entry in evidence_list.entries()]
    found += [sources.itemText(number) for number in range(sources.count())]
    return found


def submission_of_odd_names():
    """Submission 1 with two files of each odd name: one that is shown and one that is not."""
    made = lesson_submission(builders.rubric_version())
    files: dict[str, bytes] = {}
    artifacts = []
    for number, (kind, name) in enumerate(ODD_NAMES.items()):
        for what, media_type, data in (
            ("shown", "image/png", photograph(150 + number)),
            ("card", "application/zip", ARCHIVE),
        ):
            artifact_id = ArtifactId(f"{what}-{kind.replace(' ', '-')}")
            files[artifact_id] = data
            artifacts.append(
                builders.artifact(
                    content=data, id=artifact_id, filename=name, media_type=media_type, page_count=None
                )
            )
    parts = tuple(
        replace(part, artifacts=(part.artifacts[0], *artifacts)) if part.artifacts else part
        for part in made.parts
    )
    return replace(made, parts=parts), files


def test_odd_names_are_cleaned_and_push_nothing_aside(qtbot, world, open_workspace):
    made, files = submission_of_odd_names()
    workspace = open_workspace("", "", b"", is_here=False, submission=made, files=files)
    least: dict[str, int] = {}
    view = workspace.document.view
    for artifact_id in files:
        what, _, kind = artifact_id.partition("-")
        choose(qtbot, workspace, f"artifact:{artifact_id}")
        assert (view.viewer is view.card) is (what == "card"), kind
        named = one_line(ODD_NAMES[kind.replace("-", " ")]) or "File without a name"
        assert workspace.evidence.current_entry().title == named
        # Bars that have just been shown ask for their room by an event.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        # A bar more or less is a few dozen pixels; a name that is not cut is thousands.
        room_px = workspace.minimumSizeHint().width()
        assert room_px <= least.setdefault(what, room_px) + BARS_PX, kind
        assert workspace.width() == 1100
        for text in texts_of(workspace):
            assert not set(text) & HIDDEN, kind
            assert text.replace("\n", "").isprintable(), kind
            assert len(text) < 1_500, kind
    work_goes_on(qtbot, workspace, world)


def test_a_name_is_shown_as_far_as_there_is_room(qtbot, open_workspace):
    workspace = open_workspace("a" * 5_000 + ".zip", "application/zip", ARCHIVE)
    choose(qtbot, workspace)
    name = workspace.document.view.card.name
    assert name.text().startswith("aaaa")
    assert name.text().endswith("…")
    assert name.fontMetrics().horizontalAdvance(name.text()) <= name.width()


# ---- Markup


MAGENTA = "#ff00ff"


@pytest.fixture
def markup(tmp_path):
    """Words that would draw a local file if anything took them for rich text."""
    path = tmp_path / "planted.png"
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(MAGENTA))
    assert image.save(str(path))
    return f'<b>x</b><img src="{path}"><img src="file://{path}">'


def test_markup_of_a_learner_is_shown_as_it_is_written(qtbot, open_workspace, markup, pulse):
    made = submission_with(markup, "application/zip", ARCHIVE)
    first, design, last = made.parts
    responses = (replace(first.responses[0], text=markup),)
    links = (replace(last.links[0], title=markup, url=f"https://example.org/{markup[:12]}"),)
    parts = (replace(first, responses=responses), design, replace(last, links=links))
    made = replace(made, parts=parts)
    workspace = open_workspace("", "", ARCHIVE, submission=made)
    pulse.stop()  # looking at pixels one by one is what takes time here
    view, shown = workspace.document.view, []
    for key in ("response:resp-context", f"artifact:{ODD}", "link:link-1"):
        if workspace.evidence.current_entry().key != key:
            choose(qtbot, workspace, key)
        qtbot.waitUntil(lambda: view.viewer.isVisible())
        assert MAGENTA not in colours_in(workspace.grab().toImage())
        shown.append(view.viewer)
    assert shown == [view.response, view.card, view.link]
    assert view.response.view.toPlainText() == markup
    assert view.card.name.whole_text() == markup
    assert view.link.title.whole_text() == markup
    mark_with_comment(qtbot, workspace, markup)
    assert MAGENTA not in colours_in(workspace.grab().toImage())
    for label in workspace.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    # The preview alone is made of more than plain text, word by word and never from markup.
    assert workspace.findChildren(QTextEdit) == [workspace.preview.page.text]
    for widget in workspace.findChildren(QWidget):
        assert "<img" not in widget.toolTip()


def mark_with_comment(qtbot, workspace, comment):
    """Frame a figure of the normal report and write a comment to it; it is in the list of marks."""
    with qtbot.waitSignal(workspace.document.viewer.pages.painted_sharp):
        assert workspace.evidence.select(NORMAL)
    frame_a_figure(qtbot, workspace)
    qtbot.waitUntil(lambda: len(workspace.opened.annotations) == 1)
    box = workspace.document.viewer.annotator.box
    box.comment.setPlainText(comment)
    box.flush()
    qtbot.waitUntil(lambda: workspace.opened.annotations[0].comment == comment)
    workspace.left.marks_button.click()
    model = workspace.left.marks.model
    assert comment in model.data(model.index(0, WORDS))
    assert workspace.left.marks.tree.isVisible()


def test_the_pictures_of_the_markup_test_would_be_seen(qtbot, markup):
    label = plain_label(markup)
    qtbot.addWidget(label)
    label.setTextFormat(Qt.TextFormat.AutoText)
    assert MAGENTA in colours_in(label.grab().toImage())
    label.setTextFormat(Qt.TextFormat.PlainText)
    assert MAGENTA not in colours_in(label.grab().toImage())
