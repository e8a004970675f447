"""A contract that was left behind is refused with the version to install; two earlier ones are spoken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.sync.protocol import API_VERSION
from reference_platform.contract_versions import minimum_contract
from reference_platform.platform import Settings
from tests.contract.running import Client, Running


@pytest.mark.parametrize(
    ("spoken", "status"), [("6", 426), ("0", 426), ("7", 200), ("8", 200), ("soon", 200), ("", 200)]
)
def test_what_is_spoken(
    server: tuple[str, object], platform: Running, anna: Client, spoken: str, status: int
) -> None:
    settings = Settings(demo=True, minimum_contract=7, workstation_version="1.4")
    server[1].state.platform = replace(platform.platform, settings=settings)  # type: ignore[attr-defined]
    answer = anna.get("/v1/me", **({"Contract_Version": spoken} if spoken else {}))
    # Whoever says nothing, or nothing that can be read, counts as speaking the present one.
    is_silent = spoken in ("", "soon")
    assert answer.status_code == (426 if is_silent and API_VERSION < 7 else status)
    if answer.status_code == 426:
        assert answer.json()["minimum_version"] == "1.4"
        assert answer.json()["code"] == "contract-left-behind"


def test_two_earlier_versions_are_spoken() -> None:
    assert minimum_contract(Settings()) == max(1, API_VERSION - 2)


def test_each_request_has_a_name(anna: Client) -> None:
    names = [anna.get(path).headers["X-Request-Id"] for path in ("/v1/me", "/v1/nothing", "/health")]
    assert len(set(names)) == 3
    assert all(len(name) == 16 for name in names)
