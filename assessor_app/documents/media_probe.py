"""A recording is tried out in a child that may be killed, before the window's own process plays it.

The child must show a picture or a sound, and another one after a seek, within `Limits.probe_s`. It then gives
the small pictures of the frame strip, one at a time. What plays in the child is the ui's (only the ui may
use Qt), so the child's entry is handed in; what it answers is checked here.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import weakref
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TypeVar

from assessor_app.clock import Clock
from assessor_app.documents import answers
from assessor_app.documents.answers import AnswerRefused
from assessor_app.documents.cards import RefusedWithCard, card_for
from assessor_app.documents.child_process import ChildLost, RenderChild
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import EvidenceSource

T = TypeVar("T")
ChildEntry = Callable[[Connection, Limits], None]
"""What the child runs: its end of the pipe and the limits."""
STRIP_FRAMES = 20
"""Small pictures across a video."""
STRIP_HEIGHT_PX = 72
"""Height of one of them."""
_STRIP_WIDTH_MAX_PX = 256
_SIDE_MAX_PX = 16_384
_RATE_MAX = 1_000.0
_DURATION_MAX_MS = 7 * 24 * 3_600_000
_BYTES_PER_PIXEL = 3
_SLACK_S = 1.0
"""The child gives up by itself before it is killed."""


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What the trial of a recording found."""

    duration_ms: int
    """Length in milliseconds; 0 where the file does not tell."""
    has_video: bool
    """Whether a picture was really shown."""
    has_audio: bool
    """Whether there is a track of sound."""
    width_px: int = 0
    """Width of a frame as it is shown; 0 without pictures."""
    height_px: int = 0
    """Height of a frame as it is shown; 0 without pictures."""
    frames_per_s: float = 0.0
    """Nominal frame rate; 0 where the file does not tell."""


@dataclass(frozen=True, slots=True)
class StripFrame:
    """One small picture of the strip."""

    at_ms: int
    """The moment it was asked for."""
    width_px: int
    height_px: int
    rgb: bytes = field(repr=False)
    """Red, green, blue for each pixel, rows from the top without gaps."""


