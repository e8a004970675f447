"""A workstation without windows that assesses and sends, and is killed at a named point.

Started as a process of its own; imports once, then forks for each line that it reads: the name of a point,
and the ids of submissions. What the person was told is written to standard output before the next step.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assessor_app.cache import evidence_files, outbox, sync_state
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.services import assessing, reading, syncing
from assessor_app.services.context import Context
from assessor_app.sync import push
from assessor_app.sync.auth import transport_for
from assessor_app.sync.transport import Transport

CRITERIA = (CriterionId("analyze-1"), CriterionId("design-1"))


def _is_put(*arguments: Any, **_: Any) -> bool:
    return "PUT" in arguments


def _is_acked(*arguments: Any, **_: Any) -> bool:
    return OutboxState.ACKED in arguments


Where = tuple[Any, str, str, Callable[..., bool]]


def _always(*_: Any, **__: Any) -> bool:
    return True


POINTS: dict[str, Where] = {
    "before the transaction of sending": (assessing, "begin_editing", "before", _always),
    "final but not queued": (assessing, "enqueue", "before", _always),
    "queued but not committed": (outbox, "enqueue", "after", _always),
    "queued": (assessing, "send", "after", _always),
    "chosen": (outbox, "next_to_send", "after", _always),
    "marked as sending": (push, "_send", "before", _always),
    "before the request": (Transport, "_send", "before", _is_put),
    "after the head of the answer": (Transport, "_send", "after", _is_put),
    "after the answer": (push, "judge", "before", _always),
    "receipt written but not committed": (outbox, "move", "after", _is_acked),
    "receipt committed": (push, "_settle", "after", _always),
    "page applied but not committed": (sync_state, "set_cursor", "after", _always),
    "page committed": (evidence_files, "unlink", "before", _always),
}
"""Where the process dies: function, before or after it, and in which calls."""


def arm(point: str, points: Mapping[str, Where] = POINTS) -> None:
    """Die at a point."""
    owner, name, when, fits = points[point]
    original = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        if not fits(*arguments, **named):
            return original(*arguments, **named)
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("dead")

    setattr(owner, name, wrapped)


def work(folder: Path, key: bytes, origin: str, point: str, ids: list[SubmissionId]) -> None:
    """Assess what is not assessed yet, send it, sync."""
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
    syncing.recover(context)
    for submission_id in ids:
        if reading.open_submission(context, submission_id).assessment.state is AssessmentState.DRAFT:
            for criterion in CRITERIA:
                assessing.save_rating(context, submission_id, Rating(criterion, "demonstrated"))
                text = CriterionFeedback(criterion, "A plan that leaves room for what students say next.")
                assessing.save_feedback(context, submission_id, text)
            assessing.save_overall(context, submission_id, "All in all a lesson to learn from.")
            print(f"saved {submission_id}", flush=True)  # noqa: T201
            if point:
                arm(point)
            assessing.send(context, submission_id)
            print(f"sent {submission_id}", flush=True)  # noqa: T201
    syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    store.close()


def main() -> None:
    """Fork for each line until there are no more."""
    folder, key, origin = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3]
    for line in sys.stdin:
        point, _, ids = line.rstrip("\n").partition("|")
        child = os.fork()
        if child == 0:
            work(folder, key, origin, point, [SubmissionId(text) for text in ids.split()])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
