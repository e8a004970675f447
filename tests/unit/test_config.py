"""Settings, machine policy, and where things lie."""

from __future__ import annotations

import json
import os
import plistlib
import sys
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.config import (
    ColourScheme,
    Config,
    MachinePolicy,
    decode_policy,
    load_config,
    parse_policy,
    read_machine_policy,
    save_settings,
)
from assessor_app.errors import KnownError

FREE = MachinePolicy()


def load(folder: Path) -> Config:
    return load_config(data_dir=folder, environ={}, policy=FREE)


# --- where things lie ------------------------------------------------------------------------


def test_the_argument_wins_over_the_variable_over_the_system(tmp_path: Path) -> None:
    environ = {"ASSESSOR_DATA_DIR": str(tmp_path / "variable")}
    by_argument = load_config(data_dir=tmp_path / "argument", environ=environ, policy=FREE)
    assert by_argument.data_dir == tmp_path / "argument"
    assert by_argument.log_dir == tmp_path / "argument" / "logs"
    assert by_argument.profiles_dir == tmp_path / "argument" / "profiles"
    by_variable = load_config(environ=environ, policy=FREE)
    assert by_variable.data_dir == tmp_path / "variable"
    usual = load_config(environ={"ASSESSOR_DATA_DIR": ""}, policy=FREE)
    assert usual.data_dir == Path(platformdirs.user_data_dir("assessor-workstation", appauthor=False))
    assert usual.log_dir == Path(platformdirs.user_log_dir("assessor-workstation", appauthor=False))


def test_a_relative_folder_is_made_absolute_and_nothing_is_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(Path("here/../there"))
    assert config.data_dir == tmp_path / "there"
    assert load(Path("~/x")).data_dir == Path.home() / "x"
    assert os.listdir(tmp_path) == []


# --- settings --------------------------------------------------------------------------------


def test_settings_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    config = load(folder)
    assert (config.font_scale_percent, config.colour_scheme) == (100, ColourScheme.SYSTEM)
    changed = save_settings(config, font_scale_percent=150)
    changed = save_settings(changed, colour_scheme=ColourScheme.DARK)
    assert load(folder) == changed
    assert (changed.font_scale_percent, changed.colour_scheme) == (150, ColourScheme.DARK)
    assert os.listdir(folder) == ["settings.json"]


@pytest.mark.parametrize(("asked", "kept"), [(89, 90), (90, 90), (200, 200), (201, 200), (-5, 90)])
def test_the_font_scale_stays_within_90_and_200(tmp_path: Path, asked: int, kept: int) -> None:
    assert save_settings(load(tmp_path), font_scale_percent=asked).font_scale_percent == kept
    (tmp_path / "settings.json").write_text(json.dumps({"font_scale_percent": asked}))
    assert load(tmp_path).font_scale_percent == kept


def test_settings_of_a_newer_version_are_ignored_and_stay(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"colour_scheme": "dark", "from_the_future": [1]}')
    config = load(tmp_path)
    assert config.colour_scheme is ColourScheme.DARK
    save_settings(config, font_scale_percent=110)
    assert json.loads((tmp_path / "settings.json").read_text()) == {
        "colour_scheme": "dark",
        "font_scale_percent": 110,
        "from_the_future": [1],
        "idle_lock_minutes": 15,
        "locks_with_screen": True,
        "asks_which_account": False,
        "download_kb_per_s": 0,
        "large_file_mb": 0,
        "evidence_gb": 0,
        "waits_on_metered": True,
    }


@pytest.mark.parametrize(
    ("asked", "kept"), [(0, 0), (1, 1), (120, 120), (121, 120), (-1, 0), ("5", 15), (True, 15)]
)
def test_idle_minutes_stay_within_1_and_120_or_never(tmp_path: Path, asked: object, kept: int) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"idle_lock_minutes": asked}))
    assert load(tmp_path).lock_minutes == kept


@pytest.mark.parametrize(
    ("policy", "chosen", "in_force"), [(10, 15, 10), (10, 5, 5), (10, 0, 10), (480, 0, 480), (480, 120, 120)]
)
def test_a_policy_is_the_longest_and_cannot_be_switched_off(policy: int, chosen: int, in_force: int) -> None:
    config = Config(Path(), Path(), MachinePolicy(idle_lock_minutes=policy), chosen_lock_minutes=chosen)
    assert config.lock_minutes == in_force


def test_what_is_chosen_about_locking_and_accounts_is_kept(tmp_path: Path) -> None:
    changed = save_settings(load(tmp_path), chosen_lock_minutes=0, locks_with_screen=False)
    changed = save_settings(changed, asks_which_account=True)
    assert load(tmp_path) == changed
    assert (changed.lock_minutes, changed.locks_with_screen, changed.asks_which_account) == (0, False, True)


@pytest.mark.parametrize(
    ("most", "chosen", "in_force"), [(None, 0, 0), (None, 7, 7), (5, 0, 5), (5, 7, 5), (5, 3, 3)]
)
def test_what_may_be_taken_is_the_persons_choice_within_the_policy(
    tmp_path: Path, most: int | None, chosen: int, in_force: int
) -> None:
    config = Config(tmp_path, tmp_path, MachinePolicy(download_kb_per_s=most, evidence_gb=most))
    changed = save_settings(config, download_kb_per_s=chosen, evidence_gb=chosen)
    assert (changed.speed_kb_per_s, changed.room_gb) == (in_force, in_force)


