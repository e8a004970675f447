"""Memory of the window and its children while 1,000 pages are paged through at 150 %.

Shared memory is counted once (PSS), and as each process sees it beside it (RSS). The peak is held to a
target; that it stays where it is, is told by the second half of the pages beside the first. Linux alone.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from assessor_app.ui.viewers.zoom import Fit, Zoom
from benchmarks._evidence import bench_on
from benchmarks._report import say_limit
from tests.evidence_desk import pause

PAGES, ZOOM = 1_000, 1.5
TARGET_MIB = 350.0
LOOK_EVERY = 10
LONGEST_S = 55.0
GROWTH_MIB = 20.0


def family() -> list[int]:
    """This process and everything that descends from it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(") ")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = [os.getpid()]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def memory_mib(field: str) -> float:
    """A field of all processes' memory added up: Pss or Rss."""
    total_kib = 0
    for pid in family():
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total_kib += sum(int(line.split()[1]) for line in lines if line.startswith(field + ":"))
    return total_kib / 1024


def main() -> int:
    """Measure and print; 1 when the target was missed."""
    if not Path("/proc/self/smaps_rollup").exists():
        sys.stdout.write("memory: needs Linux's /proc\n")
        return 0
    shares: list[float] = []
    resident: list[float] = []
    with bench_on(("mixed", "mixed", PAGES)) as bench:
        bench.open("mixed")
        viewer = bench.viewer
        viewer.pages.set_zoom(Zoom(Fit.NOTHING, ZOOM))
        bench.rest()
        pause(500)
        started, page = time.monotonic(), 1
        while page < PAGES and time.monotonic() - started < LONGEST_S:
            bench.until_sharp_ms(lambda: viewer.pages.go_to_page(page))  # noqa: B023
            if page % LOOK_EVERY == 0:
                shares.append(memory_mib("Pss"))
                resident.append(memory_mib("Rss"))
            page += 1
    half = len(shares) // 2
    sys.stdout.write(f"memory: {page:,} pages at {ZOOM:.0%} in {time.monotonic() - started:.0f} s, ")
    sys.stdout.write(f"at the first page {shares[0]:.0f} MiB, resident at most {max(resident):.0f} MiB\n")
    met = [
        say_limit("memory, app and workers, peak", max(shares), TARGET_MIB, "MiB"),
        say_limit(
            "memory, growth from the first half's peak to the second's",
            max(shares[half:]) - max(shares[:half]),
            GROWTH_MIB,
            "MiB",
        ),
    ]
    return 0 if all(met) else 1
