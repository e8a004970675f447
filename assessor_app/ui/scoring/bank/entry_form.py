"""What a comment says and where it fits, as a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from assessor_app.domain.comment_bank import BankEntry, KnownPlace, Scope
from assessor_app.domain.comment_files import MAX_TITLE_CHARS
from assessor_app.domain.ids import BankEntryId, CriterionId, MicrocredentialId
from assessor_app.ui.annotate.comment_fields import QuietCombo
from assessor_app.ui.plain_text import one_line, plain_label, plain_tip, set_plain_tooltip
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space

_SHORT_CHARS = 40
_WHOLE = int(Qt.ItemDataRole.UserRole) + 1
"""A choice's whole words, of which the box has room for the beginning."""
NOTHING = BankEntry(BankEntryId(""), Scope.PERSONAL, "", "")


class EntryForm(QWidget):
    """Title, text, and the micro-credential, criterion and level that a comment was written for."""

    written = Signal()
    """The person changed something; never sent when an entry is shown."""
    left = Signal()
    """The keyboard went elsewhere, or a choice was made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._entry = NOTHING
        self._places: tuple[KnownPlace, ...] = ()
        self.title = QLineEdit(self)
        self.title.setAccessibleName(self.tr("Title"))
        self.title.setPlaceholderText(self.tr("A few words to find it by"))
        self.title.setMaxLength(MAX_TITLE_CHARS)
        self.text = TextField(
            self.tr("What it says"),
            reader="",
            hint=self.tr("The sentences that you would type again"),
            lines=5,
        )
        self._reader = plain_label(self.tr("Only you, until you use it in feedback"), "caption", wraps=True)
        self.text.edit.setAccessibleDescription(self._reader.text())
        braces = self.tr(
            "Words in double braces are filled in when it is used: {{criterion}}, {{level}}, {{skill}}, "
            "{{artifact}}, {{page}}. Any other words in braces are left for you to fill in."
        )
        self._hint = plain_label(braces, "caption", wraps=True)
        self.microcredential = QuietCombo(self.tr("Micro-credential"), self)
        self.criterion = QuietCombo(self.tr("Criterion"), self)
        self.level = QuietCombo(self.tr("Level"), self)
        self._lay_out()
        self.title.textEdited.connect(self.written)
        self.title.editingFinished.connect(self.left)
        self.text.written.connect(self.written)
        self.text.left.connect(self.left)
        self.microcredential.currentIndexChanged.connect(self._microcredential_chosen)
        for box in (self.criterion, self.level):
            box.currentIndexChanged.connect(self._chosen)

    # ---- what comes in ----

    def set_places(self, places: Sequence[KnownPlace]) -> None:
        """What a comment can be written for."""
        self._places = tuple(places)
        self._fill()

    def show_entry(self, entry: BankEntry) -> None:
        """Show an entry without telling anybody."""
        self._entry = entry
        if self.title.text() != entry.title:
            self.title.setText(entry.title)
        self.text.show_text(entry.text)
        self._fill()

    def set_read_only(self, is_read_only: bool) -> None:
        """Whether it can be read but not changed."""
        self.title.setReadOnly(is_read_only)
        self.text.set_read_only(is_read_only)
        self._hint.setHidden(is_read_only)
        self._reader.setHidden(is_read_only)
        self.text.edit.setAccessibleDescription("" if is_read_only else self._reader.text())
        for box in (self.microcredential, self.criterion, self.level):
            box.setEnabled(not is_read_only and box.count() > 1)

    # ---- what goes out ----

    def entry(self) -> BankEntry:
        """The entry as it is written now."""
        return replace(
            self._entry,
            title=self.title.text(),
            text=self.text.text(),
            microcredential_id=self._entry.microcredential_id,
            criterion_id=self._entry.criterion_id,
            level=self._entry.level,
        )

    # ---- inside ----

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 1))
        layout.addWidget(plain_label(self.tr("Title"), "caption-strong"))
        layout.addWidget(self.title)
        layout.addSpacing(space(self, 1))
        layout.addWidget(self.text)
        layout.addWidget(self._reader)
        layout.addWidget(self._hint)
        layout.addSpacing(space(self, 2))
        layout.addWidget(plain_label(self.tr("Where it fits"), "caption-strong"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(self, 2))
        grid.setVerticalSpacing(space(self, 1))
        grid.setColumnStretch(1, 1)
        for row, box in enumerate((self.microcredential, self.criterion, self.level)):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(12)
            grid.addWidget(plain_label(box.accessibleName(), "caption"), row, 0)
            grid.addWidget(box, row, 1)
        layout.addLayout(grid)

    def _fill(self) -> None:
        """The choices that there are, with the entry's own picked; one that is not known here stays."""
        entry = self._entry
        place = next((p for p in self._places if p.microcredential_id == entry.microcredential_id), None)
        skills = [(p.microcredential_id, p.title) for p in self._places]
        self._offer(self.microcredential, self.tr("Any"), skills, entry.microcredential_id)
        criteria = place.criteria if place is not None else ()
        numbered = [(str(key), f"{number}  {text}") for number, (key, text) in enumerate(criteria, 1)]
        self._offer(self.criterion, self.tr("Any"), numbered, entry.criterion_id)
        levels = place.levels if place is not None else _all_levels(self._places)
        self._offer(self.level, self.tr("Any"), levels, entry.level)
        self.set_read_only(self.title.isReadOnly())

    def _offer(
        self, box: QComboBox, everything: str, choices: Sequence[tuple[str, str]], chosen: str | None
    ) -> None:
        box.blockSignals(True)
        box.clear()
        box.addItem(everything, None)
        for key, words in choices:
            box.addItem(_short(words), str(key))
            whole = one_line(words)
            box.setItemData(box.count() - 1, plain_tip(whole), Qt.ItemDataRole.ToolTipRole)
            box.setItemData(box.count() - 1, whole, _WHOLE)
        if chosen is not None and box.findData(str(chosen)) < 0:
            box.addItem(self.tr("Not known on this computer"), str(chosen))
        box.setCurrentIndex(0 if chosen is None else box.findData(str(chosen)))
        _tell_whole(box)
        box.blockSignals(False)

    @Slot()
    def _microcredential_chosen(self) -> None:
        """Criteria and levels are those of a micro-credential: with another one none is chosen."""
        chosen = self.microcredential.currentData()
        self._entry = replace(
            self._entry,
            microcredential_id=MicrocredentialId(chosen) if chosen else None,
            criterion_id=None,
            level=None,
        )
        self._fill()
        self._tell()

    @Slot()
    def _chosen(self) -> None:
        criterion = self.criterion.currentData()
        self._entry = replace(
            self._entry,
            criterion_id=CriterionId(criterion) if criterion else None,
            level=self.level.currentData() or None,
        )
        for box in (self.criterion, self.level):
            _tell_whole(box)
        self._tell()

    def _tell(self) -> None:
        self.written.emit()
        self.left.emit()


def _short(words: str) -> str:
    """As much of a criterion as a closed box has room for."""
    line = one_line(words)
    return line if len(line) <= _SHORT_CHARS else line[: _SHORT_CHARS - 1].rstrip() + "…"


def _tell_whole(box: QComboBox) -> None:
    """The whole words of what is chosen, where the box has room for their beginning alone."""
    whole = box.currentData(_WHOLE) or ""
    set_plain_tooltip(box, whole)
    box.setAccessibleDescription(whole)


def _all_levels(places: Sequence[KnownPlace]) -> tuple[tuple[str, str], ...]:
    """Every level of every micro-credential, each code once."""
    return tuple(dict(level for place in places for level in place.levels).items())
