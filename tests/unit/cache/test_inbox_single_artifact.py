"""The inbox counts of a single artifact only what it is judged on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assessor_app.cache import submissions
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.roles import Role
from tests import builders
from tests.stores import open_store


def test_its_own_criteria_are_counted_once_the_rubric_is_here(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    whole = builders.submission(1)
    single = replace(whole, submission_type=SubmissionType.SINGLE_ARTIFACT, parts=(whole.parts[1],))
    with store.write() as txn:
        submissions.put_submission(txn, single)
        submissions.put_assignment(txn, builders.assignment(1))
        (early,) = submissions.inbox_rows(txn, Role.ASSESSOR, [single.id])
        submissions.put_rubric(txn, builders.rubric_version())
        (row,) = submissions.inbox_rows(txn, Role.ASSESSOR, [single.id])
    store.close()
    assert (early.criteria, row.criteria) == (0, 1)
