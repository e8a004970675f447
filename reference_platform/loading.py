"""Putting content into a database: everything into an empty one, only what is new into another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.canonical import canonical_json, sha256_hex, text_sha256
from assessor_app.domain.cases import CaseKind
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.native import rubric_to_json
from assessor_app.sync.protocol import (
    ArtifactWire,
    CalendarWire,
    HistoryWire,
    PolicyWire,
    PracticeAnchorWire,
    RecommendationIn,
    RenditionWire,
    SubmissionWire,
    TeamCommentWire,
    as_json,
)
from reference_platform import cases, cursors, questions, renditions, work
from reference_platform.auth.passwords import hashed
from reference_platform.clock import Clock
from reference_platform.database import Database
from reference_platform.feed import Feed
from reference_platform.models import (
    Account,
    Assignment,
    Comparison,
    Decision,
    Document,
    EvidenceFile,
    Learner,
    Recommendation,
    Rubric,
    StatusChange,
    Submission,
)
from reference_platform.seeding import DemoContent, SeedActor, SeedSubmission
from reference_platform.store.blobs import BlobStore

MakeRenditions = Callable[[Mapping[str, renditions.OfficeFile]], Mapping[str, bytes]]
"""From office files by digest to PDF copies by the same digest, as far as it succeeds."""


def is_empty(database: Database) -> bool:
    """Whether nothing was loaded yet."""
    with database.read() as session:
        return session.scalar(select(Submission.id).limit(1)) is None


def load(
    content: DemoContent,
    database: Database,
    blobs: BlobStore,
    *,
    clock: Clock | None = None,
    make_renditions: MakeRenditions = renditions.make,
) -> None:
    """Put content into the database, as far as it is not there yet.

    Files are stored first, the rows in one transaction afterwards: what is interrupted is simply done again.

    Args:
        content: what to load.
        database: where the rows go.
        blobs: where the files go.
        clock: gives the time of loading.
        make_renditions: makes PDF copies of office files.

    Raises:
        ValueError: the content contradicts itself; the text says where.
    """
    now = (clock or Clock()).now()
    with database.read() as session:
        known = set(session.scalars(select(Submission.id)))
    new = [seed for seed in content.submissions if seed.wire.id not in known]
    _check_ids(new)
    hashes = {(str(rubric.id), rubric.version): rubric.hash for rubric in content.rubrics}
    files = {seed.wire.id: _files_of(seed) for seed in new}
    office = {
        sha256_hex(data): renditions.OfficeFile(PurePath(artifact.filename).suffix, data)
        for seed in new
        for artifact in _uploads(seed.wire)
        if renditions.is_office(artifact.filename)
        for data in [files[seed.wire.id][artifact.id]]
    }
    copies = make_renditions(office) if office else {}
    wires = {seed.wire.id: _completed(seed.wire, files[seed.wire.id], copies, hashes, blobs) for seed in new}
    with database.write() as session:
        cursors.prepare(session)
        _load_frame(session, content, now)
        for seed in new:
            _load_submission(session, seed, wires[seed.wire.id], now)
        _load_cases(session, content, {seed.wire.id for seed in new}, now)
        awarded = select(Submission).where(Submission.status == SubmissionStatus.AWARDED)
        for submission in session.scalars(awarded).all():
            work.hide_numbers(session, submission, Feed(session, now))


def employer_digest(salt: str, employer: str) -> str | None:
    """What is stored of an employer; None when it is not known."""
    if not employer:
        return None
    return hashlib.sha256(f"{salt}\0{employer.strip().casefold()}".encode()).hexdigest()


def add_account(session: Session, actor: SeedActor, salt: str, now: datetime) -> None:
    """Open an account that is not there yet."""
    if session.get(Account, actor.actor_id) is not None:
        return
    session.add(
        Account(
            actor_id=actor.actor_id,
            login=actor.login,
            password_hash=hashed(actor.password) if actor.password is not None else None,
            roles=[role.value for role in actor.roles],
            tz=actor.tz,
            employer_digest=employer_digest(salt, actor.employer),
            disabled=False,
            private_name=actor.private_name,
            private_email=actor.private_email,
        )
    )
    session.flush()
    Feed(session, now).welcome(actor.actor_id)


def evidence_digest(wire: SubmissionWire) -> str:
    """The digest of exactly what is assessed: sorted [id, sha256] of responses and artifacts."""
    pairs = [[r.id, text_sha256(r.text)] for part in wire.parts for r in part.responses]
    pairs += [[artifact.id, artifact.sha256] for artifact in _artifacts(wire)]
    return sha256_hex(canonical_json(sorted(pairs)))


def _check_ids(seeds: Sequence[SeedSubmission]) -> None:
    ids = [artifact.id for seed in seeds for artifact in _uploads(seed.wire)]
    twice = {artifact_id for artifact_id in ids if ids.count(artifact_id) > 1}
    if twice:
        raise ValueError(f"artifact ids stand for one file on the whole platform: {sorted(twice)}")


def _files_of(seed: SeedSubmission) -> dict[str, bytes]:
    wanted = {artifact.id for artifact in _uploads(seed.wire)}
    if wanted != set(seed.files):
        raise ValueError(f"{seed.wire.id}: artifacts and files differ: {wanted ^ set(seed.files)}")
    return {artifact_id: produce() for artifact_id, produce in seed.files.items()}


def _artifacts(wire: SubmissionWire) -> list[ArtifactWire]:
    return [artifact for part in wire.parts for artifact in part.artifacts]


def _uploads(wire: SubmissionWire) -> list[ArtifactWire]:
    """Artifacts and snapshots of links: everything whose bytes are handed out."""
    snapshots = [link.snapshot for part in wire.parts for link in part.links]
    return [*_artifacts(wire), *(snapshot for snapshot in snapshots if snapshot is not None)]


def _completed(
    wire: SubmissionWire,
    files: Mapping[str, bytes],
    copies: Mapping[str, bytes],
    hashes: Mapping[tuple[str, int], str],
    blobs: BlobStore,
) -> SubmissionWire:
    """The submission with true sizes, digests, renditions and the rubric's hash; its files are stored."""

    def completed(artifact: ArtifactWire) -> ArtifactWire:
        sha256 = blobs.put(files[artifact.id])
        copy = copies.get(sha256)
        made = []
        if copy is not None:
            made = [
                RenditionWire(
                    media_type="application/pdf",
                    sha256=blobs.put(copy),
                    size_bytes=len(copy),
                    renderer=renditions.RENDERER,
                )
            ]
        changes = {"sha256": sha256, "size_bytes": len(files[artifact.id]), "renditions": made}
        return artifact.model_copy(update=changes)

    rubric = (wire.rubric.id, wire.rubric.version)
    if rubric not in hashes:
        raise ValueError(f"{wire.id}: there is no rubric {rubric}")
    parts = [
        part.model_copy(
            update={
                "artifacts": [completed(artifact) for artifact in part.artifacts],
                "links": [
                    link.model_copy(update={"snapshot": completed(link.snapshot)}) if link.snapshot else link
                    for link in part.links
                ],
            }
        )
        for part in wire.parts
    ]
    ref = wire.rubric.model_copy(update={"hash": hashes[rubric]})
    return wire.model_copy(update={"parts": parts, "rubric": ref})


