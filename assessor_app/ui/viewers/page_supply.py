"""Gets drawn pages and page texts from the render worker, through the lanes, and keeps some.

Nothing here waits. What is in view is asked for first; what went out of view is cancelled; an answer
for another document is dropped. A page that fails has a card until it is tried again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from assessor_app.documents.cards import card_for
from assessor_app.documents.pages import Card, EvidenceSource, PageText, Patch
from assessor_app.errors import EvidenceRefused, KnownError, SealDamaged
from assessor_app.services import page_texts
from assessor_app.ui.page_image import to_image
from assessor_app.ui.render_context import HasRenderer
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.page_cache import PageCache, TileKey

BUDGET_BYTES = 56 * 1024 * 1024
"""Most memory that drawn pages take in this process."""
TEXTS_KEPT = 48
"""Most pages whose words are kept."""
_TEXT_PRIORITY = 500
_FIRST_PRIORITY = 1000


def card_of(error: KnownError) -> Card:
    """The card that an error brings along, or one made of its words."""
    if isinstance(error, SealDamaged):
        return card_for("seal_damaged")
    card = getattr(error, "card", None)
    if isinstance(error, EvidenceRefused) and isinstance(card, Card):
        return card
    message = f"{error.message} {error.next_step}".strip()
    return Card("error", error.title, message, can_retry=True)


class PageSupply(QObject):
    """Drawn pages and page texts of one open document."""

    drawn = Signal(int)
    """A page's drawing arrived; its index."""
    failed = Signal(int)
    """A page has a card now; its index."""
    text_arrived = Signal(int)
    """A page's words arrived; its index."""
    text_read = Signal(object)
    """Words that were read, each PageText with whether it is kept already: for the index of texts."""

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cache = PageCache(BUDGET_BYTES)
        self.cards: dict[int, Card] = {}
        self.patches: dict[int, tuple[Patch, ...]] = {}
        """Places that may name a person, of the pages that were drawn."""
        self._lanes = lanes
        self._source: EvidenceSource | None = None
        self._wanted: tuple[TileKey, ...] = ()
        self._tickets: dict[TileKey, Ticket] = {}
        self._texts: OrderedDict[int, PageText] = OrderedDict()
        self._text_tickets: dict[int, Ticket] = {}
        self._textless = False

    @property
    def source(self) -> EvidenceSource | None:
        """The document at hand."""
        return self._source

    @property
    def pending(self) -> int:
        """How many drawings are under way."""
        return len(self._tickets)

    def open(self, source: EvidenceSource | None, *, has_text: bool = True) -> None:
        """Begin with another document; everything of the last one is let go of."""
        for ticket in (*self._tickets.values(), *self._text_tickets.values()):
            ticket.cancel()
        self._tickets.clear()
        self._text_tickets.clear()
        self._texts.clear()
        self.cards.clear()
        self.patches.clear()
        self.cache.clear()
        self._wanted = ()
        self._source = source
        self._textless = not has_text

    def take(self, key: TileKey, result: QImage | KnownError, patches: tuple[Patch, ...] = ()) -> None:
        """Take a drawing that was made elsewhere, with its patches, or the reason why there is none."""
        self.patches[key.page] = patches
        if isinstance(result, KnownError):
            self.cards[key.page] = card_of(result)
        else:
            self.cache.put(key, result, self._wanted)

    @Slot(int, object)
    def refuse(self, page: int, error: KnownError) -> None:
        """Give a page that could not be drawn elsewhere its card, so that nobody waits for it once more."""
        if page not in self.cards and page not in self.cache.pages():
            self.cards[page] = card_of(error)
            self.failed.emit(page)

    def want(self, keys: Sequence[TileKey]) -> None:
        """Say what is needed, the most urgent first; anything else under way is cancelled."""
        self._wanted = tuple(keys)
        for key in [key for key in self._tickets if key not in self._wanted]:
            self._tickets.pop(key).cancel()
        for rank, key in enumerate(keys):
            if key not in self.cache and key not in self._tickets and key.page not in self.cards:
                self._ask(key, _FIRST_PRIORITY - rank)

    def retry(self, page: int) -> None:
        """Forget a page's card, so that it can be asked for again."""
        self.cards.pop(page, None)

    def renew(self, page: int, *, keep: bool) -> None:
        """Have a page drawn and read anew.

        Args:
            page: index from 0.
            keep: whether the present drawing may be seen until the new one is here.
        """
        for key in [key for key in self._tickets if key.page == page]:
            self._tickets.pop(key).cancel()
        ticket = self._text_tickets.pop(page, None)
        if ticket is not None:
            ticket.cancel()
        self._texts.pop(page, None)
        wanted = [key for key in self._wanted if key.page == page]
        if keep:
            self.cache.keep_only(page, wanted)
        else:
            self.cache.forget_page(page)
            self.drawn.emit(page)
        for rank, key in enumerate(wanted):
            self._ask(key, _FIRST_PRIORITY - rank)
        self.text(page)

    def text(self, page: int) -> PageText | None:
        """The words of a page; asked for when they are not known yet."""
        known = self._texts.get(page)
        if known is not None:
            self._texts.move_to_end(page)
            return known
        if self._source is not None and page not in self._text_tickets:
            if self._textless:
                self._texts[page] = PageText(page, "", ())
                return self._texts[page]
            self._ask_text(self._source, page)
        return None

    def _ask(self, key: TileKey, priority: int) -> None:
        source = self._source
        if source is None:
            return

        def query(context: HasRenderer) -> tuple[QImage, tuple[Patch, ...]]:
            pixels = context.renderer.render(
                source, key.page, key.scale, key.clip, is_bare=key.is_bare, tone=key.tone
            )
            return to_image(pixels), pixels.patches

        def done(drawn: tuple[QImage, tuple[Patch, ...]]) -> None:
            self._tickets.pop(key, None)
            image, self.patches[key.page] = drawn
            self.cache.put(key, image, self._wanted)
            self.drawn.emit(key.page)

        def failed(error: KnownError) -> None:
            self._tickets.pop(key, None)
            self.cards[key.page] = card_of(error)
            self.failed.emit(key.page)

        self._tickets[key] = self._lanes.render(self, query, done, failed=failed, priority=priority)

    def _ask_text(self, source: EvidenceSource, page: int) -> None:
        def query(context: HasRenderer) -> tuple[PageText, bool]:
            return page_texts.page_text(context, source, page)

        def done(read: tuple[PageText, bool]) -> None:
            self._text_tickets.pop(page, None)
            self._keep_text(read[0])
            self.text_read.emit((read,))

        def failed(_error: KnownError) -> None:
            # The page's own drawing tells what is wrong with it; without words it can still be boxed.
            self._text_tickets.pop(page, None)
            self._keep_text(PageText(page, "", ()))

        self._text_tickets[page] = self._lanes.render(
            self, query, done, failed=failed, priority=_TEXT_PRIORITY
        )

    def _keep_text(self, page_text: PageText) -> None:
        self._texts[page_text.page] = page_text
        while len(self._texts) > TEXTS_KEPT:
            self._texts.popitem(last=False)
        self.text_arrived.emit(page_text.page)
