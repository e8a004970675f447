"""What strangers wrote is shown as it reads; file names come from nothing that they wrote."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.privacy.strings import (
    EXTENSIONS,
    FALLBACK_EXTENSION,
    KNOWN_EXTENSIONS,
    display_text,
    neutral_filename,
    shown_name,
    shown_source,
)
from tests.hostile_names import HOSTILE_NAMES

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SAFE_NAME = re.compile(r"artifact-[0-9a-f]{8}\.([a-z0-9]{2,4})")
PIECES = (
    "..",
    ".",
    "/",
    "\\",
    ":",
    "C:",
    "//",
    "%2e",
    "%2f",
    " ",
    "\x00",
    "\n",
    "\u202e",
    "CON",
    "COM\u00b9",
    "a",
    ".pdf",
)
ANYTHING = st.text(st.characters(), max_size=300) | st.sampled_from(HOSTILE_NAMES)


def assert_fit_to_show(text: str, max_chars: int) -> None:
    assert len(text) <= max_chars
    assert not BIDI & set(text)
    assert not {unicodedata.category(char) for char in text} & {"Cc", "Cs", "Zl", "Zp"}
    assert text == text.strip()
    text.encode("utf-8")


def assert_neutral(name: str) -> None:
    match = SAFE_NAME.fullmatch(name)
    assert match
    assert match.group(1) in {*EXTENSIONS.values(), FALLBACK_EXTENSION}


@pytest.mark.parametrize("hostile", HOSTILE_NAMES)
def test_hostile_names_become_harmless(hostile: str) -> None:
    assert_fit_to_show(display_text(hostile), 200)
    assert_neutral(neutral_filename(hostile, hostile))
    assert_neutral(neutral_filename("art-1", hostile))


@settings(max_examples=400)
@given(ANYTHING, st.integers(1, 40))
def test_any_text_is_fit_to_show(text: str, max_chars: int) -> None:
    shown = display_text(text, max_chars=max_chars)
    assert_fit_to_show(shown, max_chars)
    assert display_text(shown, max_chars=max_chars) == shown


@settings(max_examples=200)
@given(ANYTHING, ANYTHING)
def test_any_name_is_neutral(blob_id: str, kind: str) -> None:
    assert_neutral(neutral_filename(blob_id, kind))
    assert neutral_filename(blob_id, kind) == neutral_filename(blob_id, kind)


@pytest.mark.heavy
@settings(max_examples=20_000)
@given(ANYTHING | st.builds("".join, st.lists(st.sampled_from(PIECES), max_size=12)), st.integers(1, 200))
def test_twenty_thousand_names_leave_their_folder_nowhere(untrusted: str, max_chars: int) -> None:
    assert_fit_to_show(display_text(untrusted, max_chars=max_chars), max_chars)
    assert_neutral(neutral_filename(untrusted, untrusted))
    name = shown_name(untrusted, 1)
    for folder in (PurePosixPath("/evidence"), PureWindowsPath("C:/evidence")):
        assert (folder / name).parent == folder
        assert (folder / name).name == name
    assert not PureWindowsPath(name).is_reserved()


@pytest.mark.parametrize(
    ("untrusted", "shown"),
    [
        ("Artifact 2.pdf", "Artifact 2.pdf"),
        ("  two \t words\n", "two words"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b", "a b"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("line\u2028break", "line break"),
        ("\ud800x", "\ufffdx"),
        ("not\ufffea\ufdd0char", "notachar"),
        ("👩\u200d🏫 Klasse", "👩\u200d🏫 Klasse"),
        ("क\u094d\u200cष", "क\u094d\u200cष"),
        ("\u0600\u0661", "\u0600\u0661"),
        ("\u200d", ""),
    ],
)
def test_display_text_keeps_what_reads_and_drops_what_deceives(untrusted: str, shown: str) -> None:
    assert display_text(untrusted) == shown


@pytest.mark.parametrize(
    ("untrusted", "shown"),
    [
        ("abcde", "abcde"),
        ("abcdef", "abcd…"),
        ("abc def", "abc…"),
        ("abce\u0301f", "abc…"),
        ("abc\u200d\u200ddef", "ab…"),
        ("\u202e" * 100 + "x", "…"),
        ("\u0301" * 9, "…"),
    ],
)
def test_display_text_cuts_between_characters(untrusted: str, shown: str) -> None:
    assert display_text(untrusted, max_chars=5) == shown


@pytest.mark.parametrize(
    ("kind", "extension"),
    [
        ("application/pdf", "pdf"),
        ("Application/PDF; charset=x", "pdf"),
        (".PDF", "pdf"),
        ("jpeg", "jpg"),
        ("docx", "docx"),
        ("exe", "bin"),
        ("svg", "bin"),
        ("html", "bin"),
        ("pdf/../../x", "bin"),
        ("", "bin"),
    ],
)
def test_only_listed_extensions_are_given(kind: str, extension: str) -> None:
    assert neutral_filename("art-1", kind).endswith(f".{extension}")


def test_another_file_has_another_name() -> None:
    assert neutral_filename("art-1", "pdf") != neutral_filename("art-2", "pdf")


@pytest.mark.parametrize(
    ("untrusted", "shown"),
    [
        ("Artifact 12.pdf", "Artifact 12.pdf"),
        ("Artifact 1.PDF", "Artifact 1.pdf"),
        ("Artifact.docx", "Artifact.docx"),
        ("Artifact 3", "Artifact 3"),
        ("Marisol Quintero lesson plan.pdf", "Artifact 4.pdf"),
        ("plan.marisol", "Artifact 4.pdf"),
        ("Artifact 12.marisol", "Artifact 4.pdf"),
        ("Artifact 12 Marisol.pdf", "Artifact 4.pdf"),
        ("../../Artifact 1.exe", "Artifact 4.exe"),
        ("Artifact 1\u202e.pdf", "Artifact 1.pdf"),
        ("", "Artifact 4.pdf"),
    ],
)
def test_a_file_is_called_by_nothing_that_somebody_wrote(untrusted: str, shown: str) -> None:
    assert shown_name(untrusted, 4, media_type="application/pdf; x=y") == shown


def test_a_source_of_words_is_a_question_or_a_neutral_file() -> None:
    assert shown_source("What did you learn about Mr. Okafor?") == "What did you learn about Mr. Okafor?"
    assert shown_source("Okafor.docx") == "Artifact.docx"
    assert shown_source("Artifact 2.docx") == "Artifact 2.docx"
    assert shown_name("Okafor", 0, word="Snapshot") == "Snapshot"


@given(st.text(max_size=40), st.integers(min_value=0, max_value=9))
def test_no_name_of_a_file_says_more_than_a_number_and_a_kind(untrusted: str, number: int) -> None:
    shown = shown_name(untrusted, number, media_type=untrusted)
    stem, _, ending = shown.partition(".")
    assert re.fullmatch(r"(Artifact|Snapshot)( \d{1,4})?", stem)
    assert ending in {"", *KNOWN_EXTENSIONS}
    assert shown_name(shown, 5) == shown if ending else True
