"""Evidence of what was settled long ago goes from this machine: its key is erased, and its files with it.

What the person wrote and what she sent stays, with its receipts. Nothing goes where work waits: to be sent,
to be finished, or to be compared.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from assessor_app.cache import evidence, evidence_files, policy, submissions, sync_state
from assessor_app.cache.engine import Store, Transaction
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import Submission

EVERY = timedelta(hours=6)
"""Syncs look again after so long; each start looks at once."""
_LOOKED = "retention_looked"

# Each line from the fourth on is a reason to keep everything.
_CANDIDATES = """
    SELECT s.id FROM submission s INDEXED BY ix_submission_settled
    WHERE s.status IN ('incomplete', 'awarded', 'denied', 'withdrawn')
    AND EXISTS (SELECT 1 FROM evidence_file e WHERE e.submission_id = s.id)
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.submission_id = s.id
        AND o.state <> 'acked' AND o.superseded_by IS NULL)
    AND NOT EXISTS (SELECT 1 FROM assessment a WHERE a.submission_id = s.id AND a.state <> 'final')
    AND NOT EXISTS (SELECT 1 FROM pre_assessment p WHERE p.submission_id = s.id AND p.state <> 'final')
    AND NOT EXISTS (SELECT 1 FROM decision_draft d WHERE d.submission_id = s.id
        AND NOT EXISTS (SELECT 1 FROM decision m WHERE m.submission_id = s.id AND m.round = d.round))
    AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.submission_id = s.id AND c.settled_us IS NULL)
    AND NOT EXISTS (SELECT 1 FROM unsent_question q WHERE q.submission_id = s.id)
"""


def shred_old(store: Store, *, clock: Clock, at_once: bool = False) -> ChangeSet:
    """Shred the evidence of what was settled longer ago than the issuer's days.

    Args:
        store: the local store.
        clock: the present; the platform's time counts where it is known.
        at_once: look although it was looked a short time ago.

    Returns:
        Whose evidence is gone.
    """
    with store.read() as txn:
        now = clock.now() + sync_state.clock_lead(txn)
        if not at_once and not _is_due(txn, now):
            return ChangeSet()
        days = policy.policy(txn).keep_evidence_days
        old = _settled_before(txn, now - timedelta(days=days))
    with store.write() as txn:
        sync_state.put_moment(txn, _LOOKED, now)
    for submission_id in old:
        with store.write() as txn:
            blob_ids = evidence.shred(txn, submission_id)
        evidence_files.unlink(store, blob_ids)
    return ChangeSet(evidence=frozenset(old), submissions=frozenset(old), inbox=bool(old))


def settled_at(submission: Submission) -> datetime:
    """Since when a submission is what it is, by the platform's clock."""
    return max((entry.at for entry in submission.history), default=submission.received_at)


def _is_due(txn: Transaction, now: datetime) -> bool:
    looked = sync_state.moment(txn, _LOOKED)
    return looked is None or not timedelta(0) <= now - looked < EVERY


def _settled_before(txn: Transaction, moment: datetime) -> list[SubmissionId]:
    found = []
    for name in txn.connection.scalars(sa.text(_CANDIDATES)).all():
        submission = submissions.get_submission(txn, SubmissionId(name))
        if submission is not None and settled_at(submission) < moment:
            found.append(submission.id)
    return sorted(found)
