"""The colours that a learner gave to cells, as red, green and blue. Runs only in the child."""

from __future__ import annotations

import colorsys
import math
import re

from assessor_app.documents.worker_package import Element, attribute, child, children, local, whole_number

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})$")
_INDEXED = (
    "000000", "ffffff", "ff0000", "00ff00", "0000ff", "ffff00", "ff00ff", "00ffff", "800000", "008000",
    "000080", "808000", "800080", "008080", "c0c0c0", "808080", "9999ff", "993366", "ffffcc", "ccffff",
    "660066", "ff8080", "0066cc", "ccccff", "000080", "ff00ff", "ffff00", "00ffff", "800080", "800000",
    "008080", "0000ff", "00ccff", "ccffff", "ccffcc", "ffff99", "99ccff", "ff99cc", "cc99ff", "ffcc99",
    "3366ff", "33cccc", "99cc00", "ffcc00", "ff9900", "ff6600", "666699", "969696", "003366", "339966",
    "003300", "333300", "993300", "993366", "333399", "333333",
)  # fmt: skip
"""The colours that older files name by number, from 8 on (ECMA-376, 18.8.27)."""
_FIRST_INDEXED = 8
_THEME_ORDER = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)
"""A theme lists dark before light; cells count light before dark."""


def fills_of(styles: Element | None, theme: Element | None) -> list[str]:
    """The ground of each fill of a workbook as six hexadecimal digits; empty for none, or one not known.

    Args:
        styles: the part with styles.
        theme: the part with the theme's colours.
    """
    scheme = _theme_colours(theme)
    found = []
    for fill in children(child(styles, "fills")):
        pattern = child(fill, "patternFill")
        is_solid = pattern is not None and attribute(pattern, "patternType") == "solid"
        found.append(_colour(child(pattern, "fgColor"), scheme) if is_solid else "")
    return found


def _colour(element: Element | None, scheme: list[str]) -> str:
    if element is None:
        return ""
    told = _HEX.match(attribute(element, "rgb"))
    if told is not None:
        base = told.group(1).lower()
    elif attribute(element, "theme"):
        at = whole_number(attribute(element, "theme"), 99, 0, 99)
        place = _THEME_ORDER[at] if at < len(_THEME_ORDER) else 99
        base = scheme[place] if place < len(scheme) else ""
    else:
        at = whole_number(attribute(element, "indexed"), 0, 0, 99) - _FIRST_INDEXED
        base = _INDEXED[at] if 0 <= at < len(_INDEXED) else ""
    try:
        tint = max(-1.0, min(1.0, float(attribute(element, "tint", "0"))))
    except ValueError:
        tint = 0.0
    return _tinted(base, tint) if base and math.isfinite(tint) else base


def _tinted(colour: str, tint: float) -> str:
    """A colour made darker (below 0) or lighter (above), as the format defines it."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, strength))


def _theme_colours(theme: Element | None) -> list[str]:
    """The colours of a theme in its own order; empty strings for those that are not told."""
    scheme = child(child(theme, "themeElements"), "clrScheme")
    found = []
    for one in children(scheme):
        inner = next(iter(children(one)), None)
        value = ""
        if inner is not None:
            value = attribute(inner, "lastClr") if local(inner) == "sysClr" else attribute(inner, "val")
        told = _HEX.match(value)
        found.append(told.group(1).lower() if told is not None else "")
    return found
