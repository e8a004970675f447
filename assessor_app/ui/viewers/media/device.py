"""A sealed recording as Qt's player wants it: a device that Qt's own threads read."""

from __future__ import annotations

from PySide6.QtCore import QIODevice, QObject

from assessor_app.documents.media_stream import MediaStream


class SealedDevice(QIODevice):
    """Plain bytes in memory alone; nothing is ever written.

    Args:
        stream: the sealed recording; closed with the device.
        parent: Qt parent.
    """

    def __init__(self, stream: MediaStream, parent: QObject) -> None:
        super().__init__(parent)
        self._stream = stream
        mode = QIODevice.OpenModeFlag
        self.open(mode.ReadOnly | mode.Unbuffered)

    @property
    def is_damaged(self) -> bool:
        """Whether a part of the file did not verify when it was read."""
        return self._stream.is_damaged

    def size(self) -> int:
        """Bytes of the recording."""
        return self._stream.size_bytes

    def isSequential(self) -> bool:
        """It can be read from anywhere."""
        return False

    def readData(self, max_bytes: int) -> bytes:
        """Read on from where the device stands; called by Qt, on Qt's threads."""
        return self._stream.read_at(self.pos(), max_bytes)

    def writeData(self, _data: object, _max_bytes: int = 0) -> int:
        """Refuse."""
        return -1

    def let_go(self) -> None:
        """Close device and file; reads under way end."""
        self._stream.close()
        self.close()
