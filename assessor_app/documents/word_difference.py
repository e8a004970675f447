"""Which words of two texts are the same: runs in common, found in bounded time. Words only, no places.

Runs of words that stand once in both texts are the anchors (patience difference, with runs of four, two and
one words); what lies between two anchors is small, and there `difflib` compares word by word. What has no
anchor and is too large for that counts as written anew. The result does not depend on which text is called
the old one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_RUNS = (4, 2, 1)
"""Lengths of the runs of words that may be anchors, tried in this order."""
_SMALL_PAIRS = 4_000
"""A stretch with so many pairs of equal words is compared by `difflib` at once."""
_MOST_PAIRS = 60_000
"""A stretch without anchors is compared up to so many pairs of equal words."""
_BUDGET_PAIRS = 600_000
"""Pairs of equal words that one comparison looks at; about half a second."""
_CONFETTI_WORDS = 2
"""A run so short between two large changes says nothing: a lone "the" that stayed."""
_CONFETTI_TIMES = 4

_Stretch = tuple[int, int, int, int, int]
"""From, to in the one text; from, to in the other; index into `_RUNS`."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that both texts have in common, in the same order."""

    old: int
    """Index of the first word in the old text."""
    new: int
    """Index of the first word in the new text."""
    size: int
    """How many words, at least 1."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the old text that others replace; one side may be empty, never both."""

    old_start: int
    old_end: int
    """One past the last word taken away."""
    new_start: int
    new_end: int
    """One past the last word put in their place."""


def common_runs(old: Sequence[str], new: Sequence[str]) -> tuple[Run, ...]:
    """The words that stayed, as runs that ascend in both texts and do not touch each other.

    Args:
        old: words of the earlier text.
        new: words of the present text.
    """
    is_swapped = (len(old), list(old)) > (len(new), list(new))
    one, other = (new, old) if is_swapped else (old, new)
    numbers: dict[str, int] = {}
    found = _Matcher(
        [numbers.setdefault(word, len(numbers)) for word in one],
        [numbers.setdefault(word, len(numbers)) for word in other],
    ).run()
    runs = _without_confetti(_joined(found), len(one), len(other))
    return tuple(Run(run.new, run.old, run.size) for run in runs) if is_swapped else tuple(runs)


def edits_between(runs: Sequence[Run], old_count: int, new_count: int) -> tuple[Edit, ...]:
    """What was changed between the runs in common.

    Args:
        runs: as `common_runs` gives them.
        old_count: words of the old text.
        new_count: words of the new text.
    """
    found = []
    for old_start, old_end, new_start, new_end in _gaps(runs, old_count, new_count):
        if old_start < old_end or new_start < new_end:
            found.append(Edit(old_start, old_end, new_start, new_end))
    return tuple(found)


def _gaps(runs: Sequence[Run], old_count: int, new_count: int) -> Iterator[tuple[int, int, int, int]]:
    """What lies before, between and behind the runs; one more than there are runs."""
    old_at = new_at = 0
    for run in (*runs, Run(old_count, new_count, 0)):
        yield old_at, run.old, new_at, run.new
        old_at, new_at = run.old + run.size, run.new + run.size


def _joined(runs: Sequence[Run]) -> list[Run]:
    """In order, those that follow each other without a gap made one."""
    joined: list[Run] = []
    for run in sorted(runs, key=lambda run: run.old):
        last = joined[-1] if joined else None
        if last is not None and (last.old + last.size, last.new + last.size) == (run.old, run.new):
            joined[-1] = Run(last.old, last.new, last.size + run.size)
        else:
            joined.append(run)
    return joined


def _without_confetti(runs: Sequence[Run], old_count: int, new_count: int) -> list[Run]:
    sizes = [b - a + d - c for a, b, c, d in _gaps(runs, old_count, new_count)]
    return [
        run
        for run, before, behind in zip(runs, sizes, sizes[1:], strict=False)
        if run.size > _CONFETTI_WORDS or min(before, behind) < _CONFETTI_TIMES * run.size
    ]


