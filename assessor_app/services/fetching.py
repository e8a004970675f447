"""Verbs on files of evidence: fetching one again whose copy on this device is damaged."""

from __future__ import annotations

from assessor_app.cache import evidence
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import EvidenceState
from assessor_app.services.context import Context
from assessor_app.services.reading import file_shown


def fetch_again(context: Context, submission_id: SubmissionId, artifact_id: ArtifactId) -> ChangeSet:
    """Want the file anew that is shown for an artifact; the next sync replaces the damaged copy.

    The submission itself is not told as changed, so that the card that says what happened stays.

    Raises:
        EvidenceRefused: there is no copy here that could be damaged.
    """
    with context.store.write() as txn:
        of_artifact = [f for f in evidence.files(txn, submission_id) if f.artifact_id == artifact_id]
        evidence.set_state(txn, file_shown(of_artifact).blob_id, EvidenceState.WANTED, failures=0)
    return ChangeSet(inbox=True)
