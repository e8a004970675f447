"""One folder for each account on each platform."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from assessor_app.errors import PlatformError
from assessor_app.services.profiles import PROFILE_NAME, find_or_create, profiles
from tests.builders import FakeClock


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


def test_what_is_no_platform_makes_no_folder(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(PlatformError, match="address cannot be used"):
        find_or_create(tmp_path, "http://assess.example.org", "", clock=clock)
    assert not list(tmp_path.iterdir())


def test_the_description_names_nothing_but_platform_and_account(tmp_path: Path, clock: FakeClock) -> None:
    profile = find_or_create(tmp_path, "https://x.example.org", "anna", clock=clock)
    data = json.loads((profile.folder / PROFILE_NAME).read_text("utf-8"))
    assert data == {"origin": "https://x.example.org", "account": "anna"}
