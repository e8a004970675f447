"""Which changes concern a view, so that it reloads only what it shows."""

from __future__ import annotations

from PySide6.QtCore import QObject

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId


def concerns_submission(changes: ChangeSet, submission_id: SubmissionId) -> bool:
    """Whether anything of this submission changed: platform state, local work, marks or files."""
    return any(
        submission_id in part
        for part in (changes.submissions, changes.assessments, changes.annotations, changes.evidence)
    )


def is_own(changes: ChangeSet, view: QObject) -> bool:
    """Whether `view` itself asked for the change; an editor with focus ignores these."""
    return changes.initiator is view
