"""The command line: exit codes, plain words, and a quick start."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sv_lib import cli
from sv_lib.errors import RenderError
from sv_lib.publish.run import runner
from sv_lib.publish.run.publishing import Outcome

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "tests" / "bad_inputs" / "base"
HEAVY = ("pandas", "pyarrow", "matplotlib", "papermill", "nbconvert", "typst", "pydantic")


def svreport(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run the command line here and give its exit code."""
    monkeypatch.setattr(sys, "argv", ["svreport", *map(str, arguments)])
    monkeypatch.setattr(cli.gc, "freeze", lambda: None)  # this process goes on
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.fixture
def params(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "test")
    return tmp_path / "test" / "publication.yaml"


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['svreport', '--help']\n"
        "import sv_lib.cli as cli\n"
        "try: cli.main()\n"
        f"except SystemExit: print([name for name in {HEAVY} if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"
    assert all(f"  {command} " in shown for command in ("run", "check", "trace", "measures", "new"))


def test_the_process_that_calculates_loads_nothing_that_draws() -> None:
    drawing = ("matplotlib", "nbconvert", "nbformat", "papermill", "typst")
    code = (
        f"import sys, sv_lib.publish.run.assembly; print([name for name in {drawing} if "
        f"name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert shown.strip() == "[]"


def test_python_m_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sv_lib", "nonsense"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "No such command 'nonsense'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "Missing argument 'PARAMS...'"),
        (["run", "x.yaml", "--job", "2"], "No such option: --job"),
        (["run", "x.yaml", "--jobs", "0"], "'--jobs'"),
        (["run", "x.yaml"], "x.yaml: there is no such file"),
        (["check", "x.yaml"], "x.yaml: there is no such file"),
        (["measures", "NT111"], "'NT111' is not a measure; near it: NT11"),
        (["trace", "outputs", "a.b"], "outputs"),
        (["new", "y.yaml", "--from", "x.yaml"], "x.yaml: there is no such file"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert svreport(monkeypatch, *arguments) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown
    assert list(tmp_path.iterdir()) == []


def test_check_shows_control_totals_that_add_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], params: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert svreport(monkeypatch, "check", params, "--output-dir", params.parent / "out") == 0
    shown = capsys.readouterr().out
    assert "No findings." in shown
    assert "2022-annual-check.html" in shown or "mid-year-check.html" in shown
    assert "inputs/payments.csv" in shown
    assert "used" in shown


def test_check_lists_every_finding_and_ends_with_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], params: Path
) -> None:
    (params.parent / "inputs" / "contracts.csv").unlink()
    assert svreport(monkeypatch, "check", params, "--output-dir", params.parent / "out") == 3
    shown = capsys.readouterr()
    # Off a terminal nothing is wrapped, however narrow COLUMNS says that it is.
    assert "inputs/contracts.csv: there is no such file" in shown.out
    assert "to mend before a run, listed above" in shown.err


def test_worklists_are_written_and_summed_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], params: Path
) -> None:
    monkeypatch.chdir(params.parent)  # outputs lie beside the council's folder, not where one works
    assert svreport(monkeypatch, "returns", params) == 0
    written = params.parents[1] / "outputs/test/mid-year-returns.xlsx"
    shown = capsys.readouterr().out
    assert "1 March 2022 to 31 May 2022: 1 return owed: 1 on time" in shown
    assert shown.endswith(f"Wrote {written}\n")
    assert svreport(monkeypatch, "suppliers", params, "--output", "work.xlsx") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("2 suppliers to match, paid £1,180.50 of £1,480.50; 0 candidates")
    assert written.is_file()
    assert (params.parent / "work.xlsx").stat().st_mode & 0o777 == 0o600
    assert svreport(monkeypatch, "suppliers", params, "--output", "work.xlsx") == 2
    assert "somebody may have filled it in" in capsys.readouterr().err


