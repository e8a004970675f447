"""Opens the compare view, and does what is chosen there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.conflicts import Conflict
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.merging import Keep, Part
from assessor_app.errors import KnownError
from assessor_app.services import comparing
from assessor_app.services.comparison import Comparison
from assessor_app.ui.conflict import words
from assessor_app.ui.conflict.compare_dialog import CompareDialog
from assessor_app.ui.exporting import ask_for_file
from assessor_app.ui.tasks import Lanes

AskPath = Callable[[QWidget, str, str], str]


class Comparing(QObject):
    """The compare view of one window."""

    finished = Signal(str, bool)
    """A submission's id, and whether it is to be checked and sent now."""

    def __init__(
        self,
        view: QWidget,
        lanes: Lanes,
        *,
        ask_path: AskPath = ask_for_file,
        parent: QObject | None = None,
    ) -> None:
        """Serve a window.

        Args:
            view: what the view stands above, and goes with.
            lanes: where verbs and reads run.
            ask_path: asks for a file.
            parent: what this object goes with; `view` if None.
        """
        super().__init__(parent or view)
        self._view, self._lanes, self._ask_path = view, lanes, ask_path
        self.dialog: CompareDialog | None = None

    @Slot(str)
    def open(self, conflict_id: str) -> None:
        """Show both sides of something."""
        self._read(conflict_id, ())

    def open_versions(self, submission_id: SubmissionId) -> None:
        """Show what was compared before on a submission, the newest first."""

        def found(versions: tuple[Conflict, ...]) -> None:
            if versions:
                self._read(versions[0].id, versions)

        self._lanes.read(
            self, lambda context: comparing.versions(context, submission_id), found, key="versions"
        )

    def _read(self, conflict_id: str, versions: Sequence[Conflict]) -> None:
        def show(comparison: Comparison) -> None:
            dialog = self.dialog or self._made()
            dialog.show_comparison(comparison)
            if versions:
                dialog.show_versions(versions, conflict_id)
                dialog.version_wanted.disconnect()
                dialog.version_wanted.connect(lambda wanted: self._read(wanted, versions))
            dialog.open()

        self._lanes.read(self, lambda context: comparing.compare(context, conflict_id), show, key="compare")

    def _made(self) -> CompareDialog:
        self.dialog = dialog = CompareDialog(self._view)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.version_wanted.connect(self.open)
        dialog.kept.connect(self._keep)
        dialog.save_wanted.connect(self._save)
        dialog.finished.connect(self._forget)
        return dialog

    def cancel(self) -> None:
        """The window is locked or closed: nothing of it stays on screen."""
        if self.dialog is not None:
            self.dialog.close()

    @Slot()
    def _forget(self) -> None:
        self.dialog = None

    @Slot(object, bool, bool)
    def _keep(self, choices: dict[Part, Keep], take_back: bool, and_send: bool) -> None:
        dialog = self.dialog
        if dialog is None or dialog.comparison is None:
            return
        seen = dialog.comparison

        def done(_changes: object) -> None:
            if self.dialog is dialog:
                dialog.accept()
            self.finished.emit(str(seen.submission_id), and_send)

        def refused(error: KnownError) -> None:
            self._lanes.trouble.emit(error)
            if self.dialog is dialog:
                self.open(seen.id)

        self._lanes.write(
            lambda context: comparing.keep_as_draft(
                context, seen.id, seen.token, choices, take_back=take_back
            ),
            owner=self,
            done=done,
            failed=refused,
        )

    @Slot()
    def _save(self) -> None:
        dialog = self.dialog
        if dialog is None or dialog.comparison is None:
            return
        seen = dialog.comparison
        chosen = self._ask_path(dialog, self.tr("{code} kept.txt").format(code=seen.code), "txt")
        if chosen:
            text, target = words.as_text(seen), Path(chosen)
            self._lanes.read(self, lambda _context: comparing.save_text(target, text), lambda _: None)
