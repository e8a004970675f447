"""Process start to painted inbox, beside an empty PySide6 window on the same clock.

The target speaks of a key that is already unlocked: it is handed to the program. A second line tells the same
with a passphrase whose stretching costs next to nothing, so with the ciphers loaded. Beside the clock stands
the processor time, which a busy machine disturbs less.

Run with `python3 dev.py bench start_up [SUBMISSIONS]`, 1,000 by default.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from assessor_app.cache import submissions
from assessor_app.cache.engine import Store
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Assignment
from assessor_app.services.profiles import find_or_create
from assessor_app.vault import keys
from assessor_app.vault.key_file import WrapCost
from assessor_app.vault.keys import MasterKey
from benchmarks._report import say
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
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from assessor_app.app import Start, open_accounts
from assessor_app.ui.inbox_row import RowPainter
from assessor_app.ui.theme import Theme
if "BENCH_KEY" in os.environ:
    from assessor_app.vault import keys
    known = keys.MasterKey(bytes.fromhex(os.environ["BENCH_KEY"]))
    keys.open_key = lambda *_, **__: known
app = QApplication([])
accounts = open_accounts(Start(Path(sys.argv[1]), "http://127.0.0.1:9", "bench"), Theme(app))
paint_row, painted = RowPainter.paint, []
def end():
    sys.stdout.write("painted\\n"); sys.stdout.flush(); os._exit(0)
def paint(*arguments):
    paint_row(*arguments)
    if not painted:
        QTimer.singleShot(0, end)
    painted.append(1)
RowPainter.paint = paint
app.exec()
"""


def fill(folder: Path, count: int) -> MasterKey:
    """A profile with `count` submissions, all of them the assessor's work; returns its key."""
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
    return master


@dataclass(frozen=True, slots=True)
class Cost:
    """What one start took, in milliseconds."""

    clock_ms: float
    """Until the process said that it had painted."""
    processor_ms: float
    """User and system time of the process until its end, which comes at once."""


def cost(script: str, *arguments: str, key: MasterKey | None = None) -> Cost:
    """Start a process and wait until it says that it has painted."""
    environment = {**os.environ, "ASSESSOR_PASSPHRASE": "bench"}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if key is not None:
        environment["BENCH_KEY"] = key.secret.hex()
    before, started = os.times(), time.perf_counter()
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
    after = os.times()
    spent_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(elapsed_ms, spent_s * 1000)


def main() -> int:
    """Measure and print; 1 when the target was missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    target = TARGETS.get(count, 2.5)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        key = fill(Path(scratch), count)
        rounds = [
            (cost(OURS, scratch, key=key), cost(FLOOR), cost(OURS, scratch)) for _ in range(ROUNDS + 1)
        ][1:]
    known, floor, typed = zip(*rounds, strict=True)
    name = f"process start to painted inbox, {count:,} submissions"
    met = say(name, [c.clock_ms for c in known], [c.clock_ms for c in floor], target=target)
    for what, costs in (("", known), (", with a passphrase", typed)):
        ours, bare = [c.processor_ms for c in costs], [c.processor_ms for c in floor]
        say(f"  processor time{what}", ours, bare, target=target)
    say("  with a passphrase", [c.clock_ms for c in typed], [c.clock_ms for c in floor], target=target)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
