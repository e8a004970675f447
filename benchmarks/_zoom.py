"""Zooming in and out: from the command to the page painted dot for dot, beside the raster of that page.

Ours is the assessor's workspace; it waits 70 ms for the hand to rest before it has sharp pages drawn, and
shows the page it has meanwhile, so that is told apart: to the first frame at the new size, and to the sharp
one. The floor is a bare worker that has the document open and rasters the whole page at the new size.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal

from assessor_app.ui.viewers import page_canvas
from benchmarks._evidence import BareWorker, Bench, bench_on, until_ms
from benchmarks._report import say, say_limit

STEPS = ("zoom.in", "zoom.in", "zoom.in", "zoom.out", "zoom.out", "zoom.out")
TARGET, PLUS_MS = 1.2, 5.0
REST_MS = float(page_canvas._SETTLE_MS)
FIRST_FRAME_MS = 16.0


class Painted(QObject):
    """Says when a widget has begun to paint."""

    began = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A paint event."""
        del watched
        if event.type() == QEvent.Type.Paint:
            self.began.emit()
        return False


def zoomed(bench: Bench, name: str, worker: BareWorker) -> tuple[list[float], list[float], list[float]]:
    """First frames, sharp frames and the floor's rasters, one for each step on fresh pages."""
    first, sharp, floor = [], [], []
    bench.open(name)
    bench.viewer.run("zoom.width")
    bench.rest()
    source = bench.source(name)
    for number, step in enumerate(STEPS * 2):
        # Each time on another page: at a size seen before, a page is kept.
        bench.viewer.pages.go_to_page(2 + 4 * number)
        bench.rest()
        painted = Painted(bench.viewer.pages)
        bench.viewer.pages.viewport().installEventFilter(painted)
        frames: list[float] = []

        def act(step: str = step, painted: Painted = painted, frames: list[float] = frames) -> None:
            frames.append(until_ms(painted.began, lambda: bench.viewer.run(step)))

        sharp.append(bench.until_sharp_ms(act))
        first += frames
        bench.viewer.pages.viewport().removeEventFilter(painted)
        bench.rest()
        floor.append(worker.draw_ms(source, bench.viewer.pages.page, bench.scale()))
    return first[1:], sharp[1:], floor[1:]


def main() -> int:
    """Measure and print; 1 when a target was missed."""
    met = []
    worker = BareWorker()
    with bench_on(("text", "text", 60), ("scan", "scan", 60)) as bench:
        for name in ("text", "scan"):
            first, sharp, floor = zoomed(bench, name, worker)
            met.append(
                say_limit(
                    f"zoom to first frame, {name}", sorted(first)[len(first) // 2], FIRST_FRAME_MS, "ms"
                )
            )
            plus = PLUS_MS + REST_MS
            met.append(say(f"zoom to sharp page, {name}", sharp, floor, target=TARGET, plus_ms=plus))
    worker.close()
    return 0 if all(met) else 1
