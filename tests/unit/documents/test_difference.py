"""Differences: applied to the old text they give the new one; both sides agree; nothing gives nothing."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.documents.difference import Difference, PagePair, PageState, difference, page_of_text
from assessor_app.documents.pages import PagePixels, PageSize, PageText
from assessor_app.documents.picture_difference import LOOK_PX, compare_looks, look_scale
from assessor_app.documents.text_layer import RawWord, build_page_text
from assessor_app.documents.word_difference import Run, common_runs, edits_between

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "the", "of", "in", "piece"]), max_size=60)
S = PageState


def page(index: int, text: str) -> PageText:
    """A page of text, ten words to a line."""
    raw = [
        RawWord(
            50.0 * (n % 10), 20.0 * (n // 10), 50.0 * (n % 10) + 40, 20.0 * (n // 10) + 12, word, 0, n // 10
        )
        for n, word in enumerate(text.split())
    ]
    return build_page_text(index, raw)


def pages(*texts: str) -> list[PageText]:
    return [page(index, text) for index, text in enumerate(texts)]


def lines(start: int, count: int = 40) -> str:
    """Text that no other page has."""
    return " ".join(f"w{n}" for n in range(start, start + count))


def states(found: Difference) -> list[tuple[int | None, int | None, PageState]]:
    return [(pair.old, pair.new, pair.state) for pair in found.pairs]


def applied(old: Sequence[str], new: Sequence[str]) -> list[str]:
    made, at = [], 0
    for edit in edits_between(common_runs(old, new), len(old), len(new)):
        made += [*old[at : edit.old_start], *new[edit.new_start : edit.new_end]]
        at = edit.old_end
    return [*made, *old[at:]]


@given(WORDS, WORDS)
def test_applied_to_the_old_words_it_gives_the_new_ones(old: list[str], new: list[str]) -> None:
    assert applied(old, new) == new
    for run in common_runs(old, new):
        assert old[run.old : run.old + run.size] == new[run.new : run.new + run.size]


@given(WORDS, WORDS)
def test_it_is_the_same_from_both_sides(old: list[str], new: list[str]) -> None:
    assert common_runs(new, old) == tuple(Run(r.new, r.old, r.size) for r in common_runs(old, new))


@given(WORDS)
def test_what_did_not_change_has_no_difference(words: list[str]) -> None:
    assert edits_between(common_runs(words, words), len(words), len(words)) == ()


@given(WORDS, st.integers(0, 60), st.lists(st.text("xyz", min_size=1), min_size=1, max_size=5))
def test_words_put_in_are_exactly_what_is_found(words: list[str], at: int, fresh: list[str]) -> None:
    new = [*words[:at], *fresh, *words[at:]]
    (edit,) = edits_between(common_runs(words, new), len(words), len(new))
    assert new[edit.new_start : edit.new_end] == fresh
    assert edit.old_start == edit.old_end


TEXTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=6)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_each_page_stands_in_one_pair_and_each_count_holds(old: list[str], new: list[str]) -> None:
    found = difference(pages(*old), pages(*new))
    assert sorted(pair.old for pair in found.pairs if pair.old is not None) == list(range(len(old)))
    assert [pair.new for pair in found.pairs if pair.new is not None] == list(range(len(new)))
    growth = sum(len(text.split()) for text in new) - sum(len(text.split()) for text in old)
    assert found.words_added - found.words_removed == growth
    for change in found.changes:
        assert change.words_added or change.words_removed
        for places, texts in ((change.old, old), (change.new, new)):
            for place in places:
                assert place.rects
                words = texts[place.page][place.start : place.end].split()
                assert words


@settings(deadline=None)
@given(st.data())
def test_both_directions_agree_where_no_word_comes_twice(data: st.DataObject) -> None:
    # Where pages repeat one another there are several right answers, and each direction may take another.
    old = [" ".join(f"p{page}w{word}" for word in range(20)) for page in range(data.draw(st.integers(1, 5)))]
    new = [text for text in old if data.draw(st.integers(0, 4))] or ["only"]
    for page in data.draw(st.lists(st.integers(0, len(new) - 1), max_size=3, unique=True)):
        words = new[page].split()
        at = data.draw(st.integers(0, len(words) - 1))
        new[page] = " ".join([*words[:at], f"fresh{page}", *words[at + 1 :]])
    found, again = difference(pages(*old), pages(*new)), difference(pages(*new), pages(*old))
    assert (again.words_added, again.words_removed) == (found.words_removed, found.words_added)


def test_a_changed_word_is_found_where_it_stands() -> None:
    old = pages(lines(0), lines(100))
    new = pages(lines(0), lines(100).replace("w112", "other words"))
    found = difference(old, new)
    (change,) = found.changes
    assert (change.old_excerpt, change.new_excerpt) == ("w112", "other words")
    assert [(place.page, place.rects) for place in change.old] == [(1, ((100.0, 20.0, 140.0, 32.0),))]
    assert [(place.page, place.rects) for place in change.new] == [(1, ((100.0, 20.0, 190.0, 32.0),))]
    assert (change.old_near, change.new_near) == (change.old[0], change.new[0])
    assert states(found) == [(0, 0, S.SAME), (1, 1, S.CHANGED)]


def test_pages_that_came_went_and_moved() -> None:
    texts = [lines(100 * n) for n in range(6)]
    fresh = lines(900)
    new = [texts[0], fresh, texts[1], texts[5], texts[3], texts[4]]
    found = difference(pages(*texts), pages(*new))
    assert states(found) == [
        (0, 0, S.SAME),
        (None, 1, S.NEW),
        (1, 2, S.SAME),
        (5, 3, S.MOVED),
        (2, None, S.REMOVED),
        (3, 4, S.SAME),
        (4, 5, S.SAME),
    ]
    assert (found.words_added, found.words_removed) == (40, 40)


def test_a_moved_page_is_compared_with_itself() -> None:
    texts = [lines(100 * n) for n in range(4)]
    new = [texts[1], texts[2], texts[3], texts[0].replace("w5 ", "changed ")]
    found = difference(pages(*texts), pages(*new))
    assert (0, 3, S.MOVED) in states(found)
    (change,) = found.changes
    assert (change.old_excerpt, change.new_excerpt, change.old[0].page, change.new[0].page) == (
        "w5",
        "changed",
        0,
        3,
    )


def test_text_that_runs_on_to_the_next_page_is_no_change() -> None:
    words = lines(0, 200).split()
    old = pages(*(" ".join(words[n : n + 40]) for n in range(0, 200, 40)))
    words[10:10] = ["put", "in"] * 10
    new = pages(*(" ".join(words[n : n + 40]) for n in range(0, 220, 40)))
    found = difference(old, new)
    assert len(found.changes) == 1
    assert (found.words_added, found.words_removed) == (20, 0)
    assert found.pairs[0].state is S.CHANGED
    assert {pair.state for pair in found.pairs[1:]} <= {S.SAME, S.RUNS_ON}


def test_pages_without_words_stand_beside_each_other() -> None:
    found = difference(pages("", lines(0), ""), pages("", lines(0), ""))
    assert found.changes == ()
    assert found.pairs == (
        PagePair(0, 0, S.SAME, has_words=False),
        PagePair(1, 1, S.SAME),
        PagePair(2, 2, S.SAME, has_words=False),
    )
    longer = difference(pages("", ""), pages("", "", ""))
    assert states(longer) == [(0, 0, S.SAME), (1, 1, S.SAME), (None, 2, S.NEW)]


def test_a_ligature_is_its_letters() -> None:
    assert difference(pages("the first office"), pages("the \ufb01rst of\ufb01ce")).changes == ()


def test_text_without_pages_has_places_in_its_own_text() -> None:
    old, new = "One  two\nthree four.", "One  two\nthree or four."
    (change,) = difference([page_of_text(old)], [page_of_text(new)]).changes
    (place,) = change.new
    assert (new[place.start : place.end], place.rects, change.old) == ("or", (), ())
    assert old[: change.old_near.start] == "One  two\nthree"


def test_where_words_were_added_the_other_version_has_a_gap() -> None:
    (change,) = difference(pages("a b c d"), pages("a b new c d")).changes
    assert (change.old, change.old_near.start, change.old_near.rects) == ((), 3, ((90.0, 0.0, 90.0, 12.0),))
    (first,) = difference(pages("a b"), pages("new a b")).changes
    assert (first.old_near.start, first.old_near.rects) == (0, ((0.0, 0.0, 0.0, 12.0),))
    (only,) = difference(pages(""), pages("a b")).changes
    assert (only.old_near.page, only.old_near.rects) == (0, ())


def test_a_lone_word_between_large_changes_is_no_rest() -> None:
    old, new = "a b c d e the f g h i j", "k l m n o the p q r s t"
    assert common_runs(old.split(), new.split()) == ()


@pytest.mark.parametrize(
    "kind",
    [
        "edited",
        *(pytest.param(kind, marks=pytest.mark.heavy) for kind in ("unrelated", "few_words", "one_word")),
    ],
)
def test_five_hundred_pages_are_compared_in_bounded_time(kind: str) -> None:
    chance = random.Random(7)

    def made(words: int) -> list[str]:
        return [
            " ".join(f"w{min(words, int(chance.paretovariate(0.9)))}" for _ in range(400)) for _ in range(500)
        ]

    vocabulary = {"few_words": 40, "one_word": 1}.get(kind, 10**9)
    old = made(vocabulary)
    new = [text.replace(" w1 w2 ", " w1 new w2 ") for text in old] if kind == "edited" else made(vocabulary)
    old_pages, new_pages = pages(*old), pages(*new)
    started_s = time.process_time()
    found = difference(old_pages, new_pages)
    # Aimed at one second on an ordinary machine; the bound leaves room for a busy one.
    assert time.process_time() - started_s < 4
    if kind == "edited":
        assert found.words_removed == 0
        assert Counter(pair.state for pair in found.pairs)[S.CHANGED] > 100


# ---- looks ----


def drawn(
    width: int, height: int, dark: Sequence[tuple[int, int, int, int]] = (), base: int = 250
) -> PagePixels:
    """A drawing of one shade with dark boxes (left, top, right, bottom)."""
    data = bytearray([base, base, base, 255] * (width * height))
    for left, top, right, bottom in dark:
        for y in range(top, bottom):
            data[(y * width + left) * 4 : (y * width + right) * 4] = bytes([20, 20, 20, 255] * (right - left))
    return PagePixels(0, 1.0, width, height, width * 4, bytes(data))


def test_the_same_drawing_looks_the_same() -> None:
    box = (20, 30, 60, 40)
    look = compare_looks(drawn(170, 240, [box]), drawn(170, 240, [box]))
    assert (look.is_same, look.rects) == (True, ())
    assert compare_looks(drawn(170, 240), drawn(170, 240, base=248)).is_same


def test_a_drawing_differs_where_it_differs() -> None:
    look = compare_looks(
        drawn(160, 240, [(20, 30, 60, 40)]), drawn(160, 240, [(20, 30, 60, 40), (96, 200, 120, 208)])
    )
    assert not look.is_same
    assert look.rects == ((0.6, 200 / 240, 0.75, 208 / 240),)


def test_another_shape_looks_different_without_places() -> None:
    look = compare_looks(drawn(160, 240), drawn(240, 160))
    assert (look.is_same, look.rects) == (False, ())


def test_the_longer_side_is_drawn_in_so_many_pixels() -> None:
    assert look_scale(PageSize(595.0, 842.0)) * 842 == pytest.approx(LOOK_PX)
