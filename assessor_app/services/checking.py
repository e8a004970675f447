"""What the checks find in an assessment, with all that this machine knows beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from assessor_app.cache import (
    assessments,
    identity_findings,
    own_words,
    reading_state,
    send_reasons,
    submissions,
)
from assessor_app.cache import policy as policy_rows
from assessor_app.cache.engine import Transaction
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import Assessment
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.submissions import Submission
from assessor_app.privacy.name_words import OwnName
from assessor_app.privacy.word_lists import WordList, read_word_list
from assessor_app.privacy.wording_scan import WordingScan
from assessor_app.rubric.award_rule import Scope, Verdict
from assessor_app.rubric.checks import CheckResult, FeedbackRequired, LastRound, reasons_list, run_checks
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.own_name import account_name

WORDING_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "wording"


def checks_of(
    txn: Transaction,
    submission: Submission,
    rubric: RubricVersion,
    assessment: Assessment,
    verdict: Verdict,
    marks: Sequence[Annotation],
    *,
    in_scope: Scope = None,
    evidence_links: Mapping[CriterionId, int] | None = None,
) -> tuple[CheckResult, ...]:
    """Everything that the checks find.

    Args:
        txn: a transaction on the store.
        submission: what is assessed.
        rubric: the version that it is pinned to.
        assessment: the work on its present round.
        verdict: what follows from its ratings.
        marks: its annotations.
        in_scope: the criteria that it is judged on.
        evidence_links: number of evidence links of each criterion.
    """
    return run_checks(
        rubric,
        assessment,
        verdict,
        accommodations=submission.accommodations,
        in_scope=in_scope,
        evidence_links=evidence_links,
        feedback_required=_feedback_required(txn),
        marks=marks,
        pieces=pieces_of(submission),
        unopened=_unopened(txn, submission),
        last_round=_last_round(txn, submission),
        find_wordings=wordings_of(txn, submission),
        reasons=send_reasons.of_round(txn, submission.id, submission.round),
    )


def wordings_of(txn: Transaction, submission: Submission) -> WordingScan:
    """What looks through texts about a submission, for whoever writes them here."""
    return _scan(
        OwnName(account_name(), own_words.get(txn)),
        identity_findings.words_of(txn, submission.id),
        tuple(accommodation.instruction for accommodation in submission.accommodations),
    )


def with_reasons(assessment: Assessment, checks: Sequence[CheckResult]) -> Assessment:
    """The assessment as it leaves: the reasons for what is sent all the same end the note to the approver."""
    note = "\n\n".join(part for part in (assessment.note_to_approver.strip(), reasons_list(checks)) if part)
    return replace(assessment, note_to_approver=note) if reasons_list(checks) else assessment


def pieces_of(submission: Submission) -> Mapping[str, str]:
    """The files and links of a submission with their names on screen, in its order."""
    found: dict[str, str] = {}
    for part in submission.parts:
        found |= {artifact.id: artifact.filename for artifact in part.artifacts}
        found |= {link.id: link.title or "A link" for link in part.links}
    return found


def _unopened(txn: Transaction, submission: Submission) -> list[str]:
    """Files and links that were never opened here; a link also counts as opened through its snapshot."""
    opened = {state.source_id for state in reading_state.of_submission(txn, submission.id)}
    opened |= {
        link.id
        for part in submission.parts
        for link in part.links
        if link.snapshot is not None and link.snapshot.id in opened
    }
    return [source_id for source_id in pieces_of(submission) if source_id not in opened]


def _feedback_required(txn: Transaction) -> FeedbackRequired:
    """Where the issuer asks for feedback; a value of a later version asks for it everywhere."""
    asked = policy_rows.policy(txn).feedback_required
    known = {value.value: value for value in FeedbackRequired}
    return known.get(asked, FeedbackRequired.EVERY_CRITERION)


def _last_round(txn: Transaction, submission: Submission) -> LastRound | None:
    """What was sent in the round before: as the platform has it, else as it stands here."""
    before = submission.round - 1
    for sent in submissions.recommendations(txn, submission.id):
        if sent.round == before:
            return LastRound(sent.ratings, sent.note_to_approver)
    local = assessments.load(txn, submission.id, before)
    return None if local is None else LastRound(local.ratings, local.note_to_approver)


@lru_cache(maxsize=8)
def _scan(own_name: OwnName, identity: frozenset[str], instructions: tuple[str, ...]) -> WordingScan:
    return WordingScan(word_lists(), own_name=own_name, identity_words=identity, instructions=instructions)


@cache
def word_lists() -> tuple[WordList, ...]:
    """The lists that come with the program, one for each language."""
    files = sorted(WORDING_FOLDER.glob("*.json"))
    return tuple(read_word_list(file.read_text("utf-8")) for file in files)
