"""What assessors and approvers send in the contract tests."""

from __future__ import annotations

from typing import Any

import requests

from assessor_app.domain.canonical import canonical_json, sha256_hex, text_sha256
from reference_platform import questions
from reference_platform.models import Submission
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import CRITERIA, FIRST, UNCHECKED


def digest_of(submission: dict[str, Any]) -> str:
    """The evidence digest as the contract words it."""
    pairs = [[r["id"], text_sha256(r["text"])] for p in submission["parts"] for r in p["responses"]]
    pairs += [[a["id"], a["sha256"]] for p in submission["parts"] for a in p["artifacts"]]
    return sha256_hex(canonical_json(sorted(pairs)))


def recommendation(client: Client, submission_id: str = FIRST, **changes: Any) -> dict[str, Any]:
    """A recommendation to award that the platform takes."""
    submission = client.get(f"/v1/submissions/{submission_id}").json()
    body = {
        "round": submission["round"],
        "rubric_hash": submission["rubric"]["hash"],
        "evidence_digest": digest_of(submission),
        "scores": [{"criterion_id": name, "level": "demonstrated"} for name in CRITERIA],
        "feedback": {"criteria": [{"criterion_id": CRITERIA[0], "text": "Clear."}], "overall": "Good."},
        "outcome": "award",
        "rule_result": "yes",
        "note_to_approver": "Worth a look at page 2.",
    }
    return {**body, **changes}


def complete(client: Client, submission_id: str = UNCHECKED, **changes: Any) -> dict[str, Any]:
    """A pre-assessment that finds everything there."""
    submission = client.get(f"/v1/submissions/{submission_id}").json()
    body = {
        "rubric_hash": submission["rubric"]["hash"],
        "indicators": [{"id": f"{name}-there", "met": True} for name in ("analyze", "design")],
        "outcome": "complete",
    }
    return {**body, **changes}


def denial(client: Client, submission_id: str = FIRST, **changes: Any) -> dict[str, Any]:
    """A recommendation to deny that the platform takes."""
    scores = [
        {"criterion_id": CRITERIA[0], "level": "demonstrated"},
        {"criterion_id": CRITERIA[1], "level": "progressing"},
    ]
    fields = {"scores": scores, "outcome": "deny", "rule_result": "no", **changes}
    return recommendation(client, submission_id, **fields)


def recommend(
    client: Client,
    submission_id: str = FIRST,
    body: dict[str, Any] | None = None,
    *,
    recommendation_id: str | None = None,
    key: str | None = None,
) -> requests.Response:
    """Send a recommendation."""
    path = f"/v1/submissions/{submission_id}/recommendations/{recommendation_id or new_id()}"
    return client.write("PUT", path, body or recommendation(client, submission_id), key=key)


def sent(client: Client, submission_id: str = FIRST, body: dict[str, Any] | None = None) -> str:
    """Send a recommendation that is taken; gives its id."""
    recommendation_id = new_id()
    answer = recommend(client, submission_id, body, recommendation_id=recommendation_id)
    assert answer.status_code == 201, answer.text
    return recommendation_id


def decision(recommendation_id: str, outcome: str = "award", **changes: Any) -> dict[str, Any]:
    """A decision on the first round."""
    body = {"round": 1, "recommendation_id": recommendation_id, "outcome": outcome, "reason": "Because."}
    return {**body, **changes}


def decide(client: Client, body: dict[str, Any], submission_id: str = FIRST) -> requests.Response:
    """Send a decision."""
    return client.write("PUT", f"/v1/submissions/{submission_id}/decisions/{new_id()}", body)


def escalation(submission_id: str = FIRST, **changes: Any) -> dict[str, Any]:
    """A question to the team lead."""
    fields = {"id": new_id(), "submission_id": submission_id, "kind": "question", "text": "Does this count?"}
    return {**fields, **changes}


def asked_of(platform: Running, text: str, submission_id: str = FIRST, **places: Any) -> str:
    """A learner's question, as the platform takes it in; gives the id of its case."""
    case_id = new_id()
    with platform.platform.database.write() as session:
        submission = session.get_one(Submission, submission_id)
        questions.ask(session, platform.clock.now(), submission, case_id, text, **places)
    return case_id


def act(
    client: Client, case_id: str, action: str, *, key: str | None = None, **fields: Any
) -> requests.Response:
    """Do something with a question or report."""
    return client.write("POST", f"/v1/cases/{case_id}/actions", {"action": action, **fields}, key=key)


def cases_of(client: Client) -> list[dict[str, Any]]:
    """The questions and reports that somebody is told of, as they are now."""
    changes = client.changes()[0]
    return [change["data"] for change in changes if change["type"] == "case" and change["op"] == "upsert"]


def code_of(answer: requests.Response) -> tuple[int, str]:
    """Status and code of a problem document."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["code"]
