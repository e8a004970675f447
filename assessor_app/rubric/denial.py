"""What a denial owes the learner, for each criterion below passing: seen, missing, next step.

The program prepares what it can: what was seen from the evidence links, what is missing from the words of the
passing level. What was prepared is only a beginning: left as it was, it counts as missing (rule 8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assessor_app.domain.assessments import Assessment, CriterionFeedback
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.submissions import Accommodation
from assessor_app.domain.wording import has_words, is_same_in_words
from assessor_app.rubric.award_rule import CriterionState, Standing, criterion_states
from assessor_app.rubric.schema import Criterion, Level, RubricVersion

MAX_QUOTE_CHARS = 160
"""Longest quotation of evidence that is prepared, in characters."""
MAX_PASSAGES = 4
"""Most evidence links that are prepared as seen; she picks from the rest herself."""


class DenialPart(StrEnum):
    """The three parts; the values are the names of the feedback's fields."""

    SEEN = "seen"
    MISSING = "missing"
    NEXT_STEP = "next_step"


@dataclass(frozen=True, slots=True)
class Passage:
    """An evidence link as it can be told to the learner."""

    where: str
    """Such as "Artifact 2, page 3"."""
    quote: str = ""
    """The learner's own words there; empty for a box or ink."""
    comment: str = ""
    """The mark's comment, where the learner may read it; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One criterion below passing, with what its denial still needs."""

    criterion: Criterion
    words: str
    """How it stands, such as the level's label."""
    passing: Level | None
    """The lowest passing level; None where the scale has none."""
    feedback: CriterionFeedback
    parts: tuple[DenialPart, ...]
    """The parts that it owes."""
    open_parts: tuple[DenialPart, ...]
    """Those that are empty, or still as they were prepared."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.open_parts

    @property
    def passing_descriptor(self) -> str:
        """What the passing level asks for; empty if the rubric does not say."""
        return self.criterion.descriptor(self.passing.code) if self.passing is not None else ""


def owed(
    version: RubricVersion,
    assessment: Assessment,
    states: Mapping[CriterionId, CriterionState] | None = None,
    accommodations: Sequence[Accommodation] = (),
) -> tuple[Owed, ...]:
    """The criteria below passing, in the order of the rubric.

    Args:
        version: the rubric version.
        assessment: the work as it stands.
        states: how each criterion stands, where the caller knows it already.
        accommodations: approved ones; what they take out owes nothing.
    """
    found = states or criterion_states(version, assessment.ratings, accommodations)
    return tuple(
        _owed(version, state, assessment.feedback_for(state.criterion.id))
        for state in found.values()
        if is_below_passing(state)
    )


def is_below_passing(state: CriterionState) -> bool:
    """Whether a criterion is rated, and not at a passing level."""
    return state.standing is Standing.FAILED or (state.level is not None and not state.level.meets)


def owed_parts(state: CriterionState) -> tuple[DenialPart, ...]:
    """What a criterion owes; one that cannot be scored has its reason in the note and needs the next step."""
    return tuple(DenialPart) if state.standing is Standing.RATED else (DenialPart.NEXT_STEP,)


def open_parts(feedback: CriterionFeedback, parts: Sequence[DenialPart]) -> tuple[DenialPart, ...]:
    """Those of some parts that are empty, or still as they were prepared.

    Evidence that was looked through without finding it is what was seen: nothing else is needed there.
    """
    return tuple(
        part
        for part in parts
        if not (part is DenialPart.SEEN and feedback.looked_in)
        and (not has_words(text_of(feedback, part)) or is_as_prepared(feedback, part))
    )


def text_of(feedback: CriterionFeedback, part: DenialPart) -> str:
    """The text of a part."""
    return {
        DenialPart.SEEN: feedback.seen,
        DenialPart.MISSING: feedback.missing,
        DenialPart.NEXT_STEP: feedback.next_step,
    }[part]


def is_as_prepared(feedback: CriterionFeedback, part: DenialPart) -> bool:
    """Whether a part holds what the program prepared, and not a word more or less."""
    text = text_of(feedback, part)
    return has_words(text) and any(
        name == part.value and is_same_in_words(text, was) for name, was in feedback.prefilled
    )


def prepared(
    version: RubricVersion,
    criterion: Criterion,
    feedback: CriterionFeedback,
    passages: Sequence[Passage],
    *,
    again: bool = False,
) -> CriterionFeedback:
    """The feedback with its empty parts begun from what is known; what she wrote is never touched.

    Args:
        version: the rubric version.
        criterion: one below passing.
        feedback: as it stands.
        passages: the evidence that is tied to the criterion, in the order of its places.
        again: begin anew a part that she emptied after it was begun once.
    """
    scale = version.scale_of(criterion)
    passing = next((level for level in scale.levels if level.meets), None)
    begun = {name for name, _ in feedback.prefilled}
    beginnings = {
        DenialPart.SEEN: "" if feedback.looked_in else _seen(passages),
        DenialPart.MISSING: criterion.descriptor(passing.code) if passing is not None else "",
    }
    texts = {
        part.value: text
        for part, text in beginnings.items()
        if text and not text_of(feedback, part).strip() and (again or part.value not in begun)
    }
    if not texts:
        return feedback
    kept = tuple((name, was) for name, was in feedback.prefilled if name not in texts)
    return replace(
        feedback,
        seen=texts.get(DenialPart.SEEN.value, feedback.seen),
        missing=texts.get(DenialPart.MISSING.value, feedback.missing),
        prefilled=(*kept, *texts.items()),
    )


def toggled_looked_in(feedback: CriterionFeedback, source_ids: Sequence[str]) -> CriterionFeedback:
    """The feedback with evidence added to what was looked through in vain; if all is there, taken out."""
    if source_ids and all(source in feedback.looked_in for source in source_ids):
        left = tuple(source for source in feedback.looked_in if source not in source_ids)
        return replace(feedback, looked_in=left)
    added = tuple(source for source in source_ids if source not in feedback.looked_in)
    return replace(feedback, looked_in=(*feedback.looked_in, *added))


def _owed(version: RubricVersion, state: CriterionState, feedback: CriterionFeedback) -> Owed:
    parts = owed_parts(state)
    levels = version.scale_of(state.criterion).levels
    return Owed(
        criterion=state.criterion,
        words=state.words,
        passing=next((level for level in levels if level.meets), None),
        feedback=feedback,
        parts=parts,
        open_parts=open_parts(feedback, parts),
    )


def _seen(passages: Sequence[Passage]) -> str:
    return "\n".join(_line(passage) for passage in passages[:MAX_PASSAGES])


def _line(passage: Passage) -> str:
    quote = " ".join(passage.quote.split())
    if len(quote) > MAX_QUOTE_CHARS:
        quote = quote[: MAX_QUOTE_CHARS - 1].rstrip() + "…"
    told = " ".join(part for part in (f"“{quote}”" if quote else "", passage.comment.strip()) if part)
    return f"{passage.where}: {told}" if told else f"{passage.where}:"
