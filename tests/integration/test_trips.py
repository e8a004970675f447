"""Ready to fly: real store, real platform, real files, each thing that can go wrong made to go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assessor_app.cache import evidence, media_probes, policy, submissions
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.claims import ClaimAnswer
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox_filter import InboxFilter
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import EvidenceFile, EvidenceState, Submission
from assessor_app.domain.trips import Cure, Standing, SubmissionCheck, Topic, Verdict
from assessor_app.errors import Offline
from assessor_app.services import assessing, claiming, inbox_reading, syncing, trip_check, trip_getting, trips
from assessor_app.services.context import Context
from assessor_app.services.trip_check import CheckProgress
from assessor_app.sync.auth import transport_for
from assessor_app.ui.viewers.media import probe_start
from assessor_app.vault.sealed_file import SealedWriter
from tests.builders import FakeClock
from tests.contexts import NOWHERE
from tests.contract.running import Running, Server, lay, running
from tests.contract.small_content import (
    ARTIFACT,
    FIRST,
    NOW,
    QUEUED,
    RESUBMISSION,
    SETTLED,
    SNAPSHOT,
)
from tests.evidence_desk import EvidenceDesk, Piece, put_pieces, submission_of
from tests.evidence_files import zip_of
from tests.integration.at_work import assess, at_work, sync
from tests.looks.pieces import pieces
from tests.trip_content import PAGES, trip_content
from tests.ui.viewers.evidence_files import pdf_with_an_impossible_page
from tests.ui.worlds import put_file

UNTIL = NOW + timedelta(days=4)
ONE, TWO = SubmissionId(FIRST), SubmissionId(RESUBMISSION)


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Iterator[Running]:
    folder = tmp_path / "platform"
    lay(folder, trip_content, NOW)
    with running(server, folder) as made:
        yield made


@pytest.fixture
def anna(tmp_path: Path, platform: Running) -> Iterator[Context]:
    with at_work(tmp_path, platform, clock=FakeClock(NOW)) as context:
        yield context
        context.renderer.close()


@pytest.fixture
def bert(tmp_path: Path, platform: Running) -> Iterator[Context]:
    with at_work(tmp_path, platform, "bert", clock=FakeClock(NOW)) as context:
        yield context
        context.renderer.close()


def check(context: Context, **named) -> None:
    trip_check.check(context, probe_start.main, **named)


def standing(context: Context) -> trips.TripStanding:
    with context.store.read() as txn:
        found = trips.standing(txn, context)
    assert found is not None
    return found


def verdict(context: Context) -> Verdict:
    return standing(context).readiness.verdict


def check_of(context: Context, key: SubmissionId = ONE) -> SubmissionCheck:
    return next(found for found in standing(context).trip.checks if found.id == key)


def troubles(context: Context, key: SubmissionId = ONE) -> list[tuple[Topic, Standing, str]]:
    return [(item.topic, item.standing, item.key) for item in check_of(context, key).troubles]


def file_of(context: Context, artifact: str = ARTIFACT, key: SubmissionId = ONE) -> EvidenceFile:
    with context.store.read() as txn:
        return next(file for file in evidence.files(txn, key) if file.artifact_id == artifact)


def submission_here(context: Context, key: SubmissionId = ONE) -> Submission:
    with context.store.read() as txn:
        found = submissions.get_submission(txn, key)
    assert found is not None
    return found


def wanted_next(context: Context, *first: SubmissionId, only_first: bool = False) -> SubmissionId | None:
    with context.store.read() as txn:
        file = evidence.next_wanted(txn, first, only_first=only_first)
    return None if file is None else file.submission_id


def flip_a_byte(context: Context, artifact: str = ARTIFACT) -> None:
    path = evidence.path_of(context.store, file_of(context, artifact).blob_id)
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)


def offline(context: Context) -> Context:
    return replace(context, transport=transport_for(context.store, NOWHERE))


def again(context: Context, *ids: SubmissionId) -> trip_getting.Got:
    got = trip_getting.get(context, ids)
    trips.forget_checks(context, ids)
    check(context)
    return got


def test_everything_is_here(anna: Context) -> None:
    setup = trips.setup(anna)
    assert {one.id for one in setup.candidates} == {ONE, TWO, SETTLED}
    assert setup.trip is None
    assert next(one for one in setup.candidates if one.id == ONE).size_bytes == 2 * len(PAGES)
    trips.set_trip(anna, UNTIL, [TWO, ONE])
    # By the date due, whatever order it was chosen in.
    assert standing(anna).trip.submissions == (ONE, TWO)
    assert verdict(anna) is Verdict.NOT_CHECKED
    told: list[CheckProgress] = []
    check(anna, report=told.append)
    assert (verdict(anna), standing(anna).readiness.ready) == (Verdict.READY, 2)
    assert [progress.done for progress in told] == list(range(told[0].total))
    seen = {(item.topic, item.standing) for item in check_of(anna).items}
    assert seen == {
        (topic, Standing.READY) for topic in Topic if topic not in (Topic.SUBMISSION, Topic.EARLIER)
    }
    assert standing(anna).trip.checked_at == NOW


def test_a_file_that_is_not_there_and_one_that_was_changed_are_found_and_fetched(anna: Context) -> None:
    trips.set_trip(anna, UNTIL, [ONE, TWO])
    evidence.path_of(anna.store, file_of(anna).blob_id).unlink()
    flip_a_byte(anna, SNAPSHOT)
    check(anna)
    assert troubles(anna) == [
        (Topic.FILE, Standing.MISSING, ARTIFACT),
        (Topic.LINK, Standing.DAMAGED, SNAPSHOT),
    ]
    assert (verdict(anna), standing(anna).readiness.troubles) == (Verdict.NOT_READY, 2)
    assert {item.cure for item in check_of(anna).troubles} == {Cure.FETCH}
    got = again(anna, ONE)
    assert (got.fetched, got.trouble) == (2, None)
    assert verdict(anna) is Verdict.READY


def test_a_file_that_never_arrived_is_fetched_before_all_others(anna: Context) -> None:
    with anna.store.write() as txn:
        for key in (ONE, TWO):
            for file in evidence.files(txn, key):
                evidence.set_state(txn, file.blob_id, EvidenceState.WANTED)
    trips.set_trip(anna, UNTIL, [TWO])
    gone = SubmissionId("gone")
    assert [wanted_next(anna), wanted_next(anna, TWO), wanted_next(anna, gone)] == [ONE, TWO, ONE]
    assert wanted_next(anna, gone, only_first=True) is None
    check(anna)
    assert {standing for _, standing, _ in troubles(anna, TWO)} == {Standing.MISSING}
    assert again(anna, TWO).fetched == 2
    assert verdict(anna) is Verdict.READY
    # Nothing else was fetched for it, and a sync fetches the rest.
    assert file_of(anna).state is EvidenceState.WANTED
    sync(anna)
    assert file_of(anna).state is EvidenceState.READY


def test_a_sync_brings_what_a_trip_needs_before_what_is_due_first(anna: Context) -> None:
    with anna.store.write() as txn:
        for key in (ONE, TWO):
            for file in evidence.files(txn, key):
                evidence.set_state(txn, file.blob_id, EvidenceState.WANTED)
    trips.set_trip(anna, UNTIL, [TWO])
    brought: list[SubmissionId] = []
    syncing.sync(anna, report=lambda _: None, changed=lambda changes: brought.extend(changes.evidence))
    assert brought == [TWO, TWO, ONE, ONE]


def test_recordings_are_tried_and_office_files_opened(tmp_path: Path) -> None:
    desk = EvidenceDesk(tmp_path, converts=True)
    laid = [piece for piece in pieces() if piece.key in ("video", "word", "scan", "sheet", "archive")]
    submission = submission_of(laid)
    put_pieces(desk.context, submission, laid)
    trips.set_trip(desk.context, desk.clock.now() + timedelta(hours=5), [submission.id])
    check(desk.context)
    found = {
        item.key: item for item in check_of(desk.context, submission.id).items if item.topic is Topic.FILE
    }
    assert {key for key, item in found.items() if item.standing is Standing.READY} >= {
        "video",
        "word",
        "scan",
        "sheet",
    }
    with desk.context.store.read() as txn:
        video = next(file for file in evidence.files(txn, submission.id) if file.artifact_id == "video")
        probe = media_probes.get(txn, video.sha256)
    assert probe is not None
    # What was tried now plays at once on the way.
    assert probe.duration_ms
    assert trips.setup(desk.context).candidates[0].unmeasured == 0
    desk.close()
    assert desk.bugs == []


def test_a_link_without_a_copy_is_named(anna: Context) -> None:
    known = submission_here(anna)
    part = known.parts[0]
    with anna.store.write() as txn:
        bare = replace(part, links=(replace(part.links[0], snapshot=None, title="My class site"),))
        submissions.put_submission(txn, replace(known, parts=(bare, *known.parts[1:])))
    trips.set_trip(anna, UNTIL, [ONE])
    check(anna)
    (item,) = check_of(anna).troubles
    assert (item.topic, item.standing, item.title) == (Topic.LINK, Standing.NO_COPY, "My class site")
    assert item.cure is Cure.OPEN


def test_what_cannot_be_shown_is_named_and_holds_nobody_back(anna: Context) -> None:
    packed = zip_of({"notes.txt": b"What I asked next"})
    known = submission_here(anna)
    part = known.parts[0]
    with anna.store.write() as txn:
        file = replace(part.artifacts[0], size_bytes=len(packed), sha256=sha256_hex(packed))
        now = replace(known, parts=(replace(part, artifacts=(file,)), *known.parts[1:]))
        submissions.put_submission(txn, now)
        evidence.want(txn, now, anna.clock)
    put_file(anna, now, ARTIFACT, packed)
    trips.set_trip(anna, UNTIL, [ONE])
    check(anna)
    shy = [item for item in check_of(anna).items if item.standing is Standing.NOT_SHOWN]
    assert [item.key for item in shy] == [ARTIFACT]
    assert shy[0].detail
    assert (verdict(anna), standing(anna).readiness.not_shown) == (Verdict.READY, 1)


def test_rubric_and_rules_that_are_not_here_are_found(anna: Context) -> None:
    trips.set_trip(anna, UNTIL, [ONE])
    with anna.store.write() as txn:
        txn.connection.exec_driver_sql("DELETE FROM rubric_version")
        policy.put_policy(txn, replace(policy.policy(txn), id=""))
    check(anna)
    assert troubles(anna) == [(Topic.RUBRIC, Standing.MISSING, ""), (Topic.RULES, Standing.MISSING, "")]


def test_taken_work_is_kept_past_the_return(bert: Context) -> None:
    (queue,) = claiming.queue(bert)
    claiming.claim(bert, {queue.microcredential_id: 1}, hours=2)
    sync(bert)
    key = SubmissionId(QUEUED)
    trips.set_trip(bert, UNTIL, [key])
    check(bert)
    assert troubles(bert, key) == [(Topic.CLAIM, Standing.TIME_ENDS, "")]
    assert check_of(bert, key).troubles[0].cure is Cure.RENEW
    got = again(bert, key)
    assert [outcome.answer for outcome in got.kept] == [ClaimAnswer.DONE]
    assert verdict(bert) is Verdict.READY
    claim = next(item for item in check_of(bert, key).items if item.topic is Topic.CLAIM)
    assert claim.until == UNTIL + timedelta(days=1)
    # The platform says the same.
    sync(bert)
    assert verdict(bert) is Verdict.READY


def test_work_that_cannot_be_kept_is_named_with_the_reason(anna: Context) -> None:
    key = SubmissionId(SETTLED)
    trips.set_trip(anna, UNTIL, [key])
    got = again(anna, key)
    assert [outcome.answer for outcome in got.kept] == [ClaimAnswer.GIVEN_BY_TEAM]
    (item,) = check_of(anna, key).troubles
    assert (item.standing, item.refused) == (Standing.TIME_ENDS, ClaimAnswer.GIVEN_BY_TEAM)
    assert (item.until, item.cure) == (NOW + timedelta(days=2), Cure.OPEN)


def test_a_check_that_was_stopped_goes_on_after_a_restart(
    anna: Context, tmp_path: Path, platform: Running
) -> None:
    trips.set_trip(anna, UNTIL, [ONE, TWO])
    told: list[CheckProgress] = []
    check(anna, report=told.append, cancelled=lambda: any(one.code == told[-1].code for one in told[3:]))
    found = standing(anna)
    assert [known.id for known in found.trip.checks] == [ONE]
    assert (found.readiness.verdict, found.readiness.unchecked) == (Verdict.NOT_CHECKED, 1)
    assert found.trip.checked_at is None
    anna.store.close()
    with at_work(tmp_path, platform, clock=FakeClock(NOW)) as later:
        assert standing(later).trip == found.trip
        told.clear()
        check(later, report=told.append)
        assert {progress.code for progress in told} == {f"S-{RESUBMISSION[-4:]}"}
        assert verdict(later) is Verdict.READY
        later.renderer.close()


def test_what_has_changed_since_is_looked_at_again(anna: Context) -> None:
    trips.set_trip(anna, UNTIL, [ONE, TWO])
    check(anna)
    known = submission_here(anna, TWO)
    with anna.store.write() as txn:
        submissions.put_submission(txn, replace(known, rev=known.rev + 1))
    assert (verdict(anna), standing(anna).readiness.unchecked) == (Verdict.NOT_CHECKED, 1)
    check(anna)
    assert verdict(anna) is Verdict.READY


def test_offline_what_is_here_is_checked_and_what_is_not_is_said(anna: Context) -> None:
    away = offline(anna)
    trips.set_trip(away, UNTIL, [ONE, SubmissionId(SETTLED)])
    got = again(away, ONE, SubmissionId(SETTLED))
    assert isinstance(got.trouble, Offline)
    assert got.is_offline
    assert troubles(away) == []
    # Nobody was asked, so nobody refused: it can be kept once there is a connection.
    assert check_of(away, SubmissionId(SETTLED)).troubles[0].cure is Cure.RENEW


def test_without_room_nothing_is_fetched(anna: Context, monkeypatch) -> None:
    with anna.store.write() as txn:
        evidence.set_state(txn, file_of(anna).blob_id, EvidenceState.WANTED)
    trips.set_trip(anna, UNTIL, [ONE])
    monkeypatch.setattr("assessor_app.services.trips.ROOM_LEFT_BYTES", 1 << 60)
    got = trip_getting.get(anna, [ONE])
    assert (got.lacks_bytes, got.fetched) == (len(PAGES), 0)


def test_what_is_taken_away_is_not_ready(anna: Context) -> None:
    trips.set_trip(anna, UNTIL, [ONE])
    with anna.store.write() as txn:
        submissions.remove_assignment(txn, ONE, Role.ASSESSOR)
    check(anna)
    assert troubles(anna) == [(Topic.CLAIM, Standing.NOT_YOURS, "")]
    with anna.store.write() as txn:
        submissions.remove_submission(txn, ONE, "withdrawn")
    check(anna)
    assert troubles(anna) == [(Topic.SUBMISSION, Standing.NOT_YOURS, "")]


def test_what_was_done_on_the_way_waits_and_is_counted_until_it_is_sent(anna: Context) -> None:
    trips.set_trip(anna, UNTIL, [ONE, TWO])
    check(anna)
    assess(anna)
    assessing.send(anna, ONE)
    found = standing(anna)
    # What is done is needed no more; what is left is as ready as before.
    assert (found.waiting, found.readiness.total, found.readiness.verdict) == (1, 1, Verdict.READY)
    sync(anna)
    assert standing(anna).waiting == 0
    trips.end(anna)
    from_inbox = inbox_reading.overview(anna, InboxFilter())
    assert from_inbox.trip is None


def test_a_recording_that_passed_its_trial_is_not_tried_again(tmp_path: Path) -> None:
    desk = EvidenceDesk(tmp_path)
    laid = [piece for piece in pieces() if piece.key == "audio"]
    submission = submission_of(laid)
    put_pieces(desk.context, submission, laid)
    trips.set_trip(desk.context, desk.clock.now() + timedelta(hours=5), [submission.id])
    check(desk.context)
    trips.forget_checks(desk.context, [submission.id])

    def no_player(*_: object) -> None:
        raise AssertionError("it was tried before")

    trip_check.check(desk.context, no_player)
    assert file_standing(desk.context, submission) is Standing.READY
    # Its bytes are read to the end all the same.
    with desk.context.store.read() as txn:
        (file,) = evidence.files(txn, submission.id)
    path = evidence.path_of(desk.context.store, file.blob_id)
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    trips.forget_checks(desk.context, [submission.id])
    trip_check.check(desk.context, no_player)
    assert file_standing(desk.context, submission) is Standing.DAMAGED
    # Under a good seal, too: what counts is what the platform announced.
    path.unlink()
    with desk.context.store.read() as txn:
        key = evidence.submission_key(txn, submission.id)
    other = bytes(file.size_bytes)
    with SealedWriter(path, submission_key=key, blob_id=file.blob_id, clock=desk.clock) as writer:
        writer.write(other)
        writer.finish(expected_size=len(other), expected_sha256=sha256_hex(other))
    trips.forget_checks(desk.context, [submission.id])
    trip_check.check(desk.context, no_player)
    assert file_standing(desk.context, submission) is Standing.DAMAGED
    desk.close()


def file_standing(context: Context, submission: Submission) -> Standing:
    (item,) = (one for one in check_of(context, submission.id).items if one.topic is Topic.FILE)
    return item.standing


def test_the_first_page_is_drawn(tmp_path: Path) -> None:
    desk = EvidenceDesk(tmp_path)
    laid = [Piece("odd", "Odd.pdf", "application/pdf", pdf_with_an_impossible_page(0))]
    submission = submission_of(laid)
    put_pieces(desk.context, submission, laid)
    trips.set_trip(desk.context, desk.clock.now() + timedelta(hours=5), [submission.id])
    check(desk.context)
    assert file_standing(desk.context, submission) is Standing.NOT_SHOWN
    desk.close()
