"""The whole job without windows: two people, two profiles, one real platform over real HTTP."""

from __future__ import annotations

import logging
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from assessor_app.cache import sync_state
from assessor_app.cache.first_rows import first_rows
from assessor_app.diagnostics import LOG_NAME, start_logging
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import (
    CriterionFeedback,
    DecisionOutcome,
    IndependentMark,
    Outcome,
    Override,
    Rating,
)
from assessor_app.domain.ids import ArtifactId, CriterionId, SubmissionId
from assessor_app.domain.inbox import LocalState
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.errors import NotAllowed
from assessor_app.services import annotating, approving, assessing, inbox_reading, reading, syncing
from assessor_app.services.context import Context
from assessor_app.services.opening import close_context, open_context
from assessor_app.services.profiles import find_or_create
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.sync import auth
from assessor_app.vault import keys
from assessor_app.vault.sealed_file import SealedReader
from reference_platform.models import Decision, Recommendation
from tests import builders
from tests.builders import FakeClock
from tests.contract.running import Running, Server, lay, running
from tests.contract.small_content import ARTIFACT, CRITERIA, FIRST, NOW, PDF, RESUBMISSION, content
from tests.stores import dump

FIRST_ID, AGAIN = SubmissionId(FIRST), SubmissionId(RESUBMISSION)
ANALYZE, DESIGN = (CriterionId(name) for name in CRITERIA)
WORDS = "Lucid-meadow feedback that only its readers may see."
SECOND = "Lucid-meadow feedback after the return."
PRIVATE = "Lucid-meadow thought for nobody else."
PASSPHRASE = "a long passphrase for two"


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Iterator[Running]:
    folder = tmp_path / "platform"
    folder.mkdir()
    lay(folder, content)
    with running(server, folder) as served:
        yield served


@dataclass
class Person:
    """Somebody at her own computer."""

    context: Context
    login: str
    database_key: bytes

    def sign_in(self) -> None:
        threads: list[threading.Thread] = []

        def browse(address: str) -> None:
            with urllib.request.urlopen(address, timeout=10) as page:
                page.read()

        def open_browser(address: str) -> None:
            threads.append(threading.Thread(target=browse, args=(address,)))
            threads[-1].start()

        syncing.sign_in(self.context, open_browser=open_browser, login_hint=self.login)
        for thread in threads:
            thread.join(10)

    def sync(self) -> SyncStatus:
        status = syncing.sync(self.context, report=lambda _: None, changed=lambda _: None)
        assert status.state is SyncState.UP_TO_DATE, status
        return status

    def tokens(self) -> set[str]:
        with self.context.store.read() as txn:
            found = {sync_state.get_secret(txn, name) for name in (auth.ACCESS, auth.REFRESH)}
        return {token for token in found if token}


def person(data: Path, origin: str, login: str, role: Role, stack: ExitStack) -> Person:
    """A new profile on a new computer, opened with its own key."""
    clock = FakeClock(NOW, seed=len(login) + ord(login[0]))
    profile = find_or_create(data / login / "profiles", origin, login, clock=clock)
    keys.create_key(profile.folder, profile.id, clock=clock, passphrase=PASSPHRASE)
    key = keys.open_key(profile.folder, profile.id, passphrase=PASSPHRASE).database_key()
    context = open_context(profile.folder, key, origin=origin, role=role, clock=clock)
    stack.callback(close_context, context)
    return Person(context, login, key)


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    root, quiet = logging.getLogger(), logging.getLogger("urllib3")
    before = (list(root.handlers), root.level, quiet.level)
    start_logging(tmp_path / "logs", level=logging.DEBUG)
    yield tmp_path / "logs" / LOG_NAME
    for handler in set(root.handlers) - set(before[0]):
        handler.close()
        root.removeHandler(handler)
    root.setLevel(before[1])
    quiet.setLevel(before[2])


def assess(context: Context, submission_id: SubmissionId, design: str, text: str) -> None:
    """Rate both criteria with feedback that a denial could stand on."""
    for criterion, level in ((ANALYZE, "demonstrated"), (DESIGN, design)):
        assessing.save_rating(context, submission_id, Rating(criterion, level))
        assessing.save_feedback(
            context,
            submission_id,
            CriterionFeedback(criterion, text, seen="One plan.", missing="The second.", next_step="Add it."),
        )
    assessing.save_overall(context, submission_id, text)


