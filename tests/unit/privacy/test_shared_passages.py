"""Names in what two submissions share are covered on both sides, wherever they stand."""

from __future__ import annotations

from assessor_app.domain.matches import (
    ComparedPart,
    Excerpt,
    FileCopy,
    Match,
    MatchWeight,
    Passage,
    Run,
    Statement,
)
from assessor_app.privacy.shared_passages import without_names

COVER = "█"


def made(here: Excerpt, note: str = "", name: str = "Artifact 2.pdf") -> Match:
    plain = Excerpt("What did you learn?", (Run("Nobody stands here", True),))
    said = Statement(declared=True, note=note, approved=(name,))
    return Match(
        "m-1", "S-0009", ComparedPart.REFLECTION, MatchWeight.LOOK, 0.3, 14,
        here=said, there=said, passages=(Passage(here, plain), Passage(plain, here)),
        copies=(FileCopy(name, name),),
    )  # fmt: skip


def test_a_name_is_covered_on_both_sides_though_it_spans_two_runs() -> None:
    excerpt = Excerpt("Teacher: Ana Ruiz", (Run("We asked Maria", False), Run("Lopez to read aloud", True)))
    (match,) = without_names([made(excerpt)])
    for told in (match.passages[0].here, match.passages[1].there):
        assert [run.text for run in told.runs] == [f"We asked {COVER * 5}", f"{COVER * 5} to read aloud"]
        assert [run.same for run in told.runs] == [False, True]
        assert told.source == f"Teacher: {COVER * 3} {COVER * 4}"
    assert match.passages[0].there.runs[0].text == "Nobody stands here"


def test_what_the_learners_declared_is_covered_too() -> None:
    excerpt = Excerpt("Answer", (Run("words", True),))
    (match,) = without_names([made(excerpt, "With Maria Lopez, maria@example.org.", "Maria Lopez plan.pdf")])
    for text in (match.here.note, match.there.note, match.here.approved[0], match.copies[0].here):
        assert "Maria" not in text
        assert COVER in text
    assert "@" not in match.here.note


def test_a_name_that_is_known_from_the_evidence_is_covered_wherever_it_stands() -> None:
    excerpt = Excerpt("Answer", (Run("as Quillon said", True),))
    assert without_names([made(excerpt)])[0].passages[0].here.runs[0].text == "as Quillon said"
    (match,) = without_names([made(excerpt)], ["quillon"])
    assert match.passages[0].here.runs[0].text == f"as {COVER * 7} said"


def test_what_names_nobody_stays_as_it_is() -> None:
    match = made(Excerpt("What did you learn?", (Run("A purpose for each question.", True),)), "By us four.")
    assert without_names([match]) == (match,)
