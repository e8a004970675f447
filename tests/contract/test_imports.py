"""Unsent work that comes as a file: the same effects, under the same keys, with the same receipts."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import func, select

from assessor_app.domain.canonical import sha256_hex
from assessor_app.sync.protocol import WithdrawIn
from assessor_app.vault import envelope
from assessor_app.vault.envelope import Content, seal
from reference_platform import importing
from reference_platform.__main__ import main
from reference_platform.models import (
    Account,
    AuditEntry,
    Decision,
    ImportedFile,
    Recommendation,
    StoredAnswer,
)
from tests.contract.bodies import code_of, decision
from tests.contract.letters import Writer, new_keys, row_of
from tests.contract.running import Client, Running, as_bytes, new_id
from tests.contract.small_content import FIRST, NOW, RESUBMISSION

COUNTED = (Recommendation, Decision, StoredAnswer, AuditEntry, ImportedFile)


def bring(client: Client, file: bytes) -> requests.Response:
    headers = {"Content-Type": "application/octet-stream"}
    return client.call("POST", "/v1/imports", headers=headers, data=file)


def counts(platform: Running) -> list[int]:
    """How much of everything there is."""
    with platform.platform.database.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED]


@pytest.fixture
def writer(anna: Client) -> Writer:
    return Writer.registered(anna)


def test_a_colleague_brings_it_and_the_effects_are_the_authors(
    platform: Running, writer: Writer, otto: Client
) -> None:
    row, body = writer.recommends()
    answer = bring(otto, writer.file((row, body)))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["taken"], answer.json()["refused"]) == (1, 0)
    with platform.platform.database.read() as session:
        recommended = session.scalars(select(Recommendation)).one()
        assert recommended.actor_id == writer.actor_id
        carried = session.scalars(select(ImportedFile)).one()
        assert carried.carried_by == otto.get("/v1/me").json()["actor_id"] != writer.actor_id
    (taken,) = writer.answers(answer.json())
    assert taken.receipt is not None
    assert (taken.receipt.key, taken.receipt.sha256) == (row.key, sha256_hex(body))
    assert writer.client.get(f"/v1/receipts/{row.key}").json()["sha256"] == row.sha256


def test_import_and_sending_are_one_effect_with_one_receipt_in_either_order(
    platform: Running, writer: Writer, anna: Client
) -> None:
    first, second = writer.recommends(), writer.recommends(RESUBMISSION)
    sent = anna.write("PUT", first[0].path, first[1], key=first[0].key).json()
    platform.clock.move(minutes=7)
    file = writer.file(first, second)
    answers = writer.answers(bring(anna, file).json())
    again = writer.answers(bring(anna, file).json())
    assert [a.receipt for a in answers] == [a.receipt for a in again]
    assert answers[0].receipt is not None
    assert answers[0].receipt.received_at == NOW
    assert anna.get(f"/v1/receipts/{first[0].key}").json() == sent
    later = anna.write("PUT", second[0].path, second[1], key=second[0].key)
    assert later.json() == anna.get(f"/v1/receipts/{second[0].key}").json()
    assert counts(platform) == [2, 0, 2, 2, 1]


def test_nothing_overtakes_a_refused_one_of_the_same_submission(platform: Running, writer: Writer) -> None:
    refused = writer.recommends(round=7)
    taking_back = as_bytes(WithdrawIn(recommendation_id=new_id()))
    path = f"/v1/submissions/{FIRST}/recommendation/withdraw"
    behind = (row_of(path, taking_back, method="POST"), taking_back)
    other = writer.recommends(RESUBMISSION)
    imported = bring(writer.client, writer.file(refused, behind, other)).json()
    answers = writer.answers(imported)
    assert [(a.status, a.code) for a in answers] == [(409, "round-changed"), (424, "behind"), (201, "")]
    assert counts(platform)[0] == 1


@pytest.mark.parametrize("kind", ["finding", "escalation", "case_action"])
def test_words_that_are_not_taken_hold_up_no_work(platform: Running, writer: Writer, kind: str) -> None:
    row = row_of(f"/v1/submissions/{FIRST}/nothing", b"{}", method="POST").model_copy(update={"kind": kind})
    answers = writer.answers(bring(writer.client, writer.file((row, b"{}"), writer.recommends())).json())
    assert [a.status for a in answers] == [404, 201]
    assert counts(platform)[0] == 1


def test_what_follows_in_order_is_done_in_order(platform: Running, writer: Writer) -> None:
    row, body = writer.recommends()
    taking_back = as_bytes(WithdrawIn(recommendation_id=row.path.rsplit("/", 1)[1]))
    path = f"/v1/submissions/{FIRST}/recommendation/withdraw"
    back = (row_of(path, taking_back, method="POST"), taking_back)
    answers = writer.answers(bring(writer.client, writer.file((row, body), back)).json())
    assert [a.receipt.effect for a in answers if a.receipt] == [
        "recommendation-received",
        "recommendation-withdrawn",
    ]
    assert counts(platform)[0] == 0


def test_the_same_checks_hold_as_over_the_wire(platform: Running, writer: Writer, otto: Client) -> None:
    body = as_bytes(decision(new_id()))
    not_hers = (row_of(f"/v1/submissions/{FIRST}/decisions/{new_id()}", body), body)
    own_path = b"{}"
    key = f"/v1/me/sealing-keys/{new_keys().signing_public.hex()}"
    not_a_write = (row_of(key, own_path, RESUBMISSION), own_path)
    nowhere = (row_of("/v1/nothing", own_path, "s-x"), own_path)
    answers = writer.answers(bring(otto, writer.file(not_hers, not_a_write, nowhere)).json())
    assert [a.status for a in answers] == [403, 401, 404]
    assert counts(platform)[:4] == [0, 0, 0, 0]


def refused(platform: Running, client: Client, file: bytes, *, code: str) -> str:
    """Bring a file that is refused as a whole; gives the sentence."""
    before = counts(platform)
    answer = bring(client, file)
    assert code_of(answer)[1] == f"file-{code}"
    assert counts(platform) == before
    sentence: str = answer.json()["detail"]
    return sentence


def test_a_flip_anywhere_a_cut_anywhere_and_anything_behind_is_refused(
    platform: Running, writer: Writer
) -> None:
    whole = writer.file(writer.recommends())
    seed = random.Random(34)
    places = [*range(28), *(28 + seed.randrange(len(whole) - 28) for _ in range(60)), len(whole) - 1]
    before = counts(platform)
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << seed.randrange(8)
        assert bring(writer.client, bytes(damaged)).status_code == 422, place
    for length in (0, 7, 27, 28, 60, 4096, len(whole) - 1):
        assert bring(writer.client, whole[:length]).status_code == 422, length
    assert bring(writer.client, whole + b"\0").status_code == 422
    assert counts(platform) == before
    assert bring(writer.client, whole).json()["taken"] == 1


def test_who_did_not_sign_it_is_not_the_author(platform: Running, writer: Writer, otto: Client) -> None:
    row = writer.recommends()
    thief = Writer.registered(otto)
    assert "signature" in refused(platform, otto, thief.file(row, actor_id=writer.actor_id), code="forged")
    unknown = Writer(writer.client, writer.actor_id, writer.platform)
    refused(platform, otto, unknown.file(row), code="unknown-writer")
    # A stranger's signature under the author's public key.
    forged = _signed_as(thief, writer, row)
    refused(platform, otto, forged, code="forged")


def _signed_as(thief: Writer, victim: Writer, row: Any) -> bytes:
    keys = envelope.SealingKeys(thief.keys.opening, thief.keys.signing)
    payload = victim.file(row)  # only its manifest's shape matters
    inner_of = envelope._INNER
    header = envelope._HEADER.pack(
        envelope.MAGIC, 1, Content.WORK, 0, envelope.key_id(bytes.fromhex(victim.platform["opening"]))
    )
    signature = keys.signing.sign(envelope._signed(header, payload))
    inner = inner_of.pack(victim.keys.signing_public, signature, len(payload)) + payload
    inner += bytes(-len(inner) % 4096)
    reader = X25519PublicKey.from_public_bytes(bytes.fromhex(victim.platform["opening"]))
    return header + envelope._SUITE.encrypt(inner, reader, info=envelope._SEAL_INFO + header)


def test_a_revoked_key_signs_nothing_any_more(platform: Running, writer: Writer, otto: Client) -> None:
    file = writer.file(writer.recommends())
    path = f"/v1/me/sealing-keys/{writer.keys.signing_public.hex()}"
    assert otto.call("DELETE", path).status_code == 404
    assert writer.client.call("PUT", path).json()["is_revoked"] is False
    assert writer.client.call("DELETE", path).json()["is_revoked"] is True
    refused(platform, writer.client, file, code="revoked")
    assert writer.client.call("PUT", path).json()["is_revoked"] is True
    assert code_of(otto.call("PUT", path)) == (409, "key-taken")


def test_only_a_lead_or_the_operator_brings_the_work_of_a_closed_account(
    platform: Running, writer: Writer, otto: Client
) -> None:
    file = writer.file(writer.recommends())
    with platform.platform.database.write() as session:
        session.get_one(Account, writer.actor_id).disabled = True
    refused(platform, otto, file, code="account-disabled")
    assert bring(platform.client("lena"), file).json()["taken"] == 1


def test_foreign_newer_old_and_oversized_files_are_refused(
    platform: Running, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = writer.recommends()
    elsewhere = Writer(writer.client, writer.actor_id, {"opening": new_keys().opening_public.hex()})
    assert "another platform" in refused(platform, writer.client, elsewhere.file(row), code="foreign")
    whole = writer.file(row)
    refused(platform, writer.client, whole[:8] + b"\2" + whole[9:], code="newer")
    refused(platform, writer.client, writer.file(row, age=timedelta(days=91)), code="too-old")
    refused(platform, writer.client, b"not this", code="not-sealed")
    reader = bytes.fromhex(writer.platform["opening"])
    refused(platform, writer.client, seal(Content.ANSWERS, b"", reader, writer.keys), code="not-sealed")
    refused(platform, writer.client, seal(Content.WORK, b"{}", reader, writer.keys), code="damaged")
    refused(platform, writer.client, writer.file(row, answer_to="00" * 32), code="damaged")
    refused(platform, writer.client, writer.file(row, row), code="damaged")
    monkeypatch.setattr("reference_platform.routes.imports.LARGEST_FILE_BYTES", 1000)
    refused(platform, writer.client, whole, code="too-large")


def test_a_file_is_not_taken_again_when_its_keys_are_forgotten(platform: Running, writer: Writer) -> None:
    file = writer.file(writer.recommends(), now=NOW + timedelta(days=400))
    assert bring(writer.client, file).json()["taken"] == 1
    platform.clock.move(days=91)
    refused(platform, writer.client, file, code="too-old")


def test_a_mistake_at_one_write_keeps_no_other_from_being_done(
    platform: Running, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = writer.recommends(), writer.recommends(RESUBMISSION)
    call, seen = importing._receipt, []

    def fails_once(*args: Any) -> Any:
        seen.append(args)
        return None if len(seen) == 1 else call(*args)

    monkeypatch.setattr(importing, "_receipt", fails_once)
    answers = writer.answers(bring(writer.client, writer.file(first, second)).json())
    assert [a.receipt is not None for a in answers] == [False, True]


def test_the_keys_are_the_signed_in_persons_business(platform: Running, anna: Client) -> None:
    stranger = Client(platform.origin, None)
    assert stranger.get("/v1/import-key").status_code == 401
    assert bring(stranger, b"").status_code == 401
    keys = anna.get("/v1/import-key").json()
    assert keys == anna.get("/v1/import-key").json()
    assert len({*keys.values()}) == 2
    assert code_of(anna.call("PUT", "/v1/me/sealing-keys/xyz"))[0] == 422


def test_the_operator_imports_by_command_and_revokes_keys(
    platform: Running, writer: Writer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The command keeps time by the system's clock, the file is as young as that.
    now = datetime.now(UTC)
    file, out, data = tmp_path / "unsent.awsealed", tmp_path / "receipts", tmp_path / "platform"
    file.write_bytes(writer.file(writer.recommends(), writer.recommends(RESUBMISSION, round=9), now=now))
    command = ["import", str(file), "--data", str(data), "--out", str(out)]
    assert main(command) == 3
    said = capsys.readouterr().out
    assert f"Work of {writer.actor_id}: 1 taken, 1 refused." in said
    assert "409 round-changed" in said
    assert [a.status for a in writer.answers(out.read_bytes())] == [201, 409]
    assert main([*command, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["taken"] == 1
    assert main(["account", "revoke-keys", "anna", "--data", str(data)]) == 0
    assert main(command) == 1
    assert "revoked" in capsys.readouterr().err
    assert main(["account", "revoke-keys", "nobody", "--data", str(data)]) == 1
    assert main(["import", str(tmp_path / "no"), "--data", str(data)]) == 1
    assert main(["import", str(file), "--data", str(tmp_path)]) == 1
    assert counts(platform)[0] == 1
