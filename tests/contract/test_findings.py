"""Reports on file properties: one case for each file and kind, for the lead alone, without any content."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.bodies import cases_of, code_of
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import ARTIFACT, FIRST, QUEUED

BODY = {"source_id": ARTIFACT, "kinds": ["pdf_properties", "file_comment"]}


def report(client: Client, body: dict[str, Any] | None = None, submission: str = FIRST, **write: Any) -> Any:
    return client.write("POST", f"/v1/submissions/{submission}/findings", body or BODY, **write)


def test_the_lead_gets_one_case_for_each_kind_and_nobody_else_any(platform: Running, anna: Client) -> None:
    answer = report(anna)
    assert (answer.status_code, answer.json()["effect"]) == (201, "finding-received")
    told = cases_of(platform.client("lena"))
    assert {case["detail"]["finding"] for case in told} == {"pdf_properties", "file_comment"}
    for case in told:
        assert (case["kind"], case["source_id"], case["state"]) == ("identity_finding", ARTIFACT, "open")
        assert [(entry["by"], entry.get("text", "")) for entry in case["entries"]] == [("platform", "")]
    for other in ("anna", "otto", "bert", "both"):
        assert cases_of(platform.client(other)) == []


def test_what_is_found_twice_is_one_case(platform: Running, anna: Client) -> None:
    key = new_id()
    first, again = report(anna, key=key), report(anna, key=key)
    assert first.json() == again.json()
    assert report(anna).status_code == 201
    assert report(anna, {**BODY, "kinds": ["place", "pdf_properties"]}).status_code == 201
    kinds = [case["detail"]["finding"] for case in cases_of(platform.client("lena"))]
    assert sorted(kinds) == ["file_comment", "pdf_properties", "place"]


@pytest.mark.parametrize(
    "body",
    [
        {**BODY, "source_id": "other"},
        {**BODY, "kinds": []},
        {**BODY, "kinds": ["name"]},
        {**BODY, "name": "x"},
    ],
)
def test_only_kinds_of_a_file_that_is_there_are_taken(anna: Client, body: dict[str, Any]) -> None:
    assert code_of(report(anna, body)) == (422, "validation")


def test_only_whoever_works_on_it_may_report(platform: Running, anna: Client) -> None:
    assert code_of(report(anna, submission=QUEUED)) == (403, "not-assigned")
    assert cases_of(platform.client("lena")) == []
