"""The one door: what it says when it cannot go on, and that a half-made environment is never used."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import CacheStats

from devtools import checks, commands, environment, system_libraries
from devtools.places import Places
from devtools.stop import Stop
from tests.longest_first import spread

ROOT = Path(__file__).resolve().parents[2]


def test_dev_py_is_parsed_by_old_pythons() -> None:
    source = (ROOT / "dev.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    assert not any(isinstance(node, ast.JoinedStr | ast.AnnAssign) for node in ast.walk(tree))
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    check = next(node for node in tree.body if isinstance(node, ast.If))
    early = [node for node in imports if node.lineno < check.lineno]
    assert [ast.unparse(node) for node in early] == ["import sys"]


def test_an_old_python_gets_one_sentence() -> None:
    script = (
        "import sys, runpy\n"
        "sys.version_info = (3, 9, 2, 'final', 0)\n"
        f"runpy.run_path({str(ROOT / 'dev.py')!r}, run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("This needs Python 3.11 or later, and this is Python 3.9:")
    assert len(done.stderr.splitlines()) == 1


def test_dev_py_and_devtools_import_the_standard_library_alone() -> None:
    for file in [ROOT / "dev.py", *(ROOT / "devtools").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign = {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"devtools"}
            assert not foreign, file


# ---- what pip says, and what the person reads


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for alembic==1.20.1",
            "cannot be reached",
        ),
        (
            "WARNING: ... after connection broken by 'SSLError(SSLCertVerificationError(1, "
            "'[SSL: CERTIFICATE_VERIFY_FAILED]'))': /simple\nERROR: No matching distribution found for x==1",
            "certificate was not accepted",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "checksum differs"),
        ("ERROR: Wheel 'x' located at /tmp/x.whl is invalid.", "is damaged"),
        (
            "ERROR: No matching distribution found for pyside6==6.11.3",
            "No ready-made build of pyside6==6.11.3",
        ),
        ("PermissionError: [WinError 5] Access is denied: '.venv'", "could not be written"),
        ("something new\n", "it said: something new"),
    ],
)
def test_each_trouble_has_its_sentence(said: str, sentence: str) -> None:
    assert sentence in environment.pip_trouble(said)


@pytest.fixture
def scratch(tmp_path: Path) -> Places:
    """A checkout with one library in its lock, which is one small file of its own making."""
    return Places(tmp_path)


def make_wheel(folder: Path, name: str, *, breaks: bool = False) -> str:
    """Write a small wheel; returns its line for the lock.

    Args:
        folder: where the wheel is written.
        name: of the library, which holds one module of that name.
        breaks: write a file that is no wheel at all.
    """
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr(f"{name}.py", "answer = 42\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    if breaks:
        file.write_bytes(b"<html>sign in to the guest network</html>")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


@pytest.fixture
def own_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels, which pip's configuration names as its only source."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def answers(places: Places, module: str) -> bool:
    """Whether the environment has the module."""
    done = subprocess.run([places.python, "-c", f"import {module}"], capture_output=True, check=False)
    return done.returncode == 0


def test_a_set_up_is_made_once_and_follows_the_lock(scratch: Places, own_index: Path) -> None:
    first, second = make_wheel(own_index, "library_a"), make_wheel(own_index, "library_b")
    scratch.lock.write_text(first, "utf-8")
    environment.ensure_environment(scratch)
    assert answers(scratch, "library_a")
    assert json.loads(scratch.stamp.read_text("utf-8")) == environment.wanted_stamp(scratch)

    marker = scratch.venv / "not-made-anew"
    marker.touch()
    assert environment.ensure_environment(scratch) < 0.5
    assert marker.exists()

    scratch.lock.write_text(second, "utf-8")
    environment.ensure_environment(scratch)
    assert marker.exists()
    assert answers(scratch, "library_b")
    assert not answers(scratch, "library_a"), "a library that the lock no longer names stays"

    scratch.stamp.unlink()
    environment.ensure_environment(scratch)
    assert not marker.exists(), "what an interrupted set-up left was trusted"
    assert answers(scratch, "library_b")

    marker.touch()
    stamp = json.loads(scratch.stamp.read_text("utf-8"))
    scratch.stamp.write_text(json.dumps(stamp | {"folder": "where it was before"}), "utf-8")
    environment.ensure_environment(scratch)
    assert not marker.exists(), "an environment of another place was used"


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [("hash", "checksum differs"), ("wheel", "is damaged"), ("absent", "No ready-made build of library_a")],
)
def test_a_failed_set_up_says_why_and_leaves_no_stamp(
    scratch: Places, own_index: Path, trouble: str, sentence: str
) -> None:
    line = make_wheel(own_index, "library_a", breaks=trouble == "wheel")
    if trouble == "hash":
        line = line[:-9] + "00000000\n"
    if trouble == "absent":
        (own_index / "library_a-1.0-py3-none-any.whl").unlink()
    scratch.lock.write_text(line, "utf-8")
    with pytest.raises(Stop, match=sentence):
        environment.ensure_environment(scratch)
    assert not scratch.stamp.exists()
    assert scratch.log.read_text("utf-8")


def test_without_a_network_there_is_one_sentence(
    scratch: Places, own_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    line = make_wheel(own_index, "library_a")
    (own_index / "library_a-1.0-py3-none-any.whl").unlink()
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    scratch.lock.write_text(line, "utf-8")
    with pytest.raises(Stop, match="cannot be reached"):
        environment.ensure_environment(scratch)


def test_a_full_disk_is_said_before_anything_is_fetched(
    scratch: Places, own_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.lock.write_text(make_wheel(own_index, "library_a"), "utf-8")
    monkeypatch.setattr(environment, "NEEDED_BYTES", 1 << 62)
    with pytest.raises(Stop, match="disk is full"):
        environment.ensure_environment(scratch)
    assert not scratch.venv.exists()


def test_a_python_without_venv_is_said(scratch: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch.lock.write_text("", "utf-8")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Stop, match="without its `venv` module"):
        environment.ensure_environment(scratch)


def test_a_python_with_neither_pip_nor_ensurepip_is_said(
    scratch: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = scratch.root / "python"
    bare.write_text("#!/bin/sh\necho No module named pip >&2\nexit 1\n")
    bare.chmod(0o755)
    monkeypatch.setattr(environment, "_outer_python", lambda: str(bare))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Stop, match="neither pip 22\\.3 or later nor ensurepip"):
        environment._pip_command(scratch)


# ---- system libraries


def test_missing_libraries_are_named_by_package() -> None:
    def only_gl_is_missing(library: str) -> bool:
        return library not in ("libGL.so.1", "libxcb-cursor.so.0")

    missing = system_libraries.missing_packages
    assert missing(windows=False, can_load=only_gl_is_missing) == ["libgl1"]
    assert missing(windows=True, can_load=only_gl_is_missing) == ["libgl1", "libxcb-cursor0"]
    assert not system_libraries.loadable("libno-such-thing.so.9")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux leaves them to the system")
def test_who_is_not_root_reads_the_exact_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\nexit 1\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(system_libraries, "OFFSCREEN", {"libno-such-thing.so.9": "libno-such-thing9"})
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    command = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libno-such-thing9"
    with pytest.raises(Stop) as stop:
        system_libraries.ensure_system_libraries({})
    assert command in str(stop.value)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Stop, match="could not install the system libraries"):
        system_libraries.ensure_system_libraries(dict(os.environ))


@pytest.mark.parametrize(
    ("environ", "platform", "present"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":1"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_where_windows_can_open(environ: dict[str, str], platform: str, present: bool) -> None:
    assert system_libraries.display_present(environ, platform) is present


# ---- commands


def demo(*words: str) -> list[str]:
    """What the workstation is given for a `demo` command line."""
    options = commands._parser().parse_args(["demo", *words])
    return commands.demo_arguments(Places(ROOT), options)


def test_the_demo_without_a_display_is_the_tour(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":7")
    assert demo("--as", "lead", "--fresh") == ["demo", "--as", "lead", "--fresh"]
    assert not capsys.readouterr().out
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert demo() == ["demo", "--tour", str(ROOT / "build/tour")]
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert "offscreen" in capsys.readouterr().out


def test_paths_are_meant_from_where_the_person_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.chdir(tmp_path)
    assert demo("--evidence", "mine", "--data", "d") == [
        *("demo", "--evidence", str(tmp_path / "mine")),
        *("--data", str(tmp_path / "d")),
    ]


# ---- the test command


def outcome(name: str, seconds: float, *broken: str) -> checks.Outcome:
    """A share that took some seconds of a budget of one minute."""
    return checks.Outcome(checks.Share(name, 1.0), seconds, broken)


def test_the_table_says_which_share_is_over() -> None:
    table = checks.table_of_shares([outcome("unit", 30), outcome("ui", 90, "ui tests")]).splitlines()
    assert table[2].split() == ["unit", "0.50", "1.00"]
    assert table[3].split() == ["ui", "1.50", "1.00", "over", "by", "0.50", "failed"]
    assert table[4].split() == ["together", "2.00", "2.00"]


@pytest.fixture
def small_project(tmp_path: Path) -> Places:
    """A checkout with tests only, whose environment is the one that runs this test."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\nmarkers=['heavy: long']\n", "utf-8")
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    for folder in ("unit/domain", "faults"):
        (tmp_path / "tests" / folder).mkdir(parents=True)
    return Places(tmp_path)


