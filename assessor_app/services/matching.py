"""What submissions share with other learners', as a team lead reads it."""

from __future__ import annotations

from assessor_app.cache import matches
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.matches import SubmissionMatches
from assessor_app.services.context import Context


def of_submission(context: Context, submission_id: SubmissionId) -> SubmissionMatches | None:
    """The matches of a submission; None where the platform told of none.

    For the lead's list alone: an approver reads them in `approving.brief`, which keeps them covered until she
    has read for herself.

    Raises:
        StoreError: the store cannot be read.
    """
    with context.store.read() as txn:
        return matches.of_submission(txn, submission_id)
