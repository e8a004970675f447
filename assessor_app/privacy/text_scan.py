"""Finding what identifies a person in text: e-mail addresses, telephone numbers, links.

A finding says where, not what: it can be logged and sent. Every pattern is bounded, so that the time is
proportional to the length of the text, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What was found."""

    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a text, in code points."""

    kind: FindingKind
    start: int
    end: int
    """Exclusive."""


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")

_LINK = re.compile(
    r"""
    (?<![\w@.-])
    (?: (?:https?|ftp)://[^\s<>"']{1,2000}
      | www\.[^\s<>"']{1,2000}
      | (?:[a-z0-9-]{1,63}\.){1,6}
        (?: (?:com|org|net|edu|gov|info|io|uk|au|nz|de) (?: /[^\s<>"']{0,2000} | (?![\w-]) )
          # These endings are words too ("ask.me"): only a path after them makes a link.
          | (?:app|be|ca|ch|es|fr|gl|ly|me|mx|us) /[^\s<>"']{0,2000}
        )
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)

_DIGITS = re.compile(r"(?<![\w.,/+-])(?:\+|\()?\d[\d ().\u00a0/\u2010-\u2015-]{4,22}\d(?![\w%]|[.,:]\d)")

_PHONE_SHAPES = tuple(
    re.compile(rf"(?<![\d+]){shape}(?!\d)")
    for shape in (
        r"\+\d[^+]{5,22}",
        r"(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}",
        r"\d{3}[.-]\d{4}",
        r"\(?0\d{1,5}\)?[ /.-]{1,3}\d[\d /.-]{4,14}",
    )
)
"""International, North American with and without area code, and with a leading zero as in Europe."""

_MIN_PHONE_DIGITS, _MAX_PHONE_DIGITS = 7, 15
"""The longest is E.164's; shorter than the shortest are pages, dates and scores."""

_DATE = re.compile(
    r"(?<![\d./-])(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}([./-])\d{1,2}\2\d{1,2})(?![./-]?\d)"
)


def find_identity(text: str) -> tuple[Finding, ...]:
    """All findings in a text, in the order of their places; none overlaps another.

    Args:
        text: anything; typographic dashes and spaces are known.
    """
    found: list[Finding] = []
    for scan in (_emails, _links, _phones):
        new = tuple(scan(text))
        found += new
        text = _masked(text, new)
    return tuple(sorted(found, key=lambda finding: finding.start))


def _masked(text: str, findings: Sequence[Finding]) -> str:
    """The text with spaces for what was found, so that nothing is found twice and places stay."""
    pieces, done = [], 0
    for finding in findings:
        pieces += [text[done : finding.start], " " * (finding.end - finding.start)]
        done = finding.end
    return "".join([*pieces, text[done:]])


def _emails(text: str) -> Iterator[Finding]:
    for match in _EMAIL.finditer(text):
        yield Finding(FindingKind.EMAIL, match.start(), match.end())


def _links(text: str) -> Iterator[Finding]:
    for match in _LINK.finditer(text):
        length = len(match.group().rstrip(".,;:!?)]}…"))
        yield Finding(FindingKind.LINK, match.start(), match.start() + length)


def _phones(text: str) -> Iterator[Finding]:
    for match in _DIGITS.finditer(text):
        plain = re.sub(r"[\u2010-\u2015]", "-", match.group()).replace("\u00a0", " ")
        plain = _DATE.sub(lambda date: "x" * len(date.group()), plain)
        for shape in _PHONE_SHAPES:
            number = shape.search(plain)
            if number is None:
                continue
            digits = sum(char.isdigit() for char in number.group())
            if _MIN_PHONE_DIGITS <= digits <= _MAX_PHONE_DIGITS:
                yield Finding(FindingKind.PHONE, match.start() + number.start(), match.start() + number.end())
                break
