"""The identity guard in the real window: covered before it is seen, one key lifts, the same puts back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication

from assessor_app.cache import evidence, identity_findings
from assessor_app.documents.anchoring import PagePoint
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.submissions import Response
from assessor_app.privacy import identity_scan
from assessor_app.ui.viewers.guard.scanning import Scanning
from assessor_app.ui.viewers.page_menu import PageMenu
from tests import planted_files
from tests.evidence_desk import EvidenceDesk, Piece, Reader, put_pieces, submission_of
from tests.planted_files import NAME, OTHER

PDF, MARKDOWN, SHEET = "planted-pdf", "planted-md", "planted-xlsx"
PIECES = (
    Piece(PDF, "Artifact 1.pdf", "application/pdf", planted_files.planted_pdf()),
    Piece(MARKDOWN, "Artifact 2.md", "text/markdown", planted_files.planted_markdown()),
    Piece(
        SHEET,
        "Artifact 3.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        planted_files.planted_sheet(),
    ),
)
ANSWER = f"I teach grade 4.\nStudent: {OTHER}\nShe explained her thinking."


def planted_submission():
    made = submission_of(PIECES)
    first, *others = made.parts
    responses = tuple(replace(response, text=ANSWER) for response in first.responses)
    return replace(made, parts=(replace(first, responses=responses), *others))


class Room:
    """A desk with the planted evidence and one window on it, that can be closed and opened again."""

    def __init__(self, folder, qtbot):
        self._folder, self._qtbot = folder, qtbot
        self.submission = planted_submission()
        self.desk = EvidenceDesk(folder)
        put_pieces(self.desk.context, self.submission, PIECES)
        self._show()

    def _show(self):
        self.workspace = self.desk.open(self.submission)
        self.workspace.resize(1400, 1000)
        self.workspace.show()
        self.reader = Reader(self.workspace)
        self.view = self.workspace.document.view

    def close(self):
        self.workspace.close()
        self.workspace.deleteLater()
        self.desk.close()
        assert self.desk.bugs == []

    def start_again(self):
        """Another start of the program on the same profile."""
        self.close()
        self.desk = EvidenceDesk(self._folder)
        self._show()

    def open(self, key, kind="artifact"):
        assert self.reader.choose(key, kind=kind)
        supply = self.pages.supply
        # What is chosen already is not opened again.
        self.wait_for(lambda: self.view.source_id == key and self.view.viewer is not self.view.card)
        self.wait_for(lambda: not supply.pending and (kind != "artifact" or self.reader.is_settled(key)))

    def lift(self):
        """Press the key, as the person does."""
        self._qtbot.keyClick(
            self.workspace,
            Qt.Key.Key_U,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )

    @property
    def pages(self):
        return self.view.pages

    def lifted(self, page=0):
        return [patch.is_lifted for patch in self.pages.supply.patches.get(page, ())]

    def wait_for(self, look):
        self._qtbot.waitUntil(look)

    def record(self, key):
        with self.desk.context.store.read() as txn:
            return self.record_in(txn, key)

    def record_in(self, txn, key):
        files = evidence.files(txn, self.submission.id)
        blob_id = next(file.blob_id for file in files if file.artifact_id == key)
        return identity_findings.get(txn, self.submission.id, blob_id)


@pytest.fixture
def room(qapp, tmp_path, qtbot):
    made = Room(tmp_path / "desk", qtbot)
    yield made
    made.close()


def ink_under(room, page, index):
    """Dark dots of the page as it is on screen, below one patch."""
    pages = room.pages.pages
    x0, y0, x1, y1 = room.pages.supply.patches[page][index].rect
    drawn = room.pages.supply.cache.nearest(page, pages.scale)
    assert drawn is not None
    image, scale = drawn[1], drawn[0].scale
    return sum(
        image.pixelColor(x, y).lightness() < 110
        for x in range(round(x0 * scale) + 1, round(x1 * scale) - 1)
        for y in range(round(y0 * scale) + 1, round(y1 * scale) - 1)
    )


def text_of(room, page=0):
    room.wait_for(lambda: room.pages.supply.text(page) is not None)
    return room.pages.supply.text(page).text


def test_a_page_is_covered_when_it_is_first_seen_and_one_key_lifts_and_covers(room):
    room.open(PDF)
    assert room.lifted() == [False] * 5
    assert ink_under(room, 0, 0) == 0
    assert NAME not in text_of(room)
    room.lift()
    room.wait_for(lambda: room.lifted() == [True] * 5)
    assert ink_under(room, 0, 0) > 40
    room.wait_for(lambda: NAME in text_of(room))
    room.lift()
    room.wait_for(lambda: room.lifted() == [False] * 5 and room.pages.supply.pending == 0)
    assert ink_under(room, 0, 0) == 0
    room.wait_for(lambda: NAME not in text_of(room))


def test_what_was_lifted_is_lifted_at_the_next_start_and_noted_for_the_audit(room):
    room.open(PDF)
    room.lift()
    room.wait_for(lambda: room.lifted() == [True] * 5)
    room.start_again()
    room.open(PDF)
    assert room.lifted() == [True] * 5
    room.pages.pages.go_to_page(1)
    room.wait_for(lambda: room.lifted(1) == [False] * 3)
    with room.desk.context.store.read() as txn:
        effects = identity_findings.effects_of(txn, room.submission.id)
    assert [what for what, _source in effects] == ["uncovered"]


def test_a_patch_under_the_pointer_is_lifted_alone(room):
    room.open(PDF)
    x0, y0, x1, y1 = room.pages.supply.patches[0][0].rect
    menu = room.pages.findChild(PageMenu)
    entries = menu.entries(PagePoint(0, (x0 + x1) / 2, (y0 + y1) / 2))
    assert entries[0] == "guard.lift"
    room.pages.run("guard.lift")
    room.wait_for(lambda: room.lifted() == [True, False, False, False, False])
    assert "guard.lift" not in menu.entries(PagePoint(0, 10.0, 10.0))


def test_selected_words_are_copied_as_something_covered(room):
    room.open(PDF)
    text = text_of(room)
    start = text.index("Student:")
    room.pages.annotator.selection.select(0, start, start + len("Student: ") + len(OTHER))
    room.pages.annotator.copy()
    assert QGuiApplication.clipboard().text() == "Student: [may name a person]"


def test_a_search_does_not_find_what_is_covered(room, qtbot):
    room.open(PDF)
    text_of(room)
    search = room.pages.search
    search.start(NAME.split()[0], 0)
    room.wait_for(lambda: not search.is_running)
    assert search.count == 0
    search.start("Student", 0)
    room.wait_for(lambda: search.count > 0 and not search.is_running)
    snippets = [hit.snippet for page in (0, 1) for hit in search.hits_on(page)]
    assert snippets
    assert not any(word in snippet for snippet in snippets for word in (*NAME.split(), *OTHER.split()))


def test_thumbnails_are_covered_and_follow(room):
    room.open(PDF)
    room.pages.place.open_bar("pages")
    thumbnails = room.pages.side.thumbnails
    room.wait_for(lambda: thumbnails.image(0) is not None)
    covered = thumbnails.image(0).copy()
    room.lift()
    room.wait_for(lambda: thumbnails.image(0) is not None and thumbnails.image(0) != covered)


def test_a_text_is_covered_as_it_reads_and_as_it_is_written(room):
    room.open(MARKDOWN)
    text = room.view.text
    assert NAME not in text.view.toPlainText()
    text.toggle_source()
    assert NAME not in text.view.toPlainText()
    text.view.selectAll()
    text.view.copy()
    assert "[may name a person]" in QGuiApplication.clipboard().text()
    assert NAME not in QGuiApplication.clipboard().text()
    room.lift()
    room.wait_for(lambda: NAME in text.view.toPlainText())
    room.lift()
    room.wait_for(lambda: NAME not in text.view.toPlainText())


def test_a_written_answer_is_covered_and_its_lift_is_remembered(room):
    response = next(item for part in room.submission.parts for item in part.responses)
    assert isinstance(response, Response)
    room.open(response.id, kind="response")
    view = room.view.response.view
    assert OTHER not in view.toPlainText()
    assert len(view.toPlainText()) == len(ANSWER)
    room.lift()
    room.wait_for(lambda: OTHER in view.toPlainText())
    room.start_again()
    room.open(response.id, kind="response")
    room.wait_for(lambda: OTHER in room.view.response.view.toPlainText())


def test_cells_are_covered_and_lifted(room):
    room.open(SHEET)
    model = room.view.sheet.model
    assert NAME not in model.cell(0, 1).text
    room.lift()
    room.wait_for(lambda: model.cell(0, 1).text == NAME)
    room.view.sheet.sheet.select_area((0, 0, 0, 1))
    room.lift()
    room.wait_for(lambda: model.cell(0, 1).text != NAME)


def test_a_patch_says_what_it_is_on_screen(room):
    room.open(PDF)
    pages = room.pages.pages
    x0, y0, x1, y1 = room.pages.supply.patches[0][0].rect
    image = pages.viewport().grab().toImage()
    corner = pages.rect_in_view(0, QRectF(x0, y0, x1 - x0, y1 - y0))
    seen = {
        image.pixelColor(QPoint(x, y)).lightness()
        for x in range(round(corner.left()) + 2, round(corner.right()) - 2)
        for y in range(round(corner.top()) + 2, round(corner.bottom()) - 2)
    }
    assert min(seen) < 140
    assert "may name a person" in pages.accessibleDescription()


def test_what_arrives_is_looked_through_in_the_background(room):
    scanning = Scanning(room.desk.lanes, room.workspace, first_ms=0)
    room.wait_for(lambda: scanning.is_idle)
    with room.desk.context.store.read() as txn:
        words = identity_findings.words_of(txn, room.submission.id)
        assert identity_findings.not_scanned(txn, identity_scan.VERSION) == []
    assert {NAME.casefold(), OTHER.casefold()} <= words
    # A file that is replaced is looked through again.
    with room.desk.context.store.write() as txn:
        record = room.record_in(txn, PDF)
        identity_findings.put(txn, room.submission.id, replace(record, sha256="", words=()))
    room.desk.lanes.broadcast(ChangeSet(evidence=frozenset({room.submission.id})))
    room.wait_for(lambda: scanning.is_idle and room.record(PDF).words != ())
