"""Which words are checked, and which are left alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.spelling import in_units, known_words, normal, without_possessive, words_of


def checked(text: str) -> list[str]:
    return [span.word for span in words_of(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The teacher\u2019s plan, don't!", ["The", "teacher's", "plan", "don't"]),
        ("a mother-in-law's re-read co-teaching", ["mother", "law's", "read", "teaching"]),
        ("teacher/student and/or", ["teacher", "student", "and", "or"]),
        ("**bold** *it* (so) \u201cquoted\u201d \u00bfqu\u00e9?", ["bold", "it", "so", "quoted", "qu\u00e9"]),
        ("ni\u00f1o cafe\u0301", ["ni\u00f1o", "caf\u00e9"]),
        ("'quoted' words'", ["quoted", "words"]),
        ("see `wrng kode` heer", ["see", "heer"]),
        ("`a` bb `c` `d` ee", ["bb", "ee"]),
    ],
)
def test_words_are_found(text, wanted):
    assert checked(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "https://wrng.example/pathh", "www.wrng.example", "anna@exmple.org", "Artifct.pdf", "C:\\wrng\\pth",
        "/usr/shre", "a/b/c", "NASA", "NASA's", "H2O", "1st", "20th-centry", "3rd", "snake_cse", "camelCase",
        "iPad", "GeoGebra", "foo()", "std::vectr", "#hshtag", "{artifct}", "<b>", "x", "e.g.", "&amp;",
        "w" * 61, "", " ", "...", "--",
    ],
)  # fmt: skip
def test_what_is_no_prose_is_left_alone(text):
    assert checked(text) == []


def test_places_are_those_of_the_text():
    text = "One \U0001f600 two"
    (one, two) = words_of(in_units(text))
    assert (one.start, one.end, two.start, two.end) == (0, 3, 7, 10)
    assert text.encode("utf-16-le")[14:20].decode("utf-16-le") == "two"


def test_words_of_the_rubric_are_known_in_any_case():
    assert known_words(["Kahoot\u2019s Flipgrid", "flipgrid"]) == {"kahoot's", "flipgrid"}
    assert without_possessive("Kahoot's") == "Kahoot"
    assert normal("Kahoot\u2019s") == "Kahoot's"


@given(st.text())
def test_any_text_has_places_within_it_in_their_order(text):
    spans = list(words_of(text))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(normal(text[span.start : span.end]) == span.word for span in spans)
