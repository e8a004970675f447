"""Annotated copies, put together by a child of their own: strangers' files are parsed there, never here.

Thread-safe as to `cancel`; everything else is for one lane thread, and blocks with deadlines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from assessor_app.clock import Clock
from assessor_app.documents import answers, child_process, worker_start
from assessor_app.documents.blanks import Blank, from_plain
from assessor_app.documents.cards import RefusedWithCard, card_for
from assessor_app.documents.child_process import ChildLost, RenderChild
from assessor_app.documents.limits import MEBIBYTE, Limits
from assessor_app.documents.pages import EvidenceSource
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.codec import to_json

_PIECE_S = 120.0
_FINISH_S = 300.0
_PART_BYTES = 4 * MEBIBYTE
_MOST_BYTES = 1024 * MEBIBYTE
PDF, XFDF = "pdf", "xfdf"
"""What can be made."""
FORM_PDF, FORM_PICTURE, FORM_OFFICE = "pdf", "picture", "office"
"""What a file can be stripped as."""
_ENDINGS = ("", "pdf", "jpg", "png", "gif", "webp", "tif")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a page says."""

    label: str
    value: str
    is_exact: bool = False
    """Whether every character counts, as in a digest: it stands on one line, and is copied as it is."""


class ExportCancelled(Exception):
    """The person thought better of it."""


class PieceLost(Exception):
    """The child was lost over a piece, and with it all that was put together so far."""


