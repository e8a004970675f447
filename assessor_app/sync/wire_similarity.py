"""The wire types of what submissions share: for the lead, and for an approver after an own reading."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from assessor_app.domain.matches import ComparedPart, MatchWeight
from assessor_app.sync.wire_base import Count, GivenName, Identifier, LongText, ShortText, Wire


class RunWire(Wire):
    """Words that stand together, the same in both submissions or not."""

    text: LongText
    same: bool


class ExcerptWire(Wire):
    """A stretch of one text with the passage in it."""

    source: GivenName
    """The neutral name of the file, or the question that was answered."""
    runs: list[RunWire]


class PassageWire(Wire):
    """The same passage in two submissions."""

    here: ExcerptWire
    there: ExcerptWire


class FileCopyWire(Wire):
    """A file that is the same in two submissions, byte for byte."""

    here: GivenName
    there: GivenName


class StatementWire(Wire):
    """What a learner stated on working with others, as far as it is about a match."""

    declared: bool
    note: LongText = ""
    approved: list[GivenName] = []
    """Names of the files in the match that are approved as shared."""


class MatchWire(Wire):
    """What one part of a submission shares with the same part of another learner's; never a verdict."""

    id: Identifier
    """Of the pair and the part; the same from both sides."""
    other_code: ShortText
    part: ComparedPart
    weight: MatchWeight
    score: Annotated[float, Field(ge=0, le=1)]
    words: Count
    here: StatementWire
    there: StatementWire
    passages: list[PassageWire] = []
    copies: list[FileCopyWire] = []
    left_out: Count = 0


class SimilarityWire(Wire):
    """Everything that a submission shares with other learners', as far as the reader may know of it."""

    submission_id: Identifier
    code: ShortText
    title: ShortText
    matches: list[MatchWire]
