"""Forged answers of a child that a hostile file has taken over."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessor_app.documents.answers import (
    AnswerRefused,
    check_drawn,
    checked_info,
    checked_status,
    checked_text,
    checked_words,
    refusal_of,
)
from assessor_app.documents.cards import NOTE_CODES, REASONS, RefusedWithCard, card_for, note_for
from assessor_app.documents.limits import Limits
from assessor_app.documents.sniff import Kind
from assessor_app.errors import EvidenceRefused

LIMITS = Limits(max_pages=5, max_words=5, max_word_chars=8, max_text_bytes=20)
INFO: dict[str, object] = {
    "kind": "pdf",
    "sizes": [[612, 792.5], [100.0, 50.0]],
    "has_text": True,
    "notes": ["repaired"],
}
WORD: list[object] = [1.0, 2.0, 3.0, 4.0, "word", 0, 0]


def test_honest_answers_pass() -> None:
    info = checked_info(INFO, LIMITS)
    assert info.kind is Kind.PDF
    assert info.page_count == len(info.pages) == 2
    assert info.pages[0].height_pt == 792.5
    assert info.notes == (note_for("repaired"),)
    check_drawn({"width": 3, "height": 2, "bytes": 24}, width_px=3, height_px=2)
    assert checked_words({"words": [WORD]}, LIMITS)[0].text == "word"
    assert checked_text({"text": "abc"}, LIMITS) == "abc"
    assert refusal_of({"refused": "damaged", "detail": "FileDataError"}) == ("damaged", "FileDataError")
    assert refusal_of(INFO) is None


@pytest.mark.parametrize(
    "forged",
    [
        {"sizes": []},
        {"sizes": [[1, 1]] * 6},
        {"sizes": [[0, 10]]},
        {"sizes": [[-1, 10]]},
        {"sizes": [[math.inf, 10]]},
        {"sizes": [[math.nan, 10]]},
        {"sizes": [[1e12, 10]]},
        {"sizes": [[10**400, 10]]},
        {"sizes": [[True, 10]]},
        {"sizes": [["1", 10]]},
        {"sizes": [[1, 2, 3]]},
        {"sizes": "many"},
        {"kind": "video"},
        {"kind": "sheet"},
        {"kind": ["pdf"]},
        {"kind": "text"},
        {"has_text": 1},
        {"notes": ["<b>Your work is lost</b>"]},
        {"notes": [["repaired"]]},
        {"notes": ["repaired"] * 50},
        {"notes": None},
    ],
)
def test_a_forged_document_is_refused(forged: dict[str, object]) -> None:
    with pytest.raises(AnswerRefused):
        checked_info({**INFO, **forged}, LIMITS)


@pytest.mark.parametrize("field", ["width", "height", "bytes"])
@pytest.mark.parametrize("value", [0, -1, 5, 10**30, True, "3", None, 3.0, math.nan])
def test_a_forged_drawing_is_refused(field: str, value: object) -> None:
    honest: dict[str, object] = {"width": 3, "height": 2, "bytes": 24}
    with pytest.raises(AnswerRefused):
        check_drawn({**honest, field: value}, width_px=3, height_px=2)


FORGED_FIELDS: tuple[object, ...] = (math.nan, math.inf, -1e300, None, True, [], {}, "x" * 9, 10**20)


@pytest.mark.parametrize(
    ("place", "value"),
    [*((place, value) for place in range(7) for value in FORGED_FIELDS), (5, -1), (6, 1.5), (4, 1.5)],
)
def test_a_forged_word_is_refused(place: int, value: object) -> None:
    word = list(WORD)
    word[place] = value
    with pytest.raises(AnswerRefused):
        checked_words({"words": [word]}, LIMITS)


def test_too_many_words_and_too_much_text_are_refused() -> None:
    with pytest.raises(AnswerRefused):
        checked_words({"words": [WORD] * 6}, LIMITS)
    with pytest.raises(AnswerRefused):
        checked_text({"text": "x" * 21}, LIMITS)
    with pytest.raises(AnswerRefused):
        checked_text({"text": b"x"}, LIMITS)


def test_a_forged_refusal_puts_no_words_on_screen() -> None:
    for forged in ("<b>Send us money</b>", 5, None, ["damaged"]):
        with pytest.raises(AnswerRefused):
            refusal_of({"refused": forged})
    with pytest.raises(AnswerRefused):
        refusal_of({"refused": "damaged", "detail": "a learner's words"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "kind",
    "sizes",
    "has_text",
    "notes",
    "words",
    "text",
    "refused",
    "width",
    "open_documents",
    "modules",
)


@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
@example({"kind": "pdf", "sizes": [[1, math.inf]], "has_text": True, "notes": []})
def test_any_answer_is_checked_or_refused(untrusted: dict[str, object]) -> None:
    try:
        info = checked_info(untrusted, LIMITS)
    except AnswerRefused:
        pass
    else:
        for size in info.pages:
            assert 0 < size.width_pt <= 100_000
            assert 0 < size.height_pt <= 100_000
        assert info.pages or info.kind is Kind.TEXT
    try:
        words = checked_words(untrusted, LIMITS)
    except AnswerRefused:
        pass
    else:
        assert all(math.isfinite(word.x0 + word.y0 + word.x1 + word.y1) for word in words)
    for check in (refusal_of, checked_status):
        try:
            check(untrusted)
        except AnswerRefused:
            pass


def test_every_card_says_that_the_work_is_safe_and_what_to_do() -> None:
    for reason in REASONS:
        card = card_for(reason)
        assert card.reason == reason
        assert "safe" in card.message
        assert card.message.endswith(".")
        assert not card.title.endswith(".")
        assert card.message.count(". ") >= 1, "why, and what can be done"
    assert card_for("never heard of").reason == "damaged"


def test_retrying_is_offered_where_it_may_help() -> None:
    for reason in ("timeout", "crashed", "too_much_memory", "not_here", "no_rendition"):
        assert card_for(reason).can_retry
    for reason in ("encrypted", "empty", "archive", "not_what_it_says"):
        assert not card_for(reason).can_retry


def test_a_refusal_is_a_known_error_with_its_card() -> None:
    refused = RefusedWithCard(card_for("encrypted"))
    assert isinstance(refused, EvidenceRefused)
    assert refused.title == refused.card.title
    assert all(note_for(code).endswith(".") for code in NOTE_CODES)
