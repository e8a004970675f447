"""Small pictures of 500 pages: screen by screen through the side bar, beside a bare worker that rasters them.

Ours is the list of pages in the side bar, scrolled on by one screen as soon as one is drawn, from the
scrolling to the last picture in view; it waits a moment for the hand to rest before it asks. The floor
rasters the same pages at the same size.
"""

from __future__ import annotations

import time

from assessor_app.ui.viewers import thumbnails
from assessor_app.ui.viewers.thumbnails import Thumbnails
from benchmarks._evidence import BareWorker, bench_on
from benchmarks._report import percentile, say, say_limit
from tests.evidence_desk import pause, wait_until
from tests.walk import Pulse

PAGES = 500
TARGET = 1.2
PLUS_MS = 5.0 + thumbnails._SETTLE_MS
GAP_P99_MS, GAP_WORST_MS = 16.0, 50.0
LONGEST_S = 50.0


def in_view(small: Thumbnails) -> range:
    """The pages of which some row is seen."""
    view = small.viewport().rect()
    first, last = small.indexAt(view.topLeft()), small.indexAt(view.bottomLeft())
    return range(max(0, first.row()), (last.row() if last.isValid() else PAGES - 1) + 1)


def main() -> int:
    """Measure and print; 1 when a target was missed."""
    worker = BareWorker()
    ours: list[float] = []
    floor: list[float] = []
    gaps: list[float] = []
    with bench_on(("text", "mixed", PAGES)) as bench:
        bench.open("text")
        bench.viewer.run("view.side_bar")
        bench.viewer.place.open_bar("pages")
        bench.rest()
        small, source, pulse = bench.viewer.side.thumbnails, bench.source("text"), Pulse()
        worker.draw_ms(source, 0, 0.1)
        bar, started = small.verticalScrollBar(), time.monotonic()
        while bar.value() < bar.maximum() and time.monotonic() - started < LONGEST_S:
            pulse.begin()
            began = time.perf_counter()
            bar.setValue(bar.value() + small.viewport().height())
            if not wait_until(lambda: all(small.image(page) is not None for page in in_view(small)), 10_000):
                raise SystemExit("the small pictures did not come")
            ours.append((time.perf_counter() - began) * 1000)
            pulse.stop()
            gaps += pulse.own_gaps_ms
            pages = in_view(small)
            scale = small.cell_size().height() / 842
            floor.append(sum(worker.draw_ms(source, page, scale) for page in pages))
        pause(100)
        pulse.close()
    worker.close()
    met = [
        say(f"small pictures, a screen of {len(pages)}", ours, floor, target=TARGET, plus_ms=PLUS_MS),
        say_limit("gap of the window meanwhile, p99", percentile(gaps, 0.99), GAP_P99_MS, "ms"),
        say_limit("gap of the window meanwhile, longest", max(gaps), GAP_WORST_MS, "ms"),
    ]
    return 0 if all(met) else 1
