"""All marks of a submission as rows, for a list that keyboards and screen readers reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPixmap

from assessor_app.documents.anchoring import Placement
from assessor_app.domain.annotations import Annotation, AnnotationKind, Audience
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.annotation_row import ROW_ROLE, MarkRow
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.annotate.words import audience_words, found_words, kind_word, place_words, quote, spoken

AnyIndex = QModelIndex | QPersistentModelIndex
WHAT, WORDS, TIED, READER = range(4)
"""The columns."""
ID_ROLE = int(Qt.ItemDataRole.UserRole)
_SWATCH_PX = 12


@dataclass(frozen=True, slots=True)
class Filter:
    """Which marks are listed; None means all."""

    source_id: str | None = None
    criterion: CriterionId | None = None
    only_mine: bool = False
    kind: AnnotationKind | None = None
    audience: Audience | None = None
    with_comment: bool = False
    only_lost: bool = False
    """Only marks whose place is not found."""
    text: str = ""
    """Words that the marked words, the comment, the criteria or the place hold, in any case."""

    @property
    def count(self) -> int:
        """How many things are asked for beside the text."""
        chosen = (self.source_id, self.criterion, self.kind, self.audience)
        flags = (self.only_mine, self.with_comment, self.only_lost)
        return sum(one is not None for one in chosen) + sum(flags)


class AnnotationModel(QAbstractTableModel):
    """Rows in the order of the evidence, its pages, and the places on them."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Annotation, ...] = ()
        self._rows: tuple[Annotation, ...] = ()
        self._sources: Mapping[str, str] = {}
        self._criteria: Mapping[CriterionId, str] = {}
        self._others: frozenset[AnnotationId] = frozenset()
        self._not_found: frozenset[AnnotationId] = frozenset()
        self._moved: Mapping[AnnotationId, Placement] = {}
        self.filter = Filter()

    def set_names(self, sources: Mapping[str, str], criteria: Mapping[CriterionId, str]) -> None:
        """Neutral names of artifacts and responses, and short texts of criteria, both in order."""
        self._sources, self._criteria = sources, criteria
        self._refill()

    def set_annotations(
        self,
        annotations: Sequence[Annotation],
        others: frozenset[AnnotationId] = frozenset(),
        not_found: frozenset[AnnotationId] = frozenset(),
    ) -> None:
        """Replace the marks.

        Args:
            annotations: all marks of the submission.
            others: ids of marks by somebody else.
            not_found: ids of marks whose place is not found in the file at hand.
        """
        self._all, self._others, self._not_found = tuple(annotations), others, not_found
        self._refill()

    def set_not_found(self, not_found: frozenset[AnnotationId]) -> None:
        """Say which marks have no place in the file at hand."""
        if not_found != self._not_found:
            self._not_found = not_found
            self._refill()

    def set_moved(self, moved: Mapping[AnnotationId, Placement]) -> None:
        """Say where marks stand now whose file has changed since."""
        if moved != self._moved:
            self._moved = moved
            self._refill()

    @property
    def not_found(self) -> frozenset[AnnotationId]:
        """Ids of marks that have no place, as it was told last."""
        return self._not_found

    @property
    def lost_count(self) -> int:
        """How many of the marks have no place."""
        return sum(annotation.id in self._not_found for annotation in self._all)

    @property
    def all_count(self) -> int:
        """How many marks there are, listed or not."""
        return len(self._all)

    def set_filter(self, wanted: Filter) -> None:
        """List only some marks."""
        self.filter = wanted
        self._refill()

    def annotation(self, row: int) -> Annotation:
        """The mark of a row."""
        return self._rows[row]

    def row_of(self, annotation_id: AnnotationId) -> int:
        """The row of a mark; -1 when it is not listed."""
        return next((row for row, a in enumerate(self._rows) if a.id == annotation_id), -1)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many marks are listed."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Kind and place, words, criteria, reader."""
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The columns' names."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return {
            WHAT: self.tr("Mark"),
            WORDS: self.tr("Words and comment"),
            TIED: self.tr("Tied to"),
            READER: self.tr("Read by"),
        }[section]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, a swatch, and one whole sentence for screen readers."""
        if not index.isValid():
            return None
        annotation, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(annotation, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = self._sources.get(annotation.anchor.source_id, "")
            is_found = annotation.id not in self._not_found
            said = spoken(self._as_found(annotation), name, self._criteria, is_found=is_found)
            return ", ".join(part for part in (said, self._how_found(annotation)) if part)
        if role == Qt.ItemDataRole.DecorationRole and column == WHAT:
            swatch = QPixmap(_SWATCH_PX, _SWATCH_PX)
            swatch.fill(QColor(fill_of(annotation.colour)))
            return swatch
        if role == ID_ROLE:
            return annotation.id
        if role == ROW_ROLE:
            return self._row(annotation)
        return None

    def _row(self, annotation: Annotation) -> MarkRow:
        words, comment = quote(annotation), " ".join(annotation.comment.split())
        title = f"“{words}”" if words else comment or kind_word(annotation.kind)
        order = list(self._criteria)
        return MarkRow(
            annotation,
            title,
            comment if words else "",
            f"{self._text(annotation, READER)} · {self._place(annotation)}",
            tuple(sorted(order.index(c) + 1 for c in annotation.criteria if c in self._criteria)),
            is_found=annotation.id not in self._not_found,
        )

    def _text(self, annotation: Annotation, column: int) -> str:
        if column == WHAT:
            return f"{kind_word(annotation.kind)}, {self._place(annotation)}"
        if column == WORDS:
            words = quote(annotation)
            comment = " ".join(annotation.comment.split())
            return " — ".join(part for part in (f"“{words}”" if words else "", comment) if part)
        if column == TIED:
            return "; ".join(self._criteria[c] for c in annotation.criteria if c in self._criteria)
        return audience_words(annotation.audience)

    def _as_found(self, annotation: Annotation) -> Annotation:
        """The mark with the page on which it stands now."""
        moved = self._moved.get(annotation.id)
        if moved is None:
            return annotation
        return replace(annotation, anchor=replace(annotation.anchor, page=moved.page))

    def _how_found(self, annotation: Annotation) -> str:
        moved = self._moved.get(annotation.id)
        return "" if moved is None else found_words(moved.found)

    def _place(self, annotation: Annotation) -> str:
        if annotation.id in self._not_found:
            return QCoreApplication.translate("Annotations", "place not found")
        place = place_words(self._as_found(annotation), self._sources.get(annotation.anchor.source_id, ""))
        how = self._how_found(annotation)
        return f"{place}, {how}" if how else place

    def _refill(self) -> None:
        order = {source_id: number for number, source_id in enumerate(self._sources)}

        def place(annotation: Annotation) -> tuple[bool, int, int, float, float]:
            anchor = annotation.anchor
            top, left = (anchor.rects[0].y0, anchor.rects[0].x0) if anchor.rects else (0.0, 0.0)
            if not anchor.rects and anchor.text is not None:
                top = float(anchor.text.start)
            # What has no place stands first: somebody has to look at it.
            is_found = annotation.id not in self._not_found
            return is_found, order.get(anchor.source_id, len(order)), anchor.page, top, left

        self.beginResetModel()
        self._rows = tuple(sorted(filter(self._is_listed, self._all), key=place))
        self.endResetModel()

    def _is_listed(self, annotation: Annotation) -> bool:
        wanted = self.filter
        return (
            (wanted.source_id is None or annotation.anchor.source_id == wanted.source_id)
            and (wanted.criterion is None or wanted.criterion in annotation.criteria)
            and not (wanted.only_mine and annotation.id in self._others)
            and wanted.kind in (None, annotation.kind)
            and wanted.audience in (None, annotation.audience)
            and not (wanted.with_comment and not annotation.comment.strip())
            and not (wanted.only_lost and annotation.id not in self._not_found)
            and self._holds(annotation, wanted.text)
        )

    def _holds(self, annotation: Annotation, text: str) -> bool:
        """Whether every word of `text` stands somewhere in what the row says."""
        wanted = text.casefold().split()
        if not wanted:
            return True
        words = annotation.anchor.text.exact if annotation.anchor.text is not None else ""
        said = " ".join((words, *(self._text(annotation, column) for column in range(4)))).casefold()
        return all(one in said for one in wanted)
