"""Contradictions: between a rating and what stands beside it, between the outcome and the overall comment.

They only warn, and are conservative: a sentence can be right in more ways than a program knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assessor_app.domain.assessments import Assessment, CriterionFeedback, RuleResult
from assessor_app.domain.wording import Wording, WordingKind
from assessor_app.rubric.award_rule import CriterionState, Standing, Verdict, quoted
from assessor_app.rubric.findings.finding import CheckCode, CheckResult, Field, Place, Severity, finding
from assessor_app.rubric.findings.wording_checks import FindWordings
from assessor_app.rubric.schema import Level, Scale

_SHORTEST_LABEL = 4
"""Letters; "Yes" and "Met" stand in too many sentences."""

_SAYS_LEVEL = (
    r"(?i:\b(?:is|are|was|were|be|as|rated|rate|rating|level|meets|earns|scored|es|está|nivel))"
    r"[\s:,\u2013\u2014-]{{1,4}}[\"“'«]?{label}(?!\w)"
)
"""How a sentence gives a level; the label must stand as the scale writes it."""

_WAY_ON = re.compile(
    r"(?i)\b(?:but|however|yet|although|though|while|only|next|more|further|could|should|would|need|needs|"
    r"missing|lacks?|without|not|pero|aunque|sin|falta|solo|sólo|más|podría|debería|no)\b"
)
"""A word of these, and a text is more than praise."""


def contradiction_checks(
    state: CriterionState, scale: Scale, feedback: CriterionFeedback, find_wordings: FindWordings
) -> Iterator[CheckResult]:
    """Where a criterion's feedback says something else than its rating; at most one finding for each field.

    Args:
        state: the criterion as it stands.
        scale: its levels.
        feedback: what is written.
        find_wordings: looks through one text.
    """
    level = state.level
    if level is None:
        return
    name = quoted(state.criterion)
    if level.meets and feedback.missing.strip():
        text = f"“What is missing” is filled in for {name}, although it is rated {level.label}."
        yield finding(CheckCode.MISSING_BUT_MET, Severity.WARN, text, state, Field.MISSING)
    for field, said in ((Field.FEEDBACK, feedback.text), (Field.SEEN, feedback.seen)):
        words = _opposite(level, scale, said, find_wordings)
        if words:
            text = f"“{words}” stands beside {name}, although it is rated {level.label}."
            yield _contradiction(state, field, text, words)
    if not level.meets and _is_only_praise(feedback, find_wordings):
        text = f"Beside {name}, which is rated {level.label}, there is only praise."
        yield _contradiction(state, Field.FEEDBACK, text, "")


def outcome_checks(
    assessment: Assessment, states: Sequence[CriterionState], verdict: Verdict, find_wordings: FindWordings
) -> Iterator[CheckResult]:
    """Where the overall comment speaks of another outcome than the one that follows from the ratings."""
    if any(state.standing is Standing.OPEN for state in states):
        return
    wrong = {
        RuleResult.YES: (WordingKind.DENIAL,),
        RuleResult.NO: (WordingKind.AWARD,),
        RuleResult.UNDECIDED: (WordingKind.AWARD, WordingKind.DENIAL),
    }[verdict.result]
    for wording in find_wordings(assessment.overall):
        if wording.kind in wrong:
            words = _words(assessment.overall, wording)
            text = f"“{words}” in the overall comment is not what follows from the ratings."
            place = Place(None, Field.OVERALL, span=(wording.start, wording.end))
            yield CheckResult(CheckCode.CONTRADICTS_OUTCOME, Severity.WARN, text, place, words.casefold())
            return


def _opposite(level: Level, scale: Scale, said: str, find_wordings: FindWordings) -> str:
    """The words of a text that say the opposite of a level; empty without any."""
    if level.meets:
        for wording in find_wordings(said):
            if wording.kind is WordingKind.UNMET:
                return _words(said, wording)
    for other in scale.levels:
        if other.meets is not level.meets and len(other.label) >= _SHORTEST_LABEL:
            found = re.search(_SAYS_LEVEL.format(label=re.escape(other.label)), said)
            if found:
                return " ".join(found.group().split())
    return ""


def _is_only_praise(feedback: CriterionFeedback, find_wordings: FindWordings) -> bool:
    if feedback.missing.strip() or feedback.next_step.strip() or _WAY_ON.search(feedback.text):
        return False
    kinds = {wording.kind for wording in find_wordings(feedback.text)}
    return WordingKind.PRAISE in kinds and WordingKind.UNMET not in kinds


def _words(text: str, wording: Wording) -> str:
    return " ".join(text[wording.start : wording.end].split())


def _contradiction(state: CriterionState, field: Field, text: str, about: str) -> CheckResult:
    return finding(CheckCode.CONTRADICTS_LEVEL, Severity.WARN, text, state, field, about.casefold()[:200])
