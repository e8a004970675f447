"""Taking work from the queue, keeping it for longer, giving it back: several at once, with progress.

All of it needs the platform and runs on the network lane. What is refused is told one by one; when the
connection goes, what was done so far is done and the rest was not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from assessor_app.cache import outbox
from assessor_app.domain.claims import CLAIM_HOURS, ClaimAnswer, ClaimOutcome, QueueCount
from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.errors import KnownError
from assessor_app.services.context import Context
from assessor_app.sync import claims

Report = Callable[[Sequence[ClaimOutcome]], None]
"""Told all outcomes so far, from the lane's thread."""


def queue(context: Context) -> tuple[QueueCount, ...]:
    """What can be claimed, by micro-credential.

    Raises:
        KnownError: the platform cannot be reached, or does not let this account in.
    """
    return claims.queue(context.transport)


def claim(
    context: Context,
    wanted: Mapping[MicrocredentialId, int],
    *,
    hours: int = CLAIM_HOURS,
    report: Report = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[ClaimOutcome, ...]:
    """Claim so many from each queue; a queue that refuses is asked no more.

    Args:
        context: the open profile.
        wanted: how many of which micro-credential.
        hours: for how long.
        report: told after each.
        cancelled: asked before each.

    Returns:
        One outcome for each that was claimed, and one for each queue that gave less than wanted.

    Raises:
        KnownError: no answer to the very first one.
    """
    run = _Run(report, cancelled)
    for key, count in wanted.items():
        for _ in range(count):
            outcome = run.take(partial(claims.claim_next, context.transport, key, hours, context.clock))
            if outcome is None:
                return tuple(run.done)
            if outcome.answer is not ClaimAnswer.DONE:
                break
    return tuple(run.done)


def renew(
    context: Context,
    ids: Sequence[SubmissionId],
    *,
    hours: int = CLAIM_HOURS,
    report: Report = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[ClaimOutcome, ...]:
    """Keep submissions for some hours from now; arguments, result and errors are those of `claim`."""
    run = _Run(report, cancelled)
    for submission_id in ids:
        if run.take(partial(claims.renew, context.transport, submission_id, hours, context.clock)) is None:
            break
    return tuple(run.done)


def release(
    context: Context,
    ids: Sequence[SubmissionId],
    *,
    report: Report = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[ClaimOutcome, ...]:
    """Give submissions back to the queue; what was written of them stays on this machine.

    What still waits to be sent is not given back: it would come too late. The rest is as for `claim`.
    """
    run = _Run(report, cancelled)
    for submission_id in ids:
        if run.take(partial(_release, context, submission_id)) is None:
            break
    return tuple(run.done)


def _release(context: Context, submission_id: SubmissionId) -> ClaimOutcome:
    with context.store.read() as txn:
        items = outbox.of_submission(txn, submission_id)
    if any(item.state is not OutboxState.ACKED for item in items):
        return ClaimOutcome(ClaimAnswer.WAITS_TO_BE_SENT, submission_id)
    return claims.release(context.transport, submission_id, context.clock)


class _Run:
    """One after the other until the person stops, or the connection goes."""

    def __init__(self, report: Report, cancelled: Callable[[], bool]) -> None:
        self._report, self._cancelled = report, cancelled
        self.done: list[ClaimOutcome] = []

    def take(self, step: Callable[[], ClaimOutcome]) -> ClaimOutcome | None:
        """Take one step; None when there are to be no more.

        Raises:
            KnownError: there was no answer to the very first one.
        """
        if self._cancelled():
            return None
        try:
            outcome = step()
        except KnownError:
            if not self.done:
                raise
            self.done.append(ClaimOutcome(ClaimAnswer.STOPPED))
            return None
        self.done.append(outcome)
        self._report(tuple(self.done))
        return outcome
