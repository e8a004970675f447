"""A workstation without windows that takes back or gives back, syncs, and is killed at a named point.

Started as a process of its own; imports once, then forks for each line that it reads, with bars between: the
folder of the profile, its key, the address of the platform, what to do, where to die.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from assessor_app.cache import evidence_files, forgetting, outbox, sync_state
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.cases import RecusalReason
from assessor_app.domain.roles import Role
from assessor_app.services import giving_back, syncing, taking_back
from assessor_app.services.context import Context
from assessor_app.sync import after_sending, push
from assessor_app.sync.auth import transport_for
from assessor_app.sync.transport import Transport
from tests.contract.small_content import FIRST
from tests.faults.sending_child import Where, arm
from tests.integration.at_work import FIRST_ID

VERBS = ("take_back", "give_back")


def _is_post(*arguments: Any, **_: Any) -> bool:
    return "POST" in arguments and any(FIRST in str(argument) for argument in arguments)


def _always(*_: Any, **__: Any) -> bool:
    return True


POINTS: dict[str, Where] = {
    "queued but not committed": (outbox, "enqueue", "after", _always),
    "chosen": (outbox, "next_to_send", "after", _always),
    "marked as sending": (push, "_send", "before", _always),
    "before the request": (Transport, "_send", "before", _is_post),
    "after the head of the answer": (Transport, "_send", "after", _is_post),
    "after the answer": (push, "judge", "before", _always),
    "settled but not committed": (after_sending, "settle", "after", _always),
    "erased but not committed": (forgetting, "forget", "after", _always),
    "settled, files not unlinked": (evidence_files, "unlink", "before", _always),
    "receipt committed": (push, "_settle", "after", _always),
    "page applied but not committed": (sync_state, "set_cursor", "after", _always),
}
"""Where the process dies: function, before or after it, and in which calls."""


def work(folder: Path, key: bytes, origin: str, verb: str, point: str) -> None:
    """Do it."""
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
    syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    arm(point, POINTS)
    if verb == "take_back":
        taking_back.take_back(context, FIRST_ID)
    else:
        giving_back.give_back(context, FIRST_ID, RecusalReason.KNOWS_LEARNER, "")
    syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    store.close()


def main() -> None:
    """Fork for each line until there are no more."""
    for line in sys.stdin:
        folder, key, origin, verb, point = line.rstrip("\n").split("|")
        child = os.fork()
        if child == 0:
            work(Path(folder), bytes.fromhex(key), origin, verb, point)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
