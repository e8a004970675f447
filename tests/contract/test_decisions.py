"""What the platform takes from an approver, and what follows from it."""

from __future__ import annotations

from typing import Any

import pytest

from assessor_app.sync.protocol import DecisionWire, SubmissionWire
from reference_platform.models import Assignment, Submission
from tests.contract.bodies import (
    code_of,
    decide,
    decision,
    denial,
    recommend,
    recommendation,
    sent,
)
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import CRITERIA, EARLIER, FIRST, RESUBMISSION, SETTLED


def submission(client: Client, submission_id: str = FIRST) -> SubmissionWire:
    return SubmissionWire.model_validate(client.get(f"/v1/submissions/{submission_id}").json())


def decisions(client: Client) -> list[DecisionWire]:
    return [
        DecisionWire.model_validate(change["data"])
        for change in client.changes()[0]
        if change["type"] == "decision"
    ]


def test_an_award_reaches_the_assessor_with_what_was_changed(anna: Client, otto: Client) -> None:
    override = {"criterion_id": CRITERIA[1], "level": "demonstrated", "why": "Page 4 shows it."}
    recommendation_id = sent(anna, body=denial(anna))
    mark = {"criterion_id": CRITERIA[1], "passing": True}
    body = decision(
        recommendation_id,
        overrides=[override],
        final_feedback="Well done.",
        independent_marks=[mark],
        revealed_at="2026-03-02T15:00:00Z",
    )
    answer = decide(otto, body)
    assert (answer.status_code, answer.json()["effect"]) == (201, "decision-award")
    assert submission(anna).status == "awarded"
    (seen,) = decisions(anna)
    assert seen.overrides[0].why == "Page 4 shows it."
    assert seen.final_feedback == "Well done."
    assert (seen.independent_marks, seen.revealed_at) == ([], None)
    (own,) = decisions(otto)
    assert own.independent_marks[0].passing
    assert own.revealed_at is not None


@pytest.mark.parametrize(
    ("recommended", "outcome", "overrides"),
    [
        ("deny", "award", []),
        ("award", "deny", []),
        ("deny", "award", [{"criterion_id": CRITERIA[0], "level": "demonstrated", "why": "x"}]),
        ("award", "award", [{"criterion_id": CRITERIA[0], "level": "progressing", "why": "x"}]),
    ],
)
def test_nobody_decides_against_the_rule(
    anna: Client, otto: Client, recommended: str, outcome: str, overrides: list[dict[str, str]]
) -> None:
    body = denial(anna) if recommended == "deny" else recommendation(anna)
    answer = decide(otto, decision(sent(anna, body=body), outcome, overrides=overrides))
    assert code_of(answer) == (422, "outcome-against-rule")
    assert submission(anna).status == "waiting_on_approver"


@pytest.mark.parametrize("outcome", ["award", "deny"])
def test_where_the_rule_is_undecided_the_approver_decides(anna: Client, otto: Client, outcome: str) -> None:
    scores = [
        {"criterion_id": CRITERIA[0], "level": "demonstrated"},
        {"criterion_id": CRITERIA[1], "not_scorable": "integrity", "note": "See page 3."},
    ]
    body = recommendation(anna, scores=scores, outcome="undecided", rule_result="undecided")
    assert decide(otto, decision(sent(anna, body=body), outcome)).status_code == 201


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"overrides": [{"criterion_id": "other", "level": "demonstrated", "why": "x"}]}, "/overrides/0"),
        (
            {"overrides": [{"criterion_id": CRITERIA[0], "level": "super", "why": "x"}]},
            "/overrides/0/level",
        ),
        (
            {"overrides": [{"criterion_id": CRITERIA[0], "level": "demonstrated", "why": " "}]},
            "/overrides/0/why",
        ),
        (
            {"overrides": 2 * [{"criterion_id": CRITERIA[0], "level": "demonstrated", "why": "x"}]},
            "/overrides/1",
        ),
        ({"outcome": "return", "criteria": ["other"]}, "/criteria"),
        ({"independent_marks": [{"criterion_id": "other", "passing": True}]}, "/independent_marks"),
        ({"outcome": "return", "reason": " "}, "/reason"),
    ],
)
def test_what_does_not_fit_is_named(
    anna: Client, otto: Client, changes: dict[str, Any], pointer: str
) -> None:
    answer = decide(otto, decision(sent(anna), **{"outcome": "award", **changes}))
    assert code_of(answer) == (422, "validation")
    assert [field["pointer"] for field in answer.json()["errors"]] == [pointer]


def test_a_return_opens_the_next_round_and_says_why(anna: Client, otto: Client) -> None:
    first = sent(anna)
    answer = decide(otto, decision(first, "return", reason="Look at page 2.", criteria=[CRITERIA[0]]))
    assert answer.json()["effect"] == "decision-return"
    seen = submission(anna)
    assert (seen.status, seen.round) == ("returned", 2)
    assert seen.return_note is not None
    assert (seen.return_note.reason, seen.return_note.criteria) == ("Look at page 2.", [CRITERIA[0]])
    assert code_of(decide(otto, decision(first))) == (409, "already-decided")
    second = sent(anna)
    assert code_of(decide(otto, decision(first, round=2))) == (409, "new-recommendation")
    assert decide(otto, decision(second, round=2)).status_code == 201
    assert [d.outcome for d in decisions(anna)] == ["return", "award"]


