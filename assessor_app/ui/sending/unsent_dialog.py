"""The dialogs about files of unsent work: writing one, reading the receipts for it, handing one in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from assessor_app.domain.assessments import OutboxKind
from assessor_app.services import unsent_answers, unsent_carrying, unsent_export
from assessor_app.services.unsent_answers import AnswersReport
from assessor_app.services.unsent_carrying import CarriedReport
from assessor_app.services.unsent_export import SUFFIX, UnsentContent, UnsentReport
from assessor_app.ui.exporting import AskPath, ask_for_file
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.sending.file_dialog import AskFile, FileDialog, ask_to_open
from assessor_app.ui.tasks import Lanes


class UnsentDialog(FileDialog):
    """Says what would be in the file and who can read it; then writes it."""

    def __init__(
        self,
        lanes: Lanes,
        what: UnsentContent,
        now: datetime,
        parent: QWidget | None = None,
        *,
        ask_path: AskPath = ask_for_file,
    ) -> None:
        """Build the question.

        Args:
            lanes: where the file is put together.
            what: what would be in it.
            now: the present in the person's zone, for the proposed name.
            parent: the window.
            ask_path: asks for the file.
        """
        super().__init__(lanes, parent)
        self.name(self.tr("Export unsent work"), self.tr("Choose where…"))
        self._now, self._ask_path = now, ask_path
        if what.count:
            self.explain(self.tr("In the file: {what}.").format(what=content_words(self, what)))
        else:
            self.explain(self.tr("Nothing waits to be sent that a file could hold."))
        if what.held_back:
            self.explain(_held_back(self, what.held_back), "warning")
        self.explain(
            self.tr(
                "Nobody but the platform can open it, and your name is not in it. Give it to your team lead, "
                "or to whoever runs the platform: on a stick, or by e-mail."
            )
        )
        self.explain(
            self.tr(
                "Everything also stays here. With a connection it is sent as always, and nothing happens "
                "twice. Once the file is written, it may arrive at any time, and can no longer be taken back "
                "here before it is sent."
            ),
            "caption",
        )
        if what.count and not what.can_seal:
            self.explain(
                self.tr(
                    "The platform's key for such files comes with a sync, and none has brought it so far. "
                    "Your work is safe here. An open submission has “Export my work…” in the File menu."
                ),
                "warning",
            )
        self.go.setEnabled(bool(what.count) and what.can_seal)

    def choose(self) -> str:
        """Where to write it."""
        return self._ask_path(self, unsent_export.proposed_name(self._now), SUFFIX)

    def work(self, path: Path, context: Any) -> UnsentReport:
        """Write it."""
        report = unsent_export.export(context, path)
        self._lanes.broadcast(report.changes)
        return report

    def tell(self, report: UnsentReport) -> None:
        """What was written, what is in it, and what to do with it."""
        names = ", ".join(one_line(file.name) for file in report.files)
        folder = one_line(str(report.files[0].parent))
        parts = (
            self.tr("Written: {names}. It lies in {folder}.").format(names=names, folder=folder),
            self.tr("In it: {what}.").format(what=content_words(self, report.content)),
            self.tr("When you get a file of receipts for it, choose “Read receipts…”."),
        )
        self.say(" ".join(parts), "ok")
        self.go.hide()
        self.close_button.setFocus()


class ReceiptsDialog(FileDialog):
    """Reads the platform's answers to a file of unsent work."""

    def __init__(
        self, lanes: Lanes, parent: QWidget | None = None, *, ask_file: AskFile = ask_to_open
    ) -> None:
        """Build the question; `ask_file` asks for the file."""
        super().__init__(lanes, parent)
        self.name(self.tr("Read receipts"), self.tr("Choose the file…"))
        self._ask_file = ask_file
        self.explain(
            self.tr(
                "Whoever took your file of unsent work to the platform gets a second file for you, with the "
                "platform's receipts. Only this computer can open it. Choose it here, and what has arrived "
                "counts as sent."
            )
        )

    def choose(self) -> str:
        """Which file."""
        return self._ask_file(self, SUFFIX)

    def work(self, path: Path, context: Any) -> AnswersReport:
        """Read it."""
        report = unsent_answers.read_answers(context, path)
        self._lanes.broadcast(report.changes)
        return report

    def tell(self, report: AnswersReport) -> None:
        """What has arrived and what has not."""
        counted = (
            (report.confirmed, self.tr("Sent and confirmed: {n}.")),
            (report.known, self.tr("Known before: {n}.")),
            (report.refused, self.tr("Not taken: {n}. Each says why under “Waiting to send”.")),
            (report.waiting, self.tr("Still waiting: {n}.")),
        )
        said = [words.format(n=number) for number, words in counted if number]
        role = "warning" if report.refused or report.waiting else "ok"
        self.say(" ".join(said) or self.tr("There was nothing in it."), role)


