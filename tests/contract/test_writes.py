"""Writes may be repeated: one key, one effect, one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from assessor_app.domain.canonical import sha256_hex
from assessor_app.sync.protocol import MAX_UPLOAD_BYTES, ReceiptWire
from reference_platform import work
from reference_platform.models import AuditEntry, Recommendation, StoredAnswer
from tests.contract.bodies import code_of, recommend, recommendation, sent
from tests.contract.running import Client, Running, as_bytes, new_id
from tests.contract.small_content import FIRST, NOW, QUEUED, RESUBMISSION


def path_of(submission_id: str = FIRST) -> str:
    return f"/v1/submissions/{submission_id}/recommendations/{new_id()}"


def test_the_receipt_names_key_digest_and_submission(anna: Client) -> None:
    key = new_id()
    body = recommendation(anna)
    answer = recommend(anna, body=body, key=key)
    assert answer.status_code == 201
    receipt = ReceiptWire.model_validate(answer.json())
    assert receipt.key == key
    assert receipt.sha256 == sha256_hex(as_bytes(body))
    assert receipt.submission_id == FIRST
    assert receipt.received_at == NOW
    assert receipt.effect == "recommendation-received"
    assert anna.get(f"/v1/receipts/{key}").json() == answer.json()


def test_a_repeat_gets_the_same_answer_even_when_the_state_has_moved_on(
    platform: Running, anna: Client
) -> None:
    key, path, body = new_id(), path_of(), recommendation(anna)
    first = anna.write("PUT", path, body, key=key)
    platform.clock.move(minutes=5)
    assert code_of(anna.write("PUT", path_of(), body)) == (409, "already-recommended")
    again = anna.write("PUT", path, body, key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    with platform.platform.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_another_body_or_path_under_the_same_key_is_refused(anna: Client) -> None:
    key, path, body = new_id(), path_of(), recommendation(anna)
    assert anna.write("PUT", path, body, key=key).status_code == 201
    changed = anna.write("PUT", path, {**body, "note_to_approver": "x"}, key=key)
    assert code_of(changed) == (422, "key-reused")
    elsewhere = anna.write("PUT", path_of(RESUBMISSION), body, key=key)
    assert code_of(elsewhere) == (422, "key-reused")
    broken = anna.write("PUT", path, b"not json", key=key)
    assert code_of(broken) == (422, "key-reused")


def test_a_refusal_leaves_the_key_free(anna: Client) -> None:
    key, path, body = new_id(), path_of(), recommendation(anna)
    assert anna.write("PUT", path, {**body, "round": 7}, key=key).status_code == 409
    assert anna.get(f"/v1/receipts/{key}").status_code == 404
    assert anna.write("PUT", path, body, key=key).status_code == 201


def test_eight_at_once_have_one_effect_and_one_receipt(platform: Running, anna: Client) -> None:
    key, path, body = new_id(), path_of(), recommendation(anna)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: anna.write("PUT", path, body, key=key), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    with platform.platform.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Recommendation)) == 1
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1
        assert session.scalar(select(func.count()).select_from(StoredAnswer)) == 1


def test_eight_keys_at_once_for_one_round_leave_one_recommendation(platform: Running, anna: Client) -> None:
    body = recommendation(anna)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: anna.write("PUT", path_of(), body), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + 7 * [409]
    with platform.platform.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Recommendation)) == 1


def test_a_race_that_another_process_won_is_looked_at_again(
    anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Databases with several writers tell of it only when the row is written."""
    audit, calls = work.audit, []

    def lose_once(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 1:
            raise IntegrityError("INSERT", {}, Exception("unique"))
        audit(*args)

    monkeypatch.setattr(work, "audit", lose_once)
    assert recommend(anna).status_code == 201
    assert len(calls) == 2


def test_a_key_belongs_to_its_owner(platform: Running, anna: Client) -> None:
    key = new_id()
    recommend(anna, key=key)
    assert code_of(platform.client("bert").get(f"/v1/receipts/{key}")) == (404, "not-found")


@pytest.mark.parametrize("key", [None, "", "with space", "x" * 101, "é"])
def test_without_a_key_nothing_is_written(anna: Client, key: str | None) -> None:
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = key.encode().decode("latin-1")
    answer = anna.call("PUT", path_of(), headers=headers, data=as_bytes(recommendation(anna)))
    assert code_of(answer) == (400, "key-missing")


@pytest.mark.parametrize(
    "digest",
    [
        "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
        "sha-256=:AA==:",
        "sha-256=:not base64:",
        "md5=:AAAA:, sha-256=:AAAA:",
        "sha-256=::",
    ],
)
def test_a_body_damaged_on_the_way_is_refused(anna: Client, digest: str) -> None:
    headers = {"Idempotency-Key": new_id(), "Content-Digest": digest}
    answer = anna.call("PUT", path_of(), headers=headers, data=as_bytes(recommendation(anna)))
    assert code_of(answer) == (400, "digest-mismatch")


def test_a_digest_that_damage_would_hide_is_checked_before_the_key(anna: Client) -> None:
    key, path, body = new_id(), path_of(), recommendation(anna)
    anna.write("PUT", path, body, key=key)
    headers = {"Idempotency-Key": key, "Content-Digest": "sha-256=:AAAA:"}
    answer = anna.call("PUT", path, headers=headers, data=b"damaged")
    assert code_of(answer) == (400, "digest-mismatch")


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b'{"round": 1, "round": 2}',
        b'{"round": NaN}',
        b"\xff",
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_what_is_no_good_json_is_refused(anna: Client, body: bytes) -> None:
    assert code_of(anna.write("PUT", path_of(), body)) == (400, "not-json")


def test_more_than_the_limit_is_refused(anna: Client) -> None:
    answer = anna.write("PUT", path_of(), b" " * (MAX_UPLOAD_BYTES + 1))
    assert code_of(answer) == (413, "too-large")


def test_unknown_and_missing_fields_are_named_but_not_repeated(anna: Client) -> None:
    body = recommendation(anna)
    del body["outcome"]
    answer = anna.write("PUT", path_of(), {**body, "extra": "canary-value", "round": "canary-value"})
    assert code_of(answer) == (422, "validation")
    places = {field["pointer"] for field in answer.json()["errors"]}
    assert places == {"/extra", "/outcome", "/round"}
    assert "canary-value" not in answer.text
    nested = {**recommendation(anna), "scores": [{"criterion_id": "analyze-1", "name": "x"}]}
    answer = anna.write("PUT", path_of(), nested)
    assert [field["pointer"] for field in answer.json()["errors"]] == ["/scores/0/name"]


def test_old_keys_are_forgotten_after_ninety_days_and_not_before(platform: Running, anna: Client) -> None:
    key = new_id()
    recommend(anna, key=key)
    platform.clock.move(days=89)
    sent(anna, RESUBMISSION)
    assert anna.get(f"/v1/receipts/{key}").status_code == 200
    platform.clock.move(days=2)
    assert platform.client("bert").write("POST", f"/v1/submissions/{QUEUED}/claim", {}).status_code == 201
    assert anna.get(f"/v1/receipts/{key}").status_code == 404
