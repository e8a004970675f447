"""Words found again in edited texts: the right ones, or none; never other ones in silence."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.documents.anchoring import (
    Found,
    anchor_words,
    find_words,
    nearest_first,
    place_anchor,
    place_anywhere,
    text_anchor,
)
from assessor_app.documents.pages import PageText
from assessor_app.documents.word_search import best, candidates, fold
from tests.unit.documents.test_anchoring import OTHER_SHA, page_of, target
from tests.unit.documents.text_edits import KINDS, Case, case, text_of

CASES = 150
LEAST_FOUND = {"moved": 1.0, "layout": 1.0, "around": 0.95, "inside": 0.85, "everything": 0.85, "twins": 0.8}
"""Share of marks that must find their words again, of those whose words are still there."""


def is_right(made: Case, span: tuple[int, int]) -> bool:
    """Whether a span lies on the words: the ends may be a word off where words were put in at an end."""
    if made.place is None:
        return False
    left, right = max(span[0], made.place[0]), min(span[1], made.place[1])
    is_as_marked = made.new[span[0] : span[1]] == made.words.exact and right > left
    return is_as_marked or right - left > 0.5 * (max(span[1], made.place[1]) - min(span[0], made.place[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_words_are_found_or_none(kind: str) -> None:
    chance = Random(f"words {kind}")
    there = found = 0
    for _ in range(CASES):
        made = case(chance, kind)
        span = find_words(made.words, made.new)
        there += made.place is not None
        found += span is not None
        assert span is None or is_right(made, span), (made.words, made.new[slice(*span)])
    assert found >= LEAST_FOUND.get(kind, 0.0) * there


@given(st.integers(0, 10**9), st.sampled_from(("moved", "around", "layout", "deleted")))
def test_other_words_are_never_found(number: int, kind: str) -> None:
    made = case(Random(number), kind)
    span = find_words(made.words, made.new)
    assert span is None or fold(made.new[slice(*span)]).text == fold(made.words.exact).text


def mark_on(text: str, marked: str) -> tuple[str, int]:
    return text, text.index(marked)


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        ("The exit tick- et showed that six still con- fused area with it.", "six still con- fused area"),
        ("The exit ticket showed that\nsix still\nconfused area with it.", "six still\nconfused area"),
        (
            "The exit ticket showed that six still \ufeffconfused area with it.",
            "six still \ufeffconfused area",
        ),
        ("The exit ticket showed that six stil confused area with it.", "six stil confused area"),
        ("The exit ticket showed that six were still confused area with it.", "six were still confused area"),
        ("THE EXIT TICKET SHOWED THAT SIX STILL CONFUSED AREA WITH IT.", "SIX STILL CONFUSED AREA"),
    ],
)
def test_layouts_and_small_edits(new: str, wanted: str) -> None:
    old, start = mark_on(
        "The exit ticket showed that six still confused area with it.", "six still confused area"
    )
    span = find_words(text_anchor(old, start, start + 23, "layer"), new)
    assert span is not None
    assert new[slice(*span)] == wanted


def test_ligatures_and_signs_at_the_ends() -> None:
    old = 'She wrote: "a difficult, official finding" at the end of it.'
    start = old.index('"a')
    words = text_anchor(old, start, old.rindex('"') + 1, "layer")
    new = "First of all she wrote: “a diﬃcult, oﬃcial ﬁnding” at the end of it."
    span = find_words(words, new)
    assert span is not None
    assert new[slice(*span)] == "“a diﬃcult, oﬃcial ﬁnding”"


def test_two_places_that_are_equally_good_are_no_place() -> None:
    row = "Name the strategy that you used here. "
    words = text_anchor(row, 9, 17, "layer")
    moved = "Some words that were not there before stand first in this. " * 3 + row * 3
    assert find_words(words, moved) is None
    assert find_words(words, row * 3) == (9, 17)


def test_signs_alone_are_found_where_they_stand_alone() -> None:
    words = text_anchor("so 3 + 4 → 7 it is", 9, 10, "layer")
    assert find_words(words, "and so 3 + 4 → 7 it is") == (13, 14)
    assert find_words(text_anchor("a -- b", 2, 4, "layer"), "a -- b and c") == (2, 4)


def test_edited_words_are_said_to_be_similar() -> None:
    anchor = anchor_words(
        target(), page_of("we saw that six still confused area with perimeter then"), 12, 35
    )
    placement = place_anchor(
        anchor, OTHER_SHA, page_of("we saw that six still confuse area with perimeter then")
    )
    assert placement is not None
    assert placement.found is Found.SIMILAR


def test_a_better_place_on_a_later_page_wins_over_a_poor_one_on_the_same_page() -> None:
    marked = "a long sentence about fences that go around a garden with carpets"
    old = page_of(f"here we say {marked} and nothing else", page=0)
    start = old.text.index(marked)
    anchor = anchor_words(target(0), old, start, start + len(marked))
    pages = [
        page_of(marked.replace("fences", "hedges").replace("carpets", "rugs"), page=0),
        page_of(f"and here we say {marked} and nothing else at all", page=1),
    ]
    placement = place_anywhere(anchor, OTHER_SHA, pages)
    assert placement is not None
    assert (placement.page, placement.found) == (1, Found.ELSEWHERE)


@pytest.mark.parametrize("letters", [1, 10, 400])
def test_500_pages_are_looked_through_in_bounded_time(letters: int) -> None:
    """The worst case: the words are nowhere, so that every page is searched for something similar."""
    chance = Random(letters)
    pages = [PageText(page, " ".join(text_of(chance, 500)), ()) for page in range(500)]
    gone = text_anchor("zebra quagga " * 40, 0, letters, "layer")
    anchor = anchor_words(target(250), page_of("some words"), 0, 4)
    began = time.process_time()
    placement = place_anywhere(
        replace(anchor, text=replace(gone, prefix="no such thing", suffix="here at all")),
        OTHER_SHA,
        (pages[number] for number in nearest_first(250, 500)),
    )
    assert placement is None
    assert time.process_time() - began < 15


def test_in_a_very_long_text_the_surroundings_are_looked_through() -> None:
    chance = Random(3)
    text = " ".join(text_of(chance, 60_000))
    assert len(text) > 300_000
    start = text.index(" ", 250_000) + 1
    words = text_anchor(text, start, start + 120, "plain")
    moved = text[:1000] + "A new paragraph stands here. " * 40 + text[1000:]
    began = time.process_time()
    span = find_words(words, moved)
    assert time.process_time() - began < 1
    assert span is not None
    assert moved[slice(*span)] == words.exact


def test_of_no_places_there_is_no_best() -> None:
    assert best(()) is None
    assert candidates(text_anchor("words", 0, 5, "layer"), "") == ()
