"""Demo submissions on feedback to writers: grades 1 to 10, one returned, one due today, one earned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import pymupdf

from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import AccommodationEffect
from assessor_app.sync.protocol import AccommodationWire, ReturnWire
from reference_platform.demo import frame, paper, pictures
from reference_platform.demo.building import (
    Draft,
    File,
    Part,
    assigned,
    hours_before,
    pdf_file,
    sheet_file,
    text_file,
    word_file,
)
from reference_platform.demo.history import decision, recommendation
from reference_platform.demo.writing import answers

RULED_FROM, RULED_STEP = 96, 26
"""First line and distance of the lines on school paper, in points."""


def drafts(now: datetime) -> tuple[Draft, ...]:
    """All of them."""
    return (arguments(now), hamster(), bean(), hospital_school(), lab_reports(now))


def arguments(now: datetime) -> Draft:
    """Tenth grade, argument: the approver returned the assessment."""
    code = "S-2LPM"
    named = ["p2-specific", "p2-uptake"]
    drafts_and_revisions = (
        word_file(code, "draft1.md", notes_in_text=True),
        word_file(code, "draft2.md", notes_in_text=True),
        pdf_file(code, "revisions.md", footer="Third drafts of W1 and W2", pages=2),
    )
    return Draft(
        code=code,
        rubric=frame.WRITERS_FEEDBACK,
        learner="learner-05",
        due_in_days=1,
        status=SubmissionStatus.RETURNED,
        round=2,
        assignments=assigned(frame.ASSESSOR, frame.APPROVER),
        returned=ReturnWire(reason=answers(code, "decision.md")["reason"], criteria=named),
        parts=(
            Part("part1"),
            Part("part2", drafts_and_revisions),
            Part("part3"),
        ),
        recommendations=(
            recommendation(code, frame.WRITERS_FEEDBACK, frame.ASSESSOR, sent_at=hours_before(now, 70)),
        ),
        decisions=(
            decision(code, frame.APPROVER, "return", decided_at=hours_before(now, 22), criteria=named),
        ),
    )


def hamster() -> Draft:
    """Fifth grade, opinion: handwriting, scanned without text; due today."""
    code = "S-6CZJ"
    return Draft(
        code=code,
        rubric=frame.WRITERS_FEEDBACK,
        learner="learner-06",
        due_in_days=0,
        assignments=assigned(frame.ASSESSOR),
        parts=(
            Part("part1"),
            Part("part2", (File("pdf", hamster_scan, pages=4), sheet_file(code, "log.md"))),
            Part("part3"),
        ),
    )


def bean() -> Draft:
    """First grade: one artifact, judged by itself."""
    code = "S-W3QD"
    monday = ("Ferst you git a cup. Then you", "put drt. Then you put the ben.", "Then you pot wotr.")
    tuesday = ("Then you pot wotr. A littl.", "Not a lak. Tch the drt if", "it is wet stop.")
    page = pdf_file(
        code,
        "page.md",
        footer="How to plant a bean, grade 1",
        pages=2,
        figures={
            "monday page": paper.Figure(150, _child_page(monday)),
            "tuesday page": paper.Figure(150, _child_page(tuesday)),
        },
    )
    return Draft(
        code=code,
        rubric=frame.WRITERS_FEEDBACK,
        learner="learner-07",
        due_in_days=5,
        assignments=assigned(frame.ASSESSOR),
        submission_type=SubmissionType.SINGLE_ARTIFACT,
        model="M7",
        parts=(Part("part1"), Part("part2", (page,))),
    )


def hospital_school() -> Draft:
    """Eighth grade in a hospital school; one criterion is taken out by an accommodation."""
    code = "S-K8FA"
    return Draft(
        code=code,
        rubric=frame.WRITERS_FEEDBACK,
        learner="learner-08",
        due_in_days=4,
        assignments=assigned(frame.ASSESSOR),
        accommodations=(
            AccommodationWire(
                effect=AccommodationEffect.EXCLUDE,
                instruction="Do not rate this criterion; students' own words are not asked for here.",
                criterion_id="p3-voice",
            ),
        ),
        parts=(
            Part("part1"),
            Part("part2", (word_file(code, "drafts.md", notes_in_text=True),)),
            Part("part3"),
        ),
    )


def lab_reports(now: datetime) -> Draft:
    """Seventh grade, lab reports: earned some weeks ago."""
    code = "S-D5XG"
    return Draft(
        code=code,
        rubric=frame.WRITERS_FEEDBACK,
        learner="learner-09",
        due_in_days=-19,
        attempt=None,
        status=SubmissionStatus.AWARDED,
        assignments=assigned(frame.ASSESSOR, frame.APPROVER),
        parts=(Part("part1"), Part("part2", (text_file(code, "drafts.md"),)), Part("part3")),
        recommendations=(
            recommendation(code, frame.WRITERS_FEEDBACK, frame.ASSESSOR, sent_at=hours_before(now, 20 * 24)),
        ),
        decisions=(decision(code, frame.APPROVER, "award", decided_at=hours_before(now, 18 * 24)),),
    )


@cache
def hamster_scan() -> bytes:
    """Two drafts with the teacher's red pen, and the two revisions, as a scanner gives them."""
    with pymupdf.open() as made:
        for lines, notes in HAMSTER_PAGES:
            page = made.new_page(width=paper.LETTER[0], height=paper.LETTER[1])
            for number in range(24):
                y = RULED_FROM + RULED_STEP * number
                page.draw_line((40, y), (572, y), color=(0.6, 0.7, 0.85), width=0.6)
            page.draw_line((84, 30), (84, 770), color=(0.85, 0.5, 0.5), width=0.8)
            paper.write_by_hand(
                page, lines, (96, RULED_FROM - 3), size=11.5, leading=RULED_STEP, hand=lines[0]
            )
            for text, left, baseline in notes:
                paper.write_by_hand(
                    page, [text], (left, baseline), size=10, colour=paper.RED_PEN, hand="teacher"
                )
        return pictures.scan(made.tobytes(no_new_id=True), word="hamster")


