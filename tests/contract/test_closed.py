"""Nothing that identifies leaves the platform, schemas are closed, and every error is a problem document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
import requests
from sqlalchemy import select

from assessor_app.sync.protocol import DATA_MODELS, ChangeType, ProblemOut, utc_text
from reference_platform.app import OPENAPI_FILE, create_app, openapi_text
from reference_platform.models import Account, Learner
from tests.contract.bodies import (
    asked_of,
    complete,
    decide,
    decision,
    escalation,
    recommend,
    recommendation,
    sent,
)
from tests.contract.letters import Writer
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import ARTIFACT, CANARIES, FIRST, QUEUED, RESUBMISSION, UNCHECKED

OPEN_ON_PURPOSE = {
    ("ChangeWire", "data"): "read by the model of its type",
    ("WebAnnotationWire", "context"): "checked by the client that made it",
    ("WebAnnotationWire", "@context"): "checked by the client that made it",
    ("WebAnnotationWire", "audience"): "texts by name",
    ("WebAnnotationWire", "body"): "checked by the client that made it",
    ("WebAnnotationWire", "target"): "checked by the client that made it",
    ("PriorWire", "feedback"): "texts by criterion",
    ("PriorWire", "levels"): "level codes by criterion",
    ("CaseWire", "detail"): "words by what they say",
    ("PolicyWire", "labels"): "words by status",
    ("CriterionOut", "descriptors"): "texts by level",
    ("RubricVersionOut", "scales"): "scales by name",
}
"""The only places whose member names are not fixed."""
ALLOWED = re.compile(r"^[a-z_@:A-Z0-9-]+$")
FORBIDDEN_NAMES = ("email", "school", "district", "first_name", "last_name", "original_name", "nickname")


def case_answers(lena: Client, case_id: str) -> Iterator[tuple[str, requests.Response]]:
    """What a lead is answered when she deals with a question."""
    pattern, path = "/v1/cases/{case_id}/actions", f"/v1/cases/{case_id}/actions"
    yield "/v1/cases", lena.get("/v1/cases")
    yield pattern, lena.write("POST", path, {"action": "answer", "text": f"Write to {CANARIES[1]}."})
    yield pattern, lena.write("POST", path, {"action": "answer", "text": "Show the second lesson."})
    yield pattern, lena.write("POST", path, {"action": "close"})


def import_answers(client: Client) -> Iterator[tuple[str, requests.Response]]:
    """What somebody is answered who brings work as a file."""
    writer = Writer.registered(client)
    yield "/v1/import-key", client.get("/v1/import-key")
    for file in (writer.file(), b"not a file"):
        yield "/v1/imports", client.call("POST", "/v1/imports", data=file)
    key = f"/v1/me/sealing-keys/{writer.keys.signing_public.hex()}"
    for method in ("PUT", "DELETE", "PUT"):
        yield "/v1/me/sealing-keys/{signing}", client.call(method, key)


def audit_answers(client: Client) -> Iterator[tuple[str, requests.Response]]:
    """What somebody is answered who tells what she opened elsewhere."""
    effect = {"id": new_id(), "at": "2026-03-02T15:00:00Z", "what": "opened outside", "source_id": ARTIFACT}
    for body in ({"submission_id": FIRST, "effects": [effect]}, {"submission_id": FIRST, "effects": []}):
        yield "/v1/audit", client.write("POST", "/v1/audit", body)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The description of the interface."""
    return create_app().openapi()


def test_the_file_is_what_the_code_says() -> None:
    assert OPENAPI_FILE.read_text(encoding="utf-8") == openapi_text()


