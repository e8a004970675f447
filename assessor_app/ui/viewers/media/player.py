"""The player: Qt's, fed from the sealed file, with what an assessor wants of it added."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame, QVideoSink

from assessor_app.documents.media_probe import RecordingFacts
from assessor_app.documents.media_stream import MediaStream
from assessor_app.domain.annotations import TimeSpan
from assessor_app.ui.viewers.media import decoding
from assessor_app.ui.viewers.media.device import SealedDevice
from assessor_app.ui.viewers.media.media_mark import SPEEDS
from assessor_app.ui.viewers.media.played import PlayedCount
from assessor_app.ui.viewers.media.sound import Sound

_FRAME_US = 40_000.0
_TRUSTED_MS = 150
_SEEK_PATIENCE_MS = 400
_END_MARGIN_MS = 60


class Player(QObject):
    """One recording at a time. The picture of the moment is `image`; nothing here draws.

    Args:
        parent: Qt parent.
    """

    picture_changed = Signal()
    """Another frame is there."""
    position_changed = Signal(int)
    """The moment, in milliseconds."""
    playing_changed = Signal(bool)
    """It plays, or it does not."""
    speed_changed = Signal(float)
    """1.0 is as recorded."""
    loop_changed = Signal()
    """Another range is repeated, or none."""
    played = Signal(object)
    """TimeSpan that was played just now."""
    stopped_short = Signal(bool)
    """It cannot go on; true when the copy on this computer is damaged."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        decoding.prepare()
        self._player = QMediaPlayer(self)
        decoding.hush()
        self._sink = QVideoSink(self)
        self.sound = Sound(self._player, self)
        self._device: SealedDevice | None = None
        self._frame = QVideoFrame()
        self._image: QImage | None = None
        self._facts = RecordingFacts(0, has_video=False, has_audio=False)
        self._wanted_ms: int | None = None
        self._under_way_ms = 0
        self._is_seeking = self._is_loaded = False
        self._loop: TimeSpan | None = None
        self._count = PlayedCount(self)
        self._seek_over = QTimer(self, singleShot=True, interval=_SEEK_PATIENCE_MS)
        self._seek_over.timeout.connect(self._seek_done)
        self._player.setVideoSink(self._sink)
        if hasattr(self._player, "setPitchCompensation"):
            self._player.setPitchCompensation(True)
        self._sink.videoFrameChanged.connect(self._take_frame)
        self._player.positionChanged.connect(self._moved)
        self._player.playbackStateChanged.connect(self._state_changed)
        self._player.mediaStatusChanged.connect(self._status_changed)
        self._player.errorOccurred.connect(self._failed)
        self._count.played.connect(self.played)

    # ---- a recording ----

    def open(self, stream: MediaStream, facts: RecordingFacts) -> None:
        """Load a recording and show its first frame."""
        self.close()
        self._facts = facts
        self._device = SealedDevice(stream, self)
        self._player.setSourceDevice(self._device, QUrl())
        self._player.pause()

    def close(self) -> None:
        """Let go of the recording; the speed goes back to 1, volume and silence stay."""
        self._count.tell()
        self._seek_over.stop()
        self._wanted_ms, self._is_seeking, self._is_loaded = None, False, False
        self._player.stop()
        self._player.setSource(QUrl())
        self._player.setPlaybackRate(1.0)
        if self._device is not None:
            self._device.let_go()
            self._device.deleteLater()
            self._device = None
        self._frame, self._image = QVideoFrame(), None
        self.set_loop(None)

    @property
    def is_open(self) -> bool:
        """Whether a recording is loaded."""
        return self._device is not None

    @property
    def is_loaded(self) -> bool:
        """Whether Qt has read what it needs to play."""
        return self._is_loaded

    # ---- what is to be seen and heard ----

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return self._player.duration() or self._facts.duration_ms

    @property
    def position_ms(self) -> int:
        """The moment that is shown, or the one that was asked for and is on its way."""
        return self._wanted_ms if self._wanted_ms is not None else self._player.position()

    @property
    def moment_ms(self) -> int:
        """The moment for a mark: one at which the frame that is seen is seen again."""
        start_ms, end_ms = self.seen_ms
        if self.is_playing or start_ms <= self.position_ms <= end_ms:
            return self.position_ms
        return start_ms

    @property
    def seen_ms(self) -> tuple[int, int]:
        """From when to when the frame is seen that stands still; the moment alone without one."""
        at_ms, start_us, length_us = self.position_ms, self._frame.startTime(), self._frame_us()
        if not self._frame.isValid() or self._is_seeking:
            return at_ms, at_ms
        # Up to the next millisecond, so that going there shows this frame and not the one before.
        start_ms, end_ms = int(-(-start_us // 1000)), int((start_us + length_us) // 1000)
        slack_ms = max(_TRUSTED_MS, 2 * length_us / 1000)
        if start_us < 0 or not start_ms - slack_ms <= at_ms <= end_ms + slack_ms:
            # Some kinds of file number their frames from elsewhere.
            return at_ms, at_ms + int(length_us // 1000)
        return start_ms, end_ms

    @property
    def is_seeking(self) -> bool:
        """Whether a picture that was asked for is still on its way."""
        return self._is_seeking

    @property
    def is_playing(self) -> bool:
        """Whether it runs."""
        return self._player.playbackState() is QMediaPlayer.PlaybackState.PlayingState

    @property
    def image(self) -> QImage | None:
        """The frame of the moment; None without one. Made when it is first asked for."""
        if self._image is None and self._frame.isValid():
            image = self._frame.toImage()
            self._image = None if image.isNull() else image
        return self._image

    @property
    def speed(self) -> float:
        """1.0 is as recorded."""
        return self._player.playbackRate()

    @property
    def loop(self) -> TimeSpan | None:
        """The range that is repeated."""
        return self._loop

    # ---- verbs ----

    def play(self) -> None:
        """Play on; from the start when it has come to its end."""
        if not self.is_open:
            return
        if self.position_ms >= self.duration_ms - _END_MARGIN_MS:
            self.seek(self._loop.start_ms if self._loop else 0)
        self._player.play()

    def pause(self) -> None:
        """Stand still."""
        if self.is_open and self.is_playing:
            self._player.pause()
            self._count.tell()

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def seek(self, to_ms: int) -> None:
        """Go to a moment. While one seek is under way only the latest wish after it counts."""
        if not self.is_open:
            return
        self._count.tell()
        self._wanted_ms = wanted_ms = max(0, min(to_ms, self.duration_ms))
        # What is not loaded yet goes there as soon as it is.
        if not self._is_seeking and self._is_loaded:
            self._seek_now()
        # A sound may be there already, and nothing wanted any more.
        self.position_changed.emit(wanted_ms)

    def step(self, frames: int) -> None:
        """Pause and go some frames on, or back; a tenth of a second each where there are no pictures."""
        self.pause()
        if not self._frame.isValid():
            self.seek(self.position_ms + 100 * frames)
            return
        start = self.seen_ms[0] * 1000.0
        # To the middle of that frame.
        self.seek(max(0, int((start + (frames + 0.5) * self._frame_us()) / 1000)))

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        """Play faster or slower; the pitch stays where Qt can keep it."""
        speed = max(SPEEDS[0], min(speed, SPEEDS[-1]))
        self._player.setPlaybackRate(speed)
        self.speed_changed.emit(speed)

    def change_speed(self, steps: int) -> None:
        """Go some steps up or down in `SPEEDS`."""
        nearest = min(range(len(SPEEDS)), key=lambda at: abs(SPEEDS[at] - self.speed))
        self.set_speed(SPEEDS[max(0, min(nearest + steps, len(SPEEDS) - 1))])

    def set_loop(self, span: TimeSpan | None) -> None:
        """Repeat a range from now on, or nothing."""
        self._loop = span if span is not None and span.end_ms > span.start_ms else None
        self.loop_changed.emit()

    # ---- inside ----

    def _frame_us(self) -> float:
        """Length of a frame in microseconds."""
        length = float(self._frame.endTime() - self._frame.startTime())
        if self._frame.startTime() >= 0 and 1_000.0 < length < 2_000_000.0:
            return length
        return 1e6 / self._facts.frames_per_s if self._facts.frames_per_s > 0 else _FRAME_US

    def _seek_now(self) -> None:
        if self._wanted_ms is None:
            return
        self._is_seeking = True
        self._seek_over.start()
        if self._player.playbackState() is QMediaPlayer.PlaybackState.StoppedState:
            self._player.pause()
        at, self._under_way_ms = self._wanted_ms, self._wanted_ms
        self._player.setPosition(at)
        if not self._facts.has_video:
            self._seek_done()

    @Slot()
    def _seek_done(self) -> None:
        self._seek_over.stop()
        self._is_seeking = False
        if self._wanted_ms is not None and self._wanted_ms != self._under_way_ms:
            self._seek_now()
        else:
            self._wanted_ms = None

    @Slot(QVideoFrame)
    def _take_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid() or not self.is_open:
            return
        self._frame, self._image = frame, None
        if self._is_seeking:
            self._seek_done()
        self.picture_changed.emit()

    @Slot("qlonglong")
    def _moved(self, position_ms: int) -> None:
        if not self.is_open or self._is_seeking:
            return
        if self.is_playing:
            self._count.moved(position_ms)
            if self._loop is not None and position_ms >= self._loop.end_ms:
                self.seek(self._loop.start_ms)
                return
        self.position_changed.emit(position_ms)

    @Slot()
    def _state_changed(self) -> None:
        self.playing_changed.emit(self.is_playing)

    @Slot(QMediaPlayer.MediaStatus)
    def _status_changed(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.LoadedMedia and self.is_open and not self._is_loaded:
            self._is_loaded = True
            self._seek_now()
        elif status is QMediaPlayer.MediaStatus.EndOfMedia and self.is_open:
            self._count.moved(self.duration_ms)
            self._count.tell()
            if self._loop is not None:
                self.seek(self._loop.start_ms)
                self._player.play()
                return
            self.position_changed.emit(self.duration_ms)
            self.playing_changed.emit(False)

    @Slot()
    def _failed(self) -> None:
        if self._device is not None:
            self.pause()
            self.stopped_short.emit(self._device.is_damaged)
