"""Brightness and contrast as a help for the eye: numbers, and what they make of pixels. Display only."""

from __future__ import annotations

from dataclasses import dataclass

STRONGEST = 100
"""Bound of brightness and contrast in both directions."""
_MIDDLE, _LIFT = 127.5, 1.27


@dataclass(frozen=True, slots=True)
class Tone:
    """How pixels are changed for the eye alone."""

    brightness: int = 0
    """-100 (darker) to 100 (brighter); 0 changes nothing."""
    contrast: int = 0
    """-100 (grey) to 100 (black and white); 0 changes nothing."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing is changed."""
        return self.brightness == 0 and self.contrast == 0

    def table(self) -> bytes:
        """The new value for each of the 256 values of a colour."""
        slope = _slope(self.contrast)
        lift = self.brightness * _LIFT
        values = (slope * (value + lift - _MIDDLE) + _MIDDLE for value in range(256))
        return bytes(min(255, max(0, round(value))) for value in values)


PLAIN = Tone()
"""Pixels as they are."""
_PAPER, _INK = 235.0, 40.0
"""Where paper and ink are brought by `for_writing`."""


def for_writing(paper: int, ink: int) -> Tone:
    """The tone that makes paper light and faint writing dark.

    Args:
        paper: how light the paper is, 0 to 255.
        ink: how light the writing is, 0 to 255.
    """
    span = max(8.0, float(paper - ink))
    slope = (_PAPER - _INK) / span
    contrast = next((step for step in range(STRONGEST) if _slope(step) >= slope), STRONGEST)
    lift = (_PAPER - _MIDDLE) / _slope(contrast) + _MIDDLE - paper
    return bounded(round(lift / _LIFT), contrast)


def bounded(brightness: object, contrast: object) -> Tone:
    """A tone from numbers that may be anything; what is out of bounds is brought within.

    Args:
        brightness: as in `Tone`; no number counts as 0.
        contrast: as in `Tone`; no number counts as 0.
    """
    numbers = [number if type(number) is int else 0 for number in (brightness, contrast)]
    return Tone(*(min(STRONGEST, max(-STRONGEST, number)) for number in numbers))


def toned(pixels: bytearray, tone: Tone) -> bytearray:
    """Pixels of four bytes (blue, green, red, 255) in another tone."""
    if tone.is_plain:
        return pixels
    changed = pixels.translate(tone.table())
    changed[3::4] = b"\xff" * (len(changed) // 4)
    return changed


def _slope(contrast: int) -> float:
    """1 at 0, 0 at -100, growing fast towards 100."""
    share = contrast / STRONGEST
    return 1 + share if share <= 0 else 1 + 7 * share * share + share
