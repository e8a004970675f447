from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.likeness import SKETCH_SIZE, likeness, sketch_of

WORDS = st.lists(st.sampled_from("abcdefghijklmnop"), max_size=60)


def text_of(number: int, words: int = 300) -> str:
    return " ".join(f"word{(number * 7919 + n * 31) % 5003}" for n in range(words))


@given(WORDS, WORDS)
def test_it_is_the_same_from_both_sides_and_between_0_and_1(one: list[str], other: list[str]) -> None:
    a, b = sketch_of([" ".join(one)]), sketch_of([" ".join(other)])
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 1


@given(WORDS, st.integers(0, 60))
def test_a_text_is_most_like_itself_wherever_its_pages_end(words: list[str], cut: int) -> None:
    whole, pages = sketch_of([" ".join(words)]), sketch_of([" ".join(words[:cut]), " ".join(words[cut:])])
    assert whole == pages
    assert likeness(whole, pages) == (1.0 if words else 0.0)


@given(st.integers(0, 40))
def test_the_more_is_changed_the_less_is_in_common(changed: int) -> None:
    words = text_of(1).split()
    other = [f"else{n}" if n < 3 * changed else word for n, word in enumerate(words)]
    expected = (300 - 3 * changed) / (300 + 3 * changed)
    assert abs(likeness(sketch_of([" ".join(words)]), sketch_of([" ".join(other)])) - expected) < 0.12


def test_a_sketch_stays_small_and_case_does_not_count() -> None:
    assert len(sketch_of([text_of(n) for n in range(100)])) == SKETCH_SIZE
    assert sketch_of(["One Two"]) == sketch_of(["one two"])
    assert sketch_of([]) == sketch_of([" "]) == frozenset()
