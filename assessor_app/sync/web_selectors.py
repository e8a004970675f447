"""Places as W3C selectors and back: words, cells, times, boxes and drawn lines.

Several selectors in an array are alternatives for the same place, and each stands within its page, sheet or
time. Position offsets are Unicode code points. Numbers are written as decimals in full, so that a place reads
back as exactly the same one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import JsonValue

from assessor_app.domain.annotations import (
    Anchor,
    Annotation,
    AnnotationKind,
    Rect,
    SourceKind,
    TextAnchor,
    TimeSpan,
)
from assessor_app.domain.palette import colour_of, name_of
from assessor_app.sync import web_cells

PAGE_FRAGMENT = "https://www.rfc-editor.org/rfc/rfc8118"
CELL_FRAGMENT = "https://www.rfc-editor.org/rfc/rfc7111"
SHEET_FRAGMENT = "https://example.org/ns/assessor#sheet"
MEDIA_FRAGMENT = "http://www.w3.org/TR/media-frags/"
DEFAULT_COLOUR, DEFAULT_OPACITY, DEFAULT_LINE_PT = "yellow", 1.0, 2.0
_NUMBER = r"-?\d+(?:\.\d+)?"
_SHAPE = re.compile(r"<(rect|ellipse|path) ([^<>]*)/>")
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_PATH = re.compile(rf"M({_NUMBER} {_NUMBER}(?: L{_NUMBER} {_NUMBER})*)")
_VIEW_BOX = re.compile(rf'viewBox="0 0 ({_NUMBER}) ({_NUMBER})"')
_OLD_COLOUR = re.compile(r'data-colour="([a-z]+)"')
_TIME = re.compile(rf"t=npt:({_NUMBER})(?:,({_NUMBER}))?(?:&|$)")
_AREA = re.compile(rf"xywh=(pixel|percent):({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})$")

Selector = dict[str, Any]


def write(annotation: Annotation) -> list[JsonValue]:
    """The selectors of an annotation, the most telling first; never empty."""
    anchor = annotation.anchor
    found: list[JsonValue] = []
    if anchor.span is not None:
        found.append(_media(f"{_time(anchor.span)}{_region(anchor)}"))
    if anchor.text is not None:
        found += [_within(anchor, _quote(anchor.text)), _within(anchor, _position(anchor.text))]
    if anchor.cells:
        found.append(_within(anchor, _fragment(CELL_FRAGMENT, web_cells.to_fragment(anchor.cells))))
    if _is_picture(anchor) and anchor.rects:
        found += [_within(anchor, _media(area)) for area in _areas(anchor)]
    if has_drawing(anchor):
        found.append(_within(anchor, _svg_selector(annotation)))
    return found


def style(annotation: Annotation) -> dict[str, JsonValue]:
    """Colour, and what else differs from a plain mark."""
    said: dict[str, JsonValue] = {"colour": colour_of(annotation.colour)}
    if annotation.opacity != DEFAULT_OPACITY:
        said["opacity"] = annotation.opacity
    if annotation.anchor.path or annotation.line_width_pt != DEFAULT_LINE_PT:
        said["inkWidth"] = annotation.line_width_pt
    return said


def pixel_size(anchor: Anchor) -> dict[str, JsonValue]:
    """The size of a picture or of a recording's frame, for its source; nothing for all else."""
    if not (_is_picture(anchor) or anchor.span is not None) or anchor.page_width_pt <= 0:
        return {}
    return {"pixelWidth": anchor.page_width_pt, "pixelHeight": anchor.page_height_pt}


def has_drawing(anchor: Anchor) -> bool:
    """Whether one of the selectors is a drawing, which then says the style, too."""
    if anchor.rects or anchor.path:
        return True
    return anchor.span is None and not anchor.cells and not _is_plain(anchor)


def read_style(target: dict[str, Any]) -> tuple[str, float, float]:
    """Colour name, opacity and line width in points, wherever the target says them."""
    found: Selector = {}
    for part in (target, *_parts(target)):
        found.update({key: part[key] for key in ("colour", "opacity", "inkWidth") if key in part})
        old = _OLD_COLOUR.search(str(part.get("value", "")))
        if old is not None and "colour" not in found:
            found["colour"] = old[1]
    opacity = _finite(found.get("opacity", DEFAULT_OPACITY))
    width = _finite(found.get("inkWidth", DEFAULT_LINE_PT))
    if not (0.0 < opacity <= 1.0 and width > 0.0):
        raise ValueError("style")
    return name_of(str(found.get("colour", DEFAULT_COLOUR))), opacity, width


