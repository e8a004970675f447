"""How many ratings of a row of the inbox count: not those that the rubric has left behind."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from assessor_app.cache import assessments, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.ids import SubmissionId
from assessor_app.rubric.outdated import counted, outdated

_BEHIND = sa.text(
    """
    SELECT DISTINCT s.id FROM json_each(:ids) t CROSS JOIN submission s ON s.id = t.value
    JOIN rubric_version v ON v.id = s.rubric_id AND v.version = s.rubric_version
    JOIN assessment a ON a.submission_id = s.id AND a.round = s.round AND a.state <> 'final'
    JOIN rating r ON r.submission_id = a.submission_id AND r.round = a.round
    WHERE iif(r.rubric_hash = '', a.rubric_hash, r.rubric_hash) NOT IN ('', v.hash)
    """
)


def counts(txn: Transaction, ids: Sequence[SubmissionId]) -> dict[SubmissionId, int]:
    """The ratings that count, of submissions that were also rated under another version of their rubric."""
    found = {}
    for name in txn.connection.scalars(_BEHIND, {"ids": json.dumps(list(ids))}).all():
        submission = submissions.get_submission(txn, SubmissionId(name))
        version = submissions.get_rubric(txn, submission.rubric) if submission is not None else None
        work = assessments.load(txn, submission.id, submission.round) if submission is not None else None
        if submission is None or version is None or work is None:
            continue
        hashes = {rating.rubric_hash or work.rubric_hash for rating in work.ratings} - {"", version.hash}
        earlier = {known: submissions.rubric_with_hash(txn, known) for known in hashes}
        behind = outdated(work, version, {key: old for key, old in earlier.items() if old is not None})
        found[submission.id] = sum(rating.is_set for rating in counted(work, behind).ratings)
    return found
