"""Anchors: made from words and boxes, found again by geometry, by words nearby, by words anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessor_app.documents.anchoring import (
    CONTEXT_LENGTH,
    Found,
    PagePoint,
    Target,
    anchor_box,
    anchor_plain,
    anchor_words,
    find_words,
    nearest_first,
    place_anchor,
    place_anywhere,
    plain_text,
    text_anchor,
)
from assessor_app.documents.pages import PageSize, PageText
from assessor_app.documents.text_layer import RawWord, build_page_text
from assessor_app.domain.annotations import Rect, SourceKind

SHA, OTHER_SHA = "a" * 64, "b" * 64


def page_of(text: str, page: int = 0, per_line: int = 6) -> PageText:
    """Words of 10 points for each letter, six to a line."""
    raw, x = [], 0.0
    for index, word in enumerate(text.split()):
        line = index // per_line
        x = 0.0 if index % per_line == 0 else x
        raw.append(RawWord(x, 20.0 * line, x + 10.0 * len(word), 20.0 * line + 12, word, 0, line))
        x += 10.0 * (len(word) + 1)
    return build_page_text(page, raw)


def target(page: int = 0, sha256: str = SHA) -> Target:
    return Target(SourceKind.ARTIFACT, "art-1", sha256, page, PageSize(600, 800))


LETTERS = st.characters(codec="utf-8", categories=["L", "N", "So"])
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=3, max_size=40)


@given(WORDS, st.data())
def test_words_that_did_not_move_are_found_where_they_were(words, data):
    page_text = page_of(" ".join(words))
    length = len(page_text.text)
    assume(length >= 2)
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start + 1, length))
    anchor = anchor_words(target(), page_text, start, end)
    assert anchor.text is not None
    assert anchor.text.exact == page_text.text[start:end]
    assert len(anchor.text.prefix) <= CONTEXT_LENGTH
    assert page_text.text.startswith(anchor.text.prefix + anchor.text.exact, start - len(anchor.text.prefix))
    assert find_words(anchor.text, page_text.text) == (start, end)
    again = place_anchor(replace(anchor, source_sha256=OTHER_SHA), SHA, page_text)
    assert again is not None
    assert again.rects == anchor.rects


@given(WORDS, WORDS, st.data())
def test_words_are_found_after_something_was_put_before_them(words, before, data):
    unique = "ANCHORED words here"
    at = data.draw(st.integers(0, len(words)))
    old = " ".join([*words[:at], unique, *words[at:]])
    page_text = page_of(old)
    start = page_text.text.index(unique)
    anchor = anchor_words(target(), page_text, start, start + len(unique))
    new = page_of(" ".join([*before, old]))
    assert place_anchor(anchor, OTHER_SHA, new) is not None
    assert anchor.text is not None
    span = find_words(anchor.text, new.text)
    assert span is not None
    assert new.text[span[0] : span[1]] == unique


@given(st.floats(-50, 700), st.floats(-50, 900), st.floats(-50, 700), st.floats(-50, 900))
def test_a_box_has_its_corners_in_order_and_lies_on_the_page(x0, y0, x1, y1):
    rect = anchor_box(target(), (x0, y0), (x1, y1)).rects[0]
    assert 0 <= rect.x0 <= rect.x1 <= 600
    assert 0 <= rect.y0 <= rect.y1 <= 800


def test_geometry_counts_while_the_bytes_are_the_same():
    anchor = anchor_box(target(2), (10, 20), (110, 220))
    placement = place_anchor(anchor, SHA, None)
    assert placement is not None
    assert (placement.page, placement.found) == (2, Found.GEOMETRY)
    assert placement.rects == (Rect(10, 20, 110, 220),)


def test_a_box_on_other_bytes_has_no_place():
    anchor = anchor_box(target(), (10, 20), (110, 220))
    assert place_anchor(anchor, OTHER_SHA, page_of("any words at all")) is None


def test_of_several_equal_words_the_surroundings_decide_then_the_distance():
    text = "the dog barks and the cat sleeps while the dog eats"
    words = text_anchor(text, text.rindex("dog"), text.rindex("dog") + 3, "layer")
    moved = "many new words were put first here, " + text
    span = find_words(words, moved)
    assert span is not None
    assert moved[: span[0]].endswith("while the ")
    bare = replace(words, prefix="", suffix="", start=words.start - 2, end=words.end - 2)
    assert find_words(bare, text) == (text.rindex("dog"), text.rindex("dog") + 3)


def test_words_found_far_away_are_said_to_be_elsewhere():
    anchor = anchor_words(target(0), page_of("find me here please"), 0, 7)
    near = place_anchor(anchor, OTHER_SHA, page_of("now find me here please"))
    far = place_anchor(anchor, OTHER_SHA, page_of("filler " * 100 + "find me here please"))
    other_page = place_anchor(anchor, OTHER_SHA, page_of("find me here please", page=3))
    assert near is not None
    assert near.found is Found.NEAR
    assert far is not None
    assert far.found is Found.ELSEWHERE
    assert other_page is not None
    assert (other_page.page, other_page.found) == (3, Found.ELSEWHERE)


def test_other_white_space_does_not_hide_words():
    words = text_anchor("model think-alouds\n every day", 0, 29, "other layer")
    text = "I chose to model think-alouds every day for weeks"
    span = find_words(words, text)
    assert span is not None
    assert text[span[0] : span[1]] == "model think-alouds every day"


def test_words_that_are_gone_are_not_guessed():
    anchor = anchor_words(target(), page_of("these words vanish"), 0, 11)
    assert place_anchor(anchor, OTHER_SHA, page_of("something else entirely")) is None


def test_a_document_is_looked_through_no_further_than_needed():
    anchor = anchor_words(target(2), page_of("needle in a stack of hay", page=2), 0, 6)
    read = []

    def pages():
        for page in nearest_first(2, 5):
            read.append(page)
            yield page_of("here is a needle in a stack of hay" if page == 3 else "hay", page=page)

    placement = place_anywhere(anchor, OTHER_SHA, pages())
    assert placement is not None
    assert placement.page == 3
    assert read == [2, 1, 3]
    assert place_anywhere(anchor, SHA, iter(())) is not None
    assert place_anywhere(anchor, OTHER_SHA, iter(())) is None


def test_code_points_are_counted_not_utf_16_units():
    text = plain_text("Cafe\u0301 😀 area\r\nwith perimeter")
    assert text == "Café 😀 area\nwith perimeter"
    anchor = anchor_plain(SourceKind.RESPONSE, "r-1", SHA, text, 7, 11)
    assert anchor.text is not None
    assert (anchor.text.exact, anchor.text.start, anchor.text.end) == ("area", 7, 11)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 3), (-1, 2), (0, 99)])
def test_an_anchor_of_no_words_is_refused(start, end):
    with pytest.raises(ValueError):
        text_anchor("some words", start, end, "layer")


def test_a_page_point_is_plain_data():
    assert PagePoint(1, 2.0, 3.0) == PagePoint(1, 2.0, 3.0)
