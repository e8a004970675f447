"""1EdTech CASE 1.0: a version as a CFPackage with its requirements and criteria as items and one rubric."""

from __future__ import annotations

from collections.abc import Iterator

from assessor_app.rubric.exchange.names import Ids, is_address
from assessor_app.rubric.exchange.report import (
    CARRIED,
    Fate,
    How,
    NotCarried,
    loose_alignments,
    not_carried,
    unused_scales,
)
from assessor_app.rubric.rule_words import rule_in_words
from assessor_app.rubric.schema import Criterion, Requirement, RubricStatus, RubricVersion

REQUIREMENT, CRITERION = "Requirement", "Criterion"
"""Types of items."""
UNKNOWN_DAY = "1970-01-01"
UNKNOWN_CREATOR = "unknown"
ADOPTION = {
    RubricStatus.DRAFT: "Draft",
    RubricStatus.PUBLISHED: "Adopted",
    RubricStatus.RETIRED: "Deprecated",
}

_NO_PLACE = "CASE has no place for it."
FATES = {
    "/id": Fate("the rubric's id", "Ids of CASE are UUIDs, made from it.", How.CHANGED),
    "/version": CARRIED,
    "/status": CARRIED,
    "/supersedes": Fate("the version before", _NO_PLACE),
    "/hash": Fate("the hash", _NO_PLACE),
    "/title": CARRIED,
    "/locale": CARRIED,
    # In the published schema `statusStartDate` is one of a date and a date-time; a validator that does not
    # look at formats takes every text for both and refuses it.
    "/effective_from": Fate(
        "from when it counts", "It stands as the day of the last change, which CASE asks for.", How.CHANGED
    ),
    "/change": Fate("that the version is editorial", _NO_PLACE),
    "/scales/*/levels/*/code": Fate("codes of levels", "CASE knows labels alone; new codes come from them."),
    "/scales/*/levels/*/label": CARRIED,
    "/scales/*/levels/*/points": CARRIED,
    "/scales/*/levels/*/meets": Fate("which levels pass", _NO_PLACE),
    "/skill_statement": CARRIED,
    "/requirements/*/id": CARRIED,
    "/requirements/*/position": CARRIED,
    "/requirements/*/title": CARRIED,
    "/requirements/*/kind": Fate("what kind of evidence is asked for", _NO_PLACE),
    "/requirements/*/evidence_required": CARRIED,
    "/requirements/*/prompts": Fate("questions to the learner", _NO_PLACE),
    "/requirements/*/completion": Fate("completion checks", _NO_PLACE),
    "/requirements/*/criteria/*/id": CARRIED,
    "/requirements/*/criteria/*/text": CARRIED,
    "/requirements/*/criteria/*/scale": Fate(
        "names of scales", "Each criterion has its levels itself; scales are put together from them again."
    ),
    "/requirements/*/criteria/*/weight": CARRIED,
    "/requirements/*/criteria/*/descriptors": CARRIED,
    "/requirements/*/criteria/*/align": CARRIED,
    "/not_scorable": Fate("reasons for what cannot be scored", _NO_PLACE),
    "/award_rule": Fate(
        "the award rule", "CASE has no rule; it stands in the rubric's description, in words.", How.CHANGED
    ),
}
"""What becomes of each place of the native JSON."""


def case_package(
    version: RubricVersion, address: str = ""
) -> tuple[dict[str, object], tuple[NotCarried, ...]]:
    """A version as a CFPackage, and what does not carry over.

    Args:
        version: a valid version (see `check_version`).
        address: of the issuer, from which ids are made; an empty one will do.
    """
    made = _Package(version, address)
    remarks = [*not_carried(version, FATES), *unused_scales(version), *loose_alignments(version)]
    remarks.append(
        NotCarried("", "who made it", f"CASE asks for it; '{UNKNOWN_CREATOR}' stands there.", How.ASSUMED)
    )
    if version.effective_from is None:
        why = f"CASE asks for it and it is not known; {UNKNOWN_DAY} stands there."
        remarks.append(NotCarried("", "when it was last changed", why, How.ASSUMED))
    return made.package(), tuple(remarks)


