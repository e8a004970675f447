"""A page turned: to the next one, which was drawn ahead, and to one that was not.

Ours is the assessor's workspace on a sealed file, from the key to the page painted dot for dot. The peer of
a turn to the next page is a bare window that holds all pages as images of the same size and paints the next
one; the floor of a jump is a bare worker that has the document open and rasters that page at that size.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from assessor_app.ui.page_image import to_image
from benchmarks._evidence import BareWorker, Bench, bench_on
from benchmarks._report import say

TURNS, JUMPS = 12, 12
STRIDE = 6
"""From one jump to the next: farther than what is drawn ahead."""
PAGES = STRIDE * (JUMPS + 1)
TARGET_TURN, PLUS_TURN_MS = 1.0, 1.0
TARGET_JUMP, PLUS_JUMP_MS = 1.2, 5.0


class BareWindow(QWidget):
    """Paints one of some images; a key brings the next one."""

    def __init__(self, images: list[QImage], size: tuple[int, int]) -> None:
        """Show the first."""
        super().__init__()
        self._images, self._at = images, 0
        self._painted_s = 0.0
        self._loop = QEventLoop()
        self.resize(*size)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Any key brings the next image."""
        del event
        self._at = (self._at + 1) % len(self._images)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image and nothing else."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.gray)
        painter.drawImage(10, 10, self._images[self._at])
        painter.end()
        self._painted_s = time.perf_counter()
        self._loop.quit()

    def turn_ms(self) -> float:
        """From the key to the end of the paint event."""
        guard = QTimer(singleShot=True, interval=2_000)
        guard.timeout.connect(self._loop.quit)
        guard.start()
        self._painted_s = 0.0
        started = time.perf_counter()
        QTest.keyClick(self, Qt.Key.Key_PageDown)
        if not self._painted_s:
            self._loop.exec()
        return (self._painted_s - started) * 1000


def turns(bench: Bench, name: str) -> tuple[list[float], list[float]]:
    """Turns to the next page: ours and the bare window's, one after the other."""
    bench.open(name)
    bench.viewer.run("zoom.page")
    bench.rest()
    bench.viewer.pages.setFocus()
    source, scale = bench.source(name), bench.scale()
    images = [to_image(bench.desk.renderer.render(source, page, scale)) for page in range(TURNS + 1)]
    bare = BareWindow(images, (bench.viewer.pages.width(), bench.viewer.pages.height()))
    bare.show()
    bare.turn_ms()
    ours, peer = [], []
    for _ in range(TURNS):
        bench.rest()
        ours.append(bench.until_sharp_ms(lambda: QTest.keyClick(bench.viewer.pages, Qt.Key.Key_PageDown)))
        peer.append(bare.turn_ms())
    bare.close()
    bare.deleteLater()
    return ours[1:], peer[1:]


def jumps(bench: Bench, name: str, worker: BareWorker) -> tuple[list[float], list[float]]:
    """Jumps to pages that nobody has drawn, and the bare worker's raster of each."""
    bench.open(name)
    bench.viewer.run("zoom.width")
    bench.rest()
    source, scale = bench.source(name), bench.scale()
    worker.draw_ms(source, 0, scale)
    ours, floor = [], []
    for number in range(1, JUMPS + 1):
        page = number * STRIDE
        before = worker.draw_ms(source, page, scale) if number % 2 else None
        bench.rest()
        ours.append(bench.until_sharp_ms(lambda: bench.viewer.pages.go_to_page(page)))  # noqa: B023
        floor.append(before if before is not None else worker.draw_ms(source, page, scale))
    return ours[1:], floor[1:]


def main() -> int:
    """Measure and print; 1 when a target was missed."""
    met = []
    worker = BareWorker()
    with bench_on(("text", "text", PAGES), ("scan", "scan", PAGES)) as bench:
        for name in ("text", "scan"):
            ours, peer = turns(bench, name)
            met.append(
                say(f"page turn, drawn ahead, {name}", ours, peer, target=TARGET_TURN, plus_ms=PLUS_TURN_MS)
            )
            ours, floor = jumps(bench, name, worker)
            met.append(say(f"page turn, cold, {name}", ours, floor, target=TARGET_JUMP, plus_ms=PLUS_JUMP_MS))
    worker.close()
    return 0 if all(met) else 1
