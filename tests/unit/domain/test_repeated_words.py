"""Which sentences are written often enough to be worth keeping."""

from __future__ import annotations

import pytest

from assessor_app.domain.repeated_words import repeated_sentence, sentences_of

SAID = "Please say on which page the goal can be seen."
ALMOST = "please say on which page your goal can be seen!"
OTHER = "The students' answers show how they were thinking."


def test_short_sentences_are_quicker_typed_than_found():
    assert sentences_of(f"Good work. {SAID}\nThanks a lot! {OTHER}") == (SAID, OTHER)
    assert sentences_of("word " * 100) == ()
    address = "See example.org/a.b for one way of doing this."
    assert sentences_of(address) == (address,)


def test_the_third_time_counts_and_the_second_does_not():
    assert repeated_sentence(SAID, [ALMOST], []) is None
    assert repeated_sentence(f"First. {SAID}", [ALMOST, f"{OTHER} {SAID}"], []) == SAID


def test_one_text_counts_once_however_often_it_holds_it():
    assert repeated_sentence(SAID, [f"{SAID} {ALMOST}"], []) is None


@pytest.mark.parametrize(
    "kept", [SAID, f"{ALMOST} {OTHER}", "Please say on which page {{the goal}} can be seen."]
)
def test_what_is_kept_or_was_declined_is_not_offered_again(kept: str):
    assert repeated_sentence(SAID, [SAID, SAID], [kept]) is None


def test_sentences_that_only_resemble_are_others():
    near = "Please say in which lesson the goal can be met."
    assert repeated_sentence(SAID, [near, near, near], []) is None
    assert repeated_sentence(SAID, [OTHER, "Please say on which page.", f"{SAID} {SAID}"], []) is None
