"""The inbox: words for dates and states, fetching by pages, late answers, filters, opening by keyboard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QLocale, QModelIndex, QRectF, Qt
from PySide6.QtTest import QAbstractItemModelTester

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_model import PAGE_ROWS, SECTION_ROLE, InboxModel, Show
from assessor_app.ui.inbox_row import _column, _is_narrow, heading_height, measures
from assessor_app.ui.inbox_words import (
    Section,
    due_said,
    evidence_said,
    limits_said,
    section_of,
    sentence,
    state_said,
)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _english():
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


def inbox_row(number: int = 1, due: timedelta | None = 3 * DAY, **changes: Any) -> InboxRow:
    values: dict[str, Any] = {
        "id": SubmissionId(f"id-{number}"),
        "code": f"S-{number:04X}",
        "title": "Asking questions that make thinking visible",
        "status": SubmissionStatus.WAITING_ON_ASSESSOR,
        "submission_type": SubmissionType.FULL_PORTFOLIO,
        "due_at": None if due is None else NOW + due,
        "due_kind": None,
        "final_at": NOW + 10 * DAY,
        "local_state": LocalState.NOT_STARTED,
        "rated": 0,
        "criteria": 6,
        "is_resubmission": False,
        "is_returned": False,
        "lease_until": None,
        "evidence_ready": 4,
        "evidence_total": 6,
    }
    return InboxRow(**(values | changes))


class Store:
    """Answers requests for rows when told to, as a lane does: later."""

    def __init__(self, rows: list[InboxRow]) -> None:
        self.rows = {row.id: row for row in rows}
        self.asked: list[tuple[Any, Any]] = []

    @property
    def ids(self) -> list[SubmissionId]:
        return list(self.rows)

    def fetch(self, ids, deliver):
        self.asked.append((ids, deliver))

    def answer(self, count: int = 1000) -> None:
        while self.asked and count:
            ids, deliver = self.asked.pop(0)
            deliver(tuple(self.rows[key] for key in ids if key in self.rows))
            count -= 1


def model_of(store: Store) -> InboxModel:
    return InboxModel(store.fetch, lambda: NOW, zone=LONDON)


@pytest.mark.parametrize(
    ("due", "words", "tone", "section"),
    [
        (7.5 * HOUR, "Due today 17:00", "warning", Section.TODAY),
        (1 * DAY, "Due tomorrow", "text", Section.WEEK),
        (2 * DAY, "Due Thursday 26 Nov", "text", Section.WEEK),
        (9 * DAY, "Due Thu 3 Dec", "text", Section.LATER),
        (-3 * HOUR, "Overdue since 06:30", "danger", Section.OVERDUE),
        (-3 * DAY, "Overdue since Saturday 21 Nov", "danger", Section.OVERDUE),
        (400 * DAY, "Due 29 Dec 2027", "text", Section.LATER),
    ],
)
def test_due_dates_are_said_as_people_say_them(due, words, tone, section):
    row = inbox_row(due=due)
    said = due_said(row, NOW, LONDON)
    assert said is not None
    assert (said.text, said.tone) == (words, tone)
    assert section_of(row, NOW, LONDON) is section


def test_dates_are_those_of_the_persons_zone():
    row = inbox_row(due=timedelta(hours=16))
    there, here = due_said(row, NOW, ZoneInfo("Pacific/Auckland")), due_said(row, NOW, LONDON)
    assert there is not None
    assert here is not None
    assert there.text == "Due tomorrow"
    assert here.text == "Due tomorrow"
    assert section_of(inbox_row(due=timedelta(hours=14)), NOW, LONDON) is Section.TODAY
    assert section_of(inbox_row(due=timedelta(hours=14)), NOW, ZoneInfo("Asia/Tokyo")) is Section.WEEK


def test_quiet_dates_never_say_lease():
    row = inbox_row(lease_until=NOW + 2 * DAY + 7.5 * HOUR)
    assert limits_said(row, NOW, LONDON) == ("Decision by Fri 4 Dec", "yours until Thursday 17:00")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "New"),
        ({"is_resubmission": True}, "Resubmission"),
        ({"is_returned": True, "status": SubmissionStatus.RETURNED}, "Returned to you"),
        ({"local_state": LocalState.DRAFT, "rated": 3}, "In progress 3 of 6"),
        ({"local_state": LocalState.DRAFT, "rated": 6}, "All 6 rated, not sent yet"),
        (
            {"local_state": LocalState.DRAFT, "rated": 2, "is_returned": True},
            "Returned to you, 2 of 6 rated",
        ),
        ({"local_state": LocalState.WAITING_TO_SEND}, "Waiting to send"),
        ({"local_state": LocalState.WAITING_TO_SEND, "outbox_state": OutboxState.SENDING}, "Sending"),
        ({"local_state": LocalState.SENT}, "Sent, waiting for the approver"),
        ({"local_state": LocalState.NEEDS_YOU}, "Needs you"),
        ({"status": SubmissionStatus.AWARDED}, "Earned"),
        ({"status": SubmissionStatus.DENIED}, "Denied"),
        ({"status": SubmissionStatus.WITHDRAWN}, "Withdrawn"),
        ({"status": SubmissionStatus.INCOMPLETE}, "Incomplete"),
    ],
)
def test_states_are_words_and_the_issuers_come_first(changes, words):
    said = state_said(inbox_row(**changes), {SubmissionStatus.AWARDED: "Earned"})
    assert said.text == words
    assert said.icon


def test_an_approver_reads_her_own_words():
    assert state_said(inbox_row(), {}, Role.APPROVER).text == "Ready for your decision"
    assert state_said(inbox_row(local_state=LocalState.SENT), {}, Role.APPROVER).text == "Sent"


def test_evidence_is_counted_until_it_does_not_matter():
    partly, all_here = evidence_said(inbox_row()), evidence_said(inbox_row(evidence_ready=6))
    assert partly is not None
    assert all_here is not None
    assert partly.text == "4 of 6 files here"
    assert all_here.text == "All 6 files here"
    assert evidence_said(inbox_row(status=SubmissionStatus.AWARDED)) is None


def test_a_row_is_one_full_sentence_for_a_screen_reader():
    row = inbox_row(local_state=LocalState.DRAFT, rated=3, is_resubmission=True)
    assert sentence(row, NOW, {}, zone=LONDON) == (
        "Asking questions that make thinking visible, S-0001. In progress 3 of 6. Resubmission. "
        "Due Friday 27 Nov. Decision by Fri 4 Dec. 4 of 6 files here."
    )


def test_first_rows_are_shown_at_once_and_refreshed_later(qtbot):
    store = Store([inbox_row(n) for n in range(3)])
    model = model_of(store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_first_rows(list(store.rows.values()))
    assert model.rowCount() == 3
    assert store.asked == []
    store.rows[store.ids[0]] = inbox_row(0, local_state=LocalState.DRAFT, rated=1)
    model.set_ids(store.ids)
    assert model.rowCount() == 3
    store.answer()
    assert model.row_at(0).rated == 1


def test_rows_are_fetched_a_hundred_at_a_time_and_only_when_looked_at(qtbot):
    store = Store([inbox_row(n) for n in range(250)])
    model = model_of(store)
    model.set_ids(store.ids)
    assert [len(ids) for ids, _ in store.asked] == [PAGE_ROWS]
    assert not model.canFetchMore(QModelIndex())
    store.answer()
    assert model.rowCount() == 100
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert [len(ids) for ids, _ in store.asked] == [PAGE_ROWS]
    store.answer()
    model.fetchMore(QModelIndex())
    store.answer()
    assert model.rowCount() == model.total == 250
    assert not model.canFetchMore(QModelIndex())


def test_rows_asked_for_before_a_new_order_are_late_and_dropped(qtbot):
    store = Store([inbox_row(n) for n in range(3)])
    model = model_of(store)
    model.set_ids(store.ids)
    late = store.asked.pop()
    model.set_ids(store.ids[:1])
    late[1](tuple(store.rows.values()))
    assert model.rowCount() == 0
    store.answer()
    assert model.rowCount() == 1


def test_rows_that_go_and_come_keep_their_order(qtbot):
    store = Store([inbox_row(n) for n in range(4)])
    model = model_of(store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_ids(store.ids)
    store.answer()
    model.set_ids([store.ids[2], store.ids[0]])
    store.answer()
    assert [model.row_at(n).id for n in range(2)] == ["id-2", "id-0"]
    assert model.row_of(SubmissionId("id-3")) == -1


def test_headings_stand_once_and_what_is_settled_stands_last(qtbot):
    store = Store(
        [
            inbox_row(1, due=-DAY),
            inbox_row(2, due=-HOUR, local_state=LocalState.WAITING_TO_SEND),
            inbox_row(3, due=HOUR),
            inbox_row(4, due=2 * HOUR),
            inbox_row(5, due=None, status=SubmissionStatus.AWARDED),
            inbox_row(6, due=None, local_state=LocalState.NEEDS_YOU),
        ]
    )
    model = model_of(store)
    model.set_ids(store.ids)
    store.answer()
    assert [model.row_at(n).code for n in range(6)] == [f"S-000{n}" for n in (6, 1, 3, 4, 2, 5)]
    headings = [model.index(n, 0).data(SECTION_ROLE) for n in range(6)]
    assert headings == [
        Section.NEEDS_YOU,
        Section.OVERDUE,
        Section.TODAY,
        None,
        Section.WAITING,
        Section.SETTLED,
    ]


def test_a_date_that_passes_makes_a_row_overdue(qtbot):
    moment = [NOW]
    store = Store([inbox_row(1, due=HOUR)])
    model = InboxModel(store.fetch, lambda: moment[0], zone=LONDON)
    model.set_ids(store.ids)
    store.answer()
    assert model.index(0, 0).data(SECTION_ROLE) is Section.TODAY
    moment[0] = NOW + 2 * HOUR
    model.tick()
    assert model.index(0, 0).data(SECTION_ROLE) is Section.OVERDUE
    assert "Overdue since" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_filter_finds_rows_that_have_not_been_looked_at_yet(qtbot):
    store = Store([inbox_row(n, title="Designing inquiry" if n == 240 else "Other") for n in range(250)])
    model = model_of(store)
    model.set_ids(store.ids)
    store.answer()
    model.set_filter(Show.ALL, "INQUIRY")
    store.answer()
    assert [model.row_at(n).id for n in range(model.rowCount())] == ["id-240"]
    model.set_filter(Show.SETTLED, "")
    assert model.rowCount() == 0
    model.set_filter(Show.ALL, "")
    assert model.rowCount() == 250


@pytest.fixture
def inbox_and_store(qtbot):
    store = Store([inbox_row(n) for n in range(5)])
    made = Inbox(store.fetch, lambda: NOW, zone=LONDON)
    made.resize(900, 600)
    qtbot.addWidget(made)
    made.set_ids(store.ids)
    store.answer()
    made.show()
    qtbot.waitExposed(made)
    return made, store


def test_enter_and_double_click_open_a_submission(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    opened: list[str] = []
    inbox.open_requested.connect(opened.append)
    inbox.focus_list()
    qtbot.keyClick(inbox.list, Qt.Key.Key_Down)
    qtbot.keyClick(inbox.list, Qt.Key.Key_Return)
    place = inbox.list.visualRect(inbox.model.index(2, 0)).center()
    qtbot.mouseClick(inbox.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(inbox.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["id-1", "id-2"]


def test_loading_rows_opens_nothing_and_keeps_the_selection(inbox_and_store, qtbot):
    inbox, store = inbox_and_store
    opened: list[str] = []
    inbox.open_requested.connect(opened.append)
    inbox.list.setCurrentIndex(inbox.model.index(3, 0))
    inbox.set_ids([store.ids[3], *store.ids[:3]])
    store.answer()
    assert inbox.list.currentIndex().row() == 0
    assert inbox.model.row_at(0).id == "id-3"
    assert opened == []


def test_the_empty_inbox_says_why_it_is_empty(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    inbox._filter.setText("no such thing")
    assert "No submission fits." in visible_words(inbox)
    inbox._filter.clear()
    inbox.set_ids([])
    words = visible_words(inbox)
    assert "Nothing waits for you." in words
    assert "New work arrives at the next sync." in words


def test_the_first_sync_shows_its_progress_until_rows_arrive(qtbot):
    store = Store([inbox_row(1)])
    inbox = Inbox(store.fetch, lambda: NOW)
    qtbot.addWidget(inbox)
    inbox.show()
    inbox.show_first_sync(0, 0)
    assert "Asking the platform what waits for you." in visible_words(inbox)
    inbox.show_first_sync(12, 40)
    assert any("12 of 40 files" in text for text in visible_words(inbox))
    inbox.set_ids(store.ids)
    store.answer()
    assert inbox.list.isVisible()
    inbox.set_ids([])
    inbox.end_first_sync()
    assert "Nothing waits for you." in visible_words(inbox)


def test_a_larger_text_gives_taller_rows(inbox_and_store, qtbot, qapp):
    inbox, _ = inbox_and_store
    from assessor_app.ui.theme import Scheme, Theme

    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    before = inbox.list.visualRect(inbox.model.index(1, 0)).height()
    theme.apply(scale_percent=200)
    qtbot.waitUntil(lambda: inbox.list.visualRect(inbox.model.index(1, 0)).height() > 1.6 * before)
    theme.apply(scale_percent=100)


def test_a_mouse_wheel_scrolls_and_chooses_nothing(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    assert not inbox.list.currentIndex().isValid()
    inbox.list.verticalScrollBar().setValue(30)
    assert not inbox.list.currentIndex().isValid()


def visible_words(widget) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize("width", range(560, 760, 8))
def test_a_row_is_high_enough_for_all_of_its_lines(qtbot, width):
    """Dates go below the words in a narrow window: the row must know that before it is painted."""
    rows = [inbox_row(number) for number in range(1, 13)]
    made = Inbox(lambda ids, deliver: deliver(rows), lambda: NOW)
    qtbot.addWidget(made)
    made.resize(width, 400)
    made.set_ids([row.id for row in rows])
    made.show()
    rect = made.list.visualRect(made.model.index(0, 0))
    area, line = _column(QRectF(rect), measures().line), measures().line
    lines = 3.75 if _is_narrow(area.width(), line) else 2.45
    assert rect.height() - heading_height(line, is_first=True) > (lines + 1) * line
