"""What a criterion's card shows for as long as a submission is open, drawn from what was opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.earlier import Pairing, Standing, last_attempt, pairings, placed_items
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.submissions import AccommodationEffect, Link, Submission
from assessor_app.rubric.schema import Criterion, RubricVersion
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.scoring.criterion import CriterionFrame

translate = QCoreApplication.translate


def frames_of(opened: OpenedSubmission) -> dict[CriterionId, CriterionFrame]:
    """The frames of all cards, by criterion."""
    paired = pairings(opened.submission)
    return {
        criterion.id: _frame(opened, criterion, number, paired)
        for number, criterion in enumerate(opened.rubric.criteria, 1)
    }


def _frame(
    opened: OpenedSubmission, criterion: Criterion, number: int, paired: Mapping[str, Pairing]
) -> CriterionFrame:
    submission, note = opened.submission, opened.submission.return_note
    before = last_attempt(submission)
    since, can_compare = _since(submission, opened.rubric.requirement_of(criterion.id).id, paired)
    return CriterionFrame(
        number=number,
        criterion=criterion,
        scale=opened.rubric.scale_of(criterion),
        codes=opened.rubric.not_scorable,
        accommodations=accommodations_of(opened.rubric, submission, criterion.id),
        asked_before=asked_before(submission, criterion.id),
        named_in_return=note is not None and criterion.id in note.criteria,
        earlier_level=dict(before.levels).get(criterion.id) if before is not None else None,
        since=since,
        can_compare=can_compare,
        examples=tuple(anchor for anchor in opened.anchors if anchor.criterion_id == criterion.id),
    )


def _since(
    submission: Submission, requirement_id: RequirementId, paired: Mapping[str, Pairing]
) -> tuple[str, bool]:
    """What changed in the evidence for a requirement, in words; and whether it can be laid side by side."""
    here = [placed.item for placed in placed_items(submission) if placed.requirement_id == requirement_id]
    known = [(item, paired[item.id].standing) for item in here if item.id in paired]
    if not known:
        return "", False
    counts = Counter(standing for _, standing in known)
    if counts[Standing.UNCHANGED] == len(known):
        return translate("Scoring", "The evidence for it has not changed since."), False
    told = [
        words.format(n=counts[standing])
        for standing, words in (
            (Standing.CHANGED, translate("Scoring", "{n} changed")),
            (Standing.NEW, translate("Scoring", "{n} new")),
            (Standing.UNCHANGED, translate("Scoring", "{n} unchanged")),
        )
        if counts[standing]
    ]
    text = translate("Scoring", "Evidence since then: {told}.").format(told=", ".join(told))
    can_compare = any(s is Standing.CHANGED and not isinstance(item, Link) for item, s in known)
    return text, can_compare


def accommodations_of(
    rubric: RubricVersion, submission: Submission, criterion_id: CriterionId
) -> tuple[tuple[AccommodationEffect, str], ...]:
    """The approved changes that concern a criterion, by itself or through its requirement."""
    requirement = rubric.requirement_of(criterion_id)
    return tuple(
        (a.effect, a.instruction)
        for a in submission.accommodations
        if a.criterion_id == criterion_id or (a.criterion_id is None and a.requirement_id == requirement.id)
    )


def asked_before(submission: Submission, criterion_id: CriterionId) -> str | None:
    """What the last attempt's feedback asked for on a criterion that was not met then; None otherwise."""
    last = last_attempt(submission)
    if last is None or criterion_id not in last.criteria_not_met:
        return None
    return "\n".join(text for told, text in last.feedback if told == criterion_id)