class _Package:
    def __init__(self, version: RubricVersion, address: str) -> None:
        self._version = version
        self._ids = Ids(version, address)
        self._changed = f"{version.effective_from or UNKNOWN_DAY}T00:00:00Z"

    def package(self) -> dict[str, object]:
        requirements = self._version.requirements
        items = [
            item
            for requirement in requirements
            for item in (self._requirement(requirement), *map(self._criterion, requirement.criteria))
        ]
        return {
            "CFDocument": self._document(),
            "CFItems": items,
            "CFAssociations": list(self._associations()),
            "CFDefinitions": {
                "CFItemTypes": [
                    {
                        **self._part("type", name),
                        "title": name,
                        "description": description,
                        "hierarchyCode": str(number),
                    }
                    for number, (name, description) in enumerate(
                        (
                            (REQUIREMENT, "One thing to prove, with the evidence asked for."),
                            (CRITERION, "One indicator of a requirement, rated by an assessor."),
                        ),
                        1,
                    )
                ]
            },
            "CFRubrics": [self._rubric()],
        }

    def _part(self, *path: str) -> dict[str, object]:
        """What every part of a package has."""
        return {
            "identifier": self._ids.of(*path),
            "uri": self._ids.uri(*path),
            "lastChangeDateTime": self._changed,
        }

    def _link(self, title: str, *path: str) -> dict[str, object]:
        return {"title": title, "identifier": self._ids.of(*path), "uri": self._ids.uri(*path)}

    def _document(self) -> dict[str, object]:
        version = self._version
        data: dict[str, object] = {
            **self._part("document"),
            "creator": UNKNOWN_CREATOR,
            "title": version.title,
            "language": version.locale,
            "version": str(version.version),
            "adoptionStatus": ADOPTION[version.status],
        }
        if version.skill_statement:
            data["description"] = version.skill_statement
        return data

    def _requirement(self, requirement: Requirement) -> dict[str, object]:
        data: dict[str, object] = {
            **self._part("requirement", requirement.id),
            "fullStatement": requirement.title,
            "humanCodingScheme": requirement.id,
            "listEnumeration": str(requirement.position),
            "CFItemType": REQUIREMENT,
            "CFItemTypeURI": self._link(REQUIREMENT, "type", REQUIREMENT),
            "language": self._version.locale,
        }
        if requirement.evidence_required:
            data["notes"] = requirement.evidence_required
        return data

    def _criterion(self, criterion: Criterion) -> dict[str, object]:
        return {
            **self._part("criterion", criterion.id),
            "fullStatement": criterion.text,
            "humanCodingScheme": criterion.id,
            "CFItemType": CRITERION,
            "CFItemTypeURI": self._link(CRITERION, "type", CRITERION),
            "language": self._version.locale,
        }

    def _associations(self) -> Iterator[dict[str, object]]:
        top = self._link(self._version.title, "document")
        for number, requirement in enumerate(self._version.requirements, 1):
            this = self._link(requirement.title, "requirement", requirement.id)
            yield self._child(this, top, number, "in", "requirement", requirement.id)
            for place, criterion in enumerate(requirement.criteria, 1):
                below = self._link(criterion.text, "criterion", criterion.id)
                yield self._child(below, this, place, "in", "criterion", criterion.id)
                for target in criterion.align:
                    if is_address(target):
                        yield {
                            **self._part("align", criterion.id, target),
                            "associationType": "isRelatedTo",
                            "originNodeURI": below,
                            "destinationNodeURI": {"title": target, "identifier": target, "uri": target},
                        }

    def _child(
        self, child: dict[str, object], parent: dict[str, object], number: int, *path: str
    ) -> dict[str, object]:
        return {
            **self._part(*path),
            "associationType": "isChildOf",
            "sequenceNumber": number,
            "originNodeURI": child,
            "destinationNodeURI": parent,
        }

    def _rubric(self) -> dict[str, object]:
        position = 0
        criteria = []
        for requirement in self._version.requirements:
            for criterion in requirement.criteria:
                position += 1
                criteria.append(self._rubric_criterion(criterion, requirement, position))
        return {
            **self._part("rubric"),
            "title": self._version.title,
            "description": rule_in_words(self._version),
            "CFRubricCriteria": criteria,
        }

    def _rubric_criterion(
        self, criterion: Criterion, requirement: Requirement, position: int
    ) -> dict[str, object]:
        return {
            **self._part("rubric criterion", criterion.id),
            "category": requirement.title,
            "description": criterion.text,
            "CFItemURI": self._link(criterion.text, "criterion", criterion.id),
            "weight": criterion.weight,
            "position": position,
            "rubricId": self._ids.of("rubric"),
            "CFRubricCriterionLevels": list(self._levels(criterion)),
        }

    def _levels(self, criterion: Criterion) -> Iterator[dict[str, object]]:
        """All levels of the scale, low to high, also those that the criterion says nothing about."""
        for position, level in enumerate(self._version.scale_of(criterion).levels, 1):
            data: dict[str, object] = {
                **self._part("level", criterion.id, level.code),
                "quality": level.label,
                "position": position,
                "rubricCriterionId": self._ids.of("rubric criterion", criterion.id),
            }
            if descriptor := criterion.descriptor(level.code):
                data["description"] = descriptor
            if level.points is not None:  # 0 is a score like any other
                data["score"] = level.points
            yield data
