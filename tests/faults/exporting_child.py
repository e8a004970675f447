"""A workstation without windows that exports its unsent work, and is killed at a named point.

Started as a process of its own; imports once, then forks for each line that it reads: a point and a file.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from assessor_app.cache import exported
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.roles import Role
from assessor_app.services import unsent_export
from assessor_app.services.context import Context
from assessor_app.sync.auth import transport_for

POINTS = {
    "before anything": (exported, "count_as_tried", "before"),
    "before the file": (unsent_export, "write_whole", "before"),
    "file written": (unsent_export, "write_whole", "after"),
    "before the mark": (exported, "mark", "before"),
}
"""Where the process dies: function, and before or after it."""


def arm(point: str) -> None:
    """Die at a point."""
    owner, name, when = POINTS[point]
    original = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> None:
        if when == "after":
            original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, wrapped)


def work(folder: Path, key: bytes, origin: str, point: str, target: Path) -> None:
    """Export, and die on the way."""
    clock = Clock()
    store = Store.open(folder, key, clock=clock)
    context = Context(
        store=store,
        transport=transport_for(store, origin),
        renderer=Renderer(clock=clock),
        clock=clock,
        role=Role.ASSESSOR,
        origin=origin,
        folder=folder,
    )
    arm(point)
    unsent_export.export(context, target)


def main() -> None:
    """Fork for each line until there are no more; tells how each child ended."""
    folder, key, origin = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3]
    for line in sys.stdin:
        point, _, target = line.rstrip("\n").partition("|")
        child = os.fork()
        if child == 0:
            work(folder, key, origin, point, Path(target))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
