"""What goes into the viewer and comes out of it: sources, sizes, pixels, words, cards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from assessor_app.documents.sniff import Kind, claimed_kind

TEXT_LAYER = "mupdf;ws=collapsed;nfc"
"""How page text is made: MuPDF's words, white space collapsed to single spaces, Unicode NFC."""


class MadeBy(StrEnum):
    """Who made the file that is shown for an artifact."""

    LEARNER = "learner"
    """It is the artifact itself."""
    PLATFORM = "platform"
    """A PDF copy that came with it."""
    THIS_COMPUTER = "this_computer"
    """A copy made here by a converter."""


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """One sealed file of evidence and what is needed to read it."""

    blob_id: str
    """Id of the sealed file; part of its key."""
    path: Path
    """The sealed file on disk."""
    file_key: bytes = field(repr=False)
    """This file's key alone, 32 bytes; never the master key."""
    size_bytes: int
    """Size of the plain content."""
    sha256: str
    """SHA-256 in hex of the plain content, as the platform announced it."""
    media_type: str
    """The platform's media type; a claim."""
    name: str
    """Neutral display name; a claim on the kind, never a path."""
    made_by: MadeBy = MadeBy.LEARNER
    converter: str = ""
    """What made a copy on this computer, such as "LibreOffice 7.4"; empty for others."""

    @property
    def plain_media_type(self) -> str:
        """The media type without parameters, in small letters."""
        return self.media_type.partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page's size after CropBox and rotation; a picture's pixels, taken at 72 dpi, after EXIF rotation."""

    width_pt: float
    """Width in points, above 0."""
    height_pt: float
    """Height in points, above 0."""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known of an open document."""

    kind: Kind
    page_count: int
    """Pages that can be asked for; at least 1, but 0 for text and recordings, which have no pages."""
    pages: tuple[PageSize, ...]
    """One size for each page; empty for text."""
    has_text: bool
    """False when there is surely no text to select or search, as in a scan or a photograph."""
    notes: tuple[str, ...] = ()
    """Sentences for the person, such as that an animation shows its first frames."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One place of a page that may name a person."""

    id: str
    """Where it stands, such as "2:72,40,168,54": the same each time the same file is read."""
    rect: tuple[float, float, float, float]
    """Left, top, right, bottom in page points."""
    is_lifted: bool
    """Whether the person looks at what is under it."""


@dataclass(frozen=True, slots=True)
class PagePixels:
    """A drawn page or tile."""

    page: int
    """Page index from 0."""
    scale: float
    """Pixels for each point; 1.0 is 72 dpi."""
    width_px: int
    height_px: int
    stride: int
    """Bytes from one row to the next."""
    data: bytes = field(repr=False)
    """Blue, green, red, 255 for each pixel, rows from the top; `stride * height_px` bytes."""
    patches: tuple[Patch, ...] = ()
    """All places of the page that may name a person; what is not lifted is covered in `data`."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page: its text, its box and where it stands in the page's text."""

    text: str
    x0: float
    """Left edge in page points, origin top-left after CropBox and rotation."""
    y0: float
    """Top edge in page points."""
    x1: float
    """Right edge in page points."""
    y1: float
    """Bottom edge in page points."""
    block: int
    """Index of the paragraph on the page."""
    line: int
    """Index of the line in its paragraph."""
    start: int
    """Offset in `PageText.text`, in code points."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page with the place of each word."""

    page: int
    """Page index from 0."""
    text: str
    """All words with single spaces between them, NFC."""
    words: tuple[Word, ...]
    """In reading order; starts ascend."""
    layer: str = TEXT_LAYER
    """How the text was made; offsets mean something only within one layer."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A place where the words looked for stand."""

    page: int
    """Page index from 0."""
    rects: tuple[tuple[float, float, float, float], ...]
    """Boxes (left, top, right, bottom) in page points, one for each line touched."""
    snippet: str
    """The hit with some words around it."""
    start: int = 0
    """First code point of the hit in the page's text."""
    end: int = 0
    """One past the last code point of the hit."""
    snippet_at: int = 0
    """Where in the snippet the hit begins, in code points."""


class RemarkKind(StrEnum):
    """What the learner left on a file of her own; evidence, never the assessor's."""

    COMMENT = "comment"
    INSERTION = "insertion"
    DELETION = "deletion"
    SPEAKER_NOTE = "speaker_note"
    MARK = "mark"
    """A highlight, drawing or stamp that somebody put on a PDF before it was handed in."""


@dataclass(frozen=True, slots=True)
class FileRemark:
    """One remark inside a file: a layer of its own beside the pages. Authors are numbered, never named."""

    kind: RemarkKind
    text: str
    """What was written, cleaned; empty for a mark without words."""
    author: int
    """1 for the first author met in the file, 2 for the next; 0 when none is given."""
    page: int | None = None
    """Page, slide or sheet index from 0, where it is known."""
    rects: tuple[tuple[float, float, float, float], ...] = ()
    """Where on the page, in page points; empty where only the words are known."""
    quote: str = ""
    """The words that it stands on, as far as the file says; in a sheet the cell, such as "B2"."""
    is_reply: bool = False
    """Whether it answers the remark before it."""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands in place of a page that is not shown: honest, plain, with a way on."""

    reason: str
    """A short code, stable; never shown."""
    title: str
    """What it is, in a few words."""
    message: str
    """Why it is not shown, that the work is safe, and what can be done."""
    can_retry: bool
    """Whether asking again may help."""


def pixels_for(length_pt: float, scale: float) -> int:
    """Whole pixels that a page's side covers, by MuPDF's rule; at least 1, and bounded."""
    return max(1, math.ceil(min(length_pt * scale, 1e9) - 0.001))


def choose_source(own: EvidenceSource, renditions: Sequence[EvidenceSource]) -> EvidenceSource:
    """The file to show for an artifact: the platform's PDF copy of an office file, else the file itself.

    Args:
        own: the artifact's own file.
        renditions: the platform's copies that are on this machine, best first.
    """
    claimed = claimed_kind(own.name, own.media_type)
    if claimed not in (Kind.OFFICE, Kind.ARCHIVE, Kind.UNKNOWN, None):
        return own
    for rendition in renditions:
        if rendition.media_type.partition(";")[0].strip().lower() == "application/pdf":
            return rendition
    return own
