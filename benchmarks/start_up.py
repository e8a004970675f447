"""Process start to painted inbox, beside an empty PySide6 window on the same clock.

The key is already unlocked in the sense of the target: its wrapping costs next to nothing here. Run with
`python3 dev.py bench start_up [SUBMISSIONS]`, 1,000 by default.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from assessor_app.cache import submissions
from assessor_app.cache.engine import Store
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Assignment
from assessor_app.services.profiles import find_or_create
from assessor_app.vault import keys
from assessor_app.vault.key_file import WrapCost
from benchmarks._report import in_turns, say
from tests import builders

ROUNDS = 9
ORIGIN = "http://127.0.0.1:9"
TARGETS = {1_000: 2.0, 100_000: 2.5}

FLOOR = """
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            sys.stdout.write("painted\\n"); sys.stdout.flush(); os._exit(0)
        return False
watch = Watch()
window.installEventFilter(watch)
window.resize(1100, 720)
window.show()
app.exec()
"""

OURS = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from assessor_app.app import Start, open_desk
from assessor_app.ui.theme import Theme
app = QApplication([])
desk, instance = open_desk(Start(Path(sys.argv[1]), "http://127.0.0.1:9", "bench"), Theme(app))
inbox = desk.window.inbox
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and inbox.model.rowCount() > 1:
            QTimer.singleShot(0, self.end)
        return False
    def end(self):
        sys.stdout.write("painted\\n"); sys.stdout.flush(); os._exit(0)
watch = Watch()
inbox.list.viewport().installEventFilter(watch)
desk.window.show()
QTimer.singleShot(0, desk, desk.start)
app.exec()
"""


def fill(folder: Path, count: int) -> None:
    """A profile with `count` submissions, all of them the assessor's work."""
    clock = builders.FakeClock()
    profile = find_or_create(folder / "profiles", ORIGIN, "bench", clock=clock)
    cheap = WrapCost(memory_kib=8, iterations=1, lanes=1)
    master = keys.create_key(profile.folder, profile.id, clock=clock, passphrase="bench", cost=cheap)
    store = Store.open(profile.folder, master.database_key(), clock=clock)
    version = builders.rubric_version()
    for start in range(0, count, 500):
        with store.write() as txn:
            if start == 0:
                submissions.put_rubric(txn, version)
            for number in range(start, min(start + 500, count)):
                made = builders.submission(number + 1, rubric=version)
                submissions.put_submission(txn, made)
                lease = clock.now() + timedelta(days=3)
                submissions.put_assignment(txn, Assignment(made.id, Role.ASSESSOR, lease))
    store.close()


def painted_ms(script: str, *arguments: str) -> float:
    """Milliseconds from the start of a process until it says that it has painted."""
    environment = {**os.environ, "ASSESSOR_PASSPHRASE": "bench"}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        line = process.stdout.readline() if process.stdout else b""
        elapsed_ms = (time.perf_counter() - started) * 1000
    if line.strip() != b"painted":
        raise SystemExit("the process ended without having painted")
    return elapsed_ms


def main() -> int:
    """Measure and print; 1 when the target was missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        fill(Path(scratch), count)
        ours, floor = in_turns(lambda: painted_ms(OURS, scratch), lambda: painted_ms(FLOOR), rounds=ROUNDS)
    name = f"process start to painted inbox, {count:,} submissions"
    return 0 if say(name, ours, floor, target=TARGETS.get(count, 2.5)) else 1


if __name__ == "__main__":
    sys.exit(main())
