"""What moving and resizing do to the place of a mark. Numbers only; nothing ever leaves its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assessor_app.documents.anchoring import Target, anchor_words
from assessor_app.documents.pages import PageText
from assessor_app.domain.annotations import Anchor, AnnotationKind, Rect
from assessor_app.ui.annotate.handles import Handle, dragged
from assessor_app.ui.annotate.ink import Point


def on_target(anchor: Anchor, target: Target) -> Anchor:
    """The same place, said of the file and page at hand."""
    return replace(
        anchor,
        page=target.page,
        source_kind=target.source_kind,
        source_id=target.source_id,
        source_sha256=target.sha256,
        page_width_pt=target.size.width_pt,
        page_height_pt=target.size.height_pt,
        media_type=target.media_type,
    )


def bounds_of(rects: Sequence[Rect], path: Sequence[Point] = ()) -> Rect:
    """The smallest rectangle around all of it.

    Raises:
        ValueError: there is nothing.
    """
    xs = [x for rect in rects for x in (rect.x0, rect.x1)] + [x for x, _y in path]
    ys = [y for rect in rects for y in (rect.y0, rect.y1)] + [y for _x, y in path]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def moved(anchor: Anchor, dx: float, dy: float) -> Anchor:
    """A drawn mark elsewhere on its page, as far as the page goes.

    Args:
        anchor: where it is.
        dx: points to the right.
        dy: points down.
    """
    bounds = bounds_of(anchor.rects, anchor.path)
    dx = min(max(dx, -bounds.x0), max(anchor.page_width_pt - bounds.x1, -bounds.x0))
    dy = min(max(dy, -bounds.y0), max(anchor.page_height_pt - bounds.y1, -bounds.y0))
    rects = tuple(_rounded(Rect(r.x0 + dx, r.y0 + dy, r.x1 + dx, r.y1 + dy)) for r in anchor.rects)
    path = tuple((round(x + dx, 2), round(y + dy, 2)) for x, y in anchor.path)
    return replace(anchor, rects=rects, path=path, text=None)


def stretched(anchor: Anchor, kind: AnnotationKind, handle: Handle, dx: float, dy: float) -> Anchor:
    """A drawn mark after dragging one of its handles.

    Args:
        anchor: where it is.
        kind: of the mark.
        handle: what is dragged; `WHOLE` moves.
        dx: points to the right.
        dy: points down.
    """
    if handle is Handle.WHOLE:
        return moved(anchor, dx, dy)
    width, height = anchor.page_width_pt, anchor.page_height_pt
    if kind is AnnotationKind.ARROW and len(anchor.path) > 1:
        index = 0 if handle is Handle.START else len(anchor.path) - 1
        path = list(anchor.path)
        x, y = path[index]
        path[index] = (round(min(max(0.0, x + dx), width), 2), round(min(max(0.0, y + dy), height), 2))
        return replace(anchor, path=tuple(path), rects=(_rounded(bounds_of((), path)),), text=None)
    before = bounds_of(anchor.rects, anchor.path)
    after = dragged(before, handle, dx, dy, width, height)
    path = [_mapped(point, before, after) for point in anchor.path]
    return replace(anchor, rects=(_rounded(after),), path=tuple(path), text=None)


def _mapped(point: Point, before: Rect, after: Rect) -> Point:
    """Where a point comes to lie when one rectangle becomes another."""
    wide, high = before.x1 - before.x0, before.y1 - before.y0
    across = (point[0] - before.x0) / wide if wide else 0.5
    down = (point[1] - before.y0) / high if high else 0.5
    return (
        round(after.x0 + across * (after.x1 - after.x0), 2),
        round(after.y0 + down * (after.y1 - after.y0), 2),
    )


def _rounded(rect: Rect) -> Rect:
    return Rect(*(round(edge, 2) for edge in (rect.x0, rect.y0, rect.x1, rect.y1)))


# ---- marks on words ----


def word_index(page_text: PageText, offset: int) -> int:
    """The number of the word that holds a code point, or of the last one before it."""
    at = 0
    for index, word in enumerate(page_text.words):
        if word.start > offset:
            break
        at = index
    return at


def shifted_words(
    target: Target, page_text: PageText, span: tuple[int, int], first: int, last: int
) -> Anchor | None:
    """A mark with its ends moved along the words.

    Args:
        target: the page.
        page_text: its words.
        span: the marked code points now.
        first: by how many words the beginning moves.
        last: by how many words the end moves.

    Returns:
        None where there are no words to go to.
    """
    words = page_text.words
    if not words:
        return None
    most = len(words) - 1
    begin, end = word_index(page_text, span[0]), word_index(page_text, span[1] - 1)
    if first == last:
        first = last = min(max(first, -begin), most - end)
    begin = min(max(0, begin + first), most)
    end = min(max(begin, end + last), most)
    return anchor_words(target, page_text, words[begin].start, words[end].start + len(words[end].text))
