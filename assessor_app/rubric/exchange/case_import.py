"""1EdTech CASE 1.0: a rubric of a CFPackage as a draft of a version.

Read are the rubrics (`CFRubrics`); items and associations give them ids, requirements and alignments. A
package of competencies without a rubric has nothing that could be rated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessor_app.domain.ids import CriterionId, RequirementId, RubricId
from assessor_app.rubric.exchange.case_export import CRITERION, REQUIREMENT
from assessor_app.rubric.exchange.names import slug
from assessor_app.rubric.exchange.noted import noted, unread
from assessor_app.rubric.exchange.report import How, NotCarried
from assessor_app.rubric.exchange.scales import ReadLevel, ScaleMaker
from assessor_app.rubric.json_reader import MAX_ID_CHARS, JsonObject, RubricInvalid, json_object
from assessor_app.rubric.native import rubric_from_json, rubric_to_json
from assessor_app.rubric.schema import (
    Criterion,
    Every,
    Requirement,
    RequirementKind,
    RubricStatus,
    RubricVersion,
)

NO_PLACE = "This rubric model has no place for it."
UNKNOWN_LANGUAGE = "und"
TECHNICAL = frozenset(
    {
        *("identifier", "uri", "lastChangeDateTime", "rubricId", "rubricCriterionId"),
        *("title", "sequenceNumber", "CFItemTypeURI", "CFDocumentURI", "CFPackageURI"),
    }
)
"""What holds the parts of a package together; the titles are those of links."""


def rubric_from_case(
    data: object, *, rubric: str | None = None, passing: str | None = None
) -> tuple[RubricVersion, tuple[NotCarried, ...]]:
    """A rubric of a package as a draft, and what does not carry over or was assumed.

    Args:
        data: parsed JSON, not nested deeply; nothing about it is trusted.
        rubric: title or identifier of the rubric, where the package has several.
        passing: label of the lowest level that passes; None takes the highest of each scale.

    Raises:
        RubricInvalid: with the place in the package, or of the draft that comes of it.
    """
    untrusted = noted(data)
    reader = _Reader(json_object(untrusted, ""), passing)
    version = rubric_from_json(rubric_to_json(reader.version(rubric)))
    return version, (*reader.remarks(), *unread(untrusted, NO_PLACE, technical=TECHNICAL))


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the package."""

    index: int
    identifier: str
    text: str
    code: str
    kind: str
    source: JsonObject


