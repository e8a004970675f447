"""What happens to work that somebody has begun, as the platform tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from reference_platform import endings
from reference_platform.__main__ import main
from reference_platform.feed import Feed
from reference_platform.models import AuditEntry, Learner, Submission
from reference_platform.problems import Problem
from reference_platform.similarity import comparing
from tests.contract.bodies import code_of, recommend, recommendation, sent
from tests.contract.running import Client, Running
from tests.contract.small_content import EARLIER, FIRST, QUEUED, RESUBMISSION, SETTLED
from tests.contract.test_drafts import SECRET, mark

PLANTED = "Words that must be nowhere after their learner was erased."


@pytest.fixture
def anna(platform: Running) -> Client:
    return platform.client("anna")


def data(platform: Running) -> Path:
    path = platform.platform.database.engine.url.database
    assert path is not None
    return Path(path).parent


def admin(platform: Running, verb: str, name: str, *more: str) -> int:
    return main(["admin", verb, name, "--data", str(data(platform)), *more])


def evidence_files(platform: Running) -> list[Path]:
    return [path for path in (data(platform) / "evidence").rglob("*") if path.is_file()]


def removals(client: Client, cursor: str) -> dict[str, Any]:
    """Reasons by type."""
    return {
        change["type"]: change["reason"] for change in client.changes(cursor)[0] if change["op"] == "remove"
    }


def put_draft(client: Client, submission_id: str = FIRST) -> None:
    body = {"round": 1, "assessment": {"annotations": [mark("only_me")]}}
    answer = client.write("PUT", f"/v1/submissions/{submission_id}/draft", body, If_None_Match="*")
    assert answer.status_code == 201, answer.text


def test_what_the_learner_took_back_leaves_everybody_with_that_reason(
    platform: Running, anna: Client
) -> None:
    put_draft(anna)
    body = recommendation(anna)
    _, cursor = anna.changes()
    assert admin(platform, "withdraw", FIRST) == 0
    told = removals(anna, cursor)
    assert told == {"assignment": "withdrawn", "submission": "withdrawn", "draft": "withdrawn"}
    assert code_of(recommend(anna, FIRST, body)) == (410, "withdrawn")
    assert admin(platform, "withdraw", FIRST) == 1


def test_work_given_to_others_and_claims_that_end_say_so(platform: Running, anna: Client) -> None:
    _, cursor = anna.changes()
    assert admin(platform, "reassign", FIRST) == 0
    assert removals(anna, cursor)["submission"] == "reassigned"
    bert = platform.client("bert")
    assert bert.write("POST", f"/v1/submissions/{QUEUED}/claim", {"lease_hours": 2}).status_code == 201
    _, cursor = bert.changes()
    with platform.platform.database.write() as session, pytest.raises(Problem, match="not-claimed"):
        endings.end_claim(session, platform.clock.now(), QUEUED)
    platform.clock.move(hours=2)
    with platform.platform.database.write() as session:
        endings.end_claim(session, platform.clock.now(), QUEUED)
    assert removals(bert, cursor)["submission"] == "claim_ended"


def test_who_asks_the_queue_gets_what_another_claim_left_behind(platform: Running) -> None:
    bert, idle = platform.client("bert"), platform.client("idle")
    bert.write("POST", f"/v1/submissions/{QUEUED}/claim", {"lease_hours": 2})
    _, cursor = bert.changes()
    wanted = {"microcredential_id": "mc-1", "lease_hours": 2}
    with platform.platform.database.read() as session:
        wanted["microcredential_id"] = session.get_one(Submission, QUEUED).microcredential_id
    assert code_of(idle.write("POST", "/v1/queue/claims", wanted)) == (409, "nothing-left")
    platform.clock.move(hours=2)
    assert code_of(bert.write("POST", "/v1/queue/claims", wanted)) == (409, "nothing-left")
    assert idle.write("POST", "/v1/queue/claims", wanted).status_code == 201
    assert removals(bert, cursor)["submission"] == "reassigned"


def test_an_erased_learner_is_nowhere_on_the_platform(platform: Running, anna: Client) -> None:
    put_draft(anna, RESUBMISSION)
    parts = anna.get(f"/v1/submissions/{FIRST}").json()["parts"]
    artifact = next(a for part in parts for a in part["artifacts"])
    with platform.platform.database.write() as session:
        now, blobs = platform.clock.now(), platform.platform.blobs
        endings.replace_evidence(session, now, blobs, artifact["id"], PLANTED.encode())
    sent(anna, FIRST)
    with platform.platform.database.write() as session:
        submission = session.get_one(Submission, FIRST)
        body = submission.body
        body["parts"][0]["responses"][0]["text"] = PLANTED
        submission.body = {**body}
        session.flush()
        audited = session.scalars(select(AuditEntry).where(AuditEntry.submission_id == FIRST)).all()
        assert any(entry.body for entry in audited)
    comparing.catch_up(platform.platform)
    _, cursor = anna.changes()
    assert any(PLANTED.encode() in f.read_bytes() for f in evidence_files(platform))
    assert admin(platform, "erase", FIRST) == 0
    assert removals(anna, cursor) == dict.fromkeys(
        ("assignment", "submission", "draft", "recommendation"), "erased"
    )
    with platform.platform.database.read() as session:
        gone = (FIRST, RESUBMISSION, EARLIER, SETTLED)
        assert not session.scalars(select(Submission.id).where(Submission.id.in_(gone))).all()
        assert session.get(Learner, "l-1") is None
        bodies = session.scalars(select(AuditEntry.body).where(AuditEntry.submission_id.in_(gone))).all()
        assert not any(bodies)
    assert evidence_files(platform), "what others handed in stays, though it is the same file"
    for file in data(platform).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert PLANTED.encode() not in content, file
            assert SECRET.encode() not in content, file
    assert code_of(anna.write("PUT", f"/v1/submissions/{FIRST}/draft", {}, If_None_Match="*"))[0] >= 400
    refused = anna.write("POST", f"/v1/submissions/{FIRST}/claim", {"lease_hours": 2})
    assert code_of(refused) == (410, "erased")


def test_who_had_to_give_it_up_before_learns_of_the_erasure_however_late(
    platform: Running, anna: Client
) -> None:
    assert admin(platform, "reassign", FIRST) == 0
    _, cursor = anna.changes()
    endings.erase(platform.platform, FIRST)
    assert removals(anna, cursor)["submission"] == "erased"
    platform.clock.move(days=3000)
    with platform.platform.database.write() as session:
        Feed(session, platform.clock.now()).forget_old_removals(platform.clock.now())
    assert removals(anna, "")["submission"] == "erased"


def test_other_bytes_for_an_artifact_are_another_version_with_another_digest(
    platform: Running, anna: Client, tmp_path: Path
) -> None:
    body = recommendation(anna)
    parts = anna.get(f"/v1/submissions/{FIRST}").json()["parts"]
    artifact = next(a for part in parts for a in part["artifacts"])
    _, cursor = anna.changes()
    file = tmp_path / "new.pdf"
    file.write_bytes(b"%PDF-1.7 another version")
    assert admin(platform, "replace-evidence", artifact["id"], "--file", str(file)) == 0
    (changed,) = [c for c in anna.changes(cursor)[0] if c["type"] == "submission"]
    told = [a for part in changed["data"]["parts"] for a in part["artifacts"] if a["id"] == artifact["id"]]
    assert told[0]["sha256"] != artifact["sha256"]
    assert anna.get(f"/v1/artifacts/{artifact['id']}/content").content == file.read_bytes()
    assert code_of(recommend(anna, FIRST, body)) == (409, "evidence-changed")
    sent(anna, FIRST)
    assert admin(platform, "replace-evidence", artifact["id"], "--file", str(file)) == 1
