"""Unsent work as a file, the whole way: exported, carried, imported, receipts read, and sent as well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assessor_app.cache import exported, outbox, refused_fields, sealing
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.ids import OutboxId, SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.errors import NotWritten
from assessor_app.services import assessing, unsent_answers, unsent_carrying, unsent_export
from assessor_app.services.context import Context
from assessor_app.services.unsent_answers import AnswersRefused
from assessor_app.services.unsent_carrying import FileRefused
from assessor_app.sync import sealing_keys
from assessor_app.vault.envelope import LARGEST_PAYLOAD_BYTES
from reference_platform.models import Account, Recommendation, StoredAnswer, Submission
from tests.builders import FakeClock
from tests.contract.letters import Writer
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import FIRST, RESUBMISSION
from tests.integration.at_work import FIRST_ID, assess, at_work, opened, sync, synced

PLANTED = "Zirconium-lantern words that nobody on the way may read."
OTHER_ID = SubmissionId(RESUBMISSION)


def rows(context: Context) -> tuple[OutboxItem, ...]:
    with context.store.read() as txn:
        return outbox.items(txn, open_only=False)


def queue(context: Context, *ids: SubmissionId) -> None:
    for submission_id in ids or (FIRST_ID,):
        assess(context, submission_id, words=PLANTED)
        assessing.send(context, submission_id)


def exported_to(context: Context, target: Path) -> bytes:
    report = unsent_export.export(context, target)
    assert report.files == (target,)
    return target.read_bytes()


def bring(client: Client, file: bytes, folder: Path) -> Path:
    """Carry a file to the platform; gives the file of receipts."""
    answer = client.call("POST", "/v1/imports", data=file)
    assert answer.status_code == 200, answer.text
    receipts = folder / "receipts.awsealed"
    receipts.write_bytes(Writer.sealed_answers(answer.json()))
    return receipts


def effects(platform: Running) -> tuple[int, int]:
    with platform.platform.database.read() as session:
        counted = [select(func.count()).select_from(table) for table in (Recommendation, StoredAnswer)]
        return session.scalar(counted[0]) or 0, session.scalar(counted[1]) or 0


def test_it_is_carried_confirmed_and_never_sent_twice(
    anna: Context, platform: Running, tmp_path: Path
) -> None:
    queue(anna, FIRST_ID, OTHER_ID)
    what = unsent_export.content(anna)
    assert (what.kinds, what.held_back, what.can_seal) == ({OutboxKind.RECOMMENDATION: 2}, 0, True)
    file = exported_to(anna, tmp_path / "work.awsealed")
    assert [row.state for row in rows(anna)] == [OutboxState.QUEUED] * 2
    receipts = bring(platform.client("otto"), file, tmp_path)
    report = unsent_answers.read_answers(anna, receipts)
    assert (report.confirmed, report.refused, report.known, report.waiting) == (2, 0, 0, 0)
    for row in rows(anna):
        assert row.state is OutboxState.ACKED
        told = platform.client("anna").get(f"/v1/receipts/{row.id}").json()
        assert row.receipt is not None
        assert (row.receipt.sha256, row.receipt.effect) == (told["sha256"], told["effect"])
    synced(anna)
    assert effects(platform) == (2, 2)
    assert unsent_answers.read_answers(anna, receipts).known == 2
    assert opened(anna).submission.status.value == "waiting_on_approver"


def test_exported_and_then_sent_happens_once_and_the_file_changes_nothing(
    anna: Context, platform: Running, tmp_path: Path
) -> None:
    queue(anna)
    file = exported_to(anna, tmp_path / "work.awsealed")
    synced(anna)
    (row,) = rows(anna)
    assert row.state is OutboxState.ACKED
    receipts = bring(platform.client("otto"), file, tmp_path)
    assert unsent_answers.read_answers(anna, receipts).known == 1
    assert effects(platform) == (1, 1)


def test_imported_and_then_sent_gets_the_receipt_of_the_import(
    anna: Context, platform: Running, tmp_path: Path
) -> None:
    queue(anna)
    file = exported_to(anna, tmp_path / "work.awsealed")
    bring(platform.client("otto"), file, tmp_path)
    at = platform.clock.now()
    platform.clock.move(hours=5)
    synced(anna)
    (row,) = rows(anna)
    assert row.receipt is not None
    assert row.receipt.received_at == at
    assert effects(platform) == (1, 1)


def test_an_expired_sign_in_holds_nothing_hostage(anna: Context, platform: Running, tmp_path: Path) -> None:
    queue(anna)
    with platform.platform.database.write() as session:
        account = session.scalars(select(Account).where(Account.login == "anna")).one()
        account.disabled = True
    sync(anna)
    assert rows(anna)[0].state is OutboxState.QUEUED
    receipts = bring(platform.client("lena"), exported_to(anna, tmp_path / "work.awsealed"), tmp_path)
    assert unsent_answers.read_answers(anna, receipts).confirmed == 1


def test_the_file_shows_nothing_of_what_is_in_it(anna: Context, platform: Running, tmp_path: Path) -> None:
    queue(anna)
    file = exported_to(anna, tmp_path / unsent_export.proposed_name(anna.clock.now()))
    receipts = bring(platform.client("otto"), file, tmp_path)
    (row,) = rows(anna)
    with anna.store.read() as txn:
        known = sealing.load(txn)
    assert known is not None
    planted = [PLANTED, "Zirconium", "recommendation", "demonstrated", "anna", FIRST, row.id, row.sha256]
    planted += [known.actor_id or "", known.keys.signing_public.hex(), "rubric_hash", platform.origin]
    for data in (file, receipts.read_bytes()):
        assert len(data) % 4096 == 28 + 32 + 16
        for text in planted:
            for form in (text.encode(), text.encode("utf-16-le"), text.lower().encode()):
                assert form not in data, text
        assert known.keys.signing_public not in data
    assert not {"anna", str(tmp_path)} & set(unsent_export.proposed_name(anna.clock.now()).split("-"))


def test_what_was_exported_counts_as_tried_and_is_marked(
    anna: Context, platform: Running, tmp_path: Path
) -> None:
    queue(anna)
    exported_to(anna, tmp_path / "work.awsealed")
    (row,) = rows(anna)
    assert row.attempts == 1
    with anna.store.read() as txn:
        assert exported.times(txn) == {row.id: anna.clock.now()}
    with anna.store.write() as txn:
        assert not outbox.withdraw_queued(txn, row.id)
    synced(anna)
    with anna.store.read() as txn:
        assert exported.times(txn) == {}


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(anna: Context, tmp_path: Path) -> None:
    queue(anna)
    with pytest.raises(NotWritten):
        unsent_export.export(anna, tmp_path / "no folder" / "work.awsealed")
    (row,) = rows(anna)
    assert row.attempts == 0
    with anna.store.write() as txn:
        assert outbox.withdraw_queued(txn, row.id)
    with pytest.raises(NotWritten, match="Nothing waits"):
        unsent_export.export(anna, tmp_path / "work.awsealed")
    assert list(tmp_path.glob("*.awsealed")) == []


def test_a_refusal_in_the_receipts_is_the_refusal_over_the_wire(
    anna: Context, platform: Running, tmp_path: Path
) -> None:
    queue(anna, FIRST_ID, OTHER_ID)
    file = exported_to(anna, tmp_path / "work.awsealed")
    with platform.platform.database.write() as session:
        session.get_one(Submission, FIRST).round = 2
    receipts = bring(platform.client("otto"), file, tmp_path)
    report = unsent_answers.read_answers(anna, receipts)
    assert (report.confirmed, report.refused) == (1, 1)
    again = unsent_answers.read_answers(anna, receipts)
    assert (again.known, again.waiting) == (2, 0)
    states = {row.submission_id: (row.state, row.last_error) for row in rows(anna)}
    assert states[FIRST_ID][0] is OutboxState.CONFLICT
    assert "Yours is kept" in states[FIRST_ID][1]
    assert opened(anna).is_editable or opened(anna).assessment.overall.startswith(PLANTED)
    what = unsent_export.content(anna)
    # It is open again, and goes along as the draft that it is now.
    assert (what.kinds, what.drafts, what.held_back) == ({}, 1, 1)


def test_what_the_platform_cannot_take_opens_again_with_the_fields_that_it_names(
    anna: Context, platform: Running, tmp_path: Path
) -> None:
    queue(anna)
    (row,) = rows(anna)
    body = row.body.replace(b'"outcome":"award"', b'"outcome":"no such"')
    with anna.store.write() as txn:
        outbox.enqueue(txn, replace(row, id=OutboxId(new_id()), body=body, sha256=sha256_hex(body)))
    file = exported_to(anna, tmp_path / "work.awsealed")
    assert unsent_answers.read_answers(anna, bring(platform.client("otto"), file, tmp_path)).refused == 1
    (row,) = rows(anna)
    assert row.state is OutboxState.REJECTED
    with anna.store.read() as txn:
        assert refused_fields.of_item(txn, row.id) == ("/outcome",)
    assert opened(anna).is_editable


def test_a_colleague_hands_it_in_over_her_own_connection(
    anna: Context, platform: Running, tmp_path: Path, clock: FakeClock
) -> None:
    queue(anna)
    file, receipts = tmp_path / "work.awsealed", tmp_path / "receipts.awsealed"
    exported_to(anna, file)
    with at_work(tmp_path, platform, "otto", Role.APPROVER, clock=clock) as otto:
        for _ in range(2):
            report = unsent_carrying.carry(otto, file, receipts)
            assert (report.taken, report.refused, report.drafts) == (1, 0, 0)
        for broken, words in (
            (b"AWSEALED" + bytes(100), "damaged|none|as it is"),
            (b"text", "not a file of"),
        ):
            file.write_bytes(broken)
            with pytest.raises(FileRefused, match=words):
                unsent_carrying.carry(otto, file, receipts)
        with pytest.raises(NotWritten):
            unsent_carrying.carry(otto, tmp_path / "nowhere", receipts)
    assert unsent_answers.read_answers(anna, receipts).confirmed == 1


def test_only_the_platforms_answer_to_this_profile_settles_anything(
    anna: Context, platform: Running, tmp_path: Path, clock: FakeClock
) -> None:
    queue(anna)
    file = exported_to(anna, tmp_path / "work.awsealed")
    receipts = bring(platform.client("otto"), file, tmp_path)
    good = receipts.read_bytes()
    (row,) = rows(anna)
    for place in (0, 9, 20, 30, 61, 200, len(good) // 2, len(good) - 1):
        damaged = bytearray(good)
        damaged[place] ^= 4
        receipts.write_bytes(damaged)
        with pytest.raises(AnswersRefused, match="Nothing was changed"):
            unsent_answers.read_answers(anna, receipts)
    for other in (b"", good[:-1], good + b"x", file):
        receipts.write_bytes(other)
        with pytest.raises(AnswersRefused):
            unsent_answers.read_answers(anna, receipts)
    with pytest.raises(AnswersRefused, match="cannot be read there"):
        unsent_answers.read_answers(anna, tmp_path / "nowhere")
    with at_work(tmp_path, platform, "bert", Role.ASSESSOR, clock=clock) as bert:
        receipts.write_bytes(good)
        with pytest.raises(AnswersRefused, match="another profile"):
            unsent_answers.read_answers(bert, receipts)
    with anna.store.write() as txn:
        known = sealing.load(txn)
        assert known is not None
        assert known.platform_opening is not None
        assert known.platform_signing is not None
        opening, signing = known.platform_opening.hex(), known.platform_signing.hex()
        # The same computer and the same keys, where the account signs in as somebody else meanwhile.
        sealing.keep_answer(txn, anna.clock.now(), "another-actor", opening, signing)
    with pytest.raises(AnswersRefused, match="another profile"):
        unsent_answers.read_answers(anna, receipts)
    assert rows(anna) == (row,)


def test_receipts_that_somebody_else_signed_settle_nothing(
    anna: Context, platform: Running, tmp_path: Path
) -> None:
    queue(anna)
    (row,) = rows(anna)
    with anna.store.read() as txn:
        known = sealing.load(txn)
    assert known is not None
    forged = tmp_path / "receipts.awsealed"
    forged.write_bytes(Writer.forged_answers(row, known.keys.opening_public, known.actor_id or ""))
    with pytest.raises(AnswersRefused, match="does not come from the platform"):
        unsent_answers.read_answers(anna, forged)
    assert rows(anna) == (row,)


def test_a_platform_that_takes_no_files_is_asked_once_a_day(
    anna: Context, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with anna.store.write() as txn:
        sealing.renew(txn, clock)
    asked = []
    monkeypatch.setattr(sealing_keys, "_tell", lambda *_: asked.append(1))
    for _ in range(2):
        synced(anna)
    assert asked == [1]
    clock.advance(24 * 3600 + 60)
    synced(anna)
    assert asked == [1, 1]
    queue(anna)
    with pytest.raises(NotWritten, match="not here yet"):
        unsent_export.export(anna, anna.folder / "x.awsealed")
    assert rows(anna)[0].attempts == 0


def test_a_revoked_key_is_replaced_by_a_new_one(anna: Context, platform: Running, clock: FakeClock) -> None:
    def key() -> str:
        with anna.store.read() as txn:
            known = sealing.load(txn)
        assert known is not None
        return known.keys.signing_public.hex()

    first = key()
    platform.client("anna").call("DELETE", f"/v1/me/sealing-keys/{first}")
    clock.advance(2 * 24 * 3600)
    synced(anna)
    assert key() != first
    assert unsent_export.content(anna).can_seal


def test_a_draft_goes_along_and_replaces_only_the_copy_that_it_was_made_from(
    anna: Context, platform: Running, tmp_path: Path
) -> None:
    def on_platform() -> str:
        answer = platform.client("anna").get(f"/v1/submissions/{FIRST}/draft")
        return answer.json()["assessment"]["overall"] if answer.status_code == 200 else ""

    def carried() -> int:
        file = exported_to(anna, tmp_path / "work.awsealed")
        drafts: int = platform.client("otto").call("POST", "/v1/imports", data=file).json()["drafts"]
        return drafts

    assessing.save_overall(anna, FIRST_ID, "First words.")
    assert (unsent_export.content(anna).drafts, unsent_export.content(anna).count) == (1, 1)
    assert carried() == 1
    assert on_platform() == "First words."
    synced(anna)
    assert unsent_export.content(anna).drafts == 0
    assessing.save_overall(anna, FIRST_ID, "Later words.")
    older = exported_to(anna, tmp_path / "older.awsealed")
    assessing.save_overall(anna, FIRST_ID, "Last words.")
    assert carried() == 1
    assert on_platform() == "Last words."
    assert platform.client("otto").call("POST", "/v1/imports", data=older).json()["drafts"] == 0
    assert on_platform() == "Last words."


def test_more_than_one_file_holds_goes_into_several_by_submission(
    anna: Context, platform: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(anna, FIRST_ID, OTHER_ID)
    monkeypatch.setattr(unsent_export, "_ROOM_BYTES", 10)
    target = tmp_path / "work.awsealed"
    report = unsent_export.export(anna, target)
    assert report.files == (target, tmp_path / "work-2.awsealed")
    for file in reversed(report.files):
        receipts = bring(platform.client("otto"), file.read_bytes(), tmp_path)
        assert unsent_answers.read_answers(anna, receipts).confirmed == 1
    assert LARGEST_PAYLOAD_BYTES > unsent_export._ROOM_BYTES
