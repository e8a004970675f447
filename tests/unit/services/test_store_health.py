"""What is told about the store: sound or not, its newest copy, the room that is kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assessor_app.cache import assessments, reserve, store_copies
from assessor_app.cache.connection import database_path
from assessor_app.services.store_health import store_health
from tests import builders
from tests.builders import NOON, FakeClock
from tests.stores import DATABASE_KEY, open_store


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    clock = FakeClock()
    store = open_store(tmp_path / "profile", clock)
    with store.write() as txn:
        assessments.set_note(txn, builders.submission_id(1), 1, "mine", NOON)
    store_copies.copy_own_work(store, clock=clock)
    store.close()
    return tmp_path / "profile"


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_a_healthy_store(profile: Path) -> None:
    reserve.make(profile)
    health = store_health(profile, DATABASE_KEY)
    assert (health.is_there, health.is_sound, health.is_outdated) == (True, True, False)
    assert (health.copy_at, health.copy_is_good, health.copies) == (NOON, True, 1)
    assert (health.has_reserve, health.damaged_folders) == (True, 0)
    assert health.reserve_bytes == (profile / "reserve").stat().st_size
    assert health.free_bytes > 0
    assert health.store_bytes == database_path(profile).stat().st_size


def test_an_open_store_can_be_looked_at(profile: Path) -> None:
    store = open_store(profile)
    assert store_health(profile, DATABASE_KEY, thorough=False).is_sound
    store.close()


def test_damage_is_told(profile: Path) -> None:
    flip(database_path(profile), os.path.getsize(database_path(profile)) - 2000)
    health = store_health(profile, DATABASE_KEY)
    assert (health.is_sound, health.copy_is_good) == (False, True)
    assert store_health(profile, DATABASE_KEY, thorough=False).is_sound


def test_a_damaged_copy_is_told(profile: Path) -> None:
    (copy,) = store_copies.copies(profile)
    flip(copy.path, 9000)
    health = store_health(profile, DATABASE_KEY)
    assert (health.is_sound, health.copy_is_good) == (True, False)


def test_no_store_at_all(tmp_path: Path) -> None:
    health = store_health(tmp_path, DATABASE_KEY)
    assert (health.is_there, health.is_sound, health.copy_at, health.store_bytes) == (False, True, None, 0)


def test_a_store_that_was_taken_away(profile: Path) -> None:
    database_path(profile).unlink()
    health = store_health(profile, DATABASE_KEY)
    assert (health.is_there, health.is_sound) == (False, False)
