"""Reading a file's bytes: text in a known encoding, strict JSON, and where in it something stands.

An error names the line and the column, counted from 1. Nothing here recurses, so that no file is too deep.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from typing import Any

from assessor_app.rubric.json_reader import RubricInvalid

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 60
MAX_NUMBER_CHARS = 400
"""Longest number; Python refuses to read whole numbers that are much longer."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++|"', re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]")


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 where it says so with its first two bytes.

    Raises:
        RubricInvalid: too large, or of another encoding, with the line and the column.
    """
    if len(data) > MAX_BYTES:
        raise RubricInvalid("", f"the file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if is_utf16 else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        raise RubricInvalid(line_and_column(before, len(before)), "the file is not in UTF-8.") from None


def parsed(text: str) -> Any:
    """Plain data of a JSON text.

    Raises:
        RubricInvalid: no JSON, nested too deeply, a name twice in one object, or a number that JSON does not
            know or that is beyond all bounds; with the line and the column.
    """
    _check_tokens(text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        sentence = f"this is no JSON ({error.msg[0].lower()}{error.msg[1:]})."
        raise RubricInvalid(line_and_column(text, error.pos), sentence) from None


def line_and_column(text: str, offset: int) -> str:
    """Where an offset in a text is, such as "line 3, column 14"."""
    line = text.count("\n", 0, offset) + 1
    return f"line {line}, column {offset - text.rfind(chr(10), 0, offset)}"


def pointer_of(path: str, data: Any) -> str:
    """A reader's path such as `scales.main.levels[0].code` as a JSON pointer into the data that was read.

    Names may hold dots and brackets themselves: where there is a choice, the longest name that is there wins.
    """
    pointer, rest = "", path
    while rest:
        match = re.match(r"\[(\d+)\]", rest)
        if match and isinstance(data, list):
            step, rest = match[1], rest[match.end() :]
            data = data[int(step)] if int(step) < len(data) else None
        else:
            rest = rest.removeprefix(".")
            names = data if isinstance(data, dict) else {}
            fitting = [name for name in names if rest == name or rest.startswith((f"{name}.", f"{name}["))]
            step = max(fitting, key=len, default=re.split(r"[.\[]", rest)[0])
            if not step:
                return f"{pointer}/{escaped(rest)}"
            data, rest = names.get(step), rest[len(step) :]
        pointer += f"/{escaped(step)}"
    return pointer


def escaped(name: str) -> str:
    """A name as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _check_tokens(text: str) -> None:
    """Refuse what `json.loads` would take, or would stumble over without a place."""
    open_names: list[set[str] | None] = []
    """For each open object the names in it so far, for each open list None."""
    is_name = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == '"':
            return  # a text without an end: `json.loads` says where it begins
        if token in "{[":
            if len(open_names) == MAX_DEPTH:
                sentence = f"this is nested deeper than {MAX_DEPTH}."
                raise RubricInvalid(line_and_column(text, match.start()), sentence)
            open_names.append(set() if token == "{" else None)
            is_name = token == "{"
        elif token in "}]":
            if open_names:
                open_names.pop()
            is_name = False
        elif token == ",":
            is_name = bool(open_names) and open_names[-1] is not None
        elif token == ":":
            is_name = False
        elif token.startswith('"'):
            names = open_names[-1] if open_names else None
            if is_name and names is not None:
                _check_name(text, match.start(), token, names)
            is_name = False
        else:
            _check_number(text, match.start(), token)


def _check_name(text: str, offset: int, token: str, names: set[str]) -> None:
    try:
        name = json.loads(token)
    except json.JSONDecodeError:
        return  # `json.loads` of the whole tells it better
    if name in names:
        raise RubricInvalid(
            line_and_column(text, offset), f"the name {token[:80]} stands here a second time."
        )
    names.add(name)


def _check_number(text: str, offset: int, token: str) -> None:
    sentence = ""
    if token.lstrip("-") in ("NaN", "Infinity"):
        sentence = f"{token} is no number."
    elif _NUMBER.match(token) and len(token) > MAX_NUMBER_CHARS:
        sentence = f"this number has more than {MAX_NUMBER_CHARS} digits."
    elif _NUMBER.match(token):
        try:
            is_bound = math.isfinite(float(token))
        except ValueError:
            return  # no number at all, as `json.loads` says
        sentence = "" if is_bound else "this number is beyond all bounds."
    if sentence:
        raise RubricInvalid(line_and_column(text, offset), sentence)
