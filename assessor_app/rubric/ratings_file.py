"""Ratings in a file, for the commands: of one assessment, or of many that are past or open.

    {"ratings": [{"criterion_id": "...", "level": "..."}, {"criterion_id": "...", "not_scorable": "..."}],
     "accommodations": [{"effect": "exclude", "criterion_id": "..."}],
     "answered": ["..."]}

    {"past": [{"code": "S-1", "ratings": [...]}], "open": [{"code": "S-2", "ratings": [...]}]}

`answered` is there for a single artifact alone: the requirements that it holds evidence for.

Reading is strict: a name, a criterion or a level that is not known is an error, for a slip of the pen would
otherwise read as "not rated".
"""

from __future__ import annotations

from collections.abc import Collection

from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.dry_run import RatedWork
from assessor_app.rubric.json_reader import JsonObject, RubricInvalid, json_object
from assessor_app.rubric.schema import RubricVersion

_WORK = ("ratings", "accommodations", "answered")


def ratings_from_json(data: object, version: RubricVersion) -> RatedWork:
    """The ratings of one assessment, with its accommodations.

    Args:
        data: parsed JSON; nothing about it is trusted.
        version: that the ratings are given under.

    Raises:
        RubricInvalid: with the place in the file.
    """
    root = json_object(data, "")
    _check_names(root, ("code", *_WORK))
    return _work(root, version, root.optional_identifier("code") or "")


def history_from_json(
    data: object, version: RubricVersion
) -> tuple[tuple[RatedWork, ...], tuple[RatedWork, ...]]:
    """Past and open work for a dry run, all rated under one version.

    Raises:
        RubricInvalid: with the place in the file.
    """
    root = json_object(data, "")
    _check_names(root, ("past", "open"))
    lists = []
    for key in ("past", "open"):
        sources = root.items(key)
        for source in sources:
            _check_names(source, ("code", *_WORK))
        lists.append(tuple(_work(source, version, source.identifier("code")) for source in sources))
    return lists[0], lists[1]


def _work(source: JsonObject, version: RubricVersion, code: str) -> RatedWork:
    ratings: list[Rating] = []
    for item in source.items("ratings"):
        rating = _rating(item, version)
        if any(other.criterion_id == rating.criterion_id for other in ratings):
            raise RubricInvalid(item.place("criterion_id"), "this criterion is rated twice.")
        ratings.append(rating)
    accommodations = tuple(_accommodation(item, version) for item in source.items("accommodations"))
    return RatedWork(code, version, tuple(ratings), accommodations, _answered(source, version))


def _answered(source: JsonObject, version: RubricVersion) -> frozenset[RequirementId] | None:
    if source.untrusted.get("answered") is None:
        return None
    known = {requirement.id for requirement in version.requirements}
    names = source.texts("answered")
    for index, name in enumerate(names):
        if name not in known:
            raise RubricInvalid(f"{source.place('answered')}[{index}]", "the rubric has no such requirement.")
    return frozenset(RequirementId(name) for name in names)


def _rating(source: JsonObject, version: RubricVersion) -> Rating:
    _check_names(source, ("criterion_id", "level", "not_scorable", "note"))
    criterion_id = CriterionId(source.identifier("criterion_id"))
    _check_known(source, "criterion_id", criterion_id, {c.id for c in version.criteria}, "criterion")
    level, code = source.optional_identifier("level"), source.optional_identifier("not_scorable")
    if level is not None and code is not None:
        raise RubricInvalid(source.path, "a level and a not-scorable code exclude each other.")
    if level is not None:
        levels = version.scale_of(version.criterion(criterion_id)).levels
        _check_known(source, "level", level, [known.code for known in levels], "level of this criterion")
    if code is not None:
        codes = [known.code for known in version.not_scorable]
        _check_known(source, "not_scorable", code, codes, "not-scorable code")
    note = "" if source.untrusted.get("note") is None else source.text("note", may_be_empty=True)
    return Rating(criterion_id, level, code, note)


def _accommodation(source: JsonObject, version: RubricVersion) -> Accommodation:
    _check_names(source, ("effect", "instruction", "criterion_id", "requirement_id"))
    effect = source.identifier("effect")
    _check_known(source, "effect", effect, [known.value for known in AccommodationEffect], "effect")
    criterion, requirement = (
        source.optional_identifier("criterion_id"),
        source.optional_identifier("requirement_id"),
    )
    if criterion is not None:
        _check_known(source, "criterion_id", criterion, {c.id for c in version.criteria}, "criterion")
    if requirement is not None:
        known = {r.id for r in version.requirements}
        _check_known(source, "requirement_id", requirement, known, "requirement")
    instruction = source.untrusted.get("instruction")
    return Accommodation(
        AccommodationEffect(effect),
        "" if instruction is None else source.text("instruction", may_be_empty=True),
        None if criterion is None else CriterionId(criterion),
        None if requirement is None else RequirementId(requirement),
    )


def _check_names(source: JsonObject, known: Collection[str]) -> None:
    for name in source.untrusted:
        if name not in known:
            raise RubricInvalid(
                source.place(name), f"this name is not known here; known are: {', '.join(known)}."
            )


def _check_known(source: JsonObject, key: str, value: str, known: Collection[str], what: str) -> None:
    if value not in known:
        raise RubricInvalid(source.place(key), f"the rubric has no such {what}.")
