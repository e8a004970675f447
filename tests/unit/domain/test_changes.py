"""What a change says that it touched."""

from __future__ import annotations

from assessor_app.domain.changes import ChangeSet
from tests import builders

ONE, OTHER = builders.submission_id(1), builders.submission_id(2)


def test_writing_touches_the_work_and_its_row_of_the_inbox() -> None:
    assert ChangeSet.of_writing(ONE) == ChangeSet(assessments=frozenset({ONE}), inbox=True)


def test_two_changes_are_one_that_touched_both() -> None:
    both = ChangeSet.of_writing(ONE) | ChangeSet.of_sending(OTHER)
    assert both.assessments == {ONE, OTHER}
    assert both.submissions == {OTHER}
    assert (both.inbox, both.outbox, both.frame) == (True, True, False)
