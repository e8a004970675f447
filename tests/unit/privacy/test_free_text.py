"""Text that a program wrote about itself names nobody and quotes nothing."""

from __future__ import annotations

import faulthandler
import io
import re
import traceback
from pathlib import Path

import pytest

from assessor_app.privacy.free_text import Machine, redacted, redacted_crash

MACHINE = Machine(
    ("mquintero", "Marisol Quintero"), ("lab-mac-07", "lab-mac-07.school.example"), ("/home/mquintero",)
)
TELLING = ("mquintero", "Marisol", "lab-mac", "oakhurst", "Okafor", "10.4.3.2", "+05", "Rechenschritte")


@pytest.mark.parametrize(
    "text",
    [
        "[Errno 13] Permission denied: '/home/mquintero/My Evidence/Okafor plan.pdf'",
        "cannot open C:\\Users\\mquintero\\AppData\\Local\\x.db for writing",
        "cannot open 'C:\\Users\\Jayden Okafor\\a b.pdf'",
        "\\\\oakhurst-server\\share\\x",
        "file:///home/mquintero/a.pdf and file://oakhurst/b",
        "~/oakhurst/x.txt",
        "path=/srv/oakhurst/profiles/x",
        "signed in as mquintero on LAB-MAC-07",
        "Host lab-mac-07.school.example, account Marisol Quintero.",
        "mail of m.okafor@oakhurst.example",
        "peer 10.4.3.2 and 3c:22:fb:01:02:03",
        "at 2026-03-02T10:00:00+05:30 and D:20260302100000+05'30'",
        "key " + "ab" * 32,
    ],
)
def test_what_names_somebody_goes(text: str) -> None:
    told = redacted(text, MACHINE)
    assert not [each for each in (*TELLING, "abab", "3c:22") if each.lower() in told.lower()], told
    assert told != text


@pytest.mark.parametrize(
    "text",
    [
        "Sync ended after 3 pages, 2/3 done",
        "submission 0196f2c1-7a30-7000-8000-00000000aa01: set aside",
        "GET /[path] -> 503",
        "http://127.0.0.1/[path]",
        'File "assessor_app/ui/tasks.py", line 12, in run',
        "LibreOffice 7.4, ratio 1:2, 50 %/min",
        "2026-03-02 10:00:00,123 INFO assessor_app.sync said",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert redacted(text, MACHINE) == text


@pytest.mark.parametrize(
    ("name", "told"),
    [("Eva", "[account] evaluates"), ("Al", "al evaluates"), (" eva ", "[account] evaluates")],
)
def test_a_name_of_three_letters_goes_and_a_shorter_one_is_a_word_like_others(name: str, told: str) -> None:
    text = f"{name.strip().lower()} evaluates"
    assert redacted(text, Machine((name,))) == told


def test_a_traceback_keeps_places_and_kinds_alone() -> None:
    try:
        try:
            raise KeyError("Marisol Quintero: Rechenschritte\nof Okafor")
        except KeyError:
            raise ValueError("Marisol Quintero\nwrote Rechenschritte\n\nto Okafor") from None
    except ValueError:
        told = redacted_crash(traceback.format_exc() + "\nafterwards", MACHINE)
    assert not [each for each in TELLING if each in told], told
    assert 'File "tests/unit/privacy/test_free_text.py", line' in told
    assert re.search(r"ValueError: \[\d+ characters left out\]", told)
    try:
        Path("/home/mquintero/x").read_bytes()
    except OSError:
        told = redacted_crash(traceback.format_exc(), MACHINE)
    assert "FileNotFoundError: [Errno 2] No such file or directory" in told
    assert "mquintero" not in told


def test_what_faulthandler_writes_keeps_its_frames(tmp_path: Path) -> None:
    with (tmp_path / "crash").open("w+") as file:
        faulthandler.dump_traceback(file, all_threads=False)
        file.seek(0)
        raw = file.read()
    told = redacted_crash(raw.replace(str(Path.cwd()), "/home/mquintero/app"), MACHINE)
    assert 'File "tests/unit/privacy/test_free_text.py", line' in told
    assert "mquintero" not in told
    assert str(Path.cwd()) not in told
    assert "(most recent call first):" in told
    assert len(told.splitlines()) == len(raw.splitlines())


def test_lines_of_an_exception_group_are_kept_without_their_words() -> None:
    out = io.StringIO()
    try:
        raise ExceptionGroup("Okafor", [ValueError("Marisol Quintero"), TypeError("Rechenschritte")])
    except ExceptionGroup:
        traceback.print_exc(file=out)
    told = redacted_crash(out.getvalue(), MACHINE)
    assert "Okafor" not in told
    assert "Rechenschritte" not in told
