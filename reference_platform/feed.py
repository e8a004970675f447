"""The change feed: for each actor and record, the number of its last change.

Numbers grow over the whole platform. They are given under the lock of one row, so that a number is never
seen before a smaller one. Only the last change of a record is kept: what it says now is read when asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import ChangeType
from reference_platform.models import (
    Account,
    Assignment,
    Decision,
    Document,
    Draft,
    FeedCounter,
    FeedRow,
    Recommendation,
    Setting,
    SharedPart,
    Submission,
    TeamCase,
)

FLOOR = "feed_floor"
"""Setting: the number of the newest removal that was forgotten."""

OPEN_TO_APPROVER = frozenset(
    {
        SubmissionStatus.WAITING_ON_APPROVER,
        SubmissionStatus.RETURNED,
        SubmissionStatus.AWARDED,
        SubmissionStatus.DENIED,
    }
)
"""Where an approver may see what the assessor sent."""


COMMON_DOCUMENTS = (
    ChangeType.POLICY.value,
    ChangeType.CALENDAR.value,
    ChangeType.PRACTICE_ANCHOR.value,
    ChangeType.TEAM_COMMENT.value,
)
"""Kinds of `Document` that everybody who judges gets."""


def last_number(session: Session) -> int:
    """The number of the newest change; 0 on an empty platform."""
    return session.scalar(select(FeedCounter.value).where(FeedCounter.id == 1)) or 0


def floor(session: Session) -> int:
    """Cursors below this number may have missed a removal."""
    setting = session.get(Setting, FLOOR)
    return int(setting.value) if setting is not None else 0


class Feed:
    """Records changes within one transaction."""

    def __init__(self, session: Session, at: datetime) -> None:
        """Write into `session`; all changes happen at `at`."""
        self._session = session
        self._at = at

    def changed(self, actor_id: str, kind: ChangeType, record_id: str) -> None:
        """The actor is to get the record as it is now."""
        self._put(actor_id, kind, record_id, removed=False, reason=None)

    def removed(self, actor_id: str, kind: ChangeType, record_id: str, reason: str) -> None:
        """The actor is to forget the record; nothing happens if she never had it."""
        known = self._session.get(FeedRow, (actor_id, kind.value, record_id))
        if known is not None and not known.removed:
            self._put(actor_id, kind, record_id, removed=True, reason=reason)

    def welcome(self, actor_id: str) -> None:
        """The actor is to get what concerns everybody."""
        shared = select(Document).where(Document.kind.in_(COMMON_DOCUMENTS))
        for document in self._session.scalars(shared.order_by(Document.kind, Document.id)):
            self._once(actor_id, ChangeType(document.kind), document.id)
        account = self._session.get_one(Account, actor_id)
        if account.has_role(Role.LEAD):
            for row in self._session.execute(select(SharedPart.one_id, SharedPart.other_id)):
                for submission_id in row:
                    self._once(actor_id, ChangeType.SIMILARITY, submission_id)

    def assigned(self, assignment: Assignment, submission: Submission) -> None:
        """The actor is to get an assignment and all that belongs to it."""
        actor_id = assignment.actor_id
        self.welcome(actor_id)
        rubric = f"{submission.rubric_id}:{submission.rubric_version}"
        self._once(actor_id, ChangeType.RUBRIC_VERSION, rubric)
        self.changed(actor_id, ChangeType.SUBMISSION, submission.id)
        self.changed(actor_id, ChangeType.ASSIGNMENT, assignment_record(assignment))
        if assignment.role is Role.ASSESSOR:
            self._matches_again(actor_id)
        for recommendation in self._session.scalars(
            select(Recommendation).where(Recommendation.submission_id == submission.id)
        ):
            self.recommendation(recommendation, submission, [assignment])
        for decision in self._session.scalars(
            select(Decision).where(Decision.submission_id == submission.id)
        ):
            self.changed(actor_id, ChangeType.DECISION, decision.id)

    def unassigned(self, assignment: Assignment, reason: str) -> None:
        """The actor is to forget an assignment and, without another role in it, all that belongs to it."""
        actor_id, submission_id = assignment.actor_id, assignment.submission_id
        self.removed(actor_id, ChangeType.ASSIGNMENT, assignment_record(assignment), reason)
        if any(other.actor_id == actor_id for other in active_assignments(self._session, submission_id)):
            return
        for kind, model in ((ChangeType.RECOMMENDATION, Recommendation), (ChangeType.DECISION, Decision)):
            for record_id in self._session.scalars(
                select(model.id).where(model.submission_id == submission_id)
            ):
                self.removed(actor_id, kind, record_id, reason)
        self.removed(actor_id, ChangeType.DRAFT, submission_id, reason)
        hers = (Draft.submission_id == submission_id, Draft.actor_id == actor_id)
        self._session.execute(delete(Draft).where(*hers))
        self.removed(actor_id, ChangeType.SUBMISSION, submission_id, reason)
        if not self._session.get_one(Account, actor_id).has_role(Role.LEAD):
            self.removed(actor_id, ChangeType.SIMILARITY, submission_id, reason)

    def erased(self, records: Iterable[tuple[ChangeType, str]]) -> None:
        """Everybody who ever had the submission is to forget all of it, and whatever she made of it.

        Also who had to give it up before: her work on it may still be kept on her machine.
        """
        for kind, record_id in records:
            had = select(FeedRow.actor_id).where(FeedRow.type == kind.value, FeedRow.record_id == record_id)
            for actor_id in self._session.scalars(had.order_by(FeedRow.actor_id)).all():
                self._put(actor_id, kind, record_id, removed=True, reason=EndingReason.ERASED)

    def submission(self, submission: Submission) -> None:
        """Everybody at work on the submission is to get it as it is now."""
        for actor_id in {a.actor_id for a in active_assignments(self._session, submission.id)}:
            self.changed(actor_id, ChangeType.SUBMISSION, submission.id)

    def recommendation(
        self,
        recommendation: Recommendation,
        submission: Submission,
        assignments: Iterable[Assignment] | None = None,
    ) -> None:
        """Its author, and the approver once it is hers to read, are to get a recommendation."""
        for assignment in assignments or active_assignments(self._session, submission.id):
            if may_read_recommendation(assignment, recommendation, submission):
                self.changed(assignment.actor_id, ChangeType.RECOMMENDATION, recommendation.id)
        if self._session.scalar(matches_of(submission.id).limit(1)) is not None:
            self.matches(submission)

    def decision(self, decision: Decision) -> None:
        """Everybody at work on the submission is to get a decision."""
        for actor_id in {a.actor_id for a in active_assignments(self._session, decision.submission_id)}:
            self.changed(actor_id, ChangeType.DECISION, decision.id)

    def document(self, kind: ChangeType, document_id: str) -> None:
        """Everybody who judges is to get a document that is new or was changed."""
        for actor_id in self._session.scalars(select(Account.actor_id)):
            self.changed(actor_id, kind, document_id)

    def case(self, case: TeamCase) -> None:
        """The leads and the one who opened it are to get a case as it is now."""
        for account in self._session.scalars(select(Account)):
            if account.has_role(Role.LEAD) or account.actor_id == case.opened_by:
                self.changed(account.actor_id, ChangeType.CASE, case.id)

    def matches(self, submission: Submission) -> None:
        """Leads, and the approver once the work is hers to read, are to get what it shares with others."""
        for account in self._session.scalars(select(Account)):
            if may_read_matches(self._session, account, submission):
                self.changed(account.actor_id, ChangeType.SIMILARITY, submission.id)

    def forget_old_removals(self, before: datetime) -> None:
        """Drop removals made before a moment; cursors from before them expire.

        What was erased is told for ever: to whoever comes back after years as well.
        """
        is_other = or_(FeedRow.reason.is_(None), FeedRow.reason != EndingReason.ERASED.value)
        old = (FeedRow.removed.is_(True), FeedRow.at < before, is_other)
        newest = self._session.scalar(select(func.max(FeedRow.seq)).where(*old))
        if newest is None:
            return
        self._session.execute(delete(FeedRow).where(*old))
        self._session.merge(Setting(name=FLOOR, value=str(newest)))

    def _matches_again(self, actor_id: str) -> None:
        """Whoever begins to assess a learner's work may know less from now on."""
        held = select(FeedRow.record_id).where(
            FeedRow.actor_id == actor_id,
            FeedRow.type == ChangeType.SIMILARITY.value,
            FeedRow.removed.is_(False),
        )
        for submission_id in self._session.scalars(held).all():
            self.changed(actor_id, ChangeType.SIMILARITY, submission_id)

    def _once(self, actor_id: str, kind: ChangeType, record_id: str) -> None:
        if self._session.get(FeedRow, (actor_id, kind.value, record_id)) is None:
            self.changed(actor_id, kind, record_id)

    def _put(
        self, actor_id: str, kind: ChangeType, record_id: str, *, removed: bool, reason: str | None
    ) -> None:
        number = self._session.scalar(
            update(FeedCounter)
            .where(FeedCounter.id == 1)
            .values(value=FeedCounter.value + 1)
            .returning(FeedCounter.value)
        )
        if number is None:
            number = 1
            self._session.add(FeedCounter(id=1, value=number))
            self._session.flush()
        self._session.merge(
            FeedRow(
                actor_id=actor_id,
                type=kind.value,
                record_id=record_id,
                seq=number,
                removed=removed,
                reason=reason,
                at=self._at,
            )
        )


