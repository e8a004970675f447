"""What changed between two versions of a rubric, change by change, and what each change does to ratings.

    changed = difference(old, new)
    changed.touches_ratings           # whether ratings under the old version may differ under the new one
    changed.of_criterion(id)          # the changes that a criterion shows
    for change in changed.changes: change.text, change.before, change.after

Things are matched by their ids and codes, which are stable over versions; nothing is guessed from texts. A
text that says the same in other spacing has not changed, and neither has the order of criteria. What other
words do, the issuer says with `change: editorial` on the version that brings them; a change of structure (a
criterion, a level, a weight, the rule) touches ratings whatever the version says of itself, and `broken_word`
names that contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.rubric.award_rule import quoted
from assessor_app.rubric.rule_words import rule_in_words
from assessor_app.rubric.schema import (
    AllOf,
    AnyOf,
    AwardRule,
    Criterion,
    NotScorableCode,
    Requirement,
    RubricVersion,
    Scale,
    VersionChange,
)


class Effect(StrEnum):
    """What a change does."""

    EDITORIAL = "editorial"
    """Other words for the same: no rating changes."""
    ASKED = "asked"
    """Learners are asked, or pre-assessment checks, something else; the criteria stay as they are."""
    RATINGS = "ratings"
    """A rating, or what follows from ratings, may be another one."""


class ChangeKind(StrEnum):
    """What changed; codes are stable, for translations and tests."""

    TITLE = "title"
    SKILL_STATEMENT = "skill_statement"
    LOCALE = "locale"
    REQUIREMENT_ADDED = "requirement_added"
    REQUIREMENT_REMOVED = "requirement_removed"
    REQUIREMENT_TEXT = "requirement_text"
    """Its title or the evidence asked for."""
    REQUIREMENT_KIND = "requirement_kind"
    PROMPT = "prompt"
    COMPLETION = "completion"
    CRITERION_ADDED = "criterion_added"
    CRITERION_REMOVED = "criterion_removed"
    CRITERION_MOVED = "criterion_moved"
    """It belongs to another requirement now."""
    CRITERION_TEXT = "criterion_text"
    CRITERION_ALIGNMENT = "criterion_alignment"
    CRITERION_SCALE = "criterion_scale"
    """It is rated on a scale of another name."""
    WEIGHT = "weight"
    DESCRIPTOR = "descriptor"
    LEVEL_ADDED = "level_added"
    LEVEL_REMOVED = "level_removed"
    LEVEL_LABEL = "level_label"
    LEVEL_PASSES = "level_passes"
    LEVEL_POINTS = "level_points"
    LEVEL_ORDER = "level_order"
    NOT_SCORABLE_ADDED = "not_scorable_added"
    NOT_SCORABLE_REMOVED = "not_scorable_removed"
    NOT_SCORABLE_EFFECT = "not_scorable_effect"
    NOT_SCORABLE_TEXT = "not_scorable_text"
    """Its label, who reads it, or whether it needs a note."""
    AWARD_RULE = "award_rule"


@dataclass(frozen=True, slots=True)
class Change:
    """One change."""

    kind: ChangeKind
    effect: Effect
    text: str
    """What changed, in a sentence for the person."""
    before: str = ""
    """How it read in the old version; empty where there was nothing."""
    after: str = ""
    """How it reads in the new version; empty where there is nothing."""
    criterion_id: CriterionId | None = None
    requirement_id: RequirementId | None = None
    level: str | None = None
    """Code of the level that changed, on the scale or in the criterion."""
    criteria: tuple[CriterionId, ...] = ()
    """The criteria that the change reaches, in the order of the new version, then those that are gone."""


@dataclass(frozen=True, slots=True)
class RubricDifference:
    """All changes from one version to another, in the order of the rubric."""

    old: RubricVersion
    new: RubricVersion
    changes: tuple[Change, ...]

    @property
    def touches_ratings(self) -> bool:
        """Whether ratings, or what follows from them, may differ: then assessors calibrate anew."""
        return any(change.effect is Effect.RATINGS for change in self.changes)

    @property
    def criteria(self) -> tuple[CriterionId, ...]:
        """The criteria whose rating may differ: the new version's in order, then those that are gone."""
        touched = {
            criterion
            for change in self.changes
            if change.effect is Effect.RATINGS
            for criterion in change.criteria
        }
        return tuple(c for c in _all_ids(self.old, self.new) if c in touched)

    def of_criterion(self, criterion_id: CriterionId) -> tuple[Change, ...]:
        """The changes that reach a criterion; those of the award rule are no criterion's own."""
        return tuple(change for change in self.changes if criterion_id in change.criteria)

    @property
    def broken_word(self) -> tuple[Change, ...]:
        """The changes that the new version denies by calling itself editorial."""
        if not _calls_itself_editorial(self.old, self.new):
            return ()
        return tuple(change for change in self.changes if change.effect is not Effect.EDITORIAL)


