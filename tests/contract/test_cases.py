"""What a lead does with questions and reports: roles, order, repeats, and to whom work may be given."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Stage
from reference_platform import loading
from reference_platform.colleagues import pseudonym
from reference_platform.models import Account, Assignment, AuditEntry, Submission, TeamCase
from reference_platform.seeding import SeedActor
from tests.contract.bodies import act, asked_of, cases_of, code_of, escalation, sent
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import ARTIFACT, CANARIES, CRITERIA, FIRST, NOW, QUEUED


@pytest.fixture
def lena(platform: Running) -> Client:
    """The lead."""
    return platform.client("lena")


def asked_by(client: Client, **changes: Any) -> str:
    body = escalation(**changes)
    assert client.write("POST", "/v1/escalations", body).status_code == 201
    return str(body["id"])


def case(client: Client, case_id: str) -> dict[str, Any]:
    return next(told for told in cases_of(client) if told["id"] == case_id)


def at_risk(client: Client, submission_id: str = FIRST) -> dict[str, Any] | None:
    found = [c for c in cases_of(client) if (c["kind"], c["submission_id"]) == ("at_risk", submission_id)]
    assert len(found) <= 1
    return found[0] if found else None


def holders(platform: Running, submission_id: str, role: Role = Role.ASSESSOR) -> set[str]:
    with platform.platform.database.read() as session:
        rows = session.query(Assignment).filter_by(submission_id=submission_id, role=role, active=True)
        return {row.actor_id for row in rows}


# ---- learners' questions ----


def test_a_question_arrives_without_any_identity(platform: Running, lena: Client, anna: Client) -> None:
    name, address = CANARIES[2], CANARIES[3]
    who = f"I am {name} of {CANARIES[4]}, {address}, 312-555-0147."
    text = f"Why is Design 2 not enough?\n{who}\nThanks,\n{name.split()[0]}"
    case_id = asked_of(platform, text, criterion_id=CRITERIA[1], source_id=ARTIFACT)
    told = case(lena, case_id)
    assert (told["kind"], told["state"], told["code"]) == ("feedback_question", "open", told["code"])
    words = told["entries"][0]["text"]
    assert words.startswith("Why is Design 2 not enough?")
    for canary in (*CANARIES, "Lerner", "Vogelfrei", "555-0147"):
        assert canary.lower() not in json.dumps(told).lower()
        with platform.platform.database.read() as session:
            assert canary.lower() not in json.dumps(session.get_one(TeamCase, case_id).body).lower()
    assert (told["detail"]["source"], told["criterion_id"]) == ("Artifact 1.pdf", CRITERIA[1])
    assert told["due_at"] > told["opened_at"]
    for other in (anna, platform.client("otto"), platform.client("bert")):
        assert cases_of(other) == []
        assert code_of(act(other, case_id, "answer", text="Hm.")) == (403, "insufficient-scope")
        assert code_of(other.get("/v1/cases")) == (403, "insufficient-scope")


@pytest.mark.parametrize("word", [CANARIES[3], "312-555-0147", CANARIES[2], "Vogelfrei", CANARIES[0]])
def test_an_answer_that_names_or_reaches_anybody_is_refused(
    platform: Running, lena: Client, word: str
) -> None:
    case_id = asked_of(platform, "Why?")
    answer = act(lena, case_id, "answer", text=f"Ask {word} about it.")
    assert code_of(answer) == (422, "identity")
    assert word.lower() not in answer.text.lower()
    assert case(lena, case_id)["state"] == "open"
    assert (
        act(lena, case_id, "answer", text="The table counts. See the rubric at example.org.").status_code
        == 201
    )
    assert case(lena, case_id)["state"] == "answered"


def test_who_judged_a_submission_does_not_answer_a_question_about_it(platform: Running, lena: Client) -> None:
    case_id = asked_of(platform, "Why?")
    with platform.platform.database.write() as session:
        session.get_one(Account, "a-anna").roles = ["assessor", "lead"]
    add_lead(platform, "luca")
    assert [one["id"] for one in case(lena, case_id)["may_take"]] == ["a-luca"]
    assert code_of(act(lena, case_id, "reassign", assign_to="a-anna")) == (403, "conflict-of-interest")
    assert act(lena, case_id, "reassign", assign_to="a-luca").status_code == 201
    assert case(lena, case_id)["assigned_to"] == "a-luca"


def add_lead(platform: Running, login: str) -> None:
    actor = SeedActor(f"a-{login}", login, (Role.LEAD,))
    with platform.platform.database.write() as session:
        loading.add_account(session, actor, "salt", NOW)


# ---- answering, closing, opening again ----


def test_a_lead_answers_closes_and_opens_again(platform: Running, lena: Client, anna: Client) -> None:
    case_id = asked_by(anna)
    for action, text, state in (
        ("answer", "It counts.", "answered"),
        ("close", "", "closed"),
        ("reopen", "", "open"),
        ("answer", "It still does.", "answered"),
    ):
        answer = act(lena, case_id, action, text=text)
        assert (answer.status_code, answer.json()["submission_id"]) == (201, FIRST)
        assert case(anna, case_id)["state"] == case(lena, case_id)["state"] == state
    assert [entry["by"] for entry in case(anna, case_id)["entries"]] == ["assessor", *["lead"] * 4]
    listed = lena.get("/v1/cases").json()["cases"]
    assert [one["id"] for one in listed] == [case_id]


def test_an_opener_does_nothing_of_the_leads(anna: Client, lena: Client) -> None:
    case_id = asked_by(anna)
    for action in ("answer", "close", "reassign", "reopen"):
        assert code_of(act(anna, case_id, action, text="So be it.")) == (403, "insufficient-scope")
    assert case(lena, case_id)["state"] == "open"


def test_a_repeat_has_one_effect_and_words_are_needed(anna: Client, lena: Client) -> None:
    case_id, key = asked_by(anna), new_id()
    first = act(lena, case_id, "answer", text="It counts.", key=key)
    assert act(lena, case_id, "answer", text="It counts.", key=key).json() == first.json()
    assert len(case(lena, case_id)["entries"]) == 2
    assert code_of(act(lena, case_id, "answer", text="No.", key=key)) == (422, "key-reused")
    assert code_of(act(lena, case_id, "answer", text=" \n")) == (422, "validation")
    assert code_of(act(lena, case_id, "hide")) == (422, "validation")
    assert code_of(act(lena, new_id(), "close")) == (404, "not-found")


def test_two_leads_do_not_answer_past_each_other(platform: Running, anna: Client, lena: Client) -> None:
    case_id = asked_by(anna)
    assert act(lena, case_id, "answer", text="It counts.", seen=1).status_code == 201
    assert code_of(act(lena, case_id, "answer", text="It does not.", seen=1)) == (409, "changed")
    assert code_of(act(lena, case_id, "close", seen=1)) == (409, "changed")
    assert act(lena, case_id, "answer", text="On page 3.", seen=2, closes=True).status_code == 201
    assert [entry["action"] for entry in case(anna, case_id)["entries"][2:]] == ["answered", "closed"]
    assert code_of(act(lena, case_id, "answer", text="It does not.", seen=4)) == (409, "state")


# ---- work at risk ----


def test_work_at_risk_comes_and_goes_by_its_dates(platform: Running, lena: Client, anna: Client) -> None:
    assert at_risk(lena) is None
    platform.clock.move(days=4, hours=1)
    told = at_risk(lena)
    assert told is not None
    assert (told["state"], told["detail"]["risks"], told["detail"]["role"]) == (
        "open",
        "due_soon",
        "assessor",
    )
    assert at_risk(lena, QUEUED)["detail"]["risks"] == "nobody"  # type: ignore[index]
    sent(anna)
    platform.clock.move(minutes=2)
    closed = at_risk(lena)
    assert closed is not None
    assert (closed["state"], closed["entries"][-1]["by"]) == ("closed", "platform")
    assert at_risk(anna) is None


def test_what_a_lead_closed_stays_closed_and_what_gets_worse_comes_back(
    platform: Running, lena: Client
) -> None:
    platform.clock.move(days=4, hours=1)
    first, other = at_risk(lena), at_risk(lena, QUEUED)
    assert first is not None
    assert other is not None
    assert act(lena, first["id"], "close").status_code == 201
    assert act(lena, other["id"], "answer", text="Nobody is free before Monday.").status_code == 201
    platform.clock.move(minutes=2)
    assert at_risk(lena)["state"] == "closed"  # type: ignore[index]
    assert at_risk(lena, QUEUED)["state"] == "answered"  # type: ignore[index]
    platform.clock.move(days=1)
    assert at_risk(lena)["state"] == "closed"  # type: ignore[index]
    assert at_risk(lena, QUEUED)["state"] == "open"  # type: ignore[index]
    assert at_risk(lena, QUEUED)["detail"]["risks"] == "overdue"  # type: ignore[index]


def test_a_claim_that_ran_out_is_at_risk(platform: Running, lena: Client) -> None:
    bert = platform.client("bert")
    assert bert.write("POST", f"/v1/submissions/{QUEUED}/claim", {"lease_hours": 2}).status_code == 201
    platform.clock.move(hours=3)
    told = at_risk(lena, QUEUED)
    assert told is not None
    assert told["detail"]["risks"] == "time_ended"


def test_work_is_given_to_somebody_who_may_have_it(platform: Running, lena: Client, anna: Client) -> None:
    platform.clock.move(days=4, hours=1)
    told = at_risk(lena)
    assert told is not None
    # busy, idle and bert may; anna has it, both and otto approve it.
    assert len(told["may_take"]) == 3
    assert "a-" not in json.dumps(told["may_take"])
    wanted = told["may_take"][-1]["id"]
    _, cursor = anna.changes()
    answer = act(lena, told["id"], "reassign", assign_to=wanted)
    assert answer.status_code == 201
    [holder] = holders(platform, FIRST)
    assert holder in ("a-bert", "a-idle", "a-busy")
    gone = {(c["type"], c["op"], c["reason"]) for c in anna.changes(cursor)[0] if c["op"] == "remove"}
    assert ("submission", "remove", "reassigned") in gone
    assert FIRST in {c["id"] for c in platform.client(holder[2:]).changes()[0] if c["type"] == "submission"}
    after = at_risk(lena)
    assert after is not None
    assert (after["state"], after["entries"][-1]["action"]) == ("answered", "reassigned")
    assert holder not in json.dumps(after)
    with platform.platform.database.read() as session:
        [entry] = session.query(AuditEntry).filter_by(what="reassigned")
        assert entry.body == {"to": holder}


def test_the_platform_chooses_who_has_least_to_do(platform: Running, lena: Client) -> None:
    with platform.platform.database.write() as session:
        session.merge(Assignment(submission_id=QUEUED, actor_id="a-bert", role=Role.ASSESSOR, active=True))
    platform.clock.move(days=4, hours=1)
    told = at_risk(lena)
    assert told is not None
    assert act(lena, told["id"], "reassign").status_code == 201
    assert holders(platform, FIRST) < {"a-busy", "a-idle"}


@pytest.mark.parametrize("why", ["recused", "employer", "approves", "assessed_before"])
def test_work_never_goes_to_whoever_must_not_have_it(platform: Running, lena: Client, why: str) -> None:
    bert = platform.client("bert")
    if why == "recused":
        assert bert.write("POST", f"/v1/submissions/{QUEUED}/claim", {}).status_code == 201
        refusal = {"reason_code": "conflict"}
        assert bert.write("POST", f"/v1/submissions/{QUEUED}/recuse", refusal).status_code == 201
    with platform.platform.database.write() as session:
        if why == "employer":
            digest = session.get_one(Account, "a-anna").employer_digest
            session.get_one(Account, "a-bert").employer_digest = digest
        if why == "approves":
            row = Assignment(submission_id=QUEUED, actor_id="a-bert", role=Role.APPROVER, active=False)
            session.merge(row)
        if why == "assessed_before":
            row = Assignment(submission_id=QUEUED, actor_id="a-bert", role=Role.ASSESSOR, active=False)
            session.merge(row)
            session.get_one(Submission, QUEUED).round = 2
    platform.clock.move(days=4, hours=1)
    told = at_risk(lena, QUEUED)
    assert told is not None
    offered = {one["id"] for one in told["may_take"]}
    hers = colleagues_name(platform, QUEUED, "a-bert")
    assert hers not in offered
    assert colleagues_name(platform, QUEUED, "a-idle") in offered
    assert code_of(act(lena, told["id"], "reassign", assign_to=hers)) == (403, "conflict-of-interest")
    assert code_of(act(lena, told["id"], "reassign", assign_to="a-bert")) == (404, "not-found")
    assert "a-bert" not in holders(platform, QUEUED)
    assert at_risk(lena, QUEUED)["state"] == "open"  # type: ignore[index]


def colleagues_name(platform: Running, submission_id: str, actor_id: str) -> str:
    with platform.platform.database.read() as session:
        return pseudonym(session, submission_id, actor_id)


def test_an_approvers_part_goes_to_an_approver(platform: Running, lena: Client, anna: Client) -> None:
    with platform.platform.database.write() as session:
        body = dict(session.get_one(Submission, FIRST).body)
        limit = (NOW + timedelta(hours=30)).isoformat()
        body["due"] = [{"stage": Stage.DECISION.value, "at": limit, "kind": "hard"}]
        session.get_one(Submission, FIRST).body = body
    sent(anna)
    told = at_risk(lena)
    assert told is not None
    assert (told["detail"]["role"], told["detail"]["risks"]) == ("approver", "final_limit,due_soon")
    assert told["may_take"] == []
    assert code_of(act(lena, told["id"], "reassign")) == (409, "nobody-free")


def test_a_recused_submission_is_given_on(platform: Running, lena: Client, anna: Client) -> None:
    body = {"reason_code": "knows_learner", "note": "From my own school."}
    assert anna.write("POST", f"/v1/submissions/{FIRST}/recuse", body).status_code == 201
    [told] = [c for c in cases_of(lena) if c["kind"] == "recusal"]
    assert colleagues_name(platform, FIRST, "a-anna") not in {one["id"] for one in told["may_take"]}
    assert act(lena, told["id"], "reassign", assign_to=told["may_take"][0]["id"]).status_code == 201
    assert len(holders(platform, FIRST)) == 1
    assert cases_of(anna) == []
