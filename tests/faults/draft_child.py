"""A workstation without windows that copies a draft to the platform, and is killed at a named point.

Started as a process of its own; imports once, then forks for each line that it reads: the folder of the
profile, its key, the address of the platform, the words to write, where to die.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from assessor_app.cache import draft_copies, draft_work
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.roles import Role
from assessor_app.services import assessing, syncing
from assessor_app.services.context import Context
from assessor_app.sync import draft_backup
from assessor_app.sync.auth import transport_for
from assessor_app.sync.transport import Transport
from tests.faults.sending_child import Where, arm
from tests.integration.at_work import FIRST_ID


def _is_put(*arguments: Any, **_: Any) -> bool:
    return "PUT" in arguments


def _always(*_: Any, **__: Any) -> bool:
    return True


POINTS: dict[str, Where] = {
    "taken up but not committed": (draft_work, "adopt", "after", _always),
    "noted as being sent but not committed": (draft_copies, "note_sending", "after", _always),
    "before the request": (Transport, "_send", "before", _is_put),
    "after the answer": (draft_backup, "_confirmed", "before", _always),
    "agreed but not committed": (draft_copies, "put_copy", "after", _always),
}
"""Where the process dies: function, before or after it, and in which calls."""


def work(folder: Path, key: bytes, origin: str, words: str, point: str) -> None:
    """Write, sync, and die on the way."""
    clock = Clock()
    store = Store.open(folder, key, clock=clock)
    context = Context(
        store=store,
        transport=transport_for(store, origin, clock),
        renderer=Renderer(clock=clock),
        clock=clock,
        role=Role.ASSESSOR,
        origin=origin,
        folder=folder,
    )
    arm(point, POINTS)
    assessing.save_overall(context, FIRST_ID, words)
    syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    store.close()


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        folder, key, origin, words, point = line.rstrip("\n").split("|")
        child = os.fork()
        if child == 0:
            work(Path(folder), bytes.fromhex(key), origin, words, point)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
