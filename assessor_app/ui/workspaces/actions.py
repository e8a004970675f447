"""The actions of a workspace, made from the table of keys, so that menus and palette find them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from assessor_app.ui.keys import KeyTable

MOST_LEVELS = 9
"""Digits that set a level."""


class _Call(QObject):
    """Something to do, owned by the workspace: a slot that goes when the workspace goes."""

    def __init__(self, run: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._run = run

    def run(self) -> None:
        """Do it."""
        self._run()


class WorkspaceActions:
    """Keeps one action for each entry that a workspace offers."""

    def __init__(self, workspace: QWidget, keys: KeyTable) -> None:
        """Begin with none."""
        self._workspace, self._keys = workspace, keys
        self._made: dict[str, QAction] = {}
        self._row_ids: list[str] = []

    def add(self, entry_id: str, run: Callable[[], object]) -> None:
        """Offer an entry: its keys act anywhere in the workspace."""
        action = self._keys.action(entry_id, self._workspace, _Call(run, self._workspace).run)
        self._workspace.addAction(action)
        self._made[entry_id] = action

    def add_row_actions(
        self,
        set_level: Callable[[int], object],
        clear: Callable[[], object],
        feedback: Callable[[], object],
    ) -> None:
        """Offer what a criterion's row does: in the menu always, by key only with the focus on a row."""
        self.add_levels(set_level)
        self._add_for_rows("level.clear", clear)
        self._add_for_rows("criterion.feedback", feedback)

    def add_levels(self, set_level: Callable[[int], object]) -> None:
        """Offer the digits that set a level."""
        for number in range(1, MOST_LEVELS + 1):
            self._add_for_rows(f"level.{number}", _Level(set_level, number))

    def adopt_rows(self, rows: Sequence[QWidget]) -> None:
        """Let the keys of rows act on these."""
        for row in rows:
            if not row.actions():
                row.addActions([self._made[entry_id] for entry_id in self._row_ids])

    def set_enabled(self, entry_id: str, is_enabled: bool) -> None:
        """Whether an entry means something now."""
        self._made[entry_id].setEnabled(is_enabled)

    def action(self, entry_id: str) -> QAction:
        """The action of an entry.

        Raises:
            KeyError: the workspace does not offer it.
        """
        return self._made[entry_id]

    def tell_undo(self, undo: str | None, redo: str | None) -> None:
        """Say in the menu what would be taken back, and what done again; None for nothing."""
        translate = QCoreApplication.translate
        undo_words, redo_words = translate("Actions", "Undo {what}"), translate("Actions", "Redo {what}")
        self._made["edit.undo"].setText(undo_words.format(what=undo or "").rstrip())
        self._made["edit.redo"].setText(redo_words.format(what=redo or "").rstrip())

    def _add_for_rows(self, entry_id: str, run: Callable[[], object]) -> None:
        action = self._keys.action(
            entry_id,
            self._workspace,
            _Call(run, self._workspace).run,
            scope=Qt.ShortcutContext.WidgetShortcut,
        )
        self._made[entry_id] = action
        self._row_ids.append(entry_id)


class _Level:
    """Sets one level by its number."""

    def __init__(self, set_level: Callable[[int], object], number: int) -> None:
        self._set_level, self._number = set_level, number

    def __call__(self) -> None:
        """Do it."""
        self._set_level(self._number)
