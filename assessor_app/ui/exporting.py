"""The dialog that exports an annotated copy: what goes into it, how it comes along, what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.documents.exporter import ExportCancelled
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import exporting
from assessor_app.services.exporting import ExportFormat, ExportReport, ExportWish, Stop
from assessor_app.ui.announce import announce
from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.plain_text import one_line, plain_label, set_role
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space

AskPath = Callable[[QWidget, str, str], str]
"""Asks where to: the parent, the proposed name, the kind of file; empty for a change of mind."""
_FORM, _WORK, _DONE = range(3)
_NAME_CHARS = 36


@dataclass(frozen=True, slots=True)
class Exportable:
    """What could be exported now."""

    submission_id: SubmissionId
    code: str
    """The submission's code, for the proposed name."""
    marks: tuple[Annotation, ...]
    """All marks that the person sees."""
    open_id: str | None
    """Id of the file or answer that is open; None when none is."""
    open_name: str = ""
    """Its neutral name."""
    open_has_pages: bool = False
    """Whether it has pages that an XFDF file can refer to."""


class ExportDialog(FittedDialog):
    """Asks, works and reports in one place; closing it while it works stops the work."""

    def __init__(
        self,
        lanes: Lanes,
        what: Exportable,
        parent: QWidget | None = None,
        *,
        ask_path: AskPath | None = None,
    ) -> None:
        """Build the form.

        Args:
            lanes: where the copy is put together.
            what: what could be exported.
            parent: the window.
            ask_path: asks for the file; None for the system's dialog.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export an annotated copy"))
        self.setModal(True)
        self._lanes, self._what, self._ask_path = lanes, what, ask_path or ask_for_file
        self._stop: Stop | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        # No stack: its pages would all be as high as the highest, and wrapped words be cut.
        self._pages = (self._make_form(), self._make_work(), self._make_done())
        for page in self._pages:
            layout.addWidget(page)
        # Last, beside no page: on a low screen everything else scrolls.
        layout.addLayout(self._make_buttons())
        self.setMinimumWidth(space(self, 130))
        self._refresh()
        self._show_page(_FORM)

    def _show_page(self, number: int) -> None:
        for at, page in enumerate(self._pages):
            page.setVisible(at == number)
        self.go.setVisible(number == _FORM)
        self.leave.setVisible(number != _DONE)
        self.leave.setText(self.tr("Stop") if number == _WORK else self.tr("Cancel"))
        self.close_button.setVisible(number == _DONE)
        self.fit()

    def _make_buttons(self) -> QHBoxLayout:
        self.leave = QPushButton(self)
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.reject)
        self.go = QPushButton(self.tr("Choose where…"), self)
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._begin)
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.setProperty("kind", "primary")
        self.close_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(space(self))
        row.addStretch(1)
        for button in (self.leave, self.go, self.close_button):
            row.addWidget(button)
        return row

    # ---- the form ----

    def _make_form(self) -> QWidget:
        form = QWidget(self)
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 1))
        column.addWidget(plain_label(self.tr("Export an annotated copy"), "title"))
        self._choose_scope(form, column)
        self._choose_readers(form, column)
        self._choose_format(form, column)
        promise = self.tr(
            "The copy names nobody: authors, times and hidden details of files are left out. "
            "What the evidence itself shows, such as a name on a page, stays."
        )
        column.addSpacing(space(self, 1))
        column.addWidget(plain_label(promise, "caption", wraps=True))
        self.trouble = plain_label("", "danger", wraps=True)
        self.trouble.hide()
        column.addWidget(self.trouble)
        column.addSpacing(space(self, 2))
        return form

    def _choose_scope(self, form: QWidget, column: QVBoxLayout) -> None:
        self.only_open = QRadioButton(form)
        # Its first words tell which it is: a question of the learner is longer than the dialog is wide.
        room = self.fontMetrics().averageCharWidth() * _NAME_CHARS
        name = self.fontMetrics().elidedText(
            one_line(self._what.open_name), Qt.TextElideMode.ElideRight, room
        )
        self.only_open.setText(self.tr("Only {name}, which is open").format(name=name.replace("&", "&&")))
        self.only_open.setVisible(self._what.open_id is not None)
        self.everything = QRadioButton(self.tr("All evidence that carries such marks"), form)
        chosen = self.only_open if self._what.open_id is not None else self.everything
        chosen.setChecked(True)
        self._scopes = _group(self, column, self.tr("Evidence"), (self.only_open, self.everything))
        self._scopes.buttonToggled.connect(self._refresh)

    def _choose_readers(self, form: QWidget, column: QVBoxLayout) -> None:
        self.readers = {
            Audience.LEARNER: QCheckBox(form),
            Audience.APPROVER: QCheckBox(form),
            Audience.ONLY_ME: QCheckBox(form),
        }
        self.readers[Audience.LEARNER].setChecked(True)
        _group(self, column, self.tr("Marks in the copy"), tuple(self.readers.values()))
        self.own_hint = plain_label(
            self.tr("With marks that only you read, this is a copy for yourself: do not hand it on."),
            "strong",
            wraps=True,
        )
        column.addWidget(self.own_hint)
        for box in self.readers.values():
            box.toggled.connect(self._refresh)

    def _choose_format(self, form: QWidget, column: QVBoxLayout) -> None:
        self.formats = {
            ExportFormat.PDF: QRadioButton(self.tr("PDF: evidence and marks, for any PDF viewer"), form),
            ExportFormat.XFDF: QRadioButton(self.tr("XFDF: the marks alone, to lay over the same PDF"), form),
            ExportFormat.JSON_LD: QRadioButton(
                self.tr("Web Annotation: the marks alone, as data for other programs"), form
            ),
        }
        self.formats[ExportFormat.PDF].setChecked(True)
        group = _group(self, column, self.tr("Kind of file"), tuple(self.formats.values()))
        group.buttonToggled.connect(self._refresh)

    @Slot()
    def _refresh(self) -> None:
        counts = Counter(mark.audience for mark in self._in_scope())
        words = {
            Audience.LEARNER: self.tr("Marks that the learner reads: {n}"),
            Audience.APPROVER: self.tr("Marks that the approver reads: {n}"),
            Audience.ONLY_ME: self.tr("Marks that only you read: {n}"),
        }
        for audience, box in self.readers.items():
            box.setText(words[audience].format(n=counts[audience]))
        self.own_hint.setVisible(self.readers[Audience.ONLY_ME].isChecked())
        xfdf = self.formats[ExportFormat.XFDF]
        xfdf.setEnabled(self.only_open.isChecked() and self._what.open_has_pages)
        if xfdf.isChecked() and not xfdf.isEnabled():
            self.formats[ExportFormat.PDF].setChecked(True)
        count = sum(counts[audience] for audience in self._chosen_readers())
        self.go.setEnabled(count > 0)
        self._say(
            "" if count else self.tr("No mark is like that yet, so there is nothing to export."), "quiet"
        )

    def _in_scope(self) -> list[Annotation]:
        only = self._what.open_id if self.only_open.isChecked() else None
        return [mark for mark in self._what.marks if only in (None, mark.anchor.source_id)]

    def _chosen_readers(self) -> frozenset[Audience]:
        return frozenset(audience for audience, box in self.readers.items() if box.isChecked())

    def _chosen_format(self) -> ExportFormat:
        return next(kind for kind, button in self.formats.items() if button.isChecked())

    def _say(self, text: str, role: str) -> None:
        set_role(self.trouble, role)
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
        self.fit()

    # ---- the work ----

    def _make_work(self) -> QWidget:
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 3))
        self.doing = plain_label(self.tr("Putting the copy together…"), "heading", wraps=True)
        self.bar = QProgressBar(work)
        self.bar.setAccessibleName(self.tr("How far the copy is"))
        column.addWidget(self.doing)
        column.addWidget(self.bar)
        column.addWidget(plain_label(self.tr("You can stop at any time; nothing is left behind."), "caption"))
        column.addStretch(1)
        return work

    @Slot()
    def _begin(self) -> None:
        kind = self._chosen_format()
        name = f"{self._what.code or self.tr('copy')}-annotated.{kind.value}"
        path = self._ask_path(self, name, kind.value)
        if not path:
            return
        wish = ExportWish(
            submission_id=self._what.submission_id,
            format=kind,
            marks=self._what.marks,
            readers=self._chosen_readers(),
            source_id=self._what.open_id if self.only_open.isChecked() else None,
            target=Path(path),
        )
        stop = self._stop = Stop()
        self._say("", "quiet")
        self._show_progress((0, 0))
        self._show_page(_WORK)

        def work(context: Any) -> ExportReport | None:
            def told(done: int, total: int) -> None:
                self._lanes.report(self._show_progress, (done, total))

            try:
                return exporting.export(context, wish, stop, told)
            except ExportCancelled:
                return None

        self._lanes.read(self, work, self._done, failed=self._failed)

    @Slot(object)
    def _show_progress(self, progress: tuple[int, int]) -> None:
        done, total = progress
        # One step more than pieces: the copy is written after the last one.
        self.bar.setRange(0, total + 1 if total else 0)
        self.bar.setValue(done)

    def _failed(self, error: KnownError) -> None:
        self._stop = None
        self._show_page(_FORM)
        self._say(f"{error.title}. {error.message} {error.next_step}".strip(), "danger")
        announce(self, self.trouble.text(), urgent=True)
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def reject(self) -> None:
        """Stop the work, or leave."""
        if self._stop is not None:
            self._stop.stop()
        super().reject()

    # ---- the report ----

    def _make_done(self) -> QWidget:
        done = QWidget(self)
        column = QVBoxLayout(done)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 2))
        column.addWidget(plain_label(self.tr("The copy is written"), "title"))
        self.report = plain_label("", "body", wraps=True)
        column.addWidget(self.report)
        column.addStretch(1)
        return done

    def _done(self, report: ExportReport | None) -> None:
        self._stop = None
        if report is None:
            self._show_page(_FORM)
            return
        self.report.setText(" ".join(_report_words(self, report)))
        self._show_page(_DONE)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.report.text())


def ask_for_file(parent: QWidget, name: str, suffix: str) -> str:
    """The system's dialog for saving; empty when the person thought better of it."""
    dialog = QFileDialog(parent)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.setNameFilter(f"*.{suffix}")
    dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    dialog.selectFile(name)
    answer = dialog.exec()
    chosen = dialog.selectedFiles()
    dialog.deleteLater()
    return chosen[0] if answer == QDialog.DialogCode.Accepted and chosen else ""


