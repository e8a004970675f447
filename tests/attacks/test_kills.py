"""Processes are killed without warning: nothing that was told as saved is lost, doubled or falsely sent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attacks import kills

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed as on POSIX")

LIES_ARE_FOUND_WITHIN = 12


def test_no_kill_loses_or_doubles_anything(tmp_path: Path) -> None:
    figure = kills.run(kills.SMALL, 1, tmp_path)
    assert figure.broken == ()
    assert figure.lines[0].startswith(f"{kills.SMALL} killed at ")


def test_a_program_that_tells_before_it_has_saved_is_found_out(tmp_path: Path) -> None:
    figure = kills.run(LIES_ARE_FOUND_WITHIN, 1, tmp_path, lies=True)
    assert any(line.startswith("lost") for line in figure.broken)
