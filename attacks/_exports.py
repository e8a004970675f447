"""Every way in which something leaves the program as a file, taken once: run as a process of its own.

`python -m attacks._exports FOLDER OUT SEED`, with an account, a home and a time zone in its environment that
must not be found in anything it writes.
"""

from __future__ import annotations

import random
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assessor_app.cache import evidence, outbox, submissions
from assessor_app.clock import Clock
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.domain.annotations import Anchor, AnnotationKind, Audience, Rect, SourceKind
from assessor_app.domain.assessments import Receipt
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.ids import BankEntryId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import Artifact, EvidenceState, Submission
from assessor_app.services import assessing, comment_bank, exporting, opening_outside, own_name, proof
from assessor_app.services.context import Context
from assessor_app.services.exporting import ExportFormat, ExportWish, Stop
from assessor_app.vault.sealed_file import SealedWriter
from attacks._marked_files import MarkedFile, Markers, every_file
from tests import builders
from tests.contexts import assess, context_in

HER_NAME, HER_MAIL = "Annegret Prilblomova", "annegret@prilblomova.example"
HER_ACCOUNT = "aprilblomova"
EVENING = datetime(2026, 3, 2, 21, 47, 13, 123456, tzinfo=UTC)
_TAKEN: dict[ExportFormat, tuple[str | None, ...]] = {
    ExportFormat.PDF: (None,),
    ExportFormat.XFDF: ("art-1",),
    ExportFormat.JSON_LD: (None,),
}
"""Copies that are made: of all files together, of one, of those alone that a form can refer to."""
COMMENT = "Clear figure, well labelled."


def main(folder: Path, out: Path, seed: int) -> None:
    """Make the files, let them have arrived, and export everything."""
    files = every_file(Markers(random.Random(seed)))
    context = context_in(folder, Role.ASSESSOR, Clock())
    try:
        submission = arrived(context, files)
        own_name.set_words(context, f"{HER_NAME}\n{HER_MAIL}")
        _copies(context, submission, out)
        _opened_outside(context, submission, out)
        _proof(context, submission, out)
        _comments(context, out)
    finally:
        context.renderer.close()
        context.store.close()


def arrived(context: Context, files: tuple[MarkedFile, ...]) -> Submission:
    """A submission with these files, sealed on this computer."""
    artifacts = tuple(
        Artifact(**_described(number, file))  # type: ignore[arg-type]
        for number, file in enumerate(files, 1)
    )
    made = builders.submission()
    parts = tuple(replace(part, artifacts=artifacts) if part.artifacts else part for part in made.parts)
    made = replace(made, parts=parts)
    with context.store.write() as txn:
        submissions.put_rubric(txn, builders.rubric_version())
        submissions.put_submission(txn, made)
        submissions.put_assignment(txn, builders.assignment(role=Role.ASSESSOR))
        evidence.want(txn, made, context.clock)
        wanted = evidence.files(txn, made.id)
        key = evidence.submission_key(txn, made.id)
    for file in wanted:
        data = next(
            (one.data for one, art in zip(files, artifacts, strict=True) if art.id == file.artifact_id), None
        )
        assert data is not None
        path = evidence.path_of(context.store, file.blob_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with SealedWriter(path, submission_key=key, blob_id=file.blob_id, clock=context.clock) as writer:
            writer.write(data)
            writer.finish(expected_size=len(data), expected_sha256=file.sha256)
        with context.store.write() as txn:
            evidence.set_state(txn, file.blob_id, EvidenceState.READY)
    return made


def _described(number: int, file: MarkedFile) -> dict[str, object]:
    made = builders.artifact(number, content=file.data)
    return {
        "id": made.id,
        "filename": file.name,
        "media_type": file.media_type,
        "size_bytes": made.size_bytes,
        "sha256": made.sha256,
        "page_count": None,
    }


def _copies(context: Context, submission: Submission, out: Path) -> None:
    """Annotated copies of each file, in each form, and of all together."""
    marks = []
    for number, artifact in enumerate(_artifacts(submission), 1):
        anchor = Anchor(
            SourceKind.ARTIFACT, artifact.id, artifact.sha256, 0, 320.0, 240.0, (Rect(5, 5, 60, 60),)
        )
        mark = builders.annotation(
            number, of=submission, kind=AnnotationKind.BOX, anchor=anchor, comment=COMMENT
        )
        marks.append(replace(mark, audience=Audience.LEARNER, created_at=EVENING, modified_at=EVENING))
    for form, sources in _TAKEN.items():
        for source in sources:
            target = out / f"copy-{source or 'all'}.{form.value}"
            wish = ExportWish(
                submission.id, form, tuple(marks), frozenset({Audience.LEARNER}), source, target
            )
            exporting.export(context, wish, Stop(), lambda _done, _total: None)


def _opened_outside(context: Context, submission: Submission, out: Path) -> None:
    """What another program is handed."""
    for artifact in _artifacts(submission):
        path = opening_outside.copy_outside(context, submission.id, artifact.id)
        shutil.copyfile(path, out / f"outside-{artifact.id}{path.suffix}")
        (out / "names.txt").open("a").write(f"{path.name}\n")
    PlainFolder(context.folder, context.clock).sweep()


def _proof(context: Context, submission: Submission, out: Path) -> None:
    """What was sent, with its page."""
    assess(context, submission)
    assessing.send(context, submission.id)
    with context.store.write() as txn:
        item = outbox.items(txn)[0]
        outbox.move(txn, item.id, OutboxState.SENDING)
        receipt = Receipt(
            item.id, item.sha256, item.submission_id, context.clock.now(), "recommendation-received"
        )
        outbox.move(txn, item.id, OutboxState.ACKED, receipt=receipt)
    proof.write_proof(context, submission.id, out / "proof.pdf", with_sent=True)


def _comments(context: Context, out: Path) -> None:
    """Comments of her own; one names her, and stays here."""
    ids = []
    for number, text in enumerate((COMMENT, "Ask one more open question.")):
        entry = BankEntry(BankEntryId(context.clock.new_id()), Scope.PERSONAL, f"Comment {number}", text)
        comment_bank.keep(context, entry)
        ids.append(entry.id)
    for ending in ("csv", "json"):
        comment_bank.write_file(context, out / f"comments.{ending}", ids)


def _artifacts(submission: Submission) -> tuple[Artifact, ...]:
    return tuple(artifact for part in submission.parts for artifact in part.artifacts)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
