"""Comments as a file: JSON, and CSV for spreadsheets. What is read is checked row by row.

A file holds what a comment says and where it fits; never whose it is, nor how often it was used.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessor_app.domain.comment_bank import BankEntry, folded
from assessor_app.domain.ids import CriterionId, MicrocredentialId
from assessor_app.errors import KnownError
from assessor_app.json_from_outside import plain_data

FORMAT = "assessor-workstation.comments"
VERSION = 1
MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_TITLE_CHARS = 200
MAX_TEXT_CHARS = 10_000
_MAX_ID_CHARS = 200
_COLUMNS = ("title", "text", "microcredential", "criterion", "level")
_TITLE_CHARS = 60
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula."""


class CommentFileInvalid(KnownError):
    """A file of comments that cannot be read, with the row."""

    def __init__(self, sentence: str, row: int | None = None) -> None:
        """Say what is wrong.

        Args:
            sentence: what is wrong there, as a whole sentence.
            row: row of the spreadsheet, or number of the comment in a JSON file, from 1; None: all of it.
        """
        self.row = row
        where = f"Row {row}: " if row is not None else ""
        super().__init__(
            "This file of comments cannot be read",
            f"{where}{sentence} Nothing was taken over; your comments are safe.",
            "Mend the file and try again.",
        )


@dataclass(frozen=True, slots=True)
class FileComment:
    """One comment of a file."""

    title: str
    text: str
    microcredential_id: MicrocredentialId | None = None
    criterion_id: CriterionId | None = None
    level: str | None = None


def of_entry(entry: BankEntry) -> FileComment:
    """What of an entry goes into a file."""
    return FileComment(entry.title, entry.text, entry.microcredential_id, entry.criterion_id, entry.level)


