"""A recording in the assessor's real window: marks are saved, undone and found again, playing is counted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from assessor_app.cache import annotations as marks
from assessor_app.cache import reading_state
from assessor_app.domain.annotations import AnnotationKind, TimeSpan
from assessor_app.ui.scoring.link_pictures import PictureSize
from tests.evidence_desk import EvidenceDesk, Piece, Reader, put_pieces, submission_of
from tests.ui.viewers.evidence_files import colours_in
from tests.ui.viewers.media.stages import VIDEO


@pytest.fixture
def desk(qtbot, tmp_path):
    made = EvidenceDesk(tmp_path)
    yield made
    made.close()
    assert made.bugs == []


def test_marks_are_saved_undone_and_found_again(desk, qtbot):
    piece = Piece("art-video", "Artifact 1.mp4", "video/mp4", VIDEO.read_bytes())
    submission = submission_of([piece])
    put_pieces(desk.context, submission, [piece])
    workspace = desk.open(submission)
    qtbot.addWidget(workspace)
    workspace.resize(1300, 850)
    workspace.show()
    qtbot.waitExposed(workspace)
    reader = Reader(workspace)
    assert reader.choose("art-video")
    media = workspace.document.view.media
    qtbot.waitUntil(lambda: reader.is_up("art-video"))
    qtbot.waitUntil(lambda: media.playing.player is not None and media.playing.player.image is not None)

    def kept():
        with desk.context.store.read() as txn:
            return [mark for mark in marks.of_submission(txn, submission.id) if mark.anchor.span is not None]

    def go(to_ms):
        before = media.playing.player.image
        media.playing.seek(to_ms)
        qtbot.waitUntil(lambda: media.playing.player.image is not before)

    media.stage.frame.setFocus()
    go(1_000)
    qtbot.keyClick(media.stage.frame, Qt.Key.Key_I)
    go(2_500)
    qtbot.keyClick(media.stage.frame, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: len(kept()) == 1)
    (mark,) = kept()
    assert (mark.kind, mark.anchor.span) == (AnnotationKind.HIGHLIGHT, TimeSpan(1_000, 2_500))
    qtbot.waitUntil(lambda: media.marks.selected is not None)
    media.marks.change_span(mark.id, TimeSpan(1_000, 4_000))
    qtbot.waitUntil(lambda: kept()[0].anchor.span == TimeSpan(1_000, 4_000))
    workspace.undo()
    qtbot.waitUntil(lambda: kept()[0].anchor.span == TimeSpan(1_000, 2_500))
    workspace.undo()
    qtbot.waitUntil(lambda: kept() == [])
    workspace.redo()
    qtbot.waitUntil(lambda: len(kept()) == 1)
    qtbot.waitUntil(lambda: len(media.marks.annotations) == 1)
    go(100)
    media.playing.toggle()
    qtbot.waitUntil(lambda: media.playing.position_ms > 1_200)
    media.playing.toggle()

    def played():
        with desk.context.store.read() as txn:
            states = reading_state.of_submission(txn, submission.id)
            return sum(state.played_total_ms for state in states)

    qtbot.waitUntil(lambda: played() > 800)
    size = PictureSize(90, 60, 1.0)
    qtbot.waitUntil(lambda: media.stage.bar.frame_count == 20)
    qtbot.wait(100)
    workspace.pictures.forget_failures()
    qtbot.waitUntil(lambda: workspace.pictures.picture(mark, size) is not None)
    picture = workspace.pictures.picture(mark, size)
    assert (picture.width(), picture.height()) == (90, 60)
    assert len(colours_in(picture)) > 20
    workspace.close()
