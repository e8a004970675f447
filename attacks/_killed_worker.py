"""A workstation without windows that works on and on, to be killed by the attack `kills`.

Started as a process of its own: it imports once, then forks for each line that it reads, a JSON object. What
is begun and what is told as saved goes to standard output, one line each, before the next step.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, edit_log, evidence, migrate, submissions, sync_state
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.ids import AnnotationId, CriterionId, SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState
from assessor_app.services import annotating, assessing, reading, syncing
from assessor_app.services.context import Context
from assessor_app.sync.auth import transport_for
from assessor_app.vault import durable
from tests import builders, compiled_once, contexts
from tests.faults import sending_child

CRITERIA = ("analyze-1", "design-1")
LEVELS = ("not_met", "progressing", "demonstrated")
EDITS = 6
Where = tuple[Any, str, str, Callable[..., bool]]


def _always(*_: Any, **__: Any) -> bool:
    return True


POINTS: dict[str, Where] = {
    **sending_child.POINTS,
    "step of undo not written": (edit_log, "append", "before", _always),
    "step of undo not committed": (edit_log, "append", "after", _always),
    "rating not committed": (assessments, "set_rating", "after", _always),
    "feedback not committed": (assessments, "set_feedback", "after", _always),
    "mark not committed": (annotation_rows, "put", "after", _always),
    "cursor not moved": (sync_state, "set_cursor", "before", _always),
    "wanted, not committed": (evidence, "want", "after", _always),
    "evidence sealed, not named": (durable, "replace_durably", "before", _always),
    "evidence named, not noted": (durable, "replace_durably", "after", _always),
    "evidence noted, not committed": (evidence, "set_state", "after", _always),
}
"""Where the process dies, as in `tests.faults.sending_child`."""


NEED_CHANGES = frozenset(
    {
        "page applied but not committed",
        "page committed",
        *(name for name in POINTS if name.startswith(("evidence", "wanted", "cursor"))),
    }
)
"""These are reached only when something is to be pulled or fetched."""


def die_at(point: str, hit: int) -> None:
    """Be killed at the `hit`-th time that a point is reached."""
    owner, name, when, fits = POINTS[point]
    original = getattr(owner, name)
    left = hit

    def wrapped(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= fits(*arguments, **named)
        dies = fits(*arguments, **named) and left == 0
        if dies and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **named)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, wrapped)


_lies = False
"""Whether everything is told as saved before it is: then the attack must find losses."""


def say(word: str, *rest: object) -> None:
    """Write a line, at once."""
    os.write(1, (" ".join([word, *map(str, rest)]) + "\n").encode())
    if _lies and word == "begin":
        say("saved", *rest)


def work(job: dict[str, Any]) -> None:
    """Sync, edit something, send it when it is whole, sync."""
    global _lies
    _lies = job["lies"]
    clock, folder = Clock(), Path(job["folder"])
    store = Store.open(folder, bytes.fromhex(job["key"]), clock=clock)
    context = Context(
        store=store,
        transport=transport_for(store, job["origin"]),
        renderer=Renderer(clock=clock),
        clock=clock,
        role=Role.ASSESSOR,
        origin=job["origin"],
        folder=folder,
    )
    if job["point"]:
        die_at(job["point"], job["hit"])
    syncing.recover(context)
    if job["syncs_first"]:
        syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    todo = [SubmissionId(name) for name in job["ids"]]
    if not all(_is_here(context, submission_id) for submission_id in todo):
        syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    for submission_id in todo:
        if _edit_and_send(context, submission_id, job) and not job["all"]:
            break
    syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    store.close()


def _is_here(context: Context, submission_id: SubmissionId) -> bool:
    with context.store.read() as txn:
        return submissions.get_submission(txn, submission_id) is not None


def _edit_and_send(context: Context, submission_id: SubmissionId, job: dict[str, Any]) -> bool:
    """Whether there was something to do."""
    chance, serial = random.Random(job["seed"]), job["serial"]
    if reading.open_submission(context, submission_id).assessment.state is not AssessmentState.DRAFT:
        return False
    for _ in range(EDITS):
        serial += 1
        _edit(context, submission_id, chance, serial)
    for criterion in CRITERIA:
        serial += 1
        _rate(context, submission_id, criterion, "demonstrated")
        _write(context, submission_id, criterion, serial)
    say("begin", submission_id, "overall", serial)
    assessing.save_overall(context, submission_id, f"All in all a lesson to learn from, as seen. {serial}")
    say("saved", submission_id, "overall", serial)
    assessing.send(context, submission_id)
    say("saved", submission_id, "sent", 1)
    return True


def _edit(context: Context, submission_id: SubmissionId, chance: random.Random, serial: int) -> None:
    criterion = chance.choice(CRITERIA)
    match chance.randrange(3):
        case 0:
            _rate(context, submission_id, criterion, chance.choice(LEVELS))
        case 1:
            _write(context, submission_id, criterion, serial)
        case _:
            mark = AnnotationId(context.clock.new_id())
            submission = reading.open_submission(context, submission_id).submission
            made = replace(builders.annotation(of=submission), id=mark, criteria=())
            annotating.put(context, made, "Highlight")
            say("saved", submission_id, f"mark {mark}", 1)


def _rate(context: Context, submission_id: SubmissionId, criterion: str, level: str) -> None:
    say("begin", submission_id, f"rating {criterion}", level)
    assessing.save_rating(context, submission_id, Rating(CriterionId(criterion), level))
    say("saved", submission_id, f"rating {criterion}", level)


def _write(context: Context, submission_id: SubmissionId, criterion: str, serial: int) -> None:
    text = f"Your plan leaves room for what students say next, and it shows. {serial}"
    feedback = CriterionFeedback(
        CriterionId(criterion), text, seen="Two questions.", missing="A third.", next_step="Ask how."
    )
    say("begin", submission_id, f"feedback {criterion}", serial)
    assessing.save_feedback(context, submission_id, feedback)
    say("saved", submission_id, f"feedback {criterion}", serial)


def upgrade(job: dict[str, Any]) -> None:
    """Open a store of an earlier schema, and be killed at one of the statements that change it."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    left = job["statement"]

    @event.listens_for(Engine, "before_cursor_execute")
    def before(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if left < 0:
        # Not a statement: the copy that is made before them, or right behind the last one.
        _die_around(migrate, "copy_before_upgrade" if left == -1 else "_upgrade")
    Store.open(Path(job["folder"]), bytes.fromhex(job["key"]), clock=Clock()).close()
    say("statements", job["statement"] - left)


def _die_around(owner: Any, name: str) -> None:
    original = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> None:
        original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, wrapped)


def warm_up() -> None:
    """Load everything once, so that no forked process has to: a whole new store, and a submission rated."""
    with tempfile.TemporaryDirectory() as folder:
        Store.open(Path(folder) / "new", bytes(32), clock=Clock()).close()
        context = contexts.context_in(Path(folder) / "work", Role.ASSESSOR, Clock())
        submission = builders.submission()
        contexts.give(context.store, submission)
        contexts.assess(context, submission)
        assessing.send(context, submission.id)
        syncing.sync(context, report=lambda _: None, changed=lambda _: None)
        context.store.close()
    gc.collect()


def main() -> None:
    """Fork for each line until there are no more; a job may name after how many milliseconds it dies."""
    compiled_once.begin()
    warm_up()
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            (work if job["job"] == "work" else upgrade)(job)
            os._exit(0)
        if job["after_ms"] is not None:
            time.sleep(job["after_ms"] / 1000)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        say("ended", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
