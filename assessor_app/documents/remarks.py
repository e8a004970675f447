"""What the learner left in a file beside its text: checked, and found on the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assessor_app.documents.answers import AnswerRefused
from assessor_app.documents.file_parts import Asks, checked_boxes
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import EvidenceSource, FileRemark, PageText, RemarkKind, SearchHit
from assessor_app.documents.text_layer import find, words_within

REMARKS_MAX = 5_000
"""Most remarks of one file."""
_TEXT_MAX_CHARS = 8_000
_QUOTE_MAX_CHARS = 400
_PAGE_MAX = 5_000
_FIRST_WORDS = 8
_KINDS = {kind.value: kind for kind in RemarkKind}


def remarks_of(
    renderer: Asks, original: EvidenceSource, *, wait_s: float | None = None
) -> tuple[FileRemark, ...]:
    """The comments, changes and speaker notes of an office file, the annotations of a PDF, in reading order.

    Args:
        renderer: asks a child.
        original: the file itself, whatever copy of it is shown.
        wait_s: seconds that reading may take; None for as long as the text of a page.

    Raises:
        RefusedWithCard: it cannot be read; its `card` says why.
        ViewerUnavailable: no child can be started.
    """
    return renderer.fetch(original, {"do": "remarks"}, checked_remarks, wait_s=wait_s)


def checked_remarks(untrusted: dict[str, object], limits: Limits) -> tuple[FileRemark, ...]:
    """Remarks as the child says.

    Raises:
        AnswerRefused: too many, too long, or of the wrong types.
    """
    del limits
    untrusted_remarks = untrusted.get("remarks")
    if not isinstance(untrusted_remarks, list) or len(untrusted_remarks) > REMARKS_MAX:
        raise AnswerRefused("remarks")
    return tuple(_checked(one) for one in untrusted_remarks)


def quoted(
    remarks: Sequence[FileRemark], text_of: Callable[[int], PageText], *, most_pages: int
) -> tuple[FileRemark, ...]:
    """Remarks with the words that they stand on, where they have a place and say nothing of them.

    Args:
        remarks: in reading order.
        text_of: the text of a page; called once for each page.
        most_pages: pages that are looked at; remarks on further ones stay as they are.
    """
    texts: dict[int, PageText] = {}
    found: list[FileRemark] = []
    for remark in remarks:
        page = remark.page
        if page is None or not remark.rects or remark.quote or remark.kind is not RemarkKind.MARK:
            found.append(remark)
            continue
        if page not in texts and len(texts) < most_pages:
            texts[page] = text_of(page)
        words = words_within(texts[page], remark.rects) if page in texts else ""
        found.append(replace(remark, quote=words[:_QUOTE_MAX_CHARS]))
    return tuple(found)


def placed(
    remarks: Sequence[FileRemark], page_count: int, text_of: Callable[[int], PageText]
) -> tuple[FileRemark, ...]:
    """Remarks with their place on the pages shown, where the words that they stand on are found.

    A Word file does not say on which page something stands, and its copy does not say where the comments
    were. They are looked for in order, each from the page of the one before it on.

    Args:
        remarks: in reading order.
        page_count: pages of what is shown.
        text_of: the text of a page; called once for each page, in order, as far as needed.

    Returns:
        As many, in the same order; those that are not found stay as they were.
    """
    texts: dict[int, PageText] = {}

    def hit_on(page: int, words: str) -> SearchHit | None:
        if page not in texts:
            texts[page] = text_of(page)
        return next(iter(find(texts[page], words)), None)

    found: list[FileRemark] = []
    at = 0
    for remark in remarks:
        if remark.page is None:
            pages = [*range(at, page_count), *range(at)]
        else:
            pages = [remark.page] if remark.page < page_count else []
        # Where a change or a page's end cuts the words in two, their beginning is found.
        queries = dict.fromkeys((remark.quote, " ".join(remark.quote.split()[:_FIRST_WORDS])))
        hits = (hit_on(page, words) for words in queries if words for page in pages)
        hit = next((one for one in hits if one is not None), None)
        if hit is not None and remark.page is None:
            at = hit.page
        found.append(replace(remark, page=hit.page, rects=hit.rects) if hit is not None else remark)
    return tuple(found)


def _checked(untrusted: object) -> FileRemark:
    if not isinstance(untrusted, dict):
        raise AnswerRefused("remark")
    kind, text, quote = untrusted.get("kind"), untrusted.get("text"), untrusted.get("quote")
    author, page, is_reply = untrusted.get("author"), untrusted.get("page"), untrusted.get("reply")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise AnswerRefused("kind")
    if not isinstance(text, str) or len(text) > _TEXT_MAX_CHARS:
        raise AnswerRefused("text")
    if not isinstance(quote, str) or len(quote) > _QUOTE_MAX_CHARS:
        raise AnswerRefused("quote")
    if type(author) is not int or not 0 <= author <= REMARKS_MAX:
        raise AnswerRefused("author")
    if page is not None and (type(page) is not int or not 0 <= page <= _PAGE_MAX):
        raise AnswerRefused("page")
    if not isinstance(is_reply, bool):
        raise AnswerRefused("reply")
    rects = checked_boxes(untrusted.get("boxes", []))
    return FileRemark(_KINDS[kind], text, author, page=page, rects=rects, quote=quote, is_reply=is_reply)
