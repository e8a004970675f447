"""Ranges and entity tags of downloads (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reference_platform.problems import Problem

ONE_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*")


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes from `start` up to and without `stop`."""

    start: int
    stop: int


def asked_slice(headers: Mapping[str, str], size_bytes: int, etag: str) -> Slice | None:
    """The part that a request asks for; None for everything.

    A header that is not understood, several ranges, and an `If-Range` that names another version all mean
    everything. Only the strong entity tag counts as the same version; a date never does.

    Raises:
        Problem: 416; the range lies behind the end.
    """
    match = ONE_RANGE.fullmatch(headers.get("Range", ""))
    if match is None or match[1] == match[2] == "" or headers.get("If-Range", etag) != etag:
        return None
    if match[1] == "":
        start, stop = max(0, size_bytes - int(match[2])), size_bytes
    else:
        start = int(match[1])
        stop = min(int(match[2]) + 1, size_bytes) if match[2] else size_bytes
        if match[2] and int(match[2]) < start:
            return None
    if start >= stop:
        raise Problem(
            416,
            "range-not-satisfiable",
            "There are no such bytes.",
            headers={"Content-Range": f"bytes */{size_bytes}"},
        )
    return Slice(start, stop)


def etag_matches(header: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` header names the entity tag."""
    if header is None:
        return False
    names = {name.strip().removeprefix("W/") for name in header.split(",")}
    return "*" in names or etag in names
