"""What submissions share with other learners', as a team lead reads it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from assessor_app.cache import identity_findings, matches
from assessor_app.cache.engine import Transaction
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.matches import SubmissionMatches
from assessor_app.privacy.shared_passages import without_names
from assessor_app.services.context import Context


def of_submission(context: Context, submission_id: SubmissionId) -> SubmissionMatches | None:
    """The matches of a submission, what may name a person covered; None where the platform told of none.

    For the lead's list alone: an approver reads them in `approving.brief`, which keeps them covered until she
    has read for herself.

    Raises:
        StoreError: the store cannot be read.
    """
    with context.store.read() as txn:
        return covered_matches(txn, submission_id)


def covered_matches(txn: Transaction, submission_id: SubmissionId) -> SubmissionMatches | None:
    """The matches with everything covered that may name a person, on both sides."""
    known = matches.of_submission(txn, submission_id)
    return None if known is None else _covered(known, identity_findings.words_of(txn, submission_id))


@lru_cache(maxsize=16)
def _covered(known: SubmissionMatches, names: frozenset[str]) -> SubmissionMatches:
    return replace(known, matches=without_names(known.matches, names))
