"""The window of comments that are used often: find, change, take away and bring back, to and from files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.comment_bank import BankEntry, KnownPlace, Scope
from assessor_app.domain.ids import BankEntryId
from assessor_app.errors import KnownError
from assessor_app.services import comment_bank as verbs
from assessor_app.services.comment_bank import ImportReport
from assessor_app.ui.announce import announce
from assessor_app.ui.plain_text import plain_label, set_role
from assessor_app.ui.scoring.bank.entry_form import NOTHING, EntryForm
from assessor_app.ui.scoring.bank.entry_list import EntryList
from assessor_app.ui.scoring.bank.files import (
    AskFile,
    ask_for_source,
    ask_for_target,
    export_words,
    import_words,
)
from assessor_app.ui.scoring.bank.shelf import Shelf
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.tall_scroll import TallScroll
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space


class ManageComments(QDialog):
    """The list at the left, the comment at the right; what is changed is kept at each pause."""

    def __init__(
        self,
        lanes: Lanes,
        parent: QWidget | None = None,
        *,
        ask_source: AskFile | None = None,
        ask_target: AskFile | None = None,
    ) -> None:
        """Build the window and read the entries.

        Args:
            lanes: where verbs and reads run.
            parent: the window.
            ask_source: asks for a file to read; None for the system's dialog.
            ask_target: asks for a file to write; None for the system's dialog.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Comments you use often"))
        self.setModal(True)
        self._lanes = lanes
        self._ask_source, self._ask_target = ask_source or ask_for_source, ask_target or ask_for_target
        self._taken: tuple[BankEntry, ...] = ()
        self._wanted: BankEntryId | None = None
        """The entry to make current once it is listed."""
        self._shown: BankEntryId | None = None
        self._fresh: BankEntryId | None = None
        """The entry that is written and not listed yet."""
        self.shelf = Shelf(lanes, self)
        self.shelf.changed.connect(self._show_entries)
        self.list = EntryList(self)
        self.list.picked.connect(self._picked)
        self.list.listed.connect(self._refresh)
        self.form = EntryForm(self)
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._save)
        self.form.written.connect(self._written)
        self.form.left.connect(self.keeper.flush)
        self.whose = plain_label("", "caption", wraps=True)
        self.said = plain_label("", "quiet", wraps=True)
        self._make_buttons()
        self._lay_out()
        self._refresh()
        lanes.read(self, verbs.known_places, self._show_places, key="places")

    # ---- what is shown ----

    def done(self, result: int) -> None:
        """Keep what is written, then close."""
        self.keeper.flush()
        super().done(result)

    def _show_places(self, places: tuple[KnownPlace, ...]) -> None:
        self.form.set_places(places)
        self.list.set_places(places)

    @Slot()
    def _show_entries(self) -> None:
        wanted, ids = self._wanted, {entry.id for entry in self.shelf.bank.entries}
        if self._fresh in ids:
            self._fresh = None
        if wanted in ids:
            self._wanted = None
        self.list.show_entries(self.shelf.bank, wanted)

    @Slot()
    def _picked(self) -> None:
        """Another row: what was written in the one before is kept first."""
        entry = self.list.current()
        is_writing = self._fresh is not None if entry is None else entry.id == self._shown
        if not is_writing or (entry is not None and entry.scope is Scope.TEAM):
            self.keeper.flush()
            self._fresh = None
            self._shown = entry.id if entry is not None else None
            self.form.show_entry(entry or NOTHING)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Which buttons mean something, and whose the comment is."""
        chosen, entry = self.list.chosen(), self.list.current()
        is_team = entry is not None and entry.scope is Scope.TEAM
        self._right.setCurrentIndex(0 if entry is None and self._fresh is None else 1)
        self.form.set_read_only(is_team)
        self.copy.setVisible(is_team)
        self.whose.setText(
            self.tr("Your team handed this out. You can use it, and keep a copy of your own to change.")
            if is_team
            else self.tr("Only you read this list. What you insert from it is read as the field says.")
        )
        self.remove.setEnabled(bool(chosen) and all(e.scope is Scope.PERSONAL for e in chosen))
        count = len(chosen) if len(chosen) > 1 else len(self.list.entries())
        self.export.setEnabled(count > 0)
        self.export.setText(
            self.tr("Export {n} selected…").format(n=count)
            if len(chosen) > 1
            else self.tr("Export all {n}…").format(n=count)
        )
        is_empty = self.shelf.is_read and not self.shelf.bank.entries
        self.nothing.setText(
            self.tr(
                "No comment is kept yet. Select a sentence in a feedback field and keep it from its menu, or "
                "write one here."
            )
            if is_empty
            else self.tr("Choose a comment to see what it says and where it fits.")
        )

    # ---- what is done ----

    @Slot()
    def _written(self) -> None:
        self.keeper.touch()

    @Slot()
    def _save(self) -> None:
        entry = self.form.entry()
        if entry.id == self._fresh and not entry.text.strip():
            # A title alone is not a comment yet.
            self.keeper.kept()
            return

        def verb(context: Any) -> ChangeSet:
            return verbs.keep(context, entry)

        self._lanes.write(verb, owner=self, done=self._saved, failed=self._not_saved)

    def _saved(self, _changes: ChangeSet) -> None:
        self.keeper.kept()
        self._say("")

    def _not_saved(self, error: KnownError) -> None:
        # It stays on screen as it is written; another row is another comment.
        self.keeper.kept()
        self._fail(error)

    @Slot()
    def _new(self) -> None:
        self.keeper.flush()
        self._lanes.read(self, verbs.fresh_id, self._begin, key="new")

    def _begin(self, entry_id: BankEntryId) -> None:
        self.list.search.clear()
        self.list.list.setCurrentRow(-1, QItemSelectionModel.SelectionFlag.Clear)
        self._shown = self._wanted = self._fresh = entry_id
        self.form.show_entry(replace(NOTHING, id=entry_id))
        self._refresh()
        self.form.title.setFocus()

    @Slot()
    def _copy(self) -> None:
        """A copy of a team's comment, to be changed."""
        entry = self.list.current()
        if entry is None:
            return

        def copied(entry_id: BankEntryId) -> None:
            mine = replace(entry, id=entry_id, scope=Scope.PERSONAL, uses=0, last_used=None)
            self._wanted = entry_id
            self._lanes.write(lambda context: verbs.keep(context, mine), owner=self, failed=self._fail)

        self._lanes.read(self, verbs.fresh_id, copied, key="new")

    @Slot()
    def _remove(self) -> None:
        self.keeper.flush()
        gone = self.list.chosen()
        ids = [entry.id for entry in gone]

        def removed(_changes: ChangeSet) -> None:
            self._taken = gone
            count = len(gone)
            words = self.tr("1 comment taken away.") if count == 1 else self.tr("{n} comments taken away.")
            self._say(words.format(n=count), can_undo=True)

        self._lanes.write(
            lambda context: verbs.remove(context, ids), owner=self, done=removed, failed=self._fail
        )

    @Slot()
    def _undo(self) -> None:
        taken, self._taken = self._taken, ()
        self._wanted = taken[0].id if taken else None
        self._lanes.write(lambda context: verbs.put_back(context, taken), owner=self, failed=self._fail)
        self._say(self.tr("Brought back."))

    @Slot()
    def _import(self) -> None:
        path = self._ask_source(self)
        if not path:
            return
        reports: list[ImportReport] = []

        def verb(context: Any) -> ChangeSet:
            changes, report = verbs.read_file(context, Path(path))
            reports.append(report)
            return changes

        self._lanes.write(
            verb, owner=self, done=lambda _: self._say(import_words(self, reports[0])), failed=self._fail
        )

    @Slot()
    def _export(self) -> None:
        path = self._ask_target(self)
        if not path:
            return
        chosen = self.list.chosen()
        ids = [entry.id for entry in (chosen if len(chosen) > 1 else self.list.entries())]
        self._lanes.read(
            self,
            lambda context: verbs.write_file(context, Path(path), ids),
            lambda report: self._say(export_words(self, report)),
            failed=self._fail,
        )

    # ---- words and layout ----

    def _fail(self, error: KnownError) -> None:
        self._say(f"{error.title}. {error.message} {error.next_step}".strip(), role="danger")

    def _say(self, words: str, *, can_undo: bool = False, role: str = "quiet") -> None:
        set_role(self.said, role)
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.undo.setVisible(can_undo)
        announce(self, words, urgent=role == "danger")

    def _make_buttons(self) -> None:
        self.new = self._button(self.tr("New"), self._new)
        self.copy = self._button(self.tr("Keep a copy of my own"), self._copy)
        self.remove = self._button(self.tr("Take away"), self._remove)
        self.undo = self._button(self.tr("Bring back"), self._undo)
        self.import_ = self._button(self.tr("Import…"), self._import)
        self.export = self._button("", self._export)
        self.close_button = self._button(self.tr("Close"), self.accept)
        self.close_button.setProperty("kind", "primary")
        self.undo.hide()

    def _button(self, words: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        self.nothing = plain_label("", "quiet", wraps=True)
        empty, filled = QWidget(self), QWidget(self)
        for page, parts in ((empty, [self.nothing]), (filled, [self.whose, self.form, self.copy])):
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(space(self, 2))
            for part in parts:
                align = Qt.AlignmentFlag.AlignLeft if part is self.copy else Qt.AlignmentFlag(0)
                column.addWidget(part, 0, align)
            column.addStretch(1)
        self._right = QStackedWidget(self)
        self._right.addWidget(empty)
        self._right.addWidget(filled)
        left = QVBoxLayout()
        left.setSpacing(space(self, 1.5))
        left.addWidget(self.list, 1)
        acts = QHBoxLayout()
        acts.setSpacing(space(self))
        for button in (self.new, self.remove):
            acts.addWidget(button)
        acts.addStretch(1)
        left.addLayout(acts)
        middle = QHBoxLayout()
        middle.setSpacing(space(self, 5))
        middle.addLayout(left, 5)
        side = TallScroll(self.tr("The comment"), self)
        side.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        side.setWidget(self._right)
        middle.addWidget(side, 6)
        told = QHBoxLayout()
        told.setSpacing(space(self, 2))
        told.addWidget(self.said, 1)
        told.addWidget(self.undo)
        below = QHBoxLayout()
        below.setSpacing(space(self))
        for button in (self.import_, self.export):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 5)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(self.tr("Comments you use often"), "title"))
        layout.addLayout(middle, 1)
        layout.addLayout(told)
        layout.addLayout(below)
        self.said.hide()
        resize_within_screen(self, space(self, 230), space(self, 150))
