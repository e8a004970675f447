"""The demo's resubmission: fourth grade, comparing fractions, second attempt after a denial.

Its portfolio is the document that the tour pages through.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import LinkState
from assessor_app.sync.protocol import PriorWire
from reference_platform.demo import charts, frame, paper, pictures, word_files
from reference_platform.demo.building import Address, Draft, File, Part, assigned, text_file
from reference_platform.demo.history import decision, recommendation
from reference_platform.demo.paper import Figure
from reference_platform.demo.pictures import Box, Line, Mark, Words
from reference_platform.demo.writing import answers, document

CODE, EARLIER_CODE = "S-7K2M", "S-3QX9"
LEARNER = "learner-01"
SEARCH_WORD = "benchmark"
SENTENCE = (
    "Five sixths is closer to one whole than seven ninths, because the piece that is missing is smaller."
)

FIRST_LESSON_TURNS = (
    ("8", "7", "1", "1", "9", "3"),
    ("", "1", "5", "1", "4", ""),
    ("", "1", "", "", "", ""),
    ("", "", "", "", "", ""),
)


def draft(now: datetime) -> Draft:
    """The toured submission."""
    slide = Address(
        "https://example.org/slides/comparing-fractions",
        LinkState.OPENS,
        "Which is greater? (one slide)",
        ((40, "200 OK"), (16, "200 OK")),
        comments_captured=True,
        snapshot=File("pdf", slide_snapshot, pages=1),
    )
    return Draft(
        code=CODE,
        rubric=frame.MATH_TALK,
        learner=LEARNER,
        due_in_days=2,
        assignments=assigned(frame.ASSESSOR, frame.APPROVER),
        attempt=2,
        prior=(prior(now),),
        parts=(
            Part("overview"),
            Part("analyze", (File("docx", record),)),
            Part("design", (File("pdf", portfolio, pages=7),)),
            Part(
                "implement",
                (File("jpg", student_paper), File("jpg", board), File("csv", exit_tickets)),
                (slide,),
            ),
            Part("reflect"),
        ),
    )


def earlier(now: datetime) -> Draft:
    """The first attempt, which another assessor read and which was denied."""
    decided_at = (now - timedelta(days=31)).replace(microsecond=0)
    return Draft(
        code=EARLIER_CODE,
        rubric=frame.MATH_TALK,
        learner=LEARNER,
        due_in_days=-33,
        status=SubmissionStatus.DENIED,
        assignments=assigned(frame.OTHER_ASSESSOR),
        parts=(
            Part("overview"),
            Part("analyze", (File("docx", record),)),
            Part("design", (File("pdf", first_plan, pages=4),)),
            Part("implement", (text_file(EARLIER_CODE, "transcript.md"), File("jpg", first_paper))),
            Part("reflect"),
        ),
        recommendations=(
            recommendation(
                EARLIER_CODE,
                frame.MATH_TALK,
                frame.OTHER_ASSESSOR,
                sent_at=decided_at - timedelta(days=2),
            ),
        ),
        decisions=(decision(EARLIER_CODE, frame.APPROVER, "deny", decided_at=decided_at),),
    )


def prior(now: datetime) -> PriorWire:
    """What the second attempt says about the first."""
    asked = answers(CODE, "asked_last_time.md")
    overall = asked.pop("overall")
    return PriorWire(
        code=EARLIER_CODE,
        attempt=1,
        outcome="denied",
        decided_at=(now - timedelta(days=31)).replace(microsecond=0),
        criteria_not_met=list(asked),
        feedback=asked,
        overall=overall,
    )


def record() -> bytes:
    """The tally of an ordinary lesson, as a Word document with the educator's own comments."""
    return word_files.document(document(CODE, "record.md"))


def slide_snapshot() -> bytes:
    """What the platform captured of the one slide, with the comments beside it."""
    pairs = [(5, 6), (7, 9)]
    return paper.document(
        document(CODE, "slide.md"),
        footer="Captured by the platform",
        figures={"fraction bars": Figure(130, charts.fraction_bars(pairs))},
        family="sans-serif",
    )


@cache
def portfolio() -> bytes:
    """Lesson plan, task, transcript and results in one PDF of seven pages."""
    seats = "Turns of each student in the first lesson, by seat; shaded: none."
    turns = charts.bars(
        "Student turns by kind, before and after",
        ["Answer only", "Reason to the teacher", "Restates a classmate", "Answers a classmate"],
        [charts.Series("First lesson", (32, 9, 0, 0)), charts.Series("This lesson", (7, 12, 2, 10))],
        step=10,
        axis="turns",
    )
    return paper.document(
        document(CODE, "portfolio.md"),
        footer="Comparing fractions, grade 4: plan, task, transcript, results",
        figures={
            "first lesson by seat": Figure(236, charts.seats(FIRST_LESSON_TURNS, seats)),
            "fraction bars": Figure(210, charts.fraction_bars([(5, 6), (7, 9), (3, 4), (7, 8)])),
            "turns by kind": Figure(210, turns),
        },
    )