def test_a_return_to_somebody_else_takes_the_work_away(platform: Running, anna: Client, otto: Client) -> None:
    recommendation_id = sent(anna)
    _, cursor = anna.changes()
    assert decide(otto, decision(recommendation_id, "return", return_to="other")).status_code == 201
    changes, _ = anna.changes(cursor)
    assert {(change["type"], change["op"]) for change in changes if FIRST in change["id"]} == {
        ("assignment", "remove"),
        ("submission", "remove"),
    }
    assert all(change["op"] == "remove" for change in changes)
    assert anna.get(f"/v1/submissions/{FIRST}").status_code == 404
    again = anna.write("POST", f"/v1/submissions/{FIRST}/claim", {"lease_hours": 1})
    assert code_of(again) == (403, "conflict-of-interest")
    bert = platform.client("bert")
    assert bert.write("POST", f"/v1/submissions/{FIRST}/claim", {"lease_hours": 1}).status_code == 201
    known = {(change["type"], change["id"]) for change in bert.changes()[0]}
    assert ("recommendation", recommendation_id) not in known
    sent(bert)


def test_the_approver_is_never_the_assessor(platform: Running, anna: Client) -> None:
    both = platform.client("both")
    with platform.platform.database.write() as session:
        session.merge(
            Assignment(
                submission_id=SETTLED,
                actor_id="a-both",
                role="approver",
                active=True,
                claimed=False,
                lease_until=None,
                sampled=False,
            )
        )
    recommendation_id = sent(both, SETTLED)
    assert code_of(decide(both, decision(recommendation_id), SETTLED)) == (403, "own-assessment")
    assert decide(platform.client("otto"), decision(recommendation_id), SETTLED).status_code == 201


def test_only_the_assigned_approver_decides(platform: Running, anna: Client, otto: Client) -> None:
    recommendation_id = sent(anna)
    assert code_of(decide(anna, decision(recommendation_id))) == (403, "insufficient-scope")
    other = sent(anna, RESUBMISSION)
    both = platform.client("both")
    assert code_of(decide(both, decision(other), RESUBMISSION)) == (403, "not-assigned")
    assert decide(both, decision(recommendation_id)).status_code == 201


def test_an_approver_with_the_learners_employer_is_refused(
    platform: Running, anna: Client, otto: Client
) -> None:
    recommendation_id = sent(anna)
    with platform.platform.database.write() as session:
        session.connection().exec_driver_sql("UPDATE learner SET employer_digest = 'same'")
        session.connection().exec_driver_sql("UPDATE account SET employer_digest = 'same'")
    assert code_of(decide(otto, decision(recommendation_id))) == (403, "conflict-of-interest")


def test_nothing_is_decided_before_it_was_recommended(anna: Client, otto: Client) -> None:
    assert code_of(decide(otto, decision(new_id()))) == (409, "state")
    assert code_of(decide(otto, decision(new_id(), round=2))) == (409, "round-changed")
    recommendation_id = sent(anna)
    assert decide(otto, decision(recommendation_id)).status_code == 201
    assert code_of(decide(otto, decision(recommendation_id))) == (409, "already-decided")
    assert code_of(recommend(anna, body=recommendation(anna))) == (409, "already-recommended")


def test_an_id_stands_for_one_decision(anna: Client, otto: Client) -> None:
    decision_id = new_id()
    path = f"/v1/submissions/{FIRST}/decisions/{decision_id}"
    assert otto.write("PUT", path, decision(sent(anna))).status_code == 201
    path = f"/v1/submissions/{RESUBMISSION}/decisions/{decision_id}"
    answer = otto.write("PUT", path, decision(sent(anna, RESUBMISSION)))
    assert code_of(answer) == (412, "exists")
    assert answer.json()["current_etag"]


def test_after_an_award_numbers_of_earlier_attempts_are_gone(
    platform: Running, anna: Client, otto: Client
) -> None:
    assert submission(anna, RESUBMISSION).attempt == 2
    assert len(submission(anna, RESUBMISSION).prior) == 1
    _, cursor = anna.changes()
    assert decide(otto, decision(sent(anna, RESUBMISSION)), RESUBMISSION).status_code == 201
    for related in (RESUBMISSION, EARLIER, FIRST):
        for client in (anna, otto):
            assert submission(client, related).attempt is None
            assert submission(client, related).prior == []
    told = {change["id"]: change["data"] for change in anna.changes(cursor)[0]}
    assert {RESUBMISSION, EARLIER, FIRST} <= set(told)
    assert "attempt" not in told[EARLIER]
    with platform.platform.database.read() as session:
        kept = session.get_one(Submission, RESUBMISSION).body
    assert (kept["attempt"], len(kept["prior"])) == (2, 1)


def test_a_denial_hides_nothing(anna: Client, otto: Client) -> None:
    recommendation_id = sent(anna, RESUBMISSION, denial(anna, RESUBMISSION))
    assert decide(otto, decision(recommendation_id, "deny"), RESUBMISSION).status_code == 201
    assert submission(anna, RESUBMISSION).attempt == 2
    assert submission(anna, RESUBMISSION).status == "denied"