def test_from_an_empty_computer_to_two_decisions(tmp_path: Path, platform: Running, logs: Path) -> None:
    with ExitStack() as stack:
        anna = person(tmp_path / "data", platform.origin, "anna", Role.ASSESSOR, stack)
        otto = person(tmp_path / "data", platform.origin, "otto", Role.APPROVER, stack)
        tokens: set[str] = set()
        for somebody in (anna, otto):
            assert not syncing.is_signed_in(somebody.context)
            somebody.sign_in()
            tokens |= somebody.tokens()
            somebody.sync()
        assert len(tokens) == 4

        sees_what_was_handed_in(anna)
        first_round(anna, otto)
        otto_returns(otto)
        second_round(anna, otto)
        award(anna, otto)
        another_is_denied(anna, otto)
        nothing_readable_on_disk(tmp_path / "data", tokens)
    text = logs.read_text("utf-8")
    assert text
    for secret in (*tokens, "/v1/", "Lucid-meadow", "Bearer ey", anna.database_key.hex()):
        assert secret not in text


def sees_what_was_handed_in(anna: Person) -> None:
    opened = reading.open_submission(anna.context, AGAIN)
    assert [prior.code for prior in opened.submission.prior] == ["S-OLD"]
    source = reading.evidence_source(anna.context, FIRST_ID, ArtifactId(ARTIFACT))
    with SealedReader(source.path, file_key=source.file_key, size_bytes=source.size_bytes) as reader:
        assert reader.read_at(0, len(PDF)) == PDF
    rows = first_rows(anna.context.folder, anna.database_key, Role.ASSESSOR)
    assert {row.id for row in rows} >= {FIRST_ID, AGAIN}
    # The file and what was captured behind the link; an earlier attempt's files count for nobody's readiness.
    assert all(row.evidence_ready == row.evidence_total == 2 for row in rows)


def first_round(anna: Person, otto: Person) -> None:
    context = anna.context
    submission = reading.open_submission(context, AGAIN).submission
    for number, (audience, comment) in enumerate(
        [(Audience.LEARNER, WORDS), (Audience.APPROVER, "Look here."), (Audience.ONLY_ME, PRIVATE)], 1
    ):
        mark = builders.annotation(
            number, of=submission, audience=audience, comment=comment, criteria=(DESIGN,)
        )
        annotating.put(context, mark, "Highlight")
    assess(context, AGAIN, "demonstrated", WORDS)
    assessing.send(context, AGAIN)
    (row,) = inbox_reading.rows(context, [AGAIN])
    assert row.local_state is LocalState.WAITING_TO_SEND
    anna.sync()
    opened = reading.open_submission(context, AGAIN)
    assert opened.submission.status is SubmissionStatus.WAITING_ON_APPROVER
    assert opened.outbox[0].state is OutboxState.ACKED
    assert opened.outbox[0].receipt is not None
    assert opened.outbox[0].receipt.effect == "recommendation-received"
    assert opened.recommendations[0].outcome is Outcome.AWARD
    assert not opened.is_editable
    anna.sync()
    otto.sync()
    assert PRIVATE not in str(dump(otto.context.store))


def otto_returns(otto: Person) -> None:
    context = otto.context
    covered = approving.brief(context, AGAIN)
    assert covered.assignment.sampled
    assert WORDS not in str(covered)
    assert [len(marks) for marks in covered.evidence_links.values()] == [0, 2]
    with pytest.raises(NotAllowed):
        approving.reveal(context, AGAIN)
    for criterion in (ANALYZE, DESIGN):
        approving.mark(context, AGAIN, IndependentMark(criterion, criterion == ANALYZE))
    approving.reveal(context, AGAIN)
    shown = approving.brief(context, AGAIN)
    assert WORDS in str(shown.recommendation)
    approving.save_text(context, AGAIN, reason="Where is the second lesson?", criteria=[DESIGN])
    approving.decide(context, AGAIN, DecisionOutcome.RETURN)
    otto.sync()


