"""Checks of what a child answers. A child has read a stranger's file, so nothing it says is taken on trust.

Each function takes an untrusted JSON object and returns frozen data, or raises `AnswerRefused`.
"""

from __future__ import annotations

import math

from assessor_app.documents.cards import NOTE_CODES, REASONS, note_for
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import DocumentInfo, PageSize
from assessor_app.documents.sniff import Kind
from assessor_app.documents.text_layer import RawWord

_PAGE_KINDS = {kind.value: kind for kind in (Kind.PDF, Kind.IMAGE, Kind.OFFICE)}
_PAGELESS_KINDS = {kind.value: kind for kind in (Kind.TEXT, Kind.SHEET)}
_COORDINATE_MAX_PT = 1e6
_INDEX_MAX = 10_000_000
_WORD_FIELDS = 7
_DETAIL_MAX_CHARS = 60


class AnswerRefused(Exception):
    """A child's answer is not one that an honest child gives."""


def refusal_of(untrusted: dict[str, object]) -> tuple[str, str] | None:
    """The reason why the child refused, with the name of the parser's error; None when it did not refuse.

    Raises:
        AnswerRefused: the reason is not one of `cards.REASONS`.
    """
    if "refused" not in untrusted:
        return None
    reason, detail = untrusted["refused"], untrusted.get("detail", "")
    if not isinstance(reason, str) or reason not in REASONS:
        raise AnswerRefused("reason")
    if not isinstance(detail, str) or not (detail == "" or detail.isidentifier()):
        raise AnswerRefused("detail")
    return reason, detail[:_DETAIL_MAX_CHARS]


def checked_info(untrusted: dict[str, object], limits: Limits) -> DocumentInfo:
    """What the child says about a document that it opened.

    Raises:
        AnswerRefused: no pages, too many, sizes that are not finite and above 0, or unknown kinds and notes.
    """
    notes = _checked_notes(untrusted.get("notes"))
    has_text = untrusted.get("has_text")
    if not isinstance(has_text, bool):
        raise AnswerRefused("has_text")
    untrusted_kind, untrusted_sizes = untrusted.get("kind"), untrusted.get("sizes")
    if not isinstance(untrusted_sizes, list):
        raise AnswerRefused("sizes")
    if isinstance(untrusted_kind, str) and untrusted_kind in _PAGELESS_KINDS:
        if untrusted_sizes:
            raise AnswerRefused("text with pages")
        kind = _PAGELESS_KINDS[untrusted_kind]
        return DocumentInfo(kind=kind, page_count=0, pages=(), has_text=True, notes=notes)
    if untrusted_kind in (Kind.VIDEO.value, Kind.AUDIO.value):
        if untrusted_sizes:
            raise AnswerRefused("recording with pages")
        return DocumentInfo(Kind(untrusted_kind), page_count=0, pages=(), has_text=False, notes=notes)
    if not isinstance(untrusted_kind, str) or untrusted_kind not in _PAGE_KINDS:
        raise AnswerRefused("kind")
    kind = _PAGE_KINDS[untrusted_kind]
    if not 1 <= len(untrusted_sizes) <= limits.max_pages:
        raise AnswerRefused("page count")
    longest = float(limits.max_picture_side_px) if kind is Kind.IMAGE else limits.max_page_pt
    pages = tuple(_checked_size(size, longest) for size in untrusted_sizes)
    return DocumentInfo(kind=kind, page_count=len(pages), pages=pages, has_text=has_text, notes=notes)


def check_drawn(untrusted: dict[str, object], *, width_px: int, height_px: int) -> None:
    """That the child drew exactly what it was asked for.

    Raises:
        AnswerRefused: it says another width, height or number of bytes.
    """
    expected = {"width": width_px, "height": height_px, "bytes": width_px * height_px * 4}
    for name, value in expected.items():
        said = untrusted.get(name)
        if type(said) is not int or said != value:
            raise AnswerRefused(name)


def checked_words(untrusted: dict[str, object], limits: Limits) -> tuple[RawWord, ...]:
    """The words of a page.

    Raises:
        AnswerRefused: too many, or a field of the wrong type or out of bounds.
    """
    untrusted_words = untrusted.get("words")
    if not isinstance(untrusted_words, list) or len(untrusted_words) > limits.max_words:
        raise AnswerRefused("words")
    return tuple(_checked_word(word, limits) for word in untrusted_words)


def checked_text(untrusted: dict[str, object], limits: Limits) -> str:
    """The text of a text file.

    Raises:
        AnswerRefused: not a string, or longer than its bytes could be.
    """
    text = untrusted.get("text")
    if not isinstance(text, str) or len(text) > limits.max_text_bytes:
        raise AnswerRefused("text")
    return text


def checked_status(untrusted: dict[str, object]) -> tuple[int, tuple[str, ...]]:
    """How many documents a child holds open, and the top-level modules that it has loaded.

    Raises:
        AnswerRefused: of other types.
    """
    count, modules = untrusted.get("open_documents"), untrusted.get("modules")
    if type(count) is not int or not isinstance(modules, list):
        raise AnswerRefused("status")
    return count, tuple(name for name in modules if isinstance(name, str))


def _checked_notes(untrusted: object) -> tuple[str, ...]:
    """The sentences for the note codes."""
    if not isinstance(untrusted, list) or len(untrusted) > len(NOTE_CODES):
        raise AnswerRefused("notes")
    notes: list[str] = []
    for code in untrusted:
        if not isinstance(code, str) or code not in NOTE_CODES:
            raise AnswerRefused("note")
        notes.append(note_for(code))
    return tuple(notes)


def _checked_size(untrusted: object, longest: float) -> PageSize:
    """One page's size."""
    if not isinstance(untrusted, list) or len(untrusted) != 2:
        raise AnswerRefused("size")
    width, height = (checked_number(side, 0.0, longest) for side in untrusted)
    if width <= 0.0 or height <= 0.0:
        raise AnswerRefused("size")
    return PageSize(width_pt=width, height_pt=height)


def _checked_word(untrusted: object, limits: Limits) -> RawWord:
    """One word."""
    if not isinstance(untrusted, list) or len(untrusted) != _WORD_FIELDS:
        raise AnswerRefused("word")
    x0, y0, x1, y1 = (checked_number(edge, -_COORDINATE_MAX_PT, _COORDINATE_MAX_PT) for edge in untrusted[:4])
    text, block, line = untrusted[4:]
    if not isinstance(text, str) or len(text) > limits.max_word_chars:
        raise AnswerRefused("word text")
    if type(block) is not int or type(line) is not int:
        raise AnswerRefused("word place")
    if not (0 <= block <= _INDEX_MAX and 0 <= line <= _INDEX_MAX):
        raise AnswerRefused("word place")
    return RawWord(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), text, block, line)


def checked_number(untrusted: object, low: float, high: float) -> float:
    """A finite number between two bounds.

    Raises:
        AnswerRefused: no number, or out of bounds.
    """
    if isinstance(untrusted, bool) or not isinstance(untrusted, int | float):
        raise AnswerRefused("number")
    if not low <= untrusted <= high or not math.isfinite(untrusted):
        raise AnswerRefused("number")
    return float(untrusted)
