"""The doctor: what it says of a computer, and that it calls no work safe that is on this computer alone."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assessor_app import cli
from assessor_app.cache import conflicts, generation, sync_state
from assessor_app.cache.engine import Store
from assessor_app.config import Config
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.assessments import Assessment, Rating
from assessor_app.domain.conflicts import Conflict, ConflictKind
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.merging import WorkCopy
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState
from assessor_app.services import assessing, doctor
from assessor_app.services.context import Context
from assessor_app.services.doctor import Grade
from assessor_app.services.doctor_profiles import Looked, look_into
from assessor_app.services.doctor_report import as_lines, as_object
from assessor_app.services.profiles import Listed, find_or_create, listing
from assessor_app.services.versions import versions
from assessor_app.sync import auth
from assessor_app.sync.auth import transport_for
from assessor_app.vault import keys
from assessor_app.vault.keys import MasterKey, WrapCost
from tests.builders import FakeClock
from tests.contract.running import Running, Server, lasting_token, lay, running
from tests.contract.small_content import CRITERIA, NOW, content
from tests.integration.at_work import FIRST_ID, assess, synced

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "four words nobody guesses"
CHEAP = WrapCost(memory_kib=64, iterations=1, lanes=1)


class Computer:
    """A data folder with the account of somebody on a real platform."""

    def __init__(self, data: Path, platform: Running) -> None:
        """Set the account up."""
        self.data, self.platform, self.clock = data, platform, FakeClock(NOW)
        (data / "profiles").mkdir(parents=True)
        self.profile = find_or_create(data / "profiles", platform.origin, "anna", clock=self.clock)
        self.master: MasterKey = keys.create_key(
            self.profile.folder, self.profile.id, clock=self.clock, passphrase=PASSPHRASE, cost=CHEAP
        )

    @contextmanager
    def at_work(self) -> Iterator[Context]:
        """The account open, signed in, with everything from the platform."""
        store = Store.open(self.profile.folder, self.master.database_key(), clock=self.clock)
        with store.write() as txn:
            sync_state.set_secret(txn, auth.ACCESS, lasting_token("anna"))
        context = Context(
            store=store,
            transport=transport_for(store, self.platform.origin, self.clock),
            renderer=Renderer(clock=self.clock),
            clock=self.clock,
            role=Role.ASSESSOR,
            origin=self.platform.origin,
            folder=self.profile.folder,
        )
        synced(context)
        try:
            yield context
        finally:
            store.close()

    def killed(self, elsewhere: Path) -> Computer:
        """The same computer as a power cut would leave it now."""
        shutil.copytree(self.data, elsewhere)
        left = copy.copy(self)
        left.data = elsewhere
        return left

    def line(self) -> Listed:
        """The account as it is listed."""
        (line,) = listing(self.data / "profiles")
        return line

    def look(self, passphrase: str | None = PASSPHRASE) -> Looked:
        """What the doctor sees of it."""
        return look_into(self.line(), 1, self.clock, passphrase=passphrase)

    def digest(self) -> dict[str, str]:
        """Every file of the account; what SQLite shares between processes beside them is no file of it."""
        return {
            str(path.relative_to(self.data)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.data.rglob("*"))
            if path.is_file() and not path.name.endswith("-shm")
        }


@pytest.fixture
def computer(tmp_path: Path, server: Server) -> Iterator[Computer]:
    lay(tmp_path / "platform", content)
    with running(server, tmp_path / "platform") as platform:
        yield Computer(tmp_path / "data", platform)


def rate(context: Context) -> None:
    assessing.save_rating(context, FIRST_ID, Rating(CriterionId(CRITERIA[0]), "demonstrated"))


def test_only_what_the_platform_has_is_safe(computer: Computer, tmp_path: Path) -> None:
    with computer.at_work():
        pass
    before = computer.digest()
    assert computer.look().is_safe is True
    assert computer.digest() == before, "looking changed a file"
    with computer.at_work() as context:
        rate(context)
        # Also while the workstation has it open.
        alone = computer.look()
        assert alone.is_safe is False
        assert "1 draft has no copy on the platform" in alone.safety
        left = computer.killed(tmp_path / "killed")
        before = left.digest()
        assert any(name.endswith("-wal") for name in before)
        assert left.look().is_safe is False
        assert left.digest() == before, "looking changed what a killed program left"
        synced(context)
        assert computer.look().is_safe is True
        assess(context)
        assessing.send(context, FIRST_ID)
        waiting = computer.look()
        assert waiting.is_safe is False
        assert "1 thing is not sent" in waiting.safety
        synced(context)
    assert computer.look().is_safe is True


def test_what_is_to_be_compared_is_not_safe(computer: Computer) -> None:
    with computer.at_work() as context:
        mine = WorkCopy(Assessment(FIRST_ID, 1, AssessmentState.DRAFT, overall="Mine"))
        found = Conflict("c-1", FIRST_ID, 1, ConflictKind.DRAFT, context.clock.now(), mine)
        with context.store.write() as txn:
            conflicts.note(txn, found)
    looked = computer.look()
    assert looked.is_safe is False
    assert "1 thing is to be compared" in looked.safety


def test_what_cannot_be_looked_into_is_never_called_safe(computer: Computer) -> None:
    with computer.at_work():
        pass
    for passphrase in (None, "wrong"):
        found = computer.look(passphrase)
        assert found.is_safe is None
        assert found.grade != Grade.OK
    # It opens, and nothing seems to be alone in it; what was found damaged in it may have been.
    generation.mark_damaged(computer.profile.folder)
    damaged = computer.look()
    assert (damaged.is_safe, damaged.grade) == (False, Grade.PROBLEM)
    assert "its store is damaged" in damaged.safety
    store = computer.profile.folder / "store.db"
    content_before = store.read_bytes()
    store.write_bytes(content_before[:4096] + bytes(len(content_before) - 4096))
    broken = computer.look()
    assert broken.is_safe is not True
    assert broken.grade == Grade.PROBLEM
    store.unlink()
    assert computer.look().is_safe is None
    (computer.profile.folder / "profile.json").write_text("{")
    assert computer.look().is_safe is None


def test_what_is_said_of_the_whole_computer(
    computer: Computer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with computer.at_work() as context:
        rate(context)
    monkeypatch.setenv("ASSESSOR_PASSPHRASE", PASSPHRASE)
    status = cli.main(["doctor", "--json", "--data", str(computer.data)])
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert set(told) == {"schema", "at", "status", "safe_to_reimage", "versions", "checks"}
    assert told["safe_to_reimage"] is False
    by_id = {check["id"]: check for check in told["checks"]}
    assert set(by_id) == {
        *("folder", "disk", "connection", "clock", "account", "reimage", "keyring", "worker"),
        *("office", "display"),
    }
    assert {*by_id["worker"]} == {"id", "status", "profile", "sentence", "advice", "facts"}
    assert by_id["worker"]["status"] == "ok"
    assert by_id["connection"]["status"] == "ok"
    assert by_id["account"]["facts"]["is_signed_in"] is True
    assert by_id["reimage"]["facts"] == {"waiting": 0, "drafts_without_copy": 1, "to_compare": 0}
    # The platform of the tests lives in another year than this computer.
    assert by_id["clock"]["status"] in ("ok", "problem")
    assert status == {"ok": 0, "warning": 1, "problem": 2}[told["status"]]
    assert "anna" not in json.dumps(told)


def test_without_a_display_and_without_an_account(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    look = "import sys; from assessor_app import cli; cli.main(sys.argv[1:])"
    look += "; print([name for name in ('PySide6', 'sqlalchemy') if name in sys.modules])"
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-c", look, "--data", str(data), "doctor", "--platform", "http://127.0.0.1:9"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    lines = done.stdout.splitlines()
    assert lines[-1] == "[]", "what shows windows or reads stores was loaded, which is slow and in vain"
    assert lines[0] == "This computer is fit for the work, with something to know.", done.stdout + done.stderr
    assert lines[1].startswith("It is safe to set it up anew")
    assert "There is no display in this session" in done.stdout
    assert "The platform cannot be reached" in done.stdout
    assert not data.exists(), "something was written"


def test_a_folder_that_a_cloud_service_copies_does_not_fit(tmp_path: Path) -> None:
    assert doctor._folder(tmp_path / "profiles").grade is Grade.OK
    (tmp_path / ".dropbox").write_text("")
    assert doctor._folder(tmp_path / "profiles").grade is Grade.PROBLEM


def test_rules_that_cannot_be_read_are_a_problem_and_nothing_is_called_safe() -> None:
    found = doctor.Examination(FakeClock().now(), (), versions(), None)
    assert as_object(found)["safe_to_reimage"] is None
    assert as_lines(found)[1] == "It is not known whether it is safe to set it up anew."


def test_the_version_is_the_package_s_own() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert versions()["program"] == package["version"]
    assert "?" not in versions().values()


def test_the_disk_and_the_keychain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "TOO_LITTLE_BYTES", 10**18)
    assert doctor._disk(tmp_path).grade is Grade.PROBLEM
    assert doctor._keyring(Config(tmp_path, tmp_path)).grade is Grade.OK
