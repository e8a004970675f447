"""The local store's schema: made by the migrations alone, carried upwards with its data, a copy first."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, migrate, outbox, safety_models, submissions
from assessor_app.cache.connection import DATABASE_NAME, connect, database_path
from assessor_app.cache.engine import Store
from assessor_app.cache.migrate import HISTORY, SchemaHistory
from assessor_app.cache.models import Model
from assessor_app.errors import StoreDamaged, StoreError, StoreNewer
from tests import builders
from tests.builders import NOON, FakeClock
from tests.stores import DATABASE_KEY, open_store, put_older_store

SID = builders.submission_id(1)
ADDS_A_COLUMN = 'op.add_column("assessment", sa.Column("mood", sa.String(), nullable=True))'


def history_with(folder: Path, step: str) -> SchemaHistory:
    """The released history and one more step that runs `step`."""
    scripts = folder / "100% scripts"
    if not scripts.exists():
        shutil.copytree(HISTORY.scripts, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "later.py").write_text(
        "import os\nimport signal\nimport sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision = 'later', {HISTORY.head!r}\n\n"
        f"def upgrade():\n    {step}\n",
        "utf-8",
    )
    return SchemaHistory((*HISTORY.revisions, "later"), scripts)


def fill(folder: Path) -> None:
    fill_store(open_store(folder))


def fill_store(store: Store) -> None:
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
        submissions.put_assignment(txn, builders.assignment(1))
        assessments.set_rating(txn, SID, 1, builders.ratings()[0], NOON)
        annotation_rows.put(txn, builders.annotation(1))
        outbox.enqueue(txn, builders.outbox_item(1))
    store.close()


def assert_filled(store: Store) -> None:
    with store.read() as txn:
        work = assessments.load(txn, SID, 1)
        assert work is not None
        assert work.ratings == builders.ratings()[:1]
        assert submissions.get_submission(txn, SID) == builders.submission(1)
        assert annotation_rows.of_submission(txn, SID) == (builders.annotation(1),)
        assert outbox.items(txn) == (builders.outbox_item(1),)


def revision(path: Path) -> str:
    opened = connect(path, DATABASE_KEY)
    try:
        return migrate.stored_revision(opened)
    finally:
        opened.close()


def copies(folder: Path) -> list[Path]:
    place = folder / migrate.COPIES_NAME
    return sorted(place.iterdir()) if place.is_dir() else []


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is declared as a model; the full-text index and its own tables cannot be."""
    return not (kind == "table" and name is not None and name.startswith("search_index"))


def test_the_head_equals_the_models(tmp_path: Path) -> None:
    store = Store.open(tmp_path, DATABASE_KEY, clock=FakeClock())
    with store.read() as txn:
        context = MigrationContext.configure(txn.connection, opts={"include_name": is_ours})
        assert safety_models.ConflictRecord.metadata is Model.metadata
        assert compare_metadata(context, Model.metadata) == []
    store.close()


def test_the_known_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(HISTORY.scripts))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(s.revision for s in scripts.walk_revisions())[::-1] == HISTORY.revisions
    assert scripts.get_current_head() == HISTORY.head


