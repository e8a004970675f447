"""The whole tour in the real windows, as `python3 dev.py demo --tour OUT` runs it, in a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]
STEPS = 20
BUDGET_S = 480.0
"""On two quiet processors it is a minute and a half; others may be at work beside it."""
LEAST_SIDE_PX = 300
LEAST_COLOURS = 16
"""Of a picture on a coarse grid: a window with text and lines has many, an empty one very few."""
EXPECTED_AFTER_A_KILL = ("resource_tracker", "warnings.warn(")
"""What the interpreter says about the pages of the app that step 7 kills."""


def colours_of(path: Path) -> int:
    """How many different colours a picture has on a grid of 160 by 120 points."""
    image = QImage(str(path))
    assert min(image.width(), image.height()) >= LEAST_SIDE_PX, path.name
    return len(
        {
            image.pixel(x * image.width() // 160, y * image.height() // 120)
            for x in range(160)
            for y in range(120)
        }
    )


def unexpected(log: Path, *, was_killed: bool) -> list[str]:
    """What an app said on standard error that it should not have."""
    lines = log.read_text("utf-8", "replace").splitlines()
    known = EXPECTED_AFTER_A_KILL if was_killed else ()
    return [line for line in lines if line.strip() and not any(part in line for part in known)]


@pytest.mark.timeout(600)
def test_the_whole_tour(tmp_path: Path) -> None:
    out, data = tmp_path / "tour", tmp_path / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "assessor_app", "demo", "--tour", str(out), "--data", str(data)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    tour = json.loads((out / "tour.json").read_text("utf-8"))
    failed = [f"{step['name']}: {step.get('error')}" for step in tour["steps"] if not step["ok"]]
    assert not failed, "\n".join([*failed, done.stderr])
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(tour["steps"]) == STEPS
    pictures = [picture for step in tour["steps"] for picture in step["pictures"]]
    assert all(step["pictures"] for step in tour["steps"])
    assert sorted(pictures) == sorted(path.name for path in out.glob("*.png"))
    blank = [name for name in pictures if colours_of(out / name) < LEAST_COLOURS]
    assert not blank
    for role in ("approver", "lead", "preassessor"):
        assert unexpected(data / f"{role}.log", was_killed=False) == []
    assert unexpected(data / "assessor.log", was_killed=True) == []
    seconds = sum(step["seconds"] for step in tour["steps"])
    assert seconds < BUDGET_S, {step["name"]: step["seconds"] for step in tour["steps"]}


def test_a_blank_picture_is_seen(tmp_path: Path) -> None:
    image = QImage(600, 500, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    image.save(str(tmp_path / "blank.png"))
    assert colours_of(tmp_path / "blank.png") == 1
