"""One HTTP call to the platform, and what every kind of failure means.

Redirects are never followed, answers are read under a cap, and no address, token or body is logged.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy

import requests
import truststore
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
)

from assessor_app.clock import Clock
from assessor_app.sync import answer as answers
from assessor_app.sync import host_health, network_errors, strict_json
from assessor_app.sync.addresses import clean_origin
from assessor_app.sync.cutting import Cutter
from assessor_app.sync.host_health import HostHealth
from assessor_app.sync.network_errors import (
    AccessChanged,
    Busy,
    BusyStill,
    NotThePlatform,
    UnavailableStill,
    not_secure,
    offline,
    portal,
    sign_in_needed,
    unavailable,
    update_needed,
)
from assessor_app.sync.protocol import API_VERSION, HEALTH_PATH

Answer = answers.Answer
NothingSent = network_errors.NothingSent
UnknownEffect = network_errors.UnknownEffect
Portal = network_errors.Portal
Unavailable = network_errors.Unavailable
Intercepted = network_errors.Intercepted
"""What comes of a call; named here so that whoever makes one needs this module alone."""

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0
"""Seconds without a byte, not in total."""
ANSWER_TIMEOUT_S = 600.0
"""Seconds for a whole answer that is read at once: one byte now and then keeps nobody waiting for ever."""
USER_AGENT = "AssessorWorkstation"
"""The same for everybody: no version of system, library or language."""
CONTRACT_HEADER = "Contract-Version"
"""Says which version of the contract we speak, so that a platform can refuse one that it has left behind."""


class Transport:
    """Calls to one platform by one signed-in person; safe to use from several threads."""

    def __init__(
        self,
        origin: str,
        *,
        access_token: Callable[[], str | None] = lambda: None,
        renew_token: Callable[[str], str | None] = lambda _: None,
        cutter: Cutter | None = None,
        health: HostHealth | None = None,
        patience_s: tuple[float, float] | None = None,
    ) -> None:
        """Prepare calls to `origin`.

        Args:
            origin: scheme, host and port, without a path.
            access_token: gives the present token, or None when nobody is signed in.
            renew_token: given the token that was refused, gives a new one or None.
            cutter: shared with other transports that end at the same moment; its own if None.
            health: shared with other transports to the same platform; its own if None.
            patience_s: seconds for a connection, and without a byte; as ever if None.

        Raises:
            PlatformError: not an address of a platform, or plain http to another machine.
        """
        self.origin = clean_origin(origin)
        self._access_token = access_token
        self._renew_token = renew_token
        self._local = threading.local()
        self.cutter = cutter or Cutter()
        self._clock = Clock()
        self.health = health or HostHealth(self._clock)
        self._patience_s = patience_s or (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
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
            NothingSent, UnknownEffect, Portal, NotThePlatform: no answer of the platform.
            Intercepted: the secure connection cannot be trusted.
            SignInNeeded: the token was refused and cannot be renewed.
            ProtocolBroken: the answer is larger than any the contract knows.
        """
        with self.stream(method, path, body=body, headers=headers, signed_in=signed_in) as (answer, chunks):
            content, ends_s = bytearray(), self._clock.monotonic_s() + ANSWER_TIMEOUT_S
            for chunk in chunks:
                content += chunk
                if len(content) > strict_json.MAX_JSON_BYTES:
                    raise strict_json.broken("too large")
                if self._clock.monotonic_s() > ends_s:
                    raise offline(UnknownEffect, "It answers too slowly.")
            return Answer(answer.status, answer.headers, bytes(content), self.health.tally)

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
            is_asked_for = etag is not None and lower.get("etag") == etag
            self._learn(response.status_code, lower, is_asked_for=is_asked_for)
            yield Answer(response.status_code, lower, b"", self.health.tally), _chunks(response)
        finally:
            response.close()

    def look_for_platform(self) -> None:
        """Ask for a sign of life, without a token, where the last that answered was not the platform.

        Raises:
            Portal, Offline: it is not there yet.
        """
        if self.health.is_doubtful and not expect_ok(self.call("GET", HEALTH_PATH, signed_in=False)).is_json:
            raise portal(Portal)

    def _learn(self, status: int, headers: Mapping[str, str], *, is_asked_for: bool) -> None:
        """Tell the platform's answers from those of others, and learn from both."""
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        if not is_asked_for and _is_portal(status, kind):
            self.health.is_doubtful = True
            raise portal(Portal)
        if is_asked_for or status in _OWN_WITHOUT_JSON or kind.endswith("json"):
            self.health.note(status, headers)
        elif Answer(status, headers, b"").is_from_between:
            self.health.is_doubtful = True

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
        if self.health.busy_s() > 0:
            raise unavailable(BusyStill)
        if self.health.pause_s() > 0:
            raise unavailable(UnavailableStill)
        wanted = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
        wanted[CONTRACT_HEADER] = str(API_VERSION)
        wanted |= dict(headers or {})
        if token is not None:
            wanted["Authorization"] = f"Bearer {token}"
        try:
            return self._session().request(
                method,
                self.origin + path,
                data=body,
                headers=wanted,
                timeout=self._patience_s,
                allow_redirects=False,
                stream=True,
                # Without it `requests` would put what a file `.netrc` says in place of our token.
                auth=_as_it_is,
            )
        except requests.exceptions.SSLError as error:
            raise not_secure(error) from None
        except requests.exceptions.ConnectTimeout:
            raise offline(NothingSent, "It does not answer.") from None
        except requests.exceptions.ConnectionError as error:
            if _never_connected(error):
                raise offline(NothingSent, "There is no connection.") from None
            raise offline(UnknownEffect, "The connection broke.") from None
        except (OSError, HTTPError):
            # Everything else of `requests` is an OSError as well.
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


