"""Questions and reports in the window: the list, the case beside it, answers, and the keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from assessor_app.cache import cases, outbox, policy
from assessor_app.desk.unlocking import PASSPHRASE_VARIABLE
from assessor_app.domain.case_list import CaseFilter, CaseGroup
from assessor_app.domain.cases import Case, CaseEntry, CaseKind, CaseState, Colleague
from assessor_app.domain.deadlines import Calendar
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.services import reading, team_cases
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.team.case_model import CASE_ROLE
from assessor_app.ui.team.reports_page import ReportsPage
from assessor_app.ui.theme import Theme
from assessor_app.ui.waiting_list import WaitingList
from tests.builders import NOON
from tests.contract.bodies import asked_of
from tests.contract.running import lay, running, serving
from tests.contract.small_content import content
from tests.ui import accessibility_walk
from tests.ui.desks import AT_ONCE, PASSPHRASE, Person, press, words_on

HOUR = timedelta(hours=1)


def case(name: str, kind: CaseKind = CaseKind.FEEDBACK_QUESTION, **changes) -> Case:
    by = {CaseKind.FEEDBACK_QUESTION: "learner", CaseKind.QUESTION: "assessor"}.get(kind, "platform")
    text = "" if by == "platform" else f"Why is {name} so?"
    made = Case(
        id=name,
        kind=kind,
        state=CaseState.OPEN,
        submission_id=SubmissionId(f"sub-{name}"),
        code=f"S-{name}",
        opened_at=NOON - HOUR,
        title="Asking questions",
        entries=(CaseEntry(NOON - HOUR, by, "opened", text),),
    )
    return replace(made, **changes)


@pytest.fixture
def world(make_world):
    made = make_world(Role.LEAD)
    with made.store.write() as txn:
        policy.put_calendar(txn, Calendar(id="c", tz="America/Chicago"))
    return made


def put(world, *made: Case) -> None:
    with world.store.write() as txn:
        for one in made:
            cases.put(txn, one)


@pytest.fixture
def page(qtbot, world) -> Iterator[ReportsPage]:
    made = ReportsPage(world.clock.now, KeyTable())
    qtbot.addWidget(made)
    made.resize(1000, 700)
    yield made
    made.flush()


def begin(qtbot, page: ReportsPage, world) -> None:
    page.show()
    page.activateWindow()
    page.begin(world.lanes)
    with world.store.read() as txn:
        count = len(cases.every(txn))
    qtbot.waitUntil(lambda: page.cases.model.total == count)
    if page.cases.model.rowCount():
        qtbot.waitUntil(page.view.isVisible)


def open_case(qtbot, page: ReportsPage, name: str) -> None:
    page.cases.model.set_filter(CaseFilter(state=None))
    page.cases.choose(name)
    qtbot.waitUntil(lambda: page.view.case is not None and page.view.case.id == name)


def opened(world, name: str):
    found = team_cases.open_case(world.context, name)
    assert found is not None
    return found


def test_the_most_pressing_is_open_and_the_count_is_told(qtbot, page, world):
    told: list[int] = []
    page.open_counted.connect(told.append)
    put(world, case("A"), case("B", due_at=NOON + HOUR), case("C", state=CaseState.CLOSED))
    begin(qtbot, page, world)
    assert page.view.case.id == "B"
    assert "The learner reads this" in words_on(page)
    assert "Why is B so?" in words_on(page)
    assert "your time" in words_on(page) or "Answer by" in words_on(page)
    assert told[-1] == 2
    qtbot.waitUntil(lambda: not page.cases.model.data(page.cases.model.index(0), CASE_ROLE).is_unread)


def test_an_answer_by_keyboard_alone_waits_and_is_taken_back(qtbot, page, world):
    put(world, case("A"))
    begin(qtbot, page, world)
    page.cases.list.setFocus()
    qtbot.keyClick(page.cases.list, Qt.Key.Key_Return)
    assert page.view.reply.edit.hasFocus()
    qtbot.keyClicks(page.view.reply.edit, "The table counts.")
    qtbot.keyClick(page.view.reply.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Waiting to send" in words_on(page.view))
    assert page.view.reply.edit.toPlainText() == ""
    assert page.cases.list.hasFocus()
    # It fits "Open" no more, and stays in sight while it is looked at.
    assert page.cases.model.wanted.state is CaseState.OPEN
    assert page.cases.model.rowCount() == 1
    qtbot.keyClick(
        page.cases.list,
        Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    qtbot.waitUntil(lambda: page.view.reply.edit.toPlainText() == "The table counts.")
    assert opened(world, "A").state is CaseState.OPEN


def test_what_is_typed_is_kept_and_comes_back(qtbot, page, world):
    put(world, case("A"), case("B"))
    begin(qtbot, page, world)
    open_case(qtbot, page, "A")
    page.view.reply.edit.setPlainText("Half a thought")
    open_case(qtbot, page, "B")
    assert page.view.reply.edit.toPlainText() == ""
    qtbot.waitUntil(lambda: opened(world, "A").draft == "Half a thought")
    open_case(qtbot, page, "A")
    assert page.view.reply.edit.toPlainText() == "Half a thought"
    with world.store.read() as txn:
        assert outbox.items(txn) == ()


def test_a_change_of_the_case_leaves_what_is_being_typed_alone(qtbot, page, world):
    put(world, case("A"))
    begin(qtbot, page, world)
    page.view.reply.edit.setPlainText("Half a thought")
    more = (*case("A").entries, CaseEntry(NOON, "learner", "answered", "And this?"))
    put(world, case("A", entries=more))
    page._changed(team_cases._CHANGED)
    qtbot.waitUntil(lambda: "And this?" in words_on(page.view))
    assert page.view.reply.edit.toPlainText() == "Half a thought"


def test_a_likely_name_is_asked_about_and_an_address_refused(qtbot, page, world):
    put(world, case("A"))
    begin(qtbot, page, world)
    reply = page.view.reply
    reply.edit.setPlainText("Ask a@b.example.")
    reply.send()
    qtbot.waitUntil(lambda: "This would say who somebody is" in words_on(page.view))
    assert not reply._go.isVisible()
    reply.edit.setPlainText("Read what Maria Hernandez wrote.")
    assert "This would say" not in words_on(page.view)
    reply.send_and_close()
    qtbot.waitUntil(lambda: "This may name somebody" in words_on(page.view))
    press(qtbot, page.view, "It names nobody: send")
    qtbot.waitUntil(lambda: opened(world, "A").state is CaseState.CLOSED)


@pytest.mark.parametrize(
    ("kind", "reader", "words"),
    [
        (CaseKind.QUESTION, "The assessor reads this", "Question from the team"),
        (CaseKind.IDENTITY_FINDING, "Only the team reads this", "the properties of a PDF"),
        (CaseKind.RECUSAL, "Only the team reads this", "Recognises the work"),
        (CaseKind.MATCH, "Only the team reads this", "Same passages elsewhere"),
        (CaseKind.AT_RISK, "Only the team reads this", "Due soon, and nobody has it"),
    ],
)
def test_each_kind_says_what_it_is_and_who_reads(qtbot, page, world, kind, reader, words):
    detail = (
        ("finding", "pdf_properties"),
        ("reason", "knows_learner"),
        ("risks", "nobody"),
        ("role", "assessor"),
        ("final_at", (NOON + 30 * HOUR).isoformat()),
    )
    put(world, case("A", kind, detail=detail, due_at=NOON + HOUR if kind is CaseKind.AT_RISK else None))
    begin(qtbot, page, world)
    assert reader in words_on(page.view)
    assert words in words_on(page.view)
    assert accessibility_walk.unnamed(page) == []


def test_work_is_given_on_and_closed_cases_open_again(qtbot, page, world):
    people = (Colleague("p-1", 0), Colleague("p-2", 3))
    put(world, case("A", CaseKind.AT_RISK, may_take=people, detail=(("role", "assessor"),)))
    begin(qtbot, page, world)
    offered = [action.text() for action in page.view.reply._menu.actions() if action.text()]
    assert offered == [
        "Whoever may have it and has least to do",
        "An assessor with nothing in hand (p-1)",
        "An assessor with 3 in hand (p-2)",
    ]
    page.view.reply._menu.actions()[-1].trigger()
    qtbot.waitUntil(lambda: opened(world, "A").state is CaseState.ANSWERED)
    assert opened(world, "A").waiting[0].to == "p-2"
    press(qtbot, page.view, "Close")
    qtbot.waitUntil(lambda: opened(world, "A").state is CaseState.CLOSED)
    qtbot.waitUntil(
        lambda: "Open again" in [b.text() for b in page.view.findChildren(QPushButton) if b.isVisible()]
    )
    press(qtbot, page.view, "Open again")
    qtbot.waitUntil(lambda: opened(world, "A").state is CaseState.OPEN)


def test_what_was_not_taken_says_why_and_its_words_come_back(qtbot, page, world):
    put(world, case("A"))
    team_cases.answer(world.context, "A", "The table counts.")
    with world.store.write() as txn:
        [item] = outbox.items(txn)
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.CONFLICT, error="Somebody was quicker. Your words are kept.")
        outbox.put_aside(txn, item.id)
    begin(qtbot, page, world)
    assert "Somebody was quicker" in words_on(page.view)
    press(qtbot, page.view, "Put the words into the box")
    assert page.view.reply.edit.toPlainText() == "The table counts."


def test_chips_and_search_choose_and_an_empty_list_says_why(qtbot, page, world):
    put(world, case("A"), case("B", CaseKind.QUESTION), case("C", state=CaseState.CLOSED))
    begin(qtbot, page, world)
    press(qtbot, page.cases, "From the team 1")
    assert page.cases.model.wanted.groups == {CaseGroup.TEAM}
    assert [page.cases.model.case_at(0).id, page.cases.model.rowCount()] == ["B", 1]
    page.cases.search.setText("nowhere")
    assert "Nothing fits." in words_on(page.cases)
    page.cases.search.clear()
    press(qtbot, page.cases, "From the team 1")
    press(qtbot, page.cases, "Closed 1")
    assert page.cases.model.rowCount() == 1


def test_nothing_at_all_is_said_kindly(qtbot, page, world):
    begin(qtbot, page, world)
    qtbot.waitUntil(lambda: "Nobody waits for you." in words_on(page.cases))
    assert accessibility_walk.unnamed(page) == []


def test_a_thousand_cases_make_no_widget_each(qtbot, page, world):
    put(world, *(case(f"{n:04}") for n in range(1000)))
    before = len(page.findChildren(QPushButton))
    begin(qtbot, page, world)
    assert page.cases.model.rowCount() == 1000
    assert len(page.findChildren(QPushButton)) <= before + 2
    page.cases.search.setText("0999")
    assert page.cases.model.rowCount() == 1


def test_what_waits_leads_back_to_its_case(qtbot, page, world):
    put(world, case("A"), case("B", state=CaseState.CLOSED))
    begin(qtbot, page, world)
    page.show_about("sub-B")
    qtbot.waitUntil(lambda: page.view.case.id == "B")
    page.show_about("sub-nowhere")
    assert page.cases.model.rowCount() == 2
    team_cases.answer(world.context, "A", "The table counts.")
    [(item, title)] = reading.waiting(world.context)
    assert title == "S-A, Asking questions"
    waiting = WaitingList()
    qtbot.addWidget(waiting)
    waiting.show_items((item,), {item.submission_id: title}, world.clock.now())
    waiting.show()
    assert "Answer or other step on S-A, Asking questions" in words_on(waiting)


def test_a_lead_begins_here_answers_and_the_platform_gets_it(qtbot, qapp, tmp_path, monkeypatch):
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    lay(tmp_path / "platform", content)
    lead = Person(qtbot, Theme(qapp), tmp_path / "profile", role=Role.LEAD)
    lead.make_key()
    with serving() as server, running(server, tmp_path / "platform") as served:
        asked_of(served, "Why is the second plan not enough?")
        lead.origin = served.origin
        desk = lead.sit_down(replace(AT_ONCE, account="lena"))
        lead.wait(lambda: "Why is the second plan not enough?" in words_on(desk.window))
        places = desk.window.navigation.findChildren(QPushButton)
        lead.wait(lambda: "Questions and reports  1" in [button.text() for button in places])
        edit = next(e for e in desk.window.findChildren(QPlainTextEdit) if e.isVisible())
        qtbot.keyClicks(edit, "It shows one phase only.")
        press(qtbot, desk.window, "Answer and close")
        lead.wait(lambda: "Questions and reports" in [button.text() for button in places])
        desk.sync_now()
        lena = served.client("lena")
        lead.wait(lambda: lena.get("/v1/cases").json()["cases"][0]["state"] == "closed")
        desk.window.show_place("waiting")
        lead.wait(lambda: "Answer or other step on" in words_on(desk.window.waiting))
        press(qtbot, desk.window.waiting, "Open")
        lead.wait(lambda: "It shows one phase only." in words_on(desk.window))
        assert desk.window.workspace() is None
        lead.leave()


def test_a_lock_forgets_what_was_shown(qtbot, page, world):
    put(world, case("A"))
    begin(qtbot, page, world)
    page.view.reply.edit.setPlainText("Half a thought")
    page.forget()
    assert "Why is A so?" not in words_on(page)
    qtbot.waitUntil(lambda: opened(world, "A").draft == "Half a thought")
    page.begin(world.lanes)
    qtbot.waitUntil(lambda: "Why is A so?" in words_on(page))
