"""The fingerprints of all submissions, and which other learners' submissions share some with one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Select, distinct, func, insert, select
from sqlalchemy.orm import Session, aliased

from assessor_app.domain.matches import ComparedPart
from assessor_app.domain.states import SubmissionStatus
from reference_platform.models import ComparedText, Fingerprint, Setting, Submission
from reference_platform.similarity.fingerprints import MOST_SUBMISSIONS, fingerprints
from reference_platform.similarity.sources import Source

V = TypeVar("V")
KEY = "fingerprint_key"
"""Setting: the tenant's key, so that fingerprints tell nothing outside of this platform."""


def key_of(session: Session) -> bytes:
    """The tenant's key.

    Raises:
        LookupError: the platform was never prepared.
    """
    setting = session.get(Setting, KEY)
    if setting is None:
        raise LookupError("the platform was never prepared")
    return setting.value.encode()


def put(
    session: Session,
    submission_id: str,
    sources: Iterable[Source],
    file_texts: Mapping[str, str],
    issuers: frozenset[int],
) -> None:
    """Keep the texts of a submission and their fingerprints.

    Args:
        session: of one transaction.
        submission_id: whose they are.
        sources: what is compared.
        file_texts: words of the files by source id.
        issuers: numbers of the issuer's words.
    """
    key = key_of(session)
    rows: list[dict[str, int]] = []
    for source in sources:
        text = file_texts.get(source.id, "") if source.file is not None else source.text
        kept = ComparedText(
            submission_id=submission_id,
            part=source.part,
            source_id=source.id,
            source_name=source.name,
            file_sha256=source.file.sha256 if source.file is not None and source.file.size_bytes else None,
            text=text.replace("\0", " "),
        )
        session.add(kept)
        session.flush()
        values = sorted(fingerprints(kept.text, key, issuers))
        rows += [{"value": value, "text_id": kept.id} for value in values]
    if rows:
        session.execute(insert(Fingerprint), rows)


@dataclass(slots=True)
class Candidate:
    """What one part of another submission shares with the same part of this one."""

    submission_id: str
    part: ComparedPart
    values: set[int] = field(default_factory=set)
    """Shared fingerprints that count."""
    copies: set[str] = field(default_factory=set)
    """SHA-256 of files that are the same."""


def candidates(session: Session, submission: Submission) -> list[Candidate]:
    """The parts of other learners' submissions that share anything that counts.

    Left out: the learner's own attempts, what a learner took back, and what stands in more than
    `MOST_SUBMISSIONS` submissions. References have no texts here.
    """
    found: dict[tuple[str, ComparedPart], Candidate] = {}

    def candidate(other_id: str, part: ComparedPart) -> Candidate:
        return found.setdefault((other_id, part), Candidate(other_id, part))

    for value, other_id, part in session.execute(_sharing(submission)):
        candidate(other_id, part).values.add(value)
    for sha256, other_id, part in session.execute(_copies(submission)):
        if sha256 is not None:
            candidate(other_id, part).copies.add(sha256)
    return list(found.values())


def size_of(session: Session, submission_id: str, part: ComparedPart) -> int:
    """How many fingerprints a part of a submission has."""
    count = (
        select(func.count(distinct(Fingerprint.value)))
        .join(ComparedText, ComparedText.id == Fingerprint.text_id)
        .where(ComparedText.submission_id == submission_id, ComparedText.part == part)
    )
    return session.scalar(count) or 0


def texts_of(session: Session, submission_id: str, part: ComparedPart) -> list[ComparedText]:
    """The texts of a part, in the order in which they were handed in."""
    query = select(ComparedText).where(ComparedText.submission_id == submission_id, ComparedText.part == part)
    return list(session.scalars(query.order_by(ComparedText.id)))


def values_by_text(
    session: Session, texts: Iterable[ComparedText], counted: Iterable[int]
) -> dict[int, frozenset[int]]:
    """Which of the fingerprints that count stand in which text."""
    wanted = set(counted)
    by_text: dict[int, set[int]] = defaultdict(set)
    query = select(Fingerprint.text_id, Fingerprint.value).where(
        Fingerprint.text_id.in_([text.id for text in texts])
    )
    for text_id, value in session.execute(query):
        if value in wanted:
            by_text[text_id].add(value)
    return {text_id: frozenset(values) for text_id, values in by_text.items()}


def _sharing(submission: Submission) -> Select[int, str, ComparedPart]:
    mine, mine_text = aliased(Fingerprint), aliased(ComparedText)
    every, every_text = aliased(Fingerprint), aliased(ComparedText)
    rare = (
        select(mine.value, mine_text.part)
        .join(mine_text, mine_text.id == mine.text_id)
        .join(every, every.value == mine.value)
        .join(every_text, every_text.id == every.text_id)
        .where(mine_text.submission_id == submission.id)
        .group_by(mine.value, mine_text.part)
        .having(func.count(distinct(every_text.submission_id)).between(2, MOST_SUBMISSIONS))
        .subquery()
    )
    query = (
        select(Fingerprint.value, ComparedText.submission_id, ComparedText.part)
        .join(rare, rare.c.value == Fingerprint.value)
        .join(ComparedText, ComparedText.id == Fingerprint.text_id)
        .where(ComparedText.part == rare.c.part)
    )
    return _of_others(query, submission)


def _copies(submission: Submission) -> Select[str | None, str, ComparedPart]:
    mine, every = aliased(ComparedText), aliased(ComparedText)
    rare = (
        select(mine.file_sha256, mine.part)
        .join(every, every.file_sha256 == mine.file_sha256)
        .where(mine.submission_id == submission.id)
        .group_by(mine.file_sha256, mine.part)
        .having(func.count(distinct(every.submission_id)).between(2, MOST_SUBMISSIONS))
        .subquery()
    )
    query = (
        select(ComparedText.file_sha256, ComparedText.submission_id, ComparedText.part)
        .join(rare, rare.c.file_sha256 == ComparedText.file_sha256)
        .where(ComparedText.part == rare.c.part)
    )
    return _of_others(query, submission)


def _of_others(query: Select[V, str, ComparedPart], submission: Submission) -> Select[V, str, ComparedPart]:
    return query.join(Submission, Submission.id == ComparedText.submission_id).where(
        Submission.learner_id != submission.learner_id, Submission.status != SubmissionStatus.WITHDRAWN
    )


def become_common(session: Session, submission_id: str, newest: int) -> set[str]:
    """The submissions that share with this one what has just come to stand in more than `MOST_SUBMISSIONS`.

    Args:
        session: where the fingerprints are.
        submission_id: one of the newest.
        newest: how many submissions have come since the last comparison.
    """
    mine, every, text = aliased(Fingerprint), aliased(Fingerprint), aliased(ComparedText)
    common = (
        select(mine.value)
        .join(ComparedText, ComparedText.id == mine.text_id)
        .join(every, every.value == mine.value)
        .join(text, text.id == every.text_id)
        .where(ComparedText.submission_id == submission_id)
        .group_by(mine.value)
        .having(
            func.count(distinct(text.submission_id)).between(MOST_SUBMISSIONS + 1, MOST_SUBMISSIONS + newest)
        )
    )
    query = (
        select(ComparedText.submission_id)
        .join(Fingerprint, Fingerprint.text_id == ComparedText.id)
        .where(Fingerprint.value.in_(common), ComparedText.submission_id != submission_id)
    )
    return set(session.scalars(query.distinct()))
