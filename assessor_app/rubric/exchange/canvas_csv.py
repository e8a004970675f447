"""Canvas rubric CSV: the file that Canvas imports, one row for each criterion, three columns for each rating.

Columns are `Rubric Name`, `Criteria Name`, `Criteria Description`, `Criteria Enable Range`, then as often as
needed `Rating Name`, `Rating Description`, `Rating Points`. Canvas sorts ratings by points, highest first,
and rounds points to two decimals. A criterion's text is its name; what stands after its first line is the
description.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessor_app.domain.ids import CriterionId, RequirementId, RubricId
from assessor_app.rubric.exchange.names import slug
from assessor_app.rubric.exchange.report import CARRIED, Fate, How, NotCarried, not_carried, unused_scales
from assessor_app.rubric.exchange.scales import ReadLevel, ScaleMaker
from assessor_app.rubric.json_reader import MAX_ITEMS, MAX_NUMBER, RubricInvalid, checked_text
from assessor_app.rubric.native import MAX_DESCRIPTOR_CHARS, rubric_from_json, rubric_to_json
from assessor_app.rubric.schema import (
    Criterion,
    Every,
    Requirement,
    RequirementKind,
    RubricStatus,
    RubricVersion,
)
from assessor_app.rubric.validity import exact

RUBRIC_NAME, NAME, DESCRIPTION, RANGE = (
    "Rubric Name",
    "Criteria Name",
    "Criteria Description",
    "Criteria Enable Range",
)
RATING = ("Rating Name", "Rating Description", "Rating Points")
MAX_COLUMNS = 400
UNKNOWN_LANGUAGE = "und"

_NO_PLACE = "A Canvas file has no place for it."
FATES = {
    "/id": Fate("the rubric's id", _NO_PLACE),
    "/version": Fate("the number of the version", _NO_PLACE),
    "/status": Fate("draft, published or retired", _NO_PLACE),
    "/supersedes": Fate("the version before", _NO_PLACE),
    "/hash": Fate("the hash", _NO_PLACE),
    "/title": CARRIED,
    "/locale": Fate("the language", _NO_PLACE),
    "/effective_from": Fate("from when it counts", _NO_PLACE),
    "/change": Fate("that the version is editorial", _NO_PLACE),
    "/scales/*/levels/*/code": Fate("codes of levels", "Canvas knows names alone; new codes come from them."),
    "/scales/*/levels/*/label": CARRIED,
    "/scales/*/levels/*/points": CARRIED,
    "/scales/*/levels/*/meets": Fate("which levels pass", _NO_PLACE),
    "/skill_statement": Fate("the skill statement", _NO_PLACE),
    "/requirements/*/id": Fate("the requirements", "Canvas knows criteria alone."),
    "/requirements/*/position": Fate("the requirements", "Canvas knows criteria alone."),
    "/requirements/*/title": Fate("the requirements", "Canvas knows criteria alone."),
    "/requirements/*/kind": Fate("what kind of evidence is asked for", _NO_PLACE),
    "/requirements/*/evidence_required": Fate("the evidence asked for", _NO_PLACE),
    "/requirements/*/prompts": Fate("questions to the learner", _NO_PLACE),
    "/requirements/*/completion": Fate("completion checks", _NO_PLACE),
    "/requirements/*/criteria/*/id": Fate("ids of criteria", "New ones come from their names."),
    "/requirements/*/criteria/*/text": CARRIED,
    "/requirements/*/criteria/*/scale": Fate(
        "names of scales", "Each criterion has its levels itself; scales are put together from them again."
    ),
    "/requirements/*/criteria/*/weight": CARRIED,  # in the points; see _points
    "/requirements/*/criteria/*/descriptors": CARRIED,
    "/requirements/*/criteria/*/align": Fate("alignments with standards", _NO_PLACE),
    "/not_scorable": Fate("reasons for what cannot be scored", _NO_PLACE),
    "/award_rule": Fate("the award rule", "Canvas adds points up and has no rule."),
}
"""What becomes of each place of the native JSON."""


def canvas_csv(version: RubricVersion) -> tuple[str, tuple[NotCarried, ...]]:
    """A version as the text of a CSV file that Canvas imports, and what does not carry over."""
    remarks = [*not_carried(version, FATES), *unused_scales(version)]
    most = max(len(version.scale_of(criterion).levels) for criterion in version.criteria)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([RUBRIC_NAME, NAME, DESCRIPTION, RANGE, *(RATING * most)])
    for r, requirement in enumerate(version.requirements):
        for c, criterion in enumerate(requirement.criteria):
            place = f"/requirements/{r}/criteria/{c}"
            name, _, description = criterion.text.strip().partition("\n")
            row = [version.title, name, description, "false"]
            points = list(_points(version, criterion, place, remarks))
            levels = version.scale_of(criterion).levels
            for level, given in reversed(list(zip(levels, points, strict=True))):
                row += [level.label, criterion.descriptor(level.code), _number(given)]
            writer.writerow(row)
    return text.getvalue(), tuple(remarks)


def _number(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _points(
    version: RubricVersion, criterion: Criterion, place: str, remarks: list[NotCarried]
) -> Iterator[Fraction]:
    """The points of a criterion's ratings, low to high, with its weight in them.

    Canvas orders ratings by points: where the scale has none, their numbers from 0 stand in.
    """
    levels = version.scale_of(criterion).levels
    weight = exact(criterion.weight)
    given = [exact(level.points) for level in levels if level.points is not None]
    if not given:
        given = [Fraction(number) for number in range(len(levels))]
        why = "Canvas orders ratings by points, so they were numbered from 0."
        remarks.append(NotCarried(f"{place}/scale", "levels without points", why, How.ASSUMED))
    if weight != 1:
        why = "Canvas has no weights; the points were multiplied."
        remarks.append(NotCarried(f"{place}/weight", "weights", why, How.CHANGED))
    points = [Fraction(round(value * weight, 2)) for value in given]
    if points != [value * weight for value in given]:
        why = "Canvas keeps two decimals."
        remarks.append(NotCarried(f"{place}/weight", "points with more decimals", why, How.CHANGED))
    if len(set(points)) < len(points):
        why = "Canvas orders ratings with the same points by their names."
        remarks.append(NotCarried(f"{place}/scale", "the order of levels with the same points", why))
    yield from points


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand in a row, as indexes."""

    rubric: int
    name: int
    description: int | None
    range: int | None
    ratings: tuple[tuple[int, int | None, int | None], ...]


