"""Work that ends before it is done: each banner, the list, the question before; evidence that is replaced."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from assessor_app.cache import endings as ending_rows
from assessor_app.cache import evidence_changes, outbox, submissions
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import Assignment, Submission
from assessor_app.services import assessing
from assessor_app.ui.sending.acts import REMOVE_WORK
from tests.evidence_desk import pause
from tests.looks import demo_work as demo
from tests.looks.judging import finish
from tests.looks.stage import SETTLE_MS, Stage


def _begun(stage: Stage, code: str = demo.FRESH) -> Submission:
    made = stage.put(code)
    finish(stage, made)
    return made


def _ended(stage: Stage, made: Submission, reason: EndingReason) -> Submission:
    at = stage.context.clock.now() - timedelta(hours=3)
    with stage.context.store.write() as txn:
        submissions.remove_assignment(txn, made.id, Role.ASSESSOR)
        ending_rows.end(txn, made.id, reason, reason.value, at)
    return made


def withdrawn(stage: Stage) -> Any:
    """The learner took it back while a draft was begun."""
    return stage.open(_ended(stage, _begun(stage), EndingReason.WITHDRAWN))


def reassigned(stage: Stage) -> Any:
    """Somebody else has it; what was final came too late."""
    made = _begun(stage)
    assessing.send(stage.context, made.id)
    with stage.context.store.write() as txn:
        item = outbox.last_of_kind(txn, made.id, OutboxKind.RECOMMENDATION)
        assert item is not None
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.BLOCKED, status=403, error="You are no longer assigned.")
    return stage.open(_ended(stage, made, EndingReason.REASSIGNED))


def claim_ended(stage: Stage) -> Any:
    """Her time was over, and it went back to the queue."""
    return stage.open(_ended(stage, _begun(stage), EndingReason.CLAIM_ENDED))


def erased(stage: Stage) -> Any:
    """Nothing is left but the line that says so."""
    return stage.open(_ended(stage, _begun(stage), EndingReason.ERASED))


def removing(stage: Stage) -> None:
    """The question before what is kept goes."""
    workspace = withdrawn(stage)
    workspace.around.ended.act(REMOVE_WORK)
    pause(SETTLE_MS)


def inbox(stage: Stage) -> None:
    """How they stand in the list."""
    _ended(stage, _begun(stage), EndingReason.WITHDRAWN)
    _ended(stage, _begun(stage, demo.RESUBMISSION), EndingReason.REASSIGNED)
    stage.sit_down()


def _claimed(stage: Stage, hours: int, *, is_begun: bool) -> Any:
    made = _begun(stage) if is_begun else stage.put(demo.FRESH)
    until = stage.context.clock.now() + timedelta(hours=hours)
    with stage.context.store.write() as txn:
        submissions.put_assignment(txn, Assignment(made.id, Role.ASSESSOR, until))
    return stage.open(made)


def time_ends(stage: Stage) -> Any:
    """Offline, with less than a day left."""
    return _claimed(stage, 20, is_begun=True)


def time_ended(stage: Stage) -> Any:
    """Offline, and her time is over."""
    return _claimed(stage, -30, is_begun=True)


def evidence_replaced(stage: Stage) -> Any:
    """A file was replaced after she had rated from it."""
    made = _begun(stage)
    part = next(part for part in made.parts if part.artifacts)
    first, *others = part.artifacts
    new = replace(part, artifacts=(replace(first, sha256="0" * 64), *others))
    after = replace(made, parts=tuple(new if one is part else one for one in made.parts))
    with stage.context.store.write() as txn:
        submissions.put_submission(txn, after)
        evidence_changes.note(txn, made, after)
    workspace = stage.open(after)
    workspace.go_to_criterion(str(demo.rubric_of(made).criteria[0].id))
    return workspace


ENDINGS = {
    "ended-withdrawn": withdrawn,
    "ended-reassigned": reassigned,
    "ended-claim": claim_ended,
    "ended-erased": erased,
    "ended-removing": removing,
    "ended-inbox": inbox,
    "ended-time-ends": time_ends,
    "ended-time-over": time_ended,
    "ended-evidence-replaced": evidence_replaced,
}
"""Work that ends or changes under somebody's hands, by the name of its picture."""
