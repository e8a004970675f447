"""What a stranger's file may cost: time, memory, pages, pixels. Constants with units."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024
"""Bytes in a MiB."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that the parent and the child both keep; tests pass smaller ones."""

    start_s: float = 20.0
    """Seconds from starting a child to its first word."""
    open_s: float = 20.0
    """Seconds to decrypt, recognise and open one document."""
    render_s: float = 20.0
    """Seconds to draw one page or tile of an open document."""
    text_s: float = 10.0
    """Seconds to extract the words of one page, or to decode one text file."""
    probe_s: float = 5.0
    """Seconds in which a recording must show a picture or a sound, twice, before it is played."""
    strip_frame_s: float = 2.0
    """Seconds for one small picture of a video's frame strip."""
    max_document_bytes: int = 200 * MEBIBYTE
    """Largest file that is opened; it lies decrypted in the child's memory."""
    max_text_bytes: int = 2 * MEBIBYTE
    """Most bytes of a text file that are shown; the rest is cut and the cut is said."""
    max_pages: int = 5_000
    """Most pages of one document that are shown."""
    max_frames: int = 500
    """Most pages of a multi-page TIFF."""
    max_animation_frames: int = 20
    """Most frames of an animation (GIF, WebP, AVIF, PNG), shown as pages."""
    max_page_pt: float = 20_000.0
    """Longest side of a PDF page in points (7 metres); longer ones are a placeholder."""
    max_picture_side_px: int = 100_000
    """Longest side of a picture, in its own pixels."""
    max_picture_px: int = 120_000_000
    """Most pixels that a picture is decoded to; a larger JPEG is decoded at a half, quarter or eighth."""
    max_answer_px: int = 64_000_000
    """Most pixels of one rendered page or tile."""
    max_words: int = 20_000
    """Most words of one page's text."""
    max_word_chars: int = 1_000
    """Most code points of one word; a longer one is cut."""
    max_answer_bytes: int = 16 * MEBIBYTE
    """Longest message that the parent reads from a child."""
    max_address_bytes: int = 3 * 1024 * MEBIBYTE
    """Address space of a child (RLIMIT_AS; the job's memory limit on Windows)."""
    max_resident_bytes: int = 1536 * MEBIBYTE
    """Resident size at which the parent ends a child; looked at while a request runs."""
    open_documents: int = 4
    """Documents that a child keeps open."""
    open_documents_bytes: int = 192 * MEBIBYTE
    """Memory of open documents at which a child closes the oldest."""
    display_lists: int = 8
    """Interpreted pages that a child keeps for each open PDF."""
    easy_resident_bytes: int = 128 * MEBIBYTE
    """Resident size above which a child empties its caches between requests."""
    archive_entries: int = 2_000
    """Most entries of an office file or archive."""
    archive_ratio: int = 120
    """Largest ratio of unpacked to packed bytes."""
    archive_bytes: int = 300 * MEBIBYTE
    """Most unpacked bytes of an office file or archive."""
    archive_directory_bytes: int = 4 * MEBIBYTE
    """Longest list of contents of an office file or archive."""
    sheet_rows: int = 50_000
    """Most rows of one sheet that are shown."""
    sheet_columns: int = 1_000
    """Most columns of one sheet that are shown."""
    sheet_cells: int = 80_000
    """Most filled cells of one sheet that are shown."""


@dataclass(frozen=True, slots=True)
class ConvertLimits:
    """What a copy by LibreOffice may cost, all its processes together; tests pass smaller ones."""

    start_s: float = 20.0
    """Seconds from starting the child to its first word."""
    convert_s: float = 60.0
    """Seconds for one copy; then the whole group is ended."""
    max_address_bytes: int = 4096 * MEBIBYTE
    """Address space of each process (RLIMIT_AS; the job's memory limit on Windows)."""
    max_resident_bytes: int = 1536 * MEBIBYTE
    """Resident size of the whole group at which it is ended."""
    max_written_bytes: int = 400 * MEBIBYTE
    """Longest file that any of the processes may write."""
    max_copy_bytes: int = 200 * MEBIBYTE
    """Largest copy that is taken over."""
