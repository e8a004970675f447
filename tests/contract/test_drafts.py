"""A draft on the platform: its author's alone, never replaced unseen, and gone when it is over."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from sqlalchemy import select

from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import MAX_UPLOAD_BYTES, DraftNoticeWire
from reference_platform import drafts, work
from reference_platform.models import Assignment, AuditEntry, Draft, FeedRow, StoredAnswer, Submission
from tests.contract.bodies import complete, decide, decision, sent
from tests.contract.running import Client, Running, as_bytes, new_id
from tests.contract.small_content import FIRST, QUEUED, RESUBMISSION, SETTLED, UNCHECKED

SECRET = "Words that nobody else may ever read."


def path(submission_id: str = FIRST) -> str:
    return f"/v1/submissions/{submission_id}/draft"


def mark(audience: str, comment: str = SECRET) -> dict[str, Any]:
    """A mark as it stands on the wire."""
    return {
        "@context": [],
        "id": f"urn:uuid:{new_id()}",
        "motivation": ["assessing"],
        "aw:kind": "note",
        "created": "2026-03-02T12:00:00Z",
        "modified": "2026-03-02T12:00:00Z",
        "revision": 1,
        "audience": {"id": f"urn:aw:audience:{audience}", "type": "Audience"},
        "submission": f"urn:uuid:{FIRST}",
        "rubricVersion": "urn:aw:rubric:think-alouds:3",
        "body": [{"type": "TextualBody", "purpose": "commenting", "value": comment}],
        "target": {},
    }


def begun(overall: str = SECRET, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"round": 1, "assessment": {"overall": overall, "annotations": list(marks)}}


def kept(client: Client, body: dict[str, Any] | None = None, submission_id: str = FIRST) -> str:
    """A draft that the platform took as the first; gives its entity tag."""
    answer = client.write("PUT", path(submission_id), body or begun(), If_None_Match="*")
    assert answer.status_code == 201, answer.text
    return answer.headers["ETag"]


def unconditional(client: Client, body: dict[str, Any]) -> requests.Response:
    """A write that does not say what it replaces."""
    return client.call("PUT", path(), headers={"Idempotency-Key": new_id()}, data=as_bytes(body))


def drafts_told(client: Client, cursor: str = "") -> list[dict[str, Any]]:
    return [change for change in client.changes(cursor)[0] if change["type"] == "draft"]


def test_what_was_put_is_given_back_to_its_author(platform: Running, anna: Client) -> None:
    body = begun("So far", mark("only_me"), mark("learner"))
    answer = anna.write("PUT", path(), body, key="key-1", If_None_Match="*")
    receipt = answer.json()
    assert (answer.status_code, receipt["key"], receipt["submission_id"]) == (201, "key-1", FIRST)
    given = anna.get(path())
    assert given.headers["ETag"] == answer.headers["ETag"]
    assert given.headers["Cache-Control"] == "no-store"
    assert {**body, **given.json()} == given.json()
    assert anna.get(path(), If_None_Match=answer.headers["ETag"]).status_code == 304
    (told,) = drafts_told(anna)
    notice = DraftNoticeWire.model_validate(told["data"])
    assert (told["id"], notice.etag, notice.round) == (FIRST, answer.headers["ETag"], 1)
    assert "So far" not in str(told)


def test_nothing_is_replaced_that_its_author_has_not_seen(anna: Client) -> None:
    assert unconditional(anna, begun()).status_code == 428
    assert anna.write("PUT", path(), begun(), If_Match='"nothing"').json().get("current_etag") is None
    first = kept(anna)
    assert unconditional(anna, begun("Two")).status_code == 428
    for stale in ({"If_None_Match": "*"}, {"If_Match": '"other"'}, {"If_Match": f"W/{first}"}):
        answer = anna.write("PUT", path(), begun("Two"), **stale)
        assert (answer.status_code, answer.json()["current_etag"]) == (412, first)
    second = anna.write("PUT", path(), begun("Two"), If_Match=f'"other", {first}')
    assert second.status_code == 201
    assert second.headers["ETag"] != first
    # A repeat whose answer was lost finds its own content, under whatever condition.
    repeat = anna.write("PUT", path(), begun("Two"), If_Match=first)
    assert (repeat.status_code, repeat.headers["ETag"]) == (201, second.headers["ETag"])
    assert anna.get(path()).json()["assessment"]["overall"] == "Two"


@pytest.mark.parametrize("name", ["otto", "both", "bert", "lena", "idle", "petra"])
def test_nobody_else_is_ever_given_it(platform: Running, anna: Client, name: str) -> None:
    etag = kept(anna)
    other = platform.client(name)
    answer = other.get(path())
    assert answer.status_code in (403, 404)
    for told in (
        answer,
        other.write("PUT", path(), begun("Mine"), If_Match=etag),
        other.get(f"/v1/submissions/{FIRST}"),
        other.get("/v1/sync"),
        other.get("/v1/sync/manifest"),
        other.get("/v1/cases"),
        other.get("/v1/escalations"),
    ):
        assert SECRET not in told.text
        assert etag.strip('"') not in told.text
    assert drafts_told(other) == []
    assert anna.get(path()).json()["assessment"]["overall"] == SECRET


def test_two_who_judge_the_same_have_each_their_own(platform: Running, anna: Client, otto: Client) -> None:
    sent(anna)
    hers = {"round": 1, "decision": {"final_feedback": SECRET}}
    kept(otto, hers)
    both = platform.client("both")
    assert both.get(path()).json()["code"] == "no-draft"
    kept(both, {"round": 1, "decision": {"final_feedback": "Another view."}})
    assert otto.get(path()).json()["decision"]["final_feedback"] == SECRET
    for client in (otto, both):
        (told,) = drafts_told(client)
        assert told["data"]["etag"] == client.get(path()).headers["ETag"]


def test_it_stands_in_no_trail_and_no_stored_answer(platform: Running, anna: Client) -> None:
    kept(anna)
    with platform.platform.database.read() as session:
        stored = [str(row) for row in session.scalars(select(StoredAnswer.answer))]
        trail = [str(row) for row in session.scalars(select(AuditEntry.body))]
    assert not any(SECRET in text for text in (*stored, *trail))


def test_only_open_work_is_drafted(platform: Running, anna: Client, otto: Client) -> None:
    refused = {QUEUED: 403, SETTLED: 403, UNCHECKED: 403, "unknown": 403}
    for submission_id, status in refused.items():
        assert anna.write("PUT", path(submission_id), begun(), If_None_Match="*").status_code == status
        assert anna.get(path(submission_id)).status_code == status
    assert otto.write("PUT", path(), begun(), If_None_Match="*").json()["code"] == "state"
    later = {**begun(), "round": 2}
    assert anna.write("PUT", path(), later, If_None_Match="*").json()["code"] == "round-changed"
    sent(anna)
    assert anna.write("PUT", path(), begun(), If_None_Match="*").json()["code"] == "state"


def test_too_large_or_damaged_is_not_taken(anna: Client) -> None:
    huge = b'{"round": 1}' + b" " * MAX_UPLOAD_BYTES
    assert anna.write("PUT", path(), huge, If_None_Match="*").status_code == 413
    headers = {"Idempotency-Key": "k", "Content-Digest": "sha-256=:AAAA:", "If-None-Match": "*"}
    assert anna.call("PUT", path(), data=b'{"round": 1}', headers=headers).status_code == 400
    assert anna.write("PUT", path(), {**begun(), "name": "x"}, If_None_Match="*").status_code == 422
    assert anna.get(path()).status_code == 404


def test_after_sending_marks_for_herself_are_all_that_is_left(
    platform: Running, anna: Client, otto: Client
) -> None:
    private = mark("only_me")
    etag = kept(anna, begun("Long words", private, mark("learner", "Well done")))
    recommendation_id = sent(anna)
    left = anna.get(path())
    assert left.headers["ETag"] != etag
    assert [m["id"] for m in left.json()["assessment"]["annotations"]] == [private["id"]]
    assert "Long words" not in left.text
    decide(otto, decision(recommendation_id, "return"))
    assert anna.get(path()).json()["round"] == 1
    again = anna.write("PUT", path(), {**begun(), "round": 2}, If_Match=left.headers["ETag"])
    assert again.status_code == 201
    second = sent(anna)
    assert decide(otto, decision(second, round=2)).status_code == 201
    assert anna.get(path()).json()["code"] == "no-draft"


def test_it_is_gone_when_it_was_sent_or_decided(platform: Running, anna: Client, otto: Client) -> None:
    kept(anna)
    cursor = anna.changes()[1]
    recommendation_id = sent(anna)
    assert anna.get(path()).status_code == 404
    assert [change["op"] for change in drafts_told(anna, cursor)] == ["remove"]
    kept(otto, {"round": 1, "decision": {"reason": SECRET}})
    decide(otto, decision(recommendation_id, "return"))
    assert otto.get(path()).status_code == 404
    petra = platform.client("petra")
    kept(petra, {"round": 1, "pre_assessment": {"feedback": SECRET}}, UNCHECKED)
    put = f"/v1/submissions/{UNCHECKED}/pre_assessments/{new_id()}"
    assert petra.write("PUT", put, complete(petra)).status_code == 201
    with platform.platform.database.read() as session:
        assert session.scalars(select(Draft)).all() == []


def test_it_is_gone_with_the_work_and_with_the_submission(platform: Running, anna: Client) -> None:
    clock, database = platform.clock, platform.platform.database
    kept(anna)
    assert anna.write("POST", f"/v1/submissions/{FIRST}/recuse", {"reason_code": "language"}).ok
    assert anna.get(path()).status_code == 403
    kept(anna, submission_id=RESUBMISSION)
    with database.write() as session:
        submission = session.get_one(Submission, RESUBMISSION)
        work.move(session, clock.now(), submission, SubmissionStatus.WITHDRAWN, "learner")
        drafts.erase(session, clock.now(), RESUBMISSION, "withdrawn")
    assert anna.get(path(RESUBMISSION)).json()["code"] == "withdrawn"
    with database.read() as session:
        assert session.scalars(select(Draft)).all() == []
        told = session.scalars(select(FeedRow).where(FeedRow.type == "draft")).all()
        assert all(row.removed for row in told)
        assert told


def test_a_draft_that_outlived_its_work_is_not_handed_out(platform: Running, anna: Client) -> None:
    """Whatever forgot to delete it: who has no part in a submission is given nothing."""
    kept(anna)
    with platform.platform.database.write() as session:
        for assignment in session.scalars(select(Assignment).where(Assignment.actor_id == "a-anna")):
            assignment.active = False
    assert anna.get(path()).status_code == 403
    assert [change["op"] for change in drafts_told(anna)] == ["remove"]