@cache
def first_plan() -> bytes:
    """The plan of the first attempt in four pages: much of it came back, some of it otherwise."""
    seats = "Turns of each student in the first lesson, by seat; shaded: none."
    return paper.document(
        document(EARLIER_CODE, "plan.md"),
        footer="Comparing fractions, grade 4: plan, task, results",
        figures={
            "first lesson by seat": Figure(236, charts.seats(FIRST_LESSON_TURNS, seats)),
            "fraction bars": Figure(210, charts.fraction_bars([(5, 6), (7, 9)])),
        },
    )


def student_paper() -> bytes:
    """A photograph of one student's paper, taken with the camera turned."""
    return _paper_of_s12(is_finished=True)


def first_paper() -> bytes:
    """The same paper at the end of the first lesson: the bars, and no conclusion yet."""
    return _paper_of_s12(is_finished=False)


@cache
def _paper_of_s12(*, is_finished: bool) -> bytes:
    blue = pictures.BLUE_MARKER
    bars = []
    for row, (shaded, parts) in enumerate(((5, 6), (7, 9))):
        y = 420 + row * 190
        for part in range(parts):
            x = 130 + 730 * part / parts
            fill = (196, 208, 228) if part < shaded else None
            bars.append(Box(x, y, 130 + 730 * (part + 1) / parts, y + 90, pictures.PENCIL, fill, 4))
    marks: list[Mark] = [
        Words("S12   Pair A:  5/6 or 7/9 ?", 130, 130, 40, pictures.PENCIL),
        Words("I think 5/6.", 130, 260, 40, pictures.PENCIL),
        Words("5/6", 890, 490, 36, pictures.PENCIL),
        *bars,
        Words("7/9", 890, 680, 36, pictures.PENCIL),
        Line(((738, 520), (738, 596)), pictures.RED_MARKER, 5),
        Line(((698, 596), (698, 520)), pictures.RED_MARKER, 5),
        Words("1/6 is mising", 130, 830, 36, pictures.PENCIL),
        Words("2/9 is mising.", 130, 900, 36, pictures.PENCIL),
    ]
    later: list[Mark] = [
        Words("it is longer!", 410, 900, 36, pictures.PENCIL),
        Words("2/9 > 1/6  so 7/9 has a", 130, 1000, 36, pictures.PENCIL),
        Words("bigger hole.", 130, 1070, 36, pictures.PENCIL),
        Words("S10 says 1 away and 2 away", 130, 1180, 34, blue),
        Words("but the jumps arent same size", 130, 1245, 34, blue),
    ]
    marks += later if is_finished else []
    return pictures.jpeg(
        pictures.sheet_on_desk(marks, word="paper of S12"), orientation=pictures.ROTATE_CLOCKWISE
    )


@cache
def board() -> bytes:
    """A photograph of the board at minute 14."""
    blue, red, green = pictures.BLUE_MARKER, pictures.RED_MARKER, pictures.GREEN_MARKER
    marks: list[Mark] = [
        Words("Which is greater?", 90, 130, 56, pictures.BLACK_MARKER),
        Words("A  5/6 or 7/9", 90, 270, 50, blue),
        Words("B  3/4 or 7/8", 860, 270, 50, blue),
        Words("S10: count the jumps", 90, 400, 40, green),
        Words("1 jump    2 jumps", 130, 470, 40, green),
        Words("S12: how big is the", 90, 590, 40, red),
        Words("missing piece?", 130, 660, 40, red),
        Words("1/6   <   2/9", 130, 750, 50, red),
        Words("S5: 3/18   4/18", 90, 870, 40, blue),
        Words("S21: 1 jump and 1 jump", 860, 400, 40, green),
        Words("but NOT the same!", 900, 470, 40, green),
        Box(880, 540, 1430, 620, pictures.BLACK_MARKER, None, 4),
        Box(1292, 540, 1430, 620, red, (240, 196, 196), 4),
        Box(880, 660, 1430, 740, pictures.BLACK_MARKER, None, 4),
        Box(1361, 660, 1430, 740, red, (240, 196, 196), 4),
        Words("3/4", 1455, 600, 38, blue),
        Words("7/8", 1455, 720, 38, blue),
        Words("Make the jumps", 860, 860, 46, pictures.BLACK_MARKER),
        Words("the same size first!", 860, 940, 46, pictures.BLACK_MARKER),
        Line(((855, 968), (1500, 976)), red, 6),
        Words("half: in our pocket", 90, 1020, 36, pictures.BLACK_MARKER),
    ]
    return pictures.jpeg(pictures.whiteboard(marks, size=(1600, 1200), word="board at minute 14"))


def exit_tickets() -> bytes:
    """The exit tickets as a table."""
    by_reason = {
        "missing piece": (2, 4, 5, 7, 10, 11, 12, 14, 18, 21, 22),
        "one half": (1, 6, 13, 19, 24),
        "common denominator": (8, 15, 20),
        "bigger numbers": (3, 16),
        "unequal bars": (9,),
        "no reason": (17, 23),
    }
    right = ("missing piece", "one half", "common denominator")
    rows = sorted((seat, reason) for reason, seats in by_reason.items() for seat in seats)
    lines = ["student,chose,correct,reason"]
    for seat, reason in rows:
        lines.append(
            f"S{seat},{'2/3' if reason in right else '4/9'},{'yes' if reason in right else 'no'},{reason}"
        )
    return ("\n".join(lines) + "\n").encode()
