"""A large file over a line that is cut fifty times, by a program that is killed on the way.

A real server sends a file of `count` MB. It ends the connection at fifty places, half of them hard, and at a
few of them the program that fetches is killed instead and started again. Counted is every byte that left the
server.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from assessor_app.cache import evidence
from assessor_app.domain.ids import RequirementId
from assessor_app.domain.submissions import EvidenceFile, EvidenceState, Part
from assessor_app.vault.sealed_file import SealedReader, file_key_of
from attacks._figure import Figure
from tests import builders
from tests.answering import read_request, reset
from tests.builders import FakeClock
from tests.stores import open_store

TITLE = "a large file through fifty cuts and kills"
SMALL, LARGE = 10, 500
CUTS = 50
MOST = 1.05
"""Bytes sent, by those of the file."""
MOST_MEMORY_MB = 48.0
_BLOCK = 65536
_PATIENCE_S = 20.0
_CHILD_S = 900.0


def run(count: int, seed: int, folder: Path, *, is_forgetful: bool = False) -> Figure:
    """Fetch one file through all cuts.

    Args:
        count: megabytes of the file.
        seed: of its content, and of where it is cut.
        folder: an empty folder.
        is_forgetful: begin anew at every start, to see whether that is found out.
    """
    line = _Line(count * 1_000_000, seed)
    profile = folder / "profile"
    file = _want(profile, line)
    started_s = time.perf_counter()
    with line.serving(profile / "evidence" / f"{file.blob_id}.part") as origin:
        said = _fetch(line, profile, origin, is_forgetful=is_forgetful)
    took_s = time.perf_counter() - started_s
    broken = _look(profile, file, line)
    part = line.sent_bytes / line.size_bytes
    if part > MOST:
        broken.append(f"{part:.1%} of the file's bytes were sent")
    grown_mb = float(said.get("grown_mb", 0.0))
    if grown_mb > MOST_MEMORY_MB:
        broken.append(f"memory grew by {grown_mb:.0f} MB")
    if line.cuts_left:
        broken.append(f"{len(line.cuts_left)} cuts were never reached")
    return Figure(
        (
            f"{count} MB through {line.cut} cuts and {line.killed} kills: {part:.2%} of its bytes sent",
            f"memory grew by {grown_mb:.1f} MB, {took_s:.1f} s",
        ),
        tuple(broken),
    )


class _Line:
    """The server, and the line to it."""

    def __init__(self, size_bytes: int, seed: int) -> None:
        chance = random.Random(seed)
        self._chance = chance
        self._noise = chance.randbytes(_BLOCK - 8)
        self.size_bytes = size_bytes
        places = sorted(chance.sample(range(_BLOCK, size_bytes - _BLOCK), CUTS))
        kills = 2 if size_bytes < 100_000_000 else 5
        self._kills = frozenset(places[CUTS // (kills + 1) :: CUTS // kills][:kills])
        self.cuts_left = places
        self.sent_bytes = self.cut = self.killed = 0
        self.child: subprocess.Popen[str] | None = None
        digest = hashlib.sha256()
        for start in range(0, size_bytes, _BLOCK):
            digest.update(self.content(start, min(size_bytes, start + _BLOCK)))
        self.sha256 = digest.hexdigest()

    def content(self, start: int, stop: int) -> bytes:
        """Bytes of the file, no two blocks of which are the same."""
        first, last = start // _BLOCK, (stop - 1) // _BLOCK
        blocks = b"".join(number.to_bytes(8, "big") + self._noise for number in range(first, last + 1))
        return blocks[start - first * _BLOCK : stop - first * _BLOCK]

    @contextmanager
    def serving(self, part: Path) -> Iterator[str]:
        """Answer until the block ends."""
        listener = socket.create_server(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(_PATIENCE_S)
                    self._answer(connection, part)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join(_PATIENCE_S)

    def _answer(self, connection: socket.socket, part: Path) -> None:
        request = read_request(connection).lower()
        asked = next((one for one in request.split(b"\r\n") if one.startswith(b"range: bytes=")), b"")
        start = int(asked.removeprefix(b"range: bytes=").rstrip(b"-")) if asked else 0
        more = f"Content-Range: bytes {start}-{self.size_bytes - 1}/{self.size_bytes}\r\n" if start else ""
        head = (
            f'HTTP/1.1 {206 if start else 200} X\r\nETag: "{self.sha256}"\r\n{more}'
            f"Content-Length: {self.size_bytes - start}\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(head.encode())
        place = start
        while place < self.size_bytes:
            cut = next((one for one in self.cuts_left if one > place), self.size_bytes)
            stop = min(place + _BLOCK, cut)
            connection.sendall(self.content(place, stop))
            self.sent_bytes += stop - place
            place = stop
            if place == cut and cut < self.size_bytes:
                self.cuts_left.remove(cut)
                self._break(connection, cut, part)
                return

    def _break(self, connection: socket.socket, place: int, part: Path) -> None:
        """Kill who fetches, or end the connection, softly or hard."""
        # A network is slower than this machine: what was sent has been read before the line breaks.
        until_s = time.monotonic() + _PATIENCE_S
        port = connection.getpeername()[1]
        is_read = False
        while time.monotonic() < until_s and not is_read:
            time.sleep(0.005)
            is_read = _unread_bytes(port) == 0
        child = self.child
        if place in self._kills and child is not None:
            while time.monotonic() < until_s and _length(part) < place - _BLOCK:
                time.sleep(0.005)
            os.kill(child.pid, signal.SIGKILL)
            self.killed += 1
            return
        self.cut += 1
        if is_read and self._chance.random() < 0.5:
            reset(connection)


def _unread_bytes(port: int) -> int | None:
    """What the program at a port of this machine has not read yet; None where the system does not tell."""
    try:
        lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    except OSError:
        return None
    for line in lines:
        _, local, _, _, queues, *_ = line.split()
        if int(local.split(":")[1], 16) == port:
            return int(queues.split(":")[1], 16)
    return None


def _length(part: Path) -> int:
    try:
        return part.stat().st_size
    except OSError:
        return 0


def _want(profile: Path, line: _Line) -> EvidenceFile:
    clock = FakeClock()
    artifact = replace(builders.artifact(1, media_type="video/mp4"), size_bytes=line.size_bytes)
    artifact = replace(artifact, sha256=line.sha256, renditions=())
    submission = builders.submission(parts=(Part(RequirementId("design"), artifacts=(artifact,)),))
    store = open_store(profile, clock)
    with store.write() as txn:
        evidence.want(txn, submission, clock)
        (file,) = evidence.files(txn, submission.id)
    store.close()
    return file


def _fetch(line: _Line, profile: Path, origin: str, *, is_forgetful: bool) -> dict[str, float]:
    """Start the program until it ends by itself; gives what it said."""
    while True:
        line.child = child = subprocess.Popen(
            [sys.executable, "-m", "attacks._downloading", str(profile), origin, str(int(is_forgetful))],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        said, _ = child.communicate(timeout=_CHILD_S)
        if child.returncode != -signal.SIGKILL:
            return dict(json.loads(said)) if said else {}


def _look(profile: Path, file: EvidenceFile, line: _Line) -> list[str]:
    """Read what has come."""
    store = open_store(profile)
    try:
        with store.read() as txn:
            held = evidence.get(txn, file.blob_id)
            key = evidence.submission_key(txn, file.submission_id)
        if held is None or held.state is not EvidenceState.READY:
            return ["the file did not come"]
        path = evidence.path_of(store, file.blob_id)
        digest = hashlib.sha256()
        file_key = file_key_of(path, submission_key=key, blob_id=file.blob_id)
        with SealedReader(path, file_key=file_key, size_bytes=file.size_bytes) as reader:
            for start in range(0, file.size_bytes, 1 << 20):
                digest.update(reader.read_at(start, min(1 << 20, file.size_bytes - start)))
        return [] if digest.hexdigest() == line.sha256 else ["the file has another hash"]
    finally:
        store.close()
