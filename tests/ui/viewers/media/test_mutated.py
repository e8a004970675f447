"""Recordings that were damaged in many ways: each is played or gets a card, and nothing else happens."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.limits import Limits
from assessor_app.documents.media_probe import ProbeChild
from assessor_app.ui.viewers.media import probe_start
from tests.ui.viewers.evidence_files import sealed
from tests.ui.viewers.media.stages import SOUND, VIDEO, MediaDesk, is_ready

FEW, MANY = 8, 120
PATIENT = Limits(probe_s=1.5)
REASONS = {
    "recording_damaged", "no_picture", "no_sound", "recording_slow", "recording_crashed", "too_much_memory",
}  # fmt: skip


def mutated(number: int) -> bytes:
    """The demo's video or sound with some damage; the same for the same number."""
    chance = random.Random(number)
    data = bytearray((VIDEO if number % 3 else SOUND).read_bytes())
    kind = number % 5
    if kind == 0:
        for _ in range(chance.randint(1, 40)):
            data[chance.randrange(24, len(data))] = chance.randrange(256)
    elif kind == 1:
        del data[chance.randrange(len(data) // 10, len(data)) :]
    elif kind == 2:
        at = chance.randrange(24, len(data) - 600)
        data[at : at + 500] = bytes(500)
    elif kind == 3:
        for _ in range(6):
            at = chance.randrange(24, min(len(data) - 4, 2_500))
            data[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff"))
    else:
        at, end = sorted(chance.randrange(24, len(data)) for _ in range(2))
        data[at:end] = data[at:end][::-1]
    return bytes(data)


def trial(folder: Path, data: bytes, limits: Limits = PATIENT) -> str:
    """What the trial says: empty when it may be played."""
    child = ProbeChild(sealed(folder, data, "Artifact 1.mp4", "video/mp4"), probe_start.main, limits=limits)
    try:
        child.facts()
    except RefusedWithCard as refused:
        return refused.card.reason
    finally:
        child.close()
    return ""


@pytest.mark.heavy
@pytest.mark.parametrize("number", range(FEW))
def test_a_mutated_recording_passes_or_gets_a_card(tmp_path, number):
    began = time.monotonic()
    assert trial(tmp_path, mutated(number)) in REASONS | {""}
    assert time.monotonic() - began < 20


@pytest.mark.heavy
@pytest.mark.timeout(1_800)
def test_many_mutated_recordings_in_the_real_viewer(qtbot, renderer, tmp_path):
    files = {f"Artifact {number}.mp4": mutated(number) for number in range(MANY)}
    desk = MediaDesk(tmp_path, renderer, files)
    view = desk.view()
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    played = 0
    for artifact in desk.artifacts:
        view.show_artifact(desk.submission.id, artifact)
        qtbot.waitUntil(lambda: is_ready(view) or view.media.stage.notes.isVisible())
        if view.viewer is view.media:
            played += 1
            view.media.playing.toggle()
            qtbot.wait(250)
            view.media.playing.seek(view.media.stage.bar.maximum() // 2)
            qtbot.wait(150)
    assert 0 < played < MANY
    view.show_nothing("", "")
    desk.close()


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="makes its video with ffmpeg")
def test_av1_is_refused_with_the_card_that_says_so(tmp_path):
    made = tmp_path / "av1.mp4"
    encoders = subprocess.run(["ffmpeg", "-encoders"], capture_output=True, text=True, check=False).stdout
    encoder = next((name for name in ("libaom-av1", "libsvtav1") if name in encoders), None)
    if encoder is None:
        pytest.skip("this ffmpeg makes no AV1")
    speed = ("-cpu-used", "8") if encoder == "libaom-av1" else ("-preset", "12")
    source = ("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=5:duration=1")
    subprocess.run(["ffmpeg", "-loglevel", "error", *source, "-c:v", encoder, *speed, str(made)], check=True)
    assert trial(tmp_path, made.read_bytes()) == "no_picture"
