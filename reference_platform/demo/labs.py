"""Demo submissions on accessible lab work: chemistry, physics and biology, grades 5 to 11."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pymupdf

from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import AccommodationEffect, LinkState
from assessor_app.sync.protocol import AccommodationWire
from reference_platform.demo import charts, frame, lab_pictures, paper
from reference_platform.demo.building import (
    Address,
    Draft,
    File,
    Part,
    assigned,
    hours_before,
    media_file,
    pdf_file,
    sheet_file,
    slide_file,
    text_file,
    word_file,
)
from reference_platform.demo.history import decision, recommendation


def drafts(now: datetime) -> tuple[Draft, ...]:
    """All of them."""
    return (titration(), circuits(), microscope(), pendulum(now), yeast(now))


def titration() -> Draft:
    """Eleventh grade chemistry, with slides, a sound and links in all three states."""
    code = "S-H7WU"
    links = (
        Address(
            "https://example.org/graphs/sensor-group-4",
            LinkState.OPENS,
            "Sensor values, group 4, run 2",
            ((60, "200 OK"), (12, "200 OK")),
            comments_captured=False,
            snapshot=pdf_file(
                code,
                "sensor.md",
                footer="Captured by the platform",
                pages=1,
                figures={"pH by volume": paper.Figure(210, _values())},
            ),
        ),
        Address(
            "https://example.org/class-pages/chemistry-11",
            LinkState.UNKNOWN,
            "",
            ((60, "200 OK, a sign-in page"), (12, "200 OK, a sign-in page")),
        ),
        Address(
            "https://example.org/photos/station-8",
            LinkState.CLOSED,
            "",
            ((60, "404 Not Found"), (12, "404 Not Found")),
        ),
    )
    setup = pdf_file(code, "setup.md", footer="Titration for everybody: set-up and safety", pages=1)
    return Draft(
        code=code,
        rubric=frame.ACCESSIBLE_LABS,
        learner="learner-10",
        due_in_days=3,
        needed_in_days=9,
        assignments=assigned(frame.ASSESSOR),
        parts=(
            Part("barriers", (slide_file(code, "slides.md"),)),
            Part("redesign", (setup, media_file("sensor.m4a"))),
            Part("labday", (File("jpg", lab_pictures.station), File("csv", titration_runs)), links),
            Part("review"),
        ),
    )


def _values() -> paper.Draw:
    """The chart on the captured page."""
    return charts.bars(
        "pH by volume",
        ["20 ml", "21 ml", "22 ml", "23 ml", "24 ml", "25 ml"],
        [charts.Series("pH", (4.6, 4.9, 5.3, 6.1, 8.9, 10.4))],
        step=2,
        axis="pH",
    )


def circuits() -> Draft:
    """Fifth grade: cards made by a team, declared and approved as shared."""
    code = "S-Q2BS"
    cards = pdf_file(
        code,
        "cards.md",
        footer="Station cards: one bulb, two bulbs",
        pages=2,
        figures={
            "circuit one": paper.Figure(130, _circuit(1)),
            "circuit two": paper.Figure(130, _circuit(2)),
        },
    )
    return Draft(
        code=code,
        rubric=frame.ACCESSIBLE_LABS,
        learner="learner-11",
        due_in_days=6,
        assignments=assigned(frame.ASSESSOR),
        collaboration=(
            "The station cards (Artifact 2) were made by four teachers of one grade; all four agreed that "
            "each of us submits them. The observation, the way my stations run, the evidence from my "
            "class and every answer are mine alone."
        ),
        shared=(2,),
        parts=(
            Part("barriers", (word_file(code, "tally.md"),)),
            Part("redesign", (cards,)),
            Part("labday", (File("jpg", lab_pictures.circuit_card), text_file(code, "notes.txt"))),
            Part("review"),
        ),
    )


def microscope() -> Draft:
    """Ninth grade biology: a written observation stands for photographs, by an accommodation."""
    code = "S-T9KE"
    before = pdf_file(code, "before.md", footer="Onion cells: the lab as it was", pages=1)
    return Draft(
        code=code,
        rubric=frame.ACCESSIBLE_LABS,
        learner="learner-12",
        due_in_days=7,
        assignments=assigned(frame.ASSESSOR),
        collaboration=(
            "Rules 1 to 6 of Artifact 5 were agreed by the science department; everything else is my own."
        ),
        shared=(5,),
        accommodations=(
            AccommodationWire(
                effect=AccommodationEffect.SUBSTITUTE,
                instruction=(
                    "A colleague's written observation takes the place of photographs and video. "
                    "Judge it as you would judge a recording."
                ),
                requirement_id="labday",
            ),
        ),
        parts=(
            Part("barriers", (before,)),
            Part("redesign", (word_file(code, "after.md"),)),
            Part(
                "labday",
                (
                    text_file(code, "observation.txt"),
                    File("csv", microscope_marks),
                    text_file(code, "safety.md"),
                ),
            ),
            Part("review"),
        ),
    )


def pendulum(now: datetime) -> Draft:
    """Ninth grade physics: sent by another assessor, with exactly the points that are needed."""
    code = "S-M4RN"
    chart = charts.bars(
        "One swing by length (mean of each group)",
        ["20 cm", "30 cm", "40 cm", "50 cm", "60 cm", "80 cm", "100 cm"],
        [charts.Series("seconds", (0.9, 1.1, 1.27, 1.44, 1.55, 1.79, 2.01))],
        step=1,
        axis="s",
    )
    lab = pdf_file(
        code,
        "lab.md",
        footer="The pendulum, before and after",
        pages=2,
        figures={"ten swings": paper.Figure(210, chart)},
    )
    return Draft(
        code=code,
        rubric=frame.ACCESSIBLE_LABS,
        learner="learner-13",
        due_in_days=2,
        status=SubmissionStatus.WAITING_ON_APPROVER,
        assignments=assigned(frame.OTHER_ASSESSOR, frame.APPROVER),
        collaboration=(
            "The science department of my school wrote the rules on the wall together (Artifact 5, 1 to 6). "
            "All of us agreed that they may be handed in."
        ),
        shared=(5,),
        parts=(
            Part("barriers", (File("jpg", lab_pictures.crossed_out),)),
            Part("redesign", (lab,)),
            Part(
                "labday",
                (
                    File("jpg", lab_pictures.doubted_point),
                    sheet_file(code, "values.md"),
                    text_file(code, "safety.md"),
                ),
            ),
            Part("review"),
        ),
        recommendations=(
            recommendation(code, frame.ACCESSIBLE_LABS, frame.OTHER_ASSESSOR, sent_at=hours_before(now, 27)),
        ),
    )


def yeast(now: datetime) -> Draft:
    """Seventh grade: denied two weeks ago, for safety."""
    code = "S-5HYC"
    return Draft(
        code=code,
        rubric=frame.ACCESSIBLE_LABS,
        learner="learner-14",
        due_in_days=-15,
        status=SubmissionStatus.DENIED,
        assignments=assigned(frame.ASSESSOR, frame.APPROVER),
        parts=(
            Part("barriers"),
            Part("redesign", (text_file(code, "lab.md"),)),
            Part("labday", (File("png", lab_pictures.bottles),)),
            Part("review"),
        ),
        recommendations=(
            recommendation(code, frame.ACCESSIBLE_LABS, frame.ASSESSOR, sent_at=hours_before(now, 16 * 24)),
        ),
        decisions=(decision(code, frame.APPROVER, "deny", decided_at=hours_before(now, 14 * 24)),),
    )


@cache
def titration_runs() -> bytes:
    """Three runs of eight groups: grams of base, and the concentration that each group reports."""
    lines = ["group,run,base_g,concentration_mol_per_l,rule_for_stopping"]
    rules = (
        "2 drops after the tone stops rising",
        "number over 700",
        "1 drop after the number stops changing",
        "when E5 says stop",
        "number over 700 twice",
        "2 drops after the tone stops rising",
        "pink for 30 s and number over 650",
        "number over 700",
    )
    grams: tuple[tuple[float, ...], ...] = (
        (24.6, 24.5, 24.5),
        (24.9, 24.4, 24.5),
        (24.3, 24.4, 24.4),
        (24.7, 24.5, 24.5),
    )
    grams += ((25.6, 24.6, 24.5), (24.5, 24.5, 24.6), (24.2, 24.3, 24.4), (24.6, 24.8, 24.5))
    for group, (runs, rule) in enumerate(zip(grams, rules, strict=True), start=1):
        for run, base in enumerate(runs, start=1):
            lines.append(f"{group},{run},{base},{base * 0.1 / 25:.4f},{rule}")
    return ("\n".join(lines) + "\n").encode()


@cache
def microscope_marks() -> bytes:
    """What students marked in the picture."""
    rows = (
        ("F1", 3, "nucleus", "dust", "stain"),
        ("F4", 3, "wall", "fold", "stain and compare"),
        ("F7", 3, "nucleus", "", "stain"),
        ("F9", 2, "air bubble", "", "press on it"),
        ("F11", 3, "two nuclei", "dust on the lens", "move the slide"),
        ("F12", 3, "nucleus", "dust", "move the slide"),
        ("F15", 1, "wall", "", ""),
        ("F18", 3, "cytoplasm", "water", "enlarge"),
    )
    lines = ["student,places,best_explained,what_else,test"]
    lines += [",".join(str(cell) for cell in row) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def _circuit(bulbs: int) -> paper.Draw:
    """A loop with a battery and one or two bulbs."""

    def draw(page: pymupdf.Page, rect: pymupdf.Rect) -> None:
        dark = (0.15, 0.15, 0.18)
        left, right, top, bottom = rect.x0 + 60, rect.x0 + 330, rect.y0 + 28, rect.y1 - 22
        page.draw_rect(pymupdf.Rect(left, top, right, bottom), color=dark, width=1.6)
        middle = (left + right) / 2
        page.draw_rect(
            pymupdf.Rect(middle - 34, bottom - 10, middle + 34, bottom + 10),
            color=dark,
            fill=(0.95, 0.8, 0.4),
        )
        page.draw_rect(pymupdf.Rect(middle + 34, bottom - 5, middle + 39, bottom + 5), color=dark, fill=dark)
        page.insert_text((middle - 24, bottom + 4), "1.5 V   +", fontsize=10)
        for number in range(bulbs):
            x = left + (right - left) * (number + 1) / (bulbs + 1)
            page.draw_circle((x, top), 14, color=dark, fill=(1, 0.97, 0.75), width=1.6)
            page.draw_line((x - 10, top - 10), (x + 10, top + 10), color=dark, width=1.2)
            page.draw_line((x - 10, top + 10), (x + 10, top - 10), color=dark, width=1.2)
        note = "battery, bulb, wires" if bulbs == 1 else "battery, two bulbs, one loop"
        page.insert_text((right + 28, (top + bottom) / 2), note, fontsize=10)

    return draw