def retry_after_s(answer: Answer, now_s: float) -> float | None:
    """Seconds to wait by the Retry-After header, between 0 and 3,600; None without one."""
    return host_health.retry_after_s(answer.headers, now_s)


def expect_ok(answer: Answer) -> Answer:
    """The answer of a reading call if it is what was asked for.

    Raises:
        Busy, Unavailable: the platform is busy or out of order for now.
        NotThePlatform: something else answers at its address.
        UpdateNeeded: it does not take this version any more.
        AccessChanged: this account may not do that any more.
        ProtocolBroken: any other status than 200.
    """
    if answer.status == 200:
        return answer
    if answer.status == 429:
        raise unavailable(Busy)
    if answer.status in (408, 425) or answer.status >= 500:
        raise unavailable(Unavailable)
    if answer.is_from_between:
        raise offline(NotThePlatform, "Something else answers at its address.")
    if answer.status in (415, 426):
        raise update_needed(answer)
    if answer.status == 403:
        raise AccessChanged(
            "Your access to the platform has changed",
            "It does not let this account in. Everything you did is safe on this computer.",
            "Contact the team lead.",
        )
    raise strict_json.broken(f"status {answer.status}")


_CHUNK_BYTES = 65536
_PAGES = ("text/html", "application/xhtml+xml")
_PACKINGS = {"": 0, "identity": 0, "gzip": 31, "x-gzip": 31, "deflate": 15}
"""Known ways of packing, with zlib's number for them; 0 for none."""
_OWN_WITHOUT_JSON = frozenset({204, 206, 304, 401, 416, 429, 502, 503, 504})
"""Statuses that count as the platform's, or its front door's, whatever kind of body they carry."""


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """The body in pieces of at most 64 KiB, as they come, whatever they are packed to.

    We ask for unpacked answers. One that comes packed all the same is unpacked here, once, piece by piece:
    a piece may hold a thousand times as much. The library takes one that is cut within its packing for whole,
    and hands on as it is what it cannot unpack.
    """
    told = response.headers.get("Content-Encoding", "").strip().lower()
    if told not in _PACKINGS:
        raise strict_json.broken("packed in a way that nobody asked for")
    unpacker = zlib.decompressobj(_PACKINGS[told]) if _PACKINGS[told] else None
    try:
        # What has come is handed on at once: a cut then costs nothing of what arrived before it.
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=False):
            if unpacker is None:
                yield chunk
                continue
            while held := unpacker.decompress(chunk, _CHUNK_BYTES):
                yield held
                chunk = unpacker.unconsumed_tail
        if unpacker is not None and not unpacker.eof:
            raise EOFError
    except (OSError, HTTPError, zlib.error, EOFError):
        raise offline(UnknownEffect, "The connection broke.") from None


def _is_portal(status: int, kind: str) -> bool:
    is_redirect = 300 <= status < 400 and status != 304
    return status == 511 or is_redirect or (200 <= status < 300 and kind in _PAGES)


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Whether the request cannot have reached anybody; a name that is not found counts, too."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    return isinstance(cause, NewConnectionError | ConnectTimeoutError | ProxyError)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
