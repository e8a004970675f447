"""Two copies of one draft that differ, both kept whole: to be compared, or only to be read."""

from __future__ import annotations

from assessor_app.cache import conflicts
from assessor_app.cache.engine import Transaction
from assessor_app.clock import Clock
from assessor_app.domain.conflicts import Conflict, ConflictKind, TheirSide
from assessor_app.domain.merging import WorkCopy
from assessor_app.domain.submissions import Submission


def keep(
    txn: Transaction,
    submission: Submission,
    base: WorkCopy | None,
    mine: WorkCopy,
    theirs: WorkCopy | None,
    clock: Clock,
    *,
    is_over: bool = False,
) -> None:
    """Keep both sides, in the transaction that finds them.

    Args:
        txn: a writing transaction.
        submission: what they are about, as it stands now.
        base: what both began from; None where nobody knows.
        mine: the copy on this computer; both are kept as copies of its round.
        theirs: the other computer's.
        clock: for the time and an id.
        is_over: what gives way here stays readable and needs nobody; else she is asked to choose.
    """
    now, about = clock.now(), mine.assessment
    conflicts.note(
        txn,
        Conflict(
            id=clock.new_id(),
            submission_id=submission.id,
            round=about.round,
            kind=ConflictKind.DRAFT,
            found_at=now,
            mine=mine,
            theirs=TheirSide(submission.status, about.round, theirs),
            base=base,
            settled_at=now if is_over else None,
        ),
    )
