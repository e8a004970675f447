"""The change feed: cursors, pages, removals, and who gets what."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.native import rubric_from_json
from assessor_app.sync.protocol import (
    DATA_MODELS,
    MAX_PAGE_BYTES,
    ChangeType,
    SyncManifest,
    SyncPage,
)
from reference_platform import cursors
from reference_platform.feed import Feed, last_number
from reference_platform.models import Submission
from tests.contract.bodies import code_of, decide, decision, sent
from tests.contract.running import Client, Running, fill, running
from tests.contract.small_content import EARLIER, FIRST, NOW, RESUBMISSION, content


def touch(platform: Running, actor_id: str = "a-anna", submission_id: str = FIRST) -> None:
    """Something about a submission changes for somebody."""
    with platform.platform.database.write() as session:
        Feed(session, platform.clock.now()).changed(actor_id, ChangeType.SUBMISSION, submission_id)


def kinds(changes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(change["type"], change["id"]) for change in changes]


def test_the_first_pages_bring_everything_in_an_order_that_can_be_applied(anna: Client) -> None:
    changes, _ = anna.changes()
    told = kinds(changes)
    assert [kind for kind, _ in told[:2]] == ["calendar", "policy"]
    assert told[2] == ("rubric_version", "think-alouds:3")
    assert {name for kind, name in told if kind == "submission"} == {FIRST, RESUBMISSION, EARLIER}
    assert ("assignment", f"{FIRST}:assessor") in told
    for change in changes:
        if change["type"] == "rubric_version":
            assert rubric_from_json(change["data"]).version == 3
        else:
            DATA_MODELS[ChangeType(change["type"])].model_validate(change["data"])


def test_nothing_new_is_an_empty_page(anna: Client) -> None:
    _, cursor = anna.changes()
    page = SyncPage.model_validate(anna.get(f"/v1/sync?cursor={cursor}").json())
    assert (page.changes, page.has_more, page.server_time) == ([], False, NOW)
    assert page.next_cursor == cursor


def test_a_cursor_brings_what_changed_since(platform: Running, anna: Client) -> None:
    _, cursor = anna.changes()
    touch(platform)
    touch(platform, "a-otto")
    changes, after = anna.changes(cursor)
    assert kinds(changes) == [("submission", FIRST)]
    assert anna.changes(after)[0] == []
    assert kinds(anna.changes(cursor)[0]) == [("submission", FIRST)]


def test_pages_of_one_bring_the_same_as_one_page(anna: Client) -> None:
    at_once, _ = anna.changes()
    one_by_one, _ = anna.changes(limit=1)
    assert one_by_one == at_once
    page = anna.get("/v1/sync?limit=1").json()
    assert (len(page["changes"]), page["has_more"]) == (1, True)


def test_a_change_between_two_pages_is_not_missed(platform: Running, anna: Client) -> None:
    page = anna.get("/v1/sync?limit=3").json()
    first = page["changes"][2]["id"]
    touch(platform, submission_id=first)
    rest, _ = anna.changes(page["next_cursor"])
    assert rest[-1]["id"] == first
    assert rest[-1]["rev"] > page["changes"][2]["rev"]


def test_numbers_only_grow(platform: Running, anna: Client) -> None:
    revs = [change["rev"] for change in anna.changes()[0]]
    touch(platform)
    assert anna.changes()[0][-1]["rev"] > max(revs)


@pytest.mark.parametrize("limit", ["0", "501", "x", "-1"])
def test_a_limit_has_limits(anna: Client, limit: str) -> None:
    answer = anna.get(f"/v1/sync?limit={limit}")
    assert code_of(answer) == (422, "validation")
    assert answer.json()["errors"][0]["pointer"] == "limit"


def test_a_page_stays_under_its_size(server: tuple[str, FastAPI], tmp_path: Path) -> None:
    fill(tmp_path, content(extra=50))
    with running(server, tmp_path) as platform:
        busy = platform.client("busy")
        answer = busy.get("/v1/sync?limit=500")
        assert MAX_PAGE_BYTES / 2 < len(answer.content) <= MAX_PAGE_BYTES
        assert answer.json()["has_more"]
        assert len([c for c in busy.changes(limit=500)[0] if c["type"] == "submission"]) == 50


def test_what_is_larger_than_a_page_comes_alone(platform: Running, anna: Client) -> None:
    with platform.platform.database.write() as session:
        submission = session.get_one(Submission, FIRST)
        body = json.loads(json.dumps(submission.body))
        body["parts"][0]["responses"][0]["text"] = "é" * 199_000
        submission.body = body
    touch(platform)
    touch(platform, submission_id=EARLIER)
    sizes = []
    cursor, more = "", True
    while more:
        page = anna.get(f"/v1/sync?cursor={cursor}").json()
        sizes.append(len(page["changes"]))
        cursor, more = page["next_cursor"], page["has_more"]
    assert sizes[-2:] == [1, 1]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "é", "A" * 32, "A" * 200])
def test_an_unknown_cursor_has_expired(anna: Client, cursor: str) -> None:
    assert code_of(anna.get(f"/v1/sync?cursor={cursor}")) == (410, "cursor-expired")


def test_a_cursor_of_somebody_else_or_changed_by_hand_has_expired(anna: Client, otto: Client) -> None:
    _, cursor = otto.changes()
    assert code_of(anna.get(f"/v1/sync?cursor={cursor}")) == (410, "cursor-expired")
    _, own = anna.changes()
    changed = ("B" if own[0] == "A" else "A") + own[1:]
    assert code_of(anna.get(f"/v1/sync?cursor={changed}")) == (410, "cursor-expired")


def test_a_cursor_older_than_forgotten_removals_has_expired(
    platform: Running, anna: Client, otto: Client
) -> None:
    _, old = anna.changes()
    decide(otto, decision(sent(anna), "return", return_to="other"))
    _, after_the_removals = anna.changes()
    platform.clock.move(days=91)
    touch(platform, submission_id=EARLIER)
    with platform.platform.database.write() as session:
        Feed(session, platform.clock.now()).forget_old_removals(platform.clock.now())
    assert code_of(anna.get(f"/v1/sync?cursor={old}")) == (410, "cursor-expired")
    assert kinds(anna.changes(after_the_removals)[0]) == [("submission", EARLIER)]
    manifest = SyncManifest.model_validate(anna.get("/v1/sync/manifest").json())
    assert FIRST not in {entry.id for entry in manifest.entries}
    assert anna.changes(manifest.next_cursor)[0] == []


def test_the_manifest_names_what_the_pages_brought(platform: Running, anna: Client) -> None:
    changes, _ = anna.changes()
    manifest = SyncManifest.model_validate(anna.get("/v1/sync/manifest").json())
    assert [(e.type, e.id, e.rev) for e in manifest.entries] == [
        (c["type"], c["id"], c["rev"]) for c in changes
    ]
    touch(platform)
    assert kinds(anna.changes(manifest.next_cursor)[0]) == [("submission", FIRST)]


def test_an_account_without_work_gets_the_issuers_frame_alone(platform: Running) -> None:
    assert [kind for kind, _ in kinds(platform.client("idle").changes()[0])] == ["calendar", "policy"]


def test_an_approver_gets_nothing_of_the_assessor_before_it_is_sent(anna: Client, otto: Client) -> None:
    assert "recommendation" not in {kind for kind, _ in kinds(otto.changes()[0])}
    recommendation_id = sent(anna)
    assert ("recommendation", recommendation_id) in kinds(otto.changes()[0])


def test_what_is_in_the_feed_is_still_not_shown_in_the_wrong_state(
    platform: Running, anna: Client, otto: Client
) -> None:
    recommendation_id = sent(anna)
    with platform.platform.database.write() as session:
        session.get_one(Submission, FIRST).status = SubmissionStatus.WAITING_ON_ASSESSOR
    change = next(c for c in otto.changes()[0] if c["id"] == recommendation_id)
    assert (change["op"], "data" in change) == ("remove", False)
    with platform.platform.database.read() as session:
        assert last_number(session) >= change["rev"]


def test_cursors_end_with_their_database(server: tuple[str, FastAPI], template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "one")
    with running(server, tmp_path / "one") as platform:
        _, cursor = platform.client("anna").changes()
    fill(tmp_path / "two", content())
    with running(server, tmp_path / "two") as platform:
        answer = platform.client("anna").get(f"/v1/sync?cursor={cursor}")
        assert code_of(answer) == (410, "cursor-expired")
        with platform.platform.database.read() as session:
            assert cursors.decode(session, "a-anna", cursors.encode(session, "a-anna", 7)) == 7
