"""Opening and closing what the verbs work on: the store, the platform's transport, the render worker."""

from __future__ import annotations

from pathlib import Path

from assessor_app.cache import belonging
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.documents.converter import Converter
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.spelling import Speller
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError, StoreError
from assessor_app.services.context import Context
from assessor_app.services.recordings import recover as recover_recordings
from assessor_app.services.spelling import DICTIONARIES
from assessor_app.services.store_care import care_at_close, care_at_start
from assessor_app.services.syncing import recover
from assessor_app.sync.addresses import is_local
from assessor_app.sync.auth import transport_for
from assessor_app.sync.download_gate import DownloadGate
from assessor_app.sync.draft_gate import CopiesOff, DraftGate


def open_context(
    folder: Path,
    database_key: bytes,
    *,
    origin: str,
    role: Role,
    clock: Clock,
    copies_drafts: bool = True,
) -> Context:
    """Open one profile for work, and put back what was being sent when the program ended.

    Args:
        folder: the profile's folder.
        database_key: 32 raw bytes.
        origin: the platform.
        role: the role of this window.
        clock: time, ids and randomness.
        copies_drafts: whether drafts are copied to the platform; the manager of the computer may say no.

    Raises:
        StoreError: the store cannot be opened, or is another platform's.
    """
    store = Store.open(folder, database_key, clock=clock)
    try:
        _check_origin(store, origin)
    except KnownError:
        store.close()
        raise
    renderer = Renderer(clock=clock)
    renderer.warm_up()
    plain = PlainFolder(folder, clock)
    plain.sweep()
    context = Context(
        store=store,
        transport=transport_for(store, origin, clock),
        renderer=renderer,
        clock=clock,
        role=role,
        origin=origin,
        folder=folder,
        converter=Converter(plain, clock),
        speller=Speller(DICTIONARIES, clock),
        drafts=DraftGate(off=None if copies_drafts else CopiesOff.MACHINE),
        downloads=DownloadGate(clock),
    )
    recover(context)
    recover_recordings(context)
    care_at_start(context)
    return context


def _check_origin(store: Store, origin: str) -> None:
    """Refuse a store that was made for another platform: its work would be sent to the wrong one.

    Platforms on this computer itself, such as the demo's, are told apart by nothing that lasts.
    """
    with store.read() as txn:
        present = belonging.origin(txn)
    if present is None:
        with store.write() as txn:
            belonging.set_origin(txn, origin)
    elif present != origin and not (is_local(present) and is_local(origin)):
        raise StoreError(
            "This account belongs to another platform",
            f"Its work was made for {present}, not for {origin}, and is never sent anywhere else. "
            "Nothing was changed.",
            "Correct the platform's address in the list of accounts.",
        )


def interrupt(context: Context) -> None:
    """End calls and page work under way, so that the lanes can be closed at once; nothing new starts.

    A sending that is cut off stays in the queue and goes again under its own key.
    """
    context.transport.cut()
    context.downloads.end()
    context.renderer.close()
    if context.speller is not None:
        context.speller.close()


def close_context(context: Context) -> None:
    """End the workers and put the store to rest; call it when the lanes are closed."""
    context.renderer.close()
    if context.speller is not None:
        context.speller.close()
    PlainFolder(context.folder, context.clock).sweep()
    care_at_close(context)
    context.store.close()