HAMSTER_PAGES: Sequence[tuple[Sequence[str], Sequence[tuple[str, float, float]]]] = (
    (
        (
            "P          Should we keep the hamstar?",
            "",
            "I think we should not keep him over",
            "the summer. He is loud in his wheel",
            "and he smells and he cost money and",
            "he bit people. So we should give him",
            "to a pet store or a kid who wants him.",
        ),
        (
            ("hamster", 330, 80),
            ("You have four reasons and I believe", 110, 300),
            ("the one about the noise most.", 110, 324),
            ("When did he keep you from working?", 110, 366),
            ("What happened?", 110, 390),
        ),
    ),
    (
        (
            "Q          My opinion about the hamster",
            "",
            "One time he got out and we looked for",
            "him and he was under the radiator and",
            "it took all of math and then someone",
            "put a carrot there and he came out and",
            "everybody screamed. So he should go",
            "home with someone.",
        ),
        (
            ("I can see the escape under the radiator.", 110, 330),
            ("Which part shows your reason?", 110, 690),
        ),
    ),
    (
        (
            "P          Second draft",
            "",
            "I think we should not keep the hamster",
            "over the summer. He is loud. On the day",
            "of the spelling test he ran in his wheel",
            "the whole time and I wrote the word",
            "necessary and forgot the second s.",
            "He also bit me. It was when I changed",
            "his water and nobody had told me to",
            "knock first. A kid at home has more time",
            "to learn how he likes it.",
        ),
        (),
    ),
    (
        (
            "Q          Second draft",
            "",
            "The hamster should go home with someone",
            "for the summer. When he got out in March",
            "he was under the radiator for all of",
            "math. In summer nobody would be there",
            "to find him. A carrot only works if",
            "a person puts it there.",
        ),
        (("What does the escape have to do with", 110, 330), ("the summer?  - Now I know!", 110, 354)),
    ),
)
"""The handwritten lines of each page, and the teacher's notes with their places in points."""


def _child_page(lines: Sequence[str]) -> paper.Draw:
    """A page with wide lines and large letters, as first graders write."""

    def draw(page: pymupdf.Page, rect: pymupdf.Rect) -> None:
        page.draw_rect(rect, color=(0.7, 0.7, 0.7), fill=(0.995, 0.99, 0.96), width=0.8)
        for number in range(3):
            y = rect.y0 + 42 + number * 44
            page.draw_line((rect.x0 + 14, y), (rect.x1 - 14, y), color=(0.55, 0.65, 0.85), width=0.8)
            middle = y - 13
            page.draw_line(
                (rect.x0 + 14, middle),
                (rect.x1 - 14, middle),
                color=(0.75, 0.8, 0.9),
                width=0.5,
                dashes="[3] 0",
            )
        paper.write_by_hand(
            page, lines, (rect.x0 + 22, rect.y0 + 40), size=19, leading=44, colour=paper.PENCIL, hand="child"
        )

    return draw
