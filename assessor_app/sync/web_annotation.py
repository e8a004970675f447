"""Annotations to W3C Web Annotations and back.

The envelope is here; `web_selectors` tells the place. The creator is never written.
"""

from __future__ import annotations

import uuid
from typing import Any

from pydantic import JsonValue

from assessor_app.domain.annotations import Anchor, Annotation, Audience, SourceKind
from assessor_app.domain.ids import AnnotationId, CriterionId, SubmissionId
from assessor_app.domain.submissions import RubricRef
from assessor_app.sync import web_selectors
from assessor_app.sync.protocol import WebAnnotationWire
from assessor_app.sync.strict_json import broken

CONTEXT: list[JsonValue] = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "aw": "https://example.org/ns/assessor#",
        "oa": "http://www.w3.org/ns/oa#",
        "assessing": "oa:assessing",
        "digest": "aw:digest",
        "quadPoints": {"@id": "aw:quadPoints", "@container": "@list"},
        "textLayer": "aw:textLayer",
        "submission": {"@id": "aw:submission", "@type": "@id"},
        "rubricVersion": {"@id": "aw:rubricVersion", "@type": "@id"},
        "revision": "aw:revision",
        "inkWidth": "aw:inkWidth",
        "colour": "aw:colour",
        "opacity": "aw:opacity",
        "pixelWidth": "aw:pixelWidth",
        "pixelHeight": "aw:pixelHeight",
        "Sound": "http://purl.org/dc/dcmitype/Sound",
    },
]
"""The W3C context lacks the motivation `assessing`; ours adds it and the private terms."""

AUDIENCE_URN = "urn:aw:audience:"
_TYPES = {"image": "Image", "video": "Video", "audio": "Sound", "text": "Text"}


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
        "source": _source(anchor),
        "selector": web_selectors.write(annotation),
    }
    if not web_selectors.has_drawing(anchor):
        target.update(web_selectors.style(annotation))
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
        colour, opacity, line_width_pt = web_selectors.read_style(wire.target)
        return Annotation(
            id=AnnotationId(str(uuid.UUID(wire.id.removeprefix("urn:uuid:")))),
            submission_id=SubmissionId(wire.submission.removeprefix("urn:uuid:")),
            kind=wire.kind,
            anchor=web_selectors.read(wire.target),
            comment=_comment(wire.body),
            audience=Audience(wire.audience["id"].removeprefix(AUDIENCE_URN)),
            criteria=tuple(
                CriterionId(str(part["source"]).partition("#")[2])
                for part in wire.body
                if part.get("purpose") == "classifying"
            ),
            colour=colour,
            created_at=wire.created,
            modified_at=wire.modified,
            revision=wire.revision,
            opacity=opacity,
            line_width_pt=line_width_pt,
        )
    except (ArithmeticError, AttributeError, KeyError, ValueError, TypeError, IndexError):
        raise broken("annotation") from None


def _source(anchor: Anchor) -> dict[str, JsonValue]:
    source: dict[str, JsonValue] = {"id": f"urn:aw:{anchor.source_kind.value}:{anchor.source_id}"}
    kind = _TYPES.get(anchor.media_type.partition("/")[0])
    if kind is None and (anchor.source_kind is SourceKind.RESPONSE or anchor.media_type == "application/pdf"):
        kind = "Text"
    if kind is not None:
        source["type"] = kind
    if anchor.media_type:
        source["format"] = anchor.media_type
    return {
        **source,
        "digest": f"sha-256:{anchor.source_sha256}",
        **web_selectors.pixel_size(anchor),
    }


def _comment(body: list[dict[str, Any]]) -> str:
    return next((str(part["value"]) for part in body if part.get("purpose") == "commenting"), "")