class ProbeChild:
    """One child with one recording. `end` may be called from any thread; the rest is for one at a time."""

    def __init__(
        self,
        source: EvidenceSource,
        entry: ChildEntry,
        *,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        clock: Clock | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            source: the recording.
            entry: what the child runs.
            limits: what a file may cost.
            clock: the program's clock.
        """
        self._source, self._limits = source, limits
        self._child = RenderChild(limits, clock or Clock(), entry)
        # An answer that nobody waits for any more is dropped with its child.
        self._finish = weakref.finalize(self, self._child.close)

    @property
    def pid(self) -> int | None:
        """Process id; None while there is no child."""
        return self._child.pid

    def facts(self) -> RecordingFacts:
        """Try the recording: a picture or a sound, a seek, another one.

        Raises:
            RefusedWithCard: it cannot be played here; the card says why.
            ViewerUnavailable: no child can be started.
        """
        request: dict[str, object] = {"do": "try", "wait_s": self._limits.probe_s, **_described(self._source)}
        return self._ask(request, self._limits.probe_s + _SLACK_S, checked_facts)

    def frame(self, at_ms: int) -> StripFrame:
        """A small picture of a moment; after `facts`.

        Args:
            at_ms: the moment in milliseconds.

        Raises:
            RefusedWithCard: there is none.
            ViewerUnavailable: no child can be started.
        """
        request: dict[str, object] = {"do": "frame", "at_ms": at_ms, "wait_s": self._limits.strip_frame_s}
        return self._ask(request, self._limits.strip_frame_s + _SLACK_S, _checked_frame_at(at_ms))

    def end(self) -> None:
        """Kill the child at once, for good; a request under way fails. Safe to call again."""
        self._child.give_up()

    def close(self) -> None:
        """Kill the child and free what it held; not while a request is under way."""
        self._finish()

    def _ask(self, request: dict[str, object], wait_s: float, check: Callable[[dict[str, object]], T]) -> T:
        try:
            untrusted = self._child.ask(request, wait_s)
            refusal = answers.refusal_of(untrusted)
            if refusal is None:
                return check(untrusted)
        except ChildLost as lost:
            reason = {"timeout": "recording_slow", "crashed": "recording_crashed"}.get(
                lost.reason, lost.reason
            )
            raise RefusedWithCard(card_for(reason)) from None
        except AnswerRefused:
            raise RefusedWithCard(card_for("bad_answer")) from None
        raise RefusedWithCard(card_for(refusal[0]))


def strip_moments(facts: RecordingFacts) -> tuple[int, ...]:
    """The moments of the strip's pictures, in milliseconds, each in the middle of its share."""
    if not facts.has_video or facts.duration_ms <= 0:
        return ()
    return tuple(round((index + 0.5) * facts.duration_ms / STRIP_FRAMES) for index in range(STRIP_FRAMES))


def checked_facts(untrusted: dict[str, object]) -> RecordingFacts:
    """What a child, or the store, says of a recording.

    Raises:
        AnswerRefused: a number out of bounds, or neither picture nor sound.
    """
    has_video, has_audio = untrusted.get("has_video"), untrusted.get("has_audio")
    rate = untrusted.get("frames_per_s")
    if not isinstance(has_video, bool) or not isinstance(has_audio, bool) or not (has_video or has_audio):
        raise AnswerRefused("tracks")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not math.isfinite(rate):
        raise AnswerRefused("frames_per_s")
    if not 0.0 <= rate <= _RATE_MAX:
        raise AnswerRefused("frames_per_s")
    least = 1 if has_video else 0
    return RecordingFacts(
        duration_ms=_whole(untrusted, "duration_ms", 0, _DURATION_MAX_MS),
        has_video=has_video,
        has_audio=has_audio,
        width_px=_whole(untrusted, "width_px", least, _SIDE_MAX_PX),
        height_px=_whole(untrusted, "height_px", least, _SIDE_MAX_PX),
        frames_per_s=float(rate),
    )


def checked_frame(untrusted: dict[str, object], at_ms: int) -> StripFrame:
    """A small picture.

    Raises:
        AnswerRefused: its size is out of bounds, or it has not the bytes that its size says.
    """
    width = _whole(untrusted, "width_px", 1, _STRIP_WIDTH_MAX_PX)
    height = _whole(untrusted, "height_px", 1, STRIP_HEIGHT_PX)
    text = untrusted.get("rgb")
    if not isinstance(text, str) or len(text) > 2 * _STRIP_WIDTH_MAX_PX * STRIP_HEIGHT_PX * _BYTES_PER_PIXEL:
        raise AnswerRefused("rgb")
    try:
        rgb = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise AnswerRefused("rgb") from None
    if len(rgb) != width * height * _BYTES_PER_PIXEL:
        raise AnswerRefused("rgb")
    return StripFrame(at_ms, width, height, rgb)


def strip_size(width_px: int, height_px: int) -> tuple[int, int]:
    """Width and height of a small picture of a frame of this size, its shape kept within bounds."""
    width = round(STRIP_HEIGHT_PX * width_px / max(1, height_px))
    return max(8, min(width, _STRIP_WIDTH_MAX_PX)), STRIP_HEIGHT_PX


def pack(facts: RecordingFacts, strip: tuple[StripFrame, ...]) -> bytes:
    """Facts and strip for the local store."""
    head = {
        "duration_ms": facts.duration_ms,
        "has_video": facts.has_video,
        "has_audio": facts.has_audio,
        "width_px": facts.width_px,
        "height_px": facts.height_px,
        "frames_per_s": facts.frames_per_s,
        "strip": [
            {
                "at_ms": frame.at_ms,
                "width_px": frame.width_px,
                "height_px": frame.height_px,
                "rgb": base64.b64encode(frame.rgb).decode("ascii"),
            }
            for frame in strip
        ],
    }
    return zlib.compress(json.dumps(head, separators=(",", ":")).encode("ascii"), 6)


def unpack(document: bytes) -> tuple[RecordingFacts, tuple[StripFrame, ...]] | None:
    """What `pack` wrote; None for anything else, which is then tried anew."""
    try:
        head = json.loads(zlib.decompress(document))
        facts = checked_facts(head)
        strip = tuple(
            checked_frame(frame, _whole(frame, "at_ms", 0, _DURATION_MAX_MS)) for frame in head["strip"]
        )
    except (AnswerRefused, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return None
    return facts, strip


def _described(source: EvidenceSource) -> dict[str, object]:
    """What the child is told of the recording."""
    return {
        "path": str(source.path),
        "file_key": source.file_key.hex(),
        "size_bytes": source.size_bytes,
    }


def _checked_frame_at(at_ms: int) -> Callable[[dict[str, object]], StripFrame]:
    """The check of the picture of one moment."""
    return lambda untrusted: checked_frame(untrusted, at_ms)


def _whole(untrusted: dict[str, object], name: str, low: int, high: int) -> int:
    """A whole number between two bounds."""
    value = untrusted.get(name)
    if type(value) is not int or not low <= value <= high:
        raise AnswerRefused(name)
    return value
