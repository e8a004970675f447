"""One HTTP call to the platform, and what every kind of failure means.

Redirects are never followed, answers are read under a cap, and no address, token or body is logged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import truststore
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from assessor_app.errors import Offline, PlatformError, ProtocolBroken, SignInNeeded
from assessor_app.sync import strict_json
from assessor_app.sync.addresses import clean_origin
from assessor_app.sync.cutting import Cutter

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0
"""Seconds without a byte, not in total."""
LONGEST_RETRY_AFTER_S = 3600.0
USER_AGENT = "AssessorWorkstation"
"""The same for everybody: no version of system, library or language."""


class NothingSent(Offline):
    """The connection was never made: the platform cannot have seen the request."""


class UnknownEffect(Offline):
    """The connection broke after the request left: the platform may have acted on it."""


class Portal(Offline):
    """A network that wants a sign-in of its own answered in place of the platform."""


class Unavailable(Offline):
    """The platform answered that it cannot answer now."""


class Intercepted(PlatformError):
    """The secure connection is not with the platform."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the platform."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def data(self) -> Any:
        """The body as plain data.

        Raises:
            ProtocolBroken: the body is not acceptable JSON.
        """
        return strict_json.parse(self.body)

    @property
    def is_json(self) -> bool:
        """Whether the answer says that it is JSON."""
        kind = self.headers.get("content-type", "").split(";")[0].strip().lower()
        return kind == "application/json" or kind.endswith("+json")

    @property
    def problem_code(self) -> str:
        """The `code` of a problem document (RFC 9457); empty if there is none."""
        if not self.is_json:
            return ""
        try:
            data = self.data()
        except ProtocolBroken:
            return ""
        code = data.get("code") if isinstance(data, dict) else None
        return code if isinstance(code, str) else ""


def offline(error: type[Offline], why: str) -> Offline:
    """An `Offline` error of the wanted kind; being offline is normal, so the words are calm."""
    return error(
        "The platform cannot be reached",
        f"{why} Your work is safe on this device and is sent when the connection is back.",
        "You can go on working.",
    )


class Transport:
    """Calls to one platform by one signed-in person; safe to use from several threads."""

    def __init__(
        self,
        origin: str,
        *,
        access_token: Callable[[], str | None] = lambda: None,
        renew_token: Callable[[str], str | None] = lambda _: None,
        cutter: Cutter | None = None,
    ) -> None:
        """Prepare calls to `origin`.

        Args:
            origin: scheme, host and port, without a path.
            access_token: gives the present token, or None when nobody is signed in.
            renew_token: given the token that was refused, gives a new one or None.
            cutter: shared with other transports that end at the same moment; its own if None.

        Raises:
            PlatformError: not an address of a platform, or plain http to another machine.
        """
        self.origin = clean_origin(origin)
        self._access_token = access_token
        self._renew_token = renew_token
        self._local = threading.local()
        self.cutter = cutter or Cutter()
        self._is_secure = self.origin.startswith("https:")
        if self._is_secure:
            truststore.inject_into_ssl()

    def cut(self) -> None:
        """End the calls under way, from any thread, and refuse new ones: the program is closing."""
        self.cutter.cut()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        signed_in: bool = True,
    ) -> Answer:
        """Make one call and read its whole answer, renewing the token once if it was refused.

        Returns:
            The answer, whatever its status.

        Raises:
            NothingSent, UnknownEffect, Portal: no answer of the platform.
            Intercepted: the secure connection cannot be trusted.
            SignInNeeded: the token was refused and cannot be renewed.
            ProtocolBroken: the answer is larger than any the contract knows.
        """
        with self.stream(method, path, body=body, headers=headers, signed_in=signed_in) as (answer, chunks):
            content = bytearray()
            for chunk in chunks:
                content += chunk
                if len(content) > strict_json.MAX_JSON_BYTES:
                    raise strict_json.broken("too large")
            return Answer(answer.status, answer.headers, bytes(content))

    @contextmanager
    def stream(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        signed_in: bool = True,
        etag: str | None = None,
    ) -> Iterator[tuple[Answer, Iterator[bytes]]]:
        """Like `call`, but the body comes as chunks of at most 64 KiB; the answer's `body` is empty.

        Args:
            method: as `call`.
            path: as `call`.
            body: as `call`.
            headers: as `call`.
            signed_in: as `call`.
            etag: the entity tag of what is asked for; an answer that names it is the platform's own, even if
                it is a page of HTML.
        """
        token = self._access_token() if signed_in else None
        if signed_in and token is None:
            raise sign_in_needed()
        response = self._send(method, path, body, headers, token)
        if response.status_code == 401 and signed_in and token is not None:
            response.close()
            token = self._renew_token(token)
            if token is None:
                raise sign_in_needed()
            response = self._send(method, path, body, headers, token)
            if response.status_code == 401:
                response.close()
                raise sign_in_needed()
        try:
            lower = {name.lower(): value for name, value in response.headers.items()}
            if etag is None or lower.get("etag") != etag:
                _refuse_portal(response.status_code, lower)
            yield Answer(response.status_code, lower, b""), _chunks(response)
        finally:
            response.close()

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        token: str | None,
    ) -> requests.Response:
        if self.cutter.is_cut:
            raise offline(NothingSent, "The profile is being closed.")
        wanted = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
        wanted |= dict(headers or {})
        if token is not None:
            wanted["Authorization"] = f"Bearer {token}"
        try:
            return self._session().request(
                method,
                self.origin + path,
                data=body,
                headers=wanted,
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
                # Without it `requests` would put what a file `.netrc` says in place of our token.
                auth=_as_it_is,
            )
        except requests.exceptions.SSLError as error:
            raise _not_trusted(error) from None
        except requests.exceptions.ConnectTimeout:
            raise offline(NothingSent, "It does not answer.") from None
        except requests.exceptions.ConnectionError as error:
            if _never_connected(error):
                raise offline(NothingSent, "There is no connection.") from None
            raise offline(UnknownEffect, "The connection broke.") from None
        except requests.exceptions.RequestException:
            raise offline(UnknownEffect, "The connection broke.") from None

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = self._is_secure
            for scheme in ("http://", "https://"):
                session.mount(scheme, self.cutter.adapter())
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            self._local.session = session
        return session