def is_canvas_csv(text: str) -> bool:
    """Whether a text begins as such a file does."""
    first = text.lstrip().partition("\n")[0].lower()
    return RUBRIC_NAME.lower() in first and NAME.lower() in first


def rubric_from_canvas_csv(
    text: str, *, rubric: str | None = None, passing: str | None = None
) -> tuple[RubricVersion, tuple[NotCarried, ...]]:
    """A rubric of a Canvas file as a draft, and what does not carry over or was assumed.

    Args:
        text: of the file; nothing about it is trusted.
        rubric: its name, where the file has several.
        passing: name of the lowest rating that passes; None takes the highest of each criterion.

    Raises:
        RubricInvalid: with the row and the column, counted from 1, the row of names as row 1.
    """
    rows = _rows(text)
    columns, remarks = _columns(rows[0][1])
    chosen = _chosen(rows[1:], columns, rubric, remarks)
    scales = ScaleMaker(passing)
    taken: set[str] = set()
    criteria = []
    for number, row in chosen:
        criterion = _criterion(_Row(number, row), columns, scales, taken, remarks)
        taken.add(criterion.id)
        criteria.append(criterion)
    title = chosen[0][1][columns.rubric]
    for what, why in (
        ("the award rule", "Every criterion is taken to be needed for an award."),
        ("the requirements", "All criteria stand in one requirement with the rubric's name."),
        ("the language", f"It became '{UNKNOWN_LANGUAGE}', not known."),
        ("id and number of the version", "The id comes from the name; it is version 1."),
    ):
        remarks.append(NotCarried("", what, why, How.ASSUMED))
    name = slug(title, (), otherwise="rubric")
    version = RubricVersion(
        id=RubricId(name),
        version=1,
        status=RubricStatus.DRAFT,
        title=title,
        locale=UNKNOWN_LANGUAGE,
        skill_statement="",
        scales=scales.scales,
        requirements=(
            Requirement(
                RequirementId(name), 1, title, RequirementKind.ARTIFACT, "", criteria=tuple(criteria)
            ),
        ),
        not_scorable=(),
        award_rule=Every(),
    )
    return rubric_from_json(rubric_to_json(version)), (*remarks, *scales.remarks)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers as a spreadsheet shows them."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
            if len(rows) > MAX_ITEMS or len(row) > MAX_COLUMNS:
                raise RubricInvalid(f"row {number}", "the file has too many rows or columns.")
    except csv.Error:
        sentence = "this is no row of a CSV file; is a quotation mark open?"
        raise RubricInvalid(f"row {number + 1}", sentence) from None
    if not rows:
        raise RubricInvalid("row 1", "the file is empty.")
    return rows


