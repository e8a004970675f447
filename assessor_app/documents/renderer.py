"""Pages of strangers' files, drawn by child processes. Thread-safe, blocking with deadlines, free of Qt."""

from __future__ import annotations

import contextlib
import logging
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from assessor_app.clock import Clock
from assessor_app.documents import answers, child_process, patches, process_guard
from assessor_app.documents.cards import RefusedWithCard, card_for
from assessor_app.documents.child_process import ChildLost, RenderChild, ViewerUnavailable
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import (
    DocumentInfo,
    EvidenceSource,
    MadeBy,
    PagePixels,
    PageText,
    pixels_for,
)
from assessor_app.documents.text_layer import build_page_text
from assessor_app.documents.tone import PLAIN, Tone

_LOG = logging.getLogger(__name__)
T = TypeVar("T")
_KNOWN_DOCUMENTS = 128
_BYTES_PER_PIXEL = 4


@dataclass(frozen=True, slots=True)
class ChildStatus:
    """How one child stands, for diagnostics."""

    pid: int
    resident_bytes: int | None
    """Resident size; None where the system does not tell."""
    open_documents: int
    modules: tuple[str, ...]
    """Top-level modules that the child has loaded."""


@dataclass(frozen=True, slots=True)
class ChildStanding:
    """One child as its parent sees it."""

    pid: int | None
    """None while there is none."""
    starts: int
    """How many times one was started; all but the first took the place of one that was lost."""

    @property
    def resident_bytes(self) -> int | None:
        """Resident size; None where there is none or the system does not tell."""
        return None if self.pid is None else process_guard.resident_bytes(self.pid)


