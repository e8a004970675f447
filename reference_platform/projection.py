"""What one actor may see of the platform's records, as wire data.

Everything that is handed out goes through here: assessors never get other assessors' work, an approver gets
what was sent only once it is hers to read, and numbers of earlier attempts disappear after an award.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import AssignmentWire, CaseWire, ChangeType, as_json, utc_text
from reference_platform import drafts, earlier
from reference_platform.colleagues import who_may_take
from reference_platform.feed import COMMON_DOCUMENTS, assignment_record, may_read_recommendation
from reference_platform.models import (
    Account,
    Assignment,
    Decision,
    Document,
    Draft,
    FeedRow,
    Recommendation,
    Rubric,
    StatusChange,
    Submission,
    TeamCase,
)
from reference_platform.similarity.matches import may_know_case, similarity_data

WireData = dict[str, Any]


def submission_data(submission: Submission) -> WireData:
    """A submission as a `SubmissionWire`."""
    data = dict(submission.body)
    data["status"] = submission.status.value
    data["round"] = submission.round
    data.pop("return_note", None)
    if submission.return_note is not None:
        data["return_note"] = submission.return_note
    if submission.numbers_hidden:
        data.pop("attempt", None)
        data["prior"] = []
    return data


def submissions_data(session: Session, submissions: Sequence[Submission]) -> dict[str, WireData]:
    """Submissions by id as they are handed out, with history and with the evidence of earlier attempts."""
    data = {submission.id: submission_data(submission) for submission in submissions}
    for submission_id, changes in _histories(session, list(data)).items():
        data[submission_id]["history"] = changes
    return earlier.with_evidence(session, submissions, data)


def _histories(session: Session, submission_ids: Sequence[str]) -> dict[str, list[WireData]]:
    """The states that submissions went through, oldest first, by role; who had them is not told."""
    found: dict[str, list[WireData]] = {submission_id: [] for submission_id in submission_ids}
    changes = select(StatusChange).where(StatusChange.submission_id.in_(submission_ids))
    for change in session.scalars(changes.order_by(StatusChange.at, StatusChange.id)):
        entry = {"at": utc_text(change.at), "status": change.status.value, "by": change.by}
        found[change.submission_id].append(entry)
    return found


def assignment_data(assignment: Assignment) -> WireData:
    """An assignment as an `AssignmentWire`."""
    return as_json(
        AssignmentWire(
            submission_id=assignment.submission_id,
            role=assignment.role,
            lease_until=assignment.lease_until,
            sampled=assignment.sampled,
        )
    )


def recommendation_data(recommendation: Recommendation) -> WireData:
    """A recommendation as a `RecommendationWire`."""
    return {
        **recommendation.body,
        "id": recommendation.id,
        "submission_id": recommendation.submission_id,
        "sent_at": utc_text(recommendation.sent_at),
    }


def decision_data(decision: Decision, role: Role) -> WireData:
    """A decision as a `DecisionWire`; how the approver came to it is for approvers alone."""
    data = {
        **decision.body,
        "id": decision.id,
        "submission_id": decision.submission_id,
        "decided_at": utc_text(decision.decided_at),
    }
    if role is not Role.APPROVER:
        data["independent_marks"] = []
        data.pop("revealed_at", None)
    return data


class View:
    """The records that one actor may see, read in as few queries as a page allows."""

    def __init__(self, session: Session, actor_id: str) -> None:
        """Read from `session` with the eyes of an actor."""
        self._session = session
        self._actor_id = actor_id

    def data_of(self, rows: Sequence[FeedRow]) -> dict[tuple[str, str], WireData]:
        """Wire data by (type, id); what the actor may not see now is missing."""
        ids: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if not row.removed:
                ids[row.type].append(row.record_id)
        found: dict[tuple[str, str], WireData] = {}
        readers = {
            ChangeType.SUBMISSION: self._submissions,
            ChangeType.ASSIGNMENT: self._assignments,
            ChangeType.RUBRIC_VERSION: self._rubrics,
            ChangeType.RECOMMENDATION: self._recommendations,
            ChangeType.DECISION: self._decisions,
            ChangeType.CASE: self._cases,
            ChangeType.SIMILARITY: self._similarities,
            ChangeType.DRAFT: self._drafts,
        }
        for kind in COMMON_DOCUMENTS:
            for record_id, data in self._documents(kind, ids[kind]).items():
                found[kind, record_id] = data
        for change_type, reader in readers.items():
            if ids[change_type.value]:
                for record_id, data in reader(ids[change_type.value]).items():
                    found[change_type.value, record_id] = data
        return found

    def roles(self, submission_ids: Sequence[str]) -> dict[str, list[Assignment]]:
        """The actor's present assignments by submission id."""
        mine: dict[str, list[Assignment]] = defaultdict(list)
        for assignment in self._session.scalars(
            select(Assignment).where(
                Assignment.actor_id == self._actor_id,
                Assignment.active.is_(True),
                Assignment.submission_id.in_(submission_ids),
            )
        ):
            mine[assignment.submission_id].append(assignment)
        return mine

    def _submissions(self, ids: Sequence[str]) -> dict[str, WireData]:
        mine = self.roles(ids)
        query = select(Submission).where(Submission.id.in_(list(mine)))
        return submissions_data(self._session, self._session.scalars(query).all())

    def _assignments(self, ids: Sequence[str]) -> dict[str, WireData]:
        mine = self.roles([record_id.rpartition(":")[0] for record_id in ids])
        return {
            assignment_record(assignment): assignment_data(assignment)
            for assignments in mine.values()
            for assignment in assignments
        }

    def _rubrics(self, ids: Sequence[str]) -> dict[str, WireData]:
        keys = [(name, int(version)) for name, _, version in (text.rpartition(":") for text in ids)]
        found = self._session.scalars(select(Rubric).where(tuple_(Rubric.id, Rubric.version).in_(keys)))
        return {f"{rubric.id}:{rubric.version}": rubric.body for rubric in found}

    def _recommendations(self, ids: Sequence[str]) -> dict[str, WireData]:
        found = self._session.execute(
            select(Recommendation, Submission)
            .join(Submission, Submission.id == Recommendation.submission_id)
            .where(Recommendation.id.in_(ids))
        ).all()
        mine = self.roles([submission.id for _, submission in found])
        return {
            recommendation.id: recommendation_data(recommendation)
            for recommendation, submission in found
            if any(may_read_recommendation(a, recommendation, submission) for a in mine[submission.id])
        }

    def _decisions(self, ids: Sequence[str]) -> dict[str, WireData]:
        found = list(self._session.scalars(select(Decision).where(Decision.id.in_(ids))))
        mine = self.roles([decision.submission_id for decision in found])
        seen: dict[str, WireData] = {}
        for decision in found:
            roles = [assignment.role for assignment in mine[decision.submission_id]]
            if roles:
                role = Role.APPROVER if Role.APPROVER in roles else roles[0]
                seen[decision.id] = decision_data(decision, role)
        return seen

    def cases(self, ids: Sequence[str]) -> list[CaseWire]:
        """The questions and reports of these ids that the actor may see."""
        return [CaseWire.model_validate(data) for data in self._cases(ids).values()]

    def _cases(self, ids: Sequence[str]) -> dict[str, WireData]:
        account = self._session.get_one(Account, self._actor_id)
        is_lead = account.has_role(Role.LEAD)
        found = self._session.scalars(select(TeamCase).where(TeamCase.id.in_(ids)))
        return {
            case.id: self._with_colleagues(case) if is_lead else case.body
            for case in found
            if (is_lead or case.opened_by == self._actor_id)
            and may_know_case(self._session, self._actor_id, case)
        }

    def _with_colleagues(self, case: TeamCase) -> WireData:
        """A case as a lead gets it: with whom it can be given to."""
        colleagues = who_may_take(self._session, case, self._actor_id)
        return {**case.body, "may_take": [as_json(one) for one in colleagues]} if colleagues else case.body

    def _similarities(self, ids: Sequence[str]) -> dict[str, WireData]:
        return similarity_data(self._session, self._actor_id, ids)

    def _drafts(self, ids: Sequence[str]) -> dict[str, WireData]:
        """Notices of the actor's own drafts, of what is her work now; nobody else's are looked at."""
        mine = select(Draft).where(
            Draft.actor_id == self._actor_id, Draft.submission_id.in_(list(self.roles(ids)))
        )
        return {draft.submission_id: as_json(drafts.notice(draft)) for draft in self._session.scalars(mine)}

    def _documents(self, kind: str, ids: Sequence[str]) -> dict[str, WireData]:
        if not ids:
            return {}
        found = self._session.scalars(select(Document).where(Document.kind == kind, Document.id.in_(ids)))
        return {document.id: document.body for document in found}
