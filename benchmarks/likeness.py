"""Shared passages among 2,000 submissions: what is found, false alarms and time, beside full-text search.

Made-up texts of 500 to 900 words with the frequencies of a language, a hundred stock sentences that anybody
uses, and a template of 60 words that everybody keeps. Then submissions come in that share something with one
of them, and some that share nothing. The peer is SQLite's FTS5 asked for 40 rare phrases of five words, with
the cut that suits these very data best; `difflib` against every text is told as a time alone.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from assessor_app.sync.protocol import PartWire, ResponseWire
from benchmarks._report import percentile
from reference_platform.feed import matches_of
from reference_platform.loading import load
from reference_platform.models import SharedPart, Submission
from reference_platform.platform import Platform
from reference_platform.seeding import DemoContent, SeedLearner, SeedSubmission
from reference_platform.similarity import comparing, index
from tests.contract.running import fill, no_renditions, platform_in
from tests.contract.small_content import content, wire

SUBMISSIONS, PLANTED, UNRELATED = 2_000, 40, 200
VOCABULARY, STOCK, TEMPLATE_WORDS = 6_000, 100, 60
PEER_PHRASES = 40
Words = list[str]


class Language:
    """Words with the frequencies of a language."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        letters = "abcdefghijklmnoprstuvw"
        self.words = [
            "".join(self.chance.choices(letters, k=self.chance.randint(2, 9))) for _ in range(VOCABULARY)
        ]
        self.weights = [1 / (rank + 2.7) for rank in range(VOCABULARY)]
        self.stock = [self.some(self.chance.randint(6, 14)) for _ in range(STOCK)]
        self.template = self.some(TEMPLATE_WORDS)

    def some(self, count: int) -> Words:
        return self.chance.choices(self.words, self.weights, k=count)

    def text(self) -> Words:
        made = list(self.template)
        wanted = self.chance.randint(500, 900)
        while len(made) < wanted:
            if self.chance.random() < 0.08:
                made += self.chance.choice(self.stock)
            else:
                made += self.some(self.chance.randint(6, 24))
        return made

    def edited(self, text: Words, share: float) -> Words:
        return [self.some(1)[0] if self.chance.random() < share else word for word in text]

    def sharing(self, text: Words, count: int) -> Words:
        """A text of its own with so many words of another in its middle."""
        own = self.text()
        start = self.chance.randint(TEMPLATE_WORDS, max(TEMPLATE_WORDS, len(text) - count))
        return [*own[: len(own) // 2], *text[start : start + count], *own[len(own) // 2 :]]


def kinds(language: Language) -> dict[str, Callable[[Words], Words]]:
    """How a planted submission comes from another."""
    return {
        "exact copy": list,
        "5 % of words changed": lambda text: language.edited(text, 0.05),
        "15 % of words changed": lambda text: language.edited(text, 0.15),
        "30 % of words changed": lambda text: language.edited(text, 0.30),
        "45 % of it shared": lambda text: language.sharing(text, round(len(text) * 0.45 / 0.55)),
        "120 words lifted": lambda text: language.sharing(text, 120),
    }


def seeded(number: int, text: Words) -> SeedSubmission:
    """A submission of its own learner, which is one answer."""
    answer = ResponseWire(id=f"answer-{number}", prompt_id="analyze-prompt", text=" ".join(text))
    part = PartWire(requirement_id="analyze", responses=[answer])
    return SeedSubmission(wire(submission_id(number), parts=[part]), f"learner-{number}")


def submission_id(number: int) -> str:
    return str(uuid.UUID(int=0x10_0000 + number))


def with_texts(texts: Sequence[Words]) -> DemoContent:
    learners = tuple(SeedLearner(f"learner-{number}") for number in range(len(texts)))
    seeds = tuple(seeded(number, text) for number, text in enumerate(texts))
    return replace(content(), learners=learners, submissions=seeds)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform says of a submission that has just come in."""

    others: frozenset[str]
    """Ids of the submissions that it is told to share something with."""
    query_ms: float
    """To find them by their fingerprints."""
    whole_ms: float
    """From reading its words to matches with passages side by side."""


class Peer:
    """FTS5, asked for rare phrases."""

    def __init__(self, texts: Sequence[Words]) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.execute("CREATE VIRTUAL TABLE t USING fts5(words, tokenize='unicode61')")
        self.counts: dict[str, int] = {}
        for text in texts:
            for word in set(text):
                self.counts[word] = self.counts.get(word, 0) + 1
        rows = ((number + 1, " ".join(text)) for number, text in enumerate(texts))
        self.base.executemany("INSERT INTO t(rowid, words) VALUES (?, ?)", rows)

    def ask(self, text: Words) -> tuple[int, float, float]:
        """Number of the best hit, its score (higher is better), milliseconds."""
        started = time.perf_counter()
        rarity = sorted(
            range(len(text) - 4),
            key=lambda at: sum(self.counts.get(word, 0) for word in text[at : at + 5]),
        )
        phrases = " OR ".join('"' + " ".join(text[at : at + 5]) + '"' for at in rarity[:PEER_PHRASES])
        best = self.base.execute(
            "SELECT rowid, -bm25(t) FROM t WHERE t MATCH ? ORDER BY rank LIMIT 1", (phrases,)
        ).fetchone()
        taken = (time.perf_counter() - started) * 1000
        return (best[0] - 1, best[1], taken) if best else (-1, 0.0, taken)


def main(arguments: Sequence[str] = ()) -> int:
    """Measure and print; 1 when something planted was missed or something unrelated reported."""
    parser = argparse.ArgumentParser(prog="likeness")
    parser.add_argument("--submissions", type=int, default=SUBMISSIONS)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(list(arguments))
    language = Language(options.seed)
    texts = [language.text() for _ in range(options.submissions)]
    with tempfile.TemporaryDirectory(prefix="likeness-") as name:
        return _run(Path(name), language, texts)


def _run(folder: Path, language: Language, texts: list[Words]) -> int:
    fill(folder, with_texts(texts))
    platform = platform_in(folder)
    started = time.perf_counter()
    comparing.catch_up(platform)
    build_s = time.perf_counter() - started
    size = (folder / "platform.db").stat().st_size / 1e6
    started = time.perf_counter()
    peer = Peer(texts)
    peer_s = time.perf_counter() - started
    sys.stdout.write(f"{len(texts)} submissions: laid down and compared in {build_s:.1f} s, ")
    sys.stdout.write(
        f"{build_s / len(texts) * 1000:.1f} ms each, database {size:.0f} MB; FTS5 {peer_s:.1f} s\n"
    )
    with platform.database.read() as session:
        among = session.query(SharedPart).count()
    sys.stdout.write(f"matches among texts that share a template and stock sentences alone: {among}\n")
    tally = _Tally(platform, peer, len(texts))
    for _ in range(UNRELATED):
        tally.unrelated(language.text())
    for kind, made in kinds(language).items():
        for number in language.chance.sample(range(len(texts)), PLANTED):
            tally.planted(kind, number, made(texts[number]))
    tally.say()
    sys.stdout.write(f"difflib against all of them: about {_difflib_s(texts):.0f} s for one query\n")
    platform.database.close()
    return 1 if tally.is_wrong or among else 0


class _Tally:
    """What was found by whom, and how long it took."""

    def __init__(self, platform: Platform, peer: Peer, number: int) -> None:
        self._platform, self._peer, self._number = platform, peer, number
        self._answers: list[Answer] = []
        self._peer_ms: list[float] = []
        self._highest_false = 0.0
        self._alarms = 0
        self._found: dict[str, list[tuple[bool, bool]]] = {}

    @property
    def is_wrong(self) -> bool:
        """Whether anything planted was missed or anything unrelated was told."""
        return bool(self._alarms) or not all(ours for found in self._found.values() for ours, _ in found)

    def unrelated(self, text: Words) -> None:
        """A submission that shares nothing but template and stock sentences."""
        self._alarms += bool(self._come_in(text).others)
        _, score, taken = self._peer.ask(text)
        self._peer_ms.append(taken)
        self._highest_false = max(self._highest_false, score)

    def planted(self, kind: str, number: int, text: Words) -> None:
        """A submission that shares something with the text of this number."""
        answer = self._come_in(text)
        hit, score, taken = self._peer.ask(text)
        self._peer_ms.append(taken)
        is_found = answer.others == {submission_id(number)}
        peer_found = hit == number and score > self._highest_false
        self._found.setdefault(kind, []).append((is_found, peer_found))

    def say(self) -> None:
        """Print it."""
        for kind, found in self._found.items():
            ours, theirs = (sum(pair[side] for pair in found) for side in (0, 1))
            sys.stdout.write(
                f"{kind}: found {ours} of {len(found)}; FTS5, above its best false hit, {theirs}\n"
            )
        sys.stdout.write(f"false alarms: {self._alarms} of {UNRELATED}\n")
        for what, taken_ms in (
            ("one query, ours", [answer.query_ms for answer in self._answers]),
            ("one query, FTS5", self._peer_ms),
            ("one new submission, with its passages", [answer.whole_ms for answer in self._answers]),
        ):
            middle, high = statistics.median(taken_ms), percentile(taken_ms, 0.95)
            sys.stdout.write(f"{what}: median {middle:.1f} ms, 95 % under {high:.1f} ms\n")

    def _come_in(self, text: Words) -> Answer:
        """Let a submission come in, ask what it shares, and take it out again."""
        self._number += 1
        platform, one = self._platform, submission_id(self._number)
        made = replace(
            content(),
            learners=(SeedLearner(f"learner-{self._number}"),),
            submissions=(seeded(self._number, text),),
        )
        load(made, platform.database, platform.blobs, clock=platform.clock, make_renditions=no_renditions)
        started = time.perf_counter()
        comparing.catch_up(platform)
        whole_ms = (time.perf_counter() - started) * 1000
        with platform.database.read() as session:
            started = time.perf_counter()
            index.candidates(session, session.get_one(Submission, one))
            query_ms = (time.perf_counter() - started) * 1000
            rows = session.scalars(matches_of(one)).all()
            others = frozenset(row.other_id if row.one_id == one else row.one_id for row in rows)
        with platform.database.write() as session:
            comparing.set_reference(session, one, platform.clock.now())
        self._answers.append(Answer(others, query_ms, whole_ms))
        return self._answers[-1]


def _difflib_s(texts: Sequence[Words]) -> float:
    started = time.perf_counter()
    for other in texts[1:6]:
        SequenceMatcher(None, texts[0], other, autojunk=False).get_matching_blocks()
    return (time.perf_counter() - started) / 5 * len(texts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
