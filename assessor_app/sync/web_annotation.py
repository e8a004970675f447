"""Annotations to W3C Web Annotations and back.

Several selectors in an array are alternatives for the same place: words, position, geometry. The creator
is never written. Position offsets are Unicode code points.
"""

from __future__ import annotations

import re
import uuid
from typing import Any
from xml.sax.saxutils import quoteattr

from pydantic import JsonValue

from assessor_app.domain.annotations import (
    Anchor,
    Annotation,
    Audience,
    Rect,
    SourceKind,
    TextAnchor,
)
from assessor_app.domain.ids import AnnotationId, CriterionId, SubmissionId
from assessor_app.domain.submissions import RubricRef
from assessor_app.sync.protocol import WebAnnotationWire
from assessor_app.sync.strict_json import broken

CONTEXT: list[JsonValue] = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "aw": "https://example.org/ns/assessor#",
        "oa": "http://www.w3.org/ns/oa#",
        "assessing": "oa:assessing",
        "digest": "aw:digest",
        "textLayer": "aw:textLayer",
        "submission": {"@id": "aw:submission", "@type": "@id"},
        "rubricVersion": {"@id": "aw:rubricVersion", "@type": "@id"},
        "revision": "aw:revision",
        "colour": "aw:colour",
    },
]
"""The W3C context lacks the motivation `assessing`; ours adds it and the private terms."""

PDF_FRAGMENT = "https://www.rfc-editor.org/rfc/rfc8118"
AUDIENCE_URN = "urn:aw:audience:"
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_RECT = re.compile(rf'<rect x="{_NUMBER}" y="{_NUMBER}" width="{_NUMBER}" height="{_NUMBER}"/>')
_PATH = re.compile(r'<path d="M([0-9 .L-]+)" fill="none"/>')
_VIEW_BOX = re.compile(rf'viewBox="0 0 {_NUMBER} {_NUMBER}"')
_COLOUR = re.compile(r'data-colour="([a-z]+)"')


def to_wire(annotation: Annotation, rubric: RubricRef) -> WebAnnotationWire:
    """The Web Annotation of an annotation, without its author."""
    anchor = annotation.anchor
    body: list[dict[str, JsonValue]] = []
    if annotation.comment:
        body.append(
            {
                "type": "TextualBody",
                "purpose": "commenting",
                "value": annotation.comment,
                "format": "text/plain",
            }
        )
    for criterion in annotation.criteria:
        source = f"urn:aw:rubric:{rubric.id}:{rubric.version}#{criterion}"
        body.append({"type": "SpecificResource", "purpose": "classifying", "source": source})
    target: dict[str, JsonValue] = {
        "type": "SpecificResource",
        "source": {
            "id": f"urn:aw:{anchor.source_kind.value}:{anchor.source_id}",
            "digest": f"sha-256:{anchor.source_sha256}",
        },
        "selector": list(_selectors(annotation)),
    }
    return WebAnnotationWire(
        context=CONTEXT,
        id=f"urn:uuid:{annotation.id}",
        motivation=["assessing", "commenting"] if annotation.comment else ["assessing"],
        kind=annotation.kind,
        created=annotation.created_at,
        modified=annotation.modified_at,
        revision=annotation.revision,
        audience={"id": AUDIENCE_URN + annotation.audience.value, "type": "Audience"},
        submission=f"urn:uuid:{annotation.submission_id}",
        rubric_version=f"urn:aw:rubric:{rubric.id}:{rubric.version}",
        body=body,
        target=target,
    )


def from_wire(wire: WebAnnotationWire) -> Annotation:
    """The annotation that a Web Annotation of ours describes.

    Raises:
        ProtocolBroken: a part that `to_wire` always writes is missing or malformed.
    """
    try:
        return Annotation(
            id=AnnotationId(str(uuid.UUID(wire.id.removeprefix("urn:uuid:")))),
            submission_id=SubmissionId(wire.submission.removeprefix("urn:uuid:")),
            kind=wire.kind,
            anchor=_anchor(wire.target),
            comment=_comment(wire.body),
            audience=Audience(wire.audience["id"].removeprefix(AUDIENCE_URN)),
            criteria=tuple(
                CriterionId(str(part["source"]).partition("#")[2])
                for part in wire.body
                if part.get("purpose") == "classifying"
            ),
            colour=_colour(wire.target),
            created_at=wire.created,
            modified_at=wire.modified,
            revision=wire.revision,
        )
    except (AttributeError, KeyError, ValueError, TypeError, IndexError):
        raise broken("annotation") from None


