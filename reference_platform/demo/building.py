"""Putting a demo submission together: ids, neutral file names, dates that fit the moment of loading."""

from __future__ import annotations

import hashlib
import mimetypes
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path, PurePath
from zoneinfo import ZoneInfo

from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import AttestationKind, LinkState, Stage
from assessor_app.sync.protocol import (
    AccommodationWire,
    ArtifactWire,
    AttestationWire,
    CollaborationWire,
    DueWire,
    LinkCheckWire,
    LinkWire,
    PartWire,
    PriorWire,
    ResponseWire,
    ReturnWire,
    RubricRefWire,
    SubmissionWire,
)
from reference_platform.demo import paper, sheet_files, slide_files, word_files, writing
from reference_platform.demo.frame import TIME_ZONE, rubrics
from reference_platform.demo.writing import answers
from reference_platform.seeding import (
    BytesProducer,
    SeedAssignment,
    SeedDecision,
    SeedRecommendation,
    SeedSubmission,
)

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown",
    "txt": "text/plain",
    "csv": "text/csv",
    "mp4": "video/mp4",
    "m4a": "audio/mp4",
}
"""Media type by file name extension."""

MEDIA_FOLDER = Path(__file__).resolve().parent / "media"

BUSINESS_DAYS_TO_ASSESS, BUSINESS_DAYS_TO_DECIDE = 5, 14
END_OF_BUSINESS, END_OF_DAY = time(17, 0), time(23, 59)


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file."""

    extension: str
    produce: BytesProducer
    pages: int | None = None
    """Page count, where the kind has pages and the platform counted them."""


@dataclass(frozen=True, slots=True)
class Address:
    """A link with what the platform found; checks are (hours ago, what happened)."""

    url: str
    state: LinkState
    title: str = ""
    checks: tuple[tuple[int, str], ...] = ()
    comments_captured: bool | None = None
    snapshot: File | None = None
    """What the platform captured."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the learner attached to one requirement; the answers to its prompts are in `answers.md`."""

    requirement: str
    files: tuple[File, ...] = ()
    links: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A submission before ids, sizes and dates."""

    code: str
    rubric: str
    learner: str
    parts: tuple[Part, ...]
    due_in_days: int
    """Days from today to the assessor's date; weekends move on to Monday."""
    assignments: tuple[SeedAssignment, ...]
    title: str = ""
    """Without one, the micro-credential's."""
    status: SubmissionStatus = SubmissionStatus.WAITING_ON_ASSESSOR
    submission_type: SubmissionType = SubmissionType.FULL_PORTFOLIO
    model: str = "M6"
    round: int = 1
    attempt: int | None = 1
    prior: tuple[PriorWire, ...] = ()
    collaboration: str | None = None
    """The learner's statement; None when nothing was declared."""
    shared: tuple[int, ...] = ()
    """Numbers of the artifacts (from 1) that are approved as shared."""
    accommodations: tuple[AccommodationWire, ...] = ()
    needed_in_days: int | None = None
    returned: ReturnWire | None = None
    recommendations: tuple[SeedRecommendation, ...] = ()
    decisions: tuple[SeedDecision, ...] = ()


def media_type_of(extension: str) -> str:
    """The media type that an extension usually means."""
    known = MEDIA_TYPES.get(extension) or mimetypes.guess_type(f"file.{extension}", strict=False)[0]
    return known or "application/octet-stream"


def text_file(code: str, name: str) -> File:
    """A plain text or Markdown file as it stands in the folder of texts."""
    return File(PurePath(name).suffix[1:], lambda: writing.file_text(code, name).encode())


def word_file(code: str, name: str, *, notes_in_text: bool = False) -> File:
    """A Word document made of a text."""

    def produce() -> bytes:
        return word_files.document(writing.document(code, name), notes_in_text=notes_in_text)

    return File("docx", produce)


def pdf_file(
    code: str, name: str, *, footer: str, pages: int, figures: Mapping[str, paper.Figure] | None = None
) -> File:
    """A PDF made of a text."""

    def produce() -> bytes:
        return paper.document(writing.document(code, name), footer=footer, figures=figures)

    return File("pdf", produce, pages)


