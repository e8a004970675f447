"""The viewer of a written answer: the prompt above, the words below, how many there are beside the limit."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from assessor_app.domain.annotations import SourceKind
from assessor_app.domain.canonical import text_sha256
from assessor_app.domain.submissions import Response
from assessor_app.ui.annotate.text_annotator import TextSource
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.viewers.plain_viewer import PlainViewer


class ResponseView(PlainViewer):
    """Shows one response."""

    def open_response(self, response: Response, prompt: str, name: str) -> None:
        """Show a response.

        Args:
            response: the learner's answer.
            prompt: the question it answers.
            name: what it is, for screen readers.
        """
        self.prompt.setText(prompt)
        self.prompt.setVisible(bool(prompt))
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
        source = TextSource(SourceKind.RESPONSE, response.id, text_sha256(response.text))
        self.show_text(response.text, source, name)

    def _fill_head(self, column: QVBoxLayout) -> None:
        self.prompt = plain_label("", "heading", self, wraps=True)
        self.words = plain_label("", "caption", self)
        column.addWidget(self.prompt)
        column.addWidget(self.words)
