"""The spell check: what is wrong in a text, what may have been meant, and the person's own dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assessor_app.cache import personal_words
from assessor_app.documents.spelling import SpellingUnavailable
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.spelling import in_units, known_words, normal, without_possessive, words_of
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.context import Context

__all__ = [
    "LANGUAGES",
    "OFF",
    "Checked",
    "Spelling",
    "add_word",
    "check",
    "choose_language",
    "load",
    "suggestions",
]

DICTIONARIES = Path(__file__).resolve().parents[2] / "resources" / "dictionaries"
LANGUAGES = ("en_US", "en_GB", "es_ES")
"""The dictionaries that come with the program."""
OFF = "off"
"""Chosen in place of a language: nothing is checked."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a submission's words are checked."""

    chosen: str = ""
    """One of `LANGUAGES`, `OFF`, or empty for the language of the rubric."""
    language: str = ""
    """What is used; empty where nothing is checked."""
    known: frozenset[str] = frozenset()
    """Words, in small letters, that are right here: of the rubric, and her own."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a text."""

    spans: tuple[tuple[int, int], ...] = ()
    """Start and end of each wrong word, in UTF-16 units."""
    is_available: bool = True
    """False where the spelling cannot be checked on this computer, or not now."""


def load(context: Context, rubric: RubricVersion) -> Spelling:
    """How words are checked beside a rubric."""
    with context.store.read() as txn:
        chosen = personal_words.language(txn)
        language = "" if chosen == OFF else chosen or language_of(rubric.locale)
        own = personal_words.of_language(txn, language[:2])
    return Spelling(chosen, language, known_words(rubric_texts(rubric)) | {word.casefold() for word in own})


def check(context: Context, spelling: Spelling, text: str) -> Checked:
    """The wrong words of a text."""
    if not spelling.language or context.speller is None:
        return Checked(is_available=context.speller is not None)
    found = [
        span
        for span in words_of(in_units(text))
        if span.word.casefold() not in spelling.known
        and without_possessive(span.word).casefold() not in spelling.known
    ]
    try:
        wrong = context.speller.wrong(spelling.language, {span.word for span in found})
    except SpellingUnavailable:
        return Checked(is_available=False)
    return Checked(tuple((span.start, span.end) for span in found if span.word in wrong))


def suggestions(context: Context, language: str, word: str) -> tuple[str, ...]:
    """What may have been meant by a wrong word, at most five; none where that cannot be said."""
    if context.speller is None:
        return ()
    try:
        return context.speller.suggestions(language, normal(word))
    except SpellingUnavailable:
        return ()


def add_word(context: Context, language: str, word: str) -> ChangeSet:
    """Take a word as right from now on, on this computer."""
    with context.store.write() as txn:
        personal_words.add(txn, language[:2], normal(word))
    return ChangeSet()


def choose_language(context: Context, chosen: str) -> ChangeSet:
    """Check in this language from now on: one of `LANGUAGES`, `OFF`, or empty for that of the rubric."""
    with context.store.write() as txn:
        personal_words.set_language(txn, chosen)
    return ChangeSet()


def language_of(locale: str) -> str:
    """The dictionary for a rubric's locale; empty where there is none for its language."""
    wanted = locale.replace("-", "_")
    if wanted in LANGUAGES:
        return wanted
    return next((language for language in LANGUAGES if language[:2] == wanted[:2].lower()), "")


def rubric_texts(rubric: RubricVersion) -> tuple[str, ...]:
    """Everything that a rubric says."""
    texts = [rubric.title, rubric.skill_statement, *(code.label for code in rubric.not_scorable)]
    texts += [level.label for scale in rubric.scales for level in scale.levels]
    for requirement in rubric.requirements:
        texts += [requirement.title, requirement.evidence_required]
        texts += [prompt.text for prompt in requirement.prompts]
        texts += [indicator.text for indicator in requirement.completion]
        for criterion in requirement.criteria:
            texts += [criterion.text, *(text for _, text in criterion.descriptors)]
    return tuple(texts)
