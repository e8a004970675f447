"""Demo submissions that are nobody's work yet: small ones, to be taken from the queue."""

from __future__ import annotations

from reference_platform.demo import frame
from reference_platform.demo.building import Draft, Part, text_file


def drafts() -> tuple[Draft, ...]:
    """All of them."""
    return (
        _math_talk("S-B6PT", "learner-41", "notes.md", due_in_days=6),
        _math_talk("S-C9MW", "learner-42", "transcript.md", due_in_days=8),
        _letters(),
        _density(),
    )


def _math_talk(code: str, learner: str, record: str, *, due_in_days: int) -> Draft:
    return Draft(
        code=code,
        rubric=frame.MATH_TALK,
        learner=learner,
        due_in_days=due_in_days,
        assignments=(),
        parts=(
            Part("overview"),
            Part("analyze"),
            Part("design"),
            Part("implement", (text_file(code, record),)),
            Part("reflect"),
        ),
    )


def _letters() -> Draft:
    """Fifth grade: one question on each draft."""
    return Draft(
        code="S-J3LH",
        rubric=frame.WRITERS_FEEDBACK,
        learner="learner-43",
        due_in_days=7,
        assignments=(),
        parts=(Part("part1"), Part("part2", (text_file("S-J3LH", "letters.md"),)), Part("part3")),
    )


def _density() -> Draft:
    """Physical science: three places to measure."""
    return Draft(
        code="S-N5VA",
        rubric=frame.ACCESSIBLE_LABS,
        learner="learner-44",
        due_in_days=7,
        assignments=(),
        parts=(
            Part("barriers"),
            Part("redesign", (text_file("S-N5VA", "lab.md"),)),
            Part("labday"),
            Part("review"),
        ),
    )
