"""Passages side by side: the same words, all of them, and nothing of the issuer's."""

from __future__ import annotations

import random

from assessor_app.domain.matches import Excerpt
from reference_platform.similarity.fingerprints import fingerprints, issuers_shingles
from reference_platform.similarity.passages import AROUND_WORDS, MOST_WORDS, Shared, Text, shared_passages

KEY = b"k" * 43
LIFTED = (
    "Two of the students told me that they had never been asked before what they think, "
    "and one of them wrote it down so that I would not forget it."
)


def filler(seed: int, count: int = 80) -> str:
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("klmnopqrst", k=5)) for _ in range(count))


def shared(one: str, other: str, issuers: frozenset[int] = frozenset()) -> Shared:
    both = fingerprints(one, KEY, issuers) & fingerprints(other, KEY, issuers)
    return shared_passages(Text("here", one), Text("there", other), both, KEY)


def same_words(excerpt: Excerpt) -> list[str]:
    return [run.text for run in excerpt.runs if run.same]


def test_a_lifted_passage_is_shown_as_it_stands_with_words_around_it() -> None:
    found = shared(f"{filler(1)} {LIFTED} {filler(2)}", f"{filler(3)}\n\n{LIFTED.upper()}\n{filler(4)}")
    (passage,) = found.passages
    assert same_words(passage.here) == [LIFTED]
    assert same_words(passage.there) == [LIFTED.upper()]
    assert [run.same for run in passage.here.runs] == [False, True, False]
    assert passage.here.runs[0].text.startswith("… ")
    assert passage.here.runs[2].text.endswith(" …")
    assert len(passage.here.runs[0].text.split()) == AROUND_WORDS + 1
    assert found.words == len(LIFTED.split())
    assert (passage.here.source, passage.there.source) == ("here", "there")


def test_changed_words_inside_a_passage_are_told_apart() -> None:
    changed = LIFTED.replace("never been asked before", "hardly ever been asked")
    (passage,) = shared(f"{filler(1)} {LIFTED}", f"{filler(2)} {changed}").passages
    assert same_words(passage.here) == same_words(passage.there)
    sides = (passage.here, passage.there)
    differing = [[run.text for run in side.runs if not run.same][1:] for side in sides]
    assert differing == [["never been asked before"], ["hardly ever been asked"]]
    assert not any("…" in run.text for run in passage.here.runs[1:]), "the text ends there"


def test_two_places_far_apart_are_two_passages() -> None:
    second = "The lamp stood on the table of group four and nobody dared to touch it until the bell rang"
    found = shared(
        f"{LIFTED} {filler(1, 300)} {second}", f"{filler(2)} {LIFTED} {filler(3, 300)} {second} {filler(4)}"
    )
    assert [" ".join(same_words(passage.here)) for passage in found.passages] == [LIFTED, second]


def test_equal_words_of_the_issuer_are_no_passage() -> None:
    prompt = "Explain in your own words why the task that you chose leads to a discussion of reasons in class"
    issuers = issuers_shingles([prompt], KEY)
    found = shared(f"{prompt} {filler(1, 20)} {LIFTED}", f"{prompt} {filler(2, 30)} {LIFTED}", issuers)
    assert [" ".join(same_words(passage.here)) for passage in found.passages] == [LIFTED]


def test_nothing_shared_is_nothing_shown() -> None:
    assert shared(filler(1, 500), filler(2, 500)) == Shared((), 0)


def test_a_long_copy_is_compared_only_as_far_as_can_be_shown() -> None:
    text = filler(1, 30_000)
    found = shared(text, f"{filler(2, 50)} {text}")
    assert MOST_WORDS - 100 < found.words <= MOST_WORDS
