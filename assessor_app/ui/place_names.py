"""What the pages of a piece of evidence are called: a presentation has slides."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

_SLIDES = ("presentation", "powerpoint")
_SLIDE_ENDINGS = (".pptx", ".ppt", ".pps", ".ppsx", ".odp", ".key")
_SHEETS = ("spreadsheet", "excel")
_SHEET_ENDINGS = (".xlsx", ".xls", ".ods")
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".svg")


def has_slides(name: str, media_type: str = "") -> bool:
    """Whether a file is a presentation, as far as its name and media type tell."""
    return name.lower().endswith(_SLIDE_ENDINGS) or any(part in media_type for part in _SLIDES)


def has_sheets(name: str, media_type: str = "") -> bool:
    """Whether a file is a workbook, as far as its name and media type tell."""
    return name.lower().endswith(_SHEET_ENDINGS) or any(part in media_type for part in _SHEETS)


def is_picture(name: str, media_type: str = "") -> bool:
    """Whether a file is a picture, as far as its name and media type tell."""
    return media_type.startswith("image/") or name.lower().endswith(_PICTURE_ENDINGS)


def page_title(page: int, *, are_slides: bool) -> str:
    """The heading of a page in a list, such as "Page 3" or "Slide 3".

    Args:
        page: page index from 0.
        are_slides: whether the file is a presentation.
    """
    translate = QCoreApplication.translate
    words = translate("Places", "Slide {page}") if are_slides else translate("Places", "Page {page}")
    return words.format(page=page + 1)
