"""Bytes of a file: encodings, strict JSON, and the line and column of what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessor_app.rubric.json_reader import RubricInvalid
from assessor_app.rubric.json_text import MAX_BYTES, MAX_DEPTH, decoded, line_and_column, parsed

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 2]), st.booleans())
@example({'"': ['\\"', "{", "}", ",", ":", "NaN", "Infinity"]}, None, False)
def test_what_json_writes_is_read(data: Any, indent: int | None, plain: bool) -> None:
    assert parsed(json.dumps(data, indent=indent, ensure_ascii=plain)) == data


@given(st.text(max_size=40))
@example('{"a": "\\')
@example('{"a": 1, "b}')
@example("}")
@example("],")
@example('{"\\x": 1}')
@example("[1 2]")
@example("[1, -, --1, 1e, .5]")
def test_whatever_stands_in_a_file_it_is_read_or_its_place_is_named(text: str) -> None:
    try:
        found = parsed(text)
    except RubricInvalid as refused:
        place = refused.path
    else:
        place = "line "
        assert found == json.loads(text)
    assert place.startswith("line ")


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("", "line 1, column 1", "no JSON"),
        ('{"a": 1,\n "b" 2}', "line 2, column 6", "no JSON"),
        ('{"a": 1,\n\n  "a": 2}', "line 3, column 3", 'the name "a" stands here a second time'),
        ('{"a": 1, "\\u0061": 2}', "line 1, column 10", "a second time"),
        ('[{"a": 1}, {"a": {"a": 1, "b": 2, "b": 3}}]', "line 1, column 35", "a second time"),
        ('{"a": NaN}', "line 1, column 7", "NaN is no number"),
        ('{"a": -Infinity}', "line 1, column 7", "-Infinity is no number"),
        ('{"a": 1e999}', "line 1, column 7", "beyond all bounds"),
        ('{"a": -1e999}', "line 1, column 7", "beyond all bounds"),
        ('{"a": ' + "9" * 5000 + "}", "line 1, column 7", "more than 400 digits"),
        ("[" * 100_000, f"line 1, column {MAX_DEPTH + 1}", "nested deeper"),
        ('{"a":' * 100_000, f"line 1, column {5 * MAX_DEPTH + 1}", "nested deeper"),
        ("'a'", "line 1, column 1", "no JSON"),
        ('{"a": "b\nc"}', "line 1, column 9", "no JSON"),
        ('{"a": "' + "\\" * 99_999, "line 1, column 7", "no JSON"),
        ('{"a": "' + '\\"' * 200_000, "line 1, column 7", "no JSON"),  # in one go, not once for each quote
        ("{} {}", "line 1, column 4", "no JSON"),
    ],
)
def test_the_line_and_the_column_are_named(text: str, place: str, sentence: str) -> None:
    with pytest.raises(RubricInvalid) as caught:
        parsed(text)
    assert caught.value.path == place
    assert sentence in caught.value.sentence


def test_nesting_up_to_the_limit_is_read() -> None:
    assert parsed("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(encoding: str) -> None:
    assert decoded("Café ★ 😀".encode(encoding)) == "Café ★ 😀"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("a\nCafé".encode("latin-1"), "line 2, column 4"),
        (b"\xff\xfea\x00\n\x00b", "line 2, column 1"),
        (b"\x89PNG\r\n\x1a\n", "line 1, column 1"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00\xd8", None),
    ],
)
def test_other_encodings_are_refused_with_the_place(data: bytes, place: str | None) -> None:
    with pytest.raises(RubricInvalid, match="not in UTF-8") as caught:
        decoded(data)
    assert place is None or caught.value.path == place


def test_a_file_has_a_limit() -> None:
    with pytest.raises(RubricInvalid, match="larger than 20 MB"):
        decoded(b" " * (MAX_BYTES + 1))


def test_lines_and_columns_count_from_one() -> None:
    assert line_and_column("ab\ncd", 0) == "line 1, column 1"
    assert line_and_column("ab\ncd", 2) == "line 1, column 3"
    assert line_and_column("ab\ncd", 4) == "line 2, column 2"
