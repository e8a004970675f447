"""The inbox with many submissions: opening it, filtering it, and the search beside a plain LIKE scan.

A store is filled with answers and pages of made-up words, as frequent as in natural text. Each query is
typed letter by letter, as a person does, and timed from the call to the answer with its snippets. What the
sync pays for the search and how long one stretch of indexing holds the write lock is measured as well.

Run with `python3 dev.py bench inbox_search [SUBMISSIONS]`, 10,000 by default; filling takes a few minutes.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from assessor_app.cache import inbox_filtering, search, search_index, submissions, text_pages
from assessor_app.cache.engine import Store
from assessor_app.cache.moments import to_us
from assessor_app.domain.inbox_filter import InboxFilter, Show
from assessor_app.domain.inbox_groups import days_of, grouped
from assessor_app.domain.roles import Role
from assessor_app.domain.searching import search_words
from assessor_app.domain.submissions import Response, Submission
from benchmarks._report import percentile, say_limit
from tests import builders
from tests.builders import NOON, FakeClock

VOCABULARY = 20_000
ANSWER_WORDS = (120, 160, 90, 200)
OPENED_SHARE = 10
"""One submission in so many had its evidence opened here."""
OPENED_PAGES, PAGE_WORDS = 12, 280
LIMIT_MS, SYNC_LIMIT_MS, INBOX_LIMIT_MS = 100, 25, 50
PAGE_OF_SYNC = 25
"""Submissions in one page of a sync, about."""
ROUNDS = 5


class Words:
    """Made-up words; the n-th is about n times as rare as the first."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        parts = ["".join(pair) for pair in itertools.product("bcdfglmnprst", "aeiouáé")]
        self.all = [
            "".join(self._random.choices(parts, k=self._random.randint(1, 4))) for _ in range(VOCABULARY)
        ]
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def text(self, count: int) -> str:
        """So many words."""
        return " ".join(self._random.choices(self.all, cum_weights=self._weights, k=count))


def made(number: int, words: Words) -> Submission:
    base = builders.submission(number, received_at=NOON - timedelta(hours=number % 300))
    part = base.parts[0]
    responses = tuple(
        Response(f"r{n}", part.responses[0].prompt_id, words.text(count))  # type: ignore[arg-type]
        for n, count in enumerate(ANSWER_WORDS)
    )
    return replace(base, parts=(replace(part, responses=responses), base.parts[1]))


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def fill(store: Store, count: int, words: Words) -> list[float]:
    """Fill the store; milliseconds of each page of the sync."""
    taken = []
    for start in range(1, count + 1, PAGE_OF_SYNC):
        page = [made(number, words) for number in range(start, min(start + PAGE_OF_SYNC, count + 1))]

        def write(page: list[Submission] = page) -> None:
            with store.write() as txn:
                for one in page:
                    submissions.put_submission(txn, one)
                    submissions.put_assignment(txn, builders.assignment(int(one.code[2:], 16), Role.ASSESSOR))

        taken.append(timed(write))
    for number in range(1, count + 1, OPENED_SHARE):
        with store.write() as txn:
            blob = f"blob-{number}"
            txn.connection.exec_driver_sql(
                "INSERT INTO evidence_file (blob_id, submission_id, artifact_id, is_rendition, media_type,"
                " size_bytes, sha256, state, failures, due_us) VALUES (?, ?, ?, 0, 'application/pdf', 1, ?,"
                " 'ready', 0, 0)",
                (blob, builders.submission_id(number), f"a{number}", blob),
            )
            for page_number in range(OPENED_PAGES):
                text_pages.put(txn, blob, page_number, words.text(PAGE_WORDS), "[]")
    return taken


def index(store: Store) -> list[float]:
    """Index everything; milliseconds for which each stretch held the write lock, its commit included."""
    taken, is_left = [], True

    def stretch() -> None:
        nonlocal is_left
        with store.write() as txn:
            is_left = search_index.index_some(txn, time.monotonic)

    while is_left:
        taken.append(timed(stretch))
    return taken


