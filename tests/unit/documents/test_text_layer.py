from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.documents.pages import PageText
from assessor_app.documents.text_layer import (
    RawWord,
    build_page_text,
    clean_text,
    find,
    quads_for_range,
    range_between,
    sentence_at,
    word_at,
)

LINES = [
    (0, 0, "Dr. A. Gray taught area, e.g. of a garden."),
    (0, 1, "Six pupils still con-"),
    (0, 2, "fused it with the perimeter! Why?"),
    (1, 0, "A heading without a stop"),
    (2, 0, "Café Noël: naïve fiancées."),
]


def page_of(lines: list[tuple[int, int, str]]) -> PageText:
    """Words of 10 points for each code point, 10 points apart, lines 20 points apart."""
    raw: list[RawWord] = []
    for row, (block, line, text) in enumerate(lines):
        x = 0.0
        for word in text.split(" "):
            raw.append(RawWord(x, row * 20.0, x + 10.0 * len(word), row * 20.0 + 12.0, word, block, line))
            x += 10.0 * (len(word) + 1)
    return build_page_text(3, raw)


PAGE = page_of(LINES)


def text_of(found: tuple[int, int] | None) -> str:
    assert found is not None
    return PAGE.text[found[0] : found[1]]


def test_words_stand_where_the_text_has_them() -> None:
    assert PAGE.layer == "mupdf;ws=collapsed;nfc"
    for word in PAGE.words:
        assert PAGE.text[word.start : word.start + len(word.text)] == word.text
    assert PAGE.text.startswith("Dr. A. Gray taught area, e.g. of a garden. Six pupils still con- fused")


def test_text_is_nfc_without_marks_that_hide_or_reorder() -> None:
    page = build_page_text(
        0,
        [
            RawWord(0, 0, 9, 9, "Cafe\u0301\u202e\x00", 0, 0),
            RawWord(9, 0, 19, 9, "\u200b", 0, 0),
            RawWord(19, 0, 29, 9, " a\u2003b ", 0, 0),
            RawWord(29, 0, 39, 9, "😀\ud800", 0, 0),
        ],
    )
    assert page.text == "Café a b 😀"
    assert [word.start for word in page.words] == [0, 5, 9]


def test_boxes_of_a_range_are_one_for_each_line() -> None:
    start = PAGE.text.index("garden")
    end = PAGE.text.index("fused") + 5
    assert quads_for_range(PAGE, start, end) == (
        (350.0, 0.0, 420.0, 12.0),
        (0.0, 20.0, 210.0, 32.0),
        (0.0, 40.0, 50.0, 52.0),
    )


def test_a_part_of_a_word_gives_a_part_of_its_box() -> None:
    start = PAGE.text.index("taught")
    (rect,) = quads_for_range(PAGE, start + 1, start + 3)
    left = PAGE.words[3].x0
    assert rect == (left + 10.0, 0.0, left + 30.0, 12.0)


def test_ranges_outside_the_text_are_cut() -> None:
    assert quads_for_range(PAGE, 5, 5) == ()
    assert quads_for_range(PAGE, 9, 3) == ()
    assert quads_for_range(PAGE, 10_000, 10_100) == ()
    assert len(quads_for_range(PAGE, -5, 10_000)) == len(LINES)
    assert quads_for_range(PAGE, PAGE.text.index(" "), PAGE.text.index(" ") + 1) == ()


def test_dragging_selects_whole_words_either_way() -> None:
    down = range_between(PAGE, (75.0, 5.0), (65.0, 25.0))
    assert text_of(down) == "Gray taught area, e.g. of a garden. Six pupils"
    assert range_between(PAGE, (65.0, 25.0), (75.0, 5.0)) == down
    assert text_of(range_between(PAGE, (-50.0, 5.0), (-40.0, 5.0))) == "Dr."
    assert range_between(page_of([]), (0.0, 0.0), (1.0, 1.0)) is None


def test_the_word_under_a_point() -> None:
    assert text_of(word_at(PAGE, (75.0, 5.0))) == "Gray"
    assert word_at(PAGE, (75.0, 16.0)) is None


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        ((75.0, 45.0), "Six pupils still con- fused it with the perimeter!"),
        ((310.0, 45.0), "Why?"),
        ((50.0, 65.0), "A heading without a stop"),
        ((50.0, 85.0), "Café Noël: naïve fiancées."),
    ],
)
def test_a_sentence_stays_in_its_paragraph(point: tuple[float, float], sentence: str) -> None:
    assert text_of(sentence_at(PAGE, point)) == sentence


def test_short_forms_end_no_sentence() -> None:
    assert text_of(sentence_at(PAGE, (140.0, 5.0))).endswith("A. Gray taught area, e.g. of a garden.")
    assert sentence_at(page_of([]), (0.0, 0.0)) is None


@pytest.mark.parametrize("query", ["cafe noel", "CAFÉ", "fiancees", "Naïve", "noe\u0308l"])
def test_search_knows_neither_case_nor_accents(query: str) -> None:
    (hit,) = find(PAGE, query)
    assert unicodedata.normalize("NFC", query).casefold().strip("é")[0] in PAGE.text[hit.start].casefold()
    assert hit.page == 3
    assert len(hit.rects) == 1
    assert hit.end - hit.start == len(unicodedata.normalize("NFC", query))


def test_search_finds_words_broken_at_the_end_of_a_line() -> None:
    for query in ("confused", "con- fused", "still confused it"):
        (hit,) = find(PAGE, query)
        assert len(hit.rects) == 2
    assert PAGE.text[find(PAGE, "confused")[0].start :].startswith("con- fused")


def test_search_goes_over_line_ends_and_gives_surroundings() -> None:
    (hit,) = find(PAGE, "garden.  six")
    assert len(hit.rects) == 2
    assert hit.snippet == "… Gray taught area, e.g. of a garden. Six pupils still con- fused it with …"
    assert len(find(PAGE, "a")) > 5
    assert find(PAGE, "  ") == ()
    assert find(PAGE, "nowhere") == ()


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@given(st.lists(words, max_size=25), st.integers(-5, 200), st.integers(-5, 200))
def test_any_text_keeps_its_offsets(raw_texts: list[str], start: int, end: int) -> None:
    raw = [RawWord(i * 10.0, 0.0, i * 10.0 + 9.0, 9.0, text, 0, 0) for i, text in enumerate(raw_texts)]
    page = build_page_text(0, raw)
    assert page.text == unicodedata.normalize("NFC", page.text)
    assert all(page.text[word.start : word.start + len(word.text)] == word.text for word in page.words)
    assert all(one.start + len(one.text) + 1 == two.start for one, two in pairwise(page.words))
    for left, top, right, bottom in quads_for_range(page, start, end):
        assert left < right
        assert top < bottom


@given(st.lists(words, min_size=1, max_size=12), st.data())
def test_what_stands_on_the_page_is_found(raw_texts: list[str], data: st.DataObject) -> None:
    raw = [RawWord(i * 10.0, 0.0, i * 10.0 + 9.0, 9.0, text, 0, 0) for i, text in enumerate(raw_texts)]
    page = build_page_text(0, raw)
    if not page.words:
        return
    word = data.draw(st.sampled_from(page.words))
    hits = find(page, word.text)
    decomposed = unicodedata.normalize("NFKD", word.text)
    only_marks = all(unicodedata.combining(piece) for piece in decomposed)
    assert bool(hits) is not only_marks


def test_cleaning_is_stable() -> None:
    dirty = " a\u0000\u202eb \u200b\t c\u0301 "
    assert clean_text(clean_text(dirty)) == clean_text(dirty) == "ab ć"