class Renderer:
    """Draws pages and extracts words in children that may be killed; a hostile file costs one page's card.

    Every method but `warm_up` and `close` blocks and is for lane threads.
    """

    def __init__(self, *, limits: Limits = Limits(), workers: int = 1, clock: Clock | None = None) -> None:  # noqa: B008 - frozen
        """Start nothing yet.

        Args:
            limits: what a file may cost.
            workers: how many children, at least 1.
            clock: the program's clock.
        """
        self._limits = limits
        self._children = [RenderChild(limits, clock or Clock()) for _ in range(workers)]
        self._idle = list(self._children)
        self._last_document: dict[int, str] = {}
        self._infos: OrderedDict[str, DocumentInfo] = OrderedDict()
        self.lifted = patches.LiftedPatches()
        self._changed = threading.Condition()
        self._is_closed = False

    def warm_up(self) -> None:
        """Start the children ahead of need; a failure shows at the first request."""
        for _ in self._children:
            child = self._take_idle("", wait=False)
            if child is None:
                return
            try:
                with contextlib.suppress(ViewerUnavailable):
                    child.start()
            finally:
                # At the far end, so that the next turn takes another one.
                self._give_back(child)

    def open(self, source: EvidenceSource, *, wait_s: float | None = None) -> DocumentInfo:
        """Recognise and open a file, in `wait_s` seconds; None for `Limits.open_s`.

        Raises:
            RefusedWithCard: it is not shown; its `card` says why.
            ViewerUnavailable: no child can be started.
        """
        untrusted = self._ask(source, {"do": "open"}, self._limits.open_s if wait_s is None else wait_s)
        try:
            info = answers.checked_info(untrusted, self._limits)
        except answers.AnswerRefused:
            raise _refused("bad_answer") from None
        with self._changed:
            self._infos[_key(source)] = info
            self._infos.move_to_end(_key(source))
            while len(self._infos) > _KNOWN_DOCUMENTS:
                self._infos.popitem(last=False)
        return info

    def render(
        self,
        source: EvidenceSource,
        page: int,
        scale: float,
        clip_px: tuple[int, int, int, int] | None = None,
        *,
        is_bare: bool = False,
        tone: Tone = PLAIN,
        wait_s: float | None = None,
    ) -> PagePixels:
        """Draw a page or a tile of it.

        Args:
            source: the file.
            page: page index from 0.
            scale: pixels for each point; 1.0 is 72 dpi.
            clip_px: left, top, right, bottom of the tile in the page's pixels at this scale, right and bottom
                excluded; cut to the page. None for the whole page.
            is_bare: without the annotations that the file brought along.
            tone: brightness and contrast, for the eye alone.
            wait_s: seconds for it; None for as long as a file may take.

        Raises:
            RefusedWithCard: it is not shown; its `card` says why.
            ViewerUnavailable: no child can be started.
            ValueError: the scale is not finite and above 0.
        """
        if not (math.isfinite(scale) and scale > 0.0):
            raise ValueError("scale must be finite and above 0")
        left, top, right, bottom = self._area(source, page, scale, clip_px)
        width, height = right - left, bottom - top
        if width * height > self._limits.max_answer_px:
            raise _refused("too_many_pixels")
        size_bytes = width * height * _BYTES_PER_PIXEL
        request: dict[str, object] = {
            "do": "draw",
            "page": page,
            "scale": scale,
            "clip": [left, top, right, bottom],
            "bare": is_bare,
            "tone": [tone.brightness, tone.contrast],
        }
        with self._borrowed(source) as child:
            try:
                segment = child.segment_of(size_bytes)
            except OSError:
                raise _refused("too_much_memory") from None
            request["segment"] = segment.name
            longest_s = self._limits.open_s + self._limits.render_s if wait_s is None else wait_s
            untrusted = self._asked(child, source, request, longest_s)
            try:
                answers.check_drawn(untrusted, width_px=width, height_px=height)
                found = patches.checked_patches(untrusted.get("patches"), page)
            except answers.AnswerRefused:
                raise _refused("bad_answer") from None
            data = bytes(child_process.memory_of(segment)[:size_bytes])
            child.trim()
        return PagePixels(page, scale, width, height, width * _BYTES_PER_PIXEL, data, found)

    def text(self, source: EvidenceSource, page: int) -> PageText:
        """The text of a page with the place of each word; empty for a picture.

        Raises:
            RefusedWithCard: it cannot be had; its `card` says why.
            ViewerUnavailable: no child can be started.
        """
        request: dict[str, object] = {"do": "words", "page": page}
        return build_page_text(page, self.fetch(source, request, answers.checked_words))

    def read_text(self, source: EvidenceSource) -> str:
        """The content of a text file, decoded, without control codes and marks that reorder text, capped.

        Raises:
            RefusedWithCard: it cannot be had; its `card` says why.
            ViewerUnavailable: no child can be started.
        """
        return self.fetch(source, {"do": "read_text"}, answers.checked_text)

    def fetch(
        self,
        source: EvidenceSource,
        request: dict[str, object],
        check: Callable[[dict[str, object], Limits], T],
        *,
        wait_s: float | None = None,
    ) -> T:
        """Ask a child for something about a file, and check what it answers.

        Args:
            source: the file.
            request: the verb under "do", and what it needs.
            check: turns the untrusted answer into frozen data or raises `answers.AnswerRefused`.
            wait_s: seconds for the verb, opening not included; None for `Limits.text_s`.

        Raises:
            RefusedWithCard: it cannot be had; its `card` says why.
            ViewerUnavailable: no child can be started.
        """
        wait = self._limits.text_s if wait_s is None else wait_s
        untrusted = self._ask(source, request, self._limits.open_s + wait)
        try:
            return check(untrusted, self._limits)
        except answers.AnswerRefused:
            raise _refused("bad_answer") from None

    def status(self) -> tuple[ChildStatus, ...]:
        """How the children that are idle stand; starts the ones that do not run.

        Raises:
            RefusedWithCard: a child did not answer.
            ViewerUnavailable: no child can be started.
        """
        found: list[ChildStatus] = []
        for _ in self._children:
            child = self._take_idle("", wait=False)
            if child is None:
                break
            try:
                untrusted = self._asked(child, None, {"do": "status"}, self._limits.text_s)
                count, modules = answers.checked_status(untrusted)
                pid = child.pid or 0
                found.append(ChildStatus(pid, process_guard.resident_bytes(pid), count, modules))
            except answers.AnswerRefused:
                raise _refused("bad_answer") from None
            finally:
                self._give_back(child)
        return tuple(found)

    def close(self) -> None:
        """End the children; requests under way end with a card. Safe to call again."""
        with self._changed:
            if self._is_closed:
                return
            self._is_closed = True
            self._changed.notify_all()
        for child in self._children:
            child.end()
        with self._changed:
            while len(self._idle) < len(self._children):
                self._changed.wait()
                for child in self._children:
                    child.end()
        for child in self._children:
            child.close()

    def _area(
        self, source: EvidenceSource, page: int, scale: float, clip_px: tuple[int, int, int, int] | None
    ) -> tuple[int, int, int, int]:
        """The pixels to draw, cut to the page.

        Raises:
            RefusedWithCard: there is no such page or no such part of it.
        """
        with self._changed:
            info = self._infos.get(_key(source))
        if info is None:
            info = self.open(source)
        if not 0 <= page < info.page_count:
            raise _refused("page_missing")
        size = info.pages[page]
        width, height = pixels_for(size.width_pt, scale), pixels_for(size.height_pt, scale)
        if clip_px is None:
            return 0, 0, width, height
        left, top = max(0, clip_px[0]), max(0, clip_px[1])
        right, bottom = min(width, clip_px[2]), min(height, clip_px[3])
        if left >= right or top >= bottom:
            raise _refused("page_missing")
        return left, top, right, bottom

    def _ask(
        self, source: EvidenceSource, request: dict[str, object], deadline_s: float
    ) -> dict[str, object]:
        """Borrow a child and ask it."""
        with self._borrowed(source) as child:
            return self._asked(child, source, request, deadline_s)

    def _asked(
        self, child: RenderChild, source: EvidenceSource | None, request: dict[str, object], deadline_s: float
    ) -> dict[str, object]:
        """Ask a borrowed child; a child that is lost is replaced at once.

        Returns:
            The answer: untrusted, but not a refusal.

        Raises:
            RefusedWithCard: the child refused, or was lost.
            ViewerUnavailable: it does not start.
        """
        message = dict(request)
        if source is not None:
            message.update(_described(source))
            message["lifted"] = self.lifted.of(source.blob_id)
        try:
            untrusted = child.ask(message, deadline_s)
            refusal = answers.refusal_of(untrusted)
        except ChildLost as lost:
            reason = "closed" if self._is_closed else lost.reason
            _LOG.info("render child lost: %s", reason)
            if not self._is_closed:
                with contextlib.suppress(ViewerUnavailable):
                    child.start()
            raise _refused(reason) from None
        except answers.AnswerRefused:
            raise _refused("bad_answer") from None
        if refusal is not None:
            _LOG.debug("render child refused: %s %s", *refusal)
            raise _refused(refusal[0])
        return untrusted

    @contextlib.contextmanager
    def _borrowed(self, source: EvidenceSource) -> Iterator[RenderChild]:
        """A child for one thread's use.

        Raises:
            RefusedWithCard: the renderer is closed.
        """
        child = self._take_idle(_key(source), wait=True)
        if child is None:
            raise _refused("closed")
        self._last_document[id(child)] = _key(source)
        try:
            yield child
        finally:
            self._give_back(child)

    def _take_idle(self, key: str, *, wait: bool) -> RenderChild | None:
        """An idle child, rather the one that had this document last; None when closed or none is idle."""
        with self._changed:
            while not self._idle and wait and not self._is_closed:
                self._changed.wait()
            if self._is_closed or not self._idle:
                return None
            for index, child in enumerate(self._idle):
                if self._last_document.get(id(child)) == key:
                    return self._idle.pop(index)
            return self._idle.pop(0)

    def _give_back(self, child: RenderChild) -> None:
        """Make a child idle again."""
        with self._changed:
            self._idle.append(child)
            self._changed.notify_all()


def standing(renderer: Renderer) -> tuple[ChildStanding, ...]:
    """How the children stand, without asking any of them; at once."""
    return tuple(ChildStanding(child.pid, child.starts) for child in renderer._children)


def _key(source: EvidenceSource) -> str:
    """What tells one file's content from another's."""
    return f"{source.blob_id} {source.sha256}"


def _described(source: EvidenceSource) -> dict[str, object]:
    """What a child is told of a file."""
    return {
        "blob_id": source.blob_id,
        "path": str(source.path),
        "file_key": source.file_key.hex(),
        "size_bytes": source.size_bytes,
        "sha256": source.sha256,
        "media_type": source.media_type,
        # A copy carries the artifact's name, which says nothing about what the copy is.
        "name": source.name if source.made_by is MadeBy.LEARNER else "",
    }


def _refused(reason: str) -> RefusedWithCard:
    """The error with the card for a reason."""
    return RefusedWithCard(card_for(reason))
