"""The viewer of a written answer: the prompt above, the words below, how many there are beside the limit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.documents.patches import covered_response
from assessor_app.domain.annotations import Annotation, SourceKind
from assessor_app.domain.canonical import text_sha256
from assessor_app.domain.ids import AnnotationId
from assessor_app.domain.submissions import Response
from assessor_app.services.guarding import LiftWish
from assessor_app.ui.annotate.text_annotator import TextSource
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.tall_scroll import TallScroll
from assessor_app.ui.viewers.plain_viewer import PlainViewer


class ResponseView(PlainViewer):
    """Shows one response."""

    def __init__(self, table: KeyTable, parent: QWidget | None = None) -> None:
        """Begin without a response.

        Args:
            table: words and keys.
            parent: Qt parent.
        """
        super().__init__(table, parent)
        self._response: Response | None = None
        self._lifted: frozenset[str] = frozenset()
        self._marks: tuple[tuple[Annotation, ...], frozenset[AnnotationId]] = ((), frozenset())

    def open_response(self, response: Response, prompt: str, name: str) -> None:
        """Show a response.

        Args:
            response: the learner's answer.
            prompt: the question it answers.
            name: what it is, for screen readers.
        """
        self.prompt.setText(prompt)
        self.prompt.setVisible(bool(prompt))
        self._question.setVisible(bool(prompt))
        count = len(response.text.split())
        words = self.tr("1 word") if count == 1 else self.tr("{count} words").format(count=count)
        if not count:
            # Rule 11: a short answer proves nothing, it may stand in a file.
            words = self.tr("Nothing was written here. The answer may stand in a file of this part.")
        elif response.word_limit is not None:
            words = self.tr("{words}, asked for at most {limit}").format(
                words=words, limit=response.word_limit
            )
        self.words.setText(words)
        self._response, self._lifted = response, frozenset[str]()
        source = TextSource(SourceKind.RESPONSE, response.id, text_sha256(response.text))
        self.show_text(self._covered(), source, name)

    @property
    def response_id(self) -> str:
        """Of the response that is shown; empty before the first."""
        return self._response.id if self._response is not None else ""

    def show_lifted(self, wish: LiftWish) -> None:
        """Patches were lifted or put back; what stands at the top stays there."""
        if wish.source_id == self.response_id:
            is_lifted = wish.is_lifted
            self._lifted = self._lifted | wish.patch_ids if is_lifted else self._lifted - wish.patch_ids
            at = self.view.first_in_view()
            self.view.show_text(self._covered())
            self.set_annotations(*self._marks)
            self.view.show_span(at)

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of this text."""
        self._marks = (tuple(annotations), read_only)
        super().set_annotations(annotations, read_only)

    def _covered(self) -> str:
        """The response as it is shown."""
        if self._response is None:
            return ""
        shown = covered_response(self._response.text, self._lifted)
        self.guard(self._response.id, shown.patches)
        return shown.text

    def _fill_head(self, column: QVBoxLayout) -> None:
        self.words = plain_label("", "caption", self)
        self._question = TallScroll(self.tr("Question"), self)
        self.prompt = plain_label("", "heading", self._question.viewport(), wraps=True)
        self._question.setWidget(self.prompt)
        column.addWidget(self._question)
        column.addWidget(self.words)
