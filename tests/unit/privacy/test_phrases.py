"""Whole words and phrases: any case, any form of accents, never over the end of a sentence."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.privacy.phrases import PhraseFinder, phrase_key, words_of


def found(text: str, *phrases: str) -> list[str]:
    finder = PhraseFinder((phrase, phrase) for phrase in phrases)
    return [text[one.start : one.end] for one in finder.find(text)]


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("A careless reader", "careless", ["careless"]),
        ("CARELESS. Careless!", "careless", ["CARELESS", "Careless"]),
        ("carelessly done", "careless", []),
        ("uncareless", "careless", []),
        ("You\n always say it", "you always", ["You\n always"]),
        ("so would you. Always ask", "you always", []),
        ("you\n\nalways", "you always", []),
        ("you     always", "you always", []),
        ("a 504-plan", "504 plan", ["504-plan"]),
        ("you don\u2019t try", "you don't try", ["you don\u2019t try"]),
        ("snake_careless_case", "careless", ["careless"]),
        ("John Q. Public", "john q public", ["John Q. Public"]),
        ("he said no. Evidence", "no evidence", []),
        ("Straße", "STRASSE", ["Straße"]),
        ("", "careless", []),
        ("careless", "...", []),
    ],
)
def test_what_is_one_phrase(text: str, phrase: str, expected: list[str]) -> None:
    assert found(text, phrase) == expected


def test_accents_in_either_form_are_the_same_word() -> None:
    composed = unicodedata.normalize("NFC", "José Pérez")
    taken_apart = unicodedata.normalize("NFD", composed)
    assert composed != taken_apart
    assert found(f"by {taken_apart}.", composed) == [taken_apart]
    assert found(f"by {composed}.", taken_apart) == [composed]


def test_the_longer_phrase_counts_and_none_overlaps() -> None:
    assert found("nothing is missing here, it is missing", "is missing", "nothing is missing") == [
        "nothing is missing",
        "is missing",
    ]
    assert found("one two three", "one two", "two three") == ["one two"]


def test_of_two_equal_phrases_the_first_counts() -> None:
    finder = PhraseFinder([("Not met", 1), ("not  MET", 2)])
    assert [one.meaning for one in finder.find("It is not met.")] == [1]


@given(st.text(max_size=300), st.lists(st.text(max_size=12), max_size=6))
def test_any_text_and_any_table(text: str, phrases: list[str]) -> None:
    finder = PhraseFinder((phrase, phrase) for phrase in phrases)
    end = 0
    for one in finder.find(text):
        assert end <= one.start < one.end <= len(text)
        assert phrase_key(text[one.start : one.end]) == phrase_key(one.meaning)
        end = one.end


@given(st.text(max_size=100))
def test_a_text_of_words_alone_is_found_in_itself(text: str) -> None:
    key = phrase_key(text)
    finder = PhraseFinder([(text, True)])
    assert bool(list(finder.find(" ".join(key)))) is bool(key)
    assert all(text[word.start : word.end] for word in words_of(text))


def test_a_long_run_of_beginnings_takes_time_in_proportion() -> None:
    phrases = [(" ".join(["a"] * length), length) for length in range(2, 30)]
    finder = PhraseFinder([(phrase + " b", n) for phrase, n in phrases])

    def seconds(words: int) -> float:
        begin = time.process_time()
        assert list(finder.find("a " * words)) == []
        return time.process_time() - begin

    # A square would take 16 times as long; a busy machine makes either of the two slower.
    assert min(seconds(2_000) for _ in range(2)) < 9 * min(seconds(500) for _ in range(2))
