"""Annotations to the W3C format and back: nothing is lost, nobody is named, and older ones still read."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

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
    TimeSpan,
)
from assessor_app.domain.ids import AnnotationId, CriterionId, RubricId, SubmissionId
from assessor_app.domain.palette import PALETTE
from assessor_app.domain.submissions import RubricRef
from assessor_app.errors import ProtocolBroken
from assessor_app.sync import protocol, web_annotation, web_cells

RUBRIC = RubricRef(RubricId("rb_01"), 4, "0" * 64)
NUMBER = st.floats(0, 20_000, width=32).map(lambda n: round(n, 9)) | st.integers(0, 800_000).map(
    lambda n: n / 1000
)
RECT = st.tuples(NUMBER, NUMBER, NUMBER, NUMBER).map(
    lambda n: Rect(min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3]))
)
SIDE = NUMBER.filter(lambda side: side > 0.5)
NAME = st.from_regex(r"[a-z0-9_]{1,10}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WORDS = st.builds(
    TextAnchor,
    exact=TEXT,
    prefix=TEXT,
    suffix=TEXT,
    start=st.integers(0, 10_000),
    end=st.integers(0, 10_000),
    layer=st.sampled_from(["mupdf;ws=collapsed;nfc", "plain;lf;nfc"]),
)
RECTS = st.lists(RECT, max_size=3).map(tuple)
PATH = st.lists(st.tuples(NUMBER, NUMBER), max_size=4).map(tuple)
SPAN = st.tuples(st.integers(0, 20_000_000), st.integers(0, 9_000_000)).map(
    lambda pair: TimeSpan(pair[0], pair[0] + pair[1])
)
CORNER = st.from_regex(r"[A-Z]{1,3}[1-9][0-9]{0,4}", fullmatch=True)
CELLS = (
    CORNER
    | st.tuples(CORNER, CORNER).map(":".join)
    | st.from_regex(r"[A-Z]{1,3}:[A-Z]{1,3}|[1-9][0-9]{0,4}:[1-9][0-9]{0,4}", fullmatch=True)
    | st.sampled_from(["Table1[Total]", "b2", "$A$1"])
)


def anchors(**parts: Any) -> st.SearchStrategy[Anchor]:
    """Anchors of one kind of place."""
    said: dict[str, Any] = {
        "source_kind": st.just(SourceKind.ARTIFACT),
        "source_id": NAME,
        "source_sha256": st.just("ab" * 32),
        "page": st.just(0),
        "page_width_pt": SIDE,
        "page_height_pt": SIDE,
    }
    return st.builds(Anchor, **(said | parts))


PLACES = {
    "page": anchors(
        page=st.integers(0, 2000),
        rects=RECTS,
        path=PATH,
        text=st.none() | WORDS,
        media_type=st.sampled_from(["application/pdf", ""]),
    ),
    "picture": anchors(
        page=st.integers(0, 3),
        rects=RECTS,
        path=PATH,
        media_type=st.sampled_from(["image/png", "image/jpeg", "image/tiff"]),
    ),
    "recording": anchors(
        span=SPAN, rects=RECTS, path=PATH, media_type=st.sampled_from(["video/mp4", "audio/mpeg"])
    ),
    "sheet": anchors(
        page=st.integers(0, 12),
        page_width_pt=st.just(0.0),
        page_height_pt=st.just(0.0),
        cells=CELLS,
        text=st.none() | WORDS,
    ),
    "words": anchors(
        source_kind=st.sampled_from(SourceKind),
        page_width_pt=st.just(0.0),
        page_height_pt=st.just(0.0),
        text=WORDS,
        media_type=st.sampled_from(["text/plain", "text/markdown", ""]),
    ),
}
MOMENT = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def marks(anchor: st.SearchStrategy[Anchor]) -> st.SearchStrategy[Annotation]:
    return st.builds(
        Annotation,
        id=st.uuids().map(lambda value: AnnotationId(str(value))),
        submission_id=st.uuids().map(lambda value: SubmissionId(str(value))),
        kind=st.sampled_from(AnnotationKind),
        anchor=anchor,
        comment=TEXT,
        audience=st.sampled_from(Audience),
        criteria=st.lists(NAME.map(CriterionId), max_size=3).map(tuple),
        colour=st.sampled_from([*PALETTE, "black", "#123456"]),
        created_at=MOMENT,
        modified_at=MOMENT,
        revision=st.integers(1, 99),
        opacity=st.sampled_from([1.0, 0.5, 0.35]),
        line_width_pt=st.sampled_from([2.0, 1.5, 6.0]),
    )


def sent(annotation: Annotation) -> dict[str, Any]:
    """What stands on the wire, as bytes would say it."""
    found: dict[str, Any] = json.loads(
        json.dumps(protocol.as_json(web_annotation.to_wire(annotation, RUBRIC)))
    )
    return found


@pytest.mark.parametrize("place", PLACES)
@given(data=st.data())
def test_there_and_back_over_the_wire_gives_the_same_annotation(place: str, data: st.DataObject) -> None:
    annotation = data.draw(marks(PLACES[place]))
    wire, dropped = protocol.read(protocol.WebAnnotationWire, sent(annotation))
    assert dropped == 0
    assert web_annotation.from_wire(wire) == annotation


@given(marks(st.one_of(*PLACES.values())))
def test_the_author_is_not_written(annotation: Annotation) -> None:
    text = sent(annotation)
    assert "creator" not in text
    assert "assessing" in text["motivation"]


def mark(kind: AnnotationKind = AnnotationKind.BOX, **place: Any) -> Annotation:
    said: dict[str, Any] = {
        "source_kind": SourceKind.ARTIFACT,
        "source_id": "art-1",
        "source_sha256": "ab" * 32,
        "page": 0,
        "page_width_pt": 0.0,
        "page_height_pt": 0.0,
    }
    return Annotation(
        id=AnnotationId(str(uuid.UUID(int=1))),
        submission_id=SubmissionId(str(uuid.UUID(int=2))),
        kind=kind,
        anchor=Anchor(**(said | place)),
        comment="",
        audience=Audience.LEARNER,
        criteria=(),
        colour="orange",
        created_at=datetime(2026, 3, 2, tzinfo=UTC),
        modified_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


def selectors(annotation: Annotation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sent(annotation)["target"]["selector"]
    return found


def test_a_highlight_on_a_page_is_told_by_quote_position_and_geometry() -> None:
    words = TextAnchor("model think-alouds", "chose to ", " every day", 106, 124, "mupdf;ws=collapsed;nfc")
    found = selectors(
        mark(
            AnnotationKind.HIGHLIGHT,
            page=1,
            page_width_pt=612.0,
            page_height_pt=792.0,
            rects=(Rect(179.51, 111.73, 279.0, 120.52),),
            text=words,
        )
    )
    assert {(s["conformsTo"], s["value"]) for s in found} == {
        ("https://www.rfc-editor.org/rfc/rfc8118", "page=2")
    }
    inner = [s["refinedBy"] for s in found]
    assert [s["type"] for s in inner] == ["TextQuoteSelector", "TextPositionSelector", "SvgSelector"]
    assert inner[2]["quadPoints"] == [179.51, 680.27, 279.0, 680.27, 179.51, 671.48, 279.0, 671.48]
    assert '<rect x="179.51" y="111.73" width="99.49" height="8.79"/>' in inner[2]["value"]
    assert inner[2]["colour"] == "#e69f00"


def test_a_box_on_a_picture_is_told_in_pixels_and_in_percent_of_the_size_on_the_source() -> None:
    annotation = mark(
        page_width_pt=4032.0,
        page_height_pt=3024.0,
        rects=(Rect(1210, 640, 2090, 1052),),
        media_type="image/jpeg",
    )
    found = selectors(annotation)
    assert [s.get("value") for s in found[:2]] == [
        "xywh=pixel:1210,640,880,412",
        "xywh=percent:30.01,21.164,21.825,13.624",
    ]
    source = sent(annotation)["target"]["source"]
    assert (source["pixelWidth"], source["pixelHeight"], source["type"]) == (4032.0, 3024.0, "Image")


def test_ink_says_its_line_and_an_ellipse_is_one() -> None:
    size = {"page_width_pt": 612.0, "page_height_pt": 792.0}
    ink = mark(AnnotationKind.INK, path=((72.0, 140.0), (96.0, 132.5)), **size)
    inner = selectors(replace(ink, line_width_pt=1.5, opacity=0.5))[0]["refinedBy"]
    assert '<path d="M72 140 L96 132.5" fill="none"/>' in inner["value"]
    assert (inner["inkWidth"], inner["opacity"]) == (1.5, 0.5)
    ellipse = selectors(mark(AnnotationKind.ELLIPSE, rects=(Rect(10, 20, 15, 40),), **size))[0]["refinedBy"]
    assert '<ellipse cx="12.5" cy="30" rx="2.5" ry="10"/>' in ellipse["value"]


def test_times_and_regions_of_a_recording_are_one_fragment() -> None:
    def first(span: TimeSpan, **place: Any) -> str:
        value: str = selectors(mark(span=span, page_width_pt=640.0, page_height_pt=360.0, **place))[0][
            "value"
        ]
        return value

    assert first(TimeSpan(75_200, 92_800)) == "t=npt:75.2,92.8"
    assert first(TimeSpan(75_200, 75_200)) == "t=npt:75.2"
    region = first(TimeSpan(1000, 2000), rects=(Rect(64, 36, 128, 72),))
    assert region == "t=npt:1,2&xywh=percent:10,10,10,10"


def test_cells_count_from_one_by_row_and_column_within_their_sheet() -> None:
    found = selectors(mark(cells="B2:D5", page=2))
    assert found[0]["value"] == "sheet=3"
    assert found[0]["refinedBy"]["value"] == "cell=2,2-5,4"
    assert found[0]["refinedBy"]["conformsTo"] == "https://www.rfc-editor.org/rfc/rfc7111"


def test_words_of_an_answer_stand_by_themselves() -> None:
    words = TextAnchor("six still confused", "showed that ", ".", 88, 106, "plain;lf;nfc")
    found = selectors(mark(AnnotationKind.HIGHLIGHT, text=words, source_kind=SourceKind.RESPONSE))
    assert [s["type"] for s in found] == ["TextQuoteSelector", "TextPositionSelector"]


def older(target: dict[str, Any]) -> protocol.WebAnnotationWire:
    """A mark as versions before this one wrote it."""
    return protocol.WebAnnotationWire(
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
        target=target,
    )


def test_what_was_written_before_still_reads() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 612 792" data-colour="sky">'
        '<rect x="10" y="20" width="99.5" height="8.78"/></svg>'
    )
    fragment = {"type": "FragmentSelector", "conformsTo": "x", "value": "page=3"}
    source = {"id": "urn:aw:artifact:art-1", "digest": "sha-256:" + "ab" * 32}
    refined = {"type": "SvgSelector", "value": svg}
    back = web_annotation.from_wire(
        older({"source": source, "selector": [fragment | {"refinedBy": refined}]})
    )
    assert (back.colour, back.opacity, back.line_width_pt) == ("sky", 1.0, 2.0)
    assert back.anchor.page == 2
    assert back.anchor.rects == (Rect(10, 20, 109.5, 28.78),)
    empty = {
        "type": "SvgSelector",
        "value": '<svg viewBox="0 0 0 0" data-colour="green"></svg>',
    }
    quote = {"type": "TextQuoteSelector", "exact": "six", "prefix": "", "suffix": ""}
    position = {"type": "TextPositionSelector", "start": 0, "end": 3, "textLayer": "plain;lf;nfc"}
    parts = [fragment | {"value": "page=1", "refinedBy": inner} for inner in (quote, position, empty)]
    answer = web_annotation.from_wire(older({"source": source, "selector": parts}))
    assert answer.anchor.text == TextAnchor("six", "", "", 0, 3, "plain;lf;nfc")
    assert (answer.colour, answer.anchor.page_width_pt) == ("green", 0.0)


@pytest.mark.parametrize(
    ("value", "rect"),
    [
        ("xywh=pixel:10,20,30,40", Rect(10, 20, 40, 60)),
        ("xywh=percent:10,20,30,40", Rect(20, 20, 80, 60)),
    ],
)
def test_an_area_without_a_drawing_is_a_box(value: str, rect: Rect) -> None:
    source = {"id": "urn:aw:artifact:a", "digest": "sha-256:b", "pixelWidth": 200, "pixelHeight": 100}
    target = {"source": source, "selector": [{"type": "FragmentSelector", "value": value}]}
    assert web_annotation.from_wire(older(target)).anchor.rects == (rect,)


def svg_of(inner: str, view: str = 'viewBox="0 0 1 1"') -> dict[str, Any]:
    return {"type": "SvgSelector", "value": f"<svg {view}>{inner}</svg>"}


@pytest.mark.parametrize(
    "selector",
    [
        [],
        ["page=1"],
        [svg_of("", view="")],
        [svg_of('<rect x="1"/>')],
        [svg_of('<rect x="1" y="NaN" width="1" height="1"/>')],
        [svg_of('<rect x="1e999" y="1" width="1" height="1"/>')],
        [svg_of('<path d="M1 2 Q3 4" fill="none"/>')],
        [svg_of("") | {"opacity": 0}],
        [svg_of("") | {"inkWidth": "wide"}],
        [{"type": "FragmentSelector", "value": "page=x"}],
        [{"type": "FragmentSelector", "value": "t=npt:5,2"}],
        [{"type": "FragmentSelector", "value": "cell=1"}],
        [{"type": "FragmentSelector", "value": "col=0-2"}],
        [{"type": "FragmentSelector", "value": "col=2"}],
    ],
)
def test_a_broken_target_is_refused(selector: list[Any]) -> None:
    source = {"id": "urn:aw:artifact:a", "digest": "sha-256:b"}
    with pytest.raises(ProtocolBroken):
        web_annotation.from_wire(older({"source": source, "selector": selector}))


@given(CELLS)
def test_cells_are_the_same_there_and_back(cells: str) -> None:
    assert web_cells.from_fragment(web_cells.to_fragment(cells)) == cells


W3C_TERMS = {
    *("id", "type", "motivation", "created", "modified", "audience", "body", "target", "purpose", "value"),
    *("format", "source", "selector", "refinedBy", "conformsTo", "exact", "prefix", "suffix", "start", "end"),
}
"""The terms of the W3C context that we use."""


def terms(value: Any) -> set[str]:
    """Every key of a JSON value."""
    if isinstance(value, list):
        return set().union(*(terms(item) for item in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(terms(item) for item in value.values()))


@given(marks(st.one_of(*PLACES.values())))
def test_every_term_is_in_the_context(annotation: Annotation) -> None:
    found = sent(annotation)
    own = found.pop("@context")[1]
    unknown = {term for term in terms(found) if term not in W3C_TERMS and term not in own}
    assert unknown <= {"aw:kind"}
    assert {"aw", "assessing"} <= set(own)
