"""What the platform takes from an assessor, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessor_app.domain.states import SUBMISSION_TRANSITIONS, SubmissionStatus
from assessor_app.rubric.native import published, rubric_to_json
from assessor_app.rubric.schema import RubricStatus
from assessor_app.sync.protocol import RecommendationWire
from reference_platform import work
from reference_platform.feed import Feed
from reference_platform.models import AuditEntry, Rubric, Submission
from tests.contract.bodies import (
    code_of,
    decide,
    decision,
    denial,
    recommend,
    recommendation,
    sent,
)
from tests.contract.running import Client, Running, as_bytes, new_id
from tests.contract.small_content import CRITERIA, EARLIER, FIRST, NOW, QUEUED, RESUBMISSION, rubric

ANNOTATION: dict[str, Any] = {
    "@context": ["http://www.w3.org/ns/anno.jsonld"],
    "id": "urn:uuid:00000000-0000-7000-8000-000000000001",
    "type": "Annotation",
    "motivation": ["assessing"],
    "aw:kind": "highlight",
    "created": "2026-03-02T15:04:05Z",
    "modified": "2026-03-02T15:04:05Z",
    "revision": 1,
    "audience": {"id": "urn:aw:audience:learner", "type": "Audience"},
    "submission": f"urn:uuid:{FIRST}",
    "rubricVersion": "think-alouds:3",
    "body": [{"type": "TextualBody", "value": "Well seen."}],
    "target": {"type": "SpecificResource", "selector": [{"type": "FragmentSelector", "value": "page=2"}]},
}


def by_id(client: Client) -> dict[tuple[str, str], dict[str, Any]]:
    """All changes by type and id."""
    return {(change["type"], change["id"]): change for change in client.changes()[0]}


def test_what_is_sent_moves_on_to_the_approver(anna: Client, otto: Client) -> None:
    body = recommendation(anna, annotations=[ANNOTATION])
    recommendation_id = sent(anna, body=body)
    assert anna.get(f"/v1/submissions/{FIRST}").json()["status"] == "waiting_on_approver"
    for client in (anna, otto):
        wire = RecommendationWire.model_validate(by_id(client)["recommendation", recommendation_id]["data"])
        assert wire.submission_id == FIRST
        assert wire.scores[0].level == "demonstrated"
        assert wire.annotations[0].id == ANNOTATION["id"]


def test_a_second_recommendation_for_the_round_is_refused(anna: Client) -> None:
    sent(anna)
    assert code_of(recommend(anna)) == (409, "already-recommended")


def test_the_round_is_the_present_one(anna: Client) -> None:
    assert code_of(recommend(anna, body=recommendation(anna, round=2))) == (409, "round-changed")


@pytest.mark.parametrize("status", sorted(SubmissionStatus))
def test_only_from_states_of_the_table(platform: Running, anna: Client, status: SubmissionStatus) -> None:
    body = recommendation(anna)
    with platform.platform.database.write() as session:
        session.get_one(Submission, FIRST).status = status
    answer = recommend(anna, body=body)
    if SubmissionStatus.WAITING_ON_APPROVER in SUBMISSION_TRANSITIONS[status]:
        assert answer.status_code == 201
    elif status is SubmissionStatus.WITHDRAWN:
        assert code_of(answer) == (410, "withdrawn")
    else:
        assert code_of(answer) == (409, "state")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rule_result": "no"}, "rule-result-differs"),
        ({"rule_result": "undecided"}, "rule-result-differs"),
        ({"outcome": "deny"}, "outcome-against-rule"),
        ({"scores": []}, "rule-result-differs"),
    ],
)
def test_the_rule_is_computed_again(anna: Client, changes: dict[str, Any], code: str) -> None:
    assert code_of(recommend(anna, body=recommendation(anna, **changes))) == (422, code)
    assert anna.get(f"/v1/submissions/{FIRST}").json()["status"] == "waiting_on_assessor"


def test_a_denial_and_an_undecided_one_are_taken(anna: Client) -> None:
    sent(anna, body=denial(anna))
    scores = [
        {"criterion_id": CRITERIA[0], "level": "demonstrated"},
        {"criterion_id": CRITERIA[1], "not_scorable": "integrity", "note": "See page 3."},
    ]
    body = recommendation(anna, RESUBMISSION, scores=scores, outcome="undecided", rule_result="undecided")
    sent(anna, RESUBMISSION, body)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"scores": [{"criterion_id": "other", "level": "demonstrated"}]}, "/scores/0"),
        ({"scores": [{"criterion_id": CRITERIA[0], "level": "splendid"}]}, "/scores/0/level"),
        ({"scores": [{"criterion_id": CRITERIA[0], "not_scorable": "bored"}]}, "/scores/0/not_scorable"),
        ({"scores": [{"criterion_id": CRITERIA[0], "not_scorable": "integrity"}]}, "/scores/0/note"),
        (
            {
                "scores": [
                    {
                        "criterion_id": CRITERIA[0],
                        "level": "not_met",
                        "not_scorable": "unreadable",
                        "note": "x",
                    }
                ]
            },
            "/scores/0",
        ),
        ({"scores": 2 * [{"criterion_id": CRITERIA[0], "level": "not_met"}]}, "/scores/1"),
        (
            {"feedback": {"criteria": [{"criterion_id": "other", "text": "x"}], "overall": ""}},
            "/feedback/criteria/0",
        ),
    ],
)
def test_what_does_not_fit_the_rubric_is_named(anna: Client, changes: dict[str, Any], pointer: str) -> None:
    answer = recommend(anna, body=recommendation(anna, **changes))
    assert code_of(answer) == (422, "validation")
    assert [field["pointer"] for field in answer.json()["errors"]] == [pointer]


def test_another_rubric_or_other_evidence_is_refused(anna: Client) -> None:
    assert code_of(recommend(anna, body=recommendation(anna, rubric_hash="0" * 64))) == (
        409,
        "rubric-changed",
    )
    assert code_of(recommend(anna, body=recommendation(anna, evidence_digest="0" * 64))) == (
        409,
        "evidence-changed",
    )


@pytest.mark.parametrize("audience", ["urn:aw:audience:only_me", "", None])
def test_private_annotations_are_refused(anna: Client, audience: str | None) -> None:
    mine = {"type": "Audience"} if audience is None else {"id": audience, "type": "Audience"}
    body = recommendation(anna, annotations=[{**ANNOTATION, "audience": mine}])
    assert code_of(recommend(anna, body=body)) == (422, "private-annotation")


def test_an_annotation_cannot_name_its_author(anna: Client) -> None:
    body = recommendation(anna, annotations=[{**ANNOTATION, "creator": {"nickname": "Anna"}}])
    assert code_of(recommend(anna, body=body)) == (422, "validation")


def test_only_the_assigned_assessor_sends(platform: Running, anna: Client, otto: Client) -> None:
    body = recommendation(anna)
    assert code_of(recommend(platform.client("bert"), body=body)) == (403, "not-assigned")
    assert code_of(recommend(platform.client("both"), body=body)) == (403, "not-assigned")
    assert code_of(recommend(otto, body=body)) == (403, "insufficient-scope")
    assert code_of(recommend(anna, QUEUED, body)) == (403, "not-assigned")
    assert code_of(recommend(anna, new_id(), body)) == (404, "not-found")
    assert code_of(recommend(anna, EARLIER, body)) == (409, "state")


def test_a_scope_that_was_not_asked_for_is_not_there(platform: Running) -> None:
    tokens = platform.exchange(platform.code("both", scope="approve")).json()
    client = Client(platform.origin, tokens["access_token"])
    body = recommendation(platform.client("anna"))
    assert code_of(recommend(client, body=body)) == (403, "insufficient-scope")


def test_an_id_stands_for_one_recommendation(anna: Client) -> None:
    recommendation_id = sent(anna)
    answer = recommend(anna, RESUBMISSION, recommendation_id=recommendation_id)
    assert code_of(answer) == (412, "exists")
    assert answer.json()["current_etag"].strip('"').isalnum()
    assert code_of(recommend(anna, RESUBMISSION, recommendation_id="not-a-uuid")) == (422, "validation")


def test_a_new_record_says_that_it_must_not_be_there_yet(anna: Client) -> None:
    body = as_bytes(recommendation(anna))
    path = f"/v1/submissions/{FIRST}/recommendations/{new_id()}"
    headers = {"Idempotency-Key": new_id(), "Content-Type": "application/json"}
    refused = anna.call("PUT", path, headers=headers, data=body)
    assert code_of(refused) == (428, "precondition-missing")
    assert anna.call("PUT", path, headers=headers | {"If-None-Match": "*"}, data=body).status_code == 201
    # The key is looked up before any precondition.
    assert anna.call("PUT", path, headers=headers, data=body).status_code == 201


def withdraw(client: Client, recommendation_id: str) -> tuple[int, str]:
    answer = client.write(
        "POST",
        f"/v1/submissions/{FIRST}/recommendation/withdraw",
        {"recommendation_id": recommendation_id},
    )
    return (201, answer.json()["effect"]) if answer.status_code == 201 else code_of(answer)


def test_within_the_grace_period_it_is_taken_back(platform: Running, anna: Client, otto: Client) -> None:
    recommendation_id = sent(anna)
    _, cursor = otto.changes()
    platform.clock.move(minutes=29)
    assert withdraw(anna, recommendation_id) == (201, "recommendation-withdrawn")
    assert anna.get(f"/v1/submissions/{FIRST}").json()["status"] == "waiting_on_assessor"
    told = {(change["type"], change["op"]) for change in otto.changes(cursor)[0]}
    assert told == {("recommendation", "remove"), ("submission", "upsert")}
    assert withdraw(anna, recommendation_id) == (409, "nothing-to-withdraw")
    assert sent(anna) != recommendation_id
    with platform.platform.database.read() as session:
        kept = [entry.what for entry in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert kept == ["recommendation sent", "recommendation taken back", "recommendation sent"]


def test_after_the_grace_period_it_stays(platform: Running, anna: Client) -> None:
    recommendation_id = sent(anna)
    platform.clock.move(minutes=30)
    assert withdraw(anna, recommendation_id) == (409, "grace-over")


def test_taking_back_in_a_later_round_leads_to_returned(anna: Client, otto: Client) -> None:
    first = sent(anna)
    assert decide(otto, decision(first, "return")).status_code == 201
    second = sent(anna)
    assert withdraw(anna, first) == (409, "nothing-to-withdraw")
    assert withdraw(anna, second) == (201, "recommendation-withdrawn")
    assert anna.get(f"/v1/submissions/{FIRST}").json()["status"] == "returned"


def test_once_decided_nothing_is_taken_back(anna: Client, otto: Client) -> None:
    recommendation_id = sent(anna)
    assert decide(otto, decision(recommendation_id)).status_code == 201
    assert withdraw(anna, recommendation_id) == (409, "state")


def test_a_single_artifact_is_judged_on_what_it_answers(platform: Running, anna: Client) -> None:
    with platform.platform.database.write() as session:
        row = session.get_one(Submission, FIRST)
        row.body = {**row.body, "submission_type": "single_artifact"}
    whole = recommendation(anna)
    unjudged = {"scores": [], "outcome": "undecided", "rule_result": "undecided"}
    assert code_of(recommend(anna, body={**whole, **unjudged, "outcome": "award", "rule_result": "yes"}))[
        1
    ] == ("rule-result-differs")
    only = {"scores": [{"criterion_id": CRITERIA[0], "level": "demonstrated"}]}
    assert recommend(anna, body={**whole, **only}).status_code == 201


def test_a_recommendation_for_an_earlier_version_of_the_rubric_is_refused(
    platform: Running, anna: Client
) -> None:
    before = recommendation(anna)
    later = published(replace(rubric(), version=4, supersedes=3, status=RubricStatus.DRAFT, title="Aloud"))
    with platform.platform.database.write() as session:
        body = rubric_to_json(later)
        session.add(Rubric(id=later.id, version=4, hash=later.hash, body=body))
        session.flush()
        work.move_to_version(session, session.get_one(Submission, FIRST), 4, Feed(session, NOW))
    assert code_of(recommend(anna, body=before)) == (409, "rubric-changed")
    changes = {(c["type"], c["id"]): c for c in anna.changes()[0]}
    assert changes["submission", FIRST]["data"]["rubric"] == {
        "id": later.id,
        "version": 4,
        "hash": later.hash,
    }
    assert changes["rubric_version", f"{later.id}:4"]["data"]["title"] == "Aloud"
    assert recommend(anna, body=recommendation(anna)).status_code == 201
