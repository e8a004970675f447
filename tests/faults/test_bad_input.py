"""Bad input, and what it gets: a clear sentence that says the work is safe, nothing lost, the rest usable."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assessor_app import profile_folder
from assessor_app.cache import evidence, submissions, sync_state
from assessor_app.cache.engine import Store
from assessor_app.documents.cards import card_for
from assessor_app.domain import codec
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import EvidenceState, Submission
from assessor_app.errors import EvidenceRefused, KnownError, StoreNewer, UnsafeFolder, WrongPassphrase
from assessor_app.privacy.strings import MAX_DISPLAY_CHARS, display_text
from assessor_app.services import assessing, reading, syncing
from assessor_app.services.context import Context
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.sync import auth
from assessor_app.vault import keys
from tests import builders
from tests.answering import Answering, Asked, Reply, answering, as_json, free_port, problem
from tests.builders import FakeClock
from tests.contexts import context_in, give
from tests.hostile_names import HOSTILE_NAMES
from tests.stores import DATABASE_KEY, dump, open_store

ROOT = Path(__file__).resolve().parents[2]
SUB = builders.submission()
FILE, COPY = ArtifactId("art-11"), ArtifactId("art-12")
GOOD_FILES = {"art-11": b"%PDF-1.7 evidence 11", "art-12": b"%PDF-1.7 evidence 12"}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in ("is", "rev", "lease_until")}
    return [plain(item) for item in value] if isinstance(value, list) else value


def feed(*changes: dict[str, Any]) -> Reply:
    return as_json(
        {
            "changes": changes,
            "next_cursor": "1",
            "has_more": False,
            "server_time": "2026-03-02T12:00:00Z",
        }
    )


def change(submission: Submission = SUB, **fields: Any) -> dict[str, Any]:
    data = {**plain(codec.to_json(submission)), **fields}
    return {"type": "submission", "id": submission.id, "rev": 2, "op": "upsert", "data": data}


def files(asked: Asked, served: Mapping[str, bytes] = GOOD_FILES) -> Reply:
    """The evidence of the submission; the copy of the Word file comes as it was announced."""
    if not asked.path.startswith("/v1/artifacts/"):
        return problem(404)
    data = b"%PDF-1.7 copy 12" if "rendition" in asked.path else served[asked.path.split("/")[3]]
    return Reply(200, data, "application/octet-stream")


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering(lambda _: problem(404)) as running:
        yield running


@pytest.fixture
def assessor(tmp_path: Path, server: Answering) -> Iterator[Context]:
    """Somebody at work, with something written."""
    context = context_in(tmp_path / "profile", Role.ASSESSOR, FakeClock(), origin=server.origin)
    give(context.store, SUB)
    with context.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, "token")
    assessing.save_overall(context, SUB.id, "What I wrote.")
    yield context
    context.store.close()


def sync(context: Context) -> SyncStatus:
    return syncing.sync(context, report=lambda _: None, changed=lambda _: None)


def work_goes_on(context: Context) -> None:
    """What was written is there, and more can be."""
    assert reading.open_submission(context, SUB.id).assessment.overall == "What I wrote."
    assessing.save_note(context, SUB.id, "And more.")


def says_that_work_is_safe(error: KnownError) -> None:
    text = str(error)
    assert "safe" in text or "kept" in text, text
    assert error.title


def test_a_server_that_answers_html(assessor: Context, server: Answering) -> None:
    server.answer = lambda _: Reply(200, b"<html>Welcome! Please accept our terms.", "text/html")
    status = sync(assessor)
    assert (status.state, status.message) == (
        SyncState.OFFLINE,
        "This network wants you to sign in first",
    )
    work_goes_on(assessor)


def test_a_server_with_a_wrong_schema(assessor: Context, server: Answering) -> None:
    server.answer = lambda _: as_json({"changes": "none", "cursor": 7})
    status = sync(assessor)
    assert status.state is SyncState.NEEDS_YOU
    assert status.message.startswith("The platform's answer could not be read. ")
    assert "Your work is safe on this computer." in status.message
    work_goes_on(assessor)


def test_a_record_with_a_wrong_schema_does_not_keep_the_others(assessor: Context, server: Answering) -> None:
    other = builders.submission(2)
    bad = change(status="lost")
    server.answer = lambda a: feed(bad, change(other)) if "sync" in a.path else problem(404)
    assert sync(assessor).state is SyncState.UP_TO_DATE
    assert reading.open_submission(assessor, other.id).submission.code == other.code
    work_goes_on(assessor)


@pytest.mark.parametrize(
    "served",
    [b"%PDF-1.7 evidence", b"%PDF-1.7 evidence 11" * 100_000, b"%PDF-1.7 evidence 99"],
    ids=["smaller", "larger", "other bytes"],
)
def test_a_lying_size_or_hash(assessor: Context, server: Answering, served: bytes) -> None:
    served_files = {**GOOD_FILES, "art-11": served}
    server.answer = lambda a: feed(change()) if "sync" in a.path else files(a, served_files)
    assert sync(assessor).state is SyncState.UP_TO_DATE
    with pytest.raises(EvidenceRefused) as caught:
        reading.evidence_source(assessor, SUB.id, FILE)
    assert caught.value.title == "This file is damaged on the platform"
    assert "never was what was announced. Your ratings and notes are safe." in caught.value.message
    assert "not scorable" in caught.value.message
    assert reading.evidence_source(assessor, SUB.id, COPY).media_type == "application/pdf"
    work_goes_on(assessor)


def hostile_change() -> dict[str, Any]:
    """The submission with a file and a link of each hostile name; all files hold the same bytes."""
    made = change()
    part = made["data"]["parts"][1]
    pattern, link = part["artifacts"][0], made["data"]["parts"][2]["links"][0]
    part["artifacts"] = [
        {**pattern, "id": f"art-h{number}", "filename": name} for number, name in enumerate(HOSTILE_NAMES)
    ]
    made["data"]["parts"][2]["links"] = [
        {**link, "id": f"link-h{number}", "title": name} for number, name in enumerate(HOSTILE_NAMES)
    ]
    return made


def test_artifacts_with_hostile_names(tmp_path: Path, assessor: Context, server: Answering) -> None:
    hostile = hostile_change()
    served = {f"art-h{number}": GOOD_FILES["art-11"] for number in range(len(HOSTILE_NAMES))}
    before = {path.name for path in tmp_path.parent.iterdir()}
    server.answer = lambda a: feed(hostile) if "sync" in a.path else files(a, served)
    assert sync(assessor).state is SyncState.UP_TO_DATE
    parts = reading.open_submission(assessor, SUB.id).submission.parts
    assert len(parts[1].artifacts) == len(parts[2].links) == len(HOSTILE_NAMES)
    for artifact in parts[1].artifacts:
        assert re.fullmatch(r"Artifact \d+\.[a-z0-9]{2,5}", artifact.filename)
    for name, shown in zip(HOSTILE_NAMES, parts[2].links, strict=True):
        assert shown.title == display_text(name)
        assert len(shown.title) <= MAX_DISPLAY_CHARS
    source = reading.evidence_source(assessor, SUB.id, ArtifactId("art-h0"))
    assert source.path.parent == assessor.store.evidence_folder
    with assessor.store.read() as txn:
        blobs = {file.blob_id for file in evidence.files(txn, SUB.id) if file.state is EvidenceState.READY}
    assert len(blobs) >= len(HOSTILE_NAMES)
    # On disk a file bears the id that this machine gave it, whatever it is called.
    assert {path.name for path in assessor.store.evidence_folder.iterdir()} == blobs
    assert {path.name for path in tmp_path.parent.iterdir()} == before
    assert "\u202e" not in str(dump(assessor.store))
    work_goes_on(assessor)


@pytest.mark.parametrize("where", ["words", "cursor", "time", "number"])
def test_json_that_no_other_reader_would_take_as_we_do(
    assessor: Context, server: Answering, where: str
) -> None:
    """Half a letter, an hour before the first day, a number of thirty digits: each costs itself alone."""
    other, odd = builders.submission(2), change()
    answer = {"next_cursor": "1", "has_more": False, "server_time": "2026-03-02T12:00:00Z"}
    if where == "words":
        odd["data"]["parts"][0]["responses"][0]["text"] = "half \ud800 a letter"
    elif where == "number":
        odd["data"]["parts"][1]["artifacts"][0]["size_bytes"] = 10**30
    elif where == "cursor":
        answer["next_cursor"] = "\ud800"
    else:
        answer["server_time"] = "0001-01-01T00:00:00+14:00"
    answer["changes"] = [odd, change(other)]
    server.answer = lambda a: as_json(answer) if "sync" in a.path else problem(404)
    sync(assessor)
    if where != "time":
        assert reading.open_submission(assessor, other.id).submission.code == other.code
    if where == "words":
        (first, *_) = reading.open_submission(assessor, SUB.id).submission.parts
        assert first.responses[0].text == "half \ufffd a letter"
    work_goes_on(assessor)


def test_a_wrong_passphrase(tmp_path: Path) -> None:
    keys.create_key(tmp_path, "profile-1", clock=FakeClock(), passphrase="the right one, long enough")
    held = (tmp_path / "key.json").read_bytes()
    with pytest.raises(WrongPassphrase) as caught:
        keys.open_key(tmp_path, "profile-1", passphrase="a wrong one, long enough")
    says_that_work_is_safe(caught.value)
    assert "passphrase" in str(caught.value)
    assert (tmp_path / "key.json").read_bytes() == held
    keys.open_key(tmp_path, "profile-1", passphrase="the right one, long enough")


def test_a_database_from_a_newer_version(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.write() as txn:
        submissions.put_submission(txn, SUB)
        txn.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    held = (tmp_path / "store.db").read_bytes()
    with pytest.raises(StoreNewer) as caught:
        Store.open(tmp_path, DATABASE_KEY, clock=FakeClock())
    says_that_work_is_safe(caught.value)
    assert "newer version" in str(caught.value)
    assert (tmp_path / "store.db").read_bytes() == held


@pytest.mark.skipif(sys.platform != "linux", reason="the table of mounts is Linux's")
def test_a_profile_folder_on_a_network_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"27 1 254:0 / / rw - ext4 /dev/vda rw\n31 27 0:30 / {tmp_path} rw - nfs4 s:/x rw\n")
    monkeypatch.setattr(profile_folder, "MOUNT_TABLE", table)
    with pytest.raises(UnsafeFolder, match="It lies on a network drive") as caught:
        profile_folder.check_profile_folder(tmp_path / "profiles")
    says_that_work_is_safe(caught.value)


DOCUMENTS = [
    ("damaged", "This file is damaged"),
    ("picture_too_large", "This picture is too large to show here"),
    ("too_much_memory", ""),
]


@pytest.mark.parametrize(("reason", "title"), DOCUMENTS)
def test_the_cards_of_hostile_documents(reason: str, title: str) -> None:
    """The documents themselves stand in test_hostile_documents; here is what a person reads."""
    card = card_for(reason)
    assert card.reason == reason
    assert title in card.title
    assert "Your ratings and notes are safe." in card.message


# ---- The program itself ----


def start_app(data: Path, *more: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "ASSESSOR_PASSPHRASE": "correct horse battery staple",
    }
    platform = f"http://127.0.0.1:{free_port()}"
    return subprocess.Popen(
        [sys.executable, "-m", "assessor_app", "--data", str(data), "--platform", platform, *more],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(condition: Callable[[], bool], app: subprocess.Popen[str]) -> None:
    """Wait for something that a running program does."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it took too long"
        with contextlib.suppress(subprocess.TimeoutExpired):
            app.wait(0.02)
            raise AssertionError(f"it ended: {app.communicate()[1]}")


