"""The folder of profiles is marked for the system to leave alone, as far as this system can show it."""

from __future__ import annotations

import errno
import os
import plistlib
import sys
from pathlib import Path

import pytest

from assessor_app import left_out
from assessor_app.services.profiles import listing


def test_a_mac_finds_both_marks_and_the_list_of_accounts_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[Path, str, bytes]] = []

    def note(path: Path, name: str, value: bytes) -> bool:
        given.append((path, name, value))
        return True

    monkeypatch.setattr(left_out, "set_attribute", note)
    for _ in range(2):
        assert left_out.leave_out(tmp_path, "darwin")
    assert [path.name for path in tmp_path.iterdir()] == [left_out.NEVER_INDEX]
    assert listing(tmp_path) == ()
    assert given[0][:2] == (tmp_path, "com.apple.metadata:com_apple_backup_excludeItem")
    assert given[0][2].startswith(b"bplist00")
    assert plistlib.loads(given[0][2]) == "com.apple.backupd"


@pytest.mark.skipif(not hasattr(os, "getxattr"), reason="read back with a call that Linux alone has")
def test_the_attribute_is_really_set(tmp_path: Path) -> None:
    try:
        os.setxattr(tmp_path, "user.try", b"")
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        pytest.skip("the disk keeps no attributes of users")
    assert left_out.set_attribute(tmp_path, "user.assessor", left_out.time_machine_value())
    assert os.getxattr(tmp_path, "user.assessor") == left_out.time_machine_value()


def test_a_system_that_refuses_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        assert not left_out.leave_out(tmp_path / "nowhere", "darwin")
        if sys.platform != "win32":
            assert not left_out.leave_out(tmp_path, "win32")
    assert "could not be asked" in caplog.text
    caplog.clear()
    assert not left_out.leave_out(tmp_path, "linux")
    assert caplog.text == ""
