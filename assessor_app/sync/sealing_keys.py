"""Makes this profile's keys known to the platform, and fetches the platform's, before anybody is offline."""

from __future__ import annotations

from datetime import timedelta

from pydantic import ValidationError

from assessor_app.cache import sealing
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.errors import ProtocolBroken
from assessor_app.sync.transport import Transport, expect_ok
from assessor_app.sync.wire_base import read
from assessor_app.sync.wire_sealed import ProfileKeyOut

ASK_EVERY = timedelta(days=1)


def make_known(store: Store, transport: Transport, clock: Clock) -> None:
    """Tell the platform this profile's key, at most once a day; make another one where it was revoked.

    A platform that takes no files of unsent work is left alone.

    Raises:
        KnownError: no answer of the platform.
    """
    now = clock.now()
    with store.read() as txn:
        known = sealing.load(txn)
    if known is not None and known.asked_at is not None and abs(now - known.asked_at) < ASK_EVERY:
        return
    if known is None:
        with store.write() as txn:
            known = sealing.renew(txn, clock)
    answer = _tell(transport, known)
    if answer is not None and answer.is_revoked:
        with store.write() as txn:
            known = sealing.renew(txn, clock)
        answer = _tell(transport, known)
    with store.write() as txn:
        if answer is None or answer.is_revoked:
            sealing.keep_asked(txn, now)
        else:
            keys = answer.platform
            sealing.keep_answer(txn, now, answer.actor_id, keys.opening, keys.signing)


def _tell(transport: Transport, known: sealing.Sealing) -> ProfileKeyOut | None:
    signing = known.keys.signing_public.hex()
    answer = transport.call("PUT", f"/v1/me/sealing-keys/{signing}")
    if answer.is_from_between or answer.status == 429 or answer.status >= 500:
        # It did not say that it takes no files: it is asked again with the next sync.
        expect_ok(answer)
    if answer.status != 200:
        return None
    try:
        told, _ = read(ProfileKeyOut, answer.data())
    except (ValidationError, ProtocolBroken):
        return None
    return told if told.signing == signing else None
