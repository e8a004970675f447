"""What is said about a link: how it stands, what each look found, what proves that it does not open."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from assessor_app.domain.links import failed_checks, is_confirmed
from assessor_app.domain.submissions import Link, LinkCheck, LinkState
from assessor_app.ui.plain_text import one_line

translate = QCoreApplication.translate


def state_title(link: Link) -> str:
    """How a link stands, in a few words."""
    if link.state is LinkState.OPENS:
        return translate("LinkView", "Opens")
    if link.state is LinkState.UNKNOWN:
        return translate("LinkView", "Not known whether it opens")
    if is_confirmed(link):
        return translate("LinkView", "Does not open, seen on two days")
    return translate("LinkView", "Does not open, provisionally")


def state_words(link: Link) -> str:
    """What that means for judging."""
    if link.state is LinkState.OPENS:
        return translate("LinkView", "It opened when the platform looked.")
    if link.state is LinkState.UNKNOWN:
        return translate(
            "LinkView",
            "The site asked for consent or a sign-in, or kept the platform out. That proves nothing, and so "
            "it cannot be marked as inaccessible. Nor does it prove anything if it does not open for you.",
        )
    if is_confirmed(link):
        return translate(
            "LinkView",
            "It did not open when the platform looked, and a second look on another day agreed.",
        )
    return translate(
        "LinkView",
        "It did not open when the platform looked. You may mark it as inaccessible now; that counts only "
        "once a second look on another day agrees. If it opens then, the work comes back to you.",
    )


def check_words(check: LinkCheck) -> str:
    """One look of the platform: when, and what it found."""
    text = translate("LinkView", "Looked at {when}: {status}")
    return text.format(when=_when(check.at), status=found_words(check.status))


def found_words(status: str) -> str:
    """What a look found, in words; numbers are those of the web (RFC 9110), words stay as they are."""
    words = {
        "2": translate("LinkView", "the site answered"),
        "3": translate("LinkView", "it led elsewhere"),
        "401": translate("LinkView", "it asked for a sign-in"),
        "403": translate("LinkView", "it let nobody in"),
        "404": translate("LinkView", "there was nothing"),
        "410": translate("LinkView", "it was taken away"),
        "4": translate("LinkView", "the site refused"),
        "5": translate("LinkView", "the site was out of order"),
    }
    if not (len(status) == 3 and status.isdecimal()):
        return one_line(status)
    return words.get(status) or words.get(status[0]) or one_line(status)


def snapshot_words(link: Link) -> str:
    """What was captured, and whether comments are in it."""
    if link.snapshot is None:
        return translate("LinkView", "The platform has no snapshot of it.")
    if link.comments_captured is None:
        return translate("LinkView", "The platform kept a snapshot. Whether comments are in it is not known.")
    if link.comments_captured:
        return translate("LinkView", "The platform kept a snapshot. It holds the comments on the page.")
    return translate(
        "LinkView",
        "The platform kept a snapshot. It does not hold comments: there may be some that are not seen "
        "here, so none counts as missing.",
    )


def proof_note(link: Link, host: str) -> str:
    """The note that goes with a link marked as inaccessible: its host, and each look with its time in UTC."""
    looks = "; ".join(
        translate("LinkView", "{when} UTC ({status})").format(
            when=check.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"), status=one_line(check.status)
        )
        for check in failed_checks(link)
    )
    name = one_line(link.title) or host or one_line(link.url)
    text = translate("LinkView", "The link “{name}” did not open: the platform looked at {looks}.")
    note = text.format(name=name, looks=looks)
    if is_confirmed(link):
        return note
    return f"{note} " + translate("LinkView", "Provisional until a second look on another day agrees.")


def _when(moment: datetime) -> str:
    """A time in the person's zone and words."""
    shown = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    time = QLocale().toString(shown.time(), QLocale.FormatType.ShortFormat)
    return f"{QLocale().toString(shown.date(), 'd MMM yyyy')}, {time}"
