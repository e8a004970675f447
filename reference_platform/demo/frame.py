"""The demo's people, issuer settings and rubrics."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.native import published, rubric_from_json
from assessor_app.rubric.schema import RubricVersion
from assessor_app.sync.protocol import CalendarWire, PolicyWire
from reference_platform.seeding import SeedActor

TIME_ZONE = "America/Chicago"
ASSESSOR, APPROVER, LEAD, OTHER_ASSESSOR = "a-3f9c", "a-71d0", "a-c8e4", "a-5b26"
PRE_ASSESSOR = "a-9d12"
"""Pseudonyms of the demo's people."""

MATH_TALK, WRITERS_FEEDBACK, ACCESSIBLE_LABS = "math-talk", "writers-feedback", "accessible-labs"
"""The demo's rubrics."""

RUBRIC_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "rubrics"


@cache
def rubrics() -> dict[str, RubricVersion]:
    """The published rubrics by id.

    Raises:
        RubricInvalid: a file in `resources/rubrics` cannot be judged by.
    """
    drafts = [
        rubric_from_json(json.loads((RUBRIC_FOLDER / f"{name}.json").read_text("utf-8")))
        for name in (MATH_TALK, WRITERS_FEEDBACK, ACCESSIBLE_LABS)
    ]
    return {str(draft.id): published(draft) for draft in drafts}


def actors() -> tuple[SeedActor, ...]:
    """Those who work on the demo platform; they sign in by their login alone."""
    return (
        SeedActor(ASSESSOR, "demo-assessor", (Role.ASSESSOR,), TIME_ZONE),
        SeedActor(APPROVER, "demo-approver", (Role.APPROVER,), TIME_ZONE),
        SeedActor(LEAD, "demo-lead", (Role.LEAD,), TIME_ZONE),
        SeedActor(PRE_ASSESSOR, "demo-preassessor", (Role.PREASSESSOR,), TIME_ZONE),
        SeedActor(OTHER_ASSESSOR, "demo-second-assessor", (Role.ASSESSOR,), TIME_ZONE),
    )


def policy() -> PolicyWire:
    """The issuer's words for statuses, and what it asks for."""
    return PolicyWire(
        id="demo-policy",
        labels={
            SubmissionStatus.SUBMITTED: "Submitted",
            SubmissionStatus.IN_PRE_ASSESSMENT: "In pre-assessment",
            SubmissionStatus.INCOMPLETE: "Incomplete",
            SubmissionStatus.WAITING_ON_ASSESSOR: "In review",
            SubmissionStatus.WAITING_ON_APPROVER: "With the approver",
            SubmissionStatus.RETURNED: "Returned",
            SubmissionStatus.AWARDED: "Earned",
            SubmissionStatus.DENIED: "Not yet earned",
            SubmissionStatus.WITHDRAWN: "Withdrawn",
        },
        grace_minutes=30,
        feedback_required="every_criterion",
    )


def calendar(year: int) -> CalendarWire:
    """Business days of the year and the next; school is closed around the turn of the year."""
    closed = [
        date(y, *day) for y in (year, year + 1) for day in ((1, 1), (7, 4), (12, 24), (12, 25), (12, 31))
    ]
    return CalendarWire(id="demo-calendar", version=1, tz=TIME_ZONE, holidays=closed)
