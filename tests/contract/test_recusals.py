"""Giving work back for good: what ends, what others can see of it, and that it never comes back."""

from __future__ import annotations

from typing import Any

import pytest

from assessor_app.domain.states import SubmissionStatus
from reference_platform.models import Submission
from tests.contract.bodies import cases_of, code_of, decide, decision, sent
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import EARLIER, FIRST, QUEUED


def recuse(client: Client, submission_id: str = FIRST, *, key: str | None = None, **fields: Any) -> Any:
    body = {"reason_code": "knows_learner", **fields}
    return client.write("POST", f"/v1/submissions/{submission_id}/recuse", body, key=key)


def claim(client: Client, submission_id: str = FIRST) -> Any:
    return client.write("POST", f"/v1/submissions/{submission_id}/claim", {})


def queue(client: Client) -> int:
    return sum(entry["claimable"] for entry in client.get("/v1/queue").json()["entries"])


def test_it_goes_back_to_the_queue_and_never_comes_again(platform: Running, anna: Client) -> None:
    bert = platform.client("bert")
    _, cursor = anna.changes()
    before, others = queue(anna), queue(bert)
    answer = recuse(anna)
    assert (answer.status_code, answer.json()["effect"]) == (201, "recused")
    told = {(change["type"], change["op"]) for change in anna.changes(cursor)[0]}
    assert told == {("assignment", "remove"), ("submission", "remove")}
    assert anna.get(f"/v1/submissions/{FIRST}").status_code == 404
    assert (queue(anna), queue(bert)) == (before, others + 1)
    assert code_of(claim(anna)) == (403, "conflict-of-interest")
    assert claim(bert).status_code == 201


def test_nobody_but_the_lead_learns_of_it(platform: Running, anna: Client, otto: Client) -> None:
    before = otto.get(f"/v1/submissions/{FIRST}").json()
    _, cursor = otto.changes()
    recuse(anna, reason_code="conflict", note="We share a friend.")
    assert otto.changes(cursor)[0] == []
    assert otto.get(f"/v1/submissions/{FIRST}").json() == before
    bert = platform.client("bert")
    claim(bert)
    assert bert.get(f"/v1/submissions/{FIRST}").json() == before
    for client in (anna, otto, bert):
        assert cases_of(client) == []
        assert "friend" not in client.get("/v1/sync").text
    [case] = cases_of(platform.client("lena"))
    assert (case["kind"], case["detail"]) == ("recusal", {"reason": "conflict"})
    assert case["entries"][0] == {**case["entries"][0], "by": "assessor", "text": "We share a friend."}
    assert "a-anna" not in str(case)


def test_a_returned_one_stays_returned(anna: Client, otto: Client, platform: Running) -> None:
    decide(otto, decision(sent(anna), "return"))
    assert recuse(anna).status_code == 201
    assert otto.get(f"/v1/submissions/{FIRST}").json()["status"] == "returned"
    assert claim(platform.client("bert")).status_code == 201


def test_claimed_work_is_given_back_too(platform: Running) -> None:
    bert = platform.client("bert")
    claim(bert, QUEUED)
    assert recuse(bert, QUEUED).status_code == 201
    assert code_of(claim(bert, QUEUED)) == (403, "conflict-of-interest")
    assert claim(platform.client("idle"), QUEUED).status_code == 201


def test_an_approver_can_as_well(anna: Client, otto: Client) -> None:
    sent(anna)
    assert recuse(otto).status_code == 201
    assert otto.get(f"/v1/submissions/{FIRST}").status_code == 404
    assert anna.get(f"/v1/submissions/{FIRST}").json()["status"] == "waiting_on_approver"


def test_what_was_sent_is_not_given_back(anna: Client) -> None:
    sent(anna)
    assert code_of(recuse(anna)) == (409, "state")
    assert code_of(recuse(anna, EARLIER)) == (409, "state")


def test_a_repeat_has_one_effect(platform: Running, anna: Client) -> None:
    key = new_id()
    first, again = recuse(anna, key=key), recuse(anna, key=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert code_of(recuse(anna, key=key, note="x")) == (422, "key-reused")
    assert code_of(recuse(anna)) == (403, "not-assigned")
    assert len(cases_of(platform.client("lena"))) == 1


def test_what_is_refused(platform: Running, anna: Client) -> None:
    assert code_of(recuse(anna, new_id())) == (404, "not-found")
    assert code_of(recuse(platform.client("bert"))) == (403, "not-assigned")
    assert code_of(recuse(platform.client("lena"))) == (403, "not-assigned")
    assert code_of(recuse(anna, reason_code="bored")) == (422, "validation")
    assert code_of(recuse(anna, learner="x")) == (422, "validation")
    with platform.platform.database.write() as session:
        session.get_one(Submission, FIRST).status = SubmissionStatus.WITHDRAWN
    assert code_of(recuse(anna)) == (410, "withdrawn")


def history(client: Client) -> list[tuple[str, str]]:
    found = client.get(f"/v1/submissions/{FIRST}").json()["history"]
    return [(entry["status"], entry["by"]) for entry in found]


def test_history_tells_every_state_by_role(platform: Running, anna: Client, otto: Client) -> None:
    begun = [("submitted", "learner"), ("waiting_on_assessor", "platform")]
    assert history(anna) == begun
    first = sent(anna)
    path = f"/v1/submissions/{FIRST}/recommendation/withdraw"
    anna.write("POST", path, {"recommendation_id": first})
    decide(otto, decision(sent(anna), "return"))
    platform.clock.move(days=1)
    decide(otto, decision(sent(anna), round=2))
    expected = [
        *begun,
        ("waiting_on_approver", "assessor"),
        ("waiting_on_assessor", "assessor"),
        ("waiting_on_approver", "assessor"),
        ("returned", "approver"),
        ("waiting_on_approver", "assessor"),
        ("awarded", "approver"),
    ]
    assert history(anna) == history(otto) == expected
    times = [entry["at"] for entry in anna.get(f"/v1/submissions/{FIRST}").json()["history"]]
    assert times == sorted(times)


@pytest.mark.parametrize("submission_id", [FIRST, EARLIER])
def test_the_changes_tell_the_history_too(anna: Client, submission_id: str) -> None:
    [data] = [c["data"] for c in anna.changes()[0] if c["id"] == submission_id]
    assert data["history"][0]["status"] == "submitted"
