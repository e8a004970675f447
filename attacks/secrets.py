"""Keys, tokens, passphrases, recovery codes and signed addresses, looked for in logs at DEBUG."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from attacks._figure import Figure
from attacks._secretive_day import LOGS, NOTES
from devtools import secret_scan

TITLE = "keys, tokens, passphrases and signed addresses in logs at DEBUG"
SMALL = 1
LARGE = 25
"""How many days, each with secrets of its own."""
_FEWEST = 15


def run(count: int, seed: int, folder: Path) -> Figure:
    """Live through some days, and search what was logged and printed."""
    broken: list[str] = []
    looked_for = lines = 0
    root = Path(__file__).resolve().parents[1]
    for number in range(seed, seed + count):
        day = folder / str(number)
        day.mkdir()
        command = [sys.executable, "-m", "attacks._alone", "attacks._secretive_day", str(day), str(number)]
        with (day / "printed.log").open("wb") as printed:
            subprocess.run(command, cwd=root, stdout=printed, stderr=subprocess.STDOUT, check=True)
        secrets = secret_scan.noted(day / NOTES)
        files = [*sorted((day / LOGS).iterdir()), day / "printed.log"]
        said = b"".join(file.read_bytes() for file in files)
        if len(secrets) < _FEWEST or b"urllib3" not in said or b"DEBUG" not in said:
            broken.append(f"day {number}: too little was said to prove anything")
        broken += [f"day {number}: {place}" for place in secret_scan.found_in(files, secrets)]
        looked_for += len(secrets)
        lines += said.count(b"\n")
    summary = f"{looked_for} secrets in {lines} lines of log: {len(broken)} found"
    return Figure((summary,), tuple(broken))
