"""What counts as words: a text that only looks written says nothing."""

from __future__ import annotations

import pytest

from assessor_app.domain.wording import has_words, is_same_in_words

NOTHING = ("", " \n\t", ".", "...", "- -", "___", "\u200b", "\u2060\ufeff", "\xad.", "\u2800", "?!")
"""Spaces, punctuation, characters of no width, and a Braille pattern without dots."""


@pytest.mark.parametrize("text", NOTHING)
def test_what_holds_no_letter_and_no_digit_says_nothing(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize("text", ["No", "3", "- ya.", "\u200bseen\u200b", "見た", "दिखा"])
def test_one_word_in_any_script_says_something(text: str) -> None:
    assert has_words(text)


@pytest.mark.parametrize(
    "other", ["Two questions a day.", " two\nquestions, a day...", "two ques\u200btions a day"]
)
def test_spaces_and_marks_change_no_words(other: str) -> None:
    assert is_same_in_words("Two questions a day", other)


@pytest.mark.parametrize("other", ["Two questions", "Two questions a week", "Two questions a day, once"])
def test_another_word_is_another_text(other: str) -> None:
    assert not is_same_in_words("Two questions a day", other)
