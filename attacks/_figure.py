"""What an attack came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Run = Callable[[int, int, Path], "Figure"]
"""An attack: how many cycles, states or files, the seed of its chance, and an empty folder to work in."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What an attack came to.

    Attributes:
        lines: what was measured, one sentence or number with its name on each line.
        broken: every promise that did not hold; empty when all did.
    """

    lines: tuple[str, ...]
    broken: tuple[str, ...] = ()
