"""Places beside places, and the words of a comparison."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessor_app.documents.difference import PagePair, PageState, difference, page_of_text
from assessor_app.documents.pages import PageText
from assessor_app.documents.text_layer import RawWord, build_page_text
from assessor_app.ui.viewers.compare.compare_words import number_ranges, stops_of, summary
from assessor_app.ui.viewers.compare.page_map import beside, beside_in_text, text_knots

S = PageState
PAIRS = (
    PagePair(0, 0, S.SAME),
    PagePair(None, 1, S.NEW),
    PagePair(1, 2, S.CHANGED),
    PagePair(4, 3, S.MOVED),
    PagePair(2, None, S.REMOVED),
    PagePair(3, 4, S.SAME),
)


def test_a_page_stands_beside_its_partner_and_a_new_one_beside_the_seam() -> None:
    assert beside(PAIRS, (2, 0.4), from_new=True) == (1, 0.4)
    assert beside(PAIRS, (1, 0.4), from_new=True) == (0, 1.0)
    assert beside(PAIRS, (3, 0.1), from_new=True) == (4, 0.1)
    assert beside(PAIRS, (2, 0.9), from_new=False) == (2, 1.0)
    assert beside(PAIRS, (3, 0.5), from_new=False) == (4, 0.5)
    assert beside((), (5, 0.5), from_new=True) == (5, 0.5)
    first_is_new = (PagePair(None, 0, S.NEW), PagePair(0, 1, S.SAME))
    assert beside(first_is_new, (0, 0.9), from_new=True) == (0, 0.0)
    assert beside((PagePair(None, 0, S.NEW),), (0, 0.9), from_new=True) == (0, 0.0)


TEXTS = st.lists(st.sampled_from(["one", "two", "three", "four"]), max_size=30).map(" ".join)


@given(TEXTS, TEXTS, st.integers(0, 200))
def test_places_of_texts_rise_together_and_stay_within(old: str, new: str, at: int) -> None:
    found = difference([page_of_text(old)], [page_of_text(new)])
    knots = text_knots(found.changes, len(old), len(new))
    assert knots == sorted(knots)
    place = beside_in_text(knots, min(at, len(new)), from_new=True)
    assert 0 <= place <= len(old)
    assert place <= beside_in_text(knots, min(at + 1, len(new)), from_new=True)
    if old == new:
        assert place == min(at, len(new))


def test_pages_are_told_as_ranges() -> None:
    assert number_ranges([0]) == "1"
    assert number_ranges([5, 3, 4, 1]) == "2, 4\u20136"


def test_the_summary_says_words_pages_and_what_is_unchanged() -> None:
    old, new = page_of_text("a b c"), page_of_text("a x y c")
    found = difference([old], [new])
    assert (
        summary(found, [], 2, has_words=True)
        == "2 words added, 1 word removed. 2 other pieces are unchanged."
    )
    assert summary(found, [(0, 0)], 0, has_words=True).endswith("they look different.")
    two = difference([old, old], [old, old])
    assert summary(two, [(0, 0), (3, 4)], 0, has_words=True) == "Pages 1, 5 look different."
    same = difference([old], [old])
    assert summary(same, [], 0, has_words=True) == "No word was changed."
    assert summary(same, [], 0, has_words=False) == "No difference was found."
    (stop,) = stops_of(found, [], has_pages=False)
    assert (stop.text, stop.detail) == ("\u22121 +2 words", "“b” → “x y”")
    (placed,) = stops_of(found, [], has_pages=True)
    assert placed.text == "Page 1 · \u22121 +2 words"


def test_the_very_same_change_on_many_pages_is_one_line() -> None:
    old = [numbered(n, f"text {n} alpha beta gamma page {n} of 4") for n in range(4)]
    new = [numbered(n, f"text {n} alpha beta gamma page {n} of 7") for n in range(4)]
    (stop,) = stops_of(difference(old, new), [], has_pages=True)
    assert stop.text == "Pages 1\u20134 · \u22121 +1 word"
    two = stops_of(difference(old[:2], new[:2]), [], has_pages=True)
    assert [stop.text for stop in two] == ["Page 1 · \u22121 +1 word", "Page 2 · \u22121 +1 word"]


def numbered(page: int, text: str) -> PageText:
    raw = [RawWord(40.0 * n, 10.0, 40.0 * n + 30, 20.0, word, 0, 0) for n, word in enumerate(text.split())]
    return build_page_text(page, raw)
