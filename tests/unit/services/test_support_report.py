"""The report for support names nobody and quotes nobody: planted words are looked for in all of it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.cache import incidents, own_words, sync_state
from assessor_app.cache.incidents import Incident
from assessor_app.clock import Clock
from assessor_app.config import Config
from assessor_app.diagnostics import redact
from assessor_app.domain.roles import Role
from assessor_app.privacy.free_text import Machine, redacted
from assessor_app.services import assessing, support_report
from assessor_app.services.context import Context
from assessor_app.services.profiles import find_or_create, rename
from assessor_app.services.support_report import Entry, Sources
from assessor_app.sync import auth
from tests import builders
from tests.builders import FakeClock
from tests.contexts import assess, context_in, give
from tests.stores import DATABASE_KEY, dump

ACCOUNT, OWN, USER, COMPUTER = "hollis.vance", "Hollis Vance", "hvance", "oakhurst-lab-7"
HOME, HOST = "/home/hvance", "assess.oakhurst.example"
TITLE, WORDS, ACCESS = "Fractions of Marisol", "Marisol Quintero counts on", "acc3ss-T0ken.value_x"
REFRESH, NICK = "r3fresh-T0ken.value_y", "School of Hollis"
PLANTED = (ACCOUNT, OWN, USER, COMPUTER, HOME, HOST, TITLE, WORDS, ACCESS, REFRESH, NICK, DATABASE_KEY.hex())
"""What may stand nowhere in a report; `DATABASE_KEY` stands for every key."""


def sieve_of_this_machine(text: str) -> str:
    """As `diagnostics.support_text`, on a computer with telling names."""
    return redact(redacted(text, Machine((USER,), (COMPUTER,), (HOME,))))


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """An open account with all of it in its store, its log and its crash files."""
    clock = FakeClock()
    (tmp_path / "profiles").mkdir()
    profile = find_or_create(tmp_path / "profiles", f"https://{HOST}", ACCOUNT, clock=clock)
    rename(profile.folder, NICK)
    made = context_in(profile.folder, Role.ASSESSOR, clock, origin=f"https://{HOST}")
    submission = replace(builders.submission(), title=TITLE)
    give(made.store, submission)
    assess(made, submission)
    assessing.save_overall(made, submission.id, f"{WORDS} a number line, and says why.")
    assessing.send(made, submission.id)
    other = replace(builders.submission(2), title=TITLE)
    give(made.store, other)
    assessing.save_overall(made, other.id, WORDS)
    with made.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, ACCESS)
        sync_state.set_secret(txn, auth.REFRESH, REFRESH)
        own_words.put(txn, [OWN])
        incidents.note(txn, Incident(clock.now(), "offline", f"{HOST} cannot be reached."))
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "workstation.log").write_text(
        f"INFO Bearer {ACCESS} https://{HOST}/v1/x?sig={REFRESH} for {ACCOUNT}\n"
        f"WARNING {OWN} on {COMPUTER}: {HOME}/Documents/{USER}.txt\nPRAGMA key = x'{DATABASE_KEY.hex()}'\n"
    )
    (logs / "crash-20260302T140200Z-0a.txt").write_text(
        "Current thread 0x0 (most recent call first):\n"
        f'  File "{HOME}/w/assessor_app/app.py", line 3 in run\n'
    )
    yield made
    made.renderer.close()
    made.store.close()


@pytest.fixture
def sources(context: Context) -> Sources:
    data = context.folder.parent.parent
    logs = data / "logs"
    return Sources(
        config=Config(data, logs),
        crashes=(logs / "crash-20260302T140200Z-0a.txt",),
        logs=(logs / "workstation.log",),
        redact=sieve_of_this_machine,
    )


def found_in(entries: tuple[Entry, ...], path: Path) -> set[str]:
    """What of the planted words stands in a report, as it lies on the disk and unpacked."""
    contents = [path.read_bytes()]
    with zipfile.ZipFile(path) as archive:
        contents += [archive.read(name) for name in archive.namelist()]
        assert archive.namelist() == [entry.name for entry in entries]
        assert [archive.read(entry.name).decode() for entry in entries] == [entry.text for entry in entries]
    found = set()
    for word in PLANTED:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            needle = word.encode(encoding).lower()
            if any(needle in content.lower() for content in contents):
                found.add(word)
    return found


def test_nothing_that_was_planted_leaves_with_a_report(
    context: Context, sources: Sources, tmp_path: Path
) -> None:
    stored = str(dump(context.store))
    assert all(word in stored for word in (TITLE, WORDS, ACCESS, REFRESH, OWN)), "nothing was planted"
    told: list[tuple[int, int]] = []
    entries = support_report.gather(context, sources, progress=lambda done, of: told.append((done, of)))
    path = tmp_path / "report.zip"
    assert support_report.write(path, entries) == path.stat().st_size
    assert found_in(entries, path) == set()
    assert told[-1][0] == told[-1][1]
    by_name = {entry.name: entry.text for entry in entries}
    summary = json.loads(by_name["summary.json"])
    submission = str(builders.submission().id)
    assert submission not in "".join(by_name.values())
    assert summary["queue"][0]["kind"] == "recommendation"
    assert re.fullmatch(r"#[0-9a-f]{10}", summary["queue"][0]["submission"])
    assert summary["store"]["rows"]["outbox"] == 1
    assert summary["store"]["revision"] == "0004"
    assert summary["incidents"][0]["sentence"] == "[platform] cannot be reached."
    assert json.loads(by_name["doctor.json"])["safe_to_reimage"] is False
    assert json.loads(by_name["settings.json"])["settings"]["font_scale_percent"] == 100
    assert "queue 1 kind: recommendation" in by_name["summary.txt"]
    assert "assessor_app/app.py" in by_name["crashes/crash-20260302T140200Z-0a.txt"]
    assert "Bearer [token]" in by_name["logs/workstation.log"]


def test_the_search_bites(
    context: Context, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the sieve, each kind of planted word that comes near the report is found in it."""
    monkeypatch.setattr(support_report.Sieve, "text", lambda _, text: text)
    entries = support_report.gather(context, sources)
    path = tmp_path / "report.zip"
    support_report.write(path, entries)
    found = found_in(entries, path)
    assert {ACCOUNT, OWN, USER, COMPUTER, HOME, HOST, ACCESS, REFRESH, DATABASE_KEY.hex()} <= found
    assert TITLE not in found, "titles and words never come near it, sieve or not"
    assert WORDS not in found


