"""Every text that leaves with an assessment: what it is, who reads it, where it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import Assessment
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.award_rule import quoted
from assessor_app.rubric.findings.finding import CheckResult, Field, Override, Place
from assessor_app.rubric.schema import RubricVersion


class Reader(StrEnum):
    """Who reads a text that leaves."""

    LEARNER = "learner"
    APPROVER = "approver"
    ASSESSOR = "assessor"


@dataclass(frozen=True, slots=True)
class Written:
    """One text."""

    text: str
    reader: Reader
    name: str
    """What it is, to be read in a sentence: "the feedback on ..."."""
    place: Place


def written_texts(
    version: RubricVersion,
    assessment: Assessment,
    marks: Sequence[Annotation] = (),
    pieces: Mapping[str, str] | None = None,
) -> tuple[Written, ...]:
    """The texts that hold anything, in the order of the rubric; then those of the whole, then marks.

    Args:
        version: the rubric version; what belongs to a criterion that it does not have is left out.
        assessment: the work.
        marks: annotations; those that only their author reads never leave and are left out.
        pieces: how each piece of evidence is called on screen, by its id.
    """
    told = [
        *_of_criteria(version, assessment),
        Written(assessment.overall, Reader.LEARNER, "the overall comment", Place(None, Field.OVERALL)),
        Written(
            assessment.note_to_approver,
            Reader.APPROVER,
            "the note to the approver",
            Place(None, Field.NOTE_TO_APPROVER),
        ),
        *_of_pieces(assessment, pieces or {}),
        *_of_marks(marks, pieces or {}),
    ]
    return tuple(one for one in told if one.text.strip())


def reason_texts(findings: Sequence[CheckResult]) -> tuple[Written, ...]:
    """The reasons that go along with warnings."""
    place = Place(None, Field.REASON)
    return tuple(
        Written(one.reason, Reader.APPROVER, "a reason for the approver", place)
        for one in findings
        if one.override is Override.WITH_REASON and one.reason.strip()
    )


def _of_criteria(version: RubricVersion, assessment: Assessment) -> Iterator[Written]:
    visible = {code.code for code in version.not_scorable if code.learner_visible}
    for criterion in version.criteria:
        name, of = quoted(criterion), assessment.feedback_for(criterion.id)
        rating = assessment.rating(criterion.id)
        if rating.not_scorable is not None:
            reader = Reader.LEARNER if rating.not_scorable in visible else Reader.APPROVER
            what = f"the reason why {name} cannot be scored"
            yield Written(rating.note, reader, what, _at(criterion.id, Field.NOTE))
        yield from (
            Written(of.text, Reader.LEARNER, f"the feedback on {name}", _at(criterion.id, Field.FEEDBACK)),
            Written(of.seen, Reader.LEARNER, f"what was seen for {name}", _at(criterion.id, Field.SEEN)),
            Written(
                of.missing, Reader.LEARNER, f"what is missing for {name}", _at(criterion.id, Field.MISSING)
            ),
            Written(
                of.next_step, Reader.LEARNER, f"the next step for {name}", _at(criterion.id, Field.NEXT_STEP)
            ),
        )


def _of_marks(marks: Sequence[Annotation], pieces: Mapping[str, str]) -> Iterator[Written]:
    for mark in marks:
        if mark.audience is Audience.ONLY_ME:
            continue
        reader = Reader.LEARNER if mark.audience is Audience.LEARNER else Reader.APPROVER
        name = f"a comment on {_called(mark.anchor.source_id, pieces)}"
        yield Written(mark.comment, reader, name, Place(None, Field.MARK, annotation_id=mark.id))


def _of_pieces(assessment: Assessment, pieces: Mapping[str, str]) -> Iterator[Written]:
    for one in assessment.artifact_feedback:
        name = f"the feedback on {_called(one.source_id, pieces)}"
        yield Written(one.text, Reader.LEARNER, name, Place(None, Field.ON_EVIDENCE, one.source_id))


def _called(source_id: str, pieces: Mapping[str, str]) -> str:
    return pieces.get(source_id, "a response")


def _at(criterion_id: CriterionId, field: Field) -> Place:
    return Place(criterion_id, field)
