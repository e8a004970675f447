"""One person's desk for tests: a real store with work in it, the real renderer, real lanes, a still clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pytestqt.qtbot import QtBot

from assessor_app.cache import evidence, submissions
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect, SourceKind
from assessor_app.domain.assessments import Decision, Recommendation
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import EvidenceState, Part, Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.context import Context
from assessor_app.sync.transport import Transport
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.approver import ApproverWorkspace
from assessor_app.ui.workspaces.base import Workspace
from assessor_app.vault.sealed_file import SealedWriter
from tests import builders
from tests.stores import open_store
from tests.ui.viewers.evidence_files import lesson_pdf

W = TypeVar("W", bound=Workspace)


@dataclass
class World:
    """A profile with one role's work, and the lanes on it."""

    store: Store
    context: Context
    lanes: Lanes
    clock: builders.FakeClock

    def read(self, query):
        """What the store holds now, through a real service."""
        return query(self.context)


def on_screen(qtbot: QtBot, workspace: W) -> W:
    """A workspace in a window of the size that small laptops leave, in front, once its submission is read."""
    qtbot.addWidget(workspace)
    workspace.resize(1100, 720)
    workspace.show()
    workspace.activateWindow()
    what = "brief" if isinstance(workspace, ApproverWorkspace) else "opened"
    qtbot.waitUntil(lambda: getattr(workspace, what) is not None)
    return workspace


def lesson_bytes() -> bytes:
    """The same report each time it is asked for."""
    return lesson_pdf(6)


def make_context(folder: Path, renderer: Renderer, clock: Clock, role: Role) -> Context:
    """A context whose platform is never there: everything that these windows do works offline."""
    store = open_store(folder, clock)
    return Context(
        store=store,
        transport=Transport("http://127.0.0.1:9"),
        renderer=renderer,
        clock=clock,
        role=role,
        origin="http://127.0.0.1:9",
        folder=folder,
    )


def lesson_submission(
    rubric: RubricVersion | None = None, *, pdf: bytes | None = None, **changes
) -> Submission:
    """Submission 1 whose first artifact is a real PDF."""
    made = builders.submission(1, rubric=rubric, **changes)
    real = builders.artifact(1, content=pdf or lesson_bytes())
    real = replace(real, filename="Artifact 1.pdf", page_count=6)
    parts = tuple(_with_artifact(part, real) for part in made.parts)
    return replace(made, parts=parts)


def _with_artifact(part: Part, artifact) -> Part:
    return replace(part, artifacts=(artifact, *part.artifacts[1:])) if part.artifacts else part


def put_work(
    context: Context,
    submission: Submission,
    rubric: RubricVersion,
    *,
    pdf: bytes | None = None,
    sampled: bool = False,
    recommendations: tuple[Recommendation, ...] = (),
    decisions: tuple[Decision, ...] = (),
) -> None:
    """What a pull and a download leave behind: the submission, its rubric, its first file ready to read."""
    data = pdf or lesson_bytes()
    with context.store.write() as txn:
        submissions.put_rubric(txn, rubric)
        submissions.put_submission(txn, submission)
        submissions.put_assignment(txn, builders.assignment(1, context.role, sampled=sampled))
        evidence.want(txn, submission, context.clock)
        key = evidence.submission_key(txn, submission.id)
        first = evidence.files(txn, submission.id)[0]
        for number, recommendation in enumerate(recommendations, 1):
            submissions.put_recommendation(txn, recommendation, number)
        for number, decision in enumerate(decisions, 1):
            submissions.put_decision(txn, decision, number)
    path = evidence.path_of(context.store, first.blob_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with SealedWriter(path, submission_key=key, blob_id=first.blob_id, clock=context.clock) as writer:
        writer.write(data)
        writer.finish(expected_size=len(data), expected_sha256=first.sha256)
    with context.store.write() as txn:
        evidence.set_state(txn, first.blob_id, EvidenceState.READY)


def box_mark(submission: Submission, number: int = 1, **changes) -> Annotation:
    """A box around the figure on page 2 of the first artifact."""
    source = next(a for part in submission.parts for a in part.artifacts)
    anchor = Anchor(
        SourceKind.ARTIFACT, source.id, source.sha256, 1, 595.0, 842.0, (Rect(72, 380, 523, 640),)
    )
    made = builders.annotation(number, of=submission, kind=AnnotationKind.BOX, anchor=anchor, comment="")
    return replace(made, **changes)


def put_file(context: Context, submission: Submission, artifact_id: str, data: bytes) -> Path:
    """What a download of one more file leaves behind; returns where its sealed copy lies."""
    with context.store.read() as txn:
        file = next(f for f in evidence.files(txn, submission.id) if f.artifact_id == artifact_id)
        key = evidence.submission_key(txn, submission.id)
    path = evidence.path_of(context.store, file.blob_id)
    with SealedWriter(path, submission_key=key, blob_id=file.blob_id, clock=context.clock) as writer:
        writer.write(data)
        writer.finish(expected_size=len(data), expected_sha256=file.sha256)
    with context.store.write() as txn:
        evidence.set_state(txn, file.blob_id, EvidenceState.READY)
    return path