def test_numbers_hold_within_one_report_alone(context: Context, sources: Sources) -> None:
    one, other = (support_report.Sieve(replace(context, clock=Clock()), sources) for _ in range(2))
    submission = str(builders.submission().id)
    assert one.text(f"for {submission}") == f"for {one.number(submission)}"
    assert one.number(submission) != other.number(submission)


def test_a_log_that_is_long_keeps_its_end_and_no_half_line(context: Context, sources: Sources) -> None:
    line = "2026-03-02 INFO assessor_app.sync Bearer [token] went through\n"
    sources.logs[0].write_text(line * 6000)
    entries = {entry.name: entry.text for entry in support_report.gather(context, sources)}
    kept = entries["logs/workstation.log"].splitlines()
    assert 1000 < len(kept) < 6000
    assert set(kept) == {line.strip()}


def test_a_damaged_store_still_gives_a_report(context: Context, sources: Sources) -> None:
    said = f"2026-03-02 14:01:00,123 WARNING assessor_app.sync Not for {OWN}\n"
    sources.logs[0].write_text(said + sources.logs[0].read_text())
    path = context.folder / "store.db"
    with context.store.write() as txn:
        txn.erases()  # all of it is in the one file then
    context.store.let_go()
    path.write_bytes(path.read_bytes()[:4096] + bytes(path.stat().st_size - 4096))
    entries = {entry.name: entry.text for entry in support_report.gather(context, sources)}
    assert "damaged" in json.loads(entries["summary.json"])["trouble"]
    told = json.loads(entries["doctor.json"])
    assert told["safe_to_reimage"] is not True
    assert told["status"] == "problem"
    # Her own words lie in the store: nobody knows whom not to name in what was said.
    assert entries["logs/workstation.log"] == "2026-03-02 14:01:00,123 WARNING assessor_app.sync\n"
    assert not [word for word in PLANTED if word in "".join(entries.values())]
