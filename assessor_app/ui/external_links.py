"""The only place that opens an address or a file in another program. It says first what that means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from assessor_app.ui.confirm import confirm

ALLOWED_SCHEMES = frozenset({"http", "https"})
MAX_ADDRESS_CHARS = 2048
translate = QCoreApplication.translate


def host_shown(untrusted_address: str) -> str | None:
    """The host of an address in ASCII (punycode); None if the address may not be opened.

    Only http and https with a host and without user name are opened: everything else can start programs,
    or looks like one address and leads to another.
    """
    if len(untrusted_address) > MAX_ADDRESS_CHARS or any(
        ord(character) < 0x21 or 0x7F <= ord(character) < 0xA0 for character in untrusted_address
    ):
        return None
    if "\\" in untrusted_address:
        return None  # browsers read it as a slash, others as part of the host
    url = QUrl(untrusted_address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in ALLOWED_SCHEMES or url.userInfo():
        return None
    host = bytes(QUrl.toAce(url.host()).data()).decode("ascii", "replace")
    return host or None


def open_external(
    untrusted_address: str,
    parent: QWidget,
    *,
    ask: Callable[[QWidget, str, str, str], bool] = confirm,
    open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
) -> bool:
    """Ask, then open an address that a learner gave in the system's browser.

    Args:
        untrusted_address: the address.
        parent: the window that asks.
        ask: asks the person (title, text, verb).
        open_url: hands the address to the system.

    Returns:
        Whether it was handed over.
    """
    host = host_shown(untrusted_address)
    if host is None:
        return False
    title = translate("ExternalLinks", "Open {host} in your browser?").format(host=host)
    text = translate(
        "ExternalLinks",
        "The learner gave this address. The site can see that somebody opened it, and your browser may be "
        "signed in there under your name.",
    )
    if not ask(parent, title, text, translate("ExternalLinks", "Open in browser")):
        return False
    return open_url(QUrl(untrusted_address, QUrl.ParsingMode.StrictMode))


def open_sign_in_page(address: str, *, open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl) -> bool:
    """Open the platform's own sign-in page: asked for by the person a moment ago, so without asking.

    Returns:
        Whether it was handed over; False for anything but http and https.
    """
    return host_shown(address) is not None and open_url(QUrl(address, QUrl.ParsingMode.StrictMode))


def open_network_page(origin: str, *, open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl) -> bool:
    """Open the page of a network that wants a sign-in of its own: asked for just now, so without asking.

    The platform's own host is asked for without encryption and without path: that is what such a network
    answers in its place, and nobody else hears of it.

    Args:
        origin: the platform's scheme, host and port.
        open_url: hands the address to the system.

    Returns:
        Whether it was handed over.
    """
    host = host_shown(origin)
    return host is not None and open_url(QUrl(f"http://{host}/", QUrl.ParsingMode.StrictMode))


def may_open_outside(
    name: str, parent: QWidget, *, ask: Callable[[QWidget, str, str, str], bool] = confirm
) -> bool:
    """Ask before a plain copy of a file is made.

    Args:
        name: the file's neutral name, in one line.
        parent: the window that asks.
        ask: asks the person (title, text, verb).
    """
    title = translate("ExternalLinks", "Open {name} in another program?").format(name=name)
    text = translate(
        "ExternalLinks",
        "A plain, read-only copy is written for it: the only file here that is not encrypted. It is deleted "
        "when the workstation is closed or locked, and looked for again when it is opened next. The other "
        "program may keep copies or names of its own. Marks cannot be made there.",
    )
    return ask(parent, title, text, translate("ExternalLinks", "Open outside"))


def hand_over(path: Path, *, open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl) -> bool:
    """Hand a file to the program that the system has for it; False when there is none."""
    return open_url(QUrl.fromLocalFile(str(path)))
