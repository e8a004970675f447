"""Drawn pages as images of Qt."""

from __future__ import annotations

from PySide6.QtGui import QImage

from assessor_app.documents.pages import PagePixels


def to_image(pixels: PagePixels) -> QImage:
    """Pixels as an image that owns its memory; safe off the GUI thread."""
    view = QImage(pixels.data, pixels.width_px, pixels.height_px, pixels.stride, QImage.Format.Format_RGB32)
    return view.copy()
