"""The command line: options, the user's own files as evidence, clear refusals, and a quiet end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
import requests

from assessor_app import cli
from assessor_app.domain.roles import Role
from assessor_app.services import doctor, doctor_report
from assessor_app.services.versions import versions
from reference_platform.platform import Platform
from tests.builders import FakeClock
from tests.contract.running import Client, MovedClock, Running
from tests.evidence_files import text_pdf

ROOT = Path(__file__).resolve().parents[2]
OWN = "Your own files"
PATIENCE_S = 60.0


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "assessor_app", *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until(look: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < end, "it took too long"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            raise AssertionError(f"it ended: {process.communicate()}")


@contextlib.contextmanager
def left_pipe() -> Iterator[int]:
    """A pipe to write to whose reader has left, as `head` does."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        yield writer
    finally:
        os.close(writer)


@pytest.fixture
def ended() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that are gone after the test, with everything that they started."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def answers(origin: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(origin + "/health", timeout=2).status_code == 200
    return False


def test_the_options_of_the_demo(tmp_path: Path) -> None:
    chosen = cli._parser().parse_args(
        ["demo", "--as", "approver", "--evidence", "mine", "--fresh", "--tour", "out", "--data", "there"]
    )
    assert (chosen.command, chosen.role, chosen.fresh) == ("demo", "approver", True)
    assert (chosen.evidence, chosen.tour, chosen.data) == (Path("mine"), Path("out"), Path("there"))
    plain = cli._parser().parse_args(["demo"])
    assert (plain.role, plain.evidence, plain.fresh, plain.tour) == (Role.ASSESSOR.value, None, False, None)
    with pytest.raises(SystemExit):
        cli._parser().parse_args(["demo", "--as", "learner"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--evidence", "{}/nowhere"], "There is no such folder."),
        (["--evidence", "{}/file"], "There is no such folder."),
        (["--evidence", "{}/empty"], "The folder is empty."),
        (["--data", "{}/documents"], "The demo's data need a folder of their own."),
        (["--data", "{}/documents", "--fresh"], "The demo's data need a folder of their own."),
        (["--data", "{}/documents", "--tour", "{}/out"], "The demo's data need a folder of their own."),
    ],
)
def test_a_folder_that_will_not_do_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    for name in ("empty", "documents"):
        (tmp_path / name).mkdir()
    (tmp_path / "empty" / ".hidden").write_text("x")
    (tmp_path / "file").write_text("x")
    (tmp_path / "documents" / "letter.txt").write_text("mine")
    status = cli.main(["demo", *[argument.format(tmp_path) for argument in arguments]])
    assert status == 1
    assert capsys.readouterr().err.startswith(sentence)
    assert (tmp_path / "documents" / "letter.txt").read_text() == "mine"
    assert not (tmp_path / "out").exists()


def test_own_files_become_one_more_submission(tmp_path: Path, ended: list[subprocess.Popen[str]]) -> None:
    own, data = tmp_path / "own", tmp_path / "demo"
    own.mkdir()
    (own / "lesson.pdf").write_bytes(text_pdf("A lesson", "Its end"))
    (own / "notes.txt").write_text("What the class said.")
    demo = start("demo", "--evidence", str(own), "--data", str(data))
    ended.append(demo)
    wait_until((data / "demo.json").exists, demo)
    origin = f"http://127.0.0.1:{json.loads((data / 'demo.json').read_text())['port']}"
    wait_until(lambda: answers(origin), demo)
    served = Running(origin, cast(Platform, None), MovedClock())
    tokens = served.tokens("demo-assessor")
    changes, _ = Client(origin, tokens["access_token"]).changes()
    titles = [change["data"].get("title") for change in changes if change["type"] == "submission"]
    assert titles.count(OWN) == 1
    assert len(titles) > 10
    # Ctrl+C in a terminal reaches everybody; all end, quietly.
    wait_until(lambda: any((data / "workstation" / "profiles").glob("*/evidence/*")), demo)
    os.killpg(demo.pid, signal.SIGINT)
    _, said = demo.communicate(timeout=30)
    assert (demo.returncode, said) == (0, "")
    assert not answers(origin)