def forget_before(now: datetime, days: int) -> datetime:
    """The moment before which things are forgotten after `days`."""
    return now - timedelta(days=days)


def assignment_record(assignment: Assignment) -> str:
    """The id of an assignment on the wire."""
    return f"{assignment.submission_id}:{assignment.role.value}"


def active_assignments(session: Session, submission_id: str) -> list[Assignment]:
    """Who is at work on a submission."""
    found = select(Assignment).where(Assignment.submission_id == submission_id, Assignment.active.is_(True))
    return list(session.scalars(found))


def matches_of(submission_id: str) -> Select[SharedPart]:
    """What a submission shares with others, from either side."""
    return select(SharedPart).where(
        or_(SharedPart.one_id == submission_id, SharedPart.other_id == submission_id)
    )


def may_read_matches(session: Session, account: Account, submission: Submission) -> bool:
    """Whether an account may know what a submission shares: a lead, or its approver once it is hers to read.

    With which other submissions, `similarity.matches` decides.
    """
    if account.has_role(Role.LEAD):
        return True
    held = session.get(Assignment, (submission.id, account.actor_id, Role.APPROVER))
    return held is not None and held.active and submission.status in OPEN_TO_APPROVER


def may_read_recommendation(
    assignment: Assignment, recommendation: Recommendation, submission: Submission
) -> bool:
    """Whether an assignment opens a recommendation: to its author, and to the approver once it was sent."""
    if assignment.submission_id != recommendation.submission_id:
        return False
    if recommendation.actor_id == assignment.actor_id:
        return True
    return assignment.role is Role.APPROVER and submission.status in OPEN_TO_APPROVER
