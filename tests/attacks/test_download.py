"""A file comes through fifty cuts and kills with the right hash, and hardly a byte comes twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from attacks import download

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as on POSIX")


def test_a_file_comes_through_fifty_cuts(tmp_path: Path) -> None:
    assert download.run(download.SMALL, 1, tmp_path).broken == ()


def test_a_program_that_begins_anew_is_found_out(tmp_path: Path) -> None:
    figure = download.run(3, 1, tmp_path, is_forgetful=True)
    assert any("of the file's bytes were sent" in line for line in figure.broken)
