"""The command `rubric`: what it says, where it points, its exit status, and no traceback for any file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assessor_app import cli
from assessor_app.rubric.native import rubric_from_json, rubric_to_json
from assessor_app.rubric.schema import Count, RubricStatus, RubricVersion, VersionChange
from tests.builders import CRITERIA, rubric_version

ROOT = Path(__file__).resolve().parents[2]
RUBRICS = sorted((ROOT / "resources" / "rubrics").glob("*.json"))
A, B, C, D = CRITERIA


def draft(**changes: Any) -> RubricVersion:
    return replace(rubric_version(), status=RubricStatus.DRAFT, hash="", **changes)


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, Any], str]:
    """Writes a file: bytes as they are, a version or other data as JSON."""

    def write(name: str, content: Any) -> str:
        if isinstance(content, RubricVersion):
            content = rubric_to_json(content)
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return write


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status, output and errors."""
    status = cli.main(["rubric", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize("file", RUBRICS, ids=lambda file: file.stem)
def test_the_rubrics_that_come_along_can_be_judged_by(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    status, out, err = run(capsys, "check", str(file))
    assert (status, err) == (0, "")
    assert out.startswith(f"{file}: this rubric can be judged by.\n")
    assert "Hash: " in out


@pytest.mark.parametrize("file", RUBRICS, ids=lambda file: file.stem)
@pytest.mark.parametrize("form", cli.RUBRIC_FORMS)
def test_each_is_written_in_every_form_and_read_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, file: Path, form: str
) -> None:
    target = tmp_path / "out"
    status, out, err = run(capsys, "convert", str(file), "--to", form, "--out", str(target))
    assert (status, out) == (0, "")
    if form != "native":
        assert err.startswith("Written; this does not carry over as it is:\n- ")
        assert "the award rule at /award_rule" in err
    status, out, err = run(capsys, "check", str(target))
    if form == "open-badges":
        assert (status, out) == (1, "")  # there is no way back
        return
    before = rubric_from_json(json.loads(file.read_text("utf-8")))
    assert (status, err == "") == (0, form == "native")
    assert f"{len(before.criteria)} criteria" in out


def test_what_is_printed_is_what_a_file_would_hold(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    for form in cli.RUBRIC_FORMS:
        asked = ["rubric", "convert", str(RUBRICS[0]), "--to", form]
        assert cli.main(asked) == 0
        printed = capsysbinary.readouterr().out
        assert cli.main([*asked, "--out", str(tmp_path / form)]) == 0
        capsysbinary.readouterr()
        assert (tmp_path / form).read_bytes() == printed


def test_native_to_native_keeps_everything(
    capsys: pytest.CaptureFixture[str], put: Callable[..., str]
) -> None:
    file = put("a.json", rubric_version())
    status, out, err = run(capsys, "convert", file, "--to", "native")
    assert (status, err) == (0, "")
    assert rubric_from_json(json.loads(out)) == rubric_version()


RATED: dict[str, Any] = {
    "ratings": [{"criterion_id": criterion, "level": "demonstrated"} for criterion in CRITERIA[1:]],
}


@pytest.mark.parametrize(
    ("more", "result", "outcome"),
    [
        ({}, "undecided", "undecided"),
        ({"accommodations": [{"effect": "exclude", "criterion_id": A}]}, "yes", "award"),
        ({"ratings": [{"criterion_id": A, "level": "not_met"}]}, "no", "deny"),
    ],
)
def test_ratings_are_evaluated_with_reasons(
    capsys: pytest.CaptureFixture[str], put: Callable[..., str], more: Any, result: str, outcome: str
) -> None:
    file, rated = put("a.json", draft()), put("r.json", {**RATED, **more})
    status, out, err = run(capsys, "evaluate", file, "--ratings", rated)
    assert (status, err) == (0, "")
    assert out.startswith(f"{result}: {outcome}\n- ")
    status, out, _ = run(capsys, "evaluate", file, "--ratings", rated, "--json")
    data = json.loads(out)
    assert (status, data["result"], data["outcome"]) == (0, result, outcome)
    assert data["rubric"] == {"id": "rb-questions", "version": 1, "hash": rubric_version().hash}
    first = data["reasons"][0]
    assert first["result"] == result
    assert set(first["criteria"]) <= set(CRITERIA)
    assert first["text"]


def test_versions_are_told_apart(capsys: pytest.CaptureFixture[str], put: Callable[..., str]) -> None:
    old = put("old.json", rubric_version())
    new = put("new.json", draft(version=2, supersedes=1, award_rule=Count(3), change=VersionChange.EDITORIAL))
    status, out, _ = run(capsys, "diff", old, new)
    assert status == 0
    assert out == (
        "[ratings] What must be reached for an award changed.\n"
        "    - Every criterion reaches Demonstrated.\n"
        "    + At least 3 of all criteria reach Demonstrated.\n"
        "The new version calls itself editorial, but: What must be reached for an award changed.\n"
    )
    status, out, _ = run(capsys, "diff", old, new, "--json")
    data = json.loads(out)
    assert (data["touches_ratings"], data["changes"][0]["kind"]) == (True, "award_rule")
    assert data["changes"][0]["is_denied"] is True
    assert run(capsys, "diff", old, old)[1].startswith("Nothing changed")


def test_a_draft_is_tried_on_past_ratings(
    capsys: pytest.CaptureFixture[str], put: Callable[..., str]
) -> None:
    old, new = put("old.json", rubric_version()), put("new.json", draft(version=2, award_rule=Count(3)))
    missed = {"code": "S-1", "ratings": [*RATED["ratings"], {"criterion_id": A, "level": "not_met"}]}
    past = put("past.json", {"past": [missed], "open": [{"code": "S-2"}]})
    asked = ["dry-run", new, "--against", old, "--ratings", past]
    status, out, err = run(capsys, *asked)
    assert (status, err) == (0, "")
    assert "S-1 (rated under version 1): deny -> award\n" in out
    assert "S-2 (version 1): the award rule\n" in out
    data = json.loads(run(capsys, *asked, "--json")[1])
    assert [change["code"] for change in data["changed"]] == ["S-1"]


CSV = b"Rubric Name,Criteria Name,Rating Name,Rating Points,Rating Name,Rating Points\n"


def spoilt(*path: Any, value: Any) -> bytes:
    data: Any = json.loads(json.dumps(rubric_to_json(draft())))
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "it is neither JSON nor a rubric file of Canvas"),
        (b"\x00\x01\x02", "it is neither JSON"),
        (b"\x89PNG\r\n", "line 1, column 1: the file is not in UTF-8"),
        (b"{", "line 1, column 2: this is no JSON"),
        (b'{"id": "a",\n "id": "b"}', "line 2, column 2: the name"),
        (b"[" * 200_000, "line 1, column 61: this is nested deeper"),
        (b'{"id": NaN}', "line 1, column 8: NaN is no number"),
        (b'{"id": ' + b"1" * 10_000 + b"}", "line 1, column 8: this number"),
        (b"[]", "an object is expected"),
        (b"{}", "/id: a text is expected"),
        (b'{"CFDocument": 1}', "/CFDocument: an object is expected"),
        (b'{"CFRubrics": [{"identifier": "a"}]}', "/CFDocument: an object is expected"),
        (CSV + b"T,A,Yes,x,No,0\n", "row 2, column 4: a number"),
        (
            "Rubric Name,Criteria Name\nCaf\xe9".encode("latin-1"),
            "line 2, column 4: the file is not in UTF-8",
        ),
        (
            spoilt("requirements", 1, "criteria", 0, "scale", value="gone"),
            "/requirements/1/criteria/0/scale: there",
        ),
        (spoilt("award_rule", value={"count": {"min": 9}}), "/award_rule/count/min: a number from 1 to 4"),
        (spoilt("version", value=10**30), "/version: a whole number"),
        (spoilt("title", value="\ud800"), "/title: the text holds a broken character"),
        (
            spoilt("scales", value={"a/b.c": {"levels": []}}),
            "/scales/a~1b.c/levels: a scale has at least two",
        ),
        (spoilt("title", value=["\x1b[31m"]), "/title: a text is expected"),
        (
            spoilt("requirements", 0, "criteria", 0, "descriptors", value={"\x1b[31m\ud800": "x"}),
            "/requirements/0",
        ),
    ],
)
def test_an_error_names_the_file_and_the_place(
    capsys: pytest.CaptureFixture[str], put: Callable[..., str], content: bytes, place: str
) -> None:
    file = put("bad.json", content)
    status, out, err = run(capsys, "check", file)
    assert (status, out) == (1, "")
    assert err.startswith(f"This file cannot be used. {file}: ")
    assert place in err
    assert "\x1b" not in err


