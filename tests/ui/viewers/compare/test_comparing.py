"""The comparison in the real workspace: real files, the real render worker, keys as a person presses them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assessor_app.cache import evidence, submissions
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import RequirementId
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import EvidenceState, Part
from assessor_app.ui.viewers.compare.change_overlay import ADDED, REMOVED
from assessor_app.ui.workspaces.approver import ApproverWorkspace
from tests import builders
from tests.evidence_desk import EvidenceDesk, Piece, put_pieces, submission_of, wait_until
from tests.evidence_files import text_pdf
from tests.ui import accessibility_walk
from tests.ui.viewers.compare.resubmissions import NOW_TEXT, pieces, resubmission
from tests.ui.viewers.evidence_files import colours_in
from tests.ui.worlds import box_mark

PATIENCE_MS = 20_000


@pytest.fixture
def desk(qtbot, tmp_path):
    made = EvidenceDesk(tmp_path)
    yield made
    made.close()
    assert made.bugs == []


@pytest.fixture
def open_workspace(qtbot, desk):
    # Held until qtbot closes them: nothing may be collected half while its events still come.
    held = []

    def show(submission=None, files=None, size=(1400, 900)):
        made = submission or resubmission()
        put_pieces(desk.context, made, files or (*pieces()[0], *pieces()[1]))
        workspace = desk.open(made)
        held.append(workspace)
        qtbot.addWidget(workspace)
        workspace.resize(*size)
        workspace.show()
        workspace.activateWindow()
        qtbot.waitUntil(workspace.isActiveWindow, timeout=PATIENCE_MS)
        return workspace

    yield show
    for workspace in held:
        workspace.close()
        workspace.deleteLater()
    qtbot.wait(10)


def compare(workspace, key):
    """Go to a piece and press the key that compares it."""
    assert workspace.evidence.select(key)
    workspace.evidence.setFocus()
    QTest.keyClick(
        workspace.evidence,
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert workspace.document.is_comparing()
    return workspace.document.comparison


def wait_drawn(side):
    assert wait_until(lambda: side.supply.pending == 0, PATIENCE_MS)


def wait_said(comparison, words):
    assert wait_until(lambda: words in comparison.summary.text(), PATIENCE_MS), comparison.summary.text()


def test_a_pdf_and_its_earlier_version(qtbot, open_workspace):
    workspace = open_workspace()
    comparison = compare(workspace, "artifact:plan")
    wait_said(comparison, "pages 4\u20136 are new")
    assert comparison.summary.text().startswith("1451 words added, 136 words removed")
    assert "1 other piece is unchanged." in comparison.summary.text()
    assert (comparison.old.title.text(), comparison.new.title.text()) == (
        "Earlier version",
        "This submission",
    )
    assert not workspace.left.isVisible()
    assert not workspace.document.asked.isVisible()
    assert workspace.panel.isVisible()
    for side, colour in ((comparison.old, REMOVED), (comparison.new, ADDED)):
        wait_drawn(side)
        assert colour in colours_in(side.pages.viewport().grab().toImage(), 1)
    texts = [stop.text for stop in comparison.changes.stops]
    assert {"Page 4 is new", "Page 5 is new", "Page 6 is new"} <= set(texts)


def test_both_scroll_together_by_what_stands_beside_each_other(qtbot, open_workspace):
    workspace = open_workspace()
    comparison = compare(workspace, "artifact:plan")
    wait_said(comparison, "are new")
    comparison.new.pages.go_to_page(6)
    assert comparison.old.pages.page == 3
    # A new page stands beside the seam where it was put in: the end of page 3.
    comparison.new.pages.go_to_page(4)
    assert comparison.old.spot()[0] == 2
    comparison.old.pages.go_to_page(0)
    assert comparison.new.pages.page == 0
    QTest.keyClick(comparison, Qt.Key.Key_F7, Qt.KeyboardModifier.ControlModifier)
    assert not comparison.link_button.isChecked()
    comparison.new.pages.go_to_page(6)
    assert comparison.old.pages.page == 0
    comparison.link_button.setChecked(True)
    assert comparison.old.pages.page == 3


def test_keys_go_from_change_to_change_and_back_out(qtbot, open_workspace):
    workspace = open_workspace()
    comparison = compare(workspace, "artifact:plan")
    wait_said(comparison, "are new")
    for _ in range(3):
        QTest.keyClick(comparison, Qt.Key.Key_F7)
    QTest.keyClick(comparison, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert comparison.changes.row == 1
    assert comparison.position.text() == f"2 of {len(comparison.changes.stops)}"
    current = comparison.changes.stops[1].change
    assert comparison.new.overlay.current is comparison.old.overlay.current is current
    before = comparison.new.pages.factor
    QTest.keyClick(comparison, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert comparison.new.pages.factor > before
    assert comparison.old.pages.factor == pytest.approx(comparison.new.pages.factor)
    QTest.keyClick(comparison, Qt.Key.Key_Escape)
    assert not workspace.document.is_comparing()
    assert workspace.left.isVisible()
    assert workspace.document.asked.isVisible()
    assert workspace.document.shows_pages()
    shares = [round(100 * size / sum(workspace.splitter.sizes())) for size in workspace.splitter.sizes()]
    assert shares == pytest.approx([20, 46, 34], abs=2)


def test_it_opens_at_the_page_that_was_being_read(qtbot, open_workspace):
    workspace = open_workspace()
    assert workspace.evidence.select("artifact:plan")
    assert wait_until(workspace.document.shows_pages, PATIENCE_MS)
    workspace.document.viewer.pages.go_to_page(6)
    comparison = compare(workspace, "artifact:plan")
    wait_said(comparison, "are new")
    assert comparison.new.pages.page == 6
    assert comparison.old.pages.page == 3


def test_a_picture_is_compared_by_its_looks(qtbot, open_workspace):
    workspace = open_workspace()
    comparison = compare(workspace, "artifact:paper")
    wait_said(comparison, "They look different.")
    (stop,) = comparison.changes.stops
    assert (stop.sign, stop.old_page, stop.new_page) == ("≠", 0, 0)
    for side, colour in ((comparison.old, REMOVED), (comparison.new, ADDED)):
        wait_drawn(side)
        assert colour in colours_in(side.pages.viewport().grab().toImage(), 1)


def test_an_answer_and_a_text_file_are_compared_as_texts(qtbot, open_workspace):
    workspace = open_workspace()
    comparison = compare(workspace, "response:answer")
    wait_said(comparison, "words added")
    shown = [selection.cursor.selectedText() for selection in comparison.new.text.extraSelections()]
    assert shown[0].startswith("I sorted the 24 papers")
    # The sign behind which Qt counts otherwise than code points do.
    assert "\U0001f600" in shown[0]
    assert shown[-1] == "now see these are four different ideas."
    assert comparison.new.text.toPlainText() == NOW_TEXT
    struck = [s.cursor.selectedText() for s in comparison.old.text.extraSelections()]
    assert "individually." in struck[-1]
    comparison.step(1)
    workspace.document.end_comparison()
    comparison = compare(workspace, "artifact:notes")
    wait_said(comparison, "8 words added, 3 words removed.")


def test_what_is_the_same_is_said_to_be(qtbot, open_workspace):
    workspace = open_workspace()
    details = {entry.key: entry.detail for entry in workspace.evidence.entries()}
    assert details["artifact:tickets"].startswith("Unchanged since last time")
    assert details["artifact:plan"].startswith("Changed")
    comparison = compare(workspace, "artifact:tickets")
    wait_said(comparison, "Unchanged: both are the same, byte for byte.")
    assert comparison.changes.stops == ()
    assert not comparison.changes.isVisible()


def test_the_person_chooses_another_pair(qtbot, open_workspace):
    workspace = open_workspace()
    comparison = compare(workspace, "artifact:notes")
    wait_said(comparison, "3 words removed")
    choice = comparison.old.choice
    choice.setCurrentIndex(choice.findData("earlier:old-plan"))
    choice.activated.emit(choice.currentIndex())
    assert wait_until(lambda: comparison.old.has_pages, PATIENCE_MS)
    assert comparison.new.has_text
    assert wait_until(lambda: "words removed" in comparison.summary.text(), PATIENCE_MS)
    assert "3 words removed" not in comparison.summary.text()


def test_an_earlier_file_that_is_not_here_is_said_to_be_missing_and_comes(qtbot, desk, open_workspace):
    workspace = open_workspace()
    with desk.context.store.write() as txn:
        file = next(f for f in evidence.files(txn, workspace.submission_id) if f.artifact_id == "old-plan")
        evidence.set_state(txn, file.blob_id, EvidenceState.WANTED)
    comparison = compare(workspace, "artifact:plan")
    wait_said(comparison, "not on this computer yet")
    assert comparison.old.card.title.text() == "This file is not on this computer yet"
    assert comparison.new.has_pages
    with desk.context.store.write() as txn:
        evidence.set_state(txn, file.blob_id, EvidenceState.READY)
    desk.lanes.broadcast(ChangeSet(evidence=frozenset({workspace.submission_id}), inbox=True))
    wait_said(comparison, "are new")


def test_without_an_earlier_attempt_it_asks_for_the_second_piece(qtbot, open_workspace):
    files = (
        Piece("one", "Artifact 1.pdf", "application/pdf", text_pdf("The fence goes around.")),
        Piece("two", "Artifact 2.pdf", "application/pdf", text_pdf("The fence goes all around.")),
    )
    workspace = open_workspace(submission_of(files), files)
    assert not workspace.document.notice.isVisible()
    comparison = compare(workspace, "artifact:one")
    assert "Choose on the left" in comparison.summary.text()
    assert comparison.old.choice.hasFocus()
    assert wait_until(lambda: comparison.new.has_pages, PATIENCE_MS)
    choice = comparison.old.choice
    choice.setCurrentIndex(choice.findData("present:two"))
    choice.activated.emit(choice.currentIndex())
    wait_said(comparison, "1 word removed.")
    assert comparison.old.title.text() == "This submission"


def test_the_notice_leads_there_and_goes_with_an_award(qtbot, desk, open_workspace):
    workspace = open_workspace()
    assert workspace.evidence.select("artifact:tickets")
    assert not workspace.document.notice.isVisible()
    assert workspace.evidence.select("artifact:plan")
    assert workspace.document.notice.isVisible()
    workspace.document.notice.button.click()
    assert workspace.document.is_comparing()
    workspace.document.end_comparison()
    awarded = replace(resubmission(), status=SubmissionStatus.AWARDED, rev=2)
    with desk.context.store.write() as txn:
        submissions.put_submission(txn, awarded)
    desk.lanes.broadcast(ChangeSet(submissions=frozenset({workspace.submission_id})))
    assert wait_until(lambda: workspace.opened.submission.rev == 2, PATIENCE_MS)
    assert not any("Changed" in entry.detail for entry in workspace.evidence.entries())


def test_marks_of_this_attempt_are_seen_and_cannot_be_changed(qtbot, desk, open_workspace):
    workspace = open_workspace()
    mark = box_mark(workspace.opened.submission)
    comparison = compare(workspace, "artifact:plan")
    wait_said(comparison, "are new")
    workspace.document.set_annotations((mark,))
    assert comparison.new.marks.mark(mark.id) is not None
    assert not comparison.new.marks.can_change(mark.id)
    assert comparison.old.marks.mark(mark.id) is None


def test_in_a_narrow_window_one_stands_above_the_other(qtbot, open_workspace):
    workspace = open_workspace(size=(660, 700))
    comparison = compare(workspace, "artifact:notes")
    wait_said(comparison, "words added")
    assert comparison.old.geometry().bottom() < comparison.new.geometry().top()
    assert not comparison.changes.isVisible()
    assert comparison.position.text() == "1 change"
    workspace.resize(1500, 800)
    qtbot.waitUntil(lambda: comparison.old.geometry().right() < comparison.new.geometry().left())
    assert comparison.changes.isVisible()


def test_another_piece_of_evidence_ends_the_comparison(qtbot, open_workspace):
    workspace = open_workspace()
    compare(workspace, "artifact:plan")
    workspace.evidence.step(1)
    assert not workspace.document.is_comparing()
    assert workspace.left.isVisible()


def test_everything_has_a_name_and_can_be_reached(qtbot, open_workspace):
    workspace = open_workspace()
    comparison = compare(workspace, "artifact:plan")
    wait_said(comparison, "are new")
    assert accessibility_walk.unnamed(comparison) == []
    assert accessibility_walk.without_keyboard(comparison) == []
    assert accessibility_walk.clipped_buttons(comparison) == []
    assert builders.submission_id(1) == workspace.submission_id


def test_related_submissions_say_what_became_of_the_evidence(qtbot, open_workspace):
    made = resubmission()
    (prior,) = made.prior
    gone = Piece("sketch", "Artifact 5.svg", "image/svg+xml", b"<svg/>")
    parts = (*prior.parts, Part(RequirementId("implement"), artifacts=(gone.artifact(),)))
    made = replace(made, prior=(replace(prior, parts=parts),))
    workspace = open_workspace(made, (*pieces()[0], *pieces()[1], gone))
    assert workspace.evidence.select("related")
    said = workspace.document.page.accessibleDescription()
    assert "1 unchanged, 4 changed, 0 new" in said
    assert "Handed in then, not this time\nArtifact 5.svg" in said


def test_an_approver_compares_as_well(qtbot, desk, tmp_path):
    put_pieces(desk.context, resubmission(), (*pieces()[0], *pieces()[1]))
    workspace = ApproverWorkspace(desk.lanes, resubmission().id, desk.clock.now)
    qtbot.addWidget(workspace)
    workspace.resize(1300, 800)
    workspace.show()
    assert wait_until(lambda: workspace.brief is not None, PATIENCE_MS)
    assert workspace.evidence.select("artifact:notes")
    workspace.comparing.toggle()
    wait_said(workspace.document.comparison, "8 words added, 3 words removed.")
    assert workspace.escape()
    assert not workspace.document.is_comparing()


def test_files_that_changed_places_find_their_earlier_version_once_their_words_are_known(
    qtbot, desk, open_workspace
):
    plan = "The lesson begins with a question about fences and areas, and everybody draws one first. "
    report = "On Thursday the museum opened late, so the class wrote letters to the curator instead. "
    now = [_pdf("one", report * 3 + "New words."), _pdf("two", plan * 3 + "New words.")]
    before = [_pdf("old-plan", plan * 3), _pdf("old-report", report * 3)]
    workspace = open_workspace(submission_of(now, earlier=before), (*now, *before))
    # By position alone the first file is taken for a version of the first one.
    comparison = compare(workspace, "artifact:one")
    assert comparison.old.choice.currentData() == "earlier:old-plan"
    wait_said(comparison, "words added")
    workspace.document.end_comparison()
    compare(workspace, "artifact:two")
    wait_said(comparison, "words added")
    workspace.document.end_comparison()
    assert wait_until(lambda: len(workspace.comparing.likenesses) == 4, PATIENCE_MS)
    comparison = compare(workspace, "artifact:one")
    assert comparison.old.choice.currentData() == "earlier:old-report"
    wait_said(comparison, "2 words added.")


def _pdf(key, text):
    return Piece(key, f"Artifact {key}.pdf", "application/pdf", text_pdf(text), page_count=1)
