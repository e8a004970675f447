"""Words kept small: nothing is lost, and Python's collector has next to nothing to look through."""

from __future__ import annotations

import gc

from hypothesis import given
from hypothesis import strategies as st

from assessor_app.documents.difference import difference
from assessor_app.documents.pages import PageText, Word
from assessor_app.documents.word_row import are_laid_out_alike, word_row, word_rows

MOST_OBJECTS_OF_A_PAGE = 5
NUMBER = st.floats(-1e6, 1e6)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Z", "Cc")), min_size=1, max_size=8)


@st.composite
def pages(draw, texts=TEXT):
    words, start = [], 0
    for text in draw(st.lists(texts, max_size=12)):
        x0, y0, x1, y1 = (draw(NUMBER) for _ in range(4))
        block, line = draw(st.integers(0, 99)), draw(st.integers(0, 99))
        words.append(Word(text, x0, y0, x1, y1, block, line, start))
        start += len(text) + 1
    return PageText(draw(st.integers(0, 999)), " ".join(word.text for word in words), tuple(words))


@given(pages())
def test_a_page_comes_back_as_it_was(page):
    assert word_row(page, {}).unpacked() == page


@given(st.lists(pages(st.sampled_from(("one", "two", "three"))), max_size=4), st.data())
def test_the_difference_is_the_same_in_either_form(versions, data):
    other = data.draw(st.permutations(versions))
    assert difference(versions, other) == difference(word_rows(versions), word_rows(other))


def test_hundreds_of_thousands_of_words_are_no_work_for_the_collector():
    words = tuple(Word(f"word{n % 90}", n, n, n + 1, n + 1, 0, n, n * 7) for n in range(400))
    page = PageText(0, "", words)
    gc.collect()
    before = len(gc.get_objects())
    rows = word_rows([page] * 500)
    gc.collect()
    assert len(gc.get_objects()) - before < 500 * MOST_OBJECTS_OF_A_PAGE
    assert sum(len(row.texts) for row in rows) == 200_000


def test_pages_are_laid_out_alike_until_a_word_moves():
    words = tuple(Word("a", 10.0 * n, 20.0, 10.0 * n + 5, 30.0, 0, 0, 2 * n) for n in range(4))
    row = word_row(PageText(0, "a a a a", words), {})
    lower = word_row(PageText(0, "a a a a", (*words[:3], Word("a", 30.0, 23.0, 35.0, 33.0, 0, 0, 6))), {})
    assert are_laid_out_alike(row, row, 2.0)
    assert are_laid_out_alike(row, lower, 4.0)
    assert not are_laid_out_alike(row, lower, 2.0)
    assert not are_laid_out_alike(row, word_row(PageText(0, "a", words[:1]), {}), 2.0)
