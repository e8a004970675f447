"""What changed between the rubric version that the work was begun under, and the present one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assessor_app.rubric.difference import Change, Effect, difference
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import separator
from assessor_app.ui.reading_page import Block, ReadingPage
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space
from assessor_app.ui.workspaces.standing import versions_words


class RubricChangesPage(QWidget):
    """The difference, and the step to the present version: nothing is swapped before it is seen."""

    accept_wanted = Signal()
    """Go by the present version from now on."""
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.page = ReadingPage(self)
        self.accept_button = QPushButton(self)
        self.accept_button.setProperty("kind", "primary")
        self.back_button = QPushButton(self.tr("Back to the submission"), self)
        dress(self.back_button, "arrow-left", "quiet")
        bar = SideBySide(self)
        bar.box.addWidget(self.back_button)
        bar.box.addStretch(1)
        bar.box.addWidget(self.accept_button)
        bar.box.setContentsMargins(space(self, 4), space(self, 2), space(self, 4), space(self, 2))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.page, 1)
        column.addWidget(separator(self))
        column.addWidget(bar)
        self.setFocusProxy(self.page)
        self.accept_button.clicked.connect(self.accept_wanted)
        self.back_button.clicked.connect(self.back_wanted)

    def show_opened(self, opened: OpenedSubmission) -> None:
        """Show what changed for an opened submission."""
        name = self.tr("What changed in the rubric")
        blocks = [Block(versions_words(opened), "title")]
        before = opened.rubric_before
        if before is None:
            text = self.tr(
                "The earlier version is not on this computer, so what changed cannot be shown. Each rating "
                "that you gave asks to be looked at again."
            )
            blocks.append(Block(text))
        else:
            changes = difference(before, opened.rubric).changes
            headings = {
                Effect.RATINGS: self.tr("What ratings depend on"),
                Effect.ASKED: self.tr("What learners are asked"),
                Effect.EDITORIAL: self.tr("Other words for the same"),
            }
            for effect, heading in headings.items():
                blocks += self._blocks(heading, [c for c in changes if c.effect is effect])
        count = len(opened.outdated)
        blocks.append(Block(self._count_words(count), "strong", gap=6))
        self.page.show_blocks(name, blocks)
        self.accept_button.setText(
            self.tr("Go by version {version} from now on").format(version=opened.rubric.version)
        )

    def _blocks(self, heading: str, changes: Sequence[Change]) -> list[Block]:
        if not changes:
            return []
        blocks = [Block(heading, "heading", gap=6)]
        for change in changes:
            blocks.append(Block(change.text, "strong", gap=3))
            pairs = ((self.tr("Before"), change.before), (self.tr("Now"), change.after))
            if all(text and "\n" not in text and text in change.text for _, text in pairs):
                continue
            for title, text in pairs:
                if text:
                    blocks.append(Block(title, "caption-strong", gap=1))
                    blocks.append(Block(text, gap=0.25))
        return blocks

    def _count_words(self, count: int) -> str:
        if not count:
            return self.tr("No rating that you gave is touched. Everything you wrote is kept.")
        if count == 1:
            return self.tr("1 rating asks to be looked at again. It stays as it was until then.")
        text = self.tr("{count} ratings ask to be looked at again. They stay as they were until then.")
        return text.format(count=count)
