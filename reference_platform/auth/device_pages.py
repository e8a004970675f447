"""The pages on which a person confirms a sign-in of her workstation: code, question, and what came of it."""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse

from assessor_app.domain.roles import SCOPES, Role
from reference_platform.auth.pages import page

NOT_KNOWN = "This code is not known, or its time is over. The workstation gives you a new one."
TOO_OFTEN = "Too many tries from here were wrong. Wait ten minutes, then try again."
NOT_RIGHT = "Name or password is not right."
NO_ROLE = "This account may not do what the workstation asks for. Nobody was signed in."
DOES = {
    SCOPES[Role.PREASSESSOR]: "pre-assess submissions",
    SCOPES[Role.ASSESSOR]: "assess submissions",
    SCOPES[Role.APPROVER]: "approve or return recommendations",
    SCOPES[Role.LEAD]: "lead calibration and answer questions of the team",
}
"""What each scope lets a workstation do, in words."""


def code_page(*, typed: str = "", alert: str = "", status: int = 200) -> HTMLResponse:
    """Where the short code is typed.

    Args:
        typed: what to fill in.
        alert: what was wrong with the last try.
        status: of the answer.
    """
    body = (
        f"<h1>Sign in on a workstation</h1>{_alert(alert)}"
        "<p>Type the code that your workstation shows.</p>"
        '<form method="post" action="/oauth/device"><label for="user_code">Code</label>'
        f'<input id="user_code" name="user_code" class="code" autocomplete="off" autocapitalize="characters" '
        f'spellcheck="false" maxlength="32" required value="{escape(typed)}"><button>Go on</button></form>'
    )
    return page("Sign in on a workstation", body, status)


def question_page(
    *, code: str, scope: str, place: str, minutes: int, login: str = "", alert: str = "", demo: bool = False
) -> HTMLResponse:
    """What is asked for and from where; yes and no each need the person's name and password.

    Args:
        code: the short code as the workstation shows it.
        scope: what is asked for.
        place: where it was asked for, in words.
        minutes: how long ago.
        login: what to fill in.
        alert: what was wrong with the last try.
        demo: an account that is named needs no password.
    """
    asked = "".join(f"<li>{escape(DOES[name])}</li>" for name in scope.split() if name in DOES)
    since = "just now" if minutes < 1 else "1 minute ago" if minutes == 1 else f"{minutes} minutes ago"
    needed = "" if demo else "required"
    body = (
        f"<h1>Sign in a workstation?</h1>{_alert(alert)}"
        f'<p>Your workstation must show this code:</p><p class="code">{escape(code)}</p>'
        f"<p>It asks, in your name, to</p><ul>{asked}</ul>"
        f"<p>Asked for {since}, from {escape(place)}. If you did not start this yourself, or somebody sent "
        "you the code, say no: whoever did would work in your name.</p>"
        '<form method="post" action="/oauth/device">'
        f'<input type="hidden" name="user_code" value="{escape(code)}">'
        '<label for="login">Name</label>'
        f'<input id="login" name="login" autocomplete="username" required value="{escape(login)}">'
        '<label for="password">Password</label><input id="password" name="password" type="password" '
        f'autocomplete="current-password" {needed}>'
        '<button name="answer" value="allow">Yes, sign in my workstation</button>'
        '<button name="answer" value="deny" class="no">No</button></form>'
    )
    return page("Sign in a workstation?", body, 403 if alert else 200)


def done_page(*, is_allowed: bool) -> HTMLResponse:
    """What came of the answer."""
    if is_allowed:
        title = "Your workstation is signed in"
        text = "It goes on by itself within a few seconds. You can close this page."
    else:
        title, text = "Nobody was signed in", "The workstation is told that you said no."
    return page(title, f"<h1>{title}</h1><p>{text}</p>", 200)


def _alert(text: str) -> str:
    return f'<p class="alert" role="alert">{escape(text)}</p>' if text else ""
