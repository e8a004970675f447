"""A digit on a criterion's row, to the level painted and to the rating committed, in a store that is full.

The real workspace stands on a real store with 10,000 submissions. Saved means that the write lane has
committed and the window knows it; the floor is a commit of one row in a bare database with the same cipher
and the same care for the disk. Painted means that the chosen level was drawn; the floor is a repaint of a
bare widget of its size. 50th and 99th percentile of each.

Run with `python3 dev.py bench rating [PRESSES]`, 300 by default.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from assessor_app.cache import submissions
from assessor_app.cache.connection import connect
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Assignment
from assessor_app.services.context import Context
from assessor_app.ui.scoring.level_row import LevelOption
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from benchmarks._report import percentile
from tests import builders
from tests.stores import DATABASE_KEY
from tests.ui.worlds import lesson_submission, make_context, put_work

SUBMISSIONS, PRESSES, WARM_UP = 10_000, 300, 10
BATCH = 500
PATIENCE_MS = 10_000
TARGET_SAVED, TARGET_PAINTED, PLUS_MS = 1.5, 1.5, 10.0
"""Allowed at the median: the floor times this, and milliseconds on top for lanes and events."""


class Bare(QWidget):
    """A rounded box and two lines of text, and nothing behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.painted_s = 0.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw, and note when that was done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor("#e6ecff"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.drawText(self.rect(), Qt.TextFlag.TextWordWrap, "Demonstrated\nThe evidence shows it.")
        painter.end()
        self.painted_s = time.perf_counter()


def fill(context: Context) -> None:
    """All submissions that are cached beside the one that is rated."""
    version = builders.rubric_version()
    for start in range(2, SUBMISSIONS + 1, BATCH):
        with context.store.write() as txn:
            submissions.put_rubric(txn, version)
            for number in range(start, min(start + BATCH, SUBMISSIONS + 1)):
                received = builders.NOON - timedelta(hours=number % 400)
                made = builders.submission(number, rubric=version, received_at=received)
                submissions.put_submission(txn, made)
                submissions.put_assignment(txn, Assignment(made.id, Role.ASSESSOR))


class Painting:
    """When the chosen level was painted first; made before the window, which looks for the method once."""

    def __init__(self) -> None:
        self.at_s = 0.0
        paint = LevelOption.paintEvent

        def painted(option: LevelOption, event: QPaintEvent) -> None:
            paint(option, event)
            if option.isChecked():
                self.at_s = self.at_s or time.perf_counter()

        LevelOption.paintEvent = painted  # type: ignore[method-assign,assignment]


class Presses:
    """Presses digits in a workspace and takes the times, in milliseconds."""

    def __init__(self, workspace: AssessorWorkspace, lanes: Lanes, painting: Painting) -> None:
        self._workspace, self._painting = workspace, painting
        self._saved_s = 0.0
        self._is_shown = False
        lanes.saved.connect(self._note_saved)
        workspace.shown.connect(self._note_shown)

    def press(self, key: Qt.Key) -> tuple[float, float]:
        """One digit: milliseconds to painted and to saved."""
        self._painting.at_s = self._saved_s = 0.0
        self._is_shown = False
        begun = time.perf_counter()
        QTest.keyClick(self._workspace.panel.current.levels, key)  # type: ignore[union-attr]
        spin_until(lambda: bool(self._painting.at_s and self._saved_s and self._is_shown and self._is_read()))
        return (self._painting.at_s - begun) * 1000, (self._saved_s - begun) * 1000

    def _is_read(self) -> bool:
        """Whether what is shown was read after the last save: a press before that may change nothing."""
        card, opened = self._workspace.panel.current, self._workspace.opened
        if card is None or opened is None:
            return False
        return opened.assessment.rating(card.frame.criterion.id).level == card.level

    def _note_saved(self, *_: object) -> None:
        self._saved_s = self._saved_s or time.perf_counter()

    def _note_shown(self, _opened: object) -> None:
        self._is_shown = True


def spin_until(is_true: object) -> None:
    """Let the window live until something is so."""
    loop, end = QEventLoop(), time.monotonic() + PATIENCE_MS / 1000
    while not is_true():  # type: ignore[operator]
        if time.monotonic() > end:
            raise TimeoutError("the window did not come to rest")
        loop.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)


