"""Requests made by chance from the platform's own description, by a tool of others (schemathesis).

The platform runs with the small content of the contract tests; ids of what is there are given to the tool, so
that it comes past the first look-up. It tries what the description allows and what it forbids, and looks at
statuses, media types, bodies, headers, methods and tokens. What the description cannot say - that a code was
never given out, that a file is not sealed, that a cursor has expired - may be refused.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from attacks._figure import Figure
from tests.contract.running import fill, lasting_token, running, serving
from tests.contract.small_content import ARTIFACT, FIRST, content

TITLE = "requests by chance from the platform's own description"
SMALL, LARGE = 2, 100
PEOPLE = ("both", "anna", "lena", "petra")
"""An assessor and approver, an assessor, a lead and a pre-assessor; in a small run the first alone."""
DESCRIPTION = Path(__file__).resolve().parents[1] / "resources" / "platform-api.json"
LONGEST_S = 3_600

SETTINGS = f"""
[parameters]
"path.submission_id" = "{FIRST}"
"path.artifact_id" = "{ARTIFACT}"
"path.rubric_id" = "think-alouds"
"path.version" = 3
"path.calendar_id" = "calendar-1"

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 410, 412, 428, 429]

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 415, 422, 428, 429]

[[operations]]
include-path-regex = "^/oauth/"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401]

[[operations]]
include-path-regex = "^/v1/(audit|imports|submissions|escalations|cases|queue)"
checks.positive_data_acceptance.expected-statuses = ["2xx", 403, 404, 409, 410, 412, 422, 424, 428]
"""


def run(count: int, seed: int, folder: Path, *, path: str = "") -> Figure:
    """Let the tool make requests.

    Args:
        count: how many examples for each path.
        seed: of chance.
        folder: an empty folder.
        path: the one that is asked for; all if empty.
    """
    (folder / "schemathesis.toml").write_text(SETTINGS)
    fill(folder / "platform", content(1))
    lines, broken = [], []
    with serving() as server, running(server, folder / "platform") as platform:
        for login in PEOPLE if count > SMALL else PEOPLE[:1]:
            said = _ask(platform.origin, login, count, seed, folder, path)
            lines.append(f"as {login}: {_last_line(said)}")
            broken += [f"as {login}: {line}" for line in _findings(said)]
    return Figure(tuple(lines), tuple(broken))


def _ask(origin: str, login: str, count: int, seed: int, folder: Path, path: str) -> str:
    """Everything that the tool says."""
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]
    command += ["--config-file", "schemathesis.toml", "run", str(DESCRIPTION), "--url", origin, "--no-color"]
    command += ["--header", f"Authorization: Bearer {lasting_token(login)}"]
    command += ["--max-examples", str(count), "--seed", str(seed), "--phases", "coverage,fuzzing"]
    command += ["--include-path", path] if path else []
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    return done.stdout + done.stderr


def _findings(said: str) -> list[str]:
    """Each finding with the request that it is about; the tool's own trouble counts as one."""
    found, request = [], ""
    for line in said.splitlines():
        if heading := re.fullmatch(r"_+ (.+) _+", line.strip()):
            request = heading[1]
        elif line.startswith("- ") and request:
            found.append(f"{request}: {line[2:]}")
    if not found and not re.search(r"\d+ generated, \d+ passed", said):
        found.append(f"the tool did not come to its end: {said[-500:]}")
    return found


def _last_line(said: str) -> str:
    counts = [line.strip() for line in said.splitlines() if re.search(r"\d+ generated", line)]
    return counts[-1] if counts else "nothing was said"
