"""A person's work on one submission as one readable file that names nobody: for work that cannot be sent.

A page of HTML for people, with the same as JSON inside it for programs. It loads nothing and runs nothing.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, pre_assessments, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import Assessment, CriterionFeedback, DecisionDraft, Rating
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.pre_assessments import PreAssessment
from assessor_app.domain.submissions import Submission
from assessor_app.errors import NotAllowed
from assessor_app.rubric.learner_reading import piece_names
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.context import Context
from assessor_app.services.exporting import write_whole
from assessor_app.services.on_device import present

SUFFIX = "html"
_READERS = {
    Audience.LEARNER: "the learner reads this",
    Audience.APPROVER: "the approver reads this",
    Audience.ONLY_ME: "only you read this",
}
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1b1b1b}"
    "h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #bbb}h3{font-size:1em}"
    "p{white-space:pre-wrap;overflow-wrap:anywhere}.reader{color:#555;font-size:.9em}"
)
Part = tuple[str, str, str]
"""Heading, words and who reads them."""


@dataclass(frozen=True, slots=True)
class DraftReport:
    """What was written."""

    target: Path
    ratings: int
    texts: int
    """Pieces of feedback and other words."""
    marks: int


def proposed_name(code: str) -> str:
    """A name that says nothing but which submission it is about.

    Args:
        code: the submission's code, such as "S-4F2K".
    """
    return f"{code} my work.{SUFFIX}"


def export(context: Context, submission_id: SubmissionId, target: Path) -> DraftReport:
    """Write everything that this person made of a submission, sent or not, whatever became of it.

    Args:
        context: the open profile.
        submission_id: what it was made of.
        target: the file; an older one of this name is replaced.

    Raises:
        NotAllowed: nothing was made of it here, or it is not on this computer.
        NotWritten: the disk refused.
    """
    with context.store.read() as txn:
        work = _Work.of(txn, submission_id)
    if work.is_empty:
        raise NotAllowed(
            "You have made nothing of this submission here", "There is nothing that a file could hold."
        )
    write_whole(target, [_page(work).encode()])
    texts = sum(len(parts) for _, parts in work.sections())
    ratings = sum(rating.is_set for assessment in work.rounds for rating in assessment.ratings)
    return DraftReport(target, ratings, texts, len(work.marks))


@dataclass(frozen=True, slots=True)
class _Work:
    """What was made of one submission."""

    submission: Submission
    rubric: RubricVersion | None
    """None where the version never arrived; codes then stand for words."""
    rounds: tuple[Assessment, ...]
    marks: tuple[Annotation, ...]
    pre_assessment: PreAssessment
    decision: DecisionDraft

    @classmethod
    def of(cls, txn: Transaction, submission_id: SubmissionId) -> _Work:
        submission = present(txn, submission_id)
        numbers = range(1, submission.round + 1)
        found = [assessments.load(txn, submission_id, number) for number in numbers]
        return cls(
            submission,
            submissions.get_rubric(txn, submission.rubric),
            tuple(assessment for assessment in found if assessment is not None),
            annotation_rows.of_submission(txn, submission_id),
            pre_assessments.load(txn, submission_id),
            assessments.decision_draft(txn, submission_id, submission.round),
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.marks and not any(parts for _, parts in self.sections())

    def sections(self) -> list[tuple[str, list[Part]]]:
        """Everything but the marks, by round and kind."""
        found = [
            (f"Assessment, round {assessment.round}", list(self._assessment(assessment)))
            for assessment in self.rounds
        ]
        found.append(("Pre-assessment", list(self._pre_assessment())))
        found.append((f"Decision, round {self.submission.round}", list(self._decision())))
        return [(heading, parts) for heading, parts in found if parts]

    def names(self) -> Mapping[str, str]:
        """What each piece of evidence is called."""
        return piece_names(self.rubric, self.submission) if self.rubric is not None else {}

    def _assessment(self, assessment: Assessment) -> Iterable[Part]:
        ids = [c.id for c in self.rubric.criteria] if self.rubric is not None else []
        rated = [rating.criterion_id for rating in assessment.ratings]
        for criterion_id in dict.fromkeys([*ids, *rated, *(f.criterion_id for f in assessment.feedback)]):
            heading = self._criterion(criterion_id)
            rating = assessment.rating(criterion_id)
            if rating.is_set:
                yield heading, f"Rating: {self._level(rating)}", ""
            yield from _feedback(heading, assessment.feedback_for(criterion_id), self.names())
        for piece in assessment.artifact_feedback:
            yield self.names().get(piece.source_id, "Evidence"), piece.text, _READERS[Audience.LEARNER]
        yield from _some("Overall", assessment.overall, Audience.LEARNER)
        yield from _some("Note to the approver", assessment.note_to_approver, Audience.APPROVER)

    def _pre_assessment(self) -> Iterable[Part]:
        for check in self.pre_assessment.checks:
            said = {True: "There", False: "Not there", None: "Not looked at"}[check.met]
            yield check.id, " ".join((f"{said}.", check.note)).strip(), _READERS[Audience.LEARNER]
        yield from _some("Feedback", self.pre_assessment.feedback, Audience.LEARNER)

    def _decision(self) -> Iterable[Part]:
        for mark in self.decision.marks:
            said = "passing" if mark.passing else "not passing"
            yield self._criterion(mark.criterion_id), f"Marked before reading the ratings: {said}", ""
        for change in self.decision.overrides:
            level = self._level(Rating(change.criterion_id, change.level))
            yield self._criterion(change.criterion_id), f"Changed to {level}: {change.why}", ""
        yield from _some("Reason", self.decision.reason, None)
        yield from _some("Final feedback", self.decision.final_feedback, Audience.LEARNER)

    def _criterion(self, criterion_id: str) -> str:
        criteria = self.rubric.criteria if self.rubric is not None else ()
        return next((c.text for c in criteria if c.id == criterion_id), criterion_id)

    def _level(self, rating: Rating) -> str:
        if rating.not_scorable is not None:
            codes = self.rubric.not_scorable if self.rubric is not None else ()
            label = next((c.label for c in codes if c.code == rating.not_scorable), rating.not_scorable)
            return f"not scorable, {label}. {rating.note}".strip()
        code = rating.level or ""
        level = None
        if self.rubric is not None and any(c.id == rating.criterion_id for c in self.rubric.criteria):
            level = self.rubric.level_of(rating.criterion_id, code)
        return level.label if level is not None else code


def _feedback(heading: str, feedback: CriterionFeedback, names: Mapping[str, str]) -> Iterable[Part]:
    parts = (
        ("", feedback.text),
        ("What was seen: ", feedback.seen),
        ("What is missing: ", feedback.missing),
        ("Next step: ", feedback.next_step),
        ("Looked in: ", ", ".join(names.get(name, "evidence") for name in feedback.looked_in)),
    )
    for label, text in parts:
        if text:
            yield heading, label + text, _READERS[Audience.LEARNER]


def _some(heading: str, text: str, reader: Audience | None) -> Iterable[Part]:
    if text:
        yield heading, text, _READERS[reader] if reader is not None else ""


def _marks(work: _Work) -> list[Part]:
    names, found = work.names(), []
    for mark in sorted(work.marks, key=lambda mark: (mark.anchor.source_id, mark.anchor.page)):
        name = names.get(mark.anchor.source_id, "Evidence")
        quoted = mark.anchor.text.exact if mark.anchor.text is not None else ""
        words = "\n".join(part for part in (f"“{quoted}”" if quoted else "", mark.comment) if part)
        heading = f"{name}, page {mark.anchor.page + 1}: {mark.kind.value.replace('_', ' ')}"
        found.append((heading, words, _READERS[mark.audience]))
    return found


def _page(work: _Work) -> str:
    submission = work.submission
    sections = [*work.sections()]
    if marks := _marks(work):
        sections.append(("Marks on the evidence", marks))
    title = f"{submission.code}, {submission.title}"
    intro = f"Your own work, round {submission.round}. Written from the workstation; it names nobody."
    body = [f"<h1>{_text(title)}</h1><p>{_text(intro)}</p>"]
    for heading, parts in sections:
        body.append(f"<h2>{_text(heading)}</h2>")
        body += _parts(parts)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>{''.join(body)}"
        f'<script type="application/json" id="work">{_data(work, sections)}</script></body></html>\n'
    )


def _parts(parts: Sequence[Part]) -> Iterable[str]:
    last = ""
    for heading, words, reader in parts:
        if heading != last:
            yield f"<h3>{_text(heading)}</h3>"
        last = heading
        if words:
            yield f"<p>{_text(words)}</p>"
        if reader:
            yield f'<p class="reader">({_text(reader)})</p>'


def _data(work: _Work, sections: Sequence[tuple[str, Sequence[Part]]]) -> str:
    """The same as JSON; no text in it can end the element that it stands in."""
    submission = work.submission
    data: dict[str, Any] = {
        "code": submission.code,
        "title": submission.title,
        "round": submission.round,
        "rubric": {"id": submission.rubric.id, "version": submission.rubric.version},
        "sections": [
            {
                "heading": heading,
                "parts": [
                    {"heading": name, "words": words, **({"reader": reader} if reader else {})}
                    for name, words, reader in parts
                ],
            }
            for heading, parts in sections
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _text(text: str) -> str:
    return html.escape(text)
