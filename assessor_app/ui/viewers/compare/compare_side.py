"""One side of a comparison: which version it is, a choice of others, and its pages or its text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from assessor_app.documents.difference import Change, Difference
from assessor_app.documents.pages import Card
from assessor_app.documents.text_layer import Rect
from assessor_app.domain.annotations import Annotation
from assessor_app.ui.annotate.comment_fields import QuietCombo
from assessor_app.ui.annotate.layer import AnnotationLayer
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.card_view import CardView
from assessor_app.ui.viewers.compare.change_overlay import ChangeOverlay
from assessor_app.ui.viewers.compare.changed_text import ChangedText
from assessor_app.ui.viewers.compare.page_map import Spot
from assessor_app.ui.viewers.compare.versions import Loaded, Refused, Version
from assessor_app.ui.viewers.guard.patch_overlay import PatchOverlay
from assessor_app.ui.viewers.page_supply import PageSupply
from assessor_app.ui.viewers.pages import PageView

_LABEL_CHARS = 10
"""Narrowest choice of versions, in characters; the list that drops down is as wide as its words."""
_NARROWEST_CHARS = 18
_READING_SHARE = 0.33
"""How far down the view the eye is."""


class CompareSide(QWidget):
    """Shows one version.

    Args:
        lanes: where pages are drawn and read.
        parent: Qt parent.
        is_new: whether it is the present version's side.
    """

    chosen = Signal(str)
    """Key of the version that the person wants on this side."""
    moved = Signal()
    """What is shown stands elsewhere in the view."""
    retry_requested = Signal()
    """Try again to open it."""

    def __init__(self, lanes: Lanes, parent: QWidget | None = None, *, is_new: bool) -> None:
        super().__init__(parent)
        self.is_new = is_new
        self.setProperty("surface", "surface")
        self.title = plain_label("", "strong", self)
        words = self.tr("What stands on the right") if is_new else self.tr("What stands on the left")
        self.choice = QuietCombo(words, self)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(_LABEL_CHARS)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.supply = PageSupply(lanes, self)
        self.pages = PageView(self.supply, self)
        self.text = ChangedText(self, is_new=is_new)
        self.card = CardView(self)
        self.card.list_button.hide()
        self.waiting = CardView(self)
        self.overlay = ChangeOverlay(is_new=is_new)
        self.marks = AnnotationLayer(lanes, self)
        self.pages.overlays = [PatchOverlay(self.supply, self.font()), self.marks, self.overlay]
        self._stack = QStackedWidget(self)
        self._blank = QWidget(self)
        for widget in (self._blank, self.waiting, self.pages, self.text, self.card):
            self._stack.addWidget(widget)
        head = QFrame(self)
        head.setProperty("surface", "window")
        column = QVBoxLayout(head)
        column.setContentsMargins(*(space(self, quarters) for quarters in (2, 1, 2, 1.5)))
        column.setSpacing(space(self, 0.5))
        column.addWidget(self.title)
        column.addWidget(self.choice)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(head)
        outer.addWidget(self._stack, 1)
        self.choice.activated.connect(self._choose)
        self.pages.moved.connect(self.moved)
        self.text.moved.connect(self.moved)
        self.marks.changed.connect(self.pages.viewport().update)
        self.card.retry_requested.connect(self.retry_requested)

    def minimumSizeHint(self) -> QSize:
        """Narrow enough that the window decides how both stand, and not what is shown in them."""
        return QSize(
            self.fontMetrics().averageCharWidth() * _NARROWEST_CHARS, self.fontMetrics().height() * 8
        )

    # ---- what comes in ----

    def show_choices(self, versions: Sequence[Version], key: str) -> None:
        """Offer versions; the one of this key is the one shown."""
        self.choice.clear()
        for version in versions:
            self.choice.addItem(one_line(version.label), version.key)
        self.choice.setCurrentIndex(next((n for n, v in enumerate(versions) if v.key == key), -1))
        self.choice.setPlaceholderText(self.tr("Choose what to compare with"))

    def show_title(self, version: Version | None) -> None:
        """Say which version this is."""
        is_earlier = version is not None and version.is_earlier
        words = self.tr("Earlier version") if is_earlier else self.tr("This submission")
        if version is None:
            words = self.tr("Compare with")
        self.title.setText(words)
        self.setAccessibleName(words)

    def show_waiting(self, title: str, message: str) -> None:
        """Show words while there is nothing else."""
        self.close_file()
        self.waiting.show_card(Card("nothing", title, message, can_retry=False))
        self.waiting.list_button.hide()
        self._show(self.waiting)

    def show_loaded(self, loaded: Loaded) -> None:
        """Show a version that was opened, without what differs yet."""
        name = f"{self.title.text()}, {one_line(loaded.version.label)}"
        if loaded.info is not None and loaded.source is not None and loaded.page_count:
            self.supply.open(loaded.source, has_text=loaded.info.has_text)
            self.overlay.clear(loaded.info.pages)
            self.marks.open(loaded.source, loaded.version.item.id, loaded.page_count)
            self.pages.open(loaded.info, name)
            self._show(self.pages)
        elif loaded.text is not None:
            self.text.setAccessibleName(name)
            self.text.show_text(loaded.text)
            self._show(self.text)
        else:
            card = Card(
                "unknown_kind",
                self.tr("This kind of file cannot be laid side by side"),
                self.tr("Open it from the list of evidence. Nothing is lost by comparing."),
                can_retry=False,
            )
            self.show_refused(Refused(loaded.version, card))

    def show_refused(self, refused: Refused) -> None:
        """Say why a version cannot be shown."""
        self.card.show_card(refused.card, one_line(refused.version.label))
        self.card.list_button.hide()
        self._show(self.card)

    def show_difference(self, found: Difference) -> None:
        """Mark what differs."""
        self.overlay.show(found)
        if self.has_text:
            self.text.show_changes(found.changes)
        self.pages.viewport().update()

    def show_look(self, page: int, rects: tuple[Rect, ...]) -> None:
        """Mark where a page looks different."""
        self.overlay.show_look(page, rects)
        self.pages.viewport().update()

    def set_annotations(self, annotations: Sequence[Annotation]) -> None:
        """Show the marks of this submission, to be read alone."""
        self.marks.set_annotations(annotations, frozenset(a.id for a in annotations))

    def close_file(self) -> None:
        """Let go of what is shown and stop all work on it."""
        self.marks.open(None, "", 0)
        self.supply.open(None)
        self.overlay.clear()
        self._show(self._blank)

    # ---- places ----

    @property
    def has_pages(self) -> bool:
        """Whether pages are shown."""
        return self._stack.currentWidget() is self.pages

    @property
    def has_text(self) -> bool:
        """Whether a text without pages is shown."""
        return self._stack.currentWidget() is self.text

    def spot(self) -> Spot:
        """The place on the pages that the eye is on."""
        view = self.pages.viewport().height() * _READING_SHARE
        visible = self.pages.visible_pages()
        page = next((p for p in reversed(visible) if self.pages.page_rect(p).top() <= view), self.pages.page)
        rect = self.pages.page_rect(page)
        return page, min(1.0, (view - rect.top()) / max(1.0, rect.height()))

    def put_at(self, spot: Spot) -> None:
        """Bring a place on the pages to where the eye is."""
        page, share = spot
        if not 0 <= page < self.pages.page_count:
            return
        rect = self.pages.page_rect(page)
        bar = self.pages.verticalScrollBar()
        view = self.pages.viewport().height() * _READING_SHARE
        bar.setValue(bar.value() + round(rect.top() + share * rect.height() - view))

    def go_to(self, change: Change) -> None:
        """Bring a change into view and mark it as the one at hand."""
        self.overlay.current = change
        if self.has_text:
            self.text.go_to(change)
            return
        near = change.new_near if self.is_new else change.old_near
        bounds = QRectF()
        for x0, y0, x1, y1 in near.rects[:8]:
            bounds = bounds.united(QRectF(x0, y0, max(1.0, x1 - x0), y1 - y0))
        if near.rects:
            self.pages.show_rect(near.page, bounds)
        else:
            self.pages.go_to_page(near.page)
        self.pages.viewport().update()

    def focus_content(self) -> None:
        """Put the keyboard on what is shown."""
        shown = self._stack.currentWidget()
        if shown is not None:
            shown.setFocus()

    def _show(self, widget: QWidget) -> None:
        self._stack.setCurrentWidget(widget)

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.chosen.emit(str(self.choice.itemData(index)))
