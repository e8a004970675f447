"""A real desk with one recording on it: store, sealed file, lanes, player."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assessor_app.cache import evidence, media_probes, submissions
from assessor_app.documents.media_probe import unpack
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Artifact, Submission
from assessor_app.services import reading
from assessor_app.services.context import Context
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.evidence_view import EvidenceView
from assessor_app.ui.viewers.media.media_viewer import MediaViewer
from tests import builders
from tests.ui.viewers.keeper import Keeper
from tests.ui.worlds import make_context, put_file

MEDIA = Path(__file__).parents[4] / "reference_platform" / "demo" / "media"
VIDEO, SOUND = MEDIA / "counters.mp4", MEDIA / "sensor.m4a"
"""Six seconds of counters on a board, 320 x 240, 12 frames a second; nine seconds of a sensor's tone."""
FRAME_MS = 1000 / 12


def recording_artifact(number: int, data: bytes, name: str) -> Artifact:
    """What the platform says of a recording."""
    made = builders.artifact(number, content=data)
    media_type = "audio/mp4" if name.endswith("m4a") else "video/mp4"
    return replace(made, filename=name, media_type=media_type, page_count=None)


class MediaDesk:
    """One submission with recordings, in a store of its own, and the view that shows them."""

    def __init__(self, folder: Path, renderer: Renderer, files: dict[str, bytes]) -> None:
        self.folder = folder
        self.renderer = renderer
        self.clock = builders.FakeClock()
        self.context: Context = make_context(folder, renderer, self.clock, Role.ASSESSOR)
        self.artifacts = [
            recording_artifact(number, data, name) for number, (name, data) in enumerate(files.items(), 1)
        ]
        self.submission = self._submission()
        with self.context.store.write() as txn:
            submissions.put_submission(txn, self.submission)
            evidence.want(txn, self.submission, self.clock)
        for artifact, data in zip(self.artifacts, files.values(), strict=True):
            self.paths_of(artifact, data)
        self.lanes = Lanes(self.context)
        self.bugs: list[str] = []
        self.lanes.bug.connect(self.bugs.append)

    def _submission(self) -> Submission:
        made = builders.submission(1)
        first, *rest = made.parts
        return replace(
            made,
            parts=(
                replace(first, artifacts=tuple(self.artifacts)),
                *(replace(part, artifacts=()) for part in rest),
            ),
        )

    def paths_of(self, artifact: Artifact, data: bytes) -> Path:
        self.context.store.evidence_folder.mkdir(parents=True, exist_ok=True)
        return put_file(self.context, self.submission, artifact.id, data)

    def view(self) -> EvidenceView:
        return EvidenceView(self.lanes, KeyTable(), reading.source_at_hand)

    def close(self) -> None:
        assert self.lanes.close()
        self.context.store.close()
        assert self.bugs == []


def opened(
    qtbot, desk: MediaDesk, index: int = 0, size=(900, 760)
) -> tuple[EvidenceView, MediaViewer, Keeper]:
    """The view with a recording whose first picture, or whose length, is there."""
    view = desk.view()
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    qtbot.waitExposed(view)
    viewer = view.media
    keeper = Keeper(view)
    view.show_artifact(desk.submission.id, desk.artifacts[index])
    qtbot.waitUntil(lambda: view.source_id != "" and is_ready(view))
    viewer.stage.frame.setFocus()
    return view, viewer, keeper


def is_ready(view: EvidenceView) -> bool:
    """Whether a card is shown, or the player has what it needs."""
    if not view._is_open(view.source_id):
        return False
    if view.viewer is view.card:
        return True
    player = view.media.playing.player
    if view.viewer is not view.media or player is None or not player.is_open:
        return False
    return player.image is not None if view.media.stage.frame.frame_size.width() else player.is_loaded


def state_of(desk: MediaDesk, index: int = 0) -> str:
    """What the store says of a recording."""
    with desk.context.store.read() as txn:
        probe = media_probes.get(txn, desk.artifacts[index].sha256)
    return "" if probe is None else probe.state.value


def strip_length(desk: MediaDesk, index: int = 0) -> int:
    """How many small pictures of a recording are kept."""
    with desk.context.store.read() as txn:
        probe = media_probes.get(txn, desk.artifacts[index].sha256)
    found = unpack(probe.document) if probe is not None else None
    return 0 if found is None else len(found[1])
