"""One folder for each account on each platform."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError, PlatformError
from assessor_app.services.opening import close_context, open_context
from assessor_app.services.profiles import (
    LONGEST_NAME,
    PROFILE_NAME,
    REMOVAL_NAME,
    STANDING_NAME,
    Standing,
    clean_name,
    describe_again,
    find_or_create,
    last_used,
    listing,
    note_opened,
    note_signed_out,
    note_unsent,
    profiles,
    read_standing,
    rename,
)
from tests.builders import FakeClock
from tests.stores import DATABASE_KEY, open_store

ONE, OTHER = "https://one.example.org", "https://other.example.org"


def test_an_account_finds_its_folder_again(tmp_path: Path, clock: FakeClock) -> None:
    folder = tmp_path / "profiles"
    assert profiles(folder) == ()
    anna = find_or_create(folder, "https://assess.example.org", "anna", clock=clock)
    bert = find_or_create(folder, "https://assess.example.org", "bert", clock=clock)
    other = find_or_create(folder, "https://other.example.org", "anna", clock=clock)
    assert len({anna.folder, bert.folder, other.folder}) == 3
    again = find_or_create(folder, "https://Assess.example.org:443/", "anna", clock=clock)
    assert again == anna
    assert set(profiles(folder)) == {anna, bert, other}


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_the_folder_is_the_persons_alone(tmp_path: Path, clock: FakeClock) -> None:
    profile = find_or_create(tmp_path, "https://x.example.org", "", clock=clock)
    assert profile.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("text", ["", "{", "[]", '{"origin": "https://x"}', "null", "\udcff"])
def test_a_damaged_description_hides_one_profile_alone(tmp_path: Path, clock: FakeClock, text: str) -> None:
    good = find_or_create(tmp_path, "https://x.example.org", "", clock=clock)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / PROFILE_NAME).write_bytes(text.encode("utf-8", "surrogateescape"))
    (tmp_path / "stray file").write_text("x")
    assert profiles(tmp_path) == (good,)
    damaged = {line.id: line for line in listing(tmp_path)}["broken"]
    assert damaged.profile is None
    again = describe_again(damaged, "https://X.example.org/", "bert")
    assert again in profiles(tmp_path)


def test_the_list_holds_what_is_or_was_a_profile_the_last_opened_first(
    tmp_path: Path, clock: FakeClock
) -> None:
    anna, bert, carl = (find_or_create(tmp_path, ONE, name, clock=clock) for name in ("anna", "bert", "carl"))
    (tmp_path / "cut off").mkdir()
    (tmp_path / "cut off" / "lock").write_text("")
    (tmp_path / "removed").mkdir()
    (tmp_path / "removed" / REMOVAL_NAME).write_text("")
    (tmp_path / "removed" / "store.db").write_text("x")
    (tmp_path / "undescribed").mkdir()
    (tmp_path / "undescribed" / "store.db").write_text("x")
    assert last_used(listing(tmp_path)) is None
    note_opened(bert.folder, Role.ASSESSOR, clock.now())
    clock.advance(60)
    note_opened(carl.folder, Role.ASSESSOR, clock.now())
    clock.advance(60)
    note_opened(bert.folder, Role.APPROVER, clock.now())
    lines = listing(tmp_path)
    assert [line.profile for line in lines[:2]] == [bert, carl]
    assert {line.id for line in lines[2:]} == {anna.id, "undescribed"}
    assert lines[0].standing.roles == (Role.APPROVER, Role.ASSESSOR)
    assert last_used(lines) == bert
    note_signed_out(bert.folder, True)
    assert last_used(listing(tmp_path)) is None
    note_signed_out(bert.folder, False)
    assert last_used(listing(tmp_path)) == bert


def test_a_name_changes_nothing_but_the_list(tmp_path: Path, clock: FakeClock) -> None:
    profile = find_or_create(tmp_path, ONE, "anna", clock=clock)
    note_unsent(profile.folder, 3, clock.now())
    rename(profile.folder, "  North\nstate " + "x" * 90)
    standing = read_standing(profile.folder)
    assert standing.name == ("North state " + "x" * 90)[:LONGEST_NAME]
    assert (standing.unsent, standing.looked_at) == (3, clock.now())
    assert find_or_create(tmp_path, ONE, "anna", clock=clock) == profile
    assert clean_name(None) == clean_name("\u202e\n") == ""


@pytest.mark.parametrize(
    "text", ["", "[]", '{"unsent": -1, "last_opened_at": "2026-01-01", "roles": "lead", "name": 3}', "["]
)
def test_a_damaged_standing_costs_a_line_of_the_list_alone(
    tmp_path: Path, clock: FakeClock, text: str
) -> None:
    profile = find_or_create(tmp_path, ONE, "anna", clock=clock)
    (profile.folder / STANDING_NAME).write_text(text, "utf-8")
    assert listing(tmp_path)[0].profile == profile
    assert read_standing(profile.folder) == Standing()


def test_a_store_never_opens_for_another_platform(tmp_path: Path, clock: FakeClock) -> None:
    profile = find_or_create(tmp_path, ONE, "anna", clock=clock)
    open_store(profile.folder, clock).close()

    def open_for(origin: str) -> None:
        close_context(
            open_context(profile.folder, DATABASE_KEY, origin=origin, role=Role.ASSESSOR, clock=clock)
        )

    open_for(ONE)
    # As after a description that was damaged and written anew by hand.
    with pytest.raises(KnownError, match=r"made for https://one\.example\.org"):
        open_for(OTHER)
    open_for(ONE)


def test_what_is_no_platform_makes_no_folder(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(PlatformError, match="address cannot be used"):
        find_or_create(tmp_path, "http://assess.example.org", "", clock=clock)
    assert not list(tmp_path.iterdir())


def test_the_description_names_nothing_but_platform_and_account(tmp_path: Path, clock: FakeClock) -> None:
    profile = find_or_create(tmp_path, "https://x.example.org", "anna", clock=clock)
    data = json.loads((profile.folder / PROFILE_NAME).read_text("utf-8"))
    assert data == {"origin": "https://x.example.org", "account": "anna"}
