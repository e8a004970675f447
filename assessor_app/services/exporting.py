"""Annotated copies of evidence for a file outside of the profile, naming nobody who made or assessed it.

Marks are made neutral first: new ids (an id tells its time), dates to the day. The files are parsed
and cleaned in a child; see `documents/exporter.py`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from assessor_app.documents.exporter import PDF, XFDF, ExportCancelled, Exporter, PieceLost
from assessor_app.documents.patches import covered_response
from assessor_app.domain.annotations import Annotation, Audience, SourceKind
from assessor_app.domain.canonical import canonical_json
from assessor_app.domain.ids import AnnotationId, SubmissionId
from assessor_app.domain.submissions import Artifact, Response, Submission
from assessor_app.errors import EvidenceRefused, NotWritten
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services import guarding
from assessor_app.services.context import Context
from assessor_app.services.reading import evidence_source, pinned
from assessor_app.sync import protocol, web_annotation

Progress = Callable[[int, int], object]
"""Told how many pieces of evidence are done, of how many; called on the lane."""
_MOST_LOST = 3


class ExportFormat(StrEnum):
    """What kind of file is written."""

    PDF = "pdf"
    XFDF = "xfdf"
    JSON_LD = "jsonld"


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What the person asked for."""

    submission_id: SubmissionId
    format: ExportFormat
    marks: tuple[Annotation, ...]
    """All marks that she sees; those for other readers are left out here."""
    readers: frozenset[Audience]
    """Whose marks go into the copy."""
    source_id: str | None
    """The one piece of evidence to copy; None for every piece that carries such marks."""
    target: Path
    """The file to write; an older one of this name is replaced."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written."""

    target: Path
    marks: int
    """How many marks are in the copy."""
    not_found: int = 0
    """How many of them are listed at its end, because their place was not found."""
    listed: tuple[str, ...] = ()
    """Names of pieces of evidence whose marks are listed because they cannot be shown as pages."""


@dataclass
class Stop:
    """How the person stops an export that is under way."""

    exporter: Exporter | None = field(default=None, repr=False)
    """The one at work."""
    is_wanted: bool = False
    """Whether it is to stop."""

    def stop(self) -> None:
        """Stop at once; from any thread."""
        self.is_wanted = True
        if self.exporter is not None:
            self.exporter.cancel()


def wanted(wish: ExportWish) -> tuple[Annotation, ...]:
    """The marks that go into a copy, neutral, in the order of their pages."""
    return tuple(
        neutral(mark)
        for mark in sorted(wish.marks, key=lambda mark: (mark.anchor.source_id, mark.anchor.page))
        if mark.audience in wish.readers and wish.source_id in (None, mark.anchor.source_id)
    )


def neutral(mark: Annotation) -> Annotation:
    """A mark that does not tell when, and in how many steps, it was made."""
    digest = hashlib.sha256(f"neutral {mark.id}".encode()).digest()[:16]
    midnight = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
    day = mark.modified_at.replace(**midnight)  # type: ignore[arg-type]
    made_up = AnnotationId(str(uuid.UUID(bytes=digest, version=4)))
    return replace(mark, id=made_up, created_at=day, modified_at=day, revision=1)


def export(context: Context, wish: ExportWish, stop: Stop, progress: Progress) -> ExportReport:
    """Write a copy; nothing is left behind when it fails or is stopped.

    Raises:
        NotWritten: the file cannot be written there.
        EvidenceRefused: there is nothing in the copy that could be shown.
        ExportCancelled: the person stopped it.
        ViewerUnavailable: no child can be started.
    """
    with context.store.read() as txn:
        submission, rubric = pinned(txn, wish.submission_id)
    marks = wanted(wish)
    if wish.format is ExportFormat.JSON_LD:
        write_whole(wish.target, [collection(marks, submission)])
        return ExportReport(wish.target, len(marks))
    pieces = [
        (heading, item, tuple(m for m in marks if m.anchor.source_id == item.id))
        for heading, item in _pieces(submission, rubric)
        if item.id == wish.source_id
        or (wish.source_id is None and any(m.anchor.source_id == item.id for m in marks))
    ]
    lost: set[str] = set()
    while True:
        work = _Work(context, wish, submission, rubric, stop, progress)
        try:
            return work.run(pieces, lost)
        except PieceLost:
            lost.add(work.at)
            if len(lost) > _MOST_LOST or not work.at:
                raise _nothing_to_copy() from None


def collection(marks: Sequence[Annotation], submission: Submission) -> bytes:
    """The marks as a W3C AnnotationCollection with one page, in JSON-LD."""
    items = []
    for mark in marks:
        item = protocol.as_json(web_annotation.to_wire(mark, submission.rubric))
        del item["@context"]
        items.append(item)
    name = uuid.UUID(bytes=hashlib.sha256(canonical_json(items)).digest()[:16], version=4)
    return canonical_json(
        {
            "@context": web_annotation.CONTEXT,
            "id": f"urn:uuid:{name}",
            "type": "AnnotationCollection",
            "total": len(items),
            "first": {
                "id": f"urn:uuid:{name}#page-1",
                "type": "AnnotationPage",
                "startIndex": 0,
                "items": items,
            },
        }
    )


