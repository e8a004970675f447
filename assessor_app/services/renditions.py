"""Which file is shown for an office artifact: the platform's copy, one made here, or the learner's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from assessor_app.cache import evidence, evidence_files, identity_findings, local_copies
from assessor_app.cache.engine import Transaction
from assessor_app.cache.local_copies import LocalCopy
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.converter import CopyForm, NoCopy
from assessor_app.documents.pages import EvidenceSource, MadeBy
from assessor_app.documents.sniff import Kind, claimed_kind, office_extension
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import Artifact, EvidenceFile, EvidenceState
from assessor_app.errors import EvidenceRefused
from assessor_app.services import downloading, on_device
from assessor_app.services.context import Context
from assessor_app.vault.sealed_file import file_key_of

_GRIDS = frozenset({"xlsx", "xlsm", "ods"})
_OLD_SHEETS = frozenset({"xls"})
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Choices:
    """What an office artifact can be shown as, at this moment."""

    has_platform_copy: bool
    has_local_copy: bool
    has_original: bool
    """Whether the learner's own file is on this computer."""
    converter: str
    """What could make a copy here, such as "LibreOffice 7.4"; empty where nothing is installed."""
    is_sheet: bool
    digests: Mapping[str, MadeBy] = field(default_factory=dict)
    """Whose file has which digest, of the files that are here."""


def is_office(name: str, media_type: str) -> bool:
    """Whether an artifact is called an office file."""
    return claimed_kind(name, media_type) is Kind.OFFICE


def source_of(
    context: Context,
    submission_id: SubmissionId,
    artifact_id: ArtifactId,
    wanted: MadeBy | None = None,
    *,
    known: Artifact | None = None,
) -> EvidenceSource:
    """Where the worker finds an artifact.

    The platform's PDF copy comes first, then a copy made on this computer, then the file itself. A sheet is
    shown as its cells first, because a printed copy hides formulas and cuts columns apart.

    Args:
        context: the open profile.
        submission_id: the submission.
        artifact_id: the artifact.
        wanted: whose file to take where it is here; None for the order above.
        known: the artifact itself, where it is at hand: a click need not wait for the submission to be read.

    Raises:
        EvidenceRefused: no file of it has arrived yet, or it is damaged on the platform.
    """
    with context.store.read() as txn:
        try:
            chosen, name = shown_file(txn, submission_id, artifact_id, wanted, known)
        except on_device.NotHereYet:
            raise downloading.not_here(context, txn, submission_id, artifact_id) from None
        lifted = identity_findings.get(txn, submission_id, chosen.blob_id).lifted
        key = evidence.submission_key(txn, submission_id)
    # Before anything is drawn of it: patches that the person lifted stay lifted.
    context.renderer.lifted.set(chosen.blob_id, lifted)
    path = evidence.path_of(context.store, chosen.blob_id)
    source = EvidenceSource(
        blob_id=chosen.blob_id,
        path=path,
        file_key=file_key_of(path, submission_key=key, blob_id=chosen.blob_id),
        size_bytes=chosen.size_bytes,
        sha256=chosen.sha256,
        media_type=chosen.media_type,
        name=name,
    )
    if isinstance(chosen, LocalCopy):
        return replace(source, made_by=MadeBy.THIS_COMPUTER, converter=chosen.renderer)
    return replace(source, made_by=MadeBy.PLATFORM if chosen.is_rendition else MadeBy.LEARNER)


def shown_file(
    txn: Transaction,
    submission_id: SubmissionId,
    artifact_id: ArtifactId,
    wanted: MadeBy | None = None,
    known: Artifact | None = None,
) -> tuple[EvidenceFile | LocalCopy, str]:
    """The file that is shown for an artifact, by the order of `source_of`, and the artifact's name.

    Raises:
        EvidenceRefused: no file of it has arrived yet, or it is damaged on the platform.
    """
    files = [f for f in evidence.files(txn, submission_id) if f.artifact_id == artifact_id]
    # Without a file the submission has to say why; the rubric is left where it is.
    artifact = known
    if artifact is None or artifact.id != artifact_id or not files:
        artifact = on_device.artifact_of(on_device.present(txn, submission_id), artifact_id)
    if not files and evidence.is_erased(txn, submission_id):
        raise on_device.erased()
    copies = _copies(txn, submission_id, files) if is_office(artifact.filename, artifact.media_type) else ()
    extension = office_extension(artifact.filename, artifact.media_type)
    return _chosen(files, copies, extension, wanted), artifact.filename


def pages_first(context: Context, submission_id: SubmissionId, artifact_id: ArtifactId) -> EvidenceSource:
    """Where the worker finds an artifact with its pages, also of a sheet: what is laid side by side.

    Raises:
        EvidenceRefused: no file of it has arrived yet, or it is damaged on the platform.
    """
    return source_of(context, submission_id, artifact_id, MadeBy.PLATFORM)