def second_round(anna: Person, otto: Person) -> None:
    anna.sync()
    opened = reading.open_submission(anna.context, AGAIN)
    assert opened.submission.status is SubmissionStatus.RETURNED
    assert opened.submission.return_note is not None
    assert opened.submission.return_note.criteria == (DESIGN,)
    assert (opened.assessment.round, opened.assessment.state) == (2, AssessmentState.DRAFT)
    assert opened.is_editable
    assert opened.decisions[0].independent_marks == ()
    (row,) = inbox_reading.rows(anna.context, [AGAIN])
    assert row.is_returned
    changed = CriterionFeedback(DESIGN, SECOND)
    assessing.save_feedback(anna.context, AGAIN, changed)
    assessing.send(anna.context, AGAIN)
    anna.sync()
    otto.sync()


def award(anna: Person, otto: Person) -> None:
    context = otto.context
    approving.reveal(context, AGAIN)
    brief = approving.brief(context, AGAIN)
    assert [(c.criterion_id, c.rating_changed, c.feedback_changed) for c in brief.changes] == [
        (DESIGN, False, True)
    ]
    approving.save_text(context, AGAIN, final_feedback="Well earned.")
    approving.decide(context, AGAIN, DecisionOutcome.AWARD)
    with pytest.raises(NotAllowed):
        approving.decide(context, AGAIN, DecisionOutcome.AWARD)
    assert "S-OLD" in str(dump(anna.context.store))
    otto.sync()
    anna.sync()
    for store in (anna.context.store, otto.context.store):
        held = str(dump(store))
        assert "S-OLD" not in held
        assert "Show the second lesson." not in held
        assert '"attempt":1' not in held
        assert '"attempt":2' not in held
    opened = reading.open_submission(anna.context, AGAIN)
    assert opened.submission.status is SubmissionStatus.AWARDED
    assert opened.labels[SubmissionStatus.AWARDED] == "Earned"
    assert [d.outcome for d in opened.decisions] == [DecisionOutcome.RETURN, DecisionOutcome.AWARD]
    assert opened.decisions[-1].final_feedback == "Well earned."


def another_is_denied(anna: Person, otto: Person) -> None:
    assess(anna.context, FIRST_ID, "progressing", SECOND)
    assert assessing.review(anna.context, FIRST_ID).outcome is Outcome.DENY
    assessing.send(anna.context, FIRST_ID)
    anna.sync()
    otto.sync()
    for criterion in (ANALYZE, DESIGN):
        approving.mark(otto.context, FIRST_ID, IndependentMark(criterion, False))
    approving.reveal(otto.context, FIRST_ID)
    with pytest.raises(NotAllowed, match="do not allow to award"):
        approving.decide(otto.context, FIRST_ID, DecisionOutcome.AWARD)
    change = Override(ANALYZE, "progressing", "Page 2 says otherwise.")
    approving.override(otto.context, FIRST_ID, ANALYZE, change)
    approving.decide(otto.context, FIRST_ID, DecisionOutcome.DENY)
    otto.sync()
    anna.sync()
    opened = reading.open_submission(anna.context, FIRST_ID)
    assert opened.submission.status is SubmissionStatus.DENIED
    assert opened.decisions[-1].overrides == (change,)


def nothing_readable_on_disk(data: Path, tokens: set[str]) -> None:
    planted = [b"Lucid-meadow", b"Ich las laut", b"%PDF-1.7", *(token.encode() for token in tokens)]
    for path in data.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert not [text for text in planted if text in held], path


def test_a_token_that_ends_in_the_middle_costs_nothing(tmp_path: Path, platform: Running) -> None:
    with ExitStack() as stack:
        anna = person(tmp_path / "data", platform.origin, "anna", Role.ASSESSOR, stack)
        anna.sign_in()
        anna.sync()
        assess(anna.context, FIRST_ID, "demonstrated", WORDS)
        assessing.send(anna.context, FIRST_ID)
        # The access token ends meanwhile; nobody notices.
        platform.clock.move(seconds=1000)
        anna.sync()
    with platform.platform.database.read() as session:
        assert session.query(Recommendation).count() == 1
        assert session.query(Decision).count() == 0