def difference(old: RubricVersion, new: RubricVersion) -> RubricDifference:
    """What is different in `new`, as somebody sees it who knows `old`.

    Args:
        old: a valid version (see `check_version`).
        new: another one; mostly a later version of the same rubric.
    """
    return RubricDifference(old, new, tuple(_Comparison(old, new).changes()))


def _calls_itself_editorial(old: RubricVersion, new: RubricVersion) -> bool:
    """What a version says of itself holds only against the version that it follows."""
    return new.change is VersionChange.EDITORIAL and new.supersedes == old.version and new.id == old.id


def _all_ids(old: RubricVersion, new: RubricVersion) -> tuple[CriterionId, ...]:
    """The ids of both versions: the new one's in order, then those that are gone."""
    return tuple(dict.fromkeys(criterion.id for version in (new, old) for criterion in version.criteria))


def _same(before: str, after: str) -> bool:
    """Whether two texts differ in nothing but spacing."""
    return before.split() == after.split()


def _points(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


class _Comparison:
    """Two versions side by side."""

    def __init__(self, old: RubricVersion, new: RubricVersion) -> None:
        self._old = old
        self._new = new
        self._wording = Effect.EDITORIAL if _calls_itself_editorial(old, new) else Effect.RATINGS
        """What other words in a criterion or a level do."""
        self._asking = Effect.EDITORIAL if _calls_itself_editorial(old, new) else Effect.ASKED
        """What other words in what is asked do."""
        self._before = {criterion.id: criterion for criterion in old.criteria}
        self._after = {criterion.id: criterion for criterion in new.criteria}
        self._kept = tuple(c.id for c in new.criteria if c.id in self._before)

    def changes(self) -> Iterator[Change]:
        """All of them, in the order of the rubric."""
        yield from self._heading()
        yield from self._scales()
        yield from self._requirements()
        for criterion_id in self._before:
            if criterion_id not in self._after:
                gone = self._before[criterion_id]
                yield Change(
                    ChangeKind.CRITERION_REMOVED,
                    Effect.RATINGS,
                    f"{quoted(gone)} is no longer a criterion.",
                    before=gone.text,
                    criterion_id=gone.id,
                    requirement_id=self._old.requirement_of(gone.id).id,
                    criteria=(gone.id,),
                )
        yield from self._not_scorable()
        yield from self._award_rule()

    def _heading(self) -> Iterator[Change]:
        old, new = self._old, self._new
        if not _same(old.title, new.title):
            yield Change(ChangeKind.TITLE, Effect.EDITORIAL, "The title changed.", old.title, new.title)
        if old.locale != new.locale:
            text = "The language of the rubric changed."
            yield Change(ChangeKind.LOCALE, self._asking, text, old.locale, new.locale)
        if not _same(old.skill_statement, new.skill_statement):
            yield Change(
                ChangeKind.SKILL_STATEMENT,
                self._asking,
                "The skill statement changed.",
                old.skill_statement,
                new.skill_statement,
            )

    def _scales(self) -> Iterator[Change]:
        """Changes of levels, told once for each pair of scales, with the criteria that they reach."""
        pairs: dict[tuple[str, str], list[CriterionId]] = {}
        for criterion_id in self._kept:
            names = (self._before[criterion_id].scale, self._after[criterion_id].scale)
            pairs.setdefault(names, []).append(criterion_id)
        for (old_name, new_name), criteria in pairs.items():
            before = self._old.scale_of(self._before[criteria[0]])
            after = self._new.scale_of(self._after[criteria[0]])
            found = list(self._levels(before, after, tuple(criteria)))
            if old_name != new_name:
                # Another name for the same levels is a name and no more.
                yield Change(
                    ChangeKind.CRITERION_SCALE,
                    Effect.RATINGS if found else Effect.EDITORIAL,
                    f"{_count(len(criteria))} rated on the scale '{new_name}' now, before on '{old_name}'.",
                    before=old_name,
                    after=new_name,
                    criteria=tuple(criteria),
                )
            yield from found

    def _levels(self, before: Scale, after: Scale, criteria: tuple[CriterionId, ...]) -> Iterator[Change]:
        def change(kind: ChangeKind, effect: Effect, code: str, text: str, old: str, new: str) -> Change:
            return Change(kind, effect, text, old, new, level=code, criteria=criteria)

        for level in after.levels:
            old = before.level(level.code)
            name = f"The level '{level.label}'"
            if old is None:
                kind, text = ChangeKind.LEVEL_ADDED, f"{name} is new."
                yield change(kind, Effect.RATINGS, level.code, text, "", level.label)
                continue
            if not _same(old.label, level.label):
                text = f"The level '{old.label}' is called '{level.label}' now."
                kind = ChangeKind.LEVEL_LABEL
                yield change(kind, self._wording, level.code, text, old.label, level.label)
            if old.meets is not level.meets:
                text = f"{name} {'passes' if level.meets else 'no longer passes'}."
                words = [("passes" if one.meets else "does not pass") for one in (old, level)]
                yield change(ChangeKind.LEVEL_PASSES, Effect.RATINGS, level.code, text, words[0], words[1])
            if old.points != level.points:
                given, now = _points(old.points), _points(level.points)
                text = f"{name} gives {now or 'no'} points now, before {given or 'none'}."
                yield change(ChangeKind.LEVEL_POINTS, Effect.RATINGS, level.code, text, given, now)
        for level in before.levels:
            if after.level(level.code) is None:
                kind, text = ChangeKind.LEVEL_REMOVED, f"The level '{level.label}' is gone."
                yield change(kind, Effect.RATINGS, level.code, text, level.label, "")
        shared = [
            [x.code for x in a.levels if b.level(x.code)] for a, b in ((before, after), (after, before))
        ]
        if shared[0] != shared[1]:
            orders = [", ".join(level.label for level in scale.levels) for scale in (before, after)]
            text = f"The levels stand in another order: {orders[1]}."
            yield Change(
                ChangeKind.LEVEL_ORDER, Effect.RATINGS, text, orders[0], orders[1], criteria=criteria
            )

    def _requirements(self) -> Iterator[Change]:
        before = {requirement.id: requirement for requirement in self._old.requirements}
        after = {requirement.id for requirement in self._new.requirements}
        for requirement in self._new.requirements:
            old = before.get(requirement.id)
            if old is None:
                yield Change(
                    ChangeKind.REQUIREMENT_ADDED,
                    Effect.ASKED,
                    f"The requirement '{requirement.title}' is new.",
                    after=requirement.title,
                    requirement_id=requirement.id,
                )
            else:
                yield from self._requirement(old, requirement)
            for criterion in requirement.criteria:
                yield from self._criterion(criterion, requirement)
        for requirement in self._old.requirements:
            if requirement.id not in after:
                yield Change(
                    ChangeKind.REQUIREMENT_REMOVED,
                    Effect.ASKED,
                    f"The requirement '{requirement.title}' is gone.",
                    before=requirement.title,
                    requirement_id=requirement.id,
                )

    def _requirement(self, old: Requirement, new: Requirement) -> Iterator[Change]:
        name = f"the requirement '{new.title}'"
        if not _same(old.title, new.title):
            text = f"The requirement '{old.title}' is called '{new.title}' now."
            yield self._asked(ChangeKind.REQUIREMENT_TEXT, text, old.title, new.title, new)
        if not _same(old.evidence_required, new.evidence_required):
            text = f"The evidence asked for in {name} changed."
            yield self._asked(
                ChangeKind.REQUIREMENT_TEXT, text, old.evidence_required, new.evidence_required, new
            )
        if old.kind is not new.kind:
            yield Change(
                ChangeKind.REQUIREMENT_KIND,
                Effect.ASKED,
                f"What {name} asks for is of another kind: {new.kind.value}, before {old.kind.value}.",
                old.kind.value,
                new.kind.value,
                requirement_id=new.id,
            )
        yield from self._listed(
            ChangeKind.PROMPT,
            "question",
            {str(p.id): (p.text, _limit(p.word_limit)) for p in old.prompts},
            {str(p.id): (p.text, _limit(p.word_limit)) for p in new.prompts},
            new,
        )
        yield from self._listed(
            ChangeKind.COMPLETION,
            "completion check",
            {c.id: (c.text, "") for c in old.completion},
            {c.id: (c.text, "") for c in new.completion},
            new,
        )

    def _listed(
        self,
        kind: ChangeKind,
        noun: str,
        before: Mapping[str, tuple[str, str]],
        after: Mapping[str, tuple[str, str]],
        requirement: Requirement,
    ) -> Iterator[Change]:
        """Changes of what a requirement lists, by id: (text, what else it says)."""
        place = f"of '{requirement.title}'"
        for key, (text, more) in after.items():
            old = before.get(key)
            if old is None:
                sentence = f"A {noun} {place} is new."
                yield Change(kind, Effect.ASKED, sentence, after=text, requirement_id=requirement.id)
            elif not _same(old[0], text):
                yield self._asked(kind, f"A {noun} {place} changed.", old[0], text, requirement)
            if old is not None and old[1] != more:
                sentence = f"The word limit of a {noun} {place} changed."
                yield self._asked(kind, sentence, old[1], more, requirement)
        for key in before:
            if key not in after:
                sentence = f"A {noun} {place} is gone."
                yield Change(
                    kind, Effect.ASKED, sentence, before=before[key][0], requirement_id=requirement.id
                )

    def _asked(
        self, kind: ChangeKind, text: str, before: str, after: str, requirement: Requirement
    ) -> Change:
        return Change(kind, self._asking, text, before, after, requirement_id=requirement.id)

    def _criterion(self, new: Criterion, requirement: Requirement) -> Iterator[Change]:
        def change(kind: ChangeKind, effect: Effect, text: str, old: str, now: str) -> Change:
            return Change(
                kind,
                effect,
                text,
                old,
                now,
                criterion_id=new.id,
                requirement_id=requirement.id,
                criteria=(new.id,),
            )

        old = self._before.get(new.id)
        if old is None:
            text = f"{quoted(new)} is a new criterion."
            yield change(ChangeKind.CRITERION_ADDED, Effect.RATINGS, text, "", new.text)
            return
        was_in = self._old.requirement_of(new.id)
        if was_in.id != requirement.id:
            text = f"{quoted(new)} belongs to '{requirement.title}' now, before to '{was_in.title}'."
            yield change(ChangeKind.CRITERION_MOVED, Effect.RATINGS, text, was_in.title, requirement.title)
        if not _same(old.text, new.text):
            text = f"The text of {quoted(new)} changed."
            yield change(ChangeKind.CRITERION_TEXT, self._wording, text, old.text, new.text)
        if old.weight != new.weight:
            weights = f"{old.weight:g}", f"{new.weight:g}"
            text = f"{quoted(new)} has the weight {weights[1]} now, before {weights[0]}."
            yield change(ChangeKind.WEIGHT, Effect.RATINGS, text, *weights)
        if old.align != new.align:
            text = f"The standards that {quoted(new)} stands for changed."
            lists = ", ".join(old.align), ", ".join(new.align)
            yield change(ChangeKind.CRITERION_ALIGNMENT, Effect.EDITORIAL, text, *lists)
        yield from self._descriptors(old, new, requirement)

    def _descriptors(self, old: Criterion, new: Criterion, requirement: Requirement) -> Iterator[Change]:
        before, after = self._old.scale_of(old), self._new.scale_of(new)
        for level in after.levels:
            texts = old.descriptor(level.code), new.descriptor(level.code)
            # The words of a level that is new came with it.
            if before.level(level.code) is not None and not _same(*texts):
                yield Change(
                    ChangeKind.DESCRIPTOR,
                    self._wording,
                    f"What '{level.label}' means for {quoted(new)} changed.",
                    *texts,
                    criterion_id=new.id,
                    requirement_id=requirement.id,
                    level=level.code,
                    criteria=(new.id,),
                )

    def _not_scorable(self) -> Iterator[Change]:
        before = {code.code: code for code in self._old.not_scorable}
        after = {code.code: code for code in self._new.not_scorable}
        everywhere = self._kept
        for key, code in after.items():
            old = before.get(key)
            name = f"The reason '{code.label}' for what cannot be scored"
            if old is None:
                kind, text = ChangeKind.NOT_SCORABLE_ADDED, f"{name} is new."
                yield Change(kind, Effect.RATINGS, text, after=code.label, criteria=everywhere)
                continue
            if old.effect is not code.effect:
                yield Change(
                    ChangeKind.NOT_SCORABLE_EFFECT,
                    Effect.RATINGS,
                    f"{name} has another effect: {code.effect.value}, before {old.effect.value}.",
                    old.effect.value,
                    code.effect.value,
                    criteria=everywhere,
                )
            says = _code_words(old), _code_words(code)
            if says[0] != says[1]:
                text = f"{name} changed in its words, in who reads it, or in whether it needs a note."
                yield Change(ChangeKind.NOT_SCORABLE_TEXT, Effect.EDITORIAL, text, *says)
        for key, code in before.items():
            if key not in after:
                text = f"The reason '{code.label}' for what cannot be scored is gone."
                kind = ChangeKind.NOT_SCORABLE_REMOVED
                yield Change(kind, Effect.RATINGS, text, before=code.label, criteria=everywhere)

    def _award_rule(self) -> Iterator[Change]:
        old, new = self._old, self._new
        if _meaning(old, old.award_rule) == _meaning(new, new.award_rule):
            return
        words = rule_in_words(old), rule_in_words(new)
        text = "What must be reached for an award changed."
        yield Change(ChangeKind.AWARD_RULE, Effect.RATINGS, text, *words)


def _count(criteria: int) -> str:
    return "1 criterion is" if criteria == 1 else f"{criteria} criteria are"


def _limit(words: int | None) -> str:
    return "" if words is None else f"{words} words"


def _code_words(code: NotScorableCode) -> str:
    reader = "the learner reads it" if code.learner_visible else "the learner does not read it"
    return f"{code.label}; {reader}; {'with' if code.requires_note else 'without'} a note"


def _meaning(version: RubricVersion, rule: AwardRule) -> AwardRule:
    """The rule, told from others by what it means: a scope of all criteria is one that names none."""
    if isinstance(rule, (AllOf, AnyOf)):
        return replace(rule, rules=tuple(_meaning(version, inner) for inner in rule.rules))
    everything = {criterion.id for criterion in version.criteria}
    return replace(rule, scope=() if set(rule.scope) == everything else tuple(sorted(rule.scope)))
