"""Which words of a text are not those of another: runs that stand alone or in both."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assessor_app.documents.word_difference import common_runs

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text."""

    text: str
    is_own: bool
    """Whether it stands in this text alone."""


def pieces(text: str, other: str | None) -> tuple[Piece, ...]:
    """A text in stretches, those that the other text does not have marked; none where there is no other."""
    if other is None or not text:
        return (Piece(text, is_own=False),) if text else ()
    words = list(_WORD.finditer(text))
    runs = common_runs(_WORD.findall(other), [match[0] for match in words])
    shared = {place for run in runs for place in range(run.new, run.new + run.size)}
    found: list[Piece] = []
    at = 0
    for number, match in enumerate(words):
        is_own = number not in shared
        if found and found[-1].is_own == is_own:
            found[-1] = Piece(found[-1].text + text[at : match.end()], is_own)
        else:
            if match.start() > at:
                found.append(Piece(text[at : match.start()], is_own=False))
            found.append(Piece(match[0], is_own))
        at = match.end()
    if at < len(text):
        found.append(Piece(text[at:], is_own=False))
    return tuple(found)
