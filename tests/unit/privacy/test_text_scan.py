"""E-mail addresses, telephone numbers and links are found, with their places, and little else is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.privacy.text_scan import Finding, FindingKind, find_identity

EMAIL, PHONE, LINK = FindingKind.EMAIL, FindingKind.PHONE, FindingKind.LINK


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (EMAIL, "maria.lopez@example.org"),
        (EMAIL, "o'neil+class@mail.school.k12.tx.us"),
        (EMAIL, "jürgen@schule-süd.de"),
        (PHONE, "(555) 123-4567"),
        (PHONE, "555-123-4567"),
        (PHONE, "555.123.4567"),
        (PHONE, "1-555-123-4567"),
        (PHONE, "555-1234"),
        (PHONE, "+49 171 1234567"),
        (PHONE, "+15551234567"),
        (PHONE, "0171 1234567"),
        (PHONE, "030/12345678"),
        (PHONE, "06 12 34 56 78"),
        (PHONE, "06.12.34.56.78"),
        (PHONE, "555\u2011123\u20114567"),
        (LINK, "https://example.org/a?b=c#d"),
        (LINK, "HTTP://EXAMPLE.ORG"),
        (LINK, "www.example.org/class"),
        (LINK, "docs.google.com/document/d/1x"),
        (LINK, "youtu.be/dQw4"),
        (LINK, "lincoln-high.edu"),
        (LINK, "school.co.uk"),
    ],
)
@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("Ask ", " today"), ("(see ", ")."), ("Tel:\n", ", please")]
)
def test_what_identifies_is_found_at_its_place(
    kind: FindingKind, found: str, before: str, after: str
) -> None:
    text = before + found + after
    assert find_identity(text) == (Finding(kind, len(before), len(before) + len(found)),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "In 2021-08-06 and on 12/05/2021, 01.09.2021 too.",
        "Between 2019-2020 and 2020-2021 scores rose from 12.5 to 1,234,567.",
        "18 of 24 students; 75 % reached level 3; pages 12-14 and 101-103.",
        "We met at 10:30-11:45 and 3 - 4 - 5 are a triple.",
        "CCSS.MATH.CONTENT.4.NBT.B.5 was the standard.",
        "I did it.So did they. Ask.me was a game. e.g. this, i.e. that.",
        "An @ alone, a@b, and @handle are none.",
        "Ticket 0123 4-5, and 00 12345678901234 from the shop.",
        "0.123456789 and 123456789012345678901234567890",
    ],
)
def test_a_teachers_numbers_and_abbreviations_are_left_alone(text: str) -> None:
    assert find_identity(text) == ()


def test_places_count_code_points() -> None:
    text = "Danke 🙂 a.b@example.org"
    (finding,) = find_identity(text)
    assert text[finding.start : finding.end] == "a.b@example.org"


def test_several_findings_come_in_order_and_none_twice() -> None:
    text = "https://x.example.org/?call=555-123-4567 or 555-123-4567 2 times, or me@example.org."
    assert [(f.kind, text[f.start : f.end]) for f in find_identity(text)] == [
        (LINK, "https://x.example.org/?call=555-123-4567"),
        (PHONE, "555-123-4567"),
        (EMAIL, "me@example.org"),
    ]


@given(st.text(alphabet="a1+@.-_/= ()w:0\u2011é", max_size=200))
def test_findings_never_overlap_and_lie_inside(text: str) -> None:
    end = 0
    for finding in find_identity(text):
        assert end <= finding.start < finding.end <= len(text)
        end = finding.end


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a@", "1", "1-", "(", "+1", "http://", "www.", "0 1", "@a.", " a.com"]
)
def test_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    begin = time.process_time()
    find_identity(text)
    assert time.process_time() - begin < 2.0
