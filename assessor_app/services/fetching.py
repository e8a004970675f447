"""Verbs on files of evidence: fetching one again whose copy on this device is damaged."""

from __future__ import annotations

from assessor_app.cache import evidence, evidence_files, local_copies
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import EvidenceState
from assessor_app.services.context import Context
from assessor_app.services.on_device import file_shown


def fetch_again(context: Context, submission_id: SubmissionId, artifact_id: ArtifactId) -> ChangeSet:
    """Want an artifact's files anew that are here; the next sync replaces the damaged one.

    A copy that was made here is forgotten: it can be made again.

    The submission itself is not told as changed, so that the card that says what happened stays.

    Raises:
        EvidenceRefused: there is no copy here that could be damaged.
    """
    with context.store.write() as txn:
        of_artifact = [f for f in evidence.files(txn, submission_id) if f.artifact_id == artifact_id]
        file_shown(of_artifact)
        copies: list[str] = []
        for file in of_artifact:
            if file.state is EvidenceState.READY:
                evidence.set_state(txn, file.blob_id, EvidenceState.WANTED, failures=0)
            copies += [c.blob_id for c in local_copies.of_source(txn, submission_id, file.sha256)]
        for blob_id in copies:
            local_copies.forget(txn, blob_id)
    evidence_files.unlink(context.store, copies)
    return ChangeSet(inbox=True)
