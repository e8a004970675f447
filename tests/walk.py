"""Going through many files in the real viewer: what became of each, and whether the window stood still."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests.evidence_desk import Piece, Reader, pause, wait_until

BEAT_MS = 5
FREEZE_GAP_MS = 250.0
"""Longest time for which the window may stand still."""
SHOWN = "shown"
NEVER = "never came up"


class Pulse(QObject):
    """Feels every 5 ms whether the window lives, and how long it waited for a processor that others had."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Feel nothing yet."""
        super().__init__(parent)
        self.longest_ms = 0.0
        """Between two beats, by the clock on the wall."""
        self.longest_own_ms = 0.0
        """The same, less the time for which the system let others run."""
        self.own_gaps_ms: list[float] = []
        self._last_s, self._last_wait_s = 0.0, 0.0
        self._schedule = _open_schedule()
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        """Feel from here on, anew."""
        self.longest_ms = self.longest_own_ms = 0.0
        self.own_gaps_ms.clear()
        self._last_s, self._last_wait_s = time.perf_counter(), self._waited_s()
        self._timer.start()

    def stop(self) -> None:
        """Feel no more; what the window does just now still counts."""
        if self._timer.isActive():
            self._beat()
        self._timer.stop()

    def close(self) -> None:
        """Let go of what it reads."""
        self.stop()
        if self._schedule is not None:
            os.close(self._schedule)
            self._schedule = None

    def _beat(self) -> None:
        now_s, wait_s = time.perf_counter(), self._waited_s()
        gap_ms = (now_s - self._last_s) * 1000
        own_ms = max(0.0, gap_ms - (wait_s - self._last_wait_s) * 1000)
        self.own_gaps_ms.append(own_ms)
        self.longest_ms = max(self.longest_ms, gap_ms)
        self.longest_own_ms = max(self.longest_own_ms, own_ms)
        self._last_s, self._last_wait_s = now_s, wait_s

    def _waited_s(self) -> float:
        """How long this thread has waited for a processor in its life; 0 where the system does not tell."""
        if self._schedule is None:
            return 0.0
        return int(os.pread(self._schedule, 100, 0).split()[1]) / 1e9


def _open_schedule() -> int | None:
    try:
        return os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
    except OSError:
        return None


class LostChildren(logging.Handler):
    """Counts the children that were lost while it listens, by reason."""

    def __init__(self) -> None:
        """Listen to what documents say."""
        super().__init__(logging.INFO)
        self.reasons: list[str] = []
        self._logger = logging.getLogger("assessor_app.documents")
        self._before = self._logger.level
        self._logger.addHandler(self)
        self._logger.setLevel(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the reason of a loss."""
        if "lost" in record.msg:
            self.reasons.append(record.getMessage().rpartition(": ")[2])

    def take(self) -> list[str]:
        """The reasons since the last time."""
        taken, self.reasons = self.reasons, []
        return taken

    def close(self) -> None:
        """Listen no more."""
        self._logger.removeHandler(self)
        self._logger.setLevel(self._before)
        super().close()


@dataclass
class Outcome:
    """What became of one file."""

    name: str
    result: str
    """`SHOWN`, the reason of its card, or `NEVER`."""
    page_cards: list[str] = field(default_factory=list)
    """Reasons of the cards that stand on single pages."""
    lost: list[str] = field(default_factory=list)
    """Why children were lost meanwhile."""
    milliseconds: float = 0.0
    """From the choice in the list to the viewer or the card."""
    gap_ms: float = 0.0
    """Longest time for which the window stood still."""
    own_gap_ms: float = 0.0
    """The same, less the time for which the system let others run."""

    def as_json(self) -> dict[str, Any]:
        """With short names and without what is empty."""
        found: dict[str, Any] = {"result": self.result, "ms": round(self.milliseconds)}
        found |= {"gap_ms": round(self.gap_ms), "own_gap_ms": round(self.own_gap_ms)}
        found |= {"page_cards": self.page_cards} if self.page_cards else {}
        return found | ({"lost": self.lost} if self.lost else {})


class Walk:
    """Opens file after file in one workspace, turns a page or two, and notes what happens."""

    def __init__(
        self, workspace: AssessorWorkspace, *, open_ms: int, page_ms: int, search_ms: int = 3_000
    ) -> None:
        """Begin with a workspace that is shown; its side bar is opened with the first pages.

        Args:
            workspace: has the pieces in its list.
            open_ms: longest wait for a viewer or a card.
            page_ms: longest wait for the drawings of a page.
            search_ms: longest wait for a search through all pages.
        """
        self.reader = Reader(workspace)
        self.pulse = Pulse()
        self.lost = LostChildren()
        self._open_ms, self._page_ms, self._search_ms = open_ms, page_ms, search_ms
        self._play_ms = 120

    def visit(self, piece: Piece) -> Outcome:
        """Open one file, as a person does, and look at its first pages."""
        self.lost.take()
        self.pulse.begin()
        started = time.perf_counter()
        is_there = self.reader.choose(piece.key)
        is_up = is_there and wait_until(lambda: self.reader.is_up(piece.key), self._open_ms)
        outcome = Outcome(piece.filename, NEVER)
        outcome.milliseconds = (time.perf_counter() - started) * 1000
        if is_up:
            outcome.result = self.reader.card_reason or SHOWN
            self._turn_pages()
        view = self.reader.view
        if view.viewer is view.pages:
            outcome.page_cards = sorted({card.reason for card in view.pages.supply.cards.values()})
        self.pulse.stop()
        outcome.gap_ms, outcome.own_gap_ms = self.pulse.longest_ms, self.pulse.longest_own_ms
        outcome.lost = self.lost.take()
        return outcome

    def close(self) -> None:
        """Stop feeling and listening."""
        self.pulse.close()
        self.lost.close()

    def _turn_pages(self) -> None:
        view = self.reader.view
        if view.viewer is not view.pages:
            self._play()
            return
        if not view.pages.place.is_bar_shown:
            # Small pages, outline and what stands in the file are then asked for with every file.
            view.pages.run("view.side_bar")
        self._wait_drawn()
        for page in (1, 2):
            if page < view.pages.pages.page_count:
                view.pages.pages.go_to_page(page)
                self._wait_drawn()
        # A search reads the words of all pages.
        view.pages.search.start("the", 0)
        wait_until(lambda: not view.pages.search.is_running, self._search_ms)
        view.pages.search.stop()

    def _play(self) -> None:
        """A recording plays for a moment and is sought in, in this very process."""
        view = self.reader.view
        has_player = "media.play" in view.viewer.commands()
        for entry_id in ("media.play", "media.forward", "media.play") if has_player else ():
            view.run(entry_id)
            pause(self._play_ms)
        pause(BEAT_MS * 4)

    def _wait_drawn(self) -> None:
        view = self.reader.view
        # What a page needs is asked for once the view has moved.
        pause(BEAT_MS * 3)
        wait_until(lambda: view.pages.supply.pending == 0, self._page_ms)


def failures(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes that a run must not have: a file that never came up, or a window that stood still."""
    return [o for o in outcomes if o.result == NEVER or o.own_gap_ms > FREEZE_GAP_MS]
