"""Work begun on one computer goes on at another, against a real platform: nothing lost, nothing replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.cache import conflicts, draft_copies, draft_work, policy, submissions
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    Assessment,
    CriterionFeedback,
    DecisionDraft,
    IndependentMark,
    Override,
    Rating,
)
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.merging import Keep, PartKind, WorkCopy
from assessor_app.domain.pre_assessments import IndicatorCheck
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState
from assessor_app.errors import Offline
from assessor_app.services import (
    annotating,
    approving,
    assessing,
    comparing,
    pre_assessing,
    syncing,
)
from assessor_app.services import (
    draft_copies as copies,
)
from assessor_app.services.context import Context
from assessor_app.sync.as_written import REASONS, as_written
from assessor_app.sync.draft_backup import PACE_S
from assessor_app.sync.draft_document import document_of
from assessor_app.sync.draft_gate import CopiesOff
from assessor_app.sync.transport import Answer, Transport
from reference_platform.models import Draft
from tests import builders
from tests.builders import FakeClock
from tests.contract.bodies import decide, decision, sent
from tests.contract.running import Running
from tests.contract.small_content import ARTIFACT, CRITERIA, FIRST, NOW, UNCHECKED
from tests.integration.at_work import FIRST_ID, answers_lost, assess, at_work, opened, sync, synced
from tests.stores import dump

ONE, TWO = (CriterionId(name) for name in CRITERIA)
UNCHECKED_ID = SubmissionId(UNCHECKED)


class Desks:
    """Computers of one platform's people."""

    def __init__(self, folder: Path, platform: Running) -> None:
        self._folder, self._platform, self._open = folder, platform, ExitStack()
        self._count = 0

    def one(self, login: str = "anna", role: Role = Role.ASSESSOR) -> Context:
        """A computer that nothing was done on before, after its first sync."""
        self._count += 1
        folder, clock = self._folder / f"computer-{self._count}", FakeClock(NOW, seed=self._count)
        made: AbstractContextManager[Context] = at_work(folder, self._platform, login, role, clock=clock)
        return self._open.enter_context(made)

    def close(self) -> None:
        self._open.close()


@pytest.fixture
def desks(tmp_path: Path, platform: Running) -> Iterator[Desks]:
    made = Desks(tmp_path, platform)
    yield made
    made.close()


def wait(context: Context, seconds: float = PACE_S) -> None:
    assert isinstance(context.clock, FakeClock)
    context.clock.advance(seconds)


def later(context: Context) -> None:
    """The next sync in which a draft may be copied again."""
    wait(context)
    synced(context)


def a_mark(number: int, audience: Audience = Audience.ONLY_ME, comment: str = "For later.") -> Annotation:
    return builders.annotation(
        number, submission_id=FIRST_ID, criteria=(ONE,), audience=audience, comment=comment
    )


def everything(context: Context) -> None:
    """Work that has something in each of its places."""
    assessing.save_rating(context, FIRST_ID, Rating(ONE, "demonstrated"))
    assessing.save_rating(context, FIRST_ID, Rating(TWO, not_scorable="unreadable", note="It does not open."))
    full = CriterionFeedback(ONE, "Well.", "Seen", "Missing", "Next", ("r-1",), (("missing", "Missing"),))
    assessing.save_feedback(context, FIRST_ID, full)
    assessing.save_artifact_feedback(context, FIRST_ID, ArtifactFeedback(ARTIFACT, "On page 2."))
    assessing.save_overall(context, FIRST_ID, "All in all.")
    assessing.save_note(context, FIRST_ID, "Look at the second file.")
    assessing.save_reason(context, FIRST_ID, ["some-check"], "It is so.")
    for number, audience in enumerate(Audience, 1):
        annotating.put(context, a_mark(number, audience), "Highlight")


def draft_on(context: Context, submission_id: SubmissionId = FIRST_ID) -> bytes | None:
    """All that is begun on a submission here, as one document."""
    with context.store.read() as txn:
        submission = submissions.get_submission(txn, submission_id)
        assert submission is not None
        made = draft_work.gather(txn, submission)
        return None if made is None else document_of(made, submission.rubric)


def work_on(context: Context) -> Assessment:
    return opened(context).assessment


