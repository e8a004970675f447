"""Scales put together from levels that other forms keep with each criterion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessor_app.rubric.exchange.names import slug
from assessor_app.rubric.exchange.report import How, NotCarried
from assessor_app.rubric.json_reader import RubricInvalid
from assessor_app.rubric.schema import Level, Scale


@dataclass(frozen=True, slots=True)
class ReadLevel:
    """One level as another form has it."""

    label: str
    points: float | None
    descriptor: str


class ScaleMaker:
    """Gathers the levels of all criteria; criteria with the same labels and points share a scale.

    Which levels pass, no other form says: it is the highest alone, or a level that the issuer names and those
    above it.
    """

    def __init__(self, passing: str | None = None) -> None:
        """Scales whose lowest passing level has this label; None takes the highest."""
        self._passing = passing.strip().casefold() if passing is not None else None
        self._scales: dict[tuple[tuple[str, float | None], ...], Scale] = {}
        self.remarks: list[NotCarried] = []
        """What was assumed on the way."""

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The scales made so far, in the order of their names."""
        return tuple(sorted(self._scales.values(), key=lambda scale: scale.name))

    def scale_for(self, levels: Sequence[ReadLevel], place: str, pointer: str) -> Scale:
        """The scale of these levels, which go from low to high.

        Args:
            levels: of one criterion.
            place: where they stand, as an error names it.
            pointer: where they stand, as a remark names it.

        Raises:
            RubricInvalid: fewer than two levels, or none that passes by the label that was named.
        """
        if len(levels) < 2:
            raise RubricInvalid(place, "a criterion has at least two levels.")
        key = tuple((level.label, level.points) for level in levels)
        if key not in self._scales:
            self._scales[key] = self._made(levels, place, pointer)
        return self._scales[key]

    def _made(self, levels: Sequence[ReadLevel], place: str, pointer: str) -> Scale:
        first = self._first_passing(levels, place, pointer)
        made: list[Level] = []
        for index, level in enumerate(levels):
            code = slug(level.label, {other.code for other in made}, otherwise="level")
            made.append(Level(code, level.label, index >= first, level.points))
        number = len(self._scales) + 1
        return Scale(f"scale-{number:02d}", tuple(made))

    def _first_passing(self, levels: Sequence[ReadLevel], place: str, pointer: str) -> int:
        if self._passing is None:
            why = f"Only the highest, '{levels[-1].label}', is taken to pass."
            self.remarks.append(NotCarried(pointer, "which levels pass", why, How.ASSUMED))
            return len(levels) - 1
        labels = [level.label.strip().casefold() for level in levels]
        if self._passing not in labels:
            known = ", ".join(level.label for level in levels)
            raise RubricInvalid(
                place, f"no level has the name that was given as passing; there are: {known}."
            )
        return labels.index(self._passing)
