"""The inbox as a model: headings with counts, fetching by pages, late answers, folding."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import LocalState
from assessor_app.domain.inbox_groups import Group
from assessor_app.domain.states import SubmissionStatus
from assessor_app.ui.inbox_model import HEADING_ROLE, PAGE_ROWS, InboxModel
from tests.inbox_rows import NOW, LaterStore, inbox_row

LONDON = ZoneInfo("Europe/London")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def model_of(store: LaterStore) -> InboxModel:
    return InboxModel(store.fetch, lambda: NOW, zone=LONDON)


def headings(model: InboxModel) -> list[Group | None]:
    return [model.index(n, 0).data(HEADING_ROLE) for n in range(model.rowCount())]


def test_first_rows_are_shown_at_once_and_refreshed_later(qtbot):
    store = LaterStore([inbox_row(n) for n in range(3)])
    model = model_of(store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_first_rows(list(store.rows.values()))
    assert model.rowCount() == 4
    assert store.asked == []
    store.rows[store.ids[0]] = inbox_row(0, local_state=LocalState.DRAFT, rated=1)
    model.set_order(store.order)
    assert model.rowCount() == 4
    store.answer()
    assert [row.rated for row in model.shown_rows()] == [1, 0, 0]


def test_rows_are_fetched_a_hundred_at_a_time_and_only_when_looked_at(qtbot):
    store = LaterStore([inbox_row(n) for n in range(250)])
    model = model_of(store)
    model.set_order(store.order)
    assert [len(ids) for ids, _ in store.asked] == [PAGE_ROWS - 1]  # and a heading
    assert not model.canFetchMore(QModelIndex())
    store.answer()
    assert model.rowCount() == 100
    assert model.counts == {Group.WEEK: 250}
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert [len(ids) for ids, _ in store.asked] == [PAGE_ROWS]
    store.answer()
    model.fetchMore(QModelIndex())
    store.answer()
    assert model.rowCount() == model.total + 1 == 251
    assert not model.canFetchMore(QModelIndex())


def test_rows_asked_for_before_a_new_order_are_late_and_dropped(qtbot):
    store = LaterStore([inbox_row(n) for n in range(3)])
    model = model_of(store)
    model.set_order(store.order)
    late = store.asked.pop()
    model.set_order(store.order_of(store.ids[:1]))
    late[1](tuple(store.rows.values()))
    assert model.rowCount() == 0
    store.answer()
    assert model.rowCount() == 2


def test_rows_that_go_and_come_keep_their_order(qtbot):
    store = LaterStore([inbox_row(n) for n in range(4)])
    model = model_of(store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_order(store.order)
    store.answer()
    model.set_order(store.order_of([store.ids[2], store.ids[0]]))
    store.answer()
    assert [row.id for row in model.shown_rows()] == ["id-2", "id-0"]
    assert model.row_of(SubmissionId("id-3")) == -1


def full_store() -> LaterStore:
    return LaterStore(
        [
            inbox_row(6, due=None, local_state=LocalState.NEEDS_YOU),
            inbox_row(1, due=-DAY),
            inbox_row(3, due=HOUR),
            inbox_row(4, due=2 * HOUR),
            inbox_row(2, due=-HOUR, local_state=LocalState.WAITING_TO_SEND),
            inbox_row(5, due=None, status=SubmissionStatus.AWARDED),
        ]
    )


def test_each_group_has_a_heading_with_its_count(qtbot):
    store = full_store()
    model = model_of(store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_order(store.order)
    store.answer()
    assert [row.code for row in model.shown_rows()] == [f"S-000{n}" for n in (6, 1, 3, 4, 2, 5)]
    assert headings(model) == [
        *(Group.NEEDS_YOU, None),
        *(Group.OVERDUE, None),
        *(Group.TODAY, None, None),
        *(Group.WAITING, None),
        *(Group.SETTLED, None),
    ]
    said = model.index(model.row_of(Group.TODAY), 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Due today, 2 submissions"


def test_a_folded_group_is_its_heading_alone_and_keeps_its_count(qtbot):
    store = full_store()
    model = model_of(store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_order(store.order)
    store.answer()
    model.set_folded(Group.TODAY, True)
    place = model.row_of(Group.TODAY)
    assert headings(model)[place : place + 2] == [Group.TODAY, Group.WAITING]
    assert model.counts[Group.TODAY] == 2
    assert "folded" in model.index(place, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    model.set_order(store.order)
    store.answer()
    assert model.folded == {Group.TODAY}
    model.set_folded(Group.TODAY, False)
    assert len(model.shown_rows()) == 6


def test_folding_what_is_long_brings_what_is_behind_it(qtbot):
    rows = [inbox_row(n, due=HOUR) for n in range(250)] + [
        inbox_row(900, due=DAY),
        inbox_row(901, due=2 * DAY),
    ]
    store = LaterStore(rows)
    model = model_of(store)
    model.set_order(store.order)
    store.answer()
    assert set(headings(model)) == {Group.TODAY, None}
    model.set_folded(Group.TODAY, True)
    store.answer()
    assert headings(model) == [Group.TODAY, Group.TOMORROW, None, Group.WEEK, None]


def test_every_group_folded_leaves_the_headings(qtbot):
    store = full_store()
    model = model_of(store)
    model.set_order(store.order)
    store.answer()
    for group in tuple(model.counts):
        model.set_folded(group, True)
    assert headings(model) == [Group.NEEDS_YOU, Group.OVERDUE, Group.TODAY, Group.WAITING, Group.SETTLED]


def test_what_the_store_has_no_row_of_is_left_out(qtbot):
    store = LaterStore([inbox_row(n) for n in range(3)])
    model = model_of(store)
    order = store.order
    gone = store.ids[1]
    del store.rows[gone]
    model.set_order(order)
    store.answer()
    assert [row.id for row in model.shown_rows()] == ["id-0", "id-2"]
    assert (model.counts[Group.WEEK], model.fitting) == (2, 2)


def test_a_date_that_passes_makes_a_row_overdue(qtbot):
    moment = [NOW]
    store = LaterStore([inbox_row(1, due=HOUR)])
    model = InboxModel(store.fetch, lambda: moment[0], zone=LONDON)
    model.set_order(store.order)
    store.answer()
    assert headings(model) == [Group.TODAY, None]
    moment[0] = NOW + 2 * HOUR
    model.tick()
    assert headings(model) == [Group.OVERDUE, None]
    assert "Overdue since" in model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_night_turns_tomorrow_into_today(qtbot):
    moment = [NOW]
    store = LaterStore([inbox_row(1, due=DAY)])
    model = InboxModel(store.fetch, lambda: moment[0], zone=LONDON)
    model.set_order(store.order)
    store.answer()
    assert headings(model)[0] is Group.TOMORROW
    moment[0] = NOW + 15 * HOUR
    model.tick()
    assert headings(model)[0] is Group.TODAY


def test_groups_are_those_of_the_platforms_clock(qtbot):
    store = LaterStore([inbox_row(1, due=DAY)])
    model = InboxModel(store.fetch, lambda: NOW - 3650 * DAY, zone=LONDON)
    model.lead = 3650 * DAY
    model.set_order(store.order)
    store.answer()
    assert headings(model)[0] is Group.TOMORROW
