"""Figures as ratios: the median and the spread of ours and of the floor, measured in turns."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence


def in_turns(
    ours: Callable[[], float], floor: Callable[[], float], *, rounds: int
) -> tuple[list[float], list[float]]:
    """Measure both in turns, so that a slow minute of the machine meets both; the first round is dropped."""
    pairs = [(ours(), floor()) for _ in range(rounds + 1)][1:]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def say(
    name: str, ours: Sequence[float], floor: Sequence[float], *, target: float, plus_ms: float = 0
) -> bool:
    """Print one line: medians in milliseconds, their ratio, and the target.

    Args:
        name: what was measured.
        ours: milliseconds of each round.
        floor: milliseconds of each round of the floor.
        target: the ratio allowed.
        plus_ms: milliseconds allowed on top.

    Returns:
        Whether the target was met.
    """
    mine, bare = statistics.median(ours), statistics.median(floor)
    allowed = bare * target + plus_ms
    met = mine <= allowed
    top = f" + {plus_ms:.0f} ms" if plus_ms else ""
    sys.stdout.write(
        f"{name}: ours {mine:.1f} ms ({min(ours):.1f} to {max(ours):.1f}), floor {bare:.1f} ms "
        f"({min(floor):.1f} to {max(floor):.1f}), ratio {mine / bare:.2f}, "
        f"target {target:.2f}{top} -> {'met' if met else 'MISSED'}\n"
    )
    return met


def say_limit(name: str, ours: float, limit: float, unit: str) -> bool:
    """Print one line for a figure that has a limit of its own and no floor; whether it keeps it."""
    met = ours <= limit
    sys.stdout.write(f"{name}: {ours:.1f} {unit}, target {limit:.0f} -> {'met' if met else 'MISSED'}\n")
    return met


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
