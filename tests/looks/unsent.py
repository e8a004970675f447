"""Unsent work as files, and a person's own work as a page: each dialog, before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assessor_app.cache import sealing
from assessor_app.desk.unsent import UnsentDesk
from assessor_app.domain.changes import ChangeSet
from assessor_app.services import assessing, unsent_export
from assessor_app.services.unsent_answers import AnswersReport
from assessor_app.services.unsent_carrying import CarriedReport
from assessor_app.ui.sending.draft_dialog import DraftDialog
from assessor_app.ui.sending.unsent_dialog import CarryDialog, ReceiptsDialog, UnsentDialog
from assessor_app.ui.sign_in import SignInPage
from assessor_app.vault.envelope import SealingKeys
from tests.evidence_desk import pause
from tests.looks import demo_work as demo
from tests.looks.afterwards import put_sent
from tests.looks.judging import finish
from tests.looks.stage import SETTLE_MS, Stage


def _wait_to_send(stage: Stage, *, can_seal: bool = True) -> None:
    """One sent, one waiting to be sent, and the platform's key at hand or not."""
    put_sent(stage)
    made = stage.put("S-7K2M")
    finish(stage, made)
    assessing.send(stage.context, made.id)
    with stage.context.store.write() as txn:
        sealing.renew(txn, stage.context.clock)
        if can_seal:
            platform = SealingKeys.of(bytes(range(64)))
            opening, signing = platform.opening_public.hex(), platform.signing_public.hex()
            sealing.keep_answer(txn, stage.context.clock.now(), "a-1", opening, signing)


def _asked(stage: Stage) -> UnsentDialog:
    window = stage.sit_down()
    what = unsent_export.content(stage.context)
    target = str(Path("/home/you/Documents") / unsent_export.proposed_name(demo.NOW))
    dialog = UnsentDialog(stage.lanes, what, demo.NOW, window, ask_path=lambda *_: target)
    dialog.show()
    pause(SETTLE_MS)
    return dialog


def unsent_asked(stage: Stage) -> None:
    """What would be in the file, and who can read it."""
    _wait_to_send(stage)
    _asked(stage)


def unsent_without_key(stage: Stage) -> None:
    """The platform's key is not here yet."""
    _wait_to_send(stage, can_seal=False)
    _asked(stage)


def unsent_written(stage: Stage) -> None:
    """Written, marked in the list, and what to do with it."""
    _wait_to_send(stage)
    report = unsent_export.export(stage.context, stage.folder / unsent_export.proposed_name(demo.NOW))
    dialog = _asked(stage)
    dialog.tell(report)
    stage.window.show_place("waiting")
    pause(SETTLE_MS)


def unsent_receipts(stage: Stage) -> None:
    """What a file of receipts did."""
    _wait_to_send(stage)
    window = stage.sit_down()
    dialog = ReceiptsDialog(stage.lanes, window)
    dialog.show()
    dialog.tell(AnswersReport(3, 1, 0, 0, ChangeSet()))
    pause(SETTLE_MS)


def unsent_carried(stage: Stage) -> None:
    """Somebody's file was handed in."""
    window = stage.sit_down()
    dialog = CarryDialog(stage.lanes, window)
    dialog.show()
    dialog.tell(CarriedReport(3, 1, 2, stage.folder / "receipts for unsent-work.awsealed"))
    pause(SETTLE_MS)


def unsent_sign_in(stage: Stage) -> None:
    """Signing in is asked for, and work waits."""
    _wait_to_send(stage)
    window = stage.sit_down()
    UnsentDesk(window, stage.lanes, stage.context.clock, window)
    window.show_gate(SignInPage("assess.example.org", has_work=True, has_unsent=True))
    pause(SETTLE_MS)


def unsent_own_work(stage: Stage) -> Any:
    """A person's own work as a page."""
    made = stage.put("S-4TNB")
    finish(stage, made)
    stage.open(made)
    stage.command("work.export")
    dialog = stage.window.findChild(DraftDialog)
    assert isinstance(dialog, DraftDialog)
    return dialog


UNSENT = {
    "unsent-asked": unsent_asked,
    "unsent-without-key": unsent_without_key,
    "unsent-written": unsent_written,
    "unsent-receipts": unsent_receipts,
    "unsent-carried": unsent_carried,
    "unsent-sign-in": unsent_sign_in,
    "unsent-own-work": unsent_own_work,
}
"""Unsent work as files, by the name of the picture."""
