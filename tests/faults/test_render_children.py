"""Children that die, hang, outlive their parent or answer lies: one card, and the next request works."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children
from multiprocessing.connection import Pipe
from pathlib import Path

import pytest

from assessor_app.clock import Clock
from assessor_app.documents import channel, worker_start
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.child_process import ChildLost, RenderChild, ViewerUnavailable
from assessor_app.documents.limits import Limits
from assessor_app.documents.renderer import Renderer
from tests.evidence_files import is_gone, seal, slow_pdf, text_pdf

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    own = Renderer()
    own.warm_up()
    yield own
    own.close()


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(RefusedWithCard) as caught:
        call()
    return caught.value.card.reason


def pid_of(renderer: Renderer) -> int:
    (status,) = renderer.status()
    return status.pid


def works(renderer: Renderer, folder: Path) -> bool:
    """Whether a harmless page is drawn."""
    return renderer.render(seal(folder, text_pdf("Harmless"), "ok.pdf"), 0, 0.2).width_px == 119


def wait_until(condition: Callable[[], bool], within_s: float) -> bool:
    until = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.01)
    return True


def test_a_stopped_child_is_given_up_and_replaced(tmp_path: Path) -> None:
    renderer = Renderer(limits=Limits(open_s=1.0, render_s=1.0, text_s=1.0))
    try:
        source = seal(tmp_path, text_pdf("Hello"), "a.pdf")
        stopped = _warm_pid(renderer)
        os.kill(stopped, signal.SIGSTOP)
        started = time.monotonic()
        assert refusal(lambda: renderer.open(source)) == "timeout"
        assert time.monotonic() - started < 4.0
        assert is_gone(stopped)
        assert _warm_pid(renderer) != stopped
    finally:
        renderer.close()


def test_a_child_that_reads_no_more_is_given_up(tmp_path: Path) -> None:
    child = RenderChild(Limits(), Clock())
    try:
        child.ask({"do": "status"}, 20.0)
        stopped = child.pid
        assert stopped is not None
        os.kill(stopped, signal.SIGSTOP)
        started = time.monotonic()
        with pytest.raises(ChildLost) as caught:
            # More than the pipe between the two holds.
            child.ask({"do": "status", "words": "w" * 4_000_000}, 0.3)
        assert caught.value.reason == "timeout"
        assert time.monotonic() - started < 2.0
        assert is_gone(stopped)
    finally:
        child.close()


def _warm_pid(renderer: Renderer) -> int:
    """The child's id once it is warm: it may be loading when deadlines are short."""
    found: list[int] = []

    def answered() -> bool:
        try:
            found.append(pid_of(renderer))
        except RefusedWithCard:
            return False
        return True

    assert wait_until(answered, 20.0)
    return found[-1]


def test_a_page_that_takes_for_ever_is_given_up(tmp_path: Path) -> None:
    renderer = Renderer(limits=Limits(open_s=1.0, render_s=0.5, text_s=5.0))
    try:
        pid_of(renderer)
        source = seal(tmp_path, slow_pdf(), "slow.pdf")
        assert renderer.open(source).page_count == 1
        assert refusal(lambda: renderer.render(source, 0, 2.0)) == "timeout"
        assert pid_of(renderer)
        assert works(renderer, tmp_path)
    finally:
        renderer.close()


def test_a_killed_child_costs_one_card(renderer: Renderer, tmp_path: Path) -> None:
    source = seal(tmp_path, slow_pdf(), "slow.pdf")
    assert renderer.open(source).page_count == 1
    pid = pid_of(renderer)
    used_s = _cpu_s(pid)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: refusal(lambda: renderer.render(source, 0, 2.0)))
        assert is_drawing(pid, used_s)
        os.kill(pid, signal.SIGKILL)
        assert waiting.result(10.0) == "crashed"
    assert works(renderer, tmp_path)
    assert pid_of(renderer) != pid


def _cpu_s(pid: int) -> float:
    """Processor time that a process has used (Linux; elsewhere it seems to grow)."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b") ")[2].split()
    except FileNotFoundError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_drawing(pid: int, since_s: float) -> bool:
    """Whether a child has computed for longer than any small request takes."""
    return wait_until(lambda: _cpu_s(pid) > since_s + 0.3, 20.0)


def test_a_child_killed_while_idle_is_not_noticed(renderer: Renderer, tmp_path: Path) -> None:
    assert works(renderer, tmp_path)
    pid = pid_of(renderer)
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: is_gone(pid), 5.0)
    assert works(renderer, tmp_path)


def test_eight_threads_at_once(tmp_path: Path) -> None:
    renderer = Renderer(workers=2)
    try:
        sources = [seal(tmp_path, text_pdf(f"Number {n}", "Two"), f"{n}.pdf") for n in range(6)]
        bad = seal(tmp_path, b"<html>", "bad.pdf")

        def one(turn: int) -> str:
            number = turn % 6
            if turn % 13 == 0:
                return refusal(lambda: renderer.open(bad))
            page = renderer.render(sources[number], turn % 2, 0.3 + number * 0.01)
            assert page.width_px == -int(-(595 * (0.3 + number * 0.01)) // 1)
            return renderer.text(sources[number], 0).text

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(one, range(160)))
        for turn, result in enumerate(results):
            assert result == ("not_what_it_says" if turn % 13 == 0 else f"Number {turn % 6}")
        assert len(renderer.status()) == 2
    finally:
        renderer.close()


def test_closing_leaves_nobody_behind_and_frees_waiting_threads(tmp_path: Path) -> None:
    renderer = Renderer()
    source = seal(tmp_path, slow_pdf(), "slow.pdf")
    renderer.open(source)
    pid = pid_of(renderer)
    used_s = _cpu_s(pid)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(lambda: refusal(lambda: renderer.render(source, 0, 2.0))) for _ in range(3)]
        assert is_drawing(pid, used_s)
        started = time.monotonic()
        renderer.close()
        assert time.monotonic() - started < 5.0
        assert {future.result(10.0) for future in waiting} == {"closed"}
    assert not Path(f"/proc/{pid}").exists()
    assert pid not in [child.pid for child in active_children()]


PARENT = """
import sys, threading
sys.path.insert(0, {root!r})
from pathlib import Path
from assessor_app.documents.renderer import Renderer
from tests.evidence_files import seal, slow_pdf

