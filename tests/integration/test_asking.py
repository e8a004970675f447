"""Questions and reports between somebody who judges and the lead, over a real platform."""

from __future__ import annotations

from typing import Any

import pytest

from assessor_app.cache import outbox
from assessor_app.domain.cases import CaseKind, CaseState
from assessor_app.errors import NotAllowed
from assessor_app.services import asking, inbox_reading
from assessor_app.services.context import Context
from assessor_app.services.views import Thread
from assessor_app.ui.inbox_words import state_said
from reference_platform import cases
from reference_platform.models import TeamCase
from tests.contract.bodies import cases_of
from tests.contract.running import Running
from tests.contract.small_content import ARTIFACT, CRITERIA
from tests.integration.at_work import FIRST_ID, answers_lost, assess_and_send, opened, sync, synced


def lead_says(platform: Running, action: Any, text: str) -> None:
    platform.clock.move(minutes=5)
    with platform.platform.database.write() as session:
        (case,) = session.query(TeamCase).all()
        cases.append(session, platform.clock.now(), case, action, by="lead", text=text)


def only(context: Context) -> Thread:
    (thread,) = asking.threads(context, FIRST_ID)
    return thread


def said(thread: Thread) -> list[tuple[str, str]]:
    return [(entry.by, entry.text) for entry in thread.case.entries]


def state(context: Context) -> str:
    (row,) = inbox_reading.rows(context, [FIRST_ID])
    return state_said(row, {}).text


def test_a_question_waits_is_sent_is_answered_and_goes_on(anna: Context, platform: Running) -> None:
    where = {"criterion_id": CRITERIA[0], "source_id": ARTIFACT}
    asking.ask(anna, FIRST_ID, CaseKind.QUESTION, " Does page 3 count? ", **where)
    thread = only(anna)
    assert [(w.text, w.is_sent) for w in thread.waiting] == [("Does page 3 count?", False)]
    assert (thread.case.criterion_id, thread.case.source_id) == (CRITERIA[0], ARTIFACT)
    synced(anna)
    assert said(only(anna)) == [("assessor", "Does page 3 count?")]
    assert only(anna).waiting == ()
    assert state(anna) == "New"
    lead_says(platform, "answered", "Yes, it does.")
    synced(anna)
    assert (opened(anna).unread_answers, only(anna).unread) == (1, 1)
    assert state(anna).startswith("The team lead has answered")
    assert asking.read_answers(anna, FIRST_ID)
    assert not asking.read_answers(anna, FIRST_ID)
    assert (opened(anna).unread_answers, state(anna)) == (0, "New")
    asking.ask_on(anna, FIRST_ID, only(anna).case.id, "And page 4?")
    assert [w.text for w in only(anna).waiting] == ["And page 4?"]
    platform.clock.move(minutes=5)
    synced(anna)
    assert said(only(anna))[-1] == ("assessor", "And page 4?")
    assert (only(anna).waiting, only(anna).case.state) == ((), CaseState.OPEN)
    assert opened(anna).unread_answers == 0
    lead_says(platform, "answered", "Page 4, too.")
    synced(anna)
    assert opened(anna).unread_answers == 1


def test_what_the_platform_has_confirmed_is_shown_before_it_hands_it_back(anna: Context) -> None:
    asking.ask(anna, FIRST_ID, CaseKind.INTEGRITY, "The photographs look the same.")
    with answers_lost(lambda method, path: path.startswith("/v1/sync")):
        sync(anna)
    assert [(w.text, w.is_sent) for w in only(anna).waiting] == [("The photographs look the same.", True)]


def test_words_for_a_closed_question_are_kept_and_said_not_to_be_taken(
    anna: Context, platform: Running
) -> None:
    asking.ask(anna, FIRST_ID, CaseKind.FAULT, "The file does not open.")
    synced(anna)
    asking.ask_on(anna, FIRST_ID, only(anna).case.id, "It still does not.")
    lead_says(platform, "closed", "It was sent anew.")
    synced(anna)
    thread = only(anna)
    assert thread.case.state is CaseState.CLOSED
    assert [w.text for w in thread.waiting] == ["It still does not."]
    assert "closed this meanwhile" in thread.waiting[0].trouble
    # It stands in nobody's way.
    assess_and_send(anna)
    with anna.store.read() as txn:
        assert outbox.items(txn) == ()
    assert len(cases_of(platform.client("lena"))) == 1


def test_several_questions_wait_and_none_takes_another_ones_place(anna: Context, platform: Running) -> None:
    for number in range(3):
        asking.ask(anna, FIRST_ID, CaseKind.QUESTION, f"Question {number}")
    assert len(asking.threads(anna, FIRST_ID)) == 3
    synced(anna)
    assert len(cases_of(platform.client("lena"))) == 3


def test_nothing_is_asked_without_words(anna: Context) -> None:
    with pytest.raises(NotAllowed, match="nothing to send"):
        asking.ask(anna, FIRST_ID, CaseKind.QUESTION, " \n")
    with pytest.raises(NotAllowed, match="nothing to send"):
        asking.ask_on(anna, FIRST_ID, "x", "")
    with pytest.raises(ValueError, match="nobody asks"):
        asking.ask(anna, FIRST_ID, CaseKind.MATCH, "x")
