"""The one source of time, ids and randomness."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessor_app.clock import Clock
from tests.builders import FakeClock


def test_now_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_the_monotonic_clock_never_goes_back() -> None:
    clock = Clock()
    times = [clock.monotonic_s() for _ in range(100)]
    assert times == sorted(times)


def test_random_bytes_are_as_many_as_asked_for_and_differ() -> None:
    clock = Clock()
    assert [len(clock.random_bytes(n)) for n in (0, 1, 32)] == [0, 1, 32]
    assert clock.random_bytes(32) != clock.random_bytes(32)


def test_ids_are_version_7_and_unique() -> None:
    clock = Clock()
    made = {clock.new_id() for _ in range(1000)}
    assert len(made) == 1000
    for text in made:
        value = uuid.UUID(text)
        assert str(value) == text
        assert (value.version, value.variant) == (7, uuid.RFC_4122)


@given(st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1)), st.integers(0, 2**32))
def test_an_id_holds_its_time_and_is_ordered_by_it(moment: datetime, seed: int) -> None:
    clock = FakeClock(moment.replace(tzinfo=UTC), seed)
    earlier = clock.new_id()
    milliseconds = uuid.UUID(earlier).int >> 80
    assert milliseconds == int(clock.now().timestamp() * 1000)
    clock.advance(0.002)
    assert clock.new_id() > earlier


def test_an_id_uses_all_its_random_bits() -> None:
    class AllOnes(FakeClock):
        def random_bytes(self, count: int) -> bytes:
            return b"\xff" * count

    value = uuid.UUID(AllOnes().new_id()).int
    assert value & ((1 << 62) - 1) == (1 << 62) - 1
    assert value >> 64 & 0xFFF == 0xFFF
