"""Click on a piece of evidence to its first page painted sharp, beside a bare worker that draws that page.

Ours is the assessor's workspace on a real store with sealed files: from the choice in the list of evidence to
the end of the paint event that shows the page dot for dot. The floor is a child that has nothing loaded but
the sealed reader and PyMuPDF, already runs, and decrypts, opens and rasters the same page at the same size,
round trip included. It is said twice: cold, for a piece that nobody was near, and for the piece after the one
that is read, which is made ready while she reads. Run with `python3 dev.py bench first_page`.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pymupdf
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from assessor_app.cache import evidence, submissions
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Artifact, EvidenceState
from assessor_app.services import reading
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Theme
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from assessor_app.vault.sealed_file import SealedWriter
from benchmarks._report import say
from tests import builders
from tests.ui.worlds import make_context

TARGET, PLUS_MS = 1.2, 5.0
OF_EACH_KIND = 7
"""The first of each kind is not counted: it loads what every later one finds loaded."""
PAGES = 5
COLD_STEP = 4
"""So far apart are two pieces that are opened one after the other; no divisor of how many there are."""
SETTLE_MS = 250
"""Pause after a document's neighbours are drawn, for its words: neither is what is measured."""

WORDS = ("asks", "pupils", "for", "reasons", "listens", "again", "writes", "down", "what", "they", "noticed")

FLOOR = """
import json, sys
from pathlib import Path
import pymupdf
from assessor_app.vault.sealed_reader import SealedReader
def draw(path, key, size, scale):
    with SealedReader(Path(path), file_key=bytes.fromhex(key), size_bytes=size) as reader:
        data = reader.read_at(0, size)
    document = pymupdf.open(stream=data, filetype="pdf")
    pixels = document.load_page(0).get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
    return pixels.width
warm = pymupdf.open()
warm.new_page().insert_text((20, 20), "Aa")
warm.load_page(0).get_pixmap()
print("ready", flush=True)
for line in sys.stdin:
    print(draw(*json.loads(line)), flush=True)
"""


def text_pdf(chance: random.Random) -> bytes:
    """Pages full of words."""
    document = pymupdf.open()
    for _ in range(PAGES):
        page = document.new_page(width=595, height=842)
        words = " ".join(chance.choice(WORDS) for _ in range(520))
        page.insert_textbox((64, 64, 531, 780), words, fontsize=11, fontname="tiro")
    data: bytes = document.tobytes(deflate=True)
    return data


def scan_pdf(chance: random.Random) -> bytes:
    """Pages that are one grey picture each, 200 dots for an inch."""
    document = pymupdf.open()
    for _ in range(PAGES):
        page = document.new_page(width=595, height=842)
        written = pymupdf.open(stream=text_pdf(chance), filetype="pdf")
        picture = written.load_page(0).get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
        page.insert_image(page.rect, stream=picture.tobytes("jpg", jpg_quality=80))
    data: bytes = document.tobytes()
    return data


def vector_pdf(chance: random.Random) -> bytes:
    """Pages of some hundred long curves, as a map or a plot has them."""
    document = pymupdf.open()
    for _ in range(PAGES):
        page = document.new_page(width=595, height=842)
        shape = page.new_shape()
        for _ in range(600):
            x, y = chance.uniform(40, 540), chance.uniform(40, 780)
            shape.draw_bezier((x, y), (x + 40, y + 3), (x - 20, y + 50), (x + 30, y + 35))
        shape.finish(color=(0.1, 0.2, 0.5), width=0.4)
        shape.commit()
    data: bytes = document.tobytes(deflate=True)
    return data


KINDS = {"text": text_pdf, "scan": scan_pdf, "vector": vector_pdf}


