"""Files of comments: the system's dialogs, and what was taken over or written, in sentences."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from assessor_app.services.comment_bank import ExportReport, ImportReport
from assessor_app.ui.plain_text import one_line

AskFile = Callable[[QWidget], str]
"""Asks for a file; empty when the person thought better of it."""
_MOST_NUMBERS, _MOST_TITLES = 10, 3


def import_words(window: QWidget, report: ImportReport) -> str:
    """What was taken over."""
    said = [window.tr("{n} new comments.").format(n=report.added)]
    if report.added == 1:
        said = [window.tr("1 new comment.")]
    if report.doubles == 1:
        said.append(window.tr("1 was there already."))
    elif report.doubles:
        said.append(window.tr("{n} were there already.").format(n=report.doubles))
    if report.refused:
        numbers = ", ".join(str(number) for number in report.refused[:_MOST_NUMBERS])
        numbers += " …" if len(report.refused) > _MOST_NUMBERS else ""
        words = window.tr("Left out, because they may name somebody: numbers {numbers} of the file.")
        said.append(words.format(numbers=numbers))
    return " ".join(said)


def export_words(window: QWidget, report: ExportReport) -> str:
    """What was written."""
    name = one_line(report.target.name)
    said = [window.tr("{n} comments are in {name}.").format(n=report.written, name=name)]
    if report.written == 1:
        said = [window.tr("1 comment is in {name}.").format(name=name)]
    if report.left_out:
        titles = ", ".join(one_line(title) for title in report.left_out[:_MOST_TITLES])
        titles += " …" if len(report.left_out) > _MOST_TITLES else ""
        said.append(window.tr("Left out, because they may name somebody: {titles}.").format(titles=titles))
    return " ".join(said)


def ask_for_source(parent: QWidget) -> str:
    """The system's dialog for a file of comments to read."""
    return _ask(parent, QFileDialog.AcceptMode.AcceptOpen)


def ask_for_target(parent: QWidget) -> str:
    """The system's dialog for a file of comments to write."""
    return _ask(parent, QFileDialog.AcceptMode.AcceptSave)


def _ask(parent: QWidget, mode: QFileDialog.AcceptMode) -> str:
    dialog = QFileDialog(parent)
    dialog.setAcceptMode(mode)
    dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    if mode is QFileDialog.AcceptMode.AcceptOpen:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([parent.tr("Comments (*.json *.csv)"), parent.tr("All files (*)")])
    else:
        dialog.setNameFilters(
            [parent.tr("For another workstation (*.json)"), parent.tr("Table for spreadsheets (*.csv)")]
        )
        dialog.setDefaultSuffix("json")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if "csv" in chosen else "json")
        )
        dialog.selectFile("comments")
    answer = dialog.exec()
    chosen = dialog.selectedFiles()
    dialog.deleteLater()
    return chosen[0] if answer == QDialog.DialogCode.Accepted and chosen else ""
