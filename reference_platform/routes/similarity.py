"""What a submission shares with other learners': for the lead, and for its approver after an own reading."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import SimilarityWire
from reference_platform.auth.bearer import Actor, SignedIn
from reference_platform.feed import may_read_matches
from reference_platform.models import Account, Decision, Submission
from reference_platform.platform import platform_of
from reference_platform.problems import Problem
from reference_platform.routes.shapes import Identifier
from reference_platform.similarity import comparing
from reference_platform.similarity.matches import similarity_of

router = APIRouter(tags=["similarity"])


@router.get("/v1/similarity/{submission_id}")
def similarity(request: Request, actor: SignedIn, submission_id: Identifier) -> SimilarityWire:
    """Passages that other learners' submissions share with this one, side by side; never a verdict.

    What came in since is compared first.
    """
    platform = platform_of(request)
    with platform.database.read() as session:
        _check(session, actor, submission_id)
    comparing.catch_up(platform)
    with platform.database.read() as session:
        return similarity_of(session, actor.actor_id, session.get_one(Submission, submission_id))


def _check(session: Session, actor: Actor, submission_id: str) -> None:
    """Refuse who may not know.

    Raises:
        Problem: 403 `insufficient-scope` or `reading-first`; 404 where the submission is not hers to approve.
    """
    if Role.LEAD not in actor.roles:
        actor.need(Role.APPROVER)
    submission = session.get(Submission, submission_id)
    account = session.get_one(Account, actor.actor_id)
    if submission is None or not may_read_matches(session, account, submission):
        raise Problem(404, "not-found", "There is no such submission among yours.")
    if Role.LEAD not in actor.roles and not _has_read(session, actor, submission):
        raise Problem(403, "reading-first", "This is shown after an own reading of the submission.")


def _has_read(session: Session, actor: Actor, submission: Submission) -> bool:
    """Whether a decision of the approver says that she had read before she uncovered what others say."""
    made = select(Decision.body).where(
        Decision.submission_id == submission.id, Decision.actor_id == actor.actor_id
    )
    return any(body.get("revealed_at") for body in session.scalars(made))
