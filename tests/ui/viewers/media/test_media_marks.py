"""Marks on recordings: made by keys and pointer, moved, trimmed, found again, and hidden."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from assessor_app.domain.annotations import AnnotationKind, TimeSpan
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.annotate.visibility import NO_LAYERS
from assessor_app.ui.annotate.words import place_words
from tests.ui.viewers.media.stages import opened


@pytest.fixture
def video(desk, qtbot):
    view, viewer, keeper = opened(qtbot, desk)
    yield view, viewer, keeper
    view.show_nothing("", "")


def go(qtbot, viewer, to_ms):
    player = viewer.playing.player
    before = player.image
    viewer.playing.seek(to_ms)
    qtbot.waitUntil(lambda: player.image is not before and not player.is_seeking)


def drag(qtbot, widget, start, end):
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(widget, (start + end) / 2)
    qtbot.mouseMove(widget, end)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def key(qtbot, viewer, wanted):
    qtbot.keyClick(viewer.stage.frame, wanted)


def make_range(qtbot, viewer, start_ms, end_ms):
    go(qtbot, viewer, start_ms)
    key(qtbot, viewer, Qt.Key.Key_I)
    go(qtbot, viewer, end_ms)
    key(qtbot, viewer, Qt.Key.Key_O)


def test_a_note_stops_the_recording_and_waits_for_words(video, qtbot, desk):
    view, viewer, keeper = video
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: viewer.playing.position_ms > 700)
    key(qtbot, viewer, Qt.Key.Key_N)
    assert not viewer.playing.is_playing
    anchor = keeper.last.anchor
    assert keeper.last.kind is AnnotationKind.NOTE
    assert anchor.span.start_ms == anchor.span.end_ms > 600
    assert (anchor.source_id, anchor.source_sha256) == ("art-1", desk.artifacts[0].sha256)
    assert (anchor.page_width_pt, anchor.page_height_pt) == (320, 240)
    assert QApplication.focusWidget() is viewer.marks.box.comment
    qtbot.keyClicks(viewer.marks.box.comment, "no more I, O or N")
    viewer.flush()
    assert keeper.last.comment == "no more I, O or N"
    assert len(keeper.kept) == 1
    view.escape()
    assert viewer.stage.frame.hasFocus()


def test_a_range_is_begun_and_ended(video, qtbot):
    _, viewer, keeper = video
    key(qtbot, viewer, Qt.Key.Key_O)
    assert viewer.stage.notes.text() == "Begin the range first: press I at its start."
    assert not keeper.kept
    make_range(qtbot, viewer, 1_000, 2_500)
    assert keeper.last.kind is AnnotationKind.HIGHLIGHT
    assert keeper.last.anchor.span == TimeSpan(1_000, 2_500)
    assert viewer.stage.panel.list.item(0).text() == "0:01.0 to 0:02.5  Highlight"
    assert place_words(keeper.last, "Artifact 1.mp4") == "0:01.0 to 0:02.5 of Artifact 1.mp4"


def test_a_range_may_be_ended_before_its_start_and_escape_forgets_it(video, qtbot):
    view, viewer, keeper = video
    make_range(qtbot, viewer, 3_000, 2_000)
    assert keeper.last.anchor.span == TimeSpan(2_000, 3_000)
    view.escape()
    view.escape()
    key(qtbot, viewer, Qt.Key.Key_I)
    assert view.escape()
    assert viewer.marks.range_start is None


def test_a_range_is_trimmed_and_moved_on_the_bar(video, qtbot):
    _, viewer, keeper = video
    make_range(qtbot, viewer, 1_000, 2_000)
    bar = viewer.stage.bar
    lane = bar.lane_y()
    drag(qtbot, bar, QPoint(round(bar.x_of(2_000)), lane), QPoint(round(bar.x_of(3_500)), lane))
    assert keeper.last.anchor.span.start_ms == 1_000
    assert keeper.last.anchor.span.end_ms == pytest.approx(3_500, abs=25)
    drag(qtbot, bar, QPoint(round(bar.x_of(1_000)), lane), QPoint(round(bar.x_of(500)), lane))
    assert keeper.last.anchor.span.start_ms == pytest.approx(500, abs=25)
    length = keeper.last.anchor.span.end_ms - keeper.last.anchor.span.start_ms
    drag(qtbot, bar, QPoint(round(bar.x_of(2_000)), lane), QPoint(round(bar.x_of(9_000)), lane))
    assert keeper.last.anchor.span.end_ms == 6_000
    assert keeper.last.anchor.span.end_ms - keeper.last.anchor.span.start_ms == length


def test_times_are_typed(video, qtbot):
    _, viewer, keeper = video
    make_range(qtbot, viewer, 1_000, 2_000)
    end = viewer.stage.panel.end
    assert end.text() == "0:02.0"
    end.setFocus()
    end.selectAll()
    qtbot.keyClicks(end, "4.25")
    qtbot.keyClick(end, Qt.Key.Key_Return)
    assert keeper.last.anchor.span == TimeSpan(1_000, 4_250)
    start = viewer.stage.panel.start
    start.setFocus()
    start.selectAll()
    qtbot.keyClicks(start, "never")
    qtbot.keyClick(start, Qt.Key.Key_Return)
    assert start.text() == "0:01.0"
    assert keeper.last.anchor.span == TimeSpan(1_000, 4_250)


def test_return_puts_a_box_in_the_middle_of_the_frame(video, qtbot):
    view, viewer, keeper = video
    go(qtbot, viewer, 4_500)
    view.run("tool.box")
    qtbot.keyClick(viewer.stage.frame, Qt.Key.Key_Return)
    mark = keeper.last
    rect, size = mark.anchor.rects[0], viewer.stage.frame.frame_size
    assert mark.kind is AnnotationKind.BOX
    assert (rect.x0 + rect.x1, rect.y0 + rect.y1) == pytest.approx((size.width(), size.height()), abs=2)
    assert abs(mark.anchor.span.start_ms - 4_500) < 100


def test_a_region_of_a_frame_is_drawn_seen_there_alone_and_resized(video, qtbot):
    view, viewer, keeper = video
    go(qtbot, viewer, 4_500)
    view.run("tool.box")
    frame = viewer.stage.frame
    picture = frame.picture_rect()
    scale = picture.width() / 320

    def at(x, y):
        return (picture.topLeft() + QPointF(x, y) * scale).toPoint()

    drag(qtbot, frame, at(20, 90), at(150, 200))
    mark = keeper.last
    assert mark.kind is AnnotationKind.BOX
    rect = mark.anchor.rects[0]
    assert (rect.x0, rect.y0, rect.x1, rect.y1) == pytest.approx((20, 90, 150, 200), abs=1)
    assert mark.anchor.span == TimeSpan(4_500, 4_500)
    viewer.marks.box.hide()
    edge = frame.to_view(rect)

    def is_framed():
        image = frame.grab().toImage()
        middle = QPointF(edge.center().x() + 7 * scale, edge.top()).toPoint()
        near = [image.pixelColor(middle.x(), middle.y() + dy).name() for dy in (-1, 0, 1)]
        return fill_of("yellow") in near

    assert is_framed()
    drag(qtbot, frame, at(150, 200), at(180, 220))
    assert keeper.last.anchor.rects[0].x1 == pytest.approx(180, abs=1.5)
    assert keeper.last.anchor.rects[0].x0 == pytest.approx(20, abs=1)
    go(qtbot, viewer, 1_000)
    assert not is_framed()
    viewer.stage.panel.list.itemClicked.emit(viewer.stage.panel.list.item(0))
    qtbot.waitUntil(lambda: viewer.playing.position_ms == 4_500 and not viewer.playing.player.is_seeking)
    viewer.marks.box.hide()
    assert is_framed()


def test_a_mark_in_the_list_is_gone_to_and_told(video, qtbot):
    _, viewer, _ = video
    make_range(qtbot, viewer, 1_000, 2_000)
    go(qtbot, viewer, 5_000)
    viewer.show_picked([])
    picked: list[tuple[str, ...]] = []
    viewer.marks_picked.connect(picked.append)
    rows = viewer.stage.panel.list
    rows.setFocus()
    rows.setCurrentRow(0)
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert viewer.playing.position_ms == 1_000
    assert picked[-1] == ("mark-1",)
    viewer.show_picked([])
    assert len(picked) == 1


def test_a_mark_that_is_gone_to_before_the_recording_is_open_is_shown_then(desk, qtbot):
    view, viewer, keeper = opened(qtbot, desk)
    make_range(qtbot, viewer, 2_000, 3_000)
    mark = keeper.last
    view.show_nothing("", "")
    view.set_annotations([mark])
    view.select_annotation(mark)
    view.show_artifact(desk.submission.id, desk.artifacts[0])
    qtbot.waitUntil(lambda: view.viewer is viewer and viewer.playing.position_ms == 2_000)
    assert viewer.marks.selected == mark
    qtbot.waitUntil(lambda: viewer.playing.player is not None and viewer.playing.player.image is not None)
    view.show_nothing("", "")


def test_the_selected_range_repeats(video, qtbot):
    _, viewer, _ = video
    key(qtbot, viewer, Qt.Key.Key_L)
    assert viewer.stage.notes.text() == "Select a range to repeat it."
    make_range(qtbot, viewer, 1_000, 1_600)
    viewer.stage.frame.setFocus()
    key(qtbot, viewer, Qt.Key.Key_L)
    assert viewer.stage.controls.button("media.loop").isChecked()
    moments: list[int] = []
    viewer.playing.player.position_changed.connect(moments.append)
    viewer.playing.toggle()
    qtbot.wait(2_500)
    assert viewer.playing.is_playing
    assert max(moments) < 2_300
    assert sum(later < earlier for earlier, later in itertools.pairwise(moments)) >= 2


def test_colour_delete_and_what_is_somebody_elses(video, qtbot):
    view, viewer, keeper = video
    make_range(qtbot, viewer, 1_000, 2_000)
    viewer.stage.frame.setFocus()
    key(qtbot, viewer, Qt.Key.Key_5)
    assert keeper.last.colour == "blue"
    other = replace(keeper.last, id=AnnotationId("theirs"), colour="green")
    viewer.set_annotations((keeper.last, other), frozenset({other.id}))
    viewer.select_annotation(other.id)
    key(qtbot, viewer, Qt.Key.Key_Delete)
    assert "theirs" not in keeper.changes
    assert viewer.marks.selected == other
    viewer.select_annotation(AnnotationId("mark-1"))
    viewer.stage.frame.setFocus()
    key(qtbot, viewer, Qt.Key.Key_Delete)
    assert not keeper.kept
    viewer.set_annotations((other,), frozenset({other.id}))
    assert len(viewer.marks.marks()) == 1
    viewer.set_layers(NO_LAYERS)
    assert not viewer.marks.marks()
    view.set_editable(False)
    key(qtbot, viewer, Qt.Key.Key_N)
    assert len(keeper.drafts) == 1
    assert not viewer.stage.controls.button("media.note").isVisible()


def test_loading_marks_tells_nobody(video, qtbot):
    view, viewer, keeper = video
    make_range(qtbot, viewer, 1_000, 2_000)
    mark, made, changed = keeper.last, len(keeper.drafts), len(keeper.changes)
    view.set_annotations([mark])
    viewer.select_annotation(mark.id)
    view.flush()
    assert (len(keeper.drafts), len(keeper.changes)) == (made, changed)


def test_a_mark_behind_the_end_is_told_as_not_found_and_placed_anew(video, qtbot):
    _, viewer, keeper = video
    make_range(qtbot, viewer, 1_000, 2_000)
    told: list[tuple[str, frozenset[str]]] = []
    viewer.places_known.connect(lambda source_id, ids, _moved: told.append((source_id, ids)))
    anchor = replace(keeper.last.anchor, span=TimeSpan(60_000, 61_000))
    lost = replace(keeper.last, id=AnnotationId("lost"), anchor=anchor)
    viewer.set_annotations((keeper.last, lost))
    assert told == [("art-1", frozenset({"lost"}))]
    assert not viewer.select_annotation(lost.id)
    go(qtbot, viewer, 3_000)
    placed = viewer.anchor_here(lost)
    assert placed.span == TimeSpan(3_000, 4_000)
    assert (placed.source_id, placed.page_width_pt) == ("art-1", 320)


def test_layers_are_hidden_from_the_bar_of_controls(video, qtbot):
    view, viewer, _ = video
    make_range(qtbot, viewer, 1_000, 2_000)
    viewer.escape()
    viewer.escape()
    view.run("layers.hide")
    assert not viewer.marks.marks()
    view.run("layers.hide")
    assert len(viewer.marks.marks()) == 1