def test_an_error_in_the_ratings_names_their_file(
    capsys: pytest.CaptureFixture[str], put: Callable[..., str]
) -> None:
    file, rated = put("a.json", draft()), put("r.json", {"ratings": [{"criterion_id": "gone"}]})
    status, _, err = run(capsys, "evaluate", file, "--ratings", rated)
    assert status == 1
    assert (
        err
        == f"This file cannot be used. {rated}: /ratings/0/criterion_id: the rubric has no such criterion.\n"
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60), cut=st.integers(0, 4000), form=st.sampled_from(["case", "native", "csv"]))
@example(data=b"", cut=0, form="csv")
def test_no_damaged_file_ends_in_a_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, data: bytes, cut: int, form: str
) -> None:
    whole = tmp_path / f"whole.{form}"
    if not whole.exists():
        (tmp_path / "a.json").write_bytes(json.dumps(rubric_to_json(draft())).encode())
        to = {"case": "case", "native": "native", "csv": "canvas-csv"}[form]
        cli.main(["rubric", "convert", str(tmp_path / "a.json"), "--to", to, "--out", str(whole)])
    content = whole.read_bytes()
    (tmp_path / "bad").write_bytes(content[:cut] + data + content[cut + len(data) :])
    capsys.readouterr()
    status, _, err = run(capsys, "check", str(tmp_path / "bad"))
    assert status in (0, 1)
    assert status == 0 or err.startswith("This file cannot be used.")