class Bench:
    """A workspace with all documents in its list, and a bare worker beside it."""

    def __init__(self, folder: Path) -> None:
        """Fill the store, open the window, start the worker."""
        self.clock = builders.FakeClock()
        self.renderer = Renderer()
        self.renderer.warm_up()
        self.context = make_context(folder, self.renderer, self.clock, Role.ASSESSOR)
        self.artifacts = self._fill()
        self.in_list = [
            pair
            for turn in range(OF_EACH_KIND)
            for pair in ((kind, made[turn]) for kind, made in self.artifacts.items())
        ]
        self.lanes = Lanes(self.context, clock=self.clock)
        self.lanes.bug.connect(sys.stderr.write)
        self.workspace = AssessorWorkspace(self.lanes, self.submission.id, self.clock.now)
        self.workspace.resize(1400, 900)
        self.workspace.show()
        self.pause(1_500)
        self.floor = subprocess.Popen(
            [sys.executable, "-c", FLOOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._answer()

    def _fill(self) -> dict[str, list[Artifact]]:
        chance, number = random.Random(7), 0
        made: dict[str, list[Artifact]] = {kind: [] for kind in KINDS}
        contents: dict[str, bytes] = {}
        for turn in range(OF_EACH_KIND):
            for kind, make in KINDS.items():
                number += 1
                content = make(chance)
                artifact = replace(
                    builders.artifact(number, content=content),
                    filename=f"{kind.capitalize()} {turn + 1}.pdf",
                    media_type="application/pdf",
                    page_count=PAGES,
                    renditions=(),
                )
                made[kind].append(artifact)
                contents[artifact.id] = content
        version = builders.rubric_version()
        submission = builders.submission(1, rubric=version)
        everything = tuple(artifact for group in zip(*made.values(), strict=True) for artifact in group)
        first, *others = submission.parts
        parts = (replace(first, artifacts=everything), *(replace(part, artifacts=()) for part in others))
        self.submission = replace(submission, parts=parts)
        store = self.context.store
        with store.write() as txn:
            submissions.put_rubric(txn, version)
            submissions.put_submission(txn, self.submission)
            submissions.put_assignment(txn, builders.assignment(1, Role.ASSESSOR))
            evidence.want(txn, self.submission, self.clock)
            key = evidence.submission_key(txn, self.submission.id)
            files = evidence.files(txn, self.submission.id)
        for file in files:
            path = evidence.path_of(store, file.blob_id)
            path.parent.mkdir(parents=True, exist_ok=True)
            with SealedWriter(path, submission_key=key, blob_id=file.blob_id, clock=self.clock) as writer:
                writer.write(contents[file.artifact_id])
                writer.finish(expected_size=file.size_bytes, expected_sha256=file.sha256)
        with store.write() as txn:
            for file in files:
                evidence.set_state(txn, file.blob_id, EvidenceState.READY)
        return made

    def pause(self, milliseconds: int) -> None:
        """Let the window live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def ours_ms(self, artifact: Artifact) -> float:
        """From the choice in the list to the first page, sharp on the window."""
        loop = QEventLoop()
        pages = self.workspace.document.view.pages.pages
        pages.painted_sharp.connect(loop.quit)
        guard = QTimer(singleShot=True, interval=20_000)
        guard.timeout.connect(loop.quit)
        guard.start()
        started = time.perf_counter()
        if not self.workspace.evidence.select(f"artifact:{artifact.id}"):
            raise SystemExit(f"{artifact.filename} is not in the list")
        loop.exec()
        elapsed_ms = (time.perf_counter() - started) * 1000
        pages.painted_sharp.disconnect(loop.quit)
        if not guard.isActive():
            raise SystemExit(f"{artifact.filename} was not painted")
        self.settle()
        return elapsed_ms

    def settle(self) -> None:
        """Until neighbours are drawn and the pieces beside this one are ready, as when somebody reads."""
        view = self.workspace.document.view
        while view.pages.supply.pending or not view.ahead.is_idle:
            self.pause(20)
        self.pause(SETTLE_MS)

    def floor_ms(self, source: EvidenceSource, scale: float) -> float:
        """Decrypt, open and raster in the bare worker."""
        request = json.dumps([str(source.path), source.file_key.hex(), source.size_bytes, scale])
        started = time.perf_counter()
        assert self.floor.stdin is not None
        self.floor.stdin.write(request + "\n")
        self.floor.stdin.flush()
        self._answer()
        return (time.perf_counter() - started) * 1000

    def _answer(self) -> str:
        assert self.floor.stdout is not None
        line = self.floor.stdout.readline()
        if not line:
            raise SystemExit("the bare worker has ended")
        return line

    def scale(self) -> float:
        """Device pixels for a point, as shown now."""
        pages = self.workspace.document.view.pages.pages
        return float(pages.scale * pages.devicePixelRatioF())

    def close(self) -> None:
        """End everything."""
        self.floor.terminate()
        self.floor.wait()
        self.workspace.close()
        self.lanes.close()
        self.renderer.close()
        self.context.store.close()


def main() -> int:
    """Measure and print; 1 when the target was missed."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    Theme(app).apply()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        bench = Bench(Path(scratch))
        count = len(bench.in_list)
        # Never the piece beside the one before it, so that it was not made ready.
        cold = measured(bench, [number * COLD_STEP % count for number in range(count)])
        ready = measured(bench, list(range(count)))
        bench.close()
    met = [
        told(figures, name)
        for figures, name in ((cold, "cold"), (ready, "made ready while the piece before was read"))
    ]
    return 0 if all(met) else 1


def measured(bench: Bench, order: list[int]) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds of ours and of the floor by kind, of the pieces of the list in an order."""
    figures: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in KINDS}
    seen: set[str] = set()
    for turn, number in enumerate(order):
        kind, artifact = bench.in_list[number]
        source = reading.evidence_source(bench.context, bench.submission.id, artifact.id)
        scale = bench.scale()
        # In turns, and each goes first half of the time: what the disk still knows helps both.
        before = bench.floor_ms(source, scale) if turn % 2 else None
        ours = bench.ours_ms(artifact)
        floor = before if before is not None else bench.floor_ms(source, bench.scale())
        if kind in seen:
            figures[kind][0].append(ours)
            figures[kind][1].append(floor)
        seen.add(kind)
    return figures


def told(figures: dict[str, tuple[list[float], list[float]]], name: str) -> bool:
    """Print the figures of one way; whether all targets are met."""
    met = [
        say(f"click to first painted page, {name}, {kind}", mine, bare, target=TARGET, plus_ms=PLUS_MS)
        for kind, (mine, bare) in figures.items()
    ]
    everything: list[Any] = [
        [figure for pair in figures.values() for figure in pair[side]] for side in (0, 1)
    ]
    met.append(say(f"click to first painted page, {name}, all", *everything, target=TARGET, plus_ms=PLUS_MS))
    return all(met)
