"""The work behind a comparison, in small pieces on the lanes: opening files, reading words, comparing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from assessor_app.documents.difference import Difference, PageState, difference, page_of_text
from assessor_app.documents.pages import PageText
from assessor_app.documents.picture_difference import Look, compare_looks, look_scale
from assessor_app.documents.sniff import Kind
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import Response
from assessor_app.errors import EvidenceRefused, KnownError
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.compare.versions import Loaded, Pages, Refused, Version
from assessor_app.ui.viewers.page_supply import card_of

MOST_PAGES = 1_000
"""Pages of each version whose words are compared."""
MOST_LOOKS = 60
"""Pairs of pages whose looks are compared."""
_AT_ONCE = 6
"""Pages whose words are read in one go, so that drawing never waits long."""
_SHIFT_PT = 2.0
"""How far a word may have moved on a page that is laid out alike."""
_READ_PRIORITY, _LOOK_PRIORITY = -10, -20
"""Behind everything that the person waits for."""


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
        self._words: dict[bool, list[PageText]] = {}

    def side(self, is_new: bool) -> Loaded | Refused | None:
        """What is known of a side; None while it is being opened."""
        return self._sides.get(is_new)

    def stop(self) -> None:
        """Let go of everything under way."""
        for ticket in self._tickets:
            ticket.cancel()
        self._tickets.clear()
        self._sides.clear()
        self._words.clear()

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
            self._take(is_new, Loaded(version, text=item.text))
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

    # ---- reading words ----

    def _read(self) -> None:
        sides = {is_new: side for is_new, side in self._sides.items() if isinstance(side, Loaded)}
        if len(sides) < 2 or any(not side.page_count and side.text is None for side in sides.values()):
            self.nothing_to_compare.emit()
            return
        if sides[False].digest == sides[True].digest:
            self.compared.emit(None)
            return
        for is_new, side in sides.items():
            self._words[is_new] = []
            if side.text is not None:
                self._words[is_new] = [page_of_text(side.text)]
            elif side.info is not None and not side.info.has_text:
                count = min(MOST_PAGES, side.page_count)
                self._words[is_new] = [PageText(page, "", ()) for page in range(count)]
        self._read_on()

    def _wanted(self, is_new: bool) -> int:
        side = self._sides[is_new]
        return min(MOST_PAGES, side.page_count) or 1 if isinstance(side, Loaded) else 0

    def _read_on(self) -> None:
        """The next few pages of the side that is behind; both in turn, until all is read."""
        done = {is_new: len(words) for is_new, words in self._words.items()}
        total = sum(self._wanted(is_new) for is_new in done)
        self.progress.emit(sum(done.values()), total)
        behind = [is_new for is_new in done if done[is_new] < self._wanted(is_new)]
        if not behind:
            self._compare()
            return
        is_new = min(behind, key=lambda side: done[side])
        first, last = done[is_new], min(done[is_new] + _AT_ONCE, self._wanted(is_new))
        side = self._sides[is_new]
        assert isinstance(side, Loaded)
        source = side.source

        def read(context: Any) -> Pages:
            return tuple(_text_of(context, source, page) for page in range(first, last))

        def arrived(pages: Pages) -> None:
            self._words[is_new] += pages
            self._read_on()

        self._tickets.append(self._lanes.render(self, read, arrived, priority=_READ_PRIORITY))

    # ---- comparing ----

    def _compare(self) -> None:
        old, new = tuple(self._words[False]), tuple(self._words[True])
        # On a lane that draws nothing: the pages keep coming meanwhile.
        self._tickets.append(
            self._lanes.read(self, lambda _context: difference(old, new), self._compared, key="compare")
        )

    def _compared(self, found: Difference) -> None:
        self.compared.emit(found)
        wanted = _to_look_at(found, self._words[False], self._words[True])[:MOST_LOOKS]
        # Hundreds of thousands of words that nothing needs any more.
        self._words.clear()
        self._look_on(wanted)

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


def _to_look_at(found: Difference, old: Sequence[PageText], new: Sequence[PageText]) -> list[tuple[int, int]]:
    """Pairs of pages that words do not tell apart: those without words first, then those laid out alike."""
    same = [
        (pair.has_words, pair.old, pair.new)
        for pair in found.pairs
        if pair.old is not None and pair.new is not None and pair.state is PageState.SAME
    ]
    return [
        (old_page, new_page)
        for has_words, old_page, new_page in sorted(same)
        if not has_words or _are_laid_out_alike(old[old_page], new[new_page])
    ]


def _are_laid_out_alike(old: PageText, new: PageText) -> bool:
    """Whether the same words stand in the same places: else the whole page would count as different."""
    return len(old.words) == len(new.words) and all(
        abs(one.x0 - other.x0) < _SHIFT_PT and abs(one.y0 - other.y0) < _SHIFT_PT
        for one, other in zip(old.words, new.words, strict=True)
    )


def _text_of(context: Any, source: Any, page: int) -> PageText:
    try:
        text: PageText = context.renderer.text(source, page)
    except EvidenceRefused:
        # The page's own drawing tells what is wrong with it; it counts as a page without words.
        return PageText(page, "", ())
    return text
