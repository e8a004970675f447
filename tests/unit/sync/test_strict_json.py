"""Reading JSON from outside: what a careless reader accepts is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.errors import ProtocolBroken
from assessor_app.sync import strict_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_ordinary_data_comes_through_unchanged(data: object) -> None:
    assert strict_json.parse(json.dumps(data).encode()) == data


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"[1e999]",
        b"[-1e999]",
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b"[" * 61 + b"]" * 61,
        b"9" * 5000,
        b"\xff\xfe",
        b'"' + b"x" * strict_json.MAX_JSON_BYTES + b'"',
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_not_acceptable_is_refused_in_one_sentence(body: bytes) -> None:
    with pytest.raises(ProtocolBroken) as told:
        strict_json.parse(body)
    assert "safe" in told.value.message