class CarryDialog(FileDialog):
    """Hands in somebody's file of unsent work, and keeps the receipts for her."""

    def __init__(
        self,
        lanes: Lanes,
        parent: QWidget | None = None,
        *,
        ask_file: AskFile = ask_to_open,
        ask_path: AskPath = ask_for_file,
    ) -> None:
        """Build the question; the two functions ask for the files."""
        super().__init__(lanes, parent)
        self.name(self.tr("Hand in a file of unsent work"), self.tr("Choose the file…"))
        self._ask_file, self._ask_path = ask_file, ask_path
        self._receipts = Path()
        self.explain(
            self.tr(
                "For a colleague who has no connection or cannot sign in: their file goes to the platform "
                "over your connection. Everything in it counts as theirs, and you cannot read it."
            )
        )
        self.explain(
            self.tr("The platform answers with a file of receipts for them. You are asked where to save it."),
            "caption",
        )

    def choose(self) -> str:
        """Which file, and where the receipts go."""
        chosen = self._ask_file(self, SUFFIX)
        if not chosen:
            return ""
        name = self.tr("receipts for {name}").format(name=Path(chosen).name)
        receipts = self._ask_path(self, name, SUFFIX)
        self._receipts = Path(receipts)
        return chosen if receipts else ""

    def start(self, job: Callable[[Any], Any]) -> None:
        """Over the network."""
        self._lanes.network(job, owner=self, done=self._done, failed=self._failed)

    def work(self, path: Path, context: Any) -> CarriedReport:
        """Bring it."""
        return unsent_carrying.carry(context, path, self._receipts)

    def tell(self, report: CarriedReport) -> None:
        """How it went, as far as it is the carrier's business."""
        said = [self.tr("Taken: {n}.").format(n=report.taken)]
        if report.refused:
            said.append(self.tr("Not taken: {n}; the receipts say why.").format(n=report.refused))
        if report.drafts:
            said.append(self.tr("Drafts kept for them: {n}.").format(n=report.drafts))
        name, folder = one_line(report.receipts.name), one_line(str(report.receipts.parent))
        words = self.tr("Give them the file “{name}”; it lies in {folder}.")
        self.say(" ".join((*said, words.format(name=name, folder=folder))), "ok")


def content_words(dialog: QDialog, what: UnsentContent) -> str:
    """Such as "3 recommendations, 1 decision"."""
    kinds = what.kinds
    words = {
        OutboxKind.RECOMMENDATION: (dialog.tr("1 recommendation"), dialog.tr("{n} recommendations")),
        OutboxKind.DECISION: (dialog.tr("1 decision"), dialog.tr("{n} decisions")),
        OutboxKind.PRE_ASSESSMENT: (dialog.tr("1 pre-assessment"), dialog.tr("{n} pre-assessments")),
        OutboxKind.WITHDRAWAL: (dialog.tr("1 taking back"), dialog.tr("{n} takings back")),
        OutboxKind.RECUSAL: (dialog.tr("1 giving back"), dialog.tr("{n} givings back")),
        OutboxKind.ESCALATION: (dialog.tr("1 question or report"), dialog.tr("{n} questions or reports")),
        OutboxKind.CASE_ACTION: (
            dialog.tr("1 answer or other step"),
            dialog.tr("{n} answers or other steps"),
        ),
        OutboxKind.FINDING: (dialog.tr("1 report on a file"), dialog.tr("{n} reports on files")),
    }
    said = [
        one if kinds[kind] == 1 else many.format(n=kinds[kind])
        for kind, (one, many) in words.items()
        if kinds.get(kind)
    ]
    if what.drafts:
        drafts = dialog.tr("{n} drafts").format(n=what.drafts)
        said.append(dialog.tr("1 draft") if what.drafts == 1 else drafts)
    return ", ".join(said)


def _held_back(dialog: QDialog, count: int) -> str:
    if count == 1:
        return dialog.tr("One thing stays out of it: the platform refused it before, and it needs you first.")
    text = dialog.tr(
        "{n} things stay out of it: the platform refused them before, or an earlier one of the same "
        "submission. They need you first."
    )
    return text.format(n=count)
