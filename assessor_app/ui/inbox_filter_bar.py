"""The chips above the inbox: its parts, saved views, the layers in force, and the menu for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLayoutItem, QPushButton, QWidget

from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, SavedView, Show
from assessor_app.ui.chip_flow import ChipFlow
from assessor_app.ui.icons import dress
from assessor_app.ui.inbox_filter_menu import FilterMenu
from assessor_app.ui.inbox_filter_words import filter_words, layer_words, show_words
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import set_plain_tooltip
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from assessor_app.ui.theme import space

LONGEST_CHIP = 48
"""Characters of a layer's words on its chip; the tool tip has them all."""


class FilterBar(QWidget):
    """Holds the filter in force; `changed` tells the new one."""

    changed = Signal(object)
    """InboxFilter, after the person chose."""
    save_requested = Signal()
    manage_requested = Signal()

    def __init__(self, keys: KeyTable, parent: QWidget | None = None) -> None:
        """Start without a filter and without views."""
        super().__init__(parent)
        self._wanted = InboxFilter()
        self._titles: dict[MicrocredentialId, str] = {}
        self._views: tuple[SavedView, ...] = ()
        self._flow = ChipFlow(space(self), self)
        self._parts: dict[Show, QPushButton] = {}
        for show in Show:
            chip = self._chip(show_words(show), partial(self._choose_part, show))
            self._parts[show] = chip
        self._loose: list[QPushButton] = []
        """Chips of views and layers; made anew with each change."""
        self._menu = FilterMenu(self)
        self._more = QPushButton(self.tr("Filter"), self)
        self._more.setProperty("kind", "chip")
        self._more.setToolTip(keys.hint("inbox.layers"))
        dress(self._more, "list-filter")
        self._flow.addWidget(self._more)
        self._more.clicked.connect(self.open_menu)
        self._menu.chosen.connect(self._take)
        self._menu.save_requested.connect(self.save_requested)
        self._menu.manage_requested.connect(self.manage_requested)
        self._show()

    @property
    def wanted(self) -> InboxFilter:
        """The filter in force."""
        return self._wanted

    @property
    def titles(self) -> Mapping[MicrocredentialId, str]:
        """Titles of micro-credentials by id."""
        return self._titles

    @property
    def views(self) -> tuple[SavedView, ...]:
        """The saved views."""
        return self._views

    def set_titles(self, titles: Mapping[MicrocredentialId, str]) -> None:
        """Take the micro-credentials to choose from."""
        if dict(titles) != self._titles:
            self._titles = dict(titles)
            self._show()

    def set_views(self, views: Sequence[SavedView]) -> None:
        """Take the saved views, in their order."""
        if tuple(views) != self._views:
            self._views = tuple(views)
            self._show()

    def set_text(self, text: str) -> None:
        """Take the words that are typed in the field; nothing is told."""
        self._wanted = replace(self._wanted, text=text)
        self._show()

    def set_filter(self, wanted: InboxFilter) -> None:
        """Take another filter, and tell."""
        self._take(wanted)

    def take_off_one(self) -> bool:
        """Take off the layer put on last in the order of the bar; False when there is none."""
        layers = self._wanted.layers
        if layers:
            self._take(self._wanted.without(layers[-1]))
        return bool(layers)

    @Slot()
    def open_menu(self) -> None:
        """Open the menu of layers below its button."""
        self._menu.offer(self._wanted, self._titles, has_views=bool(self._views))
        self._menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    # ---- inside ----

    def _chip(self, words: str, act: partial[None]) -> QPushButton:
        chip = ToggleChip(words, self)
        self._flow.addWidget(chip)
        chip.clicked.connect(act)
        return chip

    def _choose_part(self, show: Show, _checked: bool = False) -> None:
        self._take(InboxFilter() if show is Show.ALL else replace(self._wanted, show=show))

    def _choose_view(self, view: SavedView, _checked: bool = False) -> None:
        self._take(InboxFilter() if self._wanted == view.wanted else view.wanted)

    def _drop_layer(self, layer: str, _checked: bool = False) -> None:
        self._take(self._wanted.without(layer))

    @Slot(object)
    def _take(self, wanted: InboxFilter) -> None:
        is_other = wanted != self._wanted
        self._wanted = wanted
        self._show()
        if is_other:
            self.changed.emit(wanted)

    def _show(self) -> None:
        """Make the chips of views and layers anew."""
        for show, chip in self._parts.items():
            chip.setChecked(self._wanted.show is show and (show is not Show.ALL or not self._wanted.layers))
        for chip in self._loose:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._loose = [self._view_chip(view) for view in self._views]
        view_is_on = any(view.wanted == self._wanted for view in self._views)
        if not view_is_on:
            layers = (layer for layer in self._wanted.layers if layer not in ("show", "text"))
            self._loose += [self._layer_chip(layer) for layer in layers]
        self._put_last(self._more)
        self.updateGeometry()

    def _put_last(self, widget: QWidget) -> None:
        self._flow.removeWidget(widget)
        self._flow.addWidget(widget)
        before: QWidget = self
        for place in range(self._flow.count()):
            item: QLayoutItem | None = self._flow.itemAt(place)
            here = None if item is None else item.widget()
            if here is not None:
                if before is not self:
                    QWidget.setTabOrder(before, here)
                before = here

    def _view_chip(self, view: SavedView) -> QPushButton:
        chip = self._chip(_short(view.title), partial(self._choose_view, view))
        chip.setChecked(view.wanted == self._wanted)
        dress(chip, "bookmark-plus")
        set_plain_tooltip(chip, filter_words(view.wanted, self._titles))
        chip.setAccessibleName(self.tr("View {name}").format(name=view.title))
        chip.show()
        return chip

    def _layer_chip(self, layer: str) -> QPushButton:
        words = layer_words(layer, self._wanted, self._titles)
        chip = self._chip(_short(words), partial(self._drop_layer, layer))
        chip.setChecked(True)
        dress(chip, "x")
        set_plain_tooltip(chip, self.tr("Take off: {layer}").format(layer=words))
        chip.setAccessibleName(self.tr("Take off the filter {layer}").format(layer=words))
        chip.show()
        return chip


def _short(words: str) -> str:
    """Words for a chip, without a mnemonic."""
    cut = words if len(words) <= LONGEST_CHIP else words[: LONGEST_CHIP - 1].rstrip() + "…"
    return cut.replace("&", "&&")
