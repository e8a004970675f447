"""The menu in which layers are put on the inbox's filter and taken off."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, Kind, toggled
from assessor_app.domain.inbox_groups import DATED, Group
from assessor_app.ui.inbox_filter_words import Titles, due_words, kind_words, microcredential_words


class FilterMenu(QMenu):
    """Shows the layers in force as checked; each choice gives a new filter."""

    chosen = Signal(object)
    """The new InboxFilter."""
    save_requested = Signal()
    manage_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build an empty menu; `offer` fills it."""
        super().__init__(parent)
        self._wanted = InboxFilter()
        self.setToolTipsVisible(True)

    def offer(self, wanted: InboxFilter, titles: Titles, *, has_views: bool) -> None:
        """Fill the menu anew.

        Args:
            wanted: what is in force.
            titles: micro-credentials to choose from.
            has_views: whether there are saved views to manage.
        """
        self._wanted = wanted
        self.clear()
        keys: list[MicrocredentialId] = sorted(
            {*titles, *wanted.microcredentials}, key=lambda k: titles.get(k, "")
        )
        menu = self._submenu(self.tr("Micro-credential"), has_content=bool(keys))
        for key in keys:
            words = microcredential_words(key, titles).replace("&", "&&")
            self._add(menu, words, key in wanted.microcredentials, partial(self._toggle_microcredential, key))
        menu = self._submenu(self.tr("Due"))
        for group in DATED:
            self._add(menu, due_words(group), group in wanted.due, partial(self._toggle_due, group))
        menu = self._submenu(self.tr("New, resubmission or returned"))
        for kind in Kind:
            self._add(menu, kind_words(kind), kind in wanted.kinds, partial(self._toggle_kind, kind))
        self.addSeparator()
        flags = (
            ("at_risk", self.tr("At risk")),
            ("all_here", self.tr("All files are on this computer")),
            ("has_recordings", self.tr("With recordings")),
        )
        for name, words in flags:
            self._add(self, words, bool(getattr(wanted, name)), partial(self._toggle_flag, name))
        self.addSeparator()
        save = self.addAction(self.tr("Save as a view…"))
        save.setEnabled(bool(wanted.layers))
        save.triggered.connect(self.save_requested)
        manage = self.addAction(self.tr("Arrange views…"))
        manage.setEnabled(has_views)
        manage.triggered.connect(self.manage_requested)
        clear = self.addAction(self.tr("Clear all filters"))
        clear.setEnabled(bool(wanted.layers))
        clear.triggered.connect(self._clear)

    # ---- inside ----

    def _submenu(self, title: str, *, has_content: bool = True) -> QMenu:
        menu = self.addMenu(title)
        menu.setEnabled(has_content)
        return menu

    def _add(self, menu: QMenu, words: str, is_on: bool, toggle: partial[None]) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.triggered.connect(toggle)
        return action

    def _toggle_microcredential(self, key: MicrocredentialId, _checked: bool = False) -> None:
        self._choose(microcredentials=toggled(self._wanted.microcredentials, key))

    def _toggle_due(self, group: Group, _checked: bool = False) -> None:
        self._choose(due=toggled(self._wanted.due, group))

    def _toggle_kind(self, kind: Kind, _checked: bool = False) -> None:
        self._choose(kinds=toggled(self._wanted.kinds, kind))

    def _toggle_flag(self, name: str, _checked: bool = False) -> None:
        self._choose(**{name: not getattr(self._wanted, name)})

    @Slot()
    def _clear(self) -> None:
        self.chosen.emit(InboxFilter())

    def _choose(self, **changes: object) -> None:
        self.chosen.emit(replace(self._wanted, **changes))  # type: ignore[arg-type]
