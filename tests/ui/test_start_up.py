"""What a start loads before the inbox is painted, in a process of its own; and that None is kept count of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from assessor_app.cache import submissions
from assessor_app.cache.engine import Store
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Assignment
from assessor_app.services.profiles import find_or_create
from assessor_app.vault import keys
from assessor_app.vault.key_file import WrapCost
from tests import builders

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://127.0.0.1:9"
ROWS = 12

HEAVY = {
    *("sqlalchemy", "alembic", "requests", "urllib3", "pydantic", "keyring", "truststore"),
    *("pymupdf", "PIL", "lxml", "pikepdf", "multiprocessing"),
}
"""None of these may load before the paint; the ciphers may: they open a passphrase's key."""

# Looks at what is loaded inside the paint itself: what comes after it may load what it likes.
START = """
import json, os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from assessor_app.app import Start, open_accounts
from assessor_app.ui.inbox_row import RowPainter
from assessor_app.ui.theme import Theme
app = QApplication([])
accounts = open_accounts(Start(Path(sys.argv[1]), sys.argv[2], "person"), Theme(app))
paint_row, titles = RowPainter.paint, []
def paint(self, painter, option, index):
    paint_row(self, painter, option, index)
    titles.append(index.data())
    if len(titles) == 1:
        loaded = sorted(sys.modules)
        def tell():
            sys.stdout.write(json.dumps({"loaded": loaded, "titles": titles}))
            sys.stdout.flush()
            os._exit(0)
        QTimer.singleShot(0, tell)
RowPainter.paint = paint
app.exec()
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A profile with work in it, locked by a passphrase."""
    clock = builders.FakeClock()
    profile = find_or_create(tmp_path / "profiles", ORIGIN, "person", clock=clock)
    cheap = WrapCost(memory_kib=8, iterations=1, lanes=1)
    master = keys.create_key(profile.folder, profile.id, clock=clock, passphrase="word", cost=cheap)
    store = Store.open(profile.folder, master.database_key(), clock=clock)
    version = builders.rubric_version()
    with store.write() as txn:
        submissions.put_rubric(txn, version)
        for number in range(ROWS):
            made = builders.submission(number + 1, rubric=version)
            submissions.put_submission(txn, made)
            lease = clock.now() + timedelta(days=3)
            submissions.put_assignment(txn, Assignment(made.id, Role.ASSESSOR, lease))
    store.close()
    return tmp_path


def run(script: str, *arguments: str) -> str:
    """What a fresh interpreter says to a script."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, "ASSESSOR_PASSPHRASE": "word"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_inbox_is_painted_before_anything_heavy_is_loaded(data_dir: Path) -> None:
    told = json.loads(run(START, str(data_dir), ORIGIN))
    roots = {name.partition(".")[0] for name in told["loaded"]}
    assert not roots & HEAVY
    assert "sqlcipher3" in roots
    assert "PySide6.QtNetwork" not in told["loaded"]
    ours = [name for name in told["loaded"] if name.startswith("assessor_app.")]
    assert "assessor_app.domain.submissions" not in ours
    assert not [name for name in ours if name.startswith(("assessor_app.documents", "assessor_app.rubric"))]
    assert told["titles"][0]


COUNT = """
import sys
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
thing, window = QObject(), QWidget()
def call():
    for _ in range(500):
        thing.setObjectName("a")
        thing.setProperty("b", 1)
        window.setVisible(False)
call()
before = sys.getrefcount(None)
call()
sys.stdout.write(str(sys.getrefcount(None) - before))
"""


def test_a_call_that_returns_nothing_gives_nothing_away() -> None:
    """One release of PySide6 dropped a reference to None with each call, and died after some thousand."""
    assert abs(int(run(COUNT))) < 50
