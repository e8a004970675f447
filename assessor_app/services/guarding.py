"""The identity guard: what is found in evidence on download, patches that are lifted, reports to the lead.

What was found is used here for one thing, the check on feedback. Nothing of it is sent: a report to the team
lead says which kind of property of which file, never what stands there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from assessor_app.cache import evidence, identity_findings, outbox, submissions, text_pages
from assessor_app.cache.engine import Transaction
from assessor_app.cache.identity_findings import COVERED_AGAIN, UNCOVERED
from assessor_app.documents import patches
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.pages import EvidenceSource, MadeBy
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.canonical import canonical_json, sha256_hex, text_sha256
from assessor_app.domain.cases import FindingKind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import OutboxId, SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import EvidenceFile, EvidenceState
from assessor_app.privacy import identity_scan
from assessor_app.privacy.identity_names import identifying_words
from assessor_app.services.context import Context
from assessor_app.vault.sealed_file import file_key_of

_PAGES_AT_ONCE = 2
"""Few enough that a page that somebody waits for never waits long."""
_MOST_PAGES = 300
"""Of a longer file the rest is looked at when it is drawn."""
_WAIT_S = 1.5
"""So long may somebody have to wait for a worker that is at this; a page that takes longer is given up."""


@dataclass(frozen=True, slots=True)
class LiftWish:
    """That patches of one piece of evidence be lifted, or put back."""

    source_id: str
    """The sealed file's id, or a response's."""
    patch_ids: frozenset[str]
    is_lifted: bool
    pages: tuple[int, ...] = ()
    """The pages that they lie on."""


@dataclass(slots=True)
class Scan:
    """A file that is being looked through, some pages at a time."""

    submission_id: SubmissionId
    file: EvidenceFile
    source: EvidenceSource
    next_page: int = 0
    words: tuple[str, ...] = ()
    properties: tuple[FindingKind, ...] = ()
    is_whole: bool = False


def set_lifted(context: Context, submission_id: SubmissionId, wish: LiftWish) -> ChangeSet:
    """A verb: lift patches, or put them back; remembered with the submission, and noted for the audit trail.

    Raises:
        StoreError: the store cannot be written; nothing is lifted.
    """
    with context.store.write() as txn:
        record = identity_findings.get(txn, submission_id, wish.source_id)
        record = record.with_lifted(wish.patch_ids, is_lifted=wish.is_lifted)
        identity_findings.put(txn, submission_id, record)
        # Words are kept as they are shown: those of these pages are taken out of the file anew.
        text_pages.forget(txn, wish.source_id, wish.pages)
        what = UNCOVERED if wish.is_lifted else COVERED_AGAIN
        now = context.clock.now()
        identity_findings.note_effect(txn, context.clock.new_id(), submission_id, now, what, wish.source_id)
    context.renderer.lifted.set(wish.source_id, record.lifted)
    return ChangeSet()


def lifted_wish(context: Context, submission_id: SubmissionId, source_id: str) -> LiftWish:
    """The patches that were lifted earlier on a file or a written answer."""
    with context.store.read() as txn:
        record = identity_findings.get(txn, submission_id, source_id)
    return LiftWish(source_id, frozenset(record.lifted), is_lifted=True)


def begin_scan(context: Context, submission_ids: Collection[SubmissionId] | None = None) -> Scan | None:
    """The next file that nobody looked through yet; None when there is none, or its key is gone.

    Args:
        context: the open profile.
        submission_ids: of these alone; None for all.
    """
    with context.store.read() as txn:
        for submission_id, blob_id in identity_findings.not_scanned(
            txn, identity_scan.VERSION, submission_ids, most=1
        ):
            file = evidence.get(txn, blob_id)
            name = _name_of(txn, submission_id, file)
            try:
                key = evidence.submission_key(txn, submission_id)
            except LookupError:  # it was shredded just now
                return None
            break
        else:
            return None
    if file is None or file.state is not EvidenceState.READY:
        return None
    path = evidence.path_of(context.store, blob_id)
    try:
        file_key = file_key_of(path, submission_key=key, blob_id=blob_id)
    except OSError:
        # The file is being replaced or was lost: it is told when somebody opens it.
        return Scan(submission_id, file, _source(file, path, b"", name), is_whole=True)
    return Scan(submission_id, file, _source(file, path, file_key, name))


def go_on(context: Context, scan: Scan) -> Scan:
    """Look through some more pages of a file; a file that cannot be read names nobody here."""
    if scan.is_whole:
        return scan
    request: dict[str, object] = {"do": "identity", "first": scan.next_page, "most": _PAGES_AT_ONCE}
    try:
        found = context.renderer.fetch(scan.source, request, patches.checked_findings, wait_s=_WAIT_S)
    except RefusedWithCard:
        return replace(scan, is_whole=True)
    words = dict.fromkeys(word for place in found.places for word in identifying_words(place.phrase))
    next_page = scan.next_page + _PAGES_AT_ONCE
    return replace(
        scan,
        next_page=next_page,
        words=tuple(dict.fromkeys([*scan.words, *words])),
        properties=tuple(sorted({*scan.properties, *found.properties})),
        is_whole=next_page >= min(found.pages_read, _MOST_PAGES),
    )


def end_scan(context: Context, scan: Scan) -> ChangeSet:
    """A verb: keep what was found, and tell the team lead where a file's properties may name a person."""
    file, submission_id = scan.file, scan.submission_id
    is_told = False
    with context.store.write() as txn:
        current = evidence.get(txn, file.blob_id)
        if current is None or current.sha256 != file.sha256:
            return ChangeSet()
        record = identity_findings.get(txn, submission_id, file.blob_id)
        record = record.found(file.sha256, identity_scan.VERSION, scan.words, scan.properties)
        if record.properties and not record.is_reported and _can_be_reported(txn, file):
            outbox.enqueue(txn, _report(context, scan))
            record, is_told = replace(record, is_reported=True), True
        identity_findings.put(txn, submission_id, record)
        _scan_responses(txn, submission_id)
    return ChangeSet(outbox=is_told, submissions=frozenset({submission_id}) if is_told else frozenset())