def test_what_is_chosen_about_downloads_is_kept(tmp_path: Path) -> None:
    changed = save_settings(
        load(tmp_path), download_kb_per_s=250, large_file_mb=50, evidence_gb=-1, waits_on_metered=False
    )
    assert load(tmp_path) == changed
    assert (changed.large_file_mb, changed.evidence_gb, changed.waits_on_metered) == (50, 0, False)


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "5", 10**9])
def test_a_policy_on_downloads_that_makes_no_sense_is_a_sentence(value: object) -> None:
    for name in ("download_kb_per_s", "evidence_gb"):
        with pytest.raises(KnownError, match=name) as caught:
            parse_policy({name: value})
        assert_refused(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"font_scale_percent": "big", "colour_scheme": 3}',
        b'{"font_scale_percent": true, "colour_scheme": "pink"}',
        b'{"font_scale_percent": 1e999, "colour_scheme": ["dark"]}',
    ],
)
def test_damaged_settings_cost_the_settings_not_the_start(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(raw)
    config = load(tmp_path)
    assert (config.font_scale_percent, config.colour_scheme) == (100, ColourScheme.SYSTEM)
    save_settings(config, colour_scheme=ColourScheme.LIGHT)
    assert load(tmp_path).colour_scheme is ColourScheme.LIGHT


@given(raw=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps(text).encode()))
def test_no_settings_file_stops_the_start(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "settings.json").write_bytes(raw)
    assert 90 <= load(folder).font_scale_percent <= 200


def test_a_failed_save_leaves_the_file_and_no_rubbish(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(OSError, match=r"settings\.json"):
        save_settings(load(tmp_path), font_scale_percent=120)
    assert os.listdir(tmp_path) == ["settings.json"]


# --- machine policy --------------------------------------------------------------------------

MANAGED = {
    "platform_origin": "https://Assess.Example.ORG/",
    "idle_lock_minutes": 15,
    "open_outside_allowed": False,
    "notifications_allowed": False,
    "of_a_newer_template": {"any": "thing"},
}


def test_no_policy_leaves_everything_to_the_person(tmp_path: Path) -> None:
    assert read_machine_policy(tmp_path / "none.json") == MachinePolicy(None, None, True, True)


@pytest.mark.parametrize("suffix", ["json", "plist"])
def test_a_policy_is_read_from_either_kind_of_file(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"policy.{suffix}"
    file.write_bytes(json.dumps(MANAGED).encode() if suffix == "json" else plistlib.dumps(MANAGED))
    expected = MachinePolicy("https://assess.example.org", 15, False, False)
    assert read_machine_policy(file) == expected
    assert load_config(data_dir=tmp_path, environ={}, policy=expected).policy == expected


def test_numbers_of_the_registry_are_switches() -> None:
    assert parse_policy({"open_outside_allowed": 0}).open_outside_allowed is False
    assert parse_policy({"open_outside_allowed": 1}).open_outside_allowed is True


def assert_refused(error: KnownError) -> None:
    assert "safe" in error.message
    assert "IT" in error.next_step


@pytest.mark.parametrize(
    ("raw", "is_plist"),
    [
        *((raw, False) for raw in (b"", b"{", b"[]", b"[" * 100_000, b"\xff\xfe\x00")),
        *((raw, True) for raw in (b"", b"<plist>", b"bplist00", plistlib.dumps([1]))),
    ],
)
def test_a_damaged_policy_is_a_sentence(raw: bytes, is_plist: bool) -> None:
    with pytest.raises(KnownError) as caught:
        decode_policy(raw, is_plist=is_plist)
    assert_refused(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("platform_origin", 3), ("platform_origin", ""), ("platform_origin", "assess.example.org")]
    + [
        ("platform_origin", f"https://{rest}")
        for rest in ("", "a.org/path", "u:p@a.org", "a.org?x", "a:b", "[::")
    ]
    + [("platform_origin", "http://assess.example.org"), ("platform_origin", "ftp://a.org")]
    + [("idle_lock_minutes", value) for value in (0, 481, -1, "15", 2.5, True)]
    + [("open_outside_allowed", value) for value in ("yes", 2, None, 0.0)]
    + [("notifications_allowed", "no")],
)
def test_a_policy_value_that_makes_no_sense_is_a_sentence(name: str, value: object) -> None:
    with pytest.raises(KnownError, match=name) as caught:
        parse_policy({name: value})
    assert_refused(caught.value)


@pytest.mark.parametrize(
    ("given_origin", "origin"),
    [
        ("https://a.org", "https://a.org"),
        ("https://a.org:8443/", "https://a.org:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_origins_have_one_form(given_origin: str, origin: str) -> None:
    assert parse_policy({"platform_origin": given_origin}).platform_origin == origin


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens no folders")
def test_a_policy_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be read") as caught:
        read_machine_policy(tmp_path)
    assert_refused(caught.value)