def bare_commits(folder: Path, count: int) -> list[float]:
    """A row changed and committed, again and again, in a database of the same kind."""
    database = connect(folder / "bare.db", DATABASE_KEY)
    database.execute("CREATE TABLE rating (criterion TEXT PRIMARY KEY, level TEXT)")
    database.commit()
    times = []
    for number in range(count + WARM_UP):
        begun = time.perf_counter()
        database.execute("INSERT OR REPLACE INTO rating VALUES ('one', ?)", (str(number),))
        database.commit()
        times.append((time.perf_counter() - begun) * 1000)
    database.close()
    return times[WARM_UP:]


def bare_repaints(size_of: QWidget, count: int) -> list[float]:
    """A bare widget of the same size asked to draw itself, to drawn."""
    bare = Bare()
    bare.resize(size_of.size())
    bare.show()
    spin_until(lambda: bare.painted_s)
    times = []
    for _ in range(count + WARM_UP):
        bare.painted_s, begun = 0.0, time.perf_counter()
        bare.update()
        spin_until(lambda: bare.painted_s)
        times.append((bare.painted_s - begun) * 1000)
    bare.close()
    return times[WARM_UP:]


def tell(name: str, ours: list[float], floor: list[float], factor: float) -> bool:
    """One line; whether the median keeps its target."""
    (mine, mine_99), (bare, bare_99) = (
        (percentile(values, 0.5), percentile(values, 0.99)) for values in (ours, floor)
    )
    met = mine <= bare * factor + PLUS_MS
    sys.stdout.write(
        f"{name}: p50 {mine:.1f} ms, p99 {mine_99:.1f} ms; floor p50 {bare:.2f} ms, p99 {bare_99:.2f} ms; "
        f"target {factor:.1f} + {PLUS_MS:.0f} ms at the median -> {'met' if met else 'MISSED'}\n"
    )
    return met


def main(arguments: list[str]) -> int:
    """Fill, press, tell."""
    count = int(arguments[0]) if arguments else PRESSES
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    Theme(app).apply(Scheme.LIGHT, 100)
    with tempfile.TemporaryDirectory(prefix="rating-") as scratch:
        folder = Path(scratch)
        clock = builders.FakeClock()
        renderer = Renderer()
        context = make_context(folder, renderer, clock, Role.ASSESSOR)
        version = builders.rubric_version()
        fill(context)
        made = lesson_submission(version)
        put_work(context, made, version)
        lanes = Lanes(context, clock=clock)
        painting = Painting()
        workspace = AssessorWorkspace(lanes, made.id, clock.now)
        workspace.resize(1100, 720)
        workspace.show()
        workspace.activateWindow()
        spin_until(lambda: workspace.opened is not None)
        workspace.panel.focus_current()
        QTimer.singleShot(0, workspace.panel, workspace.panel.focus_current)
        presses = Presses(workspace, lanes, painting)
        digits = (Qt.Key.Key_2, Qt.Key.Key_3)
        times = [presses.press(digits[number % 2]) for number in range(count + WARM_UP)][WARM_UP:]
        card = workspace.panel.current
        assert card is not None
        repaints = bare_repaints(card.levels.options[2], count)
        commits = bare_commits(folder, count)
        workspace.close()
        lanes.close()
        context.store.close()
        renderer.close()
    sys.stdout.write(f"{count} presses, {SUBMISSIONS:,} submissions in the store\n")
    met = [
        tell("key to painted", [painted for painted, _ in times], repaints, TARGET_PAINTED),
        tell("key to saved", [saved for _, saved in times], commits, TARGET_SAVED),
    ]
    return 0 if all(met) else 1
