"""A resubmission to compare: the demo's own files, now and last time, on a real desk."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from assessor_app.domain.ids import ArtifactId, PromptId, RequirementId, ResponseId
from assessor_app.domain.submissions import Part, Response, Submission
from reference_platform.demo import resubmission as demo
from tests import builders
from tests.evidence_desk import Piece

PDF, JPEG, MARKDOWN = "application/pdf", "image/jpeg", "text/markdown"
NOW_TEXT = (
    "On the pre-assessment I asked which is greater, 5/6 or 7/9. I sorted the 24 papers into four ways of "
    "thinking. Eight students drew bars and found the missing piece. \U0001f600 Last time I wrote that "
    "students would mix up the numbers; I now see these are four different ideas."
)
BEFORE_TEXT = (
    "On the pre-assessment I asked which is greater, 5/6 or 7/9. Some students will find the common "
    "denominator. Others will mix up the numbers, and I will help them individually."
)
NOTES_NOW = "# Notes\n\nMonday: what do you notice?\nTuesday: how do you know?\nWednesday: who can add?\n"
NOTES_BEFORE = "# Notes\n\nMonday: what do you notice?\nTuesday: is that right?\n"


@cache
def pieces() -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Files of the present attempt and of the earlier one."""
    same = b"student,chose\nS1,2/3\n"
    now = (
        Piece("plan", "Artifact 1.pdf", PDF, demo.portfolio(), page_count=7),
        Piece("paper", "Artifact 2.jpg", JPEG, demo.student_paper()),
        Piece("notes", "Artifact 3.md", MARKDOWN, NOTES_NOW.encode()),
        Piece("tickets", "Artifact 4.csv", "text/csv", same),
    )
    before = (
        Piece("old-plan", "Artifact 1.pdf", PDF, demo.first_plan(), page_count=4),
        Piece("old-paper", "Artifact 2.jpg", JPEG, demo.first_paper()),
        Piece("old-notes", "Artifact 3.md", MARKDOWN, NOTES_BEFORE.encode()),
        Piece("old-tickets", "Artifact 4.csv", "text/csv", same),
    )
    return now, before


def resubmission() -> Submission:
    """Submission 1 with one earlier attempt; both answer the same prompt."""
    now, before = pieces()
    made = builders.submission(1, rubric=builders.rubric_version(), attempt=2)
    prior = replace(builders.prior_attempt(), parts=_parts(before, BEFORE_TEXT, "old-answer"))
    return replace(made, parts=_parts(now, NOW_TEXT, "answer"), prior=(prior,))


def _parts(files: tuple[Piece, ...], text: str, answer: str) -> tuple[Part, ...]:
    response = Response(ResponseId(answer), PromptId("p-context"), text, 300)
    return (
        Part(RequirementId("analyze"), responses=(response,)),
        Part(RequirementId("design"), artifacts=tuple(piece.artifact() for piece in files)),
    )


def with_id(submission: Submission, artifact: str) -> ArtifactId:
    """The id of one of the present attempt's files."""
    return next(a.id for p in submission.parts for a in p.artifacts if a.id == artifact)
