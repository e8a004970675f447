"""How far evidence was read only grows, and each page or stretch counts once."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.reading import ReadingState, merged

RUNS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)))


def members(runs):
    return {number for first, last in runs for number in range(first, last + 1)}


@given(RUNS)
def test_merged_runs_hold_the_same_numbers_and_never_touch(runs):
    found = merged(runs)
    assert members(found) == members(run for run in runs if run[0] <= run[1])
    assert all(one[1] + 1 < other[0] for one, other in itertools.pairwise(found))


@given(RUNS, RUNS)
def test_what_was_seen_only_grows(one, other):
    before, more = ReadingState("a", pages=merged(one)), ReadingState("a", pages=merged(other), page_count=9)
    both = before.with_more(more)
    assert members(both.pages) == members(before.pages) | members(more.pages)
    assert both.pages_seen == len(members(both.pages))
    assert both.with_more(before) == both


def test_a_stretch_played_twice_counts_once():
    first = ReadingState("a", played_ms=((0, 10_000),), length_ms=60_000)
    both = first.with_more(ReadingState("a", played_ms=((5_000, 20_000),)))
    assert (both.played_total_ms, both.length_ms) == (20_000, 60_000)


def test_the_furthest_place_of_a_text_stays():
    far = ReadingState("a", scrolled_permille=700)
    assert far.with_more(ReadingState("a", scrolled_permille=200)).scrolled_permille == 700
    assert far.with_more(ReadingState("a")).scrolled_permille == 700
    assert ReadingState("a").with_more(ReadingState("a")).scrolled_permille is None
