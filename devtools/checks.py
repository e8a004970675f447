"""`dev.py test`: every check in its share of the time, all of them even when one fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from devtools import left_running, secret_scan
from devtools.places import Places

SECRETS_VARIABLE = "ASSESSOR_TEST_SECRETS"
"""Tells the tests where to note the secrets that they use; see `tests/noting_secrets.py`."""
VERY_LONG_S = 60
"""A test that took so long is named at the end."""
MOST_SAID = 300
"""Characters of what a failed test said that are repeated at the end."""
NO_TESTS_COLLECTED = 5
"""pytest's exit status when a folder has no test that was asked for: not a failure here."""


@dataclass(frozen=True, slots=True)
class Share:
    """One share of the time that the whole command may take on two cores.

    Attributes:
        name: as printed in the table.
        budget_min: minutes it may take; being over is said and does not fail.
        places: folders and files of tests, relative to the checkout, without what another share names below
            them; empty for set-up and lint.
        measures_coverage: whether the modules that must stay fully covered are measured.
        processes: how many run the tests side by side.
        spread: how they are spread over the processes: `loadfile` keeps those of one file together, as
            windows and children like it; `worksteal` keeps nobody waiting behind one long test.
    """

    name: str
    budget_min: float
    places: tuple[str, ...] = ()
    measures_coverage: bool = False
    processes: int = 2
    spread: str = "loadfile"


SET_UP = Share("set-up", 0.45)
LINT = Share("lint and types", 0.45)
TEST_SHARES = (
    # Measuring costs more than half as much again: these alone look at what must stay fully covered.
    Share(
        "unit",
        0.85,
        (
            *(f"tests/unit/{name}" for name in ("calibration", "domain", "privacy", "rubric", "sync")),
            *(f"tests/unit/cache/test_{name}.py" for name in ("outbox", "outbox_model", "search")),
        ),
        measures_coverage=True,
        spread="load",
    ),
    Share("contract", 1.4, ("tests/contract", "tests/migrations", "tests/unit"), spread="load"),
    Share("ui", 3.5, ("tests/ui",)),
    # The tour and the attacks wait for windows, servers and children half of their time: three at once.
    Share(
        "faults", 4.0, ("tests/attacks", "tests/faults", "tests/integration"), processes=3, spread="worksteal"
    ),
)
LINTED = ("assessor_app", "reference_platform", "attacks", "benchmarks", "devtools", "tests", "dev.py")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tests ended how.

    Attributes:
        passed: tests that passed.
        failed: tests that failed or could not be run; a crash of the run counts as one.
        skipped: tests that said why they cannot run here.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one share came to.

    Attributes:
        share: which one.
        seconds: how long it took.
        broken: the checks in it that failed, as a person would name them.
        counts: the tests in it.
    """

    share: Share
    seconds: float
    broken: tuple[str, ...] = ()
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked `dev.py test` for.

    Attributes:
        only: names of the shares to run; empty for all.
        large: run the tests marked heavy too.
        pytest_arguments: passed on to pytest as they are.
    """

    only: tuple[str, ...] = ()
    large: bool = False
    pytest_arguments: tuple[str, ...] = ()


