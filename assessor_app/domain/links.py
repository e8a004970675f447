"""What the platform's looks at a link prove (rule 10). Unknown proves nothing, nor does being offline."""

from __future__ import annotations

from assessor_app.domain.submissions import Link, LinkCheck, LinkState

_ANSWERED = ("2", "3")
"""First digits of statuses with which a site lets somebody in, or leads on."""


def failed_checks(link: Link) -> tuple[LinkCheck, ...]:
    """The looks at which the link did not open, oldest first."""
    failed = [check for check in link.checks if not check.status.lstrip().startswith(_ANSWERED)]
    return tuple(sorted(failed, key=lambda check: check.at))


def may_be_marked(link: Link) -> bool:
    """Whether it may be called inaccessible: the platform says so, and has looked."""
    return link.state is LinkState.CLOSED and bool(failed_checks(link))


def is_confirmed(link: Link) -> bool:
    """Whether looks on two days agree; until then it is provisional."""
    days = {check.at.date() for check in failed_checks(link)}
    return link.state is LinkState.CLOSED and len(days) >= 2