def title_of(text: str) -> str:
    """The first words of a text, for one that has no title of its own."""
    line = " ".join(text.split())
    return (
        line if len(line) <= _TITLE_CHARS else line[: _TITLE_CHARS - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    )


def same_comment(comment: FileComment) -> tuple[object, ...]:
    """Equal for comments that say the same, but for case, accents and spaces, in the same place."""
    said = " ".join(folded(comment.text).split())
    return said, comment.microcredential_id, comment.criterion_id, comment.level


def without_known(
    comments: Iterable[FileComment], known: Iterable[FileComment]
) -> tuple[tuple[FileComment, ...], int]:
    """The comments that are not there yet, each once.

    Returns:
        The new ones, and how many were there already or came twice.
    """
    seen = {same_comment(comment) for comment in known}
    new, doubles = [], 0
    for comment in comments:
        key = same_comment(comment)
        if key in seen:
            doubles += 1
        else:
            seen.add(key)
            new.append(comment)
    return tuple(new), doubles


# ---- writing ----


def as_json(comments: Sequence[FileComment]) -> bytes:
    """The comments as JSON, in UTF-8."""
    rows = [
        {name: value for name, value in zip(_COLUMNS, _cells(comment), strict=True) if value}
        for comment in comments
    ]
    document = {"format": FORMAT, "version": VERSION, "comments": rows}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(comments: Sequence[FileComment]) -> bytes:
    """The comments as CSV in UTF-8 with a byte order mark, which spreadsheets need to see accents.

    What a spreadsheet would take for a formula begins with an apostrophe; reading takes it away again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for comment in comments:
        writer.writerow([f"'{v}" if v.startswith(("'", *_FORMULA)) else v for v in _cells(comment)])
    return out.getvalue().encode("utf-8-sig")


def _cells(comment: FileComment) -> tuple[str, ...]:
    return (
        comment.title,
        comment.text,
        comment.microcredential_id or "",
        comment.criterion_id or "",
        comment.level or "",
    )


# ---- reading ----


def read_comments(untrusted: bytes) -> tuple[FileComment, ...]:
    """The comments of a file, JSON or CSV, told by its first sign.

    Raises:
        CommentFileInvalid: with the row and what is wrong there.
    """
    if len(untrusted) > MAX_FILE_BYTES:
        raise CommentFileInvalid(f"It is larger than {MAX_FILE_BYTES // (1024 * 1024)} MB.")
    text = _decoded(untrusted)
    if not text.strip():
        raise CommentFileInvalid("It is empty.")
    rows = _json_rows(text) if text.lstrip()[0] in "{[" else _csv_rows(text)
    return tuple(_comment(cells, row) for row, cells in rows)


def _decoded(untrusted: bytes) -> str:
    """Spreadsheets write UTF-8 with a mark, or UTF-16."""
    is_utf16 = untrusted[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return untrusted.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise CommentFileInvalid("It is not written in UTF-8.") from None


def _json_rows(text: str) -> list[tuple[int, dict[str, object]]]:
    try:
        document = plain_data(text, half_letters="leave")
    except json.JSONDecodeError as error:
        raise CommentFileInvalid(
            "A bracket, comma or quotation mark is missing, or one too many.", error.lineno
        ) from None
    except ValueError as error:
        raise CommentFileInvalid(f"It is no list of comments as they are written here: {error}.") from None
    rows = document.get("comments") if isinstance(document, dict) else document
    if isinstance(document, dict) and document.get("format", FORMAT) != FORMAT:
        raise CommentFileInvalid("It holds something else than comments.")
    if isinstance(document, dict) and document.get("version", VERSION) != VERSION:
        raise CommentFileInvalid("It was written by a newer version of the workstation.")
    if not isinstance(rows, list):
        raise CommentFileInvalid("It has no list of comments.")
    _refuse_too_many(len(rows))
    found = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise CommentFileInvalid("A comment with title and text is expected.", number)
        found.append((number, row))
    return found


def _csv_rows(text: str) -> list[tuple[int, dict[str, object]]]:
    first_line = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=first_line.count)
    # Strict: a quotation mark that is never closed would swallow the rest of the file in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, dict[str, object]]] = []
    names: list[str] = []
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = [cell.strip().casefold() for cell in cells]
                _refuse_columns(names, row)
                continue
            if len(cells) > len(names):
                raise CommentFileInvalid(f"It has {len(cells)} cells where {len(names)} are expected.", row)
            plain = [
                cell.removeprefix("'") if cell[1:].startswith(("'", *_FORMULA)) else cell for cell in cells
            ]
            found.append((row, dict(zip(names, plain, strict=False))))
            _refuse_too_many(len(found))
    except csv.Error:
        raise CommentFileInvalid("A quotation mark is not closed, or a cell is too long.", row + 1) from None
    return found


def _refuse_columns(names: Sequence[str], row: int) -> None:
    if "text" not in names:
        raise CommentFileInvalid('The first row names the columns; "text" is not among them.', row)
    if len(set(names)) < len(names):
        raise CommentFileInvalid("Two columns have the same name.", row)


def _refuse_too_many(count: int) -> None:
    if count > MAX_ENTRIES:
        raise CommentFileInvalid(f"It holds more than {MAX_ENTRIES} comments.")


def _comment(cells: dict[str, object], row: int) -> FileComment:
    text = _cell(cells, "text", row, MAX_TEXT_CHARS)
    if not text:
        raise CommentFileInvalid('The "text" is empty.', row)
    microcredential = _cell(cells, "microcredential", row, _MAX_ID_CHARS)
    criterion = _cell(cells, "criterion", row, _MAX_ID_CHARS)
    return FileComment(
        title=_cell(cells, "title", row, MAX_TITLE_CHARS) or title_of(text),
        text=text,
        microcredential_id=MicrocredentialId(microcredential) if microcredential else None,
        criterion_id=CriterionId(criterion) if criterion else None,
        level=_cell(cells, "level", row, _MAX_ID_CHARS) or None,
    )


def _cell(cells: dict[str, object], name: str, row: int, max_chars: int) -> str:
    value = cells.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CommentFileInvalid(f'The "{name}" is no text.', row)
    if len(value) > max_chars:
        raise CommentFileInvalid(f'The "{name}" is longer than {max_chars} characters.', row)
    if any((char < " " and char not in "\n\t\r") or "\ud800" <= char <= "\udfff" for char in value):
        raise CommentFileInvalid(f'The "{name}" holds a broken character.', row)
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()
