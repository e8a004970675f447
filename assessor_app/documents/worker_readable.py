"""Makes text files readable: what is put together here keeps where each word stands in the source.

Runs only in the child. Nothing is loaded from anywhere: links and pictures become words.
"""

from __future__ import annotations

from collections.abc import Collection

from assessor_app.documents import worker_html, worker_markdown, worker_table
from assessor_app.documents.anchoring import plain_text
from assessor_app.documents.limits import Limits
from assessor_app.documents.patches import cover_text
from assessor_app.documents.readable import Form, form_of
from assessor_app.documents.readable_builder import Builder
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.documents.worker_text import bare_text
from assessor_app.vault.sealed_reader import SealedReader

LONGEST_CHARS = 600_000
"""A longer text is shown as it is written: putting it together would take more than a second or two."""


def readable_text(
    reader: SealedReader, name: str, media_type: str, limits: Limits, lifted: Collection[str] = ()
) -> dict[str, object]:
    """A text file as it is written and as it reads, with what may name a person covered."""
    source, patches = cover_text(plain_text(bare_text(reader, limits)), lifted)
    if len(source) > LONGEST_CHARS:
        raise Refusal("too_large")
    builder = Builder(source)
    form = form_of(name, media_type)
    if form is Form.MARKDOWN:
        worker_markdown.build(builder)
    elif form is Form.HTML:
        worker_html.build(builder)
    elif form is Form.TABLE:
        worker_table.build(builder)
    else:
        builder.take(0, len(source))
    return {**builder.answer(), "patches": patches}
