"""Every reader of JSON that somebody else may have written, against everything that Python would take."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessor_app import config
from assessor_app.config import ColourScheme
from assessor_app.documents import channel
from assessor_app.domain.comment_files import MAX_FILE_BYTES, CommentFileInvalid, read_comments
from assessor_app.errors import KeyUnavailable, KnownError, ProtocolBroken
from assessor_app.json_from_outside import MAX_DEPTH, plain_data, plain_data_of
from assessor_app.privacy.word_lists import read_word_list
from assessor_app.rubric import json_text
from assessor_app.rubric.json_reader import RubricInvalid, checked_text
from assessor_app.services import profiles
from assessor_app.sync import protocol, strict_json, wire_sealed
from assessor_app.sync.answer import Answer
from assessor_app.vault import key_file

ODD: dict[str, bytes] = {
    "not a number": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "beyond all bounds": b'{"a": 1e999}',
    "a name twice": b'{"a": 1, "a": 2}',
    "a name twice by escape": b'{"a": 1, "\\u0061": 2}',
    "half a letter": b'{"a": "\\ud800"}',
    "half a letter as a name": b'{"\\udc00": 1}',
    "5,000 digits": b'{"a": ' + b"9" * 5_000 + b"}",
    "100,000 deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a little too deep": b'{"a": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "cut": b'{"a": "b',
    "two in one": b'{"a": 1} {"a": 2}',
    "a list": b"[" + b"1," * 100 + b"1]",
    "a word": b"null",
    "nothing": b"",
    "a page": b"<html><body>Sign in</body></html>",
}
MENDED = {"half a letter", "half a letter as a name"}
"""What the platform's answers are mended of: one learner's broken word shall keep nobody's work away."""
PLAIN = {"a list", "a word"}
"""JSON as it should be, which is no object."""


def reads(call: Callable[[], object], *errors: type[Exception]) -> bool:
    """Whether something was read; it is refused by this error and no other."""
    try:
        call()
    except errors:
        return False
    return True


@pytest.mark.parametrize("kind", ODD)
def test_the_reader_refuses_what_nobody_means(kind: str) -> None:
    assert reads(lambda: plain_data_of(ODD[kind]), ValueError) is (kind in PLAIN)


@pytest.mark.parametrize("kind", ODD)
def test_answers_of_the_platform(kind: str) -> None:
    assert reads(lambda: strict_json.parse(ODD[kind]), ProtocolBroken) is (kind in PLAIN | MENDED)
    answer = Answer(400, {"content-type": "application/problem+json"}, ODD[kind])
    assert answer.problem_code == ""
    assert not reads(lambda: answer.read(protocol.TokenOut), ProtocolBroken, ValidationError)
    assert not reads(lambda: wire_sealed.answers_of(ODD[kind]), wire_sealed.NotAsWritten)
    length = len(ODD[kind]).to_bytes(wire_sealed._LENGTH.size, "big")
    assert not reads(lambda: wire_sealed.unpacked(length + ODD[kind]), wire_sealed.NotAsWritten)


@pytest.mark.parametrize("kind", ODD)
def test_files_that_a_person_chooses(kind: str) -> None:
    data = ODD[kind]
    assert not reads(lambda: read_comments(data), CommentFileInvalid)
    # Of rubrics each text is looked at by itself, so that the place can be named (json_reader.checked_text).
    rubric = reads(lambda: json_text.parsed(json_text.decoded(data)), RubricInvalid)
    assert rubric is (kind in PLAIN | MENDED)
    assert not reads(lambda: checked_text("half \ud800", "title", max_chars=99), RubricInvalid)
    if kind != "no UTF-8":
        assert not reads(lambda: read_word_list(data.decode()), ValueError)


@pytest.mark.parametrize("kind", ODD)
def test_files_of_this_computer(tmp_path: Path, kind: str) -> None:
    data = ODD[kind]
    (tmp_path / config.SETTINGS_NAME).write_bytes(data)
    read = config.load_config(data_dir=tmp_path, policy=config.MachinePolicy())
    assert (read.font_scale_percent, read.colour_scheme) == (100, ColourScheme.SYSTEM)
    policy = tmp_path / "policy.json"
    policy.write_bytes(data)
    with pytest.raises(KnownError) as told:
        config.read_machine_policy(policy)
    assert told.value.title
    folder = tmp_path / "profiles" / "0123456789abcdef0123456789abcdef"
    folder.mkdir(parents=True)
    for name in (profiles.PROFILE_NAME, profiles.STANDING_NAME, key_file.FILE_NAME):
        (folder / name).write_bytes(data)
    assert profiles.read_standing(folder) == profiles.Standing()
    assert all(line.profile is None for line in profiles.listing(tmp_path / "profiles"))
    with pytest.raises(KeyUnavailable) as damaged:
        key_file.read(folder)
    assert "safe" in damaged.value.message or "safe" in damaged.value.next_step


@pytest.mark.skipif(os.name == "nt", reason="frames are read from the pipe's file alone on POSIX")
@pytest.mark.parametrize("kind", ["not a number", "infinity", "100,000 deep", "no UTF-8", "cut", "a list"])
def test_what_a_child_says(kind: str) -> None:
    ours, theirs = Pipe()
    with ours, theirs:
        theirs.send_bytes(ODD[kind])
        with pytest.raises(channel.FrameRefused):
            channel.receive(ours, max_bytes=1_000_000, wait_s=lambda: 5.0)


def test_too_much_is_not_even_read() -> None:
    assert not reads(lambda: strict_json.parse(b"[" + b" " * strict_json.MAX_JSON_BYTES), ProtocolBroken)
    assert not reads(lambda: read_comments(b"[" + b" " * MAX_FILE_BYTES), CommentFileInvalid)
    assert not reads(lambda: json_text.decoded(b" " * (json_text.MAX_BYTES + 1)), RubricInvalid)


def test_half_a_letter_is_mended_where_that_is_asked_for() -> None:
    assert plain_data('{"a\\ud800": ["\\udc00b", "\\ud83d\\ude00"]}', half_letters="mend") == {
        "a\ufffd": ["\ufffdb", "\U0001f600"]
    }
    assert plain_data('"\\ud83d\\ude00"') == "\U0001f600"
    assert not reads(lambda: plain_data('{"\\ud800": 1, "\\udc00": 2}', half_letters="mend"), ValueError)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_meant_comes_through(value: object) -> None:
    assert plain_data(json.dumps(value)) == value
    assert plain_data_of(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize("inside", ["", "1", '"word"'])
def test_depth_is_counted_to_the_innermost_value(inside: str) -> None:
    deepest = MAX_DEPTH if not inside else MAX_DEPTH - 1
    for opening, closing in (("[", "]"), ('{"a": ', "}")):
        innermost = f"[{inside}]"
        fits = opening * (deepest - 1) + innermost + closing * (deepest - 1)
        assert plain_data(fits) is not None
        with pytest.raises(ValueError, match="too deep"):
            plain_data(f"{opening}{fits}{closing}")
