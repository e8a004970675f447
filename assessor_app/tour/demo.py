"""The demo: a platform of its own in a child process, and the workstation signed in to it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError

DEMO_PASSPHRASE = "demo"
"""The demo's data is made up, so its passphrase is no secret."""
START_TIMEOUT_S = 90.0
ACCOUNTS = {role: f"demo-{role.value}" for role in Role}


def demo_folder(chosen: Path | None) -> Path:
    """Where the demo keeps its data."""
    return chosen or Path(platformdirs.user_data_dir("assessor-workstation-demo", appauthor=False))


@dataclass(slots=True)
class DemoPlatform:
    """The reference platform with the demo's submissions, always a child process."""

    folder: Path
    evidence: Path | None = None
    process: subprocess.Popen[str] | None = None
    origin: str = ""

    def start(self) -> None:
        """Start it, or join the one that another demo window already runs from the same folder.

        Raises:
            KnownError: it did not come up.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        port = self._kept_port()
        self.origin = f"http://127.0.0.1:{port}"
        if _answers(self.origin):
            return
        command = [sys.executable, "-m", "reference_platform", "serve", "--demo", "--port", str(port)]
        command += ["--data", str(self.folder / "platform")]
        if self.evidence is not None:
            command += ["--evidence", str(self.evidence)]
        with (self.folder / "platform.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
            )
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line.startswith("listening on"):
            self.stop()
            raise KnownError(
                "The demo platform did not start",
                f"What it said is in {self.folder / 'platform.log'}. Nothing of yours is affected.",
                "Try again with --fresh.",
            )

    def stop(self) -> None:
        """End it; its data stays."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None

    def _kept_port(self) -> int:
        """The same port at every start, since the address is part of the profile."""
        path = self.folder / "demo.json"
        try:
            return int(json.loads(path.read_text("utf-8"))["port"])
        except (OSError, ValueError, KeyError, TypeError):
            port = _free_port()
            path.write_text(json.dumps({"port": port}), "utf-8")
            return port


def app_command(folder: Path, origin: str, role: Role, *, drive: bool = False) -> list[str]:
    """The command that opens the workstation on the demo platform."""
    command = [sys.executable, "-m", "assessor_app", "--data", str(folder / "workstation")]
    command += ["--platform", origin, "--account", ACCOUNTS[role], "--role", role.value, "--demo-sign-in"]
    return [*command, "--drive"] if drive else command


def run(folder: Path, *, role: Role, evidence: Path | None, fresh: bool) -> int:
    """Open the demo and stay until its window is closed.

    Returns:
        The exit status of the workstation.
    """
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    if evidence is not None and not evidence.is_dir():
        raise KnownError(
            "There is no such folder", f"{evidence} is not a folder of files.", "Name another one."
        )
    platform = DemoPlatform(folder, evidence)
    platform.start()
    try:
        return subprocess.run(app_command(folder, platform.origin, role), check=False).returncode
    finally:
        platform.stop()


def walk_through_sign_in(url: str) -> None:
    """Stand in for the browser: follow the demo platform's redirects to the waiting workstation."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        answer.read()


def _answers(origin: str) -> bool:
    try:
        with urllib.request.urlopen(origin + "/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
