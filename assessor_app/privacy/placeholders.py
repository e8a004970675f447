"""Leftovers of prepared comments: placeholders never filled in, and blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assessor_app.domain.wording import Wording, WordingKind

_PLACEHOLDER = re.compile(r"\{\{[^{}]{0,200}\}\}")

_BLANK = re.compile(
    r"""
      (?<!_) _{3,} (?!_)
    | \[ [ ]{0,9} (?: \.{2,9} | …{1,9} | _{1,99} ) [ ]{0,9} \]
    | \[ [ ]{0,9} (?: insert | todo | tbd | name | insertar | nombre ) \b [^\[\]\n]{0,80} \]
    | \b (?: TODO | TBD | XXX ) \b
    """,
    re.VERBOSE,
)


def find_leftovers(text: str) -> Iterator[Wording]:
    """Placeholders and blanks, each kind in the order of its places."""
    for pattern, kind in ((_PLACEHOLDER, WordingKind.PLACEHOLDER), (_BLANK, WordingKind.BLANK)):
        for found in pattern.finditer(text):
            yield Wording(kind, found.start(), found.end())
