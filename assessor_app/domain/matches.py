"""Passages that submissions of two learners share, as they are shown side by side; never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ComparedPart(StrEnum):
    """What is compared with its like: files with files, reflections with reflections."""

    ARTIFACT = "artifact"
    """Files and captured pages, wherever they stand but in a reflection."""
    ANSWER = "answer"
    """Written answers that are no reflection."""
    REFLECTION = "reflection"
    """The learner's own looking back, written or as a file; always individual."""


class MatchWeight(StrEnum):
    """How a match is meant. Neither says what it means: a person looks, asks and decides."""

    INFORMATION = "information"
    """Both learners declared it, or it is approved as shared."""
    LOOK = "look"
    """Somebody should look at it and ask."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together, the same on both sides or not."""

    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of one text: the shared words and a little of what stands around them."""

    source: str
    """The neutral name of the file, or the question that was answered."""
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The same passage in two submissions."""

    here: Excerpt
    there: Excerpt


@dataclass(frozen=True, slots=True)
class FileCopy:
    """A file that is the same in two submissions, byte for byte, by its neutral names."""

    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a learner said about working with others, as far as it is about a match."""

    declared: bool
    note: str = ""
    approved: tuple[str, ...] = ()
    """Names of the files in the match that are approved as shared."""


@dataclass(frozen=True, slots=True)
class Match:
    """What one part of a submission shares with the same part of another learner's."""

    id: str
    other_code: str
    """The other submission, by the only name that it has."""
    part: ComparedPart
    weight: MatchWeight
    score: float
    """The share of the shorter part's fingerprints that both have, from 0 to 1."""
    words: int
    """Words that are the same on both sides, of those that were compared: at least so many."""
    here: Statement
    there: Statement
    passages: tuple[Passage, ...] = ()
    copies: tuple[FileCopy, ...] = ()
    left_out: int = 0
    """Further passages that are not shown."""


@dataclass(frozen=True, slots=True)
class SubmissionMatches:
    """Everything that a submission shares with others, as far as the reader may know of it."""

    submission_id: str
    code: str
    title: str
    """The micro-credential's."""
    matches: tuple[Match, ...]
