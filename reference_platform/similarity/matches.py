"""What a person may know of the matches of a submission, as wire data from that submission's side.

Nobody gets a match with a submission of a learner whose work she assesses: another learner's passages in the
assessor's window, or a hint at what others think of the work, would break blindness.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.cases import CaseKind
from assessor_app.domain.matches import MatchWeight
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import MAX_PAGE_BYTES, MatchWire, SimilarityWire, as_json
from reference_platform.feed import matches_of, may_read_matches
from reference_platform.models import Account, Assignment, SharedPart, Submission, TeamCase

MOST_BYTES = MAX_PAGE_BYTES * 3 // 4
"""Of one submission's matches; what comes after says only how much was left out."""


def similarity_data(
    session: Session, actor_id: str, submission_ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """`SimilarityWire` data by submission id; without a match that the actor may see it is missing."""
    account = session.get_one(Account, actor_id)
    found: dict[str, dict[str, Any]] = {}
    for submission_id in submission_ids:
        submission = session.get(Submission, submission_id)
        if submission is None or not may_read_matches(session, account, submission):
            continue
        wire = similarity_of(session, actor_id, submission)
        if wire.matches:
            found[submission_id] = as_json(wire)
    return found


def similarity_of(session: Session, actor_id: str, submission: Submission) -> SimilarityWire:
    """All matches of a submission but those that would break the actor's blindness."""
    return SimilarityWire(
        submission_id=submission.id,
        code=submission.body["code"],
        title=submission.body["title"],
        matches=_fitting(_matches(session, actor_id, submission)),
    )


def _matches(session: Session, actor_id: str, submission: Submission) -> Iterator[MatchWire]:
    """What asks for a look first, then what shares most."""
    assessed = assessed_learners(session, actor_id)
    if submission.learner_id in assessed or submission.status is SubmissionStatus.WITHDRAWN:
        return
    rows = session.scalars(matches_of(submission.id)).all()
    for row in sorted(rows, key=lambda r: (r.weight is not MatchWeight.LOOK, -r.score, r.id)):
        other = session.get_one(Submission, row.other_id if row.one_id == submission.id else row.one_id)
        if other.learner_id not in assessed and other.status is not SubmissionStatus.WITHDRAWN:
            yield match_wire(row, other.body["code"], is_one=row.one_id == submission.id)


def assessed_learners(session: Session, actor_id: str) -> set[str]:
    """The learners any of whose submissions the actor assesses or assessed."""
    query = (
        select(Submission.learner_id)
        .join(Assignment, Assignment.submission_id == Submission.id)
        .where(Assignment.actor_id == actor_id, Assignment.role == Role.ASSESSOR)
    )
    return set(session.scalars(query.distinct()))


def may_know_case(session: Session, actor_id: str, case: TeamCase) -> bool:
    """Whether a case tells the actor nothing that would break her blindness; all but matches may."""
    shared = session.get(SharedPart, case.id) if case.kind is CaseKind.MATCH else None
    if shared is None:
        return case.kind is not CaseKind.MATCH
    learners = select(Submission.learner_id).where(Submission.id.in_([shared.one_id, shared.other_id]))
    return assessed_learners(session, actor_id).isdisjoint(session.scalars(learners))


def match_wire(row: SharedPart, other_code: str, *, is_one: bool) -> MatchWire:
    """A match from the side of one of its submissions.

    Args:
        row: the match.
        other_code: code of the submission on the far side.
        is_one: whether this side is `one_id`.
    """
    body = row.body
    near, far = ("here", "there") if is_one else ("there", "here")
    statements = body["statements"] if is_one else body["statements"][::-1]
    turned = {
        name: [{"here": item[near], "there": item[far]} for item in body[name]]
        for name in ("passages", "copies")
    }
    return MatchWire.model_validate(
        {
            "id": row.id,
            "other_code": other_code,
            "part": row.part,
            "weight": row.weight,
            "score": row.score,
            "words": body["words"],
            "here": statements[0],
            "there": statements[1],
            **turned,
            "left_out": body["left_out"],
        }
    )


def _fitting(matches: Iterator[MatchWire]) -> list[MatchWire]:
    """The matches, with passages as long as there is room for them on a page of changes."""
    kept = []
    left = MOST_BYTES
    for match in matches:
        fitting = match
        if _size_bytes(match) > left:
            update = {"passages": [], "left_out": match.left_out + len(match.passages)}
            fitting = match.model_copy(update=update)
        left -= _size_bytes(fitting)
        if left < 0:
            break
        kept.append(fitting)
    return kept


def _size_bytes(match: MatchWire) -> int:
    return len(json.dumps(as_json(match), ensure_ascii=False).encode())
