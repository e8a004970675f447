"""Passages that two submissions share, without what in them may name a person.

They are the learners' own words, and their reader judges one of the two: blindness holds for both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assessor_app.domain.matches import Excerpt, FileCopy, Match, Passage, Run, Statement
from assessor_app.privacy.identity_scan import COVER
from assessor_app.privacy.telling_text import telling_places


def without_names(matches: Sequence[Match], known: Iterable[str] = ()) -> tuple[Match, ...]:
    """Matches in which everything that may tell who somebody is stands covered, as long as before.

    Args:
        matches: as the platform sent them.
        known: names found in the evidence, words or phrases.
    """
    names = tuple(known)
    return tuple(_match(match, names) for match in matches)


def _match(match: Match, known: tuple[str, ...]) -> Match:
    return replace(
        match,
        here=_statement(match.here, known),
        there=_statement(match.there, known),
        passages=tuple(Passage(_excerpt(p.here, known), _excerpt(p.there, known)) for p in match.passages),
        copies=tuple(FileCopy(_covered(c.here, known), _covered(c.there, known)) for c in match.copies),
    )


def _statement(said: Statement, known: tuple[str, ...]) -> Statement:
    approved = tuple(_covered(name, known) for name in said.approved)
    return replace(said, note=_covered(said.note, known), approved=approved)


def _excerpt(excerpt: Excerpt, known: tuple[str, ...]) -> Excerpt:
    """A name may begin in one run and end in the next, so they are looked through together."""
    text = _covered(" ".join(run.text for run in excerpt.runs), known)
    runs, at = [], 0
    for run in excerpt.runs:
        runs.append(Run(text[at : at + len(run.text)], run.same))
        at += len(run.text) + 1
    return Excerpt(_covered(excerpt.source, known), tuple(runs))


def _covered(text: str, known: tuple[str, ...]) -> str:
    pieces, done = [], 0
    for place in telling_places(text, known):
        hidden = text[place.start : place.end]
        pieces += [text[done : place.start], "".join(c if c.isspace() else COVER for c in hidden)]
        done = place.end
    return "".join([*pieces, text[done:]])
