"""Names in what is written: the writer's own and those of the evidence, without ordinary words."""

from __future__ import annotations

import pytest

from assessor_app.domain.wording import WordingKind
from assessor_app.privacy.name_words import NO_NAME, NameFinder, OwnName

WHOLE, PART, EVIDENCE = WordingKind.OWN_NAME, WordingKind.OWN_NAME_PART, WordingKind.EVIDENCE_NAME


def found(text: str, own: OwnName = NO_NAME, identity: tuple[str, ...] = ()) -> list[tuple[str, WordingKind]]:
    return [(text[one.start : one.end], one.kind) for one in NameFinder(own, identity).find(text)]


@pytest.mark.parametrize(
    ("account", "text", "expected"),
    [
        ("Ramona Quist", "With regards, Ramona Quist", [("Ramona Quist", WHOLE)]),
        ("Ramona Quist", "with regards, ramona quist", [("ramona quist", WHOLE)]),
        ("Ramona A. Quist", "Ramona Quist", [("Ramona Quist", WHOLE)]),
        ("Ramona A. Quist", "Ramona A. Quist", [("Ramona A. Quist", WHOLE)]),
        ("Quist, Ramona", "Ramona Quist", [("Ramona Quist", WHOLE)]),
        ("Ramona Quist", "Quist Ramona", [("Quist Ramona", WHOLE)]),
        ("Ramona Quist", "Yours, Ramona", [("Ramona", PART)]),
        ("Ramona Quist", "a ramona of a kind", []),
        ("Ramona Quist", "Ramonas", []),
        ("Rose Will", "Will students see it? A Rose, and Hope.", []),
        ("Rose Will", "Signed: Rose Will", [("Rose Will", WHOLE)]),
        ("Li De", "Li asks De", []),
        ("root", "The Root of it", []),
        ("Ubuntu", "Ubuntu", []),
        ("System Administrator", "A System Administrator", []),
        ("", "Anything", []),
        ("Ramona", "Thank you. Ramona", [("Ramona", PART)]),
    ],
)
def test_the_name_of_the_account(account: str, text: str, expected: list[tuple[str, WordingKind]]) -> None:
    assert found(text, OwnName(account)) == expected


def test_words_that_she_set_herself_count_in_full() -> None:
    own = OwnName("Ramona Quist", ("Rose", "office 12b", "  "))
    assert found("A Rose is a rose, in Office 12B.", own) == [("Rose", WHOLE), ("Office 12B", WHOLE)]


def test_what_stands_in_the_evidence() -> None:
    words = ("maría lópez", "lincoln", "st. mary's school", "li")
    assert found("María López of Lincoln went to St. Mary's School with Li.", identity=words) == [
        ("María López", EVIDENCE),
        ("Lincoln", EVIDENCE),
        ("St. Mary's School", EVIDENCE),
    ]
    assert found("a lincoln log", identity=words) == []


def test_the_own_name_counts_before_one_of_the_evidence() -> None:
    assert found("Ramona Quist", OwnName("Ramona Quist"), ("ramona quist",)) == [("Ramona Quist", WHOLE)]
