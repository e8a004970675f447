"""From a field that the platform refused to the place where it is mended."""

from __future__ import annotations

import json

import pytest

from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.rubric.findings.finding import Field, Place
from assessor_app.rubric.refused_place import places_of

C2 = CriterionId("c2")
SENT = {
    "scores": [{"criterion_id": "c1"}, {"criterion_id": "c2"}, "no object"],
    "feedback": {
        "criteria": [{"criterion_id": "c2"}],
        "artifacts": [{"source_id": "art-1"}, {"source_id": 7}],
        "overall": "x",
    },
    "annotations": [{"id": "urn:uuid:abc"}, {"id": "elsewhere"}],
}


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("/scores/1/note", Place(C2, Field.NOTE)),
        ("/scores/1/level", Place(C2, Field.RATING)),
        ("/scores/1", Place(C2, Field.RATING)),
        ("/feedback/criteria/0/next_step", Place(C2, Field.NEXT_STEP)),
        ("/feedback/criteria/0", Place(C2, Field.FEEDBACK)),
        ("/feedback/criteria/0/looked_in/3", Place(C2, Field.FEEDBACK)),
        ("/feedback/artifacts/0/text", Place(None, Field.ON_EVIDENCE, "art-1")),
        ("/feedback/overall", Place(None, Field.OVERALL)),
        ("/note_to_approver", Place(None, Field.NOTE_TO_APPROVER)),
        ("/annotations/0/body/0/value", Place(None, Field.MARK, annotation_id=AnnotationId("abc"))),
        *(
            (pointer, None)
            for pointer in ("/annotations/1", "/feedback/artifacts/1", "/rule_result", "", "x")
        ),
        *((f"/scores/{index}", None) for index in ("3", "-1", "²", "2", "a~1b")),
    ],
)
def test_where_a_refused_field_is_written(pointer: str, place: Place | None) -> None:
    assert places_of([pointer, pointer], json.dumps(SENT).encode()) == ((place,) if place else ())


@pytest.mark.parametrize("body", [b"", b"[]", b'{"scores": 1}', b'{"feedback": []}'])
def test_a_body_of_another_shape_names_no_place(body: bytes) -> None:
    assert places_of(["/scores/0", "/feedback/criteria/0/seen"], body) == ()
