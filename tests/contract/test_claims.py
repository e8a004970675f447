"""Claiming work: whose it is, for how long, and who may not have it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from assessor_app.sync.protocol import AssignmentWire, QueueOut
from tests.contract.bodies import code_of, sent
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import FIRST, NOW, QUEUED


@pytest.fixture
def bert(platform: Running) -> Client:
    """An assessor without work."""
    return platform.client("bert")


def claim(client: Client, submission_id: str = QUEUED, hours: int = 2, **key: str) -> requests.Response:
    return client.write("POST", f"/v1/submissions/{submission_id}/claim", {"lease_hours": hours}, **key)


def claimable(client: Client) -> int:
    return sum(entry.claimable for entry in QueueOut.model_validate(client.get("/v1/queue").json()).entries)


def told(changes: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(change["type"], change["op"]) for change in changes}


def test_a_claim_brings_the_submission_and_all_that_belongs_to_it(bert: Client) -> None:
    assert claimable(bert) == 1
    _, cursor = bert.changes()
    answer = claim(bert)
    assert answer.status_code == 201
    assert AssignmentWire.model_validate(answer.json()).lease_until == NOW + timedelta(hours=2)
    assert told(bert.changes(cursor)[0]) == {
        ("rubric_version", "upsert"),
        ("submission", "upsert"),
        ("assignment", "upsert"),
    }
    assert claimable(bert) == 0
    sent(bert, QUEUED)


def test_a_repeated_claim_gets_the_same_answer(bert: Client) -> None:
    key = new_id()
    first = claim(bert, key=key)
    assert claim(bert, key=key).json() == first.json()
    assert code_of(claim(bert)) == (409, "already-claimed")
    assert bert.get(f"/v1/receipts/{key}").json()["effect"] == "claimed"


def test_a_claim_that_ran_out_makes_room(platform: Running, bert: Client) -> None:
    claim(bert)
    idle = platform.client("idle")
    platform.clock.move(minutes=119)
    assert code_of(claim(idle)) == (409, "already-claimed")
    platform.clock.move(minutes=1)
    _, cursor = bert.changes()
    assert claim(idle).status_code == 201
    assert told(bert.changes(cursor)[0]) == {("assignment", "remove"), ("submission", "remove")}
    assert bert.get(f"/v1/submissions/{QUEUED}").status_code == 404


def test_a_lease_is_renewed_and_given_back(platform: Running, bert: Client) -> None:
    claim(bert)
    platform.clock.move(hours=1)
    path = f"/v1/submissions/{QUEUED}/claim"
    renewed = bert.write("PATCH", path, {"lease_hours": 5})
    assert renewed.status_code == 200
    assert AssignmentWire.model_validate(renewed.json()).lease_until == NOW + timedelta(hours=6)
    given_back = bert.write("DELETE", path, {"reason": "no time"})
    assert (given_back.status_code, given_back.json()["effect"]) == (200, "released")
    assert claimable(bert) == 1
    assert code_of(bert.write("PATCH", path, {})) == (403, "not-assigned")
    assert claim(bert).status_code == 201


def test_an_own_claim_that_ran_out_is_renewed_and_not_claimed_again(platform: Running, bert: Client) -> None:
    claim(bert)
    platform.clock.move(hours=3)
    assert code_of(claim(bert)) == (409, "already-claimed")
    assert bert.write("PATCH", f"/v1/submissions/{QUEUED}/claim", {}).status_code == 200


def test_work_given_by_the_platform_is_not_given_back(platform: Running, anna: Client, bert: Client) -> None:
    platform.clock.move(days=400)
    assert code_of(claim(bert, FIRST)) == (409, "already-claimed")
    answer = anna.write("DELETE", f"/v1/submissions/{FIRST}/claim", {})
    assert code_of(answer) == (409, "not-claimed")


def test_what_was_sent_is_not_given_back(bert: Client) -> None:
    claim(bert)
    sent(bert, QUEUED)
    assert code_of(bert.write("DELETE", f"/v1/submissions/{QUEUED}/claim", {})) == (409, "state")
    assert code_of(claim(bert)) == (409, "state")


def test_who_may_not_claim(anna: Client, otto: Client) -> None:
    assert code_of(claim(anna)) == (403, "conflict-of-interest")
    assert code_of(claim(otto)) == (403, "insufficient-scope")
    assert code_of(otto.get("/v1/queue")) == (403, "insufficient-scope")
    assert code_of(claim(anna, new_id())) == (404, "not-found")


def test_an_approver_of_a_submission_never_claims_it(platform: Running, anna: Client) -> None:
    with platform.platform.database.write() as session:
        session.connection().exec_driver_sql(
            f"UPDATE assignment SET active = 0 WHERE submission_id = '{FIRST}' AND role = 'assessor'"
        )
    assert code_of(claim(platform.client("both"), FIRST)) == (403, "conflict-of-interest")
    assert claim(platform.client("bert"), FIRST).status_code == 201


def claim_next(client: Client, microcredential: str, **key: str) -> requests.Response:
    body = {"microcredential_id": microcredential, "lease_hours": 2}
    return client.write("POST", "/v1/queue/claims", body, **key)


def queue_of(client: Client) -> str:
    (entry,) = QueueOut.model_validate(client.get("/v1/queue").json()).entries
    return str(entry.microcredential_id)


def test_the_next_of_a_queue_is_claimed_without_knowing_it(bert: Client) -> None:
    microcredential, key = queue_of(bert), new_id()
    answer = claim_next(bert, microcredential, key=key)
    assert answer.status_code == 201
    given = AssignmentWire.model_validate(answer.json())
    assert (given.submission_id, given.lease_until) == (QUEUED, NOW + timedelta(hours=2))
    assert claim_next(bert, microcredential, key=key).json() == answer.json()
    assert code_of(claim_next(bert, microcredential)) == (409, "nothing-left")
    assert code_of(claim_next(bert, "mc-of-nobody")) == (409, "nothing-left")


def test_the_next_of_a_queue_is_refused_like_any_claim(anna: Client, otto: Client, bert: Client) -> None:
    microcredential = queue_of(bert)
    assert code_of(claim_next(anna, microcredential)) == (403, "conflict-of-interest")
    assert code_of(claim_next(otto, microcredential)) == (403, "insufficient-scope")
    assert claimable(bert) == 1


@pytest.mark.parametrize("hours", [0, -1, 721])
def test_a_lease_has_limits(bert: Client, hours: int) -> None:
    assert code_of(claim(bert, hours=hours)) == (422, "validation")