def original_of(
    context: Context, submission_id: SubmissionId, artifact_id: ArtifactId
) -> EvidenceSource | None:
    """The office file itself, whatever copy is shown; None where it is no office file or not here yet."""
    try:
        source = source_of(context, submission_id, artifact_id, MadeBy.LEARNER)
    except (EvidenceRefused, LookupError):  # not here yet, or its key was shredded
        return None
    own = source.made_by is MadeBy.LEARNER and is_office(source.name, source.media_type)
    return source if own else None


def choices(context: Context, submission_id: SubmissionId, artifact_id: ArtifactId) -> Choices:
    """What an office artifact can be shown as."""
    with context.store.read() as txn:
        submission = on_device.present(txn, submission_id)
        artifact = on_device.artifact_of(submission, artifact_id)
        files = [f for f in evidence.files(txn, submission_id) if f.artifact_id == artifact_id]
        copies = _copies(txn, submission_id, files)
    ready = [f for f in files if f.state is EvidenceState.READY]
    program = context.converter.program if context.converter is not None else None
    extension = office_extension(artifact.filename, artifact.media_type)
    return Choices(
        has_platform_copy=any(f.is_rendition for f in ready),
        has_local_copy=any(copy.media_type == _PDF for copy in copies),
        has_original=any(not f.is_rendition for f in ready),
        converter=program.name if program is not None else "",
        is_sheet=extension in _GRIDS | _OLD_SHEETS,
        digests={
            **{f.sha256: MadeBy.PLATFORM if f.is_rendition else MadeBy.LEARNER for f in ready},
            **{copy.sha256: MadeBy.THIS_COMPUTER for copy in copies},
        },
    )


def make_copy(
    context: Context,
    submission_id: SubmissionId,
    artifact_id: ArtifactId,
    should_stop: Callable[[], bool],
    *,
    as_pages: bool = True,
) -> None:
    """Have a copy of an office file made, look whether it can be read, and keep it, sealed.

    Args:
        context: the open profile.
        submission_id: the submission.
        artifact_id: an artifact whose own file is here.
        should_stop: asked often; True gives up.
        as_pages: a PDF; False: cells, for sheets of the older form.

    Raises:
        NoCopy: none was made; its `reason` says why.
        DiskFull: no room to keep it.
    """
    original = original_of(context, submission_id, artifact_id)
    if original is None or context.converter is None:
        raise NoCopy("no_program")
    form = CopyForm.PDF if as_pages else CopyForm.SHEET
    made = context.converter.convert(original, form, should_stop=should_stop)
    copy = LocalCopy(
        blob_id=context.clock.new_id(),
        submission_id=submission_id,
        source_sha256=original.sha256,
        media_type=made.media_type,
        size_bytes=len(made.data),
        sha256=hashlib.sha256(made.data).hexdigest(),
        renderer=made.renderer,
    )
    try:
        local_copies.seal(context.store, copy, made.data, clock=context.clock)
        _look_at(context, copy, original.name)
        with context.store.write() as txn:
            local_copies.put(txn, copy)
    except (LookupError, RefusedWithCard):
        evidence_files.unlink(context.store, [copy.blob_id])
        raise NoCopy("failed") from None


def _look_at(context: Context, copy: LocalCopy, name: str) -> None:
    """Open a copy in the child, as it will be opened to be read.

    Raises:
        RefusedWithCard: it cannot be read.
        LookupError: the submission's key was shredded.
    """
    with context.store.read() as txn:
        key = evidence.submission_key(txn, copy.submission_id)
    path = evidence.path_of(context.store, copy.blob_id)
    file_key = file_key_of(path, submission_key=key, blob_id=copy.blob_id)
    context.renderer.open(
        EvidenceSource(copy.blob_id, path, file_key, copy.size_bytes, copy.sha256, copy.media_type, name)
    )


def _copies(
    txn: Transaction, submission_id: SubmissionId, files: list[EvidenceFile]
) -> tuple[LocalCopy, ...]:
    """The copies of an artifact's own file that were made here, newest first."""
    own = next((f for f in files if not f.is_rendition), None)
    return () if own is None else local_copies.of_source(txn, submission_id, own.sha256)


def _chosen(
    files: list[EvidenceFile],
    copies: tuple[LocalCopy, ...],
    extension: str,
    wanted: MadeBy | None,
) -> EvidenceFile | LocalCopy:
    """The file to show.

    Raises:
        EvidenceRefused: none has arrived yet, or it is damaged on the platform.
    """
    ready = [f for f in files if f.state is EvidenceState.READY]
    own = next((f for f in ready if not f.is_rendition), None)
    platform = next((f for f in ready if f.is_rendition), None)
    pages = next((copy for copy in copies if copy.media_type == _PDF), None)
    cells = next((copy for copy in copies if copy.media_type != _PDF), None)
    by_maker = {MadeBy.LEARNER: own, MadeBy.PLATFORM: platform, MadeBy.THIS_COMPUTER: pages}
    if wanted is not None and by_maker[wanted] is not None:
        return by_maker[wanted] or on_device.file_shown(files)
    if own is not None and extension in _GRIDS:
        return own
    if cells is not None and extension in _OLD_SHEETS:
        return cells
    if platform is None and pages is not None:
        return pages
    return on_device.file_shown(files)
