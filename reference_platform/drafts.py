"""Drafts that people copy here for their own other computers: kept for their author, and as long as needed.

One document for each submission and author. It is in nobody's audit trail, in no answer to anybody else, and
is deleted when the round is over for its author or the submission is.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.annotations import Audience
from assessor_app.domain.canonical import canonical_json, sha256_hex
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SETTLED
from assessor_app.sync.protocol import ChangeType, DraftIn, DraftNoticeWire, as_json
from reference_platform.feed import Feed, active_assignments
from reference_platform.models import Draft, Submission

_ONLY_ME = f"urn:aw:audience:{Audience.ONLY_ME.value}"


def etag_of(draft: Draft) -> str:
    """The strong entity tag of a draft: the same exactly as long as its content is."""
    return f'"{draft.sha256}"'


def notice(draft: Draft) -> DraftNoticeWire:
    """What the change feed tells of a draft to its author."""
    return DraftNoticeWire(
        submission_id=draft.submission_id,
        round=draft.round,
        etag=etag_of(draft),
        size_bytes=draft.size_bytes,
        saved_at=draft.saved_at,
    )


def put(session: Session, now: datetime, submission_id: str, actor_id: str, wire: DraftIn) -> Draft:
    """Store a draft in place of the author's earlier one, and tell her other computers."""
    body = as_json(wire)
    frozen = canonical_json(body)
    present = session.get(Draft, (submission_id, actor_id))
    draft = session.merge(
        Draft(
            submission_id=submission_id,
            actor_id=actor_id,
            round=wire.round,
            sha256=sha256_hex(frozen),
            size_bytes=len(frozen),
            begun_at=present.begun_at if present is not None else now,
            saved_at=now,
            body=body,
        )
    )
    session.flush()
    Feed(session, now).changed(actor_id, ChangeType.DRAFT, submission_id)
    return draft


def after_sending(session: Session, now: datetime, submission_id: str, actor_id: str) -> None:
    """The author has sent the round: of her draft only marks for herself alone are left.

    Everything else stands in what was sent; those marks were not, and she may get the work back.
    """
    draft = session.get(Draft, (submission_id, actor_id))
    if draft is None:
        return
    work = DraftIn.model_validate(draft.body)
    marks = work.assessment.annotations if work.assessment is not None else []
    hers = [mark for mark in marks if mark.audience.get("id") == _ONLY_ME]
    if work.assessment is None or not hers:
        _delete(session, now, draft, "sent")
        return
    blank = type(work.assessment)(annotations=hers)
    # No version of what was sent: whoever had copied that is not told that she deleted it.
    session.delete(draft)
    session.flush()
    put(session, now, submission_id, actor_id, DraftIn(round=work.round, assessment=blank))


def after_taking_back(session: Session, now: datetime, submission_id: str, actor_id: str) -> None:
    """What she sent is a draft again, whole on the computer that sent it: the rest here is no version of it.

    Left here it would read as if another computer of hers had deleted everything but those marks.
    """
    rest = session.get(Draft, (submission_id, actor_id))
    if rest is not None:
        _delete(session, now, rest, "taken back")


def after_deciding(session: Session, now: datetime, submission: Submission) -> None:
    """The round is decided: no approver drafts it any more; nobody anything of what is settled."""
    approvers = {a.actor_id for a in active_assignments(session, submission.id) if a.role is Role.APPROVER}
    is_over = submission.status in SETTLED
    for draft in session.scalars(select(Draft).where(Draft.submission_id == submission.id)).all():
        if is_over or draft.actor_id in approvers:
            _delete(session, now, draft, "decided")


def erase(session: Session, now: datetime, submission_id: str, reason: str) -> None:
    """Delete everybody's draft of a submission: withdrawn, or its learner erased."""
    for draft in session.scalars(select(Draft).where(Draft.submission_id == submission_id)).all():
        _delete(session, now, draft, reason)


def _delete(session: Session, now: datetime, draft: Draft, reason: str) -> None:
    Feed(session, now).removed(draft.actor_id, ChangeType.DRAFT, draft.submission_id, reason)
    session.delete(draft)
    session.flush()
