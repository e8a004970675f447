"""The table of layers holds, the rules bite, and imports hide nowhere."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

IMPORTS_IN_FUNCTIONS = {
    "assessor_app/__main__.py": "spawned children import it again, so nothing may load at its top",
    "assessor_app/app.py": "before the first paint only PySide6, sqlcipher3 and key access may load",
    "assessor_app/diagnostics.py": "what rotates the log loads with the first line, which a start rarely has",
    "assessor_app/single_instance.py": "QtNetwork loads when the first window is there",
    "assessor_app/ui/announce.py": "its classes load with the first change of state that is told",
    "assessor_app/ui/screen_lock.py": "QtDBus is missing where the desktop has no D-Bus",
    "assessor_app/ui/main_window.py": "key sheet, palette and bug dialog load when they are asked for",
    "assessor_app/desk/accounts.py": "the list of accounts, and leaving one, load when they are asked for",
    "assessor_app/desk/desk.py": "everything that imports models and HTTP loads behind the first paint",
    "assessor_app/desk/opening.py": "the lane that opens the store loads what the start left out",
    "assessor_app/desk/support.py": "the page of what is going on and the report load when asked for",
    "assessor_app/desk/reporting.py": "a lead's page loads when the desk has opened",
    "assessor_app/desk/unlocking.py": "a page that asks for a key loads when it has to be shown",
    "assessor_app/ui/icons.py": "QtSvg loads with the first icon",
    "assessor_app/desk/way.py": "what opens a browser loads when somebody signs in",
    "assessor_app/tour/assessor_steps.py": "the workspaces load when the desk has opened",
    "assessor_app/tour/approver_steps.py": "the workspaces load when the desk has opened",
    "assessor_app/tour/lead_steps.py": "the lead's page loads when the desk has opened",
    "assessor_app/tour/pre_assessor_steps.py": "the workspaces load when the desk has opened",
    "assessor_app/config.py": "plistlib, winreg and the system's own folders serve some starts and cost all",
    "assessor_app/services/doctor.py": "stores and HTTP load where there is an account or a platform to try",
    "assessor_app/cli.py": "each command loads only what it needs: a start counts in milliseconds",
    "assessor_app/vault/keychain.py": "keyring takes 80 ms to import and a passphrase profile never needs it",
    "assessor_app/vault/key_file.py": "a profile's status and a key in the keychain need no cipher",
    "assessor_app/vault/sealed_header.py": "the ciphers load with the first evidence, not before the paint",
    "assessor_app/documents/worker_start.py": "the parent names it as the child's target and loads no parser",
    "assessor_app/ui/viewers/media/probe_start.py": "the parent names it as the child's entry, no player",
    "assessor_app/ui/viewers/media/playing.py": "Qt Multimedia loads with the first recording",
    "assessor_app/documents/worker_pictures.py": "HEIC is rare, and a child must start quickly",
    "assessor_app/cache/migrate.py": "SQLAlchemy and Alembic load only when a schema is behind",
    "assessor_app/vault/durable.py": "fcntl exists on POSIX alone",
    "reference_platform/__main__.py": "each command loads only what it needs",
    "reference_platform/migrate.py": "Alembic loads only where a schema is made or checked",
    "devtools/environment.py": "fcntl and msvcrt exist on one system each",
}
"""The only files with imports inside functions, each with the reason that start-up gives."""

ROOMS = (
    *("ui", "services", "sync", "documents", "cache", "vault", "privacy"),
    *("calibration", "rubric", "domain", "tour"),
)

STANDARD_LIBRARY_ONLY = ("domain", "rubric", "privacy", "calibration")
"""Packages that stay pure: they import nothing that must be installed."""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import rules of `folder/pyproject.toml` on the packages beside it."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_table_of_layers_holds() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """Two packages with every room of ours, empty, under our own rules."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    packages = [tmp_path / "assessor_app" / room for room in ROOMS]
    for package in [tmp_path / "assessor_app", tmp_path / "reference_platform", *packages]:
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text("")
    for module in ("errors", "clock", "app", "cli", "sync/protocol", "cache/outbox", "ui/inbox"):
        (tmp_path / "assessor_app" / f"{module}.py").write_text("")
    return tmp_path


def test_an_empty_house_breaks_no_rule(small_house: Path) -> None:
    done = lint(small_house)
    assert done.returncode == 0, done.stdout + done.stderr


VIOLATIONS = [
    ("assessor_app.domain.a", "import assessor_app.cache.outbox", "Lower layers never"),
    ("assessor_app.cache.b", "import assessor_app.sync.protocol", "Lower layers never"),
    ("assessor_app.documents.c", "import assessor_app.sync.protocol", "Lower layers never"),
    ("assessor_app.errors", "import assessor_app.domain", "Lower layers never"),
    ("assessor_app.services.d", "def f():\n    import assessor_app.ui.inbox", "Lower layers never"),
    ("assessor_app.documents.e", "import assessor_app.cache.outbox", "documents imports"),
    ("assessor_app.ui.f", "import assessor_app.cache.outbox", "ui imports"),
    ("assessor_app.sync.g", "import assessor_app.vault", "sync imports"),
    ("assessor_app.cache.h", "import assessor_app.privacy", "cache imports"),
    ("assessor_app.vault.i", "import assessor_app.rubric", "vault and privacy"),
    ("assessor_app.privacy.j", "import assessor_app.rubric", "vault and privacy"),
    ("assessor_app.app", "import reference_platform", "The app never imports"),
    ("reference_platform.k", "import assessor_app.clock", "The reference platform takes"),
    ("reference_platform.l", "import assessor_app.cache.outbox", "The reference platform takes"),
    ("assessor_app.services.m", "from PySide6.QtCore import QObject", "PySide6 only"),
    ("assessor_app.services.n", "import requests", "requests and pydantic"),
    ("assessor_app.rubric.o", "import pydantic", "requests and pydantic"),
    ("assessor_app.sync.p", "import sqlalchemy.orm", "SQLAlchemy, Alembic"),
    ("assessor_app.cli", "import sqlcipher3", "SQLAlchemy, Alembic"),
    ("assessor_app.ui.q", "import pymupdf", "Strangers' files"),
    ("assessor_app.sync.r", "from lxml import etree", "Strangers' files"),
    ("assessor_app.cache.s", "import cryptography.hazmat", "Keys and ciphers"),
]


