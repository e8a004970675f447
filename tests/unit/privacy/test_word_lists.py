"""The lists that come with the program: of the form they say, of use, and quiet on good feedback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assessor_app.domain.wording import WordingKind
from assessor_app.privacy.phrases import phrase_key
from assessor_app.privacy.word_lists import WordList, read_word_list
from assessor_app.privacy.wording_scan import WordingScan, instruction_runs
from assessor_app.services.checking import WORDING_FOLDER, word_lists

ROOT = Path(__file__).resolve().parents[3]
SCAN = WordingScan(word_lists())
SAYS_SOMETHING = set(WordingKind) - {
    WordingKind.UNMET,
    WordingKind.PRAISE,
    WordingKind.DENIAL,
    WordingKind.ACCOMMODATION_WORD,
}
"""Kinds that lead to a finding by themselves."""


def said(text: str) -> list[tuple[str, WordingKind]]:
    return [(text[one.start : one.end], one.kind) for one in SCAN(text)]


def good_feedback() -> list[str]:
    """What assessors and approvers of the demo wrote, paragraph by paragraph."""
    files = sorted((ROOT / "reference_platform/demo/texts").glob("*/*.md"))
    chosen = [f for f in files if f.stem in ("recommendation", "decision", "asked_last_time")]
    parts = [part for file in chosen for part in re.split(r"\n\s*\n", file.read_text("utf-8"))]
    return [part for part in parts if not part.startswith("#")]


def test_good_feedback_is_left_in_peace() -> None:
    texts = good_feedback()
    assert len(texts) > 60
    alarms = [(found, text) for text in texts for found in said(text) if found[1] in SAYS_SOMETHING]
    assert alarms == []


@pytest.mark.parametrize(
    "text",
    [
        "The simple machine is obvious to students; the clear majority always names it.",
        "Your rubric leaves no student behind, and W2 never copies the comment.",
        "It would help to bother less about handwriting.",
        "You did not tell students the answer, which is the point of this move.",
        "Students found a poor example and a bad one, and said why.",
        "The common mistake is named; a common sense of purpose grows.",
        "A natural disaster is the topic, and students write about the rubbish bin.",
        "Es siempre el mismo grupo el que responde; la profesora pregunta a los demás.",
        "El plan describe con claridad tres estrategias y una dificultad.",
        "Su pregunta invita a explicar, y dos estudiantes responden a otra idea.",
    ],
)
def test_ordinary_sentences_have_no_tone(text: str) -> None:
    assert [found for found in said(text) if found[1] in SAYS_SOMETHING] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You always give the answer away.", "You always"),
        ("OBVIOUSLY this was written in a hurry.", "OBVIOUSLY"),
        ("A sloppy plan.", "sloppy"),
        ("You didn't try.", "You didn't try"),
        ("Usted no entiende la consigna.", "Usted no entiende"),
        ("Obviamente falta trabajo.", "Obviamente"),
    ],
)
def test_a_tone_is_heard(text: str, words: str) -> None:
    assert (words, WordingKind.TONE) in said(text)
    assert next(one for one in SCAN(text) if one.kind is WordingKind.TONE).why


def test_each_language_has_each_kind_and_no_phrase_twice() -> None:
    lists = word_lists()
    assert [one.language for one in lists] == ["en", "es"]
    for one in lists:
        kinds = {phrase.kind for phrase in one.phrases}
        assert kinds == {
            *(None, WordingKind.TONE, WordingKind.UNMET, WordingKind.PRAISE, WordingKind.AWARD),
            *(WordingKind.DENIAL, WordingKind.ACCOMMODATION, WordingKind.ACCOMMODATION_WORD),
        }
        keys = [phrase_key(phrase.phrase) for phrase in one.phrases]
        assert sorted({key for key in keys if keys.count(key) > 1}) == []
        silent = [
            p for p in one.phrases if p.kind in (WordingKind.TONE, WordingKind.ACCOMMODATION) and not p.why
        ]
        assert silent == []


def test_every_file_is_read() -> None:
    assert len(list(WORDING_FOLDER.glob("*.json"))) == len(word_lists())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        "{}",
        '{"language": "en"}',
        '{"language": "en", "lists": [{"kind": "loud", "phrases": ["x"]}]}',
        '{"language": "en", "lists": [{"kind": "tone"}]}',
        '{"language": "en", "lists": ["tone"]}',
    ],
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_word_list(text)


def test_a_list_may_do_without_why_and_exceptions() -> None:
    text = '{"language": "xx", "lists": [{"kind": "tone", "phrases": ["meh"]}]}'
    (one,) = WordingScan([read_word_list(text)])("Meh.")
    assert (one.kind, one.why) == (WordingKind.TONE, "")
    assert read_word_list('{"language": "xx", "lists": []}') == WordList("xx", ())


def test_runs_of_an_instruction_need_long_words() -> None:
    assert list(instruction_runs("It is to be as it is in the one.")) == []
    assert list(instruction_runs("One written observation counts here")) == [
        "one written observation counts",
        "written observation counts here",
    ]
    assert list(instruction_runs("Leave it out.")) == []
