"""What a child says of a recording is checked, and kept so that it can be read again."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from assessor_app.documents.answers import AnswerRefused
from assessor_app.documents.media_probe import (
    STRIP_FRAMES,
    RecordingFacts,
    StripFrame,
    checked_facts,
    checked_frame,
    pack,
    strip_moments,
    strip_size,
    unpack,
)

FACTS = RecordingFacts(6_000, has_video=True, has_audio=False, width_px=320, height_px=240, frames_per_s=12.0)
ANSWER: dict[str, object] = {
    "duration_ms": 6_000,
    "has_video": True,
    "has_audio": False,
    "width_px": 320,
    "height_px": 240,
    "frames_per_s": 12.0,
}


def test_an_honest_answer_is_taken() -> None:
    assert checked_facts(ANSWER) == FACTS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("duration_ms", -1),
        ("duration_ms", 10**12),
        ("duration_ms", 1.5),
        ("duration_ms", True),
        ("has_video", 1),
        ("has_video", False),
        ("width_px", 0),
        ("width_px", 100_000),
        ("height_px", None),
        ("frames_per_s", float("nan")),
        ("frames_per_s", float("inf")),
        ("frames_per_s", -1),
        ("frames_per_s", "12"),
    ],
)
def test_a_lie_is_refused(name: str, value: object) -> None:
    with pytest.raises(AnswerRefused):
        checked_facts({**ANSWER, name: value})


def frame_answer(width: int, height: int, count: int) -> dict[str, object]:
    return {"width_px": width, "height_px": height, "rgb": base64.b64encode(bytes(count)).decode()}


def test_a_small_picture_has_the_bytes_of_its_size() -> None:
    assert checked_frame(frame_answer(96, 72, 96 * 72 * 3), 100) == StripFrame(
        100, 96, 72, bytes(96 * 72 * 3)
    )
    lies: tuple[dict[str, object], ...] = (
        frame_answer(96, 72, 96 * 72 * 3 - 1),
        frame_answer(97, 72, 96 * 72 * 3),
        frame_answer(0, 72, 0),
        frame_answer(10_000, 72, 3),
        {"width_px": 1, "height_px": 1, "rgb": "!!!!"},
        {"width_px": 1, "height_px": 1, "rgb": None},
    )
    for answer in lies:
        with pytest.raises(AnswerRefused):
            checked_frame(answer, 100)


def test_what_is_kept_is_read_again() -> None:
    strip = (StripFrame(150, 2, 1, b"abcdef"), StripFrame(450, 1, 2, b"ghijkl"))
    assert unpack(pack(FACTS, strip)) == (FACTS, strip)
    assert unpack(pack(FACTS, ())) == (FACTS, ())


@pytest.mark.parametrize("document", [b"", b"{}", pack(FACTS, ())[:-3], b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_cannot_be_read_is_tried_anew(document: bytes) -> None:
    assert unpack(document) is None


def test_the_strip_covers_the_length_evenly() -> None:
    moments = strip_moments(FACTS)
    assert len(moments) == STRIP_FRAMES
    assert (moments[0], moments[-1]) == (150, 5_850)
    assert strip_moments(replace(FACTS, has_video=False)) == ()
    assert strip_moments(replace(FACTS, duration_ms=0)) == ()


def test_small_pictures_keep_their_shape_within_bounds() -> None:
    assert strip_size(1920, 1080) == (128, 72)
    assert strip_size(100, 10_000) == (8, 72)
    assert strip_size(10_000, 10) == (256, 72)
