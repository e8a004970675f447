"""Claimed work that somebody is at stays hers: its time is renewed by itself, as long as she works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, submissions, sync_state
from assessor_app.cache.engine import Store, Transaction
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.claims import CLAIM_HOURS, RENEW_AHEAD, ClaimAnswer, is_to_renew
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import ASSESSABLE, AssessmentState
from assessor_app.sync import claims
from assessor_app.sync.renewal_gate import RenewalGate
from assessor_app.sync.transport import Transport


def keep(
    store: Store,
    transport: Transport,
    gate: RenewalGate,
    *,
    clock: Clock,
    changed: Callable[[ChangeSet], None] = lambda _: None,
) -> None:
    """After a pull: renew what ends within a day, or has ended, where a draft was worked on lately.

    Args:
        store: the local store.
        transport: the platform.
        gate: what was refused already.
        clock: for times and keys; what counts is the platform's time.
        changed: told after each renewal.

    Raises:
        KnownError: no answer of the platform.
    """
    with store.read() as txn:
        lead = sync_state.clock_lead(txn)
        now = clock.now() + lead
        wanted = [
            one
            for one in submissions.ending_assignments(txn, Role.ASSESSOR, now + RENEW_AHEAD)
            if is_to_renew(one.lease_until, now, _edited_at(txn, one.submission_id, lead))
        ]
    for assignment in wanted:
        submission_id, until = assignment.submission_id, assignment.lease_until
        if until is None or gate.refused.get(submission_id) == until:
            continue
        outcome = claims.renew(transport, submission_id, CLAIM_HOURS, clock)
        if outcome.answer is not ClaimAnswer.DONE:
            gate.refused[submission_id] = until
            continue
        with store.write() as txn:
            submissions.put_assignment(txn, replace(assignment, lease_until=outcome.lease_until))
        changed(ChangeSet(submissions=frozenset({submission_id}), inbox=True))


def _edited_at(txn: Transaction, submission_id: SubmissionId, lead: timedelta) -> datetime | None:
    """When a draft was last worked on, by the platform's clock; None where there is none to go on with."""
    submission = submissions.get_submission(txn, submission_id)
    if submission is None or submission.status not in ASSESSABLE:
        return None
    draft = assessments.load(txn, submission_id, submission.round)
    if draft is not None and draft.state is AssessmentState.FINAL:
        return None
    edits = [mark.modified_at for mark in annotation_rows.of_submission(txn, submission_id)]
    if draft is not None and draft.updated_at is not None:
        edits.append(draft.updated_at)
    return max(edits) + lead if edits else None