def main():
    folder = Path({folder!r})
    source = seal(folder, slow_pdf(), "slow.pdf")
    renderer = Renderer()
    renderer.open(source)
    print(renderer.status()[0].pid, flush=True)
    if {busy!r}:
        renderer.render(source, 0, 2.0)
    threading.Event().wait()

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the alarm ends it, seconds later")
@pytest.mark.parametrize("state", ["idle", "busy", "stopped"])
def test_a_child_dies_with_its_killed_parent(tmp_path: Path, state: str) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(root=str(ROOT), folder=str(tmp_path), busy=state == "busy"), "utf-8")
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        if state == "busy":
            assert is_drawing(child, _cpu_s(child))
        if state == "stopped":
            os.kill(child, signal.SIGSTOP)
        parent.kill()
        parent.wait()
    gone = wait_until(lambda: is_gone(child), 2.0)
    if not gone:
        os.kill(child, signal.SIGKILL)
    assert gone


def test_no_shared_memory_is_left_and_nobody_complains(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from assessor_app.documents.renderer import Renderer\n"
        "from tests.evidence_files import seal, text_pdf\n"
        "def main():\n"
        f"    source = seal(Path({str(tmp_path)!r}), text_pdf('Hello'), 'a.pdf')\n"
        "    renderer = Renderer()\n"
        "    for scale in (0.5, 2.0, 6.0, 0.5):\n"
        "        renderer.render(source, 0, scale)\n"
        "    renderer.close()\n"
        "if __name__ == '__main__':\n"
        "    main()\n"
    )
    script = tmp_path / "run.py"
    script.write_text(code, "utf-8")
    before = set(Path("/dev/shm").glob("psm_*")) if Path("/dev/shm").is_dir() else set()
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    if Path("/dev/shm").is_dir():
        assert set(Path("/dev/shm").glob("psm_*")) <= before


def test_a_viewer_that_cannot_start_says_so_and_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_start, "main", os._exit)
    renderer = Renderer(clock=Clock())
    try:
        source = seal(tmp_path, text_pdf("Hello"), "a.pdf")
        with pytest.raises(ViewerUnavailable) as caught:
            renderer.open(source)
        assert "safe" in caught.value.message
        started = time.monotonic()
        with pytest.raises(ViewerUnavailable):
            renderer.open(source)
        assert time.monotonic() - started < 0.5
    finally:
        renderer.close()


# ---- Forged frames


@pytest.mark.parametrize(
    "frame",
    [
        b"\xff\xff\xff\xff" + b"x" * 10,
        b"\x00\x00\x00\x04nope",
        b"\x00\x00\x00\x02[]",
        b"\x00\x00\x00\x03\xff\xfe\xfd",
        struct.pack(">I", 200_000) + b"[" * 200_000,
        struct.pack(">I", 6_000) + b"1" * 6_000,
        b"\x00\x00\x00\x02{}\x00\x00\x00\x02{}",
        b"\x00\x00\x00\x02{}\x00",
    ],
)
def test_forged_frames_are_refused(frame: bytes) -> None:
    ours, theirs = Pipe()
    with ours, theirs, ThreadPoolExecutor(1) as pool:
        writing = pool.submit(_write_all, theirs.fileno(), frame)
        with pytest.raises(channel.FrameRefused):
            channel.receive(ours, max_bytes=1_000_000, wait_s=lambda: 5.0)
        assert writing.result(5.0) is None


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def test_a_frame_that_stops_half_way_does_not_hold_the_reader() -> None:
    class TooLong(Exception):
        pass

    turns = iter([0.05] * 4)

    def wait_s() -> float:
        try:
            return next(turns)
        except StopIteration:
            raise TooLong from None

    ours, theirs = Pipe()
    with ours, theirs:
        os.write(theirs.fileno(), struct.pack(">I", 100) + b"{")
        with pytest.raises(TooLong):
            channel.receive(ours, max_bytes=1_000, wait_s=wait_s)


def test_a_frame_that_arrives_byte_by_byte_is_whole() -> None:
    ours, theirs = Pipe()
    with ours, theirs, ThreadPoolExecutor(1) as pool:

        def drip() -> None:
            for byte in struct.pack(">I", 9) + b'{"a": 12}':
                os.write(theirs.fileno(), bytes([byte]))

        dripping = pool.submit(drip)
        assert channel.receive(ours, max_bytes=9, wait_s=lambda: 5.0) == {"a": 12}
        dripping.result(5.0)


def test_a_closed_pipe_is_known() -> None:
    ours, theirs = Pipe()
    theirs.close()
    with ours:
        with pytest.raises(channel.ChannelClosed):
            channel.receive(ours, max_bytes=1_000, wait_s=lambda: 1.0)
        with pytest.raises(channel.ChannelClosed):
            channel.send(ours, {"a": 1})