def sign_in_needed() -> SignInNeeded:
    """The error for a session that has ended."""
    return SignInNeeded(
        "Sign in again to send and receive",
        "Your sign-in has ended. Everything you did is safe on this device and you can go on working.",
        "Sign in when it suits you.",
    )


def retry_after_s(answer: Answer, now_s: float) -> float | None:
    """Seconds to wait by the Retry-After header, between 0 and 3,600; None without one.

    Args:
        answer: the platform's answer.
        now_s: the present time in seconds since the epoch, for a header that names a date.
    """
    value = answer.headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment.timestamp() - now_s, 0.0), LONGEST_RETRY_AFTER_S)


def expect_ok(answer: Answer) -> Answer:
    """The answer of a reading call if it is what was asked for.

    Raises:
        Unavailable: the platform is busy or out of order for now.
        PlatformError: this account may not do that any more.
        ProtocolBroken: any other status than 200.
    """
    if answer.status == 200:
        return answer
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise Unavailable(
            "The platform is not available right now",
            "Your work is safe on this device, and the workstation tries again by itself.",
            "You can go on working.",
        )
    if answer.status == 403:
        raise PlatformError(
            "Your access to the platform has changed",
            "It does not let this account in. Everything you did is safe on this device.",
            "Contact the team lead.",
        )
    raise strict_json.broken(f"status {answer.status}")


def _chunks(response: requests.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_content(65536)
    except requests.exceptions.RequestException:
        raise offline(UnknownEffect, "The connection broke.") from None


def _refuse_portal(status: int, headers: Mapping[str, str]) -> None:
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if status == 511 or (300 <= status < 400 and status != 304) or (status == 200 and kind == "text/html"):
        raise Portal(
            "This network wants you to sign in first",
            "Something other than the platform answered. Your work is safe on this device.",
            "Open a browser, sign in to the network, and the workstation goes on by itself.",
        )


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Whether the request cannot have reached anybody; a name that is not found counts, too."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    return isinstance(cause, NewConnectionError | ConnectTimeoutError | ProxyError)


def _not_trusted(error: requests.exceptions.SSLError) -> Intercepted:
    """Say what is likely: a wrong clock, or somebody between; there is never a way to go on regardless."""
    text = str(error)
    if "has expired" in text or "not yet valid" in text:
        return Intercepted(
            "The secure connection cannot be trusted",
            "By this computer's clock the platform's certificate is not valid today: the clock may be wrong. "
            "Nothing was sent; your work is safe on this device.",
            "Check date and time of this computer, then try again.",
        )
    return Intercepted(
        "The secure connection cannot be trusted",
        "This network intercepts secure connections. Nothing was sent; your work is safe on this device.",
        "Try another network, or ask your administrator.",
    )


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
