"""Numbers of a sheet as its cells show them: the format codes of spreadsheets (ECMA-376, 18.8.30).

What is not known here is shown as the plain number: a value is never hidden or guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Formats that files name by number alone; the short date, which follows the country, is ISO here."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<ampm>AM/PM|A/P)|(?P<general>General)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|b+|e+(?![+-]))"
    r"|(?P<exponent>E[+-]0+)|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*,*)?|\.[#0?]+,*)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)$")
_SERIAL_MAX = 2_958_465.99999999
_CODE_MAX_CHARS = 255
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def shown(value: float, code: str, *, is_1904: bool = False) -> str:
    """A number as its format shows it.

    Args:
        value: as the file holds it; finite.
        code: the format, such as "0.00%" or "d mmm yyyy".
        is_1904: whether days are counted from 1904-01-01.
    """
    try:
        return _shown(value, code[:_CODE_MAX_CHARS], is_1904=is_1904)
    except (ValueError, OverflowError, InvalidOperation, ZeroDivisionError):
        return general(value)


def general(value: float) -> str:
    """A number without a format: up to eleven digits, as spreadsheets show it."""
    if value == int(value) and abs(value) < 1e11:
        return str(int(value))
    text = f"{value:.10g}"
    if "e" in text:
        digits, _, exponent = text.partition("e")
        return f"{digits}E{int(exponent):+03d}"
    return text


def is_date(code: str) -> bool:
    """Whether a format shows a date or a time."""
    return any(_dates_in(section) for section in _sections(code[:_CODE_MAX_CHARS])[:1])


def _shown(value: float, code: str, *, is_1904: bool) -> str:
    sections = _sections(code)
    section, is_positive_only = _chosen(value, sections)
    kinds = {token.kind for token in section}
    if not section or "general" in kinds:
        literal = "".join(t.text for t in section if t.kind == "literal")
        return literal + general(abs(value) if is_positive_only else value)
    if _dates_in(section):
        return _date(value, section, is_1904=is_1904)
    number = abs(value) if is_positive_only else value
    if not kinds & {"digits", "exponent"}:
        if "text" in kinds:
            return general(number)
        return "".join(token.text for token in section if token.kind != "condition")
    return _number(number, section)


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[tuple[_Token, ...], ...]:
    """The tokens of each section of a format."""
    sections: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or "other"
        text = found.group(kind)
        if kind == "other" and text == ";":
            sections.append([])
        elif kind == "fill":
            continue
        elif kind == "space":
            sections[-1].append(_Token("literal", " "))
        elif kind in ("quoted", "escaped"):
            sections[-1].append(_Token("literal", text))
        elif kind == "bracket":
            sections[-1].extend(_bracket(text))
        elif kind == "other":
            known = {"%": "percent", "@": "text", "/": "slash"}
            sections[-1].append(_Token(known.get(text, "literal"), text))
        elif kind == "digits" and text.endswith(",") and set(text) - set(",") == set():
            sections[-1].append(_Token("literal", text))
        else:
            sections[-1].append(_Token(kind, text))
    return tuple(tuple(section) for section in sections)


def _bracket(text: str) -> list[_Token]:
    """An elapsed time, a condition, or a sign of a currency; colours and languages show nothing."""
    if text.lower().strip("hms") == "" and text:
        return [_Token("elapsed", text.lower())]
    if _CONDITION.match(text):
        return [_Token("condition", text)]
    if text.startswith("$"):
        return [_Token("literal", text[1:].partition("-")[0])]
    return []


def _chosen(value: float, sections: tuple[tuple[_Token, ...], ...]) -> tuple[tuple[_Token, ...], bool]:
    """The section for a value, and whether the section itself says that it is negative."""
    conditions = [next((t.text for t in section if t.kind == "condition"), "") for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if not condition or _holds(value, condition):
                return section, False
        return (), False
    numeric = sections[:3]
    if value < 0 and len(numeric) > 1:
        return numeric[1], True
    if value == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], False


def _holds(value: float, condition: str) -> bool:
    found = _CONDITION.match(condition)
    assert found is not None
    sign, limit = found.group(1), float(found.group(2))
    return {
        "<": value < limit,
        ">": value > limit,
        "<=": value <= limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def _dates_in(section: tuple[_Token, ...]) -> bool:
    return any(token.kind in ("date", "elapsed", "ampm") for token in section)


def _number(value: float, section: tuple[_Token, ...]) -> str:
    percents = sum(token.kind == "percent" for token in section)
    pattern = "".join(token.text for token in section if token.kind == "digits")
    exponent = next((token.text for token in section if token.kind == "exponent"), "")
    exact = Decimal(repr(value)) * Decimal(100) ** percents
    if any(token.kind == "slash" for token in section) and not exponent:
        return _fraction(exact, section)
    scaled = len(pattern) - len(pattern.rstrip(","))
    whole, _, decimals = pattern.rstrip(",").partition(".")
    exact = exact.scaleb(-3 * scaled)
    places = len(re.sub(r"[^0#?]", "", decimals))
    if exponent:
        digits = _scientific(exact, places, exponent)
    else:
        digits = _fixed(exact, whole, decimals, places)
    written, is_told = [], False
    for token in section:
        if token.kind in ("digits", "exponent"):
            if not is_told:
                written.append(digits.lstrip("-"))
            is_told = True
        elif token.kind not in ("condition", "text"):
            written.append(token.text)
    return ("-" if digits.startswith("-") else "") + "".join(written)


def _fixed(exact: Decimal, whole: str, decimals: str, places: int) -> str:
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    sign = "-" if rounded < 0 else ""
    before, _, after = f"{abs(rounded):f}".partition(".")
    before = before.lstrip("0").rjust(sum(sign in "0" for sign in whole), "0")
    if "," in whole:
        before = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", before)
    kept = len(decimals.rstrip("#?,"))
    after = after[:kept] + after[kept:].rstrip("0")
    return f"{sign}{before}{'.' + after if after or (decimals and '0' in decimals) else ''}"


def _scientific(exact: Decimal, places: int, exponent: str) -> str:
    mantissa, _, power = f"{exact:.{places}e}".partition("e")
    width = len(exponent) - 2
    sign = "-" if power.startswith("-") else "+" if exponent[1] == "+" else ""
    return f"{mantissa}E{sign}{power.lstrip('+-').rjust(width, '0')}"


def _fraction(exact: Decimal, section: tuple[_Token, ...]) -> str:
    at = next(index for index, token in enumerate(section) if token.kind == "slash")
    below = next(
        (t.text for t in section[at + 1 :] if t.kind in ("digits", "literal") and t.text.strip()), "?"
    )
    has_whole = sum(token.kind == "digits" for token in section[:at]) > 1
    size = abs(Fraction(exact))
    if below.isdecimal() and int(below) > 0:
        near = Fraction(round(size * int(below)), int(below))
        part = near - int(near) if has_whole else near
        above, under = round(part * int(below)), int(below)
    else:
        near = size.limit_denominator(10 ** min(len(below), 4) - 1)
        part = near - int(near) if has_whole else near
        above, under = part.numerator, part.denominator
    whole = int(near) if has_whole else 0
    sign = "-" if exact < 0 else ""
    if above == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole} {above}/{under}" if whole else f"{sign}{above}/{under}"


def moment(value: float, *, is_1904: bool = False) -> datetime:
    """The day and time that a number of days stands for.

    Raises:
        ValueError: no day that spreadsheets know.
    """
    if not 0 <= value <= _SERIAL_MAX:
        raise ValueError("no date")
    days = value + 1462 if is_1904 else value
    # Spreadsheets hold 1900 for a leap year (Lotus did), so the days before March 1900 are one further on.
    start = datetime(1899, 12, 31) if days < 60 else datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
    return start + timedelta(seconds=round(days * _SECONDS_A_DAY * 1000) / 1000)


def _date(value: float, section: tuple[_Token, ...], *, is_1904: bool) -> str:
    has_ampm = any(token.kind == "ampm" for token in section)
    elapsed = next((token.text for token in section if token.kind == "elapsed"), "")
    sign = "-" if value < 0 and elapsed else ""
    seconds = abs(value) * _SECONDS_A_DAY
    shows_parts = any("." in token.text for token in section if token.kind == "date")
    if not shows_parts:
        seconds = float(round(seconds))
        value = round(value * _SECONDS_A_DAY) / _SECONDS_A_DAY
    at = moment(value, is_1904=is_1904) if not elapsed else moment(seconds % _SECONDS_A_DAY / _SECONDS_A_DAY)
    written = [sign]
    clocks = [token.text[0].lower() for token in section if token.kind in ("date", "elapsed")]
    place = 0
    for token in section:
        if token.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
            written.append(str(int(seconds // unit)).rjust(len(token.text), "0"))
            place += 1
        elif token.kind == "date":
            # The letter m is a minute beside hours or seconds, else a month.
            is_minute = (place > 0 and clocks[place - 1] == "h") or clocks[place + 1 : place + 2] == ["s"]
            written.append(_part(at, token.text, is_minute=is_minute, has_ampm=has_ampm))
            place += 1
        elif token.kind == "ampm":
            word = "AM" if at.hour < 12 else "PM"
            written.append(word if len(token.text) > 3 else word[0])
        elif token.kind != "condition":
            written.append(token.text)
    return "".join(written)


def _part(at: datetime, code: str, *, is_minute: bool, has_ampm: bool) -> str:
    letter, length = code[0].lower(), len(code)
    if letter in "ye":
        return f"{at.year:04d}" if length > 2 or letter == "e" else f"{at.year % 100:02d}"
    if letter == "m" and is_minute:
        return f"{at.minute:0{min(length, 2)}d}"
    if letter == "m":
        name = _MONTHS[at.month - 1]
        return {1: str(at.month), 2: f"{at.month:02d}", 3: name[:3], 5: name[0]}.get(length, name)
    if letter == "d":
        name = _DAYS[at.weekday()]
        return {1: str(at.day), 2: f"{at.day:02d}", 3: name[:3]}.get(length, name)
    if letter == "h":
        hour = (at.hour - 1) % 12 + 1 if has_ampm else at.hour
        return f"{hour:0{min(length, 2)}d}"
    if letter == "s":
        whole, dot, parts = code.partition(".")
        seconds = f"{at.second:0{min(len(whole), 2)}d}"
        return f"{seconds}.{f'{at.microsecond:06d}'[: len(parts)]}" if dot else seconds
    return ""
