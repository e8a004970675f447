"""Wire types of the issuer's frame and of the team: policy, calendar, pre-assessment, questions and reports.

Part of the contract like `protocol`, which names all of them.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from assessor_app.domain.cases import CaseKind, CaseState, FindingKind, RecusalReason
from assessor_app.domain.deadlines import DayUnit, StartEvent
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Stage
from assessor_app.sync.wire_base import Identifier, LongText, Moment, ShortText, Wire


class ClockWire(Wire):
    """How long one stage may take at this issuer (rule 1)."""

    stage: Stage
    days: Annotated[int, Field(ge=1, le=1000)]
    unit: DayUnit
    kind: DueKind
    start: StartEvent = StartEvent.RECEIVED


class PolicyWire(Wire):
    """An issuer's settings that the client needs, and its words for outcomes."""

    id: Identifier
    labels: dict[SubmissionStatus, ShortText] = {}
    grace_minutes: Annotated[int, Field(ge=0)] = 0
    feedback_required: Literal["every_criterion", "every_requirement", "unmet_and_overall"] = (
        "every_criterion"
    )
    clocks: list[ClockWire] = []
    draft_copies: bool = True
    """Whether drafts are copied here for their author's other computers."""
    coach_after: Annotated[int, Field(ge=1)] | None = None
    """After so many submissions not earned, feedback asks the learner to meet a coach (rule 20)."""
    keep_evidence_days: Annotated[int, Field(ge=0, le=36_500)] = 90
    """So many days after a submission was settled a client erases its evidence."""


LocalTime = Annotated[
    time,
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"}),
]
"""A time of day at some place; what JSON schemas call a time has a zone."""


class CalendarWire(Wire):
    """The business days of an issuer: every day but the weekend and the holidays."""

    id: Identifier
    version: Annotated[int, Field(ge=1)]
    tz: ShortText
    """IANA zone in which days begin and end."""
    weekend: list[Annotated[int, Field(ge=0, le=6)]] = [5, 6]
    """Days of the week without work, Monday is 0."""
    holidays: list[date] = []
    end_of_business: LocalTime = time(17, 0)
    """Local time at which a day's work is due."""


class IndicatorWire(Wire):
    """What pre-assessment found for one completion indicator."""

    id: Identifier
    met: bool
    note: LongText = ""


class PreAssessmentIn(Wire):
    """What a pre-assessor sends: completeness only, nothing on competency."""

    rubric_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    indicators: list[IndicatorWire]
    outcome: Literal["complete", "incomplete"]
    feedback: LongText = ""
    """The learner reads this."""


class RecuseIn(Wire):
    """Gives work back for good; the reason is shown to nobody but the lead."""

    reason_code: RecusalReason
    note: LongText = ""
    """The team lead reads this."""


class EscalationIn(Wire):
    """A question or a concern of somebody who judges, for the team lead."""

    id: Identifier
    """Client-made; the id of the case that it opens."""
    submission_id: Identifier
    kind: Literal[CaseKind.QUESTION, CaseKind.INTEGRITY, CaseKind.FAULT]
    text: LongText
    criterion_id: Identifier | None = None
    source_id: Identifier | None = None


class FindingIn(Wire):
    """That something which may name a person was found in a file's properties; never what it was."""

    source_id: Identifier
    kinds: Annotated[list[FindingKind], Field(min_length=1)]


class EffectIn(Wire):
    """One effect on the person's own machine: that it happened, never what was seen."""

    id: Identifier
    at: Moment
    what: Literal["uncovered", "covered again", "opened outside"]
    source_id: Identifier


class AuditIn(Wire):
    """What happened to evidence of one submission on the person's machine; no reading times, no clicks."""

    submission_id: Identifier
    effects: Annotated[list[EffectIn], Field(min_length=1, max_length=200)]


class CaseEntryWire(Wire):
    """One thing said or done in a case."""

    at: Moment
    by: Literal["learner", "preassessor", "assessor", "approver", "lead", "platform"]
    text: LongText = ""
    action: Literal["opened", "answered", "reassigned", "closed", "reopened"]


class ColleagueWire(Wire):
    """Somebody who may have a case, or the work that it is about."""

    id: Identifier
    """A lead's pseudonym; of everybody else one that stands for this submission alone."""
    has: Annotated[int, Field(ge=0)] = 0
    """How much this person has in hand."""


class CaseWire(Wire):
    """A question or report that the team lead answers; its opener sees it as well."""

    id: Identifier
    kind: CaseKind
    state: CaseState
    submission_id: Identifier
    code: ShortText
    """The submission's code."""
    title: ShortText = ""
    """The micro-credential's title."""
    criterion_id: Identifier | None = None
    source_id: Identifier | None = None
    opened_at: Moment
    due_at: Moment | None = None
    assigned_to: Identifier | None = None
    """Pseudonym of the lead who has it; None for the whole team."""
    entries: list[CaseEntryWire] = []
    detail: dict[str, ShortText] = {}
    """What its kind needs beside the words: kinds found, the other code of a match."""
    may_take: list[ColleagueWire] = []
    """For a lead: to whom it can be given; for work at risk, to whom the work can."""


class CaseList(Wire):
    """Cases, oldest first."""

    cases: list[CaseWire]


class CaseActionIn(Wire):
    """What a lead does with a case, or its opener with an answer."""

    action: Literal["answer", "reassign", "close", "reopen"]
    text: LongText = ""
    assign_to: Identifier | None = None
    """For `reassign`: another lead; for work, another person, or None for whoever has least to do."""
    seen: Annotated[int, Field(ge=0)] | None = None
    """For `answer` and `close`: how many entries the writer had read; 409 `changed` where there are more."""
    closes: bool = False
    """For `answer`: the case is closed with it."""


class PracticeAnchorWire(Wire):
    """A passage of a practice anchor with its true level; never of qualification, seeds or critical ones."""

    id: Identifier
    rubric_id: Identifier
    rubric_version: Annotated[int, Field(ge=0, le=1_000_000)]
    criterion_id: Identifier
    level: ShortText
    excerpt: LongText
    rationale: LongText = ""


class TeamCommentWire(Wire):
    """An entry of the team's comment bank."""

    id: Identifier
    title: ShortText = ""
    text: LongText
    microcredential_id: Identifier | None = None
    criterion_id: Identifier | None = None
    level: ShortText | None = None
