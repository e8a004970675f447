"""Recordings are read where they lie: decrypted piece by piece in memory, from any thread."""

from __future__ import annotations

from assessor_app.documents.cards import RefusedWithCard, card_for
from assessor_app.documents.pages import EvidenceSource
from assessor_app.errors import SealDamaged
from assessor_app.vault.sealed_reader import SealedReader


class MediaStream:
    """The plain bytes of one sealed recording. `read_at` and `close` may be called from any thread."""

    def __init__(self, source: EvidenceSource) -> None:
        """Open the sealed file.

        Raises:
            RefusedWithCard: the file is not on this computer, or was changed since it arrived.
        """
        if not source.path.exists():
            raise RefusedWithCard(card_for("not_here"))
        try:
            self._reader = SealedReader(source.path, file_key=source.file_key, size_bytes=source.size_bytes)
        except SealDamaged:
            raise RefusedWithCard(card_for("seal_damaged")) from None
        self.is_damaged = False

    @property
    def size_bytes(self) -> int:
        """Size of the plain content."""
        return self._reader.size_bytes

    def read_at(self, offset: int, count: int) -> bytes:
        """Read plain bytes.

        Args:
            offset: first byte, from 0.
            count: bytes wanted.

        Returns:
            Up to `count` bytes; none behind the end, after `close`, and where the file does not verify,
            which `is_damaged` then says.
        """
        try:
            return self._reader.read_at(offset, count)
        except SealDamaged:
            self.is_damaged = True
            return b""
        except (OSError, ValueError):
            # Closed by the other thread in between, or the disk has gone: the recording ends here.
            return b""

    def close(self) -> None:
        """Close the file; reads that come later give nothing."""
        self._reader.close()
