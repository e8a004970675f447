"""One completion indicator: is it there? A word on what is not, which the learner reads."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from assessor_app.domain.pre_assessments import IndicatorCheck
from assessor_app.domain.wording import has_words
from assessor_app.rubric.schema import CompletionIndicator
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from assessor_app.ui.theme import space


class IndicatorRow(QFrame):
    """A row that takes the focus: 1 says it is not there, 2 that it is, 0 clears."""

    ready = Signal(object, object)
    """IndicatorCheck and its Keeper."""
    changed = Signal()

    def __init__(self, number: int, indicator: CompletionIndicator, parent: QWidget | None = None) -> None:
        """Build the row, not looked at yet.

        Args:
            number: 1 for the first.
            indicator: what is asked for.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.indicator = indicator
        self._met: bool | None = None
        self._is_read_only = False
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send)
        self.missing = ToggleChip(self.tr("Not there"))
        self.there = ToggleChip(self.tr("There"))
        self.note = TextField(
            self.tr("What is not there"),
            reader=self.tr("The learner reads this"),
            hint=self.tr("So that it can be added: what, and where it was looked for"),
        )
        self.note.edit.setAccessibleDescription(one_line(indicator.text))
        self.note.written.connect(self._touched)
        self.note.left.connect(self.keeper.flush)
        self.missing.clicked.connect(self._say_missing)
        self.there.clicked.connect(self._say_there)
        self._number = number
        self._lay_out()
        self._refresh()

    def show_check(self, check: IndicatorCheck) -> None:
        """Show what is stored, unless something newer is being written here."""
        if self.keeper.is_unsaved:
            return
        self._met = check.met
        self.note.show_text(check.note)
        self._refresh()

    def set_read_only(self, is_read_only: bool) -> None:
        """Whether it can be read but not changed."""
        self._is_read_only = is_read_only
        self.note.set_read_only(is_read_only)
        for chip in (self.missing, self.there):
            chip.setEnabled(not is_read_only)

    def check(self) -> IndicatorCheck:
        """What is said now."""
        return IndicatorCheck(self.indicator.id, self._met, self.note.text())

    def say(self, met: bool | None) -> None:
        """Say that it is there, that it is not, or nothing yet."""
        if self._is_read_only or met is self._met:
            self._refresh()
            return
        self._met = met
        self._touched()
        self.keeper.flush()
        if met is False and not has_words(self.note.text()):
            self.note.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the digits act here."""
        super().focusInEvent(event)
        self._show_focus(has_focus=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The digits act elsewhere."""
        super().focusOutEvent(event)
        self._show_focus(has_focus=False)

    # ---- inside ----

    def _show_focus(self, *, has_focus: bool) -> None:
        self.setProperty("card", "accent" if has_focus else "true")
        self.style().unpolish(self)
        self.style().polish(self)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        margin = space(self, 2.5)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(space(self, 1.5))
        layout.addWidget(plain_label(f"{self._number}.  {self.indicator.text}", wraps=True))
        row = SideBySide(self)
        for chip in (self.missing, self.there):
            chip.setAccessibleDescription(one_line(self.indicator.text))
            row.box.addWidget(chip)
        row.box.addStretch(1)
        layout.addWidget(row)
        layout.addWidget(self.note)

    @Slot()
    def _say_missing(self) -> None:
        self.say(False)

    @Slot()
    def _say_there(self) -> None:
        self.say(True)

    @Slot()
    def _touched(self) -> None:
        self.keeper.touch()
        self._refresh()
        self.changed.emit()

    @Slot()
    def _send(self) -> None:
        self.ready.emit(self.check(), self.keeper)

    def _refresh(self) -> None:
        self.missing.setChecked(self._met is False)
        self.there.setChecked(self._met is True)
        self.note.setVisible(self._met is False or bool(self.note.text()))
        state = {
            None: self.tr("not looked at yet"),
            True: self.tr("there"),
            False: self.tr("not there"),
        }[self._met]
        self.setAccessibleName(f"{self._number}. {one_line(self.indicator.text)}: {state}")
