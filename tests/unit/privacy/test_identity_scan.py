"""Names are found where they stand for certain, and what is evidence is left alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assessor_app.documents.text_layer import RawWord
from assessor_app.privacy import identity_scan
from assessor_app.privacy.identity_names import identifying_words, school_in
from assessor_app.privacy.identity_scan import COVER, PlaceKind, covered, scan_cells, scan_page, scan_text

LETTER = (612.0, 792.0)


def found(text: str) -> list[str]:
    return [text[place.start : place.end] for place in scan_text(text)]


def in_body(line: str) -> list[str]:
    """What is found in a line far below the title block."""
    return found("\n".join(["# A lesson", *["words of the lesson"] * 10, line]))


def page_of(*lines: tuple[float, float, float, str]) -> list[RawWord]:
    """Words of a page from lines (x, top, height of the letters, text), each letter half as wide as high."""
    words: list[RawWord] = []
    for number, (left, y, height, text) in enumerate(lines):
        x = left
        for word in text.split(" "):
            width = len(word) * height / 2
            words.append(RawWord(x, y, x + width, y + height, word, number, 0))
            x += width + height / 2
    return words


def on_page(words: Sequence[RawWord], page: int = 0, *, is_picture: bool = False) -> list[str]:
    groups = scan_page(words, page, LETTER, is_picture=lambda: is_picture)
    return [" ".join(words[index].text for index in group.words) for group in groups]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Teacher: Ana Ruiz   Date: 3/4/2026", ["Ana Ruiz"]),
        ("Name: maria lopez", ["maria lopez"]),
        ("Name: Xochitl Quetzalli", ["Xochitl Quetzalli"]),
        ("Names: Ana Ruiz, Tom Lee and Kim Cho", ["Ana Ruiz", "Tom Lee", "Kim Cho"]),
        ("Student: Jayden Brown Grade: 4", ["Jayden Brown"]),
        ("Student: Maria", ["Maria"]),
        ("Submitted by: Dana K. Whitfield", ["Dana K. Whitfield"]),
        ("Prepared by Jane Okonkwo", ["Jane Okonkwo"]),
        ("Teacher name: Kowalczykowa", ["Kowalczykowa"]),
        ("Nombre: José Hernández", ["José Hernández"]),
        ("Maestra: Sra. Peña", ["Sra. Peña"]),
        ("Docente: Lucía Ortega Vidal", ["Lucía Ortega Vidal"]),
        ("Elaborado por Rosa María Quispe", ["Rosa María Quispe"]),
        ("**Teacher:** Carla Mendoza-Ruiz, M.Ed.", ["Carla Mendoza-Ruiz, M.Ed"]),
        ("| Teacher | Kim Nguyen |", ["Kim Nguyen"]),
        ("<td>Teacher</td><td>Kim Nguyen</td>", ["Kim Nguyen"]),
        ("Instructor: Ruiz, Ana", ["Ruiz, Ana"]),
        ("School: Green Valley Middle School", ["Green Valley Middle School"]),
        ("District: Oakhurst Unified", ["Oakhurst Unified"]),
        ("Escuela: Benito Juárez", ["Benito Juárez"]),
        ("Write to ana.ruiz@school.example, please", ["ana.ruiz@school.example"]),
        ("Phone: 555-123-4567", ["555-123-4567"]),
    ],
)
def test_labelled_places_and_addresses_are_found_anywhere(line: str, expected: list[str]) -> None:
    assert in_body(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Student: Responds to the question with a drawing.",
        "Teacher: Angela asked the class what they notice.",
        "Teacher: Models the strategy, then circulates.",
        "Teacher: Good Morning, class",
        "Students: Work in Pairs",
        "Name: ____________  Date: ______",
        "Name: Photosynthesis",
        "Author: Eric Carle",
        "Author: Dr. Seuss",
        "Ms. Rivera read the story aloud, and Maria Lopez answered.",
        "Maria Lopez",
        "Lincoln Elementary School",
        "The sum is 555-1234 and 123 456 7890.",
        "School: Middle School",
        "School: all of the classes",
        "by Eric Carle",
        "By Friday students finish.",
        "Principal: 2000 dollars at 4 percent",
        "Parents: conferences in March",
    ],
)
def test_evidence_is_not_covered(line: str) -> None:
    assert in_body(line) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Maria Lopez", ["Maria Lopez"]),
        ("Lopez, Maria", ["Lopez, Maria"]),
        ("Ms. Rivera's 4th Grade Class", ["Ms. Rivera"]),
        ("Maria Lopez & John Smith", ["Maria Lopez", "John Smith"]),
        ("By Grace Johnson", ["Grace Johnson"]),
        ("Lincoln Elementary School, Grade 4", ["Lincoln Elementary School"]),
        ("Oakhurst Unified School District", ["Oakhurst Unified School District"]),
        ("Escuela Primaria Benito Juárez", ["Escuela Primaria Benito Juárez"]),
        ("Rosa Parks", []),
        ("Martin Luther King Jr.", []),
        ("Rose Garden", []),
        ("Grace Period", []),
        ("San Antonio", []),
        ("Mark Scheme", []),
        ("Virginia Standards of Learning", []),
        ("Middle School Math", []),
        ("High School Algebra", []),
        ("Guided Reading", []),
        ("Khan Academy", []),
        ("Fractions on a Number Line", []),
    ],
)
def test_below_the_first_heading_a_name_alone_counts(line: str, expected: list[str]) -> None:
    assert found(f"# Equivalent fractions\n{line}\nLearning objective") == expected


def test_the_heading_itself_is_what_the_work_is_about() -> None:
    words = page_of((72, 90, 24, "Sofia Garcia"), (72, 130, 12, "A biography for grade four"))
    assert on_page(words) == []


def test_a_title_block_on_the_first_page_and_not_on_the_next() -> None:
    block = [(72.0, 90.0, 24.0, "Equivalent fractions"), (72.0, 130.0, 12.0, "Maria Lopez")]
    body = [(72.0, 160.0 + 16 * n, 12.0, "Students compare fractions on a line.") for n in range(20)]
    words = page_of(*block, *body)
    assert on_page(words) == ["Maria Lopez"]
    assert on_page(words, page=1) == []


@pytest.mark.parametrize("way", ["left", "down", "up"])
def test_a_page_on_its_side_or_upside_down_is_read_as_people_turn_it(way: str) -> None:
    width, height = LETTER
    turned = {
        "left": lambda w: (width - w.x1, height - w.y1, width - w.x0, height - w.y0),
        "down": lambda w: (width - w.y1, w.x0, width - w.y0, w.x1),
        "up": lambda w: (w.y0, height - w.x1, w.y1, height - w.x0),
    }[way]
    body = [(72.0, 160.0 + 16 * n, 12.0, "Students compare fractions on a line.") for n in range(20)]
    upright = page_of(
        (72.0, 90.0, 24.0, "Equivalent fractions of many kinds"), (72.0, 130.0, 12.0, "Maria Lopez"), *body
    )
    words = [RawWord(*turned(word), word.text, word.block, word.line) for word in upright]
    assert on_page(words) == ["Maria Lopez"]


def test_the_first_line_counts_where_it_is_no_larger_than_the_rest() -> None:
    words = page_of((72, 90, 12, "Maria Lopez"), (72, 106, 12, "Ms. Rivera"), (72, 122, 12, "4 March 2026"))
    assert on_page(words) == ["Maria Lopez", "Ms. Rivera"]


def test_headers_and_footers_count_on_every_page() -> None:
    body = [(72.0, 120.0 + 16 * n, 12.0, "Students compare fractions on a line.") for n in range(30)]
    words = page_of((72, 36, 10, "Maria Lopez | Unit 3"), *body, (72, 750, 10, "Lincoln Elementary School"))
    assert on_page(words, page=4) == ["Maria Lopez", "Lincoln Elementary School"]


def test_a_label_and_its_value_far_apart_on_one_line_belong_together() -> None:
    body = [(72.0, 120.0 + 16 * n, 12.0, "Students compare fractions on a line.") for n in range(30)]
    words = page_of(*body, (72, 640, 12, "Teacher"), (300, 640, 12, "Kim Nguyen"))
    assert on_page(words, page=1) == ["Kim Nguyen"]


def test_a_name_in_the_corner_of_a_photographed_page() -> None:
    rows = [(100.0, 250.0 + 20 * n, 14.0, "three fourths is more than two thirds") for n in range(15)]
    words = page_of((380, 110, 14, "Jayden Brown"), *rows)
    assert on_page(words, page=2, is_picture=True) == ["Jayden Brown"]
    assert on_page(words, page=2) == []


def test_a_page_without_words_has_no_places() -> None:
    assert scan_page([], 0, LETTER) == ()


def test_covered_text_is_as_long_as_before_and_says_nothing() -> None:
    text = "# Unit\nTeacher: Ana Ruiz\nDay 1"
    hidden = covered(text, scan_text(text))
    assert hidden == f"# Unit\nTeacher: {COVER * 3} {COVER * 4}\nDay 1"
    assert len(hidden) == len(text)


def test_cells_behind_a_label_are_found() -> None:
    rows: list[list[list[object]]] = [
        [[0, 0, "Teacher"], [0, 1, "Kim Nguyen"], [0, 2, "Grade 4"]],
        [[1, 0, "Name: Jayden Brown"], [1, 3, "12"]],
        [[2, 0, "Fractions"], [2, 1, "Maria Lopez"]],
    ]
    assert [(cell[0], cell[1]) for cell, _places in scan_cells(rows)] == [(0, 1), (1, 0)]


def test_words_for_the_check_on_feedback() -> None:
    assert identifying_words("Ms. Maria López") == ("ms. maria lópez", "maria", "lópez")
    assert identifying_words("Grace Johnson") == ("grace johnson", "johnson")
    assert identifying_words("Lincoln Elementary School") == ("lincoln elementary school",)
    assert identifying_words(" ") == ()


def test_a_school_needs_a_name_of_its_own() -> None:
    line = "Visit Oak Ridge Elementary School today"
    span = school_in(line)
    assert span is not None
    assert line[span[0] : span[1]].endswith("Oak Ridge Elementary School")
    assert school_in("Every Middle School has one") is None


@pytest.mark.parametrize("letter", ["A", " ", "Name: ", "a@", "(", "Mr. ", "1-", "|", "Lee, "])
def test_the_time_grows_with_the_length_of_the_text_alone(letter: str) -> None:
    scan_text(letter * 40_000)
    assert scan_page([RawWord(0, n, 9, n + 8, letter, 0, n) for n in range(3_000)], 0, LETTER) is not None


def test_a_finding_says_what_kind_it_is() -> None:
    text = "Teacher: Ana Ruiz\nSchool: Green Valley\na.b@c.org\ntel 555-123-4567"
    assert [place.kind for place in scan_text(text)] == [
        PlaceKind.NAME,
        PlaceKind.SCHOOL,
        PlaceKind.EMAIL,
        PlaceKind.PHONE,
    ]
    assert identity_scan.VERSION >= 1
