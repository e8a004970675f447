"""What a check finds, as data: code, weight, sentence, place, and who may send it all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.domain.wording import has_words
from assessor_app.rubric.award_rule import CriterionState


class Severity(IntEnum):
    """How much a finding weighs; sorted, the heaviest comes first."""

    BLOCK = 0
    """It cannot be sent like this."""
    WARN = 1
    """It can be sent; look again."""
    HINT = 2
    """Worth a thought."""


class Override(StrEnum):
    """Who may send it all the same."""

    NOBODY = "nobody"
    WITH_REASON = "with_reason"
    """The person herself; her reason goes to the approver with the note."""
    FREELY = "freely"
    """The person herself, without a word."""


class CheckCode(StrEnum):
    """The checks; codes are stable."""

    UNRATED = "unrated"
    UNKNOWN_RATING = "unknown_rating"
    NOTE_EMPTY = "note_empty"
    EXCLUDED_UNAPPROVED = "excluded_unapproved"
    RATING_CHANGED = "rating_changed"
    SEEN_EMPTY = "seen_empty"
    MISSING_EMPTY = "missing_empty"
    NEXT_STEP_EMPTY = "next_step_empty"
    PREFILLED = "prefilled"
    FEEDBACK_EMPTY = "feedback_empty"
    OVERALL_EMPTY = "overall_empty"
    FEEDBACK_THIN = "feedback_thin"
    MISSING_BUT_MET = "missing_but_met"
    CONTRADICTS_LEVEL = "contradicts_level"
    CONTRADICTS_OUTCOME = "contradicts_outcome"
    PLACEHOLDER = "placeholder"
    BLANK = "blank"
    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    TONE = "tone"
    OWN_NAME = "own_name"
    OWN_NAME_PART = "own_name_part"
    EVIDENCE_NAME = "evidence_name"
    ACCOMMODATION = "accommodation"
    NO_EVIDENCE_LINK = "no_evidence_link"
    NEVER_OPENED = "never_opened"
    DENIAL_UNEXPLAINED = "denial_unexplained"
    """Found by `rubric.decision_checks`."""
    RUBRIC_CHANGED = "rubric_changed"
    """Found by `rubric.outdated`."""


EXPLANATIONS: Mapping[CheckCode, str] = {
    CheckCode.UNRATED: "Every criterion gets a level, or a reason why it cannot be scored.",
    CheckCode.UNKNOWN_RATING: "A rating counts only with a level or a reason of this rubric version.",
    CheckCode.NOTE_EMPTY: "A criterion that cannot be scored needs a note that says why.",
    CheckCode.EXCLUDED_UNAPPROVED: "Only an approved accommodation takes a criterion out.",
    CheckCode.RATING_CHANGED: "Ratings may change after a return; the approver reads why in the note.",
    CheckCode.SEEN_EMPTY: "A denial says what was seen, for each criterion below passing.",
    CheckCode.MISSING_EMPTY: "A denial says what is missing, for each criterion below passing.",
    CheckCode.NEXT_STEP_EMPTY: "A denial says what to do next, for each criterion below passing.",
    CheckCode.PREFILLED: "Prepared words are a start; the learner needs what is true of this work.",
    CheckCode.FEEDBACK_EMPTY: "The learner reads feedback; the issuer asks for it here.",
    CheckCode.OVERALL_EMPTY: "The issuer asks for an overall comment, which the learner reads.",
    CheckCode.FEEDBACK_THIN: "Feedback helps when it names what in the evidence led to the rating.",
    CheckCode.MISSING_BUT_MET: "The learner reads it, and wonders why the criterion is met all the same.",
    CheckCode.CONTRADICTS_LEVEL: "A learner who reads one thing in the rating and another beside it is lost.",
    CheckCode.CONTRADICTS_OUTCOME: "The outcome follows from the ratings, and the approver decides it.",
    CheckCode.PLACEHOLDER: "The words of a prepared comment that stand for something were not filled in.",
    CheckCode.BLANK: "Drafts leave gaps to fill in; one that is quoted can stay.",
    CheckCode.EMAIL: "An e-mail address tells who somebody is; nobody learns that here.",
    CheckCode.PHONE: "A telephone number tells who somebody is; nobody learns that here.",
    CheckCode.LINK: "A link may tell who somebody is, and may lead elsewhere tomorrow.",
    CheckCode.TONE: "Feedback speaks of the work, says what is there, and leaves a way on.",
    CheckCode.OWN_NAME: "Nobody who reads this learns who you are.",
    CheckCode.OWN_NAME_PART: "It may be your name, and nobody learns who you are.",
    CheckCode.EVIDENCE_NAME: "The evidence holds it as a name or a school, and feedback goes on to others.",
    CheckCode.ACCOMMODATION: "Others may read feedback, and an accommodation is the learner's own matter.",
    CheckCode.NO_EVIDENCE_LINK: "An evidence link shows the approver where a rating comes from.",
    CheckCode.NEVER_OPENED: "It may hold what a criterion asks for; only you see this.",
    CheckCode.DENIAL_UNEXPLAINED: "The assessor wrote it for ratings of her own; this one came after her.",
    CheckCode.RUBRIC_CHANGED: "Each rating counts for the rubric as it is now; none is carried over unseen.",
}
"""Why each check exists, in a sentence for the person."""

_WITH_REASON = frozenset(
    {
        CheckCode.EXCLUDED_UNAPPROVED,
        CheckCode.RATING_CHANGED,
        CheckCode.CONTRADICTS_LEVEL,
        CheckCode.CONTRADICTS_OUTCOME,
        CheckCode.TONE,
        CheckCode.OWN_NAME_PART,
        CheckCode.EVIDENCE_NAME,
    }
)
"""Warnings that somebody else should be able to follow: a reason goes along when it is sent all the same."""


class Field(StrEnum):
    """The fields of the panel that a finding can point at."""

    RUBRIC = "rubric"
    """The difference between two versions of the rubric."""
    RATING = "rating"
    NOTE = "note"
    FEEDBACK = "feedback"
    SEEN = "seen"
    MISSING = "missing"
    NEXT_STEP = "next_step"
    OVERALL = "overall"
    NOTE_TO_APPROVER = "note_to_approver"
    EVIDENCE_LINKS = "evidence_links"
    ON_EVIDENCE = "on_evidence"
    """Feedback on the place's piece of evidence."""
    EVIDENCE = "evidence"
    """The place's piece of evidence itself."""
    MARK = "mark"
    """The comment of the place's annotation."""
    REASON = "reason"
    """A reason on the last page."""
    FINAL = "final"
    """The approver's final feedback."""
    RETURN_REASON = "return_reason"
    WHY = "why"
    """Why the approver changed a rating."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to jump to."""

    criterion_id: CriterionId | None
    """None for what belongs to no criterion."""
    field: Field
    source_id: str | None = None
    """An artifact, a response or a link."""
    annotation_id: AnnotationId | None = None
    span: tuple[int, int] | None = None
    """The words in the text, in code points, the end exclusive; None for all of it."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One finding."""

    code: CheckCode
    severity: Severity
    text: str
    """The finding in a sentence, naming the criterion."""
    place: Place
    about: str = ""
    """What exactly was found, such as the words: another one needs another reason."""
    reason: str = ""
    """Why the person sends it all the same; the approver reads it."""

    @property
    def criterion_id(self) -> CriterionId | None:
        """The criterion that the finding is about; None for anything else."""
        return self.place.criterion_id

    @property
    def explanation(self) -> str:
        """Why the check exists."""
        return EXPLANATIONS[self.code]

    @property
    def override(self) -> Override:
        """Who may send it all the same."""
        if self.severity is Severity.BLOCK:
            return Override.NOBODY
        is_asked = self.severity is Severity.WARN and self.code in _WITH_REASON
        return Override.WITH_REASON if is_asked else Override.FREELY

    @property
    def is_in_the_way(self) -> bool:
        """Whether nothing can be sent while this stands as it is."""
        return self.override is Override.NOBODY or (
            self.override is Override.WITH_REASON and not has_words(self.reason)
        )

    @property
    def key(self) -> str:
        """The same for the same finding in the same place, wherever in its text the words stand."""
        place = self.place
        parts = (
            self.code,
            place.criterion_id,
            place.field,
            place.source_id,
            place.annotation_id,
            self.about,
        )
        return "|".join(str(part or "") for part in parts)


def blocking(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The findings that keep an assessment from being sent, whoever asks."""
    return tuple(result for result in results if result.severity is Severity.BLOCK)


def in_the_way(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The findings that keep it from being sent as things stand: blocks, and what still needs a reason."""
    return tuple(result for result in results if result.is_in_the_way)


def reasons_list(results: Iterable[CheckResult]) -> str:
    """What the approver reads of the warnings that it is sent with: a line each; empty without any."""
    lines = [
        f"- {result.text} {result.reason.strip()}"
        for result in results
        if result.override is Override.WITH_REASON and result.reason.strip()
    ]
    return "\n".join(["Sent all the same, because:", *lines]) if lines else ""


def finding(
    code: CheckCode, severity: Severity, text: str, state: CriterionState, field: Field, about: str = ""
) -> CheckResult:
    """A finding about one criterion."""
    return CheckResult(code, severity, text, Place(state.criterion.id, field), about)
