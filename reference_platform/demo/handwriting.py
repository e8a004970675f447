"""Writing that looks written by hand: single strokes on a grid, rounded and a little unsteady.

A point of a glyph is two hexadecimal digits, across and up. The baseline is at 3, small letters reach 7,
capitals and tall letters 10.
"""

from __future__ import annotations

from reference_platform.demo.chance import Chance

Point = tuple[float, float]
Stroke = list[Point]

BASELINE, CAPITALS = 3, 10

GLYPHS = {
    "a": "46 27 05 13 34 46;47 44 53",
    "b": "0a 03;06 27 46 44 23 04",
    "c": "46 27 05 04 23 44",
    "d": "46 27 05 13 34 46;4a 44 53",
    "e": "05 45 37 17 05 13 33 44",
    "f": "49 3a 29 23;07 47",
    "g": "46 27 05 14 34 46;47 41 20 01",
    "h": "0a 03;05 27 46 43",
    "i": "07 03;09 09",
    "j": "27 21 10 00;29 29",
    "k": "0a 03;37 05 33",
    "l": "0a 04 13",
    "m": "07 03;05 17 26 23;25 47 56 53",
    "n": "07 03;05 27 46 43",
    "o": "27 05 04 23 44 46 27",
    "p": "07 00;06 27 46 44 23 04",
    "q": "46 27 05 14 34 46;47 40 51",
    "r": "07 03;05 17 36",
    "s": "46 27 06 15 35 44 23 04",
    "t": "1a 14 23 34;07 37",
    "u": "07 04 23 44;47 44 53",
    "v": "07 23 47",
    "w": "07 13 26 33 47",
    "x": "07 43;47 03",
    "y": "07 24;47 24 00",
    "z": "07 47 03 43",
    "A": "03 2a 43;15 35",
    "B": "03 0a;0a 3a 48 27 07;27 46 44 23 03",
    "C": "49 2a 08 05 23 44",
    "D": "03 0a;0a 3a 48 45 23 03",
    "E": "4a 0a 03 43;07 37",
    "F": "4a 0a 03;07 37",
    "G": "49 2a 08 05 23 44 46 26",
    "H": "0a 03;4a 43;07 47",
    "I": "0a 2a;1a 13;03 23",
    "J": "4a 45 23 04",
    "K": "0a 03;4a 06 43",
    "L": "0a 03 43",
    "M": "03 0a 26 4a 43",
    "N": "03 0a 43 4a",
    "O": "2a 08 05 23 45 48 2a",
    "P": "03 0a;0a 3a 48 46 06",
    "Q": "2a 08 05 23 45 48 2a;35 52",
    "R": "03 0a;0a 3a 48 46 06;26 43",
    "S": "49 2a 08 17 36 44 23 04",
    "T": "0a 4a;2a 23",
    "U": "0a 05 23 45 4a",
    "V": "0a 23 4a",
    "W": "0a 13 27 33 4a",
    "X": "0a 43;4a 03",
    "Y": "0a 26 4a;26 23",
    "Z": "0a 4a 03 43",
    "0": "2a 08 05 23 45 48 2a",
    "1": "08 1a 13",
    "2": "08 1a 3a 48 46 03 43",
    "3": "09 2a 48 27;27 46 44 23 04",
    "4": "3a 05 45;39 33",
    "5": "4a 0a 07;07 27 46 44 23 04",
    "6": "3a 17 04 23 44 46 27 06",
    "7": "0a 4a 13",
    "8": "27 08 2a 48 27 05 23 45 27",
    "9": "46 26 08 2a 48 46 33",
    ".": "03 03",
    ",": "04 02",
    ":": "06 06;04 04",
    "?": "08 1a 3a 48 26 25;23 23",
    "!": "0a 05;03 03",
    "'": "0a 08",
    '"': "0a 08;2a 28",
    "-": "06 36",
    "+": "06 46;28 24",
    "=": "07 47;05 45",
    "/": "03 4a",
    "(": "2a 07 22",
    ")": "0a 27 02",
    ">": "08 46 04",
    "<": "48 06 44",
    "%": "4a 03;19 08 09 1a 19;34 43 44 35 34",
    "*": "06 46;15 37;17 35",
    "_": "02 52",
}
"""Strokes of each character, parted by semicolons."""

SHARP = frozenset("kvwxzAEFHIKLMNTVWXYZ147/+=-<>%*_")
"""Characters whose corners are not rounded."""
SPACE_WIDTH = 3.0
LETTER_GAP = 1.7


def strokes(text: str, x: float, y: float, size: float, hand: str) -> list[Stroke]:
    """The strokes of one line.

    Args:
        text: what is written; characters without a glyph are left out.
        x: where the line begins.
        y: its baseline; y grows downwards.
        size: height of a capital.
        hand: whose hand it is: the same word gives the same unsteadiness.
    """
    unit = size / (CAPITALS - BASELINE)
    chance = Chance(f"{hand}:{text}")
    slant, pen = 0.12, x
    lines: list[Stroke] = []
    for character in text:
        if character == " ":
            pen += (SPACE_WIDTH + LETTER_GAP) * unit
            continue
        parts = [_points(part) for part in GLYPHS.get(character, "").split(";") if part]
        rise, grow = chance.between(-0.35, 0.35), chance.between(0.93, 1.07)
        for part in parts:
            curve = part if character in SHARP else _rounded(part)
            lines.append(
                [
                    (
                        pen + (across * grow + (up - BASELINE) * slant + chance.between(-0.07, 0.07)) * unit,
                        y - ((up - BASELINE) * grow + rise + chance.between(-0.07, 0.07)) * unit,
                    )
                    for across, up in curve
                ]
            )
        pen += (max((p[0] for part in parts for p in part), default=0.0) + LETTER_GAP) * unit
    return lines


def width(text: str, size: float) -> float:
    """How long a line becomes."""
    unit = size / (CAPITALS - BASELINE)
    total = 0.0
    for character in text:
        parts = GLYPHS.get(character, "").replace(";", " ").split()
        widest = max((int(part[0], 16) for part in parts), default=0)
        total += (SPACE_WIDTH if character == " " else widest) + LETTER_GAP
    return total * unit


def _points(text: str) -> Stroke:
    return [(int(pair[0], 16), int(pair[1], 16)) for pair in text.split()]


def _rounded(points: Stroke) -> Stroke:
    """A curve through the points (Catmull-Rom)."""
    if len(points) < 3:
        return points
    ends = [points[0], *points, points[-1]]
    curve: Stroke = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(6):
            t = step / 6
            curve.append(
                (
                    _spline(before[0], start[0], end[0], after[0], t),
                    _spline(before[1], start[1], end[1], after[1], t),
                )
            )
    return [*curve, points[-1]]


def _spline(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t * t
        + (3 * start - before - 3 * end + after) * t * t * t
    )
