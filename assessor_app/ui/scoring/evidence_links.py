"""The evidence tied to a criterion: a short list of marks, each one click from its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation, Audience, SourceKind
from assessor_app.domain.submissions import Submission
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import one_line, plain_label, set_plain_tooltip
from assessor_app.ui.theme import space

_QUOTE_CHARS = 90


def place_words(mark: Annotation, submission: Submission, page: str, response: str) -> str:
    """Where a mark stands, such as "Artifact 2.pdf, page 3".

    Args:
        mark: the mark.
        submission: whose evidence it stands on.
        page: words for a page, with {name} and {page}.
        response: words for a written response.
    """
    if mark.anchor.source_kind is SourceKind.RESPONSE:
        return response
    for part in submission.parts:
        for artifact in part.artifacts:
            if artifact.id == mark.anchor.source_id:
                return page.format(name=one_line(artifact.filename), page=mark.anchor.page + 1)
    return ""


def quote_of(mark: Annotation) -> str:
    """The words under a mark, or its comment where there are none, in one line."""
    text = one_line(mark.anchor.text.exact if mark.anchor.text is not None else mark.comment)
    return text if len(text) <= _QUOTE_CHARS else text[: _QUOTE_CHARS - 1].rstrip() + "…"


class EvidenceLinks(QWidget):
    """Count and list of the marks that are tied to one criterion."""

    jump_wanted = Signal(object)
    """The annotation to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with none."""
        super().__init__(parent)
        self._shown: tuple[Annotation, ...] | None = None
        self._buttons: list[LinkButton] = []
        self._title = plain_label("", "caption-strong", wraps=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 0.5))
        layout.addWidget(self._title)
        layout.addLayout(self._rows)

    def show_marks(self, marks: Sequence[Annotation], submission: Submission) -> None:
        """List the marks, in the order of their places."""
        if tuple(marks) == self._shown:
            return
        self._shown = tuple(marks)
        count = len(marks)
        self._title.setText(
            self.tr("1 evidence link")
            if count == 1
            else self.tr("{count} evidence links").format(count=count)
            if count
            else self.tr("No evidence link")
        )
        for row in self._buttons:
            row.hide()
            row.deleteLater()
        self._buttons = [self._row(mark, submission) for mark in marks]
        for row in self._buttons:
            self._rows.addWidget(row)

    def _row(self, mark: Annotation, submission: Submission) -> LinkButton:
        where = place_words(mark, submission, self.tr("{name}, page {page}"), self.tr("Written response"))
        said = quote_of(mark)
        row = LinkButton(f"“{said}”" if said else where, where, self)
        readers = {
            Audience.ONLY_ME: self.tr("Only you"),
            Audience.APPROVER: self.tr("The approver reads this"),
            Audience.LEARNER: self.tr("The learner reads this"),
        }
        row.setAccessibleDescription(readers[mark.audience])
        row.mark = mark
        row.clicked.connect(self._jump)
        return row

    def _jump(self) -> None:
        row = self.sender()
        if isinstance(row, LinkButton) and row.mark is not None:
            self.jump_wanted.emit(row.mark)


class LinkButton(QPushButton):
    """One evidence link on one line, elided where room is short; the whole text is its name."""

    def __init__(self, text: str, where: str, parent: QWidget | None = None) -> None:
        """Show `text`, and `where` it stands."""
        super().__init__(parent)
        self.mark: Annotation | None = None
        self._whole = f"{text}  ·  {where}" if where and where != text else text
        self.setProperty("kind", "nav")
        self.setAccessibleName(self._whole)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_plain_tooltip(self, self._whole)
        dress(self, "paperclip", "quiet", factor=1.0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        room = self.width() - self.iconSize().width() - space(self, 7)
        fitted = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(fitted.replace("&", "&&"))
