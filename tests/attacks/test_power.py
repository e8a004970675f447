"""Power cuts lose nothing that was told as saved, and the harness sees what a weaker store would lose."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from attacks import power
from attacks._recorded_disk import Delete, Disk, Force, ForceNames, Rename, Truncate, Write

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="files are named by /proc")


@needs_proc
def test_no_power_cut_loses_what_was_saved(tmp_path: Path) -> None:
    assert power.run(power.SMALL, 1, tmp_path).broken == ()


@needs_proc
@pytest.mark.parametrize(
    ("weaker", "loss"),
    [
        ({"synchronous": "NORMAL"}, "lost a saved step"),
        ({"synchronous": "OFF"}, "damaged"),
        ({"forces_files": False}, "damaged under its own name"),
    ],
)
def test_a_weaker_store_is_seen_to_lose(tmp_path: Path, weaker: dict[str, object], loss: str) -> None:
    figure = power.run(100, 1, tmp_path, **weaker)  # type: ignore[arg-type]
    assert any(loss in line for line in figure.broken)


class Always:
    """Chance that always chooses the same."""

    def __init__(self, way: str, kept: int = 0, number: float = 0.0) -> None:
        self._way, self._kept, self._number = way, kept, number

    def choice(self, _: object) -> str:
        return self._way

    def randint(self, _low: int, high: int) -> int:
        return min(self._kept, high)

    def random(self) -> float:
        return self._number


def test_what_was_forced_stays_and_the_rest_may_go() -> None:
    disk = Disk({"a": b"old!"})
    disk.apply(Write("a", 0, b"new"))
    assert disk.after_cut(Always("none")) == {"a": b"old!"}  # type: ignore[arg-type]
    assert disk.after_cut(Always("all")) == {"a": b"new!"}  # type: ignore[arg-type]
    disk.apply(Force("a"))
    disk.apply(Truncate("a", 1))
    assert disk.after_cut(Always("none")) == {"a": b"new!"}  # type: ignore[arg-type]
    assert disk.after_cut(Always("all")) == {"a": b"n"}  # type: ignore[arg-type]


def test_names_change_in_order_and_only_when_forced_for_sure() -> None:
    disk = Disk({"a": b"1", "b": b"2"})
    disk.apply(Rename("a", "b"))
    disk.apply(Delete("b"))
    assert disk.after_cut(Always("none")) == {"a": b"1", "b": b"2"}  # type: ignore[arg-type]
    assert disk.after_cut(Always("none", kept=1)) == {"b": b"1"}  # type: ignore[arg-type]
    disk.apply(ForceNames())
    assert disk.after_cut(Always("none")) == {}  # type: ignore[arg-type]


def test_a_new_file_is_sure_to_be_there_once_it_was_forced() -> None:
    disk = Disk({"a": b"old"})
    disk.apply(Delete("a"))
    disk.apply(Write("a", 0, b"new"))
    disk.apply(Force("a"))
    assert disk.after_cut(Always("none", kept=9)) == {"a": b"new"}  # type: ignore[arg-type]
