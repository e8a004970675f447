from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, submissions, sync_state
from assessor_app.cache.connection import database_path
from assessor_app.cache.engine import Store
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.states import SubmissionStatus as S
from assessor_app.domain.submissions import ReturnNote, RubricRef
from assessor_app.rubric.schema import AllOf, AnyOf, AwardRule, Count, Every, Points
from tests import builders
from tests.builders import CRITERIA, NOON
from tests.stores import DATABASE_KEY, open_store

SID = builders.submission_id(1)


def test_a_submission_comes_back_as_it_was_put(store: Store) -> None:
    plain = builders.submission(1)
    full = builders.submission(
        2,
        attempt=2,
        prior=(builders.prior_attempt(1),),
        return_note=ReturnNote("Look again at the plan.", (CRITERIA[1],)),
        lease_until=NOON,
        needed_by=NOON.date(),
        rev=7,
    )
    with store.write() as txn:
        submissions.put_submission(txn, plain)
        submissions.put_submission(txn, full)
    with store.read() as txn:
        assert submissions.get_submission(txn, plain.id) == plain
        assert submissions.get_submission(txn, full.id) == full
        assert submissions.get_submission(txn, builders.submission_id(3)) is None
        assert sync_state.known_revs(txn) == {("submission", plain.id): 1, ("submission", full.id): 7}


def test_a_later_version_takes_the_place(store: Store) -> None:
    changed = builders.submission(1, status=SubmissionStatus.RETURNED, round=2, rev=2)
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
        submissions.put_submission(txn, changed)
        assert submissions.get_submission(txn, SID) == changed


def test_what_the_platform_takes_away_keeps_what_was_made_here(store: Store) -> None:
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
        assessments.set_rating(txn, SID, 1, builders.ratings()[0], NOON)
        annotation_rows.put(txn, builders.annotation(1))
        submissions.remove_submission(txn, SID, "withdrawn")
        submissions.remove_submission(txn, builders.submission_id(9), "never known")
    with store.read() as txn:
        kept = submissions.get_submission(txn, SID)
        assert kept == builders.submission(1, status=SubmissionStatus.WITHDRAWN)
        assert submissions.removed_reason(txn, SID) == "withdrawn"
        work = assessments.load(txn, SID, 1)
        assert work is not None
        assert work.ratings == builders.ratings()[:1]
        assert annotation_rows.of_submission(txn, SID) == (builders.annotation(1),)
        assert sync_state.known_revs(txn) == {}


def test_what_comes_back_is_no_longer_removed(store: Store) -> None:
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
        submissions.remove_submission(txn, SID, "withdrawn")
        submissions.put_submission(txn, builders.submission(1, rev=3))
        assert submissions.removed_reason(txn, SID) is None
        assert submissions.get_submission(txn, SID) == builders.submission(1, rev=3)


def test_a_settled_submission_keeps_its_outcome_when_removed(store: Store) -> None:
    awarded = builders.submission(1, status=SubmissionStatus.AWARDED)
    with store.write() as txn:
        submissions.put_submission(txn, awarded)
        submissions.remove_submission(txn, SID, "archived")
        assert submissions.get_submission(txn, SID) == awarded


def test_assignments_are_kept_by_role(store: Store) -> None:
    as_assessor = builders.assignment(1)
    as_approver = builders.assignment(1, Role.APPROVER, lease_until=None, sampled=True)
    with store.write() as txn:
        submissions.put_assignment(txn, as_assessor)
        submissions.put_assignment(txn, as_approver)
        assert submissions.get_assignment(txn, SID, Role.ASSESSOR) == as_assessor
        assert submissions.get_assignment(txn, SID, Role.APPROVER) == as_approver
        submissions.remove_assignment(txn, SID, Role.ASSESSOR)
        assert submissions.get_assignment(txn, SID, Role.ASSESSOR) is None
        assert submissions.get_assignment(txn, SID, Role.APPROVER) == as_approver


def test_rubrics_of_every_rule_come_back_by_their_hash(store: Store) -> None:
    rules: tuple[AwardRule, ...] = (
        Every(),
        Count(2, CRITERIA[:3], "progressing"),
        Points(6.0),
        AllOf((Every(CRITERIA[:1]), AnyOf((Count(1), Points(2.0, CRITERIA[1:]))))),
    )
    versions = [builders.rubric_version(n, award_rule=rule) for n, rule in enumerate(rules, start=1)]
    with store.write() as txn:
        for version in versions:
            submissions.put_rubric(txn, version)
    with store.read() as txn:
        for version in versions:
            assert submissions.get_rubric(txn, builders.rubric_ref(version)) == version
        ref = builders.rubric_ref(versions[0])
        assert submissions.get_rubric(txn, replace(ref, hash=versions[1].hash)) is None
        assert submissions.get_rubric(txn, RubricRef(ref.id, 99, ref.hash)) is None