def run_tests(places: Places, **wish: object) -> tuple[int, str, str]:
    """Run all test shares; returns the exit status, what was printed before the last line, and that line."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from devtools import checks\n"
        "from devtools.places import Places\n"
        f"wish = checks.Wish(only=('unit', 'contract', 'ui', 'faults'), **{wish!r})\n"
        f"sys.exit(checks.run_all(Places(Path({str(places.root)!r})), 0.0, wish))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    before_last, _, last = done.stdout.strip().rpartition("\n")
    return done.returncode, before_last, last


def test_all_shares_run_and_the_closing_line_adds_them_up(small_project: Places) -> None:
    tests = small_project.root / "tests"
    (tests / "unit/domain/test_a.py").write_text("def test_a():\n    assert False\ndef test_b():\n    pass\n")
    (tests / "faults/test_c.py").write_text(
        "import pytest\ndef test_c():\n    pass\ndef test_d():\n    pytest.skip('no')\n"
        "@pytest.mark.heavy\ndef test_e():\n    pass\n"
    )
    no_coverage = {"pytest_arguments": ("-p", "no:doctest")}
    status, failed, last = run_tests(small_project, **no_coverage)
    assert (status, last) == (1, "2 passed, 1 failed, 1 skipped")
    assert failed.splitlines()[-2:] == [
        "failure, 0 s: tests.unit.domain.test_a::test_a: assert False",
        "FAILED: unit tests",
    ]
    (tests / "unit/domain/test_a.py").write_text("def test_b():\n    pass\n")
    status, _, last = run_tests(small_project, large=True, **no_coverage)
    assert (status, last) == (0, "3 passed, 0 failed, 1 skipped")


def test_a_run_that_dies_is_a_failure(small_project: Places) -> None:
    (small_project.root / "tests/unit/domain/test_a.py").write_text(
        "import os\ndef test_a():\n    os._exit(0)\n"
    )
    status, failed, last = run_tests(small_project, pytest_arguments=("-p", "no:doctest"))
    assert (status, failed.splitlines()[-1], last) == (1, "FAILED: unit tests", "0 passed, 1 failed")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_a_child_that_outlives_the_tests_is_ended_and_named(small_project: Places) -> None:
    (small_project.root / "tests/unit/domain/test_a.py").write_text(
        "import subprocess, sys\ndef test_a():\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],\n"
        "        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "    open('pid', 'w').write(str(child.pid))\n"
    )
    status, before, _ = run_tests(small_project, pytest_arguments=("-p", "no:doctest"))
    pid = int((small_project.root / "pid").read_text())
    assert "time.sleep(600)" in before
    assert status == 0
    with contextlib.suppress(FileNotFoundError):
        # Nobody may have taken note of its end yet.
        assert Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_arguments_that_fit_no_test_fail(small_project: Places) -> None:
    (small_project.root / "tests/unit/domain/test_a.py").write_text("def test_a():\n    pass\n")
    status, failed, last = run_tests(small_project, pytest_arguments=("-k", "nothing_like_it"))
    assert (status, failed.splitlines()[-1]) == (1, "FAILED: no test fits the arguments")
    assert last == "0 passed, 0 failed"


def test_every_test_is_in_one_share() -> None:
    files = [file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("test_*.py")]
    for file in files:
        running = [
            share.name
            for share in checks.TEST_SHARES
            if any(file == place or file.startswith(f"{place}/") for place in share.places)
            and not any(file == place or file.startswith(f"{place}/") for place in checks.left_out(share))
        ]
        assert len(running) == 1, (file, running)
    for share in checks.TEST_SHARES:
        assert all((ROOT / place).exists() for place in share.places), "a place that is no more"


def test_a_share_leaves_out_what_another_names(tmp_path: Path) -> None:
    unmeasured = checks.TEST_SHARES[1]
    command = checks.pytest_command(Places(ROOT), unmeasured, checks.Wish(), tmp_path)
    assert "tests/unit" in command
    assert "--ignore=tests/unit/domain" in command
    assert "tests/unit/domain" not in command


# ---- what every test relies on


def test_no_test_reaches_another_machine(forgiven_attempts: list[str]) -> None:
    with socket.socket() as outward, pytest.raises(PermissionError):
        outward.connect(("192.0.2.1", 80))
    with pytest.raises(PermissionError):
        socket.getaddrinfo("pypi.org", 443)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("platform.invalid", 443)
    assert forgiven_attempts == ["socket.connect 192.0.2.1", "socket.getaddrinfo pypi.org"]


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()


def test_a_statement_is_compiled_once_for_all_databases() -> None:
    query = sa.select(sa.literal("compiled once"))
    hits = []
    for _ in range(2):
        engine = sa.create_engine("sqlite://")
        with engine.connect() as connection:
            found = connection.execute(query)
            hits.append(found.context.cache_hit)
            assert found.scalar() == "compiled once"
        engine.dispose()
    assert hits == [CacheStats.CACHE_MISS, CacheStats.CACHE_HIT]


def test_home_is_a_scratch_folder() -> None:
    assert Path.home().name.startswith("tests-home-")
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen" or "DISPLAY" in os.environ


@pytest.mark.parametrize(("tests", "processes"), [(40, 1), (40, 2), (41, 3), (45, 4)])
def test_each_process_begins_with_its_part_of_the_longest(tests: int, processes: int) -> None:
    longest = [f"long-{number}" for number in range(min(10, tests))]
    others = [f"short-{number}" for number in range(tests - len(longest))]
    order = spread(longest, others, processes)
    assert sorted(order) == sorted([*longest, *others])
    left, runs = list(order), []
    for number in range(processes):
        # As xdist hands them out.
        count = len(left) // (processes - number)
        runs.append(left[:count])
        del left[:count]
    for number, run in enumerate(runs):
        assert run[: len(longest[number::processes])] == longest[number::processes][: len(run)]