def test_a_stranger_s_words_move_no_cursor(
    capsys: pytest.CaptureFixture[str], put: Callable[..., str]
) -> None:
    file = put("a.json", draft(title="Asking\x1b[2J\x07 \u202equestions\u2028"))
    status, out, _ = run(capsys, "check", file)
    assert status == 0
    assert "Asking\\u001b[2J\\u0007 \\u202equestions , version 1" in out
    package = json.loads(run(capsys, "convert", file, "--to", "case")[1])
    package["\x1b[2J"] = "\ud800"
    status, _, err = run(capsys, "check", put("c.json", package))
    assert (status, "\x1b" in err, "\\u001b[2J" in err) == (0, False, True)


def test_wrong_use_ends_with_status_2(capsys: pytest.CaptureFixture[str], put: Callable[..., str]) -> None:
    file = put("a.json", draft())
    for arguments in (
        ["check", "nowhere.json"],
        ["check"],
        ["check", str(Path(file).parent)],
        ["convert", file],
        ["convert", file, "--to", "moodle"],
        ["evaluate", file],
        ["evaluate", file, "--ratings", "nowhere.json"],
        ["diff", file, "nowhere.json"],
        ["dry-run", file, "--ratings", file],
        [],
    ):
        with pytest.raises(SystemExit) as ended:
            cli.main(["rubric", *arguments])
        assert ended.value.code == 2
        assert capsys.readouterr().err


def test_what_cannot_be_written_or_read_is_told(
    capsys: pytest.CaptureFixture[str], put: Callable[..., str], tmp_path: Path
) -> None:
    file = put("a.json", draft())
    status, _, err = run(capsys, "convert", file, "--to", "case", "--out", str(tmp_path / "gone" / "x.json"))
    assert (status, err.startswith("The file was not written.")) == (1, True)
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        os.chmod(file, 0)
        status, _, err = run(capsys, "check", file)
        assert (status, "it cannot be read" in err) == (1, True)


def test_one_of_several_rubrics_and_the_passing_level_are_chosen(
    capsys: pytest.CaptureFixture[str], put: Callable[..., str]
) -> None:
    file = put("a.csv", CSV + b"One,A,Yes,1,No,0\nTwo,B,Yes,1,No,0\n")
    assert run(capsys, "check", file)[0] == 1
    status, out, err = run(capsys, "check", file, "--rubric", "Two", "--passing", "no")
    assert (status, "1 criterion in 1 requirement." in out) == (0, True)
    assert "other rubrics at row 2, column 1" in err
    assert "which levels pass" not in err


def test_it_runs_as_a_program_without_a_window(put: Callable[..., str]) -> None:
    file = put("a.json", draft())
    code = f"import sys; from assessor_app.cli import main; status = main(['rubric', 'check', {file!r}]); "
    code += (
        "sys.exit(status or any(n in sys.modules for n in ('PySide6', 'pymupdf', 'sqlalchemy', 'requests')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "this rubric can be judged by" in done.stdout


def test_a_reader_that_has_seen_enough_is_no_trouble(put: Callable[..., str]) -> None:
    command = [sys.executable, "-m", "assessor_app", "rubric", "convert", put("a", draft()), "--to", "case"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(60) == 0
    assert b"Traceback" not in errors
    assert b"Exception" not in errors
