"""The house rules that a linter does not know. Each rule is a function, shown to bite below."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ("assessor_app", "reference_platform", "devtools", "dev.py")
MAX_FILE_LINES, MAX_CLASS_LINES, MAX_FUNCTION_LINES = 500, 300, 60

MAY_READ_JSON_LOOSELY = (
    "assessor_app/json_from_outside.py",
    "assessor_app/cache/*",  # what the program itself wrote into its store
    "assessor_app/services/*",
    "assessor_app/sync/after_sending.py",
    "assessor_app/sync/draft_document.py",
    "assessor_app/sync/rebasing.py",
    "assessor_app/sync/two_sides.py",
    "assessor_app/ui/workspaces/*",  # bodies of rows that wait
    "assessor_app/rubric/refused_place.py",
    "assessor_app/documents/media_probe.py",
    "assessor_app/rubric/json_text.py",  # strict by its own tokens, and says line and column
    "assessor_app/documents/channel.py",  # a child's answer: each field is checked behind it
    "assessor_app/tour/*",
)
OPENERS = ("xdg-open", "gio", "kde-open", "gnome-open", "x-www-browser", "sensible-browser", "rundll32")

Rule = Callable[[str, str], list[str]]
"""Takes a file's path in the project and its text; returns what is wrong, with line numbers."""

MAY_START_PROGRAMS = (
    "assessor_app/tour/*",  # the conductor owns the platform and the app
    "assessor_app/documents/worker_convert.py",  # LibreOffice, below the converter's child
    "reference_platform/*",  # renditions by LibreOffice
    "devtools/*",
)
MAY_HAND_OVER = ("assessor_app/ui/external_links.py",)
"""The one place that hands an address or a file to the system, which may start anything for it."""
MAY_CONNECT = (
    "assessor_app/sync/*",
    "assessor_app/tour/demo.py",  # waits for its own platform
    "reference_platform/*",
    "devtools/*",
)
MAY_ASK_THE_SYSTEM_FOR_TIME = ("assessor_app/clock.py", "reference_platform/clock.py")
MAY_MAKE_SECRETS = ("reference_platform/*",)  # a server's own salts and tokens, which no test fakes
MAY_MEASURE_SECONDS = ("assessor_app/documents/*", "assessor_app/ui/tasks.py", "assessor_app/tour/*")
MAY_START_THREADS = ("assessor_app/ui/tasks.py", "assessor_app/documents/*", "assessor_app/tour/*")
MAY_USE_QLABEL = ("assessor_app/ui/plain_text.py",)
MAY_USE_MESSAGE_BOX = ("assessor_app/ui/error_view.py", "assessor_app/ui/confirm.py")

FORBIDDEN_ON_SCREEN = re.compile(
    r"\b(seeds?|outbox|pins?|pinned|unanchored|traces?|leases?|leased|policy|policies|idempotency|idempotent)\b",
    re.IGNORECASE,
)
OTHER_NAMES_OF_THIS_COMPUTER = re.compile(r"\b(this|your) (device|machine)\b", re.IGNORECASE)


def allowed(path: str, places: tuple[str, ...]) -> bool:
    """Whether a file is one of the places."""
    return any(fnmatch(path, place) for place in places)