def test_a_second_start_raises_the_first_and_ends(tmp_path: Path) -> None:
    port = free_port()
    same = ("--platform", f"http://127.0.0.1:{port}", "--account", "anna")
    first = start_app(tmp_path / "data", *same)
    try:
        wait_until(lambda: any((tmp_path / "data" / "profiles").glob("*/store.db")), first)
        second = start_app(tmp_path / "data", *same)
        _, said = second.communicate(timeout=60)
        assert second.returncode == 0
        assert "The workstation is already open. " in said
        assert "Your work is safe." in said
        assert first.poll() is None
        assert len(list((tmp_path / "data" / "profiles").iterdir())) == 1
    finally:
        first.send_signal(signal.SIGTERM)
        _, said = first.communicate(timeout=60)
    assert first.returncode == 0, said
    assert "Traceback" not in said


def test_a_profile_folder_in_a_cloud_synced_folder(tmp_path: Path) -> None:
    folder = tmp_path / "OneDrive"
    folder.mkdir()
    app = start_app(folder / "data")
    _, said = app.communicate(timeout=60)
    assert app.returncode == 1
    assert "This folder cannot hold your work. It lies in a folder that OneDrive copies" in said
    assert "Nothing was written there, and your work is safe." in said
    assert not list(folder.iterdir())


def test_an_address_that_is_not_safe(tmp_path: Path) -> None:
    app = start_app(tmp_path / "data", "--platform", "http://assess.example.org")
    _, said = app.communicate(timeout=60)
    assert app.returncode == 1
    assert "The platform's address cannot be used. Only a connection with https is safe" in said
    assert "Traceback" not in said
