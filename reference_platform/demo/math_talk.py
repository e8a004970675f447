"""Demo submissions on leading mathematical talk, but for the resubmission."""

from __future__ import annotations

from functools import cache

from reference_platform.demo import frame, pictures
from reference_platform.demo.building import Draft, File, Part, assigned, text_file, word_file
from reference_platform.demo.pictures import Box, Line, Mark, Words

DENIED_BY_THE_TOUR = "S-9DWT"


def drafts() -> tuple[Draft, ...]:
    """All of them."""
    return (proportions(),)


def proportions() -> Draft:
    """Seventh grade: friendly questions, but all talk goes through the teacher."""
    code = DENIED_BY_THE_TOUR
    return Draft(
        code=code,
        rubric=frame.MATH_TALK,
        learner="learner-02",
        due_in_days=3,
        assignments=assigned(frame.ASSESSOR, frame.APPROVER),
        parts=(
            Part("overview"),
            Part("analyze", (text_file(code, "notes.txt"),)),
            Part("design", (word_file(code, "plan.md"),)),
            Part("implement", (text_file(code, "transcript.md"), File("jpg", exit_ticket))),
            Part("reflect"),
        ),
    )


@cache
def exit_ticket() -> bytes:
    """One student's half sheet."""
    pen = pictures.PENCIL
    marks: list[Mark] = [
        Words("Exit ticket", 130, 130, 44, pen),
        Words("x", 200, 260, 40, pen),
        Words("y", 420, 260, 40, pen),
        *[
            Words(text, x, 340 + 76 * row, 40, pen)
            for row, cells in enumerate((("3", "21"), ("5", "35"), ("9", "63")))
            for text, x in zip(cells, (200, 410), strict=True)
        ],
        Line(((150, 285), (560, 288)), pen, 4),
        Line(((340, 215), (336, 520)), pen, 4),
        Words("21 / 3 = 7", 620, 340, 40, pen),
        Words("35 / 5 = 7", 620, 416, 40, pen),
        Words("63 / 9 = 7", 620, 492, 40, pen),
        Words("Is it proportional?  yes", 130, 660, 42, pen),
        Words("How do you know?", 130, 760, 42, pen),
        Words("because it is 7", 130, 850, 42, pen),
        Box(110, 600, 900, 690, pictures.RED_MARKER, None, 5),
        Words("Great job!", 640, 960, 54, pictures.RED_MARKER),
    ]
    return pictures.jpeg(
        pictures.sheet_on_desk(marks, size=(1200, 1400), word="exit ticket", tilt=-1.1),
        orientation=pictures.ROTATE_CLOCKWISE,
    )