def dotted(node: ast.AST) -> str:
    """`a.b.c` as it is written; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


@lru_cache(maxsize=1)
def nodes_of(text: str) -> tuple[ast.AST, ...]:
    """Every part of a program: the rules look at one file after the other, and each reads it once."""
    return tuple(ast.walk(ast.parse(text)))


@lru_cache(maxsize=1)
def names_used(text: str) -> tuple[tuple[int, str], ...]:
    """Every imported name, and every dotted name used, with its imports written out."""
    return tuple(_names_used(text))


def _names_used(text: str) -> Iterator[tuple[int, str]]:
    meaning: dict[str, str] = {}
    for node in nodes_of(text):
        if isinstance(node, ast.Import):
            for alias in node.names:
                meaning[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else ""
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield node.lineno, f"{node.module}.{alias.name}"
    for node in nodes_of(text):
        if isinstance(node, ast.Attribute | ast.Name) and (name := dotted(node)):
            first, _, rest = name.partition(".")
            written_out = meaning.get(first) or first
            yield node.lineno, f"{written_out}.{rest}" if rest else written_out


def uses(path: str, text: str, names: str, places: tuple[str, ...], advice: str) -> list[str]:
    """Uses of names that fit a pattern, outside the places that may."""
    if allowed(path, places):
        return []
    pattern = re.compile(rf"({names})(\.|$)")
    found = sorted({(line, name) for line, name in names_used(text) if pattern.match(name)})
    return [f"{path}:{line}: {name}: {advice}" for line, name in found]


def files_are_short(path: str, text: str) -> list[str]:
    count = len(text.splitlines())
    return [f"{path}: {count} lines; split it by feature"] if count >= MAX_FILE_LINES else []


def classes_and_functions_are_short(path: str, text: str) -> list[str]:
    found = []
    for node in nodes_of(text):
        if "/migrations/versions/" in path and isinstance(node, ast.FunctionDef):
            continue  # a step is a list of tables: cutting it in two hides the order
        limit = MAX_CLASS_LINES if isinstance(node, ast.ClassDef) else MAX_FUNCTION_LINES
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count >= limit:
                found.append(
                    f"{path}:{node.lineno}: {node.name} has {count} lines, under {limit} is the rule"
                )
    return found


def init_files_are_one_line(path: str, text: str) -> list[str]:
    if not path.endswith("__init__.py"):
        return []
    body = ast.parse(text).body
    only_a_line = len(body) == 1 and ast.get_docstring(ast.parse(text)) and len(text.splitlines()) == 1
    return [] if only_a_line else [f"{path}: holds one line, which says what the package is"]


def programs_start_in_few_places(path: str, text: str) -> list[str]:
    names = r"subprocess|os\.(system|popen|exec\w+|spawn\w+|posix_spawn\w*|fork\w*)|pty|.*\.?QProcess"
    names += r"|asyncio\.(subprocess|create_subprocess\w+)"
    return uses(path, text, names, MAY_START_PROGRAMS, "no program is started here")


def addresses_are_opened_in_one_place(path: str, text: str) -> list[str]:
    names = r"webbrowser|os\.startfile|.*\.?QDesktopServices|.*\.?QAxObject"
    found = uses(path, text, names, MAY_HAND_OVER, "goes through ui/external_links.py")
    if allowed(path, MAY_HAND_OVER):
        return found
    for node in nodes_of(text):
        if isinstance(node, ast.Constant) and node.value in OPENERS:
            found.append(f"{path}:{node.lineno}: {node.value!r} opens whatever it is given")
    return found


def evidence_leaves_by_export_alone(path: str, text: str) -> list[str]:
    names = r".*\.?(QtPrintSupport|QPrinter|QPrintDialog|QPrintPreview\w*|QDrag|startDrag|setDragEnabled)"
    return uses(path, text, names, (), "nothing is printed or dragged out: an exported copy names nobody")


def connections_are_made_in_few_places(path: str, text: str) -> list[str]:
    names = (
        r"socket\.(socket|create_connection|create_server|socketpair)|urllib\.request|http\.client|urllib3"
    )
    names += (
        r"|requests|httpx|aiohttp|ftplib|smtplib|telnetlib|poplib|imaplib|xmlrpc|asyncio\.open_connection"
    )
    names += r"|.*\.?Q(NetworkAccessManager|TcpSocket|SslSocket|UdpSocket|WebSocket|TcpServer)"
    return uses(path, text, names, MAY_CONNECT, "only sync talks to the platform, and nobody to anybody else")


def json_of_others_is_read_strictly(path: str, text: str) -> list[str]:
    if not path.startswith("assessor_app/"):
        return []
    return uses(path, text, r"json\.loads?", MAY_READ_JSON_LOOSELY, "json_from_outside.plain_data")


def time_and_chance_come_from_the_clock(path: str, text: str) -> list[str]:
    names = r"datetime\.(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime)"
    names += r"|uuid\.uuid\d|random"
    clocks = (*MAY_ASK_THE_SYSTEM_FOR_TIME, "devtools/*")
    found = uses(path, text, names, clocks, "comes from clock.py")
    found += uses(path, text, r"secrets|os\.urandom", (*clocks, *MAY_MAKE_SECRETS), "comes from clock.py")
    seconds = r"time\.(monotonic|perf_counter|process_time)(_ns)?"
    places = (*MAY_ASK_THE_SYSTEM_FOR_TIME, *MAY_MEASURE_SECONDS, "devtools/*")
    return found + uses(path, text, seconds, places, "comes from Clock.monotonic_s")


def threads_start_in_the_lanes(path: str, text: str) -> list[str]:
    names = r"threading\.(Thread|Timer)|_thread|concurrent\.futures|multiprocessing\.pool|.*\.?QThread(Pool)?"
    if not path.startswith("assessor_app/"):
        return []
    return uses(path, text, names, MAY_START_THREADS, "only the lanes of ui/tasks.py start threads")


def labels_are_plain_text(path: str, text: str) -> list[str]:
    if not path.startswith("assessor_app/"):
        return []
    calls = [node for node in nodes_of(text) if isinstance(node, ast.Call)]
    found = []
    for call in calls:
        name = dotted(call.func).rpartition(".")[2]
        if name == "QLabel" and not allowed(path, MAY_USE_QLABEL):
            found.append(f"{path}:{call.lineno}: a QLabel guesses rich text: ui.plain_text.plain_label")
    message_box = uses(
        path, text, r".*QMessageBox", MAY_USE_MESSAGE_BOX, "boxes are made in ui/error_view and ui/confirm"
    )
    return found + message_box


def owners_are_not_mixed_up(path: str, text: str) -> list[str]:
    """See `docs/decisions/0046-viewers-on-demand.md`: a window was taken apart while it was still used."""
    names = r".*\.(next|previous)InFocusChain"
    return uses(path, text, names, (), "it makes the widget that it returns a child of the one that is asked")


def strings_shown(text: str) -> Iterator[tuple[int, str]]:
    """The texts that go through `tr`, and the words of errors that reach a person."""
    for node in nodes_of(text):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in ("tr", "translate"):
            for argument in node.args:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.lineno, part.value


def screen_words_are_the_domain_s(path: str, text: str) -> list[str]:
    return [
        f"{path}:{line}: {found.group()!r} never stands on screen"
        for line, shown in strings_shown(text)
        if (found := FORBIDDEN_ON_SCREEN.search(shown))
    ]


def where_she_works_is_this_computer(path: str, text: str) -> list[str]:
    """One name for one thing: a device is what she holds beside it, such as a phone."""
    told = {id(node.value) for node in nodes_of(text) if isinstance(node, ast.Expr)}
    return [
        f"{path}:{node.lineno}: {found.group()!r} is called this computer"
        for node in nodes_of(text)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
        if path.startswith("assessor_app/") and (found := OTHER_NAMES_OF_THIS_COMPUTER.search(node.value))
    ]


RULES: list[Rule] = [
    files_are_short,
    classes_and_functions_are_short,
    init_files_are_one_line,
    programs_start_in_few_places,
    addresses_are_opened_in_one_place,
    evidence_leaves_by_export_alone,
    connections_are_made_in_few_places,
    json_of_others_is_read_strictly,
    time_and_chance_come_from_the_clock,
    threads_start_in_the_lanes,
    labels_are_plain_text,
    owners_are_not_mixed_up,
    screen_words_are_the_domain_s,
    where_she_works_is_this_computer,
]


def program_files() -> list[Path]:
    found: list[Path] = []
    for name in PROGRAM:
        place = ROOT / name
        found += [place] if place.is_file() else place.rglob("*.py")
    return sorted(found)


@pytest.fixture(scope="module")
def broken() -> dict[str, list[str]]:
    """What is wrong in the program, by rule: each file is parsed once for all of them."""
    found: dict[str, list[str]] = {rule.__name__: [] for rule in RULES}
    for file in program_files():
        path, text = file.relative_to(ROOT).as_posix(), file.read_text("utf-8")
        for rule in RULES:
            found[rule.__name__] += rule(path, text)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_program_keeps_the_rule(rule: Rule, broken: dict[str, list[str]]) -> None:
    assert not broken[rule.__name__], "\n".join(["", *broken[rule.__name__]])


def test_tests_and_attacks_open_no_address_either() -> None:
    broken = []
    hints = ("webbrowser", "startfile", "QDesktopServices", "QAxObject", *OPENERS)
    for place in ("tests", "attacks", "benchmarks"):
        for file in sorted((ROOT / place).rglob("*.py")):
            text = file.read_text("utf-8")
            # Few files have such a word at all: the others need not be parsed.
            if file.name != "test_house_rules.py" and any(word in text for word in hints):
                broken += addresses_are_opened_in_one_place(file.relative_to(ROOT).as_posix(), text)
    assert not broken, "\n".join(["", *broken])


def test_test_files_are_short_too() -> None:
    broken = []
    for file in sorted((ROOT / "tests").rglob("*.py")):
        broken += files_are_short(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"))
    assert not broken


BAD: list[tuple[Rule, str, str]] = [
    (owners_are_not_mixed_up, "assessor_app/ui/a.py", "x = page.nextInFocusChain()"),
    (files_are_short, "a.py", "x = 1\n" * 500),
    (classes_and_functions_are_short, "a.py", "class A:\n" + "    x = 1\n" * 299),
    (classes_and_functions_are_short, "a.py", "async def f():\n" + "    x = 1\n" * 59),
    (init_files_are_one_line, "a/__init__.py", ""),
    (init_files_are_one_line, "a/__init__.py", '"""Says."""\nfrom a.b import c\n'),
    (init_files_are_one_line, "a/__init__.py", "from a.b import c\n"),
    (programs_start_in_few_places, "assessor_app/ui/a.py", "import subprocess\n"),
    (addresses_are_opened_in_one_place, "assessor_app/sync/auth.py", "from webbrowser import open as show\n"),
    (addresses_are_opened_in_one_place, "assessor_app/ui/a.py", "import os\nos.startfile('x')\n"),
    (
        addresses_are_opened_in_one_place,
        "assessor_app/ui/a.py",
        "from PySide6.QtGui import QDesktopServices\n",
    ),
    (
        evidence_leaves_by_export_alone,
        "assessor_app/ui/a.py",
        "from PySide6.QtPrintSupport import QPrinter\n",
    ),
    (evidence_leaves_by_export_alone, "assessor_app/ui/a.py", "from PySide6.QtGui import QDrag\n"),
    (evidence_leaves_by_export_alone, "assessor_app/ui/a.py", "view.setDragEnabled(True)\n"),
    (programs_start_in_few_places, "assessor_app/documents/a.py", "import subprocess\n"),
    (programs_start_in_few_places, "assessor_app/ui/a.py", "import os\nos.posix_spawn('x', [], {})\n"),
    (programs_start_in_few_places, "assessor_app/ui/a.py", "from PySide6.QtCore import QProcess\n"),
    (programs_start_in_few_places, "assessor_app/ui/external_links.py", "import subprocess\n"),
    (addresses_are_opened_in_one_place, "assessor_app/tour/a.py", "import webbrowser\n"),
    (addresses_are_opened_in_one_place, "tests/a.py", "run(['xdg-open', address])\n"),
    (connections_are_made_in_few_places, "assessor_app/ui/a.py", "import urllib.request\n"),
    (connections_are_made_in_few_places, "assessor_app/documents/a.py", "import socket\nsocket.socket()\n"),
    (
        connections_are_made_in_few_places,
        "assessor_app/ui/a.py",
        "from PySide6.QtNetwork import QTcpSocket\n",
    ),
    (
        addresses_are_opened_in_one_place,
        "assessor_app/ui/a.py",
        "from PySide6 import QtGui\nQtGui.QDesktopServices.openUrl(url)\n",
    ),
    (json_of_others_is_read_strictly, "assessor_app/sync/a.py", "import json\njson.loads(answer)\n"),
    (json_of_others_is_read_strictly, "assessor_app/config.py", "from json import load\n"),
    (
        time_and_chance_come_from_the_clock,
        "assessor_app/cache/a.py",
        "import datetime\ndatetime.datetime.now()\n",
    ),
    (
        time_and_chance_come_from_the_clock,
        "assessor_app/cache/a.py",
        "from datetime import UTC, datetime as dt\ndt.now(UTC)\n",
    ),
    (time_and_chance_come_from_the_clock, "assessor_app/cache/a.py", "import time as t\nt.time()\n"),
    (time_and_chance_come_from_the_clock, "assessor_app/cache/a.py", "from uuid import uuid4\n"),
    (time_and_chance_come_from_the_clock, "assessor_app/cache/a.py", "import secrets\n"),
    (time_and_chance_come_from_the_clock, "assessor_app/cache/a.py", "from time import monotonic\n"),
    (threads_start_in_the_lanes, "assessor_app/sync/a.py", "import threading\nthreading.Thread()\n"),
    (threads_start_in_the_lanes, "assessor_app/ui/a.py", "from PySide6.QtCore import QThread\n"),
    (threads_start_in_the_lanes, "assessor_app/ui/a.py", "from PySide6.QtCore import QThreadPool\n"),
    (
        threads_start_in_the_lanes,
        "assessor_app/sync/a.py",
        "from concurrent.futures import ThreadPoolExecutor\n",
    ),
    (labels_are_plain_text, "assessor_app/ui/a.py", "from PySide6.QtWidgets import QLabel\nQLabel('x')\n"),
    (labels_are_plain_text, "assessor_app/ui/a.py", "from PySide6 import QtWidgets as w\nw.QLabel('x')\n"),
    (labels_are_plain_text, "assessor_app/ui/a.py", "from PySide6.QtWidgets import QMessageBox\n"),
    (screen_words_are_the_domain_s, "assessor_app/ui/a.py", "self.tr('Pins on this page')\n"),
    (screen_words_are_the_domain_s, "assessor_app/ui/a.py", "tr(f'In the outbox: {n}')\n"),
    (screen_words_are_the_domain_s, "assessor_app/ui/a.py", "tr('Yes' if x else 'The lease ended')\n"),
    (where_she_works_is_this_computer, "assessor_app/sync/a.py", "Error('It is safe on this device.')\n"),
    (where_she_works_is_this_computer, "assessor_app/ui/a.py", "tr('Kept on this '\n'machine.')\n"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_each_rule_bites(rule: Rule, path: str, text: str) -> None:
    assert rule(path, text)


GOOD: list[tuple[Rule, str, str]] = [
    (files_are_short, "a.py", "x = 1\n" * 499),
    (classes_and_functions_are_short, "a.py", "def f():\n" + "    x = 1\n" * 58),
    (init_files_are_one_line, "a/__init__.py", '"""Says what this is."""\n'),
    (addresses_are_opened_in_one_place, "assessor_app/ui/external_links.py", "import webbrowser\n"),
    (time_and_chance_come_from_the_clock, "assessor_app/clock.py", "import secrets, time\ntime.time()\n"),
    (
        time_and_chance_come_from_the_clock,
        "assessor_app/cache/a.py",
        "from datetime import datetime\nmoment: datetime = clock.now()\n",
    ),
    (time_and_chance_come_from_the_clock, "assessor_app/documents/a.py", "import time\ntime.monotonic()\n"),
    (threads_start_in_the_lanes, "assessor_app/sync/a.py", "import threading\nlock = threading.Lock()\n"),
    (connections_are_made_in_few_places, "assessor_app/ui/a.py", "import socket\nsocket.gethostname()\n"),
    (labels_are_plain_text, "assessor_app/ui/plain_text.py", "QLabel('x')\n"),
    (labels_are_plain_text, "assessor_app/ui/a.py", "from PySide6.QtWidgets import QLabel\nlabel: QLabel\n"),
    (screen_words_are_the_domain_s, "assessor_app/ui/a.py", "tr('Opinions and spinning are fine')\n"),
    (screen_words_are_the_domain_s, "assessor_app/ui/a.py", "log.debug('outbox empty')\n"),
    (where_she_works_is_this_computer, "assessor_app/ui/a.py", "tr('Sign in on another device')\n"),
    (where_she_works_is_this_computer, "assessor_app/a.py", '"""As this machine has it."""\n'),
]


@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_no_rule_bites_what_is_right(rule: Rule, path: str, text: str) -> None:
    assert not rule(path, text)
