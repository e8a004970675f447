"""Open Badges 3.0: a version as an `Achievement` with a `resultDescription` for each criterion.

A badge says what can be reached and, where the award rule is "every", what must be. It is made to be read by
people and wallets, not to be judged by; there is no way back.
"""

from __future__ import annotations

from assessor_app.domain.ids import CriterionId
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
from assessor_app.rubric.schema import Criterion, Every, Requirement, RubricVersion
from assessor_app.rubric.validity import scope_of

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
"""What the names in the file mean."""

_NO_PLACE = "An achievement has no place for it."
_IN_WORDS = "It stands in the narrative of the criteria, in words."
FATES = {
    "/id": Fate("the rubric's id", "Ids of a badge are addresses, made from it.", How.CHANGED),
    "/version": CARRIED,
    "/status": Fate("draft, published or retired", _NO_PLACE),
    "/supersedes": Fate("the version before", _NO_PLACE),
    "/hash": Fate("the hash", _NO_PLACE),
    "/title": CARRIED,
    "/locale": CARRIED,
    "/effective_from": Fate("from when it counts", _NO_PLACE),
    "/change": Fate("that the version is editorial", _NO_PLACE),
    "/scales/*/levels/*/code": CARRIED,
    "/scales/*/levels/*/label": CARRIED,
    "/scales/*/levels/*/points": CARRIED,
    "/scales/*/levels/*/meets": Fate(
        "which levels pass", "A badge knows one required level, and only where all criteria must reach it."
    ),
    "/skill_statement": CARRIED,
    "/requirements/*/id": Fate("ids of requirements", _NO_PLACE),
    "/requirements/*/position": Fate("the order of requirements", _IN_WORDS, How.CHANGED),
    "/requirements/*/title": Fate("the requirements", _IN_WORDS, How.CHANGED),
    "/requirements/*/kind": Fate("what kind of evidence is asked for", _NO_PLACE),
    "/requirements/*/evidence_required": Fate("the evidence asked for", _IN_WORDS, How.CHANGED),
    "/requirements/*/prompts": Fate("questions to the learner", _NO_PLACE),
    "/requirements/*/completion": Fate("completion checks", _NO_PLACE),
    "/requirements/*/criteria/*/id": Fate(
        "ids of criteria", "Ids are addresses, made from them.", How.CHANGED
    ),
    "/requirements/*/criteria/*/text": CARRIED,
    "/requirements/*/criteria/*/scale": Fate(
        "names of scales", "Each criterion has its levels itself.", How.CHANGED
    ),
    "/requirements/*/criteria/*/weight": Fate("weights", "Points of a badge's levels are not weighted."),
    "/requirements/*/criteria/*/descriptors": CARRIED,
    "/requirements/*/criteria/*/align": CARRIED,
    "/not_scorable": Fate("reasons for what cannot be scored", "They are no result that a badge could show."),
}
"""What becomes of each place of the native JSON, but for the award rule."""


def open_badges(
    version: RubricVersion, address: str = ""
) -> tuple[dict[str, object], tuple[NotCarried, ...]]:
    """A version as an `Achievement`, and what does not carry over.

    Args:
        version: a valid version (see `check_version`).
        address: of the issuer, from which ids are made; an empty one will do.
    """
    ids = Ids(version, address)
    required = _required(version)
    data: dict[str, object] = {
        "@context": list(CONTEXT),
        "id": ids.uri("achievement"),
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": version.title,
        "description": version.skill_statement or version.title,
        "inLanguage": version.locale,
        "version": str(version.version),
        "criteria": {"narrative": _narrative(version)},
        "resultDescription": [
            _result(version, criterion, ids, required.get(criterion.id)) for criterion in version.criteria
        ],
    }
    if isinstance(version.award_rule, Every):
        why = (
            "The required level stands at each criterion in question, and the rule in words in the narrative."
        )
    else:
        why = (
            "Only a rule that asks for every criterion has required levels; it stands in the narrative alone."
        )
    fates = {**FATES, "/award_rule": Fate("the award rule", why, How.CHANGED)}
    return data, (*not_carried(version, fates), *unused_scales(version), *loose_alignments(version))


def _required(version: RubricVersion) -> dict[CriterionId, str]:
    """The code of the level that each criterion must reach; of none where the rule is not "every"."""
    rule = version.award_rule
    if not isinstance(rule, Every):
        return {}
    return {
        criterion.id: rule.level
        or next(level.code for level in version.scale_of(criterion).levels if level.meets)
        for criterion in scope_of(version, rule.scope)
    }


def _result(
    version: RubricVersion, criterion: Criterion, ids: Ids, required: str | None
) -> dict[str, object]:
    levels = []
    for level in version.scale_of(criterion).levels:
        data: dict[str, object] = {
            "id": ids.uri("level", criterion.id, level.code),
            "type": ["RubricCriterionLevel"],
            "name": level.label,
            "level": level.code,
        }
        # A level without a descriptor is a level all the same, and no points are not 0 points.
        if descriptor := criterion.descriptor(level.code):
            data["description"] = descriptor
        if level.points is not None:
            data["points"] = f"{level.points:g}"
        levels.append(data)
    result: dict[str, object] = {
        "id": ids.uri("criterion", criterion.id),
        "type": ["ResultDescription"],
        "name": criterion.text,
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": levels,
    }
    if required is not None:
        result["requiredLevel"] = ids.uri("level", criterion.id, required)
    addresses = [target for target in criterion.align if is_address(target)]
    if addresses:
        result["alignment"] = [
            {"type": ["Alignment"], "targetName": target, "targetUrl": target} for target in addresses
        ]
    return result


def _narrative(version: RubricVersion) -> str:
    """What is asked for and what must be reached, in Markdown."""
    asked = [_asked(requirement) for requirement in version.requirements]
    return "\n".join([f"**Award.** {rule_in_words(version)}", "", *asked])


def _asked(requirement: Requirement) -> str:
    evidence = " ".join(requirement.evidence_required.split())
    return f"{requirement.position}. {requirement.title}" + (f": {evidence}" if evidence else "")
