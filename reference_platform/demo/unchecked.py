"""Demo submissions that nobody has checked yet: one is complete, one lacks what was asked for."""

from __future__ import annotations

from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from reference_platform.demo import frame
from reference_platform.demo.building import Draft, Part, pdf_file, text_file, word_file
from reference_platform.seeding import SeedAssignment

INCOMPLETE = "S-B2FJ"
COMPLETE = "S-V6RC"
_CHECKED_BY = (SeedAssignment(frame.PRE_ASSESSOR, Role.PREASSESSOR),)


def drafts() -> tuple[Draft, ...]:
    """Both of them."""
    return (ratio_tables(), book_reviews())


def ratio_tables() -> Draft:
    """Sixth grade, ratio tables: no record of a lesson, no transcript, no students' work."""
    return Draft(
        code=INCOMPLETE,
        rubric=frame.MATH_TALK,
        learner="learner-31",
        due_in_days=8,
        status=SubmissionStatus.IN_PRE_ASSESSMENT,
        assignments=_CHECKED_BY,
        parts=(
            Part("overview"),
            Part("analyze"),
            Part("design", (pdf_file(INCOMPLETE, "plan.md", footer="Ratio tables, lesson 5", pages=1),)),
            Part("implement"),
            Part("reflect"),
        ),
    )


def book_reviews() -> Draft:
    """Seventh grade, book reviews: everything is there."""
    files = (word_file(COMPLETE, "drafts.md", notes_in_text=True), text_file(COMPLETE, "revisions.md"))
    return Draft(
        code=COMPLETE,
        rubric=frame.WRITERS_FEEDBACK,
        learner="learner-32",
        due_in_days=9,
        status=SubmissionStatus.SUBMITTED,
        assignments=_CHECKED_BY,
        parts=(Part("part1"), Part("part2", files), Part("part3")),
    )
