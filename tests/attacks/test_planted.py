"""Nothing that is planted in evidence or typed on it can be read in any file of the program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from attacks import planted


@pytest.mark.skipif(
    sys.platform != "linux", reason="children are found in /proc, and the stand-in is a script"
)
@pytest.mark.timeout(600)
def test_nothing_planted_is_readable_running_closed_or_killed(tmp_path: Path) -> None:
    figure = planted.run(planted.SMALL, 1, tmp_path)
    assert figure.broken == ()
    assert figure.lines[0].startswith("25 planted words")