def queries(words: Words) -> list[str]:
    """What is typed, letter by letter: common words, rare ones, several, and one that is not there."""
    typed = [
        words.all[0],
        words.all[40],
        words.all[600],
        words.all[15_000],
        f"{words.all[3]} {words.all[25]}",
        f"{words.all[200]} {words.all[2_000]}",
        f"{words.all[9]} {words.all[11]} {words.all[30]}",
        "zzzz",
    ]
    return [text[:length] for text in typed for length in range(1, len(text) + 1)]


def like_scan(store: Store, text: str) -> int:
    """The peer: every text is looked through."""
    tests = " AND ".join("text LIKE ?" for _ in search_words(text)) or "0"
    values = tuple(f"%{word}%" for word in search_words(text))
    with store.read() as txn:
        rows = txn.connection.exec_driver_sql(
            f"SELECT submission_id, substr(text, 1, 100) FROM search_text WHERE {tests} LIMIT 300", values
        ).fetchall()
    return len(rows)


def find(store: Store, text: str) -> int:
    with store.read() as txn:
        return search.find(txn, Role.ASSESSOR, text).place_count


def open_inbox(store: Store, wanted: InboxFilter) -> None:
    """What the window asks for: the order under a filter, its groups, and the first rows."""
    days = days_of(NOON, ZoneInfo("Europe/London"))
    with store.read() as txn:
        order = inbox_filtering.order(txn, Role.ASSESSOR, wanted, days, to_us(NOON) + 1)
        inbox_filtering.microcredentials(txn)
        grouped(order, days)
        submissions.inbox_rows(txn, Role.ASSESSOR, order.ids[:100])


def main() -> int:
    """Measure and print; 1 when a target was missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    words, clock = Words(), FakeClock()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        store = Store.open(Path(scratch), bytes(range(32)), clock=clock)
        with store.write() as txn:
            submissions.put_rubric(txn, builders.rubric_version())
        sync_ms = fill(store, count, words)
        stretches = index(store)
        typed = queries(words)
        ours = [timed(partial(find, store, text)) for _ in range(ROUNDS) for text in typed]
        peer = [timed(partial(like_scan, store, text)) for text in typed]
        size_mb = sum(file.stat().st_size for file in Path(scratch).rglob("*")) / 1e6
        print(
            f"peer, a LIKE scan: median {percentile(peer, 0.5):.1f} ms, "
            f"95th percentile {percentile(peer, 0.95):.1f} ms"
        )
        print(f"{count:,} submissions, {len(typed)} queries, store of {size_mb:.0f} MB")
        met = [
            say_limit("search as it is typed, median", percentile(ours, 0.5), LIMIT_MS, "ms"),
            say_limit("  95th percentile", percentile(ours, 0.95), LIMIT_MS, "ms"),
            say_limit("  99th percentile", percentile(ours, 0.99), LIMIT_MS, "ms"),
            say_limit(
                "indexing holds the write lock, 95th percentile",
                percentile(stretches, 0.95),
                SYNC_LIMIT_MS,
                "ms",
            ),
            say_limit("a page of the sync, 95th percentile", percentile(sync_ms, 0.95), SYNC_LIMIT_MS, "ms"),
        ]
        cases = {
            "the inbox's order and first rows": InboxFilter(),
            "  with a part and words": InboxFilter(show=Show.TO_DO, text="thinking"),
            "  with what is here": InboxFilter(all_here=True),
            "  at risk": InboxFilter(at_risk=True),
        }
        for name, wanted in cases.items():
            taken = [timed(partial(open_inbox, store, wanted)) for _ in range(20)]
            met.append(say_limit(f"{name}, 95th percentile", percentile(taken, 0.95), INBOX_LIMIT_MS, "ms"))
        store.close()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
