"""Playing one recording: noted as open before it is loaded, noted as closed when it is out of sight."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.domain.annotations import TimeSpan
from assessor_app.domain.reading import ReadingState
from assessor_app.services import recordings
from assessor_app.services.recordings import Recording
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.media.stage import Stage

if TYPE_CHECKING:
    from assessor_app.ui.viewers.media.player import Player


class Playing(QObject):
    """The player of a stage. Qt Multimedia is loaded with the first recording.

    Args:
        lanes: where it is noted that a recording is open.
        stage: shows picture, time and sound.
        parent: Qt parent.
    """

    moved = Signal()
    """Another moment or picture, or it plays, or not."""
    read_on = Signal(object)
    """ReadingState: what was played just now, without a source id."""

    def __init__(self, lanes: Lanes, stage: Stage, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes, self._stage = lanes, stage
        self.player: Player | None = None
        self._recording: Recording | None = None
        self._sha256 = ""
        self._is_noted = self._is_loaded = False
        self._wish_ms: int | None = None

    # ---- a recording ----

    def open(self, recording: Recording, sha256: str) -> None:
        """Begin with a recording: noted as open first, then loaded.

        Args:
            recording: passed its trial.
            sha256: digest of its content.
        """
        self._recording, self._sha256 = recording, sha256
        self._is_loaded, self._wish_ms = False, None
        self.note_open()

    def close(self) -> None:
        """Let go of the recording, and note that it was left in good order."""
        if self.player is not None:
            self.player.close()
        if self._recording is not None and not self._is_loaded:
            self._recording.stream.close()
        self.note_closed()
        self._recording = None

    def note_open(self) -> None:
        """Note that the recording goes into the player, and load it once that is committed."""
        if self._recording is None or self._is_noted:
            return
        self._is_noted = True
        sha256 = self._sha256
        self._lanes.write(
            lambda context: recordings.note_open(context, sha256),
            owner=self,
            done=self._load,
            background=True,
        )

    def note_closed(self) -> None:
        """Note that nothing of it is decoded any more."""
        if not self._is_noted:
            return
        self._is_noted = False
        sha256 = self._sha256
        # With the lanes closed the store is at rest, and nothing was playing.
        with contextlib.suppress(RuntimeError):
            self._lanes.write(lambda context: recordings.note_closed(context, sha256), background=True)

    # ---- what it is doing ----

    @property
    def position_ms(self) -> int:
        """The moment that is shown."""
        return self.player.position_ms if self.player is not None else self._wish_ms or 0

    @property
    def moment_ms(self) -> int:
        """The moment for a mark."""
        return self.player.moment_ms if self.player is not None else self._wish_ms or 0

    @property
    def seen_ms(self) -> tuple[int, int]:
        """From when to when the frame that is shown is seen."""
        return self.player.seen_ms if self.player is not None else (self.position_ms, self.position_ms)

    @property
    def is_playing(self) -> bool:
        """Whether it runs."""
        return self.player is not None and self.player.is_playing

    # ---- verbs ----

    @Slot(int)
    def seek(self, to_ms: int) -> None:
        """Show a moment: now, or once the recording is loaded."""
        if self.player is not None and self.player.is_open:
            self.player.seek(to_ms)
        else:
            self._wish_ms = to_ms

    def pause(self) -> None:
        """Stand still."""
        if self.player is not None:
            self.player.pause()

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        if self.player is not None:
            self._stage.say("")
            self.player.toggle()

    def jump(self, by_ms: int) -> None:
        """Go on or back by some time."""
        self.seek(max(0, self.position_ms + by_ms))

    def step(self, frames: int) -> None:
        """Pause and go some frames on or back."""
        if self.player is not None:
            self.player.step(frames)

    def change_speed(self, steps: int) -> None:
        """Play faster or slower by some steps."""
        if self.player is not None:
            self.player.change_speed(steps)

    def toggle_mute(self) -> None:
        """Sound on or off."""
        if self.player is not None:
            self.player.sound.toggle_mute()

    def toggle_loop(self, span: TimeSpan | None) -> None:
        """Repeat a range, or stop repeating.

        Args:
            span: the range that is selected; None or a moment when there is none.
        """
        player = self.player
        if player is None:
            return
        if player.loop is not None:
            player.set_loop(None)
        elif span is None or span.end_ms <= span.start_ms:
            self._stage.say(self.tr("Select a range to repeat it."))
        else:
            player.set_loop(span)
            player.seek(span.start_ms)

    # ---- inside ----

    def _load(self, _changes: object) -> None:
        """Give the recording to the player; its first picture comes by itself."""
        recording = self._recording
        if recording is None or self._is_loaded:
            return
        self._is_loaded = True
        player = self.player or self._make_player()
        player.open(recording.stream, recording.facts)
        self._show_sound()
        if self._wish_ms is not None:
            player.seek(self._wish_ms)

    def _make_player(self) -> Player:
        # Loaded here: Qt Multimedia costs start-up time, and most evidence is no recording.
        from assessor_app.ui.viewers.media.player import Player

        player = Player(self)
        self.player = player
        controls = self._stage.controls
        player.picture_changed.connect(self._show_picture)
        player.position_changed.connect(self._show_moment)
        player.playing_changed.connect(controls.show_playing)
        player.playing_changed.connect(self.moved)
        player.speed_changed.connect(controls.show_speed)
        player.loop_changed.connect(self._show_loop)
        player.sound.changed.connect(self._show_sound)
        player.played.connect(self._tell_played)
        player.stopped_short.connect(self._stopped_short)
        controls.speed_chosen.connect(player.set_speed)
        controls.volume_chosen.connect(player.sound.set_volume)
        return player

    @Slot()
    def _show_picture(self) -> None:
        if self.player is not None:
            self._stage.frame.set_image(self.player.image)
            self.moved.emit()

    @Slot(int)
    def _show_moment(self, at_ms: int) -> None:
        self._stage.show_moment(at_ms)
        self.moved.emit()

    @Slot(object)
    def _tell_played(self, span: TimeSpan) -> None:
        length = self.player.duration_ms if self.player is not None else 0
        runs = ((span.start_ms, span.end_ms),)
        self.read_on.emit(ReadingState("", played_ms=runs, length_ms=length))

    @Slot()
    def _show_loop(self) -> None:
        loop = self.player.loop if self.player is not None else None
        self._stage.bar.set_loop(loop)
        self._stage.controls.show_loop(loop is not None)

    @Slot()
    def _show_sound(self) -> None:
        if self.player is not None:
            sound = self.player.sound
            self._stage.controls.show_sound(
                sound.volume, is_muted=sound.is_muted, has_device=sound.has_device
            )

    @Slot(bool)
    def _stopped_short(self, is_damaged: bool) -> None:
        if is_damaged:
            self._stage.say(
                self.tr(
                    "The copy of this file on this computer is damaged here. Go on at another moment, or "
                    "choose Sync now and open it again."
                )
            )
        else:
            self._stage.say(
                self.tr(
                    "This part cannot be played. Go on at another moment; your marks and ratings are safe."
                )
            )
