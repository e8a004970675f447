"""Kinds that a submission and its dates come in."""

from __future__ import annotations

from enum import StrEnum


class SubmissionType(StrEnum):
    """How the submission is judged: as a whole, or each artifact by itself."""

    FULL_PORTFOLIO = "full_portfolio"
    SINGLE_ARTIFACT = "single_artifact"


class DueKind(StrEnum):
    """Whether a date is aimed at or final."""

    TARGET = "target"
    HARD = "hard"
