"""The spell check with the real dictionaries in the real child."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assessor_app.clock import Clock
from assessor_app.documents.spelling import Speller
from assessor_app.domain.spelling import known_words
from assessor_app.services import spelling
from assessor_app.services.spelling import DICTIONARIES, OFF, Spelling
from tests import builders

VERSION = builders.rubric_version()


@pytest.fixture(scope="module")
def speller() -> Iterator[Speller]:
    pytest.importorskip("hunspell")
    made = Speller(DICTIONARIES, Clock())
    yield made
    made.close()


@pytest.fixture
def desk(assessor, speller):
    return replace(assessor, speller=speller)


def wrong(desk, text, language="en_US", known=frozenset()):
    checked = spelling.check(desk, Spelling(language=language, known=known), text)
    assert checked.is_available
    return [text[start:end] for start, end in checked.spans]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en_US", "The color of teh observation, the students' work.", ["teh"]),
        ("en_US", "Their colour was recieved; it\u2019s the teacher\u2019s.", ["colour", "recieved"]),
        ("en_GB", "Their colour was recieved; the color too.", ["recieved", "color"]),
        (
            "es_ES",
            "La maestra mostr\u00f3 evidencia; \u00bfqu\u00e9 ovservaci\u00f3n recibi\u00f3 el ni\u00f1o?",
            ["ovservaci\u00f3n"],
        ),
    ],
)
def test_each_language_finds_its_own_mistakes(desk, language, text, wanted):
    assert wrong(desk, text, language) == wanted


def test_suggestions_are_few_and_the_likeliest_comes_first(desk):
    assert spelling.suggestions(desk, "en_US", "recieve")[0] == "receive"
    assert spelling.suggestions(desk, "es_ES", "ovservaci\u00f3n")[0] == "observaci\u00f3n"
    assert len(spelling.suggestions(desk, "en_US", "teh")) <= 5
    assert spelling.suggestions(desk, "en_US", "qqqqzzzzxx") == ()


def test_words_of_the_rubric_are_never_wrong(desk):
    version = replace(VERSION, title="Using Flipgridd well")
    loaded = spelling.load(desk, version)
    assert loaded.language == "en_US"
    checked = spelling.check(desk, loaded, "Flipgridd's and flipgridd but not flipgrydd")
    assert len(checked.spans) == 1


def test_her_own_words_stay_for_all_countries_of_a_language(desk):
    assert wrong(desk, "Edpuzzle") == ["Edpuzzle"]
    spelling.add_word(desk, "en_US", "Edpuzzle")
    spelling.add_word(desk, "en_US", "Edpuzzle")
    spelling.choose_language(desk, "en_GB")
    loaded = spelling.load(desk, VERSION)
    assert loaded.language == "en_GB"
    assert wrong(desk, "edpuzzle Edpuzzle's", "en_GB", loaded.known) == []
    spelling.choose_language(desk, "es_ES")
    assert "edpuzzle" not in spelling.load(desk, VERSION).known


def test_nothing_is_checked_when_it_is_off_or_the_language_is_not_there(desk):
    spelling.choose_language(desk, OFF)
    assert spelling.load(desk, VERSION).language == ""
    spelling.choose_language(desk, "")
    loaded = spelling.load(desk, replace(VERSION, locale="fi-FI"))
    assert (loaded.chosen, loaded.language) == ("", "")
    assert spelling.check(desk, loaded, "teh").spans == ()


@pytest.mark.parametrize(
    ("locale", "wanted"),
    [("en-US", "en_US"), ("en", "en_US"), ("en-GB", "en_GB"), ("es-MX", "es_ES"), ("es", "es_ES"), ("", "")],
)
def test_the_rubrics_locale_has_its_dictionary(locale, wanted):
    assert spelling.language_of(locale) == wanted


def test_places_are_counted_as_qt_does(desk):
    checked = spelling.check(desk, Spelling(language="en_US"), "\U0001f600 teh")
    assert checked.spans == ((3, 6),)


def test_a_child_that_dies_is_started_again(desk, speller):
    assert wrong(desk, "teh") == ["teh"]
    os.kill(speller.pid, signal.SIGKILL)
    spelling.check(desk, Spelling(language="en_US"), "anothr onne")
    assert wrong(desk, "thrid wrod") == ["thrid", "wrod"]


def test_without_dictionaries_it_says_so_and_nothing_breaks(assessor, tmp_path):
    bare = Speller(tmp_path, Clock())
    desk = replace(assessor, speller=bare)
    checked = spelling.check(desk, Spelling(language="en_US"), "teh")
    assert (checked.spans, checked.is_available) == ((), False)
    assert spelling.suggestions(desk, "en_US", "teh") == ()
    bare.close()
    assert spelling.check(desk, Spelling(language="en_US"), "teh").is_available is False


def test_without_the_library_nothing_is_checked(assessor):
    desk = replace(assessor, speller=None)
    assert spelling.check(desk, Spelling(language="en_US"), "teh").is_available is False
    assert spelling.suggestions(desk, "en_US", "teh") == ()


def test_all_that_a_rubric_says_is_known():
    known = known_words(spelling.rubric_texts(VERSION))
    criterion = VERSION.criteria[0]
    for text in (VERSION.title, criterion.text, *(text for _, text in criterion.descriptors)):
        assert known_words([text]) <= known


@pytest.mark.parametrize("name", ["en_US", "en_GB", "es_ES"])
def test_each_dictionary_lies_beside_its_licence(name):
    assert (DICTIONARIES / f"{name}.aff").is_file()
    assert (DICTIONARIES / f"{name}.dic").is_file()
    assert list(DICTIONARIES.glob(f"LICENSE-{name}*"))
