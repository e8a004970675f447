"""Scrolling through 500 pages: the gaps between frames, beside the same view with 500 blank pages.

A timer scrolls the assessor's workspace on every 60th of a second, some hundred steps over text and over
blank pages in turns. What is compared is the 99th percentile of the time from one paint event to the next.
The longest stretch for which the window did nothing else is told beside it, and an idle window's.
"""

from __future__ import annotations

import itertools
import sys
import time

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer

from assessor_app.ui.viewers.pages import PageView
from assessor_app.ui.viewers.tiles import whole_key
from benchmarks._evidence import Bench, bench_on
from benchmarks._report import percentile, say, say_limit
from tests.evidence_desk import pause
from tests.walk import Pulse

PAGES, STEPS, ROUNDS = 500, 120, 5
STEP_PX = 90
"""A quick hand: some six pages a second."""
FRAME_MS = 16
TARGET = 1.25
GAP_P99_MS, GAP_WORST_MS = 16.0, 50.0


class Frames(QObject):
    """Notes when the pages are painted, and whether they were all there."""

    def __init__(self, pages: PageView) -> None:
        """Listen to nothing yet."""
        super().__init__(pages)
        self._pages = pages
        self.moments_s: list[float] = []
        self.sharp = 0
        """Frames that had all pages in view to paint, dot for dot."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A paint event begins."""
        del watched
        if event.type() == QEvent.Type.Paint:
            self.moments_s.append(time.perf_counter())
            pages, scale = self._pages, self._pages.scale * self._pages.devicePixelRatioF()
            keys = [whole_key(pages.sizes[page], page, scale) for page in pages.visible_pages()]
            self.sharp += all(key in pages.supply.cache for key in keys)
        return False


def scrolled(bench: Bench, start: float, pulse: Pulse) -> tuple[list[float], list[float], int]:
    """Scroll on from a share of the document.

    Returns:
        The gaps between frames, those of the window, and how many frames were sharp.
    """
    pages, loop, steps = bench.viewer.pages, QEventLoop(), [0]
    bar = pages.verticalScrollBar()
    bar.setValue(round(bar.maximum() * start))
    bench.rest()
    frames = Frames(pages)
    pages.viewport().installEventFilter(frames)

    def step() -> None:
        steps[0] += 1
        bar.setValue(bar.value() + STEP_PX)
        if steps[0] >= STEPS:
            loop.quit()

    timer = QTimer(interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(step)
    pulse.begin()
    timer.start()
    loop.exec()
    timer.stop()
    pulse.stop()
    pages.viewport().removeEventFilter(frames)
    gaps = [(b - a) * 1000 for a, b in itertools.pairwise(frames.moments_s)]
    return gaps, list(pulse.own_gaps_ms), frames.sharp


def main() -> int:
    """Measure and print; 1 when a target was missed."""
    ours: list[float] = []
    blank: list[float] = []
    window: list[float] = []
    sharp = 0
    with bench_on(("text", "mixed", PAGES), ("blank", "blank", PAGES)) as bench:
        pulse = Pulse()
        for number in range(ROUNDS):
            for name, all_gaps in (("text", ours), ("blank", blank)):
                bench.open(name)
                frames, stood, whole = scrolled(bench, 0.1 + 0.15 * number, pulse)
                all_gaps.extend(frames)
                if name == "text":
                    window += stood
                    sharp += whole
        pulse.begin()
        pause(1_500)
        pulse.stop()
        idle = list(pulse.own_gaps_ms)
        pulse.close()
    met = [
        say(
            f"scrolling {PAGES} pages, 99th percentile of {len(ours)} frame gaps",
            [percentile(ours, 0.99)],
            [percentile(blank, 0.99)],
            target=TARGET,
        ),
        say_limit("gap of the window while scrolling, p99", percentile(window, 0.99), GAP_P99_MS, "ms"),
        say_limit("gap of the window while scrolling, longest", max(window), GAP_WORST_MS, "ms"),
    ]
    sys.stdout.write(f"frames in which every page in view was sharp: {sharp / (len(ours) + ROUNDS):.0%}\n")
    say_limit("gap of the idle window, longest", max(idle), GAP_WORST_MS, "ms")
    return 0 if all(met) else 1
