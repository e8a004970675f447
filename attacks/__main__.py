"""`python3 dev.py attack NAME [--large] [--seed N]`: one attack, with its figure."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from attacks._figure import Figure, Run

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """The attacks that there are."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("_")))


def main(arguments: Sequence[str]) -> int:
    """Run one attack, or list them.

    Returns:
        0 when every promise held, 1 when one did not, 2 for wrong use.
    """
    parser = argparse.ArgumentParser(prog="dev.py attack", description="Attack one promise.")
    parser.add_argument("name", nargs="?", choices=names(), metavar="NAME")
    parser.add_argument("--large", action="store_true", help="the large size")
    parser.add_argument("--seed", type=int, default=1, help="what chance begins with")
    parser.add_argument("--count", type=int, help="a size of your own")
    chosen = parser.parse_args(arguments)
    if chosen.name is None:
        for name in names():
            say(f"{name:<10} {importlib.import_module(f'attacks.{name}').TITLE}")
        return 0
    module = importlib.import_module(f"attacks.{chosen.name}")
    count = chosen.count or (module.LARGE if chosen.large else module.SMALL)
    say(f"{chosen.name}: {module.TITLE}; {count}, seed {chosen.seed}")
    started_s = time.perf_counter()
    figure = attack(module.run, count, chosen.seed)
    for line in figure.lines:
        say(f"  {line}")
    for promise in figure.broken:
        say(f"  BROKEN: {promise}")
    say(f"{'BROKEN' if figure.broken else 'held'} in {time.perf_counter() - started_s:.1f} s")
    return 1 if figure.broken else 0


def attack(run: Run, count: int, seed: int) -> Figure:
    """Run an attack in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        return run(count, seed, Path(folder))


def say(line: str) -> None:
    """Print a line at once: an attack may take long."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
