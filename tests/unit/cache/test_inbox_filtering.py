"""The filter of the inbox: every layer against the same question asked of each row in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.cache import assessments, evidence, inbox_filtering, submissions
from assessor_app.cache.engine import Store
from assessor_app.cache.moments import to_us
from assessor_app.domain.assessments import Rating
from assessor_app.domain.at_risk import risks
from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.inbox_filter import InboxFilter, Kind, Show, folded
from assessor_app.domain.inbox_groups import DATED, Group, InboxOrder, days_of, group_of
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Due, EvidenceState, Stage
from tests import builders
from tests.builders import CRITERIA, NOON, FakeClock
from tests.stores import open_store

LONDON = ZoneInfo("Europe/London")
SOON = NOON + timedelta(days=1)
KEYS = (MicrocredentialId("mc-questions"), MicrocredentialId("mc-feedback"))
COUNT = 60


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(tmp_path_factory.mktemp("store"))
    clock = FakeClock()
    states = list(SubmissionStatus)
    with store.write() as txn:
        submissions.put_rubric(txn, builders.rubric_version())
        for n in range(COUNT):
            due = NOON + timedelta(hours=37 * n % 400 - 60)
            made = builders.submission(
                n,
                status=states[n % len(states)],
                microcredential_id=KEYS[n % 2],
                title=("Asking questions", "Évaluer avec soin", "Giving feedback")[n % 3],
                attempt=1 + (n % 4 == 0),
                due=(
                    *(() if n % 9 == 0 else (Due(Stage.ASSESSMENT, due, DueKind.TARGET),)),
                    *(() if n % 2 else (Due(Stage.DECISION, due + timedelta(hours=n % 40), DueKind.HARD),)),
                ),
                parts=() if n % 7 == 0 else builders.parts(n),
            )
            if n % 6 == 1:
                video = builders.artifact(900 + n, media_type="video/mp4")
                made = replace(made, parts=(replace(builders.parts(n)[1], artifacts=(video,)),))
            submissions.put_submission(txn, made)
            lease = None if n % 3 else NOON + timedelta(hours=n * 5 % 60)
            submissions.put_assignment(txn, builders.assignment(n, lease_until=lease))
            evidence.want(txn, made, clock)
            if n % 5 == 0:
                for file in evidence.files(txn, made.id):
                    evidence.set_state(txn, file.blob_id, EvidenceState.READY)
            if n % 4 == 1:
                assessments.set_rating(txn, made.id, 1, Rating(CRITERIA[0], "demonstrated"), NOON)
    yield store
    store.close()


def find(store: Store, wanted: InboxFilter) -> InboxOrder:
    with store.read() as txn:
        return inbox_filtering.order(txn, Role.ASSESSOR, wanted, days_of(NOON, LONDON), to_us(SOON))


def fits(row: InboxRow, wanted: InboxFilter, key: MicrocredentialId) -> bool:
    """The same question in plain Python."""
    group = group_of(row, days_of(NOON, LONDON))
    shown = {
        Show.ALL: True,
        Show.TO_DO: group is Group.NEEDS_YOU or group in DATED,
        Show.IN_PROGRESS: group is not Group.SETTLED and row.local_state is LocalState.DRAFT,
        Show.RETURNED: group < Group.WAITING and row.is_returned,
        Show.DONE: group is Group.WAITING,
        Show.SETTLED: group is Group.SETTLED,
    }
    kinds = {
        Kind.NEW: not row.is_resubmission and not row.is_returned,
        Kind.RESUBMISSION: row.is_resubmission,
        Kind.RETURNED: row.is_returned,
    }
    said = folded(f"{row.code} {row.title}")
    return (
        shown[wanted.show]
        and (not wanted.microcredentials or key in wanted.microcredentials)
        and (not wanted.due or group in wanted.due)
        and (not wanted.kinds or any(kinds[kind] for kind in wanted.kinds))
        and (not wanted.at_risk or bool(risks(row, NOON, SOON)))
        and (not wanted.all_here or row.evidence_ready == row.evidence_total)
        and (not wanted.has_recordings or row.recordings > 0)
        and all(word in said for word in folded(wanted.text).split())
    )


def expected(store: Store, wanted: InboxFilter) -> list[SubmissionId]:
    with store.read() as txn:
        rows = submissions.inbox_rows(txn, Role.ASSESSOR, submissions.inbox_ids(txn, Role.ASSESSOR))
        keys = {
            row.id: found.microcredential_id
            for row in rows
            if (found := submissions.get_submission(txn, row.id)) is not None
        }
    return [row.id for row in rows if fits(row, wanted, keys[row.id])]


SINGLE = [
    *(InboxFilter(show=show) for show in Show),
    *(InboxFilter(due=(group,)) for group in DATED),
    *(InboxFilter(kinds=(kind,)) for kind in Kind),
    *(InboxFilter(microcredentials=(key,)) for key in KEYS),
    InboxFilter(at_risk=True),
    InboxFilter(all_here=True),
    InboxFilter(has_recordings=True),
    InboxFilter(text="EVALUER soin"),
    InboxFilter(text="S-0007"),
]


@pytest.mark.parametrize("wanted", SINGLE, ids=str)
def test_each_layer_finds_what_it_says(full: Store, wanted: InboxFilter) -> None:
    ids = expected(full, wanted)
    # A layer that finds nothing or everything here would prove nothing.
    assert 0 < len(ids) < COUNT or wanted.show is Show.ALL
    order = find(full, wanted)
    assert list(order.ids) == ids
    assert (order.total, len(order.bands), len(order.dues_us)) == (COUNT, len(ids), len(ids))


def layer(values: tuple) -> st.SearchStrategy[tuple]:
    return st.sets(st.sampled_from(values), max_size=2).map(lambda found: tuple(sorted(found)))


@settings(max_examples=80, deadline=None)
@given(
    st.builds(
        InboxFilter,
        show=st.sampled_from(Show),
        microcredentials=layer(KEYS),
        due=layer(DATED),
        kinds=layer(tuple(Kind)),
        at_risk=st.booleans(),
        all_here=st.booleans(),
        has_recordings=st.booleans(),
        text=st.sampled_from(("", "s", "asking", "soin ev")),
    )
)
def test_layers_are_combined(full: Store, wanted: InboxFilter) -> None:
    assert list(find(full, wanted).ids) == expected(full, wanted)


def test_the_micro_credentials_of_an_inbox_are_offered_by_title(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.write() as txn:
        for n, (key, title) in enumerate(zip(KEYS, ("Questions", "Feedback"), strict=True)):
            submissions.put_submission(txn, builders.submission(n, microcredential_id=key, title=title))
            submissions.put_assignment(txn, builders.assignment(n))
        offered = inbox_filtering.microcredentials(txn)
    assert offered == ((KEYS[1], "Feedback"), (KEYS[0], "Questions"))
    store.close()
