"""The words of two versions, page after page: from the store where they were kept, else from the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject

from assessor_app.documents.difference import page_of_text
from assessor_app.documents.pages import EvidenceSource, PageText
from assessor_app.documents.word_row import WordRow, word_row, wordless
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import EvidenceRefused, KnownError
from assessor_app.services import page_texts
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.compare.versions import Loaded

MOST_PAGES = 1_000
"""Pages of each version whose words are compared."""
_AT_ONCE = 6
"""Pages whose words are read out of a file in one go, so that drawing never waits long."""
_KEPT_AT_ONCE = 24
"""Pages whose words are read out of the store in one go."""
_PRIORITY = -10
"""Behind everything that the person waits for."""


@dataclass(slots=True)
class _Side:
    """What is known of one version."""

    source: EvidenceSource | None
    wanted: int
    """Pages to read."""
    rows: dict[int, WordRow] = field(default_factory=dict)
    asked: int = 0
    """Pages up to here were looked for in the store."""

    def missing(self) -> list[int]:
        """The next pages that the store did not have."""
        return [page for page in range(self.asked) if page not in self.rows][:_AT_ONCE]


class Reading(QObject):
    """Reads the words of two versions, both in turn.

    Args:
        lanes: where words are read and kept.
        progress: told the pages read, and to read.
        done: told both versions, the earlier one first.
        parent: Qt parent.
    """

    def __init__(
        self,
        lanes: Lanes,
        progress: Callable[[int, int], None],
        done: Callable[[list[WordRow], list[WordRow]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._progress, self._done = lanes, progress, done
        self._sides: tuple[_Side, ...] = ()
        self._vocabulary: dict[str, str] = {}
        self._ticket: Ticket | None = None

    def stop(self) -> None:
        """Let go of everything under way."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = None
        self._sides, self._vocabulary = (), {}

    def start(self, old: Loaded, new: Loaded) -> None:
        """Read two versions; whatever was under way is dropped."""
        self.stop()
        self._sides = (self._side(old), self._side(new))
        self._read_on()

    def _side(self, loaded: Loaded) -> _Side:
        if loaded.text is not None:
            row = word_row(page_of_text(loaded.text), self._vocabulary)
            return _Side(None, 1, {0: row}, 1)
        count = min(MOST_PAGES, loaded.page_count)
        if loaded.info is None or not loaded.info.has_text:
            return _Side(None, count, {page: wordless(page) for page in range(count)}, count)
        return _Side(loaded.source, count)

    def _read_on(self) -> None:
        """The next few pages of the side that is behind, until all is read."""
        sides = self._sides
        self._progress(sum(len(side.rows) for side in sides), sum(side.wanted for side in sides))
        behind = [side for side in sides if len(side.rows) < side.wanted]
        if not behind:
            old, new = ([side.rows[page] for page in range(side.wanted)] for side in sides)
            self.stop()
            self._done(old, new)
            return
        side = min(behind, key=lambda one: len(one.rows))
        missing = side.missing()
        if missing:
            self._read_file(side, missing)
        else:
            self._read_store(side)

    def _read_store(self, side: _Side) -> None:
        """On a lane that draws nothing, and no child is asked."""
        source, first = side.source, side.asked
        assert source is not None
        last = min(first + _KEPT_AT_ONCE, side.wanted)
        vocabulary = self._vocabulary

        def read(context: Any) -> dict[int, WordRow]:
            kept = page_texts.kept_pages(context, source.blob_id, first, last)
            return {page: word_row(text, vocabulary) for page, text in kept.items()}

        def arrived(rows: Mapping[int, WordRow]) -> None:
            side.rows.update(rows)
            side.asked = last
            self._read_on()

        def failed(_error: KnownError) -> None:
            arrived({})

        self._ticket = self._lanes.read(self, read, arrived, failed=failed, key="kept")

    def _read_file(self, side: _Side, pages: list[int]) -> None:
        """Out of the file, and kept for the next time."""
        source, vocabulary = side.source, self._vocabulary
        assert source is not None

        def read(context: Any) -> tuple[dict[int, WordRow], tuple[PageText, ...]]:
            texts = [text for page in pages if (text := _text_of(context, source, page)) is not None]
            rows = {page: wordless(page) for page in pages}
            return rows | {text.page: word_row(text, vocabulary) for text in texts}, tuple(texts)

        def arrived(found: tuple[dict[int, WordRow], tuple[PageText, ...]]) -> None:
            rows, texts = found
            side.rows.update(rows)
            self._keep(source.blob_id, texts)
            self._read_on()

        self._ticket = self._lanes.render(self, read, arrived, priority=_PRIORITY)

    def _keep(self, blob_id: str, texts: tuple[PageText, ...]) -> None:
        def verb(context: Any) -> ChangeSet:
            return page_texts.keep(context, blob_id, texts)

        if texts and not self._lanes.is_closed:
            self._lanes.write(verb, owner=self, failed=self._not_kept, background=True)

    def _not_kept(self, _error: KnownError) -> None:
        """Kept words are only a help: without them the file is read again."""


def _text_of(context: Any, source: EvidenceSource, page: int) -> PageText | None:
    try:
        text: PageText = context.renderer.text(source, page)
    except EvidenceRefused:
        # The page's own drawing tells what is wrong with it; it counts as a page without words.
        return None
    return text