class _Reader:
    def __init__(self, root: JsonObject, passing: str | None) -> None:
        self._root = root
        self._scales = ScaleMaker(passing)
        self._remarks: list[NotCarried] = []
        self._items = {item.identifier: item for item in self._read_items()}
        self._parent: dict[str, str] = {}
        self._aligned: dict[str, list[str]] = {}
        self._read_associations()
        self._used: set[str] = set()
        """Identifiers of the items that are in the rubric."""

    def remarks(self) -> tuple[NotCarried, ...]:
        """What was changed or assumed, and the items that are no part of the rubric."""
        others = [
            NotCarried(f"/CFItems/{item.index}", "items that no criterion points at", NO_PLACE)
            for item in self._items.values()
            if item.identifier not in self._used
        ]
        return (*self._remarks, *self._scales.remarks, *others)

    def version(self, wanted: str | None) -> RubricVersion:
        """The draft."""
        document = self._root.member("CFDocument")
        source = self._chosen(wanted)
        criteria = self._criteria(source)
        name, title = _text(source, "title"), document.text("title")
        if name and name != title:
            self._remark(document, "title", "the document's title", "The rubric's own is taken.")
            title = name
        if _text(source, "description"):
            self._remark(source, "description", "the rubric's description", "A sentence is no rule.")
        self._remark(
            source, "", "the award rule", "Every criterion is taken to be needed for an award.", How.ASSUMED
        )
        return RubricVersion(
            id=RubricId(source.identifier("identifier")),
            version=self._number(document),
            status=self._status(document),
            title=title,
            locale=self._language(document),
            skill_statement=_text(document, "description"),
            scales=self._scales.scales,
            requirements=self._requirements(criteria, title),
            not_scorable=(),
            award_rule=Every(),
            effective_from=self._day(document),
        )

    def _read_items(self) -> Iterator[_Item]:
        seen: set[str] = set()
        for index, source in enumerate(self._root.items("CFItems")):
            identifier = source.identifier("identifier")
            if identifier in seen:
                raise RubricInvalid(source.place("identifier"), "this identifier is used twice.")
            seen.add(identifier)
            code, kind = _text(source, "humanCodingScheme"), _text(source, "CFItemType")
            if len(code) > MAX_ID_CHARS:
                self._remark(source, "humanCodingScheme", "a code of an item", "It is too long for an id.")
                code = ""
            yield _Item(index, identifier, source.text("fullStatement"), code, kind, source)

    def _read_associations(self) -> None:
        for source in self._root.items("CFAssociations"):
            kind = source.text("associationType")
            origin = source.member("originNodeURI").text("identifier")
            destination = source.member("destinationNodeURI")
            target = destination.text("identifier")
            if kind == "isChildOf":
                self._parent[origin] = target
            elif kind in ("isRelatedTo", "exactMatchOf") and target not in self._items:
                self._align(origin, destination)
                if kind == "exactMatchOf":
                    why = "Alignments are of one kind here."
                    self._remark(source, "associationType", "that a match is exact", why, How.CHANGED)
            else:
                self._remark(source, "", f"associations of the kind {kind}", NO_PLACE)

    def _align(self, origin: str, destination: JsonObject) -> None:
        target = destination.text("uri")
        if len(target) <= MAX_ID_CHARS:
            self._aligned.setdefault(origin, []).append(target)
        else:
            self._remark(destination, "uri", "an alignment", "The address is too long.")

    def _chosen(self, wanted: str | None) -> JsonObject:
        rubrics = self._root.items("CFRubrics")
        if not rubrics:
            raise RubricInvalid("CFRubrics", "the package holds no rubric.")
        names = [(_text(source, "title"), source.identifier("identifier")) for source in rubrics]
        fitting = [i for i, names_of in enumerate(names) if wanted is None or wanted in names_of]
        if len(fitting) != 1:
            listed = ", ".join(f"'{title or identifier}'" for title, identifier in names)
            raise RubricInvalid("CFRubrics", f"name one of the rubrics in the package: {listed}.")
        for index in range(len(rubrics)):
            if index != fitting[0]:
                self._remarks.append(NotCarried(f"/CFRubrics/{index}", "other rubrics", "One was chosen."))
        return rubrics[fitting[0]]

    def _criteria(self, rubric: JsonObject) -> list[tuple[str, str, Criterion]]:
        """Identifier of the requirement's item, category, and the criterion itself, in order."""
        sources = rubric.items("CFRubricCriteria")
        order = _order([source.optional_integer("position", least=0) for source in sources])
        taken: set[str] = set()
        criteria = []
        for source in (sources[index] for index in order):
            item = self._item_of(source)
            text = _text(source, "description") or (item.text if item else source.text("description"))
            if item is not None and item.text != text:
                self._remark(item.source, "fullStatement", "an item's text", "The rubric's own is taken.")
            name = (item.code if item else "") or source.identifier("identifier")
            criterion_id = name if name not in taken else source.identifier("identifier")
            taken.add(criterion_id)
            criteria.append(
                (
                    self._parent.get(item.identifier, "") if item else "",
                    _text(source, "category"),
                    self._criterion(source, CriterionId(criterion_id), text, item),
                )
            )
        return criteria

    def _item_of(self, source: JsonObject) -> _Item | None:
        """The item in the package that a criterion points at."""
        if source.untrusted.get("CFItemURI") is None:
            return None
        item = self._items.get(source.member("CFItemURI").identifier("identifier"))
        if item is not None:
            self._used.add(item.identifier)
            if item.kind not in ("", CRITERION):
                self._remark(
                    item.source, "CFItemType", f"items of the type {item.kind}", "It is a criterion."
                )
        return item

    def _criterion(
        self, source: JsonObject, criterion_id: CriterionId, text: str, item: _Item | None
    ) -> Criterion:
        levels = self._levels(source)
        scale = self._scales.scale_for(
            levels, source.place("CFRubricCriterionLevels"), _pointer(source.place("CFRubricCriterionLevels"))
        )
        if item is None and source.untrusted.get("CFItemURI") is not None:
            self._align(criterion_id, source.member("CFItemURI"))
        align = self._aligned.get(item.identifier if item else criterion_id, [])
        descriptors = tuple(
            (level.code, read.descriptor)
            for level, read in zip(scale.levels, levels, strict=True)
            if read.descriptor
        )
        return Criterion(
            criterion_id, text, scale.name, descriptors, source.number("weight", default=1.0), tuple(align)
        )

    def _levels(self, criterion: JsonObject) -> list[ReadLevel]:
        """The levels of a criterion from low to high."""
        sources = criterion.items("CFRubricCriterionLevels")
        scores = [source.optional_number("score") for source in sources]
        positions = [source.optional_integer("position", least=0) for source in sources]
        known = [score for score in scores if score is not None]
        place = criterion.place("CFRubricCriterionLevels")
        if known and len(known) < len(scores):
            why = "Some levels of the criterion have a score and some have none."
            self._remarks.append(NotCarried(_pointer(place), "scores", why))
            scores = [None] * len(scores)
        order = _order(positions)
        along = [known[index] for index in order] if len(known) == len(scores) else []
        if along and along != sorted(along):
            if along == sorted(along, reverse=True):
                order.reverse()
            else:
                order = sorted(order, key=lambda index: known[index])
                why = "Positions and scores contradict each other; the scores were believed."
                self._remarks.append(NotCarried(_pointer(place), "the order of levels", why, How.CHANGED))
        elif not along:
            why = "Without scores the first is taken to be the lowest."
            self._remarks.append(NotCarried(_pointer(place), "the order of levels", why, How.ASSUMED))
        return [ReadLevel(_label(sources[i]), scores[i], _text(sources[i], "description")) for i in order]

    def _requirements(
        self, criteria: Sequence[tuple[str, str, Criterion]], title: str
    ) -> tuple[Requirement, ...]:
        """Requirements from the items above the criteria, else from their categories, else one for all."""
        groups: dict[tuple[str, str], list[Criterion]] = {}
        for parent, category, criterion in criteria:
            key = (parent, "") if parent in self._items else ("", category or title)
            groups.setdefault(key, []).append(criterion)
        # Requirements that are only context have no criteria.
        for other in self._items.values():
            if other.kind == REQUIREMENT and other.identifier not in self._used:
                groups.setdefault((other.identifier, ""), [])
        ordered = sorted(groups.items(), key=lambda entry: self._place(entry[0][0]))
        taken: set[str] = set()
        made = []
        numbers = [self._place(key[0])[0] for key, _ in ordered]
        is_numbered = numbers == sorted(set(numbers)) and float("inf") not in numbers
        for index, ((identifier, category), inner) in enumerate(ordered):
            item = self._items.get(identifier)
            name = item.text if item else category
            code = (item.code if item else "") or slug(name, taken, otherwise="requirement")
            requirement_id = code if code not in taken else slug(code, taken, otherwise="requirement")
            taken.add(requirement_id)
            if item is not None:
                self._used.add(item.identifier)
            made.append(
                Requirement(
                    id=RequirementId(requirement_id),
                    position=int(numbers[index]) if is_numbered else index + 1,
                    title=name,
                    kind=RequirementKind.ARTIFACT,
                    evidence_required=_text(item.source, "notes") if item else "",
                    criteria=tuple(inner),
                )
            )
        why = "All are taken to ask for artifacts."
        self._remarks.append(NotCarried("", "what kind of evidence is asked for", why, How.ASSUMED))
        return tuple(made)

    def _place(self, identifier: str) -> tuple[float, int]:
        """Where a requirement stands: by its number in the list, then as in the file."""
        item = self._items.get(identifier)
        if item is None:
            return (float("inf"), 0)
        number = _text(item.source, "listEnumeration")
        is_number = number.isascii() and number.isdigit() and len(number) < 9
        return (float(number) if is_number else float("inf"), item.index)

    def _number(self, document: JsonObject) -> int:
        text = _text(document, "version")
        if text.isascii() and text.isdigit() and len(text) < 7 and int(text) >= 1:
            return int(text)
        why = "The file names no whole number; it became version 1."
        self._remark(document, "version", "the number of the version", why, How.ASSUMED)
        return 1

    def _status(self, document: JsonObject) -> RubricStatus:
        """A draft in any case: what somebody else adopted, the issuer has still to publish here."""
        status = _text(document, "adoptionStatus")
        if status not in ("", "Draft"):
            why = f"It was '{status}' and is a draft until it is published here."
            self._remark(document, "adoptionStatus", "draft, published or retired", why, How.CHANGED)
        return RubricStatus.DRAFT

    def _day(self, document: JsonObject) -> str | None:
        """The day from which the version counts, of a date or a moment."""
        text = _text(document, "statusStartDate")
        try:
            return date.fromisoformat(text[:10]).isoformat() if text else None
        except ValueError:
            self._remark(document, "statusStartDate", "from when it counts", "It is no date.")
            return None

    def _language(self, document: JsonObject) -> str:
        if _text(document, "language"):
            return document.identifier("language")
        why = f"The file names none; it became '{UNKNOWN_LANGUAGE}', not known."
        self._remark(document, "", "the language", why, How.ASSUMED)
        return UNKNOWN_LANGUAGE

    def _remark(self, source: JsonObject, key: str, what: str, why: str, how: How = How.LEFT_OUT) -> None:
        place = source.place(key) if key else source.path
        self._remarks.append(NotCarried(_pointer(place), what, why, how))


def _text(source: JsonObject, key: str) -> str:
    """A text that may be missing, null or empty."""
    text = "" if source.untrusted.get(key) is None else source.text(key, may_be_empty=True)
    return text if text.strip() else ""


def _label(source: JsonObject) -> str:
    """What a level is called: `quality`, else its score."""
    label = _text(source, "quality")
    if label:
        return label
    score = source.optional_number("score")
    return source.text("quality") if score is None else f"{score:g}"


def _order(positions: Sequence[int | None]) -> list[int]:
    """Indexes in the order of the positions; as they stand where one is missing."""
    indexes = list(range(len(positions)))
    known: Mapping[int, int] = {i: p for i, p in enumerate(positions) if p is not None}
    return sorted(indexes, key=lambda index: known[index]) if len(known) == len(indexes) else indexes


def _pointer(place: str) -> str:
    """A place such as `CFRubrics[0].title` as a JSON pointer; names in CASE have neither dots nor slashes."""
    steps: list[Any] = place.replace("[", ".").replace("]", "").split(".")
    return "".join(f"/{step}" for step in steps if step)
