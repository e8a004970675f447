"""The words of pages about a submission: statements, collaboration, earlier attempts, accommodations."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.earlier import Item, Standing, earlier_attempts, left_out, pairings
from assessor_app.domain.submissions import (
    AccommodationEffect,
    Artifact,
    AttestationKind,
    Link,
    PriorAttempt,
    Submission,
)
from assessor_app.rubric.schema import RubricVersion
from assessor_app.ui.inbox_words import day_words, time_words
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.reading_page import Block
from assessor_app.ui.workspaces.evidence_entries import EntryKind, EvidenceEntry

translate = QCoreApplication.translate


def moment_words(moment: datetime, now: datetime) -> str:
    """A day and a time as a person says them."""
    return translate("Evidence", "{day}, {time}").format(day=day_words(moment, now), time=time_words(moment))


def blocks_of(
    entry: EvidenceEntry, submission: Submission, rubric: RubricVersion, now: datetime
) -> tuple[Block, ...]:
    """The page of an entry that is no piece of evidence.

    Args:
        entry: the line of the evidence list.
        submission: what was handed in.
        rubric: what was asked.
        now: the present, for "yesterday".
    """
    if entry.kind is EntryKind.ATTESTATIONS:
        return _attestations(submission, now)
    if entry.kind is EntryKind.COLLABORATION:
        return _collaboration(submission)
    if entry.kind is EntryKind.RELATED:
        return _related(submission, rubric, now)
    return _accommodations(submission, rubric)


def _attestations(submission: Submission, now: datetime) -> tuple[Block, ...]:
    words = {
        AttestationKind.READY_FOR_REVIEW: translate("Evidence", "Ready for review"),
        AttestationKind.CONFIRM_RELEASE: translate(
            "Evidence", "No personal data of students is shown, and releases are signed"
        ),
        AttestationKind.CONFIRM_WORK: translate(
            "Evidence", "The work is the learner's own, or collaboration is stated"
        ),
    }
    made = {attestation.kind: attestation.at for attestation in submission.attestations}
    blocks = [Block(translate("Evidence", "Statements of the learner"), "title")]
    for kind, text in words.items():
        blocks.append(Block(text, "strong", gap=4))
        said = (
            translate("Evidence", "Stated {when}.").format(when=moment_words(made[kind], now))
            if (kind in made)
            else translate("Evidence", "Not stated.")
        )
        blocks.append(Block(said, "quiet" if kind in made else "warning", gap=0.5))
    return tuple(blocks)


def _collaboration(submission: Submission) -> tuple[Block, ...]:
    """The learner's own statement and what is approved as shared: all that an assessor sees of rule 21."""
    stated = submission.collaboration
    blocks = [Block(translate("Evidence", "Collaboration"), "title")]
    said = (
        translate("Evidence", "The learner declared collaboration.")
        if stated.declared
        else translate("Evidence", "The learner declared no collaboration.")
    )
    blocks.append(Block(said, gap=3))
    if stated.note.strip():
        blocks.append(Block(translate("Evidence", "In the learner's words:"), "caption-strong", gap=3))
        blocks.append(Block(stated.note.strip(), gap=0.5))
    blocks.append(Block(translate("Evidence", "Approved as shared team artifacts:"), "caption-strong", gap=4))
    names = _approved_names(submission)
    blocks += [Block(name, gap=0.5) for name in names or (translate("Evidence", "None"),)]
    blocks.append(
        Block(
            translate(
                "Evidence",
                "A file that is declared or approved as shared may stand in several submissions: judge it as "
                "you would judge any other. Every reflection is individual. Whether passages stand elsewhere "
                "is compared on the platform and looked at by others.",
            ),
            "quiet",
            gap=4,
        )
    )
    return tuple(blocks)


def _approved_names(submission: Submission) -> tuple[str, ...]:
    """What is approved as shared, by its neutral name; the learner's links and answers can be among it."""
    approved = set(submission.collaboration.shared_artifacts)
    items: list[Item] = []
    for part in submission.parts:
        items += [*part.artifacts, *part.links, *part.responses]
    return tuple(
        _name_of(item)
        for item in items
        if item.id in approved
        or (isinstance(item, Link) and item.snapshot is not None and item.snapshot.id in approved)
    )


