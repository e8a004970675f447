"""The slim column on the left: where one can be, how much waits there, and in which role."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.roles import Role
from assessor_app.ui.accounts.account_button import AccountButton
from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space

PLACES = (("inbox", "inbox"), ("waiting", "send"), ("calibration", "scale"))
"""Place and icon, in order."""
LEADS_PLACES = (("reports", "message-square-text"), *PLACES)
"""Those of a team lead, who begins with questions and reports."""


class Navigation(QFrame):
    """Buttons for the places; compact (icons alone, names in tool tips) beside an open submission."""

    place_chosen = Signal(str)
    help_requested = Signal()

    def __init__(self, keys: KeyTable, role: Role, parent: QWidget | None = None) -> None:
        """Build the column.

        Args:
            keys: the key table, for the hints.
            role: the role in which this person works here; shown instead of any name.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(self.tr("Places"))
        self.setProperty("surface", "window")
        self._keys = keys
        self._counts: dict[str, int] = {}
        self._is_compact = False
        self._titles = {
            "reports": self.tr("Questions and reports"),
            "inbox": self.tr("Inbox"),
            "waiting": self.tr("Waiting to send"),
            "calibration": self.tr("Calibration"),
            "workspace": "",
        }
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._role = plain_label(self._role_words(role), "caption-strong")
        self._role.setContentsMargins(space(self, 2), 0, 0, 0)
        self._open = self._button("", "file-text", checkable=True)
        self._open.setProperty("place", "workspace")
        self._open.hide()
        self.account = AccountButton(self)
        """Which account is open, where there are several."""
        self._help = self._button(self.tr("Keys"), "keyboard", checkable=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 2), space(self, 3), space(self, 2), space(self, 2))
        layout.setSpacing(space(self, 0.5))
        layout.addWidget(self._role)
        layout.addSpacing(space(self, 2))
        for place, icon_name in LEADS_PLACES if role is Role.LEAD else PLACES:
            button = self._button(self._titles[place], icon_name, checkable=True)
            button.setProperty("place", place)
            self._buttons[place] = button
            self._group.addButton(button)
            layout.addWidget(button)
            if place == "inbox":
                layout.addWidget(self._open)
        layout.addStretch(1)
        layout.addWidget(self.account)
        layout.addWidget(self._help)
        self._buttons["workspace"] = self._open
        self._group.addButton(self._open)
        self._group.buttonClicked.connect(self._choose)
        self._help.clicked.connect(self.help_requested)
        self._word()

    def show_place(self, place: str) -> None:
        """Mark the place that is shown; an unknown one marks none."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == place)
        self._group.setExclusive(place in self._buttons)

    def show_open(self, title: str) -> None:
        """Offer the way back to an open submission, such as "S-4F2K"; an empty title takes it away."""
        self._titles["workspace"] = title
        self._open.setVisible(bool(title))
        self._word()

    def show_count(self, place: str, count: int) -> None:
        """Show how much waits at a place; 0 shows nothing."""
        self._counts[place] = count
        self._word()

    def set_compact(self, compact: bool) -> None:
        """Show icons alone, or icons with words."""
        self._is_compact = compact
        self._role.setVisible(not compact)
        self.account.set_compact(compact)
        self._word()
        layout = self.layout()
        if layout is not None:
            # At once: what is shown beside it next must not be measured against the old width.
            layout.activate()

    def _button(self, title: str, icon_name: str, *, checkable: bool) -> QPushButton:
        button = QPushButton(title, self)
        button.setProperty("kind", "nav")
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        dress(button, icon_name, "quiet")
        return button

    def _word(self) -> None:
        for place, button in self._buttons.items():
            title, count = self._titles[place], self._counts.get(place, 0)
            words = self.tr("{title}  {count}").format(title=title, count=count) if count else title
            is_place = place != "workspace"
            self._say(button, words, self._keys.hint(f"view.{place}") if is_place else title)
            spoken = self.tr("{title}, {count}").format(title=title, count=count) if count else title
            button.setAccessibleName(spoken)
        self._say(self._help, self.tr("Keys"), self._keys.hint("help.keys"))
        self._help.setAccessibleName(self.tr("Keys"))

    def _say(self, button: QPushButton, words: str, hint: str) -> None:
        button.setText("" if self._is_compact else words)
        set_plain_tooltip(button, hint)
        # Longer words of another language, or a count, make the whole navigation wider; in bold as well.
        bold = QFont(button.font())
        bold.setWeight(QFont.Weight.DemiBold)
        wider = QFontMetrics(bold).horizontalAdvance(words) - QFontMetrics(button.font()).horizontalAdvance(
            words
        )
        wanted = max(space(self, 42), button.sizeHint().width() + max(0, wider))
        width = 0 if self._is_compact else wanted
        button.setMinimumSize(QSize(width, space(self, 8)))

    def _role_words(self, role: Role) -> str:
        return {
            Role.PREASSESSOR: self.tr("Pre-assessor"),
            Role.ASSESSOR: self.tr("Assessor"),
            Role.APPROVER: self.tr("Approver"),
            Role.LEAD: self.tr("Team lead"),
        }[role]

    @Slot()
    def _choose(self) -> None:
        button = self._group.checkedButton()
        if button is not None:
            self.place_chosen.emit(button.property("place"))
