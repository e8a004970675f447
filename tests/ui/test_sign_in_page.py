"""The page that signs in: a browser that does not come back, and a code for another device."""

from __future__ import annotations

import pytest
import requests
from PySide6.QtGui import QGuiApplication
from sqlalchemy import select

from assessor_app.config import PASSPHRASE_VARIABLE
from assessor_app.desk.way import SignInWay
from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import ServerInfo
from assessor_app.ui import sign_in
from assessor_app.ui.sign_in import SignInPage
from assessor_app.ui.theme import Scheme, Theme
from reference_platform.models import DeviceGrant
from reference_platform.routes import sign_in as routes
from tests.contract.running import Running, lay, running, serving
from tests.contract.small_content import content
from tests.ui.desks import PASSPHRASE, Person, browse_later, press, words_on

ELSEWHERE = "Sign in on another device"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("platform") / "data"
    lay(folder, content)
    with serving() as server, running(server, folder) as platform:
        yield platform


@pytest.fixture
def person(qtbot, qapp, tmp_path, monkeypatch, served):
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    someone = Person(qtbot, theme, tmp_path / "profile")
    someone.origin = served.origin
    someone.make_key()
    yield someone
    someone.leave()


def page_of(person, browser=lambda _: None):
    """The page before a first sign-in, and what asks about a code."""
    desk = person.sit_down(SignInWay(account="anna", browser=browser))
    page = person.wait_gate(desk, SignInPage)
    return desk, page, desk._stretch.signing_in._elsewhere


def code_on(person, page) -> str:
    person.wait(lambda: "Type this code" in words_on(page))
    return page._code._code.text()


def confirm(platform: Running, code: str, answer: str = "allow") -> None:
    form = {"user_code": code, "login": "anna", "answer": answer}
    done = requests.post(f"{platform.origin}/oauth/device", data=form, timeout=10)
    assert done.status_code == 200, done.text


def test_a_code_that_is_confirmed_elsewhere_signs_in_and_everything_goes_on(person, served, qtbot):
    desk, page, asking = page_of(person)
    press(qtbot, page, ELSEWHERE)
    code = code_on(person, page)
    assert f"{served.origin}/oauth/device" == page._code._address.accessibleName()
    assert page._code._code.accessibleName() == "Code: " + " ".join(code)
    assert "Good for another 9:5" in words_on(page) or "10:00" in words_on(page)
    press(qtbot, page, "Copy address")
    assert QGuiApplication.clipboard().text() == f"{served.origin}/oauth/device?user_code={code}"
    asking.ask_now()
    person.wait(asking._timer.isActive)
    assert page._code.isVisible()
    confirm(served, code)
    asking.ask_now()
    person.wait_bar(desk, "Up to date")
    assert desk.window.gate() is None
    assert not asking._timer.isActive()
    person.wait(lambda: desk.window.inbox.model.total > 0)


def test_who_is_told_to_slow_down_asks_less_often(person, served, qtbot):
    _, page, asking = page_of(person)
    press(qtbot, page, ELSEWHERE)
    code_on(person, page)
    asking.ask_now()
    person.wait(asking._timer.isActive)
    assert asking._timer.interval() == 5_000
    asking.ask_now()  # the platform's clock stands still: too early
    person.wait(lambda: asking._timer.interval() == 10_000)


def test_a_code_whose_time_is_over_is_followed_by_a_new_one_with_one_press(person, served, qtbot):
    _, page, asking = page_of(person)
    press(qtbot, page, ELSEWHERE)
    first = code_on(person, page)
    served.clock.move(seconds=600)
    asking.ask_now()
    person.wait(lambda: "time of this code is over" in page.said())
    press(qtbot, page, "New code")
    second = code_on(person, page)
    assert second != first
    # It is over here, too, when nobody can be asked.
    page.show_code(second, "http://x", "http://x", 0)
    person.wait(lambda: "time of this code is over" in page.said())
    assert not asking._timer.isActive()


def test_a_no_elsewhere_is_said_and_changes_nothing(person, served, qtbot):
    _, page, asking = page_of(person)
    press(qtbot, page, ELSEWHERE)
    confirm(served, code_on(person, page), "deny")
    asking.ask_now()
    person.wait(lambda: "declined on the other device" in page.said())
    press(qtbot, page, ELSEWHERE)
    code_on(person, page)
    press(qtbot, page, "Cancel")
    assert not asking._timer.isActive()
    press(qtbot, page, "Sign in with your browser")


def test_offline_while_a_code_waits_is_said_and_asking_goes_on(person, tmp_path, qtbot):
    lay(tmp_path / "platform", content)
    with serving() as server, running(server, tmp_path / "platform") as platform:
        person.origin = platform.origin
        desk, page, asking = page_of(person)
        press(qtbot, page, ELSEWHERE)
        code = code_on(person, page)
    for pause_ms in (10_000, 20_000, 40_000, 60_000):
        asking.ask_now()
        person.wait(lambda: asking._timer.interval() == pause_ms)  # noqa: B023
    assert "goes on asking" in words_on(page)
    port = int(person.origin.rpartition(":")[2])
    with serving(port) as server, running(server, tmp_path / "platform") as platform:
        asking.ask_now()
        person.wait(lambda: "goes on by itself" in words_on(page))
        assert asking._timer.interval() == 5_000
        confirm(platform, code)
        asking.ask_now()
        person.wait_bar(desk, "Up to date")
        desk.window.close()


def test_a_platform_without_it_is_said(person, served, qtbot, monkeypatch):
    def without(**told):
        return ServerInfo(**told | {"device_authorization_endpoint": None})

    monkeypatch.setattr(routes, "ServerInfo", without)
    _, page, _ = page_of(person)
    press(qtbot, page, ELSEWHERE)
    person.wait(lambda: "has no sign-in on another device" in page.said())


def test_a_browser_that_does_not_come_back_is_waited_for_and_the_other_way_is_offered(
    person, served, qtbot, monkeypatch
):
    monkeypatch.setattr(sign_in, "PATIENCE_MS", 1)
    opened: list[str] = []
    desk, page, _ = page_of(person, opened.append)
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: "Nothing has come back" in page.said())
    person.wait(lambda: opened)
    browse_later(opened[0])
    person.wait_bar(desk, "Up to date")


def test_from_the_browser_to_the_code_without_a_wait(person, served, qtbot, monkeypatch):
    monkeypatch.setattr(sign_in, "PATIENCE_MS", 1)
    _, page, _ = page_of(person)
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: "Nothing has come back" in page.said())
    press(qtbot, page, ELSEWHERE)
    code_on(person, page)


def test_no_browser_at_all_is_said_at_once(person, served, qtbot):
    _, page, _ = page_of(person, lambda _: False)
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: "No browser could be opened" in page.said())
    press(qtbot, page, ELSEWHERE)
    code_on(person, page)


def test_a_no_in_the_browser_is_said_as_one(person, served, qtbot):
    person.role = Role.APPROVER  # which anna is not
    _, page, _ = page_of(person, browse_later)
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: "The platform did not sign you in" in page.said())


def test_closing_the_window_ends_the_asking_and_the_code_is_of_no_use(person, served, qtbot):
    def fetched() -> int:
        with served.platform.database.read() as session:
            return len(session.scalars(select(DeviceGrant).where(DeviceGrant.used_at.is_not(None))).all())

    before = fetched()
    desk, page, asking = page_of(person)
    press(qtbot, page, ELSEWHERE)
    confirm(served, code_on(person, page))
    desk.window.close()
    assert not asking._timer.isActive()
    assert fetched() == before
