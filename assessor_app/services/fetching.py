"""Verbs on files of evidence: fetching one again whose copy on this computer is damaged."""

from __future__ import annotations

from assessor_app.cache import evidence, evidence_files, local_copies
from assessor_app.cache.local_copies import LocalCopy
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import EvidenceState
from assessor_app.services import renditions
from assessor_app.services.context import Context


def fetch_again(context: Context, submission_id: SubmissionId, artifact_id: ArtifactId) -> ChangeSet:
    """Want the file anew that is shown for an artifact; the next sync replaces the damaged one.

    A copy that was made here is forgotten instead: it can be made again. The submission itself is not told as
    changed, so that the card that says what happened stays.

    Raises:
        EvidenceRefused: there is no copy here that could be damaged.
    """
    with context.store.write() as txn:
        shown, _ = renditions.shown_file(txn, submission_id, artifact_id)
        if isinstance(shown, LocalCopy):
            local_copies.forget(txn, shown.blob_id)
        else:
            evidence.set_state(txn, shown.blob_id, EvidenceState.WANTED, failures=0)
    if isinstance(shown, LocalCopy):
        evidence_files.unlink(context.store, [shown.blob_id])
    return ChangeSet(inbox=True)
