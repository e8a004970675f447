"""What a search over everything on this machine asks for and finds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assessor_app.domain.ids import SubmissionId

_WORD = re.compile(r"\w+")
SHORTEST_BEGINNING = 2
"""From so many letters on a word that is being typed stands for all that begin so."""
MOST_WORDS = 12
"""More words than these are left out: nobody types them, and each costs time."""


class PlaceKind(StrEnum):
    """In what kind of text something was found."""

    TITLE = "title"
    """Code and title of the submission."""
    RESPONSE = "response"
    PAGE = "page"
    """A page of evidence whose text was read on this machine."""
    FEEDBACK = "feedback"
    ARTIFACT_FEEDBACK = "artifact_feedback"
    OVERALL = "overall"
    NOTE = "note"
    """The private note to the approver."""
    RATING_NOTE = "rating_note"
    MARK = "mark"
    """The comment of a mark."""


OWN_KINDS = (
    PlaceKind.FEEDBACK,
    PlaceKind.ARTIFACT_FEEDBACK,
    PlaceKind.OVERALL,
    PlaceKind.NOTE,
    PlaceKind.RATING_NOTE,
    PlaceKind.MARK,
)
"""What the person wrote herself."""


@dataclass(frozen=True, slots=True)
class Found:
    """One place."""

    submission_id: SubmissionId
    kind: PlaceKind
    source_id: str
    """The answer, artifact, criterion or mark."""
    page: int
    """0-based, of a page of evidence; 0 elsewhere."""
    snippet: str
    """Words around what was found; empty where they must not be shown."""
    label: str = ""
    """What the source is called, such as "Artifact 2.pdf"; may be empty."""
    hits: tuple[tuple[int, int], ...] = ()
    """Where in the snippet what was found stands: from, up to, not including."""

    @property
    def word(self) -> str:
        """The first words that were found, as they are written there; empty where they must not be shown."""
        return self.snippet[slice(*self.hits[0])] if self.hits else ""


@dataclass(frozen=True, slots=True)
class FoundSubmission:
    """All places that were found in one submission."""

    submission_id: SubmissionId
    code: str
    title: str
    places: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found, the submissions in the inbox's order."""

    text: str
    submissions: tuple[FoundSubmission, ...] = ()
    place_count: int = 0
    is_cut: bool = False
    """There is more than was looked at: another word narrows it down."""


def search_words(text: str, most: int | None = MOST_WORDS) -> tuple[str, ...]:
    """The words of a text, without signs; so many at most."""
    return tuple(_WORD.findall(text))[:most]


def match_expression(text: str) -> str:
    """What was typed as a query of the full-text index: all words, the last one as far as it is typed.

    Returns:
        An expression in which nothing that was typed has a meaning of its own; empty without words.
    """
    words = search_words(text)
    if not words:
        return ""
    # With a single letter half of everything would begin.
    is_typing = not text[-1:].isspace() and len(words[-1]) >= SHORTEST_BEGINNING
    quoted = [f'"{word}"' for word in words]
    return " ".join(quoted) + ("*" if is_typing else "")
