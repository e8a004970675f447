"""Comparing what came in with everything that other learners handed in, part by part."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessor_app.domain.cases import CaseKind, CaseState
from assessor_app.domain.matches import MatchWeight
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.native import rubric_from_json
from assessor_app.sync.protocol import CaseEntryWire, CaseWire, SubmissionWire, as_json
from reference_platform.feed import Feed, matches_of
from reference_platform.models import (
    ComparedText,
    Comparison,
    Fingerprint,
    Rubric,
    Setting,
    SharedPart,
    Submission,
    TeamCase,
)
from reference_platform.platform import Platform
from reference_platform.similarity import index
from reference_platform.similarity.file_texts import FileBytes, read_texts
from reference_platform.similarity.findings import finding
from reference_platform.similarity.fingerprints import containment, is_reported, issuers_shingles
from reference_platform.similarity.sources import Source, issuers_texts, sources_of
from reference_platform.store.blobs import BlobStore

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Submissions whose files are on disk at the same time while their words are read."""

ReadTexts = Callable[[Mapping[str, FileBytes]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Read:
    """One submission with everything that is compared of it."""

    submission_id: str
    sources: tuple[Source, ...]
    texts: Mapping[str, str]
    issuers: frozenset[int]


def prepare(session: Session, secret: str) -> None:
    """Keep the tenant's key, unless there is one.

    Args:
        session: of one transaction.
        secret: a new secret, up to 64 characters.
    """
    if session.get(Setting, index.KEY) is None:
        session.add(Setting(name=index.KEY, value=secret[:64]))


def catch_up(platform: Platform, *, read: ReadTexts = read_texts) -> int:
    """Compare every submission that was not compared yet; gives how many.

    Words are read outside of transactions. All that is new is laid down before the first is compared: what
    stands in many of them is a template's, whichever comes first.

    Args:
        platform: where they are.
        read: gives the words of files.
    """
    with platform.database.write() as session:
        prepare(session, platform.clock.token())
    with platform.database.read() as session:
        pending = list(session.scalars(_pending()))
        laid_down = set(session.scalars(select(Comparison.submission_id)))
    new = [submission_id for submission_id in pending if submission_id not in laid_down]
    for start in range(0, len(new), AT_ONCE):
        for read_one in _read(platform, new[start : start + AT_ONCE], read):
            _lay_down(platform, read_one)
    done = sum(_compare(platform, submission_id) for submission_id in pending)
    if done:
        with platform.database.write() as session:
            _let_go_of_templates(session, pending, platform.clock.now())
    return done


def _lay_down(platform: Platform, read: _Read) -> None:
    """Keep the texts and fingerprints of one submission, unless somebody else just did."""
    try:
        with platform.database.write() as session:
            session.add(Comparison(submission_id=read.submission_id, is_reference=False, compared_at=None))
            session.flush()
            index.put(session, read.submission_id, read.sources, read.texts, read.issuers)
    except IntegrityError:
        log.debug("another process laid a submission down at the same time")


def _compare(platform: Platform, submission_id: str) -> bool:
    """Note what one submission shares; False if somebody else just did."""
    now = platform.clock.now()
    with platform.database.write() as session:
        comparison = session.get_one(Comparison, submission_id)
        if comparison.is_reference or comparison.compared_at is not None:
            return False
        comparison.compared_at = now
        find(session, session.get_one(Submission, submission_id), now, platform.clock.new_id)
    return True


def find(session: Session, submission: Submission, now: datetime, new_id: Callable[[], str]) -> None:
    """Note what a submission shares with others, and tell those who may know."""
    key = index.key_of(session)
    told, cases = {submission.id}, []
    known = {(row.one_id, row.other_id, row.part) for row in session.scalars(matches_of(submission.id))}
    for candidate in index.candidates(session, submission):
        pairs = {(submission.id, candidate.submission_id), (candidate.submission_id, submission.id)}
        score = score_of(session, submission, candidate)
        if score is None or any((*pair, candidate.part) in known for pair in pairs):
            continue
        other = session.get_one(Submission, candidate.submission_id)
        made = finding(session, submission, other, candidate, key)
        shared = SharedPart(
            id=new_id(),
            one_id=submission.id,
            other_id=other.id,
            part=candidate.part,
            weight=made.weight,
            score=score,
            found_at=now,
            body=made.body(),
        )
        session.add(shared)
        cases.append(case_of(shared, submission, other))
        told.add(other.id)
    session.add_all(cases)
    session.flush()
    feed = Feed(session, now)
    for submission_id in sorted(told) if len(told) > 1 else ():
        feed.matches(session.get_one(Submission, submission_id))
    for case in cases:
        feed.case(case)


def score_of(session: Session, submission: Submission, candidate: index.Candidate) -> float | None:
    """The containment of a candidate; None where it is not worth a look."""
    sizes = [
        index.size_of(session, submission_id, candidate.part)
        for submission_id in (submission.id, candidate.submission_id)
    ]
    score = containment(len(candidate.values), *sizes)
    return score if candidate.copies or is_reported(len(candidate.values), score) else None


def _let_go_of_templates(session: Session, newest: Sequence[str], now: datetime) -> None:
    """Look again at earlier matches: what they share may have become common by the newest submissions."""
    pairs = session.execute(select(SharedPart.one_id, SharedPart.other_id)).all()
    affected = {submission_id for pair in pairs for submission_id in pair} - set(newest)
    if len(newest) <= AT_ONCE:
        # Of so few it is cheaper to ask what they made common than to look at every match again.
        common = [index.become_common(session, submission_id, len(newest)) for submission_id in newest]
        affected &= set().union(*common)
    for submission_id in sorted(affected):
        _check_again(session, session.get_one(Submission, submission_id), now)


def _check_again(session: Session, submission: Submission, now: datetime) -> None:
    """Let go of matches that turn out to be a template's, now that more submissions have it."""
    still = {
        (candidate.submission_id, candidate.part)
        for candidate in index.candidates(session, submission)
        if score_of(session, submission, candidate) is not None
    }
    gone = [
        row
        for row in session.scalars(matches_of(submission.id)).all()
        if (row.other_id if row.one_id == submission.id else row.one_id, row.part) not in still
    ]
    _let_go(session, gone, now)


def _let_go(session: Session, rows: Sequence[SharedPart], now: datetime) -> None:
    """Take matches and their cases from those who have them."""
    feed = Feed(session, now)
    told = {submission_id for row in rows for submission_id in (row.one_id, row.other_id)}
    for row in rows:
        case = session.get(TeamCase, row.id)
        session.delete(row)
        session.flush()
        if case is not None:
            feed.case(case)
            session.delete(case)
    session.flush()
    for submission_id in sorted(told):
        feed.matches(session.get_one(Submission, submission_id))


def case_of(shared: SharedPart, submission: Submission, other: Submission) -> TeamCase:
    """The lead's case of a match, under the match's id; closed from the start where it is information."""
    is_open = shared.weight is MatchWeight.LOOK
    state = CaseState.OPEN if is_open else CaseState.CLOSED
    actions: list[Literal["opened", "closed"]] = ["opened"] if is_open else ["opened", "closed"]
    wire = CaseWire(
        id=shared.id,
        kind=CaseKind.MATCH,
        state=state,
        submission_id=submission.id,
        code=submission.body["code"],
        title=submission.body["title"],
        opened_at=shared.found_at,
        entries=[CaseEntryWire(at=shared.found_at, by="platform", action=action) for action in actions],
        detail={
            "other_code": other.body["code"],
            "part": shared.part.value,
            "weight": shared.weight.value,
        },
    )
    return TeamCase(
        id=shared.id,
        submission_id=submission.id,
        kind=CaseKind.MATCH,
        state=state,
        opened_by=None,
        body=as_json(wire),
    )


def set_reference(session: Session, submission_id: str, now: datetime) -> None:
    """A submission is there to be judged as practice or measure: it is compared with nothing from now on."""
    forget(session, submission_id, now)
    session.merge(Comparison(submission_id=submission_id, is_reference=True, compared_at=None))
    session.flush()


def forget(session: Session, submission_id: str, now: datetime) -> None:
    """Let go of what is known of a submission, and take its matches from those who have them.

    Due as well when a learner takes a submission back.
    """
    rows = session.scalars(matches_of(submission_id)).all()
    texts = select(ComparedText.id).where(ComparedText.submission_id == submission_id)
    session.execute(delete(Fingerprint).where(Fingerprint.text_id.in_(texts)))
    session.execute(delete(ComparedText).where(ComparedText.submission_id == submission_id))
    _let_go(session, rows, now)


def _pending() -> Select[str]:
    """What was not compared yet: what nobody laid down, and what was laid down before something broke off."""
    done = select(Comparison.submission_id).where(
        Comparison.is_reference.is_(True) | Comparison.compared_at.is_not(None)
    )
    return (
        select(Submission.id)
        .where(Submission.id.not_in(done), Submission.status != SubmissionStatus.WITHDRAWN)
        .order_by(Submission.id)
    )


def _read(platform: Platform, ids: Sequence[str], read: ReadTexts) -> Iterator[_Read]:
    with platform.database.read() as session:
        key = index.key_of(session)
        read_ones = []
        files: dict[str, FileBytes] = {}
        for submission_id in ids:
            submission = session.get_one(Submission, submission_id)
            named = (submission.rubric_id, submission.rubric_version)
            rubric = rubric_from_json(session.get_one(Rubric, named).body)
            sources = tuple(sources_of(SubmissionWire.model_validate(submission.body), rubric))
            read_ones.append((submission_id, sources, issuers_shingles(issuers_texts(rubric), key)))
            files |= {s.id: _file(s, platform.blobs) for s in sources if s.file is not None}
    texts = read(files) if files else {}
    for submission_id, sources, issuers in read_ones:
        yield _Read(submission_id, sources, texts, issuers)


def _file(source: Source, blobs: BlobStore) -> FileBytes:
    assert source.file is not None
    size = source.file.size_bytes
    return FileBytes(source.file.filename, _pieces(blobs, source.file.sha256, size), size)


def _pieces(blobs: BlobStore, sha256: str, size_bytes: int) -> Iterator[bytes]:
    """The bytes of a file, read when they are wanted."""
    yield from blobs.chunks(sha256, 0, size_bytes)