def _load_frame(session: Session, content: DemoContent, now: datetime) -> None:
    documents: list[tuple[str, PolicyWire | CalendarWire | PracticeAnchorWire | TeamCommentWire]] = [
        ("policy", content.policy),
        ("calendar", content.calendar),
        *(("practice_anchor", anchor) for anchor in content.anchors),
        *(("team_comment", comment) for comment in content.team_comments),
    ]
    for kind, document in documents:
        if session.get(Document, (kind, document.id)) is None:
            session.add(Document(kind=kind, id=document.id, body=as_json(document)))
    for version in content.rubrics:
        if session.get(Rubric, (version.id, version.version)) is None:
            body = rubric_to_json(version)
            session.add(Rubric(id=version.id, version=version.version, hash=version.hash, body=body))
    session.flush()
    for actor in content.actors:
        add_account(session, actor, content.conflict_salt, now)
    for learner in content.learners:
        if session.get(Learner, learner.key) is None:
            session.add(
                Learner(
                    id=learner.key,
                    employer_digest=employer_digest(content.conflict_salt, learner.employer),
                    private_name=learner.private_name,
                    private_email=learner.private_email,
                )
            )
    session.flush()


def _load_submission(session: Session, seed: SeedSubmission, wire: SubmissionWire, now: datetime) -> None:
    note = wire.return_note
    submission = Submission(
        id=wire.id,
        learner_id=seed.learner,
        microcredential_id=wire.microcredential_id,
        rubric_id=wire.rubric.id,
        rubric_version=wire.rubric.version,
        status=wire.status,
        round=wire.round,
        return_note=as_json(note) if note is not None else None,
        numbers_hidden=False,
        evidence_digest=evidence_digest(wire),
        body=as_json(wire),
    )
    session.add(submission)
    session.flush()
    for artifact in _uploads(wire):
        session.add(_file_row(wire.id, artifact.id, artifact, is_rendition=False))
        for copy in artifact.renditions:
            session.add(_file_row(wire.id, artifact.id, copy, is_rendition=True))
    for sent in seed.recommendations:
        fields = RecommendationIn.model_fields
        body = sent.wire.model_copy(
            update={"evidence_digest": submission.evidence_digest, "rubric_hash": wire.rubric.hash}
        ).model_dump(mode="json", by_alias=True, exclude_none=True, include=set(fields))
        session.add(
            Recommendation(
                id=sent.wire.id,
                submission_id=wire.id,
                round=sent.wire.round,
                actor_id=sent.actor_id,
                sent_at=sent.wire.sent_at,
                body=body,
            )
        )
    for made in seed.decisions:
        excluded = {"id", "submission_id", "decided_at"}
        session.add(
            Decision(
                id=made.wire.id,
                submission_id=wire.id,
                round=made.wire.round,
                actor_id=made.actor_id,
                decided_at=made.wire.decided_at,
                body=made.wire.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=excluded),
            )
        )
    if seed.is_reference:
        session.add(Comparison(submission_id=wire.id, is_reference=True, compared_at=None))
    for change in seeded_history(seed):
        session.add(StatusChange(submission_id=wire.id, at=change.at, status=change.status, by=change.by))
    session.flush()
    _assign(session, seed, submission, now)


