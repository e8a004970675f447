"""What in free text tells who somebody is, and what does not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.privacy.telling_text import TAKEN_OUT, Telling, telling_places, without_identity


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("My name is Canaria Birdsong and I ask why.", f"My name is {TAKEN_OUT} and I ask why."),
        ("I\u2019m Xylo and I ask.", f"I\u2019m {TAKEN_OUT} and I ask."),
        ("Me llamo Xochitl Quauhtli.", f"Me llamo {TAKEN_OUT}."),
        ("Why?\nThanks,\nXylo Quux", f"Why?\nThanks,\n{TAKEN_OUT}"),
        ("Why?\n- Xylo Quux", f"Why?\n- {TAKEN_OUT}"),
        ("Thanks, Xylo", f"Thanks, {TAKEN_OUT}"),
        ("Ask Ms. Quux about it.", f"Ask {TAKEN_OUT} about it."),
        ("Please do ask Maria Hernandez about it.", f"Please do ask {TAKEN_OUT} about it."),
        ("a@b.example or 312-555-0147 or https://x.example/y", f"{TAKEN_OUT} or {TAKEN_OUT} or {TAKEN_OUT}"),
        ("I teach at Lighthouse Elementary, room 4.", f"I teach at {TAKEN_OUT}, room 4."),
        ("All at Lighthouse Elementary School ask.", f"All at {TAKEN_OUT} ask."),
        ("Full name: Xylo Quux", f"Full name: {TAKEN_OUT}"),
        ("Soy de la Escuela Benito Lopez.", f"Soy de la {TAKEN_OUT}."),
    ],
)
def test_it_is_taken_out(text: str, cleaned: str) -> None:
    assert without_identity(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Why is Design 2 not enough? I used Think Alouds in Part 3.",
        "I am not sure what Artifact 2 lacks.",
        "I'm asking about the Demonstrated level.",
        "In Part 2, page 10, the students compare 3 of 4 plans (75 %).",
        "The unit is on Rosa Parks.",
        "First line.\nIs the level Demonstrated?",
        "Well Done",
    ],
)
def test_it_stays(text: str) -> None:
    assert telling_places(text) == ()
    assert without_identity(text) == text


def test_known_names_are_certain_and_the_look_of_a_name_is_not() -> None:
    text = "Quux asked Maria Hernandez, and a@b.example."
    found = [
        (place.kind, place.is_certain, text[place.start : place.end])
        for place in telling_places(text, ["Quux"])
    ]
    assert found == [
        (Telling.NAME, True, "Quux"),
        (Telling.NAME, False, "Maria Hernandez"),
        (Telling.EMAIL, True, "a@b.example"),
    ]


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=12), max_size=3))
def test_any_text_is_read_and_nothing_overlaps(text: str, known: list[str]) -> None:
    places = telling_places(text, known)
    assert all(0 <= p.start < p.end <= len(text) for p in places)
    assert all(one.end <= other.start for one, other in pairwise(places))
