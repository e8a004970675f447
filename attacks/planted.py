"""Words in evidence and in what is typed on it, looked for in every file of the program: none is readable.

The data, temporary and log folders of a real process, with its real children and a real platform, are
searched while it runs, when it has closed, and after it was killed. A plain copy may lie in `plain/` alone:
while another program makes a copy of it or has it open, and after a kill until the next start.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from attacks._figure import Figure
from attacks._planted_files import TOKEN, planted_content, planted_pdf, words
from attacks._search import Needles

TITLE = "planted words in every file of the data, temporary and log folders: running, closed, killed"
SMALL = 1
LARGE = 15
"""How many days, each ended by a kill at one more moment."""
_PATIENCE_S = 120.0
_PAUSES_S = (0.0, 0.3, 0.8, 1.5, 2.5, 4.0)
"""When a process is killed after its start; none: while it converts."""
_SHARED = Path("/dev/shm")
_OFFICE = """#!/bin/sh
while [ "$1" != "--outdir" ]; do shift; done
cp "$3" "$HOME/working copy"
touch "{work}/converting"
while [ ! -e "{work}/go on" ]; do sleep 0.05; done
cp "{work}/made.pdf" "$2/document.pdf"
"""
"""A stand-in for LibreOffice: keeps a copy in its home, as office programs do, and waits."""


@dataclass
class Search:
    """What was looked through, and what stood in it."""

    needles: Needles
    home: Path
    files: int = 0
    looks: int = 0
    plain: int = 0
    """How many times something lay where it may."""
    broken: list[str] = field(default_factory=list)

    def look(self, moment: str, *, plain_may: bool = False, plain_must: bool = False) -> None:
        """Look through everything once.

        Args:
            moment: what is going on.
            plain_may: something may lie in `plain/`.
            plain_must: something has to lie there, or the attack proves nothing.
        """
        self.looks += 1
        self.files += sum(1 for path in self.home.rglob("*") if path.is_file())
        found = self.needles.in_folder(self.home)
        in_plain = {path for path in found if "/plain/" in f"/{path}"}
        self.plain += len(in_plain)
        for path in sorted(found):
            if path not in in_plain or not (plain_may or plain_must):
                self.broken.append(f"{moment}: {path}: {', '.join(sorted(found[path])[:3])}")
        if plain_must and not in_plain:
            self.broken.append(f"{moment}: nothing lay in plain/, so that nothing is proved")

    def look_in_shared_memory(self, moment: str, before: set[str]) -> None:
        """Segments that a killed process left behind."""
        for name in _segments() - before:
            if self.needles.in_file(_SHARED / name):
                self.broken.append(f"{moment}: shared memory {name}")


def run(count: int, seed: int, folder: Path) -> Figure:
    """Live through days, and search at every stop."""
    from tests.contract.running import fill, running, serving

    chance = random.Random(seed)
    needles = Needles(words().values(), TOKEN)
    fill(folder / "platform", planted_content())
    work = folder / "work"
    home = work / "home"
    for name in ("tmp", "runtime"):
        (home / name).mkdir(parents=True, mode=0o700)
    (work / "made.pdf").write_bytes(planted_pdf(words()))
    (work / "soffice").write_text(_OFFICE.format(work=work), "utf-8")
    (work / "soffice").chmod(0o755)
    search = Search(needles, home)
    in_platform = set().union(*needles.in_folder(folder / "platform").values())
    with serving() as server, running(server, folder / "platform") as served:
        _whole_day(search, work, served.origin)
        for number in range(count):
            # The first one in the midst of a conversion, whatever chance says.
            _killed_day(search, work, served.origin, chance.choice(_PAUSES_S) if number else 0.0)
    if len(in_platform) < 10:
        search.broken.append(f"only {len(in_platform)} words were planted in evidence")
    lines = (
        f"{len(needles)} planted words, {search.files} files in {search.looks} searches: "
        f"{len(search.broken)} found",
        f"{search.plain} plain copies where they may lie, and gone in time",
    )
    return Figure(lines, tuple(search.broken))


def _whole_day(search: Search, work: Path, origin: str) -> None:
    """Everything once, up to an orderly end."""
    with _process(work, origin, "day") as day:
        _wait_for_converting(work, day)
        search.look("while a conversion runs", plain_must=True)
        (work / "go on").touch()
        said = _until(day, "working")
        if "missing in the store: []" not in said:
            search.broken.append(f"not everything was typed: {said}")
        search.look("working")
        _go_on(day)
        _until(day, "outside")
        search.look("open in other programs", plain_must=True)
        _go_on(day)
        _until(day, "closed")
        search.look("closed")
        _go_on(day)
        if day.wait(_PATIENCE_S) != 0:
            search.broken.append("the day did not end well")
    search.look("ended")


def _killed_day(search: Search, work: Path, origin: str, pause_s: float) -> None:
    """Killed while a conversion runs, or a little before or behind; then started anew."""
    before = _segments()
    (work / "go on").unlink(missing_ok=True)
    (work / "converting").unlink(missing_ok=True)
    with _process(work, origin, "day" if pause_s else "convert") as day:
        if pause_s:
            time.sleep(pause_s)
        else:
            _wait_for_converting(work, day)
        day.send_signal(signal.SIGKILL)
        day.wait(_PATIENCE_S)
    _wait_for_children(work)
    search.look("after a kill", plain_may=True, plain_must=not pause_s)
    search.look_in_shared_memory("after a kill", before)
    with _process(work, origin, "start") as again:
        _until(again, "started")
        search.look("started after a kill")
        _go_on(again)
        _until(again, "closed")
        _go_on(again)
        again.wait(_PATIENCE_S)
    search.look("closed after a kill")


@contextmanager
def _process(work: Path, origin: str, part: str) -> Iterator[subprocess.Popen[str]]:
    home = work / "home"
    own = {name: str(home / "tmp") for name in ("TMPDIR", "TEMP", "TMP")} | {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_RUNTIME_DIR": str(home / "runtime"),
    }
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "attacks._alone", "attacks._planted_day", str(home), origin, part]
    with (home / "printed").open("a") as printed, subprocess.Popen(
        command, cwd=root, env=os.environ | own, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=printed,
    ) as process:  # fmt: skip
        try:
            yield process
        except RuntimeError as error:
            said = (home / "printed").read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{error}\n{said}") from None
        finally:
            process.kill()


def _until(process: subprocess.Popen[str], name: str) -> str:
    """What it says until a stop."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        if line.strip() == name:
            return said
        said += line
    process.wait(_PATIENCE_S)
    raise RuntimeError(f"it ended before {name!r}")


def _go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _wait_for_converting(work: Path, process: subprocess.Popen[str]) -> None:
    until_s = time.monotonic() + _PATIENCE_S
    while not (work / "converting").exists():
        if process.poll() is not None or time.monotonic() > until_s:
            raise RuntimeError("no conversion began")
        time.sleep(0.02)


def _wait_for_children(work: Path) -> None:
    """Until nothing that was started from the home runs any more: children end with their parent."""
    until_s = time.monotonic() + 20.0
    while _running_in(work) and time.monotonic() < until_s:
        time.sleep(0.05)


def _running_in(work: Path) -> bool:
    mark = f"HOME={work / 'home'}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes():
                return True
        except OSError:
            continue
    return False


def _segments() -> set[str]:
    return {path.name for path in _SHARED.glob("*")} if _SHARED.is_dir() else set()
