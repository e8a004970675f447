"""Children of tests of windows begin with their modules loaded.

A child that draws pages loads for four tenths of a second of a processor, much of what a test that opens a
file takes. Here one process of each test process has loaded them once, and children are copies of it. That
the program starts each from nothing is tried by other tests: `tests/unit/documents`, `tests/integration`,
`tests/attacks`.
"""

from __future__ import annotations

import multiprocessing

import pytest

from assessor_app.documents import child_process

LOADED = ("worker_render", "worker_export", "worker_spelling")


def begin() -> None:
    """From now on, in this process; not where the system cannot copy a process."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([f"assessor_app.documents.{name}" for name in LOADED])
        pytest.MonkeyPatch().setattr(child_process, "CONTEXT", context)
