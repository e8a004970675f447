"""The demo's texts: what learners, students and assessors wrote, in files beside the code.

Documents are written in a small markup, of which each kind of file is made:

    # Title, ## Heading, ### Smaller heading
    A paragraph with **bold** and *italic* words.
    {What the margin says about the paragraph above.}
    - an item of a list
    ~ a small paragraph
    > what somebody said
    | Head | Head |
    | 30 | 70 |              (widths in percent, always the second row)
    | cell | cell |
    [name of a figure]
    ---                      (a new page, a new slide)

Blank lines part everything but the lines of one paragraph, the items of a list and the rows of a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "texts"


class Manner(StrEnum):
    """How a paragraph looks."""

    PLAIN = "plain"
    ITEM = "item"
    SMALL = "small"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a title."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, still with its marks for bold and italic."""

    text: str
    manner: Manner = Manner.PLAIN
    comment: str = ""
    """What the margin says about it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row."""

    head: tuple[str, ...]
    widths: tuple[int, ...]
    """Percents of the columns."""
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The place of a figure."""

    name: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new page or slide."""


Piece = Heading | Paragraph | Table | Picture | Break

_MANNERS = {"- ": Manner.ITEM, "~ ": Manner.SMALL, "> ": Manner.QUOTE}
_INLINE = re.compile(r"(\*\*.+?\*\*|\*.+?\*)")


def pieces(text: str) -> tuple[Piece, ...]:
    """A text in the markup, piece by piece.

    Raises:
        ValueError: a table's rows differ in length.
    """
    found: list[Piece] = []
    for chunk in re.split(r"\n\s*\n|\n(?=- )", text.strip()):
        lines = chunk.strip().splitlines()
        if lines[0].startswith("|"):
            found.append(_table(lines))
            continue
        comment = ""
        start = next((number for number, line in enumerate(lines) if line.startswith("{")), None)
        if start is not None:
            comment = " ".join(line.strip() for line in lines[start:]).strip("{}")
            lines = lines[:start]
        piece = _piece(" ".join(line.strip() for line in lines))
        if comment and isinstance(piece, Paragraph):
            piece = replace(piece, comment=comment)
        found.append(piece)
    return tuple(found)


def inline(text: str) -> tuple[tuple[str, bool, bool], ...]:
    """The runs of a paragraph: text, whether it is bold, whether it is italic."""
    runs = []
    for part in _INLINE.split(text):
        if part.startswith("**") and part.endswith("**") and len(part) > 4:
            runs.append((part[2:-2], True, False))
        elif part.startswith("*") and part.endswith("*") and len(part) > 2:
            runs.append((part[1:-1], False, True))
        elif part:
            runs.append((part, False, False))
    return tuple(runs)


def exists(code: str) -> bool:
    """Whether there are texts for a submission."""
    return (FOLDER / code).is_dir()


def document(code: str, name: str) -> tuple[Piece, ...]:
    """A document of a submission, piece by piece."""
    return pieces(file_text(code, name))


@cache
def file_text(code: str, name: str) -> str:
    """A text of a submission as it stands in the file."""
    return (FOLDER / code / name).read_text("utf-8")


def answers(code: str, name: str = "answers.md") -> dict[str, str]:
    """Texts by name: a file with a `## name` above each; blank lines stay, other line breaks do not."""
    texts = {}
    for section in re.split(r"^## ", file_text(code, name), flags=re.MULTILINE)[1:]:
        key, _, body = section.partition("\n")
        paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", body.strip())]
        texts[key.strip()] = "\n\n".join(paragraphs)
    return texts


def _piece(text: str) -> Piece:
    if text == "---":
        return Break()
    heading = re.match(r"(#{1,3}) (.+)", text)
    if heading:
        return Heading(heading[2], len(heading[1]))
    if text.startswith("[") and text.endswith("]"):
        return Picture(text[1:-1])
    manner = _MANNERS.get(text[:2], Manner.PLAIN)
    return Paragraph(text if manner is Manner.PLAIN else text[2:], manner)


def _table(lines: list[str]) -> Table:
    rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"rows of different lengths in the table that begins {lines[0]!r}")
    return Table(rows[0], tuple(int(width) for width in rows[1]), tuple(rows[2:]))
