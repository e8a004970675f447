"""Canvas CSV: the columns that Canvas reads, both ways, with the order of criteria and levels."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from assessor_app.rubric.exchange.canvas_csv import canvas_csv, is_canvas_csv, rubric_from_canvas_csv
from assessor_app.rubric.exchange.report import How
from assessor_app.rubric.json_reader import RubricInvalid
from assessor_app.rubric.schema import Every, Level, RubricVersion
from tests.builders import CRITERIA, rubric_version
from tests.rubric_strategies import rubric_versions

HEADER = "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range"
RATING = ",Rating Name,Rating Description,Rating Points"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def file(*lines: str, ratings: int = 2) -> str:
    return "\r\n".join([HEADER + RATING * ratings, *lines]) + "\r\n"


def test_the_columns_are_those_of_canvas_and_the_highest_rating_comes_first() -> None:
    text, _ = canvas_csv(rubric_version())
    header, first, *_ = rows(text)
    assert ",".join(header) == HEADER + RATING * 3
    assert first[:4] == [
        "Asking questions that make thinking visible",
        "Names what earlier questions revealed about students' thinking.",
        "",
        "false",
    ]
    assert first[4:7] == ["Demonstrated", "The evidence shows it throughout, with concrete examples.", "2"]
    assert first[10:] == ["Not Met", "The evidence does not show it.", "0"]
    assert text.endswith("\r\n")
    assert not text.startswith("\ufeff")


def spaced(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rubric_versions())
def test_the_way_there_and_back_keeps_criteria_and_levels_in_order(version: RubricVersion) -> None:
    text, remarks = canvas_csv(version)
    read, _ = rubric_from_canvas_csv(text)
    assert [spaced(c.text) for c in read.criteria] == [spaced(c.text) for c in version.criteria]
    for before, after in zip(version.criteria, read.criteria, strict=True):
        levels, now = version.scale_of(before).levels, read.scale_of(after).levels
        assert [level.label for level in now] == [level.label for level in levels]
        assert [after.descriptor(level.code) for level in now] == [
            before.descriptor(one.code) for one in levels
        ]
        expected = [round((one.points or 0) * before.weight, 2) for one in levels]
        assert [level.points for level in now] == expected
    # Canvas would sort ratings with the same points by name; that is told.
    equal = [
        c
        for c in read.criteria
        if len({level.points for level in read.scale_of(c).levels}) < len(read.scale_of(c).levels)
    ]
    told = [remark for remark in remarks if remark.what == "the order of levels with the same points"]
    assert len(told) == len(equal)
    again, _ = canvas_csv(read)
    assert rubric_from_canvas_csv(again)[0] == read


def test_what_was_read_from_canvas_is_written_as_it_was() -> None:
    text = file(
        'Essay,Clarity,Is the argument clear?,false,Excellent,"Very, very clear",10,Poor,,2.5',
        'Essay,"Voice\r\nof the writer",,false,Yes,,1,No,,0',
    )
    read, remarks = rubric_from_canvas_csv(text)
    assert (read.title, read.id, read.version, read.award_rule) == ("Essay", "essay", 1, Every())
    clarity, voice = read.criteria
    assert clarity.text == "Clarity\nIs the argument clear?"
    assert (clarity.id, clarity.descriptors) == ("clarity", (("excellent", "Very, very clear"),))
    assert read.scale_of(clarity).levels == (
        Level("poor", "Poor", False, 2.5),
        Level("excellent", "Excellent", True, 10.0),
    )
    assert rows(canvas_csv(read)[0])[1] == rows(text)[1]
    assert voice.text == "Voice\r\nof the writer"
    assumed = {remark.what for remark in remarks if remark.how is How.ASSUMED}
    assert {"the award rule", "which levels pass", "the language", "the requirements"} <= assumed


def test_ratings_of_others_are_read_as_canvas_reads_them() -> None:
    text = (
        "rubric name, Criteria Name ,Points,Rating Name 1,Rating Points 1,Rating Name 2,Rating Points 2,"
        "Criteria Enable Range\n\n"
        'Talk,Talks,x,Low,0,High,"1,75",TRUE\n,,,,,,,\n'
    )
    assert is_canvas_csv(text)
    read, remarks = rubric_from_canvas_csv(text, passing="low")
    assert [(level.label, level.points, level.meets) for level in read.scales[0].levels] == [
        ("Low", 0.0, True),
        ("High", 1.75, True),
    ]
    places = {remark.what: remark.place for remark in remarks}
    assert places["the column 'Points'"] == "row 1, column 3"
    assert places["ranges of points"] == "row 3, column 8"


def test_criteria_with_fewer_ratings_have_scales_of_their_own() -> None:
    text = file(
        "T,A,,false,Yes,,1,No,,0", "T,B,,false,Good,,2,Fair,,1,Poor,,0", "T,A,,false,Yes,,1,No,,0", ratings=3
    )
    read, _ = rubric_from_canvas_csv(text)
    assert [len(read.scale_of(c).levels) for c in read.criteria] == [2, 3, 2]
    assert len(read.scales) == 2
    assert [c.id for c in read.criteria] == ["a", "b", "a_2"]


def test_one_of_several_rubrics_is_named() -> None:
    text = file("One,A,,false,Yes,,1,No,,0", "Two,B,,false,Yes,,1,No,,0", "One,C,,false,Yes,,1,No,,0")
    with pytest.raises(RubricInvalid, match="'One', 'Two'"):
        rubric_from_canvas_csv(text)
    with pytest.raises(RubricInvalid, match="name one"):
        rubric_from_canvas_csv(text, rubric="Three")
    read, remarks = rubric_from_canvas_csv(text, rubric="One")
    assert [c.text for c in read.criteria] == ["A", "C"]
    assert ("other rubrics", "row 3, column 1") in {(remark.what, remark.place) for remark in remarks}


def test_levels_without_points_are_numbered_and_weights_are_multiplied() -> None:
    version = rubric_version()
    (scale,) = version.scales
    bare = replace(scale, levels=tuple(replace(level, points=None) for level in scale.levels))
    first, *rest = version.requirements
    heavy = replace(first.criteria[0], weight=1.005)
    version = replace(version, scales=(bare,), requirements=(replace(first, criteria=(heavy,)), *rest))
    text, remarks = canvas_csv(version)
    assert [row[6::3] for row in rows(text)[1:3]] == [["2.01", "1", "0"], ["2", "1", "0"]]
    about = [remark.what for remark in remarks if remark.place.startswith("/requirements/0/criteria/0/")]
    assert {"levels without points", "weights", "points with more decimals"} <= set(about)
    assert CRITERIA[0] == heavy.id


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("", "row 1", "empty"),
        ("\n \n", "row 1", "empty"),
        ("Rubric Name,Rating Name\nA,B\n", "row 1", "no column 'Criteria Name'"),
        ("Rubric Name;Criteria Name\nA;B\n", "row 1", "separated by commas"),
        (f"{HEADER}\nA,B\n", "row 1", "no column 'Rating Name'"),
        (file(), "row 2", "no criterion"),
        (file(",A,,false,Yes,,1,No,,0"), "row 2, column 1", "empty"),
        (file("T,,,false,Yes,,1,No,,0"), "row 2, column 2", "empty"),
        (file("T,A,,false,Yes,,1,No,,0", "T,A,,false,Yes,,x,No,,0"), "row 3, column 7", "a number"),
        (file("T,A,,false,Yes,,,No,,0"), "row 2, column 7", "empty"),
        (file("T,A,,false,Yes,,-1,No,,0"), "row 2, column 7", "a number"),
        (file("T,A,,false,Yes,,nan,No,,0"), "row 2, column 7", "a number"),
        (file("T,A,,false,Yes,,1e999,No,,0"), "row 2, column 7", "a number"),
        (file("T,A,,false,Yes,,1_0,No,,0"), "row 2, column 7", "a number"),
        (file("T,A,,false,Yes,,٣,No,,0"), "row 2, column 7", "a number"),
        (file("T,A,,false,Yes,,1,,,"), "row 2, column 5", "two levels"),
        (file("T,A,,false"), "row 2, column 5", "two levels"),
        (file("T,A,,false,Yes,,1,,Words,"), "row 2, column 8", "no name"),
        (f"{HEADER},Rating Name\nT,A,,false,Yes\n", "row 2, column 5", "no column with the points"),
        (file('T,"A,,false,Yes,,1,No,,0'), "row 2", "quotation mark"),
        (file(f"T,{'A' * 200_000},,false,Yes,,1,No,,0"), "row 2", "no row of a CSV"),
        ("Rubric Name,Criteria Name" + ",x" * 500 + "\n", "row 1", "too many"),
        (file(*["T,A,,false,Yes,,1,No,,0"] * 2001), "row 2001", "too many"),
    ],
)
def test_the_row_and_the_column_are_named(text: str, place: str, sentence: str) -> None:
    with pytest.raises(RubricInvalid) as caught:
        rubric_from_canvas_csv(text)
    assert caught.value.path == place
    assert sentence in caught.value.sentence


def test_other_tables_are_told_apart() -> None:
    assert is_canvas_csv('\n"Rubric Name","Criteria Name"\n')
    assert not is_canvas_csv("Name,Points\nRubric Name,Criteria Name\n")
    assert not is_canvas_csv("")
