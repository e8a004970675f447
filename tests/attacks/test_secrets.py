"""No secret stands in a log, and one that does is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks import secrets
from devtools import secret_scan


def test_no_secret_is_logged(tmp_path: Path) -> None:
    assert secrets.run(secrets.SMALL, 1, tmp_path).broken == ()


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer Abc123-_def456GHI",
        '{"access_token":"Abc123-_def456GHI"}',
        "GET /v1/x?sig=Abc123-_def456GHI HTTP/1.1",
        "PRAGMA key = \"x'" + "0A" * 32 + "'\"",
        "tried: four words nobody guesses!",
        "digest AAECAwQFBgcICQ==",
    ],
)
def test_a_secret_in_a_log_is_found_and_not_repeated(
    tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    notes, logs = tmp_path / "notes", tmp_path / "logs"
    for folder in (notes, logs):
        folder.mkdir()
    known = ("Abc123-_def456GHI", "0a" * 32, "four words nobody guesses", "AAECAwQFBgcICQ==", "short")
    (notes / "1.txt").write_text("".join(f"{secret.encode().hex()}\n" for secret in known))
    (logs / "unit.log").write_text(f"nothing of note, short\n{line}\n")
    assert secret_scan.report(logs, notes) == ["secrets in the logs"]
    said = capsys.readouterr().out
    assert "unit.log:2" in said
    assert not [secret for secret in known if secret in said]
    (logs / "unit.log").write_text("nothing of note, short, Abc123-_def456\n")
    assert secret_scan.report(logs, notes) == []
