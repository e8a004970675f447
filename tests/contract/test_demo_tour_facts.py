"""What the tour expects of the demo's content is what the content holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pymupdf

from assessor_app.domain.roles import Role
from reference_platform.demo import content, frame

FACTS = json.loads((Path(__file__).parents[2] / "resources/demo-tour.json").read_text("utf-8"))
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


def test_the_tour_and_the_content_name_the_same_places() -> None:
    assert FACTS["tour_code"] == content.TOUR_SUBMISSION_CODE
    assert FACTS["deny_code"] == content.TOUR_DENY_CODE
    assert FACTS["search_word"] == content.TOUR_SEARCH_WORD
    assert FACTS["sentence"] == content.TOUR_SENTENCE


def test_the_assessor_finds_as_many_submissions_as_the_tour_waits_for() -> None:
    assigned = [
        submission.wire.code
        for submission in content.submissions_at(NOW)
        if any(a.actor_id == frame.ASSESSOR and a.role is Role.ASSESSOR for a in submission.assignments)
    ]
    assert len(assigned) == FACTS["submissions"]


def test_the_figure_stands_where_the_tour_boxes_it() -> None:
    toured = next(s for s in content.submissions_at(NOW) if s.wire.code == FACTS["tour_code"])
    pdf = next(
        artifact
        for part in toured.wire.parts
        for artifact in part.artifacts
        if artifact.media_type == "application/pdf"
    )
    page, x0, y0, x1, y1 = FACTS["figure"]
    with pymupdf.open(stream=toured.files[pdf.id](), filetype="pdf") as document:
        drawn = document[page].cluster_drawings()
    box = pymupdf.Rect(x0, y0, x1, y1)
    inside = [rect for rect in drawn if rect in box]
    assert len(inside) >= 4, drawn
