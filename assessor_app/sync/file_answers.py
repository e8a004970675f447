"""What an answer to a request for a file, or for the rest of one, means (RFC 9110, 13 to 15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assessor_app.errors import SealDamaged
from assessor_app.sync.answer import Answer
from assessor_app.sync.transport import expect_ok

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")


class NotThisFile(SealDamaged):
    """The platform has another file under this name by now: the next sync says which."""


class NotJustNow(SealDamaged):
    """The platform made a mistake, or somebody in between refused: no word on the file itself."""


class NoSuchRange(SealDamaged):
    """The answer's range is not the one that was asked for: it has to be asked for as a whole."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for."""

    start: int
    """Bytes that are here already."""
    size_bytes: int
    """Of the whole file, as the platform announced it."""
    etag: str


def missing_bytes(answer: Answer, chunks: Iterator[bytes], asked: Asked) -> Iterator[bytes]:
    """The bytes that are not here yet; the platform may answer a range request with the whole file.

    Raises:
        NotThisFile: the file was replaced.
        NotJustNow: it may well come another time.
        NoSuchRange: the part is not the one that was asked for.
        SealDamaged: this one file cannot be had; the others can.
        Offline: the platform is busy or out of order.
    """
    if answer.status == 416:
        # There are no such bytes: what is here is no beginning of that file, and will not verify.
        return iter(())
    if answer.status in (408, 425, 429) or answer.status > 500:
        expect_ok(answer)
    if answer.status == 500 or answer.is_from_between:
        raise NotJustNow("The file did not come", "It is asked for again with the next sync.", "")
    if answer.status not in (200, 206):
        raise _not_there("The platform does not have this file.")
    etag = answer.headers.get("etag", asked.etag)
    if etag != asked.etag:
        raise NotThisFile("This file was replaced", "The platform has another one by now.", "")
    if answer.status == 206:
        _check_range(answer.headers.get("content-range", ""), asked)
        return chunks
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length) != asked.size_bytes:
        raise _not_there("Its size is not what the platform announced.")
    return _behind(chunks, asked.start)


def _check_range(untrusted_range: str, asked: Asked) -> None:
    match = _CONTENT_RANGE.fullmatch(untrusted_range.strip())
    if match is None or int(match[1]) != asked.start or int(match[2]) >= asked.size_bytes:
        raise NoSuchRange("Another part of the file came", "It is fetched anew.", "")
    if match[3] != "*" and int(match[3]) != asked.size_bytes:
        raise NotThisFile("This file was replaced", "The platform has another one by now.", "")


def _behind(chunks: Iterator[bytes], skip: int) -> Iterator[bytes]:
    for chunk in chunks:
        rest = chunk[skip:]
        skip = max(0, skip - len(chunk))
        if rest:
            yield rest


def _not_there(why: str) -> SealDamaged:
    return SealDamaged("The file is not there", why, "")
