"""A sign-in that ends anywhere stops nothing but the network, and everything goes on by itself afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from assessor_app.cache import sealing, sync_state
from assessor_app.domain.assessments import CriterionFeedback
from assessor_app.domain.claims import ClaimAnswer
from assessor_app.domain.ids import CriterionId, MicrocredentialId, SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.errors import SignInNeeded
from assessor_app.services import assessing, claiming, reading, syncing, unsent_carrying, unsent_export
from assessor_app.services.context import Context
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.sync import browser_sign_in
from assessor_app.sync.auth import ACCESS, REFRESH
from assessor_app.sync.draft_gate import DraftGate
from assessor_app.sync.transport import Transport
from assessor_app.ui.sync_words import words_of
from reference_platform.models import Account, Draft, Recommendation, Token
from tests.builders import FakeClock
from tests.contexts import context_in
from tests.contract.running import Running
from tests.contract.small_content import CRITERIA, RESUBMISSION
from tests.integration.at_work import FIRST_ID, assess, sync
from tests.ui.desks import browse_later

OTHER_ID = SubmissionId(RESUBMISSION)
Fits = Callable[[str, str], bool]


@pytest.fixture
def new(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Context]:
    """A new machine: signed in, and nothing fetched yet."""
    context = replace(
        context_in(tmp_path / "new", Role.ASSESSOR, clock, origin=platform.origin), drafts=DraftGate()
    )
    sign_in(context)
    yield context
    context.store.close()


def sign_in(context: Context) -> None:
    """As in the window, with a browser that needs no looking at."""
    syncing.sign_in(context, open_browser=browse_later, login_hint="anna")


def end_all(platform: Running) -> None:
    """Every sign-in of hers ends on the platform, refresh tokens and all."""
    with platform.platform.database.write() as session:
        session.execute(
            update(Token).where(Token.actor_id == "a-anna").values(revoked_at=platform.clock.now())
        )


def close_account(platform: Running, *, closed: bool) -> None:
    with platform.platform.database.write() as session:
        session.execute(update(Account).where(Account.login == "anna").values(disabled=closed))


@contextmanager
def before(fits: Fits, act: Callable[[], None]) -> Iterator[list[str]]:
    """Let something happen on the platform just before the first call that fits leaves; tells which."""
    original, seen = Transport._send, list[str]()

    def send(self: Transport, method: str, path: str, *rest: Any) -> Any:
        if not seen and fits(method, path):
            seen.append(path)
            act()
        return original(self, method, path, *rest)

    Transport._send = send  # type: ignore[method-assign, assignment]
    try:
        yield seen
    finally:
        Transport._send = original  # type: ignore[method-assign]


PLACES: dict[str, Fits] = {
    "send": lambda method, path: method == "PUT" and "/recommendations/" in path,
    "import key": lambda _, path: "key" in path,
    "pull": lambda _, path: path.startswith("/v1/sync"),
    "draft copy": lambda _, path: path.endswith("/draft"),
    "download": lambda _, path: path.endswith("/content"),
}


def number_of(platform: Running, table: type[Recommendation | Draft]) -> int:
    with platform.platform.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def work_goes_on(context: Context, words: str) -> None:
    """Something is written, and it is there."""
    criterion = CriterionId(CRITERIA[0])
    assessing.save_feedback(context, OTHER_ID, CriterionFeedback(criterion, words))
    kept = reading.open_submission(context, OTHER_ID).assessment.feedback
    assert words in [feedback.text for feedback in kept]


def said(status: SyncStatus) -> str:
    return words_of(status).text


@pytest.mark.parametrize("place", ["send", "import key", "pull", "draft copy"])
def test_wherever_a_sign_in_ends_work_goes_on_and_everything_leaves_after_the_next(
    new: Context, platform: Running, place: str
) -> None:
    assert sync(new).state is SyncState.UP_TO_DATE
    before_all = number_of(platform, Recommendation)
    assess(new)
    assessing.send(new, FIRST_ID)
    work_goes_on(new, "Begun before.")
    with new.store.write() as txn:
        sealing.renew(txn, new.clock)  # so that the platform's key is asked for
    with before(PLACES[place], lambda: end_all(platform)) as seen:
        status = sync(new)
    assert seen
    assert status.state is SyncState.SIGN_IN
    wanted = "to send 1 item" if place == "send" else "to receive what is new"
    assert said(status) == f"Sign in again {wanted}. You can go on working."
    assert not syncing.is_signed_in(new)
    # At the next start it is known without a call, with the same words.
    asked = syncing.sign_in_wanted(new)
    assert asked is not None
    assert said(asked) == said(status)
    work_goes_on(new, "Written meanwhile.")
    sign_in(new)
    assert sync(new).state is SyncState.UP_TO_DATE
    assert number_of(platform, Recommendation) == before_all + 1
    assert number_of(platform, Draft) == 1


def test_a_download_that_meets_the_end_goes_on_after_the_next_sign_in(
    new: Context, platform: Running
) -> None:
    with before(PLACES["download"], lambda: end_all(platform)) as seen:
        assert sync(new).state is SyncState.SIGN_IN
    assert seen
    work_goes_on(new, "Written meanwhile.")
    sign_in(new)
    status = sync(new)
    assert (status.state, status.done) == (SyncState.UP_TO_DATE, status.total)


def test_claiming_without_a_sign_in_claims_nothing_and_says_so(new: Context, platform: Running) -> None:
    sync(new)
    end_all(platform)
    wanted = {MicrocredentialId("mc-think-alouds"): 1}
    with pytest.raises(SignInNeeded, match="Everything you did is safe"):
        claiming.claim(new, wanted)
    work_goes_on(new, "Written meanwhile.")
    sign_in(new)
    (outcome,) = claiming.claim(new, wanted)
    # The platform was asked, and gives her nothing that she has seen before.
    assert outcome.answer is ClaimAnswer.CONFLICT


def test_a_file_that_cannot_be_handed_in_now_is_handed_in_after_the_next_sign_in(
    new: Context, platform: Running, tmp_path: Path
) -> None:
    sync(new)
    assess(new)
    assessing.send(new, FIRST_ID)
    file, receipts = tmp_path / "work.awsealed", tmp_path / "receipts.awsealed"
    unsent_export.export(new, file)
    end_all(platform)
    with pytest.raises(SignInNeeded):
        unsent_carrying.carry(new, file, receipts)
    assert not receipts.exists()
    sign_in(new)
    assert unsent_carrying.carry(new, file, receipts).taken == 1
    assert receipts.exists()


def test_two_things_wait_and_the_bar_counts_them(new: Context, platform: Running) -> None:
    sync(new)
    end_all(platform)
    for submission_id in (FIRST_ID, OTHER_ID):
        assess(new, submission_id)
        assessing.send(new, submission_id)
    assert said(sync(new)) == "Sign in again to send 2 items. You can go on working."


def test_an_account_that_is_closed_meanwhile_keeps_its_work_and_goes_on_when_it_is_open_again(
    new: Context, platform: Running
) -> None:
    sync(new)
    before_all = number_of(platform, Recommendation)
    assess(new)
    assessing.send(new, FIRST_ID)
    close_account(platform, closed=True)
    assert said(sync(new)) == "Your access has changed. Contact the team lead."
    work_goes_on(new, "Written meanwhile.")
    # With the token's time over as well, it looks like any ended sign-in; the page then says no.
    platform.clock.move(seconds=900)
    new.clock.advance(3600)  # type: ignore[attr-defined]
    assert sync(new).state is SyncState.SIGN_IN
    with pytest.raises(SignInNeeded, match="not finished"):
        browser_sign_in.sign_in(
            new.store,
            new.origin,
            (Role.ASSESSOR,),
            clock=new.clock,
            open_browser=lambda _: None,
            cancelled=lambda: True,
        )
    with new.store.read() as txn:
        assert sync_state.get_secret(txn, ACCESS) is None
        assert sync_state.get_secret(txn, REFRESH) is None
    close_account(platform, closed=False)
    sign_in(new)
    new.clock.advance(3600)  # type: ignore[attr-defined]
    assert sync(new).state is SyncState.UP_TO_DATE
    assert number_of(platform, Recommendation) == before_all + 1