def broken_rules(output: str) -> dict[str, str]:
    """The name of each broken rule with what was said about it."""
    lines = output.partition("Broken contracts")[2].splitlines()
    starts = [at for at, line in enumerate(lines) if at and set(line) == {"-"} and lines[at - 1]]
    ends = [start - 1 for start in starts[1:]] + [len(lines)]
    return {lines[s - 1]: "\n".join(lines[s:e]) for s, e in zip(starts, ends, strict=True)}


def test_each_rule_bites(small_house: Path) -> None:
    for module, text, _ in VIOLATIONS:
        (small_house / (module.replace(".", "/") + ".py")).write_text(text + "\n", "utf-8")
    done = lint(small_house)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = broken_rules(done.stdout)
    missed = [
        (module, rule)
        for module, _, rule in VIOLATIONS
        if not any(name.startswith(rule) and f"{module} -> " in said for name, said in broken.items())
    ]
    assert not missed, done.stdout


def test_a_package_that_the_table_does_not_name_bites(small_house: Path) -> None:
    (small_house / "assessor_app/new_room.py").write_text("")
    assert "new_room" in lint(small_house).stdout


def test_a_cycle_bites(small_house: Path) -> None:
    (small_house / "assessor_app/ui/a.py").write_text("import assessor_app.ui.b\n")
    (small_house / "assessor_app/ui/b.py").write_text("import assessor_app.ui.a\n")
    done = lint(small_house)
    assert "No cycles BROKEN" in done.stdout, done.stdout


ALLOWED = [
    ("assessor_app/ui/a.py", "from PySide6.QtWidgets import QWidget\nimport assessor_app.services"),
    ("assessor_app/app.py", "import PySide6\nimport assessor_app.cache.outbox\nimport assessor_app.ui.inbox"),
    ("assessor_app/sync/a.py", "import requests, pydantic\nimport assessor_app.cache.outbox"),
    ("assessor_app/documents/a.py", "import pymupdf, PIL\nimport assessor_app.vault, assessor_app.privacy"),
    (
        "assessor_app/cache/a.py",
        "import sqlalchemy, sqlcipher3\nimport assessor_app.rubric, assessor_app.vault",
    ),
    (
        "assessor_app/vault/a.py",
        "import keyring, cryptography\nimport assessor_app.domain, assessor_app.clock",
    ),
    ("reference_platform/a.py", "import sqlalchemy, pydantic, pymupdf\nimport assessor_app.sync.protocol"),
]


def test_what_the_table_allows_is_allowed(small_house: Path) -> None:
    for file, text in ALLOWED:
        (small_house / file).write_text(text + "\n", "utf-8")
    done = lint(small_house)
    assert done.returncode == 0, done.stdout


def python_files(*names: str) -> list[Path]:
    """The project's own Python files below these places."""
    found = []
    for name in names:
        place = ROOT / name
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    return found


def imports_in_functions(source: str) -> list[int]:
    """Lines of the imports that run only when a function is called."""
    lines = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            lines += [node.lineno for node in inside]
    return sorted(set(lines))


def test_imports_hide_only_in_the_listed_places() -> None:
    hidden = {}
    for file in python_files("assessor_app", "reference_platform", "devtools", "dev.py"):
        name = file.relative_to(ROOT).as_posix()
        lines = imports_in_functions(file.read_text("utf-8"))
        if lines and name not in IMPORTS_IN_FUNCTIONS:
            hidden[name] = lines
    assert not hidden


def test_a_hidden_import_is_seen() -> None:
    source = (
        "import os\nclass A:\n    async def f(self):\n        if self:\n            from json import dumps\n"
    )
    assert imports_in_functions(source) == [5]


def installed_imports(source: str) -> set[str]:
    """Top-level names that a file imports and that Python does not bring."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names - sys.stdlib_module_names - {"assessor_app"}


def test_the_pure_packages_import_the_standard_library_alone() -> None:
    folders = [f"assessor_app/{package}" for package in STANDARD_LIBRARY_ONLY]
    found = {
        file.relative_to(ROOT).as_posix(): names
        for file in python_files(*folders, "assessor_app/errors.py", "assessor_app/clock.py")
        if (names := installed_imports(file.read_text("utf-8")))
    }
    assert not found
    assert installed_imports("import os.path\nfrom numpy.linalg import norm\n") == {"numpy"}


def test_the_bottom_row_needs_nothing_but_platformdirs() -> None:
    config = ROOT / "assessor_app/config.py"
    assert not config.exists() or installed_imports(config.read_text("utf-8")) <= {"platformdirs"}