def test_the_description_is_openapi_3_1_and_all_references_lead_somewhere(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    text = json.dumps(document)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named <= set(document["components"]["schemas"])
    operations = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(operations) == len(set(operations))


def objects(schema: Any, owner: str, field: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every object schema within one, with the model and the field that it stands in."""
    if isinstance(schema, list):
        for item in schema:
            yield from objects(item, owner, field)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        yield owner, field, schema
    for name, inner in schema.items():
        if name == "properties":
            for member, value in inner.items():
                yield from objects(value, owner, member)
        else:
            yield from objects(inner, owner, field)


def test_every_schema_is_closed(document: dict[str, Any]) -> None:
    open_ones = {
        (owner, field)
        for name, schema in document["components"]["schemas"].items()
        for owner, field, found in objects(schema, name)
        if found.get("additionalProperties", True) is not False
    }
    assert open_ones <= set(OPEN_ON_PURPOSE)
    assert not any(
        forbidden in name
        for schema in document["components"]["schemas"].values()
        for name in schema.get("properties", {})
        for forbidden in FORBIDDEN_NAMES
    )


def test_every_answer_has_a_schema(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status.startswith("2") and not path.endswith("/content"):
                    assert answer["content"]["application/json"]["schema"], path


def whole_job(platform: Running) -> Iterator[tuple[str, requests.Response]]:
    """Every answer of a round through the whole job, refusals included, with the path's pattern."""
    anna, otto, bert = (platform.client(name) for name in ("anna", "otto", "bert"))
    submission = "/v1/submissions/{submission_id}"
    yield "/v1/queue", bert.get("/v1/queue")
    claim = f"/v1/submissions/{QUEUED}/claim"
    yield f"{submission}/claim", bert.write("POST", claim, {})
    yield f"{submission}/claim", bert.write("PATCH", claim, {})
    yield f"{submission}/claim", bert.write("DELETE", claim, {})
    yield f"{submission}/claim", anna.write("POST", claim, {})
    next_of = {"microcredential_id": ""}
    yield "/v1/queue/claims", anna.write("POST", "/v1/queue/claims", next_of)
    draft = f"/v1/submissions/{FIRST}/draft"
    begun = {"round": 1, "assessment": {"overall": "So far, so good."}}
    yield f"{submission}/draft", anna.get(draft)
    yield f"{submission}/draft", anna.write("PUT", draft, begun, If_None_Match="*")
    yield f"{submission}/draft", anna.write("PUT", draft, {**begun, "assessment": {}}, If_None_Match="*")
    yield f"{submission}/draft", anna.get(draft)
    body = recommendation(anna)
    yield f"{submission}/recommendations/{{recommendation_id}}", recommend(anna, body={**body, "x": 1})
    first = new_id()
    answer = recommend(anna, body=body, recommendation_id=first)
    yield f"{submission}/recommendations/{{recommendation_id}}", answer
    yield "/v1/receipts/{key}", anna.get(f"/v1/receipts/{answer.json()['key']}")
    back = {"recommendation_id": first}
    path = f"/v1/submissions/{FIRST}/recommendation/withdraw"
    yield f"{submission}/recommendation/withdraw", anna.write("POST", path, back)
    second = sent(anna)
    yield f"{submission}/decisions/{{decision_id}}", decide(otto, decision(second, "return"))
    yield f"{submission}/decisions/{{decision_id}}", decide(otto, decision(second))
    third = sent(anna)
    read = utc_text(platform.clock.now())
    yield f"{submission}/decisions/{{decision_id}}", decide(otto, decision(third, round=2, revealed_at=read))
    checked = f"/v1/submissions/{UNCHECKED}/pre_assessments/{new_id()}"
    petra = platform.client("petra")
    yield f"{submission}/pre_assessments/{{pre_assessment_id}}", petra.write("PUT", checked, complete(petra))
    question = escalation(text="Is page 3 enough?")
    yield "/v1/escalations", anna.write("POST", "/v1/escalations", question)
    yield "/v1/escalations", anna.write("POST", "/v1/escalations", {**question, "text": ""})
    yield "/v1/escalations", anna.get("/v1/escalations")
    finding = {"source_id": ARTIFACT, "kinds": ["pdf_properties"]}
    yield f"{submission}/findings", anna.write("POST", f"/v1/submissions/{FIRST}/findings", finding)
    more = f"/v1/escalations/{question['id']}/words"
    yield "/v1/escalations/{case_id}/words", anna.write("POST", more, {"action": "answer", "text": "More."})
    given_back = f"/v1/submissions/{RESUBMISSION}/recuse"
    yield f"{submission}/recuse", otto.write("POST", given_back, {"reason_code": "conflict"})
    asked = asked_of(platform, f"I am {CANARIES[2]} of {CANARIES[4]}. Why? {CANARIES[3]}")
    yield from case_answers(platform.client("lena"), asked)
    yield from import_answers(bert)
    yield from audit_answers(anna)
    for client in (anna, otto, bert, platform.client("both"), platform.client("lena")):
        yield "/v1/me", client.get("/v1/me")
        yield "/v1/sync", client.get("/v1/sync")
        yield "/v1/sync/manifest", client.get("/v1/sync/manifest")
        yield submission, client.get(f"/v1/submissions/{RESUBMISSION}")
        yield "/v1/artifacts/{artifact_id}", client.get(f"/v1/artifacts/{ARTIFACT}")
        yield "", client.get(f"/v1/artifacts/{ARTIFACT}/content")
        yield "/v1/rubrics/{rubric_id}/versions/{version}", client.get("/v1/rubrics/think-alouds/versions/3")
        yield "/v1/similarity/{submission_id}", client.get(f"/v1/similarity/{FIRST}")
        yield "/v1/calendars/{calendar_id}", client.get("/v1/calendars/calendar-1")
    yield "/health", anna.get("/health")
    yield "", platform.authorize("anna")
    yield "", platform.authorize("anna", login_hint=None)
    yield "", platform.authorize("anna", redirect_uri="https://evil.example/")
    yield "/oauth/token", platform.exchange(platform.code("anna"))
    of_client = {"client_id": "assessor-workstation", "token": platform.tokens("anna")["refresh_token"]}
    yield "/oauth/revoke", requests.post(f"{platform.origin}/oauth/revoke", data=of_client, timeout=10)
    yield "", platform.exchange("nonsense")
    begin = "/oauth/device_authorization"
    codes = requests.post(platform.origin + begin, data={"client_id": "assessor-workstation"}, timeout=10)
    yield begin, codes
    yield "", requests.get(codes.json()["verification_uri_complete"], timeout=10)


def test_answers_follow_their_schemas_and_no_planted_name_comes_out(
    platform: Running, document: dict[str, Any]
) -> None:
    with platform.platform.database.read() as session:
        planted = {
            *session.scalars(select(Account.private_name)),
            *session.scalars(select(Learner.private_name)),
        }
        assert planted & set(CANARIES) == {CANARIES[0], CANARIES[2]}
    seen = set()
    for pattern, answer in whole_job(platform):
        told = answer.content + repr(answer.headers).encode()
        for canary in CANARIES:
            assert canary.lower().encode() not in told.lower(), (pattern, canary)
        if not pattern:
            continue
        seen.add(pattern)
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            ProblemOut.model_validate(answer.json())
            continue
        operation = document["paths"][pattern][str(answer.request.method).lower()]
        schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": document["components"]})
        for change in answer.json().get("changes", []) if pattern == "/v1/sync" else []:
            if change["op"] == "upsert" and change["type"] != "rubric_version":
                DATA_MODELS[ChangeType(change["type"])].model_validate(change["data"])
    hidden = {"/.well-known/oauth-authorization-server", "/v1/artifacts/{artifact_id}/content"}
    assert seen | hidden == set(document["paths"])


def test_a_planted_name_would_be_found(platform: Running) -> None:
    with platform.platform.database.write() as session:
        session.connection().exec_driver_sql(f"UPDATE account SET tz = '{CANARIES[0]}'")
    assert any(CANARIES[0].encode() in answer.content for _, answer in whole_job(platform))


def test_no_answer_names_somebody_else(platform: Running) -> None:
    for pattern, answer in whole_job(platform):
        if not pattern.startswith("/v1/me"):
            assert not re.search(rb'"a-[a-z]+"', answer.content), pattern


def test_no_assessor_sees_another_ones_work(platform: Running, anna: Client) -> None:
    sent(anna)
    for name in ("bert", "idle", "busy"):
        told = {change["type"] for change in platform.client(name).changes()[0]}
        assert not told & {"submission", "assignment", "recommendation", "decision"}


FOR_EVERYBODY = (
    *("/health", "/.well-known/oauth-authorization-server"),
    *("/oauth/token", "/oauth/revoke", "/oauth/device_authorization"),
)
"""Paths that ask for no sign-in; those of the sign-in answer errors in the form of RFC 6749."""


def test_every_route_answers_errors_with_a_problem_document(
    platform: Running, document: dict[str, Any]
) -> None:
    values = {"version": "3", "recommendation_id": new_id(), "decision_id": new_id()}
    nobody = Client(platform.origin, None)
    for pattern, operations in document["paths"].items():
        path = re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], "unknown"), pattern)
        wrong = nobody.call("TRACE", path)
        assert (wrong.status_code, wrong.json()["code"]) == (405, "method-not-allowed"), pattern
        assert wrong.headers["Content-Type"] == "application/problem+json"
        assert "Allow" in wrong.headers
        for method in operations:
            if pattern in FOR_EVERYBODY:
                continue
            answer = nobody.call(method.upper(), path)
            problem = ProblemOut.model_validate(answer.json())
            assert (answer.status_code, problem.code) == (401, "unauthorized"), pattern
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert problem.instance == path


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/%2e%2e/x", "/v1/submissions/a/b/c", "/docs"])
def test_what_does_not_exist_is_a_problem_document_too(anna: Client, path: str) -> None:
    answer = anna.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.expects_log("Exception in ASGI application")
def test_a_mistake_of_the_platform_tells_nothing(platform: Running, anna: Client) -> None:
    with platform.platform.database.write() as session:
        session.connection().exec_driver_sql("DROP TABLE assignment")
    answer = anna.get(f"/v1/submissions/{FIRST}")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "assignment" not in answer.text.replace(FIRST, "")


def test_the_description_is_served(platform: Running, document: dict[str, Any]) -> None:
    assert Client(platform.origin, None).get("/v1/openapi.json").json() == document