def _report_words(dialog: QDialog, report: ExportReport) -> list[str]:
    """What was written, in sentences."""
    count = report.marks
    marks = dialog.tr("one mark") if count == 1 else dialog.tr("{n} marks").format(n=count)
    name = one_line(report.target.name)
    said = [dialog.tr("{name} holds {marks}.").format(name=name, marks=marks)]
    if report.not_found == 1:
        said.append(dialog.tr("The place of one of them was not found; it is listed at the end."))
    elif report.not_found:
        said.append(
            dialog.tr("The places of {n} of them were not found; they are listed at the end.").format(
                n=report.not_found
            )
        )
    if report.listed:
        names = ", ".join(one_line(each) for each in report.listed)
        said.append(
            dialog.tr("These have no pages that could be copied, so their marks are listed: {names}.").format(
                names=names
            )
        )
    said.append(dialog.tr("It lies in {folder}.").format(folder=one_line(str(report.target.parent))))
    return said


def _group(
    dialog: QDialog, column: QVBoxLayout, heading: str, buttons: Sequence[QRadioButton | QCheckBox]
) -> QButtonGroup:
    """A heading with its choices below it."""
    column.addSpacing(space(dialog, 1.5))
    column.addWidget(plain_label(heading, "caption-strong"))
    group = QButtonGroup(dialog)
    group.setExclusive(isinstance(buttons[0], QRadioButton))
    for button in buttons:
        button.setAccessibleDescription(heading)
        group.addButton(button)
        column.addWidget(button)
    return group
