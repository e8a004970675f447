"""Any text is looked through in time proportional to its length, and findings lie inside it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.wording import WordingKind
from assessor_app.privacy.name_words import OwnName
from assessor_app.privacy.wording_scan import WordingScan
from assessor_app.services.checking import word_lists

SCAN = WordingScan(
    word_lists(),
    own_name=OwnName("Ramona Quist", ("Mona",)),
    identity_words=["lincoln middle school", "maría lópez"],
    instructions=["A colleague's written observation takes the place of photographs and video."],
)
PIECES = [
    "you always ",
    "{{",
    "}}",
    "___",
    "[...]",
    "Ramona Quist ",
    "is missing",
    "a@b.example ",
    "\u0301",
    "\n\n",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=20).map("".join))
def test_any_text(text: str) -> None:
    found = SCAN(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dear {{name}},", WordingKind.PLACEHOLDER),
        ("{{ }}", WordingKind.PLACEHOLDER),
        ("Look at ____ again", WordingKind.BLANK),
        ("Look at [ … ] again", WordingKind.BLANK),
        ("[insert example here]", WordingKind.BLANK),
        ("TODO say more", WordingKind.BLANK),
        ("Mona", WordingKind.OWN_NAME),
        ("written observation takes the", WordingKind.ACCOMMODATION),
    ],
)
def test_leftovers_and_names(text: str, kind: WordingKind) -> None:
    assert [one.kind for one in SCAN(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    ["{name}", "a_b __init__ x", "[1]", "[sic]", "(...)", "and so on...", "todo el grupo", "{{{", "}}"],
)
def test_what_is_no_leftover(text: str) -> None:
    assert SCAN(text) == ()


LONG = 200_000


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a ",
        "you ",
        "you always ",
        "{{",
        "{{a",
        "_",
        "[",
        "[insert ",
        ".",
        "1",
        "is missing ",
        "written observation ",
    ],
)
def test_long_texts_take_time_in_proportion(piece: str) -> None:
    text = piece * (LONG // len(piece))
    begin = time.process_time()
    SCAN(text)
    assert time.process_time() - begin < 4.0