def _columns(header: Sequence[str]) -> tuple[_Columns, list[NotCarried]]:
    """What the row of names says, read as Canvas reads it."""
    names = [cell.strip().lower() for cell in header]

    def one(name: str) -> int | None:
        return names.index(name.lower()) if name.lower() in names else None

    def several(name: str) -> list[int]:
        return [index for index, given in enumerate(names) if name.lower() in given]

    rubric, criterion = one(RUBRIC_NAME), one(NAME)
    if rubric is None or criterion is None:
        missing = RUBRIC_NAME if rubric is None else NAME
        comma = "" if len(header) > 1 else " Columns are separated by commas."
        raise RubricInvalid("row 1", f"there is no column '{missing}'.{comma}")
    labels, descriptors, points = (several(name) for name in RATING)
    if not labels:
        raise RubricInvalid("row 1", f"there is no column '{RATING[0]}'.")
    ratings = tuple(
        (
            label,
            descriptors[i] if i < len(descriptors) else None,
            points[i] if i < len(points) else None,
        )
        for i, label in enumerate(labels)
    )
    columns = _Columns(rubric, criterion, one(DESCRIPTION), one(RANGE), ratings)
    known = {rubric, criterion, columns.description, columns.range, *labels, *descriptors, *points}
    remarks = [
        NotCarried(f"row 1, column {index + 1}", f"the column '{name.strip()}'", "It is not Canvas's own.")
        for index, name in enumerate(header)
        if index not in known and name.strip()
    ]
    return columns, remarks


def _chosen(
    rows: Sequence[tuple[int, list[str]]], columns: _Columns, wanted: str | None, remarks: list[NotCarried]
) -> list[tuple[int, list[str]]]:
    """The rows of the rubric that is asked for."""
    by_name: dict[str, list[tuple[int, list[str]]]] = {}
    for number, row in rows:
        name = _Row(number, row).text(columns.rubric)
        by_name.setdefault(name, []).append((number, row))
    if not rows:
        raise RubricInvalid("row 2", "there is no criterion.")
    if (wanted or next(iter(by_name))) not in by_name or (wanted is None and len(by_name) > 1):
        listed = ", ".join(f"'{name}'" for name in by_name)
        raise RubricInvalid("row 1", f"name one of the rubrics in the file: {listed}.")
    chosen = wanted or next(iter(by_name))
    for name, others in by_name.items():
        if name != chosen:
            place = f"row {others[0][0]}, column {columns.rubric + 1}"
            remarks.append(NotCarried(place, "other rubrics", "One was chosen."))
    return by_name[chosen]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row and its number."""

    number: int
    cells: Sequence[str]

    def place(self, column: int) -> str:
        return f"row {self.number}, column {column + 1}"

    def cell(self, column: int | None) -> str:
        """A text that may be empty or missing."""
        given = column is not None and column < len(self.cells)
        text = self.cells[column] if given and column is not None else ""
        return checked_text(text, self.place(column or 0), max_chars=MAX_DESCRIPTOR_CHARS, may_be_empty=True)

    def text(self, column: int) -> str:
        """A text that must be there."""
        return checked_text(self.cell(column), self.place(column), max_chars=MAX_DESCRIPTOR_CHARS)

    def points(self, column: int) -> float:
        """Points; Canvas takes a comma for a point as well."""
        text = self.text(column).strip().replace(",", ".")
        try:
            value = float(text) if text.isascii() and "_" not in text else -1.0
        except ValueError:
            value = -1.0
        if not 0 <= value <= MAX_NUMBER:
            raise RubricInvalid(self.place(column), "a number of at least 0 is expected.")
        return value + 0.0  # no minus zero


def _criterion(
    row: _Row,
    columns: _Columns,
    scales: ScaleMaker,
    taken: set[str],
    remarks: list[NotCarried],
) -> Criterion:
    name, description = row.text(columns.name), row.cell(columns.description)
    if row.cell(columns.range).strip().lower() in ("true", "1"):
        why = "A rating is one number of points here."
        remarks.append(NotCarried(row.place(columns.range or 0), "ranges of points", why))
    # From low to high: Canvas writes the highest first, and its order among equals is the file's.
    levels = list(_levels(row, columns))
    levels.reverse()
    ordered = sorted(levels, key=lambda level: level.points or 0.0)
    place = row.place(columns.ratings[0][0])
    scale = scales.scale_for(ordered, place, place)
    return Criterion(
        id=CriterionId(slug(name, taken, otherwise="criterion")),
        text=f"{name}\n{description}" if description.strip() else name,
        scale=scale.name,
        descriptors=tuple(
            (level.code, read.descriptor)
            for level, read in zip(scale.levels, ordered, strict=True)
            if read.descriptor
        ),
    )


def _levels(row: _Row, columns: _Columns) -> Iterator[ReadLevel]:
    for label, descriptor, points in columns.ratings:
        if row.cell(label).strip():
            if points is None:
                raise RubricInvalid(row.place(label), "there is no column with the points of this rating.")
            yield ReadLevel(row.cell(label), row.points(points), row.cell(descriptor))
        elif row.cell(descriptor).strip() or row.cell(points).strip():
            raise RubricInvalid(row.place(label), "a rating has no name.")
