"""Believable texts and what happens to text layers: for the tests that look for words again."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from assessor_app.documents.anchoring import text_anchor
from assessor_app.domain.annotations import TextAnchor

_COMMON_WORDS = """
the of and to in a that is was for students on with as it their they this from by at question lesson math
class group I think work each asked we not had have were which an one when what problem answer area
"""
_RARE_WORDS = """
perimeter fraction reasoning conjecture manipulative scaffold rubric misconception estimate diagram partner
explain fifth quarter garden fence carpet strategy exit ticket warm notice wonder discussion evidence finding
difficult office affluent define confident reflect official shuffle effort stiff flexible sentence stem
revise teach model aloud daily chart anchor pattern symbol justify compare contrast draft peer feedback
"""
_COMMON, _RARE = _COMMON_WORDS.split(), _RARE_WORDS.split()
LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}


@dataclass(frozen=True)
class Case:
    """A mark on an old text, and the new text."""

    kind: str
    words: TextAnchor
    old: str
    new: str
    place: tuple[int, int] | None
    """Where the words stand in the new text; None when they are gone."""


def text_of(chance: Random, count: int) -> list[str]:
    """Words as a teacher writes them, with capitals and full stops; many of them again and again."""
    words: list[str] = []
    while len(words) < count:
        sentence = [
            chance.choice(_COMMON) if chance.random() < 0.6 else chance.choice(_RARE)
            for _ in range(chance.randint(6, 18))
        ]
        sentence[0] = sentence[0].capitalize()
        sentence[-1] += "."
        words += sentence
    return words[:count]


def case(chance: Random, kind: str) -> Case:
    """One mark and one edit of the kind."""
    words = text_of(chance, chance.randint(150, 600))
    first = chance.randint(0, len(words) - 20)
    last = first + chance.choice((1, 1, 2, 3, 5, 8, 12, 19))
    if kind == "twins":
        # The same passage stands a second time further on, as in a form that was filled in twice.
        words = [*words, *text_of(chance, 40), *words[max(0, first - 15) : last + 15], *text_of(chance, 40)]
    before, marked, after = words[:first], words[first:last], words[last:]
    old = " ".join(words)
    start = len(" ".join(before)) + (1 if before else 0)
    anchor = text_anchor(old, start, start + len(" ".join(marked)), "old layer")
    gone = False
    if kind == "twins":
        before = text_of(chance, chance.randint(0, 60)) + before
    if kind in ("moved", "everything"):
        before = text_of(chance, chance.randint(1, 200)) + before
    if kind in ("around", "everything"):
        before, after = _edited(chance, before, 0.04), _edited(chance, after, 0.04)
    if kind in ("inside", "everything"):
        marked = _edited(chance, marked, 0.08)
    if kind == "deleted":
        marked, gone = [], True
    if kind == "rewritten":
        marked = [word for word in text_of(chance, 60) if word.lower() not in old.lower()[start:]][
            : len(marked)
        ]
        gone = True
    if kind in ("layout", "everything"):
        before, marked, after = (_laid_out(chance, part) for part in (before, marked, after))
    new_start = len(" ".join(before)) + (1 if before else 0)
    new = " ".join([*before, *marked, *after])
    place = None if gone or not marked else (new_start, new_start + len(" ".join(marked)))
    return Case(kind, anchor, old, new, place)


KINDS = ("moved", "around", "inside", "layout", "everything", "twins", "deleted", "rewritten")


def _edited(chance: Random, words: list[str], share: float) -> list[str]:
    """Typing mistakes mended and made, words put in and taken out."""
    found: list[str] = []
    for word in words:
        if chance.random() >= share:
            found.append(word)
            continue
        way = chance.choice(("letter", "letter", "add", "drop"))
        if way == "letter" and len(word) > 2:
            at = chance.randrange(1, len(word))
            found.append(word[:at] + chance.choice(("", "e", "s", word[at] * 2)) + word[at + 1 :])
        elif way == "add":
            found += [word, chance.choice(_COMMON)]
        elif way == "letter":
            found.append(word)
    return found


def _laid_out(chance: Random, words: list[str]) -> list[str]:
    """Hyphens at ends of lines, ligatures, curly quotes, as another layer tells the same page."""
    found: list[str] = []
    for word in words:
        told = word
        for letters, sign in LIGATURES.items():
            if chance.random() < 0.7:
                told = told.replace(letters, sign)
        if len(told) > 5 and chance.random() < 0.15:
            at = chance.randrange(2, len(told) - 2)
            found += [told[:at] + "-", told[at:]]
        else:
            found.append(told)
    return found
