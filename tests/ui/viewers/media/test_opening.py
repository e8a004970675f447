"""Before a recording is played: its trial, what is noted about it, and the cards when it is not played."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from assessor_app.cache import media_probes
from assessor_app.documents import channel
from assessor_app.documents.cards import RefusedWithCard, card_for
from assessor_app.documents.limits import Limits
from assessor_app.documents.media_probe import ProbeChild
from assessor_app.domain.canonical import sha256_hex
from assessor_app.services import recordings
from assessor_app.ui.viewers.media import probe_start
from tests.evidence_files import is_gone
from tests.stores import open_store
from tests.ui.viewers.evidence_files import sealed
from tests.ui.viewers.media.stages import SOUND, VIDEO, MediaDesk, is_ready, opened, state_of

pytestmark = pytest.mark.heavy
"""A quarter of a minute; the tests of marks on recordings play one at every run."""


def open_card(qtbot, desk: MediaDesk, index: int = 0):
    view = desk.view()
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    view.show_artifact(desk.submission.id, desk.artifacts[index])
    qtbot.waitUntil(lambda: view.source_id != "" and is_ready(view))
    return view


def refusal(child: ProbeChild) -> str:
    with pytest.raises(RefusedWithCard) as caught:
        child.facts()
    child.close()
    return caught.value.card.reason


def test_a_recording_is_noted_as_open_until_it_is_left(desk, qtbot):
    view, _, _ = opened(qtbot, desk)
    qtbot.waitUntil(lambda: state_of(desk) == "open")
    view.show_nothing("", "")
    qtbot.waitUntil(lambda: state_of(desk) == "tried")


def test_out_of_sight_it_counts_as_left(desk, qtbot):
    view, _, _ = opened(qtbot, desk)
    qtbot.waitUntil(lambda: state_of(desk) == "open")
    view.hide()
    qtbot.waitUntil(lambda: state_of(desk) == "tried")
    view.show()
    qtbot.waitUntil(lambda: state_of(desk) == "open")
    view.show_nothing("", "")


def test_open_at_a_crash_it_is_a_card_until_the_person_insists(desk, qtbot):
    view, _, _ = opened(qtbot, desk)
    qtbot.waitUntil(lambda: state_of(desk) == "open")
    view.media.playing._is_noted = False  # as if the program were gone
    view.show_nothing("", "")
    recordings.recover(desk.context)
    assert state_of(desk) == "was_open"
    again = open_card(qtbot, desk)
    assert again.viewer is again.card
    assert again.card.title.text() == "This recording was open when the workstation stopped"
    assert again.card.retry_button.text() == "Try again all the same"
    again.card.retry_button.click()
    qtbot.waitUntil(lambda: again.viewer is again.media and is_ready(again))
    again.show_nothing("", "")
    qtbot.waitUntil(lambda: state_of(desk) == "tried")


def test_a_recording_that_stays_open_twice_in_one_run_is_no_crash(desk, qtbot):
    first, _, _ = opened(qtbot, desk)
    qtbot.waitUntil(lambda: state_of(desk) == "open")
    second, _, _ = opened(qtbot, desk)
    assert second.viewer is second.media
    first.show_nothing("", "")
    second.show_nothing("", "")


KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from PySide6.QtCore import QTimer
from tests.ui.viewers.media.stages import MediaDesk, VIDEO, is_ready, state_of
from assessor_app.documents.renderer import Renderer

def main():
    app = QApplication([])
    desk = MediaDesk(Path(sys.argv[1]), Renderer(), {"Artifact 1.mp4": VIDEO.read_bytes()})
    view = desk.view()
    view.show()
    view.show_artifact(desk.submission.id, desk.artifacts[0])
    timer = QTimer()
    def look():
        if view.viewer is view.media and is_ready(view):
            view.media.playing.toggle()
            os.kill(os.getpid(), signal.SIGKILL)
    timer.timeout.connect(look)
    timer.start(20)
    app.exec()

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_program_that_is_killed_while_it_plays_finds_the_card(tmp_path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED, "utf-8")
    root = Path(__file__).resolve().parents[4]
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "profile")],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    store = open_store(tmp_path / "profile")
    try:
        with store.write() as txn:
            media_probes.recover(txn)
        with store.read() as txn:
            probe = media_probes.get(txn, sha256_hex(VIDEO.read_bytes()))
        assert probe is not None
        assert probe.state is media_probes.MediaState.WAS_OPEN
    finally:
        store.close()


def never(connection, limits) -> None:
    """A child that says that it is ready and then hangs."""
    del limits
    channel.send(connection, {"ready": os.getpid()})
    while True:
        time.sleep(1)


def liar(connection, limits) -> None:
    """A child that a hostile file has taken over."""
    del limits
    channel.send(connection, {"ready": os.getpid()})
    while True:
        request = channel.receive(connection, max_bytes=100_000, wait_s=lambda: None)
        channel.send(connection, {"number": request["number"], "has_video": True, "has_audio": False,
                                  "duration_ms": 10**15, "width_px": 10**9, "height_px": 1,
                                  "frames_per_s": 25})  # fmt: skip


def test_a_child_that_hangs_is_killed(tmp_path):
    source = sealed(tmp_path, VIDEO.read_bytes(), "Artifact 1.mp4", "video/mp4")
    before = {child.pid for child in active_children()}
    child = ProbeChild(source, never, limits=Limits(probe_s=0.2))
    began = time.monotonic()
    assert refusal(child) == "recording_slow"
    assert time.monotonic() - began < 8
    assert {child.pid for child in active_children()} <= before


def test_what_a_child_says_is_checked(tmp_path):
    source = sealed(tmp_path, VIDEO.read_bytes(), "Artifact 1.mp4", "video/mp4")
    assert refusal(ProbeChild(source, liar)) == "bad_answer"


def test_a_child_that_is_forgotten_is_ended(tmp_path):
    source = sealed(tmp_path, VIDEO.read_bytes(), "Artifact 1.mp4", "video/mp4")
    child = ProbeChild(source, probe_start.main)
    assert child.facts().has_video
    pid = child.pid
    del child
    assert pid is not None
    assert is_gone(pid)


def test_facts_and_small_pictures_are_those_of_the_file(tmp_path):
    source = sealed(tmp_path, VIDEO.read_bytes(), "Artifact 1.mp4", "video/mp4")
    child = ProbeChild(source, probe_start.main)
    facts = child.facts()
    assert (facts.duration_ms, facts.width_px, facts.height_px) == (6_000, 320, 240)
    assert (facts.has_video, facts.has_audio, facts.frames_per_s) == (True, False, 12.0)
    first, last = child.frame(100), child.frame(5_900)
    assert (first.width_px, first.height_px) == (96, 72)
    assert first.rgb != last.rgb
    child.close()


def test_a_child_tries_a_recording_again_while_the_first_try_still_plays(tmp_path):
    child = ProbeChild(sealed(tmp_path, SOUND.read_bytes(), "Artifact 2.m4a", "audio/mp4"), probe_start.main)
    facts, pid = child.facts(), child.pid
    for _ in range(3):
        assert child.facts() == facts
    assert child.pid == pid
    child.close()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (VIDEO.read_bytes()[:200] + bytes(20_000), "recording_damaged"),
        (VIDEO.read_bytes()[:1_500], "recording_damaged"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\xff" * 5_000, "recording_damaged"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(3_000), "recording_damaged"),
        (b"\x1aE\xdf\xa3" + bytes(3_000), "recording_damaged"),
    ],
)
def test_what_cannot_be_played_gets_an_honest_card(qtbot, renderer, tmp_path, data, reason):
    desk = MediaDesk(tmp_path, renderer, {"Artifact 1.mp4": data})
    view = open_card(qtbot, desk)
    assert view.viewer is view.card
    assert view.card.title.text() == card_for(reason).title
    desk.close()


def test_a_damaged_copy_is_told_and_not_played(qtbot, renderer, tmp_path):
    desk = MediaDesk(tmp_path, renderer, {"Artifact 1.m4a": SOUND.read_bytes()})
    (path,) = [file for file in desk.context.store.evidence_folder.iterdir() if file.is_file()]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    view = open_card(qtbot, desk)
    assert view.viewer is view.card
    assert view.card.title.text() == "The copy of this file on this computer is damaged"
    desk.close()


def test_no_plain_bytes_lie_on_any_disk_while_it_plays(qtbot, renderer, tmp_path, monkeypatch):
    scratch = tmp_path / "temporary"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    data = SOUND.read_bytes()
    desk = MediaDesk(tmp_path / "profile", renderer, {"Artifact 1.m4a": data})
    view, viewer, _ = opened(qtbot, desk)
    viewer.playing.toggle()
    player = viewer.playing.player
    assert player is not None
    qtbot.waitUntil(lambda: player.position_ms > 500)
    planted = [data[at : at + 24] for at in range(2_000, len(data) - 24, len(data) // 12)]
    looked_at = 0
    for folder in (tmp_path, Path(os.environ["HOME"])):
        for file in folder.rglob("*"):
            if file.is_file():
                content = file.read_bytes()
                looked_at += 1
                assert not any(piece in content for piece in planted), file
    assert looked_at > 2
    assert any(piece in data for piece in planted)
    view.show_nothing("", "")
    desk.close()


def test_a_window_that_is_closed_while_it_plays_is_no_crash(qtbot, renderer, tmp_path):
    desk = MediaDesk(tmp_path, renderer, {"Artifact 1.mp4": VIDEO.read_bytes()})
    view, viewer, _ = opened(qtbot, desk)
    viewer.playing.toggle()
    qtbot.waitUntil(lambda: state_of(desk) == "open" and viewer.playing.position_ms > 200)
    view.close()
    digest = desk.artifacts[0].sha256
    desk.close()
    store = open_store(tmp_path)
    with store.write() as txn:
        media_probes.recover(txn)
    with store.read() as txn:
        probe = media_probes.get(txn, digest)
    store.close()
    assert probe is not None
    assert probe.state is media_probes.MediaState.TRIED


def test_what_a_file_says_of_itself_is_not_written_on_the_terminal(desk, qtbot, capfd):
    view, _, _ = opened(qtbot, desk)
    view.show_nothing("", "")
    said = "".join(capfd.readouterr())
    assert "Input #0" not in said
    assert "handler_name" not in said


def test_a_trial_that_hangs_keeps_nobody_from_the_next_file(desk, qtbot, monkeypatch):
    view = desk.view()
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    monkeypatch.setattr(probe_start, "main", never)
    before = {child.pid for child in active_children()}
    view.show_artifact(desk.submission.id, desk.artifacts[0])
    qtbot.waitUntil(lambda: {child.pid for child in active_children()} > before)
    qtbot.wait(600)
    monkeypatch.undo()
    began = time.monotonic()
    view.show_artifact(desk.submission.id, desk.artifacts[1])
    qtbot.waitUntil(lambda: is_ready(view))
    assert time.monotonic() - began < 4.5
    assert view.viewer is view.media
    assert desk.artifacts[1].id == view.source_id
    view.show_nothing("", "")
