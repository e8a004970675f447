"""Set-up by `dev.py` on an empty folder, beside a plain `pip install` of the same lock; and the second start.

Both need the package index. Run with `python3 dev.py bench set_up`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._report import in_turns, say

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 1
TARGET = 1.3
SECOND_START_S = 1.0


def _timed(command: list[str], folder: Path) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000


def ours(scratch: Path) -> float:
    """Milliseconds of `dev.py setup` in a fresh copy of the project's door."""
    folder = scratch / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("dev.py", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "devtools", folder / "devtools")
    return _timed([sys.executable, "dev.py", "setup"], folder)


def plain(scratch: Path) -> float:
    """Milliseconds of a plain environment and `pip install -r` of the same lock."""
    folder = scratch / "plain"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    made = _timed([sys.executable, "-m", "venv", "env"], folder)
    python = next(p for p in (folder / "env/bin/python", folder / "env/Scripts/python.exe") if p.exists())
    lock = str(ROOT / "requirements.lock")
    return made + _timed([str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", lock], folder)


def main() -> int:
    """Measure and print; 1 when a target was missed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        scratch = Path(name)
        mine, floor = in_turns(lambda: ours(scratch), lambda: plain(scratch), rounds=ROUNDS)
        second_s = _timed([sys.executable, "dev.py", "setup"], scratch / "ours") / 1000
    met = say("set-up", mine, floor, target=TARGET)
    sys.stdout.write(f"second start: {second_s:.2f} s, target under {SECOND_START_S:.0f} s\n")
    return 0 if met and second_s < SECOND_START_S else 1


if __name__ == "__main__":
    sys.exit(main())
