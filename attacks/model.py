"""A stateful model of the whole client: one person, two machines, a platform on which others act.

A walk of chance edits, sends, takes back, syncs, crashes and compares on real stores, through the real verbs,
against the real platform over HTTP; calls fail, clocks jump, submissions are returned, reassigned and
withdrawn. Beside it stands a small model of what she was told: each text carries a word of its own and is
owed to her until she puts something else in its place. After every sync and in the end all sides are
compared.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

from attacks._figure import Figure
from attacks._model_machine import Broken, not_forced
from attacks._model_world import World
from tests.contract.running import serving

TITLE = "stateful model of the whole client: edit, submit, recall, sync, crash, withdrawn, two machines"
SMALL, LARGE = 10_000, 100_000
STEPS = 1_000
"""Each world goes on for so many steps: then nearly everything in it is decided or withdrawn."""


def run(count: int, seed: int, folder: Path) -> Figure:
    """Walk `count` steps, one world after the other, until a promise is broken.

    Args:
        count: how many steps.
        seed: of chance.
        folder: an empty folder.
    """
    counts: Counter[str] = Counter()
    with serving() as server, not_forced():
        for number in range((count + STEPS - 1) // STEPS):
            steps = min(STEPS, count - number * STEPS)
            with closing(World(server, folder / str(number), f"{seed}-{number}")) as world:
                broken = _walk(world, steps)
            counts += world.counts
            if broken:
                where = f"seed {seed}, world {number}, the last steps:\n    " + "\n    ".join(world.last)
                return Figure(_lines(counts), (f"{broken}\n    {where}",))
    return Figure(_lines(counts))


def _walk(world: World, steps: int) -> str:
    """Walk through one world to its end; gives what was broken."""
    try:
        for _ in range(steps):
            world.step()
            world.counts["steps"] += 1
        world.end()
    except Broken as broken:
        return str(broken)
    return ""


def _lines(counts: Counter[str]) -> tuple[str, ...]:
    steps = counts.pop("steps", 0)
    rest = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
    return (f"{steps} steps: {rest}",)
