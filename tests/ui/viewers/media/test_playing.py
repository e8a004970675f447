"""Real recordings in the real player: pictures, time, speed, loops, and who hears about it."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from assessor_app.domain.reading import ReadingState
from tests.ui.accessibility_walk import clipped_buttons, unnamed, without_keyboard
from tests.ui.viewers.media.stages import FRAME_MS, is_ready, opened, strip_length

pytestmark = pytest.mark.heavy
"""A quarter of a minute; the tests of marks on recordings play one at every run."""


@pytest.fixture
def video(desk, qtbot):
    view, viewer, keeper = opened(qtbot, desk)
    yield view, viewer, keeper
    view.show_nothing("", "")


def seen(viewer):
    """The picture as it is painted, in its own pixels."""
    return viewer.playing.player.image.copy()


def seek(qtbot, viewer, to_ms):
    player = viewer.playing.player
    before = player.image
    viewer.playing.seek(to_ms)
    qtbot.waitUntil(lambda: player.image is not before and not player.is_seeking)


def test_the_first_picture_is_shown_and_nothing_plays(video):
    _, viewer, _ = video
    player = viewer.playing.player
    assert (player.duration_ms, player.is_playing, player.position_ms) == (6_000, False, 0)
    shown = viewer.stage.frame.grab().toImage()
    left = shown.pixelColor(3, shown.height() // 2)
    picture = viewer.stage.frame.picture_rect()
    assert picture.width() / picture.height() == pytest.approx(4 / 3, abs=0.01)
    assert left.lightness() < 30 or picture.left() < 4


def test_playing_goes_on_and_another_picture_comes(video, qtbot):
    _, viewer, _ = video
    player, first = viewer.playing.player, seen(viewer)
    qtbot.keyClick(viewer.stage.frame, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: player.position_ms > 1_600)
    assert player.is_playing
    assert seen(viewer) != first
    assert viewer.stage.controls.button("media.play").accessibleName() == "Pause"
    qtbot.keyClick(viewer.stage.frame, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not player.is_playing)
    assert viewer.stage.bar.value() == pytest.approx(player.position_ms, abs=150)


@pytest.mark.parametrize("to_ms", [1_234, 3_000, 4_520, 5_900, 20])
def test_a_seek_shows_the_frame_of_that_moment(video, qtbot, to_ms):
    _, viewer, _ = video
    seek(qtbot, viewer, to_ms)
    start, end = viewer.playing.seen_ms
    assert start - FRAME_MS <= to_ms <= end + FRAME_MS
    assert viewer.stage.controls.time_field.text().startswith(f"0:0{to_ms // 1000}")


def test_many_seeks_at_once_end_at_the_last(video, qtbot):
    _, viewer, _ = video
    for to_ms in range(0, 6_000, 200):
        viewer.playing.seek(to_ms)
    viewer.playing.seek(2_500)
    player = viewer.playing.player
    qtbot.waitUntil(lambda: not player.is_seeking and player.position_ms == 2_500)
    start, end = viewer.playing.seen_ms
    assert start - FRAME_MS <= 2_500 <= end + FRAME_MS


def test_frames_are_stepped_both_ways(video, qtbot):
    _, viewer, _ = video
    seek(qtbot, viewer, 2_000)
    player = viewer.playing.player
    starts = [viewer.playing.seen_ms[0]]
    for key in (Qt.Key.Key_Period, Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_Comma, Qt.Key.Key_Comma):
        before = player.image
        qtbot.keyClick(viewer.stage.frame, key)
        qtbot.waitUntil(lambda before=before: player.image is not before and not player.is_seeking)
        starts.append(viewer.playing.seen_ms[0])
    steps = [round((after - before) / FRAME_MS) for before, after in itertools.pairwise(starts)]
    assert steps == [1, 1, -1, -1, -1]


def test_arrows_jump_and_typed_times_are_gone_to(video, qtbot):
    _, viewer, _ = video
    seek(qtbot, viewer, 400)
    qtbot.keyClick(viewer.stage.frame, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: viewer.playing.position_ms == 5_400)
    qtbot.keyClick(viewer.stage.bar, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: viewer.playing.position_ms == 400)
    viewer.run("page.go_to")
    field = viewer.stage.controls.time_field
    assert field.selectedText() == field.text()
    qtbot.keyClicks(field, "0:04.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert viewer.playing.position_ms == 4_500
    assert viewer.stage.frame.hasFocus()


def test_a_press_on_the_bar_goes_there(video, qtbot):
    _, viewer, _ = video
    bar = viewer.stage.bar
    at = QPoint(round(bar.x_of(3_000)), 10)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at)
    assert viewer.playing.position_ms == pytest.approx(3_000, abs=20)


def test_speed_goes_by_steps_within_its_bounds(video, qtbot):
    _, viewer, _ = video
    player = viewer.playing.player
    for _ in range(6):
        qtbot.keyClick(viewer.stage.frame, Qt.Key.Key_BracketRight)
    assert player.speed == 2.0
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: player.position_ms > 300)
    began = player.position_ms
    qtbot.wait(1_000)
    assert player.position_ms - began > 1_300
    for _ in range(9):
        qtbot.keyClick(viewer.stage.frame, Qt.Key.Key_BracketLeft)
    assert player.speed == 0.5


def test_what_was_played_is_told_and_what_was_skipped_is_not(video, qtbot):
    _, viewer, _ = video
    told: list[ReadingState] = []
    viewer.read_on.connect(told.append)
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: viewer.playing.position_ms > 900)
    viewer.playing.seek(4_000)
    qtbot.waitUntil(lambda: viewer.playing.position_ms > 4_600)
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [state.length_ms for state in told] == [6_000, 6_000]
    ((first_start, first_end),), ((second_start, second_end),) = (state.played_ms for state in told)
    assert first_start < 200
    assert 800 < first_end < 2_000
    assert 3_800 < second_start < 4_400
    assert second_end > 4_500


def test_at_the_end_it_stands_still_and_plays_again_from_the_start(video, qtbot):
    _, viewer, _ = video
    player = viewer.playing.player
    seek(qtbot, viewer, 5_500)
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: not player.is_playing and player.position_ms >= 5_900)
    assert player.image is not None
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: player.is_playing and 0 < player.position_ms < 3_000)


def test_sound_alone_plays_even_without_a_sound_device(desk, qtbot):
    view, viewer, _ = opened(qtbot, desk, 1)
    player = viewer.playing.player
    assert player is not None
    assert viewer.stage.bar.frame_count == 0
    assert viewer.stage.controls.button("media.frame_forward").isHidden()
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: player.position_ms > 700)
    if not player.sound.has_device:
        labels = viewer.stage.controls.findChildren(QLabel)
        assert "No sound device" in [label.text() for label in labels if label.isVisible()]
    view.show_nothing("", "")


def test_hidden_it_is_silent_and_shown_again_it_goes_on(video, qtbot):
    view, viewer, _ = video
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: viewer.playing.position_ms > 300)
    view.hide()
    assert not viewer.playing.is_playing
    view.show()
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: viewer.playing.is_playing)


def test_the_strip_comes_by_itself_and_is_kept(desk, video, qtbot):
    view, viewer, _ = video
    qtbot.waitUntil(lambda: viewer.stage.bar.frame_count == 20)
    view.show_nothing("", "")
    qtbot.waitUntil(lambda: strip_length(desk) == 20)
    view.show_artifact(desk.submission.id, desk.artifacts[0])
    qtbot.waitUntil(lambda: view.viewer is viewer and viewer.stage.bar.frame_count == 20)
    assert viewer.strip._recording.child is None


def test_another_recording_takes_the_place(desk, video, qtbot):
    view, viewer, _ = video
    viewer.playing.toggle()
    view.show_artifact(desk.submission.id, desk.artifacts[1])
    player = viewer.playing.player
    qtbot.waitUntil(lambda: player.duration_ms == 9_000 and player.is_loaded)
    assert not player.is_playing
    assert viewer.stage.frame.frame_size.isEmpty()


def test_everything_has_a_name_for_screen_readers(video, qtbot):
    _, viewer, _ = video
    viewer.marks.note_at(1_000)
    qtbot.waitUntil(lambda: viewer.marks.selected is not None)
    assert unnamed(viewer) == []
    assert clipped_buttons(viewer) == []
    assert without_keyboard(viewer) == []
    assert viewer.stage.frame.accessibleName() == "Artifact 1.mp4. Video, 0:06.0"
    assert QAccessible.queryAccessibleInterface(viewer.stage.bar).role() is QAccessible.Role.Slider


def test_a_seek_in_a_sound_tells_the_moment_and_nothing_is_said_on_the_terminal(desk, qtbot, capfd):
    view, viewer, _ = opened(qtbot, desk)
    view.show_artifact(desk.submission.id, desk.artifacts[1])
    qtbot.waitUntil(lambda: view.source_id == desk.artifacts[1].id and is_ready(view))
    player = viewer.playing.player
    assert player is not None
    qtbot.waitUntil(lambda: player.is_loaded)
    told: list[int] = []
    player.position_changed.connect(told.append)
    capfd.readouterr()
    player.seek(3_000)
    assert told[:1] == [3_000]
    assert "NoneType" not in "".join(capfd.readouterr())
    view.show_nothing("", "")
