"""Cycles are collected on the GUI thread alone; elsewhere they can take the process with them."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import types
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assessor_app.ui.tidying import MANY_MODULES, Tidier

CHILD = """
import gc, sys, threading
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from assessor_app.ui.tidying import Tidier
app = QCoreApplication([])
class Ticking(QObject):
    def __init__(self):
        super().__init__()
        self.timer = QTimer(self, interval=1)
        self.timer.timeout.connect(self.beat)
        self.timer.start()
        self.me = self
    def beat(self):
        pass
if sys.argv[1] == "tidy":
    tidier = Tidier()
for _ in range(50):
    Ticking()
def lane():
    for _ in range(300_000):
        [].append({})
        loop = []
        loop.append(loop)
thread = threading.Thread(target=lane)
thread.start()
thread.join()
QTimer.singleShot(1500, app.quit)
app.exec()
print("alive")
"""


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def tidier() -> Iterator[Tidier]:
    made = Tidier()
    yield made
    made.stop()
    assert gc.isenabled()


def test_automatic_collection_is_off_and_a_cycle_goes_all_the_same(tidier: Tidier, qtbot: QtBot) -> None:
    assert not gc.isenabled()
    where: list[int] = []
    knot = Knot()
    weakref.finalize(knot, lambda: where.append(threading.get_ident()))
    del knot
    young: list[list[int]] = [[] for _ in range(gc.get_threshold()[0] + 50)]
    qtbot.waitUntil(lambda: bool(where))
    assert where == [threading.get_ident()]
    assert young


def test_a_ticking_object_in_a_cycle_does_not_take_the_process_with_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, "tidy"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == b"alive"


def test_what_modules_made_is_looked_through_once_and_what_comes_later_is_collected(
    tidier: Tidier, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = gc.get_freeze_count()
    tidier.look()
    assert gc.get_freeze_count() == before
    for number in range(MANY_MODULES):
        monkeypatch.setitem(sys.modules, f"made_for_this_test_{number}", types.ModuleType("made"))
    tidier.look()
    aside = gc.get_freeze_count()
    assert aside > 10_000
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    gc.collect()
    assert gone() is None
    tidier.look()
    assert gc.get_freeze_count() <= aside
    tidier.stop()
    assert gc.get_freeze_count() == 0
