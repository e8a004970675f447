"""Children that outlive the tests: each would take its part of the processors from what is run next."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

PROC = Path("/proc")


def end_all(variable: str, value: str) -> list[str]:
    """End every process that has this in its environment, but for this one and those above it.

    Args:
        variable: name of a variable that the tests were started with.
        value: what it was set to.

    Returns:
        A line for each: what it ran and how many seconds of a processor it had used. Where the system has no
        `/proc`, nothing is done.
    """
    wanted = f"{variable}={value}".encode()
    lines = []
    for folder in PROC.glob("[0-9]*"):
        pid = int(folder.name)
        with contextlib.suppress(OSError, ValueError, IndexError):
            if pid == os.getpid() or wanted not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            state, *rest = (folder / "stat").read_text().rpartition(")")[2].split()
            used_s = (int(rest[10]) + int(rest[11])) / os.sysconf("SC_CLK_TCK")
            if state != "Z":
                os.kill(pid, signal.SIGKILL)
                lines.append(f"left running, {used_s:.0f} s of a processor: {' '.join(words)[:200]}")
    return lines
