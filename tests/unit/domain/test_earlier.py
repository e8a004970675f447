from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain import codec
from assessor_app.domain.earlier import (
    Standing,
    earlier_attempts,
    last_attempt,
    left_out,
    likeness_wanted,
    pairings,
    placed_items,
)
from assessor_app.domain.ids import ArtifactId, LinkId, RequirementId, ResponseId
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Artifact, Part, PriorAttempt, Submission
from tests import builders

S = Standing
PICTURE, PDF = "image/jpeg", "application/pdf"


def file(number: int, media_type: str = PDF, content: bytes = b"", *, pages: int | None = None) -> Artifact:
    made = builders.artifact(number, content=content or f"content {number}".encode())
    return replace(made, media_type=media_type, page_count=pages)


def attempts(now: tuple[Part, ...], before: tuple[Part, ...]) -> Submission:
    prior = replace(builders.prior_attempt(), parts=before)
    return builders.submission(attempt=2, parts=now, prior=(prior,))


def part(name: str, *files: Artifact) -> Part:
    return Part(RequirementId(name), artifacts=files)


def test_the_builders_submission_against_itself_is_unchanged_throughout() -> None:
    before = tuple(
        replace(
            p,
            responses=tuple(replace(r, id=ResponseId(f"old-{r.id}")) for r in p.responses),
            artifacts=tuple(replace(a, id=ArtifactId(f"old-{a.id}")) for a in p.artifacts),
            links=tuple(replace(x, id=LinkId(f"old-{x.id}")) for x in p.links),
        )
        for p in builders.parts(1)
    )
    made = attempts(builders.parts(1), before)
    found = pairings(made)
    assert {pair.standing for pair in found.values()} == {S.UNCHANGED}
    assert all(pair.earlier is not None and pair.earlier.id == f"old-{key}" for key, pair in found.items())
    assert left_out(made) == ()


def test_an_answer_belongs_to_the_answer_to_the_same_prompt() -> None:
    before = builders.parts(2)
    now = tuple(
        replace(p, responses=tuple(replace(r, text=r.text + " More.") for r in p.responses)) for p in before
    )
    found = pairings(attempts(now, before))
    for placed in placed_items(attempts(now, before)):
        is_answer = str(placed.item.id).startswith("resp")
        assert found[placed.item.id].standing is (S.CHANGED if is_answer else S.UNCHANGED)


def test_a_file_that_moved_to_another_requirement_is_still_unchanged() -> None:
    made = attempts((part("a"), part("b", file(1, content=b"same"))), (part("a", file(9, content=b"same")),))
    assert found_ids(made) == {"art-1": (S.UNCHANGED, "art-9")}


def test_files_belong_together_within_a_requirement_by_kind() -> None:
    now = (part("a", file(1, PICTURE), file(2, PDF)), part("b", file(3, PDF)))
    before = (part("a", file(11, PDF), file(12, PICTURE), file(13, PICTURE)), part("c", file(14, PDF)))
    found = found_ids(attempts(now, before))
    assert found["art-1"][0] is S.CHANGED
    assert found["art-1"][1] in ("art-12", "art-13")
    assert found["art-2"] == (S.CHANGED, "art-11")
    assert found["art-3"] == (S.NEW, None)
    gone = {placed.item.id for placed in left_out(attempts(now, before))}
    assert "art-14" in gone
    assert len(gone) == 2


def test_of_two_files_of_a_kind_the_likest_is_taken() -> None:
    now = (part("a", file(1, PDF, b"x" * 1000, pages=7), file(2, PDF, b"y" * 90, pages=1)),)
    before = (part("a", file(1, PDF, b"y" * 100, pages=1), file(2, PDF, b"x" * 900, pages=6)),)
    before = (replace(before[0], artifacts=tuple(named(a, f"old-{a.id}") for a in before[0].artifacts)),)
    assert found_ids(attempts(now, before)) == {
        "art-1": (S.CHANGED, "old-art-2"),
        "art-2": (S.CHANGED, "old-art-1"),
    }


def named(artifact: Artifact, name: str) -> Artifact:
    return replace(artifact, id=ArtifactId(name), filename="file.pdf")


