"""What happens to work that somebody has begun: taken back by the learner, given to others, erased, changed.

Each is one transaction, and the change feed tells those who had the work, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import ArtifactWire, ChangeType, SubmissionWire, as_json
from reference_platform import drafts, work
from reference_platform.feed import Feed, active_assignments, matches_of
from reference_platform.loading import evidence_digest
from reference_platform.models import (
    Assignment,
    AuditEntry,
    ComparedText,
    Comparison,
    Decision,
    Draft,
    EvidenceFile,
    Fingerprint,
    Learner,
    PreAssessment,
    Recommendation,
    Recusal,
    SharedPart,
    StatusChange,
    Submission,
    TeamCase,
)
from reference_platform.platform import Platform
from reference_platform.problems import Problem
from reference_platform.store.blobs import BlobStore

PLATFORM = "platform"
"""Who the audit trail names where nobody with an account did it."""
ERASED = "erased"
"""In the audit trail: that there was a submission, and no more."""
_CHANGEABLE = frozenset(
    {
        SubmissionStatus.SUBMITTED,
        SubmissionStatus.IN_PRE_ASSESSMENT,
        SubmissionStatus.WAITING_ON_ASSESSOR,
        SubmissionStatus.RETURNED,
    }
)
"""Where evidence may still be replaced: nothing that was sent rests on it."""
_OF_A_SUBMISSION = (
    Assignment,
    Comparison,
    Decision,
    Draft,
    EvidenceFile,
    PreAssessment,
    Recommendation,
    Recusal,
    StatusChange,
    TeamCase,
)


def withdraw(session: Session, now: datetime, submission_id: str) -> None:
    """The learner takes a submission back: it is nobody's work any more.

    Raises:
        Problem: 404 or 410; 409 `state` once it is settled.
    """
    submission = work.submission_of(session, submission_id)
    work.move(session, now, submission, SubmissionStatus.WITHDRAWN, "learner")
    drafts.erase(session, now, submission.id, EndingReason.WITHDRAWN)
    _take_from_all(session, now, submission, EndingReason.WITHDRAWN)
    work.audit(session, now, PLATFORM, submission.id, "withdrawn", {})


def end_claim(session: Session, now: datetime, submission_id: str) -> None:
    """End a claim whose time is over, so that the submission is in the queue again.

    Raises:
        Problem: 404 or 410; 409 `not-claimed` where nobody has claimed it, or the time is not over yet.
    """
    submission = work.submission_of(session, submission_id)
    assignment = work.assessor_of(session, submission)
    if assignment is None or not work.has_run_out(assignment, now):
        raise Problem(409, "not-claimed", "Nobody holds a claim on it whose time is over.")
    assignment.active = False
    session.flush()
    Feed(session, now).unassigned(assignment, EndingReason.CLAIM_ENDED)
    work.audit(session, now, PLATFORM, submission.id, "claim ended", {"actor": assignment.actor_id})


def erase_learner(session: Session, now: datetime, submission_id: str) -> list[str]:
    """Erase the learner who made a submission, with everything that she handed in and that was made of it.

    The audit trail keeps that something was done and when, never what.

    Args:
        session: a writing transaction.
        now: the moment.
        submission_id: any submission of the learner's.

    Returns:
        Digests of the files that nothing refers to any more, to be removed after the commit.

    Raises:
        Problem: 404, or 410 `erased`.
    """
    found = session.get(Submission, submission_id)
    if found is None:
        work.submission_of(session, submission_id)
        raise AssertionError("a submission that is not there is refused")
    learner_id = found.learner_id
    digests: set[str] = set()
    for submission in session.scalars(select(Submission).where(Submission.learner_id == learner_id)).all():
        digests |= _erase(session, now, submission)
    session.execute(delete(Learner).where(Learner.id == learner_id))
    session.flush()
    left = select(EvidenceFile.sha256).where(EvidenceFile.sha256.in_(digests))
    return sorted(digests - set(session.scalars(left)))


def replace_evidence(
    session: Session, now: datetime, blobs: BlobStore, artifact_id: str, content: bytes
) -> str:
    """Put other bytes in the place of an artifact's; everybody at work on the submission is told.

    Args:
        session: a writing transaction.
        now: the moment.
        blobs: where files are kept.
        artifact_id: which artifact.
        content: the new bytes, of the same kind of file.

    Returns:
        The id of the submission.

    Raises:
        Problem: 404; 409 `state` where what was sent already rests on the evidence.
    """
    held = session.scalars(select(EvidenceFile).where(EvidenceFile.artifact_id == artifact_id)).all()
    if not held:
        raise Problem(404, "not-found", "There is no such artifact.")
    submission = work.submission_of(session, held[0].submission_id)
    if submission.status not in _CHANGEABLE:
        raise Problem(409, "state", f"The submission is {submission.status} now.")
    sha256, media_type = blobs.put(content), next(f.media_type for f in held if not f.is_rendition)
    for file in held:
        session.delete(file)
    session.flush()
    session.add(
        EvidenceFile(
            artifact_id=artifact_id,
            sha256=sha256,
            submission_id=submission.id,
            is_rendition=False,
            media_type=media_type,
            size_bytes=len(content),
        )
    )
    wire = _with_bytes(work.wire_of(submission), artifact_id, sha256, len(content))
    submission.body, submission.evidence_digest = as_json(wire), evidence_digest(wire)
    _forget_texts(session, [submission.id], again=True)
    Feed(session, now).submission(submission)
    work.audit(session, now, PLATFORM, submission.id, "evidence replaced", {"artifact": artifact_id})
    return submission.id


def erase(platform: Platform, submission_id: str) -> None:
    """`erase_learner` in a transaction of its own, with her files and the bytes of rows that are gone.

    Raises:
        Problem: 404, or 410 `erased`.
    """
    with platform.database.write() as session:
        orphans = erase_learner(session, platform.clock.now(), submission_id)
    for sha256 in orphans:
        platform.blobs.remove(sha256)
    platform.database.overwrite_freed()


def _with_bytes(wire: SubmissionWire, artifact_id: str, sha256: str, size_bytes: int) -> SubmissionWire:
    def changed(artifact: ArtifactWire) -> ArtifactWire:
        if artifact.id != artifact_id:
            return artifact
        new = {"sha256": sha256, "size_bytes": size_bytes, "renditions": [], "page_count": None}
        return artifact.model_copy(update=new)

    parts = [
        part.model_copy(
            update={
                "artifacts": [changed(artifact) for artifact in part.artifacts],
                "links": [
                    link.model_copy(update={"snapshot": changed(link.snapshot)}) if link.snapshot else link
                    for link in part.links
                ],
            }
        )
        for part in wire.parts
    ]
    return wire.model_copy(update={"parts": parts})


def _take_from_all(session: Session, now: datetime, submission: Submission, reason: EndingReason) -> None:
    feed = Feed(session, now)
    for assignment in active_assignments(session, submission.id):
        assignment.active = False
        session.flush()
        feed.unassigned(assignment, reason)


def _erase(session: Session, now: datetime, submission: Submission) -> set[str]:
    """Erase one submission; gives the digests of its files."""
    _take_from_all(session, now, submission, EndingReason.ERASED)
    feed = Feed(session, now)
    for shared in session.scalars(matches_of(submission.id)).all():
        other_id = shared.other_id if shared.one_id == submission.id else shared.one_id
        session.delete(shared)
        session.flush()
        feed.matches(session.get_one(Submission, other_id))
    files = select(EvidenceFile.sha256).where(EvidenceFile.submission_id == submission.id)
    digests = set(session.scalars(files))
    _forget_texts(session, [submission.id], again=False)
    feed.erased(_records_of(session, submission.id))
    for model in _OF_A_SUBMISSION:
        session.execute(delete(model).where(model.submission_id == submission.id))
    session.execute(update(AuditEntry).where(AuditEntry.submission_id == submission.id).values(body={}))
    session.delete(submission)
    session.flush()
    work.audit(session, now, PLATFORM, submission.id, ERASED, {})
    return digests


def _records_of(session: Session, submission_id: str) -> list[tuple[ChangeType, str]]:
    """Everything by which the feed knows a submission, in the order in which clients forget it."""
    found = [(ChangeType.ASSIGNMENT, f"{submission_id}:{role.value}") for role in Role]
    for kind, model in (
        (ChangeType.RECOMMENDATION, Recommendation),
        (ChangeType.DECISION, Decision),
        (ChangeType.CASE, TeamCase),
    ):
        ids = session.scalars(select(model.id).where(model.submission_id == submission_id))
        found += [(kind, record_id) for record_id in ids]
    found += [(kind, submission_id) for kind in (ChangeType.DRAFT, ChangeType.SIMILARITY)]
    return [*found, (ChangeType.SUBMISSION, submission_id)]


def _forget_texts(session: Session, submission_ids: Sequence[str], *, again: bool) -> None:
    """Forget what was compared of submissions; `again` has them compared anew at the next start."""
    texts = select(ComparedText.id).where(ComparedText.submission_id.in_(submission_ids))
    session.execute(delete(Fingerprint).where(Fingerprint.text_id.in_(texts)))
    session.execute(delete(ComparedText).where(ComparedText.submission_id.in_(submission_ids)))
    if again:
        either = or_(SharedPart.one_id.in_(submission_ids), SharedPart.other_id.in_(submission_ids))
        session.execute(delete(SharedPart).where(either))
        plain = (Comparison.submission_id.in_(submission_ids), Comparison.is_reference.is_(False))
        session.execute(delete(Comparison).where(*plain))
