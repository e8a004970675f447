"""What changed between two versions of a document: pages beside pages, and the words added and taken away.

Words are compared over the whole document, so that text which runs on to the next page is no change; pages
are then put beside each other by the words that they share. No parser, no process, no widgets.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, pairwise

from assessor_app.documents.anchoring import PLAIN_LAYER, plain_text
from assessor_app.documents.pages import PageText, Word
from assessor_app.documents.text_layer import Rect, quads_for_range
from assessor_app.documents.word_difference import Edit, common_runs, edits_between
from assessor_app.documents.word_row import WordRow, word_rows

_MOVED_SHARE = 0.6
"""Share of words that a page must have in common with one elsewhere to count as moved."""
_MOVED_MOST_PAGES = 80
"""Pages on each side that are looked at for having moved; the work grows with the product."""
_NEW_SHARE = 0.5
"""A page without a partner is new when at least this share of its words is."""
_EXCERPT_WORDS = 14
"""Words of a change that a list shows."""


class PageState(StrEnum):
    """How a page stands to its partner in the other version."""

    SAME = "same"
    """The same words; for pages without words, not known."""
    CHANGED = "changed"
    MOVED = "moved"
    """It stands elsewhere now; its words may have changed, too."""
    NEW = "new"
    REMOVED = "removed"
    RUNS_ON = "runs_on"
    """No partner of its own: text of another page runs on here."""


@dataclass(frozen=True, slots=True)
class PagePair:
    """Two pages that belong together; one of them may be missing."""

    old: int | None
    """Page index from 0 in the earlier version."""
    new: int | None
    """Page index from 0 in the present version."""
    state: PageState
    has_words: bool = True
    """False when neither page has words: only its looks can be compared."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words on one page."""

    page: int
    """Page index from 0."""
    start: int
    """First code point in the page's text."""
    end: int
    """One past the last."""
    rects: tuple[Rect, ...]
    """Boxes in page points, one for each line; empty where only the text is known."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words that were taken away, and what stands in their place."""

    old: tuple[Place, ...]
    """In the earlier version, in reading order; empty when words were only added."""
    new: tuple[Place, ...]
    """In the present version; empty when words were only taken away."""
    words_removed: int
    words_added: int
    old_excerpt: str
    """How the words taken away begin."""
    new_excerpt: str
    """How the words added begin."""
    old_near: Place
    """Where it stands in the earlier version; for words that were only added, the gap where they would."""
    new_near: Place
    """The same in the present version."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two versions."""

    changes: tuple[Change, ...]
    """In the order of the present version."""
    pairs: tuple[PagePair, ...]
    """In the order of the present version; each page of either version stands in one."""

    @property
    def words_added(self) -> int:
        """Words that the present version has and the earlier had not."""
        return sum(change.words_added for change in self.changes)

    @property
    def words_removed(self) -> int:
        """Words of the earlier version that are gone."""
        return sum(change.words_removed for change in self.changes)


def page_of_text(text: str) -> PageText:
    """A text without pages as one page; offsets are code points of `anchoring.plain_text`."""
    flat = re.sub(r"\s", " ", plain_text(text))
    words = tuple(
        Word(found.group(), 0.0, 0.0, 0.0, 0.0, 0, 0, found.start()) for found in re.finditer(r"\S+", flat)
    )
    return PageText(0, flat, words, PLAIN_LAYER)


