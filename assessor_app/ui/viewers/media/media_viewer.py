"""The viewer of video and sound: plays one recording in place and keeps marks on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.documents.pages import DocumentInfo
from assessor_app.documents.sniff import RECORDINGS
from assessor_app.domain.annotations import Anchor, Annotation, Rect
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.services.recordings import Recording
from assessor_app.ui.annotate.drafts import COLOUR_KEYS
from assessor_app.ui.annotate.visibility import LayerVisibility
from assessor_app.ui.keys import Context, KeyTable
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.base import Command, FileViewer, OpenedFile, Preparation
from assessor_app.ui.viewers.call import Call
from assessor_app.ui.viewers.layer_menu import LayerSwitches
from assessor_app.ui.viewers.media.media_marks import MediaMarks
from assessor_app.ui.viewers.media.playing import Playing
from assessor_app.ui.viewers.media.stage import Stage
from assessor_app.ui.viewers.media.strip_maker import StripMaker
from assessor_app.ui.viewers.media.trial import Trial

_JUMP_MS = 5_000
_POINTER, _BOX = "tool.pointer", "tool.box"


class MediaViewer(FileViewer):
    """Stage, player and marks of one recording.

    Args:
        lanes: where it is tried, and where it is noted as open.
        table: words and keys.
        parent: Qt parent.
    """

    def __init__(self, lanes: Lanes, table: KeyTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._insists = False
        self._trial = Trial()
        self._can_draw = False
        self._tool = _POINTER
        self.stage = Stage(table, self.run, self)
        self.playing = Playing(lanes, self.stage, self)
        self.strip = StripMaker(lanes, self)
        self.marks = MediaMarks(self, self)
        self.layers = LayerSwitches(self, self.stage.controls.layers)
        self._commands = {**self._make_commands(), **self.layers.commands()}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stage)
        self.setFocusProxy(self.stage)
        _add_actions(table, self._commands, self.stage)
        self._connect()
        self.set_editable(True)

    # ---- a recording ----

    @staticmethod
    def shows(info: DocumentInfo) -> bool:
        """Video and sound."""
        return info.kind in RECORDINGS

    def preparation(self, width_px: int) -> Preparation:
        """Try the recording in a child that may be killed."""
        del width_px
        # Another file is opened: nobody waits for the answer any more, and the lane is needed.
        self._trial.stop()
        self._trial, self._insists = Trial(insists=self._insists), False
        return self._trial.run

    def insist(self) -> None:
        """The person wants a recording all the same."""
        self._insists = True

    def open_file(self, opened: OpenedFile) -> None:
        """Show a recording that passed its trial; it plays when asked to."""
        recording: Recording = opened.prepared
        self._can_draw = recording.facts.has_video
        self.stage.open(one_line(opened.source.name), recording.facts)
        self.marks.open(opened.source_id, opened.source.sha256, recording.facts)
        self.take(_POINTER)
        self.playing.open(recording, opened.source.sha256)
        self.strip.open(recording, opened.source)

    def close_file(self) -> None:
        """Let go of the recording."""
        self.strip.close()
        self.playing.close()
        self.marks.close()

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of this recording."""
        self.marks.set_annotations(annotations, read_only)
        self.stage.controls.layers.offer(mine=not read_only, assessor=bool(read_only))
        self.places_known.emit(self.marks.source_id, self.marks.not_found, {})

    def anchor_here(self, mark: Annotation) -> Anchor | None:
        """From the moment that is seen on."""
        return self.marks.anchor_at(self.playing.moment_ms, mark)

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to."""
        self.marks.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self.marks.set_editable(is_editable)
        self.stage.set_editable(is_editable)
        if not is_editable:
            self.take(_POINTER)

    def go_to(self, anchor: Anchor) -> None:
        """Show a moment."""
        if anchor.span is not None:
            self.playing.seek(anchor.span.start_ms)

    def select_annotation(self, annotation_id: AnnotationId) -> bool:
        """Stop, go to a mark and select it."""
        if not self.marks.select(annotation_id):
            return False
        selected = self.marks.selected
        if selected is not None and selected.anchor.span is not None:
            self.playing.pause()
            self.playing.seek(selected.anchor.span.start_ms)
        return True

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select the mark that was picked elsewhere."""
        self.marks.show_picked(annotation_ids)

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide layers of marks."""
        self.marks.set_layers(layers)
        self.layers.show_layers(layers)

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.marks.discard_pending()

    def flush(self) -> None:
        """Hand on the comment that is being typed."""
        self.marks.flush()

    def escape(self) -> bool:
        """One step out: a drag, the comment, the selection, the tool."""
        if self.stage.frame.cancel() or self.marks.escape():
            return True
        if self._tool != _POINTER:
            self.take(_POINTER)
            return True
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """In front again: it may play."""
        super().showEvent(event)
        self.playing.note_open()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever looks elsewhere hears nothing more of it."""
        super().hideEvent(event)
        self.playing.pause()
        self.playing.note_closed()

    # ---- verbs ----

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return self._commands

    def run(self, entry_id: str) -> None:
        """Run the command of an id."""
        self._commands[entry_id]()

    def take(self, tool: str) -> None:
        """Take a tool; the key of the one that is on puts it away."""
        is_wanted = tool == _BOX and self._tool != _BOX
        self._tool = _BOX if is_wanted and self._can_draw and self.marks.may_change("") else _POINTER
        if self._tool == _BOX:
            self.playing.pause()
        self.stage.frame.set_drawing(self._tool == _BOX)
        self.stage.controls.show_tool(self._tool)
        self.tool_changed.emit(self._tool)

    def note_here(self) -> None:
        """Stop and write a note at this moment."""
        self.playing.pause()
        self.marks.note_at(self.playing.moment_ms)

    def begin_range(self) -> None:
        """Begin a range at this moment."""
        self.stage.say("")
        self.marks.begin_range(self.playing.moment_ms)

    def end_range(self) -> None:
        """End the range that was begun."""
        if not self.marks.end_range(self.playing.moment_ms):
            key = self._table.shown("media.range_start")
            self.stage.say(self.tr("Begin the range first: press {key} at its start.").format(key=key))

    def mark_range(self) -> None:
        """The highlighter's key: begin a range, then end it."""
        if self.marks.range_start is None:
            self.begin_range()
        else:
            self.end_range()

    def toggle_loop(self) -> None:
        """Repeat the selected range, or stop repeating."""
        selected = self.marks.selected
        self.playing.toggle_loop(selected.anchor.span if selected is not None else None)

    def type_time(self) -> None:
        """Let the person type a moment to go to."""
        field = self.stage.controls.time_field
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    # ---- inside ----

    @Slot()
    def _marks_changed(self) -> None:
        marks = self.marks.marks()
        self.stage.bar.set_marks(marks)
        self.stage.bar.set_range_start(self.marks.range_start)
        self.stage.panel.show_marks(marks, self.stage.bar.maximum())
        self.stage.fit_panel()
        self._show_regions()
        self._place_box()

    @Slot()
    def _show_regions(self) -> None:
        (start, end), is_playing = self.playing.seen_ms, self.playing.is_playing
        seen = [mark for mark in self.marks.marks() if mark.is_seen_in(start, end, is_playing=is_playing)]
        self.stage.frame.set_marks(seen)

    @Slot()
    def _place_box(self) -> None:
        selected = self.marks.selected
        region = selected.anchor.rects[0] if selected is not None and selected.anchor.rects else None
        self.stage.place(self.marks.box, region)

    @Slot(str)
    def _choose(self, annotation_id: str) -> None:
        self.select_annotation(AnnotationId(annotation_id))

    @Slot(object)
    def _box_drawn(self, rect: Rect) -> None:
        self.marks.box_at(rect, self.playing.moment_ms)
        self.take(_POINTER)

    def _comment_or_box(self) -> None:
        if self._tool == _BOX:
            self._box_drawn(self.stage.frame.middle())
        else:
            self.marks.comment_selected()

    @Slot(int)
    def _go_to_typed(self, at_ms: int) -> None:
        self.playing.seek(at_ms)
        self.stage.setFocus()

    def _make_commands(self) -> dict[str, Command]:
        playing = self.playing
        commands: dict[str, Command] = {
            "media.play": playing.toggle,
            "media.mute": playing.toggle_mute,
            "media.back": Call(playing.jump, -_JUMP_MS, self).run,
            "media.forward": Call(playing.jump, _JUMP_MS, self).run,
            "media.frame_back": Call(playing.step, -1, self).run,
            "media.frame_forward": Call(playing.step, 1, self).run,
            "media.slower": Call(playing.change_speed, -1, self).run,
            "media.faster": Call(playing.change_speed, 1, self).run,
            "media.note": self.note_here,
            "media.range_start": self.begin_range,
            "media.range_end": self.end_range,
            "media.loop": self.toggle_loop,
            "page.go_to": self.type_time,
            "tool.note": self.note_here,
            "tool.highlight": self.mark_range,
            "annotation.comment": self._comment_or_box,
            "annotation.tie": self.marks.tie_selected,
            "annotation.delete": self.marks.delete_selected,
        }
        for tool in (_POINTER, _BOX):
            commands[tool] = Call(self.take, tool, self).run
        for number, colour in enumerate(COLOUR_KEYS, start=1):
            commands[f"colour.{number}"] = Call(self.marks.set_colour, colour, self).run
        return commands

    def _connect(self) -> None:
        marks, stage = self.marks, self.stage
        marks.created.connect(self.annotation_created)
        marks.edited.connect(self.marks_edited)
        marks.layers_wanted.connect(self.layers_wanted)
        marks.picked.connect(self.marks_picked)
        marks.changed.connect(self._marks_changed)
        marks.left.connect(stage.setFocus)
        marks.colour_changed.connect(self.colour_changed)
        marks.colour_changed.connect(stage.controls.show_colour)
        self.playing.moved.connect(self._show_regions)
        self.playing.read_on.connect(self.read_on)
        self.strip.came.connect(stage.bar.add_frame)
        stage.resized.connect(self._place_box)
        stage.frame.clicked.connect(self.playing.toggle)
        stage.frame.box_drawn.connect(self._box_drawn)
        stage.frame.region_chosen.connect(self._choose)
        stage.frame.region_changed.connect(marks.change_rect)
        stage.bar.seek_requested.connect(self.playing.seek)
        stage.bar.mark_chosen.connect(self._choose)
        stage.bar.span_changed.connect(marks.change_span)
        stage.panel.chosen.connect(self._choose)
        stage.panel.span_changed.connect(marks.change_span)
        stage.controls.time_field.chosen.connect(self._go_to_typed)


def _add_actions(table: KeyTable, commands: Mapping[str, Command], stage: Stage) -> None:
    """The keys that act with the focus on the picture, the bar of time or the list of marks."""
    for entry in table:
        if entry.context is Context.DOCUMENT and entry.id in commands:
            run, scope = commands[entry.id], Qt.ShortcutContext.WidgetShortcut
            action = table.action(entry.id, stage.frame, run, scope=scope)
            stage.frame.addAction(action)
            stage.bar.addAction(action)
            # Return goes to the row of the list.
            if entry.id != "annotation.comment":
                stage.panel.list.addAction(action)