def _selectors(annotation: Annotation) -> list[JsonValue]:
    anchor, selectors = annotation.anchor, []
    if anchor.text is not None:
        quote: dict[str, JsonValue] = {
            "type": "TextQuoteSelector",
            "exact": anchor.text.exact,
            "prefix": anchor.text.prefix,
            "suffix": anchor.text.suffix,
        }
        position: dict[str, JsonValue] = {
            "type": "TextPositionSelector",
            "start": anchor.text.start,
            "end": anchor.text.end,
            "textLayer": anchor.text.layer,
        }
        selectors += [_on_page(anchor, quote), _on_page(anchor, position)]
    geometry: dict[str, JsonValue] = {"type": "SvgSelector", "value": _svg(annotation)}
    return [*selectors, _on_page(anchor, geometry)]


def _on_page(anchor: Anchor, selector: dict[str, JsonValue]) -> JsonValue:
    return {
        "type": "FragmentSelector",
        "conformsTo": PDF_FRAGMENT,
        "value": f"page={anchor.page + 1}",
        "refinedBy": selector,
    }


def _svg(annotation: Annotation) -> str:
    anchor = annotation.anchor
    view = f"0 0 {_text(anchor.page_width_pt)} {_text(anchor.page_height_pt)}"
    shapes = "".join(
        f'<rect x="{_text(r.x0)}" y="{_text(r.y0)}"'
        f' width="{_text(r.x1 - r.x0)}" height="{_text(r.y1 - r.y0)}"/>'
        for r in anchor.rects
    )
    if anchor.path:
        points = " L".join(f"{_text(x)} {_text(y)}" for x, y in anchor.path)
        shapes += f'<path d="M{points}" fill="none"/>'
    colour = quoteattr(annotation.colour)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" data-colour={colour}>{shapes}</svg>'


def _text(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") if number else "0"


def _refined(target: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {part["refinedBy"]["type"]: part["refinedBy"] for part in target["selector"]}


def _anchor(target: dict[str, Any]) -> Anchor:
    source = target["source"]
    kind, _, source_id = source["id"].removeprefix("urn:aw:").partition(":")
    refined = _refined(target)
    svg = refined["SvgSelector"]["value"]
    view = _VIEW_BOX.search(svg)
    path = _PATH.search(svg)
    if view is None:
        raise ValueError("no view box")
    return Anchor(
        source_kind=SourceKind(kind),
        source_id=source_id,
        source_sha256=source["digest"].removeprefix("sha-256:"),
        page=int(target["selector"][0]["value"].removeprefix("page=")) - 1,
        page_width_pt=float(view[1]),
        page_height_pt=float(view[2]),
        rects=tuple(
            Rect(float(x), float(y), float(x) + float(w), float(y) + float(h))
            for x, y, w, h in _RECT.findall(svg)
        ),
        path=tuple(_point(pair) for pair in path[1].split(" L")) if path else (),
        text=_text_anchor(refined),
    )


def _point(pair: str) -> tuple[float, float]:
    x, y = pair.split(" ")
    return float(x), float(y)


def _text_anchor(refined: dict[str, dict[str, Any]]) -> TextAnchor | None:
    quote, position = refined.get("TextQuoteSelector"), refined.get("TextPositionSelector")
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


def _comment(body: list[dict[str, Any]]) -> str:
    return next((str(part["value"]) for part in body if part.get("purpose") == "commenting"), "")


def _colour(target: dict[str, Any]) -> str:
    found = _COLOUR.search(_refined(target)["SvgSelector"]["value"])
    return found[1] if found else "yellow"
