"""Reading submissions, files and rubric versions: entity tags, ranges, and nothing that is not one's own."""

from __future__ import annotations

import pytest

from assessor_app.domain.canonical import sha256_hex
from assessor_app.rubric.native import rubric_from_json, rubric_hash
from assessor_app.sync.protocol import ArtifactWire, CalendarWire, SubmissionWire
from reference_platform.models import EvidenceFile
from tests.contract.bodies import code_of, sent
from tests.contract.running import Client, Running, new_id
from tests.contract.small_content import ARTIFACT, FIRST, PDF, QUEUED, SNAPSHOT, SNAPSHOT_PDF

ETAG = f'"{sha256_hex(PDF)}"'
CONTENT = f"/v1/artifacts/{ARTIFACT}/content"


def test_a_submission_has_a_strong_tag_that_changes_with_it(anna: Client) -> None:
    answer = anna.get(f"/v1/submissions/{FIRST}")
    SubmissionWire.model_validate(answer.json())
    etag = answer.headers["ETag"]
    assert not etag.startswith("W/")
    same = anna.get(f"/v1/submissions/{FIRST}", If_None_Match=etag)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    sent(anna)
    assert anna.get(f"/v1/submissions/{FIRST}", If_None_Match=etag).headers["ETag"] != etag


def test_what_is_not_assigned_is_not_there(platform: Running, anna: Client) -> None:
    bert = platform.client("bert")
    for path in (f"/v1/submissions/{FIRST}", f"/v1/artifacts/{ARTIFACT}", CONTENT):
        assert code_of(bert.get(path)) == (404, "not-found")
    for path in (f"/v1/submissions/{QUEUED}", f"/v1/submissions/{new_id()}", "/v1/artifacts/other"):
        assert code_of(anna.get(path)) == (404, "not-found")


def test_an_artifact_is_described_and_comes_whole(anna: Client) -> None:
    wire = ArtifactWire.model_validate(anna.get(f"/v1/artifacts/{ARTIFACT}").json())
    assert (wire.size_bytes, wire.sha256) == (len(PDF), sha256_hex(PDF))
    answer = anna.get(CONTENT)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["ETag"] == ETAG
    assert answer.headers["Content-Length"] == str(len(PDF))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    head = anna.call("HEAD", CONTENT)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(PDF)))


def test_what_was_captured_behind_a_link_is_handed_out_like_a_file(platform: Running, anna: Client) -> None:
    told = SubmissionWire.model_validate(anna.get(f"/v1/submissions/{FIRST}").json())
    shot = told.parts[0].links[0].snapshot
    assert shot is not None
    assert (shot.sha256, shot.size_bytes) == (sha256_hex(SNAPSHOT_PDF), len(SNAPSHOT_PDF))
    assert ArtifactWire.model_validate(anna.get(f"/v1/artifacts/{SNAPSHOT}").json()) == shot
    assert anna.get(f"/v1/artifacts/{SNAPSHOT}/content").content == SNAPSHOT_PDF
    assert code_of(platform.client("bert").get(f"/v1/artifacts/{SNAPSHOT}")) == (404, "not-found")


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=100-", 100, len(PDF)),
        (f"bytes={len(PDF) - 1}-", len(PDF) - 1, len(PDF)),
        ("bytes=-5", len(PDF) - 5, len(PDF)),
        (f"bytes=-{len(PDF) + 7}", 0, len(PDF)),
        ("bytes=5-999999999", 5, len(PDF)),
    ],
)
def test_a_part_comes_as_asked(anna: Client, asked: str, start: int, stop: int) -> None:
    answer = anna.get(CONTENT, Range=asked, If_Range=ETAG)
    assert answer.status_code == 206
    assert answer.content == PDF[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(PDF)}"
    assert answer.headers["Content-Length"] == str(stop - start)
    assert answer.headers["ETag"] == ETAG