def read(target: dict[str, Any]) -> Anchor:
    """The place that a target tells.

    Raises:
        ValueError, KeyError, TypeError, ArithmeticError: a part is missing or malformed.
    """
    source = target["source"]
    kind, _, source_id = source["id"].removeprefix("urn:aw:").partition(":")
    parts = list(_parts(target))
    if not parts:
        raise ValueError("no selector")
    values = [str(part.get("value", "")) for part in parts if part.get("type") == "FragmentSelector"]
    drawing = next((str(p["value"]) for p in parts if p.get("type") == "SvgSelector"), "")
    width, height = _size(source, drawing)
    rects, path = _shapes_of(drawing)
    return Anchor(
        source_kind=SourceKind(kind),
        source_id=source_id,
        source_sha256=source["digest"].removeprefix("sha-256:"),
        page=_page(values),
        page_width_pt=width,
        page_height_pt=height,
        rects=rects or (() if drawing else _rects_of_areas(values, width, height)),
        path=path,
        text=_read_words(parts),
        span=_read_time(values),
        cells=next((found for value in values if (found := web_cells.from_fragment(value))), ""),
        media_type=str(source.get("format", "")),
    )


# ---- writing ----


def _is_picture(anchor: Anchor) -> bool:
    return anchor.media_type.startswith("image/")


def _is_plain(anchor: Anchor) -> bool:
    """Words without pages: a written response or a text file."""
    is_empty = not (anchor.page or anchor.page_width_pt or anchor.page_height_pt)
    return is_empty and anchor.text is not None and not _is_picture(anchor)


def _within(anchor: Anchor, selector: Selector) -> Selector:
    """A selector within its time, sheet or page."""
    if anchor.span is not None:
        outer = _media(_time(anchor.span))
    elif anchor.cells:
        outer = _fragment(SHEET_FRAGMENT, f"sheet={anchor.page + 1}")
    elif _is_plain(anchor) or (_is_picture(anchor) and anchor.page == 0):
        return selector
    else:
        outer = _fragment(PAGE_FRAGMENT, f"page={anchor.page + 1}")
    return {**outer, "refinedBy": selector}


def _fragment(standard: str, value: str) -> Selector:
    return {"type": "FragmentSelector", "conformsTo": standard, "value": value}


def _media(value: str) -> Selector:
    return _fragment(MEDIA_FRAGMENT, value)


def _quote(words: TextAnchor) -> Selector:
    return {
        "type": "TextQuoteSelector",
        "exact": words.exact,
        "prefix": words.prefix,
        "suffix": words.suffix,
    }


def _position(words: TextAnchor) -> Selector:
    return {
        "type": "TextPositionSelector",
        "start": words.start,
        "end": words.end,
        "textLayer": words.layer,
    }


def _time(span: TimeSpan) -> str:
    """A moment has no end: a player that is handed it begins there."""
    start = f"t=npt:{_text(Decimal(span.start_ms) / 1000)}"
    return start if span.end_ms == span.start_ms else f"{start},{_text(Decimal(span.end_ms) / 1000)}"


def _region(anchor: Anchor) -> str:
    areas = list(_areas(anchor)) if anchor.rects else []
    return f"&{areas[-1]}" if areas else ""


def _areas(anchor: Anchor) -> Iterator[str]:
    """The box around a mark in whole pixels, and in percent of the picture."""
    if anchor.page_width_pt <= 0 or anchor.page_height_pt <= 0:
        return
    left, top = min(r.x0 for r in anchor.rects), min(r.y0 for r in anchor.rects)
    right, bottom = max(r.x1 for r in anchor.rects), max(r.y1 for r in anchor.rects)
    box = [_exact(side) for side in (left, top)]
    box += [_exact(right) - _exact(left), _exact(bottom) - _exact(top)]
    pixels = ",".join(str(side.quantize(Decimal(1), ROUND_HALF_UP)) for side in box)
    whole = [_exact(anchor.page_width_pt), _exact(anchor.page_height_pt)] * 2
    shares = (side * 100 / all_of_it for side, all_of_it in zip(box, whole, strict=True))
    yield f"xywh=pixel:{pixels}"
    yield "xywh=percent:" + ",".join(_text(share.quantize(Decimal("0.001"))) for share in shares)


def _svg_selector(annotation: Annotation) -> Selector:
    anchor = annotation.anchor
    view = f"0 0 {_text(_exact(anchor.page_width_pt))} {_text(_exact(anchor.page_height_pt))}"
    shapes = "".join(_shape(annotation.kind, rect) for rect in anchor.rects)
    if anchor.path:
        points = " L".join(f"{_text(_exact(x))} {_text(_exact(y))}" for x, y in anchor.path)
        shapes += f'<path d="M{points}" fill="none"/>'
    value = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}">{shapes}</svg>'
    selector: Selector = {"type": "SvgSelector", "value": value, **style(annotation)}
    if anchor.text is not None and anchor.rects:
        selector["quadPoints"] = [n for rect in anchor.rects for n in _quad(rect, anchor.page_height_pt)]
    return selector


