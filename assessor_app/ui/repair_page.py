"""The page about a damaged store: what was found, its repair with progress, and what came back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from assessor_app.errors import KnownError
from assessor_app.ui.announce import announce
from assessor_app.ui.gate import GatePage
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.inbox_words import time_words
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.theme import space

if TYPE_CHECKING:
    from assessor_app.services.repairing import RepairReport

NAMES_SHOWN = 8
"""More names than this are counted."""


class RepairPage(GatePage):
    """Asks, shows how far it is, and says what came of it."""

    start_requested = Signal()
    stop_requested = Signal()
    go_on_requested = Signal()

    def __init__(self, title: str, found: str, parent: QWidget | None = None) -> None:
        """Build the page.

        Args:
            title: what is damaged.
            found: what that means for the files.
            parent: Qt parent.
        """
        super().__init__("triangle-alert", title, found, parent)
        self._lines: list[QWidget] = []
        for icon, words in (
            ("pen-line", self.tr("What you wrote is taken out of it, and from the copies made of it.")),
            ("download", self.tr("What the platform has is fetched again at the next sync.")),
            ("shield-check", self.tr("The file as it is now is kept. Nothing is deleted.")),
        ):
            self._add_line(icon, words)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How far the repair is"))
        self._bar.hide()
        self._start = self._button(self.tr("Repair now"), "primary")
        self._start.clicked.connect(self.start_requested)
        self._stop = self._button(self.tr("Stop"), "quiet")
        self._stop.clicked.connect(self.stop_requested)
        self._stop.hide()
        self._go_on = self._button(self.tr("Go on"), "primary")
        self._go_on.clicked.connect(self.go_on_requested)
        self._go_on.hide()
        self._buttons = QHBoxLayout()
        for button in (self._start, self._stop, self._go_on):
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self.body.addSpacing(space(self, 2))
        self.body.addWidget(self._bar)
        self.body.addLayout(self._buttons)
        self.setFocusProxy(self._start)

    # ---- how it stands ----

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the repair is; 0 of 0 where that is not known yet."""
        self.say("")
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._show_buttons(self._stop)
        self._bar.show()

    def show_stopped(self) -> None:
        """Say that nothing was changed, and offer it again."""
        self._offer_again(self.tr("Stopped. Nothing was changed."), "quiet")

    def show_failed(self, error: KnownError) -> None:
        """Say why it could not be done, and offer it again."""
        self._offer_again(f"{error.title}. {error.message} {error.next_step}".strip(), "danger")

    def show_report(self, report: RepairReport, now: datetime) -> None:
        """Say what came back, what did not, and where the damaged file lies."""
        self._bar.hide()
        for line in self._lines:
            line.hide()
        self.title.setText(self.tr("The local store is repaired"))
        self.setAccessibleName(self.title.text())
        dress(
            self.icon, "triangle-alert" if report.lost else "circle-check", "warning" if report.lost else "ok"
        )
        counted = self.tr("Part of the local store was damaged. Drafts recovered: {recovered} of {drafts}.")
        self.text.setText(counted.format(recovered=report.recovered, drafts=report.drafts))
        lines = []
        if report.lost:
            lines.append(("triangle-alert", self._lost_words(report.lost)))
        if report.copy_at is not None:
            lines.append(("clock", self._copy_words(report, now)))
        kept = self.tr("The damaged file is kept for {days} days, here:\n{folder}")
        kept = kept.format(days=report.kept_days, folder=report.aside)
        for icon, words in (*lines, ("shield-check", kept)):
            self._add_line(icon, words, at=len(self._lines))
        self._show_buttons(self._go_on)
        self._go_on.setFocus()
        announce(self, self.text.text())

    # ---- inside ----

    def _lost_words(self, lost: tuple[str, ...]) -> str:
        names = [one_line(code) or self.tr("one whose name is lost") for code in lost[:NAMES_SHOWN]]
        if len(lost) > NAMES_SHOWN:
            names.append(self.tr("{number} more").format(number=len(lost) - NAMES_SHOWN))
        said = self.tr("A part of your work could not be read: {names}. Look through it before you send it.")
        return said.format(names=", ".join(names))

    def _copy_words(self, report: RepairReport, now: datetime) -> str:
        assert report.copy_at is not None
        when = time_words(report.copy_at, None)
        if report.copy_at.astimezone().date() != now.astimezone().date():
            when = f"{report.copy_at.astimezone():%Y-%m-%d} {when}"
        if report.read_whole:
            return self.tr("Some of it comes from the copy of {when}.").format(when=when)
        text = self.tr("Some of it comes from the copy of {when}. Look through what you wrote after that.")
        return text.format(when=when)

    def _offer_again(self, words: str, role: str) -> None:
        self._bar.hide()
        self._show_buttons(self._start)
        self.say(words, role=role)

    def _show_buttons(self, shown: QPushButton) -> None:
        for button in (self._start, self._stop, self._go_on):
            button.setVisible(button is shown)

    def _button(self, words: str, kind: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setProperty("kind", kind)
        return button

    def _add_line(self, icon: str, words: str, *, at: int | None = None) -> None:
        line = QWidget(self)
        line.setAccessibleName(words)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(self, 3))
        row.addWidget(icon_label(icon, "quiet"))
        row.addWidget(plain_label(words, "body", wraps=True), 1)
        if at is None:
            self.body.addWidget(line)
        else:
            self.body.insertWidget(at, line)
        self._lines.append(line)
