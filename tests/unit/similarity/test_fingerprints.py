"""Fingerprints: what is shared leaves one, what the issuer wrote leaves none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_platform.similarity.fingerprints import (
    MOST_WORDS,
    SHINGLE_WORDS,
    WINDOW,
    containment,
    fingerprints,
    is_reported,
    issuers_shingles,
    shingles,
    winnowed,
    words_of,
)

KEY = b"k" * 43


def words(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices("abcdefghij", k=6)) for _ in range(count)]


@pytest.mark.parametrize("shared_words", [SHINGLE_WORDS + WINDOW - 1, 9, 30])
def test_a_shared_passage_of_eight_words_leaves_a_print_wherever_it_stands(shared_words: int) -> None:
    for seed in range(60):
        lifted = words(seed, shared_words)
        one = [*words(seed + 1000, seed), *lifted, *words(seed + 2000, 40)]
        other = [*words(seed + 3000, 25), *lifted, *words(seed + 4000, seed * 2)]
        assert fingerprints(" ".join(one), KEY) & fingerprints(" ".join(other), KEY)


def test_what_was_written_apart_shares_nothing() -> None:
    one, other = (fingerprints(" ".join(words(seed, 3000)), KEY) for seed in (1, 2))
    assert not one & other


def test_case_form_and_punctuation_do_not_hide_a_copy() -> None:
    plain = "The children said that it doesn't matter which of the two bulbs is the dimmer one of them"
    changed = "the CHILDREN, said: that it doesn\u2019t matter \u2013 which of the ﬁrst two".replace(
        "ﬁrst ", ""
    )
    changed += "\nbulbs is the   dimmer one (of them)!"
    assert fingerprints(changed, KEY) == fingerprints(plain, KEY)


def test_another_key_makes_other_prints() -> None:
    text = " ".join(words(3, 200))
    assert not fingerprints(text, KEY) & fingerprints(text, b"another tenant's key")


def test_the_issuers_words_leave_no_print_even_where_they_meet_the_learners() -> None:
    prompt = "Describe how you planned the discussion and which ways of thinking you expected to hear"
    issuers = issuers_shingles([prompt], KEY)
    quoting = [f"{' '.join(words(seed, 30))} {prompt} {' '.join(words(seed + 50, 30))}" for seed in (1, 2)]
    one, other = (fingerprints(text, KEY, issuers) for text in quoting)
    assert not one & other
    assert one
    assert fingerprints(quoting[0], KEY) & fingerprints(quoting[1], KEY), "without the subtraction it shows"


@pytest.mark.parametrize(("count", "kept"), [(0, 0), (4, 0), (5, 1), (6, 1), (8, 1)])
def test_short_texts_keep_what_little_they_have(count: int, kept: int) -> None:
    assert len(fingerprints(" ".join(words(5, count)), KEY)) == kept


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40))
def test_every_window_keeps_its_smallest(numbers: list[int]) -> None:
    kept = winnowed(numbers)
    assert kept <= set(numbers)
    for at in range(len(numbers) - WINDOW + 1):
        assert min(numbers[at : at + WINDOW]) in kept


def test_numbers_fit_a_signed_column_of_64_bits() -> None:
    numbers = shingles(words_of(" ".join(words(6, 4000))), KEY)
    assert min(numbers) < 0 < max(numbers)
    assert all(-(2**63) <= number < 2**63 for number in numbers)


def test_an_endless_text_is_looked_at_from_its_start() -> None:
    assert len(words_of("word " * (MOST_WORDS + 100))) == MOST_WORDS


@pytest.mark.parametrize(
    ("shared", "one", "other", "reported"),
    [(8, 200, 900, True), (7, 20, 900, False), (8, 201, 900, False), (0, 0, 0, False), (400, 400, 400, True)],
)
def test_a_match_needs_both_a_share_and_a_number(shared: int, one: int, other: int, reported: bool) -> None:
    assert is_reported(shared, containment(shared, one, other)) is reported
    assert containment(shared, one, other) == containment(shared, other, one)
