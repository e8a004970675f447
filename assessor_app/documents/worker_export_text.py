"""Pages made of words, for what has none: answers, text files, and lists of marks. Runs only in the child."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pymupdf

from assessor_app.documents import word_search
from assessor_app.documents.pages import PageText
from assessor_app.documents.text_layer import RawWord, build_page_text, quads_for_range
from assessor_app.domain.annotations import Rect, TextAnchor

PAGE = (595.0, 842.0)
"""Width and height in points: A4."""
_MARGIN = 56.0
_STYLE = """
body { font-family: sans-serif; font-size: 11pt; line-height: 1.45; }
h1 { font-size: 15pt; } .ask { color: #555555; } .quiet { color: #555555; } pre { font-family: monospace; }
p { white-space: pre-wrap; }
.label { color: #555555; font-size: 9.5pt; margin-top: 10pt; margin-bottom: 1pt; }
.value { margin-top: 0; margin-bottom: 2pt; }
.exact { font-family: monospace; font-size: 9.5pt; margin-top: 0; }
"""
_BROKEN_AFTER = 60


@dataclass(frozen=True, slots=True)
class TextPages:
    """Pages of words."""

    data: bytes
    """A PDF."""
    texts: tuple[PageText, ...]
    """The text of each page."""
    head: int
    """Code points of the heading, in the text of all pages."""


def text_pages(heading: str, ask: str, text: str) -> TextPages:
    """Pages with a heading, what was asked, and a text."""
    parts = [f"<h1>{_safe(heading)}</h1>" if heading else ""]
    parts.append(f'<p class="ask">{_safe(ask)}</p>' if ask else "")
    parts += [f"<p>{_safe(line) or '&nbsp;'}</p>" for line in text.split("\n")]
    data = _laid_out("".join(parts))
    texts = _texts(data)
    return TextPages(data, texts, len(" ".join(f"{heading} {ask}".split())) + 1)


def list_pages(heading: str, intro: str, entries: Sequence[tuple[str, str, str]]) -> bytes:
    """Pages that list marks which cannot be drawn where they stand.

    Args:
        heading: what it is about.
        intro: one sentence below it.
        entries: where, the marked words, the comment.
    """
    parts = [f'<h1>{_safe(heading)}</h1><p class="quiet">{_safe(intro)}</p>']
    for place, quote, comment in entries:
        parts.append(f"<p><b>{_safe(place)}</b></p>")
        if quote:
            parts.append(f'<p class="quiet">“{_safe(quote)}”</p>')
        if comment:
            parts.append(f"<p>{_safe(comment)}</p>")
    return _laid_out("".join(parts))


def fact_pages(heading: str, intro: str, facts: Sequence[tuple[str, str, bool]]) -> bytes:
    """Pages of labelled facts.

    Args:
        heading: what it is.
        intro: one sentence below it.
        facts: label, value, and whether the value is set apart unbroken, as a digest is.
    """
    parts = [f'<h1>{_safe(heading)}</h1><p class="quiet">{_safe(intro)}</p>']
    for label, value, is_exact in facts:
        parts.append(f'<p class="label">{_safe(label)}</p>')
        if is_exact:
            parts.append(f'<p class="exact">{html.escape(value)}</p>')
        else:
            parts += [f'<p class="value">{_safe(line)}</p>' for line in value.split("\n")]
    return _laid_out("".join(parts))


def place_words(pages: TextPages, words: TextAnchor) -> list[tuple[int, tuple[Rect, ...]]]:
    """Where words stand on pages that were made of their text: page and boxes; empty when not found."""
    joined = " ".join(text.text for text in pages.texts)
    moved = TextAnchor(
        words.exact,
        words.prefix,
        words.suffix,
        words.start + pages.head,
        words.end + pages.head,
        words.layer,
    )
    best = word_search.best(word_search.candidates(moved, joined))
    found: list[tuple[int, tuple[Rect, ...]]] = []
    offset = 0
    for number, text in enumerate(pages.texts):
        if best is not None:
            boxes = quads_for_range(text, best.start - offset, best.end - offset)
            if boxes:
                found.append((number, tuple(Rect(*box) for box in boxes)))
        offset += len(text.text) + 1
    return found


def _laid_out(body: str) -> bytes:
    """A PDF with the words of simple HTML of our own."""
    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    story = pymupdf.Story(body, user_css=_STYLE)
    frame = pymupdf.Rect(_MARGIN, _MARGIN, PAGE[0] - _MARGIN, PAGE[1] - _MARGIN)
    more = 1
    while more:
        device = writer.begin_page(pymupdf.Rect(0, 0, *PAGE))
        more, _ = story.place(frame)
        story.draw(device)
        writer.end_page()
    writer.close()
    with pymupdf.open(stream=buffer.getvalue(), filetype="pdf") as document:
        document.subset_fonts()
        data: bytes = document.tobytes(garbage=3, deflate=True)
    return data


def _texts(data: bytes) -> tuple[PageText, ...]:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return tuple(
            build_page_text(
                number,
                [RawWord(*word[:7]) for word in page.get_text("words")],
            )
            for number, page in enumerate(document)
        )


def _safe(text: str) -> str:
    """Text as HTML; a word longer than a line may be broken."""
    words = []
    for word in text.split(" "):
        pieces = [word[at : at + _BROKEN_AFTER] for at in range(0, len(word), _BROKEN_AFTER)] or [""]
        words.append("\u200b".join(html.escape(piece) for piece in pieces))
    return " ".join(words)
