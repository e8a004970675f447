"""The search over everything: by keyboard from the words to the place, on a real store and real evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, search_index
from assessor_app.desk.inbox_work import InboxWork
from assessor_app.domain.searching import Found, FoundSubmission, PlaceKind, SearchAnswer
from assessor_app.domain.submissions import Submission
from assessor_app.services import searching
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_search import SearchPage
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.search_results import SearchResults
from assessor_app.ui.search_words import answer_words, place_words
from assessor_app.ui.theme import Theme
from assessor_app.ui.viewers.search_bar import SearchBar
from assessor_app.ui.waiting_list import WaitingList
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA, NOON
from tests.evidence_desk import EvidenceDesk, Piece, put_pieces, submission_of
from tests.evidence_files import text_pdf
from tests.inbox_rows import NOW, LaterStore, inbox_row

PLAN = Piece("plan", "Artifact 7.pdf", "application/pdf", text_pdf("one", "two", "a zebra walks", "four"))


class Evidence(EvidenceDesk):
    """A desk with a window on it, as far as the search needs one."""

    def window(self, qtbot, qapp) -> MainWindow:
        inbox = Inbox(LaterStore([inbox_row(1)]).fetch, lambda: NOW)
        window = MainWindow(inbox, WaitingList(), Theme(qapp))
        qtbot.addWidget(window)

        def open_submission(submission_id: str) -> None:
            workspace = AssessorWorkspace(self.lanes, self.submission.id, self.clock.now)
            assert submission_id == self.submission.id
            window.show_workspace(workspace, "S-0001")

        self.work = InboxWork(window, self.lanes, open_submission, window)
        window.resize(1100, 720)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    submission: Submission


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Evidence]:
    made = Evidence(tmp_path)
    made.submission = submission_of([PLAN])
    put_pieces(made.context, made.submission, [PLAN])
    mark = replace(builders.annotation(1, of=made.submission), comment="zebra in a mark")
    with made.context.store.write() as txn:
        annotation_rows.put(txn, mark)
        said = replace(builders.feedback(CRITERIA[2]), text="zebra in feedback")
        assessments.set_feedback(txn, made.submission.id, 1, said, NOON)
    yield made
    made.close()
    assert made.bugs == []


def index(desk: Evidence) -> None:
    while searching.left(desk.context):
        searching.index_some(desk.context)


def places(page: SearchPage) -> list[Found]:
    model = page.results.results
    rows = [model.row_at(n) for n in range(model.rowCount())]
    return [row for row in rows if isinstance(row, Found)]


def search_for(qtbot, window: MainWindow, words: str) -> SearchPage:
    """Open the search by its key, type, and wait for the answer."""
    window.inbox.focus_list()
    qtbot.keyClick(
        window.inbox.list,
        Qt.Key.Key_F,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    page = window.inbox.findChild(SearchPage)
    assert isinstance(page, SearchPage)
    page.field.clear()
    qtbot.keyClicks(page.field, words)
    qtbot.waitUntil(lambda: page._answer.text == words)
    return page


def kept_pages(desk: Evidence) -> int:
    with desk.context.store.read() as txn:
        return int(txn.connection.exec_driver_sql("SELECT count(*) FROM text_page").scalar_one())


def test_a_page_of_evidence_is_found_and_opened_at_its_words(desk: Evidence, qtbot, qapp) -> None:
    reading = desk.open(desk.submission)
    qtbot.addWidget(reading)
    reading.resize(900, 600)
    reading.show()
    reading.evidence.select("artifact:plan")
    # Its pages are read for the search within the file; with them the search over everything knows it.
    qtbot.waitUntil(lambda: reading.document.view.source_id == "plan" and reading.document.shows_pages())
    reading.document.view.pages.finding.bar.open("walks")
    qtbot.waitUntil(lambda: reading.document.view.pages.search.count == 1)
    qtbot.waitUntil(lambda: kept_pages(desk) == 4)
    reading.close()
    window = desk.window(qtbot, qapp)
    page = search_for(qtbot, window, "zebra wal")
    qtbot.waitUntil(lambda: bool(places(page)))
    (found,) = places(page)
    assert (place_words(found), found.page) == ("Artifact 7.pdf, page 3", 2)
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert page.results.hasFocus()
    qtbot.keyClick(page.results, Qt.Key.Key_Return)
    workspace = window.workspace()
    assert isinstance(workspace, AssessorWorkspace)
    view = workspace.document.view
    qtbot.waitUntil(lambda: view.source_id == "plan" and view.pages.search.count == 1)
    qtbot.waitUntil(lambda: view.pages.pages.page == 2)
    assert view.pages.search_bar.field.text() == "zebra"


def test_marks_and_feedback_are_opened_where_they_stand(desk: Evidence, qtbot, qapp) -> None:
    window = desk.window(qtbot, qapp)
    index(desk)
    page = search_for(qtbot, window, "zebra")
    assert [place_words(found) for found in places(page)] == [
        "Your feedback on a criterion",
        "Your comment on a mark",
    ]
    qtbot.keyClick(page.field, Qt.Key.Key_Down)
    qtbot.keyClick(page.results, Qt.Key.Key_Down)
    qtbot.keyClick(page.results, Qt.Key.Key_Return)
    workspace = window.workspace()
    assert isinstance(workspace, AssessorWorkspace)
    qtbot.waitUntil(lambda: workspace.document.view.source_id == "plan")
    window.show_place("inbox")
    window.inbox.focus_list()
    # Whoever comes back goes on with the next place.
    assert page.results.hasFocus()
    qtbot.keyClick(page.results, Qt.Key.Key_Up)
    qtbot.keyClick(page.results, Qt.Key.Key_Return)
    second = window.workspace()
    assert isinstance(second, AssessorWorkspace)
    assert second is not workspace
    qtbot.waitUntil(lambda: second.panel.current is second.panel.card_of(CRITERIA[2]))


def test_an_answer_is_opened_with_its_words_found(desk: Evidence, qtbot, qapp) -> None:
    window = desk.window(qtbot, qapp)
    index(desk)
    page = search_for(qtbot, window, "carpet")
    (found,) = places(page)
    assert place_words(found) == "Answer to Implement"
    page.place_wanted.emit(found)
    workspace = window.workspace()
    assert isinstance(workspace, AssessorWorkspace)
    view = workspace.document.view
    qtbot.waitUntil(lambda: view.source_id == "resp-reflection")
    bar = view.viewer.findChild(SearchBar)
    assert isinstance(bar, SearchBar)
    qtbot.waitUntil(lambda: bar.field.text() == "carpet")


def test_what_is_written_is_taken_up_without_being_asked(desk: Evidence, qtbot, qapp) -> None:
    desk.window(qtbot, qapp)
    qtbot.waitUntil(lambda: searching.left(desk.context) == 0)
    with desk.context.store.write() as txn:
        assessments.set_overall(txn, desk.submission.id, 1, "okapi", NOON)
        assert search_index.left(txn) == 1
    desk.lanes.changed.emit(None)
    qtbot.waitUntil(lambda: searching.left(desk.context) == 0)
    assert searching.find(desk.context, "okapi").place_count == 1


@pytest.fixture
def page(qtbot) -> SearchPage:
    made = SearchPage()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    return made


def found(number: int, snippet: str = "a zebra walks") -> Found:
    return Found(builders.submission_id(number), PlaceKind.RESPONSE, "r", 0, snippet, hits=((2, 7),))


def answer(text: str, *counts: int) -> SearchAnswer:
    submissions = tuple(
        FoundSubmission(builders.submission_id(n), f"S-{n}", "Title", tuple(found(n) for _ in range(count)))
        for n, count in enumerate(counts, 1)
    )
    return SearchAnswer(text, submissions, sum(counts))


def test_a_late_answer_is_dropped(page: SearchPage, qtbot) -> None:
    page.field.setText("zeb")
    page.field.setText("zebra")
    page.show_answer(answer("zeb", 2))
    assert page.results.results.rowCount() == 0
    page.show_answer(answer("zebra", 1, 1))
    assert page.results.results.rowCount() == 4


def test_esc_leads_out_one_step_at_a_time(page: SearchPage, qtbot) -> None:
    closed: list[bool] = []
    page.closed.connect(lambda: closed.append(True))
    page.field.setText("zebra")
    page.show_answer(answer("zebra", 1))
    page.results.choose_first()
    page.results.setFocus()
    page.step_out()
    assert page.field.hasFocus()
    page.step_out()
    assert page.field.text() == ""
    assert not closed
    page.step_out()
    assert closed == [True]


@pytest.mark.parametrize(
    ("made", "left", "words"),
    [
        (answer(""), 0, "Answers, pages you have opened, what you wrote, codes and titles."),
        (answer("x"), 0, "Nothing on this computer fits."),
        (answer("x"), 3, "Nothing on this computer fits. Some texts are still being taken up."),
        (answer("x", 1), 0, "1 place"),
        (answer("x", 3), 0, "3 places in 1 submission"),
        (answer("x", 3, 2), 0, "5 places in 2 submissions"),
        (replace(answer("x", 300), is_cut=True), 0, "The first 300 places; another word narrows it down."),
    ],
)
def test_how_much_was_found_is_said(made: SearchAnswer, left: int, words: str) -> None:
    assert answer_words(made, left) == words


def test_every_row_is_a_sentence_and_painted(page: SearchPage, qtbot) -> None:
    long = found(1, "word " * 60 + "zebra walks")
    long = replace(long, hits=((300, 305),))
    covered = replace(found(1), snippet="", hits=())
    made = FoundSubmission(builders.submission_id(1), "S-1", "Title", (long, covered))
    page.field.setText("zebra")
    page.show_answer(SearchAnswer("zebra", (made,), 2))
    said = [
        page.results.results.index(n, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for n in range(page.results.results.rowCount())
    ]
    assert said[0] == "S-1  ·  Title"
    assert said[1].startswith("Answer: word word")
    assert said[2] == "Answer: The words here may name a person and are not shown."
    assert isinstance(page.results, SearchResults)
    assert not page.grab().isNull()
