"""One place where the sides differ: what each says there, and whose is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.conflicts import ConflictKind
from assessor_app.domain.merging import Keep, can_keep_both
from assessor_app.services.comparison import ComparedPart, Comparison
from assessor_app.ui.conflict import words
from assessor_app.ui.conflict.side_text import SideText, side_frame
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import plain_label, restyle
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space


class PartRow(QFrame):
    """A card with the sides beside each other and the choice below them."""

    chosen = Signal(object, object, object)
    """The part, whose side was kept before (Keep or None), and whose is kept now."""

    def __init__(
        self, one: ComparedPart, comparison: Comparison, *, can_choose: bool, parent: QWidget | None = None
    ) -> None:
        """Show a part.

        Args:
            one: what each side has there.
            comparison: what it is a part of.
            can_choose: whether a choice is offered.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.one = one
        self.keep: Keep | None = None if one.is_open else one.stands
        """Whose side is kept; None while hers stays for want of a choice."""
        self._frames: dict[Keep, QFrame] = {}
        self._group = QButtonGroup(self)
        self.buttons: dict[Keep, QRadioButton] = {}
        self.title = words.part_title(one, comparison)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, space(self, 2), 0, space(self, 2))
        column.setSpacing(space(self, 1))
        column.addLayout(self._head(comparison))
        column.addLayout(self._sides(comparison))
        if can_choose and one.stands is not None:
            column.addWidget(self._choices(comparison))
        self._show_kept()

    def put(self, keep: Keep | None) -> None:
        """Keep a side without telling: a choice was taken back."""
        self._group.blockSignals(True)
        self._group.setExclusive(False)
        for side, button in self.buttons.items():
            button.setChecked(side is keep)
        self._group.setExclusive(True)
        self._group.blockSignals(False)
        self.keep = keep
        self._show_kept()

    def first_button(self) -> QRadioButton | None:
        """Where the keyboard goes first."""
        return next(iter(self.buttons.values()), None)

    def _head(self, comparison: Comparison) -> QVBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(space(self, 1.5))
        head.addWidget(plain_label(self.title, "heading", wraps=True), 1)
        if state := words.state_words(self.one):
            needs = self.one.is_open or self.one.is_judged
            head.addWidget(icon_label("circle-alert" if needs else "check", "warning" if needs else "quiet"))
            head.addWidget(plain_label(state, "strong" if needs else "caption"))
        both = QVBoxLayout()
        both.setSpacing(space(self, 0.25))
        both.addLayout(head)
        about = words.criterion_text(self.one.part, comparison.rubric)
        caption = "  ·  ".join(part for part in (about, words.reader_words(self.one)) if part)
        both.addWidget(plain_label(caption, "caption", wraps=True))
        return both

    def _sides(self, comparison: Comparison) -> QGridLayout:
        one, names = self.one, words.column_words(comparison)
        mine, theirs, base = (words.value_words(v, comparison) for v in (one.mine, one.theirs, one.base))
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(self, 2))
        grid.setVerticalSpacing(space(self, 0.5))
        empty = self.tr("Nothing here")
        deleted = self.tr("Taken away")
        has_other = comparison.theirs_known
        is_ground = comparison.kind is ConflictKind.DECISION and not comparison.is_decision
        beside: dict[Keep, str | None] = {Keep.MINE: theirs, Keep.THEIRS: mine}
        if is_ground:
            # A recommendation is no other wording of a decision: it is compared with what it was.
            beside = {Keep.MINE: None, Keep.THEIRS: base}
        sides = [(names[0], mine, one.mine, Keep.MINE)]
        if has_other:
            sides.append((names[1], theirs, one.theirs, Keep.THEIRS))
        for number, (name, text, value, side) in enumerate(sides):
            is_gone = value is None and one.base is not None and not (is_ground and side is Keep.MINE)
            other = beside[side] if has_other and one.differs else None
            self._frames[side] = self._side(grid, number, name, text, other, deleted if is_gone else empty)
        if comparison.knows_base and has_other and names[2]:
            self._side(grid, len(sides), names[2], base, None, empty)
        return grid

    def _side(
        self, grid: QGridLayout, number: int, name: str, text: str, other: str | None, empty: str
    ) -> QFrame:
        grid.addWidget(plain_label(name, "caption-strong"), 0, number)
        frame = side_frame(self)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(*[space(self, 1)] * 4)
        inside.addWidget(SideText(text, other, f"{self.title}. {name}", empty=empty, parent=frame))
        inside.addStretch(1)
        grid.addWidget(frame, 1, number)
        grid.setColumnStretch(number, 1)
        return frame

    def _choices(self, comparison: Comparison) -> QWidget:
        labels = words.choice_words(self.one, comparison)
        said = {Keep.MINE: self.one.mine, Keep.THEIRS: self.one.theirs, Keep.BOTH: None}
        row = SideBySide(self)
        row.box.setSpacing(space(self, 4))
        for side, label in labels.items():
            if side is Keep.BOTH and not can_keep_both(self.one.difference):
                continue
            button = QRadioButton(label, row)
            spoken = words.value_words(said[side], comparison)
            button.setAccessibleName(f"{self.title}. {label}")
            button.setAccessibleDescription(spoken)
            button.setChecked(side is self.keep)
            self._group.addButton(button)
            self.buttons[side] = button
            row.box.addWidget(button)
        row.box.addStretch(1)
        self._group.buttonToggled.connect(self._toggled)
        return row

    @Slot(QAbstractButton, bool)
    def _toggled(self, button: QAbstractButton, is_on: bool) -> None:
        side = next((side for side, one in self.buttons.items() if one is button), None)
        if not is_on or side is None or side is self.keep:
            return
        before, self.keep = self.keep, side
        self._show_kept()
        self.chosen.emit(self.one.part, before, side)

    def _show_kept(self) -> None:
        for side, frame in self._frames.items():
            is_kept = bool(self.buttons) and (side is self.keep or self.keep is Keep.BOTH)
            frame.setProperty("card", "accent" if is_kept else "true")
            restyle(frame)
        self.setAccessibleName(self.title)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
