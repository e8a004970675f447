"""Windows of one test are gone before the next, and cycles are collected between tests, on the GUI thread.

A window left over is styled anew with every change of look. A cycle that holds Qt objects and is collected on
a lane takes the process with it, sometimes much later; the program has `ui/tidying.py` against that.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

FULL_COLLECTION_AFTER = 25
"""Tests from one full collection to the next; it takes a tenth of a second."""
_tests_run = 0


@pytest.fixture(autouse=True)
def _windows_are_gone() -> Iterator[None]:
    global _tests_run
    gc.disable()
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    _tests_run += 1
    gc.collect(2 if _tests_run % FULL_COLLECTION_AFTER == 0 else 1)