def etag_on(platform: Running, actor_id: str = "a-anna", submission_id: str = FIRST) -> str | None:
    with platform.platform.database.read() as session:
        held = session.get(Draft, (submission_id, actor_id))
        return None if held is None else held.sha256


@contextmanager
def calls() -> Iterator[list[str]]:
    """What is asked of the platform about drafts."""
    asked: list[str] = []
    original = Transport.call

    def call(self: Transport, method: str, path: str, **named: object) -> Answer:
        if path.endswith("/draft"):
            asked.append(f"{method} {path.split('/')[3]}")
        return original(self, method, path, **named)  # type: ignore[arg-type]

    Transport.call = call  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        Transport.call = original  # type: ignore[method-assign]


def test_a_new_computer_goes_on_with_everything(desks: Desks, platform: Running) -> None:
    laptop = desks.one()
    everything(laptop)
    assert [one.submission_id for one in copies.without_copy(laptop)] == [FIRST_ID]
    synced(laptop)
    assert copies.without_copy(laptop) == ()
    whole = draft_on(laptop)
    # The laptop is lost.
    other = desks.one()
    assert draft_on(other) == whole
    before, after = opened(laptop), opened(other)
    assert after.annotations == before.annotations
    assert {mark.audience for mark in after.annotations} == set(Audience)
    assert after.assessment.feedback_for(ONE).prefilled == (("missing", "Missing"),)
    assert [check.key for check in after.checks] == [check.key for check in before.checks]
    assert after.assessment.rubric_hash == before.assessment.rubric_hash
    assert copies.without_copy(other) == ()
    told = copies.continued_at(other, FIRST_ID)
    assert told == NOW
    copies.continued_told(other, FIRST_ID)
    synced(other)
    assert copies.continued_at(other, FIRST_ID) is None
    assert copies.continued_at(laptop, FIRST_ID) is None


def test_only_what_changed_is_sent_and_not_at_each_keystroke(desks: Desks) -> None:
    anna = desks.one()
    with calls() as asked:
        synced(anna)
        assert asked == []
        assessing.save_overall(anna, FIRST_ID, "W")
        synced(anna)
        assert asked == [f"PUT {FIRST}"]
        for text in ("We", "Wel", "Well"):
            assessing.save_overall(anna, FIRST_ID, text)
            synced(anna)
        assert len(asked) == 1
        assert copies.standing(anna).waiting == 1
        later(anna)
        assert len(asked) == 2
        assert copies.standing(anna).waiting == 0
        for _ in range(2):
            later(anna)
        assert len(asked) == 2
        assessing.save_overall(anna, FIRST_ID, "Well done")
        copies.hurry(anna)
        synced(anna)
        assert len(asked) == 3


def test_edits_on_two_computers_come_together_by_themselves(desks: Desks) -> None:
    one, two = desks.one(), desks.one()
    assessing.save_overall(one, FIRST_ID, "Begun.")
    synced(one)
    synced(two)
    assessing.save_rating(one, FIRST_ID, Rating(ONE, "demonstrated"))
    annotating.put(one, a_mark(1), "Highlight")
    assessing.save_rating(two, FIRST_ID, Rating(TWO, "progressing"))
    assessing.save_note(two, FIRST_ID, "From the other one.")
    for context in (one, two, one):
        later(context)
    assert draft_on(one) == draft_on(two)
    both = work_on(one)
    assert (both.rating(ONE).level, both.rating(TWO).level) == ("demonstrated", "progressing")
    assert (both.overall, both.note_to_approver) == ("Begun.", "From the other one.")
    assert len(opened(two).annotations) == 1
    # Undo of steps ends at a merge.
    assert opened(one).undo_label is opened(two).undo_label is None
    with one.store.read() as txn:
        assert conflicts.open_ids(txn) == frozenset()


def test_what_was_deleted_on_one_is_gone_on_the_other(desks: Desks) -> None:
    one = desks.one()
    assessing.save_overall(one, FIRST_ID, "Begun.")
    annotating.put(one, a_mark(1), "Highlight")
    synced(one)
    two = desks.one()
    assessing.save_overall(one, FIRST_ID, "")
    annotating.edit(one, FIRST_ID, "Delete", deletes=[a_mark(1).id])
    later(one)
    synced(two)
    assert (work_on(two).overall, opened(two).annotations) == ("", ())
    later(two)
    later(one)
    assert (work_on(one).overall, opened(one).annotations) == ("", ())


