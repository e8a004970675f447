"""The numbers before the items of a Word document's lists, which the file does not say but counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assessor_app.documents.worker_package import Element, attribute, child, children, local, whole_number

_LEVELS = 9
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list counts."""

    form: str
    text: str
    """With %1 for the number of the first level, and so on."""
    start: int


class Lists:
    """Counts through the lists of one document.

    Args:
        numbering: the part that says how lists count; None where there is none.
        styles: the part with styles, some of which make a paragraph an item.
    """

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._lists = _lists_of(numbering)
        self._by_style = _numbered_styles(styles)
        self._counts: dict[str, list[int | None]] = {}

    def next_of(self, properties: Element | None, style: str) -> tuple[str, int]:
        """The number or bullet of a paragraph, empty for one that is no item, and its level from 0."""
        own = child(properties, "numPr")
        list_id, level = self._by_style.get(style, ("", 0))
        if own is not None:
            list_id = _value(own, "numId") or list_id
            level = whole_number(_value(own, "ilvl"), level, 0, _LEVELS - 1)
        levels = self._lists.get(list_id)
        if not list_id or list_id == "0" or levels is None:
            return "", 0
        counts = self._counts.setdefault(list_id, [None] * _LEVELS)
        here = levels.get(level, _Level("decimal", f"%{level + 1}.", 1))
        before = counts[level]
        counts[level] = here.start if before is None else before + 1
        for deeper in range(level + 1, _LEVELS):
            counts[deeper] = None
        if here.form == "bullet":
            return "•", level
        if here.form == "none":
            return "", level

        def number(place: re.Match[str]) -> str:
            at = int(place.group(1)) - 1
            told = levels.get(at, here)
            count = counts[at]
            return written(told.start if count is None else count, told.form)

        return _PLACE.sub(number, here.text), level


def written(number: int, form: str) -> str:
    """A number in one of Word's forms, such as "lowerRoman"; decimal where the form is not known."""
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 8)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = ""
        for value, sign in _ROMAN:
            while number >= value:
                roman, number = roman + sign, number - value
        return roman if form == "lowerRoman" else roman.upper()
    if form == "decimalZero":
        return f"{number:02d}"
    return str(number)


def _lists_of(numbering: Element | None) -> Mapping[str, dict[int, _Level]]:
    """The levels of each list, by the list's id."""
    abstract: dict[str, dict[int, _Level]] = {}
    lists: dict[str, dict[int, _Level]] = {}
    for one in children(numbering):
        if local(one) == "abstractNum":
            abstract[attribute(one, "abstractNumId")] = dict(_levels_of(one))
        elif local(one) == "num":
            own = dict(abstract.get(_value(one, "abstractNumId"), {}))
            for change in one:
                if local(change) == "lvlOverride":
                    own.update(_levels_of(change))
            lists[attribute(one, "numId")] = own
    return lists


def _levels_of(owner: Element) -> list[tuple[int, _Level]]:
    found = []
    for level in owner:
        if local(level) == "lvl":
            at = whole_number(attribute(level, "ilvl"), 0, 0, _LEVELS - 1)
            start = whole_number(_value(level, "start"), 1, 0, 1_000_000)
            found.append(
                (at, _Level(_value(level, "numFmt") or "decimal", _value(level, "lvlText")[:60], start))
            )
    return found


def _numbered_styles(styles: Element | None) -> dict[str, tuple[str, int]]:
    """List id and level by style id, for styles that make items."""
    found = {}
    for style in children(styles):
        numbered = child(child(style, "pPr"), "numPr")
        if local(style) == "style" and numbered is not None:
            level = whole_number(_value(numbered, "ilvl"), 0, 0, _LEVELS - 1)
            found[attribute(style, "styleId")] = (_value(numbered, "numId"), level)
    return found


def _value(owner: Element, name: str) -> str:
    """The `val` of a child; empty where there is none."""
    found = child(owner, name)
    return "" if found is None else attribute(found, "val")
