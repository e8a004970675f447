"""Comments as files: both ways, and what is wrong with a bad one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.comment_files import (
    MAX_ENTRIES,
    MAX_FILE_BYTES,
    MAX_TEXT_CHARS,
    CommentFileInvalid,
    FileComment,
    as_csv,
    as_json,
    of_entry,
    read_comments,
    title_of,
    without_known,
)
from assessor_app.domain.ids import BankEntryId, CriterionId, MicrocredentialId

FULL = FileComment(
    "Link to standard", 'Say "why", name\nthe standard; {{criterion}}.', MicrocredentialId("mc-1"),
    CriterionId("design-1"), "not_met",
)  # fmt: skip
FORMULA = FileComment("=1+1", "-a list\n'and +more")
PLAIN = FileComment("Ñandú", "Bien hecho.")

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(str.strip)
COMMENTS = st.builds(
    FileComment, WORDS.filter(bool), WORDS.filter(bool), st.none() | WORDS.filter(bool).map(MicrocredentialId)
)


@pytest.mark.parametrize("write", [as_json, as_csv])
def test_what_was_written_is_read_again(write):
    assert read_comments(write([FULL, FORMULA, PLAIN])) == (FULL, FORMULA, PLAIN)


@given(st.lists(COMMENTS, min_size=1, max_size=5))
def test_any_comments_survive_both_kinds_of_file(comments: list[FileComment]):
    for write in (as_json, as_csv):
        assert read_comments(write(comments)) == tuple(comments)


def test_a_spreadsheet_sees_no_formula():
    cells = as_csv([FORMULA]).decode("utf-8-sig").splitlines()[1]
    assert cells.startswith("'=1+1,")


def test_nothing_of_the_person_goes_into_a_file():
    entry = BankEntry(BankEntryId("id-7"), Scope.PERSONAL, "T", "Text.", uses=3)
    assert of_entry(entry) == FileComment("T", "Text.")
    assert b"id-7" not in as_json([of_entry(entry)])
    assert b"personal" not in as_csv([of_entry(entry)])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(delimiter: str, encoding: str):
    rows = [["Level", "TEXT", "note"], ["met", "Señal.", "x"], ["", "", ""], ["", "Two"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    assert read_comments(text.encode(encoding)) == (
        FileComment("Señal.", "Señal.", level="met"),
        FileComment("Two", "Two"),
    )


def test_a_bare_list_is_read_and_a_missing_title_made():
    long = "A sentence with many words that goes on, and on, until nobody would call it short."
    (one,) = read_comments(json.dumps([{"text": f" {long} "}]).encode())
    assert one.text == long
    assert one.title == title_of(long) == "A sentence with many words that goes on, and on, until…"


BAD = {
    "empty": (b"  \n", None, "empty"),
    "too large": (b"x" * (MAX_FILE_BYTES + 1), None, "larger than 8 MB"),
    "other encoding": ("title,text\nx,é".encode("latin-1"), None, "UTF-8"),
    "no JSON": (b'{"comments": [\n  oops]}', 2, "quotation mark is missing"),
    "too deep": (b"[" * 100_000, None, "too deep"),
    "a name twice": (b'[{"text": "a", "text": "b"}]', None, "stands twice"),
    "something else": (b'{"format": "rubric", "comments": []}', None, "something else"),
    "newer": (b'{"version": 2, "comments": []}', None, "newer version"),
    "no list": (b'{"comments": {}}', None, "no list"),
    "no object": (b'[{"text": "a"}, 3]', 2, "expected"),
    "number as text": (b'[{"text": 3}]', 1, '"text" is no text'),
    "no text": (b'[{"title": "a"}]', 1, '"text" is empty'),
    "too long": (json.dumps([{"text": "x" * (MAX_TEXT_CHARS + 1)}]).encode(), 1, "longer than 10000"),
    "half a pair": (b'[{"text": "\\ud800"}]', 1, "broken character"),
    "control": (b'[{"text": "a\\u0000"}]', 1, "broken character"),
    "too many": (json.dumps([{"text": "a"}] * (MAX_ENTRIES + 1)).encode(), None, "more than 10000"),
    "no column": (b"title,words\na,b", 1, '"text" is not among them'),
    "column twice": (b"text,Text\na,b", 1, "same name"),
    "cells too many": (b"title,text\na,b\nc,d,e", 3, "3 cells where 2"),
    "open quote": (b'title,text\na,b\nc,"d', 3, "not closed"),
    "empty cell": (b"title,text\na,b\nc,", 3, '"text" is empty'),
    "too many rows": (b"text" + b"\na" * (MAX_ENTRIES + 1), None, "more than 10000"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_names_the_row_and_what_is_wrong(name: str):
    data, row, words = BAD[name]
    with pytest.raises(CommentFileInvalid) as caught:
        read_comments(data)
    assert caught.value.row == row
    assert words in caught.value.message
    assert ("Row" in caught.value.message) == (row is not None)
    assert "your comments are safe" in caught.value.message


@given(st.binary(max_size=200) | st.text(alphabet="{}[]\",:\n'txe ", max_size=60).map(str.encode))
def test_whatever_the_file_holds_it_is_read_or_refused(data: bytes):
    try:
        read_comments(data)
    except CommentFileInvalid:
        pass


def test_what_is_there_already_is_taken_over_once():
    again = FileComment("Another title", "  BIEN   hecho.")
    elsewhere = FileComment("Ñandú", "Bien hecho.", level="met")
    assert without_known([again, elsewhere, elsewhere, FULL], [PLAIN]) == ((elsewhere, FULL), 2)
