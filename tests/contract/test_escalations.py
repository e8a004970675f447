"""Questions and reports: what opens one, what is added to it, and who sees it."""

from __future__ import annotations

from typing import Any

import pytest

from reference_platform import cases
from reference_platform.models import TeamCase
from reference_platform.problems import Problem
from tests.contract.bodies import cases_of, code_of, escalation
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import ARTIFACT, CRITERIA, FIRST, QUEUED


def ask(client: Client, body: dict[str, Any] | None = None, *, key: str | None = None) -> Any:
    return client.write("POST", "/v1/escalations", body or escalation(), key=key)


def add(platform: Running, case_id: str, action: Any, *, by: Any = "lead", **fields: Any) -> None:
    """Add to a case as a route does it."""
    with platform.platform.database.write() as session:
        case = session.get_one(TeamCase, case_id)
        cases.append(session, platform.clock.now(), case, action, by=by, **fields)


@pytest.mark.parametrize("kind", ["question", "integrity", "fault"])
def test_the_lead_and_the_opener_see_it_and_nobody_else(platform: Running, anna: Client, kind: str) -> None:
    body = escalation(kind=kind, criterion_id=CRITERIA[1], source_id=ARTIFACT)
    answer = ask(anna, body)
    assert (answer.status_code, answer.json()["effect"]) == (201, "escalation-received")
    assert answer.json()["submission_id"] == FIRST
    [told] = cases_of(platform.client("lena"))
    assert told == cases_of(anna)[0] == anna.get("/v1/escalations").json()["cases"][0]
    assert (told["id"], told["kind"], told["state"]) == (body["id"], kind, "open")
    assert (told["criterion_id"], told["source_id"]) == (CRITERIA[1], ARTIFACT)
    said = [(entry["by"], entry["action"], entry["text"]) for entry in told["entries"]]
    assert said == [("assessor", "opened", "Does this count?")]
    assert "a-anna" not in answer.text + str(told)
    for other in ("otto", "both", "bert"):
        assert cases_of(platform.client(other)) == []
        assert platform.client(other).get("/v1/escalations").json() == {"cases": []}


def test_a_repeat_has_one_effect(anna: Client) -> None:
    body, key = escalation(), new_id()
    first = ask(anna, body, key=key)
    again = ask(anna, body, key=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert code_of(ask(anna, {**body, "text": "Other words."}, key=key)) == (422, "key-reused")
    assert code_of(ask(anna, body)) == (409, "id-taken")
    assert len(cases_of(anna)) == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"text": "  \n"}, "/text"),
        ({"criterion_id": "other"}, "/criterion_id"),
        ({"source_id": "other"}, "/source_id"),
        ({"kind": "match"}, "/kind"),
        ({"opened_by": "a-bert"}, "/opened_by"),
    ],
)
def test_what_does_not_fit_is_named(anna: Client, changes: dict[str, Any], pointer: str) -> None:
    answer = ask(anna, escalation(**changes))
    assert code_of(answer) == (422, "validation")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert cases_of(anna) == []


def test_only_whose_work_it_is_asks(platform: Running, anna: Client, otto: Client) -> None:
    assert code_of(ask(platform.client("bert"))) == (403, "not-assigned")
    assert code_of(ask(anna, escalation(QUEUED))) == (403, "not-assigned")
    assert code_of(ask(anna, escalation(new_id()))) == (404, "not-found")
    assert ask(otto).status_code == 201
    assert cases_of(otto)[0]["entries"][0]["by"] == "approver"


def test_an_answer_and_asking_on_change_the_state(platform: Running, anna: Client) -> None:
    body = escalation()
    ask(anna, body)
    _, cursor = anna.changes()
    for action, by, state in (
        ("answered", "lead", "answered"),
        ("answered", "assessor", "open"),
        ("answered", "lead", "answered"),
        ("answered", "lead", "answered"),
        ("closed", "lead", "closed"),
        ("reopened", "lead", "open"),
    ):
        add(platform, body["id"], action, by=by, text=f"{by} says")
        [change], cursor = anna.changes(cursor)
        assert (change["data"]["state"], change["data"]["entries"][-1]["by"]) == (state, by)
    assert len(cases_of(anna)[0]["entries"]) == 7


def test_a_reassignment_keeps_the_state_and_a_closed_case_takes_nothing(
    platform: Running, anna: Client
) -> None:
    body = escalation()
    ask(anna, body)
    add(platform, body["id"], "reassigned", assigned_to="a-lena")
    assert (cases_of(anna)[0]["assigned_to"], cases_of(anna)[0]["state"]) == ("a-lena", "open")
    with pytest.raises(Problem) as open_already:
        add(platform, body["id"], "reopened")
    add(platform, body["id"], "closed")
    for action in ("answered", "closed", "reassigned"):
        with pytest.raises(Problem) as closed:
            add(platform, body["id"], action)
        assert (closed.value.status, closed.value.code) == (409, "state")
    assert (open_already.value.status, open_already.value.code) == (409, "state")


def test_a_withdrawn_submission_takes_no_question(platform: Running, anna: Client) -> None:
    with platform.platform.database.write() as session:
        session.connection().exec_driver_sql("UPDATE submission SET status = 'withdrawn'")
    assert code_of(ask(anna)) == (410, "withdrawn")


def words(
    client: Client, case_id: str, text: str = "And page 4?", *, key: str | None = None, **fields: Any
) -> Any:
    body = {"action": "answer", "text": text, **fields}
    return client.write("POST", f"/v1/escalations/{case_id}/words", body, key=key)


def test_who_opened_it_asks_on(platform: Running, anna: Client, otto: Client) -> None:
    body, key = escalation(), new_id()
    ask(anna, body)
    add(platform, body["id"], "answered", text="Yes.")
    first, again = words(anna, body["id"], key=key), words(anna, body["id"], key=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.json()["effect"] == "words-received"
    [case] = cases_of(anna)
    assert (case["state"], len(case["entries"]), case["entries"][-1]["text"]) == ("open", 3, "And page 4?")
    assert code_of(words(otto, body["id"])) == (404, "not-found")
    assert code_of(words(anna, new_id())) == (404, "not-found")
    assert code_of(words(platform.client("lena"), body["id"])) == (403, "not-assigned")
    assert code_of(words(anna, body["id"], " ")) == (422, "validation")
    assert code_of(words(anna, body["id"], action="close")) == (422, "validation")
    add(platform, body["id"], "closed")
    assert code_of(words(anna, body["id"])) == (409, "state")
