"""The settings window: what is changed holds at once and is kept, and what the organisation fixed says so."""

from __future__ import annotations

import os
from typing import Any

import pytest

from assessor_app.config import MachinePolicy, load_config
from assessor_app.desk.downloads import limits_of
from assessor_app.desk.kept_settings import KeptSettings
from assessor_app.desk.settings_desk import SettingsDesk
from assessor_app.domain.downloads import Limits
from assessor_app.ui.settings.accounts import AccountsSection
from assessor_app.ui.settings.appearance import AppearanceSection
from assessor_app.ui.settings.downloads import DownloadsSection
from assessor_app.ui.settings.lock import LockSection
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme, Theme
from tests.ui.desks import words_on


@pytest.fixture
def lanes(qtbot):
    made = Lanes(None)
    yield made
    made.close()


def opened(qtbot, qapp, tmp_path, lanes, policy=MachinePolicy()):  # noqa: B008 - frozen
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    settings = KeptSettings(load_config(data_dir=tmp_path, policy=policy), lanes)
    desk = SettingsDesk(settings, theme, settings)
    desk.show(None, has_passphrase=False)
    window: Any = desk._window
    qtbot.addWidget(window)
    qtbot.waitExposed(window)
    return settings, {type(section): section for section in window.sections}, window


def choose(box, data) -> None:
    """As a person does: the index changes, and the choice is told."""
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def test_a_choice_holds_at_once_and_at_the_next_start(qtbot, qapp, tmp_path, lanes):
    settings, sections, _ = opened(qtbot, qapp, tmp_path, lanes)
    told: list[int] = []
    settings.changed.connect(lambda: told.append(settings.config.lock_minutes))
    assert sections[LockSection].minutes.currentText() == "After 15 minutes"
    choose(sections[LockSection].minutes, 5)
    sections[AccountsSection].asks.click()
    sections[LockSection].with_screen.click()
    assert told == [5, 5, 5]
    assert lanes.close()
    again = load_config(data_dir=tmp_path, policy=MachinePolicy())
    assert (again.lock_minutes, again.asks_which_account, again.locks_with_screen) == (5, True, False)


def test_what_downloads_may_take_is_hers_within_what_the_organisation_allows(qtbot, qapp, tmp_path, lanes):
    policy = MachinePolicy(download_kb_per_s=1000, evidence_gb=7)
    settings, sections, window = opened(qtbot, qapp, tmp_path, lanes, policy)
    section = sections[DownloadsSection]
    assert [section.speed.itemText(n) for n in range(section.speed.count())] == [
        "100 KB a second",
        "250 KB a second",
        "500 KB a second",
        "1 MB a second",
    ]
    assert (section.speed.currentText(), section.room.currentText()) == ("1 MB a second", "7 GB")
    window.names.setCurrentRow(3)
    assert "allows 1 MB a second at most" in words_on(section)
    choose(section.speed, 250)
    choose(section.large, 50)
    choose(section.room, 2)
    section.on_request.click()
    assert limits_of(settings.config) == Limits(250_000, 50_000_000, False, 2_000_000_000)
    assert lanes.close()
    again = load_config(data_dir=tmp_path, policy=policy)
    assert limits_of(again) == limits_of(settings.config)


def test_filling_it_changes_nothing(qtbot, qapp, tmp_path, lanes):
    _, _, window = opened(qtbot, qapp, tmp_path, lanes)
    told: list[dict[str, object]] = []
    window.changed.connect(told.append)
    config = load_config(data_dir=tmp_path, policy=MachinePolicy(idle_lock_minutes=7))
    window.show_config(config)
    assert told == []
    assert not (tmp_path / "settings.json").exists()


def test_what_the_organisation_fixed_says_so_and_cannot_be_exceeded(qtbot, qapp, tmp_path, lanes):
    policy = MachinePolicy(idle_lock_minutes=7, platform_origin="https://assess.example.org")
    _, sections, window = opened(qtbot, qapp, tmp_path, lanes, policy)
    minutes = sections[LockSection].minutes
    offered = [minutes.itemData(row) for row in range(minutes.count())]
    assert offered == [1, 2, 3, 5, 7]
    assert minutes.currentData() == 7
    window.names.setCurrentRow(1)
    assert "allows 7 minutes at most" in words_on(sections[LockSection])
    window.names.setCurrentRow(2)
    assert "allows https://assess.example.org alone" in words_on(sections[AccountsSection])


def test_the_look_follows_the_menu_and_the_menu_the_look(qtbot, qapp, tmp_path, lanes):
    _, sections, _ = opened(qtbot, qapp, tmp_path, lanes)
    look = sections[AppearanceSection]
    choose(look.scheme, Scheme.DARK.value)
    assert look._theme.scheme is Scheme.DARK
    look._theme.grow(+1)
    assert look.scale.currentData() == 110
    look._theme.apply(Scheme.LIGHT, 100)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_settings_that_cannot_be_kept_hold_and_say_so(qtbot, qapp, tmp_path, lanes):
    settings, _, _ = opened(qtbot, qapp, tmp_path / "not there", lanes)
    tmp_path.chmod(0o500)
    with qtbot.waitSignal(settings.trouble) as caught:
        settings.change(chosen_lock_minutes=3)
    tmp_path.chmod(0o700)
    assert "not kept" in caught.args[0].title
    assert settings.config.lock_minutes == 3


def test_large_text_is_never_cut_at_the_side(qtbot, qapp, tmp_path, lanes):
    _, _, window = opened(qtbot, qapp, tmp_path, lanes)
    names_px = window.names.width()
    Theme(qapp).apply(Scheme.LIGHT, 150)
    qtbot.waitUntil(lambda: window.names.width() > names_px)
    for row in range(window.names.count()):
        window.names.setCurrentRow(row)
        area = window._pages.currentWidget()
        qtbot.waitUntil(lambda area=area: area.horizontalScrollBar().maximum() == 0)
    assert window.width() <= window.screen().availableSize().width()
