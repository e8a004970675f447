"""Passages that two texts share, word by word, with a little of what stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assessor_app.domain.matches import Excerpt, Passage, Run
from reference_platform.similarity.fingerprints import SHINGLE_WORDS, Word, shingles, words_of

NEAR_WORDS = 6
"""Runs with at most so many other words between them, on both sides, make one passage."""
AROUND_WORDS = 12
"""Words shown before and after a passage."""
MOST_WORDS = 2_000
"""Words of a text that are compared one by one; the part around the first shared fingerprints."""
_REACH = 60
"""Words on each side of a shared fingerprint that are compared; farther ones have nothing to do with it."""
_CLOSING = re.compile(r"[^\w\s]{0,4}")


@dataclass(frozen=True, slots=True)
class Text:
    """One text with the name of where it stands."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What two texts share."""

    passages: tuple[Passage, ...]
    words: int
    """Words of the first text that stand in the second one."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Equal words: `[here, here + size)` of the one text and `[there, there + size)` of the other."""

    here: int
    there: int
    size: int


def shared_passages(here: Text, there: Text, shared: frozenset[int], key: bytes) -> Shared:
    """Where two texts say the same in the same words.

    Args:
        here: the one text.
        there: the other.
        shared: fingerprints that both have and that count; equal words without one are the issuer's.
        key: the tenant's.
    """
    one, one_numbers = _near(here.text, shared, key)
    other, _ = _near(there.text, shared, key)
    matcher = SequenceMatcher(None, [w.key for w in one], [w.key for w in other], autojunk=False)
    blocks = [
        _Block(*block)
        for block in matcher.get_matching_blocks()
        if block.size >= SHINGLE_WORDS
        and not shared.isdisjoint(one_numbers[block.a : block.a + block.size - SHINGLE_WORDS + 1])
    ]
    passages = tuple(
        Passage(
            _excerpt(here, one, [(b.here, b.size) for b in group]),
            _excerpt(there, other, [(b.there, b.size) for b in group]),
        )
        for group in _grouped(blocks)
    )
    return Shared(passages, sum(block.size for block in blocks))


def _near(text: str, shared: frozenset[int], key: bytes) -> tuple[list[Word], list[int]]:
    """The words near shared fingerprints, and the numbers of five words from each of them on."""
    words = words_of(text)
    numbers = shingles(words, key)
    wanted: set[int] = set()
    for at, number in enumerate(numbers):
        if number in shared:
            wanted.update(range(max(0, at - _REACH), min(len(words), at + SHINGLE_WORDS + _REACH)))
    kept = sorted(wanted)[:MOST_WORDS]
    padded = [*numbers, *([0] * SHINGLE_WORDS)]
    return [words[at] for at in kept], [padded[at] for at in kept]


def _grouped(blocks: Sequence[_Block]) -> list[list[_Block]]:
    groups: list[list[_Block]] = []
    for block in blocks:
        last = groups[-1][-1] if groups else None
        if last is not None and (
            max(block.here - last.here, block.there - last.there) - last.size <= NEAR_WORDS
        ):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _excerpt(source: Text, words: Sequence[Word], equal: Sequence[tuple[int, int]]) -> Excerpt:
    """The runs of a passage, the same and not the same in turn, with the words around them.

    Args:
        source: the text.
        words: what was compared of it.
        equal: first word and number of words of each run that is the same, in order.
    """
    runs: list[Run] = []
    start, stop = equal[0][0], equal[-1][0] + equal[-1][1]
    end = min(len(words), stop + AROUND_WORDS)

    def add(first: int, last: int, *, same: bool) -> None:
        if first < last:
            until = words[last].start if last < end else _closed(source.text, words[last - 1].stop)
            runs.append(Run(" ".join(source.text[words[first].start : until].split()), same))

    at = max(0, start - AROUND_WORDS)
    for first, size in equal:
        add(at, first, same=False)
        add(first, first + size, same=True)
        at = first + size
    add(stop, end, same=False)
    first_word, last_word = words[max(0, start - AROUND_WORDS)], words[end - 1]
    before, after = source.text[: first_word.start], source.text[_closed(source.text, last_word.stop) :]
    told = _cut_off(runs, is_before=bool(words_of(before[-200:])), is_after=bool(words_of(after[:200])))
    return Excerpt(source.source, told)


def _cut_off(runs: Sequence[Run], *, is_before: bool, is_after: bool) -> tuple[Run, ...]:
    """The runs, with an ellipsis where the text goes on; it is never among what is the same."""
    told = list(runs)
    if is_before:
        told[:1] = [Run(f"… {told[0].text}", False)] if not told[0].same else [Run("…", False), told[0]]
    if is_after:
        told[-1:] = [Run(f"{told[-1].text} …", False)] if not told[-1].same else [told[-1], Run("…", False)]
    return tuple(told)


def _closed(text: str, stop: int) -> int:
    """Behind the full stop, quotation mark or bracket that a word ends with."""
    closing = _CLOSING.match(text, stop)
    return closing.end() if closing is not None else stop
