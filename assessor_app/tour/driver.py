"""The tour's hands inside the app: takes one step at a time from a pipe and does it in the real window."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from assessor_app.clock import Clock
from assessor_app.desk.desk import Desk
from assessor_app.tour.hands import Hands
from assessor_app.tour.steps import STEPS
from assessor_app.tour.visit import Visit
from assessor_app.ui.theme import Scheme, Theme

PICTURES_VARIABLE = "ASSESSOR_TOUR_PICTURES"


class Driver(QObject):
    """Reads `{"step", "number", "facts"}` lines from standard input; answers each with one line."""

    _asked = Signal(str)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Start listening; steps begin once the desk is open."""
        super().__init__(desk)
        self._desk = desk
        theme.apply(Scheme.LIGHT, 100)
        desk.window.resize(1440, 900)
        pictures = Path(os.environ.get(PICTURES_VARIABLE, "."))
        self._clock = Clock()
        self._visit = Visit(desk, theme, Hands(desk.window, pictures, self._clock))
        self._bugs: list[str] = []
        desk.lanes.bug.connect(self._note_bug)
        self._asked.connect(self._do, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._listen, name="tour-listener", daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self._asked.emit(line)

    @Slot(str)
    def _note_bug(self, details: str) -> None:
        self._bugs.append(details)

    @Slot(str)
    def _do(self, line: str) -> None:
        order = json.loads(line)
        if order["step"] == "quit":
            self._desk.window.close()
            self._answer({"ok": True, "facts": {}, "pictures": [], "error": ""})
            return
        hands = self._visit.hands
        self._visit.facts = dict(order["facts"])
        error = ""
        try:
            hands.begin(order["number"])
            STEPS[order["step"]](self._visit)
        except Exception as failure:  # noqa: BLE001 - a failed step is an answer, not the end of the app
            error = f"{type(failure).__name__}: {failure}\n{traceback.format_exc()}"
            hands.picture("failed")
        if self._bugs:
            error += "\n".join(self._bugs)
            self._bugs = []
        self._answer({"ok": not error, "facts": self._visit.facts, "pictures": hands.taken, "error": error})

    def _answer(self, data: dict[str, object]) -> None:
        sys.stdout.write(json.dumps(data) + "\n")
        sys.stdout.flush()
