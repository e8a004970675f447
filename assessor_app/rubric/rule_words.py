"""An award rule in a sentence, for people and for formats that have no place for a rule."""

from __future__ import annotations

from collections.abc import Sequence

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.award_rule import quoted
from assessor_app.rubric.schema import AllOf, AnyOf, AwardRule, Count, Every, Points, RubricVersion
from assessor_app.rubric.validity import scope_of


def rule_in_words(version: RubricVersion) -> str:
    """What must be reached for an award, such as "Every criterion reaches Demonstrated."."""
    text = _words(version, version.award_rule)
    return f"{text[0].upper()}{text[1:]}."


def _words(version: RubricVersion, rule: AwardRule) -> str:
    if isinstance(rule, (AllOf, AnyOf)):
        inner = [_words(version, one) for one in rule.rules]
        if len(inner) == 1:
            return inner[0]
        joined = "; ".join(f"({number}) {words}" for number, words in enumerate(inner, 1))
        return f"{'all' if isinstance(rule, AllOf) else 'at least one'} of these hold: {joined}"
    if isinstance(rule, Points):
        return f"the weighted points of {_scope(version, rule.scope)} add up to at least {rule.minimum:g}"
    level = _level(version, rule)
    if isinstance(rule, Count):
        return f"at least {rule.minimum} of {_scope(version, rule.scope)} reach {level}"
    if not rule.scope:
        return f"every criterion reaches {level}"
    return f"each of {_scope(version, rule.scope)} reaches {level}"


def _scope(version: RubricVersion, scope: Sequence[CriterionId]) -> str:
    if not scope:
        return "all criteria"
    return "these criteria: " + ", ".join(quoted(criterion) for criterion in scope_of(version, scope))


def _level(version: RubricVersion, rule: Every | Count) -> str:
    """The level to reach: its label where all scales in scope call it the same."""
    labels = set()
    for criterion in scope_of(version, rule.scope):
        levels = version.scale_of(criterion).levels
        wanted = next(
            level for level in levels if (level.meets if rule.level is None else level.code == rule.level)
        )
        labels.add(wanted.label if wanted is levels[-1] else f"{wanted.label} or higher")
    if len(labels) == 1:
        return labels.pop()
    return "a passing level" if rule.level is None else f"the level '{rule.level}' or higher"
