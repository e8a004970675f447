"""Demo submissions on leading mathematical talk, but for the resubmission."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from assessor_app.domain.states import SubmissionStatus
from reference_platform.demo import charts, frame, paper, pictures
from reference_platform.demo.building import (
    Draft,
    File,
    Part,
    assigned,
    hours_before,
    media_file,
    pdf_file,
    sheet_file,
    text_file,
    word_file,
)
from reference_platform.demo.history import recommendation
from reference_platform.demo.pictures import Box, Line, Mark, Words

DENIED_BY_THE_TOUR = "S-9DWT"


def drafts(now: datetime) -> tuple[Draft, ...]:
    """All of them."""
    return (proportions(), integers(), gardens(now))


def integers() -> Draft:
    """Math support, grades 6 and 7: strong work, with a video; its date has passed."""
    code = "S-4TNB"
    return Draft(
        code=code,
        rubric=frame.MATH_TALK,
        learner="learner-03",
        due_in_days=-1,
        assignments=assigned(frame.ASSESSOR),
        parts=(
            Part("overview"),
            Part("analyze", (sheet_file(code, "tally.md"),)),
            Part("design", (word_file(code, "plan.md"),)),
            Part("implement", (media_file("counters.mp4"), text_file(code, "transcript.md"))),
            Part("reflect"),
        ),
    )


def gardens(now: datetime) -> Draft:
    """Third grade, area and perimeter: sent by another assessor, the approver marks first."""
    code = "S-8VRE"
    chart = charts.bars(
        "Turns by table, first lesson",
        ["Table 1", "Table 2", "Table 3", "Table 4", "Table 5"],
        [charts.Series("Answers", (13, 16, 7, 5, 3)), charts.Series("Reasons", (2, 4, 0, 0, 0))],
        step=5,
        axis="turns",
    )
    lesson = pdf_file(
        code,
        "lesson.md",
        footer="Two gardens, grade 3",
        pages=3,
        figures={"answers and reasons": paper.Figure(220, chart)},
    )
    return Draft(
        code=code,
        rubric=frame.MATH_TALK,
        learner="learner-04",
        due_in_days=1,
        status=SubmissionStatus.WAITING_ON_APPROVER,
        assignments=assigned(frame.OTHER_ASSESSOR, frame.APPROVER, sampled=True),
        parts=(
            Part("overview"),
            Part("analyze", (lesson,)),
            Part("design"),
            Part("implement", (File("png", garden_drawing),)),
            Part("reflect"),
        ),
        recommendations=(
            recommendation(code, frame.MATH_TALK, frame.OTHER_ASSESSOR, sent_at=hours_before(now, 20)),
        ),
    )


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
        Words("Great job!", 560, 960, 54, pictures.RED_MARKER),
    ]
    return pictures.jpeg(
        pictures.sheet_on_desk(marks, size=(1200, 1400), word="exit ticket", tilt=-1.1),
        orientation=pictures.ROTATE_CLOCKWISE,
    )


@cache
def garden_drawing() -> bytes:
    """One student's drawing of garden A, with every side at the edge counted."""
    pen, red = pictures.PENCIL, pictures.RED_MARKER
    marks: list[Mark] = [Words("Garden A  4 by 6", 70, 90, 34, pen)]
    left, top, side = 120, 190, 86
    for row in range(4):
        for column in range(6):
            x, y = left + column * side, top + row * side
            marks.append(Box(x, y, x + side, y + side, pen, None, 3))
    for column in range(6):
        x = left + column * side + 30
        marks.append(Words(str(column + 1), x, top - 14, 20, red))
        marks.append(Words(str(16 - column), x, top + 4 * side + 36, 20, red))
    for row in range(4):
        y = top + row * side + 52
        marks.append(Words(str(7 + row), left + 6 * side + 14, y, 20, red))
        marks.append(Words(str(20 - row), left - 46, y, 20, red))
    marks += [
        Words("I had 16 but the corner", 70, 680, 30, pen),
        Words("counts two times.", 70, 730, 30, pen),
        Words("16 + 4 = 20  fence", 70, 800, 34, red),
    ]
    return pictures.png(
        pictures.sheet_on_desk(marks, size=(900, 1080), word="garden A", ruled=False, tilt=0.8)
    )
