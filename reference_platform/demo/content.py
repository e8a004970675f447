"""The demo's content: three micro-credentials, and submissions in every state of their life.

Everything is made by code from the texts in this package; the same moment gives the same content. No person
and no school in it exists.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from reference_platform.demo import frame, labs, math_talk, own_files, queue, resubmission, unchecked, writers
from reference_platform.demo.building import built
from reference_platform.demo.practice import practice_anchors
from reference_platform.demo.reports import reports
from reference_platform.demo.team_comments import team_comments
from reference_platform.seeding import DemoContent, SeedLearner, SeedSubmission

TOUR_SUBMISSION_CODE = resubmission.CODE
"""The resubmission that the tour assesses."""
TOUR_DENY_CODE = math_talk.DENIED_BY_THE_TOUR
"""The submission that the tour denies."""
TOUR_INCOMPLETE_CODE = unchecked.INCOMPLETE
"""The submission that the tour's pre-assessor returns to the learner."""
TOUR_SEARCH_WORD = resubmission.SEARCH_WORD
"""Stands on several pages of the toured submission's PDF."""
TOUR_SENTENCE = resubmission.SENTENCE
"""Stands on one page of it; a line break in it is a space here."""


def demo_content(evidence_dir: Path | None, *, now: datetime) -> DemoContent:
    """Everything that the demo platform starts with.

    Args:
        evidence_dir: a folder of the user's own files that becomes one more submission, or None.
        now: the moment that all dates are relative to; aware.

    Raises:
        ValueError: `evidence_dir` is no folder, or there is no file in it.
    """
    submissions = submissions_at(now)
    if evidence_dir is not None:
        submissions = (*submissions, built(own_files.draft(evidence_dir), now))
    learners = sorted({submission.learner for submission in submissions})
    return DemoContent(
        policy=frame.policy(),
        calendar=frame.calendar(now.year),
        actors=frame.actors(),
        learners=tuple(SeedLearner(key) for key in learners),
        rubrics=tuple(frame.rubrics().values()),
        submissions=submissions,
        anchors=practice_anchors(),
        team_comments=team_comments(),
        cases=reports(submissions),
    )


def submissions_at(now: datetime) -> tuple[SeedSubmission, ...]:
    """The demo's own submissions."""
    drafts = (
        resubmission.draft(now),
        *math_talk.drafts(now),
        *writers.drafts(now),
        *labs.drafts(now),
        *queue.drafts(),
        resubmission.earlier(now),
        *unchecked.drafts(),
    )
    return tuple(built(draft, now) for draft in drafts)
