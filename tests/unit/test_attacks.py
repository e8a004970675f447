"""The command that runs one attack: it lists them, runs one, and says whether the promises held."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from attacks import __main__ as command
from attacks._figure import Figure


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """An attack that breaks a promise for every count above two."""
    module = ModuleType("attacks.made_up")

    def run(count: int, seed: int, folder: Path) -> Figure:
        assert list(folder.iterdir()) == []
        return Figure((f"{count} cycles with {seed}",), ("one was lost",) if count > 2 else ())

    vars(module).update(TITLE="made up", SMALL=2, LARGE=3, run=run)
    monkeypatch.setitem(sys.modules, "attacks.made_up", module)
    monkeypatch.setattr(command, "names", lambda: ("made_up",))
    return module


@pytest.mark.usefixtures("made_up")
def test_an_attack_is_run_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["made_up", "--seed", "7"]) == 0
    said = capsys.readouterr().out
    assert "2 cycles with 7" in said
    assert "held in" in said
    assert command.main(["made_up", "--large"]) == 1
    assert "BROKEN: one was lost" in capsys.readouterr().out


@pytest.mark.usefixtures("made_up")
def test_without_a_name_they_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 0
    assert "made_up" in capsys.readouterr().out


def test_every_attack_has_what_the_command_needs() -> None:
    for name in command.names():
        module = importlib.import_module(f"attacks.{name}")
        assert module.TITLE
        assert 0 < module.SMALL < module.LARGE
        assert callable(module.run)
