"""Unsent work that comes as a file: the keys for it, and the import."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from assessor_app.sync.wire_sealed import ImportOut, PlatformKeysOut, ProfileKeyOut
from assessor_app.vault.envelope import LARGEST_FILE_BYTES
from reference_platform import importing, sealing
from reference_platform.auth.bearer import SignedIn
from reference_platform.models import ProfileKey
from reference_platform.platform import platform_of
from reference_platform.problems import Problem

router = APIRouter(tags=["unsent work"])
SigningKey = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="Raw Ed25519 public key.")]
_FILE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/v1/import-key")
def import_key(request: Request, _: SignedIn) -> PlatformKeysOut:
    """The keys to which unsent work is sealed, and with which the answers to it are signed."""
    with platform_of(request).database.read() as session:
        return sealing.published(session)


@router.put("/v1/me/sealing-keys/{signing}")
def register_key(request: Request, actor: SignedIn, signing: SigningKey) -> ProfileKeyOut:
    """Make a profile's key known, so that files signed with it are the signed-in person's."""
    platform = platform_of(request)
    with platform.database.write() as session:
        return sealing.register(session, platform.clock.now(), actor, signing)


@router.delete("/v1/me/sealing-keys/{signing}")
def revoke_key(request: Request, actor: SignedIn, signing: SigningKey) -> ProfileKeyOut:
    """Take nothing more that was signed with one of the person's own keys."""
    platform = platform_of(request)
    with platform.database.write() as session:
        key = session.get(ProfileKey, signing)
        if key is None or key.actor_id != actor.actor_id:
            raise Problem(404, "not-found", "There is no such key among yours.")
        sealing.revoke(session, platform.clock.now(), actor.actor_id, signing)
        return sealing.told(session, key)


@router.post("/v1/imports", openapi_extra=_FILE)
async def import_work(request: Request, carrier: SignedIn) -> ImportOut:
    """Take a file of unsent work; anybody signed in may carry it, and its effects are its author's."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FILE_BYTES:
            raise importing.refusal("too-large")
    done = await importing.import_file(request.app, bytes(body), carrier)
    return done.summary
