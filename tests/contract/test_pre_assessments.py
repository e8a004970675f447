"""Pre-assessment on the wire: complete goes on, incomplete goes back, nothing on competency."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.contract.bodies import code_of, complete
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import UNCHECKED

MISSING = [
    {"id": "analyze-there", "met": True},
    {"id": "design-there", "met": False, "note": "No plan is attached."},
]


@pytest.fixture
def petra(platform: Running) -> Client:
    return platform.client("petra")


def send(
    client: Client, body: dict[str, Any], *, record: str | None = None, key: str | None = None
) -> requests.Response:
    path = f"/v1/submissions/{UNCHECKED}/pre_assessments/{record or new_id()}"
    return client.write("PUT", path, body, key=key)


def submission(client: Client) -> dict[str, Any]:
    data: dict[str, Any] = client.get(f"/v1/submissions/{UNCHECKED}").json()
    return data


def test_a_complete_submission_can_be_claimed_by_an_assessor(platform: Running, petra: Client) -> None:
    bert = platform.client("bert")
    claim = f"/v1/submissions/{UNCHECKED}/claim"
    assert code_of(bert.write("POST", claim, {})) == (409, "state")
    answer = send(petra, complete(petra))
    assert answer.status_code == 201, answer.text
    assert answer.json()["effect"] == "pre-assessed-complete"
    assert submission(petra)["status"] == "waiting_on_assessor"
    assert bert.write("POST", claim, {}).status_code == 201
    states = [(entry["status"], entry["by"]) for entry in submission(bert)["history"]][-2:]
    assert states == [("in_pre_assessment", "platform"), ("waiting_on_assessor", "preassessor")]


def test_an_incomplete_one_goes_back_and_is_never_assessed(platform: Running, petra: Client) -> None:
    body = complete(petra, indicators=MISSING, outcome="incomplete", feedback="Attach the plan.")
    assert send(petra, body).status_code == 201
    assert submission(petra)["status"] == "incomplete"
    claim = platform.client("bert").write("POST", f"/v1/submissions/{UNCHECKED}/claim", {})
    assert code_of(claim) == (409, "state")
    assert code_of(send(petra, complete(petra))) == (409, "state")


def test_the_same_sending_has_one_effect(petra: Client) -> None:
    body, record, key = complete(petra), new_id(), new_id()
    first, again = (send(petra, body, record=record, key=key) for _ in range(2))
    assert first.json() == again.json()
    assert len(submission(petra)["history"]) == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": "incomplete", "feedback": "Why?"}, "outcome-against-indicators"),
        ({"indicators": MISSING}, "outcome-against-indicators"),
        ({"indicators": MISSING, "outcome": "incomplete"}, "validation"),
        ({"indicators": [{**MISSING[1], "note": " "}, MISSING[0]], "outcome": "incomplete"}, "validation"),
        ({"indicators": MISSING[:1]}, "validation"),
        ({"indicators": [MISSING[0], MISSING[0]]}, "validation"),
        ({"indicators": [*MISSING, {"id": "other", "met": True}]}, "validation"),
        ({"level": "demonstrated"}, "validation"),
    ],
)
def test_what_does_not_fit_is_refused(petra: Client, changes: dict[str, Any], code: str) -> None:
    assert code_of(send(petra, complete(petra, **changes))) == (422, code)
    assert submission(petra)["status"] == "submitted"


def test_another_rubric_is_refused(petra: Client) -> None:
    assert code_of(send(petra, complete(petra, rubric_hash="0" * 64))) == (409, "rubric-changed")


def test_nobody_else_checks_it(platform: Running, petra: Client) -> None:
    body = complete(petra)
    assert code_of(send(platform.client("bert"), body)) == (403, "insufficient-scope")


def test_who_checks_sees_neither_ratings_nor_other_work(petra: Client) -> None:
    changes, _ = petra.changes()
    assert {change["type"] for change in changes} <= {
        "policy", "calendar", "practice_anchor", "team_comment", "rubric_version", "submission", "assignment",
    }  # fmt: skip
    assert [c["id"] for c in changes if c["type"] == "submission"] == [UNCHECKED]