def _can_be_reported(txn: Transaction, file: EvidenceFile) -> bool:
    """Whether it is the learner's own file of this attempt: a copy of the platform's tells who made that."""
    submission = submissions.get_submission(txn, file.submission_id)
    parts = submission.parts if submission is not None else ()
    return not file.is_rendition and any(
        one.id == file.artifact_id for part in parts for one in part.artifacts
    )


def _scan_responses(txn: Transaction, submission_id: SubmissionId) -> None:
    """Written answers are looked through with the first file; nothing of theirs has properties."""
    submission = submissions.get_submission(txn, submission_id)
    for part in submission.parts if submission is not None else ():
        for response in part.responses:
            digest = text_sha256(response.text)
            record = identity_findings.get(txn, submission_id, response.id)
            if (record.sha256, record.scanner) == (digest, identity_scan.VERSION):
                continue
            places = identity_scan.scan_text(response.text)
            words = [
                word for place in places for word in identifying_words(response.text[place.start : place.end])
            ]
            found = record.found(digest, identity_scan.VERSION, tuple(dict.fromkeys(words)), ())
            identity_findings.put(txn, submission_id, found)


def _report(context: Context, scan: Scan) -> OutboxItem:
    """What the team lead is told: which kinds, of which file."""
    body = canonical_json(
        {"source_id": scan.file.artifact_id, "kinds": sorted(kind.value for kind in scan.properties)}
    )
    return OutboxItem(
        id=OutboxId(context.clock.new_id()),
        submission_id=scan.submission_id,
        kind=OutboxKind.FINDING,
        path=f"/v1/submissions/{scan.submission_id}/findings",
        body=body,
        sha256=sha256_hex(body),
        base_rev=0,
        state=OutboxState.QUEUED,
        attempts=0,
        created_at=context.clock.now(),
    )


def _name_of(txn: Transaction, submission_id: SubmissionId, file: EvidenceFile | None) -> str:
    """The artifact's neutral name, which says how a text file is written."""
    submission = submissions.get_submission(txn, submission_id)
    if submission is None or file is None or file.is_rendition:
        return ""
    parts = (*submission.parts, *(part for prior in submission.prior for part in prior.parts))
    return next((one.filename for part in parts for one in part.files if one.id == file.artifact_id), "")


def _source(file: EvidenceFile, path: Path, file_key: bytes, name: str) -> EvidenceSource:
    return EvidenceSource(
        blob_id=file.blob_id,
        path=path,
        file_key=file_key,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        media_type=file.media_type,
        name=name,
        made_by=MadeBy.PLATFORM if file.is_rendition else MadeBy.LEARNER,
    )
