"""Saving a report for support: exactly what would go is there to be read before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from assessor_app.errors import KnownError
from assessor_app.services import support_report
from assessor_app.services.support_report import SUFFIX, Entry, Sources
from assessor_app.ui.announce import announce
from assessor_app.ui.exporting import AskPath, ask_for_file
from assessor_app.ui.plain_text import one_line, plain_label, set_role
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.support.words import size_words
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.theme import space


class ReportDialog(QDialog):
    """Gathers the report, shows every file of it, and writes just that where she says."""

    def __init__(
        self,
        lanes: Lanes,
        sources: Callable[[], Sources],
        now: datetime,
        parent: QWidget | None = None,
        *,
        ask_path: AskPath = ask_for_file,
    ) -> None:
        """Begin to gather.

        Args:
            lanes: of the open account.
            sources: says on a lane where the parts lie.
            now: the present in the person's zone, for the proposed name.
            parent: the window.
            ask_path: asks where to.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save a report for support"))
        self.setModal(True)
        self._lanes, self._now, self._ask_path = lanes, now, ask_path
        self._entries: tuple[Entry, ...] = ()
        self.said = plain_label(self.tr("Looking at this computer…"), "quiet", wraps=True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How far the report is"))
        self.bar.setRange(0, 0)
        self.names = QListWidget(self)
        self.names.setAccessibleName(self.tr("What is in the report"))
        self.names.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.currentRowChanged.connect(self._show_entry)
        self.content = QPlainTextEdit(self)
        self.content.setReadOnly(True)
        self.content.setTabChangesFocus(True)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(self.fontInfo().pixelSize())
        self.content.setFont(fixed)
        self.content.setAccessibleName(self.tr("The part that is chosen"))
        self.save = QPushButton(self.tr("Save…"), self)
        self.save.setProperty("kind", "primary")
        self.save.setDefault(True)
        self.save.setEnabled(False)
        self.save.clicked.connect(self._save)
        self._lay_out()
        resize_within_screen(self, space(self, 190), space(self, 150))
        self._ticket: Ticket | None = lanes.convert(
            self,
            lambda context, _stopped: support_report.gather(context, sources(), progress=self._progress),
            self._gathered,
            failed=self._failed,
        )

    def _lay_out(self) -> None:
        close = QPushButton(self.tr("Close"), self)
        close.clicked.connect(self.reject)
        self._panes = panes = QSplitter(Qt.Orientation.Horizontal, self)
        panes.setChildrenCollapsible(False)
        panes.addWidget(self.names)
        panes.addWidget(self.content)
        panes.setStretchFactor(0, 1)
        panes.setStretchFactor(1, 3)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 5)] * 4)
        layout.setSpacing(space(self, 2))
        layout.addWidget(plain_label(self.tr("Save a report for support"), "title"))
        what = self.tr(
            "It says how the workstation is, in one file. Nobody is named in it: no learner, not you, not "
            "this computer. No evidence and no words of yours are in it. Read below what goes; nothing is "
            "sent."
        )
        layout.addWidget(plain_label(what, "body", wraps=True))
        layout.addWidget(panes, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.said)
        layout.addLayout(buttons)

    def done(self, result: int) -> None:
        """Nobody waits for the rest."""
        if self._ticket is not None:
            self._ticket.cancel()
        super().done(result)

    # ---- gathering ----

    def _progress(self, done: int, of: int) -> None:
        """On a lane."""
        self._lanes.report(self._show_progress, (done, of))

    def _show_progress(self, how_far: tuple[int, int]) -> None:
        self.bar.setRange(0, how_far[1])
        self.bar.setValue(how_far[0])

    def _gathered(self, entries: tuple[Entry, ...]) -> None:
        self._ticket = None
        self._entries = entries
        self.bar.hide()
        self.names.addItems([entry.name for entry in entries])
        wide = self.names.sizeHintForColumn(0) + space(self, 8)
        self._panes.setSizes([wide, max(wide, self._panes.width() - wide)])
        self.names.setCurrentRow(min(1, len(entries) - 1))
        self.save.setEnabled(True)
        self.names.setFocus()
        size = size_words(sum(len(entry.text.encode()) for entry in entries))
        self._say(self.tr("{n} parts, {size}.").format(n=len(entries), size=size), "quiet")

    def _failed(self, error: KnownError) -> None:
        self.bar.hide()
        self.save.setEnabled(bool(self._entries))
        self._say(" ".join((f"{error.title}.", error.message, error.next_step)).strip(), "danger")

    @Slot(int)
    def _show_entry(self, row: int) -> None:
        if 0 <= row < len(self._entries):
            self.content.setPlainText(self._entries[row].text)

    # ---- saving ----

    @Slot()
    def _save(self) -> None:
        chosen = self._ask_path(self, support_report.proposed_name(self._now), SUFFIX)
        if not chosen:
            return
        path, entries = Path(chosen), self._entries
        self.save.setEnabled(False)

        def write(_: Any) -> Path:
            support_report.write(path, entries)
            return path

        self._lanes.read(self, write, self._written, failed=self._failed)

    def _written(self, path: Path) -> None:
        self.save.setEnabled(True)
        words = self.tr("Written: {name}. It lies in {folder}. Give it to whoever helps you.")
        self._say(words.format(name=one_line(path.name), folder=one_line(str(path.parent))), "ok")

    def _say(self, text: str, role: str) -> None:
        self.said.setText(text)
        set_role(self.said, role)
        announce(self, text, urgent=role == "danger")
