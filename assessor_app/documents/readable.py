"""A text file as it reads: its words without markup, and where each of them stands in the source.

Marks are anchored in the source alone, so that they stay when the person switches between both.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum

from assessor_app.documents.answers import AnswerRefused
from assessor_app.documents.limits import Limits
from assessor_app.documents.patches import checked_text_patches

PIECES_MAX = 200_000
"""Most pieces; a file with more is shown as it is written."""
LOOKS_MAX = 4_000
"""Most stretches of text with a look of their own; the rest of a longer text is plain."""
_SHOWN_FACTOR = 4
_QUOTE_MAX_CHARS = 2_000
_TAG = re.compile(r"^[^<>]*>(?=\S)|<[^<>]*>|<[^<>]*$")
_MARKDOWN_SIGNS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|__|~~|`|^#{1,6} ")


class Form(StrEnum):
    """How a text file is written, by what it is called."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    TABLE = "table"
    CODE = "code"


class Look(StrEnum):
    """How a stretch of text looks."""

    TITLE = "title"
    HEADING = "heading"
    SMALL_HEADING = "small_heading"
    BOLD = "bold"
    ITALIC = "italic"
    STRUCK = "struck"
    CODE = "code"
    QUOTE = "quote"
    LINK = "link"
    QUIET = "quiet"


RENDERED = frozenset({Form.MARKDOWN, Form.HTML, Form.TABLE})
"""Forms that read otherwise than they are written."""
_CODE = (
    "json",
    "xml",
    "yaml",
    "yml",
    "toml",
    "ini",
    "py",
    "js",
    "ts",
    "java",
    "c",
    "h",
    "cpp",
    "cs",
    "r",
    "sql",
)
_FORMS_BY_EXTENSION = {
    **dict.fromkeys(("md", "markdown"), Form.MARKDOWN),
    **dict.fromkeys(("html", "htm", "xhtml"), Form.HTML),
    **dict.fromkeys(("csv", "tsv"), Form.TABLE),
    **dict.fromkeys((*_CODE, "sh", "css", "tex", "ipynb", "log"), Form.CODE),
}
_FORMS_BY_MEDIA_TYPE = {
    "text/markdown": Form.MARKDOWN,
    "text/html": Form.HTML,
    "application/xhtml+xml": Form.HTML,
    "text/csv": Form.TABLE,
    "text/tab-separated-values": Form.TABLE,
    "application/json": Form.CODE,
    "application/xml": Form.CODE,
}


def form_of(name: str, media_type: str) -> Form:
    """How a file is written, by its name, else by its media type; both are claims."""
    _, dot, extension = name.strip().lower().rpartition(".")
    if dot and extension in _FORMS_BY_EXTENSION:
        return _FORMS_BY_EXTENSION[extension]
    if dot and extension in ("txt", "text"):
        return Form.PLAIN
    return _FORMS_BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower(), Form.PLAIN)