def test_a_normal_end_says_nothing(tmp_path: Path, ended: list[subprocess.Popen[str]]) -> None:
    app = start(
        *("--data", str(tmp_path / "data"), "--platform", "http://127.0.0.1:9"),
        ASSESSOR_PASSPHRASE="correct horse battery",
    )
    ended.append(app)
    wait_until(lambda: any((tmp_path / "data" / "profiles").glob("*/store.db-wal")), app)
    app.terminate()
    out, said = app.communicate(timeout=20)
    assert (app.returncode, out, said) == (0, "", "")
    assert (tmp_path / "data" / "logs").is_dir()


@pytest.mark.parametrize(
    ("arguments", "is_shared", "status"),
    [
        (["assessor_app", "--help"], False, 0),
        (["assessor_app", "inspect", "README.md", "LICENSE", "--json"], False, 0),
        (["assessor_app", "rubric", "check", "README.md"], True, 1),
        (["reference_platform", "--help"], False, 0),
        (["reference_platform", "openapi"], False, 0),
        (["reference_platform", "admin", "erase", "EX-1", "--data", "not-there"], True, 1),
    ],
)
def test_a_reader_who_has_seen_enough_is_no_error(
    arguments: list[str], is_shared: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A buffer that is left over is written by the interpreter at its very end.
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    with left_pipe() as pipe:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            stdout=pipe,
            stderr=pipe if is_shared else subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    assert (done.returncode, done.stderr or "") == (status, "")


def test_the_doctor_answers_the_same_when_nobody_reads_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    found = doctor.Examination(FakeClock().now(), (), versions(), None)
    monkeypatch.setattr(doctor, "examine", lambda *_args, **_more: found)
    for form in ([], ["--json"]):
        with left_pipe() as pipe, open(os.dup(pipe), "w", encoding="utf-8") as output:
            monkeypatch.setattr(sys, "stdout", output)
            assert cli.main(["doctor", *form]) == doctor_report.STATUS[found.grade]


def test_without_an_account_it_stays_and_asks(tmp_path: Path, ended: list[subprocess.Popen[str]]) -> None:
    app = start("--data", str(tmp_path / "data"))
    ended.append(app)
    wait_until(lambda: (tmp_path / "data" / "profiles").is_dir(), app)
    assert not list((tmp_path / "data" / "profiles").iterdir())
    assert app.poll() is None
    app.kill()
    app.communicate(timeout=20)


def test_an_account_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    app = start("--data", str(tmp_path / "data"), "--profile", "nobody@nowhere")
    _, said = app.communicate(timeout=20)
    assert app.returncode == 1
    assert said.startswith("There is no such account on this computer. ")
    assert "start without --profile" in said


def test_a_second_start_of_an_open_account_ends_at_once(
    tmp_path: Path, ended: list[subprocess.Popen[str]]
) -> None:
    wanted = ("--data", str(tmp_path / "data"), "--platform", "http://127.0.0.1:9")
    first = start(*wanted, ASSESSOR_PASSPHRASE="correct horse battery")
    ended.append(first)
    wait_until(lambda: any((tmp_path / "data" / "profiles").glob("*/store.db-wal")), first)
    second = start(*wanted)
    _, said = second.communicate(timeout=20)
    assert second.returncode == 0
    assert said.startswith("The workstation is already open")


def test_the_installed_command_starts_the_program() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for target in project["gui-scripts"].values():
        module, _, name = target.partition(":")
        # As the script that an installation writes.
        script = f"import sys; from {module} import {name}; sys.argv[0] = 'x'; sys.exit({name}())"
        done = subprocess.run(
            [sys.executable, "-c", script, "doctor", "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "doctor" in done.stdout
