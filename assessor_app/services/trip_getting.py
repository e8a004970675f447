"""Having everything for a trip brought here, and its work kept past the return. Runs on the network lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assessor_app.cache import evidence, submissions, trips
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.claims import ClaimAnswer, ClaimOutcome
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import EvidenceState
from assessor_app.domain.trips import Checked, Refusal, Standing, Topic, Trip, hours_to_keep
from assessor_app.errors import KnownError, Offline
from assessor_app.services import claiming
from assessor_app.services.context import Context
from assessor_app.services.trips import free_bytes
from assessor_app.sync import downloads, pull

_OF_FILES = (Topic.FILE, Topic.LINK, Topic.EARLIER)


@dataclass(frozen=True, slots=True)
class Got:
    """What came of it."""

    kept: tuple[ClaimOutcome, ...] = ()
    """One for each submission that was to be kept for longer."""
    fetched: int = 0
    trouble: KnownError | None = None
    """Why not everything was asked for or fetched; what was done stays."""
    lacks_bytes: int = 0
    """So much room is missing on the disk, so that nothing was fetched."""

    @property
    def is_offline(self) -> bool:
        """Whether the platform could not be reached."""
        return isinstance(self.trouble, Offline)


def get(
    context: Context,
    ids: Sequence[SubmissionId],
    *,
    changed: Callable[[ChangeSet], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Got:
    """Learn what is new, keep the work of a trip past its return, fetch what is missing or was found damaged.

    Args:
        context: the open profile.
        ids: submissions of the trip.
        changed: told after each step, from this thread.
        cancelled: asked before each step.
    """
    with context.store.read() as txn:
        trip = trips.get(txn, context.role)
    if trip is None:
        return Got()
    got = Got()
    context.downloads.pause(False)
    try:
        # What was withdrawn, or came anew, is to be known before leaving.
        pull.pull(context.store, context.transport, clock=context.clock, applied=changed)
        got = Got(kept=_keep(context, trip, ids, cancelled))
        lacking = _want_again(context, trip, ids) - free_bytes(context)
        if lacking > 0:
            return replace(got, lacks_bytes=lacking)
        count = downloads.fetch_all(
            context.store,
            context.transport,
            clock=context.clock,
            gate=context.downloads,
            arrived=changed,
            cancelled=cancelled,
            only=ids,
        )
        return replace(got, fetched=count)
    except KnownError as error:
        return replace(got, trouble=error)


def _keep(
    context: Context, trip: Trip, ids: Sequence[SubmissionId], cancelled: Callable[[], bool]
) -> tuple[ClaimOutcome, ...]:
    """Keep what ends before the return; what the platform said is kept for the check.

    Raises:
        KnownError: no answer to the very first one.
    """
    with context.store.read() as txn:
        found = [submissions.get_assignment(txn, key, context.role) for key in ids]
    ending = [a for a in found if a is not None and a.lease_until is not None and a.lease_until < trip.until]
    if not ending:
        return ()
    hours = hours_to_keep(context.clock.now(), trip.until)
    outcomes = claiming.renew(context, [a.submission_id for a in ending], hours=hours, cancelled=cancelled)
    by_id = {outcome.submission_id: outcome for outcome in outcomes}
    with context.store.write() as txn:
        for assignment in ending:
            outcome = by_id.get(assignment.submission_id)
            if outcome is not None and outcome.answer is ClaimAnswer.DONE:
                # The next sync says the same; whoever leaves before it must not be told otherwise.
                submissions.put_assignment(txn, replace(assignment, lease_until=outcome.lease_until))
        kept = {refusal.id: refusal for refusal in trip.refusals if refusal.id not in set(ids)}
        for outcome in outcomes:
            if outcome.submission_id is not None and outcome.answer is not ClaimAnswer.DONE:
                kept[outcome.submission_id] = Refusal(outcome.submission_id, outcome.answer)
        trips.put(txn, context.role, replace(trip, refusals=tuple(kept.values())))
    return outcomes


def _want_again(context: Context, trip: Trip, ids: Sequence[SubmissionId]) -> int:
    """Want anew what the check found damaged or gone; returns the bytes that are to be fetched."""
    bad = {
        (check.id, item.key)
        for check in trip.checks
        for item in check.items
        if check.id in set(ids) and _is_to_be_fetched(item)
    }
    missing = 0
    with context.store.write() as txn:
        for key in ids:
            for file in evidence.files(txn, key):
                is_bad = (key, file.artifact_id) in bad and file.state is EvidenceState.READY
                if is_bad:
                    evidence.set_state(txn, file.blob_id, EvidenceState.WANTED, failures=0)
                if is_bad or file.state in (EvidenceState.WANTED, EvidenceState.PARTIAL):
                    missing += file.size_bytes
    return missing


def _is_to_be_fetched(item: Checked) -> bool:
    return item.topic in _OF_FILES and item.standing in (Standing.MISSING, Standing.DAMAGED)
