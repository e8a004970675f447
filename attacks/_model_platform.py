"""The platform of one world: what its own people do there, and what it says that it has received."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, replace

from sqlalchemy import select

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SETTLED, SubmissionStatus
from reference_platform import endings
from reference_platform.feed import Feed
from reference_platform.models import Assignment, AuditEntry, Recommendation, StoredAnswer, Submission
from reference_platform.seeding import DemoContent, SeedAssignment
from tests.contract.bodies import decide, decision
from tests.contract.running import Running
from tests.contract.small_content import content, seed, wire

SUBMISSIONS = 5
IDS = tuple(SubmissionId(str(uuid.UUID(int=0x2001 + number))) for number in range(SUBMISSIONS))
ANNA, OTTO = "a-anna", "a-otto"


def small_world() -> DemoContent:
    """A few submissions of one assessor, each with one file and an approver."""
    hers = (SeedAssignment(ANNA, Role.ASSESSOR), SeedAssignment(OTTO, Role.APPROVER, sampled=True))
    made = []
    for submission_id in IDS:
        submission = wire(submission_id)
        parts = [part.model_copy(update={"links": []}) for part in submission.parts]
        made.append(seed(submission.model_copy(update={"parts": parts}), "l-1", *hers))
    return replace(content(), submissions=tuple(made))


@dataclass(frozen=True, slots=True)
class Received:
    """One recommendation that stands on the platform."""

    submission_id: str
    round: int
    body: dict[str, object]


class Hand:
    """Whoever acts on the platform: learners, leads, the approver."""

    def __init__(self, platform: Running, chance: random.Random) -> None:
        self._platform, self._chance = platform, chance
        self._otto = platform.client("otto")

    def act(self, submission_id: SubmissionId) -> str:
        """Do something to a submission; gives what, or nothing where it was not possible."""
        number = self._chance.random()
        if number < 0.7:
            outcome = self._chance.choices(("return", "award", "deny"), (14, 1, 1))[0]
            waiting = [
                sid for sid, at in self.statuses().items() if at is SubmissionStatus.WAITING_ON_APPROVER
            ]
            return self._decide(self._chance.choice(waiting), outcome) if waiting else ""
        if number < 0.8:
            return self._new_date(submission_id)
        if number < 0.98:
            return self._reassign(submission_id)
        return self._withdraw(submission_id)

    def give_back_all(self) -> None:
        """Whatever was given to somebody else is hers again."""
        for submission_id in IDS:
            with self._platform.platform.database.read() as session:
                held = session.get_one(Assignment, (submission_id, ANNA, Role.ASSESSOR))
                is_away = not held.active
            if is_away:
                self._reassign(submission_id)

    def _decide(self, submission_id: SubmissionId, outcome: str) -> str:
        with self._platform.platform.database.read() as session:
            submission = session.get_one(Submission, submission_id)
            at_round, status = submission.round, submission.status
            found = select(Recommendation.id).where(
                Recommendation.submission_id == submission_id, Recommendation.round == at_round
            )
            sent = session.scalar(found)
        if sent is None or status is not SubmissionStatus.WAITING_ON_APPROVER:
            return ""
        body = decision(sent, outcome, round=at_round)
        if outcome == "return":
            body |= {"criteria": ["design-1"], "return_to": "same"}
        answer = decide(self._otto, body, submission_id)
        return f"otto: {outcome} {answer.status_code}"

    def _new_date(self, submission_id: SubmissionId) -> str:
        day = self._chance.randint(1, 28)
        with self._platform.platform.database.write() as session:
            submission = session.get_one(Submission, submission_id)
            due = [{**one, "at": f"2026-06-{day:02}T12:00:00Z"} for one in submission.body["due"]]
            submission.body = {**submission.body, "due": due}
            Feed(session, self._platform.clock.at).submission(submission)
        return "new date"

    def _reassign(self, submission_id: SubmissionId) -> str:
        now = self._platform.clock.at
        with self._platform.platform.database.write() as session:
            submission = session.get_one(Submission, submission_id)
            if submission.status in SETTLED:
                return ""
            held = session.get_one(Assignment, (submission_id, ANNA, Role.ASSESSOR))
            held.active = not held.active
            session.flush()
            if held.active:
                Feed(session, now).assigned(held, submission)
                return "given back to her"
            Feed(session, now).unassigned(held, "reassigned")
            return "given to somebody else"

    def _withdraw(self, submission_id: SubmissionId) -> str:
        with self._platform.platform.database.write() as session:
            if session.get_one(Submission, submission_id).status in SETTLED:
                return ""
            endings.withdraw(session, self._platform.clock.at, submission_id)
        return "withdrawn by the learner"

    # ---- what it has ----

    def answers(self) -> dict[str, tuple[str, int]]:
        """By key: the digest of the bytes and the status of the answer that is kept."""
        with self._platform.platform.database.read() as session:
            rows = session.execute(select(StoredAnswer.key, StoredAnswer.sha256, StoredAnswer.status))
            return {key: (digest, status) for key, digest, status in rows}

    def received(self) -> dict[str, Received]:
        """The recommendations that stand, by their id."""
        with self._platform.platform.database.read() as session:
            return {
                one.id: Received(one.submission_id, one.round, one.body)
                for one in session.scalars(select(Recommendation))
            }

    def standing(self) -> dict[SubmissionId, int]:
        """How many recommendations of each submission's rounds were taken and not taken back."""
        found = dict.fromkeys(IDS, 0)
        with self._platform.platform.database.read() as session:
            query = select(AuditEntry.submission_id, AuditEntry.what)
            for submission_id, what in session.execute(query):
                sid = SubmissionId(submission_id)
                found[sid] += (what == "recommendation sent") - (what == "recommendation taken back")
        return found

    def statuses(self) -> dict[SubmissionId, SubmissionStatus]:
        """The state of every submission."""
        with self._platform.platform.database.read() as session:
            rows = session.execute(select(Submission.id, Submission.status))
            return {SubmissionId(sid): status for sid, status in rows}
