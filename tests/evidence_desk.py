"""A real desk laid with files of any kind: store, sealed files, lanes, and the assessor's window on them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from assessor_app.cache import evidence, submissions
from assessor_app.clock import Clock
from assessor_app.documents.cards import REASONS, card_for
from assessor_app.documents.converter import Converter
from assessor_app.documents.limits import Limits
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Artifact, EvidenceState, Part, Rendition, Submission
from assessor_app.services.context import Context
from assessor_app.sync.transport import Transport
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from assessor_app.vault.sealed_file import SealedWriter
from tests import builders
from tests.stores import open_store

PATIENCE_MS = 30_000
NOWHERE = "http://127.0.0.1:9"
REASON_OF = {card_for(reason).title: reason for reason in sorted(REASONS)}
REASON_OF["This file cannot be shown here"] = "unknown_kind"
"""A card's reason by its title."""


@dataclass(frozen=True)
class Piece:
    """A file of evidence as it was handed in, and the platform's PDF copy of it where there is one."""

    key: str
    """Artifact id within its submission."""
    filename: str
    media_type: str
    data: bytes
    pdf_copy: bytes | None = None
    page_count: int | None = None

    def artifact(self) -> Artifact:
        """What the platform says about it."""
        copy = self.pdf_copy
        rendition = () if copy is None else (_copy_of(copy),)
        return Artifact(
            id=ArtifactId(self.key),
            filename=self.filename,
            media_type=self.media_type,
            size_bytes=len(self.data),
            sha256=sha256_hex(self.data),
            page_count=self.page_count,
            renditions=rendition,
        )


def _copy_of(data: bytes) -> Rendition:
    return Rendition("application/pdf", sha256_hex(data), len(data), "LibreOffice")


def submission_of(pieces: Sequence[Piece], number: int = 1, *, earlier: Sequence[Piece] = ()) -> Submission:
    """Submission `number` with these files, all handed in to its second requirement.

    Args:
        pieces: its files.
        number: of the submission.
        earlier: files of an attempt before this one, handed in to the same requirement.
    """
    made = builders.submission(number, rubric=builders.rubric_version())
    files = tuple(piece.artifact() for piece in pieces)
    first, second, *others = made.parts
    parts = (first, replace(second, artifacts=files), *(replace(part, artifacts=()) for part in others))
    if not earlier:
        return replace(made, parts=parts)
    before = Part(second.requirement_id, artifacts=tuple(piece.artifact() for piece in earlier))
    prior = replace(builders.prior_attempt(), parts=(before,))
    return replace(made, parts=parts, attempt=2, prior=(prior,))


def put_pieces(context: Context, submission: Submission, pieces: Sequence[Piece]) -> None:
    """What a pull and the downloads leave behind: the submission is known, its files are ready to read."""
    store, number = context.store, int(submission.code.removeprefix("S-"), 16)
    with store.write() as txn:
        submissions.put_rubric(txn, builders.rubric_version())
        submissions.put_submission(txn, submission)
        submissions.put_assignment(txn, builders.assignment(number, context.role))
        evidence.want(txn, submission, context.clock)
        key = evidence.submission_key(txn, submission.id)
        files = evidence.files(txn, submission.id)
    contents = {(piece.key, False): piece.data for piece in pieces}
    contents |= {(piece.key, True): piece.pdf_copy for piece in pieces if piece.pdf_copy is not None}
    for file in files:
        path = evidence.path_of(store, file.blob_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with SealedWriter(path, submission_key=key, blob_id=file.blob_id, clock=context.clock) as writer:
            writer.write(contents[file.artifact_id, file.is_rendition])
            writer.finish(expected_size=file.size_bytes, expected_sha256=file.sha256)
    with store.write() as txn:
        for file in files:
            evidence.set_state(txn, file.blob_id, EvidenceState.READY)


class EvidenceDesk:
    """Store, renderer and lanes in a folder, and one workspace at a time on them."""

    def __init__(self, folder: Path, *, limits: Limits | None = None, converts: bool = False) -> None:
        """Start the worker and open an empty store.

        Args:
            folder: an empty folder.
            limits: what a file may cost; the program's own if None.
            converts: whether copies of office files are made, where there is a program for it.
        """
        self.clock = builders.FakeClock()
        self.renderer = Renderer(limits=limits) if limits is not None else Renderer()
        self.renderer.warm_up()
        self.context = Context(
            store=open_store(folder, self.clock),
            transport=Transport(NOWHERE),
            renderer=self.renderer,
            clock=self.clock,
            role=Role.ASSESSOR,
            origin=NOWHERE,
            folder=folder,
            converter=Converter(PlainFolder(folder, Clock()), Clock()) if converts else None,
        )
        self.lanes = Lanes(self.context, clock=self.clock)
        self.bugs: list[str] = []
        self.lanes.bug.connect(self._note_bug)

    def open(self, submission: Submission, *, wait_ms: int = PATIENCE_MS) -> AssessorWorkspace:
        """The assessor's workspace on a submission, read but not shown yet."""
        workspace = AssessorWorkspace(self.lanes, submission.id, self.clock.now)
        if not wait_until(lambda: workspace.opened is not None, wait_ms):
            raise TimeoutError("the submission was not read")
        return workspace

    def close(self) -> None:
        """End everything."""
        self.lanes.close()
        self.renderer.close()
        self.context.store.close()

    def _note_bug(self, details: str) -> None:
        self.bugs.append(details)
        sys.stderr.write(details)


def pause(milliseconds: int) -> None:
    """Let the windows live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(look: Callable[[], bool], milliseconds: int) -> bool:
    """Let the windows live until something is true; whether it became so in time."""
    if look():
        return True
    loop = QEventLoop()
    beat, guard = QTimer(interval=5), QTimer(singleShot=True, interval=milliseconds)
    beat.timeout.connect(lambda: loop.exit(1) if look() else None)
    guard.timeout.connect(loop.quit)
    beat.start()
    guard.start()
    became_so = loop.exec() == 1
    beat.stop()
    return became_so


class Reader:
    """Opens one piece of evidence after the other in a workspace, as a person does, and waits for it."""

    def __init__(self, workspace: AssessorWorkspace) -> None:
        """Listen to the viewer."""
        self.workspace = workspace
        self.view = workspace.document.view
        self._opened = ""
        self.view.opened.connect(self._note)

    def choose(self, key: str, *, kind: str = "artifact") -> bool:
        """Go to a line of the list of evidence.

        Args:
            key: id of the artifact, response or link.
            kind: which of the three it is.

        Returns:
            Whether there is such a line.
        """
        self._opened = ""
        return bool(self.workspace.evidence.select(f"{kind}:{key}"))

    def is_up(self, key: str) -> bool:
        """Whether the piece chosen has its viewer, or its card."""
        return self._opened == key

    def is_settled(self, key: str) -> bool:
        """Whether it is up and everything is drawn that is wanted now."""
        return self.is_up(key) and self.view.pages.supply.pending == 0

    @property
    def card_reason(self) -> str:
        """Why the piece in front is not shown; empty if it is."""
        if self.view.viewer is not self.view.card:
            return ""
        title = self.view.card.title.text()
        return REASON_OF.get(title, title)

    def _note(self, source_id: str) -> None:
        self._opened = source_id