def sheet_file(code: str, name: str) -> File:
    """A workbook made of a text."""
    return File("xlsx", lambda: sheet_files.workbook(writing.document(code, name)))


def slide_file(code: str, name: str) -> File:
    """A slide deck made of a text."""
    return File("pptx", lambda: slide_files.deck(writing.document(code, name)))


def media_file(name: str) -> File:
    """A video or a sound that is kept beside the code."""
    return File(PurePath(name).suffix[1:], (MEDIA_FOLDER / name).read_bytes)


def stable_id(*words: str) -> str:
    """A UUID that follows from words."""
    return str(uuid.UUID(bytes=hashlib.sha256("\0".join(words).encode()).digest()[:16], version=4))


def submission_id(code: str) -> str:
    """The id of the submission with this code."""
    return stable_id("submission", code)


def assigned(
    assessor: str, approver: str | None = None, *, sampled: bool = False
) -> tuple[SeedAssignment, ...]:
    """The work of an assessor and, from the start, of an approver."""
    given = (SeedAssignment(assessor, Role.ASSESSOR),)
    return given if approver is None else (*given, SeedAssignment(approver, Role.APPROVER, sampled=sampled))


def built(draft: Draft, now: datetime) -> SeedSubmission:
    """The submission with ids and dates; its files are made when it is loaded."""
    version = rubrics()[draft.rubric]
    due = due_at(now, draft.due_in_days)
    received = received_at(due, now)
    files: dict[str, BytesProducer] = {}
    snapshots: dict[str, BytesProducer] = {}
    parts = [_part(draft, part, files, snapshots, now) for part in draft.parts]
    shared = [stable_id("artifact", draft.code, str(number)) for number in draft.shared]
    collaboration = CollaborationWire(
        declared=draft.collaboration is not None, note=draft.collaboration or "", shared_artifacts=shared
    )
    needed = None if draft.needed_in_days is None else (now + timedelta(days=draft.needed_in_days)).date()
    wire = SubmissionWire(
        id=submission_id(draft.code),
        code=draft.code,
        microcredential_id=f"mc-{draft.rubric}",
        title=draft.title or version.title,
        rubric=RubricRefWire(id=version.id, version=version.version, hash=version.hash),
        status=draft.status,
        submission_type=draft.submission_type,
        model=draft.model,
        round=draft.round,
        received_at=received,
        parts=parts,
        attestations=[
            AttestationWire(kind=kind, at=received - timedelta(minutes=minutes))
            for kind, minutes in zip(AttestationKind, (6, 4, 1), strict=True)
        ],
        attempt=draft.attempt,
        prior=list(draft.prior),
        collaboration=collaboration,
        due=[
            *_checked_by(draft.status, received),
            DueWire(stage=Stage.ASSESSMENT, at=due, kind=DueKind.TARGET),
            DueWire(stage=Stage.DECISION, at=_decision_due(received), kind=DueKind.HARD),
        ],
        needed_by=needed,
        return_note=draft.returned,
        accommodations=list(draft.accommodations),
    )
    return SeedSubmission(
        wire,
        draft.learner,
        draft.assignments,
        {**files, **snapshots},
        draft.recommendations,
        draft.decisions,
    )


def hours_before(now: datetime, hours: float) -> datetime:
    """A moment in the past, to the second."""
    return (now - timedelta(hours=hours)).replace(microsecond=0)


def due_at(now: datetime, days: int) -> datetime:
    """End of business so many days from today, never on a weekend unless it is today.

    What is due today is due at the end of the day once business has ended.
    """
    zone = ZoneInfo(TIME_ZONE)
    today = now.astimezone(zone).date()
    if days == 0:
        at = datetime.combine(today, END_OF_BUSINESS, zone)
        return (at if at > now else datetime.combine(today, END_OF_DAY, zone)).astimezone(UTC)
    day = today + timedelta(days=days)
    step = timedelta(days=1 if days > 0 else -1)
    while day.weekday() > 4:
        day += step
    return datetime.combine(day, END_OF_BUSINESS, zone).astimezone(UTC)


