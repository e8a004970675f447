"""Comments used again: kept, changed, counted, taken away, brought back; to and from files; nobody named."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assessor_app.cache import comment_bank as rows
from assessor_app.cache import identity_findings, submissions
from assessor_app.domain.assessments import CriterionFeedback
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.comment_files import CommentFileInvalid
from assessor_app.domain.identity import IdentityRecord
from assessor_app.domain.ids import BankEntryId, CriterionId, MicrocredentialId
from assessor_app.errors import NotAllowed, NotWritten
from assessor_app.services import assessing, comment_bank, own_name
from assessor_app.services.context import Context
from tests import builders
from tests.stores import dump, open_store

NEW = BankEntryId("")
OWN = BankEntry(
    NEW, Scope.PERSONAL, "One place", "Say where in {{artifact}}.", MicrocredentialId("mc-1"),
    CriterionId("design-1"), "not_met",
)  # fmt: skip
TEAM = BankEntry(BankEntryId("team-1"), Scope.TEAM, "Strength", "I can see {{what}}.")


def put_team(context: Context, entry: BankEntry = TEAM) -> None:
    with context.store.write() as txn:
        rows.put_team(txn, entry)


def kept(context: Context, entry: BankEntry = OWN) -> BankEntry:
    """An entry as it is stored."""
    before = {each.id for each in comment_bank.entries(context)}
    assert comment_bank.keep(context, entry) == ChangeSet(comments=True)
    (made,) = [each for each in comment_bank.entries(context) if each.id not in before]
    return made


def test_what_is_kept_survives_the_program(assessor):
    made = kept(assessor)
    assert made == replace(OWN, id=made.id)
    assert made.id
    again = open_store(assessor.folder, assessor.clock)
    with again.read() as txn:
        assert rows.entries(txn) == (made,)
    again.close()


def test_a_title_is_made_where_there_is_none_and_edges_are_trimmed(assessor):
    made = kept(assessor, replace(OWN, title="  ", text="  Say where.\n"))
    assert (made.title, made.text) == ("Say where.", "Say where.")


def test_changing_a_comment_keeps_how_often_it_was_used(assessor):
    made = kept(assessor)
    comment_bank.record_use(assessor, made.id)
    assessor.clock.advance(60)
    assert comment_bank.record_use(assessor, made.id)
    comment_bank.keep(assessor, replace(made, title="Another", level=None))
    (after,) = comment_bank.entries(assessor)
    assert (after.title, after.level, after.uses) == ("Another", None, 2)
    assert after.last_used == assessor.clock.now()


def test_a_use_of_what_is_gone_is_no_trouble(assessor):
    assert comment_bank.record_use(assessor, BankEntryId("gone")) == ChangeSet()


def test_what_was_taken_away_comes_back_as_it_was(assessor):
    made = kept(assessor)
    comment_bank.record_use(assessor, made.id)
    before = comment_bank.entries(assessor)
    comment_bank.remove(assessor, [made.id])
    assert comment_bank.entries(assessor) == ()
    assert comment_bank.put_back(assessor, before) == ChangeSet(comments=True)
    assert comment_bank.entries(assessor) == before


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"text": " \n "}, "This comment is empty"),
        ({"text": "x" * 10_001}, "This comment is too long"),
        ({"title": "x" * 201}, "This comment is too long"),
        ({"text": "Write to ana.lopez@example.org."}, "This comment may name somebody"),
        ({"title": "Call 555-123-4567"}, "This comment may name somebody"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(assessor, changes: dict, title: str):
    with pytest.raises(NotAllowed) as caught:
        comment_bank.keep(assessor, replace(OWN, **changes))
    assert caught.value.title == title
    assert comment_bank.entries(assessor) == ()


def test_names_of_the_person_and_of_the_evidence_are_refused(assessor):
    own_name.set_words(assessor, "Mrs. Heron")
    record = IdentityRecord("art-11", "0" * 64, scanner=1, words=("rosewood elementary",))
    with assessor.store.write() as txn:
        identity_findings.put(txn, builders.submission_id(1), record)
    mine = replace(OWN, text="Ask Mrs. Heron about it.")
    with pytest.raises(NotAllowed, match="a name of yours"):
        comment_bank.keep(assessor, mine)
    theirs = replace(OWN, text="At Rosewood Elementary this works.")
    with pytest.raises(NotAllowed, match="stands in this evidence"):
        comment_bank.keep(assessor, theirs, builders.submission_id(1))
    assert comment_bank.entries(assessor) == ()


def test_a_link_to_a_resource_is_no_name(assessor):
    kept(assessor, replace(OWN, text="See https://example.org/rubric for an example."))


def test_the_teams_comments_are_used_and_never_changed_here(assessor):
    put_team(assessor)
    comment_bank.record_use(assessor, TEAM.id)
    for change in (
        lambda: comment_bank.keep(assessor, replace(TEAM, scope=Scope.PERSONAL, text="Mine now.")),
        lambda: comment_bank.keep(assessor, replace(OWN, scope=Scope.TEAM)),
        lambda: comment_bank.remove(assessor, [TEAM.id]),
    ):
        with pytest.raises(NotAllowed, match="belongs to the team"):
            change()
    (entry,) = comment_bank.entries(assessor)
    assert (entry.text, entry.uses) == (TEAM.text, 1)
    # The platform sends it anew: the words change, the uses stay.
    put_team(assessor, replace(TEAM, text="Better."))
    (entry,) = comment_bank.entries(assessor)
    assert (entry.text, entry.uses) == ("Better.", 1)


def test_the_team_never_writes_over_or_takes_away_a_personal_comment(assessor):
    made = kept(assessor)
    with pytest.raises(ValueError, match="personal"):
        put_team(assessor, replace(TEAM, id=made.id))
    with assessor.store.write() as txn:
        rows.remove_team(txn, made.id)
    assert comment_bank.entries(assessor) == (made,)


def test_what_comments_can_be_written_for_is_what_is_on_this_machine(assessor):
    newer = builders.submission(2, title="Asking better questions")
    with assessor.store.write() as txn:
        submissions.put_submission(txn, newer)
        submissions.put_submission(txn, builders.submission(3, title="Asking better questions"))
    (place,) = comment_bank.known_places(assessor)
    assert place.microcredential_id == newer.microcredential_id
    assert [criterion_id for criterion_id, _ in place.criteria] == list(builders.CRITERIA)
    assert place.levels[0] == ("not_met", "Not Met")


# ---- what is written again and again ----

SAID = "Please say on which page the goal can be seen."


def write_feedback(context: Context, criterion: CriterionId, text: str) -> None:
    assessing.save_feedback(context, builders.submission_id(1), CriterionFeedback(criterion, text))


def test_a_sentence_that_is_written_the_third_time_is_found_until_it_is_kept_or_declined(assessor):
    here, first, second = builders.CRITERIA[:3]
    write_feedback(assessor, first, f"Good. {SAID}")
    write_feedback(assessor, here, f"{SAID} {SAID}")

    def repeated() -> str | None:
        return comment_bank.repeated(assessor, builders.submission_id(1), here, f"Now. {SAID}")

    assert repeated() is None
    write_feedback(assessor, second, SAID.lower())
    assert repeated() == SAID
    assert comment_bank.decline(assessor, SAID) == ChangeSet()
    assert repeated() is None


def test_what_is_kept_is_not_offered_again_and_what_names_somebody_never(assessor):
    here, first, second = builders.CRITERIA[:3]
    naming = "Please write to ana@example.org as soon as you can."
    for text in (SAID, naming):
        write_feedback(assessor, first, text)
        write_feedback(assessor, second, text)
        found = comment_bank.repeated(assessor, builders.submission_id(1), here, text)
        assert found == (SAID if text == SAID else None)
    write_feedback(assessor, first, SAID)
    write_feedback(assessor, second, SAID)
    kept(assessor, replace(OWN, text=SAID))
    assert comment_bank.repeated(assessor, builders.submission_id(1), here, SAID) is None


# ---- files ----


@pytest.mark.parametrize("name", ["mine.json", "mine.csv", "mine"])
def test_a_file_brings_the_comments_to_another_machine_once(assessor, approver, tmp_path: Path, name: str):
    made = kept(assessor)
    put_team(assessor)
    target = tmp_path / name
    report = comment_bank.write_file(assessor, target, [made.id, TEAM.id])
    assert (report.written, report.left_out) == (2, ())
    changes, taken = comment_bank.read_file(approver, target)
    assert changes == ChangeSet(comments=True)
    assert (taken.added, taken.doubles, taken.refused) == (2, 0, ())
    there = comment_bank.entries(approver)
    assert {(e.title, e.text, e.level, e.scope) for e in there} == {
        ("One place", "Say where in {{artifact}}.", "not_met", Scope.PERSONAL),
        ("Strength", "I can see {{what}}.", None, Scope.PERSONAL),
    }
    changes, taken = comment_bank.read_file(approver, target)
    assert changes == ChangeSet()
    assert (taken.added, taken.doubles) == (0, 2)
    assert comment_bank.entries(approver) == there


def test_only_what_was_chosen_is_written(assessor, tmp_path: Path):
    made = kept(assessor)
    kept(assessor, replace(OWN, title="Not this"))
    comment_bank.write_file(assessor, tmp_path / "one.json", [made.id])
    assert b"Not this" not in (tmp_path / "one.json").read_bytes()


def test_a_comment_that_may_name_somebody_neither_comes_nor_goes(assessor, tmp_path: Path):
    source = tmp_path / "in.csv"
    source.write_text("text\nFine.\nMail ana@example.org\nCall 555-123-4567\n")
    _, taken = comment_bank.read_file(assessor, source)
    assert (taken.added, taken.refused) == (1, (2, 3))
    put_team(assessor, replace(TEAM, title="Help desk", text="Mail help@example.org"))
    target = tmp_path / "out.json"
    report = comment_bank.write_file(assessor, target, [e.id for e in comment_bank.entries(assessor)])
    assert (report.written, report.left_out) == (1, ("Help desk",))
    assert b"@" not in target.read_bytes()


def test_a_bad_file_changes_nothing(assessor, tmp_path: Path):
    source = tmp_path / "bad.csv"
    source.write_text("text\nFine.\nFine,too\n")
    with pytest.raises(CommentFileInvalid, match=r"Row 3: It has 2 cells"):
        comment_bank.read_file(assessor, source)
    assert comment_bank.entries(assessor) == ()


def test_a_file_that_is_not_there_is_said_so(assessor, tmp_path: Path):
    with pytest.raises(CommentFileInvalid, match="No such file"):
        comment_bank.read_file(assessor, tmp_path / "gone.json")


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_beside_it(assessor, tmp_path: Path):
    made = kept(assessor)
    target = tmp_path / "taken"
    target.mkdir()
    with pytest.raises(NotWritten):
        comment_bank.write_file(assessor, target, [made.id])
    assert [name for name in os.listdir(tmp_path) if "taken" in name] == ["taken"]


def test_a_use_is_all_that_is_noted_of_a_use(assessor):
    """Where and for whom a comment was used is nobody's business."""
    made = kept(assessor)
    assessor.clock.advance(timedelta(days=2).total_seconds())
    before = dump(assessor.store)
    comment_bank.record_use(assessor, made.id)
    after = dump(assessor.store)
    assert {table for table in after if after[table] != before[table]} == {"comment_bank", "setting"}
    # The store counts every change that it sees; a count says nothing of what it counted.
    settings = [dict(there["setting"]) for there in (before, after)]
    assert {name for name in settings[1] if settings[1][name] != settings[0].get(name)} == {"generation"}