def test_the_latest_attempt_counts_and_none_after_an_award() -> None:
    old = replace(builders.prior_attempt(1), parts=(part("a", file(1)),))
    newer = replace(builders.prior_attempt(2), parts=(part("a", file(2)),))
    unknown = builders.prior_attempt(3)
    made = builders.submission(attempt=4, prior=(old, newer, unknown), parts=(part("a", file(1)),))
    assert earlier_attempts(made) == (newer, old)
    assert pairings(made)["art-1"].standing is S.CHANGED
    assert pairings(made, old)["art-1"].standing is S.UNCHANGED
    for gone in (replace(made, status=SubmissionStatus.AWARDED), replace(made, attempt=None)):
        assert earlier_attempts(gone) == ()
        assert pairings(gone) == {}
    assert pairings(builders.submission()) == {}


def test_the_last_attempt_is_the_one_decided_last_and_none_after_an_award() -> None:
    old, newer = builders.prior_attempt(1), builders.prior_attempt(2)
    newer = replace(newer, decided_at=old.decided_at + timedelta(days=1))
    made = builders.submission(attempt=3, prior=(newer, old))
    assert last_attempt(made) == newer
    assert last_attempt(builders.submission()) is None
    for gone in (replace(made, status=SubmissionStatus.AWARDED), replace(made, attempt=None)):
        assert last_attempt(gone) is None


def test_feedback_can_be_given_on_answers_files_and_links() -> None:
    made = builders.submission()
    for one in made.parts:
        wanted = [r.id for r in one.responses] + [a.id for a in one.artifacts] + [k.id for k in one.links]
        assert list(one.piece_ids) == wanted
    assert sum(len(one.piece_ids) for one in made.parts) > 2


def found_ids(made: Submission) -> dict[str, tuple[Standing, str | None]]:
    return {
        key: (pair.standing, str(pair.earlier.id) if pair.earlier is not None else None)
        for key, pair in pairings(made).items()
    }


def test_an_attempt_stored_before_evidence_came_along_still_reads() -> None:
    stored = codec.to_json(builders.prior_attempt())
    assert isinstance(stored, dict)
    del stored["parts"]
    assert codec.from_json(PriorAttempt, stored) == builders.prior_attempt()


def test_a_neutral_number_tells_nothing_and_a_table_is_no_version_of_a_text() -> None:
    now = (part("a", file(3, PICTURE, b"p" * 100), file(4, PICTURE, b"b" * 60), file(5, "text/csv")),)
    before = (part("a", file(13, "text/markdown"), file(14, PICTURE, b"q" * 99)),)
    assert found_ids(attempts(now, before)) == {
        "art-3": (S.CHANGED, "art-14"),
        "art-4": (S.NEW, None),
        "art-5": (S.NEW, None),
    }


@given(st.permutations(range(4)), st.data())
def test_files_with_the_most_words_in_common_belong_together(order: list[int], data: st.DataObject) -> None:
    now = tuple(file(n, pages=data.draw(st.integers(1, 9))) for n in range(1, 5))
    before = tuple(file(11 + n, pages=data.draw(st.integers(1, 9))) for n in order)
    made = attempts((part("a", *now),), (part("a", *before),))
    alike: dict[tuple[str, str], float] = {(one.id, other.id): 0.0 for one in now for other in before}
    alike |= {(f"art-{n}", f"art-{n + 10}"): 0.6 for n in range(1, 5)}
    found = pairings(made, likenesses=alike)
    assert {key: pair.earlier.id if pair.earlier else None for key, pair in found.items()} == {
        f"art-{n}": f"art-{n + 10}" for n in range(1, 5)
    }
    assert set(likeness_wanted(made)) == {(one, other) for one in now for other in before}


def test_texts_are_asked_for_only_where_it_takes_them() -> None:
    alone = attempts((part("a", file(1), file(2, PICTURE)),), (part("a", file(11), file(12, PICTURE)),))
    assert likeness_wanted(alone) == ()
    same = attempts(
        (part("a", file(1, content=b"x"), file(2)),), (part("a", file(11, content=b"x"), file(12)),)
    )
    assert likeness_wanted(same) == ()
    assert likeness_wanted(builders.submission(1)) == ()


def test_without_an_attempt_named_it_is_the_latest_and_without_any_there_is_nothing() -> None:
    made = attempts(builders.parts(1), builders.parts(1))
    (attempt,) = earlier_attempts(made)
    assert pairings(made) == pairings(made, attempt)
    assert pairings(builders.submission(1)) == {}
    assert left_out(builders.submission(1)) == ()
    assert left_out(made) == left_out(made, attempt)
