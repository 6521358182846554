"""A run as a whole: everything or nothing, only what has changed, one number everywhere."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from made_once import calculate
from small_notebook import notebook

from sv_lib.errors import InputError, NotebookError, ParameterError, RenderError
from sv_lib.figures.calculation import gather
from sv_lib.figures.saved import Calculation
from sv_lib.params import load
from sv_lib.publish.files import manifest
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.run import assembly, cluster, making, runner, workers
from sv_lib.publish.run.publishing import Outcome
from sv_lib.publish.run.report_task import Failed, Made, ReportTask

BROKEN = NotebookError("methods, cell 2", "it failed", "nothing is published.", "mend it.")


class Run:
    """Runs of the tiny publication into one output folder."""

    def __init__(self, params: Path, notebooks: Path, output_dir: Path) -> None:
        self.params, self.notebooks, self.output_dir = params, notebooks, output_dir
        self.home = output_dir / "test" / "2022-mid-year"

    def __call__(self, *reports: str, wards: tuple[str, ...] = (), fresh: bool = False) -> Outcome:
        outcomes = runner.run(
            [self.params],
            reports=reports,
            wards=wards,
            fresh=fresh,
            output_dir=self.output_dir,
            notebooks=self.notebooks,
        )
        assert len(outcomes) == 1
        return outcomes[0]

    def state(self) -> dict[str, tuple[int, str]]:
        """Every file of the run folder with its time and hash."""
        files = (path for path in self.home.rglob("*") if path.is_file())
        return {
            path.relative_to(self.home).as_posix(): (
                path.stat().st_mtime_ns,
                hashlib.sha256(path.read_bytes()).hexdigest(),
            )
            for path in files
        }

    def manifest(self) -> dict[str, object]:
        return manifest.read(self.home)


@pytest.fixture
def run(params: Path, notebooks: Path, tmp_path: Path) -> Run:
    return Run(params, notebooks, tmp_path / "outputs")


def test_a_run_folder_holds_what_the_design_says(run: Run, made: dict[str, Made | Failed]) -> None:
    outcome = run()
    assert outcome.made == ["mid-year", "methods", "wards/E05990001", "wards/E05990002"]
    names = set(run.state())
    reports = {f"{name}.{suffix}" for name in outcome.made for suffix in ("html", "pdf", "ipynb")}
    files = {
        "index.html",
        "figures.csv",
        "claims.csv",
        "findings.csv",
        "control_totals.csv",
        "manifest.json",
    }
    assert reports | files | {"data/mid-year.ods", "data/mid-year.xlsx", "data/wards.csv"} <= names
    assert not {name for name in names if name.endswith(".parquet")}
    assert {path.name for path in beside(run.home).iterdir()} == {
        "claims.csv",
        "corrections.csv",
        "evidence_sample.csv",
        "figures.csv",
        "findings.csv",
        "hidden.csv",
        "input_rows.parquet",
        "manifest.json",
        "overlaps.csv",
        "people_behind.parquet",
        "trail.parquet",
    }
    with (run.home / "figures.csv").open(encoding="utf-8", newline="") as file:
        shown = {row["figure_id"]: row["reports"] for row in csv.DictReader(file)}
    assert shown["spend.total.this"] == "methods;mid-year;wards/E05990001;wards/E05990002"


def test_the_manifest_names_everything_sorted_with_its_hash(
    run: Run, made: dict[str, Made | Failed]
) -> None:
    run()
    content = json.loads((run.home / "manifest.json").read_text(encoding="utf-8"))
    listed = {output["path"]: output["sha256"] for output in content["outputs"]}
    assert list(listed) == sorted(listed)
    assert listed == {
        name: digest for name, (_, digest) in run.state().items() if name != "manifest.json"
    }
    assert [file["table"] for file in content["inputs"]] == sorted(
        file["table"] for file in content["inputs"]
    )
    assert content["schema_version"] == 1
    assert str(run.params.parents[2]) not in json.dumps(content)


def test_hashes_that_could_be_tried_out_stand_in_the_papers_alone(
    run: Run, made: dict[str, Made | Failed]
) -> None:
    """Of a file about people, and whatever is made from its hash, the public manifest has none."""
    run()
    public, closed = (manifest.read_alone(folder) for folder in (run.home, beside(run.home)))
    hashed = {file["table"] for file in public["inputs"] if file["sha256"]}
    assert hashed == {"contract_places", "contracts", "deprivation", "proxies"}
    assert all(len(file["sha256"]) == 64 for file in closed["inputs"])
    assert {report["made_from"] for report in public["reports"].values()} == {None}
    assert all(report["made_from"] for report in closed["reports"].values())
    public_text = (run.home / "manifest.json").read_text(encoding="utf-8")
    crate = (run.home / "ro-crate-metadata.json").read_text(encoding="utf-8")
    for file in closed["inputs"]:
        is_told = file["table"] in manifest.ABOUT_NOBODY
        assert (file["sha256"] in public_text, file["sha256"] in crate) == (is_told, is_told)


def test_a_damaged_paper_is_written_again(run: Run, made: dict[str, Made | Failed]) -> None:
    run()
    (beside(run.home) / "claims.csv").unlink()
    assert run().made == []
    assert (beside(run.home) / "claims.csv").is_file()
    for path in beside(run.home).iterdir():
        path.unlink()
    assert len(run().made) == 4  # what the reports were made from is not known any more


def test_the_index_links_only_to_what_is_there(run: Run, made: dict[str, Made | Failed]) -> None:
    run()
    page = (run.home / "index.html").read_text(encoding="utf-8")
    links = {part.split('"')[0] for part in page.split('href="')[1:]}
    files = {link.partition("#")[0] for link in links if not link.startswith(("#", "data:"))}
    assert files <= set(run.state()) | {"manifest.json"}
    assert {"wards/E05990001.html", "mid-year.pdf", "data/mid-year.ods", "figures.csv"} <= files
    assert page.count("<script") == 1  # its own: the policy names its hash
    assert page.index(">North<") < page.index(">South<")


def test_nothing_is_written_again_when_nothing_has_changed(
    run: Run, made: dict[str, Made | Failed]
) -> None:
    run()
    before = run.state()
    outcome = run()
    assert (outcome.made, len(outcome.kept)) == ([], 4)
    assert run.state() == before


def test_inputs_are_not_even_read_when_nothing_has_changed(
    run: Run, made: dict[str, Made | Failed], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(
        making, "gather", lambda publication: read.append(publication.id) or gather(publication)
    )
    first = run()
    assert run().findings == first.findings
    assert read == ["2022-mid-year"]
    payments = run.params.parent / "inputs" / "payments.csv"
    payments.write_bytes(payments.read_bytes() + b"\n")
    assert len(run().made) == 4
    monkeypatch.setattr(manifest, "code_sha256", lambda: "other code")
    assert len(run().made) == 4
    (run.home / "index.html").unlink()
    run()
    assert read == ["2022-mid-year"] * 4


def test_a_run_in_which_nothing_has_changed_loads_nothing_that_reads_or_calculates() -> None:
    loaded = "import sys, sv_lib.publish.run.runner; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, check=True, text=True
    )
    modules = set(said.stdout.split())
    assert "sv_lib.publish.files.manifest" in modules
    assert not modules & {"sv_lib.intake.pipeline", "sv_lib.figures.calculation", "pandas"}


def test_only_a_changed_notebook_is_run_again(run: Run, made: dict[str, Made | Failed]) -> None:
    run()
    before = run.state()
    (run.notebooks / "methods.ipynb").write_text(json.dumps(notebook("1 + 1")))
    outcome = run()
    assert outcome.made == ["methods"]
    after = run.state()
    assert {
        name for name in before if name.startswith("wards/") and after[name] != before[name]
    } == set()
    assert {name: digest for name, (_, digest) in before.items() if name != "manifest.json"} == {
        name: digest for name, (_, digest) in after.items() if name != "manifest.json"
    }


def test_fresh_makes_everything_again_to_the_same_bytes(
    run: Run, made: dict[str, Made | Failed]
) -> None:
    run()
    before = run.state()
    assert len(run(fresh=True).made) == 4
    assert {name: digest for name, (_, digest) in run.state().items()} == {
        name: digest for name, (_, digest) in before.items()
    }


def test_a_damaged_report_is_made_again(run: Run, made: dict[str, Made | Failed]) -> None:
    run()
    (run.home / "methods.pdf").write_bytes(b"cut o")
    assert run().made == ["methods"]


def test_a_damaged_data_file_is_written_again(run: Run, made: dict[str, Made | Failed]) -> None:
    run()
    (run.home / "figures.csv").unlink()
    assert run().made == []
    assert (run.home / "figures.csv").is_file()


def test_part_of_a_run_keeps_the_rest_while_it_is_current(
    run: Run, made: dict[str, Made | Failed]
) -> None:
    run("mid-year")
    outcome = run("wards", wards=("E05990001",))
    assert (outcome.made, outcome.kept, outcome.dropped) == (["wards/E05990001"], ["mid-year"], [])
    assert set(run.manifest()["reports"]) == {"mid-year", "wards/E05990001"}  # type: ignore[call-overload]  # JSON


def test_a_report_that_is_out_of_date_and_not_asked_for_is_left_out(
    run: Run, made: dict[str, Made | Failed], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(manifest, "code_sha256", lambda: "other code")
    outcome = run("mid-year")
    assert outcome.made == ["mid-year"]
    assert outcome.dropped == ["methods", "wards/E05990001", "wards/E05990002"]
    assert not (run.home / "wards").exists()


def test_figures_lead_to_the_methods_where_the_run_has_them(
    run: Run, made: dict[str, Made | Failed], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in, leads = workers.make, dict[str, str]()

    def noting(task: ReportTask) -> Made | Failed:
        leads[task.name] = task.context.sources_href
        return stand_in(task)

    monkeypatch.setattr(workers, "make", noting)
    run("mid-year")
    assert leads == {"mid-year": ""}
    outcome = run("methods")
    assert (outcome.made, outcome.kept, outcome.dropped) == (["methods", "mid-year"], [], [])
    outcome = run("wards")
    assert (outcome.kept, outcome.dropped) == (["methods", "mid-year"], [])
    there = {"methods": "", "mid-year": "methods.html", "wards/E05990001": "../methods.html"}
    assert leads == {**there, "wards/E05990002": "../methods.html"}
    assert run("methods").made == []
    monkeypatch.setattr(manifest, "code_sha256", lambda: "other code")
    assert run("mid-year").dropped == ["methods", "wards/E05990001", "wards/E05990002"]
    assert leads["mid-year"] == ""


@pytest.mark.parametrize("is_first", [True, False])
def test_a_failed_notebook_publishes_nothing(
    run: Run, made: dict[str, Made | Failed], is_first: bool
) -> None:
    if not is_first:
        run()
    before = run.state()
    made["methods"] = Failed("methods", BROKEN, b'{"cells": []}')
    with pytest.raises(NotebookError) as failed:
        run(fresh=True)
    broken = run.output_dir / "test" / "2022-mid-year.failed" / "methods.broken.ipynb"
    assert f"Kept: {broken}" in str(failed.value)
    assert run.state() == before
    left = {
        path
        for path in (run.output_dir / "test").rglob("*")
        if path.is_file() and not {run.home, beside(run.home)} & set(path.parents)
    }
    assert left == {broken, run.output_dir / "test" / ".2022-mid-year.lock"}
    del made["methods"]
    run(fresh=True)
    assert not broken.exists()


def test_a_page_with_a_number_of_its_own_publishes_nothing(
    run: Run, made: dict[str, Made | Failed]
) -> None:
    made["methods"] = Made(
        "methods", b"{}", b'<data data-figure="spend.invented" value="1">1</data>', b"", 1, ()
    )
    with pytest.raises(RenderError, match=r"methods: it prints a figure 'spend\.invented'"):
        run()
    assert not run.home.exists()


def test_findings_that_stop_end_the_run_before_anything_is_written(
    run: Run, made: dict[str, Made | Failed]
) -> None:
    returns = run.params.parent / "inputs" / "returns.csv"
    returns.write_text(
        returns.read_text(encoding="utf-8").replace("NT10", "NT99").replace("NT1,", "NT98,"),
        encoding="utf-8",
    )
    with pytest.raises(InputError) as stopped:
        run()
    assert "NT99" in str(stopped.value)
    assert not run.output_dir.exists()


def test_two_parameter_files_are_both_checked_before_either_runs(
    run: Run, made: dict[str, Made | Failed]
) -> None:
    wrong = run.params.with_name("wrong.yaml")
    wrong.write_text("kind: annual\n", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"wrong\.yaml"):
        runner.run([run.params, wrong], output_dir=run.output_dir, notebooks=run.notebooks)
    assert not run.output_dir.exists()


def test_a_scheduler_without_its_package_names_the_extra(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(cluster, "import_module", absent)
    with pytest.raises(ParameterError, match=r"sv-lib\[cluster\]"):
        runner.run(
            [run.params], scheduler="tcp://x:1", output_dir=run.output_dir, notebooks=run.notebooks
        )


@pytest.mark.slow
def test_real_kernels_give_the_same_bytes_in_one_process_or_two(
    run: Run, calculation: Calculation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        manifest, "code_sha256", lambda: "the code as it is, even if someone edits it meanwhile"
    )
    runner.run([run.params], output_dir=run.output_dir, notebooks=run.notebooks, jobs=2)
    first = {name: digest for name, (_, digest) in run.state().items()}
    runner.run([run.params], output_dir=run.output_dir, notebooks=run.notebooks, jobs=1, fresh=True)
    assert {name: digest for name, (_, digest) in run.state().items()} == first
    kept = nbformat.read(run.home / "wards" / "E05990002.ipynb", as_version=4)
    assert (
        "params_file = '../params/test/2022-mid-year.yaml'\nward = 'E05990002'"
        in kept.cells[1].source
    )
    for path in run.home.rglob("*"):
        if path.suffix in (".ipynb", ".html", ".csv", ".json"):
            assert str(run.output_dir.parent) not in path.read_text(encoding="utf-8"), path
    assert calculation.trail["spend.total.this"].exact in (run.home / "mid-year.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.slow
def test_a_real_notebook_that_raises_is_kept_as_it_broke(run: Run) -> None:
    (run.notebooks / "main.ipynb").write_text(json.dumps(notebook("1 / 0", "print('not reached')")))
    with pytest.raises(
        NotebookError, match="mid-year, cell 3: the notebook failed with ZeroDivisionError"
    ) as failed:
        run("mid-year")
    assert failed.value.exit_code == 4
    broken = nbformat.read(
        run.home.with_name("2022-mid-year.failed") / "mid-year.broken.ipynb", as_version=4
    )
    assert any("papermill-error-cell" in cell.source for cell in broken.cells)
    assert not run.home.exists()


TOUCHED = {
    "stage/extra.html": "added",
    "stage/wards/E05990001.html": "changed",
    "stage/data/wards.csv": "changed",
    "stage/claims.csv": "changed",
    "stage/.htaccess": "added",
    "stage.papers/claims.csv": "changed",
    "calculation/figures.parquet": "changed",
    "calculation/tables/wards.parquet": "changed",
}


def test_what_is_hidden_is_forgotten_once_it_is_in_the_papers(
    run: Run, made: dict[str, Made | Failed], monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = load(run.params, "public")
    public = calculate(tiny, gather(tiny))
    assert public.secrets is not None
    monkeypatch.setattr(assembly, "calculate", lambda *_: public)
    finish = assembly.Assembly.finish
    known = []

    def looked_at(of: assembly.Assembly, pool: workers.Workers) -> None:
        known.append(of.calculation.secrets)
        finish(of, pool)

    monkeypatch.setattr(assembly.Assembly, "finish", looked_at)
    run()
    assert known == [None]


@pytest.mark.parametrize("name", TOUCHED)
def test_what_a_notebook_writes_among_the_files_of_a_run_is_refused(
    run: Run, made: dict[str, Made | Failed], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The last report to be made writes after the run has written its data."""
    finish = assembly.Assembly.finish

    def after_a_notebook_wrote(of: assembly.Assembly, pool: workers.Workers) -> None:
        path = of.folder.work / name
        assert path.exists() == (TOUCHED[name] == "changed")
        path.write_text("mine", encoding="utf-8")
        finish(of, pool)

    monkeypatch.setattr(assembly.Assembly, "finish", after_a_notebook_wrote)
    with pytest.raises(NotebookError) as fault:
        run()
    assert f"a notebook wrote among the files of the run: {name} ({TOUCHED[name]})" in str(
        fault.value
    )
    assert not run.home.exists()
