"""Which pages a query can be on: the text of every page, without case and accents, in memory.

A page's text is a few kilobytes, its words with their boxes many times that. So the texts stay here, and the
words are read from the store for the pages that have hits. What is not known yet is read in the background,
a few pages at a time, and kept encrypted for the next time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from assessor_app.documents.pages import EvidenceSource, PageText
from assessor_app.documents.text_layer import folded_forms
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import KnownError
from assessor_app.services import page_texts
from assessor_app.ui.tasks import Lanes, Ticket

READ_AHEAD_PAGES = 2_000
"""Longer documents are read only where somebody reads or searches."""
_BATCH = 2
_PRIORITY = 5
"""Below everything that somebody waits for."""
_LOAD_MS, _START_MS, _BETWEEN_MS = 250, 1_500, 15
_LONGEST_PAUSE_MS = 3_000
_KEPT_AT_ONCE = 8
"""Pages kept in one transaction: a save of the person waits for at most one of them."""
_KEEP_MS = 1_000

Read = tuple[tuple[tuple[PageText, bool], ...], int]
"""Pages that were read, each with whether its words were kept already, and how many could not be read."""


class TextIndex(QObject):
    """The texts of one document.

    Args:
        lanes: where texts are read and kept.
        parent: Qt parent.
    """

    completed = Signal()
    """Every page that can be read is known."""

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._source: EvidenceSource | None = None
        self._page_count = 0
        self._forms: dict[int, tuple[str, ...]] = {}
        self._tried: set[int] = set()
        self._unkept: list[PageText] = []
        self._ticket: Ticket | None = None
        self._read_timer = QTimer(self, singleShot=True)
        self._read_timer.timeout.connect(self._read_on)
        # Not in the breath in which the first page is painted.
        self._load_timer = QTimer(self, singleShot=True, interval=_LOAD_MS)
        self._load_timer.timeout.connect(self._load)
        self._keep_timer = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._keep_timer.timeout.connect(self.flush)

    def open(self, source: EvidenceSource | None, page_count: int, *, has_text: bool = True) -> None:
        """Another document; what the last one has not kept yet is kept now."""
        self.flush()
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = None
        self._read_timer.stop()
        self._load_timer.stop()
        self._forms.clear()
        self._tried.clear()
        self._source = source if has_text else None
        self._page_count = page_count
        if self._source is not None:
            self._load_timer.start()

    @property
    def known_pages(self) -> int:
        """Pages whose text is here."""
        return len(self._forms)

    @Slot(object)
    def add(self, read: Iterable[tuple[PageText, bool]]) -> None:
        """Take words that were read, each with whether they are kept already."""
        for text, is_kept in read:
            self._forms[text.page] = folded_forms(text.text)
            if not is_kept:
                self._unkept.append(text)
        if len(self._unkept) >= _KEPT_AT_ONCE:
            self.flush()
        elif self._unkept and not self._keep_timer.isActive():
            self._keep_timer.start()

    def forget(self, pages: Iterable[int]) -> None:
        """The words of some pages are shown otherwise now: they are read anew."""
        for page in pages:
            self._forms.pop(page, None)
            self._tried.discard(page)
            self._unkept = [text for text in self._unkept if text.page != page]

    def may_hold(self, page: int, wanted: Sequence[str]) -> bool | None:
        """Whether a page may have hits for a folded query; None while its text is not known."""
        forms = self._forms.get(page)
        if forms is None:
            return None
        return any(one in form for one in wanted for form in forms)

    @Slot()
    def flush(self) -> None:
        """Keep what was read, at low priority."""
        self._keep_timer.stop()
        source, texts = self._source, tuple(self._unkept)
        self._unkept.clear()
        if source is None or not texts or self._lanes.is_closed:
            return
        blob_id = source.blob_id

        def verb(context: object) -> ChangeSet:
            return page_texts.keep(context, blob_id, texts)

        self._lanes.write(verb, owner=self, failed=self._not_kept, background=True)

    @Slot()
    def _load(self) -> None:
        """What was kept the last time comes first; then what is missing is read."""
        source = self._source
        if source is None:
            return

        def query(context: object) -> dict[int, tuple[str, ...]]:
            texts = page_texts.known_texts(context, source.blob_id)
            return {page: folded_forms(text) for page, text in texts.items()}

        def done(forms: dict[int, tuple[str, ...]]) -> None:
            if self._source is source:
                self._forms = {**forms, **self._forms}
                self._read_timer.start(_START_MS)

        self._lanes.read(self, query, done, failed=self._not_kept, key="texts")

    @Slot()
    def _read_on(self) -> None:
        source = self._source
        if source is None or self._page_count > READ_AHEAD_PAGES:
            return
        missing = [
            page for page in range(self._page_count) if page not in self._forms and page not in self._tried
        ]
        if not missing:
            self.completed.emit()
            return
        batch = missing[:_BATCH]
        self._tried.update(batch)
        taken = QElapsedTimer()
        taken.start()

        def query(context: object) -> Read:
            return read_pages(context, source, batch)

        def done(read: Read) -> None:
            if self._source is source:
                self.add(read[0])
                # Pages that take long to read, or a lane that has other work: keep out of the way.
                self._read_timer.start(min(_LONGEST_PAUSE_MS, _BETWEEN_MS + 2 * taken.elapsed()))

        self._ticket = self._lanes.render(self, query, done, failed=self._not_kept, priority=_PRIORITY)

    def _not_kept(self, _error: KnownError) -> None:
        """Texts are only a help: without them a search reads the file itself."""


def read_pages(context: object, source: EvidenceSource, pages: Iterable[int]) -> Read:
    """Read the words of some pages; for a lane thread."""
    read: list[tuple[PageText, bool]] = []
    unread = 0
    for page in pages:
        try:
            read.append(page_texts.page_text(context, source, page))
        except KnownError:
            unread += 1
    return tuple(read), unread
