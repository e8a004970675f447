"""What has to hold after each sync and in the end: machines and platform beside what she was told."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import OutboxState
from attacks._model_ledger import Ledger, View, words_in, words_of
from attacks._model_machine import Broken, Machine
from attacks._model_platform import Hand

_REFUSED = (OutboxState.CONFLICT, OutboxState.REJECTED)
_NEEDS_HER = (*_REFUSED, OutboxState.BLOCKED)


class Checks:
    """The promises, for the machines of one world."""

    def __init__(self, machines: Sequence[Machine], hand: Hand, ledger: Ledger) -> None:
        self._machines, self._hand, self._ledger = machines, hand, ledger
        self._kept: dict[str, set[str]] = {machine.name: set() for machine in machines}
        self._proved: set[str] = set()
        self._refused: set[str] = set()

    def as_told(self, machine: Machine) -> None:
        """The machine shows exactly what she was shown last and what was told as saved since.

        Raises:
            Broken: it does not.
        """
        for submission_id, view in machine.read_all().items():
            wanted = machine.shown[submission_id]
            if view != wanted:
                raise Broken(f"{machine.name} shows {_between(wanted, view)} on {submission_id[-1]}")

    def after_sync(self, machine: Machine, before_rounds: dict[SubmissionId, int]) -> None:
        """Nothing that she was told went anywhere, and nothing is called sent that was not.

        Raises:
            Broken: one of them does not hold.
        """
        before, now, rounds = machine.shown, machine.read_all(), machine.rounds()
        sides = machine.words_of_sides()
        for submission_id, view in now.items():
            self._in_place(machine, submission_id, view)
            gone = (words_of(before[submission_id]) - words_of(view)) & self._ledger.owed
            gone -= self._ledger.put_back & self._shown_elsewhere(machine, submission_id)
            is_here = submission_id in rounds
            if is_here and rounds[submission_id] == before_rounds.get(submission_id) and gone - sides:
                parts = [self._ledger.place[word][1] for word in sorted(gone - sides)]
                where = f"{submission_id[-1]} in round {rounds[submission_id]} on {machine.name}"
                raise Broken(f"{sorted(gone - sides)} at {parts} of {where} went without a word")
        machine.shown = now
        self._kept[machine.name] = machine.kept_words()
        self._nothing_lost()
        lost = self._ledger.chosen_against.get(machine.name, set()) - sides
        if lost:
            raise Broken(f"{sorted(lost)} lost a choice on {machine.name} and cannot be read there any more")
        self._rows(machine)

    def _shown_elsewhere(self, machine: Machine, submission_id: SubmissionId) -> set[str]:
        others = (words_of(one.shown.get(submission_id, {})) for one in self._machines if one is not machine)
        return set[str]().union(*others)

    def _in_place(self, machine: Machine, submission_id: SubmissionId, view: View) -> None:
        for part, text in view.items():
            for word in words_in(text):
                if self._ledger.place[word] != (submission_id, part):
                    raise Broken(f"{word} stands at {part} of {submission_id[-1]} on {machine.name}")

    def _nothing_lost(self) -> None:
        anywhere = set[str]()
        for machine in self._machines:
            anywhere |= self._kept[machine.name]
            for view in machine.shown.values():
                anywhere |= words_of(view)
        lost = self._ledger.owed - anywhere
        if lost:
            where = {word: self._ledger.place[word] for word in sorted(lost)}
            raise Broken(f"lost: {where}")

    def _rows(self, machine: Machine) -> None:
        if machine.line.other_bytes:
            raise Broken(f"other bytes under {machine.line.other_bytes}")
        items = machine.items()
        new = [item for item in items if item.state is OutboxState.ACKED and item.id not in self._proved]
        answers = self._hand.answers() if new else {}
        for item in new:
            if answers.get(item.id) not in {(item.sha256, 200), (item.sha256, 201)}:
                raise Broken(f"falsely sent: {item.kind} {item.id[:8]} on {machine.name}")
            self._proved.add(item.id)
        for item in machine.open_items():
            if item.state in _NEEDS_HER and not item.last_error:
                raise Broken(f"{item.kind} {item.id[:8]} is {item.state} without a sentence")
        self._nothing_called_refused(items)
        self._in_order(machine, items)

    def _nothing_called_refused(self, items: Sequence[OutboxItem]) -> None:
        new = [item for item in items if item.state in _REFUSED and item.id not in self._refused]
        if not new:
            return
        received = self._hand.received()
        others = {item.path for item in items if item.state not in _REFUSED}
        for item in new:
            self._refused.add(item.id)
            if item.path.rpartition("/")[2] in received and item.path not in others:
                raise Broken(f"{item.kind} {item.id[:8]} arrived and is called {item.state}")

    def _in_order(self, machine: Machine, items: Sequence[OutboxItem]) -> None:
        left = {key: number for number, key in enumerate(machine.line.sent)}
        last: dict[SubmissionId, int] = {}
        for item in items:
            number = left.get(str(item.id))
            if number is None:
                continue
            if number < last.get(item.submission_id, -1):
                raise Broken(f"{item.kind} {item.id[:8]} was overtaken on {machine.name}")
            last[item.submission_id] = number

    # ---- in the end ----

    def in_the_end(self) -> None:
        """Everything has arrived once, byte for byte, nothing is stuck, and both machines show the same.

        Raises:
            Broken: one of them does not hold.
        """
        answers, received = self._hand.answers(), self._hand.received()
        frozen: dict[str, OutboxItem] = {}
        for machine in self._machines:
            for item in machine.open_items():
                if item.state not in _NEEDS_HER:
                    raise Broken(f"{item.kind} {item.id[:8]} still is {item.state}: {item.last_error!r}")
            items = machine.items()
            arrived = {item.path for item in items if item.state is OutboxState.ACKED}
            for item in items:
                if item.kind is OutboxKind.RECOMMENDATION:
                    frozen[item.path.rpartition("/")[2]] = item
                was_taken = answers.get(item.id, ("", 0))[1] in (200, 201)
                was_taken = was_taken or item.path.rpartition("/")[2] in received
                if item.state in _NEEDS_HER and was_taken and item.path not in arrived:
                    raise Broken(f"{item.kind} {item.id[:8]} arrived and is called {item.state}")
        for record_id, one in received.items():
            if json.loads(frozen[record_id].body) != one.body:
                raise Broken(f"other bytes of {one.submission_id[-1]} arrived than were frozen")
        rounds: dict[str, int] = {}
        for one in received.values():
            rounds[one.submission_id] = rounds.get(one.submission_id, 0) + 1
        for submission_id, number in self._hand.standing().items():
            if number != rounds.get(submission_id, 0):
                raise Broken(
                    f"{submission_id[-1]}: {number} were taken, {rounds.get(submission_id, 0)} stand"
                )
        self._same_on_both()

    def _same_on_both(self) -> None:
        one, two = self._machines
        here, there = one.read_all(), two.read_all()
        rounds, others = one.rounds(), two.rounds()
        open_now = one.editable() & two.editable()
        for submission_id in sorted(open_now):
            if rounds[submission_id] != others[submission_id]:
                raise Broken(f"{submission_id[-1]} is in different rounds")
            mine = _without_waiting(here[submission_id], there[submission_id], one, submission_id)
            theirs = _without_waiting(there[submission_id], here[submission_id], two, submission_id)
            if mine != theirs:
                raise Broken(f"{submission_id[-1]} never came together: {_between(mine, theirs)}")


def _without_waiting(view: View, other: View, machine: Machine, submission_id: SubmissionId) -> View:
    """What is shown, without marks for herself alone that go along once she begins the round there.

    As work goes to somebody else the platform lets go of the draft: of a round that was not begun since
    nothing is copied, and those marks are in nothing that was sent.
    """
    if machine.has_begun(submission_id):
        return view
    return {part: text for part, text in view.items() if part in other or not text.startswith("only_me ")}


def _between(one: View, other: View) -> str:
    parts = [part for part in {**one, **other} if one.get(part) != other.get(part)]
    return "; ".join(f"{part.kind} {part.of}: {one.get(part)!r} / {other.get(part)!r}" for part in parts)