def test_two_answers_to_the_same_question_are_both_kept(desks: Desks, platform: Running) -> None:
    one, two = desks.one(), desks.one()
    for context, text in ((one, "Mine"), (two, "Hers")):
        assessing.save_overall(context, FIRST_ID, text)
        later(context)
    held = etag_on(platform)
    assert (work_on(one).overall, work_on(two).overall) == ("Mine", "Hers")
    with two.store.read() as txn:
        (conflict,) = conflicts.open_ones(txn)
    assert conflict.theirs is not None
    assert conflict.theirs.work is not None
    assert conflict.theirs.work.assessment.overall == "Mine"
    assessing.save_note(two, FIRST_ID, "More")
    with calls() as asked:
        later(two)
    assert asked == []
    assert etag_on(platform) == held
    # She chooses, and what she chose goes to both.
    seen = comparing.compare(two, conflict.id)
    comparing.keep_as_draft(two, conflict.id, seen.token, {})
    for context in (two, one):
        later(context)
    assert (work_on(one).overall, work_on(one).note_to_approver) == ("Hers", "More")


@pytest.mark.parametrize("is_edited", [False, True])
def test_an_answer_that_got_lost_makes_no_conflict(desks: Desks, platform: Running, is_edited: bool) -> None:
    anna = desks.one()
    assessing.save_overall(anna, FIRST_ID, "First")
    with answers_lost(lambda method, path: method == "PUT"):
        sync(anna)
    assert etag_on(platform) is not None
    if is_edited:
        assessing.save_overall(anna, FIRST_ID, "Second")
    later(anna)
    with anna.store.read() as txn:
        assert conflicts.open_ids(txn) == frozenset()
        assert draft_copies.standing_of(txn, FIRST_ID).sending is None
    assert copies.without_copy(anna) == ()
    assert work_on(desks.one()).overall == ("Second" if is_edited else "First")


def test_nothing_is_put_under_the_hands_of_who_is_typing(desks: Desks) -> None:
    one, two = desks.one(), desks.one()
    for context in (one, two):
        assessing.save_overall(context, FIRST_ID, "Begun.")
        synced(context)
    assessing.save_note(one, FIRST_ID, "Elsewhere")
    later(one)
    assessing.save_overall(two, FIRST_ID, "Begun. And I am typing")
    wait(two)
    typing = syncing.sync(
        two, report=lambda _: None, changed=lambda _: None, is_writing=lambda sid: sid == FIRST_ID
    )
    assert typing.copies is not None
    assert typing.copies.waiting == 1
    assert (work_on(two).note_to_approver, two.drafts.is_held) == ("", True)
    synced(two)
    assert (work_on(two).note_to_approver, two.drafts.is_held) == ("Elsewhere", False)
    assert work_on(two).overall == "Begun. And I am typing"


def test_what_was_uncovered_stays_so_and_what_was_not_stays_covered(desks: Desks, platform: Running) -> None:
    sent(platform.client("anna"))
    one, two = (desks.one("otto", Role.APPROVER) for _ in range(2))
    for name in (ONE, TWO):
        approving.mark(one, FIRST_ID, IndependentMark(name, name == ONE))
    synced(one)
    synced(two)
    assert approving.brief(two, FIRST_ID).recommendation is None
    assert approving.brief(two, FIRST_ID).can_reveal
    approving.reveal(one, FIRST_ID)
    approving.override(one, FIRST_ID, TWO, Override(TWO, "progressing", "Page 3."))
    later(one)
    # Who marks once more without having seen does not change what was marked before uncovering.
    approving.mark(two, FIRST_ID, IndependentMark(TWO, passing=True))
    approving.save_text(two, FIRST_ID, final_feedback="Words")
    later(two)
    brief = approving.brief(two, FIRST_ID)
    assert brief.recommendation is not None
    assert {(m.criterion_id, m.passing) for m in brief.draft.marks} == {(ONE, True), (TWO, False)}
    assert brief.draft.final_feedback == "Words"
    later(one)
    assert draft_on(one) == draft_on(two)
    assert approving.brief(one, FIRST_ID).draft.revealed_at == brief.draft.revealed_at
    assert isinstance(brief.draft, DecisionDraft)


