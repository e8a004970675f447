"""Cases of the contract that need nothing but a server's address and tokens: the same for every platform.

A case is a function of a `Server`. Cases that write change nothing but the caller's own draft, and take that
back; they run where writing is allowed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from assessor_app.domain.canonical import sha256_hex
from assessor_app.rubric.native import rubric_from_json, rubric_hash
from assessor_app.sync.protocol import (
    API_VERSION,
    DATA_MODELS,
    MAX_PAGE_BYTES,
    ArtifactWire,
    ChangeType,
    ChangeWire,
    HealthOut,
    MeOut,
    ProblemOut,
    QueueOut,
    ReceiptWire,
    ServerInfo,
    SubmissionWire,
    SyncManifest,
    SyncPage,
)
from tests.contract.running import Client, as_bytes, new_id

NAMES_A_PERSON = re.compile(r"\b(name|first_?name|last_?name|surname|e?_?mail|phone|school|district)\b", re.I)
"""Keys that no answer may have; `filename` is the neutral one."""
NEUTRAL_FILE = re.compile(r"(Artifact|Snapshot)[ \w-]*\.[A-Za-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Server:
    """A platform at an address.

    Attributes:
        origin: scheme, host and port.
        token: of somebody who assesses.
        other_token: of another assessor, with no work in common; None: what needs one is left out.
        may_write: whether the caller's own drafts may be written and taken back.
    """

    origin: str
    token: str
    other_token: str | None = None
    may_write: bool = False

    @property
    def client(self) -> Client:
        """The calls of the one who assesses."""
        return Client(self.origin, self.token)

    def changes(self, limit: int = 50) -> tuple[list[dict[str, Any]], str]:
        """All changes from the beginning, and the cursor behind them."""
        return self.client.changes("", limit)

    def of(self, kind: ChangeType) -> list[dict[str, Any]]:
        """The data of every record of a kind."""
        return [change["data"] for change in self.changes()[0] if _is(change, kind)]

    def an_artifact(self) -> ArtifactWire:
        """Some file that is not empty."""
        wires = (SubmissionWire.model_validate(data) for data in self.of(ChangeType.SUBMISSION))
        return next(
            artifact
            for wire in wires
            for part in wire.parts
            for artifact in part.artifacts
            if artifact.size_bytes > 1
        )


Case = Callable[[Server], None]


def says_that_it_is_well(server: Server) -> None:
    answer = requests.get(server.origin + "/health", timeout=10)
    assert HealthOut.model_validate(answer.json()).api_version == API_VERSION


def says_how_to_sign_in(server: Server) -> None:
    answer = requests.get(server.origin + "/.well-known/oauth-authorization-server", timeout=10)
    info = ServerInfo.model_validate(answer.json())
    assert "S256" in info.code_challenge_methods_supported
    assert {"authorization_code", "refresh_token"} <= set(info.grant_types_supported)
    for address in (info.issuer, info.authorization_endpoint, info.token_endpoint):
        assert address.startswith(server.origin)


def lets_nobody_in_without_a_token(server: Server) -> None:
    for token in (None, "not-a-token"):
        for path in ("/v1/me", "/v1/sync", "/v1/queue"):
            answer = Client(server.origin, token).get(path)
            _refused(answer, 401)
            assert "Bearer" in answer.headers["WWW-Authenticate"]


def knows_its_caller_by_a_pseudonym(server: Server) -> None:
    MeOut.model_validate(server.client.get("/v1/me").json())


def hands_out_closed_records_in_small_pages(server: Server) -> None:
    cursor, has_more = "", True
    while has_more:
        answer = server.client.get(f"/v1/sync?limit=5&cursor={quote(cursor, safe='')}")
        assert answer.status_code == 200
        assert len(answer.content) <= MAX_PAGE_BYTES
        page = SyncPage.model_validate(answer.json())
        for change in page.changes:
            _closed(change)
        cursor, has_more = page.next_cursor, page.has_more


def pages_are_the_same_whatever_their_size(server: Server) -> None:
    large, small = server.changes(100)[0], server.changes(3)[0]
    assert sorted(map(_key, large)) == sorted(map(_key, small))


def nothing_comes_twice_without_a_change(server: Server) -> None:
    _, cursor = server.changes()
    again, _ = server.client.changes(cursor)
    assert again == []


def the_manifest_lists_what_was_handed_out(server: Server) -> None:
    told = {_key(change) for change in server.changes()[0] if change["op"] == "upsert"}
    manifest = SyncManifest.model_validate(server.client.get("/v1/sync/manifest").json())
    assert {(entry.type, entry.id, entry.rev) for entry in manifest.entries} == told


def a_cursor_of_elsewhere_is_refused_by_a_problem(server: Server) -> None:
    answer = server.client.get("/v1/sync?cursor=of-elsewhere")
    assert answer.status_code in (400, 410, 422)
    _refused(answer, answer.status_code)


def a_submission_has_a_strong_tag(server: Server) -> None:
    for data in server.of(ChangeType.SUBMISSION)[:3]:
        answer = server.client.get(f"/v1/submissions/{data['id']}")
        SubmissionWire.model_validate(answer.json())
        etag = answer.headers["ETag"]
        assert not etag.startswith("W/")
        assert server.client.get(f"/v1/submissions/{data['id']}", If_None_Match=etag).status_code == 304


def what_is_not_there_is_a_problem(server: Server) -> None:
    for path in ("/v1/submissions/", "/v1/artifacts/", "/v1/receipts/"):
        _refused(server.client.get(path + new_id()), 404)


def a_file_comes_whole_and_in_pieces(server: Server) -> None:
    artifact = server.an_artifact()
    path = f"/v1/artifacts/{artifact.id}/content"
    whole = server.client.get(path)
    assert (len(whole.content), sha256_hex(whole.content)) == (artifact.size_bytes, artifact.sha256)
    half, etag = artifact.size_bytes // 2, whole.headers["ETag"]
    assert etag == f'"{artifact.sha256}"'
    rest = server.client.get(path, Range=f"bytes={half}-", If_Range=etag)
    assert (rest.status_code, rest.content) == (206, whole.content[half:])
    assert rest.headers["Content-Range"] == f"bytes {half}-{artifact.size_bytes - 1}/{artifact.size_bytes}"
    assert server.client.get(path, Range=f"bytes={half}-", If_Range='"another"').content == whole.content
    assert server.client.get(path, Range=f"bytes={artifact.size_bytes}-").status_code == 416


def a_rubric_version_never_changes(server: Server) -> None:
    for data in server.of(ChangeType.RUBRIC_VERSION):
        answer = server.client.get(f"/v1/rubrics/{data['id']}/versions/{data['version']}")
        version = rubric_from_json(answer.json())
        assert rubric_hash(version) == version.hash
        assert "immutable" in answer.headers["Cache-Control"]


def the_queue_tells_counts_alone(server: Server) -> None:
    QueueOut.model_validate(server.client.get("/v1/queue").json())


def nobody_is_named(server: Server) -> None:
    for data in server.of(ChangeType.SUBMISSION):
        assert not [key for key in _keys(data) if NAMES_A_PERSON.fullmatch(key)]
        for part in SubmissionWire.model_validate(data).parts:
            for artifact in part.artifacts:
                assert NEUTRAL_FILE.fullmatch(artifact.filename), artifact.filename


def sends_nobody_elsewhere_and_sets_no_cookie(server: Server) -> None:
    for path in ("/health", "/v1/me", "/v1/sync", "/v1/queue"):
        answer = server.client.get(path)
        assert answer.status_code == 200
        assert not {"Set-Cookie", "Location"} & set(answer.headers)


def work_of_others_is_not_there(server: Server) -> None:
    if server.other_token is None:
        return
    other = Client(server.origin, server.other_token)
    artifact = server.an_artifact()
    for path in (f"/v1/artifacts/{artifact.id}", f"/v1/artifacts/{artifact.id}/content"):
        _refused(other.get(path), 404)


def a_write_needs_a_key_and_the_digest_of_its_bytes(server: Server) -> None:
    path, body = _draft(server), as_bytes({"round": 1})
    _refused(server.client.call("PUT", path, data=body), 400)
    digest = {"Idempotency-Key": new_id(), "Content-Digest": f"sha-256=:{'A' * 43}=:"}
    _refused(server.client.call("PUT", path, headers=digest, data=body), 400)


def a_draft_is_replaced_knowingly_and_a_repeat_changes_nothing(server: Server) -> None:
    path, key = _draft(server), new_id()
    present = server.client.get(path)
    replaces = {"If_Match": present.headers["ETag"]} if present.status_code == 200 else {"If_None_Match": "*"}
    body = {"round": 1, "assessment": {"overall": f"Words of a test of the contract, {key}."}}
    first = server.client.write("PUT", path, body, key=key, **replaces)
    assert first.status_code == 201
    receipt = ReceiptWire.model_validate(first.json())
    assert (receipt.key, receipt.sha256) == (key, sha256_hex(as_bytes(body)))
    again = server.client.write("PUT", path, body, key=key, **replaces)
    assert (again.status_code, again.headers["ETag"]) == (201, first.headers["ETag"])
    changed = body | {"assessment": {"overall": "Other words."}}
    unconditional = {"Idempotency-Key": new_id()}
    _refused(server.client.call("PUT", path, headers=unconditional, data=as_bytes(changed)), 428)
    refused = server.client.write("PUT", path, changed, key=new_id(), If_Match='"of-before"')
    _refused(refused, 412)
    assert refused.json()["current_etag"] == first.headers["ETag"]
    before = present.json() if present.status_code == 200 else {"round": 1}
    back = {name: before[name] for name in ("round", "assessment") if name in before}
    assert server.client.write("PUT", path, back, If_Match=first.headers["ETag"]).status_code == 201


READING: tuple[Case, ...] = (
    says_that_it_is_well,
    says_how_to_sign_in,
    lets_nobody_in_without_a_token,
    knows_its_caller_by_a_pseudonym,
    hands_out_closed_records_in_small_pages,
    pages_are_the_same_whatever_their_size,
    nothing_comes_twice_without_a_change,
    the_manifest_lists_what_was_handed_out,
    a_cursor_of_elsewhere_is_refused_by_a_problem,
    a_submission_has_a_strong_tag,
    what_is_not_there_is_a_problem,
    a_file_comes_whole_and_in_pieces,
    a_rubric_version_never_changes,
    the_queue_tells_counts_alone,
    nobody_is_named,
    sends_nobody_elsewhere_and_sets_no_cookie,
    work_of_others_is_not_there,
)
WRITING: tuple[Case, ...] = (
    a_write_needs_a_key_and_the_digest_of_its_bytes,
    a_draft_is_replaced_knowingly_and_a_repeat_changes_nothing,
)


def _is(change: dict[str, Any], kind: ChangeType) -> bool:
    return bool(change["type"] == kind.value and change["op"] == "upsert")


def _key(change: dict[str, Any]) -> tuple[str, str, int]:
    return change["type"], change["id"], change["rev"]


def _closed(change: ChangeWire) -> None:
    """Nothing beside the contract, in no field."""
    if change.op == "remove":
        assert change.data is None
        return
    kind = ChangeType(change.type)
    if kind is ChangeType.RUBRIC_VERSION:
        rubric_from_json(change.data)
    else:
        DATA_MODELS[kind].model_validate(change.data)


def _keys(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [*data, *(key for value in data.values() for key in _keys(value))]
    if isinstance(data, list):
        return [key for value in data for key in _keys(value)]
    return []


def _refused(answer: requests.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert ProblemOut.model_validate(json.loads(answer.content)).status == status


def _draft(server: Server) -> str:
    """Where the draft of a submission lies that the caller assesses just now."""
    mine = server.of(ChangeType.ASSIGNMENT)
    ids = [assignment["submission_id"] for assignment in mine if assignment["role"] == "assessor"]
    waiting = {
        data["id"] for data in server.of(ChangeType.SUBMISSION) if data["status"] == "waiting_on_assessor"
    }
    return f"/v1/submissions/{next(name for name in ids if name in waiting)}/draft"