def _assign(session: Session, seed: SeedSubmission, submission: Submission, now: datetime) -> None:
    feed = Feed(session, now)
    for given in seed.assignments:
        assignment = Assignment(
            submission_id=submission.id,
            actor_id=given.actor_id,
            role=given.role,
            active=True,
            claimed=False,
            lease_until=given.lease_until,
            sampled=given.sampled,
        )
        session.add(assignment)
        session.flush()
        feed.assigned(assignment, submission)


def seeded_history(seed: SeedSubmission) -> list[HistoryWire]:
    """The states that a submission went through before it was loaded, from what was sent and decided."""
    wire, states = seed.wire, SubmissionStatus
    if wire.history:
        return wire.history
    changes = [HistoryWire(at=wire.received_at, status=states.SUBMITTED, by="learner")]
    if wire.status is states.INCOMPLETE:
        changes.append(HistoryWire(at=wire.received_at, status=states.IN_PRE_ASSESSMENT, by="platform"))
        changes.append(HistoryWire(at=wire.received_at, status=states.INCOMPLETE, by="preassessor"))
    elif wire.status is states.IN_PRE_ASSESSMENT:
        changes.append(HistoryWire(at=wire.received_at, status=states.IN_PRE_ASSESSMENT, by="platform"))
    elif wire.status not in (states.SUBMITTED, states.WITHDRAWN):
        changes.append(HistoryWire(at=wire.received_at, status=states.WAITING_ON_ASSESSOR, by="platform"))
    changes += [
        HistoryWire(at=sent.wire.sent_at, status=states.WAITING_ON_APPROVER, by="assessor")
        for sent in seed.recommendations
    ]
    changes += [
        HistoryWire(at=made.wire.decided_at, status=work.STATUS_AFTER[made.wire.outcome], by="approver")
        for made in seed.decisions
    ]
    return sorted(changes, key=lambda change: change.at)


def _load_cases(session: Session, content: DemoContent, new: set[str], now: datetime) -> None:
    """What was asked and reported of the submissions that are new here."""
    for number, told in enumerate(content.cases):
        if told.submission_id not in new:
            continue
        submission = session.get_one(Submission, told.submission_id)
        case_id = text_sha256(f"{told.submission_id} {number} {told.text}")[:32]
        at = now - told.age
        if told.kind is CaseKind.FEEDBACK_QUESTION:
            questions.ask(
                session,
                at,
                submission,
                case_id,
                told.text,
                criterion_id=told.criterion_id,
                source_id=told.source_id,
            )
        else:
            cases.open_case(
                session,
                at,
                submission,
                told.kind,
                case_id,
                by=told.by,
                text=told.text,
                opened_by=told.opened_by,
                criterion_id=told.criterion_id,
                source_id=told.source_id,
                detail=told.detail,
            )


def _file_row(
    submission_id: str, artifact_id: str, file: ArtifactWire | RenditionWire, *, is_rendition: bool
) -> EvidenceFile:
    return EvidenceFile(
        artifact_id=artifact_id,
        sha256=file.sha256,
        submission_id=submission_id,
        is_rendition=is_rendition,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
    )