def test_a_pre_assessor_goes_on_elsewhere(desks: Desks) -> None:
    one, two = (desks.one("petra", Role.PREASSESSOR) for _ in range(2))
    pre_assessing.save_check(one, UNCHECKED_ID, IndicatorCheck("analyze-there", met=True))
    synced(one)
    pre_assessing.save_check(two, UNCHECKED_ID, IndicatorCheck("design-there", met=False, note="No plan"))
    pre_assessing.save_feedback(two, UNCHECKED_ID, "Nearly")
    later(two)
    later(one)
    work = pre_assessing.open_submission(one, UNCHECKED_ID).work
    assert {check.id: check.met for check in work.checks} == {"analyze-there": True, "design-there": False}
    assert work.feedback == "Nearly"
    assert draft_on(one, UNCHECKED_ID) == draft_on(two, UNCHECKED_ID)


def sent_and_returned(context: Context, platform: Running) -> None:
    """Round 1 is sent from a computer, and comes back."""
    assess(context)
    annotating.put(context, a_mark(1, Audience.LEARNER, "Well done."), "Highlight")
    annotating.put(context, a_mark(2, Audience.ONLY_ME), "Highlight")
    later(context)
    assessing.send(context, FIRST_ID)
    later(context)
    made = platform.client("otto").changes()[0]
    recommendation_id = next(c["id"] for c in made if c["type"] == "recommendation" and c["op"] == "upsert")
    assert decide(platform.client("otto"), decision(recommendation_id, "return")).status_code == 201


def test_a_returned_submission_begins_with_what_was_sent_on_any_computer(
    desks: Desks, platform: Running
) -> None:
    laptop = desks.one()
    sent_and_returned(laptop, platform)
    other = desks.one()
    now = opened(other)
    assert (now.assessment.round, now.is_editable) == (2, True)
    assert len(now.assessment.ratings) == len(now.assessment.feedback) == 2
    assert now.assessment.overall.startswith("Well seen.")
    # Marks for herself alone were never sent; they are there all the same.
    assert {mark.audience for mark in now.annotations} == {Audience.LEARNER, Audience.ONLY_ME}
    annotating.edit(other, FIRST_ID, "Delete", deletes=[mark.id for mark in now.annotations[1:]])
    assessing.save_overall(other, FIRST_ID, "Second thoughts.")
    for context in (other, laptop):
        later(context)
    assert work_on(laptop).overall == "Second thoughts."
    assert len(opened(laptop).annotations) == 1
    with laptop.store.read() as txn:
        assert conflicts.open_ids(txn) == frozenset()


def test_what_was_written_here_while_another_computer_sent_is_kept_beside_it(
    desks: Desks, platform: Running
) -> None:
    stale = desks.one()
    assessing.save_overall(stale, FIRST_ID, "Written on the train")
    sent_and_returned(desks.one(), platform)
    synced(stale)
    # Where only one side says something it is there; where both do, hers of this computer stands for now.
    assert len(work_on(stale).ratings) == 2
    assert work_on(stale).overall == "Written on the train"
    (line,) = comparing.comparable(stale)
    seen = comparing.compare(stale, line.id)
    part = next(one for one in seen.parts if one.part.kind is PartKind.OVERALL)
    sent_words = str(part.difference.theirs)
    assert sent_words.startswith("Well seen.")
    with calls() as asked:
        later(stale)
    assert "PUT" not in "".join(asked)
    comparing.keep_as_draft(stale, line.id, seen.token, {part.part: Keep.THEIRS})
    later(stale)
    assert work_on(stale).overall == sent_words
    assert comparing.comparable(stale) == ()
    assert work_on(desks.one()).overall == sent_words


def test_what_the_program_added_as_it_left_is_not_what_she_wrote(desks: Desks) -> None:
    anna = desks.one()
    made = Assessment(FIRST_ID, 1, AssessmentState.DRAFT, note_to_approver=f"Mine\n\n{REASONS}\n- so")
    with anna.store.read() as txn:
        assert as_written(txn, FIRST_ID, WorkCopy(made)).assessment.note_to_approver == "Mine"


