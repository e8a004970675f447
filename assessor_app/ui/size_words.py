"""Sizes of files in words."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def size_words(size_bytes: int) -> str:
    """A size as files are measured: 182 MB."""
    is_small = size_bytes < 10_000_000
    form = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(size_bytes, 1 if is_small and size_bytes >= 1_000_000 else 0, form)
