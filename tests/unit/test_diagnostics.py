"""No token, key or address reaches the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor_app.diagnostics import LOG_NAME, RedactingFormatter, redact, start_logging

SECRET = "s3cr3t-V4lue_x.y"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {SECRET}",
        f"authorization: bearer {SECRET}",
        f"{{'Authorization': 'Bearer {SECRET}'}}",
        f"grant_type=refresh_token&refresh_token={SECRET}&client_id=x",
        f"/cb?code={SECRET}&state={SECRET}",
        f'{{"access_token": "{SECRET}", "refresh_token": "{SECRET}"}}',
        f"{{'code_verifier': '{SECRET}'}}",
        f"https://assess.example.org/v1/{SECRET}?sig={SECRET}",
        f"https://someone:{SECRET}@assess.example.org/x",
        f"HTTPSConnectionPool(host='a', port=443): Max retries exceeded with url: /v1/{SECRET} (Caused by x)",
        f'http://127.0.0.1:80 "GET /v1/sync?cursor={SECRET} HTTP/1.1" 200 None',
        "PRAGMA key = x'" + "ab" * 32 + "'",
    ],
)
def test_what_is_secret_is_taken_out(text: str) -> None:
    told = redact(text)
    assert SECRET not in told
    assert "abab" not in told
    assert told != text


@pytest.mark.parametrize(
    "text", ["Sync ended after 3 pages", "submission 0196-aa: set aside", "status 503", "no state: idle"]
)
def test_what_is_not_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_a_traceback_is_redacted_too() -> None:
    try:
        raise ValueError(f"https://x.example.org/{SECRET}")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "Bearer %s", (SECRET,), info)
    told = RedactingFormatter("%(message)s").format(record)
    assert SECRET not in told
    assert "ValueError" in told


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    root, quiet = logging.getLogger(), logging.getLogger("urllib3")
    before = (list(root.handlers), root.level, quiet.level)
    yield
    for handler in set(root.handlers) - set(before[0]):
        handler.close()
        root.removeHandler(handler)
    root.setLevel(before[1])
    quiet.setLevel(before[2])


@pytest.mark.usefixtures("logging_as_before")
def test_the_file_holds_what_was_said_without_secrets(tmp_path: Path) -> None:
    start_logging(tmp_path / "logs", level=logging.DEBUG)
    logging.getLogger("assessor_app.test").info("Renewed, Bearer %s", SECRET)
    logging.getLogger("urllib3.connectionpool").debug("GET /%s", SECRET)
    text = (tmp_path / "logs" / LOG_NAME).read_text("utf-8")
    assert "Renewed, Bearer [token]" in text
    assert SECRET not in text
    assert "urllib3" not in text


@pytest.mark.usefixtures("logging_as_before")
def test_a_folder_that_cannot_be_written_costs_the_log_alone(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file stands in the way")
    start_logging(tmp_path / "logs")
    logging.getLogger("assessor_app.test").info("said to nobody")
