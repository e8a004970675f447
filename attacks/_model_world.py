"""One world of the model: a platform, two machines of one assessor, and a walk of chance through it."""

from __future__ import annotations

import random
from collections import Counter, deque
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.errors import KnownError, NotAllowed
from assessor_app.services.views import SyncState
from attacks._model_checks import Checks
from attacks._model_ledger import Ledger
from attacks._model_line import Fault, Killed
from attacks._model_machine import Broken, Machine
from attacks._model_platform import IDS, Hand, small_world
from tests.builders import FakeClock
from tests.contract.running import Running, lay, running
from tests.contract.small_content import NOW

SYNC = 0.045
FAULTY, FAULTY_SENDING = 0.35, 0.7
WHILE_SENDING = (
    Fault.NO_ANSWER,
    Fault.NOT_A_RECEIPT,
    Fault.NOT_ACCEPTED,
    Fault.KILLED_BEFORE,
    Fault.KILLED_AFTER,
    Fault.KILLED_BETWEEN,
)
LAST_STEPS = 20
DRAINS = 30
FAR_CALLS = 6


class World:
    """The walk."""

    def __init__(self, server: tuple[str, FastAPI], folder: Path, seed: str) -> None:
        self.counts: Counter[str] = Counter()
        self.last: deque[str] = deque(maxlen=LAST_STEPS)
        self._chance = random.Random(seed)
        self._goes_on: Machine | None = None
        """A machine on which something was made final just now: it soon syncs."""
        self._open = ExitStack()
        lay(folder / "platform", small_world)
        self._platform: Running = self._open.enter_context(running(server, folder / "platform"))
        self._ledger = Ledger()
        self._hand = Hand(self._platform, self._chance)
        self._machines = tuple(self._machine(folder, number) for number in (1, 2))
        self._checks = Checks(self._machines, self._hand, self._ledger)
        for machine in self._machines:
            machine.shown = {submission_id: {} for submission_id in IDS}
            self._sync(machine, None)

    def _machine(self, folder: Path, number: int) -> Machine:
        clock = FakeClock(NOW, seed=number)
        name = ("desk", "train")[number - 1]
        origin = self._platform.origin
        made = Machine(name, folder / name, origin, clock, self._ledger, self._chance)
        self._open.callback(made.close)
        return made

    def close(self) -> None:
        """Release everything."""
        for machine in self._machines:
            self.counts.update(machine.counts)
        self._open.close()

    def step(self) -> None:
        """One step of chance.

        Raises:
            Broken: a promise did not hold.
        """
        machine = self._goes_on or self._machines[self._chance.random() < 0.4]
        hers = sorted(machine.likely) if self._chance.random() < 0.9 else []
        submission_id = self._chance.choice(hers or IDS)
        is_sending, self._goes_on = self._goes_on is not None, None
        number = 0.0 if is_sending else self._chance.random()
        what = ""
        try:
            if number < SYNC:
                is_faulty = self._chance.random() < (FAULTY_SENDING if is_sending else FAULTY)
                fault = (
                    self._chance.choice(WHILE_SENDING if is_sending else tuple(Fault)) if is_faulty else None
                )
                what = self._sync(machine, fault, is_sending=is_sending)
            else:
                what = self._act(machine, submission_id, number)
        except NotAllowed:
            self.counts["refused"] += 1
            machine.likely.discard(submission_id)
        except Broken:
            raise
        except Exception as error:
            raise Broken(f"{type(error).__name__}: {error}") from error
        finally:
            if what:
                self.last.append(f"{machine.name}: {submission_id[-1]} {what}")
        self._let_time_pass()

    def _act(self, machine: Machine, submission_id: SubmissionId, number: float) -> str:
        if number < SYNC + 0.01:
            machine.crash()
            self._checks.as_told(machine)
            self.counts["crashes"] += 1
            return "crash"
        if number < SYNC + 0.06:
            return self._hand.act(self._chance.choice(IDS))
        if number < SYNC + 0.09:
            machine.complete(submission_id)
            sent = machine.send(submission_id)
            machine.likely.discard(submission_id)
            self._goes_on = machine if self._chance.random() < 0.6 else None
            return sent
        if number < SYNC + 0.112:
            taken = machine.take_back(submission_id)
            self._goes_on = machine if self._chance.random() < 0.6 else None
            return taken
        if number < SYNC + 0.127:
            return machine.compare()
        if number < SYNC + 0.132:
            return machine.try_again()
        if number < SYNC + 0.137:
            return self._jump(machine)
        return machine.edit(submission_id)

    def _jump(self, machine: Machine) -> str:
        hours = self._chance.choice((-24, -1, 1, 24))
        machine.clock.jump_to(machine.clock.now() + timedelta(hours=hours))
        return f"clock set by {hours} h"

    def _let_time_pass(self) -> None:
        seconds = self._chance.choice((1.0, 1.0, 5.0, 30.0))
        self._pass(seconds)

    def _pass(self, seconds: float) -> None:
        self._platform.clock.move(seconds=seconds)
        for machine in self._machines:
            machine.clock.advance(seconds)

    def _sync(self, machine: Machine, fault: Fault | None, *, is_sending: bool = False) -> str:
        self._checks.as_told(machine)
        rounds = machine.rounds()
        self.counts["syncs"] += 1
        of_writes = is_sending or self._chance.random() < 0.5
        after_calls = 0 if is_sending else self._chance.randrange(2 if of_writes else FAR_CALLS)
        where = f", {fault} after {after_calls} {'writes' if of_writes else 'calls'}" if fault else ""
        machine.line.fail(fault, after_calls, of_writes=of_writes)
        try:
            status = machine.sync(is_asked=self._chance.random() < 0.3)
            what = f"sync{where}: {status.state}"
            if fault is None and status.state not in _ENDS:
                what += f" {status.message}"
                raise Broken(f"a sync without a fault ended with {status.state}: {status.message}")
        except Killed:
            machine.crash()
            what = f"sync{where}"
        self.last.append(f"{machine.name}: {what}")
        self._checks.after_sync(machine, rounds)
        machine.likely = machine.editable()
        return ""

    def end(self) -> None:
        """Let everything drain without a fault, and hold all sides beside each other.

        Raises:
            Broken: a promise did not hold.
        """
        self.last.append("---- in the end")
        self._hand.give_back_all()
        try:
            for _ in range(DRAINS):
                for machine in self._machines:
                    self._settle(machine)
                self._pass(3700)
                is_quiet = not any(self._waits(machine) for machine in self._machines)
                if is_quiet:
                    break
            for machine in (*self._machines, *self._machines):
                machine.hurry()
                self._sync(machine, None)
            self._checks.in_the_end()
        except KnownError as error:
            raise Broken(f"{type(error).__name__}: {error}") from error

    def _settle(self, machine: Machine) -> None:
        machine.hurry()
        machine.try_again()
        self._sync(machine, None)
        if machine.has_conflicts():
            self.last.append(f"{machine.name}: {machine.compare()}")

    def _waits(self, machine: Machine) -> bool:
        states = {item.state for item in machine.open_items()}
        return machine.has_conflicts() or bool(states & {OutboxState.QUEUED, OutboxState.SENDING})


_ENDS = (SyncState.UP_TO_DATE, SyncState.NEEDS_YOU)
