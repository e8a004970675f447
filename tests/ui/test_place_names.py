"""A presentation has slides, a workbook has sheets, and a picture by itself has no page 1."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.domain.reading import ReadingState
from assessor_app.ui.annotate.words import place_words as list_place
from assessor_app.ui.place_names import page_title
from assessor_app.ui.scoring.evidence_links import place_words as link_place
from assessor_app.ui.workspaces.evidence_standing import read_words
from tests import builders
from tests.builders import annotation

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("name", "media_type", "page", "in_list", "in_link"),
    [
        ("Plan.pdf", "application/pdf", 2, "page 3 of Plan.pdf", "Plan.pdf, page 3"),
        ("Talk.pptx", SLIDES, 2, "slide 3 of Talk.pptx", "Talk.pptx, slide 3"),
        # A copy that was made of it is annotated as what it was handed in as.
        ("Talk.PPTX", "application/pdf", 0, "slide 1 of Talk.PPTX", "Talk.PPTX, slide 1"),
        ("Board.jpg", "image/jpeg", 0, "Board.jpg", "Board.jpg"),
        ("Scans.tiff", "image/tiff", 1, "page 2 of Scans.tiff", "Scans.tiff, page 2"),
    ],
)
def test_a_mark_says_where_it_is_in_the_words_of_its_file(qapp, name, media_type, page, in_list, in_link):
    artifact = replace(builders.artifact(1), filename=name, media_type=media_type)
    made = builders.submission(1)
    submission = replace(made, parts=(replace(made.parts[0], artifacts=(artifact,)),))
    mark = annotation(1)
    anchor = replace(mark.anchor, source_id=artifact.id, page=page, media_type=media_type)
    mark = replace(mark, anchor=anchor)
    assert list_place(mark, name) == in_list
    assert link_place(mark, submission) == in_link


@pytest.mark.parametrize(
    ("name", "media_type", "pages", "seen", "words"),
    [
        ("Plan.pdf", "application/pdf", 6, 2, "2 of 6 pages"),
        ("Plan.pdf", "application/pdf", 6, 6, "all 6 pages"),
        ("Plan.pdf", "application/pdf", 1, 1, "1 page, seen"),
        ("Talk.pptx", SLIDES, 6, 2, "2 of 6 slides"),
        ("Talk.pptx", SLIDES, 6, 6, "all 6 slides"),
        ("Marks.xlsx", SHEETS, 1, 1, "1 sheet, seen"),
        ("Marks.xlsx", SHEETS, 3, 3, "all 3 sheets"),
        ("Board.jpg", "image/jpeg", 1, 1, "seen"),
    ],
)
def test_how_far_a_piece_was_read_is_said_in_the_words_of_its_file(
    qapp, name, media_type, pages, seen, words
):
    item = replace(builders.artifact(1), filename=name, media_type=media_type, page_count=pages)
    state = ReadingState(item.id, page_count=pages, pages=((0, seen - 1),))
    assert read_words(item, state) == words


def test_lists_beside_the_pages_count_slides(qapp):
    assert page_title(2, are_slides=True) == "Slide 3"
    assert page_title(2, are_slides=False) == "Page 3"