def _shape(kind: AnnotationKind, rect: Rect) -> str:
    x0, y0, x1, y1 = (_exact(edge) for edge in (rect.x0, rect.y0, rect.x1, rect.y1))
    if kind is AnnotationKind.ELLIPSE:
        middle = f'cx="{_text((x0 + x1) / 2)}" cy="{_text((y0 + y1) / 2)}"'
        return f'<ellipse {middle} rx="{_text((x1 - x0) / 2)}" ry="{_text((y1 - y0) / 2)}"/>'
    size = f'width="{_text(x1 - x0)}" height="{_text(y1 - y0)}"'
    return f'<rect x="{_text(x0)}" y="{_text(y0)}" {size}/>'


def _quad(rect: Rect, page_height_pt: float) -> list[float]:
    """Upper left, upper right, lower left, lower right, with the origin at the bottom as in a PDF."""
    top, bottom = (float(_exact(page_height_pt) - _exact(y)) for y in (rect.y0, rect.y1))
    return [rect.x0, top, rect.x1, top, rect.x0, bottom, rect.x1, bottom]


def _exact(number: float) -> Decimal:
    return Decimal(repr(float(number)))


def _text(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


# ---- reading ----


def _parts(target: dict[str, Any]) -> Iterator[Selector]:
    """All selectors of a target, those inside of others behind them."""
    for part in target["selector"]:
        inner: Any = part
        while isinstance(inner, dict):
            yield inner
            inner = inner.get("refinedBy")


def _page(values: list[str]) -> int:
    for value in values:
        name, _, number = value.partition("=")
        if name in ("page", "sheet"):
            return int(number) - 1
    return 0


def _size(source: dict[str, Any], drawing: str) -> tuple[float, float]:
    if drawing:
        view = _VIEW_BOX.search(drawing)
        if view is None:
            raise ValueError("no view box")
        return _finite(view[1]), _finite(view[2])
    return _finite(source.get("pixelWidth", 0.0)), _finite(source.get("pixelHeight", 0.0))


def _shapes_of(drawing: str) -> tuple[tuple[Rect, ...], tuple[tuple[float, float], ...]]:
    rects: list[Rect] = []
    path: tuple[tuple[float, float], ...] = ()
    for name, untrusted_attributes in _SHAPE.findall(drawing):
        said = dict(_ATTRIBUTE.findall(untrusted_attributes))
        if name == "path":
            points = _PATH.fullmatch(said["d"])
            if points is None:
                raise ValueError("path")
            path = tuple(_point(pair) for pair in points[1].split(" L"))
        elif name == "ellipse":
            cx, cy, rx, ry = (Decimal(said[key]) for key in ("cx", "cy", "rx", "ry"))
            rects.append(_rect(cx - rx, cy - ry, cx + rx, cy + ry))
        else:
            x, y, width, height = (Decimal(said[key]) for key in ("x", "y", "width", "height"))
            rects.append(_rect(x, y, x + width, y + height))
    return tuple(rects), path


def _rects_of_areas(values: list[str], width: float, height: float) -> tuple[Rect, ...]:
    """The box of the first area, for a place that has no drawing."""
    for value in values:
        area = _AREA.search(value)
        if area is None:
            continue
        x, y, w, h = (Decimal(side) for side in area.groups()[1:])
        if area[1] == "pixel":
            return (_rect(x, y, x + w, y + h),)
        across, down = _exact(width) / 100, _exact(height) / 100
        return (_rect(x * across, y * down, (x + w) * across, (y + h) * down),)
    return ()


def _read_time(values: list[str]) -> TimeSpan | None:
    for value in values:
        time = _TIME.match(value)
        if time is not None:
            start = round(Decimal(time[1]) * 1000)
            end = round(Decimal(time[2]) * 1000) if time[2] is not None else start
            if not 0 <= start <= end:
                raise ValueError("time")
            return TimeSpan(start, end)
    return None


def _read_words(parts: list[Selector]) -> TextAnchor | None:
    by_type = {part.get("type"): part for part in parts}
    quote, position = by_type.get("TextQuoteSelector"), by_type.get("TextPositionSelector")
    if quote is None or position is None:
        return None
    return TextAnchor(
        exact=str(quote["exact"]),
        prefix=str(quote["prefix"]),
        suffix=str(quote["suffix"]),
        start=int(position["start"]),
        end=int(position["end"]),
        layer=str(position["textLayer"]),
    )


def _rect(x0: Decimal, y0: Decimal, x1: Decimal, y1: Decimal) -> Rect:
    return Rect(*(_finite(edge) for edge in (x0, y0, x1, y1)))


def _point(pair: str) -> tuple[float, float]:
    x, y = pair.split(" ")
    return _finite(x), _finite(y)


def _finite(number: Any) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("number")
    return value
