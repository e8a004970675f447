"""Passages of practice submissions that the demo's team agreed on, with their levels."""

from __future__ import annotations

from assessor_app.sync.protocol import PracticeAnchorWire
from reference_platform.demo.frame import MATH_TALK, rubrics


def practice_anchors() -> tuple[PracticeAnchorWire, ...]:
    """For two criteria of one rubric; never a passage of qualification, of a seed or of a critical case."""
    return (
        _anchor(
            "turns",
            "analyze-participation",
            "progressing",
            "On Tuesday I made a mark for every turn. Five students spoke 31 times, twelve spoke once "
            "or twice, and seven did not speak. I want more of them to talk.",
            "The record is there and it is exact. It counts turns but does not say which of them were "
            "reasons, and the seven silent students are a number, not part of the analysis.",
        ),
        _anchor(
            "pattern",
            "analyze-participation",
            "demonstrated",
            "Of 31 turns 24 were answers of one word and 7 gave a reason, all 7 after I had asked “How "
            "do you know?”. The seven silent students sit at the two tables that I never called on "
            "before someone else had answered. I think my quick first calls keep them out.",
            "It tells answers from reasons, names the silent students by where they sit, and offers a "
            "cause in the lesson itself that can be checked.",
        ),
        _anchor(
            "any-task",
            "design-moves",
            "progressing",
            "Questions: How did you get that? Does anybody have another way? Can you explain that again?",
            "The questions are open, but they would fit any task, and no move asks one student to take "
            "up what another one said.",
        ),
        _anchor(
            "for-this-task",
            "design-moves",
            "demonstrated",
            "If somebody says that 5/8 is larger because 8 is larger: “Which pieces are larger, eighths"
            " or sixths? Show it on the strip.” Share the strip first, then the common unit. Twice: "
            "“Say in your own words what your partner meant”, then “Who wants to add to that?”",
            "The question answers a way of thinking that was foreseen, the order of sharing is planned,"
            " and two moves ask students to respond to each other.",
        ),
    )


def _anchor(name: str, criterion: str, level: str, excerpt: str, rationale: str) -> PracticeAnchorWire:
    version = rubrics()[MATH_TALK]
    return PracticeAnchorWire(
        id=f"practice-{name}",
        rubric_id=str(version.id),
        rubric_version=version.version,
        criterion_id=criterion,
        level=level,
        excerpt=excerpt,
        rationale=rationale,
    )
