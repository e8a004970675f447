"""What does not carry over between this model and another form, as data: nothing is dropped in silence.

Each form has a table with a row for every place of the native JSON, so that a place which nobody thought of
is an error of the program, not a loss of the issuer's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessor_app.rubric.exchange.names import is_address
from assessor_app.rubric.json_text import escaped
from assessor_app.rubric.native import rubric_to_json
from assessor_app.rubric.schema import RubricVersion


class How(StrEnum):
    """What became of a thing on the way."""

    LEFT_OUT = "left_out"
    CHANGED = "changed"
    """It is there in another form, and does not come back as it was."""
    ASSUMED = "assumed"
    """It was not there, and has a value that somebody should look at."""


@dataclass(frozen=True, slots=True)
class NotCarried:
    """One thing that does not carry over as it is."""

    place: str
    """Where it stands in what was read: a JSON pointer, or "row 3, column 5" of a CSV file."""
    what: str
    """What it is, in words, such as "which levels pass"."""
    why: str
    """A sentence: why it does not carry over, and what stands in its place."""
    how: How = How.LEFT_OUT


@dataclass(frozen=True, slots=True)
class Fate:
    """A row of a form's table: what becomes of a place of the native JSON."""

    what: str = ""
    why: str = ""
    how: How = How.LEFT_OUT


CARRIED = Fate()
"""The place carries over as it is."""


def not_carried(version: RubricVersion, table: Mapping[str, Fate]) -> Iterator[NotCarried]:
    """What of a version does not carry over, in the order of the native JSON.

    Args:
        version: the version that is written in another form.
        table: by place, as a JSON pointer with `*` for indexes and for names that the issuer chose. A row for
            an object or a list holds for all that is in it.

    Raises:
        KeyError: the table has no row for a place.
    """
    yield from _walk(rubric_to_json(version), "", "", table)


def _walk(value: object, pointer: str, pattern: str, table: Mapping[str, Fate]) -> Iterator[NotCarried]:
    if value is None or value in ("", [], {}):
        return
    fate = table.get(pattern)
    if fate is not None:
        if fate is not CARRIED:
            yield NotCarried(pointer, fate.what, fate.why, fate.how)
    elif isinstance(value, dict):
        names_are_chosen = pattern in CHOSEN_NAMES
        for name, inner in value.items():
            step = "*" if names_are_chosen else name
            yield from _walk(inner, f"{pointer}/{escaped(name)}", f"{pattern}/{step}", table)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{pointer}/{index}", f"{pattern}/*", table)
    else:
        raise KeyError(pattern)


CHOSEN_NAMES = ("/scales", "/requirements/*/criteria/*/descriptors")
"""Objects whose names are the issuer's words."""


def unused_scales(version: RubricVersion) -> Iterator[NotCarried]:
    """Scales that no criterion is rated on: other forms keep levels with their criteria."""
    used = {criterion.scale for criterion in version.criteria}
    for scale in version.scales:
        if scale.name not in used:
            yield NotCarried(
                f"/scales/{escaped(scale.name)}",
                "unused scales",
                "Levels stand with the criteria that use them.",
            )


def loose_alignments(version: RubricVersion) -> Iterator[NotCarried]:
    """Standards that are named, not addressed; other forms point at standards by their address."""
    for r, requirement in enumerate(version.requirements):
        for c, criterion in enumerate(requirement.criteria):
            for index, target in enumerate(criterion.align):
                if not is_address(target):
                    place = f"/requirements/{r}/criteria/{c}/align/{index}"
                    yield NotCarried(
                        place, "standards without an address", "A standard is pointed at by address."
                    )


def grouped(remarks: Sequence[NotCarried]) -> tuple[tuple[NotCarried, int], ...]:
    """Remarks that say the same of several places, as the first of them and how many there are."""
    groups: dict[tuple[str, str, How], list[NotCarried]] = {}
    for remark in remarks:
        groups.setdefault((remark.what, remark.why, remark.how), []).append(remark)
    return tuple((group[0], len(group)) for group in groups.values())