def test_what_the_platform_has_no_more_counts_as_not_copied(desks: Desks, platform: Running) -> None:
    anna = desks.one()
    assess(anna)
    synced(anna)
    # Sent, and taken back: the platform dropped the copy, and needs it again.
    assessing.send(anna, FIRST_ID)
    later(anna)
    assert etag_on(platform) is None
    assert copies.without_copy(anna) == ()
    assessing.take_back(anna, FIRST_ID)
    synced(anna)
    later(anna)
    assert etag_on(platform) is not None
    assert copies.without_copy(anna) == ()


@pytest.mark.parametrize("off", [*CopiesOff, "busy", "filtered"])
def test_where_copies_are_off_everything_else_goes_on(desks: Desks, platform: Running, off: str) -> None:
    anna = desks.one()
    assessing.save_overall(anna, FIRST_ID, "Mine")
    if off == CopiesOff.MACHINE:
        anna.drafts.off = CopiesOff.MACHINE
    if off == CopiesOff.PLATFORM:
        with anna.store.write() as txn:
            policy.put_policy(txn, replace(policy.policy(txn), draft_copies=False))
    status = {CopiesOff.NOT_OFFERED: 405, "busy": 503, "filtered": 404}.get(off)
    kind = "text/html" if off == "filtered" else "application/json"
    original = Transport.call

    def call(self: Transport, method: str, path: str, **named: object) -> Answer:
        if status is not None and path.endswith("/draft"):
            return Answer(status, {"content-type": kind}, b"{}")
        return original(self, method, path, **named)  # type: ignore[arg-type]

    Transport.call = call  # type: ignore[method-assign]
    try:
        with calls() as asked:
            synced(anna)
            later(anna)
    finally:
        Transport.call = original  # type: ignore[method-assign]
    assert len(asked) == {CopiesOff.NOT_OFFERED: 1, "busy": 2, "filtered": 2}.get(off, 0)
    now = copies.standing(anna)
    assert (now.waiting, now.off) == (1, off if off in list(CopiesOff) else None)
    assert etag_on(platform) is None
    assert [one.submission_id for one in copies.without_copy(anna)] == [FIRST_ID]


def test_a_draft_that_cannot_be_read_is_never_replaced(desks: Desks, platform: Running) -> None:
    one, two = desks.one(), desks.one()
    assessing.save_overall(one, FIRST_ID, "Mine")
    synced(one)
    with platform.platform.database.write() as session:
        held = session.get_one(Draft, (FIRST, "a-anna"))
        held.body = {**held.body, "assessment": {"annotations": "of a later version"}}
    etag = etag_on(platform)
    assessing.save_overall(two, FIRST_ID, "Other")
    synced(two)
    assert etag_on(platform) == etag
    assert [one.refused for one in copies.without_copy(two)] == ["unreadable"]
    assert work_on(two).overall == "Other"


def test_being_offline_loses_nothing(desks: Desks) -> None:
    anna = desks.one()
    assessing.save_overall(anna, FIRST_ID, "Mine")
    original = Transport.call

    def call(self: Transport, method: str, path: str, **named: object) -> Answer:
        if path.endswith("/draft"):
            raise Offline("The platform cannot be reached", "Nothing is lost.")
        return original(self, method, path, **named)  # type: ignore[arg-type]

    Transport.call = call  # type: ignore[method-assign]
    try:
        assert sync(anna).state == "offline"
    finally:
        Transport.call = original  # type: ignore[method-assign]
    synced(anna)
    assert copies.without_copy(anna) == ()


def test_nobody_elses_computer_is_told_of_it(desks: Desks) -> None:
    assess(anna := desks.one(), words="Words that nobody else may read.")
    synced(anna)
    for login, role in (("both", Role.APPROVER), ("otto", Role.APPROVER), ("lena", Role.LEAD)):
        held = dump(desks.one(login, role).store)
        assert "nobody else may read" not in repr(held)
        assert "draft" not in {row[0] for row in held["record_rev"]}