def run_all(places: Places, set_up_s: float, wish: Wish) -> int:
    """Run the shares one after the other and print what each came to.

    They run one by one: two at once would make each share's minutes depend on the other.

    Returns:
        The exit status: 0 only when nothing failed and at least one check ran.
    """
    outcomes = [Outcome(SET_UP, set_up_s)]
    for folder in (_logs_of(places), _secrets_of(places)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for share in TEST_SHARES:
        _report_of(places, share).unlink(missing_ok=True)
    if not wish.only or LINT.name.split()[0] in wish.only:
        outcomes.append(_run_lint(places, tests_follow=not wish.only))
    for share in TEST_SHARES:
        if not wish.only or share.name in wish.only:
            outcomes.append(_run_tests(places, share, wish))
    print(table_of_shares(outcomes))
    broken = [check for outcome in outcomes for check in outcome.broken]
    broken += secret_scan.report(_logs_of(places), _secrets_of(places))
    counts = sum((outcome.counts for outcome in outcomes), Counts())
    if not broken and wish.pytest_arguments and counts == Counts():
        broken.append("no test fits the arguments")
    for share in TEST_SHARES:
        for line in remarkable_in(_report_of(places, share)):
            print(line)
    if broken:
        print("FAILED: " + ", ".join(broken))
    print(closing_line(counts), flush=True)
    return 1 if broken else 0


def table_of_shares(outcomes: Sequence[Outcome]) -> str:
    """The minutes that each share used beside its budget, and which is over."""
    lines = ["", f"{'share':<16}{'minutes':>8}{'budget':>8}"]
    for outcome in outcomes:
        used_min = outcome.seconds / 60
        budget_min = outcome.share.budget_min
        note = f"  over by {used_min - budget_min:.2f}" if used_min > budget_min else ""
        failed = "  failed" if outcome.broken else ""
        lines.append(f"{outcome.share.name:<16}{used_min:>8.2f}{budget_min:>8.2f}{note}{failed}")
    total_min = sum(outcome.seconds for outcome in outcomes) / 60
    total_budget_min = sum(outcome.share.budget_min for outcome in outcomes)
    lines.append(f"{'together':<16}{total_min:>8.2f}{total_budget_min:>8.2f}")
    return "\n".join(lines)


def closing_line(counts: Counts) -> str:
    """The plain last line that a build server looks for."""
    line = f"{counts.passed} passed, {counts.failed} failed"
    return line + (f", {counts.skipped} skipped" if counts.skipped else "")


def lint_commands(places: Places) -> list[tuple[str, list[str]]]:
    """Each lint and type check with the name that a person would give it, for what exists."""
    python = str(places.python)
    present = [name for name in LINTED if (places.root / name).exists()]
    with_python = [name for name in present if name.endswith(".py") or _has_python(places.root / name)]
    commands = [
        ("formatter check", [python, "-m", "ruff", "format", "--check", *present]),
        ("linter", [python, "-m", "ruff", "check", *present]),
        ("types", [python, "-m", "mypy", *with_python]),
        ("import rules", [str(places.python.with_name("lint-imports"))]),
    ]
    if (places.root / "reference_platform" / "__main__.py").exists():
        check = [python, "-m", "reference_platform", "openapi", "--check"]
        commands.append(("resources/platform-api.json", check))
    return commands


def _has_python(folder: Path) -> bool:
    """Whether a folder holds a Python file: mypy calls it an error when there is none."""
    return next(folder.rglob("*.py"), None) is not None


def _run_lint(places: Places, *, tests_follow: bool) -> Outcome:
    """Formatter, linter, types, import rules and the platform's description, all of them."""
    started_s = time.perf_counter()
    broken = []
    # The types keep one processor busy. On the other the tests are compiled meanwhile, which each process
    # that runs them would do for itself.
    compiling = _begin_to_compile(places) if tests_follow else None
    for name, command in lint_commands(places):
        print(f"\n== {name}", flush=True)
        if subprocess.run(command, cwd=places.root, check=False).returncode != 0:
            broken.append(name)
    if compiling is not None:
        compiling.wait()
    return Outcome(LINT, time.perf_counter() - started_s, tuple(broken))


def _begin_to_compile(places: Places) -> subprocess.Popen[bytes]:
    """Collect the tests and throw the list away; what is wrong with one is said when it is run."""
    command = [str(places.python), "-m", "pytest", "tests", "--collect-only", "-q", "-p", "no:cacheprovider"]
    return subprocess.Popen(
        command,
        cwd=places.root,
        env=environment_of_tests(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def pytest_command(places: Places, share: Share, wish: Wish, report: Path) -> list[str]:
    """The pytest call of one share."""
    present = [place for place in share.places if (places.root / place).exists()]
    command = [str(places.python), "-m", "pytest", *present, f"--junitxml={report}"]
    command += [f"--ignore={place}" for place in left_out(share)]
    command += ["-q", "--durations=5", "--durations-min=1", "-o", f"log_file={_log_of(places, share)}"]
    # Several processes write one file: what one has written is not to be lost to another.
    command += ["-o", "log_file_mode=a"]
    command += ["-m", "" if wish.large else "not heavy"]
    if share.processes > 1 and not wish.pytest_arguments:
        command += ["-n", str(share.processes), "--dist", share.spread]
    if share.measures_coverage and not wish.pytest_arguments:
        # Part of the tests cannot cover all of a module, so only whole runs are measured.
        command += ["--cov", "--cov-config=pyproject.toml"]
    return command + list(wish.pytest_arguments)


def left_out(share: Share) -> list[str]:
    """What lies in a share's folders and belongs to another share."""
    others = [place for other in TEST_SHARES if other is not share for place in other.places]
    return [place for place in others if any(place.startswith(f"{own}/") for own in share.places)]


def _report_of(places: Places, share: Share) -> Path:
    """What pytest writes down of a share, in JUnit's format."""
    return places.build / f"tests-{share.name}.xml"


def _log_of(places: Places, share: Share) -> Path:
    """Where the tests of a share write what the program logged."""
    return _logs_of(places) / f"{share.name}.log"


def _logs_of(places: Places) -> Path:
    """Where everything lies that the program logged under the tests, at DEBUG."""
    return places.build / "test-logs"


def _secrets_of(places: Places) -> Path:
    """Where the tests note the secrets that must not stand in it."""
    return places.build / "test-secrets"


def environment_of_tests() -> dict[str, str]:
    """What the tests and the hundreds of children that they start find around them.

    Byte code is kept even where the machine says otherwise: each child would compile the program anew.
    """
    environ = dict(os.environ) | {"PYTHONFAULTHANDLER": "1"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ


def _run_tests(places: Places, share: Share, wish: Wish) -> Outcome:
    """Run one share's tests; a folder without tests is no failure, a crash is one."""
    started_s = time.perf_counter()
    if not any((places.root / place).exists() for place in share.places):
        return Outcome(share, 0.0)
    print(f"\n== {share.name} tests", flush=True)
    report = _report_of(places, share)
    report.parent.mkdir(exist_ok=True)
    command = pytest_command(places, share, wish, report)
    environ = environment_of_tests() | {SECRETS_VARIABLE: str(_secrets_of(places))}
    status = subprocess.run(command, cwd=places.root, env=environ, check=False).returncode
    for line in left_running.end_all(SECRETS_VARIABLE, str(_secrets_of(places))):
        print(line)
    counts = counts_in(report)
    if counts is None:
        print(f"The {share.name} tests died before their end, with status {status}.")
        counts = Counts(failed=1)
    ended_well = status in (0, NO_TESTS_COLLECTED) and not counts.failed
    broken = () if ended_well else (f"{share.name} tests",)
    return Outcome(share, time.perf_counter() - started_s, broken, counts)


def counts_in(report: Path) -> Counts | None:
    """The totals of a JUnit report; None when pytest did not live to write it."""
    try:
        suites = list(ET.parse(report).getroot().iter("testsuite"))
    except (OSError, ET.ParseError):
        return None
    total = Counts()
    for suite in suites:
        numbers = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
        failed = numbers["failures"] + numbers["errors"]
        total += Counts(numbers["tests"] - failed - numbers["skipped"], failed, numbers["skipped"])
    return total


def remarkable_in(report: Path) -> list[str]:
    """A line for each test that failed and for each that took very long, for the end of a long output.

    Args:
        report: of one share, in JUnit's format; none gives no lines.
    """
    try:
        cases = list(ET.parse(report).getroot().iter("testcase"))
    except (OSError, ET.ParseError):
        return []
    lines = []
    for case in cases:
        name = f"{case.get('classname')}::{case.get('name')}"
        seconds = float(case.get("time", "0"))
        for trouble in (*case.findall("failure"), *case.findall("error")):
            said = " ".join(trouble.get("message", "").split())
            lines.append(f"{trouble.tag}, {seconds:.0f} s: {name}: {said[:MOST_SAID]}")
        if seconds >= VERY_LONG_S:
            lines.append(f"very long, {seconds:.0f} s: {name}")
    return lines
