"""The dialog that writes a person's own work on one submission into a readable file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from assessor_app.domain.ids import SubmissionId
from assessor_app.services import draft_export
from assessor_app.services.draft_export import DraftReport
from assessor_app.ui.exporting import AskPath, ask_for_file
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.sending.file_dialog import FileDialog
from assessor_app.ui.tasks import Lanes


class DraftDialog(FileDialog):
    """Says what the file holds, asks where to, says what was written."""

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
            lanes: where the file is put together.
            submission_id: what the work is on.
            code: its code, for the proposed name.
            parent: the window.
            ask_path: asks for the file.
        """
        super().__init__(lanes, parent)
        self._submission_id, self._code, self._ask_path = submission_id, code, ask_path
        self.name(self.tr("Export my work"), self.tr("Choose where…"))
        self.explain(
            self.tr(
                "Everything that you made of {code}, sent or not: ratings, feedback, notes and marks, as one "
                "page that any browser shows, with the same as data inside it."
            ).format(code=code)
        )
        self.explain(
            self.tr(
                "It does not say who you are, and the evidence itself is not in it. It is not sealed, and it "
                "holds what only you read: hand it on only to who may read all of that."
            ),
            "caption",
        )

    def choose(self) -> str:
        """Where to write it."""
        return self._ask_path(self, draft_export.proposed_name(self._code), draft_export.SUFFIX)

    def work(self, path: Path, context: Any) -> DraftReport:
        """Write it."""
        return draft_export.export(context, self._submission_id, path)

    def tell(self, report: DraftReport) -> None:
        """What was written."""
        name, folder = one_line(report.target.name), one_line(str(report.target.parent))
        text = self.tr("Written: {name}. It lies in {folder}. Ratings: {ratings}, marks: {marks}.")
        said = text.format(name=name, folder=folder, ratings=report.ratings, marks=report.marks)
        self.say(said, "ok")
        self.go.hide()
        self.close_button.setFocus()
