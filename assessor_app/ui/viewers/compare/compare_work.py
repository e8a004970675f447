"""The work behind a comparison, in small pieces on the lanes: opening files, reading words, comparing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from assessor_app.documents.difference import Difference, PageState, difference
from assessor_app.documents.patches import covered_response
from assessor_app.documents.picture_difference import Look, compare_looks, look_scale
from assessor_app.documents.sniff import Kind
from assessor_app.documents.word_row import WordRow, are_laid_out_alike
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import Response
from assessor_app.errors import KnownError
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.compare.reading import Reading
from assessor_app.ui.viewers.compare.versions import Loaded, Refused, Version
from assessor_app.ui.viewers.page_supply import card_of

MOST_LOOKS = 60
"""Pairs of pages whose looks are compared."""
_SHIFT_PT = 2.0
"""How far a word may have moved on a page that is laid out alike."""
_LOOK_PRIORITY = -20
"""Behind everything that the person waits for."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a lane found out about two versions."""

    found: Difference
    to_look_at: list[tuple[int, int]]
    """Pairs of pages, earlier and present, whose looks are still to be compared."""


class CompareWork(QObject):
    """Opens two versions and tells, step by step, what there is to say.

    Args:
        lanes: where it is done.
        find_source: the service that finds an artifact's file.
        parent: Qt parent.
    """

    side_ready = Signal(bool, object)
    """Whether it is the present version's side; Loaded or Refused."""
    progress = Signal(int, int)
    """Pages read, and to read."""
    compared = Signal(object)
    """Difference."""
    looked = Signal(int, int, object)
    """Page of the earlier version, page of the present one, Look."""
    nothing_to_compare = Signal()
    """One of the sides has neither pages nor text."""

    def __init__(
        self,
        lanes: Lanes,
        find_source: Callable[[Any, SubmissionId, ArtifactId], Any],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._find_source = lanes, find_source
        self._tickets: list[Ticket] = []
        self._sides: dict[bool, Loaded | Refused] = {}
        self._reading = Reading(lanes, self.progress.emit, self._compare, self)

    def side(self, is_new: bool) -> Loaded | Refused | None:
        """What is known of a side; None while it is being opened."""
        return self._sides.get(is_new)

    def stop(self) -> None:
        """Let go of everything under way."""
        for ticket in self._tickets:
            ticket.cancel()
        self._tickets.clear()
        self._sides.clear()
        self._reading.stop()

    def start(self, submission_id: SubmissionId, old: Version | None, new: Version | None) -> None:
        """Compare two versions, or open the one that is known; whatever was under way is dropped."""
        self.stop()
        for is_new, version in ((False, old), (True, new)):
            if version is not None:
                self._open(submission_id, version, is_new)

    # ---- opening ----

    def _open(self, submission_id: SubmissionId, version: Version, is_new: bool) -> None:
        item = version.item
        if isinstance(item, Response):
            self._take(is_new, Loaded(version, text=covered_response(item.text, ()).text))
            return
        find_source, artifact_id = self._find_source, item.id

        def open_it(context: Any) -> Loaded:
            source = find_source(context, submission_id, artifact_id)
            info = context.renderer.open(source)
            text = context.renderer.read_text(source) if info.kind is Kind.TEXT else None
            return Loaded(version, source, info, text)

        def opened(loaded: Loaded) -> None:
            self._take(is_new, loaded)

        def failed(error: KnownError) -> None:
            self._take(is_new, Refused(version, card_of(error)))

        self._tickets.append(self._lanes.render(self, open_it, opened, failed=failed, priority=1500))

    def _take(self, is_new: bool, side: Loaded | Refused) -> None:
        self._sides[is_new] = side
        self.side_ready.emit(is_new, side)
        if len(self._sides) == 2:
            self._read()

    # ---- reading words, and comparing ----

    def _read(self) -> None:
        old, new = self._sides[False], self._sides[True]
        both = [side for side in (old, new) if isinstance(side, Loaded) and _can_be_read(side)]
        if len(both) < 2:
            self.nothing_to_compare.emit()
        elif both[0].digest == both[1].digest:
            self.compared.emit(None)
        else:
            self._reading.start(*both)

    def _compare(self, old: list[WordRow], new: list[WordRow]) -> None:
        def compare(_context: Any) -> _Compared:
            found = difference(old, new)
            return _Compared(found, _to_look_at(found, old, new)[:MOST_LOOKS])

        # On a lane that draws nothing: the pages keep coming meanwhile.
        self._tickets.append(self._lanes.read(self, compare, self._compared, key="compare"))

    def _compared(self, answer: _Compared) -> None:
        self.compared.emit(answer.found)
        self._look_on(answer.to_look_at)

    def _look_on(self, left: list[tuple[int, int]]) -> None:
        old, new = self._sides.get(False), self._sides.get(True)
        if not left or not isinstance(old, Loaded) or not isinstance(new, Loaded):
            return
        if not old.page_count or not new.page_count:
            return
        (old_page, new_page), *rest = left

        def look(context: Any) -> Look:
            drawn = []
            for side, page in ((old, old_page), (new, new_page)):
                assert side.info is not None
                size = side.info.pages[page]
                drawn.append(context.renderer.render(side.source, page, look_scale(size)))
            return compare_looks(*drawn)

        def looked(found: Look) -> None:
            self.looked.emit(old_page, new_page, found)
            self._look_on(rest)

        def failed(_error: KnownError) -> None:
            # The page's own drawing tells what is wrong with it.
            self._look_on(rest)

        ticket = self._lanes.render(self, look, looked, failed=failed, priority=_LOOK_PRIORITY)
        self._tickets.append(ticket)


def _can_be_read(side: Loaded) -> bool:
    return bool(side.page_count) or side.text is not None


def _to_look_at(found: Difference, old: Sequence[WordRow], new: Sequence[WordRow]) -> list[tuple[int, int]]:
    """Pairs of pages that words do not tell apart: those without words first, then those laid out alike."""
    same = [
        (pair.has_words, pair.old, pair.new)
        for pair in found.pairs
        if pair.old is not None and pair.new is not None and pair.state is PageState.SAME
    ]
    return [
        (old_page, new_page)
        for has_words, old_page, new_page in sorted(same)
        if not has_words or are_laid_out_alike(old[old_page], new[new_page], _SHIFT_PT)
    ]
