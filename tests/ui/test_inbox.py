"""The inbox: words for dates and states, filters, groups and opening by keyboard."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QLocale, QRectF, Qt
from PySide6.QtWidgets import QPushButton

from assessor_app.domain.deadlines import Calendar
from assessor_app.domain.downloads import Hold
from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox import LocalState
from assessor_app.domain.inbox_filter import InboxFilter, Kind, SavedView, Show
from assessor_app.domain.inbox_groups import Group, InboxOrder, days_of, group_of
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_model import HEADING_ROLE
from assessor_app.ui.inbox_row import _column, _is_narrow, measures
from assessor_app.ui.inbox_words import (
    Said,
    due_said,
    evidence_said,
    limits_said,
    risk_said,
    sentence,
    size_said,
    state_said,
)
from assessor_app.ui.row_clock import RowClock
from tests.inbox_rows import LaterStore, inbox_row

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _english():
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("due", "words", "tone", "group"),
    [
        (7.5 * HOUR, "Due today 17:00", "warning", Group.TODAY),
        (1 * DAY, "Due tomorrow 09:30", "text", Group.TOMORROW),
        (2 * DAY, "Due Thursday 26 Nov", "text", Group.WEEK),
        (9 * DAY, "Due Thu 3 Dec", "text", Group.LATER),
        (-3 * HOUR, "Overdue since 06:30", "danger", Group.OVERDUE),
        (-3 * DAY, "Overdue since Saturday 21 Nov", "danger", Group.OVERDUE),
        (400 * DAY, "Due 29 Dec 2027", "text", Group.LATER),
    ],
)
def test_due_dates_are_said_as_people_say_them(due, words, tone, group):
    row = inbox_row(due=due)
    said = due_said(row, RowClock(NOW, LONDON))
    assert said is not None
    assert (said.text, said.tone) == (words, tone)
    assert group_of(row, days_of(NOW, LONDON)) is group


def test_dates_are_those_of_the_persons_zone():
    row = inbox_row(due=timedelta(hours=16))
    there, here = (
        due_said(row, RowClock(NOW, ZoneInfo("Pacific/Auckland"))),
        due_said(row, RowClock(NOW, LONDON)),
    )
    assert there is not None
    assert here is not None
    assert there.text == "Due tomorrow 14:30"
    assert here.text == "Due tomorrow 01:30"
    assert group_of(inbox_row(due=timedelta(hours=14)), days_of(NOW, LONDON)) is Group.TODAY
    assert (
        group_of(inbox_row(due=timedelta(hours=14)), days_of(NOW, ZoneInfo("Asia/Tokyo"))) is Group.TOMORROW
    )


def test_quiet_dates_never_say_lease():
    row = inbox_row(lease_until=NOW + 2 * DAY + 7.5 * HOUR)
    assert limits_said(row, RowClock(NOW, LONDON)) == ("Decision by Fri 4 Dec", "yours until Thursday 17:00")


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


@pytest.mark.parametrize(
    ("hold", "words"),
    [
        (Hold.LARGE, "480 MB over your limit"),
        (Hold.METERED, "480 MB wait for a connection that is not metered"),
        (Hold.QUOTA, "no room for 480 MB"),
        (Hold.DISK, "the disk is too full for 480 MB"),
        (Hold.PAUSED, "downloads are paused"),
    ],
)
def test_a_row_says_why_not_all_is_here(hold, words):
    said = evidence_said(inbox_row(hold=hold, held_bytes=480_000_000))
    assert said is not None
    assert said.text == f"4 of 6 files here, {words}"


def test_a_row_is_one_full_sentence_for_a_screen_reader():
    row = inbox_row(local_state=LocalState.DRAFT, rated=3, is_resubmission=True)
    assert sentence(row, RowClock(NOW, LONDON), {}) == (
        "Asking questions that make thinking visible, S-0001. In progress 3 of 6. Resubmission. "
        "Due Friday 27 Nov. Decision by Fri 4 Dec. 4 of 6 files here."
    )


@pytest.fixture
def inbox_and_store(qtbot):
    store = LaterStore([inbox_row(n) for n in range(5)])
    made = Inbox(store.fetch, lambda: NOW, zone=LONDON)
    made.resize(900, 600)
    qtbot.addWidget(made)
    made.set_order(store.order)
    store.answer()
    made.show()
    qtbot.waitExposed(made)
    return made, store


def test_enter_and_double_click_open_a_submission(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    opened: list[str] = []
    inbox.open_requested.connect(opened.append)
    inbox.focus_list()
    qtbot.keyClick(inbox.list, Qt.Key.Key_Return)
    place = inbox.list.visualRect(inbox.model.index(2, 0)).center()
    qtbot.mouseClick(inbox.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(inbox.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["id-0", "id-1"]


def test_loading_rows_opens_nothing_and_keeps_the_selection(inbox_and_store, qtbot):
    inbox, store = inbox_and_store
    opened: list[str] = []
    inbox.open_requested.connect(opened.append)
    inbox.list.setCurrentIndex(inbox.model.index(4, 0))
    inbox.set_order(store.order_of([store.ids[3], *store.ids[:3]]))
    store.answer()
    assert inbox.list.currentIndex().row() == 1
    assert inbox.model.row_at(1).id == "id-3"
    assert opened == []


def test_coming_back_with_ctrl_still_down_chooses_one_row_alone(inbox_and_store, qtbot):
    inbox, store = inbox_and_store
    inbox.list.choose(1)
    qtbot.keyPress(inbox, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    try:
        inbox.list.choose(3)
        inbox.set_order(store.order_of(store.ids))
        store.answer()
        assert [index.row() for index in inbox.list.selectionModel().selectedRows()] == [3]
    finally:
        qtbot.keyRelease(inbox, Qt.Key.Key_W)


def test_the_empty_inbox_says_why_it_is_empty(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    inbox._filter.setText("no such thing")
    inbox.set_order(InboxOrder(total=5))
    assert "No submission fits." in visible_words(inbox)
    inbox._filter.clear()
    inbox.set_order(InboxOrder())
    words = visible_words(inbox)
    assert "Nothing waits for you." in words
    assert "New work arrives at the next sync." in words


def test_the_first_sync_shows_its_progress_until_rows_arrive(qtbot):
    store = LaterStore([inbox_row(1)])
    inbox = Inbox(store.fetch, lambda: NOW)
    qtbot.addWidget(inbox)
    inbox.show()
    inbox.show_first_sync(0, 0)
    assert "Asking the platform what waits for you." in visible_words(inbox)
    inbox.show_first_sync(12, 40)
    assert any("12 of 40 files" in text for text in visible_words(inbox))
    inbox.set_order(store.order)
    store.answer()
    assert inbox.list.isVisible()
    inbox.set_order(InboxOrder())
    inbox.end_first_sync()
    assert "Nothing waits for you." in visible_words(inbox)


def test_a_larger_text_gives_taller_rows(inbox_and_store, qtbot, theme):
    inbox, _ = inbox_and_store
    before = inbox.list.visualRect(inbox.model.index(1, 0)).height()
    theme.apply(scale_percent=200)
    qtbot.waitUntil(lambda: inbox.list.visualRect(inbox.model.index(1, 0)).height() > 1.6 * before)


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
    made.set_order(InboxOrder.of_rows(rows))
    made.show()
    rect = made.list.visualRect(made.model.index(1, 0))
    area, line = _column(QRectF(rect), measures().line), measures().line
    lines = 3.75 if _is_narrow(area.width(), line) else 2.45
    assert rect.height() > (lines + 1) * line


CHICAGO = Calendar("cal-1", "America/Chicago")


def said(found: Said | None) -> str:
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-11-24T17:00", "Due today 23:00 your time, 17:00 Chicago"),
        ("2026-11-24T19:00", "Due tomorrow 01:00 your time, Tue 19:00 Chicago"),
        ("2026-11-27T17:00", "Due Fri 27 Nov 23:00 your time, 17:00 Chicago"),
        ("2026-11-23T17:00", "Overdue since yesterday 23:00"),
        # Between the changes of both clocks they are five hours apart and not six.
        ("2027-03-15T17:00", "Due Mon 15 Mar 22:00 your time, 17:00 Chicago"),
    ],
)
def test_a_date_is_told_in_both_zones_where_they_differ(due, words):
    moment = datetime.fromisoformat(due).replace(tzinfo=ZoneInfo("America/Chicago")).astimezone(UTC)
    row = inbox_row(due=moment - NOW)
    here, there = RowClock(NOW, LONDON, CHICAGO), RowClock(NOW, ZoneInfo("America/Winnipeg"), CHICAGO)
    assert said(due_said(row, here)) == words
    # Another name of the same hours is no other zone.
    assert "your time" not in said(due_said(row, there))


def test_what_is_at_risk_says_why_and_how_much_there_is_to_do():
    clock = RowClock(NOW, LONDON, CHICAGO)
    row = inbox_row(due=DAY, pages=12, recordings=2, recorded_ms=200_000)
    assert said(risk_said(row, clock)) == "At risk: not started"
    assert said(size_said(row)) == "12 pages, 2 recordings, 3 min"
    assert "At risk: not started. " in sentence(row, clock, {})
    assert "12 pages, 2 recordings, 3 min. " in sentence(row, clock, {})
    later = inbox_row(due=6 * DAY, lease_until=NOW + DAY)
    assert said(risk_said(later, clock)) == "At risk: yours ends before it is due"
    assert risk_said(inbox_row(due=6 * DAY), clock) is None
    assert said(size_said(inbox_row(pages=1, recordings=1))) == "1 page, 1 recording"
    assert said(size_said(inbox_row(recordings=1, recorded_ms=1000))) == "1 min of media"
    assert size_said(inbox_row()) is None


def test_headings_are_gone_over_and_folded_by_keyboard(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    inbox.focus_list()
    qtbot.keyClick(inbox.list, Qt.Key.Key_Up)
    assert inbox.list.currentIndex().data(HEADING_ROLE) is Group.WEEK
    qtbot.keyClick(inbox.list, Qt.Key.Key_Return)
    assert inbox.model.rowCount() == 1
    qtbot.keyClick(inbox.list, Qt.Key.Key_Right)
    assert inbox.model.rowCount() == 6
    qtbot.keyClick(inbox.list, Qt.Key.Key_End)
    qtbot.keyClick(inbox.list, Qt.Key.Key_Left)
    assert inbox.model.folded == {Group.WEEK}
    assert inbox.list.currentIndex().data(HEADING_ROLE) is Group.WEEK


def test_a_click_on_a_heading_folds_it_and_a_heading_is_never_opened(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    opened: list[str] = []
    inbox.open_requested.connect(opened.append)
    place = inbox.list.visualRect(inbox.model.index(0, 0)).center()
    qtbot.mouseClick(inbox.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert inbox.model.folded == {Group.WEEK}
    assert opened == []


def test_layers_and_words_are_combined_and_taken_off_one_by_one(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    asked: list[InboxFilter] = []
    inbox.filter_changed.connect(asked.append)
    inbox.bar.set_filter(InboxFilter(show=Show.TO_DO, at_risk=True))
    inbox._filter.setFocus()
    qtbot.keyClicks(inbox._filter, "ab")
    assert asked[-1] == InboxFilter(show=Show.TO_DO, at_risk=True, text="ab")
    for left in (InboxFilter(show=Show.TO_DO, at_risk=True), InboxFilter(show=Show.TO_DO), InboxFilter()):
        qtbot.keyClick(inbox._filter, Qt.Key.Key_Escape)
        assert asked[-1] == inbox.wanted == left
    assert inbox._filter.text() == ""
    qtbot.keyClick(inbox._filter, Qt.Key.Key_Escape)
    assert inbox.list.hasFocus()


def chip(inbox: Inbox, words: str) -> QPushButton:
    chips = [b for b in inbox.bar.findChildren(QPushButton) if not b.isHidden()]
    return next(b for b in chips if words in (b.text(), b.accessibleName()))


def test_chips_say_what_is_held_back_and_take_it_off(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    inbox.bar.set_titles({MicrocredentialId("mc-1"): "Asking & answering"})
    wanted = InboxFilter(microcredentials=(MicrocredentialId("mc-1"),), due=(Group.OVERDUE, Group.TODAY))
    inbox.bar.set_filter(wanted)
    assert chip(inbox, "Take off the filter Overdue or Due today").isChecked()
    chip(inbox, "Take off the filter Asking & answering").click()
    assert inbox.wanted == InboxFilter(due=(Group.OVERDUE, Group.TODAY))
    chip(inbox, "In progress").click()
    assert inbox.wanted.show is Show.IN_PROGRESS
    chip(inbox, "All").click()
    assert inbox.wanted == InboxFilter()


def test_a_saved_view_is_one_chip(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    view = SavedView("v1", "Before the weekend", InboxFilter(at_risk=True, text="plan"))
    inbox.bar.set_views([view])
    chip(inbox, "View Before the weekend").click()
    assert inbox.wanted == view.wanted
    assert inbox._filter.text() == "plan"
    with pytest.raises(StopIteration):
        chip(inbox, "Take off the filter At risk")
    chip(inbox, "View Before the weekend").click()
    assert inbox.wanted == InboxFilter()


def test_the_menu_puts_layers_on(inbox_and_store, qtbot):
    inbox, _ = inbox_and_store
    inbox.bar.set_titles({MicrocredentialId("mc-1"): "Asking questions"})
    menu = inbox.bar._menu

    def pick(*path: str) -> None:
        menu.offer(inbox.wanted, inbox.bar.titles, has_views=False)
        here = menu
        for words in path[:-1]:
            here = next(a for a in here.actions() if a.text() == words).menu()
        next(a for a in here.actions() if a.text() == path[-1]).trigger()

    pick("Micro-credential", "Asking questions")
    pick("Due", "Due tomorrow")
    pick("Due", "Overdue")
    pick("New, resubmission or returned", "Resubmission")
    pick("With recordings")
    assert inbox.wanted == InboxFilter(
        microcredentials=(MicrocredentialId("mc-1"),),
        due=(Group.OVERDUE, Group.TOMORROW),
        kinds=(Kind.RESUBMISSION,),
        has_recordings=True,
    )
    pick("Due", "Overdue")
    assert inbox.wanted.due == (Group.TOMORROW,)
    pick("Clear all filters")
    assert inbox.wanted == InboxFilter()


def test_a_known_reason_for_a_delay_is_said():
    thanksgiving = frozenset({date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28)})
    clock = RowClock(NOW, LONDON, Calendar("c", "America/Chicago", holidays=thanksgiving))
    row = inbox_row(due=7 * DAY, received_at=NOW - DAY)
    # The Saturday would have been free anyway.
    assert limits_said(row, clock) == ("Decision by Fri 4 Dec", "2 holidays in between")
    near = inbox_row(due=2 * DAY, received_at=NOW - DAY)
    assert limits_said(near, clock)[-1] == "a holiday in between"
    assert limits_said(inbox_row(due=DAY, received_at=NOW - DAY), clock) == ("Decision by Fri 4 Dec",)
    assert limits_said(inbox_row(due=None, received_at=NOW), clock) == ("Decision by Fri 4 Dec",)
