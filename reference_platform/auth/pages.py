"""Pages that a person sees in her browser: sign in, why it is not possible, and the frame of all."""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action {targets}; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": POLICY.format(targets="'self' http://127.0.0.1:*"),
}
STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;"
    "margin:4rem auto;padding:0 1rem}label{display:block;margin-top:1rem}input,button{font:inherit;"
    "width:100%;padding:.5rem;box-sizing:border-box}button{margin-top:1.5rem}.alert{font-weight:bold}"
    ".code{font-family:ui-monospace,monospace;font-size:1.5rem;letter-spacing:.1em}"
)


def sign_in_page(*, login: str, failed: bool, redirect_uri: str = "") -> HTMLResponse:
    """The form for a local account; it posts back to its own address.

    Args:
        login: what to fill in.
        failed: an attempt was just refused.
        redirect_uri: where the browser goes from here.
    """
    alert = '<p class="alert" role="alert">Name or password is not right.</p>' if failed else ""
    body = (
        f'<h1>Sign in</h1>{alert}<form method="post">'
        '<label for="login">Name</label>'
        f'<input id="login" name="login" autocomplete="username" required value="{escape(login)}">'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required>'
        "<button>Sign in</button></form>"
    )
    made = page("Sign in", body, 403 if failed else 200)
    if redirect_uri.startswith("http://["):
        # No rule of a content policy can name an IPv6 address; where the browser goes was checked before.
        made.headers["Content-Security-Policy"] = POLICY.format(targets="'self' http:")
    return made


def refused_page(reason: str) -> HTMLResponse:
    """Why nobody can sign in from this address."""
    body = (
        "<h1>This sign-in cannot go on</h1>"
        f"<p>{escape(reason)}</p><p>Start it again from the workstation.</p>"
    )
    return page("Sign-in refused", body, 400)


def page(title: str, body: str, status: int) -> HTMLResponse:
    """A page around a body of HTML, with the headers that keep it out of caches and frames."""
    document = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    return HTMLResponse(document, status, headers=HEADERS)
