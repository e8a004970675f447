"""Annotations to the W3C format and back: nothing is lost, and nobody is named."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.annotations import (
    Anchor,
    Annotation,
    AnnotationKind,
    Audience,
    Rect,
    SourceKind,
    TextAnchor,
)
from assessor_app.domain.ids import AnnotationId, CriterionId, RubricId, SubmissionId
from assessor_app.domain.submissions import RubricRef
from assessor_app.errors import ProtocolBroken
from assessor_app.sync import protocol, web_annotation

RUBRIC = RubricRef(RubricId("rb_01"), 4, "0" * 64)
NUMBER = st.integers(0, 800_000).map(lambda n: n / 1000)
RECT = st.builds(
    lambda x, y, w, h: Rect(x, y, round(x + w, 3), round(y + h, 3)), NUMBER, NUMBER, NUMBER, NUMBER
)
NAME = st.from_regex(r"[a-z0-9_]{1,10}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ANCHOR = st.builds(
    Anchor,
    source_kind=st.sampled_from(SourceKind),
    source_id=NAME,
    source_sha256=st.just("ab" * 32),
    page=st.integers(0, 2000),
    page_width_pt=NUMBER,
    page_height_pt=NUMBER,
    rects=st.lists(RECT, max_size=3).map(tuple),
    path=st.lists(st.tuples(NUMBER, NUMBER), max_size=4).map(tuple),
    text=st.none()
    | st.builds(
        TextAnchor,
        exact=TEXT,
        prefix=TEXT,
        suffix=TEXT,
        start=st.integers(0, 10_000),
        end=st.integers(0, 10_000),
        layer=st.just("mupdf;ws=collapsed;nfc"),
    ),
)
MOMENT = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
ANNOTATION = st.builds(
    Annotation,
    id=st.uuids().map(lambda value: AnnotationId(str(value))),
    submission_id=st.uuids().map(lambda value: SubmissionId(str(value))),
    kind=st.sampled_from(AnnotationKind),
    anchor=ANCHOR,
    comment=TEXT,
    audience=st.sampled_from(Audience),
    criteria=st.lists(st.from_regex(r"[a-z0-9_]{1,10}", fullmatch=True).map(CriterionId), max_size=3).map(
        tuple
    ),
    colour=st.sampled_from(["orange", "sky", "green"]),
    created_at=MOMENT,
    modified_at=MOMENT,
    revision=st.integers(1, 99),
)


def _numbers(rect: Rect) -> tuple[float, ...]:
    return (rect.x0, rect.y0, rect.x1, rect.y1)


@given(ANNOTATION)
def test_there_and_back_over_the_wire_gives_the_same_annotation(annotation: Annotation) -> None:
    text = protocol.as_json(web_annotation.to_wire(annotation, RUBRIC))
    wire, dropped = protocol.read(protocol.WebAnnotationWire, text)
    assert dropped == 0
    back = web_annotation.from_wire(wire)
    assert [_numbers(r) for r in back.anchor.rects] == [
        pytest.approx(_numbers(r), abs=0.002) for r in annotation.anchor.rects
    ]
    assert (back.id, back.kind, back.comment, back.audience, back.criteria) == (
        annotation.id,
        annotation.kind,
        annotation.comment,
        annotation.audience,
        annotation.criteria,
    )
    assert back.anchor.text == annotation.anchor.text
    assert back.anchor.page == annotation.anchor.page
    assert len(back.anchor.path) == len(annotation.anchor.path)
    assert (back.created_at, back.revision, back.colour) == (
        annotation.created_at,
        annotation.revision,
        annotation.colour,
    )


@given(ANNOTATION)
def test_the_author_is_not_written(annotation: Annotation) -> None:
    text = protocol.as_json(web_annotation.to_wire(annotation, RUBRIC))
    assert "creator" not in text
    assert "assessing" in str(text["motivation"])


def test_a_broken_target_is_refused() -> None:
    wire = protocol.WebAnnotationWire(
        context=[],
        id=f"urn:uuid:{uuid.UUID(int=1)}",
        motivation=["assessing"],
        kind=AnnotationKind.BOX,
        created=datetime(2026, 3, 2, tzinfo=UTC),
        modified=datetime(2026, 3, 2, tzinfo=UTC),
        revision=1,
        audience={"id": "urn:aw:audience:only_me"},
        submission="urn:uuid:x",
        rubric_version="v",
        body=[],
        target={"source": {"id": "urn:aw:artifact:a", "digest": "sha-256:b"}, "selector": []},
    )
    with pytest.raises(ProtocolBroken):
        web_annotation.from_wire(wire)
