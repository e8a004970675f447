"""What a comparison says in words: one line for the whole, one entry of the list for each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from assessor_app.documents.difference import Change, Difference, PagePair, PageState
from assessor_app.ui.plain_text import one_line

_EXCERPT_CHARS = 44
_REPEATED_PAGES = 3
"""The very same change on so many pages is one line of the list."""

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that differs: a line of the list, and where to go for it."""

    sign: str
    """Told in front of the words; empty where they say it themselves."""
    text: str
    detail: str
    change: Change | None = None
    """Where words differ; None where a whole page does."""
    old_page: int | None = None
    new_page: int | None = None


def stops_of(found: Difference, looks: Sequence[tuple[int, int]], *, has_pages: bool) -> tuple[Stop, ...]:
    """Everything that differs, in the order of the present version.

    Args:
        found: words and pages.
        looks: pairs of pages, earlier and present, that look different.
        has_pages: whether page numbers mean something.
    """
    placed: list[tuple[float, int, Stop]] = []
    whole = {pair.new for pair in found.pairs if pair.state is PageState.NEW}
    gone = {pair.old for pair in found.pairs if pair.state is PageState.REMOVED}
    last = 0
    for pair in found.pairs:
        last = pair.new if pair.new is not None else last
        stop = _page_stop(pair)
        if stop is not None:
            placed.append((last + (0.999 if pair.new is None else 0.0), 0, stop))
    for old_page, new_page in looks:
        text = translate("Compare", "Page {n} looks different").format(n=new_page + 1)
        if len(found.pairs) == 1:
            text = translate("Compare", "Looks different")
        has_words = any(pair.has_words for pair in found.pairs if pair.new == new_page)
        detail = translate("Compare", "The words are the same") if has_words else ""
        placed.append((new_page, 0, Stop("≠", text, detail, None, old_page, new_page)))
    told = [c for c in found.changes if not (has_pages and _is_of_whole_pages(c, whole, gone))]
    for again in _repeated(told):
        pages = sorted({change.new_near.page for change in again})
        if len(pages) >= _REPEATED_PAGES:
            placed.append(
                (pages[0] + 0.5, again[0].new_near.start, _word_stop(again[0], pages if has_pages else ()))
            )
        else:
            placed += [
                (
                    c.new_near.page + 0.5,
                    c.new_near.start,
                    _word_stop(c, [c.new_near.page] if has_pages else ()),
                )
                for c in again
            ]
    return tuple(stop for _, _, stop in sorted(placed, key=lambda item: item[:2]))


def _repeated(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes in order, the very same ones together: a footer that says another number on every page."""
    together: dict[tuple[str, str, int, int], list[Change]] = {}
    for change in changes:
        key = (change.old_excerpt, change.new_excerpt, change.words_removed, change.words_added)
        together.setdefault(key, []).append(change)
    return list(together.values())


def _is_of_whole_pages(change: Change, new: set[int | None], gone: set[int | None]) -> bool:
    """Whether a change is told already by the entries on whole pages."""
    places = [*change.new, *change.old]
    return bool(places) and all(p.page in new for p in change.new) and all(p.page in gone for p in change.old)


def _page_stop(pair: PagePair) -> Stop | None:
    old, new = pair.old, pair.new
    if pair.state is PageState.NEW and new is not None:
        text = translate("Compare", "Page {n} is new").format(n=new + 1)
        return Stop("+", text, "", None, None, new)
    if pair.state is PageState.REMOVED and old is not None:
        text = translate("Compare", "Page {n} of the earlier version is gone").format(n=old + 1)
        return Stop("\u2212", text, "", None, old, None)
    if pair.state is PageState.MOVED and old is not None and new is not None:
        text = translate("Compare", "Page {n} was page {m}").format(n=new + 1, m=old + 1)
        return Stop("↕", text, "", None, old, new)
    return None


def _word_stop(change: Change, pages: Sequence[int]) -> Stop:
    counts = (("\u2212", change.words_removed), ("+", change.words_added))
    signed = " ".join(f"{sign}{count}" for sign, count in counts if count)
    is_one = max(change.words_removed, change.words_added) == 1
    words = translate("Compare", "{signed} word") if is_one else translate("Compare", "{signed} words")
    text = words.format(signed=signed)
    if pages:
        place = translate("Compare", "Page {n}") if len(pages) == 1 else translate("Compare", "Pages {n}")
        text = f"{place.format(n=number_ranges(pages))} · {text}"
    excerpts = [_short(part) for part in (change.old_excerpt, change.new_excerpt) if part]
    return Stop("", text, " → ".join(f"“{part}”" for part in excerpts), change)


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _EXCERPT_CHARS else line[: _EXCERPT_CHARS - 1].rstrip() + "…"


def _added(count: int) -> str:
    if count == 1:
        return translate("Compare", "1 word added")
    return translate("Compare", "{n} words added").format(n=count)


def _removed(count: int) -> str:
    if count == 1:
        return translate("Compare", "1 word removed")
    return translate("Compare", "{n} words removed").format(n=count)


def summary(
    found: Difference, looks: Sequence[tuple[int, int]], unchanged_files: int, *, has_words: bool
) -> str:
    """The whole in one line: words, pages, and what else is as it was.

    Args:
        found: words and pages.
        looks: pairs of pages that look different.
        unchanged_files: pieces of the resubmission that are as they were.
        has_words: whether either version has words at all.
    """
    told = []
    if has_words:
        told.append(_added(found.words_added) if found.words_added else "")
        told.append(_removed(found.words_removed) if found.words_removed else "")
    told += [
        _pages(found, PageState.NEW, translate("Compare", "page {n} is new"),
               translate("Compare", "pages {n} are new")),
        _pages(found, PageState.REMOVED, translate("Compare", "earlier page {n} is gone"),
               translate("Compare", "earlier pages {n} are gone")),
        _pages(found, PageState.MOVED, translate("Compare", "page {n} has moved"),
               translate("Compare", "pages {n} have moved")),
    ]  # fmt: skip
    if looks:
        numbers = number_ranges([new for _, new in looks])
        one, more = (
            translate("Compare", "page {n} looks different"),
            translate("Compare", "pages {n} look different"),
        )
        both = translate("Compare", "they look different")
        told.append(both if len(found.pairs) == 1 else (one if len(looks) == 1 else more).format(n=numbers))
    words = ", ".join(part for part in told if part)
    if not words:
        words = (
            translate("Compare", "no word was changed")
            if has_words
            else translate("Compare", "no difference was found")
        )
    words = words[:1].upper() + words[1:] + "."
    if unchanged_files:
        words += " " + unchanged(unchanged_files)
    return words


def unchanged(count: int) -> str:
    """How many other pieces are as they were."""
    if count == 1:
        return translate("Compare", "1 other piece is unchanged.")
    return translate("Compare", "{n} other pieces are unchanged.").format(n=count)


def _pages(found: Difference, state: PageState, one: str, more: str) -> str:
    numbers = [
        page
        for pair in found.pairs
        if pair.state is state and (page := pair.old if pair.new is None else pair.new) is not None
    ]
    if not numbers:
        return ""
    return (one if len(numbers) == 1 else more).format(n=number_ranges(numbers))


def number_ranges(pages: Sequence[int]) -> str:
    """Page indexes from 0 as numbers from 1, such as "2, 4" and a range."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(a + 1) if a == b else f"{a + 1}\u2013{b + 1}" for a, b in runs)