def test_opening_at_the_head_asks_no_migration_tool(tmp_path: Path) -> None:
    fill(tmp_path)
    code = (
        "import sys; from pathlib import Path; from assessor_app.cache.engine import Store;"
        "from assessor_app.clock import Clock;"
        f"Store.open(Path({str(tmp_path)!r}), bytes.fromhex({DATABASE_KEY.hex()!r}), clock=Clock()).close();"
        "print('alembic' in sys.modules, 'mako' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.split() == ["False", "False"]
    assert copies(tmp_path) == []


def test_an_upgrade_keeps_everything_and_copies_first(tmp_path: Path) -> None:
    folder = tmp_path / "100% mine"
    fill(folder)
    history = history_with(tmp_path, ADDS_A_COLUMN)
    store = Store.open(folder, DATABASE_KEY, clock=FakeClock(), history=history)
    assert_filled(store)
    with store.read() as txn:
        assert txn.connection.exec_driver_sql("SELECT mood FROM assessment").fetchall() == [(None,)]
    store.close()
    assert revision(database_path(folder)) == "later"
    (copy,) = copies(folder)
    assert copy.name == f"20260302T120000Z-{HISTORY.head}.db"
    assert b"Asking" not in copy.read_bytes()
    back = tmp_path / "back"
    back.mkdir()
    shutil.copy(copy, back / DATABASE_NAME)
    gone_back = open_store(back)
    assert_filled(gone_back)
    gone_back.close()


def test_an_upgrade_of_a_store_that_was_never_closed(tmp_path: Path) -> None:
    """What lies in the write-ahead log only must be in the copy too."""
    crashed = tmp_path / "crashed"
    live = open_store(tmp_path / "live")
    with live.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
    shutil.copytree(tmp_path / "live", crashed)
    live.close()
    history = history_with(tmp_path, ADDS_A_COLUMN)
    store = Store.open(crashed, DATABASE_KEY, clock=FakeClock(), history=history)
    store.close()
    opened = connect(copies(crashed)[0], DATABASE_KEY)
    assert opened.execute("SELECT count(*) FROM submission").fetchone() == (1,)
    opened.close()


def test_only_the_newest_copies_stay(tmp_path: Path) -> None:
    fill(tmp_path)
    clock = FakeClock()
    bystander = tmp_path / migrate.COPIES_NAME / "notes.txt"
    for _ in range(4):
        opened = connect(database_path(tmp_path), DATABASE_KEY)
        migrate.copy_before_upgrade(opened, tmp_path, DATABASE_KEY, HISTORY.head, clock)
        opened.close()
        bystander.write_text("left alone")
        clock.advance(60)
    assert [file.name for file in copies(tmp_path)] == [
        f"20260302T120200Z-{HISTORY.head}.db",
        f"20260302T120300Z-{HISTORY.head}.db",
        "notes.txt",
    ]


@pytest.mark.expects_log("No copy could be made before the upgrade")
def test_a_copy_that_fails_does_not_block(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    fill(folder)
    (folder / migrate.COPIES_NAME).write_text("a file in the way")
    history = history_with(tmp_path, ADDS_A_COLUMN)
    store = Store.open(folder, DATABASE_KEY, clock=FakeClock(), history=history)
    assert_filled(store)
    store.close()
    assert revision(database_path(folder)) == "later"


def test_a_copy_that_does_not_verify_is_not_kept(tmp_path: Path) -> None:
    fill(tmp_path)
    opened = connect(database_path(tmp_path), DATABASE_KEY)
    with pytest.raises(StoreDamaged):
        migrate.copy_before_upgrade(opened, tmp_path, DATABASE_KEY, "another revision", FakeClock())
    opened.close()
    assert copies(tmp_path) == []


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    fill(folder)
    history = history_with(tmp_path, f"{ADDS_A_COLUMN}; op.execute('DROP TABLE rating'); 1 / 0")
    with pytest.raises(ZeroDivisionError):
        Store.open(folder, DATABASE_KEY, clock=FakeClock(), history=history)
    store = open_store(folder)
    assert_filled(store)
    store.close()


def test_a_step_without_room_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    fill(folder)
    step = (
        "op.execute('PRAGMA max_page_count = 1'); op.execute('CREATE TABLE big AS SELECT zeroblob(1000000)')"
    )
    with pytest.raises(StoreError, match="disk is full"):
        Store.open(folder, DATABASE_KEY, clock=FakeClock(), history=history_with(tmp_path, step))
    store = open_store(folder)
    assert_filled(store)
    store.close()


def test_a_step_that_breaks_a_reference_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    fill(folder)
    history = history_with(tmp_path, "op.execute('DELETE FROM assessment')")
    with pytest.raises(StoreDamaged):
        Store.open(folder, DATABASE_KEY, clock=FakeClock(), history=history)
    store = open_store(folder)
    assert_filled(store)
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_kill_in_the_middle_of_a_step_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    fill(folder)
    kill = f"{ADDS_A_COLUMN}; op.execute('DROP TABLE rating'); os.kill(os.getpid(), signal.SIGKILL)"
    history = history_with(tmp_path, kill)
    code = (
        "from pathlib import Path; from assessor_app.cache.engine import Store;"
        "from assessor_app.cache.migrate import SchemaHistory; from assessor_app.clock import Clock;"
        f"history = SchemaHistory({history.revisions!r}, Path({str(history.scripts)!r}));"
        f"key = bytes.fromhex({DATABASE_KEY.hex()!r});"
        f"Store.open(Path({str(folder)!r}), key, clock=Clock(), history=history)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -9
    store = open_store(folder)
    assert_filled(store)
    store.close()
    mended = history_with(tmp_path, ADDS_A_COLUMN)
    upgraded = Store.open(folder, DATABASE_KEY, clock=FakeClock(), history=mended)
    assert_filled(upgraded)
    upgraded.close()


def test_a_new_store_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "store.new").write_bytes(b"half a store")
    (tmp_path / "store.new-wal").write_bytes(b"half a log")
    Store.open(tmp_path, DATABASE_KEY, clock=FakeClock()).close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["evidence", DATABASE_NAME, "store.seal"]


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    fill(folder)
    history = history_with(tmp_path, ADDS_A_COLUMN)
    Store.open(folder, DATABASE_KEY, clock=FakeClock(), history=history).close()
    before = database_path(folder).read_bytes()
    with pytest.raises(StoreNewer) as caught:
        open_store(folder)
    assert "Your work is safe" in caught.value.message
    assert "Update" in caught.value.next_step
    assert database_path(folder).read_bytes() == before


@pytest.mark.parametrize("statement", ["DROP TABLE alembic_version", "DELETE FROM alembic_version"])
def test_a_store_without_a_revision_is_damaged(tmp_path: Path, statement: str) -> None:
    fill(tmp_path)
    opened = connect(database_path(tmp_path), DATABASE_KEY)
    opened.execute(statement)
    opened.close()
    with pytest.raises(StoreDamaged):
        open_store(tmp_path)


def test_a_store_of_the_first_version_gets_the_evidence_desk_with_its_work(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    fill(tmp_path / "today")
    put_older_store(folder, tmp_path / "today", "0001", tmp_path / "scripts")
    assert revision(database_path(folder)) == "0001"
    store = open_store(folder)
    assert_filled(store)
    store.close()
    assert revision(database_path(folder)) == HISTORY.head
    assert [copy.name.rpartition("-")[2] for copy in copies(folder)] == ["0001.db"]
