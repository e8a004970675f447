"""Children do not hear Ctrl+C, not even before they run a line of ours."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from assessor_app.documents.process_guard import deaf_to_interrupts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the mask is read from /proc")


def blocked() -> int:
    """The signals that a child started now does not hear."""
    status = subprocess.run(["cat", "/proc/self/status"], capture_output=True, text=True, check=True).stdout
    line = next(line for line in status.splitlines() if line.startswith("SigBlk:"))
    return int(line.split()[1], 16)


def test_a_child_is_deaf_from_its_first_moment_and_the_parent_is_not() -> None:
    bit = 1 << (signal.SIGINT - 1)
    with deaf_to_interrupts():
        assert blocked() & bit
    assert not blocked() & bit


def test_nothing_of_the_memory_is_left_by_a_crash_here_or_in_what_is_started() -> None:
    code = (
        "import subprocess; from assessor_app.no_dump import dump_nothing; dump_nothing(); "
        "subprocess.run(['cat', '/proc/self/limits'])"
    )
    limits = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    core = next(line.split() for line in limits.splitlines() if line.startswith("Max core file size"))
    # One byte, not none: none is ignored where the kernel hands crashes to a program.
    assert core[4:6] == ["1", "1"]
