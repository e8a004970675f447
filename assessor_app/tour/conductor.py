"""The tour's conductor: owns the platform, starts and kills the app, and asks for one step at a time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assessor_app.clock import Clock
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError
from assessor_app.saying import say
from assessor_app.tour.demo import DemoPlatform, app_command

FACTS = Path(__file__).resolve().parents[2] / "resources" / "demo-tour.json"
"""What the demo's content promises: which submissions are toured, and what stands where in them."""
STEP_TIMEOUT_S = 120.0
END_TIMEOUT_S = 20.0


class StepFailed(Exception):
    """A step did not succeed; the text says why."""


@dataclass(slots=True)
class Result:
    """One step of the tour, as it stands in tour.json."""

    name: str
    ok: bool = True
    seconds: float = 0.0
    pictures: list[str] = field(default_factory=list)
    error: str = ""


class AppProcess:
    """One workstation as a child process, with a driver inside that does as it is told."""

    def __init__(self, folder: Path, origin: str, role: Role, pictures: Path) -> None:
        """Start it."""
        environment = {**os.environ, "ASSESSOR_TOUR_PICTURES": str(pictures), "PYTHONUNBUFFERED": "1"}
        self._log = (folder / f"{role.value}.log").open("ab")
        self._process = subprocess.Popen(
            app_command(folder, origin, role, drive=True),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=environment,
        )

    def ask(self, step: str, number: int, facts: dict[str, Any]) -> dict[str, Any]:
        """Have one step done.

        Returns:
            The driver's answer: ok, facts, pictures, error.

        Raises:
            StepFailed: the app ended or did not answer in time.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise StepFailed("the app has no pipe")
        watchdog = threading.Timer(STEP_TIMEOUT_S, self._process.kill)
        watchdog.start()
        try:
            self._process.stdin.write(json.dumps({"step": step, "number": number, "facts": facts}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError as error:
            raise StepFailed(f"the app has ended: {error}") from error
        finally:
            watchdog.cancel()
        if not line:
            raise StepFailed("the app ended or hung in the middle of the step")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def kill(self) -> None:
        """SIGKILL: no chance to save anything."""
        self._process.kill()
        self._end()

    def quit(self) -> None:
        """Close the window as a person would."""
        with suppress(StepFailed, OSError, ValueError):
            self.ask("quit", 0, {})
        self._end()

    def _end(self) -> None:
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._log):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class Conductor:
    """Goes through the whole job once."""

    def __init__(self, out: Path, folder: Path, evidence: Path | None) -> None:
        """Prepare; `run` does it."""
        self._out, self._folder = out, folder
        self._platform = DemoPlatform(folder, evidence)
        self._apps: dict[Role, AppProcess] = {}
        self._facts: dict[str, Any] = json.loads(FACTS.read_text("utf-8"))
        self._results: list[Result] = []
        self._clock = Clock()

    def run(self) -> bool:
        """Do all steps; after a failure the rest is not tried.

        Returns:
            Whether every step succeeded.
        """
        try:
            self._platform.start()
            for number, (name, step) in enumerate(self._program(), start=1):
                if not self._step(number, name, step):
                    return False
            return True
        finally:
            for app in self._apps.values():
                app.quit()
            self._platform.stop()

    def _program(self) -> list[tuple[str, Callable[[int, Result], None]]]:
        assess, approve = Role.ASSESSOR, Role.APPROVER
        return [
            ("sign in and first sync", self._first_sync),
            ("the platform goes away", self._go_offline),
            ("open a submission", lambda n, r: self._ask(assess, "open", n, r)),
            ("read and annotate", lambda n, r: self._ask(assess, "annotate", n, r)),
            ("look over all evidence", lambda n, r: self._ask(assess, "survey", n, r)),
            ("rate every criterion", lambda n, r: self._ask(assess, "rate", n, r)),
            ("recommend award, offline", lambda n, r: self._ask(assess, "recommend", n, r)),
            ("killed and started again", self._kill),
            ("the platform comes back", self._come_back),
            ("the approver returns it", self._approver_returns),
            ("correct and send again", lambda n, r: self._ask(assess, "correct", n, r)),
            ("the approver awards", lambda n, r: self._ask(approve, "award", n, r)),
            ("the decision has arrived", lambda n, r: self._ask(assess, "decided", n, r)),
            ("deny another", lambda n, r: self._ask(assess, "deny", n, r)),
            ("a link that does not open", lambda n, r: self._ask(assess, "inaccessible_link", n, r)),
            ("give work back for good", lambda n, r: self._ask(assess, "recuse", n, r)),
            ("ask the team lead", self._ask_lead),
            ("the lead answers", self._lead_answers),
            ("the answer has arrived", lambda n, r: self._ask(assess, "read_answer", n, r)),
            ("an incomplete one goes back", self._pre_assess),
        ]

    def _step(self, number: int, name: str, step: Callable[[int, Result], None]) -> bool:
        result = Result(name)
        started = self._clock.monotonic_s()
        try:
            step(number, result)
        except (StepFailed, KnownError, OSError) as error:
            result.ok, result.error = False, str(error)
        result.seconds = round(self._clock.monotonic_s() - started, 2)
        self._results.append(result)
        self._write()
        mark = "ok    " if result.ok else "FAILED"
        say(f"{number:2d}. {mark} {result.seconds:6.1f} s  {name}")
        if not result.ok:
            say(result.error)
        return result.ok

    def _write(self) -> None:
        steps = []
        for result in self._results:
            data: dict[str, Any] = {
                "name": result.name,
                "ok": result.ok,
                "seconds": result.seconds,
                "pictures": result.pictures,
            }
            if result.error:
                data["error"] = result.error
            steps.append(data)
        part = self._out / "tour.json.part"
        part.write_text(json.dumps({"steps": steps}, indent=1), "utf-8")
        os.replace(part, self._out / "tour.json")

    def _ask(self, role: Role, step: str, number: int, result: Result) -> None:
        if role not in self._apps:
            self._apps[role] = AppProcess(self._folder, self._platform.origin, role, self._out)
        answer = self._apps[role].ask(step, number, self._facts)
        self._facts = answer["facts"]
        result.pictures += answer["pictures"]
        if not answer["ok"]:
            raise StepFailed(answer["error"])

    # ---- steps in which the world changes ----

    def _first_sync(self, number: int, result: Result) -> None:
        self._ask(Role.ASSESSOR, "first_sync", number, result)

    def _go_offline(self, number: int, result: Result) -> None:
        self._platform.stop()
        self._ask(Role.ASSESSOR, "offline", number, result)

    def _kill(self, number: int, result: Result) -> None:
        self._ask(Role.ASSESSOR, "last_keystrokes", number, result)
        self._apps.pop(Role.ASSESSOR).kill()
        self._ask(Role.ASSESSOR, "after_kill", number, result)

    def _come_back(self, number: int, result: Result) -> None:
        self._platform.start()
        self._ask(Role.ASSESSOR, "online", number, result)

    def _ask_lead(self, number: int, result: Result) -> None:
        # The approver has gone home; every window that is open costs the others.
        self._apps.pop(Role.APPROVER).quit()
        self._ask(Role.ASSESSOR, "ask_lead", number, result)

    def _lead_answers(self, number: int, result: Result) -> None:
        self._ask(Role.LEAD, "answer", number, result)
        self._apps.pop(Role.LEAD).quit()

    def _pre_assess(self, number: int, result: Result) -> None:
        self._ask(Role.PREASSESSOR, "return_incomplete", number, result)
        self._apps.pop(Role.PREASSESSOR).quit()

    def _approver_returns(self, number: int, result: Result) -> None:
        self._ask(Role.APPROVER, "first_sync_approver", number, result)
        self._ask(Role.APPROVER, "return", number, result)


def tour(out: Path, *, folder: Path | None, evidence: Path | None) -> int:
    """Go through the whole job and write pictures and tour.json to `out`.

    Args:
        out: where the pictures go; made if it is missing.
        folder: where the demo's data go, emptied first; a temporary folder if None.
        evidence: a folder of files for one more submission.

    Returns:
        0 when every step succeeded, 1 otherwise.
    """
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("[0-9][0-9]-*.png"), out / "tour.json"]:
        old.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="assessor-tour-") as scratch:
        data = folder or Path(scratch)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        data.mkdir(parents=True, exist_ok=True)
        return 0 if Conductor(out.resolve(), data.resolve(), evidence).run() else 1
