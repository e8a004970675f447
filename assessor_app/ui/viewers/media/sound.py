"""The sound of the player: the system's device, if there is one, and how loud."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QtAudio


class Sound(QObject):
    """Takes the system's sound device as it comes and goes; without one a recording plays in silence.

    Args:
        player: what is heard.
        parent: Qt parent.
    """

    changed = Signal()
    """Volume, silence or whether there is a sound device."""

    def __init__(self, player: QMediaPlayer, parent: QObject) -> None:
        super().__init__(parent)
        self._player = player
        self._devices = QMediaDevices(self)
        self._audio: QAudioOutput | None = None
        self.volume = 1.0
        """0 to 1, as it is felt."""
        self.is_muted = False
        """Whether the sound is off."""
        self._find()
        self._devices.audioOutputsChanged.connect(self._find)

    @property
    def has_device(self) -> bool:
        """Whether this computer can play sound now."""
        return self._audio is not None

    @Slot(float)
    def set_volume(self, volume: float) -> None:
        """Set the volume, 0 to 1 as it is felt; a volume that is set is heard."""
        self.volume, self.is_muted = max(0.0, min(volume, 1.0)), False
        self._apply()

    def toggle_mute(self) -> None:
        """Switch the sound off or on."""
        self.is_muted = not self.is_muted
        self._apply()

    @Slot()
    def _find(self) -> None:
        is_there = not QMediaDevices.defaultAudioOutput().isNull()
        if is_there and self._audio is None:
            self._audio = QAudioOutput(self)
            self._player.setAudioOutput(self._audio)
        elif not is_there and self._audio is not None:
            self._player.setAudioOutput(None)  # type: ignore[arg-type]
            self._audio.deleteLater()
            self._audio = None
        self._apply()

    def _apply(self) -> None:
        if self._audio is not None:
            felt, real = QtAudio.VolumeScale.LogarithmicVolumeScale, QtAudio.VolumeScale.LinearVolumeScale
            self._audio.setVolume(QtAudio.convertVolume(self.volume, felt, real))
            self._audio.setMuted(self.is_muted)
        self.changed.emit()