def difference(
    old_version: Sequence[PageText | WordRow], new_version: Sequence[PageText | WordRow]
) -> Difference:
    """Compare two versions of a document.

    Args:
        old_version: the earlier version, all pages from the first.
        new_version: the present version.
    """
    old_pages, new_pages = word_rows(old_version), word_rows(new_version)
    old, new = _Version(old_pages), _Version(new_pages)
    edits = _edits(old, new)
    partners = _aligned(old, new, edits)
    moved = _moved(old, new, edits, partners)
    if moved:
        # What moved is compared by itself; the rest is compared without it.
        old = _Version(old_pages, skipped=moved.values())
        new = _Version(new_pages, skipped=moved.keys())
        edits = _edits(old, new)
        partners = _aligned(old, new, edits)
    changes = [_change(old, new, edit) for edit in edits]
    for new_page, old_page in moved.items():
        one, other = _Version(old_pages, only=old_page), _Version(new_pages, only=new_page)
        changes += [_change(one, other, edit) for edit in _edits(one, other)]
    changes.sort(key=lambda change: (change.new_near.page, change.new_near.start))
    pairs = _pairs(old, new, edits, partners, moved)
    return Difference(tuple(changes), _with_states(pairs, changes))


class _Version:
    """The words of one version in one row, and the pages that they stand on.

    Args:
        pages: all pages.
        skipped: pages whose words are left out.
        only: the one page whose words are taken; None for all.
    """

    def __init__(
        self, pages: Sequence[WordRow], *, skipped: Iterable[int] = (), only: int | None = None
    ) -> None:
        left_out = frozenset(skipped)
        self.pages = pages
        taken = [
            page.texts if index not in left_out and only in (None, index) else ()
            for index, page in enumerate(pages)
        ]
        self.texts = [_key(word) for words in taken for word in words]
        self.counts = [len(words) for words in taken]
        self.starts = [0, *accumulate(self.counts)][:-1]
        self.left_out = left_out
        self._unpacked: tuple[int, PageText] | None = None

    def page_at(self, index: int) -> int:
        """The page of a word, or of the place before it."""
        return max(0, bisect_right(self.starts, index) - 1)

    def gap_before(self, index: int) -> Place:
        """The gap in front of a word, or behind the last one; without width."""
        if not self.texts:
            return Place(0, 0, 0, ())
        number = max(0, index - 1)
        page = self.page_at(number)
        begin, end = self.span(page, number, number + 1)
        x0, y0, x1, y1 = self.pages[page].box(number - self.starts[page])
        at, x = (begin, x0) if index == 0 else (end, x1)
        is_plain = self.pages[page].layer == PLAIN_LAYER
        return Place(page, at, at, () if is_plain else ((x, y0, x, y1),))

    def span(self, page: int, start: int, end: int) -> tuple[int, int]:
        """Where words of one page stand in its text: the first code point, and one past the last."""
        row, first, last = self.pages[page], start - self.starts[page], end - 1 - self.starts[page]
        return row.start(first), row.start(last) + len(row.texts[last])

    def page_text(self, page: int) -> PageText:
        """A page with its words as objects; one is kept, as changes are asked for in order."""
        if self._unpacked is None or self._unpacked[0] != page:
            self._unpacked = page, self.pages[page].unpacked()
        return self._unpacked[1]

    def by_page(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """A stretch of words cut at the ends of pages: page, first word, one past the last."""
        cut = []
        while start < end:
            page = self.page_at(start)
            stop = min(end, self.starts[page] + self.counts[page])
            cut.append((page, start, stop))
            start = stop
        return cut


def _key(word: str) -> str:
    """What a word is compared by: a ligature of the font is its letters."""
    return word if word.isascii() else unicodedata.normalize("NFKC", word)


def _edits(old: _Version, new: _Version) -> tuple[Edit, ...]:
    runs = common_runs(old.texts, new.texts)
    return edits_between(runs, len(old.texts), len(new.texts))


def _places(version: _Version, start: int, end: int) -> tuple[Place, ...]:
    places = []
    for page, first, stop in version.by_page(start, end):
        begin, finish = version.span(page, first, stop)
        is_plain = version.pages[page].layer == PLAIN_LAYER
        rects = () if is_plain else quads_for_range(version.page_text(page), begin, finish)
        places.append(Place(page, begin, finish, rects))
    return tuple(places)


def _change(old: _Version, new: _Version, edit: Edit) -> Change:
    old_places = _places(old, edit.old_start, edit.old_end)
    new_places = _places(new, edit.new_start, edit.new_end)
    return Change(
        old=old_places,
        new=new_places,
        words_removed=edit.old_end - edit.old_start,
        words_added=edit.new_end - edit.new_start,
        old_excerpt=_excerpt(old.texts[edit.old_start : edit.old_end]),
        new_excerpt=_excerpt(new.texts[edit.new_start : edit.new_end]),
        old_near=old_places[0] if old_places else old.gap_before(edit.old_start),
        new_near=new_places[0] if new_places else new.gap_before(edit.new_start),
    )


def _excerpt(words: Sequence[str]) -> str:
    shown = " ".join(words[:_EXCERPT_WORDS])
    return f"{shown} …" if len(words) > _EXCERPT_WORDS else shown


def _shared(old: _Version, new: _Version, edits: Sequence[Edit]) -> Counter[tuple[int, int]]:
    """How many words each new page has from each old page: (new, old)."""
    shared: Counter[tuple[int, int]] = Counter()
    old_at = new_at = 0
    for edit in (*edits, Edit(len(old.texts), len(old.texts), len(new.texts), len(new.texts))):
        while new_at < edit.new_start:
            old_page, new_page = old.page_at(old_at), new.page_at(new_at)
            size = min(
                edit.new_start - new_at,
                old.starts[old_page] + old.counts[old_page] - old_at,
                new.starts[new_page] + new.counts[new_page] - new_at,
            )
            shared[new_page, old_page] += size
            old_at, new_at = old_at + size, new_at + size
        old_at, new_at = edit.old_end, edit.new_end
    return shared


def _aligned(old: _Version, new: _Version, edits: Sequence[Edit]) -> dict[int, int]:
    """Old page by new page: one to one, rising, with the most words in common; then pages without words."""
    best: list[tuple[int, int, int | None]] = []
    # Most words in common of a choice that ends with an old page up to this one; a Fenwick tree of indexes.
    tree: list[int | None] = [None] * (len(old.pages) + 1)

    def better(one: int | None, other: int | None) -> int | None:
        if one is None or other is None:
            return other if one is None else one
        return one if best[one][1] >= best[other][1] else other

    by_new: dict[int, list[tuple[int, int]]] = {}
    chosen: list[int] = []
    for (new_page, old_page), weight in _shared(old, new, edits).items():
        by_new.setdefault(new_page, []).append((old_page, weight))
    ends: list[tuple[int, int]] = []
    for new_page in sorted(by_new):
        fresh = []
        for old_page, weight in by_new[new_page]:
            at, before = old_page, None
            while at > 0:
                before = better(before, tree[at])
                at -= at & -at
            fresh.append((old_page, weight + (best[before][1] if before is not None else 0), before))
        for old_page, total, before in fresh:
            best.append((old_page, total, before))
            ends.append((new_page, old_page))
            at = old_page + 1
            while at < len(tree):
                tree[at] = better(tree[at], len(best) - 1)
                at += at & -at
    last = max(range(len(best)), key=lambda index: best[index][1], default=None)
    while last is not None:
        chosen.append(last)
        last = best[last][2]
    partners = dict(ends[index] for index in reversed(chosen))
    return _with_wordless(old, new, partners)


def _with_wordless(old: _Version, new: _Version, partners: dict[int, int]) -> dict[int, int]:
    """Pages between two pairs, put beside each other in order where there are as many on both sides."""
    bounds = [(-1, -1), *sorted(partners.items()), (len(new.pages), len(old.pages))]
    found = dict(partners)
    for (new_from, old_from), (new_to, old_to) in pairwise(bounds):
        new_between = [p for p in range(new_from + 1, new_to) if p not in new.left_out]
        old_between = [p for p in range(old_from + 1, old_to) if p not in old.left_out]
        if len(new_between) != len(old_between):
            # Where pages came or went, pages without words are still beside each other.
            new_between = [p for p in new_between if not new.counts[p]]
            old_between = [p for p in old_between if not old.counts[p]]
        found.update(zip(new_between, old_between, strict=False))
    return dict(sorted(found.items()))


def _touched(version: _Version, edits: Sequence[Edit], *, is_new: bool) -> Counter[int]:
    """How many words of each page are not in the other version."""
    touched: Counter[int] = Counter()
    for edit in edits:
        start, end = (edit.new_start, edit.new_end) if is_new else (edit.old_start, edit.old_end)
        for page, first, stop in version.by_page(start, end):
            touched[page] += stop - first
    return touched


def _moved(old: _Version, new: _Version, edits: Sequence[Edit], partners: dict[int, int]) -> dict[int, int]:
    """Old page by new page, of those that stand elsewhere now."""
    added, gone = _touched(new, edits, is_new=True), _touched(old, edits, is_new=False)
    fresh = [p for p, n in sorted(added.items()) if n >= _MOVED_SHARE * new.counts[p]]
    lost = [p for p, n in sorted(gone.items()) if n >= _MOVED_SHARE * old.counts[p]]
    if not fresh or not lost or max(len(fresh), len(lost)) > _MOVED_MOST_PAGES:
        return {}
    bags = {p: Counter(old.pages[p].texts) for p in lost}
    scored = []
    for new_page in fresh:
        bag = Counter(new.pages[new_page].texts)
        for old_page in lost:
            if partners.get(new_page) == old_page:
                continue
            share = 2 * (bag & bags[old_page]).total() / (bag.total() + bags[old_page].total())
            if share >= _MOVED_SHARE:
                scored.append((-share, new_page, old_page))
    found: dict[int, int] = {}
    for _, new_page, old_page in sorted(scored):
        if new_page not in found and old_page not in found.values():
            found[new_page] = old_page
    return found


def _pairs(
    old: _Version, new: _Version, edits: Sequence[Edit], partners: dict[int, int], moved: dict[int, int]
) -> list[PagePair]:
    """Every page once, in the order of the present version; what is gone stands where it was."""
    added, gone = _touched(new, edits, is_new=True), _touched(old, edits, is_new=False)
    taken = {**partners, **moved}
    alone = [page for page in range(len(old.pages)) if page not in taken.values()]
    pairs: list[PagePair] = []

    def put_gone(until: int) -> None:
        while alone and alone[0] < until:
            page = alone.pop(0)
            is_gone = not old.counts[page] or gone[page] >= _NEW_SHARE * old.counts[page]
            state = PageState.REMOVED if is_gone else PageState.RUNS_ON
            pairs.append(PagePair(page, None, state, bool(old.pages[page].texts)))

    for page, text in enumerate(new.pages):
        if page in moved:
            pairs.append(PagePair(moved[page], page, PageState.MOVED))
        elif page in partners:
            put_gone(partners[page])
            has_words = bool(text.texts or old.pages[partners[page]].texts)
            pairs.append(PagePair(partners[page], page, PageState.SAME, has_words))
        else:
            is_new = not new.counts[page] or added[page] >= _NEW_SHARE * new.counts[page]
            pairs.append(
                PagePair(None, page, PageState.NEW if is_new else PageState.RUNS_ON, bool(text.texts))
            )
    put_gone(len(old.pages))
    return pairs


def _with_states(pairs: Sequence[PagePair], changes: Sequence[Change]) -> tuple[PagePair, ...]:
    """Pairs whose words changed, marked as such."""
    old_pages = {place.page for change in changes for place in change.old}
    new_pages = {place.page for change in changes for place in change.new}
    return tuple(
        replace(pair, state=PageState.CHANGED)
        if pair.state is PageState.SAME and (pair.old in old_pages or pair.new in new_pages)
        else pair
        for pair in pairs
    )
