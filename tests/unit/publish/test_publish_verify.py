"""A run made again and held against itself: each fault is named, inputs first, and the exit code
says so.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from twice import Twice, copy, rewrite
from typer.testing import CliRunner

from sv_lib.cli import app
from sv_lib.errors import DifferenceError, ParameterError
from sv_lib.present.markup import Html, text_of
from sv_lib.publish.files import manifest
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.verify import Verified, verify


def again(twice: Twice, run: Path) -> Verified:
    return verify(run, twice.params, notebooks=twice.notebooks)


def test_an_untouched_run_is_the_same_to_the_byte(twice: Twice) -> None:
    found = again(twice, twice.run("a"))
    assert found.differences == []
    differently = [line for line in found.lines if not line.startswith("same ")]
    assert differently == [
        f"note     compared with a run of {twice.params}, the parameters and inputs that you named"
    ]
    assert {
        "same     mid-year.pdf",
        "same     figures.csv",
        f"same     {beside(twice.run('a')).name}/trail.parquet",
    } <= set(found.lines)
    found.require()


def test_the_public_folder_alone_is_verified_and_what_is_not_checked_is_said(twice: Twice) -> None:
    run = twice.outcome("a", "public").folder
    shutil.rmtree(beside(run))
    found = again(twice, run)
    assert found.differences == []
    said = "note     2022-mid-year.papers does not lie beside the run: no row is checked"
    assert said in found.lines
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    moved = "spend.total.this: £1,180.50 -> £1,180.51 (+£0.01)"
    assert any(line.startswith(moved) for line in again(twice, run).differences)


def test_papers_that_were_altered_or_are_of_another_run_are_named(twice: Twice) -> None:
    run = twice.run("a")
    path = beside(run) / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("120000", "120001"), encoding="utf-8")
    found = again(twice, run).differences
    name = f"{beside(run).name}/claims.csv"
    assert found == [f"{name}: not as its hash in the manifest", f"{name}: other bytes"]
    (run / "manifest.json").write_bytes((run / "manifest.json").read_bytes() + b"\n")
    found = again(twice, run).differences
    assert found == ["2022-mid-year.exempt.papers: the working papers of another run"]


@pytest.mark.parametrize(
    ("file", "old", "new", "first", "figure"),
    [
        (
            "payments.csv",
            "1200.50",
            "1200.51",
            "changed, 3 rows -> 3 rows; 1 row changed (row 2)",
            "spend.total.this",
        ),
        (
            "proxies.csv",
            ",200,",
            ",200.01,",
            "1 row changed (row 2)",
            "headline.delivered_value.this",
        ),
        (
            "contract_places.csv",
            "C1,E05990001",
            "C1,E05990002",
            "1 row changed (row 2)",
            "lens.spend.E05990001.place",
        ),
        (
            "payments.csv",
            "P3,2020-11-03,,REDACTED,Adults,social care,300,,\n",
            "",
            "3 rows -> 2 rows; 1 row removed (row 4)",
            "spend.total.before",
        ),
    ],
    ids=["a penny", "a proxy", "a ward", "a row"],
)
def test_an_input_that_moved_is_named_first_then_its_figures(
    twice: Twice, file: str, old: str, new: str, first: str, figure: str
) -> None:
    run = twice.run("a")
    twice.edit(f"inputs/{file}", old, new)
    found = again(twice, run)
    assert found.differences[0].startswith(f"inputs/{file}: ") and found.differences[0].endswith(
        first
    )
    assert any(line.startswith(f"{figure}: ") for line in found.differences)
    assert "figures.csv: other bytes" in found.differences
    with pytest.raises(DifferenceError, match=rf"first: inputs/{file}"):
        found.require()


def test_a_parameter_that_moved_is_named(twice: Twice) -> None:
    run = twice.run("a")
    twice.edit("2022-mid-year.yaml", "A report on faulty files", "Another title")
    assert again(twice, run).differences[0] == (
        "parameters.publication.title: A report on faulty files -> Another title"
    )


def test_a_file_altered_after_the_run_is_named(twice: Twice) -> None:
    run = twice.run("a")
    (run / "claims.csv").write_text("claim_id\n", encoding="utf-8")
    (run / "stray.txt").write_text("x", encoding="utf-8")
    (run / "data/wards.csv").unlink()
    found = again(twice, run)
    assert found.differences[:3] == [
        "claims.csv: not as its hash in the manifest",
        "data/wards.csv: in the manifest and not in the run",
        "stray.txt: in the run and not in the manifest",
    ]


def test_a_figure_altered_with_its_hash_is_found_by_computing_it_again(twice: Twice) -> None:
    run = twice.run("a")
    rewrite(run, "figures.csv", ",118050,", ",118051,")
    found = again(twice, run)
    assert any(
        line.startswith("spend.total.this: £1,180.51 -> £1,180.50") for line in found.differences
    )
    assert "figures.csv: other bytes" in found.differences


def test_inputs_that_now_stop_a_run_are_named_with_the_reason(twice: Twice) -> None:
    run = twice.run("a")
    twice.edit("inputs/payments.csv", "P3,2020-11-03", "P3,2020-11-03\nnonsense")
    twice.edit("inputs/contracts.csv", "250000,2020-11-01", "250000,soon")
    found = again(twice, run)
    assert any(
        line.startswith("inputs/contracts.csv: changed, 2 rows -> 2 rows")
        for line in found.differences
    )
    assert "it cannot be made again" in found.differences[-1] and "soon" in found.differences[-1]


def test_without_parameters_hashes_alone_are_checked_and_that_is_said(twice: Twice) -> None:
    run = twice.run("a")
    found = verify(run, notebooks=twice.notebooks)
    assert found.differences == []
    *same, said = found.lines
    assert all("keeps of them" in line and line.startswith("same ") for line in same)
    assert "HASHES ALONE WERE CHECKED" in said and "--params FILE" in said


def test_parameters_that_are_not_there_are_asked_for(twice: Twice) -> None:
    with pytest.raises(ParameterError, match="there is no such parameter file"):
        verify(twice.run("a"), twice.params.with_name("none.yaml"), notebooks=twice.notebooks)


def test_the_commands_print_what_was_found(twice: Twice, monkeypatch: pytest.MonkeyPatch) -> None:
    run = twice.run("a")
    monkeypatch.setattr("sv_lib.publish.verify.NOTEBOOKS", twice.notebooks)
    monkeypatch.setattr(
        "sv_lib.publish.verify.verify.__kwdefaults__", {"jobs": None, "notebooks": twice.notebooks}
    )
    done = CliRunner().invoke(app, ["verify", str(run), "--params", str(twice.params)])
    assert (done.exit_code, "same     figures.csv" in done.output) == (0, True), done.output
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    done = CliRunner().invoke(app, ["verify", str(run), "--params", str(twice.params)])
    assert isinstance(done.exception, DifferenceError) and done.exception.exit_code == 6
    assert "DIFFERS  inputs/payments.csv: changed" in done.output
    done = CliRunner().invoke(app, ["compare", str(run), str(twice.run("b"))])
    assert "spend.total.this: £1,180.50 -> £1,180.51 (+£0.01)" in done.output


def test_trace_writes_its_rows(twice: Twice, tmp_path: Path) -> None:
    run = twice.run("a")
    done = CliRunner().invoke(
        app, ["trace", str(run), "headline.delivery_rate.this", "--csv", str(tmp_path / "rows.csv")]
    )
    assert done.exit_code == 0, done.output
    heading, *rows = (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()
    assert heading.startswith(
        "figure_id,source_file,source_row,amount,unit,working,proxy_measure_ref,"
    )
    assert rows[0].startswith(
        'delivery.towards_due.this,inputs/returns.csv,2,120000,pence,"6 weeks x £200.00 x 1 = '
    )
    assert rows[0].endswith(",Invented for tests,row 1,Tester,2020-01-06,")
    assert rows[-1].startswith("delivery.due.this,inputs/commitments.csv,2,")


def test_the_index_says_what_changed_since_the_publication_before(twice: Twice) -> None:
    """A week more since: the index names figure, cause and run. A comparison with another run is a
    difference.
    """
    copy(twice.run("a"), twice.place / "b" / "test" / "2021-annual")
    twice.edit("2022-mid-year.yaml", "data_as_at:", "previous: 2021-annual\ndata_as_at:")
    twice.edit(
        "inputs/returns.csv",
        "R1,C1,K1,NT10,2021-12-01,2022-02-28,6,",
        "R1,C1,K1,NT10,2021-12-01,2022-02-28,7,",
    )
    run = twice.run("b")
    page = text_of(Html((run / "index.html").read_text(encoding="utf-8")))
    assert "Headline figures, compared with 2021-annual" in page
    assert all(
        f"{value} (1 December 2021 to 31 May 2022)" in page for value in ("£1,650", "£1,850")
    )
    assert "+£200.00 inputs/returns.csv or parameters" in page
    assert again(twice, run).differences == []
    before = run.with_name("2021-annual")
    rewrite(before, "figures.csv", ",165000,", ",165001,")
    found = again(twice, run).differences
    assert "2021-annual: this earlier run, which readers have, is not as it was" in found
    assert "index.html: other bytes" in found


def test_a_run_before_that_is_not_there_is_said_and_taken_up_when_it_comes(twice: Twice) -> None:
    twice.edit("2022-mid-year.yaml", "data_as_at:", "previous: 2021-annual\ndata_as_at:")
    run = twice.run("a")
    assert "does not lie beside this one" in (run / "index.html").read_text(encoding="utf-8")
    shutil.copytree(run, run.with_name("2021-annual"))
    assert "no change" in (twice.run("a") / "index.html").read_text(encoding="utf-8")
    before = manifest.read(run)["compared_with"]
    copy_of_papers = beside(run.with_name("2021-annual"))
    shutil.copytree(beside(run), copy_of_papers)
    assert before["has_papers"] is False
