"""What the steps know: the desk, the hands, the facts that travel from step to step, and common moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QRectF

from assessor_app.desk.desk import Desk
from assessor_app.domain.inbox import InboxRow
from assessor_app.tour.hands import Hands, TourFailed
from assessor_app.ui.theme import Scheme, Theme

T = TypeVar("T")


@dataclass(slots=True)
class Visit:
    """One app on the tour."""

    desk: Desk
    theme: Theme
    hands: Hands
    facts: dict[str, Any] = field(default_factory=dict)
    """Travels from step to step, and from one app to the other."""

    # ---- what the demo's content promises ----

    def tour_code(self) -> str:
        """The code of the submission that is toured: the demo's resubmission."""
        return str(self.facts["tour_code"])

    def deny_code(self) -> str:
        """The code of the submission that is denied."""
        return str(self.facts["deny_code"])

    def search_word(self) -> str:
        """A word that stands on several pages of the toured PDF."""
        return str(self.facts["search_word"])

    def sentence(self) -> str:
        """A sentence that stands once in the toured PDF."""
        return str(self.facts["sentence"])

    def figure(self) -> tuple[int, QRectF]:
        """The page index of a figure in the toured PDF and its place in points."""
        page, x0, y0, x1, y1 = self.facts["figure"]
        return int(page), QRectF(x0, y0, x1 - x0, y1 - y0)

    # ---- looking ----

    def sync_text(self) -> str:
        """What the bar says about the platform."""
        return self.desk.window.sync_bar.connection_text()

    def rows(self) -> list[InboxRow]:
        """The inbox's rows as they are shown, headings left out."""
        model = self.desk.window.inbox.model
        return model.shown_rows()

    def row(self, code: str) -> InboxRow:
        """The row with this code.

        Raises:
            TourFailed: the inbox does not show it.
        """
        for row in self.rows():
            if row.code == code:
                return row
        raise TourFailed(f"the inbox does not show {code}")

    def has_row(self, code: str) -> bool:
        """Whether the inbox shows a row with this code."""
        return self._row_or_none(code) is not None

    def needed(self, value: T | None) -> T:
        """The value, which must be there.

        Raises:
            TourFailed: it is None.
        """
        if value is None:
            raise TourFailed("something that must be there is not")
        return value

    # ---- waiting ----

    def until_up_to_date(self) -> None:
        """Wait until the bar says that everything is here."""
        self.hands.wait("the sync to end", lambda: self.sync_text().startswith("Up to date"), patience_s=60)

    def until_saved(self) -> None:
        """Wait until the window says that everything is saved on this computer."""

        def saved() -> bool:
            workspace = self.desk.window.workspace()
            unsaved = bool(getattr(workspace, "has_unsaved_edits", False))
            bar = self.desk.window.sync_bar.saved_text()
            return (
                not unsaved
                and not self.desk.lanes.pending_saves()
                and bar.startswith("Saved on this computer")
            )

        self.hands.wait("the window to say that it is saved", saved)
        self.hands.settle(30)

    # ---- moving ----

    def sync(self) -> None:
        """Sync by key and wait for the end."""
        rounds = self.needed(self.desk.rounds)
        ended: list[object] = []
        rounds.settled.connect(ended.append)
        self.hands.press("F5", self.desk.window)
        self.hands.wait("a round of syncing", lambda: ended and not rounds.is_running, patience_s=60)
        rounds.settled.disconnect(ended.append)
        self.until_up_to_date()

    def open(self, code: str) -> InboxRow:
        """Open a submission from the inbox by keyboard and wait until it is shown."""
        hands, inbox = self.hands, self.desk.window.inbox
        if not inbox.isVisible():
            hands.press("Ctrl+Shift+I", self.desk.window)
            hands.wait("the inbox", inbox.isVisible)
        row = hands.wait(f"{code} in the inbox", lambda: self._row_or_none(code))
        inbox.focus_list()
        model = inbox.model
        inbox.list.choose(model.row_of(row.id))
        hands.press("Return", inbox.list)
        hands.wait("the submission", lambda: self._is_open(code))
        hands.settle(200)
        return row

    def close_workspace(self) -> None:
        """Back to the inbox by key."""
        window = self.desk.window
        self.hands.press("Ctrl+W", window.workspace() or window)
        self.hands.wait("the inbox", window.inbox.isVisible)
        self.hands.settle(150)

    def in_other_looks(self, name: str) -> None:
        """Pictures of what is shown in dark colours and with text at 150 %; then as before."""
        self.theme.apply(Scheme.DARK)
        self.hands.picture(f"{name}-dark")
        self.theme.apply(Scheme.LIGHT, 150)
        self.hands.picture(f"{name}-large-text")
        self.theme.apply(Scheme.LIGHT, 100)
        self.hands.settle()

    def _row_or_none(self, code: str) -> InboxRow | None:
        return next((row for row in self.rows() if row.code == code), None)

    def _is_open(self, code: str) -> bool:
        workspace = self.desk.window.workspace()
        opened: Any = getattr(workspace, "opened", None) or getattr(workspace, "brief", None)
        return opened is not None and opened.submission.code == code
