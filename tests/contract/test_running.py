"""The platform as a process of its own, its tables, its files and what it starts with."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import SubmissionWire
from reference_platform import loading, migrate, renditions
from reference_platform.__main__ import main
from reference_platform.database import Database
from reference_platform.loading import load
from reference_platform.migrate import SchemaNewer
from reference_platform.models import Account, Base, FeedRow, Submission, UtcDateTime
from reference_platform.store.blobs import CHUNK_BYTES, BlobMissing, FolderStore
from tests.contract.running import no_renditions, platform_in
from tests.contract.small_content import FIRST, OFFICE, PDF, QUEUED, content, seed, wire

ROOT = Path(__file__).resolve().parents[2]


def start(data: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """A platform in a child process, and its address."""
    command = [sys.executable, "-m", "reference_platform", "serve", "--port", "0", "--data", str(data), *more]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", line)
    if match is None:
        process.kill()
        raise AssertionError(line + process.communicate()[1])
    return process, match[1]


def test_it_starts_asks_for_a_password_and_ends_cleanly_without_a_word(
    template: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(template, data)
    process, origin = start(data)
    try:
        with requests.Session() as session:
            assert session.get(f"{origin}/health", timeout=10).json() == {"status": "ok", "api_version": 1}
            secret = {"Authorization": "Bearer token-of-anna"}
            assert session.get(f"{origin}/v1/me", headers=secret, timeout=10).status_code == 200
            query = (
                "response_type=code&client_id=assessor-workstation&redirect_uri=http://127.0.0.1:1/cb"
                f"&code_challenge={'c' * 43}&code_challenge_method=S256&login_hint=anna"
            )
            page = session.get(f"{origin}/oauth/authorize?{query}", timeout=10, allow_redirects=False)
            assert (page.status_code, "password" in page.text) == (200, True)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "", "")
    assert not (data / "platform.db-wal").exists()


def test_the_description_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi", "--check"]) == 0
    assert main(["openapi"]) == 0
    assert '"openapi": "3.1' in capsys.readouterr().out


def test_an_account_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = iter(["too short", "long enough to be good"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(passwords))
    arguments = ["account", "add", "--data", str(tmp_path), "carla", "assessor", "lead"]
    assert main(arguments) == 1
    assert main(arguments) == 0
    database = Database(f"sqlite:///{tmp_path / 'platform.db'}")
    with database.read() as session:
        (account,) = session.scalars(select(Account))
        assert (account.login, account.roles) == ("carla", ["assessor", "lead"])
        assert "long enough" not in (account.password_hash or "")
    database.close()


def test_tables_come_from_the_migrations_and_equal_the_models(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _same_type})
        assert compare_metadata(context, Base.metadata) == []
        assert migrate.current(connection) == migrate.HEAD
    database.close()
    config = Config()
    config.set_main_option("script_location", str(ROOT / "reference_platform" / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def _same_type(
    _context: object, _column: object, _meta: object, found: object, wanted: object
) -> bool | None:
    return False if isinstance(wanted, UtcDateTime) and "DATETIME" in str(found) else None


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(SchemaNewer):
        Database(url)
    with pytest.raises(SystemExit, match="newer version"):
        main(["serve", "--data", str(tmp_path), "--database", url])


def test_a_folder_of_evidence_that_is_not_there_is_named(tmp_path: Path) -> None:
    arguments = ["serve", "--demo", "--data", str(tmp_path / "data"), "--evidence", str(tmp_path / "no")]
    with pytest.raises(SystemExit, match="The demo cannot be loaded"):
        main(arguments)


def test_a_wiped_database_is_empty_and_whole(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "data")
    platform = platform_in(tmp_path / "data")
    assert not loading.is_empty(platform.database)
    platform.database.wipe()
    platform.blobs.clear()
    assert loading.is_empty(platform.database)
    load(content(), platform.database, platform.blobs, make_renditions=no_renditions)
    assert not loading.is_empty(platform.database)
    platform.database.close()


def test_loading_twice_adds_only_what_is_new(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "data")
    platform = platform_in(tmp_path / "data")

    def count() -> tuple[int | None, int | None]:
        with platform.database.read() as session:
            submissions = session.scalar(select(func.count()).select_from(Submission))
            return submissions, session.scalar(select(func.max(FeedRow.seq)))

    before = count()
    load(content(), platform.database, platform.blobs, make_renditions=no_renditions)
    assert count() == before
    load(content(extra=1), platform.database, platform.blobs, make_renditions=no_renditions)
    after = count()
    assert (before[0] or 0) + 1 == after[0]
    platform.database.close()


def test_numbers_are_hidden_from_the_start_where_an_attempt_was_awarded(
    template: Path, tmp_path: Path
) -> None:
    shutil.copytree(template, tmp_path / "data")
    platform = platform_in(tmp_path / "data")
    awarded = seed(wire(str(uuid.UUID(int=77)), status=SubmissionStatus.AWARDED, attempt=3), "l-1")
    more = replace(content(), submissions=(awarded,))
    load(more, platform.database, platform.blobs, make_renditions=no_renditions)
    with platform.database.read() as session:
        hidden = {row.id: row.numbers_hidden for row in session.scalars(select(Submission))}
    assert hidden[FIRST]
    assert not hidden[QUEUED]
    platform.database.close()


def test_the_tables_can_be_made_elsewhere_too() -> None:
    for table in Base.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def test_content_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    whole = content()
    no_file = replace(whole.submissions[0], files={})
    twice = replace(whole, submissions=(whole.submissions[0], seed(_with_artifact_of_first(), "l-1")))
    for broken in (replace(whole, submissions=(no_file,)), replace(whole, rubrics=()), twice):
        with pytest.raises(ValueError, match=r"artifact|rubric"):
            load(broken, platform.database, platform.blobs, make_renditions=no_renditions)
    assert loading.is_empty(platform.database)
    platform.database.close()


def _with_artifact_of_first() -> SubmissionWire:
    return wire(QUEUED).model_copy(update={"parts": wire(FIRST).parts})


def test_office_files_get_a_pdf_copy_with_their_description(tmp_path: Path) -> None:
    made: dict[str, renditions.OfficeFile] = {}

    def make(files: Mapping[str, renditions.OfficeFile]) -> dict[str, bytes]:
        made.update(files)
        return dict.fromkeys(files, b"%PDF-copy")

    platform = platform_in(tmp_path)
    first = wire(FIRST)
    artifact = first.parts[0].artifacts[0].model_copy(update={"id": OFFICE, "filename": "Artifact 1.DOCX"})
    part = first.parts[0].model_copy(update={"artifacts": [artifact]})
    office = seed(first.model_copy(update={"parts": [part]}), "l-1")
    load(replace(content(), submissions=(office,)), platform.database, platform.blobs, make_renditions=make)
    assert [file.data for file in made.values()] == [PDF]
    with platform.database.read() as session:
        (stored,) = session.get_one(Submission, FIRST).body["parts"][0]["artifacts"]
    (copy,) = stored["renditions"]
    assert b"".join(platform.blobs.chunks(copy["sha256"], 0, copy["size_bytes"])) == b"%PDF-copy"
    platform.database.close()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.heavy
def test_libreoffice_makes_pdf_of_what_it_knows() -> None:
    copies = renditions.make(
        {
            "good": renditions.OfficeFile(".rtf", rb"{\rtf1 A lesson plan in two parts.}"),
            "bad": renditions.OfficeFile(".docx", b"PK no such thing"),
        }
    )
    assert copies["good"].startswith(b"%PDF-")


@pytest.mark.expects_log("making PDF copies took more than")
def test_a_converter_that_hangs_is_killed_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = tmp_path / "pids"
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {pids}\nwait\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(renditions, "TIME_LIMIT_S", 0.3)
    assert renditions.make({"x": renditions.OfficeFile(".docx", b"x")}) == {}
    grandchild = int(pids.read_text())
    waited = threading.Event()
    for _ in range(100):
        if not _is_running(grandchild):
            break
        waited.wait(0.05)
    assert not _is_running(grandchild)


def _is_running(pid: int) -> bool:
    """Whether a process runs; one that is dead but not yet collected does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_without_a_converter_there_are_no_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert renditions.make({"x": renditions.OfficeFile(".docx", b"x")}) == {}


def test_the_folder_store_keeps_bytes_by_their_digest(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")
    data = os.urandom(2 * CHUNK_BYTES + 17)
    sha256 = store.put(data)
    assert store.put(data) == sha256
    assert store.size_bytes(sha256) == len(data)
    chunks = list(store.chunks(sha256, 5, len(data)))
    assert b"".join(chunks) == data[5:]
    assert max(map(len, chunks)) == CHUNK_BYTES
    assert [path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == [sha256]
    for unknown in ("0" * 64, "../../etc/passwd", sha256[:-1] + "/"):
        with pytest.raises(BlobMissing):
            store.size_bytes(unknown)
    with pytest.raises(BlobMissing):
        list(store.chunks(sha256, 0, len(data) + 1))
