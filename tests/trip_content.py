"""A platform for trips: Anna has three submissions of real files, one of them for two days; one waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from assessor_app.domain.kinds import DueKind
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Stage
from assessor_app.sync.protocol import DueWire, SubmissionWire
from reference_platform.seeding import DemoContent, SeedAssignment, SeedSubmission
from tests.contract.small_content import FIRST, QUEUED, RESUBMISSION, SETTLED, content, wire
from tests.evidence_files import text_pdf

PAGES = text_pdf("What students said", "What I asked next")
DAY = timedelta(days=1)


def trip_content(now: datetime) -> DemoContent:
    """What is due tomorrow, in five days and in six days; the last cannot be kept for longer than two."""
    anna = SeedAssignment("a-anna", Role.ASSESSOR)
    given = SeedAssignment("a-anna", Role.ASSESSOR, lease_until=now + 2 * DAY)
    return replace(
        content(),
        submissions=(
            _seeded(_due(FIRST, now + DAY), "l-1", anna),
            _seeded(_due(RESUBMISSION, now + 5 * DAY), "l-1", anna),
            _seeded(_due(SETTLED, now + 6 * DAY), "l-1", given),
            _seeded(_due(QUEUED, now + 5 * DAY), "l-2"),
        ),
    )


def _due(submission_id: str, at: datetime) -> SubmissionWire:
    due = [DueWire(stage=Stage.ASSESSMENT, at=at, kind=DueKind.TARGET)]
    return wire(submission_id, due=due, received_at=at - 7 * DAY)


def _seeded(submission: SubmissionWire, learner: str, *assignments: SeedAssignment) -> SeedSubmission:
    """Every file is a real PDF."""
    files = [a for part in submission.parts for a in part.artifacts]
    files += [link.snapshot for part in submission.parts for link in part.links if link.snapshot is not None]
    return SeedSubmission(submission, learner, assignments, {file.id: lambda: PAGES for file in files})
