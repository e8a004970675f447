"""What the viewer makes of a file, without a window: for support and for scripts.

A file goes the way of evidence: it is sealed under a key of chance into a private folder, recognised by its
first bytes, and opened, drawn and read by the same children with the same limits. Nothing plain is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from assessor_app.clock import Clock
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.file_parts import outline_of
from assessor_app.documents.media_probe import ChildEntry, ProbeChild, RecordingFacts
from assessor_app.documents.pages import DocumentInfo, EvidenceSource, PagePixels
from assessor_app.documents.remarks import remarks_of
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.sheets import grid_of, sheets_of
from assessor_app.documents.sniff import HEAD_BYTES, Kind, sniff
from assessor_app.documents.text_layer import clean_text
from assessor_app.vault.sealed_file import SealedWriter, file_key_of

T = TypeVar("T")
PICTURE_DPI = 96
"""Of the pictures of pages; one larger than `PICTURE_MAX_PX` is made smaller."""
PICTURE_MAX_PX = 4_000_000
REMARKS_S = 3.0
"""Seconds for what the learner left in a file, as in the window."""
_WITH_PARTS = frozenset({Kind.PDF, Kind.OFFICE, Kind.SHEET})
_POINTS_TO_THE_INCH = 72
_READ_BYTES = 1024 * 1024
_KEY_BYTES = 32

TakePicture = Callable[[int, PagePixels], str]
"""Takes the picture of a page, its index from 0 and its pixels; returns what it is called."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file, or a page of it, is not shown."""

    reason: str
    """The card's code: damaged, encrypted, timeout and so on; stable."""
    title: str
    """The card's title, as the window shows it."""


@dataclass(slots=True)
class PageFound:
    """One page."""

    width_pt: float
    """Width in points."""
    height_pt: float
    """Height in points."""
    words: int = 0
    characters: int = 0
    """Code points of its text."""
    refused: Refused | None = None
    """Why it is not drawn, or has no text."""


@dataclass(frozen=True, slots=True)
class SheetFound:
    """One sheet of a workbook."""

    name: str
    """A stranger's words, cleaned."""
    rows: int
    columns: int
    cells: int
    """Cells that are filled."""
    is_hidden: bool


@dataclass(slots=True)
class Found:
    """What the viewer makes of one file."""

    name: str
    size_bytes: int = 0
    sha256: str = ""
    sniffed: Kind = Kind.UNKNOWN
    """The kind by first bytes, then by name."""
    kind: Kind | None = None
    """The kind as which it is shown; None when it is not."""
    refused: Refused | None = None
    """Why it is not shown; None when it is."""
    page_count: int = 0
    pages: list[PageFound] = field(default_factory=list)
    has_text: bool = False
    words: int = 0
    characters: int = 0
    """Code points of all its text."""
    notes: tuple[str, ...] = ()
    """What the window says above the pages."""
    annotations: dict[str, int] | None = None
    """What the learner left in the file, by kind; None when that cannot be read, or the kind has none."""
    outline: int | None = None
    """Entries of its outline; None as above."""
    recording: RecordingFacts | None = None
    """Length, size and tracks of a recording that was tried out; None for anything else."""
    sheets: list[SheetFound] = field(default_factory=list)
    """The sheets of a workbook that is shown as cells."""
    pictures: list[str] = field(default_factory=list)
    """Files that pictures of pages were written to."""
    milliseconds: dict[str, float] = field(default_factory=dict)
    """How long each step took: seal, open, draw, text, parts, recording, pictures."""


