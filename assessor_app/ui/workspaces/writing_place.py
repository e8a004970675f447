"""Where a text of a workspace is written: which criterion and level, and which evidence is surely meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from assessor_app.domain.annotations import Annotation, SourceKind
from assessor_app.domain.comment_bank import Known, WritingPlace
from assessor_app.domain.submissions import Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.ui.place_names import is_picture
from assessor_app.ui.scoring.bank.writing import Writing
from assessor_app.ui.scoring.criterion import CriterionCard
from assessor_app.ui.scoring.decision_card import DecisionCard
from assessor_app.ui.scoring.evidence_links import source_name


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """What is open beside the rubric."""

    source_id: str = ""
    """Id of the file; empty where no file is open."""
    page: int | None = None
    """From 0; None where what is open has no pages."""


def writing_of(
    edit: QWidget,
    submission: Submission,
    rubric: RubricVersion,
    marks: Sequence[Annotation],
    opened: OpenPlace,
) -> Writing:
    """The place of a text, with the answers to placeholders that can be given there.

    Args:
        edit: the text, or anything within a criterion's card.
        submission: what is judged.
        rubric: its version.
        marks: all that may be seen now.
        opened: what is open beside the rubric.
    """
    answers: dict[str, str] = {Known.SKILL: submission.title}
    card = _card_around(edit)
    if card is None:
        return Writing(WritingPlace(submission.microcredential_id), answers, submission.id)
    criterion, code = (
        (card.frame.criterion if isinstance(card, CriterionCard) else card.criterion),
        card.level,
    )
    level = rubric.level_of(criterion.id, code) if code else None
    answers[Known.CRITERION] = criterion.text
    answers[Known.LEVEL] = level.label if level is not None else ""
    tied = [mark for mark in marks if criterion.id in mark.criteria]
    answers |= _evidence_meant(submission, tied, opened)
    place = WritingPlace(submission.microcredential_id, criterion.id, code)
    return Writing(place, answers, submission.id)


def _card_around(widget: QWidget) -> CriterionCard | DecisionCard | None:
    above: QWidget | None = widget
    while above is not None and not isinstance(above, CriterionCard | DecisionCard):
        above = above.parentWidget()
    return above


def _evidence_meant(submission: Submission, tied: Sequence[Annotation], opened: OpenPlace) -> dict[str, str]:
    """The file that is meant and its page, or nothing: a wrong name is worse than a gap.

    The one file that is tied to the criterion; of several the one that is open; with none tied the open one.
    """
    sources = {mark.anchor.source_id for mark in tied}
    if len(sources) == 1:
        (source_id,) = sources
    elif not sources or opened.source_id in sources:
        source_id = opened.source_id
    else:
        return {}
    name = source_name(source_id, submission)
    if not name or any(mark.anchor.source_kind is SourceKind.RESPONSE for mark in tied):
        return {}
    answers = {str(Known.ARTIFACT): name}
    pages = {
        mark.anchor.page for mark in tied if mark.anchor.source_id == source_id and mark.anchor.page_width_pt
    }
    if len(pages) > 1 or (not pages and source_id != opened.source_id) or is_picture(name):
        return answers
    page = next(iter(pages)) if pages else opened.page
    return answers if page is None else answers | {str(Known.PAGE): str(page + 1)}
