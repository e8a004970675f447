"""The platform takes and hands out marks of every kind of place, as the workstation writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from assessor_app.domain.annotations import (
    Anchor,
    Annotation,
    AnnotationKind,
    Audience,
    Rect,
    SourceKind,
    TextAnchor,
    TimeSpan,
)
from assessor_app.domain.ids import AnnotationId, CriterionId, RubricId, SubmissionId
from assessor_app.domain.submissions import RubricRef
from assessor_app.sync import protocol, web_annotation
from assessor_app.sync.protocol import RecommendationWire
from tests.contract.bodies import recommendation, sent
from tests.contract.running import Client, new_id
from tests.contract.small_content import CRITERIA, FIRST

WORDS = TextAnchor("six still confused", "showed that ", " area", 88, 106, "plain;lf;nfc")
BOX = (Rect(10.25, 20.5, 110.75, 60.0),)
PAGE = {"page": 1, "page_width_pt": 612.0, "page_height_pt": 792.0, "media_type": "application/pdf"}
PICTURE = {"page_width_pt": 4032.0, "page_height_pt": 3024.0, "media_type": "image/jpeg"}
FRAME = {"page_width_pt": 640.0, "page_height_pt": 360.0, "media_type": "video/mp4"}
PLACES: list[tuple[AnnotationKind, dict[str, Any]]] = [
    (AnnotationKind.HIGHLIGHT, {**PAGE, "rects": BOX, "text": WORDS}),
    (AnnotationKind.INK, {**PAGE, "path": ((72.0, 140.0), (96.0, 132.5))}),
    (AnnotationKind.ELLIPSE, {**PAGE, "rects": BOX}),
    (AnnotationKind.FREE_TEXT, {**PAGE, "rects": BOX}),
    (AnnotationKind.ARROW, {**PICTURE, "path": ((1.0, 2.0), (3.0, 4.0))}),
    (AnnotationKind.BOX, {**PICTURE, "rects": BOX}),
    (AnnotationKind.NOTE, {**FRAME, "span": TimeSpan(75_200, 75_200)}),
    (AnnotationKind.BOX, {**FRAME, "span": TimeSpan(75_200, 92_800), "rects": BOX}),
    (AnnotationKind.NOTE, {"cells": "B2:D5", "page": 2}),
    (AnnotationKind.HIGHLIGHT, {"text": WORDS, "source_kind": SourceKind.RESPONSE, "source_id": "resp-1"}),
]


def mark(kind: AnnotationKind, place: dict[str, Any]) -> Annotation:
    said: dict[str, Any] = {
        "source_kind": SourceKind.ARTIFACT,
        "source_id": "art-1",
        "source_sha256": "ab" * 32,
        "page": 0,
        "page_width_pt": 0.0,
        "page_height_pt": 0.0,
    }
    return Annotation(
        id=AnnotationId(new_id()),
        submission_id=SubmissionId(FIRST),
        kind=kind,
        anchor=Anchor(**(said | place)),
        comment="Names a concrete practice.",
        audience=Audience.LEARNER,
        criteria=(CriterionId(CRITERIA[0]),),
        colour="sky",
        created_at=datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC),
        modified_at=datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC),
        opacity=0.5,
        line_width_pt=3.0,
    )


def test_marks_of_every_kind_come_back_as_they_were_sent(anna: Client) -> None:
    marks = [mark(kind, place) for kind, place in PLACES]
    rubric = RubricRef(RubricId("think-alouds"), 3, "0" * 64)
    wires = [protocol.as_json(web_annotation.to_wire(made, rubric)) for made in marks]
    recommendation_id = sent(anna, body=recommendation(anna, annotations=wires))
    changes = {(change["type"], change["id"]): change for change in anna.changes()[0]}
    wire = RecommendationWire.model_validate(changes["recommendation", recommendation_id]["data"])
    assert [web_annotation.from_wire(part) for part in wire.annotations] == marks