class Exporter:
    """One copy in the making; use it in a `with`."""

    def __init__(self, clock: Clock, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        """Start nothing yet."""
        self._limits = limits
        self._child = RenderChild(limits, clock, worker_start.export)
        self._is_cancelled = False
        self._sent: set[str] = set()

    def __enter__(self) -> Self:
        """Nothing to do: the child starts with the first request."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the child."""
        self._child.close()

    def cancel(self) -> None:
        """Stop at once, from any thread: what is under way raises `ExportCancelled`."""
        self._is_cancelled = True
        self._child.end()

    def add_file(
        self, source: EvidenceSource, heading: str, marks: Sequence[Annotation], lifted: Sequence[str] = ()
    ) -> frozenset[str]:
        """Put a file and its marks into the copy.

        Args:
            source: the sealed file.
            heading: its neutral name, shown above files without pages of their own.
            marks: the marks that stand on it.
            lifted: ids of its patches that are lifted; everything else that may name a person is taken out.

        Returns:
            Ids of the marks that have found their place.

        Raises:
            RefusedWithCard: the file cannot be put into a copy.
            PieceLost: the child was lost over it; begin anew without it.
            ExportCancelled: the person thought better of it.
            ViewerUnavailable: no child can be started.
        """
        request = {"do": "add_file", "heading": heading, "lifted": list(lifted), **_named(source)}
        return self._add(request, marks)

    def add_text(self, heading: str, ask: str, text: str, marks: Sequence[Annotation]) -> frozenset[str]:
        """Put a written answer and its marks into the copy, below what was asked.

        Raises:
            As `add_file`.
        """
        return self._add({"do": "add_text", "heading": heading, "ask": ask, "text": text}, marks)

    def add_list(self, heading: str, intro: str, entries: Sequence[tuple[str, str, str]]) -> None:
        """Put a list of marks into the copy that cannot be drawn where they stand.

        Args:
            heading: what they stand on.
            intro: why they are listed.
            entries: place, marked words and comment of each.

        Raises:
            As `add_file`.
        """
        request: dict[str, object] = {
            "do": "add_list",
            "heading": heading,
            "intro": intro,
            "entries": [list(entry) for entry in entries],
        }
        self._ask(request, _PIECE_S)

    def add_facts(self, heading: str, intro: str, facts: Sequence[Fact]) -> None:
        """Put a page of labelled facts into the copy.

        Args:
            heading: what it is.
            intro: one sentence below it.
            facts: in their order.

        Raises:
            As `add_file`.
        """
        request: dict[str, object] = {
            "do": "add_facts",
            "heading": heading,
            "intro": intro,
            "facts": [[fact.label, fact.value, fact.is_exact] for fact in facts],
        }
        self._ask(request, _PIECE_S)

    def finish(self, kind: str) -> Iterator[bytes]:
        """Finish the copy and hand it over in parts; checked against its digest before the last one.

        Args:
            kind: `PDF` or `XFDF`.

        Raises:
            As `add_file`.
        """
        yield from self._made(self._ask({"do": "finish", "format": kind}, _FINISH_S))

    def strip(self, source: EvidenceSource, form: str) -> tuple[str, Iterator[bytes]]:
        """One file without what names its maker.

        Args:
            source: the sealed file.
            form: `FORM_PDF`, `FORM_PICTURE` or `FORM_OFFICE`.

        Returns:
            The ending of its form, empty for the same as before; and its bytes in parts.

        Raises:
            As `add_file`.
        """
        untrusted = self._ask({"do": "strip", "form": form, **_named(source)}, _FINISH_S)
        ending = untrusted.get("ending")
        if ending not in _ENDINGS:
            raise RefusedWithCard(card_for("bad_answer"))
        return str(ending), self._made(untrusted)

    def places(self, source: EvidenceSource) -> tuple[Blank, ...]:
        """Where in a recording something names its maker, to be written over.

        Raises:
            As `add_file`.
        """
        untrusted = self._ask({"do": "strip_places", **_named(source)}, _FINISH_S)
        try:
            return from_plain(untrusted.get("places"), source.size_bytes)
        except ValueError:
            raise RefusedWithCard(card_for("bad_answer")) from None

    def _made(self, untrusted: dict[str, object]) -> Iterator[bytes]:
        size, digest = untrusted.get("size"), untrusted.get("sha256")
        if type(size) is not int or not 0 < size <= _MOST_BYTES:
            raise RefusedWithCard(card_for("bad_answer"))
        seen = hashlib.sha256()
        for at in range(0, size, _PART_BYTES):
            count = min(_PART_BYTES, size - at)
            segment = self._child.segment_of(count)
            request = {"do": "take", "segment": segment.name, "at": at, "count": count}
            if self._ask(request, _PIECE_S).get("count") != count:
                raise RefusedWithCard(card_for("bad_answer"))
            part = bytes(child_process.memory_of(segment)[:count])
            seen.update(part)
            if at + count == size and seen.hexdigest() != digest:
                raise RefusedWithCard(card_for("bad_answer"))
            yield part

    def _add(self, request: dict[str, object], marks: Sequence[Annotation]) -> frozenset[str]:
        self._sent = {mark.id for mark in marks}
        answer = self._ask({**request, "marks": [to_json(mark) for mark in marks]}, _PIECE_S)
        return _checked_ids(answer.get("placed"), self._sent.__contains__)

    def _ask(self, request: dict[str, object], wait_s: float) -> dict[str, object]:
        """Ask the child.

        Raises:
            RefusedWithCard: it refused.
            PieceLost: it did not answer in time, died, or grew too large.
            ExportCancelled: the person thought better of it.
            ViewerUnavailable: it does not start.
        """
        if self._is_cancelled:
            raise ExportCancelled
        try:
            untrusted = self._child.ask(request, wait_s)
            refusal = answers.refusal_of(untrusted)
        except ChildLost as lost:
            if self._is_cancelled:
                raise ExportCancelled from None
            raise PieceLost(lost.reason) from None
        except answers.AnswerRefused:
            raise RefusedWithCard(card_for("bad_answer")) from None
        if refusal is not None:
            raise RefusedWithCard(card_for(refusal[0]))
        return untrusted


def _named(source: EvidenceSource) -> dict[str, object]:
    """What the child needs to read one sealed file."""
    return {
        "path": str(source.path),
        "file_key": source.file_key.hex(),
        "size_bytes": source.size_bytes,
        "sha256": source.sha256,
        "media_type": source.media_type,
        "name": source.name,
    }


def _checked_ids(untrusted: object, is_known: Callable[[str], bool]) -> frozenset[str]:
    """The ids that the child says it has placed, of those it was given."""
    if not isinstance(untrusted, list):
        raise RefusedWithCard(card_for("bad_answer"))
    return frozenset(each for each in untrusted if isinstance(each, str) and is_known(each))
