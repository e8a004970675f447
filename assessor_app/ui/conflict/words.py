"""The words of the compare view: what parts are called, what sides say, what can be done. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import IndependentMark, Override, Rating
from assessor_app.domain.conflicts import ConflictKind
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.merging import Keep, Part, PartKind, Value
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.schema import Criterion, RubricVersion
from assessor_app.services.comparison import ComparedPart, Comparison, Fate
from assessor_app.ui.annotate import words as mark_words
from assessor_app.ui.moment_words import when_words
from assessor_app.ui.plain_text import one_line

translate = QCoreApplication.translate


def part_title(one: ComparedPart, comparison: Comparison) -> str:
    """What a part is called: "Criterion 2, rating", "Mark on page 2 of Artifact 1.pdf"."""
    part = one.part
    value = one.mine or one.theirs or one.base
    if isinstance(value, Annotation):
        name = one_line(comparison.names.get(value.anchor.source_id, ""))
        name = name or translate("Conflict", "the evidence")
        place = mark_words.place_words(value, name)
        return translate("Conflict", "Mark on {place}").format(place=place)
    if part.kind is PartKind.ARTIFACT_FEEDBACK:
        name = one_line(comparison.names.get(part.of, "")) or translate("Conflict", "a piece of evidence")
        return translate("Conflict", "Feedback on {name}").format(name=name)
    words = _kind_words(part.kind)
    if not part.of:
        return words
    number = _number(comparison.rubric, part.of)
    if not number:
        return words
    return translate("Conflict", "Criterion {n}, {what}").format(n=number, what=words)


def criterion_text(part: Part, rubric: RubricVersion | None) -> str:
    """The text of the criterion that a part is about; empty where it is about none."""
    found = next((c for c in rubric.criteria if str(c.id) == part.of), None) if rubric is not None else None
    return one_line(found.text) if found is not None else ""


def _number(rubric: RubricVersion | None, criterion_id: str) -> int:
    ids = [str(c.id) for c in rubric.criteria] if rubric is not None else []
    return ids.index(criterion_id) + 1 if criterion_id in ids else 0


def _kind_words(kind: PartKind) -> str:
    return {
        PartKind.RATING: translate("Conflict", "rating"),
        PartKind.TEXT: translate("Conflict", "feedback"),
        PartKind.SEEN: translate("Conflict", "what you saw"),
        PartKind.MISSING: translate("Conflict", "what is missing"),
        PartKind.NEXT_STEP: translate("Conflict", "next step"),
        PartKind.LOOKED_IN: translate("Conflict", "where you looked"),
        PartKind.OVERALL: translate("Conflict", "Overall comment"),
        PartKind.NOTE_TO_APPROVER: translate("Conflict", "Note to the approver"),
        PartKind.INDEPENDENT_MARK: translate("Conflict", "your own mark"),
        PartKind.OVERRIDE: translate("Conflict", "your rating"),
        PartKind.REASON: translate("Conflict", "Reason of the return"),
        PartKind.RETURNED_CRITERIA: translate("Conflict", "Criteria that the return names"),
        PartKind.FINAL_FEEDBACK: translate("Conflict", "Final feedback"),
        PartKind.ARTIFACT_FEEDBACK: translate("Conflict", "Feedback on a piece"),
        PartKind.ANNOTATION: translate("Conflict", "Mark"),
    }[kind]


def reader_words(one: ComparedPart) -> str:
    """Who reads it."""
    value = one.mine or one.theirs or one.base
    if isinstance(value, Annotation):
        return mark_words.audience_words(value.audience)
    if one.part.kind in (PartKind.RATING, PartKind.NOTE_TO_APPROVER):
        return translate("Conflict", "The approver reads this")
    if one.part.kind in (PartKind.OVERRIDE, PartKind.REASON, PartKind.RETURNED_CRITERIA):
        return translate("Conflict", "The assessor reads this")
    if one.part.kind is PartKind.INDEPENDENT_MARK:
        return translate("Conflict", "Kept with your decision")
    return translate("Conflict", "The learner reads this")


def value_words(value: Value | None, comparison: Comparison) -> str:
    """What a side says at a place, in words: levels by their label, marks with words and comment."""
    rubric = comparison.rubric
    if isinstance(value, Rating):
        label = _level(rubric, value.criterion_id, value.level) or _code(rubric, value.not_scorable)
        return "\n".join(part for part in (label, value.note) if part)
    if isinstance(value, Override):
        label = _level(rubric, value.criterion_id, value.level)
        return "\n".join(part for part in (label, value.why) if part)
    if isinstance(value, IndependentMark):
        return translate("Conflict", "Passing") if value.passing else translate("Conflict", "Not passing")
    if isinstance(value, Annotation):
        return _mark(value, comparison)
    if isinstance(value, tuple):
        names = {str(c.id): translate("Conflict", "Criterion {n}").format(n=n) for n, c in _numbered(rubric)}
        return ", ".join(one_line(comparison.names.get(one) or names.get(one) or "") for one in value)
    return value or ""


def _numbered(rubric: RubricVersion | None) -> list[tuple[int, Criterion]]:
    return list(enumerate(rubric.criteria, 1)) if rubric is not None else []


def _level(rubric: RubricVersion | None, criterion_id: CriterionId, code: str | None) -> str:
    if code is None:
        return ""
    try:
        level = rubric.level_of(criterion_id, code) if rubric is not None else None
    except KeyError:
        level = None
    return level.label if level is not None else code


def _code(rubric: RubricVersion | None, code: str | None) -> str:
    if code is None:
        return ""
    labels = {one.code: one.label for one in rubric.not_scorable} if rubric is not None else {}
    return labels.get(code, code)


def _mark(mark: Annotation, comparison: Comparison) -> str:
    head = mark_words.kind_word(mark.kind)
    if quoted := mark_words.quote(mark):
        head = translate("Conflict", "{kind}: “{words}”").format(kind=head, words=quoted)
    lines = [head]
    if mark.comment:
        lines.append(mark.comment)
    tied = [n for n, c in _numbered(comparison.rubric) if c.id in mark.criteria]
    if tied:
        text = translate("Conflict", "Evidence for criterion {numbers}")
        lines.append(text.format(numbers=", ".join(str(n) for n in tied)))
    lines.append(f"{mark_words.audience_words(mark.audience)} · {mark_words.colour_word(mark.colour)}")
    return "\n".join(lines)


# ---- whose sides they are ----


def column_words(comparison: Comparison) -> tuple[str, str, str]:
    """Mine, theirs and base."""
    if comparison.kind is ConflictKind.DECISION:
        if comparison.is_decision:
            return (
                translate("Conflict", "Your decision, on this computer"),
                translate("Conflict", "The decision that the platform has"),
                "",
            )
        return (
            translate("Conflict", "Your decision"),
            translate("Conflict", "The recommendation now"),
            translate("Conflict", "What you had decided on"),
        )
    if comparison.kind is ConflictKind.DRAFT:
        return (
            translate("Conflict", "Yours, on this computer"),
            translate("Conflict", "Yours, from another computer"),
            translate("Conflict", "What both began from"),
        )
    return (
        translate("Conflict", "Yours, on this computer"),
        translate("Conflict", "On the platform"),
        translate("Conflict", "What both began from"),
    )


def choice_words(one: ComparedPart, comparison: Comparison) -> dict[Keep, str]:
    """What the choices at a place are called."""
    if comparison.kind is ConflictKind.DRAFT:
        mine = translate("Conflict", "Keep this computer's")
        theirs = translate("Conflict", "Take the other computer's")
    else:
        mine, theirs = translate("Conflict", "Keep yours"), translate("Conflict", "Take the platform's")
    left_out = translate("Conflict", "Leave it out")
    return {
        Keep.MINE: mine if one.mine is not None else left_out,
        Keep.THEIRS: theirs if one.theirs is not None else left_out,
        Keep.BOTH: translate("Conflict", "Keep both, one below the other"),
    }


def state_words(one: ComparedPart) -> str:
    """Who changed it."""
    if one.is_open:
        return translate("Conflict", "Changed on both sides")
    if one.is_judged:
        return translate("Conflict", "Changed after you judged it")
    if not one.differs:
        return translate("Conflict", "The same on both sides")
    if one.stands is None:
        return ""
    if one.mine == one.base:
        return translate("Conflict", "Changed only there")
    if one.theirs == one.base:
        return translate("Conflict", "Changed only here")
    return translate("Conflict", "Other words for the same")


def head_words(comparison: Comparison) -> str:
    """The title of the view."""
    if comparison.fate is Fate.SETTLED:
        return translate("Conflict", "Earlier versions")
    if comparison.kind is ConflictKind.DRAFT:
        return translate("Conflict", "Changed on two computers of yours")
    return translate("Conflict", "Changed here and on the platform")


def fate_words(comparison: Comparison) -> str:
    """What happened, and what can be done: a sentence or three."""
    is_approver = comparison.kind is ConflictKind.DECISION
    if comparison.fate is Fate.SETTLED:
        text = translate("Conflict", "Found {when}. Both sides are kept as they were before you chose.")
        return text.format(when=when_words(comparison.found_at))
    if comparison.fate is Fate.UNKNOWN:
        return translate(
            "Conflict",
            "What the platform has comes with the next sync. Yours is kept, and nothing has to be done "
            "before that.",
        )
    if comparison.fate is Fate.OVER:
        return _over_words(comparison)
    if is_approver:
        return _approver_words(comparison)
    if comparison.fate is Fate.SENT:
        text = translate(
            "Conflict",
            "The platform already has a recommendation that you sent from another computer, and the approver "
            "has not decided. What you put together here stays a draft on this computer.",
        )
        more = translate("Conflict", "If the approver returns it, you go on from here.")
        if comparison.can_take_back:
            more = translate("Conflict", "You can still take the other one back, and then send this one.")
        return f"{text} {more}"
    text = translate(
        "Conflict", "Both sides are kept. Choose where they differ; nothing is sent from here by itself."
    )
    if comparison.round_now > comparison.round:
        more = translate(
            "Conflict", "The approver has returned it meanwhile: what you choose goes into your new draft."
        )
        text = f"{more} {text}"
    return text


def _over_words(comparison: Comparison) -> str:
    status = comparison.status
    words = comparison.labels.get(status, "") if status is not None else ""
    fallback = {
        SubmissionStatus.AWARDED: translate("Conflict", "Awarded"),
        SubmissionStatus.DENIED: translate("Conflict", "Denied"),
        SubmissionStatus.WITHDRAWN: translate("Conflict", "Withdrawn by the learner"),
        SubmissionStatus.RETURNED: translate("Conflict", "Returned to the assessor"),
    }
    words = words or (fallback.get(status, "") if status is not None else "")
    words = words or translate("Conflict", "Not with you any more")
    text = translate(
        "Conflict",
        "{state}: this was settled while you were offline, so yours cannot be sent any more. It is kept on "
        "this computer, and you can save it as a file.",
    )
    return text.format(state=words)


def _approver_words(comparison: Comparison) -> str:
    kept = translate("Conflict", "Your decision was not taken, and everything you wrote is kept.")
    if comparison.is_covered:
        covered = translate(
            "Conflict",
            "A new recommendation has come. It stays covered until you have looked at the evidence, so only "
            "your own words stand here.",
        )
        return f"{kept} {covered}"
    return (
        kept
        + " "
        + translate(
            "Conflict",
            "The recommendation has changed since. What you had judged before it changed comes first; decide "
            "anew when you have seen it.",
        )
    )


def count_words(to_choose: int, differing: int) -> str:
    """How much differs, and how much of it waits for a choice."""
    if not differing:
        return translate("Conflict", "Nothing differs.")
    text = translate("Conflict", "{n} parts differ.").format(n=differing)
    if differing == 1:
        text = translate("Conflict", "1 part differs.")
    if to_choose == 1:
        return text + " " + translate("Conflict", "1 waits for your choice; yours stays until then.")
    if to_choose:
        more = translate("Conflict", "{n} wait for your choice; yours stays until then.")
        return f"{text} {more.format(n=to_choose)}"
    return text + " " + translate("Conflict", "Nothing waits for your choice.")


def as_text(comparison: Comparison) -> str:
    """Her side as plain text, to be kept elsewhere: names nobody."""
    lines = [f"{comparison.code}  {one_line(comparison.title)}", ""]
    for one in comparison.parts:
        said = value_words(one.mine, comparison)
        if said:
            title = part_title(one, comparison)
            about = criterion_text(one.part, comparison.rubric)
            lines += [f"{title}: {about}" if about else title, said, ""]
    return "\n".join(lines)