class Inspector:
    """Looks at files one after the other, with one child and a private folder."""

    def __init__(
        self, renderer: Renderer, folder: Path, clock: Clock, *, player: ChildEntry | None = None
    ) -> None:
        """Take what is needed.

        Args:
            renderer: draws and reads.
            folder: a private folder that is deleted afterwards.
            clock: time, ids and randomness.
            player: what a child runs that tries out a recording; None: recordings are only recognised.
        """
        self._renderer, self._folder, self._clock = renderer, folder, clock
        self._player = player

    def inspect(self, path: Path, *, picture: TakePicture | None = None, pictures: int = 0) -> Found:
        """Look at one file.

        Args:
            path: the file, read and never changed.
            picture: takes pictures of pages.
            pictures: of how many pages, from the first.

        Raises:
            OSError: the file cannot be read, or the folder not be written.
            ViewerUnavailable: no child can be started.
        """
        found = Found(path.name)
        source = self._timed(found, "seal", lambda: self._sealed(path, found))
        try:
            try:
                info = self._timed(found, "open", lambda: self._renderer.open(source))
            except RefusedWithCard as refused:
                found.refused = _why(refused)
                return found
            self._describe(found, info)
            if info.page_count:
                self._look_at_pages(found, source, picture, pictures)
            elif info.kind in (Kind.VIDEO, Kind.AUDIO):
                self._timed(found, "recording", lambda: self._try_out(found, source))
            elif info.kind is Kind.SHEET:
                self._timed(found, "text", lambda: self._read_sheets(found, source))
            else:
                self._read_text(found, source)
            if info.kind in _WITH_PARTS:
                self._timed(found, "parts", lambda: self._read_parts(found, source))
        finally:
            source.path.unlink(missing_ok=True)
        return found

    def _sealed(self, path: Path, found: Found) -> EvidenceSource:
        """Seal the file as a download is sealed, and note size, digest and kind on the way."""
        digest, size, head = hashlib.sha256(), 0, b""
        blob_id, key = self._clock.new_id(), self._clock.random_bytes(_KEY_BYTES)
        target = self._folder / blob_id
        with (
            path.open("rb") as plain,
            SealedWriter(target, submission_key=key, blob_id=blob_id, clock=self._clock) as writer,
        ):
            while piece := plain.read(_READ_BYTES):
                head = head or piece[:HEAD_BYTES]
                digest.update(piece)
                size += len(piece)
                writer.write(piece)
            writer.finish(expected_size=size, expected_sha256=digest.hexdigest())
        found.size_bytes, found.sha256 = size, digest.hexdigest()
        found.sniffed = sniff(head, path.name, "")
        file_key = file_key_of(target, submission_key=key, blob_id=blob_id)
        return EvidenceSource(blob_id, target, file_key, size, found.sha256, "", path.name)

    def _describe(self, found: Found, info: DocumentInfo) -> None:
        found.kind, found.page_count, found.has_text = info.kind, info.page_count, info.has_text
        found.notes = info.notes
        found.pages = [PageFound(size.width_pt, size.height_pt) for size in info.pages]

    def _look_at_pages(
        self, found: Found, source: EvidenceSource, picture: TakePicture | None, pictures: int
    ) -> None:
        first = self._timed(found, "draw", lambda: self._drawn(found, source, 0))
        self._timed(found, "text", lambda: self._read_pages(found, source))
        if picture is None or pictures < 1:
            return
        if first is not None:
            found.pictures.append(picture(0, first))
        self._timed(found, "pictures", lambda: self._take(found, source, picture, pictures))

    def _take(self, found: Found, source: EvidenceSource, picture: TakePicture, pictures: int) -> None:
        for page in range(1, min(pictures, found.page_count)):
            drawn = self._drawn(found, source, page)
            if drawn is not None:
                found.pictures.append(picture(page, drawn))

    def _drawn(self, found: Found, source: EvidenceSource, page: int) -> PagePixels | None:
        size = found.pages[page]
        # A picture's points are its own pixels.
        scale = 1.0 if found.kind is Kind.IMAGE else PICTURE_DPI / _POINTS_TO_THE_INCH
        pixels = size.width_pt * size.height_pt * scale * scale
        if pixels > PICTURE_MAX_PX:
            scale *= (PICTURE_MAX_PX / pixels) ** 0.5
        try:
            return self._renderer.render(source, page, scale)
        except RefusedWithCard as refused:
            size.refused = _why(refused)
            return None

    def _read_pages(self, found: Found, source: EvidenceSource) -> None:
        for index, page in enumerate(found.pages if found.has_text else ()):
            try:
                text = self._renderer.text(source, index)
            except RefusedWithCard as refused:
                page.refused = page.refused or _why(refused)
                continue
            page.words, page.characters = len(text.words), len(text.text)
        found.words = sum(page.words for page in found.pages)
        found.characters = sum(page.characters for page in found.pages)

    def _read_text(self, found: Found, source: EvidenceSource) -> None:
        try:
            text = self._timed(found, "text", lambda: self._renderer.read_text(source))
        except RefusedWithCard as refused:
            found.refused = _why(refused)
            return
        found.words, found.characters = len(text.split()), len(text)

    def _try_out(self, found: Found, source: EvidenceSource) -> None:
        """A picture or a sound, a seek, another one: in a child, as the window does before it plays."""
        if self._player is None:
            return
        child = ProbeChild(source, self._player, clock=self._clock)
        try:
            found.recording = child.facts()
        except RefusedWithCard as refused:
            found.refused = _why(refused)
        finally:
            child.close()

    def _read_sheets(self, found: Found, source: EvidenceSource) -> None:
        try:
            for index, sheet in enumerate(sheets_of(self._renderer, source)):
                grid = grid_of(self._renderer, source, index)
                name = clean_text(sheet.name)
                found.sheets.append(
                    SheetFound(name, grid.rows, grid.columns, len(grid.cells), sheet.is_hidden)
                )
                texts = [cell.text for cell in grid.cells.values()]
                found.words += sum(len(text.split()) for text in texts)
                found.characters += sum(len(text) for text in texts)
        except RefusedWithCard as refused:
            found.refused = _why(refused)

    def _read_parts(self, found: Found, source: EvidenceSource) -> None:
        """What stands beside the pages; a file whose parts cannot be read is shown without them."""
        with contextlib.suppress(RefusedWithCard):
            remarks = remarks_of(self._renderer, source, wait_s=REMARKS_S)
            found.annotations = dict(Counter(remark.kind.value for remark in remarks))
        with contextlib.suppress(RefusedWithCard):
            found.outline = len(outline_of(self._renderer, source)) if found.kind is Kind.PDF else None

    def _timed(self, found: Found, step: str, do: Callable[[], T]) -> T:
        started_s = self._clock.monotonic_s()
        try:
            return do()
        finally:
            found.milliseconds[step] = round((self._clock.monotonic_s() - started_s) * 1000, 1)


def _why(refused: RefusedWithCard) -> Refused:
    return Refused(refused.card.reason, refused.card.title)
