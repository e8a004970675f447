"""Writing the proof that something was sent: one page, and on request exactly what was sent beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import proof
from assessor_app.services.proof import ProofReport
from assessor_app.ui.announce import announce
from assessor_app.ui.exporting import ask_for_file
from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.plain_text import one_line, plain_label, set_role
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space

AskPath = Callable[[QWidget, str, str], str]
"""Asks where to: the parent, the proposed name, the kind of file; empty for a change of mind."""


class ProofDialog(FittedDialog):
    """Says what the page holds, asks where to, says what was written."""

    def __init__(
        self,
        lanes: Lanes,
        submission_id: SubmissionId,
        code: str,
        parent: QWidget | None = None,
        *,
        ask_path: AskPath = ask_for_file,
    ) -> None:
        """Build the question.

        Args:
            lanes: where the page is made.
            submission_id: what was sent for.
            code: its code, for the proposed name.
            parent: the window.
            ask_path: asks for the file.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Prove that it was sent"))
        self.setModal(True)
        self._lanes, self._submission_id, self._code, self._ask_path = lanes, submission_id, code, ask_path
        self.with_sent = QCheckBox(self.tr("Also save exactly what was sent, beside it"), self)
        self.said = plain_label("", "quiet", wraps=True)
        self.said.hide()
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.clicked.connect(self.reject)
        self.go = QPushButton(self.tr("Choose where…"), self)
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._begin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 2))
        layout.addWidget(plain_label(self.tr("Prove that it was sent"), "title"))
        what = self.tr(
            "One page as a PDF: what was sent and when, when the platform received it, the receipt, and how "
            "anybody can check it. It names nobody."
        )
        layout.addWidget(plain_label(what, "body", wraps=True))
        layout.addWidget(self.with_sent)
        hint = self.tr("It holds your ratings, feedback and note: hand it on only to who may read them.")
        layout.addWidget(plain_label(hint, "caption", wraps=True))
        layout.addWidget(self.said)
        layout.addSpacing(space(self))
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 120))

    @Slot()
    def _begin(self) -> None:
        name = self.tr("{code} proof of sending.pdf").format(code=self._code)
        chosen = self._ask_path(self, name, "pdf")
        if not chosen:
            return
        self.go.setEnabled(False)
        self._say(self.tr("Making the page…"), "quiet")
        submission_id, with_sent, target = self._submission_id, self.with_sent.isChecked(), Path(chosen)
        self._lanes.read(
            self,
            lambda context: proof.write_proof(context, submission_id, target, with_sent=with_sent),
            self._done,
            failed=self._failed,
        )

    def _done(self, report: ProofReport) -> None:
        self.go.setEnabled(True)
        names = [one_line(path.name) for path in (report.target, report.sent) if path is not None]
        folder = one_line(str(report.target.parent))
        text = self.tr("Written: {names}. In {folder}.").format(names=", ".join(names), folder=folder)
        self._say(text, "ok")

    def _failed(self, error: KnownError) -> None:
        self.go.setEnabled(True)
        self._say(" ".join((f"{error.title}.", error.message, error.next_step)), "danger")

    def _say(self, text: str, role: str) -> None:
        self.said.setText(text)
        set_role(self.said, role)
        self.said.show()
        announce(self, text)
