"""Names in every corner of eight kinds of file, through every way in which the program writes files.

What a file shows is evidence and stays; it is counted apart. Nothing may tell who assessed, on which
computer, and where.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from pathlib import Path

from attacks._exports import HER_ACCOUNT, HER_MAIL, HER_NAME
from attacks._figure import Figure
from attacks._marked_files import TOKEN, Markers, every_file
from attacks._search import Needles, layers

TITLE = "names in eight kinds of file, through every export"
SMALL = 1
LARGE = 12
"""How many sets of names."""
_ZONE, _OFFSETS = "Asia/Kathmandu", (b"+05:45", b"+0545", b"+05'45", b"UTC+5")
_FEWEST = 60
_SHORTEST = 6
"""A shorter name of a computer stands in other words by chance."""


def run(count: int, seed: int, folder: Path) -> Figure:
    """Export everything for several sets of names, and look for each of them."""
    lines: list[str] = []
    broken: list[str] = []
    places = files = content = 0
    for number in range(count):
        work = folder / str(number)
        out = work / "out"
        out.mkdir(parents=True)
        markers = Markers(random.Random(seed + number))
        made = every_file(markers)
        needles = Needles([*markers.names.values(), *markers.content.values()], TOKEN)
        planted = set().union(*(needles.in_bytes(file.data) for file in made))
        broken += [f"not planted: {place}" for place, name in markers.names.items() if name not in planted]
        _export(work, out, seed + number)
        found = needles.in_folder(out)
        for path, names in sorted(found.items()):
            broken += [f"{path}: {place}" for place, name in markers.names.items() if name in names]
            content += len(names & set(markers.content.values()))
        broken += [f"{path.name}: {told}" for path in sorted(out.iterdir()) for told in _of_her(path, work)]
        places += len(markers.names)
        files += sum(1 for _ in out.iterdir())
    if places < _FEWEST * count:
        broken.append(f"only {places} places in {count} sets")
    lines.append(f"{places} names in {len(made)} kinds of file, {files} exported files: {len(broken)} found")
    lines.append(f"{content} times a name that a file shows, which is evidence and stays")
    return Figure(tuple(lines), tuple(broken))


def _export(work: Path, out: Path, seed: int) -> None:
    home = work / "home" / HER_ACCOUNT
    home.mkdir(parents=True)
    own = {
        "HOME": str(home),
        "USER": HER_ACCOUNT,
        "LOGNAME": HER_ACCOUNT,
        "USERNAME": HER_ACCOUNT,
        "TZ": _ZONE,
    }
    command = [sys.executable, "-m", "attacks._alone", "attacks._exports"]
    command += [str(home / "profile"), str(out), str(seed)]
    root = Path(__file__).resolve().parents[1]
    subprocess.run(command, cwd=root, env=os.environ | own, check=True)


def _of_her(path: Path, work: Path) -> list[str]:
    """What of the assessor and her computer stands in a file: eight strings, in every stream."""
    wanted = {
        "name": HER_NAME,
        "mail": HER_MAIL,
        "account": HER_ACCOUNT,
        "home": str(work / "home"),
        "computer": socket.gethostname(),
    }
    wanted = {what: text for what, text in wanted.items() if len(text) >= _SHORTEST}
    data = path.read_bytes()
    found = set()
    for layer in layers(data):
        small = layer.lower()
        for what, text in wanted.items():
            forms = (
                text.lower().encode(),
                text.lower().encode("utf-16-le"),
                text.lower().encode("utf-16-be"),
            )
            if any(form in small for form in forms):
                found.add(what)
        if any(offset in layer for offset in _OFFSETS):
            found.add("time zone")
        if b"21:47:13" in layer or b"20260302214713" in layer:
            found.add("time of day of a mark")
    return sorted(found)
