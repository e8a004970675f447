"""A day's work on evidence with planted words: run as a process of its own, which stops where it is told to.

`python -m attacks._planted_day FOLDER ORIGIN PART`: PART is "day" for all of it, "convert" for one more
conversion, "start" for opening and closing alone. At each stop it says the stop's name and waits for a line;
the attack looks through its files meanwhile.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path

from assessor_app.cache import sync_state
from assessor_app.clock import Clock
from assessor_app.diagnostics import start_logging
from assessor_app.documents.converter import Converter
from assessor_app.documents.office_program import OfficeProgram
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.domain.annotations import Anchor, AnnotationKind, Audience, Rect, SourceKind
from assessor_app.domain.assessments import ArtifactFeedback, CriterionFeedback, Rating
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.ids import BankEntryId, CriterionId, SubmissionId
from assessor_app.domain.inbox_filter import InboxFilter, SavedView
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Artifact, Submission
from assessor_app.errors import KnownError
from assessor_app.services import (
    annotating,
    asking,
    assessing,
    comment_bank,
    exporting,
    opening,
    opening_outside,
    own_name,
    page_texts,
    reading,
    renditions,
    saved_views,
    searching,
    syncing,
)
from assessor_app.services.context import Context
from assessor_app.services.exporting import ExportFormat, ExportWish, Stop
from assessor_app.sync import auth
from attacks._planted_files import TYPED, words
from tests import builders
from tests.contract.running import lasting_token
from tests.contract.small_content import CRITERIA, FIRST
from tests.stores import DATABASE_KEY, dump

SID = SubmissionId(FIRST)
_CONVERTED = "Artifact 2.docx"


def main(folder: Path, origin: str, part: str) -> None:
    """Live through it."""
    start_logging(folder / "logs", level=logging.DEBUG)
    profile = folder / "data" / "profile"
    profile.mkdir(parents=True, exist_ok=True)
    context = opening.open_context(profile, DATABASE_KEY, origin=origin, role=Role.ASSESSOR, clock=Clock())
    if part == "start":
        stop("started")
    elif part == "convert":
        _convert(context, folder, reading.open_submission(context, SID).submission)
    else:
        _day(context, folder)
    opening.close_context(context)
    stop("closed")


def stop(name: str) -> None:
    """Say where we are and wait."""
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def _day(context: Context, folder: Path) -> None:
    with context.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, lasting_token("anna"))
    status = syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    sys.stdout.write(f"synced {status.state.value}\n")
    artifacts = _read(context)
    _write(context, artifacts)
    _convert(context, folder, reading.open_submission(context, SID).submission)
    _export(context, folder.parent / "out")
    missing = [
        where for where, text in words().items() if where in TYPED and text not in repr(dump(context.store))
    ]
    sys.stdout.write(f"missing in the store: {missing}\n")
    stop("working")
    for artifact in artifacts[:2]:
        try:
            opening_outside.copy_outside(context, SID, artifact.id)
        except KnownError as error:
            logging.getLogger("assessor_app.attack").debug("not handed over", exc_info=error)
    stop("outside")


def _convert(context: Context, folder: Path, submission: Submission) -> None:
    """Have a copy made of an office file; the program says itself when it is at work, and waits."""
    program = folder.parent / "soffice"
    plain = PlainFolder(context.folder, context.clock)
    converter = Converter(plain, context.clock, find=lambda: OfficeProgram(program, "Stand-in 1"))
    office = next(one for part in submission.parts for one in part.artifacts if one.filename == _CONVERTED)
    renditions.make_copy(replace(context, converter=converter), SID, office.id, lambda: False)


def _read(context: Context) -> list[Artifact]:
    """Open, draw and search everything."""
    opened = reading.open_submission(context, SID)
    artifacts = [artifact for part in opened.submission.parts for artifact in part.artifacts]
    for artifact in artifacts:
        try:
            source = reading.evidence_source(context, SID, artifact.id)
            info = context.renderer.open(source)
            for page in range(len(info.pages)):
                context.renderer.render(source, page, 1.0)
                page_texts.keep(context, source.blob_id, [context.renderer.text(source, page)])
            if not info.pages:
                context.renderer.read_text(source)
        except KnownError as error:
            logging.getLogger("assessor_app.attack").debug("not shown", exc_info=error)
    while searching.left(context):
        searching.index_some(context)
    for text in words().values():
        searching.find(context, text)
    return artifacts


def _write(context: Context, artifacts: list[Artifact]) -> None:
    """Judge, mark and note, in every box there is."""
    said = words()
    assessing.save_rating(context, SID, Rating(CriterionId(CRITERIA[0]), "demonstrated"))
    unreadable = Rating(CriterionId(CRITERIA[1]), not_scorable="unreadable", note=said["note on a criterion"])
    assessing.save_rating(context, SID, unreadable)
    feedback = CriterionFeedback(CriterionId(CRITERIA[0]), said["feedback"], seen=said["what was seen"])
    assessing.save_feedback(context, SID, feedback)
    assessing.save_artifact_feedback(
        context, SID, ArtifactFeedback(artifacts[0].id, said["feedback on a file"])
    )
    assessing.save_overall(context, SID, said["overall"])
    assessing.save_note(context, SID, said["note to the approver"])
    anchor = Anchor(
        SourceKind.ARTIFACT, artifacts[0].id, artifacts[0].sha256, 0, 595.0, 842.0, (Rect(9, 9, 90, 90),)
    )
    mark = builders.annotation(1, kind=AnnotationKind.BOX, anchor=anchor, comment=said["comment of a mark"])
    annotating.put(context, replace(mark, submission_id=SID, audience=Audience.LEARNER), "Box")
    entry = BankEntry(
        BankEntryId(context.clock.new_id()), Scope.PERSONAL, said["title of a comment"], said["comment"]
    )
    comment_bank.keep(context, entry)
    own_name.set_words(context, said["word of her own"])
    asking.keep_unsent(context, SID, said["question that was not sent"])
    view = SavedView("view-1", said["name of a view"], InboxFilter(text=said["search of a view"]))
    saved_views.save_views(context, [view])


def _export(context: Context, out: Path) -> None:
    """Drafts leave for a folder that is hers; it is not looked through here."""
    out.mkdir(exist_ok=True)
    opened = reading.open_submission(context, SID)
    for form in (ExportFormat.PDF, ExportFormat.JSON_LD):
        target = out / f"copy.{form.value}"
        wish = ExportWish(SID, form, tuple(opened.annotations), frozenset(Audience), None, target)
        exporting.export(context, wish, Stop(), lambda _done, _total: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