def test_return_forms_of_a_quarter_and_contracts_without_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], params: Path
) -> None:
    monkeypatch.chdir(params.parent)
    assert svreport(monkeypatch, "return-form", params, "--quarter", "2022-01") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Wrote return-forms/C1-2022-02-28.xlsx",
        "1 form for 1 December 2021 to 28 February 2022.",
        "No form for 1 contract, because no social value was asked for or promised: C2",
    ]
    assert svreport(monkeypatch, "return-form", params, "--quarter", "2019-01") == 2
    assert "1 January 2019 is in no quarter of this publication" in capsys.readouterr().err


def test_run_passes_everything_on_and_sums_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    given: dict[str, object] = {}

    def stand_in(params: list[Path], **options: object) -> list[Outcome]:
        given.update(options, params=params)
        outcome = Outcome(
            "test/2022",
            tmp_path / "test" / "2022",
            made=["mid-year"],
            kept=["methods"],
            seconds=12.4,
        )
        outcome.findings.update({"warn": 2})
        return [outcome]

    monkeypatch.setattr(runner, "run", stand_in)
    options = [
        "--reports",
        "annual, wards",
        "--ward",
        "E05990001",
        "--jobs",
        "3",
        "--output-dir",
        tmp_path,
        "--fresh",
    ]
    assert svreport(monkeypatch, "run", "a.yaml", "b.yaml", *options) == 0
    progress = given.pop("progress")
    assert progress is not None
    assert given == {
        "params": [Path("a.yaml"), Path("b.yaml")],
        "reports": ["annual", "wards"],
        "wards": ["E05990001"],
        "jobs": 3,
        "scheduler": "",
        "output_dir": tmp_path,
        "fresh": True,
        "profile": None,
    }
    assert capsys.readouterr().out.splitlines() == [
        "test/2022: 1 made, 1 unchanged and kept in 12 s",
        "  Findings: 2 warn",
        f"  Open {tmp_path / 'test' / '2022' / 'index.html'}",
        f"  Working papers, not to be published: {tmp_path / 'test' / '2022.papers'}",
    ]


def test_reports_that_are_named_one_by_one_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}

    def stand_in(params: list[Path], **options: object) -> list[Outcome]:
        given.update(options)
        return []

    monkeypatch.setattr(runner, "run", stand_in)
    twice = ["--reports", "annual", "--reports", "methods,wards"]
    assert svreport(monkeypatch, "run", "a.yaml", *twice) == 0
    assert given["reports"] == ["annual", "methods", "wards"]
    assert svreport(monkeypatch, "run", "a.yaml") == 0
    assert given["reports"] == []


def test_a_fault_ends_with_its_own_code_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RenderError(
            "mid-year",
            "[bold]an image has no alt text",
            "not everyone can read it.",
            "give it one.",
        )

    monkeypatch.setattr(runner, "run", fails)
    assert svreport(monkeypatch, "run", "a.yaml") == 5
    assert capsys.readouterr().err == (
        "Error: mid-year: [bold]an image has no alt text\n  Why it matters: not "
        "everyone can read it.\n"
        "  What to do: give it one.\n"
    )


def test_measures_lists_all_and_shows_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert svreport(monkeypatch, "measures") == 0
    assert "NT39" in capsys.readouterr().out
    assert svreport(monkeypatch, "measures", "NT1") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("NT1  ")
    assert "25 FTE x £20,000.00 x 1 = £500,000.00" in shown


def test_new_says_what_is_left_to_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], params: Path
) -> None:
    params.write_text(
        params.read_text(encoding="utf-8").replace(
            "inputs/payments.csv", "inputs/payments-2021-22.csv"
        ),
        encoding="utf-8",
    )
    assert (
        svreport(monkeypatch, "new", params.with_name("2023-mid-year.yaml"), "--from", params) == 0
    )
    shown = capsys.readouterr().out
    assert "with every date a year later" in shown
    assert "  inputs/payments-2022-23.csv: not there yet" in shown.splitlines()
    assert shown.splitlines()[-1].startswith("Then: svreport check ")
