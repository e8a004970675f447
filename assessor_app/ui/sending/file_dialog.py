"""A dialog that has a file chosen, works on it off the GUI thread and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.errors import KnownError
from assessor_app.ui.announce import announce
from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.plain_text import plain_label, set_role
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space

AskFile = Callable[[QWidget, str], str]
"""Asks for a file that is there: the parent, its kind; empty for a change of mind."""


class FileDialog(FittedDialog):
    """Says what a file is for, has one chosen, works off the GUI thread, says what came of it."""

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        """Build the dialog; `name` and `explain` say what it is about."""
        super().__init__(parent)
        self.setModal(True)
        self._lanes = lanes
        self.said = plain_label("", "quiet", wraps=True)
        self.said.hide()
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(self.tr("At work"))
        self.bar.hide()
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.clicked.connect(self.reject)
        self.go = QPushButton(self)
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._begin)
        self.texts = QVBoxLayout()
        self.texts.setSpacing(space(self, 2))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 2))
        self._title = plain_label("", "title")
        layout.addWidget(self._title)
        layout.addLayout(self.texts)
        layout.addWidget(self.bar)
        layout.addWidget(self.said)
        layout.addSpacing(space(self))
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 120))

    def name(self, title: str, act: str) -> None:
        """Say what it is: for the window and the page, and on the button that chooses a file."""
        self.setWindowTitle(title)
        self._title.setText(title)
        self.go.setText(act)

    def explain(self, text: str, role: str = "body") -> None:
        """Add a paragraph above the buttons."""
        self.texts.addWidget(plain_label(text, role, wraps=True))

    def say(self, text: str, role: str) -> None:
        """Say how it stands."""
        self.said.setText(text)
        set_role(self.said, role)
        self.said.show()
        announce(self, text, urgent=role == "danger")

    def choose(self) -> str:
        """Have a file chosen; empty for a change of mind."""
        raise NotImplementedError

    def work(self, path: Path, context: Any) -> Any:
        """What is done with the file, on a lane."""
        raise NotImplementedError

    def tell(self, report: Any) -> None:
        """Say what came of it."""
        raise NotImplementedError

    def start(self, job: Callable[[Any], Any]) -> None:
        """Run the work; on the lane of reading unless something else is needed."""
        self._lanes.read(self, job, self._done, failed=self._failed)

    @Slot()
    def _begin(self) -> None:
        chosen = self.choose()
        if not chosen:
            return
        path = Path(chosen)
        self.go.setEnabled(False)
        self.said.hide()
        self.bar.show()
        self.start(lambda context: self.work(path, context))

    def _done(self, report: Any) -> None:
        self._rest()
        self.tell(report)

    def _failed(self, error: KnownError) -> None:
        self._rest()
        self.say(" ".join((f"{error.title}.", error.message, error.next_step)).strip(), "danger")

    def _rest(self) -> None:
        self.bar.hide()
        self.go.setEnabled(True)


def ask_to_open(parent: QWidget, suffix: str) -> str:
    """The system's dialog for a file that is there; empty when the person thought better of it."""
    dialog = QFileDialog(parent)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(f"*.{suffix}")
    dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    answer = dialog.exec()
    chosen = dialog.selectedFiles()
    dialog.deleteLater()
    return chosen[0] if answer == QDialog.DialogCode.Accepted and chosen else ""