def received_at(due: datetime, now: datetime) -> datetime:
    """When a submission came in whose assessment is due then; never later than an hour ago."""
    day = _business_days_from(due.astimezone(ZoneInfo(TIME_ZONE)).date(), -BUSINESS_DAYS_TO_ASSESS)
    at = datetime.combine(day, time(15, 20), ZoneInfo(TIME_ZONE)).astimezone(UTC)
    return min(at, now - timedelta(hours=1)).replace(microsecond=0)


def _checked_by(status: SubmissionStatus, received: datetime) -> list[DueWire]:
    """The pre-assessor's date: the next business day, for as long as it is her turn."""
    if status not in (SubmissionStatus.SUBMITTED, SubmissionStatus.IN_PRE_ASSESSMENT):
        return []
    day = _business_days_from(received.astimezone(ZoneInfo(TIME_ZONE)).date(), 1)
    at = datetime.combine(day, END_OF_BUSINESS, ZoneInfo(TIME_ZONE)).astimezone(UTC)
    return [DueWire(stage=Stage.PRE_ASSESSMENT, at=at, kind=DueKind.TARGET)]


def _decision_due(received: datetime) -> datetime:
    day = _business_days_from(received.astimezone(ZoneInfo(TIME_ZONE)).date(), BUSINESS_DAYS_TO_DECIDE)
    return datetime.combine(day, END_OF_BUSINESS, ZoneInfo(TIME_ZONE)).astimezone(UTC)


def _business_days_from(day: date, count: int) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= 1 if day.weekday() <= 4 else 0
    return day


def _part(
    draft: Draft,
    part: Part,
    files: dict[str, BytesProducer],
    snapshots: dict[str, BytesProducer],
    now: datetime,
) -> PartWire:
    """One part; its files are added to `files`, numbered on through the submission, those of links beside."""
    artifacts = []
    for file in part.files:
        number = len(files) + 1
        artifact = ArtifactWire(
            id=stable_id("artifact", draft.code, str(number)),
            filename=f"Artifact {number}.{file.extension}",
            media_type=media_type_of(file.extension),
            size_bytes=0,
            sha256="0" * 64,
            page_count=file.pages,
        )
        files[artifact.id] = file.produce
        artifacts.append(artifact)
    written = answers(draft.code) if writing.exists(draft.code) else {}
    asked = next(r for r in rubrics()[draft.rubric].requirements if r.id == part.requirement).prompts
    return PartWire(
        requirement_id=part.requirement,
        responses=[
            ResponseWire(
                id=stable_id("response", draft.code, prompt.id),
                prompt_id=prompt.id,
                text=written[prompt.id],
                word_limit=prompt.word_limit,
            )
            for prompt in asked
            if prompt.id in written
        ],
        artifacts=artifacts,
        links=[_link(draft.code, part.requirement, link, snapshots, now) for link in part.links],
    )


def _link(
    code: str, requirement: str, link: Address, snapshots: dict[str, BytesProducer], now: datetime
) -> LinkWire:
    """A link; the file of its snapshot is added to `snapshots`."""
    snapshot = None
    if link.snapshot is not None:
        snapshot = ArtifactWire(
            id=stable_id("snapshot", code, requirement, link.url),
            filename=f"Snapshot.{link.snapshot.extension}",
            media_type=media_type_of(link.snapshot.extension),
            size_bytes=0,
            sha256="0" * 64,
            page_count=link.snapshot.pages,
        )
        snapshots[snapshot.id] = link.snapshot.produce
    return LinkWire(
        id=stable_id("link", code, requirement, link.url),
        url=link.url,
        state=link.state,
        title=link.title,
        checks=[
            LinkCheckWire(at=(now - timedelta(hours=hours)).replace(microsecond=0), status=status)
            for hours, status in link.checks
        ],
        comments_captured=link.comments_captured,
        snapshot=snapshot,
    )
