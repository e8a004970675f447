"""What a submission shares with others, match by match: both passages, both statements, and no verdict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assessor_app.documents.patches import COVER_CHARACTER
from assessor_app.domain.matches import Excerpt, Match, MatchWeight, Passage, Statement
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import card, one_line, plain_label
from assessor_app.ui.reading_page import ReadingPage
from assessor_app.ui.scoring.likeness import likeness_words as words
from assessor_app.ui.scoring.likeness.passage_text import PassageText
from assessor_app.ui.scoring.likeness.two_sides import TwoSides
from assessor_app.ui.theme import space

_COLUMN_IN_CHARS = 150


class LikenessView(ReadingPage):
    """The matches of one submission, those to be looked at first, from top to bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setObjectName("likeness_view")
        self.setAccessibleName(self.tr("Same passages elsewhere"))
        self._told: tuple[str, tuple[Match, ...]] | None = None

    def show_matches(self, code: str, matches: Sequence[Match]) -> None:
        """Replace the page; what is shown already stays where it is scrolled to.

        Args:
            code: of the submission that is `here`.
            matches: all of it that the reader may know; none empties the page.
        """
        if self._told == (code, tuple(matches)):
            return
        self._told = (code, tuple(matches))
        page = QWidget(self)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(space(self, 5), space(self, 4), space(self, 5), space(self, 6))
        column = QWidget(page)
        column.setMaximumWidth(column.fontMetrics().averageCharWidth() * _COLUMN_IN_CHARS)
        outer.addWidget(column)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(space(self, 4))
        inner.addLayout(self._head(bool(matches), is_covered=COVER_CHARACTER in str(matches)))
        for match in matches:
            inner.addWidget(self._card(code, match))
        inner.addStretch(1)
        self.setWidget(page)
        self.verticalScrollBar().setValue(0)

    def _head(self, has_matches: bool, *, is_covered: bool) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setSpacing(space(self, 1))
        head.addWidget(plain_label(self.tr("Same passages elsewhere"), "title", wraps=True))
        text = (
            self.tr(
                "Passages of this submission that stand in another learner's as well. What it means is for "
                "people to find out: read and ask. Underlined words are the same on both sides."
            )
            if has_matches
            else self.tr("Nothing is known of other submissions that share passages with this one.")
        )
        head.addWidget(plain_label(text, "quiet", wraps=True))
        reader = self.tr("Approvers and the team lead see this; no assessor and no learner does.")
        head.addWidget(plain_label(reader, "caption-strong", wraps=True))
        if is_covered:
            covers = self.tr("What may name a person is covered: {sign}").format(sign=COVER_CHARACTER * 4)
            head.addWidget(plain_label(covers, "caption", wraps=True))
        return head

    def _card(self, code: str, match: Match) -> QFrame:
        is_look = match.weight is MatchWeight.LOOK
        box = card("warning" if is_look else "true")
        box.setAccessibleName(f"{words.weight_words(match.weight)}: {words.part_words(match.part)}")
        column = QVBoxLayout(box)
        edge = space(self, 3)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(space(self, 2))
        top = QHBoxLayout()
        top.setSpacing(space(self, 1.5))
        tone = "warning" if is_look else "quiet"
        top.addWidget(icon_label("eye" if is_look else "info", tone), 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(plain_label(words.weight_words(match.weight), "strong"))
        top.addSpacing(space(self, 1))
        title = self.tr("{part}, also in {code}").format(
            part=words.part_words(match.part), code=one_line(match.other_code)
        )
        top.addWidget(plain_label(title, "heading", wraps=True), 1)
        column.addLayout(top)
        said = f"{words.meaning_words(match)} {words.amount_words(match)}"
        column.addWidget(plain_label(said, wraps=True))
        column.addWidget(
            TwoSides(
                self._statement(self.tr("{code}, this submission").format(code=one_line(code)), match.here),
                self._statement(one_line(match.other_code), match.there),
            )
        )
        for passage in match.passages:
            column.addWidget(self._passage(code, match.other_code, passage))
        return box

    def _statement(self, title: str, said: Statement) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 0.5))
        column.addWidget(plain_label(title, "strong", wraps=True))
        text = plain_label(words.statement_words(said), wraps=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(text)
        column.addStretch(1)
        return side

    def _passage(self, code: str, other_code: str, passage: Passage) -> TwoSides:
        return TwoSides(self._excerpt(code, passage.here), self._excerpt(other_code, passage.there))

    def _excerpt(self, code: str, excerpt: Excerpt) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 0.5))
        source = one_line(excerpt.source) or self.tr("Written response")
        column.addWidget(plain_label(f"{one_line(code)} · {source}", "caption", wraps=True))
        column.addWidget(PassageText(excerpt, f"{one_line(code)}, {source}", side))
        column.addStretch(1)
        return side
