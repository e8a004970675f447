"""What can be done to the marks chosen in the list, as a menu: each choice is one step for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QColor, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.ids import CriterionId
from assessor_app.ui.annotate.drafts import COLOUR_KEYS, MarksEdit, fill_of
from assessor_app.ui.annotate.words import audience_words, change_label, colour_word, counted, tr
from assessor_app.ui.plain_text import one_line

Change = Callable[[Annotation], Annotation]
"""From a mark to the mark as the person wants it."""
_TITLE_CHARS = 60


def tied(criterion: CriterionId, order: Sequence[CriterionId], *, is_on: bool) -> Change:
    """Tie a mark to a criterion, or untie it; what it is tied to stays in the rubric's order."""

    def change(mark: Annotation) -> Annotation:
        wanted = {*mark.criteria, criterion} if is_on else set(mark.criteria) - {criterion}
        # Criteria that the rubric of today does not have stay as they are.
        kept = [one for one in mark.criteria if one not in order and one in wanted]
        return replace(mark, criteria=(*(one for one in order if one in wanted), *kept))

    return change


class MarksMenu(QMenu):
    """Colour, reader, criteria, deletion.

    Args:
        marks: the person's own marks that are chosen; at least one.
        criteria: ids and short texts, in the rubric's order.
        parent: Qt parent.
    """

    edited = Signal(object)
    """MarksEdit that the person chose."""

    def __init__(
        self,
        marks: Sequence[Annotation],
        criteria: Sequence[tuple[CriterionId, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._marks = tuple(marks)
        colours = self.addMenu(self.tr("Colour"))
        for colour in COLOUR_KEYS:
            swatch = QPixmap(12, 12)
            swatch.fill(QColor(fill_of(colour)))
            is_on = all(mark.colour == colour for mark in marks)
            action = self._add(colours, colour_word(colour), _recoloured(colour), is_on=is_on)
            action.setIcon(swatch)
        readers = self.addMenu(self.tr("Who reads this"))
        for audience in Audience:
            is_on = all(mark.audience is audience for mark in marks)
            self._add(readers, audience_words(audience), _read_by(audience), is_on=is_on)
        ties = self.addMenu(self.tr("Tie to criteria"))
        order = [criterion for criterion, _text in criteria]
        for criterion, text in criteria:
            is_on = all(criterion in mark.criteria for mark in marks)
            title = one_line(text)
            short = title if len(title) <= _TITLE_CHARS else title[: _TITLE_CHARS - 1].rstrip() + "…"
            self._add(ties, short.replace("&", "&&"), tied(criterion, order, is_on=not is_on), is_on=is_on)
        self.addSeparator()
        self.addAction(counted(self.tr("Delete mark"), self.tr("Delete {n} marks"), len(marks)), self._delete)

    def _add(self, menu: QMenu, title: str, change: Change, *, is_on: bool) -> QAction:
        action = QAction(title, menu)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.setData(change)
        action.triggered.connect(self._take)
        menu.addAction(action)
        return action

    @Slot()
    def _take(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            change: Change = sender.data()
            pairs = [(mark, new) for mark in self._marks if (new := change(mark)) != mark]
            if pairs:
                before, after = zip(*pairs, strict=True)
                self.edited.emit(MarksEdit(change_label(before, after), puts=tuple(after)))

    @Slot()
    def _delete(self) -> None:
        self.edited.emit(deletion(self._marks))


def deletion(marks: Sequence[Annotation]) -> MarksEdit:
    """Take marks away, in one step."""
    label = counted(tr("Delete mark"), tr("Delete {n} marks"), len(marks))
    return MarksEdit(label, deletes=tuple(mark.id for mark in marks))


def _recoloured(colour: str) -> Change:
    return lambda mark: replace(mark, colour=colour)


def _read_by(audience: Audience) -> Change:
    return lambda mark: replace(mark, audience=audience)