@pytest.mark.parametrize("asked", [f"bytes={len(PDF)}-", "bytes=-0", "bytes=99999999-999999999"])
def test_a_part_behind_the_end_cannot_come(anna: Client, asked: str) -> None:
    answer = anna.get(CONTENT, Range=asked)
    assert code_of(answer) == (416, "range-not-satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{len(PDF)}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "items=0-1", "bytes=5-2", "bytes=-", "bytes=a-b", "bytes 0-1"]
)
def test_what_is_not_understood_brings_everything(anna: Client, asked: str) -> None:
    answer = anna.get(CONTENT, Range=asked)
    assert (answer.status_code, answer.content) == (200, PDF)


@pytest.mark.parametrize(
    "version", ['"other"', f"W/{ETAG}", ETAG.strip('"'), "Mon, 02 Mar 2026 15:00:00 GMT"]
)
def test_another_version_brings_everything(anna: Client, version: str) -> None:
    answer = anna.get(CONTENT, Range="bytes=0-1", If_Range=version)
    assert (answer.status_code, answer.content) == (200, PDF)


def test_a_copy_that_is_the_same_is_not_sent_again(anna: Client) -> None:
    assert anna.get(CONTENT, If_None_Match=ETAG).status_code == 304
    assert anna.get(CONTENT, If_None_Match='"other"').status_code == 200


def test_a_rendition_is_another_file_of_the_artifact(platform: Running, anna: Client) -> None:
    copy = b"%PDF-copy"
    sha256 = platform.platform.blobs.put(copy)
    with platform.platform.database.write() as session:
        session.add(
            EvidenceFile(
                artifact_id=ARTIFACT,
                sha256=sha256,
                submission_id=FIRST,
                is_rendition=True,
                media_type="application/pdf",
                size_bytes=len(copy),
            )
        )
    answer = anna.get(f"{CONTENT}?rendition={sha256}")
    assert (answer.content, answer.headers["ETag"]) == (copy, f'"{sha256}"')
    assert anna.get(CONTENT).content == PDF
    assert code_of(anna.get(f"{CONTENT}?rendition={'0' * 64}")) == (404, "not-found")
    assert code_of(anna.get(f"{CONTENT}?rendition={sha256_hex(PDF)}")) == (404, "not-found")
    assert code_of(anna.get(f"{CONTENT}?rendition=../../x")) == (422, "validation")
    bert = platform.client("bert")
    assert code_of(bert.get(f"{CONTENT}?rendition={sha256}")) == (404, "not-found")


def test_a_rubric_version_never_changes(anna: Client) -> None:
    answer = anna.get("/v1/rubrics/think-alouds/versions/3")
    assert "immutable" in answer.headers["Cache-Control"]
    version = rubric_from_json(answer.json())
    assert answer.headers["ETag"] == f'"{rubric_hash(version)}"'
    same = anna.get("/v1/rubrics/think-alouds/versions/3", If_None_Match=answer.headers["ETag"])
    assert same.status_code == 304
    assert code_of(anna.get("/v1/rubrics/think-alouds/versions/4")) == (404, "not-found")
    assert code_of(anna.get("/v1/rubrics/think-alouds/versions/x")) == (422, "validation")


def test_a_calendar_is_read(anna: Client) -> None:
    calendar = CalendarWire.model_validate(anna.get("/v1/calendars/calendar-1").json())
    assert (calendar.tz, calendar.weekend) == ("America/Chicago", [5, 6])
    assert code_of(anna.get("/v1/calendars/other")) == (404, "not-found")


def test_a_closed_account_reads_nothing(platform: Running, anna: Client) -> None:
    with platform.platform.database.write() as session:
        session.connection().exec_driver_sql("UPDATE account SET disabled = 1 WHERE login = 'anna'")
    assert code_of(anna.get("/v1/me")) == (403, "account-disabled")
    assert platform.authorize("anna").status_code == 200