def _related(submission: Submission, rubric: RubricVersion, now: datetime) -> tuple[Block, ...]:
    outcomes = {
        "denied": translate("Evidence", "not earned"),
        "incomplete": translate("Evidence", "incomplete"),
        "awarded": translate("Evidence", "earned"),
    }
    texts = {criterion.id: criterion.text for criterion in rubric.criteria}
    blocks = [
        Block(translate("Evidence", "Related submissions"), "title"),
        Block(
            translate(
                "Evidence",
                "What was asked for before. Earlier ratings are not shown: this attempt is judged by itself.",
            ),
            "quiet",
        ),
    ]
    for attempt in sorted(submission.prior, key=lambda a: a.decided_at, reverse=True):
        head = translate("Evidence", "Attempt {number}, {code}: {outcome}, {when}").format(
            number=attempt.attempt,
            code=attempt.code,
            outcome=outcomes.get(attempt.outcome, attempt.outcome),
            when=day_words(attempt.decided_at, now),
        )
        blocks.append(Block(head, "heading", gap=6))
        if attempt.overall:
            blocks.append(Block(attempt.overall))
        blocks += _what_changed(submission, attempt)
        told = dict(attempt.feedback)
        named = [*attempt.criteria_not_met, *(c for c in told if c not in attempt.criteria_not_met)]
        for criterion_id in named:
            blocks.append(Block(texts.get(criterion_id, str(criterion_id)), "caption-strong", gap=3))
            blocks.append(
                Block(
                    told.get(criterion_id) or translate("Evidence", "Not met; no words were left."), gap=0.5
                )
            )
    return tuple(blocks)


def _what_changed(submission: Submission, attempt: PriorAttempt) -> list[Block]:
    """How the present evidence stands to that of an earlier attempt, as far as that is known here."""
    if attempt not in earlier_attempts(submission):
        return []
    counts = Counter(pairing.standing for pairing in pairings(submission, attempt).values())
    told = [
        translate("Evidence", "{n} unchanged").format(n=counts[Standing.UNCHANGED]),
        translate("Evidence", "{n} changed").format(n=counts[Standing.CHANGED]),
        translate("Evidence", "{n} new").format(n=counts[Standing.NEW]),
    ]
    blocks = [
        Block(translate("Evidence", "Evidence since then"), "caption-strong", gap=3),
        Block(", ".join(told), gap=0.5),
    ]
    gone = [_name_of(placed.item) for placed in left_out(submission, attempt)]
    if gone:
        blocks.append(Block(translate("Evidence", "Handed in then, not this time"), "caption-strong", gap=3))
        blocks.append(Block(", ".join(gone), gap=0.5))
    return blocks


def _name_of(item: Item) -> str:
    if isinstance(item, Artifact):
        return one_line(item.filename) or translate("Evidence", "File without a name")
    if isinstance(item, Link):
        return one_line(item.title or item.url)
    return translate("Evidence", "Written response")


def _accommodations(submission: Submission, rubric: RubricVersion) -> tuple[Block, ...]:
    titles = {
        AccommodationEffect.EXCLUDE: translate("Evidence", "Taken out"),
        AccommodationEffect.SUBSTITUTE: translate("Evidence", "Something else counts instead"),
        AccommodationEffect.EXTEND: translate("Evidence", "More time or room"),
    }
    blocks = [
        Block(translate("Evidence", "Approved accommodations"), "title"),
        Block(translate("Evidence", "Read these before rating. The reason is not known here."), "quiet"),
    ]
    for accommodation in submission.accommodations:
        where = ""
        if accommodation.criterion_id is not None:
            where = rubric.criterion(accommodation.criterion_id).text
        elif accommodation.requirement_id is not None:
            where = next((r.title for r in rubric.requirements if r.id == accommodation.requirement_id), "")
        blocks.append(Block(titles[accommodation.effect], "heading", gap=5))
        if where:
            blocks.append(Block(where, "quiet", gap=0.5))
        blocks.append(Block(accommodation.instruction))
    return tuple(blocks)