class _Matcher:
    """Finds runs in common of two sequences of numbers.

    Args:
        one: numbers that stand for words.
        other: the other text's; the same number is the same word.
    """

    def __init__(self, one: list[int], other: list[int]) -> None:
        self._a, self._b = one, other
        self._found: list[Run] = []
        self._left_pairs = _BUDGET_PAIRS
        self._stack: list[_Stretch] = []

    def run(self) -> list[Run]:
        """All runs, in no order; they ascend in both texts once sorted."""
        self._stack = [(0, len(self._a), 0, len(self._b), 0)]
        while self._stack:
            a_from, a_to, b_from, b_to, level = self._trimmed(self._stack.pop())
            if a_from == a_to or b_from == b_to:
                continue
            pairs = self._pairs(a_from, a_to, b_from, b_to)
            if pairs <= _SMALL_PAIRS:
                self._compare(a_from, a_to, b_from, b_to, pairs)
            elif self._split((a_from, a_to, b_from, b_to, level)):
                continue
            elif level + 1 < len(_RUNS):
                self._stack.append((a_from, a_to, b_from, b_to, level + 1))
            elif pairs <= _MOST_PAIRS:
                self._compare(a_from, a_to, b_from, b_to, pairs)
        return self._found

    def _keep(self, a_from: int, b_from: int, size: int) -> None:
        if size:
            self._found.append(Run(a_from, b_from, size))

    def _trimmed(self, stretch: _Stretch) -> _Stretch:
        """The stretch without what both ends have in common."""
        a, b = self._a, self._b
        a_from, a_to, b_from, b_to, level = stretch
        most, size = min(a_to - a_from, b_to - b_from), 0
        while size < most and a[a_from + size] == b[b_from + size]:
            size += 1
        self._keep(a_from, b_from, size)
        a_from, b_from, most = a_from + size, b_from + size, most - size
        size = 0
        while size < most and a[a_to - 1 - size] == b[b_to - 1 - size]:
            size += 1
        self._keep(a_to - size, b_to - size, size)
        return a_from, a_to - size, b_from, b_to - size, level

    def _pairs(self, a_from: int, a_to: int, b_from: int, b_to: int) -> int:
        """How many pairs of equal words a stretch has."""
        counts = Counter(self._b[b_from:b_to])
        return sum(counts[word] for word in self._a[a_from:a_to])

    def _compare(self, a_from: int, a_to: int, b_from: int, b_to: int, pairs: int) -> None:
        """Word by word, as long as the budget lasts."""
        if pairs == 0 or pairs > self._left_pairs:
            return
        self._left_pairs -= pairs
        matcher = SequenceMatcher(None, self._a[a_from:a_to], self._b[b_from:b_to], autojunk=False)
        for block in matcher.get_matching_blocks():
            self._keep(a_from + block.a, b_from + block.b, block.size)

    def _split(self, stretch: _Stretch) -> bool:
        """Keep the anchors of a stretch and go on between them; False when it has none."""
        a, b = self._a, self._b
        a_from, a_to, b_from, b_to, level = stretch
        chain = self._anchors(stretch)
        a_at, b_at = a_from, b_from
        for anchor in chain:
            i, j = anchor
            if i < a_at or j < b_at:
                continue
            size = _RUNS[level]
            while i > a_at and j > b_at and a[i - 1] == b[j - 1]:
                i, j, size = i - 1, j - 1, size + 1
            while i + size < a_to and j + size < b_to and a[i + size] == b[j + size]:
                size += 1
            self._stack.append((a_at, i, b_at, j, level))
            self._keep(i, j, size)
            a_at, b_at = i + size, j + size
        if chain:
            self._stack.append((a_at, a_to, b_at, b_to, level))
        return bool(chain)

    def _anchors(self, stretch: _Stretch) -> list[tuple[int, int]]:
        """Where runs of words begin that stand once in both, in an order that holds in both."""
        a_from, a_to, b_from, b_to, level = stretch
        size = _RUNS[level]
        once_b = _standing_once(self._b, b_from, b_to, size)
        once_a = _standing_once(self._a, a_from, a_to, size)
        return _longest_rising([(i, once_b[run]) for run, i in once_a.items() if run in once_b])


def _standing_once(words: list[int], start: int, end: int, size: int) -> dict[tuple[int, ...], int]:
    """Where each run of `size` words begins that a stretch has exactly once, in order."""
    cut = words[start:end]
    runs = list(zip(*(cut[shift:] for shift in range(size)), strict=False))
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs, start) if counts[run] == 1}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs, given by rising first number, whose second numbers rise as well."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        place = bisect_left(ends, second)
        before.append(at[place - 1] if place else -1)
        if place == len(ends):
            ends.append(second)
            at.append(index)
        else:
            ends[place], at[place] = second, index
    chain: list[tuple[int, int]] = []
    index = at[-1] if at else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
