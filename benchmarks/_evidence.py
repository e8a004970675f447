"""What the benchmarks of the evidence desk share: the real workspace, and a bare worker beside it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from assessor_app.documents.pages import EvidenceSource
from assessor_app.services import reading
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.tidying import Tidier
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from benchmarks._pdfs import made
from tests.evidence_desk import EvidenceDesk, Piece, Reader, pause, put_pieces, submission_of, wait_until

LONGEST_MS = 20_000
SETTLE_MS = 200
"""Pause after everything wanted is drawn, for the words of the page: neither is what is measured."""

WORKER = """
import json, sys, time
from pathlib import Path
import pymupdf
from assessor_app.vault.sealed_reader import SealedReader
known, lists = {}, {}
def opened(path, key, size):
    if path not in known:
        with SealedReader(Path(path), file_key=bytes.fromhex(key), size_bytes=size) as reader:
            known[path] = pymupdf.open(stream=reader.read_at(0, size), filetype="pdf")
    return known[path]
def draw(path, key, size, page, scale):
    document = opened(path, key, size)
    matrix = pymupdf.Matrix(scale, scale)
    pixels = document.load_page(page).get_pixmap(matrix=matrix, alpha=False)
    return pixels.width
warm = pymupdf.open()
warm.new_page().insert_text((20, 20), "Aa")
warm.load_page(0).get_pixmap()
print("ready", flush=True)
for line in sys.stdin:
    print(draw(*json.loads(line)), flush=True)
"""


class BareWorker:
    """A child that has nothing loaded but the sealed reader and PyMuPDF, and keeps its documents open."""

    def __init__(self) -> None:
        """Start it and wait until it is ready."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._line()

    def draw_ms(self, source: EvidenceSource, page: int, scale: float) -> float:
        """Raster one page, round trip included."""
        request = json.dumps([str(source.path), source.file_key.hex(), source.size_bytes, page, scale])
        assert self._process.stdin is not None
        started = time.perf_counter()
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        self._line()
        return (time.perf_counter() - started) * 1000

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the bare worker has ended")
        return line


class Bench:
    """The assessor's workspace on some documents; one at a time is open."""

    def __init__(
        self, folder: Path, documents: Mapping[str, bytes], size: tuple[int, int] = (1400, 900)
    ) -> None:
        """Seal the documents and show the workspace.

        Args:
            folder: an empty one.
            documents: PDFs by name.
            size: of the workspace, in pixels.
        """
        pieces = [Piece(name, f"{name}.pdf", "application/pdf", data) for name, data in documents.items()]
        self.desk = EvidenceDesk(folder)
        self.submission = submission_of(pieces)
        put_pieces(self.desk.context, self.submission, pieces)
        self.workspace = self.desk.open(self.submission)
        self.workspace.resize(*size)
        self.workspace.show()
        self.workspace.activateWindow()
        self.reader = Reader(self.workspace)
        pause(400)

    @property
    def viewer(self) -> PagesViewer:
        """The viewer of pages."""
        return self.reader.view.pages

    def open(self, name: str) -> None:
        """Open a document and wait until it is at rest."""
        if self.reader.view.source_id != name:
            self.reader.choose(name)
        elif self.viewer.pages.page:
            self.viewer.pages.go_to_page(0)
        if not wait_until(lambda: self.reader.is_settled(name), LONGEST_MS):
            raise SystemExit(f"{name} did not come up")
        self.rest()

    def rest(self) -> None:
        """Wait until everything that is wanted is drawn and the words are there."""
        pause(SETTLE_MS)
        wait_until(lambda: self.viewer.supply.pending == 0, LONGEST_MS)
        pause(SETTLE_MS // 2)

    def source(self, name: str) -> EvidenceSource:
        """The sealed file of a document."""
        artifact = next(
            artifact for part in self.submission.parts for artifact in part.artifacts if artifact.id == name
        )
        return reading.evidence_source(self.desk.context, self.submission.id, artifact.id)

    def scale(self) -> float:
        """Device pixels for a point, as shown now."""
        pages = self.viewer.pages
        return float(pages.scale * pages.devicePixelRatioF())

    def until_sharp_ms(self, act: Callable[[], object]) -> float:
        """From an act of the person to the page that it brings, painted dot for dot."""
        return until_ms(self.viewer.pages.painted_sharp, act)

    def close(self) -> None:
        """End everything."""
        self.workspace.close()
        self.desk.close()


def until_ms(signal: Any, act: Callable[[], object]) -> float:
    """From an act to a signal, in milliseconds.

    Raises:
        SystemExit: the signal did not come.
    """
    loop, found = QEventLoop(), [0.0]

    def note(*_: object) -> None:
        if not found[0]:
            found[0] = time.perf_counter()
        loop.quit()

    signal.connect(note)
    guard = QTimer(singleShot=True, interval=LONGEST_MS)
    guard.timeout.connect(loop.quit)
    guard.start()
    started = time.perf_counter()
    act()
    if not found[0]:
        loop.exec()
    signal.disconnect(note)
    if not found[0]:
        raise SystemExit("nothing was painted")
    return (found[0] - started) * 1000


@contextlib.contextmanager
def bench_on(*documents: tuple[str, str, int], size: tuple[int, int] = (1400, 900)) -> Iterator[Bench]:
    """A bench on documents made on the spot, each told by name, kind and number of pages."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    Theme(app).apply(Scheme.LIGHT, 100)
    tidier = Tidier()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        # Elsewhere as well: what makes a store's tables takes memory that the program never has.
        store = (
            "import sys, pathlib; from tests import stores; stores.put_empty_store(pathlib.Path(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", store, str(folder / "desk")], check=True)
        bench = Bench(
            folder / "desk", {name: made(kind, pages, folder) for name, kind, pages in documents}, size
        )
        try:
            yield bench
        finally:
            bench.close()
            tidier.stop()
