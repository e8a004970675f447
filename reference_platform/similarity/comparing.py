"""Comparing what came in with everything that other learners handed in, part by part."""

from __future__ import annotations

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

    Words are read outside of transactions; each submission is then compared in one of its own.

    Args:
        platform: where they are.
        read: gives the words of files.
    """
    with platform.database.write() as session:
        prepare(session, platform.clock.token())
    with platform.database.read() as session:
        pending = list(session.scalars(_pending()))
    done = 0
    for start in range(0, len(pending), AT_ONCE):
        for read_one in _read(platform, pending[start : start + AT_ONCE], read):
            done += compare(platform, read_one)
    return done


def compare(platform: Platform, read: _Read) -> bool:
    """Keep the fingerprints of one submission and what it shares; False if somebody else just did."""
    now = platform.clock.now()
    try:
        with platform.database.write() as session:
            known = session.get(Comparison, read.submission_id)
            if known is not None and (known.is_reference or known.compared_at is not None):
                return False
            session.merge(Comparison(submission_id=read.submission_id, is_reference=False, compared_at=now))
            session.flush()
            index.put(session, read.submission_id, read.sources, read.texts, read.issuers)
            submission = session.get_one(Submission, read.submission_id)
            find(session, submission, now, platform.clock.new_id)
    except IntegrityError:
        return False
    return True


def find(session: Session, submission: Submission, now: datetime, new_id: Callable[[], str]) -> None:
    """Note what a submission shares with others, and tell those who may know."""
    key = index.key_of(session)
    sizes: dict[str, int] = {}
    told, cases = {submission.id}, []
    for candidate in index.candidates(session, submission):
        part = candidate.part
        if part not in sizes:
            sizes[part] = index.size_of(session, submission.id, part)
        other = session.get_one(Submission, candidate.submission_id)
        size = index.size_of(session, other.id, part)
        score = containment(len(candidate.values), sizes[part], size)
        if not candidate.copies and not is_reported(len(candidate.values), score):
            continue
        made = finding(session, submission, other, candidate, key)
        shared = SharedPart(
            id=new_id(),
            one_id=submission.id,
            other_id=other.id,
            part=part,
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
    feed = Feed(session, now)
    told = set()
    for row in session.scalars(matches_of(submission_id)).all():
        told |= {row.one_id, row.other_id}
        case = session.get(TeamCase, row.id)
        session.delete(row)
        session.flush()
        if case is not None:
            feed.case(case)
            session.delete(case)
    texts = select(ComparedText.id).where(ComparedText.submission_id == submission_id)
    session.execute(delete(Fingerprint).where(Fingerprint.text_id.in_(texts)))
    session.execute(delete(ComparedText).where(ComparedText.submission_id == submission_id))
    session.merge(Comparison(submission_id=submission_id, is_reference=True, compared_at=None))
    session.flush()
    for matched_id in sorted(told):
        feed.matches(session.get_one(Submission, matched_id))


def _pending() -> Select[str]:
    compared = select(Comparison.submission_id)
    return (
        select(Submission.id)
        .where(Submission.id.not_in(compared), Submission.status != SubmissionStatus.WITHDRAWN)
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
