"""The child that tries out a recording: a picture or a sound, a seek, another; then small pictures.

Runs only in the child. It knows one file's key, writes no file and says nothing on the terminal.
"""

from __future__ import annotations

import base64
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QAudioBuffer,
    QAudioBufferOutput,
    QMediaMetaData,
    QMediaPlayer,
    QVideoFrame,
    QVideoSink,
)

from assessor_app.documents import channel, process_guard
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.limits import Limits
from assessor_app.documents.media_probe import strip_size
from assessor_app.documents.media_stream import MediaStream
from assessor_app.documents.pages import EvidenceSource
from assessor_app.ui.viewers.media import decoding
from assessor_app.ui.viewers.media.device import SealedDevice

_REQUEST_MAX_BYTES = 64 * 1024
_ALARM_SLACK_S = 2.0
_SEEK_SHARE = 0.5
_BROKEN = (QMediaPlayer.MediaStatus.InvalidMedia, QMediaPlayer.MediaStatus.NoMedia)
_LOADED = (
    QMediaPlayer.MediaStatus.LoadedMedia,
    QMediaPlayer.MediaStatus.BufferedMedia,
    QMediaPlayer.MediaStatus.BufferingMedia,
    QMediaPlayer.MediaStatus.EndOfMedia,
)


class _Refused(Exception):
    """The recording cannot be played; the argument is a reason of `cards.REASONS`."""


