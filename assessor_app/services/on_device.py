"""What of a submission is on this computer: itself, and the files of its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from assessor_app.cache import submissions
from assessor_app.cache.engine import Transaction
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.pages import Card
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import Artifact, EvidenceFile, EvidenceState, Submission
from assessor_app.errors import EvidenceRefused, NotAllowed


class NotHereYet(EvidenceRefused):
    """It has not come yet."""


def present(txn: Transaction, submission_id: SubmissionId) -> Submission:
    """A submission.

    Raises:
        NotAllowed: it is not on this machine.
    """
    submission = submissions.get_submission(txn, submission_id)
    if submission is None:
        raise NotAllowed(
            "This submission is not on this computer",
            "It was withdrawn, or given to somebody else. Work that you did on it is kept.",
            "Sync to see the present state.",
        )
    return submission


def artifact_of(submission: Submission, artifact_id: ArtifactId) -> Artifact:
    """A file of a submission: uploaded now or with an earlier attempt, or captured behind a link.

    Raises:
        EvidenceRefused: the submission has none of this id.
    """
    parts = (*submission.parts, *(part for prior in submission.prior for part in prior.parts))
    for part in parts:
        for artifact in part.files:
            if artifact.id == artifact_id:
                return artifact
    raise EvidenceRefused(
        "This file is no longer part of the submission",
        "The platform took it away. Your ratings and notes are safe.",
        "Go back to the list.",
    )


def erased() -> EvidenceRefused:
    """The evidence is gone from here because its submission was settled long ago."""
    return EvidenceRefused(
        "This file is no longer kept on this computer",
        "The submission was settled long ago, so its evidence was erased here. What you wrote is kept.",
        "",
    )


def file_shown(files: Sequence[EvidenceFile]) -> EvidenceFile:
    """Which file of an artifact is shown: the platform's PDF copy where it is here, else the file itself.

    Args:
        files: all files of one artifact.

    Raises:
        EvidenceRefused: none has arrived yet, or it is damaged on the platform.
    """
    ready = [f for f in files if f.state is EvidenceState.READY]
    for wanted in (True, False):
        for file in ready:
            if file.is_rendition is wanted:
                return file
    if any(f.state is EvidenceState.DAMAGED for f in files):
        raise RefusedWithCard(
            Card(
                "damaged_there",
                "This file is damaged on the platform",
                "It was fetched three times and never was what was announced. Your ratings and notes are "
                "safe. If you cannot judge without it, you may mark the criterion as not scorable, with that "
                "reason.",
                can_retry=False,
            )
        )
    raise NotHereYet(
        "This file is not on this computer yet",
        "It is fetched at the next sync; what is due first comes first. Your ratings and notes are safe.",
        "Go on with the rest, or choose Sync now.",
    )
