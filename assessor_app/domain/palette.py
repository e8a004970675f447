"""The colours of marks by name. Names are stored; what leaves the program says the colour itself."""

from __future__ import annotations

from collections.abc import Mapping

PALETTE: Mapping[str, str] = {
    "orange": "#e69f00",
    "sky": "#56b4e9",
    "green": "#009e73",
    "yellow": "#f0e442",
    "blue": "#0072b2",
    "vermillion": "#d55e00",
    "purple": "#cc79a7",
}
"""Okabe and Ito (2008), told apart with any colour vision, as #rrggbb."""

_NAMES = {colour: name for name, colour in PALETTE.items()}


def colour_of(name: str) -> str:
    """The colour of a name as #rrggbb; a name that the palette lacks stays as it is."""
    return PALETTE.get(name, name)


def name_of(colour: str) -> str:
    """The name of a colour of the palette; any other text stays as it is."""
    return _NAMES.get(colour, colour)