class _Work:
    """One attempt at a copy."""

    def __init__(
        self,
        context: Context,
        wish: ExportWish,
        submission: Submission,
        rubric: RubricVersion,
        stop: Stop,
        progress: Progress,
    ) -> None:
        self._context, self._wish, self._submission, self._rubric = context, wish, submission, rubric
        self._stop, self._progress = stop, progress
        self._listed: list[str] = []
        self._not_found: list[tuple[str, Annotation]] = []
        self._off_page: list[tuple[str, Annotation]] = []
        self._count = 0
        self.at = ""
        """Id of the piece at work; empty before the first and behind the last."""

    def run(
        self, pieces: Sequence[tuple[str, Artifact | Response, tuple[Annotation, ...]]], lost: set[str]
    ) -> ExportReport:
        """Put the pieces together and write the file."""
        with Exporter(self._context.clock) as exporter:
            self._stop.exporter = exporter
            if self._stop.is_wanted:
                raise ExportCancelled
            for number, (heading, item, marks) in enumerate(pieces):
                self._progress(number, len(pieces))
                self.at = item.id
                self._count += len(marks)
                self._add(exporter, heading, item, marks, is_lost=item.id in lost)
            self.at = ""
            self._progress(len(pieces), len(pieces))
            is_xfdf = self._wish.format is ExportFormat.XFDF
            if not is_xfdf:
                self._list_rest(exporter)
            write_whole(self._wish.target, exporter.finish(XFDF if is_xfdf else PDF))
        return ExportReport(self._wish.target, self._count, len(self._not_found), tuple(self._listed))

    def _list_rest(self, exporter: Exporter) -> None:
        """At the end what no page can show, and what has no place any more."""
        if self._off_page:
            exporter.add_list(
                "Marks on cells and at times",
                "They stand where a page cannot show them.",
                [_entry(mark, heading) for heading, mark in self._off_page],
            )
        if self._not_found:
            exporter.add_list(
                "Marks whose place was not found",
                "The files have changed since these marks were made.",
                [_entry(mark, heading) for heading, mark in self._not_found],
            )

    def _add(
        self,
        exporter: Exporter,
        heading: str,
        item: Artifact | Response,
        marks: tuple[Annotation, ...],
        *,
        is_lost: bool,
    ) -> None:
        try:
            if isinstance(item, Response):
                prompt = self._rubric.prompt(item.prompt_id)
                wish = guarding.lifted_wish(self._context, self._wish.submission_id, item.id)
                text = covered_response(item.text, wish.patch_ids).text
                placed = exporter.add_text(heading, prompt.text if prompt else "", text, marks)
            elif is_lost:
                raise _nothing_to_copy()
            else:
                source = evidence_source(self._context, self._wish.submission_id, item.id)
                lifted = self._context.renderer.lifted.of(source.blob_id)
                placed = exporter.add_file(source, heading, marks, lifted)
        except EvidenceRefused:
            if self._wish.format is ExportFormat.XFDF:
                raise
            intro = "This piece of evidence has no pages that could be copied; its marks are listed."
            exporter.add_list(heading, intro, [_entry(mark, "") for mark in marks])
            self._listed.append(heading)
            return
        for mark in marks:
            if mark.id not in placed:
                is_off_page = bool(mark.anchor.cells) or mark.anchor.span is not None
                (self._off_page if is_off_page else self._not_found).append((heading, mark))


def _pieces(submission: Submission, rubric: RubricVersion) -> Iterable[tuple[str, Artifact | Response]]:
    """All answers and files with their headings, in the order of the requirements."""
    titles = {requirement.id: requirement.title for requirement in rubric.requirements}
    for part in submission.parts:
        for response in part.responses:
            yield titles.get(part.requirement_id, ""), response
        for file in part.files:
            yield file.filename, file


def _entry(mark: Annotation, heading: str) -> tuple[str, str, str]:
    """Place, marked words and comment of a mark that is listed."""
    anchor = mark.anchor
    if anchor.span is not None:
        start, end = (_time(ms) for ms in (anchor.span.start_ms, anchor.span.end_ms))
        place = start if start == end else f"{start} to {end}"
    elif anchor.cells:
        place = f"Sheet {anchor.page + 1}, cells {anchor.cells}"
    elif anchor.source_kind is SourceKind.ARTIFACT and anchor.page_width_pt > 0:
        place = f"Page {anchor.page + 1}"
    else:
        place = ""
    return (
        ", ".join(part for part in (heading, place) if part),
        anchor.text.exact if anchor.text else "",
        mark.comment,
    )


def _time(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def write_whole(target: Path, parts: Iterable[bytes]) -> None:
    """Write a file beside its name, then give it the name: there is a whole copy or none.

    Raises:
        NotWritten: the system refused.
    """
    beside = target.with_name(f".{target.name}.part")
    try:
        try:
            with open(beside, "wb") as file:
                for part in parts:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise not_written(error) from None


def not_written(error: OSError) -> NotWritten:
    """What the system's refusal means for the person."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NotWritten(
            "There is no room for the copy", "The disk is full; nothing was written.", "Free some space."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NotWritten(
            "The copy may not be written there",
            "That folder cannot be written to; nothing was written.",
            "Choose another folder.",
        )
    return NotWritten(
        "The copy could not be written there", "Nothing was written.", "Choose another folder or name."
    )


def _nothing_to_copy() -> EvidenceRefused:
    return EvidenceRefused(
        "This evidence cannot be copied",
        "The program that puts copies together stopped at it. Your ratings and notes are safe.",
    )