class Trial(QObject):
    """One recording in a player without window and loudspeaker."""

    def __init__(self, request: dict[str, object]) -> None:
        """Open the sealed file.

        Raises:
            RefusedWithCard: it is not here, or damaged.
        """
        super().__init__()
        self._device = SealedDevice(MediaStream(_source_of(request)), self)
        self._player = QMediaPlayer(self)
        decoding.hush()
        self._sink = QVideoSink(self)
        self._sounds = QAudioBufferOutput(self)
        self._frame = QVideoFrame()
        self._frames = self._buffers = 0
        self._loop = QEventLoop(self)
        self._waited = QTimer(self, interval=10)
        self._waited.timeout.connect(self._loop.quit)
        self._player.setVideoSink(self._sink)
        self._player.setAudioBufferOutput(self._sounds)
        self._sink.videoFrameChanged.connect(self._take_frame)
        self._sounds.audioBufferReceived.connect(self._take_sound)
        self._clock = QElapsedTimer()

    def close(self) -> None:
        """Let go of the file, before the trial itself goes: Qt's threads would read from what is gone."""
        self._player.stop()
        self._player.setSource(QUrl())
        self._device.let_go()

    def facts(self, wait_s: float) -> dict[str, object]:
        """Try it.

        Raises:
            _Refused: it cannot be played.
        """
        self._clock.start()
        self._wait_ms = round(wait_s * 1000)
        player = self._player
        player.setSourceDevice(self._device, QUrl())
        while player.mediaStatus() not in _LOADED:
            if player.mediaStatus() in _BROKEN or player.error() is not QMediaPlayer.Error.NoError:
                raise _Refused("seal_damaged" if self._device.is_damaged else "recording_damaged")
            self._turn("recording_slow")
        has_video, has_audio = player.hasVideo(), player.hasAudio()
        if not has_video and not has_audio:
            raise _Refused("recording_damaged")
        self._show_something(has_video=has_video)
        self._seek(round(player.duration() * _SEEK_SHARE), has_video=has_video)
        player.pause()
        size = self._sink.videoSize() if has_video else None
        if has_video:
            image = self._frame.toImage()
            size = image.size()
        return {
            "duration_ms": max(0, player.duration()),
            "has_video": has_video,
            "has_audio": has_audio,
            "width_px": size.width() if size is not None else 0,
            "height_px": size.height() if size is not None else 0,
            "frames_per_s": self._frame_rate() if has_video else 0.0,
        }

    def small_frame(self, at_ms: int, wait_s: float) -> dict[str, object]:
        """A small picture of a moment.

        Raises:
            _Refused: there is none in time.
        """
        self._clock.start()
        self._wait_ms = round(wait_s * 1000)
        self._seek(at_ms, has_video=True)
        image = self._frame.toImage()
        if image.isNull():
            raise _Refused("no_picture")
        width, height = strip_size(image.width(), image.height())
        small = image.scaled(
            width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        ).convertToFormat(QImage.Format.Format_RGB888)
        row_bytes = width * 3
        memory = bytes(small.constBits())
        rows = (memory[y * small.bytesPerLine() :][:row_bytes] for y in range(height))
        rgb = base64.b64encode(b"".join(rows)).decode("ascii")
        return {"width_px": width, "height_px": height, "rgb": rgb}

    def _show_something(self, *, has_video: bool) -> None:
        """Wait for the first picture or sound."""
        self._player.pause() if has_video else self._player.play()
        while not (self._frames if has_video else self._buffers):
            self._turn("no_picture" if has_video else "no_sound")

    def _seek(self, at_ms: int, *, has_video: bool) -> None:
        """Go to a moment and wait for the picture or sound of it."""
        before = self._frames if has_video else self._buffers
        self._player.setPosition(at_ms)
        if not has_video:
            self._player.play()
        while (self._frames if has_video else self._buffers) == before:
            if self._player.mediaStatus() is QMediaPlayer.MediaStatus.EndOfMedia:
                # Shorter than it says; what there is has been shown.
                return
            self._turn("recording_slow")

    def _turn(self, reason: str) -> None:
        """Let Qt work for a moment; give up when the time is over."""
        if self._clock.elapsed() > self._wait_ms:
            raise _Refused(reason)
        self._waited.start()
        self._loop.exec()
        self._waited.stop()

    @Slot(QVideoFrame)
    def _take_frame(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self._frame = frame
            self._frames += 1
            self._loop.quit()

    @Slot(QAudioBuffer)
    def _take_sound(self, buffer: QAudioBuffer) -> None:
        if buffer.isValid():
            self._buffers += 1
            self._loop.quit()

    def _frame_rate(self) -> float:
        """The nominal frame rate; 0.0 where the file does not tell a believable one."""
        rate: object = None
        tracks = self._player.videoTracks()
        if tracks:
            rate = tracks[0].value(QMediaMetaData.Key.VideoFrameRate)
        if not isinstance(rate, int | float) or not 0.0 < rate <= 480.0:
            rate = self._sink.videoFrame().streamFrameRate()
        return float(rate) if 0.0 < rate <= 480.0 else 0.0


def run(connection: Connection, limits: Limits) -> None:
    """Serve requests until the parent hangs up.

    Args:
        connection: the child's end of the pipe.
        limits: what a file may cost.
    """
    # Ctrl+C in a terminal reaches the whole group; the parent decides when this child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process_guard.die_with_parent()
    process_guard.limit_self(limits)
    decoding.prepare()
    app = QCoreApplication([])
    trial: Trial | None = None
    try:
        channel.send(connection, {"ready": os.getpid()})
        while True:
            request = channel.receive(connection, max_bytes=_REQUEST_MAX_BYTES, wait_s=lambda: None)
            process_guard.begin_request(float(str(request["deadline_s"])) + _ALARM_SLACK_S)
            try:
                if request["do"] == "try":
                    if trial is not None:
                        trial.close()
                    trial = Trial(request)
                    answer = trial.facts(float(str(request["wait_s"])))
                else:
                    assert trial is not None
                    answer = trial.small_frame(int(str(request["at_ms"])), float(str(request["wait_s"])))
            except _Refused as refused:
                answer = {"refused": str(refused)}
            except RefusedWithCard as refused_with:
                answer = {"refused": refused_with.card.reason}
            process_guard.end_request()
            channel.send(connection, {**answer, "number": request["number"]})
    except channel.ChannelClosed:
        # Without letting Qt tidy up after a stranger's file.
        os._exit(0)
    finally:
        del app


def _source_of(request: dict[str, object]) -> EvidenceSource:
    """The sealed file that a request is about."""
    return EvidenceSource(
        blob_id="",
        path=Path(str(request["path"])),
        file_key=bytes.fromhex(str(request["file_key"])),
        size_bytes=int(str(request["size_bytes"])),
        sha256="",
        media_type="",
        name="",
    )
