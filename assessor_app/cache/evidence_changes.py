"""Which criteria were rated before their evidence was replaced on the platform, until rated again."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import RatingRecord
from assessor_app.cache.prepared import Prepared
from assessor_app.cache.safety_models import EvidenceChangeRecord
from assessor_app.domain.assessments import Assessment
from assessor_app.domain.changed_pieces import changed_pieces
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.submissions import Submission

# Asked of every record of a first sync.
_IS_RATED = Prepared(
    lambda: (
        # As it stands here: with a limit that is bound SQLite plans the statement anew each time.
        sa.select(RatingRecord.round)
        .where(RatingRecord.submission_id == sa.bindparam("of"))
        .limit(sa.literal_column("1"))
    )
)


_NOTE = insert(EvidenceChangeRecord).on_conflict_do_nothing()


def as_rated(txn: Transaction, submission_id: SubmissionId) -> Submission | None:
    """A submission as it is here, before a new version takes its place; None where nothing of it is rated."""
    if _IS_RATED.run(txn, {"of": submission_id}).fetchone() is None:
        return None
    return submissions.get_submission(txn, submission_id)


def note(txn: Transaction, before: Submission, after: Submission) -> None:
    """Note what was rated from pieces that are others now, as the platform's new version is stored.

    Args:
        txn: a writing transaction.
        before: the submission as it was here.
        after: as the platform sent it now.
    """
    changed = changed_pieces(before, after)
    work = _as_it_stands(txn, after) if changed else None
    version = submissions.get_rubric(txn, after.rubric) if work is not None else None
    if work is None or version is None:
        return
    marks = annotation_rows.of_submission(txn, after.id)
    known = {requirement.id for requirement in version.requirements}
    of_all = frozenset[str]().union(*(pieces for key, pieces in changed.items() if key not in known))
    for requirement in version.requirements:
        under_it = changed.get(requirement.id, frozenset())
        for criterion in requirement.criteria:
            tied = {mark.anchor.source_id for mark in marks if criterion.id in mark.criteria}
            looked_in = set(work.feedback_for(criterion.id).looked_in)
            touched = under_it | of_all | ((tied | looked_in) & frozenset[str]().union(*changed.values()))
            if work.rating(criterion.id).is_set:
                for piece_id in touched:
                    row = {"submission_id": after.id, "criterion_id": criterion.id, "piece_id": piece_id}
                    txn.connection.execute(_NOTE, row)


def _as_it_stands(txn: Transaction, submission: Submission) -> Assessment | None:
    """The work on the present round; one that was not begun goes on from the ratings of the last."""
    sid, now = submission.id, submission.round
    return assessments.load(txn, sid, now) or assessments.load(txn, sid, now - 1)


def of(txn: Transaction, submission_id: SubmissionId) -> dict[CriterionId, tuple[str, ...]]:
    """The ids of the pieces that changed since a criterion was rated, by criterion."""
    table = EvidenceChangeRecord
    rows = txn.connection.execute(
        sa.select(table.criterion_id, table.piece_id)
        .where(table.submission_id == submission_id)
        .order_by(table.criterion_id, table.piece_id)
    )
    found: dict[CriterionId, tuple[str, ...]] = {}
    for row in rows:
        key = CriterionId(row.criterion_id)
        found[key] = (*found.get(key, ()), row.piece_id)
    return found


def looked_at(txn: Transaction, submission_id: SubmissionId, criteria: Iterable[CriterionId]) -> None:
    """Criteria were rated again: from what is there now."""
    table = EvidenceChangeRecord
    txn.connection.execute(
        sa.delete(table).where(table.submission_id == submission_id, table.criterion_id.in_(list(criteria)))
    )