def without_markup(quote: str, form: Form) -> str:
    """Words quoted from a source without the signs around them, for one line of the screen.

    Args:
        quote: some words of the source; markup may be cut at its ends.
        form: how the source is written.
    """
    if form is Form.HTML:
        return _TAG.sub(" ", quote[:_QUOTE_MAX_CHARS])
    if form is Form.MARKDOWN:
        return _MARKDOWN_SIGNS.sub("", quote[:_QUOTE_MAX_CHARS])
    return quote


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in the shown text exactly as in the source."""

    shown: int
    """First code point in the shown text."""
    source: int
    """First code point in the source."""
    length: int
    """Code points, at least 1."""


@dataclass(frozen=True, slots=True)
class Styled:
    """A stretch of the shown text with a look."""

    start: int
    end: int
    """One past the last code point."""
    look: Look


@dataclass(frozen=True, slots=True)
class ReadableText:
    """A text file with what it reads like."""

    source: str
    """As it is written; offsets of marks count here."""
    shown: str
    """As it reads; what is in no piece was put there for the eye."""
    pieces: tuple[Piece, ...]
    """In ascending order in both texts."""
    looks: tuple[Styled, ...]
    form: Form
    patches: tuple[tuple[int, int, bool], ...] = ()
    """Places of the source that may name a person: first code point, one past the last, whether lifted."""


class OffsetMap:
    """From places in the source to places in the shown text and back."""

    def __init__(self, readable: ReadableText) -> None:
        """Keep the starts of all pieces."""
        self._pieces = readable.pieces
        self._shown = [piece.shown for piece in readable.pieces]
        self._source = [piece.source for piece in readable.pieces]

    def to_shown(self, offset: int, *, is_end: bool) -> int:
        """Where a place of the source is shown; within markup the next words, for an end the ones before."""
        index = self._at(self._source, offset, is_end=is_end)
        if index is None:
            return 0
        piece = self._pieces[index]
        return piece.shown + min(max(0, offset - piece.source), piece.length)

    def to_source(self, offset: int, *, is_end: bool) -> int:
        """Which place of the source is shown there; beside words the next, for an end the ones before."""
        index = self._at(self._shown, offset, is_end=is_end)
        if index is None:
            return 0
        piece = self._pieces[index]
        return piece.source + min(max(0, offset - piece.shown), piece.length)

    def _at(self, starts: list[int], offset: int, *, is_end: bool) -> int | None:
        """The piece that an offset belongs to; None where there are no pieces."""
        if not starts:
            return None
        if is_end:
            # The end of a piece belongs to it, the start of one to the piece before.
            return max(0, bisect_left(starts, offset) - 1)
        index = max(0, bisect_right(starts, offset) - 1)
        piece = self._pieces[index]
        if offset >= starts[index] + piece.length and index + 1 < len(starts):
            return index + 1
        return index


def checked_readable(untrusted: dict[str, object], limits: Limits, form: Form) -> ReadableText:
    """What a child made of a text file.

    Raises:
        AnswerRefused: other types, too much, or pieces that are not what stands in both texts.
    """
    source, shown = untrusted.get("text"), untrusted.get("shown")
    if not isinstance(source, str) or len(source) > limits.max_text_bytes:
        raise AnswerRefused("text")
    if not isinstance(shown, str) or len(shown) > limits.max_text_bytes * _SHOWN_FACTOR:
        raise AnswerRefused("shown")
    pieces = tuple(_checked_piece(piece) for piece in _triples(untrusted.get("pieces"), PIECES_MAX))
    at_shown = at_source = 0
    for piece in pieces:
        if piece.shown < at_shown or piece.source < at_source:
            raise AnswerRefused("order of pieces")
        at_shown, at_source = piece.shown + piece.length, piece.source + piece.length
        if shown[piece.shown : at_shown] != source[piece.source : at_source] or at_source > len(source):
            raise AnswerRefused("piece")
    looks = tuple(_checked_look(look, len(shown)) for look in _triples(untrusted.get("looks"), LOOKS_MAX))
    patches = checked_text_patches(untrusted.get("patches", []), len(source))
    return ReadableText(source, shown, pieces, looks, form, patches)


def _triples(untrusted: object, most: int) -> list[list[object]]:
    if not isinstance(untrusted, list) or len(untrusted) > most:
        raise AnswerRefused("list")
    for item in untrusted:
        if not isinstance(item, list) or len(item) != 3:
            raise AnswerRefused("triple")
    return untrusted


def _checked_piece(untrusted: list[object]) -> Piece:
    shown, source, length = untrusted
    if type(shown) is not int or type(source) is not int or type(length) is not int:
        raise AnswerRefused("piece")
    if shown < 0 or source < 0 or length < 1:
        raise AnswerRefused("piece")
    return Piece(shown, source, length)


def _checked_look(untrusted: list[object], length: int) -> Styled:
    start, end, name = untrusted
    if type(start) is not int or type(end) is not int or not isinstance(name, str):
        raise AnswerRefused("look")
    if not 0 <= start <= end <= length or name not in set(Look):
        raise AnswerRefused("look")
    return Styled(start, end, Look(name))