def test_judgements_are_told_oldest_round_first(store: Store) -> None:
    first, second = (
        builders.recommendation(1),
        builders.recommendation(2, of=builders.submission(1, round=2)),
    )
    returned, awarded = builders.decision(2), builders.decision(1, round=2)
    with store.write() as txn:
        for recommendation in (second, first):
            submissions.put_recommendation(txn, recommendation, 4)
        submissions.put_decision(txn, awarded, 6)
        submissions.put_decision(txn, replace(returned, submission_id=SID), 5)
    with store.read() as txn:
        assert submissions.recommendations(txn, SID) == (first, second)
        assert [d.round for d in submissions.decisions(txn, SID)] == [1, 2]
        assert submissions.decisions(txn, SID)[1] == awarded
        assert sync_state.known_revs(txn)["decision", awarded.id] == 6
    with store.write() as txn:
        submissions.remove_recommendation(txn, second.id)
        submissions.remove_decision(txn, awarded.id)
        assert submissions.recommendations(txn, SID) == (first,)
        assert [d.round for d in submissions.decisions(txn, SID)] == [1]
        assert ("recommendation", second.id) not in sync_state.known_revs(txn)


def test_what_was_returned_is_found_by_state_and_without_reading_documents(store: Store) -> None:
    ids = [builders.submission_id(number) for number in range(1, 5)]
    states = (S.RETURNED, S.WAITING_ON_ASSESSOR, S.RETURNED, S.RETURNED)
    with store.write() as txn:
        for number, status in enumerate(states, 1):
            submissions.put_submission(txn, replace(builders.submission(number), status=status))
        submissions.remove_submission(txn, ids[3], "withdrawn")
        assert submissions.returned_ids(txn) == (ids[0], ids[2])
        assert submissions.returned_ids(txn, ids[1:]) == (ids[2],)
        assert submissions.returned_ids(txn, ()) == ()
        plans = {
            among: [
                str(row[3])
                for row in txn.connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {submissions._RETURNED.format(among)}", values
                )
            ]
            for among, values in ((submissions._ALL, ()), (submissions._SOME, ("[]",)))
        }
    assert [line.split(" USING")[0] for line in plans[submissions._ALL]][:2] == ["SCAN f", "SEARCH s"]
    assert [line.split(" USING")[0] for line in plans[submissions._SOME]][1:3] == ["SEARCH f", "SEARCH s"]


def test_the_issuers_words_replace_each_other(store: Store) -> None:
    with store.write() as txn:
        assert submissions.label_map(txn) == {}
        submissions.put_label_map(
            txn, {SubmissionStatus.AWARDED: "Earned", SubmissionStatus.DENIED: "Not Yet"}
        )
        submissions.put_label_map(txn, {SubmissionStatus.AWARDED: "Passed"})
    with store.read() as txn:
        assert submissions.label_map(txn) == {SubmissionStatus.AWARDED: "Passed"}


def test_earlier_numbers_are_gone_for_good(store: Store) -> None:
    attempt = builders.prior_attempt(1)
    before = builders.submission(1, attempt=4711, prior=(attempt,), status=SubmissionStatus.AWARDED)
    with store.write() as txn:
        submissions.put_submission(txn, before)
        submissions.put_submission(txn, builders.submission(2))
    planted = [b"4711", attempt.code.encode(), attempt.overall.encode()]
    assert all(text in decrypted(store) for text in planted)
    with store.write() as txn:
        submissions.erase_earlier_numbers(txn, SID)
        submissions.erase_earlier_numbers(txn, builders.submission_id(9))
    with store.read() as txn:
        assert submissions.get_submission(txn, SID) == replace(before, attempt=None, prior=())
    left = decrypted(store)
    assert b"fourth graders" in left
    assert not [text for text in planted if text in left]
    assert (store.folder / "store.db-wal").stat().st_size == 0


def decrypted(store: Store) -> bytes:
    """Every page of the database and of its log in plain, freed ones included (SQLCipher 4: AES-256-CBC)."""
    page_bytes, reserve_bytes, salt_bytes = 4096, 80, 16
    path = database_path(store.folder)
    file, log = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    pages = [file[at : at + page_bytes] for at in range(0, len(file), page_bytes)]
    pages[0] = pages[0][salt_bytes:]
    pages += [log[at + 24 : at + 24 + page_bytes] for at in range(32, len(log), 24 + page_bytes)]
    plain = b""
    for page in pages:
        body, iv = page[:-reserve_bytes], page[-reserve_bytes : 16 - reserve_bytes]
        body = body[len(body) % 16 :]
        opener = Cipher(algorithms.AES(DATABASE_KEY), modes.CBC(iv)).decryptor()
        plain += opener.update(body) + opener.finalize()
    return plain


def test_a_store_opened_again_has_everything(store: Store) -> None:
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
    store.close()
    again = open_store(store.folder)
    with again.read() as txn:
        assert submissions.get_submission(txn, SID) == builders.submission(1)
    again.close()
