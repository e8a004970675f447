"""What is kept of a match: passages side by side, copies, what both learners said, and how it is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from assessor_app.domain.matches import ComparedPart, Excerpt, MatchWeight, Passage
from assessor_app.sync.protocol import (
    CollaborationWire,
    ExcerptWire,
    FileCopyWire,
    PassageWire,
    RunWire,
    StatementWire,
    SubmissionWire,
    as_json,
)
from reference_platform.models import ComparedText, Submission
from reference_platform.similarity import index
from reference_platform.similarity.judgement import Side, weight_of
from reference_platform.similarity.passages import Text, shared_passages

MOST_CHARS = 16_000
"""Characters of passages, both sides together, that are kept of one match."""
MOST_EXCERPT_CHARS = 6_000
"""Characters that are kept of one side of a passage."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A match of one part of two submissions."""

    part: ComparedPart
    weight: MatchWeight
    words: int
    """Words of the one that stand in the other as well."""
    passages: tuple[PassageWire, ...]
    """With `here` in the one submission, `there` in the other."""
    left_out: int
    copies: tuple[FileCopyWire, ...]
    statements: tuple[StatementWire, StatementWire]

    def body(self) -> dict[str, Any]:
        """As it is kept in `SharedPart.body`; `matches.match_wire` reads it."""
        return {
            "words": self.words,
            "passages": [as_json(passage) for passage in self.passages],
            "left_out": self.left_out,
            "copies": [as_json(copy) for copy in self.copies],
            "statements": [as_json(statement) for statement in self.statements],
        }


def finding(
    session: Session, one: Submission, other: Submission, candidate: index.Candidate, key: bytes
) -> Finding:
    """Compare the words of two submissions' parts.

    Args:
        session: where their texts are.
        one: the submission that is `here`.
        other: the one that is `there`.
        candidate: what the two share by fingerprints.
        key: the tenant's.
    """
    part = candidate.part
    here, there = (index.texts_of(session, submission.id, part) for submission in (one, other))
    copied = [
        (a, b)
        for a in here
        for b in there
        if a.file_sha256 is not None and a.file_sha256 == b.file_sha256 in candidate.copies
    ]
    passages, words, met = _compared(session, here, there, candidate, key, copied)
    kept = _within(passages)
    mentioned_here = {*(a.id for a, _ in met), *(a.id for a, _ in copied)}
    mentioned_there = {*(b.id for _, b in met), *(b.id for _, b in copied)}
    said = (
        _said(one, [text for text in here if text.id in mentioned_here]),
        _said(other, [text for text in there if text.id in mentioned_there]),
    )
    return Finding(
        part=part,
        weight=weight_of(part, said[0][0], said[1][0]),
        words=words,
        passages=tuple(_wire(passage) for passage in kept),
        left_out=len(passages) - len(kept),
        copies=tuple(FileCopyWire(here=a.source_name, there=b.source_name) for a, b in copied),
        statements=(said[0][1], said[1][1]),
    )


def _compared(
    session: Session,
    here: Sequence[ComparedText],
    there: Sequence[ComparedText],
    candidate: index.Candidate,
    key: bytes,
    copied: Iterable[tuple[ComparedText, ComparedText]],
) -> tuple[list[Passage], int, list[tuple[ComparedText, ComparedText]]]:
    """Passages, how many words they are, and between which texts; copied files are not gone through."""
    values = index.values_by_text(session, [*here, *there], candidate.values)
    same = {(a.id, b.id) for a, b in copied}
    passages: list[Passage] = []
    met = []
    words = 0
    for a in here:
        for b in there:
            shared = values.get(a.id, frozenset()) & values.get(b.id, frozenset())
            if not shared or (a.id, b.id) in same:
                continue
            found = shared_passages(Text(a.source_name, a.text), Text(b.source_name, b.text), shared, key)
            if found.passages:
                passages += found.passages
                words += found.words
                met.append((a, b))
    return passages, words, met


def _said(submission: Submission, texts: Iterable[ComparedText]) -> tuple[Side, StatementWire]:
    """What a learner said about the files and answers of a match."""
    said: CollaborationWire = SubmissionWire.model_validate(submission.body).collaboration
    approved = set(said.shared_artifacts)
    named = list(texts)
    covered = [text for text in named if text.source_id in approved]
    return (
        Side(declared=said.declared, all_approved=bool(named) and len(covered) == len(named)),
        StatementWire(
            declared=said.declared, note=said.note[:4000], approved=[text.source_name for text in covered]
        ),
    )


def _within(passages: Sequence[Passage]) -> list[Passage]:
    """As many passages as fit `MOST_CHARS`, at least one if there are any."""
    kept: list[Passage] = []
    chars = 0
    for passage in passages:
        chars += sum(len(run.text) for side in (passage.here, passage.there) for run in side.runs)
        if kept and chars > MOST_CHARS:
            break
        kept.append(passage)
    return kept


def _wire(passage: Passage) -> PassageWire:
    return PassageWire(here=_excerpt(passage.here), there=_excerpt(passage.there))


def _excerpt(excerpt: Excerpt) -> ExcerptWire:
    """One side of a passage; what is too long ends in an ellipsis."""
    runs: list[RunWire] = []
    left = MOST_EXCERPT_CHARS
    for run in excerpt.runs:
        if len(run.text) > left:
            runs.append(RunWire(text=run.text[:left] + " \u2026", same=run.same))
            break
        runs.append(RunWire(text=run.text, same=run.same))
        left -= len(run.text)
    return ExcerptWire(source=excerpt.source[:10_000], runs=runs)
